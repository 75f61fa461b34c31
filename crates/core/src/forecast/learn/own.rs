//! Own deviations: how far the ratios of an area, or a school, depart from its parent's.
//!
//! ```text
//! d[i,g]   = Huber mean over years of (L - m), weights 0.8^(T-t) / v
//! d        = b[i] + c[i,g]                                      tendency of all grades + of one grade
//! V(d)     = sampling variance, or the scatter over the years where that says more
//! V(b)     = 1 / sum 1/(V(d) + tau_c^2) + s_u^2 / years         s_u: shock of a year common to the unit's grades
//! kept     = x - cut(x V / (tau^2 + V)),  cut at 0.7 sqrt(V)    for x = b, c;  b at most 4 tau_b
//! ```
//!
//! | symbol | meaning |
//! |---|---|
//! | `tau_b`, `tau_c` | spread of the true b and c over the units (robust moments): what shrinkage goes by |
//! | V | error variance of b or c from a unit's own years: large for small cohorts, one year, or broken years |
//!
//! Small units are shrunk to their parent; large and steady ones keep their own ratios. The pull is limited to 0.7 of a
//! standard error (Efron and Morris 1971), since a few units truly differ: a high school that draws from its neighbours.
//! A tendency of all grades compounds year by year, so one beyond four times its spread is a school that is filling or
//! emptying, not a lasting ratio.

use super::{
    learner::{Ingredient, Learner},
    ratios::Observed,
    robust::{Point, huber, mad, median},
};
use crate::{
    grid::{Grid, Shape},
    index::{ChainGrade, Ids, PastYear, Table, UnitId},
};

/// Weight of a year against the next in a unit's own deviation.
pub(super) const MEMORY: f64 = 0.8;
/// Weight of the working variance against the observed scatter, in years.
const VARIANCE_YEARS: f64 = 3.0;
/// Standard errors by which an estimate is drawn to its parent at most.
const PULL: f64 = 0.7;
/// Largest tendency of all grades that is believed, in spreads.
const TENDENCY: f64 = 4.0;
/// Shock of a unit's year until it is learnt, squared.
const YEAR_SHOCK: f64 = 0.03 * 0.03;

/// Figures by unit and grade.
type ByUnit = Grid<UnitId, ChainGrade, f64>;

/// Own deviations of units from their parents, by unit and grade.
#[derive(Debug, Clone)]
pub(super) struct Own {
    value: ByUnit,
    raw: ByUnit,
    years: f64,
    tendency_var: Table<UnitId, f64>,
    single_var: ByUnit,
}

/// The raw deviations before they are shrunk.
struct Raw {
    value: ByUnit,
    var: ByUnit,
}

impl Own {
    /// No deviation at all.
    pub(super) fn none(shape: Shape<UnitId, ChainGrade>) -> Self {
        let zero = ByUnit::filled(shape, 0.0);
        Self {
            value: zero.clone(),
            raw: zero.clone(),
            years: 1.0,
            tendency_var: Table::filled(shape.rows().len(), 0.0),
            single_var: zero,
        }
    }

    /// Deviation of `unit` in the log ratio into grade `g`.
    pub(super) fn get(&self, unit: UnitId, g: ChainGrade) -> f64 {
        self.value[(unit, g)]
    }

    /// The deviation before it was drawn to the parent; NaN where none was observed.
    pub(super) fn raw(&self, unit: UnitId, g: ChainGrade) -> f64 {
        self.raw[(unit, g)]
    }

    /// Years the discounted weights are worth.
    pub(super) fn years(&self) -> f64 {
        self.years
    }

    /// Remaining variance of a unit's tendency.
    pub(super) fn tendency_var(&self, unit: UnitId) -> f64 {
        self.tendency_var[unit]
    }

    /// Remaining variance of its departure in one grade.
    pub(super) fn single_var(&self, unit: UnitId, g: ChainGrade) -> f64 {
        self.single_var[(unit, g)]
    }

    /// Deviations learnt from `excess`, the log ratios less the parent's of the same year.
    pub(super) fn learn(excess: &Observed, learner: Learner) -> Self {
        let shape = excess.units_and_grades();
        if shape.rows().len() < 2 || !learner.has(Ingredient::Own) {
            return Self::none(shape);
        }
        let raw = raw(excess, learner.huber());
        let years = kish_years(excess.years().len() - 1);
        let mut tau_c = Table::filled(shape.columns().len(), 0.02 * 0.02);
        let year_shock = year_shock(excess, &raw, years);
        let mut tendency = Tendency::default();
        // the spread of single grades says which of them speak for the tendency, and the other way round
        for _ in 0..2 {
            tendency = Tendency::of(&raw, &tau_c, year_shock / years, learner.huber());
            for (g, tau) in shape.columns().zip(tau_c.iter_mut()).skip(1) {
                *tau = spread(shape.rows(), |unit| {
                    let at = (unit, g);
                    (raw.value[at] - tendency.value[unit], raw.var[at])
                })
                .max(1e-4);
            }
        }
        let mut own = Self { years, ..Self::none(shape) };
        let most = TENDENCY * tendency.spread.sqrt().max(0.01);
        let most = learner.or(Ingredient::Filling, most, f64::INFINITY);
        let pull =
            learner.or(Ingredient::PullLimit, learner.or(Ingredient::Shrinkage, PULL, 0.0), f64::INFINITY);
        for unit in shape.rows() {
            let (b, b_var) = shrunk(tendency.value[unit], tendency.spread, tendency.var[unit], pull);
            let b = b.clamp(-most, most);
            own.tendency_var[unit] = b_var;
            for (g, tau) in tau_c.pairs().skip(1) {
                let at = (unit, g);
                let known = raw.value[at].is_finite();
                let single = if known { raw.value[at] - tendency.value[unit] } else { f64::NAN };
                let var = if known { raw.var[at] } else { f64::INFINITY };
                let (c, c_var) = shrunk(single, *tau, var, pull);
                own.value[at] = b + c;
                own.single_var[at] = c_var;
            }
        }
        own.raw = raw.value;
        own
    }
}

/// Estimate and remaining variance of a deviation `x` with variance `var` whose true spread is `tau` squared, drawn to its
/// parent by at most `pull` standard errors. What was not observed (NaN) is its parent's.
fn shrunk(x: f64, tau: f64, var: f64, pull: f64) -> (f64, f64) {
    if !x.is_finite() || !var.is_finite() {
        return (0.0, tau);
    }
    let most = pull * var.sqrt();
    (x - (x * var / (tau + var)).clamp(-most, most), tau * var / (tau + var))
}

/// Square of the robust spread of the true values behind `x`, each known with a variance.
fn spread(units: Ids<UnitId>, x: impl Fn(UnitId) -> (f64, f64)) -> f64 {
    let (mut values, mut vars): (Vec<f64>, Vec<f64>) =
        units.map(x).filter(|(value, _)| value.is_finite()).unzip();
    if values.len() < 2 {
        return 0.0;
    }
    let sd = mad(&mut values, 0.0);
    (sd * sd - median(&mut vars)).max(0.0)
}

/// Years that the discounted weights are worth.
fn kish_years(years: usize) -> f64 {
    let (mut sum, mut discount) = (0.0, 1.0);
    for _ in 0..years {
        sum += discount;
        discount *= MEMORY;
    }
    f64::max(sum, 1.0)
}

fn raw(excess: &Observed, k: f64) -> Raw {
    let unknown = ByUnit::filled(excess.units_and_grades(), f64::NAN);
    let mut raw = Raw { value: unknown.clone(), var: unknown };
    let (mut points, mut scratch) = (Vec::new(), Vec::new());
    for unit in excess.units() {
        for g in excess.grades().skip(1) {
            points.clear();
            let (mut discount, mut weight, mut squares) = (1.0, 0.0, 0.0);
            let (mut d1, mut d2) = (0.0, 0.0);
            for t in excess.years().skip(1).rev() {
                let at = (unit, t, g);
                if excess.value[at].is_finite() {
                    let var = excess.var[at];
                    let w = discount / var;
                    points.push(Point { value: excess.value[at], weight: w, sd: var.sqrt() });
                    weight += w;
                    squares += w * w * var;
                    d1 += discount;
                    d2 += discount * discount;
                }
                discount *= MEMORY;
            }
            if points.is_empty() {
                continue;
            }
            let mean = huber(&points, k, &mut scratch);
            let at = (unit, g);
            raw.value[at] = mean.value;
            raw.var[at] = squares / (weight * weight);
            if points.len() >= 2 {
                let years = d1 * d1 / d2;
                let scatter = points
                    .iter()
                    .map(|p| p.weight * (p.value - mean.value) * (p.value - mean.value))
                    .sum::<f64>()
                    / weight
                    / f64::max(years - 1.0, 0.5);
                let pooled = (VARIANCE_YEARS * raw.var[at] + years * scatter) / (VARIANCE_YEARS + years);
                raw.var[at] = f64::max(raw.var[at], pooled);
            }
        }
    }
    raw
}

/// Weight of each year in the raw deviation of a unit in grade `g`; they add to 1.
pub(super) fn year_weights(excess: &Observed, unit: UnitId, g: ChainGrade, k: f64) -> Vec<(PastYear, f64)> {
    let (mut points, mut years, mut discount) = (Vec::new(), Vec::new(), 1.0);
    for t in excess.years().skip(1).rev() {
        let at = (unit, t, g);
        if excess.value[at].is_finite() {
            let (value, var) = (excess.value[at], excess.var[at]);
            points.push(Point { value, weight: discount / var, sd: var.sqrt() });
            years.push(t);
        }
        discount *= MEMORY;
    }
    let mean = huber(&points, k, &mut Vec::new());
    let robust = |p: &Point| p.weight * mean.counted(p, k);
    let total: f64 = points.iter().map(robust).sum();
    years.into_iter().zip(points.iter().map(|p| robust(p) / total)).rev().collect()
}

/// Variance of the shock that all grades of a unit share in a year, beyond what their cohorts explain.
fn year_shock(excess: &Observed, raw: &Raw, years: f64) -> f64 {
    let (mut shocks, mut vars) = (Vec::new(), Vec::new());
    for unit in excess.units() {
        for t in excess.years().skip(1) {
            let (mut sum, mut weight) = (0.0, 0.0);
            for g in excess.grades().skip(1) {
                let at = (unit, t, g);
                if excess.value[at].is_finite() {
                    sum += (excess.value[at] - raw.value[(unit, g)]) / excess.var[at];
                    weight += 1.0 / excess.var[at];
                }
            }
            if weight > 0.0 {
                shocks.push(sum / weight);
                vars.push(1.0 / weight);
            }
        }
    }
    if shocks.len() <= 10 {
        return YEAR_SHOCK;
    }
    let sd = mad(&mut shocks, 0.0);
    // the mean was taken from the same years, so the rest is too small by its share
    ((sd * sd - median(&mut vars)) * years / f64::max(years - 1.0, 0.5)).clamp(1e-5, 0.01)
}

/// The tendency of all grades of each unit.
#[derive(Default)]
struct Tendency {
    value: Table<UnitId, f64>,
    var: Table<UnitId, f64>,
    spread: f64,
}

impl Tendency {
    fn of(raw: &Raw, tau_c: &Table<ChainGrade, f64>, shock: f64, k: f64) -> Self {
        let units = raw.value.shape().rows();
        let (mut points, mut scratch) = (Vec::new(), Vec::new());
        let mut out = Self {
            value: Table::filled(units.len(), 0.0),
            var: Table::filled(units.len(), f64::INFINITY),
            spread: 0.0,
        };
        for unit in units.clone() {
            points.clear();
            for (g, tau) in tau_c.pairs().skip(1) {
                let at = (unit, g);
                if raw.value[at].is_finite() {
                    let var = raw.var[at] + tau;
                    points.push(Point { value: raw.value[at], weight: 1.0 / var, sd: var.sqrt() });
                }
            }
            if !points.is_empty() {
                let weight: f64 = points.iter().map(|p| p.weight).sum();
                out.value[unit] = huber(&points, k, &mut scratch).value;
                out.var[unit] = 1.0 / weight + shock;
            }
        }
        out.spread = spread(units, |unit| {
            (if out.var[unit].is_finite() { out.value[unit] } else { f64::NAN }, out.var[unit])
        });
        out
    }
}
