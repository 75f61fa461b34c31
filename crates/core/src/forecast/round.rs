//! Whole pupils and whole places by largest remainder.

use std::cmp::Reverse;

/// Binary places of a pupil that rounding looks at: two remainders that differ by less than 2^-23 are equal.
pub(super) const PLACES: u32 = 23;
/// 2^29, above all pupils of a cell. A number to which it is added has its `PLACES` binary places and what stands before
/// them in the low 52 bits, so that all that follows is exact in whole numbers, in any order and on any machine.
const ABOVE: f64 = (1_u64 << (52 - PLACES)) as f64;
const LOW: u64 = (1 << 52) - 1;
pub(super) const PART: u64 = (1 << PLACES) - 1;

/// `pupils` in parts of 2^-`PLACES`; what is above 2^29 - 1 counts as that, and whoever gives a figure out asks first whether
/// a cell has come to it ([`super::beyond`]).
#[inline(always)]
pub(super) fn fixed(pupils: f64) -> u64 {
    (pupils.min(ABOVE - 1.0) + ABOVE).to_bits() & LOW
}

/// The nearest whole number of pupils, halves up.
#[inline(always)]
pub(super) fn nearest(fixed: u64) -> u64 {
    (fixed + (1 << (PLACES - 1))) >> PLACES
}

/// Rounds `values` so that they add to their rounded sum: each is cut, the rest goes to the largest remainders, the
/// earlier first among equals. Values are finite and not negative.
pub fn round_to_total(values: &[f64]) -> Vec<u32> {
    round_fixed(&values.iter().map(|&v| fixed(v)).collect::<Vec<_>>())
}

/// The same of numbers in parts of 2^-`PLACES`.
pub(super) fn round_fixed(values: &[u64]) -> Vec<u32> {
    let mut whole: Vec<u32> = values.iter().map(|v| (v >> PLACES) as u32).collect();
    let missing = nearest(values.iter().map(|v| v & PART).sum());
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by_key(|&i| (Reverse(values[i] & PART), i));
    for &i in order.iter().take(missing as usize) {
        whole[i] += 1;
    }
    whole
}

/// Shares out `total` in proportion to `weights`, in whole numbers that add to it; nothing if all weights are 0.
pub fn apportion(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u128 = weights.iter().map(|&w| u128::from(w)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let exact: Vec<u128> = weights.iter().map(|&w| u128::from(w) * u128::from(total)).collect();
    let mut shares: Vec<u64> = exact.iter().map(|e| (e / sum) as u64).collect();
    let missing = (total - shares.iter().sum::<u64>()) as usize;
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|&a, &b| (exact[b] % sum).cmp(&(exact[a] % sum)).then(a.cmp(&b)));
    for &i in order.iter().take(missing) {
        shares[i] += 1;
    }
    shares
}

/// A part smaller than this is none: the last bits of a sum of floats.
const NONE: f64 = 1e-6;

/// A float above this, 2^53, has no single pupils left to round, and what adds such parts must not overflow.
const COUNTED: f64 = (1_u64 << 53) as f64;

/// Rounds signed `parts` to whole numbers that add to `total`, by largest remainder. A part that is none gets none, unless
/// all are: then the first stands for what rounding did. What is missing beyond one pupil a part goes round in whole turns.
pub fn round_signed<const N: usize>(parts: &[f64; N], total: i64) -> [i64; N] {
    let parts = parts.map(|p| if p.abs() < NONE { 0.0 } else { p.clamp(-COUNTED, COUNTED) });
    let mut whole = parts.map(|p| p.floor() as i64);
    let mut order: Vec<usize> = (0..N).filter(|&k| parts[k] != 0.0).collect();
    order.sort_by(|&a, &b| {
        (parts[b] - parts[b].floor()).total_cmp(&(parts[a] - parts[a].floor())).then(a.cmp(&b))
    });
    if order.is_empty() {
        order.push(0);
    }
    let missing = total - whole.iter().sum::<i64>();
    if missing < 0 {
        order.reverse();
    }
    let among = order.len() as i64;
    let (turns, rest) = (missing / among, missing % among);
    for (i, &k) in order.iter().enumerate() {
        whole[k] += turns + if (i as i64) < rest.abs() { rest.signum() } else { 0 };
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_remainders_get_the_missing_pupils() {
        // 10.3 + 5.6 + 0.2 = 16.1 -> 16 = 10 + 5 + 0 and one more for .6
        assert_eq!(round_to_total(&[10.3, 5.6, 0.2]), [10, 6, 0]);
        // 0.5 + 0.5 = 1: the earlier of equals
        assert_eq!(round_to_total(&[0.5, 0.5]), [1, 0]);
        assert_eq!(round_to_total(&[0.6]), [1]);
        assert_eq!(round_to_total(&[]), Vec::<u32>::new());
    }

    #[test]
    fn remainders_closer_than_a_millionth_of_a_pupil_are_equal() {
        assert_eq!(round_to_total(&[0.5 - 1e-8, 0.5]), [1, 0]);
        assert_eq!(round_to_total(&[0.5 - 1e-6, 0.5]), [0, 1]);
        // what no cell can hold counts as the most that one can
        assert_eq!(round_to_total(&[1e12]), [(1 << 29) - 1]);
    }

    #[test]
    fn a_cause_that_is_none_gets_no_pupil() {
        // 0.3 + 0.2 of two causes and a pupil to tell of: the larger remainder has it, and not the causes without any
        assert_eq!(round_signed(&[0.0, 0.3, 1e-15, 0.2, -1e-15], 1), [0, 1, 0, 0, 0]);
        assert_eq!(round_signed(&[0.0, 0.3, 0.0, 0.2], -1), [0, 0, 0, -1]);
        assert_eq!(round_signed(&[0.0, 0.4, 0.0], 2), [0, 2, 0]);
        // rounding alone moved a pupil
        assert_eq!(round_signed(&[0.0, 1e-12, 0.0], -1), [-1, 0, 0]);
    }

    #[test]
    fn rounded_signed_parts_add_to_the_total() {
        let whole = round_signed(&[10.6, -3.7, 0.3, 0.0], 7);
        assert_eq!(whole.iter().sum::<i64>(), 7);
        assert_eq!((whole[0], whole[1]), (11, -4), "10.6 is nearer to 11, -3.7 to -4");
    }

    /// The same, one pupil after the other.
    fn one_by_one<const N: usize>(parts: &[f64; N], total: i64) -> [i64; N] {
        let parts = parts.map(|p| if p.abs() < NONE { 0.0 } else { p });
        let mut whole = parts.map(|p| p.floor() as i64);
        let mut order: Vec<usize> = (0..N).filter(|&k| parts[k] != 0.0).collect();
        order.sort_by(|&a, &b| {
            (parts[b] - parts[b].floor()).total_cmp(&(parts[a] - parts[a].floor())).then(a.cmp(&b))
        });
        if order.is_empty() {
            order.push(0);
        }
        let mut left = total - whole.iter().sum::<i64>();
        if left < 0 {
            order.reverse();
        }
        for &k in order.iter().cycle() {
            if left == 0 {
                break;
            }
            whole[k] += left.signum();
            left -= left.signum();
        }
        whole
    }

    proptest::proptest! {
        #[test]
        fn whole_turns_give_what_pupil_after_pupil_gives(
            parts in proptest::array::uniform5(-40.0_f64..40.0),
            none in proptest::array::uniform5(proptest::bool::weighted(0.3)),
            total in -300_i64..300,
        ) {
            let mut parts = parts;
            for (part, none) in parts.iter_mut().zip(none) {
                *part = if none { 0.0 } else { *part };
            }
            proptest::prop_assert_eq!(round_signed(&parts, total), one_by_one(&parts, total));
        }
    }

    #[test]
    fn a_total_far_from_its_parts_is_reached_at_once() {
        // 10^18 by ones would take years; 3 parts share it in whole turns
        let whole = round_signed(&[0.5, 1.5, 0.0, 1.25], 1_000_000_000_000_000_000);
        assert_eq!(whole.iter().sum::<i64>(), 1_000_000_000_000_000_000);
        assert_eq!(whole[2], 0);
        assert!(whole[0].abs_diff(whole[3]) <= 2);
        // parts that no pupil can be told of still add to the total
        assert_eq!(round_signed(&[1e30, -1e30, 7.0], 7).iter().sum::<i64>(), 7);
    }

    #[test]
    fn shares_are_in_proportion_and_add_up() {
        // 10 x 1/6 = 1.67, 10 x 2/6 = 3.33, 10 x 3/6 = 5
        assert_eq!(apportion(10, &[1, 2, 3]), [2, 3, 5]);
        assert_eq!(apportion(10, &[0, 0]), [0, 0]);
    }
}
