//! Log ratios of cohorts, and the ratio that all areas share in a year.
//!
//! ```text
//! L[i,g,t] = ln(N[i,g,t] / N[i,g-1,t-1])                       where the cohort had at least 5 pupils
//! v        = 0.12 / N[i,g-1,t-1] + 0.01^2                      working variance
//! m[g,t]   = Huber mean over areas of L, weights 1 / (v + tau_g^2)
//! ```
//!
//! | symbol | meaning |
//! |---|---|
//! | L | log ratio, cut at 2.5 either way (a factor of 12) |
//! | `tau_g` | spread of the areas' lasting ratios in grade g, learnt; large where a grade is entered from elsewhere |
//! | m | common log ratio of a year, variance 1 / (sum of the robust weights) |
//!
//! A year that was not counted takes two years of ratios with it. Where the cohort is known on both sides of the hole, its
//! two-year ratio is split in proportion to the usual ratios, so that the hole costs half of what it would.

use super::{
    learner::{Ingredient, Learner},
    robust::{Point, huber, mad, median},
};
use crate::{
    forecast::history::Panel,
    grid::{Grid, Grid3, Shape},
    index::{ChainGrade, Ids, PastYear, Table, UnitId},
};

/// Smallest cohort whose ratio is read.
pub(super) const SMALLEST_COHORT: f64 = 5.0;
/// Largest log ratio that is believed.
const CUT: f64 = 2.5;
/// Standard deviations beyond which an area, or an area's year less what all share, counts less: only gross errors.
pub(super) const HUBER: f64 = 3.0;
/// The same of a year of what all areas share: there a year that broke for all of them shows.
pub(super) const BROKEN_YEAR: f64 = 2.0;
/// Spread of the areas' ratios until it is learnt.
const SPREAD: f64 = 0.02;

/// Numbers with their variances; NaN where nothing was observed.
#[derive(Debug, Clone)]
pub(super) struct Observed {
    pub(super) value: Grid3<UnitId, PastYear, ChainGrade, f64>,
    pub(super) var: Grid3<UnitId, PastYear, ChainGrade, f64>,
}

/// Working variance of a log ratio: noise / cohort + floor^2.
#[derive(Debug, Clone, Copy)]
pub(super) struct WorkingVariance {
    pub(super) noise: f64,
    pub(super) floor: f64,
}

impl WorkingVariance {
    /// For areas.
    pub(super) const AREA: Self = Self { noise: 0.12, floor: 0.01 };
    /// For schools, whose ratios also carry moves between schools.
    pub(super) const SCHOOL: Self = Self { noise: 0.18, floor: 0.02 };
}

impl Observed {
    pub(super) fn units(&self) -> Ids<UnitId> {
        self.value.ids()
    }

    pub(super) fn years(&self) -> Ids<PastYear> {
        self.value.shape().rows()
    }

    pub(super) fn grades(&self) -> Ids<ChainGrade> {
        self.value.shape().columns()
    }

    pub(super) fn units_and_grades(&self) -> Shape<UnitId, ChainGrade> {
        Shape::new(self.units().len(), self.grades().len())
    }

    pub(super) fn get(&self, unit: UnitId, t: PastYear, g: ChainGrade) -> f64 {
        self.value[(unit, t, g)]
    }

    /// Log ratios of a panel.
    pub(super) fn log_ratios(rolls: &Panel, variance: WorkingVariance) -> Self {
        let shape = Shape::new(rolls.years().len(), rolls.grades().len());
        let unknown = Grid3::filled(rolls.units().len(), shape, f64::NAN);
        let mut out = Self { value: unknown.clone(), var: unknown };
        for unit in out.units() {
            for t in out.years().skip(1) {
                for g in out.grades().skip(1) {
                    let (before, now) = (rolls.get(unit, t.minus(1), g.minus(1)), rolls.get(unit, t, g));
                    if before >= SMALLEST_COHORT && now > 0.0 {
                        let at = (unit, t, g);
                        out.value[at] = libm::log(now / before).clamp(-CUT, CUT);
                        out.var[at] = variance.noise / before + variance.floor * variance.floor;
                    }
                }
            }
        }
        out
    }

    /// Splits two-year ratios over a year that was not counted; `level` are the usual log ratios by grade.
    fn bridge(&mut self, rolls: &Panel, level: &Table<ChainGrade, f64>, variance: WorkingVariance) -> bool {
        let mut any = false;
        for unit in self.units() {
            for t in self.years().skip(2) {
                if rolls.any(unit, t.minus(1)) || !rolls.any(unit, t) || !rolls.any(unit, t.minus(2)) {
                    continue;
                }
                for g in self.grades().skip(2) {
                    let (before, now) = (rolls.get(unit, t.minus(2), g.minus(2)), rolls.get(unit, t, g));
                    if before >= SMALLEST_COHORT && now > 0.0 {
                        let both = libm::log(now / before).clamp(-CUT, CUT);
                        let rest = (both - level[g] - level[g.minus(1)]) / 2.0;
                        let var = variance.noise / before + variance.floor * variance.floor;
                        for (t, g) in [(t, g), (t.minus(1), g.minus(1))] {
                            let at = (unit, t, g);
                            self.value[at] = level[g] + rest;
                            self.var[at] = var;
                            any = true;
                        }
                    }
                }
            }
        }
        any
    }
}

/// Common log ratio of each grade and year.
#[derive(Debug, Clone)]
pub(super) struct Common {
    value: Grid<ChainGrade, PastYear, f64>,
    var: Grid<ChainGrade, PastYear, f64>,
}

impl Common {
    /// Common log ratio into grade `g` in year `t`, and its variance; NaN where no area has one.
    pub(super) fn get(&self, g: ChainGrade, t: PastYear) -> (f64, f64) {
        (self.value[(g, t)], self.var[(g, t)])
    }

    fn new(ratios: &Observed, spread: &Table<ChainGrade, f64>, learner: Learner) -> Self {
        let unknown = Grid::filled(Shape::new(ratios.grades().len(), ratios.years().len()), f64::NAN);
        let mut out = Self { value: unknown.clone(), var: unknown };
        let (mut points, mut scratch) = (Vec::new(), Vec::new());
        for (g, spread) in spread.pairs().skip(1) {
            for t in ratios.years().skip(1) {
                points.clear();
                for unit in ratios.units() {
                    let at = (unit, t, g);
                    if ratios.value[at].is_finite() {
                        let var = ratios.var[at] + spread * spread;
                        points.push(Point { value: ratios.value[at], weight: 1.0 / var, sd: var.sqrt() });
                    }
                }
                if !points.is_empty() {
                    let mean = huber(&points, learner.huber(), &mut scratch);
                    out.value[(g, t)] = mean.value;
                    out.var[(g, t)] = 1.0 / mean.weight;
                }
            }
        }
        out
    }

    /// Spread of the areas' mean departures from the common ratio, by grade, beyond what their cohorts explain.
    fn spread(&self, ratios: &Observed) -> Table<ChainGrade, f64> {
        let mut spread = Table::filled(ratios.grades().len(), SPREAD);
        for (g, spread) in ratios.grades().zip(spread.iter_mut()).skip(1) {
            let (mut mean, mut var) = (Vec::new(), Vec::new());
            for unit in ratios.units() {
                let (mut sum, mut weight) = (0.0, 0.0);
                for t in ratios.years().skip(1) {
                    let at = (unit, t, g);
                    if ratios.value[at].is_finite() {
                        sum += (ratios.value[at] - self.get(g, t).0) / ratios.var[at];
                        weight += 1.0 / ratios.var[at];
                    }
                }
                if weight > 0.0 {
                    mean.push(sum / weight);
                    var.push(1.0 / weight);
                }
            }
            if mean.len() >= 4 {
                let sd = mad(&mut mean, 0.0);
                *spread = (sd * sd - median(&mut var)).max(0.0).sqrt().clamp(0.01, 0.5);
            }
        }
        spread
    }
}

/// Log ratios of the areas and what they share.
pub(super) fn areas(rolls: &Panel, learner: Learner) -> (Observed, Common) {
    let mut ratios = Observed::log_ratios(rolls, WorkingVariance::AREA);
    let usual = Table::filled(ratios.grades().len(), SPREAD);
    let first = Common::new(&ratios, &usual, learner);
    let mut scratch = Vec::new();
    let level: Table<ChainGrade, f64> = ratios
        .grades()
        .map(|g| {
            scratch.clear();
            scratch.extend(ratios.years().skip(1).map(|t| first.get(g, t).0).filter(|m| m.is_finite()));
            median(&mut scratch)
        })
        .collect();
    let bridged = learner.has(Ingredient::Gaps) && ratios.bridge(rolls, &level, WorkingVariance::AREA);
    let spread =
        if bridged { Common::new(&ratios, &usual, learner).spread(&ratios) } else { first.spread(&ratios) };
    let common = Common::new(&ratios, &spread, learner);
    (ratios, common)
}
