//! Means that one broken year, or one strange area, cannot carry away.
//!
//! ```text
//! Huber mean   m = sum w u x / sum w u,     u = min(1, k / |z|),    z = (x - m) / (sd s)
//! scale        s = max(1, 1.4826 x median |x - median x| / sd)
//! MAD          1.4826 x median |x - median x|
//! ```
//!
//! | symbol | meaning |
//! |---|---|
//! | w | precision of x: one over its variance, times any discount |
//! | sd | standard deviation of x by its cohort |
//! | s | how much further than that the observations usually lie: a year is strange among scattered years only if it lies beyond their scatter |
//! | k | standard deviations beyond which an observation counts less |
//!
//! Source: Huber, Robust Statistics (1981), chapters 3, 4 and 6 (location with scale). Not for skewed data.

/// A weighted mean and its precision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mean {
    /// The mean; 0 where nothing was observed.
    pub(crate) value: f64,
    /// Sum of the robust weights; 0 where nothing was observed.
    pub(crate) weight: f64,
    /// Usual scatter, in standard deviations of the observations; infinite where too few were seen to be strange.
    scale: f64,
}

impl Mean {
    /// What is left of the weight of an observation, with `k` standard deviations.
    pub(crate) fn counted(&self, of: &Point, k: f64) -> f64 {
        let z = (of.value - self.value).abs() / (of.sd * self.scale);
        if z > k { k / z } else { 1.0 }
    }
}

/// One observation: value, weight, and its standard deviation for judging how strange it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    pub(crate) value: f64,
    pub(crate) weight: f64,
    pub(crate) sd: f64,
}

/// Rounds of reweighting; the mean moves by less than a thousandth of its error after the fourth.
const ROUNDS: usize = 5;
/// Standard deviation of a normal variable over the median of its absolute value.
const NORMAL: f64 = 1.4826;

/// The Huber mean of `points`, with `k` standard deviations.
pub(crate) fn huber(points: &[Point], k: f64, scratch: &mut Vec<f64>) -> Mean {
    let total: f64 = points.iter().map(|p| p.weight).sum();
    if total <= 0.0 {
        return Mean { value: 0.0, weight: 0.0, scale: f64::INFINITY };
    }
    if points.len() < 3 {
        let value = points.iter().map(|p| p.weight * p.value).sum::<f64>() / total;
        return Mean { value, weight: total, scale: f64::INFINITY };
    }
    scratch.clear();
    scratch.extend(points.iter().map(|p| p.value));
    let centre = median(scratch);
    scratch.clear();
    scratch.extend(points.iter().map(|p| (p.value - centre).abs() / p.sd));
    let mut mean = Mean { value: centre, weight: total, scale: f64::max(1.0, NORMAL * median(scratch)) };
    for _ in 0..ROUNDS {
        let (mut sum, mut weight) = (0.0, 0.0);
        for p in points {
            let w = p.weight * mean.counted(p, k);
            sum += w * p.value;
            weight += w;
        }
        mean = Mean { value: sum / weight, weight, ..mean };
    }
    mean
}

/// The median; orders `values`. 0 where there is none.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    let n = values.len();
    if n == 0 {
        return 0.0;
    }
    let (below, middle, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    if n % 2 == 1 {
        return *middle;
    }
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    f64::midpoint(lower, *middle)
}

/// Standard deviation by the median absolute deviation about `centre`; orders and overwrites `values`.
pub(crate) fn mad(values: &mut [f64], centre: f64) -> f64 {
    for v in values.iter_mut() {
        *v = (*v - centre).abs();
    }
    NORMAL * median(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[f64]) -> Vec<Point> {
        values.iter().map(|&value| Point { value, weight: 1.0, sd: 1.0 }).collect()
    }

    #[test]
    fn one_wild_value_counts_for_little() {
        let mean = huber(&points(&[0.0, 0.1, -0.1, 0.05, 50.0]), 2.0, &mut Vec::new());
        assert!(mean.value.abs() < 0.6, "{mean:?}");
        let plain = huber(&points(&[1.0, 3.0]), 2.0, &mut Vec::new());
        assert!((plain.value - 2.0).abs() < 1e-12 && (plain.weight - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_value_is_strange_only_beyond_the_usual_scatter() {
        // median 5, distances 5, 5, 5, 25: s = 1.4826 x 5 = 7.413. With k = 2 the last counts 14.826 / (30 - m), and
        // m = (10 + 30 u) / (3 + u) at m = 8.27, u = 0.682; by their own standard deviations alone m would be 5.4
        let scattered = points(&[0.0, 0.0, 10.0, 30.0]);
        let mean = huber(&scattered, 2.0, &mut Vec::new());
        assert!((mean.value - 8.27).abs() < 0.03, "{mean:?}");
        assert!((mean.counted(&scattered[3], 2.0) - 0.682).abs() < 0.003);
        assert!((mean.counted(&scattered[2], 2.0) - 1.0).abs() < 1e-12);
        // of two nobody can say which is strange
        let pair = points(&[0.0, 100.0]);
        assert!((huber(&pair, 2.0, &mut Vec::new()).counted(&pair[1], 2.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn median_and_mad_of_known_numbers() {
        let medians = [median(&mut [3.0, 1.0, 2.0]), median(&mut [4.0, 1.0, 2.0, 3.0]), median(&mut [])];
        assert_eq!(medians.map(f64::to_bits), [2.0, 2.5, 0.0].map(f64::to_bits));
        assert!((mad(&mut [1.0, 2.0, 3.0, 4.0, 5.0], 3.0) - 1.4826).abs() < 1e-12);
    }
}
