//! What changed since last year's forecast, part by part, adding up exactly.
//!
//! Last year's forecast was made from the base year before this one, from what was known then. It becomes this year's in
//! steps, one set of terms exchanged at a time, in the order of [`ChangePart`]; the change of a cell in a step is that part.
//!
//! ```text
//! last year's forecast of t
//!   + new data       the roll of the base year instead of what was foretold of it
//!   + births         children of the pools, and how their sources count
//!   + entry ratio    entrants per child, public share
//!   + progression    ratios of progression and transition, arrivals
//!   + housing        estates
//!   + overrides      what planners entered
//! = this year's forecast of t
//! ```
//!
//! The order is stated because parts interact: a ratio that fell on fewer children counts under the births that are known
//! by then. Whole pupils by largest remainder.

use std::ops::Range;

use crate::{
    demand::{CohortModel, DemandTerms, PoolTerm},
    forecast::{Path, round::round_signed},
    geography::Area,
    scenario::Scenario,
};

/// A cause of a changed forecast, in the order in which the steps are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangePart {
    /// Rolls counted since.
    NewData,
    /// Births and children.
    Births,
    /// Entry ratio and public share.
    EntryRatio,
    /// Progression and transition.
    Progression,
    /// Housing.
    Housing,
    /// Overrides.
    Overrides,
}

impl ChangePart {
    /// Every part, in order.
    pub const ALL: [ChangePart; 6] = [
        ChangePart::NewData,
        ChangePart::Births,
        ChangePart::EntryRatio,
        ChangePart::Progression,
        ChangePart::Housing,
        ChangePart::Overrides,
    ];

    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            ChangePart::NewData => "new_data",
            ChangePart::Births => "births",
            ChangePart::EntryRatio => "entry_ratio",
            ChangePart::Progression => "progression",
            ChangePart::Housing => "housing",
            ChangePart::Overrides => "overrides",
        }
    }
}

/// The change of the forecast of one area, some grades and a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeRow {
    /// Area.
    pub area: Area,
    /// Index of the stage.
    pub stage: usize,
    /// Grade, or the stage as a whole.
    pub grade: Option<usize>,
    /// Academic year.
    pub year: i32,
    /// Last year's forecast, whole pupils.
    pub before: i64,
    /// By part.
    pub parts: [i64; 6],
    /// This year's forecast.
    pub after: i64,
}

/// The change from the forecast of `before`, whose base year is the one before that of `now`; empty if they are not of the
/// same zones and stages or not a year apart.
pub fn changes(before: &Scenario, now: &Scenario) -> Vec<ChangeRow> {
    if before.frame != now.frame || before.base_year + 1 != now.base_year {
        return Vec::new();
    }
    let years = now.years_ahead().min((before.until - now.base_year).max(0) as usize);
    let steps = steps(before, now);
    let first = CohortModel::new(before).central();
    let last = CohortModel::new(now).central();
    let (whole_before, whole_now) = (Path::round(&before.frame, &first), Path::round(&now.frame, &last));
    let frame = &now.frame;
    let mut rows = Vec::new();
    for area in frame.areas() {
        let zones = frame.zones_in(area);
        for stage in 0..frame.stages.len() {
            let grades = frame.grades_of(stage);
            let levels = std::iter::once((None, grades.clone())).chain(grades.map(|g| (Some(g), g..g + 1)));
            for (grade, grades) in levels {
                for t in 1..=years {
                    let sum = |row: &[f64]| sum(row, frame.grade_count(), &zones, &grades);
                    let whole = |path: &Path, t: usize| {
                        let row: Vec<f64> = path.year(t).iter().map(|&n| f64::from(n)).collect();
                        sum(&row) as i64
                    };
                    let (before, after) = (whole(&whole_before, t + 1), whole(&whole_now, t));
                    let mut parts = [0.0; 6];
                    let mut so_far = sum(&first[t + 1]);
                    for (part, path) in parts.iter_mut().zip(&steps) {
                        let next = sum(&path[t]);
                        *part = next - so_far;
                        so_far = next;
                    }
                    let parts = round_signed(&parts, after - before);
                    rows.push(ChangeRow {
                        area,
                        stage,
                        grade,
                        year: now.base_year + t as i32,
                        before,
                        parts,
                        after,
                    });
                }
            }
        }
    }
    rows
}

fn sum(row: &[f64], width: usize, zones: &[usize], grades: &Range<usize>) -> f64 {
    zones.iter().map(|z| row[z * width + grades.start..z * width + grades.end].iter().sum::<f64>()).sum()
}

/// The path after each step, by year from the base year of `now`; the last is that of `now` itself.
fn steps(before: &Scenario, now: &Scenario) -> [Vec<Vec<f64>>; 6] {
    let plain = now.without_overrides();
    let (old, new) = aligned(now, &DemandTerms::new(before), &DemandTerms::new(&plain));
    let mut step = old;
    let path = |step: &DemandTerms| CohortModel::from_terms(now, step).central();
    let new_data = path(&step);
    for (pool, own) in step.pools.iter_mut().zip(&new.pools) {
        pool.children.clone_from(&own.children);
        pool.weight.clone_from(&own.weight);
    }
    let births = path(&step);
    step.pools.clone_from(&new.pools);
    step.take_inflow(&now.frame, &new, true);
    let entry = path(&step);
    step.progression.clone_from(&new.progression);
    step.transitions.clone_from(&new.transitions);
    step.take_inflow(&now.frame, &new, false);
    let progression = path(&step);
    step.stock.clone_from(&new.stock);
    step.pooled.clone_from(&new.pooled);
    let housing = path(&step);
    [new_data, births, entry, progression, housing, CohortModel::new(now).central()]
}

/// Terms of both scenarios by year from the base year of `now`, with the same pools in the same order.
fn aligned(now: &Scenario, old: &DemandTerms, new: &DemandTerms) -> (DemandTerms, DemandTerms) {
    let years = now.years_ahead() + 1;
    // a year later the same year is an index less; beyond its last year the old terms are held
    let shift = |rows: &[Vec<f64>]| -> Vec<Vec<f64>> {
        (0..years).filter_map(|t| rows.get(t + 1).or(rows.last()).cloned()).collect()
    };
    let shift_series = |row: &[f64]| -> Vec<f64> {
        (0..years).filter_map(|t| row.get(t + 1).or(row.last()).copied()).collect()
    };
    let shifted = |pool: &PoolTerm| PoolTerm {
        children: shift_series(&pool.children),
        entry: shift_series(&pool.entry),
        share: shift_series(&pool.share),
        weight: shift_series(&pool.weight),
        ..pool.clone()
    };
    let same = |a: &PoolTerm, b: &PoolTerm| (a.cell, &a.class, &a.source) == (b.cell, &b.class, &b.source);
    let silent = |pool: &PoolTerm| PoolTerm { weight: vec![0.0; years], ..pool.clone() };
    let (mut old_pools, mut new_pools) = (Vec::new(), Vec::new());
    for pool in &new.pools {
        let of = old.pools.iter().find(|other| same(pool, other));
        old_pools.push(of.map_or_else(|| silent(pool), shifted));
        new_pools.push(pool.clone());
    }
    for pool in old.pools.iter().filter(|pool| !new.pools.iter().any(|other| same(pool, other))) {
        let pool = shifted(pool);
        new_pools.push(silent(&pool));
        old_pools.push(pool);
    }
    let mut terms = DemandTerms {
        pools: old_pools,
        progression: shift(&old.progression),
        transitions: old.transitions.clone(),
        inflow: shift(&old.inflow),
        stock: shift(&old.stock),
        pooled: shift(&old.pooled),
        assumed_from: old.assumed_from.clone(),
    };
    for transition in &mut terms.transitions {
        transition.rate = shift(&transition.rate);
    }
    (terms, DemandTerms { pools: new_pools, ..new.clone() })
}
