//! `timeline.csv`: what the ledger has recorded of each project up to the round, and when it opens by it.

use seatcast_core::{
    cycle::bulletin::law_at,
    supply::{Milestone, OpeningLaw, Status},
    time::{Day, YearMonth},
};

use crate::{
    Options, Run,
    long::{PROJECT_COLUMNS, Table, number_cell, project_cells},
};

/// Probabilities of the months that are given, with their event.
const MONTHS: [(&str, f64); 3] = [("open_p10", 0.1), ("open_p50", 0.5), ("open_p90", 0.9)];

/// The table; `None` without a ledger.
pub(crate) fn table(run: &Run<'_>, options: Options) -> Option<Vec<u8>> {
    let scenario = run.scenario;
    if scenario.ledger.is_empty() {
        return None;
    }
    let own = ["event", "date", "value"];
    let mut table = Table::new(options, &[&PROJECT_COLUMNS[..], &own].concat());
    let (frame, round) = (&scenario.frame, scenario.round());
    for (j, project) in scenario.projects.iter().enumerate() {
        let standing = scenario.ledger.standing(&project.id, Day::first_of(round));
        if standing.last.is_none() {
            continue;
        }
        let mut event = |event: &str, date: String, value: String| {
            let cells = [event.to_owned(), date, value];
            table.row(project_cells(frame, project, options.lang).into_iter().chain(cells));
        };
        for milestone in Milestone::ALL {
            if let Some(day) = standing.day(milestone) {
                event(milestone.code(), day.to_string(), String::new());
            }
        }
        if let Some((day, share)) = standing.progress {
            event("progress", day.to_string(), number_cell((share * 1000.0).round() / 10.0));
        }
        if let Some((day, money)) = standing.spent {
            event("spent", day.to_string(), number_cell(money));
        }
        if matches!(project.status, Status::Open | Status::Cancelled) {
            continue;
        }
        let month_of = |law: &OpeningLaw, p| law.month_at(p).map(YearMonth::of_index);
        let row = &scenario.rows()[project.leader(j)];
        let by_row = OpeningLaw::of(row, scenario.default_kinds(), round, round);
        if let Some(month) = month_of(&by_row, 0.5) {
            event("row_p50", month.to_string(), String::new());
        }
        let law = law_at(scenario, j, round);
        for (name, p) in MONTHS {
            if let Some(month) = month_of(&law, p) {
                event(name, month.to_string(), String::new());
            }
        }
        for ahead in 1..=scenario.horizon.plan {
            let year = scenario.base_year + ahead;
            let p = (law.by_september(year) * 1000.0).round() / 1000.0;
            event("p_open", format!("{year}-09-01"), number_cell(p));
        }
    }
    Some(table.finish())
}
