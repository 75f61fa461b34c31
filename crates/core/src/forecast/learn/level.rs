//! The level of a yearly series, and how long a memory it asks for.
//!
//! ```text
//! level_lam(T)  = Huber mean over years of m[t], weights lam^(T-t) / (var m[t] + 0.01^2)
//! trend         = level_0.6, moved on by the median slope of the last six years, damped 0.7 a year
//! weight of k   ~ prior_k (S_k / min S)^(-n/2),     S_k = sum of squared one-step errors of k in the history
//! ```
//!
//! | symbol | meaning |
//! |---|---|
//! | lam | memory: the weight of a year against the next |
//! | `S_k` | of the grade itself and of all grades, in equal parts (mean of logarithms) |
//! | n | years tested, each by the years before it |
//!
//! A long memory is best while nothing changes and lags when something does; no fixed one serves both. So each grade
//! takes the mean of several, weighted by how well each would have foretold the years that are already known: the
//! marginal likelihood of each memory, with a prior for the long one. With fewer than two tests the prior stands alone.

use super::{
    learner::{Ingredient, Learner},
    ratios::Common,
    robust::{Mean, Point, huber, median},
};

/// A way to read the level of a series.
#[derive(Debug, Clone, Copy)]
struct Memory {
    lam: f64,
    /// Whether the recent slope is followed.
    trend: bool,
    prior: f64,
}

const MEMORIES: [Memory; 6] = [
    Memory { lam: 0.25, trend: false, prior: 0.01 },
    Memory { lam: 0.40, trend: false, prior: 0.03 },
    Memory { lam: 0.60, trend: false, prior: 0.10 },
    Memory { lam: 0.85, trend: false, prior: 0.70 },
    Memory { lam: 1.00, trend: false, prior: 0.09 },
    Memory { lam: 0.60, trend: true, prior: 0.07 },
];
const LONG: usize = 3;

/// Years a slope is read from.
const SLOPE_YEARS: usize = 6;
/// What is left of a slope a year later.
pub(super) const DAMPING: f64 = 0.7;
/// Year-to-year variance of a common ratio that cohorts do not explain.
const YEAR_VARIANCE: f64 = 1e-4;
/// Added to a squared error: smaller ones tell nothing.
const NOTHING: f64 = 1e-6;

/// Level of the common log ratio of one grade.
#[derive(Debug, Clone, Default)]
pub(super) struct Level {
    /// Level at the origin.
    pub(super) value: f64,
    /// Yearly change, for the first year ahead.
    pub(super) slope: f64,
    /// Variance of the level.
    pub(super) var: f64,
    /// Whether any year was observed.
    pub(super) known: bool,
    /// Weight of each year in the level, by year; they add to 1 where anything is known (a trend apart).
    pub(super) year_weight: Vec<f64>,
}

impl Level {
    /// Log ratio `h` years ahead.
    pub(super) fn ahead(&self, h: usize) -> f64 {
        self.value + self.slope * damped_years(h)
    }
}

/// 1 + d + d^2 + ... of `h` years.
pub(super) fn damped_years(h: usize) -> f64 {
    let (mut sum, mut step) = (0.0, 1.0);
    for _ in 0..h {
        sum += step;
        step *= DAMPING;
    }
    sum
}

/// Levels of every grade.
pub(super) fn levels(common: &Common, grades: usize, years: usize, learner: Learner) -> Vec<Level> {
    let mut reader = Reader { common, huber: learner.huber(), points: Vec::new(), scratch: Vec::new() };
    let last = years - 1;
    let mut log_errors = vec![[0.0; MEMORIES.len()]; grades];
    let mut tests = vec![0; grades];
    let (mut pooled, mut counted) = ([0.0; MEMORIES.len()], 0.0);
    for g in 1..grades {
        let mut sums = [0.0; MEMORIES.len()];
        for t in 2..=last {
            let actual = common.get(g, t).0;
            if !actual.is_finite() {
                continue;
            }
            let Some(foretold) = reader.one_step(g, t - 1) else { continue };
            tests[g] += 1;
            for (sum, forecast) in sums.iter_mut().zip(foretold) {
                *sum += (actual - forecast) * (actual - forecast) + NOTHING;
            }
        }
        if tests[g] > 0 {
            let best = sums.iter().copied().fold(f64::INFINITY, f64::min);
            log_errors[g] = sums.map(|s| libm::log(s / best));
            for (p, e) in pooled.iter_mut().zip(log_errors[g]) {
                *p += e;
            }
            counted += 1.0;
        }
    }
    (0..grades)
        .map(|g| {
            let tested = learner.or(Ingredient::Memories, tests[g], 0);
            let weights = weights(&log_errors[g], &pooled.map(|p| p / f64::max(counted, 1.0)), tested);
            reader.mixed(g, last, &weights)
        })
        .collect()
}

fn weights(own: &[f64], pooled: &[f64], tests: usize) -> [f64; MEMORIES.len()] {
    let mut weights = [0.0; MEMORIES.len()];
    if tests < 2 {
        weights[LONG] = 1.0;
        return weights;
    }
    for (k, memory) in MEMORIES.iter().enumerate() {
        weights[k] = memory.prior * libm::exp(-0.25 * tests as f64 * (own[k] + pooled[k]));
    }
    let total: f64 = weights.iter().sum();
    weights.map(|w| w / total)
}

struct Reader<'a> {
    common: &'a Common,
    huber: f64,
    points: Vec<Point>,
    scratch: Vec<f64>,
}

impl Reader<'_> {
    /// What each memory would have said of the year after `upto`.
    fn one_step(&mut self, g: usize, upto: usize) -> Option<[f64; MEMORIES.len()]> {
        let mut out = [0.0; MEMORIES.len()];
        for (k, memory) in MEMORIES.iter().enumerate() {
            let mean = self.mean(g, upto, memory.lam);
            if mean.weight <= 0.0 {
                return None;
            }
            out[k] =
                mean.value + if memory.trend { self.slope(g, upto) * (1.0 + lag(memory.lam)) } else { 0.0 };
        }
        Some(out)
    }

    fn mean(&mut self, g: usize, upto: usize, lam: f64) -> Mean {
        self.points.clear();
        let mut discount = 1.0;
        for t in (1..=upto).rev() {
            let (value, var) = self.common.get(g, t);
            if value.is_finite() {
                let var = var + YEAR_VARIANCE;
                self.points.push(Point { value, weight: discount / var, sd: var.sqrt() });
            }
            discount *= lam;
        }
        huber(&self.points, self.huber, &mut self.scratch)
    }

    /// Median of the slopes between any two of the last years; 0 where there are fewer than three.
    fn slope(&mut self, g: usize, upto: usize) -> f64 {
        self.scratch.clear();
        let first = (upto + 1).saturating_sub(SLOPE_YEARS).max(1);
        for a in first..=upto {
            for b in a + 1..=upto {
                let rise = self.common.get(g, b).0 - self.common.get(g, a).0;
                if rise.is_finite() {
                    self.scratch.push(rise / (b - a) as f64);
                }
            }
        }
        if self.scratch.len() < 3 { 0.0 } else { median(&mut self.scratch) }
    }

    fn mixed(&mut self, g: usize, last: usize, weights: &[f64; MEMORIES.len()]) -> Level {
        let mut level = Level { year_weight: vec![0.0; last + 1], ..Level::default() };
        if g == 0 {
            return level;
        }
        let slope = self.slope(g, last);
        for (memory, &weight) in MEMORIES.iter().zip(weights) {
            let mean = self.mean(g, last, memory.lam);
            if mean.weight <= 0.0 {
                return level;
            }
            level.known = true;
            level.value += weight * mean.value;
            level.var += weight / mean.weight;
            if memory.trend {
                level.value += weight * slope * lag(memory.lam);
                level.slope += weight * slope;
            }
            self.add_year_weights(g, last, memory.lam, mean, weight, &mut level.year_weight);
        }
        level
    }

    /// The share of each year in a mean: its weight, less what strangeness took off.
    fn add_year_weights(&self, g: usize, last: usize, lam: f64, mean: Mean, weight: f64, out: &mut [f64]) {
        let mut discount = 1.0;
        for t in (1..=last).rev() {
            let (value, var) = self.common.get(g, t);
            if value.is_finite() {
                let sd = (var + YEAR_VARIANCE).sqrt();
                let z = (value - mean.value).abs() / sd;
                let strange = if self.points.len() >= 3 && z > self.huber { self.huber / z } else { 1.0 };
                out[t] += weight * discount / (sd * sd) * strange / mean.weight;
            }
            discount *= lam;
        }
    }
}

/// Mean age of what a memory holds, years.
fn lag(lam: f64) -> f64 {
    lam / (1.0 - lam)
}
