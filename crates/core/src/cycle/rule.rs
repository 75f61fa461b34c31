//! The rule: revisit, outlook, plan, secure, in each sharing group and stage.
//!
//! | step | acts where | on |
//! |---|---|---|
//! | cancel | the programme without it meets the plan level at t+3 and the median in each year t+4..t+6 | projects at their site gate |
//! | outlook | median need exceeds the programme in each year t+4..t+6 | candidates without a site, until the largest of those gaps is covered; cheap and reversible |
//! | plan | P(S >= D at t+3) is below the plan level and the median need exceeds supply in every year t+3..t+6 | projects past the site gate of a lasting kind, until the level is met |
//! | defer | the plan step does not take a site that is there | says so |
//! | secure | places are missing at t+1 | projects past the site gate of a quick kind that open by t+1 at the secure level |
//! | hurry | places are still missing | builds under way that then open by t+1 at the secure level |
//! | uncovered | places are still missing | - |
//!
//! A lasting kind is planned only where the need outlasts the break-even with a prefab, the years of use from which its
//! place costs no more a year: counted on the central path, with births assumed beyond the known; or where the quick
//! candidates left cannot cover the gap. Candidates come in order of cost per place, then id; one that cannot open in time
//! is never started. Every action carries the figures it rests on.

use super::{
    policy::Policy,
    round::{Action, Gate, Step},
    view::View,
};
use crate::{
    grid::SlotId,
    index::{ProjectId, Table, YearOffset},
    money::break_even,
    supply::{Kind, Status, stock::BEYOND},
};

/// Share of a build's remaining months that is left when it is hurried.
pub const HURRIED: f64 = 0.75;

/// The actions of a round.
pub(super) fn actions(view: &View<'_>, policy: &Policy) -> Vec<Action> {
    let mut shared = Shared {
        taken: Table::filled(view.known.standings.len(), false),
        held: view.known.held.min(policy.held),
        hurries: policy.hurry.map_or(0, |h| h.most),
        money: view.known.budget,
    };
    let mut actions = Vec::new();
    for slot in view.known.ground.slots.pairs() {
        let mut desk =
            Desk { view, policy, slot, built: Vec::new(), cancelled: Vec::new(), actions: &mut actions };
        desk.revisit();
        desk.outlook(&mut shared);
        desk.plan(&mut shared);
        desk.secure(&mut shared);
    }
    actions
}

/// What the desks of all groups and stages share in one round.
struct Shared {
    /// Projects decided in this round.
    taken: Table<ProjectId, bool>,
    /// Modules still to be had.
    held: usize,
    /// Builds that may still be hurried.
    hurries: usize,
    /// Money that may still be committed.
    money: Option<f64>,
}

/// The round of one group and stage.
struct Desk<'a> {
    view: &'a View<'a>,
    policy: &'a Policy,
    slot: SlotId,
    /// Projects whose build gate this round opens.
    built: Vec<ProjectId>,
    /// Projects given up in this round.
    cancelled: Vec<ProjectId>,
    actions: &'a mut Vec<Action>,
}

impl Desk<'_> {
    fn last(&self) -> i32 {
        self.view.horizon.outlook.min(self.view.leads())
    }

    fn kind(&self, j: ProjectId) -> Kind {
        self.view.known.ground.scenario.projects[j].kind
    }

    fn past_site(&self, j: ProjectId) -> bool {
        self.view.known.standings[j].past_site
    }

    /// Whether the gate of project `j` may be opened at all.
    fn may_choose(&self, shared: &Shared, j: ProjectId) -> bool {
        let (known, ground) = (self.view.known, self.view.known.ground);
        let standing = &known.standings[j];
        // a project of status site is in the programme, yet its build gate is still to be opened
        let open = match standing.status {
            Status::Candidate => !standing.in_programme,
            Status::Site => true,
            _ => false,
        };
        let project = &ground.scenario.projects[j];
        let built = |i: &ProjectId| {
            let status = known.standings[*i].status;
            shared.taken[*i] || status.is_building() || status == Status::Open
        };
        // a site is not opened beside that of a rival; of two sites that are there the first to be built wins
        let rival = |i: &ProjectId| {
            built(i) || (standing.status == Status::Candidate && known.standings[*i].in_programme)
        };
        open && !self.built.contains(&j)
            && !self.cancelled.contains(&j)
            && self.policy.allows(project.kind)
            && (!ground.is_held(j) || shared.held > 0)
            && !ground.works[j].rivals.iter().any(rival)
            && project.requires.iter().all(built)
            && self.view.spares_others(j)
    }

    fn menu(&self, shared: &Shared) -> Vec<ProjectId> {
        let menu = &self.view.known.ground.menu[self.slot];
        menu.iter().copied().filter(|&j| self.may_choose(shared, j)).collect()
    }

    fn action(&self, step: Step, lead: i32, project: Option<ProjectId>, need: i64, supply: i64) -> Action {
        let known = self.view.known;
        let (group, stage) = known.ground.group_and_stage(self.slot);
        let gate = match step {
            Step::Outlook => Some(Gate::Site),
            Step::Plan | Step::Secure => {
                project.map(|j| if self.past_site(j) { Gate::Build } else { Gate::Both })
            }
            _ => None,
        };
        Action {
            round: known.round(),
            group,
            stage,
            project,
            step,
            gate,
            for_year: known.year() + lead,
            last_safe: None,
            p_open: project.map(|j| known.standings[j].p_open(lead, known.year())),
            need,
            supply,
            missing: (need - supply).max(0),
            adds: project.map_or(0, |j| self.view.usable(j, lead)),
            p_met: None,
        }
    }

    /// Sites that nothing needs any more are given back.
    fn revisit(&mut self) {
        let (view, last, plan) = (self.view, self.last(), self.view.horizon.plan);
        if plan > last || view.known.t == YearOffset::BASE {
            return; // what stands on the programme on the first day was decided by others
        }
        let menu = view.known.ground.menu[self.slot].clone();
        // the dearest is given up first
        for &j in menu.iter().rev().filter(|&&j| view.known.standings[j].status == Status::Site) {
            let without = |lead: i32| {
                let given_up: i64 = self.cancelled.iter().map(|&i| view.usable(i, lead)).sum();
                view.programme(self.slot, lead, Some(j)) - given_up
            };
            let need = view.need(self.slot, plan);
            let needed = without(plan) < need
                || (plan + 1..=last).any(|lead| without(lead) < view.median(self.slot, lead));
            if !needed {
                let mut action = self.action(Step::Cancel, plan, Some(j), need, without(plan));
                action.adds = 0;
                self.actions.push(action);
                self.cancelled.push(j);
            }
        }
    }

    fn outlook(&mut self, shared: &mut Shared) {
        let (view, last) = (self.view, self.last());
        if !self.policy.gates_apart || !self.cancelled.is_empty() {
            return;
        }
        let gaps: Vec<(i32, i64)> = (view.horizon.plan + 1..=last)
            .map(|lead| (lead, view.median(self.slot, lead) - view.programme(self.slot, lead, None)))
            .collect();
        let Some(&(lead, largest)) = gaps.iter().max_by_key(|(lead, gap)| (*gap, -lead)) else { return };
        if gaps.iter().any(|(_, gap)| *gap <= 0) {
            return;
        }
        let need = view.median(self.slot, lead);
        let mut covered = 0;
        let in_time =
            |j: ProjectId| view.known.standings[j].p_open(last, view.known.year()) >= view.levels.outlook;
        for j in self.menu(shared) {
            if covered >= largest {
                break;
            }
            let candidate = view.known.standings[j].status == Status::Candidate;
            // a project decided meanwhile may have become a rival
            if !candidate || self.past_site(j) || !in_time(j) || !self.may_choose(shared, j) {
                continue;
            }
            let supply = view.programme(self.slot, lead, None) + covered;
            let action = self.action(Step::Outlook, lead, Some(j), need, supply);
            // full size counts: a new school fills grade by grade, the site must hold all of it
            covered += i64::from(view.known.ground.scenario.projects[j].places);
            self.actions.push(action);
            shared.taken[j] = true;
        }
    }

    fn plan(&mut self, shared: &mut Shared) {
        let (view, last, lead) = (self.view, self.last(), self.view.horizon.plan);
        if lead > view.leads() {
            return;
        }
        let gap = |lead: i32| view.median(self.slot, lead) - view.programme(self.slot, lead, None);
        let lasts = (lead..=last).all(|l| gap(l) > 0);
        let due = if self.policy.gates_apart { lead } else { last };
        let in_time = |j: ProjectId| view.central(j) <= view.known.year() + due && view.central(j) != BEYOND;
        let menu: Vec<ProjectId> = self
            .menu(shared)
            .into_iter()
            .filter(|&j| self.kind(j).is_lasting() && (self.past_site(j) || !self.policy.gates_apart))
            .collect();
        let need = view.need(self.slot, lead);
        let mut met = None;
        for j in menu {
            // without a change since the last look, the same share
            let now = *met.get_or_insert_with(|| if lasts { self.p_met(lead) } else { 1.0 });
            let wanted = now < view.levels.plan && in_time(j) && self.outlasts(shared, j, lead);
            let supply = view.counted(self.slot, lead, None) + self.built_places(lead);
            if wanted && self.may_choose(shared, j) && afford(shared, self.capital(j)) {
                let mut action = self.action(Step::Plan, lead, Some(j), need, supply);
                action.p_met = Some(now);
                self.actions.push(action);
                self.built.push(j);
                shared.taken[j] = true;
                met = None;
            } else if view.known.standings[j].status == Status::Site && self.past_site(j) {
                let mut action = self.action(Step::Defer, lead, Some(j), need, supply);
                action.p_met = lasts.then_some(now);
                self.actions.push(action);
            }
        }
    }

    /// Whether the need outlasts the break-even of project `j` with the quick candidates that could serve it instead, or
    /// those cannot cover it.
    fn outlasts(&self, shared: &Shared, j: ProjectId, lead: i32) -> bool {
        let (view, known) = (self.view, self.view.known);
        let ground = known.ground;
        let gap = |l: i32| view.median(self.slot, l) - view.programme(self.slot, l, None);
        let quick: Vec<ProjectId> =
            self.menu(shared).into_iter().filter(|&i| !self.kind(i).is_lasting()).collect();
        let places = |i: &ProjectId| i64::from(ground.scenario.projects[*i].places);
        let largest = (lead..=self.last()).map(gap).max().unwrap_or(0);
        if quick.iter().map(places).sum::<i64>() < largest {
            return true;
        }
        // the menu is in order of cost
        let Some(&cheapest) = quick.first() else { return true };
        let money = &ground.scenario.money;
        let life = ground.works[cheapest].life.unwrap_or(money.accounting_life);
        let Some(years) =
            break_even(money, ground.works[j].per_place, ground.works[cheapest].per_place, life)
        else {
            return false;
        };
        let end = (known.outlook.central_leads().saturating_sub(known.shift)) as i32;
        let needed = |l: i32| {
            let t = l.min(known.years_left() as i32);
            known.central(self.slot, l as usize) > view.programme(self.slot, t, None)
        };
        let first_without = (lead..=end).find(|&l| !needed(l));
        // needed to the end of all that is looked at: lasting
        first_without.is_none_or(|l| l - lead >= years as i32)
    }

    fn secure(&mut self, shared: &mut Shared) {
        let (view, lead) = (self.view, self.view.horizon.secure);
        if lead > view.leads() {
            return;
        }
        let year = view.known.year();
        let need = view.need(self.slot, lead);
        let sure = |j: ProjectId| view.known.standings[j].p_open(lead, year) >= view.levels.secure;
        // the board counts as secured what was decided before; this round's build gates count where they are sure, and
        // the places they put out of use (腾挪) count in any case
        let counts = |&j: &ProjectId| {
            let usable = view.usable(j, lead);
            if sure(j) { usable } else { usable.min(0) }
        };
        let mut supply = view.counted(self.slot, lead, None);
        supply += self.built.iter().map(counts).sum::<i64>();
        if supply >= need {
            return;
        }
        for j in self.menu(shared) {
            if supply >= need {
                break;
            }
            let ready = self.past_site(j) && sure(j) && view.usable(j, lead) > 0;
            if self.kind(j).is_lasting() || !ready || !self.may_choose(shared, j) {
                continue;
            }
            if !afford(shared, self.capital(j)) {
                continue;
            }
            let action = self.action(Step::Secure, lead, Some(j), need, supply);
            supply += action.adds;
            self.actions.push(action);
            self.built.push(j);
            shared.taken[j] = true;
            if view.known.ground.is_held(j) {
                shared.held -= 1;
            }
        }
        self.hurry(shared, lead, need, &mut supply);
        if supply < need {
            self.actions.push(self.action(Step::Uncovered, lead, None, need, supply));
        }
    }

    /// Builds under way that would be in time if they were hurried.
    fn hurry(&mut self, shared: &mut Shared, lead: i32, need: i64, supply: &mut i64) {
        let Some(hurry) = self.policy.hurry else { return };
        let (view, known) = (self.view, self.view.known);
        for &(j, i) in &known.ground.touching[self.slot] {
            let standing = &known.standings[j];
            let under_way = standing.status.is_building() && standing.opened.is_none() && !standing.hurried;
            let late = view.central(j) != BEYOND && standing.p_open(lead, known.year()) < view.levels.secure;
            if *supply >= need || shared.hurries == 0 || !under_way || !late {
                continue;
            }
            let p = standing.p_open_hurried(lead, known.year());
            let work = &known.ground.works[j];
            let t = known.t.plus(lead as usize);
            // a late build is not counted as secured: what it takes is, what it would add is not
            let adds = work.touches[i].gained(known.year() + lead, t);
            if p < view.levels.secure || adds <= 0 || !afford(shared, work.capital * hurry.surcharge) {
                continue;
            }
            let mut action = self.action(Step::Hurry, lead, Some(j), need, *supply);
            (action.p_open, action.adds) = (Some(p), adds);
            *supply += adds;
            self.actions.push(action);
            shared.hurries -= 1;
        }
    }

    fn capital(&self, j: ProjectId) -> f64 {
        self.view.known.ground.works[j].capital
    }

    fn built_places(&self, lead: i32) -> i64 {
        self.built.iter().map(|&j| self.view.usable(j, lead)).sum()
    }

    /// P(S >= D), `lead` years ahead, with what this round builds.
    fn p_met(&self, lead: i32) -> f64 {
        let known = self.view.known;
        let ground = known.ground;
        let t = known.t.plus(lead as usize);
        // by project: P(open) up to each lead, and what it changes if it opens then; the last row if it does not
        let mut fixed = ground.base(t, self.slot);
        let mut drawn: Vec<Drawn> = Vec::new();
        for &(j, i) in &ground.touching[self.slot] {
            let standing = &known.standings[j];
            if !standing.in_programme && !self.built.contains(&j) || self.cancelled.contains(&j) {
                continue;
            }
            let touch = &ground.works[j].touches[i];
            if let Some(opened) = standing.opened {
                fixed += touch.change(opened, t);
                continue;
            }
            // a decant may reach back from an opening after the year
            let leads = lead + 3;
            let row = |l: i32| (standing.p_open(l, known.year()), touch.change(known.year() + l, t));
            drawn.push((j, (0..=leads).map(row).collect(), touch.change(BEYOND, t)));
        }
        let demand = known.draws_of(self.slot, lead as usize);
        let met = known.outlook.draws().zip(demand).filter(|(w, demand)| {
            let change = |(j, rows, never): &Drawn| {
                let u = ground.number(*j, *w);
                rows.iter().find(|(p, _)| *p >= u).map_or(*never, |(_, change)| *change)
            };
            fixed + drawn.iter().map(change).sum::<i64>() >= **demand
        });
        met.count() as f64 / demand.len().max(1) as f64
    }
}

/// A project with, by lead, P(open) and what it changes if it opens then, and what it changes if it opens later.
type Drawn = (ProjectId, Vec<(f64, i64)>, i64);

/// Commits `money` if there is so much left.
fn afford(shared: &mut Shared, money: f64) -> bool {
    match &mut shared.money {
        Some(left) if *left < money => false,
        Some(left) => {
            *left -= money;
            true
        }
        None => true,
    }
}
