//! The level of a yearly series, and the memory that suits it.
//!
//! ```text
//! level_lam(T)  = Huber mean over years of m[t], weights lam^(T-t) / (var m[t] + 0.01^2)
//! level_3(T)    = the same of the last three years known, weights 1 / (var m[t] + 0.01^2)
//! trend         = level_0.6, moved on by the median slope of the last six years, damped 0.7 a year
//! weight of k   ~ prior_k (S_k / min S)^(-n),       S_k = sum of squared one-step errors of k in the history
//! ```
//!
//! | symbol | meaning |
//! |---|---|
//! | lam | memory: the weight of a year against the next |
//! | `S_k` | a quarter of the grade itself, three quarters of all grades (mean of logarithms) |
//! | n | years tested, each by the years before it |
//!
//! A long memory is best while nothing changes and lags when something does; no fixed one serves both. So each grade
//! takes the mean of several, weighted by how well each would have forecast the years that are already known. Before
//! anything was tested, the long memory and three even years count the same: three even years are the grade progression
//! of every planning office, wrong in other years than the long memory is, and the mean of two such rules is seldom much
//! worse than the better one. What changes ratios mostly changes those of all grades, hence the three quarters; tests of
//! all grades tell more than a single series of as many years would (whose likelihood has the power n / 2), but are not
//! independent. With fewer than two tests the long memory stands alone: so few years are nearly the same to all.

use super::{
    learner::{Ingredient, Learner},
    ratios::Common,
    robust::{Mean, Point, huber, median},
};
use crate::index::{ChainGrade, Ids, Lead, PastYear, Table};

/// A way to read the level of a series.
#[derive(Debug, Clone, Copy)]
struct Memory {
    lam: f64,
    /// Largest number of known years in the memory.
    years: usize,
    /// Whether the recent slope is followed.
    trend: bool,
    prior: f64,
}

const EVER: usize = usize::MAX;
const MEMORIES: [Memory; 7] = [
    Memory { lam: 0.25, years: EVER, trend: false, prior: 0.01 },
    Memory { lam: 0.40, years: EVER, trend: false, prior: 0.02 },
    Memory { lam: 0.60, years: EVER, trend: false, prior: 0.06 },
    Memory { lam: 0.85, years: EVER, trend: false, prior: 0.41 },
    Memory { lam: 1.00, years: EVER, trend: false, prior: 0.05 },
    Memory { lam: 0.60, years: EVER, trend: true, prior: 0.04 },
    Memory { lam: 1.00, years: 3, trend: false, prior: 0.41 },
];
const LONG: usize = 3;
const THREE_YEARS: usize = 6;
/// Weight of the grade itself in the errors that judge its memories; the rest is all grades.
const OWN_PART: f64 = 0.25;

/// Years a slope is read from.
const SLOPE_YEARS: usize = 6;
/// What is left of a slope a year later.
pub(super) const DAMPING: f64 = 0.7;
/// Year-to-year variance of a common ratio that cohorts do not explain.
const YEAR_VARIANCE: f64 = 1e-4;
/// Added to a squared error: smaller errors carry no information.
const NOTHING: f64 = 1e-6;

/// Level of the common log ratio of one grade.
#[derive(Debug, Clone, Default)]
pub(super) struct Level {
    /// Level at the origin.
    pub(super) value: f64,
    /// Yearly change, for the first year ahead.
    pub(super) slope: f64,
    /// Whether any year was observed.
    pub(super) known: bool,
    /// Weight of each year in the level, by year; they add to 1 where anything is known (a trend apart).
    pub(super) year_weight: Table<PastYear, f64>,
}

impl Level {
    /// Log ratio `h` years ahead.
    pub(super) fn ahead(&self, h: Lead) -> f64 {
        self.value + self.slope * damped_years(h)
    }
}

/// 1 + d + d^2 + ... of `h` years.
pub(super) fn damped_years(h: Lead) -> f64 {
    let (mut sum, mut step) = (0.0, 1.0);
    for _ in 0..h.index() {
        sum += step;
        step *= DAMPING;
    }
    sum
}

/// Levels of every grade.
pub(super) fn levels(
    common: &Common,
    grades: &Ids<ChainGrade>,
    last: PastYear,
    learner: Learner,
) -> Table<ChainGrade, Level> {
    let mut reader = Reader { common, huber: learner.broken_year(), points: Vec::new(), scratch: Vec::new() };
    let mut log_errors = Table::filled(grades.len(), [0.0; MEMORIES.len()]);
    let mut tests = Table::filled(grades.len(), 0);
    let (mut pooled, mut counted) = ([0.0; MEMORIES.len()], 0.0);
    for g in grades.clone().skip(1) {
        let mut sums = [0.0; MEMORIES.len()];
        for t in Ids::of(2..last.index() + 1) {
            let actual = common.get(g, t).0;
            if !actual.is_finite() {
                continue;
            }
            let Some(forecast) = reader.one_step(g, t.minus(1)) else { continue };
            tests[g] += 1;
            for (sum, forecast) in sums.iter_mut().zip(forecast) {
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
    grades
        .clone()
        .map(|g| {
            let tested = learner.or(Ingredient::Memories, tests[g], 0);
            let mut weights = weights(&log_errors[g], &pooled.map(|p| p / f64::max(counted, 1.0)), tested);
            if !learner.has(Ingredient::ThreeYears) {
                weights[THREE_YEARS] = 0.0;
            }
            reader.mixed(g, last, &normalised(weights))
        })
        .collect()
}

/// Weight of each memory, up to a factor.
fn weights(own: &[f64], pooled: &[f64], tests: usize) -> [f64; MEMORIES.len()] {
    let mut weights = [0.0; MEMORIES.len()];
    if tests < 2 {
        weights[LONG] = 1.0;
        return weights;
    }
    for (k, memory) in MEMORIES.iter().enumerate() {
        let log_error = OWN_PART * own[k] + (1.0 - OWN_PART) * pooled[k];
        weights[k] = memory.prior * libm::exp(-(tests as f64) * log_error);
    }
    weights
}

fn normalised(weights: [f64; MEMORIES.len()]) -> [f64; MEMORIES.len()] {
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
    /// Forecast of the year after `upto` by each memory.
    fn one_step(&mut self, g: ChainGrade, upto: PastYear) -> Option<[f64; MEMORIES.len()]> {
        let mut out = [0.0; MEMORIES.len()];
        for (k, memory) in MEMORIES.iter().enumerate() {
            let mean = self.mean(g, upto, *memory);
            if mean.weight <= 0.0 {
                return None;
            }
            out[k] =
                mean.value + if memory.trend { self.slope(g, upto) * (1.0 + lag(memory.lam)) } else { 0.0 };
        }
        Some(out)
    }

    /// The years up to `upto` that `memory` holds, the last one first, with what they count before strangeness takes off.
    fn remembered(
        &self,
        g: ChainGrade,
        upto: PastYear,
        memory: Memory,
    ) -> impl Iterator<Item = (PastYear, Point)> {
        Ids::of(1..upto.index() + 1)
            .rev()
            .scan(1.0, move |discount, t| {
                let now = *discount;
                *discount *= memory.lam;
                Some((t, now))
            })
            .filter_map(move |(t, discount)| {
                let (value, var) = self.common.get(g, t);
                let var = var + YEAR_VARIANCE;
                value.is_finite().then(|| (t, Point { value, weight: discount / var, sd: var.sqrt() }))
            })
            .take(memory.years)
    }

    fn mean(&mut self, g: ChainGrade, upto: PastYear, memory: Memory) -> Mean {
        let mut points = std::mem::take(&mut self.points);
        points.clear();
        points.extend(self.remembered(g, upto, memory).map(|(_, point)| point));
        let mean = huber(&points, self.huber, &mut self.scratch);
        self.points = points;
        mean
    }

    /// Median of the slopes between any two of the last years; 0 where there are fewer than three.
    fn slope(&mut self, g: ChainGrade, upto: PastYear) -> f64 {
        self.scratch.clear();
        let end = upto.index() + 1;
        let first = end.saturating_sub(SLOPE_YEARS).max(1);
        for (a, b) in (first..end).flat_map(|a| (a + 1..end).map(move |b| (a, b))) {
            let rise = self.common.get(g, PastYear::new(b)).0 - self.common.get(g, PastYear::new(a)).0;
            if rise.is_finite() {
                self.scratch.push(rise / (b - a) as f64);
            }
        }
        if self.scratch.len() < 3 { 0.0 } else { median(&mut self.scratch) }
    }

    fn mixed(&mut self, g: ChainGrade, last: PastYear, weights: &[f64; MEMORIES.len()]) -> Level {
        let mut level = Level { year_weight: Table::filled(last.index() + 1, 0.0), ..Level::default() };
        if g == ChainGrade::ENTRY {
            return level;
        }
        let slope = self.slope(g, last);
        for (memory, &weight) in MEMORIES.iter().zip(weights) {
            let mean = self.mean(g, last, *memory);
            if mean.weight <= 0.0 {
                return level;
            }
            level.known = true;
            level.value += weight * mean.value;
            if memory.trend {
                level.value += weight * slope * lag(memory.lam);
                level.slope += weight * slope;
            }
            for (t, point) in self.remembered(g, last, *memory) {
                let share = point.weight * mean.counted(&point, self.huber) / mean.weight;
                level.year_weight[t] += weight * share;
            }
        }
        level
    }
}

/// Mean age of what a memory holds, years.
fn lag(lam: f64) -> f64 {
    lam / (1.0 - lam)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        forecast::{history::Panel, learn::ratios},
        index::UnitId,
    };

    /// The grade after the entry grade.
    const FIRST: ChainGrade = ChainGrade::new(1);

    /// The common ratios of one area whose grade 1 has `ratio(t)` times the 10,000 pupils that grade 0 always has.
    fn common(years: usize, ratio: impl Fn(usize) -> f64) -> Common {
        let mut rolls = Panel::unknown(1, years, 2);
        let area = UnitId::new(0);
        for t in rolls.years() {
            rolls.set(area, t, ChainGrade::ENTRY, 10_000.0);
            rolls.set(area, t, FIRST, 10_000.0 * ratio(t.index()));
        }
        ratios::areas(&rolls, Learner::FULL).1
    }

    #[test]
    fn three_years_are_the_last_three_known_and_count_the_same() {
        // 0.90, 0.92, not counted, 0.97, 0.99: of the last three known (t = 2, 4, 5) the mean of the logarithms is
        // (ln 0.92 + ln 0.97 + ln 0.99) / 3 = (-0.083382 - 0.030459 - 0.010050) / 3 = -0.041297
        let ratio = |t: usize| [1.0, 0.90, 0.92, f64::NAN, 0.97, 0.99][t];
        let common = common(6, ratio);
        let mut reader = Reader { common: &common, huber: 2.0, points: Vec::new(), scratch: Vec::new() };
        let (last, memory) = (PastYear::new(5), MEMORIES[THREE_YEARS]);
        let years: Vec<usize> = reader.remembered(FIRST, last, memory).map(|(t, _)| t.index()).collect();
        assert_eq!(years, [5, 4, 2]);
        let mean = reader.mean(FIRST, last, memory);
        assert!((mean.value + 0.041_297).abs() < 1e-6, "{mean:?}");
    }

    #[test]
    fn a_memory_counts_by_its_errors_in_the_grade_and_in_all_grades() {
        // errors 16 times the best ones: in the grade itself, 16^(-2 x 1/4) = 1/4; in all grades, 16^(-2 x 3/4) = 1/64
        let worse: [f64; MEMORIES.len()] =
            std::array::from_fn(|k| if k == LONG { libm::log(16.0) } else { 0.0 });
        let prior = MEMORIES[LONG].prior;
        assert!((weights(&worse, &[0.0; MEMORIES.len()], 2)[LONG] - prior / 4.0).abs() < 1e-12);
        assert!((weights(&[0.0; MEMORIES.len()], &worse, 2)[LONG] - prior / 64.0).abs() < 1e-12);
        let sum: f64 = MEMORIES.iter().map(|m| m.prior).sum();
        assert!((sum - 1.0).abs() < 1e-12);
        // one test is none: the long one alone
        assert!((weights(&worse, &worse, 1)[LONG] - 1.0).abs() < 1e-12);
    }

    #[test]
    fn weights_of_the_years_give_the_level() {
        let common = common(9, |t| 0.95 + 0.01 * ((t * t) % 5) as f64);
        let of = |learner| levels(&common, &Ids::first(2), PastYear::new(8), learner)[FIRST].clone();
        for learner in [Learner::without(Ingredient::ThreeYears), Learner::without(Ingredient::Memories)] {
            let level = of(learner);
            let sum: f64 = level.year_weight.iter().sum();
            assert!((sum - 1.0).abs() < 1e-9, "{sum}");
        }
        let (full, long) = (of(Learner::FULL), of(Learner::without(Ingredient::ThreeYears)));
        let mean: f64 = full.year_weight.pairs().skip(1).map(|(t, w)| w * common.get(FIRST, t).0).sum();
        // the trend memory adds its slope to the mean of the years
        assert!(
            (mean - full.value).abs() < 0.01 && (full.year_weight.iter().sum::<f64>() - 1.0).abs() < 1e-9
        );
        let late = |level: &Level| level.year_weight.iter().skip(6).sum::<f64>();
        assert!(late(&full) > late(&long) + 0.03, "{} {}", late(&full), late(&long));
    }
}
