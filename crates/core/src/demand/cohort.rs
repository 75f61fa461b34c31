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

use nalgebra::DVector;
use nalgebra_sparse::{CooMatrix, CsrMatrix};

use super::terms::DemandTerms;
use crate::{geography::Frame, scenario::Scenario};

/// One year's step.
#[derive(Debug, Clone, PartialEq)]
struct Step {
    a: CsrMatrix<f64>,
    b: Vec<f64>,
}

/// The cohort model of a scenario: a linear step a year.
#[derive(Debug, Clone, PartialEq)]
pub struct CohortModel {
    start: Vec<f64>,
    steps: Vec<Step>,
    stock: Vec<Vec<f64>>,
    pooled: Vec<Vec<f64>>,
}

impl CohortModel {
    /// The model of a scenario.
    pub fn new(scenario: &Scenario) -> Self {
        Self::from_terms(scenario, &DemandTerms::new(scenario))
    }

    /// The model with other terms than the scenario's own: how an explanation exchanges them.
    pub fn from_terms(scenario: &Scenario, terms: &DemandTerms) -> Self {
        let start = scenario.roll.iter().zip(&terms.stock[0]).map(|(&n, p)| f64::from(n) - p).collect();
        let steps = (1..=scenario.years_ahead()).map(|t| step(&scenario.frame, terms, t)).collect();
        Self { start, steps, stock: terms.stock.clone(), pooled: terms.pooled.clone() }
    }

    /// Projects the base roll. `shock(t, cell)` is the factor s of year t (from 1) in a cell.
    ///
    /// Returns unrounded pupils by year (0 = base year) and cell; the base year is the roll itself.
    pub fn project(&self, shock: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
        let mut projection = Projection::<1>::new(self);
        let mut years = Vec::with_capacity(self.steps.len() + 1);
        years.push(self.start.iter().zip(&self.stock[0]).map(|(x, p)| (x + p).max(0.0)).collect());
        for t in 1..=self.steps.len() {
            let mut pupils = Vec::with_capacity(self.start.len());
            let shock = |cell, _| shock(t, cell);
            projection.step(t, 0..self.start.len(), shock, |_, [read]| pupils.push(*read));
            projection.turn();
            years.push(pupils);
        }
        years
    }

    /// The central path: no shock.
    pub fn central(&self) -> Vec<Vec<f64>> {
        self.project(|_, _| 1.0)
    }

    /// Pupils of a cell in year `t` whose path without shock is `central`, under a factor on all but its estates.
    #[inline(always)]
    pub fn drawn(&self, central: f64, t: usize, cell: usize, factor: f64) -> f64 {
        let estates = self.stock[t][cell] - self.pooled[t][cell];
        ((central - estates) * factor + estates).max(0.0)
    }
}

/// A block of `L` draws on its way through the years.
pub(crate) struct Projection<'m, const L: usize> {
    model: &'m CohortModel,
    /// x of the year reached, and of the next.
    x: Vec<[f64; L]>,
    next: Vec<[f64; L]>,
}

impl<'m, const L: usize> Projection<'m, L> {
    /// In the base year.
    pub(crate) fn new(model: &'m CohortModel) -> Self {
        let x: Vec<[f64; L]> = model.start.iter().map(|&x| [x; L]).collect();
        Self { model, next: x.clone(), x }
    }

    /// Takes `cells` to year `t`, the one after the year reached, and gives the pupils of each to `read(cell, pupils)`.
    /// `shock(cell, lane)` is the factor s.
    #[inline(always)]
    pub(crate) fn step(
        &mut self,
        t: usize,
        cells: std::ops::Range<usize>,
        shock: impl Fn(usize, usize) -> f64,
        mut read: impl FnMut(usize, &[f64; L]),
    ) {
        let step = &self.model.steps[t - 1];
        for cell in cells {
            let row = step.a.row(cell);
            let mut sum = [0.0; L];
            for (&from, &rate) in row.col_indices().iter().zip(row.values()) {
                let x = &self.x[from];
                for lane in 0..L {
                    sum[lane] += rate * x[lane];
                }
            }
            let (b, pooled, stock) = (step.b[cell], self.model.pooled[t][cell], self.model.stock[t][cell]);
            // into arrays of its own, which no compiler takes for those that are read
            let (mut next, mut pupils) = ([0.0; L], [0.0; L]);
            for lane in 0..L {
                next[lane] = shock(cell, lane) * (sum[lane] + b) - pooled;
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

fn step(frame: &Frame, terms: &DemandTerms, t: usize) -> Step {
    let (grades, cells) = (frame.grade_count(), frame.cell_count());
    let mut a = CooMatrix::new(cells, cells);
    for (cell, &r) in terms.progression[t].iter().enumerate() {
        if frame.stage_of(cell % grades).1 > 0 {
            a.push(cell, cell - 1, r);
        }
    }
    for transition in &terms.transitions {
        let last = frame.grades_of(transition.from).end - 1;
        let first = frame.grades_of(transition.to).start;
        for &(z, z2, share) in &transition.shares {
            a.push(z2 * grades + first, z * grades + last, share * transition.rate[t][z]);
        }
    }
    let mut b = DVector::zeros(cells);
    for pool in &terms.pools {
        b[pool.cell] += pool.weight[t] * pool.share[t] * pool.entry[t] * pool.children[t];
    }
    for (b, inflow) in b.iter_mut().zip(&terms.inflow[t]) {
        *b += inflow;
    }
    Step { a: CsrMatrix::from(&a), b: b.as_slice().to_vec() }
}

/// Pupils of `area`'s zones in a row of cells.
pub fn pupils_in(frame: &Frame, cells: &[u32], zones: &[usize], grades: std::ops::Range<usize>) -> u64 {
    let width = frame.grade_count();
    zones
        .iter()
        .map(|z| {
            cells[z * width + grades.start..z * width + grades.end].iter().map(|&n| u64::from(n)).sum::<u64>()
        })
        .sum()
}

/// The same of a row of unrounded cells.
pub fn unrounded_in(frame: &Frame, cells: &[f64], zones: &[usize], grades: std::ops::Range<usize>) -> f64 {
    let width = frame.grade_count();
    zones.iter().map(|z| cells[z * width + grades.start..z * width + grades.end].iter().sum::<f64>()).sum()
}
