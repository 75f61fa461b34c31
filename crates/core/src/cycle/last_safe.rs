//! The last safe decision date of a project: after it September is lost.
//!
//! Needed in tau = the first year, not before its earliest, in which its group and stage misses its level without it, the
//! rest of the programme in. The date is the latest round t' with P(open by 1 September tau | decided at t') at least
//! the level of the lead tau - t'.

use super::board::Board;
use crate::{
    scenario::Scenario,
    supply::{OpeningLaw, Project},
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

/// The year a project is needed in, if any, and its last safe date; by project.
pub fn last_safe_dates(scenario: &Scenario, board: &Board) -> Vec<(Option<i32>, LastSafe)> {
    (0..scenario.projects.len()).map(|j| last_safe(scenario, board, j)).collect()
}

fn last_safe(scenario: &Scenario, board: &Board, j: usize) -> (Option<i32>, LastSafe) {
    let project = &scenario.projects[j];
    let group = scenario.frame.zones[project.zone].group;
    let first = project.earliest.map_or(i32::MIN, YearMonth::first_september).max(scenario.base_year + 1);
    let needed = (first..=scenario.until)
        .find(|year| board.missing(group, project.stage, year - scenario.base_year, Some(j)) > 0);
    let date = match needed {
        _ if !project.is_undecided() => LastSafe::Decided,
        None => LastSafe::NotNeeded,
        Some(year) => latest_round(scenario, project, year),
    };
    (needed, date)
}

fn latest_round(scenario: &Scenario, project: &Project, needed: i32) -> LastSafe {
    let in_time = |round: i32| {
        let law = OpeningLaw::of(project, &scenario.kinds, scenario.round(), scenario.round_of(round));
        let level = scenario.levels.of(scenario.horizon.look(needed - round));
        law.by_september(needed) >= level
    };
    if !in_time(scenario.base_year) {
        return LastSafe::Passed;
    }
    let latest = (scenario.base_year..needed).rev().find(|&round| in_time(round));
    LastSafe::Date(scenario.round_of(latest.unwrap_or(scenario.base_year)))
}
