//! Inputs that change nothing because others override them: a planner who edits one must be told, or she trusts a result
//! that does not know of her change.

use std::collections::BTreeSet;

use seatcast_core::{
    Scenario,
    demand::{Rate, RateKind, rates},
    geography::Intake,
};

use super::{Context, Tables};
use crate::{
    problem::{Fault, Inert, Problems},
    spec,
    table::Table,
};

pub(super) fn warn(scenario: &Scenario, context: &Context<'_>, tables: &Tables, problems: &mut Problems) {
    if let Some(table) = tables.get(&spec::RATES_TABLE) {
        unused_rates(scenario, context, table, problems);
    }
    if let Some(table) = tables.get(&spec::PROJECTS) {
        leads_beside_opens(table, problems);
    }
    // estates that are not known yet will come to their yields
    let unknown = tables.get(&spec::HOUSING).is_some_and(|housing| housing.rows.is_empty());
    if let Some(table) = tables.get(&spec::YIELDS).filter(|_| !unknown) {
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
    let (first, last) = (context.document.base_year + 1, context.document.until);
    for (i, (row, rate)) in table.rows.iter().zip(&scenario.rates).enumerate() {
        if used.contains(&i) {
            continue;
        }
        let why = if rate.year.is_some_and(|y| y < first || y > last) {
            Inert::RateYear(first, last)
        } else {
            let over: Vec<usize> = scenario
                .rates
                .iter()
                .enumerate()
                .filter(|(other, r)| used.contains(other) && same_kind(&r.kind, &rate.kind))
                .map(|(other, _)| table.rows[other].number)
                .collect();
            if over.is_empty() { Inert::RateNowhere } else { Inert::RateRows(over) }
        };
        let (file, place) = row.place(&table.file, "value");
        problems.push(&file, place, Fault::NoEffect(why));
    }
}

/// Whether two rates may stand for the same cell.
fn same_kind(a: &RateKind, b: &RateKind) -> bool {
    match (a, b) {
        (RateKind::Progression { grade: a }, RateKind::Progression { grade: b }) => a == b,
        (RateKind::Transition { from: a, to: c }, RateKind::Transition { from: b, to: d }) => {
            (a, c) == (b, d)
        }
        (RateKind::Entry { stage: a, .. }, RateKind::Entry { stage: b, .. })
        | (RateKind::PublicShare { stage: a, .. }, RateKind::PublicShare { stage: b, .. }) => a == b,
        _ => false,
    }
}

/// Indices of the rates that some zone and year of the run is projected with.
fn used_rates(scenario: &Scenario) -> BTreeSet<usize> {
    let frame = &scenario.frame;
    let all: &[Rate] = &scenario.rates;
    let mut used = BTreeSet::new();
    if scenario.learnt().is_some() {
        // the public shares of the base year are those under which entry was learnt
        for pool in &scenario.children {
            for p in 0..frame.stages.len() {
                used.extend(rates::public_share_row(all, pool.zone, p, &pool.class, scenario.base_year));
            }
        }
    }
    for year in scenario.years().skip(1) {
        for z in 0..frame.zones.len() {
            for g in 0..frame.grade_count() {
                used.extend(rates::progression_row(all, z, g, year));
            }
            for (p, stage) in frame.stages.iter().enumerate() {
                match &stage.intake {
                    Intake::Stages(feeding) => {
                        used.extend(
                            feeding.iter().filter_map(|&from| rates::transition_row(all, z, from, p, year)),
                        );
                    }
                    Intake::Pools { .. } => {
                        for pool in scenario.children.iter().filter(|c| c.zone == z) {
                            used.extend(rates::entry_row(all, z, p, &pool.source, &pool.class, year));
                            used.extend(rates::public_share_row(all, z, p, &pool.class, year));
                        }
                    }
                }
            }
        }
    }
    used
}

/// Columns that a stated month of opening makes idle.
const IDLE: [&str; 7] =
    ["site_min", "site_mode", "site_max", "build_min", "build_mode", "build_max", "earliest"];

fn leads_beside_opens(table: &Table, problems: &mut Problems) {
    for row in table.rows.iter().filter(|row| row.month("opens").is_some()) {
        let given = |column: &&&'static str| row.number(column).is_some() || row.month(column).is_some();
        let columns: Vec<String> = IDLE.iter().filter(given).map(|c| format!("`{c}`")).collect();
        if !columns.is_empty() {
            let (file, place) = row.place(&table.file, "opens");
            problems.push(&file, place, Fault::NoEffect(Inert::OpensStated(columns)));
        }
    }
}

fn yields_without_estate(scenario: &Scenario, table: &Table, problems: &mut Problems) {
    let estates: BTreeSet<&str> = scenario.estates.iter().map(|e| e.housing_type.as_str()).collect();
    let mut said: BTreeSet<&str> = BTreeSet::new();
    for row in &table.rows {
        if let Some(kind) = row.text("type").filter(|kind| !estates.contains(kind))
            && said.insert(kind)
        {
            let (file, place) = row.place(&table.file, "type");
            problems.push(&file, place, Fault::NoEffect(Inert::NoEstate(kind.to_owned())));
        }
    }
}
