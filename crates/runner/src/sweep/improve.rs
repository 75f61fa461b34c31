//! A plan made better step by step, and what each project is worth in it.
//!
//! A step changes the pick of one choice, or, where no such change is better, takes one project out and changes another.
//! The best step is taken, as long as one is better by the rank of a sweep. What is found is at its best for all steps of
//! these kinds, not among all plans.

use seatcast_core::supply::{Budget, Menu, Pick};

use super::{
    brute::cost,
    kernel::{Kernel, Tail},
    neighbours::{Change, Neighbourhood},
    problem::Problem,
};
use crate::Progress;

/// Neighbours scored in one go.
const AT_ONCE: usize = 65_536;

/// A plan that a sweep's best was improved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Improved {
    /// Number of the schedule it started from.
    pub from: u64,
    /// Its own number: one more than that of the last schedule scored.
    pub number: u64,
    /// Steps taken.
    pub steps: u64,
}

/// What a plan is ranked by: regret, worst draws, all draws, money.
type Key = (i64, u64, u64, u64);

/// The variants of a sweep, each with its kernel and the least tail of any schedule tried there.
pub(super) struct Variants<'v> {
    pub(super) problems: &'v [Problem],
    pub(super) kernels: &'v [Kernel<'v>],
    pub(super) least: &'v [u64],
}

impl Variants<'_> {
    fn key(&self, tails: &[Tail], picks: &[Pick]) -> Key {
        let above = tails.iter().zip(self.least).map(|(tail, &least)| tail.tail as i64 - least as i64);
        let regret = if tails.len() > 1 { above.max().unwrap_or(0) } else { 0 };
        (regret, tails[0].tail, tails[0].shortage, cost(&self.problems[0], picks))
    }
}

/// The plan that no step makes better, starting from `picks`, and the steps taken.
pub(super) fn improve(
    variants: &Variants<'_>,
    menu: &Menu,
    budget: &Budget,
    picks: &[Pick],
    progress: &Progress,
) -> (Vec<Pick>, u64) {
    let start: Vec<Tail> =
        variants.kernels.iter().filter_map(|k| k.tails(&[picks.to_vec()]).first().copied()).collect();
    let mut best = (variants.key(&start, picks), picks.to_vec());
    let mut steps = 0;
    while !progress.is_stopped() {
        let around: Vec<Neighbourhood<'_>> =
            variants.kernels.iter().map(|k| Neighbourhood::new(k, &best.1)).collect();
        let singles = singles(menu, &best.1);
        let ones = singles.iter().map(|change| vec![*change]);
        let step = best_of(variants, &around, menu, budget, ones, best.0).or_else(|| {
            let taken_out = singles.iter().filter(|change| change.pick.is_none());
            let pair = |out: &Change| {
                let out = *out;
                singles.iter().filter(move |c| c.choice != out.choice).map(move |c| vec![out, *c])
            };
            best_of(variants, &around, menu, budget, taken_out.flat_map(pair), best.0)
        });
        let Some(step) = step else { break };
        best = step;
        steps += 1;
    }
    (best.1, steps)
}

/// Every change of one choice.
fn singles(menu: &Menu, picks: &[Pick]) -> Vec<Change> {
    let of = |(choice, rounds): (usize, usize)| {
        std::iter::once(None).chain((0..rounds).map(Some)).map(move |pick| Change { choice, pick })
    };
    let rounds = menu.choices.iter().map(|c| c.rounds.len()).enumerate();
    rounds.flat_map(of).filter(|change| picks[change.choice] != change.pick).collect()
}

/// The best of the neighbours that keep the rules and are better than `than`; the first among equals.
fn best_of(
    variants: &Variants<'_>,
    around: &[Neighbourhood<'_>],
    menu: &Menu,
    budget: &Budget,
    mut neighbours: impl Iterator<Item = Vec<Change>>,
    than: Key,
) -> Option<(Key, Vec<Pick>)> {
    let mut best: Option<(Key, Vec<Pick>)> = None;
    loop {
        let some: Vec<Vec<Change>> = neighbours
            .by_ref()
            .filter(|changes| menu.broken(&around[0].changed(changes), budget).is_empty())
            .take(AT_ONCE)
            .collect();
        if some.is_empty() {
            return best;
        }
        let tails: Vec<Vec<Tail>> = around.iter().map(|around| around.tails(&some)).collect();
        for (n, changes) in some.iter().enumerate() {
            let of: Vec<Tail> = tails.iter().map(|tails| tails[n]).collect();
            let picks = around[0].changed(changes);
            let key = variants.key(&of, &picks);
            if key < best.as_ref().map_or(than, |(key, _)| *key) {
                best = Some((key, picks));
            }
        }
    }
}

/// What a project is worth in a plan: shortage and money with it against without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worth {
    /// Index of the choice in the menu.
    pub choice: usize,
    /// Its pick in the plan.
    pub pick: Pick,
    /// The round that counts as "with it": that of the plan; where the plan never decides it, the round in which it
    /// would take off most.
    pub with: Pick,
    /// Shortage that it takes off, summed over the draws and over the worst draws; negative where it adds some.
    pub takes_off: (i64, i64),
    /// Shortage of the worst draws that deciding it one round later would add; nothing where there is no later round or
    /// the plan never decides it.
    pub later: Option<i64>,
    /// Money it costs.
    pub cost: i64,
}

/// What each choice is worth in a plan, the rules between projects aside.
pub(super) fn worth(problem: &Problem, kernel: &Kernel<'_>, menu: &Menu, plan: &[Pick]) -> Vec<Worth> {
    let around = Neighbourhood::new(kernel, plan);
    let changes = singles(menu, plan);
    let tails = around.tails(&changes.iter().map(|change| vec![*change]).collect::<Vec<_>>());
    let own = kernel.tails(&[plan.to_vec()]).first().copied().unwrap_or_default();
    let of = |choice: usize, pick: Pick| {
        let at = changes.iter().position(|c| *c == Change { choice, pick });
        at.map_or(own, |at| tails[at])
    };
    let less = |a: u64, b: u64| a as i64 - b as i64;
    (0..menu.choices.len())
        .map(|choice| {
            let rounds = menu.choices[choice].rounds.len();
            let least = (0..rounds).min_by_key(|&r| {
                let tail = of(choice, Some(r));
                (tail.tail, tail.shortage, r)
            });
            let with = plan[choice].or(least);
            let (without, tail) = (of(choice, None), of(choice, with));
            let money = |pick: Pick| cost(problem, &around.changed(&[Change { choice, pick }]));
            let later = plan[choice].map(|r| r + 1).filter(|&r| r < rounds);
            Worth {
                choice,
                pick: plan[choice],
                with,
                takes_off: (less(without.shortage, tail.shortage), less(without.tail, tail.tail)),
                later: later.map(|r| less(of(choice, Some(r)).tail, own.tail)),
                cost: less(money(with), money(None)),
            }
        })
        .collect()
}
