//! Sizes of the shocks, learnt from the residuals of the history.
//!
//! The log ratio of actual to forecast pupils of unit i (area or school) in grade g at lead h adds up along the way of the
//! cohort. A step of progression into grade g adds
//!
//! ```text
//! common      s_c year shock + s_g shock of the grade + level error (once a draw) + drift of the level
//! unit        s_u year shock, variance year^2 + size / pupils, + error of the unit's tendency (once a draw)
//! cell        N(0, kappa / N + floor^2 + error of the unit's departure in this grade)
//! ```
//!
//! and an entry h years ahead adds
//!
//! ```text
//! common      walk of h steps + one-year shock + a step a year beyond the counted children
//! unit        walk of h steps, drawn back by a tenth a year
//! cell        N(0, kappa_e / N + noise^2)
//! ```
//!
//! | size | prior of areas | of schools | read from |
//! |---|---|---|---|
//! | year, grade (common) | 0.009, 0.006 | | yearly means over grades of (common ratio - level), and their rests |
//! | entry walk, entry year (common) | 0.018, 0.02 | | changes of the common entry level over one and three years |
//! | year, size | 0.012, 0.2 | 0.02, 0.3 | yearly means over a unit's grades of its residuals, by its pupils |
//! | cohort, floor | 0.24, 0.02 | 0.36, 0.03 | residuals of single ratios, by cohort |
//! | entry walk, noise | 0.04, 0.045 | 0.06, 0.06 | changes of a unit's entry level over one and three years |
//!
//! Without children the prior of the common walk is doubled. A prior counts as a few observations, so one area with a short
//! history keeps it and a large system forgets it. The sizes say how errors arise; how large they turned out is a second
//! question, answered by [`super::past`].

use super::{
    own::Own,
    point::Calibration,
    ratios::Observed,
    robust::{mad, median},
};
use crate::{
    forecast::history::{History, Panel},
    index::{ChainGrade, Ids, PastYear, Table, UnitId},
};

/// Weight of a prior in observations, for common sizes: they have few years.
const PRIOR_YEARS: f64 = 6.0;
/// Weight of a prior in observations, for sizes that have many cells.
const PRIOR_CELLS: f64 = 30.0;
/// Yearly shocks are cut here before they enter a common size, in priors: one pandemic does not set every year.
const BROKEN_YEAR: f64 = 4.0;
/// Largest yearly change of the common entry level that is taken into its size.
const BROKEN_ENTRY: f64 = 0.15;

/// Sizes of the shocks that all units share: standard deviations of logarithms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CommonSizes {
    /// Yearly shock of all ratios.
    pub year: f64,
    /// Yearly shock of the ratios into one grade.
    pub grade: f64,
    /// Error of the level, kept over the years.
    pub level: f64,
    /// Yearly step of the level.
    pub drift: f64,
    /// Yearly step of entry.
    pub entry_walk: f64,
    /// Yearly shock of entry that does not last.
    pub entry_year: f64,
    /// Yearly step of entry beyond the counted children.
    pub assumed_walk: f64,
}

/// Sizes of the shocks of one unit: standard deviations of logarithms; `size`, `cohort` and `entry_cohort` are variances
/// times pupils.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitSizes {
    /// Yearly shock of a unit's ratios, however large it is.
    pub year: f64,
    /// Its further variance times the pupils of the unit.
    pub size: f64,
    /// Variance of one ratio times the pupils it starts from.
    pub cohort: f64,
    /// Noise of one ratio however large the cohort.
    pub floor: f64,
    /// Yearly step of entry.
    pub entry_walk: f64,
    /// Variance of entry times the entrants.
    pub entry_cohort: f64,
    /// Noise of entry however many they are.
    pub entry_noise: f64,
}

/// Sizes of all shocks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sizes {
    /// What all areas share.
    pub common: CommonSizes,
    /// Areas.
    pub area: UnitSizes,
    /// Schools, relative to their area.
    pub school: UnitSizes,
}

impl Sizes {
    const PRIOR: Self = Self {
        common: CommonSizes {
            year: 0.009,
            grade: 0.006,
            level: 0.009,
            drift: 0.001,
            entry_walk: 0.018,
            entry_year: 0.02,
            assumed_walk: 0.02,
        },
        area: UnitSizes {
            year: 0.012,
            size: 0.2,
            cohort: 0.24,
            floor: 0.02,
            entry_walk: 0.04,
            entry_cohort: 0.8,
            entry_noise: 0.045,
        },
        school: UnitSizes {
            year: 0.02,
            size: 0.3,
            cohort: 0.36,
            floor: 0.03,
            entry_walk: 0.06,
            entry_cohort: 1.0,
            entry_noise: 0.06,
        },
    };

    /// Sizes learnt from the residuals of `history` under `calibration`.
    pub fn learn(history: &History, calibration: &Calibration) -> Self {
        let mut sizes = Self::PRIOR;
        if calibration.entry.fits.iter().all(|(fit, _)| fit.source.is_none()) {
            sizes.common.entry_walk *= 2.0;
        }
        sizes.common.learn(calibration);
        let observed = &calibration.observed;
        if observed.units().len() >= 2 {
            let excess = |i, t, g| observed.get(i, t, g) - calibration.common.get(g, t).0;
            sizes.area.learn(&history.rolls, observed, &excess, &calibration.own);
        }
        if let Some((fit, _)) = calibration.entry.fits.first() {
            sizes.common.learn_entry(
                &|t| if fit.seen(t) { fit.common[t] } else { f64::NAN },
                history.rolls.years().len(),
            );
            if observed.units().len() >= 4 {
                sizes.area.learn_entry(&history.rolls, &|i, t| {
                    (fit.rest(i, t), history.rolls.get(i, t, ChainGrade::ENTRY))
                });
            }
        }
        if let (Some(schools), Some(forecast)) = (&history.schools, &calibration.schools) {
            let rolls = &schools.rolls;
            let excess = |s, t, g| forecast.excess.get(s, t, g);
            sizes.school.learn(rolls, &forecast.excess, &excess, &forecast.own);
            let lowest = |s: UnitId| rolls.grades().find(|&g| rolls.get(s, history.origin(), g) > 0.0);
            let first: Table<UnitId, ChainGrade> =
                rolls.units().map(|s| lowest(s).unwrap_or_default()).collect();
            sizes.school.learn_entry(rolls, &|s, t| {
                let (n, area) =
                    (rolls.get(s, t, first[s]), history.rolls.get(schools.area_of[s], t, first[s]));
                (if n > 0.0 && area > n { libm::log(n / area) } else { f64::NAN }, n)
            });
        }
        sizes
    }
}

impl CommonSizes {
    /// Year and grade shocks of the common ratios.
    fn learn(&mut self, calibration: &Calibration) {
        let (grades, years) = (calibration.grades(), calibration.years());
        let prior = *self;
        let (mut sum_of_squares, mut count) = (0.0, 0.0);
        let (mut rests, mut vars) = (Vec::new(), Vec::new());
        for t in years.skip(1) {
            let rest = |g: ChainGrade| calibration.common.get(g, t).0 - calibration.levels[g].value;
            let (mut sum, mut weight) = (0.0, 0.0);
            for g in grades.clone().skip(1).filter(|&g| rest(g).is_finite()) {
                let var = calibration.common.get(g, t).1 + prior.grade * prior.grade;
                sum += rest(g) / var;
                weight += 1.0 / var;
            }
            if weight <= 0.0 {
                continue;
            }
            let shock = sum / weight;
            // what cohorts alone explain of a year's mean is no shock
            let most = BROKEN_YEAR * prior.year;
            sum_of_squares += (shock * shock - 1.0 / weight).clamp(0.0, most * most);
            count += 1.0;
            for g in grades.clone().skip(1).filter(|&g| rest(g).is_finite()) {
                rests.push(rest(g) - shock);
                vars.push(calibration.common.get(g, t).1);
            }
        }
        self.year = ((PRIOR_YEARS * prior.year * prior.year + sum_of_squares) / (PRIOR_YEARS + count)).sqrt();
        // some of the shocks that make the level wrong were seen through
        self.level = 0.7 * self.year / f64::sqrt(f64::clamp(count, 1.0, 5.0));
        let n = rests.len() as f64;
        let sd = mad(&mut rests, 0.0);
        self.grade = pooled(prior.grade * prior.grade, (sd * sd - median(&mut vars)).max(0.0), n).sqrt();
    }

    /// Walk and shock of the common entry level: changes over one and three years tell them apart.
    fn learn_entry(&mut self, level: &dyn Fn(PastYear) -> f64, years: usize) {
        let changes = |h: usize| -> (f64, f64) {
            let squares: Vec<f64> = Ids::first(years.saturating_sub(h))
                .map(|t: PastYear| level(t.plus(h)) - level(t))
                .filter(|c| c.is_finite())
                .map(|c| f64::min(c * c, BROKEN_ENTRY * BROKEN_ENTRY))
                .collect();
            (squares.iter().sum::<f64>() / f64::max(squares.len() as f64, 1.0), squares.len() as f64)
        };
        let ((one, n1), (three, n3)) = (changes(1), changes(3));
        if n3 < 2.0 {
            return;
        }
        let walk = ((three - one) / 2.0).max(0.0);
        let noise = ((one - walk) / 2.0).max(0.0);
        let (w, y) = (self.entry_walk * self.entry_walk, self.entry_year * self.entry_year);
        self.entry_walk = ((PRIOR_YEARS * w + n3 * walk) / (PRIOR_YEARS + n3)).sqrt();
        self.entry_year = ((PRIOR_YEARS * y + n1 * noise) / (PRIOR_YEARS + n1)).sqrt();
    }
}

impl UnitSizes {
    /// Year shocks of units, and noise of single ratios, by size. `excess` is a unit's log ratio less its parent's.
    fn learn(
        &mut self,
        rolls: &Panel,
        observed: &Observed,
        excess: &dyn Fn(UnitId, PastYear, ChainGrade) -> f64,
        own: &Own,
    ) {
        let (mut cells, mut shocks) = (Vec::new(), Vec::new());
        for unit in observed.units() {
            for t in observed.years().skip(1) {
                let rest = |g: ChainGrade| excess(unit, t, g) - own.raw(unit, g);
                let known = || observed.grades().skip(1).filter(|&g| rest(g).is_finite());
                let (mut sum, mut weight, mut pupils) = (0.0, 0.0, 0.0);
                for g in known() {
                    let w = 1.0 / observed.var[(unit, t, g)];
                    sum += rest(g) * w;
                    weight += w;
                    pupils += rolls.get(unit, t.minus(1), g.minus(1)).max(0.0);
                }
                if weight <= 0.0 {
                    continue;
                }
                let shock = sum / weight;
                if pupils > 0.0 {
                    shocks.push(Rest { size: pupils, value: shock, var: 1.0 / weight });
                }
                for g in known() {
                    let size = rolls.get(unit, t.minus(1), g.minus(1));
                    if size > 0.0 {
                        cells.push(Rest { size, value: rest(g) - shock, var: 0.0 });
                    }
                }
            }
        }
        // the unit's mean was taken from the same years
        let left = f64::max(own.years() - 1.0, 0.5) / own.years();
        (self.cohort, self.floor) = by_size(&mut cells, left, (self.cohort, self.floor));
        (self.size, self.year) = by_size(&mut shocks, left, (self.size, self.year));
    }

    /// Walk and noise of entry: `level` gives a unit's entry level in a year, and the entrants. Changes over one and three
    /// years tell walk and noise apart; those over one year, by size, give the noise.
    fn learn_entry(&mut self, rolls: &Panel, level: &dyn Fn(UnitId, PastYear) -> (f64, f64)) {
        let changes = |h: usize| -> Vec<Rest> {
            let mut rests = Vec::new();
            for unit in rolls.units() {
                for t in Ids::<PastYear>::first(rolls.years().len().saturating_sub(h)) {
                    let ((now, n), (then, m)) = (level(unit, t), level(unit, t.plus(h)));
                    if (then - now).is_finite() {
                        rests.push(Rest { size: 2.0 / (1.0 / n + 1.0 / m), value: then - now, var: 0.0 });
                    }
                }
            }
            rests
        };
        let variance = |rests: &[Rest]| {
            let sd = mad(&mut rests.iter().map(|r| r.value).collect::<Vec<_>>(), 0.0);
            sd * sd
        };
        let (mut one, three) = (changes(1), changes(3));
        if three.is_empty() {
            return;
        }
        let prior = self.entry_walk * self.entry_walk;
        let walk = pooled(prior, ((variance(&three) - variance(&one)) / 2.0).max(0.0), three.len() as f64);
        self.entry_walk = walk.sqrt();
        let noise = self.entry_noise * self.entry_noise;
        let (cohort, floor) = by_size(&mut one, 1.0, (2.0 * self.entry_cohort, (2.0 * noise + walk).sqrt()));
        self.entry_cohort = cohort / 2.0;
        self.entry_noise = ((floor * floor - walk) / 2.0).max(1e-6).sqrt();
    }
}

fn pooled(prior: f64, seen: f64, n: f64) -> f64 {
    (PRIOR_CELLS * prior + n * seen) / (PRIOR_CELLS + n)
}

/// What a model left of one observation.
#[derive(Debug, Clone, Copy)]
struct Rest {
    /// Pupils it rests on.
    size: f64,
    value: f64,
    /// Variance that is explained already.
    var: f64,
}

/// kappa and s in variance = kappa / size + s^2, fitted to rests of which the share `left` of the variance is left.
/// Robust variances in eight classes of size, then weighted least squares; a prior counts as [`PRIOR_CELLS`] rests in each.
fn by_size(rests: &mut [Rest], left: f64, (kappa, s): (f64, f64)) -> (f64, f64) {
    const CLASSES: usize = 8;
    const LEAST: f64 = 0.02;
    if rests.is_empty() {
        return (kappa, s);
    }
    rests.sort_unstable_by(|a, b| a.size.total_cmp(&b.size));
    let (mut xx, mut x1, mut n, mut xy, mut y1) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let class = rests.len().div_ceil(CLASSES);
    let (mut values, mut vars) = (Vec::with_capacity(class), Vec::with_capacity(class));
    for rests in rests.chunks(class) {
        values.clear();
        values.extend(rests.iter().map(|r| r.value));
        vars.clear();
        vars.extend(rests.iter().map(|r| r.var));
        let sd = mad(&mut values, 0.0);
        let seen = (sd * sd / left - median(&mut vars)).max(0.0);
        // mean of 1 / size, so that kappa means the same within a class
        let count = rests.len() as f64;
        let inverse = rests.iter().map(|r| 1.0 / r.size).sum::<f64>() / count;
        let expected = kappa * inverse + s * s;
        let var = pooled(expected, seen, count);
        // a variance is known in proportion to itself
        let w = count / (expected * expected);
        xx += w * inverse * inverse;
        x1 += w * inverse;
        n += w;
        xy += w * inverse * var;
        y1 += w * var;
    }
    let det = xx * n - x1 * x1;
    let (mut slope, mut floor) = if det > 1e-12 * xx * n {
        ((xy * n - x1 * y1) / det, (xx * y1 - x1 * xy) / det)
    } else {
        (kappa, s * s)
    };
    if floor < 1e-6 {
        (slope, floor) = (xy / xx, 1e-6);
    } else if slope < LEAST {
        (slope, floor) = (LEAST, ((y1 - LEAST * x1) / n).max(1e-6));
    }
    (slope.clamp(LEAST, 5.0), floor.sqrt().min(0.3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_size_law_is_found() {
        // alternating residuals of exactly the standard deviation sqrt(0.3 / N + 0.03^2)
        let mut rests: Vec<Rest> = (0..6000)
            .map(|k| {
                let size = 100.0 + f64::from(k % 97) * 10.0;
                let sd = (0.3 / size + 0.03 * 0.03_f64).sqrt();
                // a two-point law has MAD = sd / 1.4826 of a normal one
                Rest { size, value: if k % 2 == 0 { sd } else { -sd } / 1.4826, var: 0.0 }
            })
            .collect();
        let (kappa, s) = by_size(&mut rests, 1.0, (0.24, 0.02));
        assert!((kappa - 0.3).abs() < 0.03 && (s - 0.03).abs() < 0.003, "{kappa} {s}");
    }

    #[test]
    fn without_residuals_the_prior_stands() {
        assert_eq!(by_size(&mut [], 1.0, (0.24, 0.02)), (0.24, 0.02));
    }
}
