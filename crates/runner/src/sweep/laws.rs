//! What holds of a sweep.

use seatcast_core::law::{Kept, Law, at_most, same};

use super::{Sweep, brute, problem::Problem, score::Score};

impl Sweep {
    /// Whether the best schedule scores the same when it is worked out alone, slot by slot, and the front is one.
    ///
    /// # Errors
    /// The first law that is broken.
    pub fn check(&self, problems: &[Problem]) -> Kept {
        if let Some(best) = self.best.top.first() {
            for (problem, found) in problems.iter().zip(&best.scores) {
                // a rule under which shortage does not add up has no score of its own here
                if problem.rule.adds_up() {
                    check_score(best.number, found, &brute::score(problem, &best.picks))?;
                }
            }
        }
        for pair in self.best.front.windows(2) {
            let ([before, after], place) = (pair, || format!("schedule {}", pair[1].number)) else {
                continue;
            };
            let (before, after) = (&before.scores[0], &after.scores[0]);
            at_most(Law::SweepFront, before.cost as i64 + 1, after.cost as i64, place)?;
            at_most(Law::SweepFront, after.tail as i64 + 1, before.tail as i64, place)?;
        }
        Ok(())
    }
}

fn check_score(number: u64, found: &Score, alone: &Score) -> Kept {
    for (found, alone) in [
        (found.shortage, alone.shortage),
        (found.tail, alone.tail),
        (found.worst, alone.worst),
        (found.idle, alone.idle),
        (found.secured, alone.secured),
        (found.cost, alone.cost),
    ] {
        same(Law::SweepRescored, found as i64, alone as i64, || format!("schedule {number}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sweep::best::{Best, Scored};

    fn sweep(front: &[(u64, u64)]) -> Sweep {
        let scored = |(number, &(cost, tail)): (usize, &(u64, u64))| Scored {
            number: number as u64,
            picks: Vec::new(),
            scores: vec![Score { cost, tail, draws: 1, ..Score::default() }],
            regret: 0,
        };
        let best = Best { top: Vec::new(), front: front.iter().enumerate().map(scored).collect() };
        Sweep {
            ways: Vec::new(),
            scored: 0,
            stopped: false,
            best,
            cloud: Vec::new(),
            least: Vec::new(),
            all: Vec::new(),
            improved: None,
            worth: Vec::new(),
        }
    }

    #[test]
    fn a_front_that_buys_nothing_is_found() {
        assert_eq!(sweep(&[(1, 10), (3, 9), (5, 4)]).check(&[]), Ok(()));
        for front in [[(1, 10), (3, 10)], [(3, 10), (3, 9)], [(1, 9), (2, 10)]] {
            assert_eq!(sweep(&front).check(&[]).unwrap_err().law, Law::SweepFront);
        }
    }

    #[test]
    fn a_score_that_a_kernel_got_wrong_is_found() {
        let score = Score { shortage: 7, tail: 3, worst: 2, idle: 9, secured: 1, cost: 5, draws: 1 };
        assert_eq!(check_score(0, &score, &score), Ok(()));
        let wrong = Score { idle: 8, ..score };
        assert_eq!(check_score(0, &wrong, &score).unwrap_err().law, Law::SweepRescored);
    }
}
