//! From one forecast to another, one set of terms exchanged at a time: what a change of pupils is made of.
//!
//! ```text
//! reference
//!   + new data       the roll of the base year, counted, instead of what was forecast of it
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
use crate::{
    grid::{CellId, Cells, Grid},
    index::{Ids, YearOffset, Years},
    scenario::Scenario,
};

/// Unrounded pupils by year (0 = base year of the scenario explained) and cell.
pub type Pupils = Years<Cells<f64>>;

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
        let roll = scenario.roll.iter().map(|&n| f64::from(n)).collect();
        let roll = Grid::from_vec(scenario.frame.cells(), roll);
        let reference = Years::filled(scenario.offsets().len(), roll);
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
        let reference = shifted_rows(&CohortModel::new(earlier).central(), since, years + 1);
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

    /// Those years, as years after the base year of the scenario explained.
    pub fn coming(&self) -> Ids<YearOffset> {
        Ids::of(1..self.reference.len())
    }

    /// What each part adds to the sum that `of` takes of the row of year `t`. They add to the change exactly, up to the
    /// last bits of a float.
    pub fn parts(&self, t: YearOffset, of: impl Fn(&Cells<f64>) -> f64) -> [f64; DemandPart::ALL.len()] {
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
    // nothing is read off the years beyond the last of the old terms
    let series = |row: &Years<f64>| shifted_rows(row, since, years);
    let shifted = |pool: &PoolTerm| PoolTerm {
        children: series(&pool.children),
        entry: series(&pool.entry),
        share: series(&pool.share),
        weight: series(&pool.weight),
        ..pool.clone()
    };
    let same = |a: &PoolTerm, b: &PoolTerm| (a.cell, &a.class, &a.source) == (b.cell, &b.class, &b.source);
    let silent = |pool: &PoolTerm| PoolTerm { weight: Years::filled(years, 0.0), ..pool.clone() };
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
        progression: shifted_rows(&old.progression, since, years),
        transitions: old.transitions.clone(),
        inflow: shifted_rows(&old.inflow, since, years),
        stock: shifted_rows(&old.stock, since, years),
        pooled: shifted_rows(&old.pooled, since, years),
        assumed_from: old.assumed_from.clone(),
    };
    for transition in &mut terms.transitions {
        transition.rate = shifted_rows(&transition.rate, since, years);
    }
    (terms, DemandTerms { pools: new_pools, ..new.clone() })
}

/// The rows of `years` years from row `since` on; beyond their last year they are held.
fn shifted_rows<T: Clone>(rows: &Years<T>, since: usize, years: usize) -> Years<T> {
    (0..years).filter_map(|t| rows.get(t + since).or(rows.last()).cloned()).collect()
}

/// Terms under which every grade keeps the roll of the base year.
fn flat_terms(scenario: &Scenario, own: &DemandTerms) -> DemandTerms {
    let frame = &scenario.frame;
    let (roll, base, first) = (&scenario.roll, YearOffset::BASE, YearOffset::new(1));
    let mut flat = own.clone();
    let per =
        |pupils: u32, of: f64, otherwise: f64| if of > 0.0 { f64::from(pupils) / of } else { otherwise };
    let entrants = |cell: CellId| -> f64 {
        let pools = own.pools.iter().filter(|p| p.cell == cell);
        pools.map(|p| p.weight[base] * p.share[base] * p.entry[first] * p.children[base]).sum()
    };
    for (pool, own) in flat.pools.iter_mut().zip(&own.pools) {
        let scale = per(roll[own.cell], entrants(own.cell), 1.0);
        pool.children.fill(own.children[base]);
        pool.weight.fill(own.weight[base]);
        pool.share.fill(own.share[base]);
        pool.entry.fill(own.entry[first] * scale);
    }
    for row in &mut flat.progression {
        for cell in row.shape().pairs() {
            if let Some(below) = frame.below(cell) {
                row[cell] = per(roll[cell], f64::from(roll[below]), row[cell]);
            }
        }
    }
    for (term, of) in flat.transitions.iter_mut().zip(&own.transitions) {
        let (entry, last) = (frame.entry_grade(of.to), frame.last_grade(of.from));
        // everyone stays in the own zone: flows are part of the transition
        term.shares = frame.zones.ids().map(|z| (z, z, 1.0)).collect();
        for row in &mut term.rate {
            for z in frame.zones.ids() {
                let from = own.transitions.iter().filter(|k| k.to == of.to);
                let arriving: f64 =
                    from.map(|k| k.rate[first][z] * f64::from(roll[(z, frame.last_grade(k.from))])).sum();
                row[z] = of.rate[first][z] * per(roll[(z, entry)], arriving, 1.0);
                if roll[(z, last)] == 0 {
                    row[z] = of.rate[first][z];
                }
            }
        }
    }
    for row in flat.stock.iter_mut().chain(&mut flat.pooled).chain(&mut flat.inflow) {
        row.fill(0.0);
    }
    for row in &mut flat.inflow {
        let cells = row.shape();
        for cell in cells.pairs().filter(|&cell| frame.is_entry(cells.split(cell).1)) {
            if own.pools.iter().all(|pool| pool.cell != cell) {
                row[cell] = f64::from(roll[cell]);
            }
        }
    }
    flat
}
