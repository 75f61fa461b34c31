//! Means that one broken year, or one strange area, cannot carry away.
//!
//! ```text
//! Huber mean   m = sum w u x / sum w u,     u = min(1, k / |z|),    z = (x - m) sqrt(w) / s
//! MAD          1.4826 x median |x - median x|
//! ```
//!
//! | symbol | meaning |
//! |---|---|
//! | w | precision of x: one over its variance, times any discount |
//! | k | standard deviations beyond which an observation counts less |
//!
//! Source: Huber, Robust Statistics (1981), chapters 3 and 4. Not for skewed data.

/// A weighted mean and its precision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mean {
    /// The mean; 0 where nothing was observed.
    pub(crate) value: f64,
    /// Sum of the robust weights; 0 where nothing was observed.
    pub(crate) weight: f64,
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

/// The Huber mean of `points`, with `k` standard deviations.
pub(crate) fn huber(points: &[Point], k: f64, scratch: &mut Vec<f64>) -> Mean {
    let total: f64 = points.iter().map(|p| p.weight).sum();
    if total <= 0.0 {
        return Mean { value: 0.0, weight: 0.0 };
    }
    if points.len() < 3 {
        let value = points.iter().map(|p| p.weight * p.value).sum::<f64>() / total;
        return Mean { value, weight: total };
    }
    scratch.clear();
    scratch.extend(points.iter().map(|p| p.value));
    let mut mean = Mean { value: median(scratch), weight: total };
    for _ in 0..ROUNDS {
        let (mut sum, mut weight) = (0.0, 0.0);
        for p in points {
            let z = (p.value - mean.value).abs() / p.sd;
            let w = p.weight * if z > k { k / z } else { 1.0 };
            sum += w * p.value;
            weight += w;
        }
        mean = Mean { value: sum / weight, weight };
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
    1.4826 * median(values)
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
    fn median_and_mad_of_known_numbers() {
        let medians = [median(&mut [3.0, 1.0, 2.0]), median(&mut [4.0, 1.0, 2.0, 3.0]), median(&mut [])];
        assert_eq!(medians.map(f64::to_bits), [2.0, 2.5, 0.0].map(f64::to_bits));
        assert!((mad(&mut [1.0, 2.0, 3.0, 4.0, 5.0], 3.0) - 1.4826).abs() < 1e-12);
    }
}
