//! The past of a scenario: rolls that may be learnt from, by zone and by school, and what is said of them.

use std::collections::{BTreeMap, BTreeSet};

use seatcast_core::{
    Scenario,
    bounds::YEAR,
    demand::rates,
    forecast::{
        RATIO_YEARS, SIZES_YEARS,
        history::{Panel, PastRolls, Schools},
        learn::{Fallback, Widened},
    },
    index::{self, GradeId, PastYear, UnitId, YearOffset, ZoneId},
    supply::School,
    time::{ROLL_MONTH, YearMonth},
};

use super::{
    Context, Rows, Tables,
    by_zone::{RatesByZone, pools},
};
use crate::{
    ids::Ids,
    limits::Limit,
    number,
    problem::{Fault, HistoryFault, Place, Problems, Thing},
    table::{Row, Table},
    tables::{
        KnownFrom, TableSpec, overrides, projects, rolls, school_rolls,
        shared::{self, FigureMark},
    },
};

/// The month from which a row is known that does not say.
pub(super) fn implied(spec: &TableSpec, row: &Row) -> Option<YearMonth> {
    match spec.known {
        KnownFrom::Always => None,
        KnownFrom::September => row.get(rolls::YEAR).map(|year| YearMonth { year, month: ROLL_MONTH }),
        KnownFrom::LastDecision => row.get(projects::SITE_DECIDED).max(row.get(projects::BUILD_DECIDED)),
        KnownFrom::Entry => row.get(overrides::DATE).and_then(number::month),
    }
}

/// The base year when only the rows of `table` were known: that of the last roll, if it is before the stated one.
pub(super) fn base_year(stated: i32, table: &Table) -> i32 {
    let last = table.rows.iter().filter_map(|row| row.get(rolls::YEAR)).max();
    last.map_or(stated, |last| last.min(stated))
}

/// Rolls up to the base year that may be learnt from.
pub(super) fn past(
    context: &Context<'_>,
    rolls: &Table,
    by_school: Option<(&Table, &[School])>,
    problems: &mut Problems,
) -> PastRolls {
    let base = context.document.base_year;
    let first = rolls.rows.iter().filter_map(|row| row.get(rolls::YEAR)).min();
    let first_year = first.map_or(base, |first| first.min(base));
    let frame = context.frame;
    let unit = (base - first_year + 1) as u64 * frame.grade_count() as u64;
    let schools = by_school.map_or(0, |(_, schools)| schools.len());
    let found = unit.saturating_mul(frame.zones.len().max(schools) as u64);
    let is_within = problems.within(Limit::Figures, found, &rolls.file, Place::File);
    // what is beyond the limit is no longer looked at: the fault ends the reading
    let first_year = if is_within { first_year } else { base };
    let by_school = by_school.filter(|_| is_within);
    let mut past = PastRolls {
        first_year,
        zones: Panel::unknown(frame.zones.len(), (base - first_year + 1) as usize, frame.grade_count()),
        school_ids: Vec::new(),
        schools: None,
    };
    let mut left_out = 0;
    for row in &rolls.rows {
        let cells =
            (row.get(rolls::YEAR), row.get(rolls::ZONE), row.get(rolls::GRADE), row.get(rolls::PUPILS));
        let (Some(year), Some(zone), Some(grade), Some(pupils)) = cells else { continue };
        let Some(t) = year_index(context, first_year, year) else { continue };
        let (Some(z), Some(g)) = (context.zones.index(zone), context.grades.index(grade)) else { continue };
        if row.get(shared::MARK) == Some(FigureMark::Reconstructed) {
            left_out += 1;
            continue;
        }
        past.zones.set(z, t, g, f64::from(pupils));
    }
    if left_out > 0 {
        let years = past.zones.known_years().count();
        let fault = HistoryFault::Reconstructed(left_out, years >= RATIO_YEARS);
        problems.push(&rolls.file, Place::File, Fault::History(fault));
    }
    if let Some((table, schools)) = by_school {
        let (ids, rolls) = school_rolls(context, table, schools, &past, problems);
        (past.school_ids, past.schools) = (ids, Some(rolls));
    }
    let years: BTreeSet<i32> = rolls.rows.iter().filter_map(|row| row.get(rolls::YEAR)).collect();
    let unknown: Vec<i32> =
        context.document.mask_years.iter().copied().filter(|year| !years.contains(year)).collect();
    if !unknown.is_empty() {
        problems.push(&rolls.file, Place::File, Fault::History(HistoryFault::MaskedUnknown(unknown)));
    }
    past
}

/// Index of a year that is not masked; `None` outside the past.
fn year_index(context: &Context<'_>, first_year: i32, year: i32) -> Option<PastYear> {
    let inside = (first_year..=context.document.base_year).contains(&year);
    (inside && !context.document.mask_years.contains(&year))
        .then_some(PastYear::new((year - first_year) as usize))
}

/// Rolls by school in the zones of their schools.
fn school_rolls(
    context: &Context<'_>,
    table: &Table,
    schools: &[School],
    past: &PastRolls,
    problems: &mut Problems,
) -> (Vec<String>, Schools<ZoneId, GradeId>) {
    let frame = context.frame;
    let base = context.document.base_year;
    let mut known: BTreeMap<&str, ZoneId> = BTreeMap::new();
    for school in schools {
        known.entry(&school.id).or_insert(school.zone);
    }
    let ids: Vec<&str> = known.keys().copied().collect();
    let of_ids: Ids<'_> = Ids::of(ids.iter().copied());
    let mut panel = Panel::unknown(ids.len(), past.zones.years().len(), frame.grade_count());
    let mut rows = Rows { file: &table.file, problems };
    for row in &table.rows {
        let school = rows.find(row, school_rolls::SCHOOL, Thing::School, &of_ids);
        let grade = rows.grade(row, context);
        let (Some(school), Some(g), Some(year), Some(pupils)) =
            (school, grade, row.get(school_rolls::YEAR), row.get(school_rolls::PUPILS))
        else {
            continue;
        };
        if year > base {
            rows.fault(row, &school_rolls::YEAR, Fault::YearOutside(i64::from(year), YEAR.min as i32, base));
        } else if let Some(t) = year_index(context, past.first_year, year)
            && row.get(shared::MARK) != Some(FigureMark::Reconstructed)
        {
            panel.set(UnitId::new(school.index()), t, g, f64::from(pupils));
        }
    }
    let area_of: index::Table<UnitId, ZoneId> = known.values().copied().collect();
    // what the schools do not explain of a zone's roll is nobody's: said, not spread
    let sums = panel.sum_into(&area_of, frame.zones.len());
    let last = past.zones.years().end().minus(1);
    let apart: Vec<String> = frame
        .zones
        .ids()
        .filter(|&z| {
            frame.grades().any(|g| {
                let (zone, schools) = (past.zones.get(z, last, g), sums.get(z, last, g));
                zone.is_finite() && schools.is_finite() && (zone - schools).abs() > 0.5
            })
        })
        .map(|z| frame.zones[z].id.clone())
        .collect();
    if !apart.is_empty() {
        problems.push(&table.file, Place::File, Fault::History(HistoryFault::SchoolsApart(apart)));
    }
    (ids.into_iter().map(str::to_owned).collect(), Schools { rolls: panel, area_of })
}

/// Whether the past holds enough years for ratios.
pub(super) fn teaches(past: Option<&PastRolls>) -> bool {
    past.is_some_and(|past| past.zones.known_years().count() >= RATIO_YEARS)
}

/// What was learnt, and what was not.
pub(super) fn warn(scenario: &Scenario, tables: &Tables, problems: &mut Problems) {
    let Some(rolls) = tables.get(&rolls::TABLE) else { return };
    let mut say = |fault| problems.push(&rolls.file, Place::File, Fault::History(fault));
    let stated = scenario.uncertainty.is_some();
    let Some(learnt) = scenario.learnt() else {
        if !stated {
            let years = scenario.past.as_ref().map_or(0, |past| past.zones.known_years().count());
            say(HistoryFault::SizesDefault(years, SIZES_YEARS));
        }
        return;
    };
    let (first, last, years) = learnt.years();
    let used = uses_learnt(scenario);
    if used {
        say(HistoryFault::RatiosLearnt(first, last, years));
    }
    if !stated {
        if learnt.has_sizes() {
            say(HistoryFault::SizesLearnt(first, last, years));
            let widened: Vec<Widened> = learnt
                .chains()
                .iter()
                .filter_map(|chain| Some(chain.spread()?.widened(chain.calibration())))
                .flatten()
                .collect();
            if !widened.is_empty() {
                say(HistoryFault::TailsWidened(widened));
            }
        } else {
            say(HistoryFault::SizesDefault(years, SIZES_YEARS));
        }
    }
    if used && years < SIZES_YEARS {
        say(HistoryFault::ShortHistory(years));
    }
    for chain in learnt.chains() {
        let frame = &scenario.frame;
        let gone: Vec<String> = chain
            .calibration()
            .fallback()
            .iter()
            .filter_map(|fallback| match fallback {
                Fallback::AreaGone { area } => Some(frame.zones[ZoneId::new(area.index())].id.clone()),
                _ => None,
            })
            .collect();
        if used && !gone.is_empty() {
            say(HistoryFault::NoOwnPast(gone));
        }
    }
    let with_children: BTreeSet<ZoneId> = scenario.children.iter().map(|c| c.zone).collect();
    let (cells, first) = (scenario.frame.cells(), YearOffset::new(1));
    let entry = cells.pairs().filter(|cell| {
        let (z, g) = cells.split(*cell);
        scenario.frame.is_entry(g) && !with_children.contains(&z) && learnt.entrants(*cell, first).is_some()
    });
    let zones: BTreeSet<String> =
        entry.map(|cell| scenario.frame.zones[cells.split(cell).0].id.clone()).collect();
    if !zones.is_empty() {
        say(HistoryFault::AreasWithoutBirths(zones.into_iter().collect()));
    }
}

/// Whether any cell is projected with a learnt ratio.
fn uses_learnt(scenario: &Scenario) -> bool {
    let frame = &scenario.frame;
    let years: Vec<i32> = scenario.years().skip(1).collect();
    let by_zone = RatesByZone::new(scenario);
    pools(scenario).pairs().any(|(z, pools)| {
        let (_, all) = by_zone.of(z);
        years.iter().any(|&year| {
            let up = frame
                .grades()
                .filter(|&g| frame.stage_of(g).1 > 0)
                .any(|g| rates::progression(&all, z, g, year).is_none());
            let entry = frame.grades().filter(|&g| frame.is_entry(g)).any(|g| {
                let p = frame.stage_of(g).0;
                let cell = frame.cells().at(z, g);
                let learnt =
                    scenario.learnt().is_some_and(|l| l.entrants(cell, YearOffset::new(1)).is_some());
                let given =
                    |(source, class): &(&str, &str)| rates::entry(&all, z, p, source, class, year).is_some();
                learnt && (pools.is_empty() || !pools.iter().all(given))
            });
            up || entry
        })
    })
}
