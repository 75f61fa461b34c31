//! Overrides: what a planner enters over given and learnt ratios, with author, date and reason.

use seatcast_core::{
    bounds::{Bound, FACTOR, PROPORTION, RATIO},
    demand::{Change, Override, RateKind},
    index::GradeId,
};

use super::{
    Context, Rows,
    demand::{PoolNames, rate_kind},
    zones::EVERY,
};
use crate::{
    problem::{Fault, HistoryFault, Problems},
    table::{Row, Table},
};

/// The overrides, in the order in which they stand: of two for the same ratio the later holds.
pub(super) fn overrides(
    context: &Context<'_>,
    table: &Table,
    known: Option<&PoolNames<'_>>,
    problems: &mut Problems,
) -> Vec<Override> {
    let mut rows = Rows { file: &table.file, problems };
    table.rows.iter().filter_map(|row| one(context, row, known, &mut rows)).collect()
}

fn one(
    context: &Context<'_>,
    row: &Row,
    known: Option<&PoolNames<'_>>,
    rows: &mut Rows<'_>,
) -> Option<Override> {
    let zone = if row.text("zone") == Some(EVERY) { Some(None) } else { rows.zone(row, context).map(Some) };
    let change = change(context, row, known, rows);
    let (from, until) = (row.number("from").map(|y| y as i32), row.number("until").map(|y| y as i32));
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        rows.fault(row, "until", Fault::History(HistoryFault::OverrideYears(from, until)));
    }
    let until = match (&change, from) {
        (Some(Change::Pupils { .. }), Some(from)) => Some(until.unwrap_or(from)),
        _ => until,
    };
    let (first, last) = (context.document.base_year + 1, context.document.until);
    if let Some(from) = from
        && (from > last || until.is_some_and(|until| until < first))
    {
        rows.fault(row, "from", Fault::History(HistoryFault::OverrideOutside(first, last)));
    }
    Some(Override {
        id: row.text("override")?.to_owned(),
        change: change?,
        zone: zone?,
        from: from?,
        until,
        author: row.text("author")?.to_owned(),
        date: row.text("date")?.to_owned(),
        reason: row.text("reason")?.to_owned(),
    })
}

fn change(
    context: &Context<'_>,
    row: &Row,
    known: Option<&PoolNames<'_>>,
    rows: &mut Rows<'_>,
) -> Option<Change> {
    let what = row.text("change")?;
    let value = row.number("value");
    let bounded = |rows: &mut Rows<'_>, bound: Bound| match value {
        Some(value) if !bound.contains(value) => {
            rows.fault(row, "value", Fault::OutOfRange(value.to_string(), bound));
            None
        }
        value => value,
    };
    if what == "rate" {
        if row.text("rate").is_none() {
            rows.fault(row, "rate", needs(what, "rate"));
            return None;
        }
        let kind = rate_kind(context, row, known, rows)?;
        let bound = if matches!(kind, RateKind::PublicShare { .. }) { PROPORTION } else { RATIO };
        return Some(Change::Rate { kind, value: bounded(rows, bound)? });
    }
    for column in ["rate", "source", "class"].into_iter().filter(|column| row.text(column).is_some()) {
        let fault = HistoryFault::OverrideHasNot(what.to_owned(), column);
        rows.fault(row, column, Fault::History(fault));
    }
    let grades = grades(context, row, what, rows)?;
    if what == "factor" {
        return Some(Change::Factor { grade: *grades.first()?, value: bounded(rows, FACTOR)? });
    }
    if row.text("zone") == Some(EVERY) {
        rows.fault(row, "zone", needs(what, "zone"));
        return None;
    }
    Some(Change::Pupils { grades, pupils: value? })
}

/// The grade, or the grades of the stage.
fn grades(context: &Context<'_>, row: &Row, what: &str, rows: &mut Rows<'_>) -> Option<Vec<GradeId>> {
    if row.text("grade").is_some() {
        return rows.grade(row, context).map(|g| vec![g]);
    }
    if row.text("stage").is_some() {
        return rows.stage(row, context).map(|p| context.frame.grades_of(p).collect());
    }
    rows.fault(row, "grade", needs(what, "grade"));
    None
}

fn needs(what: &str, column: &'static str) -> Fault {
    Fault::History(HistoryFault::OverrideNeeds(what.to_owned(), column))
}
