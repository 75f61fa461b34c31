//! Draws in parallel, with common random numbers.
//!
//! Draw `w` of a seed is the same future whichever programme is tried and however many threads run. Parallel over whole
//! draws only, collected by index: no sum is taken in parallel, so results are the same bytes for any number of threads.

mod backtest;

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use seatcast_core::{
    Scenario,
    balance::{Balance, Balances},
    forecast::{BLOCK, Forecast, Forecaster},
    supply::{Places, Programme, SupplyModel},
};

pub use backtest::{Backtest, backtest};

/// How a scenario is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Seed of every random number.
    pub seed: u64,
    /// Number of draws, 1 or more.
    pub draws: u32,
    /// Threads; 0 = as many as there are cores.
    pub threads: usize,
    /// Which projects count as supply.
    pub programme: Programme,
}

impl Default for Settings {
    /// Seed 1, 1,000 draws, all cores, the committed programme.
    fn default() -> Self {
        Self { seed: 1, draws: 1000, threads: 0, programme: Programme::Committed }
    }
}

/// Why a run could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The operating system gave no threads.
    #[error("the {threads} threads asked for could not be started")]
    Threads {
        /// Threads asked for; 0 = all cores.
        threads: usize,
    },
}

/// Counts finished draws; read it from another thread to show progress.
#[derive(Debug, Default)]
pub struct Progress(AtomicU64);

impl Progress {
    /// Draws finished so far.
    pub fn done(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn step(&self) {
        self.steps(1);
    }

    fn steps(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }
}

/// Makes the draws of the demand forecast.
///
/// # Errors
/// [`RunError::Threads`] if the threads cannot be started.
pub fn forecast(scenario: &Scenario, settings: &Settings, progress: &Progress) -> Result<Forecast, RunError> {
    let forecaster = Forecaster::new(scenario);
    let blocks = settings.draws.div_ceil(BLOCK as u32);
    let block = Settings { draws: blocks, ..*settings };
    let draws = in_parallel(&block, &Progress::default(), |b| {
        let first = b * BLOCK as u64;
        let count = BLOCK.min((u64::from(settings.draws) - first) as usize);
        let drawn = forecaster.draws(settings.seed, first, count);
        progress.steps(count as u64);
        drawn
    })?;
    let draws = draws.into_iter().flatten().collect();
    Ok(Forecast {
        central: forecaster.central().clone(),
        draws,
        assumed_from: forecaster.assumed_from().to_vec(),
    })
}

/// Places and balance of every draw of a forecast.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Places with central openings.
    pub places: Places,
    /// Places of each draw.
    pub drawn_places: Vec<Places>,
    /// Pupils against places.
    pub balances: Balances,
}

/// Sets a forecast against the places of the programme.
///
/// # Errors
/// [`RunError::Threads`] if the threads cannot be started.
pub fn balance(
    scenario: &Scenario,
    supply: &SupplyModel<'_>,
    forecast: &Forecast,
    settings: &Settings,
    progress: &Progress,
) -> Result<Outcome, RunError> {
    let places = supply.central();
    let central = Balance::new(scenario, &forecast.central, &places);
    let settings = Settings { draws: forecast.draws.len() as u32, ..*settings };
    let pairs = in_parallel(&settings, progress, |w| {
        let places = supply.draw(settings.seed, w);
        let balance = Balance::new(scenario, &forecast.draws[w as usize], &places);
        (places, balance)
    })?;
    let (drawn_places, draws) = pairs.into_iter().unzip();
    Ok(Outcome { places, drawn_places, balances: Balances { central, draws } })
}

fn in_parallel<T: Send>(
    settings: &Settings,
    progress: &Progress,
    draw: impl Fn(u64) -> T + Sync,
) -> Result<Vec<T>, RunError> {
    let pool = pool(settings.threads)?;
    Ok(pool.install(|| {
        (0..u64::from(settings.draws))
            .into_par_iter()
            .map(|w| {
                let drawn = draw(w);
                progress.step();
                drawn
            })
            .collect()
    }))
}

fn pool(threads: usize) -> Result<rayon::ThreadPool, RunError> {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|_| RunError::Threads { threads })
}
