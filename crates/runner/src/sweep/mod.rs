//! Many build schedules against many draws, with common random numbers.
//!
//! Reading order: [`problem`] (a scenario as plain arrays), [`sample`] (which schedules), [`brute`] (a schedule scored by
//! going through all of it), [`kernel`] (the same at the speed of the machine: by the algebra of slots where it holds),
//! [`score`] and [`best`] (what is kept). `neighbours` and `improve` look around a plan.
//!
//! A sweep scores each schedule in every variant of the scenario on the same draws. Regret of a schedule in a variant is
//! its tail shortage above the least that any schedule of the sweep has there.

#![expect(
    clippy::inline_always,
    reason = "a kernel is compiled for an instruction set only where it is inlined"
)]

mod arrays;
pub mod best;
pub mod brute;
mod fast;
mod general;
mod improve;
pub mod kernel;
mod lanes;
mod laws;
mod neighbours;
pub mod problem;
pub mod sample;
pub mod score;
mod select;
mod sides;
mod size;

use seatcast_core::{
    Scenario,
    supply::{Budget, Menu},
};

pub use arrays::{Bounds, Width};
pub use best::{Best, Scored, Standing, standings};
pub use improve::{Improved, Worth};
pub use kernel::{Kernel, Method, Tail, Way, Wish};
pub use neighbours::{Change, Neighbourhood};
pub use problem::{Problem, Rule};
pub use sample::{Sampler, Strategy};
pub use score::Score;
pub use seatcast_core::isa::Isa;
pub use size::memory;

use crate::{Progress, RunError, Settings, pool};

/// Schedules scored in one go; rows that are met are kept from one to the next.
const BATCH: usize = 8192;

/// Points kept for the chart of the sweep.
const CLOUD: usize = 4000;

/// What is to be swept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// How schedules are made.
    pub strategy: Strategy,
    /// At most so many.
    pub schedules: u64,
    /// Money that may be committed.
    pub budget: Budget,
    /// Schedules kept in the order of their rank.
    pub keep: usize,
    /// How they are scored; the answer is the same.
    pub wish: Wish,
    /// How shortage becomes that of a draw.
    pub rule: Rule,
    /// Whether the best is made better by changing one or two projects at a time.
    pub improve: bool,
}

/// A finished sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sweep {
    /// The way schedules were scored, by variant.
    pub ways: Vec<Way>,
    /// Schedules scored.
    pub scored: u64,
    /// Whether it was stopped before its last schedule.
    pub stopped: bool,
    /// What is kept.
    pub best: Best,
    /// Cost and score of schedules spread evenly over the sweep, in the first variant.
    pub cloud: Vec<(u64, Score)>,
    /// The least tail shortage of any schedule, by variant.
    pub least: Vec<u64>,
    /// How often each choice stands in all schedules.
    pub all: Vec<Standing>,
    /// What the best was improved to, if that was asked for and something was better.
    pub improved: Option<Improved>,
    /// What each project is worth in the best plan, in the first variant.
    pub worth: Vec<Worth>,
}

/// Sweeps schedules of `menu`, which is that of the first of the `variants`, over all variants.
///
/// # Errors
/// [`RunError`] if the threads cannot be started or the figures are too large.
pub fn sweep(
    variants: &[&Scenario],
    menu: &Menu,
    plan: &Plan,
    settings: &Settings,
    progress: &Progress,
) -> Result<Sweep, RunError> {
    let problem = |scenario: &&Scenario| -> Result<Problem, RunError> {
        Ok(Problem { rule: plan.rule.clone(), ..Problem::new(scenario, menu, settings, progress)? })
    };
    let problems: Vec<Problem> = variants.iter().map(problem).collect::<Result<_, _>>()?;
    let pool = pool(settings.threads, plan.schedules.max(u64::from(settings.draws)))?;
    let kernels: Vec<Kernel<'_>> =
        pool.install(|| problems.iter().map(|p| Kernel::new(p, plan.wish)).collect());
    let sampler = || Sampler::new(menu, &plan.budget, &plan.strategy, settings.seed, plan.schedules);
    let rounds: Vec<usize> = menu.choices.iter().map(|c| c.rounds.len()).collect();
    let mut sweep = Sweep {
        ways: kernels.iter().map(Kernel::way).collect(),
        scored: 0,
        stopped: false,
        best: Best::default(),
        cloud: Vec::new(),
        least: vec![u64::MAX; variants.len()],
        all: standings(std::iter::empty(), &rounds),
        improved: None,
        worth: Vec::new(),
    };
    // the regret of a schedule is known only after the least of every variant is: then a second pass ranks by it
    let passes = if variants.len() > 1 { 2 } else { 1 };
    for pass in 1..=passes {
        let last = pass == passes;
        let mut sampler = sampler();
        let mut number = 0;
        let mut stride = 1;
        loop {
            let batch = pool.install(|| sampler.batch(BATCH));
            if batch.is_empty() {
                break;
            }
            if progress.is_stopped() {
                sweep.stopped = true;
                break;
            }
            let scores: Vec<Vec<Score>> = pool.install(|| kernels.iter().map(|k| k.scores(&batch)).collect());
            for (i, picks) in batch.into_iter().enumerate() {
                let of: Vec<Score> = scores.iter().map(|s| s[i]).collect();
                if pass == 1 {
                    for (least, score) in sweep.least.iter_mut().zip(&of) {
                        *least = (*least).min(score.tail);
                    }
                }
                if last {
                    if number % stride == 0 {
                        sweep.cloud.push((of[0].cost, of[0]));
                        if sweep.cloud.len() == CLOUD {
                            // every other point goes: the rest stays evenly spread
                            let mut at = 0;
                            sweep.cloud.retain(|_| {
                                at += 1;
                                at % 2 == 1
                            });
                            stride *= 2;
                        }
                    }
                    for (standing, pick) in sweep.all.iter_mut().zip(&picks) {
                        standing.of += 1;
                        if let Some(r) = pick {
                            standing.by_round[*r] += 1;
                        }
                    }
                    let above =
                        of.iter().zip(&sweep.least).map(|(score, least)| score.tail.saturating_sub(*least));
                    let regret = if variants.len() > 1 { above.max().unwrap_or(0) } else { 0 };
                    sweep.best.offer(Scored { number, picks, scores: of, regret }, plan.keep);
                    sweep.scored += 1;
                }
                number += 1;
            }
            progress.add(scores.first().map_or(0, Vec::len) as u64);
        }
    }
    let variants = improve::Variants { problems: &problems, kernels: &kernels, least: &sweep.least.clone() };
    pool.install(|| look_around(&mut sweep, &variants, menu, plan, progress));
    sweep.check(&problems)?;
    Ok(sweep)
}

/// Improves the best schedule, if that is asked for, and says what each project is worth in it.
fn look_around(
    sweep: &mut Sweep,
    variants: &improve::Variants<'_>,
    menu: &Menu,
    plan: &Plan,
    progress: &Progress,
) {
    let Some(best) = sweep.best.top.first().cloned() else { return };
    if plan.improve && !sweep.stopped {
        let (picks, steps) = improve::improve(variants, menu, &plan.budget, &best.picks, progress);
        if steps > 0 {
            let of = |kernel: &Kernel<'_>| kernel.scores(std::slice::from_ref(&picks)).first().copied();
            let scores: Vec<Score> = variants.kernels.iter().filter_map(of).collect();
            let above =
                scores.iter().zip(variants.least).map(|(score, least)| score.tail.saturating_sub(*least));
            let regret = if scores.len() > 1 { above.max().unwrap_or(0) } else { 0 };
            sweep.improved = Some(Improved { from: best.number, number: sweep.scored, steps });
            sweep.best.offer(Scored { number: sweep.scored, picks, scores, regret }, plan.keep);
        }
    }
    if let Some(best) = sweep.best.top.first() {
        sweep.worth = improve::worth(&variants.problems[0], &variants.kernels[0], menu, &best.picks);
    }
}
