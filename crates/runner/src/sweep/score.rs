//! What a schedule is judged by, in whole numbers; and the order in which schedules are ranked.

use std::cmp::Ordering;

/// Share of the draws in the tail of CVaR95.
const TAIL: f64 = 0.05;

/// Draws in the tail: max(1, round(0.05 D)).
pub fn tail_of(draws: usize) -> usize {
    ((TAIL * draws as f64).round() as usize).max(1)
}

/// Sums over the draws of one schedule. Whole numbers, so every order of summation gives the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Score {
    /// Shortage, seat-years over all slots and coming years, summed over the draws.
    pub shortage: u64,
    /// The same over the worst draws alone, [`tail_of`] of them.
    pub tail: u64,
    /// The largest shortage of one slot and year, summed over the draws.
    pub worst: u64,
    /// Places without a pupil, seat-years, summed over the draws.
    pub idle: u64,
    /// Draws in which no slot lacks a place in the year that is secured.
    pub secured: u64,
    /// Money to build and to run.
    pub cost: u64,
    /// Draws.
    pub draws: u64,
}

impl Score {
    /// Mean shortage, seat-years.
    pub fn mean_shortage(&self) -> f64 {
        self.shortage as f64 / self.draws as f64
    }

    /// Mean shortage of the worst 5 % of the draws, seat-years.
    pub fn cvar95_shortage(&self) -> f64 {
        self.tail as f64 / tail_of(self.draws as usize) as f64
    }

    /// Mean shortage of the worst slot and year, pupils.
    pub fn worst_group_year(&self) -> f64 {
        self.worst as f64 / self.draws as f64
    }

    /// Share of the draws in which nobody lacks a place in the year that is secured.
    pub fn p_all_secured(&self) -> f64 {
        self.secured as f64 / self.draws as f64
    }

    /// Mean idle places, seat-years.
    pub fn idle_seat_years(&self) -> f64 {
        self.idle as f64 / self.draws as f64
    }

    /// Rank: less shortage in the worst draws, then in the mean, then cheaper.
    pub fn rank(&self, other: &Self) -> Ordering {
        self.tail
            .cmp(&other.tail)
            .then(self.shortage.cmp(&other.shortage))
            .then(self.cost.cmp(&other.cost))
            .then(self.idle.cmp(&other.idle))
    }
}

/// The sum of the `k` largest of `totals`, whose order is not kept.
pub(super) fn sum_of_largest(totals: &mut [u64], k: usize) -> u64 {
    let k = k.min(totals.len());
    if k == 0 {
        return 0;
    }
    let at = totals.len() - k;
    let (_, pivot, above) = totals.select_nth_unstable(at);
    *pivot + above.iter().sum::<u64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_a_twentieth_of_the_draws_and_at_least_one() {
        assert_eq!([1, 9, 10, 30, 60, 1000].map(tail_of), [1, 1, 1, 2, 3, 50]);
    }

    #[test]
    fn the_largest_are_summed_whatever_their_order() {
        assert_eq!(sum_of_largest(&mut [5, 1, 9, 7, 9], 2), 18);
        assert_eq!(sum_of_largest(&mut [3, 1], 5), 4);
        assert_eq!(sum_of_largest(&mut [], 1), 0);
    }

    #[test]
    fn the_worst_draws_come_first_in_the_rank_then_the_mean_then_the_cost() {
        let score = |tail, shortage, cost| Score { tail, shortage, cost, draws: 1, ..Score::default() };
        assert_eq!(score(1, 9, 9).rank(&score(2, 1, 1)), Ordering::Less);
        assert_eq!(score(1, 1, 9).rank(&score(1, 2, 1)), Ordering::Less);
        assert_eq!(score(1, 1, 2).rank(&score(1, 1, 1)), Ordering::Greater);
    }
}
