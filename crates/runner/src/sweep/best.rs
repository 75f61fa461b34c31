//! What is kept of a sweep: the best, the front, a cloud to draw, and how often each project stands in good plans.

use seatcast_core::supply::Pick;

use super::score::Score;

/// A schedule with its score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// Number of the schedule in the sweep.
    pub number: u64,
    /// Its picks.
    pub picks: Vec<Pick>,
    /// Its score in each variant.
    pub scores: Vec<Score>,
    /// Largest regret over the variants: tail shortage above the least of any schedule there, summed over the tail.
    pub regret: u64,
}

impl Scored {
    /// With one variant the rank of its score; with several the largest regret first. The earlier among equals.
    fn rank(&self, other: &Self) -> std::cmp::Ordering {
        let scores = self.scores[0].rank(&other.scores[0]).then(self.number.cmp(&other.number));
        self.regret.cmp(&other.regret).then(scores)
    }
}

/// The schedules kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Best {
    /// The best, best first.
    pub top: Vec<Scored>,
    /// Schedules than which none is both cheaper and less short in the worst draws, cheapest first. Of the first variant.
    pub front: Vec<Scored>,
}

impl Best {
    /// Offers a schedule; `keep` are kept at most.
    pub fn offer(&mut self, scored: Scored, keep: usize) {
        self.offer_front(&scored);
        let full = self.top.len() >= keep;
        if full && self.top.last().is_none_or(|last| last.rank(&scored).is_le()) {
            return;
        }
        let at = self.top.partition_point(|other| other.rank(&scored).is_le());
        self.top.insert(at, scored);
        self.top.truncate(keep);
    }

    fn offer_front(&mut self, scored: &Scored) {
        let (cost, tail) = (scored.scores[0].cost, scored.scores[0].tail);
        let at = self.front.partition_point(|other| other.scores[0].cost < cost);
        // what costs less and falls short no more beats it; so does an earlier one of the same cost and shortage
        let beaten = at > 0 && self.front[at - 1].scores[0].tail <= tail
            || self.front.get(at).is_some_and(|o| o.scores[0].cost == cost && o.scores[0].tail <= tail);
        if beaten {
            return;
        }
        let beats = self.front[at..].iter().take_while(|o| o.scores[0].tail >= tail).count();
        self.front.splice(at..at + beats, [scored.clone()]);
    }
}

/// How often a choice stands in a set of schedules, by round.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// Schedules in which it is decided, by round.
    pub by_round: Vec<u64>,
    /// Schedules in all.
    pub of: u64,
}

/// Counts the rounds of every choice over `schedules`; `rounds` is the number of rounds of each.
pub fn standings<'a>(schedules: impl Iterator<Item = &'a Scored>, rounds: &[usize]) -> Vec<Standing> {
    let mut standings: Vec<Standing> =
        rounds.iter().map(|&n| Standing { by_round: vec![0; n], of: 0 }).collect();
    for scored in schedules {
        for (standing, pick) in standings.iter_mut().zip(&scored.picks) {
            standing.of += 1;
            if let Some(r) = pick {
                standing.by_round[*r] += 1;
            }
        }
    }
    standings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(number: u64, cost: u64, tail: u64) -> Scored {
        let score = Score { cost, tail, draws: 1, ..Score::default() };
        Scored { number, picks: vec![], scores: vec![score], regret: 0 }
    }

    #[test]
    fn the_front_holds_what_nothing_beats_on_both_sides() {
        let mut best = Best::default();
        for (number, (cost, tail)) in
            [(5, 5), (3, 9), (5, 4), (4, 9), (9, 1), (7, 4), (1, 10)].into_iter().enumerate()
        {
            best.offer(scored(number as u64, cost, tail), 3);
        }
        let front: Vec<(u64, u64)> =
            best.front.iter().map(|s| (s.scores[0].cost, s.scores[0].tail)).collect();
        assert_eq!(front, [(1, 10), (3, 9), (5, 4), (9, 1)]);
        let top: Vec<u64> = best.top.iter().map(|s| s.number).collect();
        assert_eq!(top, [4, 2, 5], "least tail first, the cheaper among equals");
    }

    #[test]
    fn of_two_equal_schedules_the_earlier_is_kept() {
        let mut best = Best::default();
        best.offer(scored(0, 1, 1), 1);
        best.offer(scored(1, 1, 1), 1);
        assert_eq!((best.front.len(), best.front[0].number, best.top[0].number), (1, 0, 0));
    }

    #[test]
    fn standings_count_rounds() {
        let with = |picks| Scored { picks, ..scored(0, 0, 0) };
        let schedules = [with(vec![Some(1), None]), with(vec![Some(1), Some(0)])];
        let standings = standings(schedules.iter(), &[2, 1]);
        assert_eq!(standings[0], Standing { by_round: vec![0, 2], of: 2 });
        assert_eq!(standings[1], Standing { by_round: vec![1], of: 2 });
    }
}
