//! Rolls, children, rates, housing.

use std::collections::{BTreeMap, BTreeSet};

use seatcast_core::{
    bounds::PROPORTION,
    demand::{ChildCount, Counted, Estate, Rate, RateKind, Yield, pool::Cohorts},
    geography::Intake,
};

use super::{Context, Rows};
use crate::{
    problem::{Fault, Place, Problems, Thing, nearest},
    table::{Row, Table},
};

/// The roll of the base year by cell; years before it are history for calibration.
pub(super) fn roll(context: &Context<'_>, table: &Table, problems: &mut Problems) -> Vec<u32> {
    let frame = context.frame;
    let base = context.document.base_year;
    let width = frame.grade_count();
    let mut known: BTreeMap<usize, u32> = BTreeMap::new();
    let mut years: BTreeSet<i32> = BTreeSet::new();
    let mut unusable: BTreeSet<usize> = BTreeSet::new();
    let mut rows = Rows { file: &table.file, problems };
    for row in &table.rows {
        let (zone, grade) = (rows.zone(row, frame), rows.grade(row, frame));
        let Some(year) = row.number("year").map(|y| y as i32) else { continue };
        if year > base {
            rows.fault(row, "year", Fault::YearOutside(i64::from(year), 1950, base));
        }
        years.insert(year);
        let (Some(z), Some(g)) = (zone, grade) else { continue };
        if year == base {
            match row.number("pupils") {
                Some(pupils) => {
                    known.entry(z * width + g).or_insert(pupils as u32);
                }
                None => {
                    unusable.insert(z * width + g); // its fault is reported where it stands
                }
            }
        }
    }
    for cell in (0..frame.cell_count()).filter(|cell| !known.contains_key(cell) && !unusable.contains(cell)) {
        let (zone, grade) = (frame.zones[cell / width].id.clone(), frame.grade_id(cell % width).to_owned());
        problems.push(&table.file, Place::File, Fault::NoBaseRoll(zone, grade, base));
    }
    if let (Some(&first), Some(&last)) = (years.first(), years.last()) {
        let gap: Vec<i32> = (first..last).filter(|y| !years.contains(y)).collect();
        if !gap.is_empty() {
            problems.push(&table.file, Place::File, Fault::RollGap(gap));
        }
    }
    (0..frame.cell_count()).map(|cell| known.get(&cell).copied().unwrap_or(0)).collect()
}

/// The counts of children.
pub(super) fn children(context: &Context<'_>, table: &Table, problems: &mut Problems) -> Vec<ChildCount> {
    let frame = context.frame;
    let mut rows = Rows { file: &table.file, problems };
    let mut counts = Vec::new();
    for row in &table.rows {
        let zone = rows.zone(row, frame);
        let Some(by) = row.text("by") else { continue };
        let age = row.number("age").map(|a| a as u32);
        let counted = match (by, age) {
            ("age", Some(age)) => Counted::Age(age),
            ("kindergarten", Some(class)) if class >= 1 => Counted::Kindergarten(class),
            ("births", None) => Counted::Births,
            ("births_school_year", None) => Counted::BirthsSchoolYear,
            _ => {
                rows.fault(row, "age", Fault::AgeFits(by.to_owned(), matches!(by, "age" | "kindergarten")));
                continue;
            }
        };
        let values = (zone, row.number("year"), row.text("source"), row.number("children"));
        if let (Some(zone), Some(year), Some(source), Some(children)) = values {
            let class = row.text("class").unwrap_or_default().to_owned();
            counts.push(ChildCount {
                year: year as i32,
                zone,
                class,
                source: source.to_owned(),
                counted,
                children,
            });
        }
    }
    pools(context, table, &counts, problems);
    counts
}

/// Every zone entered from pools needs a cohort for the first year, and none may be missing between known ones.
fn pools(context: &Context<'_>, table: &Table, counts: &[ChildCount], problems: &mut Problems) {
    let first_needed = context.document.base_year + 1;
    for stage in &context.frame.stages {
        let Intake::Pools { entry_age } = stage.intake else { continue };
        for (z, zone) in context.frame.zones.iter().enumerate() {
            let here = |c: &&ChildCount| c.zone == z;
            let keys: BTreeSet<(&str, &str)> =
                counts.iter().filter(here).map(|c| (c.class.as_str(), c.source.as_str())).collect();
            let mut first_known: BTreeMap<&str, Option<i32>> = BTreeMap::new();
            for (class, source) in keys {
                let of = counts.iter().filter(|c| c.zone == z && c.class == class && c.source == source);
                let cohorts = Cohorts::new(of, entry_age, context.document.cutoff_month);
                if !cohorts.holes().is_empty() {
                    let what = [zone.id.as_str(), class, source]
                        .into_iter()
                        .filter(|s| !s.is_empty())
                        .collect::<Vec<_>>();
                    problems.push(
                        &table.file,
                        Place::File,
                        Fault::YearGap(what.join(" / "), cohorts.holes()),
                    );
                }
                let first = if cohorts.last_until(first_needed).is_some() {
                    Some(first_needed)
                } else {
                    cohorts.first_from(first_needed).map(|(y, _)| y)
                };
                let entry = first_known.entry(class).or_default();
                *entry = match (*entry, first) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
            if first_known.values().all(Option::is_none) {
                problems.push(&table.file, Place::File, Fault::NoPool(zone.id.clone(), stage.id.clone()));
            }
            for year in first_known.into_values().flatten().filter(|y| *y > first_needed) {
                problems.push(
                    &table.file,
                    Place::File,
                    Fault::PoolStartsLate(zone.id.clone(), year, first_needed),
                );
            }
        }
    }
}

/// Ratios and shares.
pub(super) fn rates(context: &Context<'_>, table: &Table, problems: &mut Problems) -> Vec<Rate> {
    let frame = context.frame;
    let mut rows = Rows { file: &table.file, problems };
    let mut rates = Vec::new();
    for row in &table.rows {
        let zone = match row.text("zone") {
            Some("ALL") => Some(None),
            _ => rows.zone(row, frame).map(Some),
        };
        let kind = rate_kind(context, row, &mut rows);
        if let (Some(zone), Some(kind), Some(value)) = (zone, kind, row.number("value")) {
            if matches!(kind, RateKind::PublicShare { .. }) && !PROPORTION.contains(value) {
                rows.fault(row, "value", Fault::OutOfRange(value.to_string(), PROPORTION));
                continue;
            }
            rates.push(Rate { kind, zone, year: row.number("year").map(|y| y as i32), value });
        }
    }
    rates
}

/// Columns a rate may state besides zone, year and value.
const RATE_COLUMNS: [&str; 4] = ["class", "source", "stage", "grade"];

fn rate_kind(context: &Context<'_>, row: &Row, rows: &mut Rows<'_>) -> Option<RateKind> {
    let frame = context.frame;
    let rate = row.text("rate")?;
    let (needs, takes): (&'static str, &[&str]) = match rate {
        "progression" => ("grade", &["grade"]),
        "entry" => ("stage", &["stage", "source", "class"]),
        "transition" => ("stage", &["stage", "source"]),
        _ => ("stage", &["stage", "class"]),
    };
    for column in RATE_COLUMNS.into_iter().filter(|c| !takes.contains(c) && row.text(c).is_some()) {
        rows.fault(row, column, Fault::RateHasNot(rate.to_owned(), column));
    }
    if row.text(needs).is_none() {
        rows.fault(row, needs, Fault::RateNeeds(rate.to_owned(), needs));
        return None;
    }
    let text = |column| row.text(column).map(str::to_owned);
    if rate == "progression" {
        let grade = rows.grade(row, frame)?;
        if frame.stage_of(grade).1 == 0 {
            rows.fault(row, "grade", Fault::RateNotThere(frame.grade_id(grade).to_owned()));
            return None;
        }
        return Some(RateKind::Progression { grade });
    }
    let stage = rows.stage(row, frame)?;
    let not_there = Fault::RateNotThere(frame.stages[stage].id.clone());
    match (&frame.stages[stage].intake, rate) {
        (Intake::Pools { .. }, "entry") => {
            Some(RateKind::Entry { stage, source: text("source"), class: text("class") })
        }
        (Intake::Pools { .. }, "public_share") => Some(RateKind::PublicShare { stage, class: text("class") }),
        (Intake::Stages(from), "transition") => {
            let from = match text("source") {
                None if from.len() == 1 => from[0],
                None => {
                    rows.fault(row, "source", Fault::RateNeeds(rate.to_owned(), "source"));
                    return None;
                }
                Some(_) => {
                    let ids = || frame.stages.iter().map(|s| s.id.as_str());
                    let found = rows.find(row, "source", Thing::Stage, ids())?;
                    if !from.contains(&found) {
                        rows.fault(row, "source", Fault::RateNotThere(frame.stages[found].id.clone()));
                        return None;
                    }
                    found
                }
            };
            Some(RateKind::Transition { from, to: stage })
        }
        _ => {
            rows.fault(row, "stage", not_there);
            None
        }
    }
}

/// Pupils per occupied dwelling.
pub(super) fn yields(context: &Context<'_>, table: &Table, problems: &mut Problems) -> Vec<Yield> {
    let mut rows = Rows { file: &table.file, problems };
    let mut yields = Vec::new();
    for row in &table.rows {
        let grade = rows.grade(row, context.frame);
        let values = (row.text("type"), row.number("years_since"), grade, row.number("pupils_per_unit"));
        if let (Some(kind), Some(since), Some(grade), Some(pupils_per_unit)) = values {
            yields.push(Yield {
                housing_type: kind.to_owned(),
                years_since: since as u32,
                grade,
                pupils_per_unit,
            });
        }
    }
    yields
}

/// Estates.
pub(super) fn estates(
    context: &Context<'_>,
    table: &Table,
    yields: &[Yield],
    problems: &mut Problems,
) -> Vec<Estate> {
    let types: BTreeSet<&str> = yields.iter().map(|y| y.housing_type.as_str()).collect();
    let mut rows = Rows { file: &table.file, problems };
    let mut estates = Vec::new();
    for row in &table.rows {
        let zone = rows.zone(row, context.frame);
        let housing_type = row.text("type");
        if let Some(kind) = housing_type.filter(|kind| !types.contains(kind)) {
            let near = nearest(kind, types.iter().copied());
            rows.fault(row, "type", Fault::UnknownReference(Thing::HousingType, kind.to_owned(), near));
        }
        let cells = (
            zone,
            row.text("estate"),
            housing_type,
            row.number("units"),
            row.month("completed"),
            row.number("occupancy"),
        );
        if let (Some(zone), Some(id), Some(kind), Some(units), Some(completed), Some(occupancy)) = cells {
            estates.push(Estate {
                id: id.to_owned(),
                zone,
                housing_type: kind.to_owned(),
                units,
                completed,
                occupancy,
                in_pool: row.number("in_pool").unwrap_or(1.0),
                in_pool_from: row.number("in_pool_from").map(|y| y as i32),
            });
        }
    }
    estates
}
