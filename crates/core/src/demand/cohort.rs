//! The linear cohort step `N[t+1] = A N[t] + b`.
//!
//! Written on x = N - P, the pupils that no listed estate implies:
//!
//! ```text
//! x[t+1] = s[t+1] o (A[t+1] x[t] + b[t+1]) - q[t+1],      N[t] = max(0, x[t] + P[t])
//! ```
//!
//! | symbol | meaning | unit |
//! |---|---|---|
//! | A | progression r on the sub-diagonal, transition F k between stages | ratio |
//! | b | entrants u e C of the entry grades, pupils who come from no cohort of the scenario | pupils |
//! | s | shock factor of the draw, 1 on the central path | ratio |
//! | P, q | stock of estates; its part that the entry pools hold already | pupils |
//!
//! With x the housing term of docs/model.md, H = P' - r P (entry grade: (1 - `in_pool`) P), holds in every draw with that
//! draw's own ratio. The recursion is never rounded or cut at zero; only what is read off it is.

#![expect(clippy::inline_always, reason = "compiled for an instruction set only where it is inlined")]

use nalgebra_sparse::{CooMatrix, CsrMatrix};

use super::terms::DemandTerms;
use crate::{
    geography::Frame,
    grid::{CellId, Cells, Grid, View},
    index::{GradeId, Ids, Table, YearOffset, Years, ZoneId},
    scenario::Scenario,
};

/// One year's step.
#[derive(Debug, Clone, PartialEq)]
struct Step {
    a: CsrMatrix<f64>,
    b: Cells<f64>,
}

/// The cohort model of a scenario: a linear step a year.
#[derive(Debug, Clone, PartialEq)]
pub struct CohortModel {
    start: Cells<f64>,
    /// The step to each year after the base year.
    steps: Vec<Step>,
    stock: Years<Cells<f64>>,
    pooled: Years<Cells<f64>>,
}

impl CohortModel {
    /// The model of a scenario.
    pub fn new(scenario: &Scenario) -> Self {
        Self::from_terms(scenario, &DemandTerms::new(scenario))
    }

    /// The model with other terms than the scenario's own: how an explanation exchanges them.
    pub fn from_terms(scenario: &Scenario, terms: &DemandTerms) -> Self {
        let cells = scenario.frame.cells();
        let start = scenario
            .roll
            .iter()
            .zip(&*terms.stock[YearOffset::BASE])
            .map(|(&n, p)| f64::from(n) - p)
            .collect();
        let start = Grid::from_vec(cells, start);
        let steps = scenario.coming().map(|t| step(&scenario.frame, terms, t)).collect();
        Self { start, steps, stock: terms.stock.clone(), pooled: terms.pooled.clone() }
    }

    /// Projects the base roll. `shock(t, cell)` is the factor s of year t (from 1) in a cell.
    ///
    /// Returns unrounded pupils by year (0 = base year) and cell; the base year is the roll itself.
    pub fn project(&self, shock: impl Fn(YearOffset, CellId) -> f64) -> Years<Cells<f64>> {
        let mut projection = Projection::<1>::new(self);
        let mut years = Years::default();
        let cells = self.start.shape();
        let base =
            self.start.iter().zip(&*self.stock[YearOffset::BASE]).map(|(x, p)| (x + p).max(0.0)).collect();
        years.push(Grid::from_vec(cells, base));
        for t in Ids::of(1..self.steps.len() + 1) {
            let mut pupils = Vec::with_capacity(cells.count());
            for z in cells.rows() {
                let shock = |g, _| shock(t, cells.at(z, g));
                projection.step(t, z, shock, |_, [read]| pupils.push(*read));
            }
            projection.turn();
            years.push(Grid::from_vec(cells, pupils));
        }
        years
    }

    /// The central path: no shock.
    pub fn central(&self) -> Years<Cells<f64>> {
        self.project(|_, _| 1.0)
    }

    /// Pupils of a cell in year `t` whose path without shock is `central`, under a factor on all but its estates.
    #[inline(always)]
    pub fn drawn(&self, central: f64, t: YearOffset, cell: CellId, factor: f64) -> f64 {
        let estates = self.stock[t][cell] - self.pooled[t][cell];
        ((central - estates) * factor + estates).max(0.0)
    }
}

/// A block of `L` draws on its way through the years.
pub(crate) struct Projection<'m, const L: usize> {
    model: &'m CohortModel,
    /// x of the year reached, and of the next.
    x: Table<CellId, [f64; L]>,
    next: Table<CellId, [f64; L]>,
}

impl<'m, const L: usize> Projection<'m, L> {
    /// In the base year.
    pub(crate) fn new(model: &'m CohortModel) -> Self {
        let x: Table<CellId, [f64; L]> = model.start.iter().map(|&x| [x; L]).collect();
        Self { model, next: x.clone(), x }
    }

    /// Takes the cells of zone `z` to year `t`, the one after the year reached, and gives the pupils of each to
    /// `read(cell, pupils)`. `shock(grade, lane)` is the factor s.
    #[inline(always)]
    pub(crate) fn step(
        &mut self,
        t: YearOffset,
        z: ZoneId,
        shock: impl Fn(GradeId, usize) -> f64,
        mut read: impl FnMut(CellId, &[f64; L]),
    ) {
        let step = &self.model.steps[t.index() - 1];
        let cells = self.model.start.shape();
        for (g, cell) in cells.columns().zip(cells.row(z)) {
            let row = step.a.row(cell.index());
            let mut sum = [0.0; L];
            for (&from, &rate) in row.col_indices().iter().zip(row.values()) {
                let x = &self.x[CellId::new(from)];
                for lane in 0..L {
                    sum[lane] += rate * x[lane];
                }
            }
            let (b, pooled, stock) = (step.b[cell], self.model.pooled[t][cell], self.model.stock[t][cell]);
            // into arrays of its own, which no compiler takes for those that are read
            let (mut next, mut pupils) = ([0.0; L], [0.0; L]);
            for lane in 0..L {
                next[lane] = shock(g, lane) * (sum[lane] + b) - pooled;
                pupils[lane] = (next[lane] + stock).max(0.0);
            }
            self.next[cell] = next;
            read(cell, &pupils);
        }
    }

    /// Ends a year, once all cells are in the next.
    pub(crate) fn turn(&mut self) {
        std::mem::swap(&mut self.x, &mut self.next);
    }
}

fn step(frame: &Frame, terms: &DemandTerms, t: YearOffset) -> Step {
    let cells = frame.cells();
    let mut a = CooMatrix::new(cells.count(), cells.count());
    for (cell, &r) in terms.progression[t].pairs() {
        if let Some(below) = frame.below(cell) {
            a.push(cell.index(), below.index(), r);
        }
    }
    for transition in &terms.transitions {
        let (last, first) = (frame.last_grade(transition.from), frame.entry_grade(transition.to));
        for &(z, z2, share) in &transition.shares {
            let (to, from) = (cells.at(z2, first), cells.at(z, last));
            a.push(to.index(), from.index(), share * transition.rate[t][z]);
        }
    }
    let mut b = Cells::filled(cells, 0.0);
    for pool in &terms.pools {
        b[pool.cell] += pool.weight[t] * pool.share[t] * pool.entry[t] * pool.children[t];
    }
    for (b, inflow) in b.iter_mut().zip(&*terms.inflow[t]) {
        *b += inflow;
    }
    Step { a: CsrMatrix::from(&a), b }
}

/// Pupils of `zones` and `grades` in one year.
pub fn pupils_in(year: View<'_, ZoneId, GradeId, u32>, zones: &[ZoneId], grades: &Ids<GradeId>) -> u64 {
    let grades = grades.range();
    zones.iter().map(|&z| year.row(z)[grades.clone()].iter().map(|&n| u64::from(n)).sum::<u64>()).sum()
}

/// The same of unrounded pupils.
pub fn unrounded_in(year: &Cells<f64>, zones: &[ZoneId], grades: &Ids<GradeId>) -> f64 {
    let grades = grades.range();
    zones.iter().map(|&z| year.row(z)[grades.clone()].iter().sum::<f64>()).sum()
}
