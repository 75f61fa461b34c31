//! The demand side of an explanation: paths of pupils with one set of terms after another exchanged.
//!
//! Against the base year held flat, the first path keeps every grade at its roll; against an earlier forecast it is that
//! forecast. The last path is the scenario's own. What this year's roll differs from the earlier forecast of it is part of
//! the entry ratio (first grade entered from pools), of the transition (first grade entered from a stage) or of the
//! progression (every other grade): a roll is what the ratios of the year made of the roll before.

use crate::{
    demand::{CohortModel, DemandTerms, PoolTerm},
    geography::Intake,
    scenario::Scenario,
};

/// Unrounded pupils by year and cell.
type Pupils = Vec<Vec<f64>>;

/// The reference and the path after each of the six steps, indexed by the scenario's years (0 = its base year).
pub(super) struct Paths {
    pub(super) reference: Pupils,
    pub(super) steps: [Pupils; 6],
}

/// Against the base year held flat.
pub(super) fn flat(scenario: &Scenario) -> Paths {
    let actual = DemandTerms::new(scenario);
    let mut terms = flat_terms(scenario, &actual);
    let roll: Vec<f64> = scenario.roll.iter().map(|&n| f64::from(n)).collect();
    let reference = vec![roll; scenario.years_ahead() + 1];
    let steps =
        steps(scenario, &mut terms, &actual, |terms, _| CohortModel::from_terms(scenario, terms).central());
    Paths { reference, steps }
}

/// Against the forecast of `earlier`, for the years both forecast. `None` if their zones or stages differ, or if
/// `earlier` is not earlier.
pub(super) fn filed(scenario: &Scenario, earlier: &Scenario) -> Option<Paths> {
    let since = usize::try_from(scenario.base_year - earlier.base_year).ok().filter(|&d| d > 0)?;
    let same = |s: &Scenario| -> Vec<String> {
        let zones = s.frame.zones.iter().map(|z| z.id.clone());
        zones.chain((0..s.frame.grade_count()).map(|g| s.frame.grade_id(g).to_owned())).collect()
    };
    if same(scenario) != same(earlier) || earlier.years_ahead() <= since {
        return None;
    }
    let (old, new) = (DemandTerms::new(earlier), DemandTerms::new(scenario));
    let last = earlier.years_ahead().min(scenario.years_ahead() + since);
    let (mut terms, spliced) = splice(&old, &new, since, last);
    let before = CohortModel::from_terms(earlier, &old);
    let reference: Pupils = before.central().drain(since..=last).collect();
    // what the year in which the rolls were counted again made of the forecast, cell by cell
    let factor: Vec<f64> = surprise(scenario, earlier, &old, &new, since);
    let width = scenario.frame.grade_count();
    let step_of: Vec<usize> = (0..width)
        .map(|g| {
            let (p, position) = scenario.frame.stage_of(g);
            match (&scenario.frame.stages[p].intake, position) {
                (Intake::Pools { .. }, 0) => 1,
                (Intake::Stages(_), 0) => 3,
                _ => 2,
            }
        })
        .collect();
    let steps = steps(scenario, &mut terms, &spliced, |terms, step| {
        let model = CohortModel::from_terms(earlier, terms);
        let shock = |t: usize, cell: usize| {
            if t == since && step_of[cell % width] <= step { factor[cell] } else { 1.0 }
        };
        model.project(shock).drain(since..=last).collect()
    });
    Some(Paths { reference, steps })
}

/// Exchanges one set of `terms` after another for those of `actual` and projects after each.
fn steps(
    scenario: &Scenario,
    terms: &mut DemandTerms,
    actual: &DemandTerms,
    mut project: impl FnMut(&DemandTerms, usize) -> Pupils,
) -> [Pupils; 6] {
    std::array::from_fn(|step| {
        match step {
            0 => each_pool(terms, actual, |pool, own| {
                pool.children.clone_from(&own.children);
                pool.weight.clone_from(&own.weight);
            }),
            1 => {
                each_pool(terms, actual, |pool, own| pool.entry.clone_from(&own.entry));
                terms.take_inflow(&scenario.frame, actual, true);
            }
            2 => {
                terms.progression.clone_from(&actual.progression);
                terms.take_inflow(&scenario.frame, actual, false);
            }
            3 => terms.transitions.clone_from(&actual.transitions),
            4 => {
                terms.stock.clone_from(&actual.stock);
                terms.pooled.clone_from(&actual.pooled);
            }
            _ => each_pool(terms, actual, |pool, own| pool.share.clone_from(&own.share)),
        }
        project(terms, step)
    })
}

fn each_pool(terms: &mut DemandTerms, actual: &DemandTerms, change: impl Fn(&mut PoolTerm, &PoolTerm)) {
    for (pool, own) in terms.pools.iter_mut().zip(&actual.pools) {
        change(pool, own);
    }
}

/// The old terms up to year `last` of the old forecast, and the same with the new ones from year `since` + 1 on, on equal
/// lists of pools: a source that only one of the two has is there in the other with weight 0.
fn splice(old: &DemandTerms, new: &DemandTerms, since: usize, last: usize) -> (DemandTerms, DemandTerms) {
    let joined = |before: &[f64], after: &[f64]| -> Vec<f64> {
        (0..=last).map(|i| if i <= since { before[i] } else { after[i - since] }).collect()
    };
    let rows = |before: &[Vec<f64>], after: &[Vec<f64>]| -> Vec<Vec<f64>> {
        (0..=last).map(|i| if i <= since { before[i].clone() } else { after[i - since].clone() }).collect()
    };
    let key = |p: &PoolTerm| (p.cell, p.class.clone(), p.source.clone());
    let silent = |p: &PoolTerm, length: usize| {
        let held = |row: &[f64]| -> Vec<f64> {
            (0..length).map(|i| row[i.saturating_sub(since).min(row.len() - 1)]).collect()
        };
        PoolTerm {
            children: held(&p.children),
            entry: held(&p.entry),
            share: held(&p.share),
            weight: vec![0.0; length],
            ..p.clone()
        }
    };
    let (mut before, mut after) = (old.clone(), old.clone());
    before.pools.clear();
    after.pools.clear();
    let length = old.progression.len();
    for pool in &old.pools {
        let own = new.pools.iter().find(|p| key(p) == key(pool));
        let zero = silent(pool, length);
        let to = own.map_or_else(
            || PoolTerm { weight: joined(&pool.weight, &zero.weight), ..pool.clone() },
            |own| PoolTerm {
                children: joined(&pool.children, &own.children),
                entry: joined(&pool.entry, &own.entry),
                share: joined(&pool.share, &own.share),
                weight: joined(&pool.weight, &own.weight),
                ..pool.clone()
            },
        );
        before.pools.push(pool.clone());
        after.pools.push(to);
    }
    for pool in new.pools.iter().filter(|p| !old.pools.iter().any(|o| key(o) == key(p))) {
        let from = silent(pool, length);
        let weight = (0..length)
            .map(|i| if i <= since { 0.0 } else { pool.weight.get(i - since).copied().unwrap_or(0.0) })
            .collect();
        after.pools.push(PoolTerm { weight, ..from.clone() });
        before.pools.push(from);
    }
    after.progression = rows(&old.progression, &new.progression);
    after.inflow = rows(&old.inflow, &new.inflow);
    for (term, old_term) in after.transitions.iter_mut().zip(&old.transitions) {
        if let Some(own) = new.transitions.iter().find(|t| (t.from, t.to) == (old_term.from, old_term.to)) {
            term.rate = rows(&old_term.rate, &own.rate);
        }
    }
    // in the year of the new rolls the stock is the new one: the roll is counted, not forecast
    after.stock = rows(&old.stock, &new.stock);
    after.pooled = rows(&old.pooled, &new.pooled);
    after.stock[since].clone_from(&new.stock[0]);
    (before, after)
}

/// The factor on each cell in year `since` of the earlier forecast that makes it this year's roll; 1 where the earlier
/// forecast expected nobody.
fn surprise(
    scenario: &Scenario,
    earlier: &Scenario,
    old: &DemandTerms,
    new: &DemandTerms,
    since: usize,
) -> Vec<f64> {
    let expected = CohortModel::from_terms(earlier, old).central().swap_remove(since);
    let cells = scenario.roll.iter().zip(expected).enumerate();
    cells
        .map(|(cell, (&roll, expected))| {
            // the step before the part the pools hold is taken off
            let stepped = expected - old.stock[since][cell] + old.pooled[since][cell];
            let wanted = f64::from(roll) - new.stock[0][cell] + old.pooled[since][cell];
            if stepped > 0.0 { wanted / stepped } else { 1.0 }
        })
        .collect()
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
