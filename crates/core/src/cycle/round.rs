//! The round of this year: outlook opens site gates, plan opens build gates, secure closes what is left for next year.
//!
//! | step | acts where | on |
//! |---|---|---|
//! | outlook | median need exceeds the programme in each year t+4..t+6 | candidates without a site, until the largest of those gaps is covered; cheap and reversible |
//! | plan | P(S >= D at t+3) is below the plan level and the median need exceeds supply in every year t+3..t+6 | projects past the site gate of a lasting kind, until the level is met |
//! | secure | places are missing at t+1 | projects past the site gate of a quick kind that open by t+1 at the secure level; what none closes is `uncovered` |
//!
//! Candidates come in order of cost per place, then id; one that cannot open in time is never started. Every action
//! carries the figures it rests on.

use super::{
    board::Board,
    last_safe::{LastSafe, last_safe_dates},
};
use crate::{
    balance::{Balances, Figure},
    forecast::quantile,
    geography::Area,
    money::capital_per_place,
    scenario::Scenario,
    supply::{Status, SupplyModel, effect::may_add},
    time::YearMonth,
};

/// Which of the three steps an action belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Open a site gate for the years t+4..t+6.
    Outlook,
    /// Open a build gate for t+3.
    Plan,
    /// Open a build gate for t+1.
    Secure,
    /// Pupils of t+1 for whom no candidate is left.
    Uncovered,
}

impl Step {
    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Step::Outlook => "outlook",
            Step::Plan => "plan",
            Step::Secure => "secure",
            Step::Uncovered => "uncovered",
        }
    }
}

/// A gate that an action opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Land and approval.
    Site,
    /// Construction.
    Build,
}

impl Gate {
    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Gate::Site => "site",
            Gate::Build => "build",
        }
    }
}

/// One action of the round, with the figures it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// The day of the round.
    pub round: YearMonth,
    /// Index of the sharing group.
    pub group: usize,
    /// Index of the stage.
    pub stage: usize,
    /// Index of the project; `None` for uncovered pupils.
    pub project: Option<usize>,
    /// Step of the round.
    pub step: Step,
    /// Gate to open.
    pub gate: Option<Gate>,
    /// The year it is for.
    pub for_year: i32,
    /// Until when the project may be decided.
    pub last_safe: Option<LastSafe>,
    /// P(open by 1 September of `for_year`) if the gate is opened now.
    pub p_open: Option<f64>,
    /// Places needed in `for_year` at the level of the step.
    pub need: i64,
    /// Places that count against it before this action.
    pub supply: i64,
    /// Places missing before this action.
    pub missing: i64,
    /// Usable places the action adds in `for_year`.
    pub adds: i64,
    /// Plan: share of the draws in which supply meets demand in `for_year` before this action.
    pub p_met: Option<f64>,
}

/// The actions of this year's round, district by group, stage and step.
pub fn decide(
    scenario: &Scenario,
    supply: &SupplyModel<'_>,
    balances: &Balances,
    board: &Board,
    seed: u64,
) -> Vec<Action> {
    let last_safe: Vec<LastSafe> =
        last_safe_dates(scenario, board).into_iter().map(|(_, date)| date).collect();
    let mut actions = Vec::new();
    for group in 0..scenario.frame.groups.len() {
        for stage in 0..scenario.frame.stages.len() {
            let mut desk = Desk::new(scenario, supply, balances, board, group, stage, seed);
            desk.outlook();
            desk.plan();
            desk.secure();
            actions.extend(desk.actions);
        }
    }
    for action in &mut actions {
        action.last_safe = action.project.map(|j| last_safe[j]);
    }
    actions
}

/// The round of one group and stage.
struct Desk<'a> {
    scenario: &'a Scenario,
    supply: &'a SupplyModel<'a>,
    balances: &'a Balances,
    board: &'a Board,
    group: usize,
    stage: usize,
    seed: u64,
    zones: Vec<usize>,
    /// Undecided projects, cheapest place first.
    menu: Vec<usize>,
    /// Projects whose build gate this round opens.
    built: Vec<usize>,
    actions: Vec<Action>,
}

impl<'a> Desk<'a> {
    fn new(
        scenario: &'a Scenario,
        supply: &'a SupplyModel<'a>,
        balances: &'a Balances,
        board: &'a Board,
        group: usize,
        stage: usize,
        seed: u64,
    ) -> Self {
        let zones = scenario.frame.zones_in(Area::Group(group));
        let projects = &scenario.projects;
        let undecided = |j: &usize| {
            let p = &projects[*j];
            // a project of status site is in the programme, yet its build gate is still to be opened
            let candidate = p.status == Status::Candidate && !supply.in_programme(*j);
            let open = (candidate || p.status == Status::Site) && may_add(p);
            open && p.stage == stage && zones.contains(&p.zone) && spares_others(scenario, board, *j)
        };
        let mut menu: Vec<usize> = (0..projects.len()).filter(undecided).collect();
        menu.sort_by(|&a, &b| {
            let cost = |j: usize| capital_per_place(scenario, j);
            cost(a).total_cmp(&cost(b)).then_with(|| projects[a].id.cmp(&projects[b].id))
        });
        Self {
            scenario,
            supply,
            balances,
            board,
            group,
            stage,
            seed,
            zones,
            menu,
            built: Vec::new(),
            actions: Vec::new(),
        }
    }

    fn years(&self) -> i32 {
        self.scenario.years_ahead() as i32
    }

    /// Median of D, `lead` years ahead.
    fn median_need(&self, lead: i32) -> i64 {
        let demand =
            |b: &crate::balance::Balance| b.sum(Figure::Demand, lead as usize, &self.zones, self.stage);
        let mut draws: Vec<i64> = self.balances.draws.iter().map(demand).collect();
        draws.sort_unstable();
        if draws.is_empty() { demand(&self.balances.central) } else { quantile(&draws, 0.5) }
    }

    /// The whole programme at central opening, `lead` years ahead.
    fn programme(&self, lead: i32) -> i64 {
        self.board.places(self.group, self.stage, lead, None).iter().sum()
    }

    fn past_site(&self, j: usize) -> bool {
        self.scenario.projects[j].past_site_gate(&self.scenario.kinds, self.scenario.round())
    }

    fn action(&self, step: Step, lead: i32, project: Option<usize>, need: i64, supply: i64) -> Action {
        let for_year = self.scenario.base_year + lead;
        Action {
            round: self.scenario.round(),
            group: self.group,
            stage: self.stage,
            project,
            step,
            gate: project.map(|_| if step == Step::Outlook { Gate::Site } else { Gate::Build }),
            for_year,
            last_safe: None,
            p_open: project.map(|j| self.supply.opening(j).by_year(for_year)),
            need,
            supply,
            missing: (need - supply).max(0),
            adds: project.map_or(0, |j| self.board.usable(j, lead)),
            p_met: None,
        }
    }

    fn outlook(&mut self) {
        let leads: Vec<i32> =
            (self.scenario.horizon.plan + 1..=self.scenario.horizon.outlook.min(self.years())).collect();
        let gaps: Vec<(i32, i64)> =
            leads.iter().map(|&lead| (lead, self.median_need(lead) - self.programme(lead))).collect();
        let Some(&(lead, largest)) = gaps.iter().max_by_key(|(lead, gap)| (*gap, -lead)) else { return };
        if gaps.iter().any(|(_, gap)| *gap <= 0) {
            return;
        }
        let last = leads[leads.len() - 1];
        let need = self.median_need(lead);
        let mut covered = 0;
        let sites: Vec<usize> = self
            .menu
            .iter()
            .copied()
            .filter(|&j| self.scenario.projects[j].status == Status::Candidate && !self.past_site(j))
            .filter(|&j| {
                let by = self.supply.opening(j).by_year(self.scenario.base_year + last);
                by >= self.scenario.levels.outlook
            })
            .collect();
        for j in sites {
            if covered >= largest {
                break;
            }
            let action = self.action(Step::Outlook, lead, Some(j), need, self.programme(lead) + covered);
            // full size counts: a new school fills grade by grade, the site must hold all of it
            covered += i64::from(self.scenario.projects[j].places);
            self.actions.push(action);
        }
    }

    fn plan(&mut self) {
        let lead = self.scenario.horizon.plan;
        if lead > self.years() {
            return;
        }
        let last = self.scenario.horizon.outlook.min(self.years());
        let lasting = (lead..=last).all(|l| self.median_need(l) > self.programme(l));
        if !lasting {
            return;
        }
        let need = self.board.need(self.group, self.stage, lead);
        let menu: Vec<usize> = self
            .menu
            .iter()
            .copied()
            .filter(|&j| {
                self.scenario.projects[j].kind.is_lasting() && self.past_site(j) && !self.counted_already(j)
            })
            .filter(|&j| self.supply.opening(j).central.is_some_and(|y| y <= self.scenario.base_year + lead))
            .collect();
        for j in menu {
            let met = self.p_met(lead);
            if met >= self.scenario.levels.plan {
                break;
            }
            let supply = self.board.counted(self.group, self.stage, lead, None) + self.built_places(lead);
            let mut action = self.action(Step::Plan, lead, Some(j), need, supply);
            action.p_met = Some(met);
            self.actions.push(action);
            self.built.push(j);
        }
    }

    fn secure(&mut self) {
        let lead = self.scenario.horizon.secure;
        if lead > self.years() {
            return;
        }
        let need = self.board.need(self.group, self.stage, lead);
        let sure = |desk: &Self, j: usize| {
            desk.supply.opening(j).by_year(desk.scenario.base_year + lead) >= desk.scenario.levels.secure
        };
        // the board counts as secured what was decided before; this round's build gates count where they are sure, and
        // the places they put out of use (腾挪) count in any case
        let counts = |&j: &usize| {
            let usable = self.board.usable(j, lead);
            if sure(self, j) { usable } else { usable.min(0) }
        };
        let mut supply = self.board.counted(self.group, self.stage, lead, None);
        supply += self.built.iter().map(counts).sum::<i64>();
        let menu: Vec<usize> = self
            .menu
            .iter()
            .copied()
            .filter(|&j| !self.scenario.projects[j].kind.is_lasting() && self.past_site(j) && sure(self, j))
            .filter(|&j| self.board.usable(j, lead) > 0)
            .collect();
        for j in menu {
            if supply >= need {
                break;
            }
            let action = self.action(Step::Secure, lead, Some(j), need, supply);
            supply += action.adds;
            self.actions.push(action);
            self.built.push(j);
        }
        if supply < need {
            self.actions.push(self.action(Step::Uncovered, lead, None, need, supply));
        }
    }

    fn counted_already(&self, j: usize) -> bool {
        self.built.contains(&j)
    }

    fn built_places(&self, lead: i32) -> i64 {
        self.built.iter().map(|&j| self.board.usable(j, lead)).sum()
    }

    /// P(S >= D), `lead` years ahead, with what this round builds.
    fn p_met(&self, lead: i32) -> f64 {
        let year = self.scenario.base_year + lead;
        let mut met = 0_usize;
        for (w, balance) in self.balances.draws.iter().enumerate() {
            let t = lead as usize;
            let mut places = balance.sum(Figure::Places, t, &self.zones, self.stage);
            for &j in &self.built {
                if !self.supply.in_programme(j) {
                    let opened = self.supply.drawn_opening(j, self.seed, w as u64);
                    places += self.supply.change(j, opened, year, &self.zones, self.stage);
                }
            }
            met += usize::from(places >= balance.sum(Figure::Demand, t, &self.zones, self.stage));
        }
        if self.balances.draws.is_empty() { 0.0 } else { met as f64 / self.balances.draws.len() as f64 }
    }
}

/// Whether what project `j` takes from other groups and stages (a conversion, a relocation) leaves each of them at its
/// level in every year of the outlook.
fn spares_others(scenario: &Scenario, board: &Board, j: usize) -> bool {
    let last = scenario.horizon.outlook.min(scenario.years_ahead() as i32);
    board.takes(j).all(|(group, stage, lost)| {
        (1..=last).all(|lead| {
            let left = board.counted(group, stage, lead, Some(j)) + lost[lead as usize];
            lost[lead as usize] == 0 || left >= board.need(group, stage, lead)
        })
    })
}
