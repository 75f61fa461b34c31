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
use crate::forecast::history::Panel;

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

/// Numbers by unit, year and grade with their variances; NaN where nothing was observed.
#[derive(Debug, Clone)]
pub(super) struct Observed {
    pub(super) units: usize,
    pub(super) years: usize,
    pub(super) grades: usize,
    pub(super) value: Vec<f64>,
    pub(super) var: Vec<f64>,
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
    pub(super) fn at(&self, unit: usize, t: usize, g: usize) -> usize {
        (unit * self.years + t) * self.grades + g
    }

    pub(super) fn get(&self, unit: usize, t: usize, g: usize) -> f64 {
        self.value[self.at(unit, t, g)]
    }

    /// Log ratios of a panel.
    pub(super) fn log_ratios(rolls: &Panel, variance: WorkingVariance) -> Self {
        let (units, years, grades) = (rolls.units(), rolls.years(), rolls.grades());
        let n = units * years * grades;
        let mut out = Self { units, years, grades, value: vec![f64::NAN; n], var: vec![f64::NAN; n] };
        for unit in 0..units {
            for t in 1..years {
                let (before, now) = (rolls.row(unit, t - 1), rolls.row(unit, t));
                for g in 1..grades {
                    if before[g - 1] >= SMALLEST_COHORT && now[g] > 0.0 {
                        let at = out.at(unit, t, g);
                        out.value[at] = libm::log(now[g] / before[g - 1]).clamp(-CUT, CUT);
                        out.var[at] = variance.noise / before[g - 1] + variance.floor * variance.floor;
                    }
                }
            }
        }
        out
    }

    /// Splits two-year ratios over a year that was not counted; `level` are the usual log ratios by grade.
    fn bridge(&mut self, rolls: &Panel, level: &[f64], variance: WorkingVariance) -> bool {
        let mut any = false;
        for unit in 0..self.units {
            for t in 2..self.years {
                if rolls.any(unit, t - 1) || !rolls.any(unit, t) || !rolls.any(unit, t - 2) {
                    continue;
                }
                for g in 2..self.grades {
                    let (before, now) = (rolls.get(unit, t - 2, g - 2), rolls.get(unit, t, g));
                    if before >= SMALLEST_COHORT && now > 0.0 {
                        let both = libm::log(now / before).clamp(-CUT, CUT);
                        let rest = (both - level[g] - level[g - 1]) / 2.0;
                        let var = variance.noise / before + variance.floor * variance.floor;
                        for (t, g) in [(t, g), (t - 1, g - 1)] {
                            let at = self.at(unit, t, g);
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
    years: usize,
    value: Vec<f64>,
    var: Vec<f64>,
}

impl Common {
    /// Common log ratio into grade `g` in year `t`, and its variance; NaN where no area has one.
    pub(super) fn get(&self, g: usize, t: usize) -> (f64, f64) {
        (self.value[g * self.years + t], self.var[g * self.years + t])
    }

    fn new(ratios: &Observed, spread: &[f64], learner: Learner) -> Self {
        let n = ratios.grades * ratios.years;
        let mut out = Self { years: ratios.years, value: vec![f64::NAN; n], var: vec![f64::NAN; n] };
        let (mut points, mut scratch) = (Vec::new(), Vec::new());
        for (g, spread) in spread.iter().enumerate().skip(1) {
            for t in 1..ratios.years {
                points.clear();
                for unit in 0..ratios.units {
                    let at = ratios.at(unit, t, g);
                    if ratios.value[at].is_finite() {
                        let var = ratios.var[at] + spread * spread;
                        points.push(Point { value: ratios.value[at], weight: 1.0 / var, sd: var.sqrt() });
                    }
                }
                if !points.is_empty() {
                    let mean = huber(&points, learner.huber(), &mut scratch);
                    out.value[g * out.years + t] = mean.value;
                    out.var[g * out.years + t] = 1.0 / mean.weight;
                }
            }
        }
        out
    }

    /// Spread of the areas' mean departures from the common ratio, by grade, beyond what their cohorts explain.
    fn spread(&self, ratios: &Observed) -> Vec<f64> {
        let mut spread = vec![SPREAD; ratios.grades];
        for (g, spread) in spread.iter_mut().enumerate().skip(1) {
            let (mut mean, mut var) = (Vec::new(), Vec::new());
            for unit in 0..ratios.units {
                let (mut sum, mut weight) = (0.0, 0.0);
                for t in 1..ratios.years {
                    let at = ratios.at(unit, t, g);
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
    let first = Common::new(&ratios, &vec![SPREAD; ratios.grades], learner);
    let mut scratch = Vec::new();
    let level: Vec<f64> = (0..ratios.grades)
        .map(|g| {
            scratch.clear();
            scratch.extend((1..ratios.years).map(|t| first.get(g, t).0).filter(|m| m.is_finite()));
            median(&mut scratch)
        })
        .collect();
    let bridged = learner.has(Ingredient::Gaps) && ratios.bridge(rolls, &level, WorkingVariance::AREA);
    let spread = if bridged {
        Common::new(&ratios, &vec![SPREAD; ratios.grades], learner).spread(&ratios)
    } else {
        first.spread(&ratios)
    };
    let common = Common::new(&ratios, &spread, learner);
    (ratios, common)
}
