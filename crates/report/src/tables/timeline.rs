//! `timeline.csv`: what the ledger has recorded of each project up to the round, and when it opens by it.

use seatcast_core::{
    Lang,
    cycle::bulletin::law_at,
    supply::{Milestone, OpeningLaw, Status},
    time::{Day, YearMonth},
};

use super::{
    Table,
    cell::{Number, Text, When},
    keys::ProjectKeys,
    row::row,
};
use crate::Run;

row! {
    /// One event of a project.
    TimelineRow<'a> {
        project: ProjectKeys<'a>;
        event: Text<'a> = "事件：节点、进度、支出、开办月份的分位数、开办概率", "a milestone; `progress`, `spent`; `row_p50`, the month by the row of projects.csv; `open_p10`, `open_p50`, `open_p90`, the months by the ledger; `p_open`";
        date: Option<When> = "日期或月份", "day, or month of an opening";
        value: Option<Number> = "数值", "per cent, money or probability";
    }
}

pub(super) const TABLE: Table = Table::of::<TimelineRow<'_>>(
    "timeline.csv",
    "台账记录的一项事件，或据此推算的开办时间",
    "an event that the ledger has recorded, or an opening by it",
);

/// Probabilities of the months that are given, with their event.
const MONTHS: [(&str, f64); 3] = [("open_p10", 0.1), ("open_p50", 0.5), ("open_p90", 0.9)];

/// The rows; `None` without a ledger.
pub(crate) fn rows<'a>(run: &'a Run<'_>, lang: Lang) -> Option<Vec<TimelineRow<'a>>> {
    let scenario = run.scenario;
    if scenario.ledger.is_empty() {
        return None;
    }
    let mut rows = Vec::new();
    let round = scenario.round();
    for (j, project) in scenario.projects.pairs() {
        let standing = scenario.ledger.standing(&project.id, Day::first_of(round));
        if standing.last.is_none() {
            continue;
        }
        let keys = ProjectKeys::of(scenario, project, lang);
        let mut event = |event: &'static str, date: When, value: Option<f64>| {
            let (event, value) = (Text::from(event), value.map(Number));
            rows.push(TimelineRow { project: keys.clone(), event, date: Some(date), value });
        };
        for milestone in Milestone::ALL {
            if let Some(day) = standing.day(milestone) {
                event(milestone.code(), When::Day(day), None);
            }
        }
        if let Some((day, share)) = standing.progress {
            event("progress", When::Day(day), Some((share * 1000.0).round() / 10.0));
        }
        if let Some((day, money)) = standing.spent {
            event("spent", When::Day(day), Some(money));
        }
        if matches!(project.status, Status::Open | Status::Cancelled) {
            continue;
        }
        let month_of = |law: &OpeningLaw, p| law.month_at(p).map(YearMonth::of_index).map(When::Month);
        let row = &scenario.rows()[project.leader(j)];
        let by_row = OpeningLaw::of(row, scenario.default_kinds(), round, round);
        if let Some(month) = month_of(&by_row, 0.5) {
            event("row_p50", month, None);
        }
        let law = law_at(scenario, j, round);
        for (name, p) in MONTHS {
            if let Some(month) = month_of(&law, p) {
                event(name, month, None);
            }
        }
        for ahead in 1..=scenario.horizon.plan {
            let year = scenario.base_year + ahead;
            let p = (law.by_september(year) * 1000.0).round() / 1000.0;
            event("p_open", When::Day(Day { year, month: 9, day: 1 }), Some(p));
        }
    }
    Some(rows)
}
