//! The rule in closed loop: many policies on the same futures.
//!
//! Parallel over whole futures and collected by number. The forecasts of a future are made once, year by year, and serve
//! every policy: demand does not depend on what is built.

use seatcast_core::{
    Broken, Scenario,
    balance::BySlot,
    cycle::{
        Break, Future, Generator, Ground, Looking, Outcome, Outlook, Planner, Policy, Prices, Proposer,
        Stage, demand_of, foresee, foresight::Foresight, long_terms, play,
    },
    demand::DemandTerms,
    forecast::Beyond,
    grid::{Cells, Grid},
    index::ProjectId,
    supply::{Programme, SupplyModel},
};

use crate::{Progress, RunError, in_parallel};

/// Years ahead of the central path: how long a need lasts is asked so far.
pub(crate) const LONG: usize = 15;

/// What is to be played.
#[derive(Debug, Clone, PartialEq)]
pub struct CyclePlan {
    /// Futures.
    pub futures: u32,
    /// Years that roll.
    pub years: usize,
    /// Draws of every forecast.
    pub draws: u32,
    /// Seed of every random number.
    pub seed: u64,
    /// Threads; 0 = as many as there are cores.
    pub threads: usize,
    /// Policies.
    pub policies: Vec<Policy>,
    /// Policies, from the first, of which shortage by year and group is kept.
    pub detailed: usize,
    /// What things cost.
    pub prices: Prices,
    /// Projects of the scenario that are its own; those behind stand for modules held ready.
    pub own_projects: ProjectId,
}

/// What came of every policy in one future.
#[derive(Debug, Clone, PartialEq)]
pub struct PlayedFuture {
    /// Number of the future.
    pub number: u64,
    /// What broke.
    pub breaks: Vec<(Break, usize)>,
    /// By policy.
    pub outcomes: Vec<Outcome>,
    /// Perfect foresight with the scenario's own menu.
    pub foresight: Foresight,
    /// Score of perfect foresight with modules held ready too; the same where none are.
    pub foresight_held: (f64, bool),
    /// Demand by year and cell; of the first future alone.
    pub demand: BySlot<i64>,
}

/// Plays every policy of `plan` in every future. `proposer` decides.
///
/// # Errors
/// [`RunError`] if the threads cannot be started, or it was stopped.
pub fn cycle(
    scenario: &Scenario,
    plan: &CyclePlan,
    proposer: &dyn Proposer,
    progress: &Progress,
) -> Result<Vec<PlayedFuture>, RunError> {
    let last = scenario.base_year + plan.years as i32;
    let long = scenario.lasting_to(last);
    let supply = SupplyModel::new(&long, &Programme::Committed);
    let ground = Ground::new(&long, &supply, plan.own_projects, plan.seed, plan.draws as usize);
    let terms = long_terms(scenario, (plan.years + LONG) as i32);
    let generator = Generator::new(scenario, &terms, plan.seed, plan.years);
    let projects: Vec<String> = long.projects.iter().map(|p| p.id.clone()).collect();
    let played = in_parallel(plan.threads, u64::from(plan.futures), progress, |f| {
        let future = generator.future(f, &scenario.estates, &projects)?;
        let played = play_future(&ground, scenario, &terms, plan, &future, proposer);
        progress.add(1);
        played
    })?;
    played.into_iter().collect()
}

/// The outlook of every round of one future.
///
/// # Errors
/// [`Beyond`] if a forecast of it is more than can be counted.
pub fn outlooks(
    scenario: &Scenario,
    terms: &DemandTerms,
    plan: &CyclePlan,
    future: &Future,
) -> Result<Vec<Outlook>, Beyond> {
    let looking = Looking { draws: plan.draws as usize, seed: plan.seed, long: LONG };
    let mut planner = Planner::new(scenario, terms, looking);
    let rolls: Vec<Cells<u32>> =
        future.pupils.offsets().take(plan.years).map(|t| future.pupils.year(t).to_grid()).collect();
    (0..plan.years)
        .map(|t| {
            let seen = planner.seen(future, &rolls[..=t]);
            planner.look(&seen, leads(&plan.policies, t))
        })
        .collect()
}

/// Years ahead that the round of year `t` looks.
pub(crate) fn leads(policies: &[Policy], t: usize) -> usize {
    // a plan that is kept is looked at for as many years more
    let kept = |p: &Policy| if t.is_multiple_of(p.kept.max(1)) { p.kept.max(1) - 1 } else { 0 };
    let of = |p: &Policy| p.horizon.outlook.max(p.horizon.plan) as usize + kept(p);
    policies.iter().map(of).max().unwrap_or(1)
}

fn play_future(
    ground: &Ground<'_>,
    scenario: &Scenario,
    terms: &DemandTerms,
    plan: &CyclePlan,
    future: &Future,
    proposer: &dyn Proposer,
) -> Result<PlayedFuture, RunError> {
    let outlooks = outlooks(scenario, terms, plan, future)?;
    let stage =
        Stage { ground, future, demand: demand_of(ground, future), outlooks: &outlooks, prices: plan.prices };
    let outcomes = plan
        .policies
        .iter()
        .enumerate()
        .map(|(i, policy)| {
            let mut outcome = play(&stage, policy, proposer, i < plan.detailed && future.number == 0)?;
            if i >= plan.detailed {
                outcome.short = Grid::default();
            }
            Ok(outcome)
        })
        .collect::<Result<Vec<Outcome>, Broken>>()?;
    let foresight = foresee(&stage, false);
    let holds = plan.policies.iter().any(|p| p.held > 0);
    let with_held = holds.then(|| foresee(&stage, true));
    let foresight_held = with_held.map_or((foresight.score, foresight.exact), |f| (f.score, f.exact));
    for (policy, outcome) in plan.policies.iter().zip(&outcomes) {
        let (best, is_exact) =
            if outcome.holds { foresight_held } else { (foresight.score, foresight.exact) };
        // a search that was cut short may miss the best
        if is_exact {
            outcome.check_foresight(best, &policy.name)?;
        }
    }
    Ok(PlayedFuture {
        number: future.number,
        breaks: future.breaks.clone(),
        outcomes,
        foresight,
        foresight_held,
        demand: if future.number == 0 { stage.demand } else { BySlot::default() },
    })
}
