//! What holds of the terms of a projection and of the unrounded pupils they lead to.

use std::collections::BTreeMap;

use super::{CohortModel, DemandTerms};
use crate::{
    geography::Frame,
    grid::{CellId, Cells},
    index::{YearOffset, Years, ZoneId},
    law::{Kept, Law, between, near, same},
    scenario::Scenario,
};

/// Any finite figure that is not negative.
const POSITIVE: (f64, f64) = (0.0, f64::MAX);

/// Any finite figure.
const FINITE: (f64, f64) = (f64::MIN, f64::MAX);

impl DemandTerms {
    /// Whether the terms are what a projection may be made of.
    ///
    /// # Errors
    /// The first law that is broken.
    pub fn check(&self, scenario: &Scenario) -> Kept {
        let frame = &scenario.frame;
        let at = |t: YearOffset, cell| place(frame, scenario.year_of(t), cell);
        for (t, ratios) in self.progression.pairs() {
            for (cell, &ratio) in ratios.pairs() {
                between(Law::RatioProgression, ratio, POSITIVE, || at(t, cell))?;
                between(Law::ArrivalsFinite, self.inflow[t][cell], FINITE, || at(t, cell))?;
                // a yield that is rounded twice may differ in the last place
                let most = self.stock[t][cell] * (1.0 + 1e-9);
                between(Law::EstatesPooled, self.pooled[t][cell], (0.0, most), || at(t, cell))?;
            }
        }
        self.check_pools(at)?;
        self.check_transitions(scenario)
    }

    fn check_pools(&self, at: impl Fn(YearOffset, CellId) -> String) -> Kept {
        let mut weights: BTreeMap<(CellId, &str), Years<f64>> = BTreeMap::new();
        for pool in &self.pools {
            for (t, &weight) in pool.weight.pairs() {
                let place = || format!("{} {} {}", at(t, pool.cell), pool.class, pool.source);
                between(Law::PoolEntry, pool.entry[t], POSITIVE, place)?;
                between(Law::PoolChildren, pool.children[t], POSITIVE, place)?;
                between(Law::PoolPublic, pool.share[t], (0.0, 1.0), place)?;
                let none = || Years::filled(pool.weight.len(), 0.0);
                weights.entry((pool.cell, &pool.class)).or_insert_with(none)[t] += weight;
            }
        }
        for ((cell, class), sums) in weights {
            for (t, &sum) in sums.pairs() {
                near(Law::PoolShares, sum, 1.0, || format!("{} {class}", at(t, cell)))?;
            }
        }
        Ok(())
    }

    fn check_transitions(&self, scenario: &Scenario) -> Kept {
        let frame = &scenario.frame;
        for term in &self.transitions {
            let of = |z: ZoneId| format!("{} {}", frame.zones[z].id, frame.stages[term.from].id);
            for (t, rates) in term.rate.pairs() {
                for (z, &rate) in rates.pairs() {
                    let place = || format!("{} {}", of(z), scenario.year_of(t));
                    between(Law::RatioTransition, rate, POSITIVE, place)?;
                }
            }
            let mut sums: BTreeMap<ZoneId, f64> = BTreeMap::new();
            for &(from, _, share) in &term.shares {
                *sums.entry(from).or_default() += share;
            }
            for (from, sum) in sums {
                near(Law::FlowShares, sum, 1.0, || of(from))?;
            }
        }
        Ok(())
    }
}

impl CohortModel {
    /// Whether `rows`, unrounded pupils by year and cell, start at the roll and move on by `terms`. Worked out from the
    /// terms cell by cell, without the matrices of the model.
    ///
    /// # Errors
    /// The first law that is broken.
    pub fn check_rows(scenario: &Scenario, terms: &DemandTerms, rows: &Years<Cells<f64>>) -> Kept {
        let frame = &scenario.frame;
        same(Law::PathYears, rows.len() as i64, scenario.offsets().len() as i64, || scenario.id.clone())?;
        for (t, row) in rows.pairs() {
            for (cell, &pupils) in row.pairs() {
                let place = || place(frame, scenario.year_of(t), cell);
                between(Law::RollFinite, pupils, POSITIVE, place)?;
                if t == YearOffset::BASE {
                    near(Law::RollBase, pupils, f64::from(scenario.roll[cell]), place)?;
                }
            }
        }
        // x = pupils whom no listed estate implies; it is never cut at zero, as the pupils are
        let mut x = Cells::filled(frame.cells(), 0.0);
        for (cell, &roll) in scenario.roll.pairs() {
            x[cell] = f64::from(roll) - terms.stock[YearOffset::BASE][cell];
        }
        for t in scenario.coming() {
            x = moved_on(frame, terms, t, &x);
            for (cell, &x) in x.pairs() {
                let expected = (x + terms.stock[t][cell]).max(0.0);
                near(Law::RollMovesOn, rows[t][cell], expected, || place(frame, scenario.year_of(t), cell))?;
            }
        }
        Ok(())
    }
}

/// The step to year `t`: those who move up, the entrants of the pools, transitions, arrivals, less what pools hold of estates.
fn moved_on(frame: &Frame, terms: &DemandTerms, t: YearOffset, x: &Cells<f64>) -> Cells<f64> {
    let cells = frame.cells();
    let mut next = Cells::filled(cells, 0.0);
    for cell in cells.pairs() {
        let moved_up = frame.below(cell).map_or(0.0, |below| terms.progression[t][cell] * x[below]);
        next[cell] = moved_up + terms.inflow[t][cell] - terms.pooled[t][cell];
    }
    for pool in &terms.pools {
        next[pool.cell] += pool.weight[t] * pool.share[t] * pool.entry[t] * pool.children[t];
    }
    for term in &terms.transitions {
        let (last, first) = (frame.last_grade(term.from), frame.entry_grade(term.to));
        for &(from, to, share) in &term.shares {
            next[(to, first)] += share * term.rate[t][from] * x[(from, last)];
        }
    }
    next
}

fn place(frame: &Frame, year: i32, cell: CellId) -> String {
    let (z, g) = frame.cells().split(cell);
    format!("{} {} {year}", frame.zones[z].id, frame.grade_id(g))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn broken(change: impl FnOnce(&mut DemandTerms)) -> Law {
        let scenario = fixture::scenario();
        let mut terms = DemandTerms::new(&scenario);
        assert_eq!(terms.check(&scenario), Ok(()));
        change(&mut terms);
        terms.check(&scenario).unwrap_err().law
    }

    #[test]
    fn terms_that_no_projection_may_be_made_of_are_found() {
        let (t, cell) = (YearOffset::new(1), CellId::new(1));
        assert_eq!(broken(|terms| terms.progression[t][cell] = -0.1), Law::RatioProgression);
        assert_eq!(broken(|terms| terms.inflow[t][cell] = f64::NAN), Law::ArrivalsFinite);
        assert_eq!(broken(|terms| terms.pooled[t][cell] = 7.0), Law::EstatesPooled);
        assert_eq!(broken(|terms| terms.pools[0].weight[t] = 0.5), Law::PoolShares);
        assert_eq!(broken(|terms| terms.pools[0].share[t] = 1.5), Law::PoolPublic);
        assert_eq!(broken(|terms| terms.pools[0].entry[t] = f64::INFINITY), Law::PoolEntry);
        assert_eq!(broken(|terms| terms.pools[0].children[t] = -1.0), Law::PoolChildren);
        assert_eq!(broken(|terms| terms.transitions[0].rate[t][ZoneId::new(0)] = -1.0), Law::RatioTransition);
        assert_eq!(broken(|terms| terms.transitions[0].shares[0].2 = 0.9), Law::FlowShares);
    }

    #[test]
    fn pupils_that_come_from_nowhere_are_found() {
        let scenario = fixture::scenario();
        let terms = DemandTerms::new(&scenario);
        let check = |change: &dyn Fn(&mut Years<Cells<f64>>)| {
            let mut rows = CohortModel::from_terms(&scenario, &terms).central();
            change(&mut rows);
            CohortModel::check_rows(&scenario, &terms, &rows).map_err(|broken| broken.law)
        };
        let (t, cell) = (YearOffset::new(2), CellId::new(0));
        assert_eq!(check(&|_| ()), Ok(()));
        assert_eq!(check(&|rows| rows[YearOffset::BASE][cell] += 1.0), Err(Law::RollBase));
        assert_eq!(check(&|rows| rows[t][cell] = f64::NAN), Err(Law::RollFinite));
        assert_eq!(check(&|rows| rows[t][cell] += 0.01), Err(Law::RollMovesOn));
        assert_eq!(check(&|rows| rows.truncate(2)), Err(Law::PathYears));
    }
}
