//! Central value, mean and quantiles of whole numbers over the draws.

/// Levels of the quantiles that are reported, with the suffix of their measure.
pub const LEVELS: [(f64, &str); 7] = [
    (0.025, "p2_5"),
    (0.10, "p10"),
    (0.25, "p25"),
    (0.50, "p50"),
    (0.75, "p75"),
    (0.90, "p90"),
    (0.975, "p97_5"),
];

/// What is reported of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stats {
    /// No shock, central opening.
    pub central: f64,
    /// Mean over the draws.
    pub mean: f64,
    /// Quantiles at [`LEVELS`].
    pub quantiles: [f64; 7],
}

impl Stats {
    /// Stats of a central value and its draws, which are sorted on the way; without draws every figure is the central
    /// one. Sums of whole numbers are exact, and summed in sorted order the rest do not depend on the order of draws.
    pub fn new(central: f64, draws: &mut [f64]) -> Self {
        if draws.is_empty() {
            return Self { central, mean: central, quantiles: [central; 7] };
        }
        draws.sort_unstable_by(f64::total_cmp);
        let sum: f64 = draws.iter().sum();
        Self {
            central,
            mean: sum / draws.len() as f64,
            quantiles: LEVELS.map(|(level, _)| quantile(draws, level)),
        }
    }
}

/// The smallest of the sorted `draws` that at least the share `level` of them does not exceed.
///
/// An order statistic, not an interpolation: pupils stay whole, and places equal to it meet the need of at least that
/// share of the draws.
///
/// # Panics
/// If `draws` is empty.
pub fn quantile<T: Copy>(draws: &[T], level: f64) -> T {
    let n = draws.len();
    // the product of a level such as 0.98 and a count may lie a hair above the whole number meant
    let rank = (level * n as f64 - 1e-9).ceil() as usize;
    draws[rank.clamp(1, n) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_the_smallest_value_that_enough_draws_do_not_exceed() {
        let draws: Vec<u32> = (1..=100).collect();
        assert_eq!([0.02, 0.5, 0.98, 1.0].map(|q| quantile(&draws, q)), [2, 50, 98, 100]);
        assert_eq!(quantile(&[7], 0.98), 7);
    }

    #[test]
    fn mean_and_quantiles_do_not_depend_on_the_order_of_draws() {
        let stats = Stats::new(5.0, &mut [9.0, 1.0, 5.0, 4.0, 6.0]);
        assert_eq!((stats.central, stats.mean, stats.quantiles[3]), (5.0, 5.0, 5.0));
        assert_eq!((stats.quantiles[0], stats.quantiles[6]), (1.0, 9.0));
    }
}
