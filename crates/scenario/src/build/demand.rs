//! Rolls, children, rates, housing.

use std::collections::{BTreeMap, BTreeSet};

use seatcast_core::{
    bounds::{AGE, Bound, PROPORTION, YEAR},
    demand::{ChildCount, Counted, Estate, Rate, RateKind, Yield, pool::Cohorts},
    forecast::{RATIO_YEARS, history::PastRolls},
    geography::Intake,
    grid::{CellId, Cells},
    index::{self, GradeId, StageId, ZoneId},
};

use super::{Context, Rows, zones::EVERY};
use crate::{
    document,
    ids::Ids,
    problem::{Fault, Place, Problems, Thing},
    table::{Row, Table},
    tables::{
        Column, Key,
        children::{self, CountedBy},
        housing,
        rates::{self, RateName},
        rolls, yields,
    },
};

/// The roll of the base year by cell; years before it are history for calibration.
pub(super) fn roll(context: &Context<'_>, table: &Table, problems: &mut Problems) -> Cells<u32> {
    let frame = context.frame;
    let base = context.document.base_year;
    let cells = frame.cells();
    let mut known: Cells<Option<u32>> = Cells::filled(cells, None);
    let mut years: BTreeSet<i32> = BTreeSet::new();
    // rows whose fault is reported where it stands: the cell they were meant for is not missing as well
    let mut unusable: BTreeSet<(Option<ZoneId>, Option<GradeId>)> = BTreeSet::new();
    let mut rows = Rows { file: &table.file, problems };
    for row in &table.rows {
        let (zone, grade) = (rows.zone(row, context), rows.grade(row, context));
        let year = row.get(rolls::YEAR);
        if let Some(year) = year {
            if year > base {
                rows.fault(row, &rolls::YEAR, Fault::YearOutside(i64::from(year), YEAR.min as i32, base));
            }
            years.insert(year);
        }
        match (year, zone, grade, row.get(rolls::PUPILS)) {
            (Some(year), Some(z), Some(g), Some(pupils)) if year == base => {
                known[(z, g)].get_or_insert(pupils);
            }
            (Some(year), Some(_), Some(_), Some(_)) if year <= base => {}
            (Some(year), ..) if year < base => {}
            _ => {
                unusable.insert((zone, grade));
            }
        }
    }
    let missing = |cell: &CellId| {
        let (z, g) = cells.split(*cell);
        let (z, g) = (Some(z), Some(g));
        let meant = [(z, g), (z, None), (None, g), (None, None)];
        known[*cell].is_none() && !meant.iter().any(|meant| unusable.contains(meant))
    };
    for cell in cells.pairs().filter(missing) {
        let (z, g) = cells.split(cell);
        let (zone, grade) = (frame.zones[z].id.clone(), frame.grade_id(g).to_owned());
        problems.push(&table.file, Place::File, Fault::NoBaseRoll(zone, grade, base));
    }
    if let (Some(&first), Some(&last)) = (years.first(), years.last()) {
        let gap: Vec<i32> = (first..last).filter(|y| !years.contains(y)).collect();
        if !gap.is_empty() {
            problems.push(&table.file, Place::File, Fault::RollGap(gap));
        }
    }
    known.map(|pupils| pupils.unwrap_or(0))
}

/// The counts of children.
pub(super) fn children(
    context: &Context<'_>,
    table: &Table,
    past: Option<&PastRolls>,
    problems: &mut Problems,
) -> Vec<ChildCount> {
    let mut rows = Rows { file: &table.file, problems };
    let mut counts = Vec::new();
    // zones with a row whose fault is reported where it stands: what it counted is not missing as well
    let mut unusable: BTreeSet<Option<ZoneId>> = BTreeSet::new();
    for row in &table.rows {
        let zone = rows.zone(row, context);
        let counted = counted(row, &mut rows);
        let values =
            (zone, counted, row.get(children::YEAR), row.get(children::SOURCE), row.get(children::CHILDREN));
        if let (Some(zone), Some(counted), Some(year), Some(source), Some(children)) = values {
            let class = row.get(children::CLASS).unwrap_or_default().to_owned();
            counts.push(ChildCount { year, zone, class, source: source.to_owned(), counted, children });
        } else {
            unusable.insert(zone);
        }
    }
    if !unusable.contains(&None) {
        pools(context, table, &counts, &unusable, past, problems);
    }
    counts
}

/// What a row counts; a fault if its age does not fit.
fn counted(row: &Row, rows: &mut Rows<'_>) -> Option<Counted> {
    let by = row.get(children::BY)?;
    let takes_age = matches!(by, CountedBy::Age | CountedBy::Kindergarten);
    match (by, row.get(children::AGE)) {
        (CountedBy::Age, Some(age)) => return Some(Counted::Age(age)),
        (CountedBy::Kindergarten, Some(class)) if class >= 1 => return Some(Counted::Kindergarten(class)),
        (CountedBy::Kindergarten, Some(class)) => {
            rows.fault(row, &children::AGE, Fault::OutOfRange(class.to_string(), Bound { min: 1.0, ..AGE }));
        }
        (CountedBy::Births | CountedBy::BirthsSchoolYear, None) if row.is_faulty(&children::AGE) => {}
        (CountedBy::Births, None) => return Some(Counted::Births),
        (CountedBy::BirthsSchoolYear, None) => return Some(Counted::BirthsSchoolYear),
        (CountedBy::Births | CountedBy::BirthsSchoolYear, Some(_))
        | (CountedBy::Age | CountedBy::Kindergarten, None) => {
            rows.fault(row, &children::AGE, Fault::AgeFits(by.code().to_owned(), takes_age));
        }
    }
    None
}

/// Every zone entered from pools needs a cohort for the first year, and none may be missing between known ones.
fn pools(
    context: &Context<'_>,
    table: &Table,
    counts: &[ChildCount],
    unusable: &BTreeSet<Option<ZoneId>>,
    past: Option<&PastRolls>,
    problems: &mut Problems,
) {
    // without children entry can be learnt from itself, if there is a past
    let entry_known = |z: ZoneId, p: StageId| {
        let g = context.frame.entry_grade(p);
        past.is_some_and(|past| {
            past.zones.years().filter(|&t| past.zones.get(z, t, g) > 0.0).count() >= RATIO_YEARS
        })
    };
    let first_needed = context.document.base_year + 1;
    let mut by_zone: index::Table<ZoneId, Vec<&ChildCount>> =
        index::Table::filled(context.frame.zones.len(), Vec::new());
    for count in counts {
        by_zone[count.zone].push(count);
    }
    for (p, stage) in context.frame.stages.pairs() {
        let Intake::Pools { entry_age } = stage.intake else { continue };
        let zones = context.frame.zones.pairs();
        for (z, zone) in zones.filter(|(z, _)| !unusable.contains(&Some(*z))) {
            // by class and source, in the order of the table
            let feeds = |c: &&&ChildCount| c.counted.feeds(context.frame, p);
            let mut here: Vec<&ChildCount> = by_zone[z].iter().filter(feeds).copied().collect();
            here.sort_by(|a, b| (&a.class, &a.source).cmp(&(&b.class, &b.source)));
            let mut first_known: BTreeMap<&str, Option<i32>> = BTreeMap::new();
            for of in here.chunk_by(|a, b| (&a.class, &a.source) == (&b.class, &b.source)) {
                let (class, source) = (of[0].class.as_str(), of[0].source.as_str());
                let cohorts = Cohorts::new(of.iter().copied(), entry_age, context.document.cutoff_month);
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
            if first_known.values().all(Option::is_none) && !entry_known(z, p) {
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

/// What the children table calls its sources and admission classes.
pub(super) struct PoolNames<'a> {
    sources: Ids<'a>,
    classes: Ids<'a>,
}

impl<'a> PoolNames<'a> {
    pub(super) fn new(table: &'a Table) -> Self {
        let names = |column: Column<Key>| -> BTreeSet<&'a str> {
            table.rows.iter().filter_map(|row| row.get(column)).collect()
        };
        Self { sources: Ids::of(names(children::SOURCE)), classes: Ids::of(names(children::CLASS)) }
    }

    /// Whether children of this class are counted.
    pub(super) fn has_class(&self, class: &str) -> bool {
        self.classes.contains(class)
    }

    /// Every class of children.
    pub(super) fn class_ids(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.classes.iter()
    }
}

/// The errors that the document states by source: each must be a source there is.
pub(super) fn source_errors(context: &Context<'_>, known: &PoolNames<'_>, problems: &mut Problems) {
    let stated = context.document.source_errors.iter().map(|(source, _)| source);
    for source in stated.filter(|source| !known.sources.contains(source)) {
        let place = Place::Key(format!("assumptions.entry_source_error.{source}"));
        let near = problems.nearest_of(Thing::Source, source, known.sources.iter());
        problems.push(document::FILE, place, Fault::UnknownReference(Thing::Source, source.clone(), near));
    }
}

/// Ratios and shares; their sources and classes are checked against `known` if the children could be read.
pub(super) fn rates(
    context: &Context<'_>,
    table: &Table,
    known: Option<&PoolNames<'_>>,
    problems: &mut Problems,
) -> Vec<Rate> {
    let ids = Ids::of(context.zones.iter().chain([EVERY]));
    let mut rows = Rows { file: &table.file, problems };
    let mut rates = Vec::new();
    for row in &table.rows {
        let zone = if row.get(rates::ZONE) == Some(EVERY) {
            Some(None)
        } else {
            rows.find(row, rates::ZONE, Thing::Zone, &ids).map(Some)
        };
        let kind = rate_kind(context, row, known, &mut rows);
        if let (Some(zone), Some(kind), Some(value)) = (zone, kind, row.get(rates::VALUE)) {
            if matches!(kind, RateKind::PublicShare { .. }) && !PROPORTION.contains(value) {
                rows.fault(row, &rates::VALUE, Fault::OutOfRange(value.to_string(), PROPORTION));
                continue;
            }
            rates.push(Rate { kind, zone, year: row.get(rates::YEAR), value });
        }
    }
    rates
}

/// Columns a rate may state besides zone, year and value.
const RATE_COLUMNS: [Column<Key>; 4] = [rates::CLASS, rates::SOURCE, rates::STAGE, rates::GRADE];

pub(super) fn rate_kind(
    context: &Context<'_>,
    row: &Row,
    known: Option<&PoolNames<'_>>,
    rows: &mut Rows<'_>,
) -> Option<RateKind> {
    let frame = context.frame;
    let rate = row.get(rates::RATE)?;
    let (needs, takes): (Column<Key>, &[&str]) = match rate {
        RateName::Progression => (rates::GRADE, &[rates::GRADE.spec.name]),
        RateName::Entry => {
            (rates::STAGE, &[rates::STAGE.spec.name, rates::SOURCE.spec.name, rates::CLASS.spec.name])
        }
        RateName::Transition => (rates::STAGE, &[rates::STAGE.spec.name, rates::SOURCE.spec.name]),
        RateName::PublicShare => (rates::STAGE, &[rates::STAGE.spec.name, rates::CLASS.spec.name]),
    };
    let code = || rate.code().to_owned();
    for column in RATE_COLUMNS.into_iter().filter(|c| !takes.contains(&c.name) && row.get(*c).is_some()) {
        rows.fault(row, &column, Fault::RateHasNot(code(), column.name));
    }
    if row.get(needs).is_none() {
        rows.fault(row, &needs, Fault::RateNeeds(code(), needs.name));
        return None;
    }
    let text = |column: Column<Key>| row.get(column).map(str::to_owned);
    if rate == RateName::Progression {
        let grade = rows.grade(row, context)?;
        if frame.stage_of(grade).1 == 0 {
            let fault = Fault::RateNotThere(code(), rates::GRADE.name, frame.grade_id(grade).to_owned());
            rows.fault(row, &rates::GRADE, fault);
            return None;
        }
        return Some(RateKind::Progression { grade });
    }
    let stage = rows.stage(row, context)?;
    if let Some(known) = known.filter(|_| rate != RateName::Transition) {
        if takes.contains(&rates::SOURCE.name) {
            rows.find(row, rates::SOURCE, Thing::Source, &known.sources);
        }
        rows.find(row, rates::CLASS, Thing::Class, &known.classes);
    }
    let not_there = |column: Column<Key>, stage: StageId| {
        Fault::RateNotThere(code(), column.name, frame.stages[stage].id.clone())
    };
    match (&frame.stages[stage].intake, rate) {
        (Intake::Pools { .. }, RateName::Entry) => {
            Some(RateKind::Entry { stage, source: text(rates::SOURCE), class: text(rates::CLASS) })
        }
        (Intake::Pools { .. }, RateName::PublicShare) => {
            Some(RateKind::PublicShare { stage, class: text(rates::CLASS) })
        }
        (Intake::Stages(from), RateName::Transition) => {
            let from = match text(rates::SOURCE) {
                None if from.len() == 1 => from[0],
                None => {
                    rows.fault(row, &rates::SOURCE, Fault::RateNeeds(code(), rates::SOURCE.name));
                    return None;
                }
                Some(_) => {
                    let found = rows.find(row, rates::SOURCE, Thing::Stage, &context.stages)?;
                    if !from.contains(&found) {
                        rows.fault(row, &rates::SOURCE, not_there(rates::SOURCE, found));
                        return None;
                    }
                    found
                }
            };
            Some(RateKind::Transition { from, to: stage })
        }
        _ => {
            rows.fault(row, &rates::STAGE, not_there(rates::STAGE, stage));
            None
        }
    }
}

/// Pupils per occupied dwelling.
pub(super) fn yields(context: &Context<'_>, table: &Table, problems: &mut Problems) -> Vec<Yield> {
    let mut rows = Rows { file: &table.file, problems };
    let mut yields = Vec::new();
    for row in &table.rows {
        let grade = rows.grade(row, context);
        let values =
            (row.get(yields::TYPE), row.get(yields::YEARS_SINCE), grade, row.get(yields::PUPILS_PER_UNIT));
        if let (Some(kind), Some(since), Some(grade), Some(pupils_per_unit)) = values {
            yields.push(Yield { housing_type: kind.to_owned(), years_since: since, grade, pupils_per_unit });
        }
    }
    yields
}

/// Types of housing that the yields know.
pub(super) fn housing_types(table: &Table) -> Ids<'_> {
    let types: BTreeSet<&str> = table.rows.iter().filter_map(|row| row.get(yields::TYPE)).collect();
    Ids::of(types)
}

/// Estates; their types are checked against `types` if the yields could be read.
pub(super) fn estates(
    context: &Context<'_>,
    table: &Table,
    types: Option<&Ids<'_>>,
    problems: &mut Problems,
) -> Vec<Estate> {
    let mut rows = Rows { file: &table.file, problems };
    let mut estates = Vec::new();
    for row in &table.rows {
        let zone = rows.zone(row, context);
        let housing_type = row.get(housing::TYPE);
        if let Some(types) = types {
            rows.find(row, housing::TYPE, Thing::HousingType, types);
        }
        let cells = (
            zone,
            row.get(housing::ESTATE),
            housing_type,
            row.get(housing::UNITS),
            row.get(housing::COMPLETED),
            row.get(housing::OCCUPANCY),
        );
        if let (Some(zone), Some(id), Some(kind), Some(units), Some(completed), Some(occupancy)) = cells {
            estates.push(Estate {
                id: id.to_owned(),
                zone,
                housing_type: kind.to_owned(),
                units,
                completed,
                occupancy,
                in_pool: row.get(housing::IN_POOL).unwrap_or(1.0),
                in_pool_from: row.get(housing::IN_POOL_FROM),
            });
        }
    }
    estates
}
