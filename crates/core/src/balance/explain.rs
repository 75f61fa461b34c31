//! A gap explained: why the gap of a year is what it is, part by part, adding up exactly.
//!
//! Reference: roll and places of the base year held flat. The central forecast is then reached in steps, one set of terms
//! exchanged at a time, in the order of [`GapPart`]; each step's change of D - S is that part. The signed parts add to
//! the change of D - S. Shortage is max(0, D - S): its parts are the mean over all orders in which the parts could have
//! been added (Shapley). Both are in whole pupils by largest remainder. Source: docs/model.md, section 4.

use super::{Balance, Figure, with_reserve};
use crate::{
    demand::{CohortModel, DemandTerms},
    forecast::round_signed,
    geography::Area,
    scenario::Scenario,
    supply::{OpeningLaw, SupplyModel, Triangle},
};

/// A cause of a gap, in the order in which the steps are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GapPart {
    /// Children or births of the entry pools.
    Children,
    /// Entry ratio.
    EntryRatio,
    /// Progression, net migration inside.
    Progression,
    /// Transition to the next stage.
    Transition,
    /// Housing.
    Housing,
    /// Public share.
    PublicShare,
    /// Places opened as scheduled.
    Opened,
    /// Places that come later than the likeliest schedule.
    Late,
    /// Places lost at the end of a building's life.
    Retired,
}

impl GapPart {
    /// Every part, in order.
    pub const ALL: [GapPart; 9] = [
        GapPart::Children,
        GapPart::EntryRatio,
        GapPart::Progression,
        GapPart::Transition,
        GapPart::Housing,
        GapPart::PublicShare,
        GapPart::Opened,
        GapPart::Late,
        GapPart::Retired,
    ];

    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            GapPart::Children => "children",
            GapPart::EntryRatio => "entry_ratio",
            GapPart::Progression => "progression",
            GapPart::Transition => "transition",
            GapPart::Housing => "housing",
            GapPart::PublicShare => "public_share",
            GapPart::Opened => "opened",
            GapPart::Late => "late",
            GapPart::Retired => "retired",
        }
    }
}

/// The parts of the gap of one group, stage and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GapParts {
    /// Index of the sharing group.
    pub group: usize,
    /// Index of the stage.
    pub stage: usize,
    /// Year, 0 = base year.
    pub t: usize,
    /// D - S of the reference.
    pub reference_gap: i64,
    /// Change of D - S by part.
    pub gap: [i64; 9],
    /// Shortage of the reference.
    pub reference_shortage: i64,
    /// Change of the shortage by part.
    pub shortage: [i64; 9],
}

/// Explains the central gap of every group, stage and coming year.
pub fn explain_gaps(scenario: &Scenario, supply: &SupplyModel<'_>, central: &Balance) -> Vec<GapParts> {
    let frame = &scenario.frame;
    let paths: Vec<Vec<Vec<f64>>> = demand_steps(scenario)
        .iter()
        .map(|terms| CohortModel::from_terms(scenario, terms).central())
        .collect();
    let width = frame.grade_count();
    let mut out = Vec::new();
    for group in 0..frame.groups.len() {
        let zones = frame.zones_in(Area::Group(group));
        for stage in 0..frame.stages.len() {
            let grades = frame.grades_of(stage);
            let pupils = |row: &[f64]| -> f64 {
                zones
                    .iter()
                    .map(|z| row[z * width + grades.start..z * width + grades.end].iter().sum::<f64>())
                    .sum()
            };
            let roll: u64 = zones
                .iter()
                .flat_map(|z| &scenario.roll[z * width + grades.start..z * width + grades.end])
                .map(|&n| u64::from(n))
                .sum();
            let reserve = 1.0 - f64::from(scenario.reserve_per_mille) / 1000.0;
            let reference_gap = with_reserve(roll, scenario.reserve_per_mille) as i64
                - central.sum(Figure::Places, 0, &zones, stage);
            for t in 1..central.years() {
                let mut parts = [0.0; 9];
                let mut before = roll as f64;
                for (part, path) in parts.iter_mut().zip(&paths) {
                    let after = pupils(&path[t]);
                    *part = (after - before) / reserve;
                    before = after;
                }
                let year = scenario.base_year + t as i32;
                parts[6..].copy_from_slice(&supply_parts(scenario, supply, &zones, stage, year));
                let actual = central.sum(Figure::Demand, t, &zones, stage)
                    - central.sum(Figure::Places, t, &zones, stage);
                let gap = round_signed(&parts, actual - reference_gap);
                let shortage = shapley(reference_gap, &gap);
                out.push(GapParts {
                    group,
                    stage,
                    t,
                    reference_gap,
                    gap,
                    reference_shortage: reference_gap.max(0),
                    shortage: round_signed(&shortage, actual.max(0) - reference_gap.max(0)),
                });
            }
        }
    }
    out
}

/// The demand terms after each of the six demand steps; the last are the scenario's own.
fn demand_steps(scenario: &Scenario) -> [DemandTerms; 6] {
    let actual = DemandTerms::new(scenario);
    let flat = flat_terms(scenario, &actual);
    let mut step = flat;
    let exchange = |step: &mut DemandTerms, change: &dyn Fn(&mut DemandTerms)| {
        change(step);
        step.clone()
    };
    [
        exchange(&mut step, &|s| {
            for (pool, own) in s.pools.iter_mut().zip(&actual.pools) {
                pool.children.clone_from(&own.children);
                pool.weight.clone_from(&own.weight);
            }
        }),
        exchange(&mut step, &|s| {
            for (pool, own) in s.pools.iter_mut().zip(&actual.pools) {
                pool.entry.clone_from(&own.entry);
            }
            exchange_inflow(scenario, s, &actual, true);
        }),
        exchange(&mut step, &|s| {
            s.progression.clone_from(&actual.progression);
            exchange_inflow(scenario, s, &actual, false);
        }),
        exchange(&mut step, &|s| s.transitions.clone_from(&actual.transitions)),
        exchange(&mut step, &|s| {
            s.stock.clone_from(&actual.stock);
            s.pooled.clone_from(&actual.pooled);
        }),
        exchange(&mut step, &|s| {
            for (pool, own) in s.pools.iter_mut().zip(&actual.pools) {
                pool.share.clone_from(&own.share);
            }
        }),
    ]
}

/// Takes the inflow of `actual` in the grades that are entered from pools, or in the others.
fn exchange_inflow(scenario: &Scenario, step: &mut DemandTerms, actual: &DemandTerms, entry: bool) {
    let width = scenario.frame.grade_count();
    for (row, own) in step.inflow.iter_mut().zip(&actual.inflow) {
        for (cell, (n, own)) in row.iter_mut().zip(own).enumerate() {
            if scenario.frame.is_entry(cell % width) == entry {
                *n = *own;
            }
        }
    }
}

/// Terms under which every grade keeps the roll of the base year.
fn flat_terms(scenario: &Scenario, actual: &DemandTerms) -> DemandTerms {
    let frame = &scenario.frame;
    let (width, roll) = (frame.grade_count(), &scenario.roll);
    let mut flat = actual.clone();
    let per =
        |pupils: u32, of: f64, otherwise: f64| if of > 0.0 { f64::from(pupils) / of } else { otherwise };
    let entrants = |cell: usize| -> f64 {
        let pools = actual.pools.iter().filter(|p| p.cell == cell);
        pools.map(|p| p.weight[0] * p.share[0] * p.entry[1] * p.children[0]).sum()
    };
    for (pool, own) in flat.pools.iter_mut().zip(&actual.pools) {
        let scale = per(roll[own.cell], entrants(own.cell), 1.0);
        pool.children.fill(own.children[0]);
        pool.weight.fill(own.weight[0]);
        pool.share.fill(own.share[0]);
        pool.entry.fill(own.entry[1] * scale);
    }
    for row in &mut flat.progression {
        for cell in 0..row.len() {
            if frame.stage_of(cell % width).1 > 0 {
                row[cell] = per(roll[cell], f64::from(roll[cell - 1]), row[cell]);
            }
        }
    }
    for (term, own) in flat.transitions.iter_mut().zip(&actual.transitions) {
        let (first, last) = (frame.grades_of(own.to).start, frame.grades_of(own.from).end - 1);
        for row in &mut term.rate {
            for (z, rate) in row.iter_mut().enumerate() {
                let arriving: f64 = actual
                    .transitions
                    .iter()
                    .filter(|k| k.to == own.to)
                    .map(|k| k.rate[1][z] * f64::from(roll[z * width + frame.grades_of(k.from).end - 1]))
                    .sum();
                *rate = own.rate[1][z] * per(roll[z * width + first], arriving, 1.0);
                if roll[z * width + last] == 0 {
                    *rate = own.rate[1][z];
                }
            }
        }
    }
    for row in flat.stock.iter_mut().chain(&mut flat.pooled).chain(&mut flat.inflow) {
        row.fill(0.0);
    }
    for row in &mut flat.inflow {
        for cell in (0..row.len()).filter(|cell| frame.is_entry(cell % width)) {
            if actual.pools.iter().all(|pool| pool.cell != cell) {
                row[cell] = f64::from(roll[cell]);
            }
        }
    }
    flat
}

/// Opened, late, retired: change of D - S by the projects of the programme since the base year, at central opening.
fn supply_parts(
    scenario: &Scenario,
    supply: &SupplyModel<'_>,
    zones: &[usize],
    stage: usize,
    year: i32,
) -> [f64; 3] {
    let (mut opened, mut late, mut retired) = (0.0, 0.0, 0.0);
    for (j, project) in scenario.projects.iter().enumerate() {
        if !supply.in_programme(j) || project.stage != stage || !zones.contains(&project.zone) {
            continue;
        }
        let grades = scenario.frame.stages[stage].grades.len();
        let for_ever = crate::supply::Project { life_years: Some(u32::MAX / 2), ..project.clone() };
        let use_in = |opening: Option<i32>, year: i32| {
            opening.map_or(0.0, |o| f64::from(for_ever.usable(&scenario.kinds, grades, o, year)))
        };
        let central = supply.opening(j).central;
        let scheduled = scheduled_opening(scenario, project);
        let now = f64::from(supply.usable(j, central, scenario.base_year));
        opened -= use_in(scheduled, year) - now;
        late -= use_in(central, year) - use_in(scheduled, year);
        retired -= f64::from(supply.usable(j, central, year)) - use_in(central, year);
    }
    [opened, late, retired]
}

/// The academic year a project would open in with its likeliest leads and no delay.
fn scheduled_opening(scenario: &Scenario, project: &crate::supply::Project) -> Option<i32> {
    let kind = scenario.kinds.of(project.kind);
    let at_mode = |t: Triangle| Triangle { min: t.mode, max: t.mode, ..t };
    let mut kinds = scenario.kinds;
    let no_delay = kinds.of_mut(project.kind);
    no_delay.delay = crate::supply::Delay { mean: 1.0, sd: 0.0 };
    let sure = crate::supply::Project {
        site_lead: Some(at_mode(project.site_lead.unwrap_or(kind.site))),
        build_lead: Some(at_mode(project.build_lead.unwrap_or(kind.build))),
        ..project.clone()
    };
    // seen from the day of its own decision, so that nothing is conditioned on what happened since
    let seen = project.build_decided.or(project.site_decided).unwrap_or(scenario.round());
    let law = OpeningLaw::of(&sure, &kinds, seen.min(scenario.round()), scenario.round());
    crate::supply::Opening::new(&law, seen.year.min(scenario.base_year), scenario.until).central
}

/// Mean over all orders of what each part adds to max(0, reference + parts so far).
fn shapley(reference: i64, parts: &[i64; 9]) -> [f64; 9] {
    let n = parts.len();
    let value: Vec<i64> = (0..1_usize << n)
        .map(|set| {
            let sum: i64 = (0..n).filter(|i| set >> i & 1 == 1).map(|i| parts[i]).sum();
            (reference + sum).max(0)
        })
        .collect();
    // weight of a set of k other parts: k! (n-1-k)! / n!
    let factorial: Vec<f64> = (0..=n)
        .scan(1.0, |f, i| {
            if i > 0 {
                *f *= i as f64;
            }
            Some(*f)
        })
        .collect();
    let mut mean = [0.0; 9];
    for (i, part) in mean.iter_mut().enumerate() {
        for set in (0..1_usize << n).filter(|set| set >> i & 1 == 0) {
            let k = set.count_ones() as usize;
            let added = (value[set | 1 << i] - value[set]) as f64;
            *part += factorial[k] * factorial[n - 1 - k] / factorial[n] * added;
        }
    }
    mean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_shortage_are_the_mean_over_all_orders() {
        // reference -10 (spare), +30 demand, -5 places: shortage 15. Orders: +30 then -5 gives 20, -5;
        // -5 then +30 gives 0, 15. Mean: 17.5 and -2.5.
        let mut parts = [0; 9];
        (parts[0], parts[6]) = (30, -5);
        let mean = shapley(-10, &parts);
        assert!((mean[0] - 17.5).abs() < 1e-9 && (mean[6] + 2.5).abs() < 1e-9, "{mean:?}");
    }
}
