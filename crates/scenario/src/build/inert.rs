//! Inputs that change nothing because others override them: a planner who edits one must be told, or she trusts a result
//! that does not know of her change.

use std::collections::{BTreeMap, BTreeSet};

use seatcast_core::{
    Scenario,
    demand::{RateKind, rates},
    geography::Intake,
};

use super::{
    Context, Tables,
    by_zone::{RatesByZone, pools},
};
use crate::{
    problem::{Fault, Inert, Problems},
    table::Table,
    tables::{self, ColumnSpec, projects, rates as rates_table, yields},
};

pub(super) fn warn(scenario: &Scenario, context: &Context<'_>, tables: &Tables, problems: &mut Problems) {
    if let Some(table) = tables.get(&tables::rates::TABLE) {
        unused_rates(scenario, context, table, problems);
    }
    if let Some(table) = tables.get(&tables::projects::TABLE) {
        leads_beside_opens(table, problems);
    }
    // estates that are not known yet will come to their yields
    let unknown = tables.get(&tables::housing::TABLE).is_some_and(|housing| housing.rows.is_empty());
    if let Some(table) = tables.get(&tables::yields::TABLE).filter(|_| !unknown) {
        yields_without_estate(scenario, table, problems);
    }
}

/// Rates that no pupil is projected with.
fn unused_rates(scenario: &Scenario, context: &Context<'_>, table: &Table, problems: &mut Problems) {
    // rows and rates correspond: an error in any row would have ended the reading
    if table.rows.len() != scenario.rates.len() {
        return;
    }
    let used = used_rates(scenario);
    let mut used_kinds: BTreeMap<(u8, usize, usize), Vec<usize>> = BTreeMap::new();
    for &i in &used {
        used_kinds.entry(kind(&scenario.rates[i].kind)).or_default().push(i);
    }
    let (first, last) = (context.document.base_year + 1, context.document.until);
    for (i, (row, rate)) in table.rows.iter().zip(&scenario.rates).enumerate() {
        if used.contains(&i) {
            continue;
        }
        let why = if rate.year.is_some_and(|y| y < first || y > last) {
            Inert::RateYear(first, last)
        } else {
            let of_kind = used_kinds.get(&kind(&rate.kind)).map_or(&[][..], Vec::as_slice);
            let over: Vec<usize> =
                of_kind.iter().take(ROWS_NAMED).map(|&other| table.rows[other].number).collect();
            if over.is_empty() { Inert::RateNowhere } else { Inert::RateRows(over) }
        };
        let (file, place) = row.place(&table.file, &rates_table::VALUE);
        problems.push(&file, place, Fault::NoEffect(why));
    }
}

/// Rows named of those that override one.
const ROWS_NAMED: usize = 100;

/// What two rates that may stand for the same cell have in common.
fn kind(kind: &RateKind) -> (u8, usize, usize) {
    match kind {
        RateKind::Progression { grade } => (0, grade.index(), 0),
        RateKind::Transition { from, to } => (1, from.index(), to.index()),
        RateKind::Entry { stage, .. } => (2, stage.index(), 0),
        RateKind::PublicShare { stage, .. } => (3, stage.index(), 0),
    }
}

/// Indices of the rates that some zone and year of the run is projected with.
fn used_rates(scenario: &Scenario) -> BTreeSet<usize> {
    let frame = &scenario.frame;
    let (by_zone, pools) = (RatesByZone::new(scenario), pools(scenario));
    let mut used = BTreeSet::new();
    for (z, pools) in pools.pairs() {
        let (places, all) = by_zone.of(z);
        let all = all.as_slice();
        let mut here: BTreeSet<usize> = BTreeSet::new();
        if scenario.learnt().is_some() {
            // the public shares of the base year are those under which entry was learnt
            for (_, class) in pools {
                for p in frame.stages.ids() {
                    here.extend(rates::public_share_row(all, z, p, class, scenario.base_year));
                }
            }
        }
        for year in scenario.years().skip(1) {
            for g in frame.grades() {
                here.extend(rates::progression_row(all, z, g, year));
            }
            for (p, stage) in frame.stages.pairs() {
                match &stage.intake {
                    Intake::Stages(feeding) => {
                        here.extend(
                            feeding.iter().filter_map(|&from| rates::transition_row(all, z, from, p, year)),
                        );
                    }
                    Intake::Pools { .. } => {
                        for (source, class) in pools {
                            here.extend(rates::entry_row(all, z, p, source, class, year));
                            here.extend(rates::public_share_row(all, z, p, class, year));
                        }
                    }
                }
            }
        }
        used.extend(here.into_iter().map(|i| places[i]));
    }
    used
}

/// Columns that a stated month of opening makes idle.
const IDLE: [ColumnSpec; 7] = [
    projects::SITE_MIN.spec,
    projects::SITE_MODE.spec,
    projects::SITE_MAX.spec,
    projects::BUILD_MIN.spec,
    projects::BUILD_MODE.spec,
    projects::BUILD_MAX.spec,
    projects::EARLIEST.spec,
];

fn leads_beside_opens(table: &Table, problems: &mut Problems) {
    for row in table.rows.iter().filter(|row| row.get(projects::OPENS).is_some()) {
        let given = IDLE.iter().filter(|column| row.is_given(column));
        let columns: Vec<String> = given.map(|column| format!("`{}`", column.name)).collect();
        if !columns.is_empty() {
            let (file, place) = row.place(&table.file, &projects::OPENS);
            problems.push(&file, place, Fault::NoEffect(Inert::OpensStated(columns)));
        }
    }
}

fn yields_without_estate(scenario: &Scenario, table: &Table, problems: &mut Problems) {
    let estates: BTreeSet<&str> = scenario.estates.iter().map(|e| e.housing_type.as_str()).collect();
    let mut said: BTreeSet<&str> = BTreeSet::new();
    for row in &table.rows {
        if let Some(kind) = row.get(yields::TYPE).filter(|kind| !estates.contains(kind))
            && said.insert(kind)
        {
            let (file, place) = row.place(&table.file, &yields::TYPE);
            problems.push(&file, place, Fault::NoEffect(Inert::NoEstate(kind.to_owned())));
        }
    }
}
