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
    tables::{
        ColumnSpec,
        overrides::{self, ChangeName},
    },
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
    let zone =
        if row.get(overrides::ZONE) == Some(EVERY) { Some(None) } else { rows.zone(row, context).map(Some) };
    let change = change(context, row, known, rows);
    let (from, until) = (row.get(overrides::FROM), row.get(overrides::UNTIL));
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        rows.fault(row, &overrides::UNTIL, Fault::History(HistoryFault::OverrideYears(from, until)));
    }
    let until = match (&change, from) {
        (Some(Change::Pupils { .. }), Some(from)) => Some(until.unwrap_or(from)),
        _ => until,
    };
    let (first, last) = (context.document.base_year + 1, context.document.until);
    if let Some(from) = from
        && (from > last || until.is_some_and(|until| until < first))
    {
        rows.fault(row, &overrides::FROM, Fault::History(HistoryFault::OverrideOutside(first, last)));
    }
    Some(Override {
        id: row.get(overrides::OVERRIDE)?.to_owned(),
        change: change?,
        zone: zone?,
        from: from?,
        until,
        author: row.get(overrides::AUTHOR)?.to_owned(),
        date: row.get(overrides::DATE)?.to_owned(),
        reason: row.get(overrides::REASON)?.to_owned(),
    })
}

fn change(
    context: &Context<'_>,
    row: &Row,
    known: Option<&PoolNames<'_>>,
    rows: &mut Rows<'_>,
) -> Option<Change> {
    let what = row.get(overrides::CHANGE)?;
    let value = row.get(overrides::VALUE);
    let bounded = |rows: &mut Rows<'_>, bound: Bound| match value {
        Some(value) if !bound.contains(value) => {
            rows.fault(row, &overrides::VALUE, Fault::OutOfRange(value.to_string(), bound));
            None
        }
        value => value,
    };
    if what == ChangeName::Rate {
        if row.get(overrides::RATE).is_none() {
            rows.fault(row, &overrides::RATE, needs(what, &overrides::RATE));
            return None;
        }
        let kind = rate_kind(context, row, known, rows)?;
        let bound = if matches!(kind, RateKind::PublicShare { .. }) { PROPORTION } else { RATIO };
        return Some(Change::Rate { kind, value: bounded(rows, bound)? });
    }
    for column in [overrides::RATE.spec, overrides::SOURCE.spec, overrides::CLASS.spec]
        .into_iter()
        .filter(|column| row.is_given(column))
    {
        let fault = HistoryFault::OverrideHasNot(what.code().to_owned(), column.name);
        rows.fault(row, &column, Fault::History(fault));
    }
    let grades = grades(context, row, what, rows)?;
    if what == ChangeName::Factor {
        return Some(Change::Factor { grade: *grades.first()?, value: bounded(rows, FACTOR)? });
    }
    if row.get(overrides::ZONE) == Some(EVERY) {
        rows.fault(row, &overrides::ZONE, needs(what, &overrides::ZONE));
        return None;
    }
    Some(Change::Pupils { grades, pupils: value? })
}

/// The grade, or the grades of the stage.
fn grades(context: &Context<'_>, row: &Row, what: ChangeName, rows: &mut Rows<'_>) -> Option<Vec<GradeId>> {
    if row.get(overrides::GRADE).is_some() {
        return rows.grade(row, context).map(|g| vec![g]);
    }
    if row.get(overrides::STAGE).is_some() {
        return rows.stage(row, context).map(|p| context.frame.grades_of(p).collect());
    }
    rows.fault(row, &overrides::GRADE, needs(what, &overrides::GRADE));
    None
}

fn needs(what: ChangeName, column: &ColumnSpec) -> Fault {
    Fault::History(HistoryFault::OverrideNeeds(what.code().to_owned(), column.name))
}
