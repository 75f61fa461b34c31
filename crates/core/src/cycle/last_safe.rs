//! The last safe decision date of a project: after it September is lost. And what waiting a year costs.
//!
//! Needed in tau = the first year, not before its earliest, in which its group and stage misses its level without it, the
//! rest of the programme in. The date is the latest round t' with P(open by 1 September tau | decided at t') at least
//! the level of the lead tau - t'.
//!
//! ```text
//! value of waiting = E sum over the leads of the outlook   max(0, D - S | decided next year) - max(0, D - S | decided now)
//! ```
//!
//! in seat-years over the draws of the round, the rest of the programme at drawn openings: what is lost in places. What is
//! won is a year of the project's money ([`super::ground::Work::yearly`]).

use super::{known::Standing, view::View};
use crate::{
    index::{ProjectId, Table},
    supply::{OpeningLaw, Project, stock::BEYOND},
    time::YearMonth,
};

/// Until when a project may be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastSafe {
    /// The latest round that is still in time.
    Date(YearMonth),
    /// Even this round is too late for the level.
    Passed,
    /// Its group and stage never misses its level without it.
    NotNeeded,
    /// No decision is left: the build gate is open, or the project is given up.
    Decided,
}

impl LastSafe {
    /// Text in tables: `YYYY-MM`, `passed`, `none` or `decided`.
    pub fn code(self) -> String {
        match self {
            LastSafe::Date(month) => month.to_string(),
            LastSafe::Passed => "passed".to_owned(),
            LastSafe::NotNeeded => "none".to_owned(),
            LastSafe::Decided => "decided".to_owned(),
        }
    }
}

/// The year a project is needed in, if any, and its last safe date; by project. The projects are read off the scenario as
/// it stands in its base year.
pub fn last_safe_dates(view: &View<'_>) -> Table<ProjectId, (Option<i32>, LastSafe)> {
    view.known.standings.ids().map(|j| last_safe(view, j)).collect()
}

fn last_safe(view: &View<'_>, j: ProjectId) -> (Option<i32>, LastSafe) {
    let scenario = view.known.ground.scenario;
    let project = &scenario.projects[j];
    let slot = view.known.ground.works[j].slot;
    let year = view.known.year();
    let first = project.earliest.map_or(i32::MIN, YearMonth::first_september).max(year + 1);
    let needed = (first..=year + view.leads()).find(|needed| view.missing(slot, needed - year, Some(j)) > 0);
    let date = match needed {
        _ if !project.is_undecided() => LastSafe::Decided,
        None => LastSafe::NotNeeded,
        Some(needed) => latest_round(view, project, needed),
    };
    (needed, date)
}

fn latest_round(view: &View<'_>, project: &Project, needed: i32) -> LastSafe {
    let scenario = view.known.ground.scenario;
    let year = view.known.year();
    let in_time = |round: i32| {
        let law = OpeningLaw::of(project, &scenario.kinds, scenario.round_of(year), scenario.round_of(round));
        law.by_september(needed) >= view.levels.of(view.horizon.look(needed - round))
    };
    if !in_time(year) {
        return LastSafe::Passed;
    }
    let latest = (year..needed).rev().find(|&round| in_time(round));
    LastSafe::Date(scenario.round_of(latest.unwrap_or(year)))
}

/// Seat-years within the outlook that are lost if project `j` is decided a year later, its build gate and all; 0 where
/// nothing is left to decide.
pub fn value_of_waiting(view: &View<'_>, j: ProjectId) -> f64 {
    let known = view.known;
    let ground = known.ground;
    let work = &ground.works[j];
    let own = work.touches.first().filter(|t| t.slot == work.slot);
    let (Some(touch), false) = (own, known.standings[j].by.is_empty()) else { return 0.0 };
    if known.standings[j].status.is_building() || known.standings[j].opened.is_some() {
        return 0.0;
    }
    let last = view.horizon.outlook.min(view.leads());
    let leads = known.years_left();
    let draws = known.outlook.draws();
    let standing = known.standings[j];
    let mut lost = 0;
    for w in draws.clone() {
        let opening = |j: ProjectId| known.drawn_opening(j, w);
        let others: Vec<(ProjectId, usize, i32)> = ground.touching[work.slot]
            .iter()
            .filter(|(i, _)| *i != j && known.standings[*i].in_programme)
            .map(|&(i, at)| (i, at, opening(i)))
            .collect();
        let u = ground.number(j, w);
        let now = standing.opening(u, known.year(), leads).unwrap_or(BEYOND);
        let later = opening_later(&standing, u, known.year(), leads).unwrap_or(BEYOND);
        for lead in 1..=last {
            let t = known.t.plus(lead as usize);
            let rest: i64 = others.iter().map(|&(i, at, o)| ground.works[i].touches[at].change(o, t)).sum();
            let demand = known.draws_of(work.slot, lead as usize)[w.index()];
            let short =
                |opened: i32| (demand - ground.base(t, work.slot) - rest - touch.change(opened, t)).max(0);
            lost += short(later) - short(now);
        }
    }
    lost as f64 / draws.len() as f64
}

/// The opening if the decision falls a year later: a year more on every lead.
fn opening_later(standing: &Standing<'_>, u: f64, year: i32, leads: usize) -> Option<i32> {
    let soonest =
        |lead: i32| lead >= 1 && lead >= standing.not_before && standing.p_open_fresh(lead - 1) >= u;
    (1..=leads as i32).find(|&lead| soonest(lead)).map(|lead| year + lead)
}
