//! The arithmetic of an explanation: whole pupils that add up, and the parts of a shortage.
//!
//! ```text
//! part_i of max(0, g) = sum over sets R without i   |R|! (n - 1 - |R|)! / n!   (max(0, g0 + sum_R + p_i) - max(0, g0 + sum_R))
//! ```
//!
//! The Shapley value: the mean over all orders in which the parts could have been added. Its parts add to
//! max(0, g) - max(0, g0) exactly, before and after rounding.

use super::PARTS;

/// What each part adds to max(0, reference + parts so far), mean over all orders, in whole pupils that add to the change
/// of the shortage. In whole numbers throughout: equal remainders go to the earlier part on every machine.
pub(super) fn shapley(reference: i64, parts: &[i64; PARTS]) -> [i64; PARTS] {
    // a part that is zero adds nothing in any order
    let active: Vec<usize> = (0..PARTS).filter(|&i| parts[i] != 0).collect();
    let n = active.len();
    let value: Vec<i128> = (0..1_usize << n)
        .map(|set| {
            let sum: i64 = (0..n).filter(|i| set >> i & 1 == 1).map(|i| parts[active[i]]).sum();
            i128::from((reference + sum).max(0))
        })
        .collect();
    let factorial = |k: usize| (1..=k as i128).product::<i128>();
    let orders = factorial(n);
    let mut whole = [0; PARTS];
    let mut rest: Vec<(i128, usize)> = Vec::with_capacity(n);
    for (i, &part) in active.iter().enumerate() {
        let mut sum = 0;
        for set in (0..1_usize << n).filter(|set| set >> i & 1 == 0) {
            let k = set.count_ones() as usize;
            sum += factorial(k) * factorial(n - 1 - k) * (value[set | 1 << i] - value[set]);
        }
        whole[part] = sum.div_euclid(orders) as i64;
        rest.push((-sum.rem_euclid(orders), part));
    }
    rest.sort_unstable();
    let total = value.last().zip(value.first()).map_or(0, |(all, none)| (all - none) as i64);
    let missing = (total - whole.iter().sum::<i64>()) as usize;
    for &(_, part) in rest.iter().take(missing) {
        whole[part] += 1;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_shortage_are_the_mean_over_all_orders() {
        // reference -10 (spare), +30 demand, -5 places: shortage 15. Orders: +30 then -5 gives 20, -5;
        // -5 then +30 gives 0, 15. Mean: 17.5 and -2.5; the half goes to the earlier: 18 and -3.
        let mut parts = [0; PARTS];
        (parts[0], parts[6]) = (30, -5);
        let mean = shapley(-10, &parts);
        assert_eq!((mean[0], mean[6], mean.iter().sum::<i64>()), (18, -3, 15));
        // no order ever reaches a shortage
        assert_eq!(shapley(-100, &parts), [0; PARTS]);
    }
}
