//! From one forecast to another, one set of terms exchanged at a time: what a change of pupils is made of.
//!
//! ```text
//! reference
//!   + new data       the roll of the base year, counted, instead of what was foretold of it
//!   + children       children or births of the entry pools, and how their sources count
//!   + entry ratio    entrants per child
//!   + progression    from grade to grade, net migration inside
//!   + transition     to the next stage
//!   + housing        estates
//!   + public share   policy
//!   + overrides      what planners entered
//! = the forecast of the scenario
//! ```
//!
//! The order is stated because parts interact: a ratio that fell on fewer children counts under the children known by then.
//! The reference is the base year held flat, or the forecast of an earlier round.

use super::{CohortModel, DemandTerms, PoolTerm};
use crate::scenario::Scenario;

/// Unrounded pupils by year (0 = base year of the scenario explained) and cell.
pub type Pupils = Vec<Vec<f64>>;

/// A cause of a change of pupils, in the order in which the steps are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DemandPart {
    /// Rolls counted since; nothing against the base year held flat.
    NewData,
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
    /// Overrides.
    Overrides,
}

impl DemandPart {
    /// Every part, in order.
    pub const ALL: [DemandPart; 8] = [
        DemandPart::NewData,
        DemandPart::Children,
        DemandPart::EntryRatio,
        DemandPart::Progression,
        DemandPart::Transition,
        DemandPart::Housing,
        DemandPart::PublicShare,
        DemandPart::Overrides,
    ];

    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            DemandPart::NewData => "new_data",
            DemandPart::Children => "children",
            DemandPart::EntryRatio => "entry_ratio",
            DemandPart::Progression => "progression",
            DemandPart::Transition => "transition",
            DemandPart::Housing => "housing",
            DemandPart::PublicShare => "public_share",
            DemandPart::Overrides => "overrides",
        }
    }
}

/// The reference and the path after each step; the last is the scenario's own.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps {
    /// What is compared with.
    pub reference: Pupils,
    /// The path after each part of [`DemandPart::ALL`].
    pub after: [Pupils; DemandPart::ALL.len()],
}

impl Steps {
    /// From the roll of the base year held flat to the forecast of `scenario`.
    pub fn from_flat(scenario: &Scenario) -> Self {
        let plain = DemandTerms::new(&scenario.without_overrides());
        let flat = flat_terms(scenario, &plain);
        let roll: Vec<f64> = scenario.roll.iter().map(|&n| f64::from(n)).collect();
        let reference = vec![roll; scenario.years_ahead() + 1];
        Self { reference, after: exchange(scenario, flat, &plain) }
    }

    /// From the forecast of `earlier` to that of `now`, for the years that both forecast. `None` if their zones or stages
    /// differ, if `earlier` is not earlier, or if they have no coming year in common.
    pub fn since(earlier: &Scenario, now: &Scenario) -> Option<Self> {
        let since = usize::try_from(now.base_year - earlier.base_year).ok().filter(|&d| d > 0)?;
        let years = now.years_ahead().min(earlier.years_ahead().checked_sub(since)?);
        if earlier.frame != now.frame || years == 0 {
            return None;
        }
        let reference = CohortModel::new(earlier).central()[since..=since + years].to_vec();
        let plain = DemandTerms::new(&now.without_overrides());
        let (old, new) = aligned(now, &DemandTerms::new(earlier), &plain, since);
        let after = exchange(now, old, &new).map(|mut path| {
            path.truncate(years + 1);
            path
        });
        Some(Self { reference, after })
    }

    /// The path of the scenario itself.
    pub fn own(&self) -> &Pupils {
        &self.after[DemandPart::Overrides as usize]
    }

    /// Coming years that are compared.
    pub fn years_ahead(&self) -> usize {
        self.reference.len() - 1
    }

    /// What each part adds to the sum that `of` takes of the row of year `t`. They add to the change exactly, up to the
    /// last bits of a float.
    pub fn parts(&self, t: usize, of: impl Fn(&[f64]) -> f64) -> [f64; DemandPart::ALL.len()] {
        let mut before = of(&self.reference[t]);
        self.after.each_ref().map(|path| {
            let after = of(&path[t]);
            let part = after - before;
            before = after;
            part
        })
    }
}

/// Exchanges one set of `terms` after another for those of `own`, the scenario's without overrides, and projects after each.
fn exchange(
    scenario: &Scenario,
    mut terms: DemandTerms,
    own: &DemandTerms,
) -> [Pupils; DemandPart::ALL.len()] {
    DemandPart::ALL.map(|part| {
        match part {
            // the roll is that of the scenario from the first path on
            DemandPart::NewData => {}
            DemandPart::Children => each_pool(&mut terms, own, |pool, own| {
                pool.children.clone_from(&own.children);
                pool.weight.clone_from(&own.weight);
            }),
            DemandPart::EntryRatio => {
                each_pool(&mut terms, own, |pool, own| pool.entry.clone_from(&own.entry));
                terms.take_inflow(&scenario.frame, own, true);
            }
            DemandPart::Progression => {
                terms.progression.clone_from(&own.progression);
                terms.take_inflow(&scenario.frame, own, false);
            }
            DemandPart::Transition => terms.transitions.clone_from(&own.transitions),
            DemandPart::Housing => {
                terms.stock.clone_from(&own.stock);
                terms.pooled.clone_from(&own.pooled);
            }
            DemandPart::PublicShare => {
                each_pool(&mut terms, own, |pool, own| pool.share.clone_from(&own.share));
            }
            DemandPart::Overrides => return CohortModel::new(scenario).central(),
        }
        CohortModel::from_terms(scenario, &terms).central()
    })
}

fn each_pool(terms: &mut DemandTerms, own: &DemandTerms, change: impl Fn(&mut PoolTerm, &PoolTerm)) {
    for (pool, own) in terms.pools.iter_mut().zip(&own.pools) {
        change(pool, own);
    }
}

/// The `old` terms by year from the base year of `now`, which is `since` years later, and the `new` ones, with the same
/// pools in the same order: a source that only one of the two has is there in the other with weight 0.
fn aligned(now: &Scenario, old: &DemandTerms, new: &DemandTerms, since: usize) -> (DemandTerms, DemandTerms) {
    let years = now.years_ahead() + 1;
    // beyond their last year the old terms are held: nothing is read off these years
    let shift = |rows: &[Vec<f64>]| -> Vec<Vec<f64>> {
        (0..years).filter_map(|t| rows.get(t + since).or(rows.last()).cloned()).collect()
    };
    let series = |row: &[f64]| -> Vec<f64> {
        (0..years).filter_map(|t| row.get(t + since).or(row.last()).copied()).collect()
    };
    let shifted = |pool: &PoolTerm| PoolTerm {
        children: series(&pool.children),
        entry: series(&pool.entry),
        share: series(&pool.share),
        weight: series(&pool.weight),
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

/// Terms under which every grade keeps the roll of the base year.
fn flat_terms(scenario: &Scenario, own: &DemandTerms) -> DemandTerms {
    let frame = &scenario.frame;
    let (width, roll) = (frame.grade_count(), &scenario.roll);
    let mut flat = own.clone();
    let per =
        |pupils: u32, of: f64, otherwise: f64| if of > 0.0 { f64::from(pupils) / of } else { otherwise };
    let entrants = |cell: usize| -> f64 {
        let pools = own.pools.iter().filter(|p| p.cell == cell);
        pools.map(|p| p.weight[0] * p.share[0] * p.entry[1] * p.children[0]).sum()
    };
    for (pool, own) in flat.pools.iter_mut().zip(&own.pools) {
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
    for (term, of) in flat.transitions.iter_mut().zip(&own.transitions) {
        let (first, last) = (frame.grades_of(of.to).start, frame.grades_of(of.from).end - 1);
        // everyone stays in the own zone: flows are part of the transition
        term.shares = (0..frame.zones.len()).map(|z| (z, z, 1.0)).collect();
        for row in &mut term.rate {
            for (z, rate) in row.iter_mut().enumerate() {
                let from = own.transitions.iter().filter(|k| k.to == of.to);
                let arriving: f64 = from
                    .map(|k| k.rate[1][z] * f64::from(roll[z * width + frame.grades_of(k.from).end - 1]))
                    .sum();
                *rate = of.rate[1][z] * per(roll[z * width + first], arriving, 1.0);
                if roll[z * width + last] == 0 {
                    *rate = of.rate[1][z];
                }
            }
        }
    }
    for row in flat.stock.iter_mut().chain(&mut flat.pooled).chain(&mut flat.inflow) {
        row.fill(0.0);
    }
    for row in &mut flat.inflow {
        for cell in (0..row.len()).filter(|cell| frame.is_entry(cell % width)) {
            if own.pools.iter().all(|pool| pool.cell != cell) {
                row[cell] = f64::from(roll[cell]);
            }
        }
    }
    flat
}
