//! Draws in parallel, with common random numbers; and [`sweep`]: many build schedules on the same draws.
//!
//! Draw `w` of a seed is the same future whichever programme is tried and however many threads run. Parallel over whole
//! draws only, collected by index: no sum is taken in parallel, so results are the same bytes for any number of threads.

mod backtest;
pub mod cycle;
pub mod margin;
mod memory;
pub mod replay;
pub mod sweep;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;
use seatcast_core::{
    Broken, Scenario,
    admission::{AdmissionPlan, Admissions},
    balance::{Balance, Balances},
    demand::{CohortModel, DemandTerms},
    forecast::{BLOCK, Beyond, Forecast, Forecaster, Path, SchoolLine, school_lines},
    index::ZoneId,
    supply::{Places, Programme, SupplyModel},
    tide::{self, Stock, Tide, TidePath},
};

pub use backtest::{Backtest, backtest};
pub use memory::{memory_needed, memory_of_backtest, memory_of_bulletin, memory_of_cycle};

/// How a scenario is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Seed of every random number.
    pub seed: u64,
    /// Number of draws, 1 or more.
    pub draws: u32,
    /// Threads; 0 = as many as there are cores. Never more than four a core, nor more than there is work.
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
    /// There is nothing to sweep.
    #[error("no variant of the scenario is given")]
    NoVariant,
    /// Vintages that do not follow each other.
    #[error("the vintages are not of the same zones in consecutive years, one for each round")]
    Vintages,
    /// A forecast of more pupils than can be counted: a slip in a ratio.
    #[error(transparent)]
    Beyond(#[from] Beyond),
    /// A result broke a law that every result keeps: a fault of this program.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// It was asked to stop before it had a result.
    #[error("stopped before it was finished")]
    Stopped,
}

/// Counts what is finished and carries the wish to stop; shared between the thread that computes and one that watches.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    stop: AtomicBool,
}

impl Progress {
    /// Draws or schedules finished so far.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Asks the work to end early.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether the work was asked to end early.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn add(&self, finished: u64) {
        self.done.fetch_add(finished, Ordering::Relaxed);
    }
}

/// Makes the draws of the demand forecast.
///
/// # Errors
/// [`RunError`] if the threads cannot be started, it was stopped, or a law is broken.
pub fn forecast(scenario: &Scenario, settings: &Settings, progress: &Progress) -> Result<Forecast, RunError> {
    let terms = DemandTerms::new(scenario);
    let forecaster = Forecaster::with_terms(scenario, &terms);
    let draws = draws(&forecaster, settings, progress, |_, path| path)?;
    terms.check(scenario)?;
    CohortModel::check_rows(scenario, &terms, forecaster.unrounded())?;
    forecaster.check()?;
    let (central, assumed_from) = (forecaster.central().clone(), forecaster.assumed_from().clone());
    let forecast = Forecast { central, draws, assumed_from };
    forecast.check(scenario, settings.draws as usize)?;
    Ok(forecast)
}

/// Pupils of every school whose rolls are known, given the forecast of the zones.
///
/// # Errors
/// [`RunError`] if the threads cannot be started, it was stopped, or a law is broken.
pub fn schools(
    scenario: &Scenario,
    forecast: &Forecast,
    settings: &Settings,
    progress: &Progress,
) -> Result<Vec<SchoolLine>, RunError> {
    if scenario.past.as_ref().is_none_or(|past| past.schools.is_none()) {
        return Ok(Vec::new());
    }
    let zones = scenario.frame.zones.len() as u64;
    let of_zones = in_parallel(settings.threads, zones, progress, |z| {
        school_lines(scenario, forecast, settings.seed, ZoneId::new(z as usize))
    })?;
    Ok(of_zones.into_iter().flatten().collect())
}

/// What `make` makes of every draw of the demand; draws are made by the block.
fn draws<T: Send>(
    forecaster: &Forecaster<'_>,
    settings: &Settings,
    progress: &Progress,
    make: impl Fn(u64, Path) -> T + Sync,
) -> Result<Vec<T>, RunError> {
    if let Some(beyond) = forecaster.beyond() {
        return Err(beyond.into());
    }
    let (all, block) = (u64::from(settings.draws), BLOCK as u64);
    let blocks = in_parallel(settings.threads, all.div_ceil(block), progress, |b| {
        let first = b * block;
        let paths = forecaster.draws(settings.seed, first, block.min(all - first) as usize);
        let held = |(w, path): (u64, Path)| match forecaster.drawn_beyond(&path, w) {
            Some(beyond) => Err(beyond),
            None => Ok(make(w, path)),
        };
        let made: Vec<T> = (first..).zip(paths).map(held).collect::<Result<_, Beyond>>()?;
        progress.add(made.len() as u64);
        Ok(made)
    })?;
    // every block is made, so that of several draws beyond it is always the first that is named
    let blocks: Vec<Vec<T>> = blocks.into_iter().collect::<Result<_, Beyond>>()?;
    Ok(blocks.into_iter().flatten().collect())
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
/// [`RunError`] if the threads cannot be started, it was stopped, or a law is broken.
pub fn balance(
    scenario: &Scenario,
    supply: &SupplyModel<'_>,
    forecast: &Forecast,
    settings: &Settings,
    progress: &Progress,
) -> Result<Outcome, RunError> {
    let places = supply.central();
    supply.check(&places)?;
    forecast.central.check(scenario)?;
    let central = Balance::new(scenario, &forecast.central, &places);
    central.check(scenario, &forecast.central, &places)?;
    let pairs = in_parallel(settings.threads, forecast.draws.len() as u64, progress, |w| {
        let (path, places) = (&forecast.draws[w as usize], supply.draw(settings.seed, w));
        path.check(scenario)?;
        places.check(scenario)?;
        let balance = Balance::new(scenario, path, &places);
        balance.check(scenario, path, &places)?;
        progress.add(1);
        Ok((places, balance))
    })?;
    let (drawn_places, draws) = pairs.into_iter().collect::<Result<Vec<_>, Broken>>()?.into_iter().unzip();
    Ok(Outcome { places, drawn_places, balances: Balances { central, draws } })
}

/// Admission along the central path and in every draw.
#[derive(Debug, Clone, PartialEq)]
pub struct AdmissionOutcome {
    /// No shock, central opening.
    pub central: Admissions,
    /// Draw by draw.
    pub draws: Vec<Admissions>,
}

/// Gives the places of every balance to the children who ask for them.
///
/// # Errors
/// [`RunError`] if the threads cannot be started, it was stopped, or a law is broken.
pub fn admit(
    plan: &AdmissionPlan<'_>,
    forecast: &Forecast,
    balances: &Balances,
    settings: &Settings,
    progress: &Progress,
) -> Result<AdmissionOutcome, RunError> {
    balances.check(forecast)?;
    let admit = |path: &Path, balance: &Balance| -> Result<Admissions, Broken> {
        let admissions = plan.admit(path, balance);
        plan.check(&admissions)?;
        Ok(admissions)
    };
    let central = admit(&forecast.central, &balances.central)?;
    let count = forecast.draws.len() as u64;
    let draws = in_parallel(settings.threads, count, progress, |w| {
        admit(&forecast.draws[w as usize], &balances.draws[w as usize])
    })?;
    Ok(AdmissionOutcome { central, draws: draws.into_iter().collect::<Result<_, _>>()? })
}

/// The tide of a programme to t+15, on the same draws as the forecast; `balances` are those of the run.
///
/// # Errors
/// [`RunError`] if the threads cannot be started, it was stopped, or a law is broken.
pub fn tide(
    scenario: &Scenario,
    balances: &Balances,
    settings: &Settings,
    progress: &Progress,
) -> Result<Tide, RunError> {
    let scenario = scenario.lasting_to(scenario.base_year + tide::AHEAD);
    let supply = SupplyModel::new(&scenario, &settings.programme);
    let stock = Stock::new(&scenario, &supply);
    let forecaster = Forecaster::new(&scenario);
    let projects = scenario.projects.ids();
    let path = |pupils: &Path, openings| {
        TidePath::new(&scenario, &stock, pupils, openings, |j| supply.in_programme(j))
    };
    let central = path(forecaster.central(), projects.clone().map(|j| supply.opening(j).central).collect());
    let draws = draws(&forecaster, settings, progress, |w, pupils| {
        let opened = |j| supply.drawn_opening(j, settings.seed, w);
        path(&pupils, projects.clone().map(opened).collect())
    })?;
    let assumed_from = forecaster.assumed_from().clone();
    drop((supply, forecaster));
    let tide = Tide { central, draws, assumed_from, stock, scenario };
    tide.check(balances)?;
    Ok(tide)
}

/// `work` of 0, 1, ... `count`, collected in order.
fn in_parallel<T: Send>(
    threads: usize,
    count: u64,
    progress: &Progress,
    work: impl Fn(u64) -> T + Sync,
) -> Result<Vec<T>, RunError> {
    let done: Vec<Option<T>> = pool(threads, count)?
        .install(|| (0..count).into_par_iter().map(|k| (!progress.is_stopped()).then(|| work(k))).collect());
    done.into_iter().collect::<Option<Vec<T>>>().ok_or(RunError::Stopped)
}

/// Threads that are started for `work` pieces of work where `threads` are given, 0 = one for each core: to start a thread
/// is dear, and those beyond four a core would only wait. Results are the same for any number.
fn threads_used(threads: usize, work: u64) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let given = if threads == 0 { cores } else { threads.min(MOST_A_CORE * cores) };
    given.min(usize::try_from(work).unwrap_or(usize::MAX)).max(1)
}

/// Most threads for each core.
const MOST_A_CORE: usize = 4;

fn pool(threads: usize, work: u64) -> Result<rayon::ThreadPool, RunError> {
    let started = threads_used(threads, work);
    rayon::ThreadPoolBuilder::new()
        .num_threads(started)
        .build()
        .map_err(|_| RunError::Threads { threads: started })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_thread_is_started_for_which_there_is_no_work_or_no_core() {
        let cores = std::thread::available_parallelism().unwrap().get();
        assert_eq!(threads_used(1024, 3), 3.min(4 * cores));
        assert_eq!(threads_used(1024, u64::MAX), 4 * cores);
        assert_eq!(threads_used(0, u64::MAX), cores);
        assert_eq!((threads_used(0, 0), threads_used(1, 100)), (1, 1));
        assert_eq!(pool(1024, 2).unwrap().current_num_threads(), 2.min(4 * cores));
    }
}
