//! Cohorts moved up, mixed with the constant shares of the areas.
//!
//! ```text
//! F[i]    = (1 - w[i]) G[i] + w[i] share[i] sum_j w[j] G[j] / sum_j w[j] share[j]       every grade and lead by itself
//! w[i]    = w_h,                  w_h = min(0.40, 0.10 + 0.05 (h - 1))                   cohorts in school at the origin
//! w[i]    = w_h r / (r + 0.01^2), r = 0.12 / entrants                                   cohorts that enter later
//! ```
//!
//! | symbol | meaning |
//! |---|---|
//! | G | cohorts moved up, pupils |
//! | share | an area's part of a grade over the last three years, weights 1, 0.7, 0.49 |
//! | r | part of the working variance of a log ratio (`ratios`) that is the chance of small numbers; 0.01^2 is the rest |
//!
//! Cohorts moved up and constant shares are wrong in different ways (their errors are hardly correlated at long leads), so
//! their mean is better than either; with one area they are the same. The forecast of a cohort that enters later is the
//! area's part of all children in its last entries. For a large area these say more than its older grades, whose parts
//! come from earlier years; for a small area they are mostly chance, and its older grades steady them. A cohort that enters
//! later from children of its own area is not mixed: the births there give its size. Mixing moves pupils between areas and
//! keeps their total; with one weight for all, F = (1 - w) G + w share sum G.

use super::ratios::WorkingVariance;
use crate::index::Lead;

/// Weight of the constant share `h` years ahead.
pub(super) fn weight(h: Lead) -> f64 {
    f64::min(0.40, 0.10 + 0.05 * (h.index() as f64 - 1.0))
}

/// Share of the variance of a cohort of `entrants` pupils that comes from small numbers; 1 where none enter.
pub(super) fn chance(entrants: f64) -> f64 {
    let WorkingVariance { noise, floor } = WorkingVariance::AREA;
    let chance = noise / entrants;
    if chance.is_finite() { chance / (chance + floor * floor) } else { 1.0 }
}

/// `pupils` by area after `part` of each was taken out and all that was taken shared out again by `part` times `share`
/// (up to a factor). An area without a share, as where a grade opens, gives nothing and gets nothing.
pub(super) fn share_again(pupils: &[f64], part: &[f64], share: &[f64]) -> Vec<f64> {
    let weight: Vec<f64> = share.iter().zip(part).map(|(share, part)| share * part).collect();
    let all: f64 = weight.iter().sum();
    let gives = |i: usize| weight[i] > 0.0;
    let taken: f64 = (0..pupils.len()).filter(|&i| gives(i)).map(|i| part[i] * pupils[i]).sum();
    (0..pupils.len())
        .map(|i| if gives(i) { (1.0 - part[i]) * pupils[i] + taken * weight[i] / all } else { pupils[i] })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_out_is_shared_out_again() {
        // taken 0.5 x 100 + 0.1 x 300 = 80; shared out as 0.5 x 0.5 : 0.1 x 0.5 = 5 : 1, so 66.67 and 13.33
        let out = share_again(&[100.0, 300.0, 50.0], &[0.5, 0.1, 0.0], &[0.5, 0.5, 0.2]);
        let want = [50.0 + 80.0 * 5.0 / 6.0, 270.0 + 80.0 / 6.0, 50.0];
        assert!(out.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-9), "{out:?}");
        // the same part of all: 0.8 x 200 + 0.2 x 0.25 x 400
        let out = share_again(&[200.0, 200.0], &[0.2, 0.2], &[0.25, 0.75]);
        assert!((out[0] - 180.0).abs() < 1e-9 && (out[1] - 220.0).abs() < 1e-9, "{out:?}");
        // an area that does not serve the grade stays out of it, and so does one whose grade opens
        let out = share_again(&[f64::NAN, 5.0, 8.0], &[0.0, 0.2, 0.2], &[0.0, 1.0, 0.0]);
        assert!(out[0].is_nan() && (out[1] - 5.0).abs() < 1e-9 && (out[2] - 8.0).abs() < 1e-9, "{out:?}");
    }

    #[test]
    fn the_entry_of_a_small_area_is_mostly_chance() {
        // 0.12 / 1200 = 0.01^2;  0.12 / 100 = 0.0012, of 0.0013;  0.12 / 4000 = 0.00003, of 0.00013
        assert!((chance(1200.0) - 0.5).abs() < 1e-12);
        assert!((chance(100.0) - 12.0 / 13.0).abs() < 1e-12 && (chance(4000.0) - 3.0 / 13.0).abs() < 1e-12);
        assert_eq!([chance(0.0), chance(f64::NAN)].map(f64::to_bits), [1.0_f64; 2].map(f64::to_bits));
    }
}
