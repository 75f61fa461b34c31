//! The rule on history: decided year by year from what was known in each round, scored on what came.
//!
//! A vintage is the scenario as it was known at one round: rolls and births up to then, nothing later, its ratios and the
//! sizes of its shocks learnt from them. Each is forecast by the engine's own method; then the years roll as in the closed
//! loop ([`super::cycle`]), with the same [`round`](seatcast_core::cycle::round()), and the pupils are those who came. Supply is that
//! of the first vintage: schools, projects and gates. How long a gate takes is drawn, since history does not say it of
//! projects that nobody built.

use seatcast_core::{
    Broken, Scenario,
    cycle::{
        Future, Ground, Outcome, Outlook, Policy, Prices, Proposer, Stage, demand_of, foresee,
        foresight::Foresight, play,
    },
    forecast::{Beyond, Forecaster, Path},
    supply::{Programme, SupplyModel},
};

use crate::{Progress, RunError, cycle::LONG, in_parallel};

/// What is to be replayed.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayPlan {
    /// Draws of every forecast.
    pub draws: u32,
    /// Seed of every random number.
    pub seed: u64,
    /// Threads; 0 = as many as there are cores.
    pub threads: usize,
    /// How often the gates are drawn.
    pub gates: u32,
    /// Policies.
    pub policies: Vec<Policy>,
    /// What things cost.
    pub prices: Prices,
}

/// What came of every policy under one drawing of the gates.
#[derive(Debug, Clone, PartialEq)]
pub struct Replayed {
    /// By policy.
    pub outcomes: Vec<Outcome>,
    /// Perfect foresight.
    pub foresight: Foresight,
}

/// Replays `vintages`, a year apart from the first round on. `came` holds the pupils that came, by year from the base year
/// of the first vintage; as many rounds are held as have a year after them.
///
/// # Errors
/// [`RunError::Vintages`] if the vintages are not of the same zones in consecutive years, or there are fewer than the years
/// ask for; else as [`super::cycle::cycle`].
pub fn replay(
    vintages: &[Scenario],
    came: &Path,
    plan: &ReplayPlan,
    proposer: &dyn Proposer,
    progress: &Progress,
) -> Result<Vec<Replayed>, RunError> {
    let years = came.years().saturating_sub(1);
    let Some(first) = vintages.first() else { return Err(RunError::Vintages) };
    let in_step =
        |(t, v): (usize, &Scenario)| v.frame == first.frame && v.base_year == first.base_year + t as i32;
    if years == 0 || vintages.len() < years || !vintages.iter().enumerate().all(in_step) {
        return Err(RunError::Vintages);
    }
    let leads =
        plan.policies.iter().map(|p| p.horizon.outlook.max(p.horizon.plan) as usize + p.kept.max(1) - 1);
    let leads = leads.max().unwrap_or(1) as i32;
    let outlooks = in_parallel(plan.threads, years as u64, progress, |t| {
        let vintage = &vintages[t as usize];
        let long = vintage.lasting_to(vintage.base_year + LONG as i32);
        let far = Forecaster::new(&long);
        let near = vintage.lasting_to(vintage.base_year + leads);
        let model = Forecaster::new(&near);
        let draws = model.draws(plan.seed, 0, plan.draws as usize);
        progress.add(1);
        let drawn = || (0..).zip(&draws).find_map(|(w, path)| model.drawn_beyond(path, w));
        match far.beyond().or_else(drawn) {
            Some(beyond) => Err(beyond),
            None => Ok(Outlook::new(&near, far.central(), &draws)),
        }
    })?;
    let outlooks: Vec<Outlook> = outlooks.into_iter().collect::<Result<_, Beyond>>()?;
    let long = first.lasting_to(first.base_year + years as i32);
    let supply = SupplyModel::new(&long, &Programme::Committed);
    let ground = Ground::new(&long, &supply, long.projects.ids().end(), plan.seed, plan.draws as usize);
    let projects: Vec<String> = long.projects.iter().map(|p| p.id.clone()).collect();
    let replayed = in_parallel(plan.threads, u64::from(plan.gates), progress, |n| {
        let future = Future::of_history(came.clone(), &projects, plan.seed, n);
        let demand = demand_of(&ground, &future);
        let stage =
            Stage { ground: &ground, future: &future, demand, outlooks: &outlooks, prices: plan.prices };
        let outcomes = plan.policies.iter().map(|policy| play(&stage, policy, proposer, n == 0));
        let outcomes = outcomes.collect::<Result<_, Broken>>()?;
        Ok(Replayed { outcomes, foresight: foresee(&stage, false) })
    })?;
    Ok(replayed.into_iter().collect::<Result<_, Broken>>()?)
}
