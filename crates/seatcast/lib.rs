#![doc = include_str!("../../README.md")]
//!
//! # Crates below
//!
//! [`core`] (the engine), [`scenario`] (files in), [`seatcast_runner`] (draws in parallel), [`plot`] (charts), [`report`]
//! (results out). For a scenario built in memory, with no files, see [`Session`].

mod accuracy_session;
mod backtest_session;
mod cycling;
mod quarter;
mod session;
mod sweeping;

pub use accuracy_session::AccuracySession;
pub use backtest_session::{BacktestInput, BacktestSession};
pub use cycling::{Cycling, CyclingPlan};
pub use quarter::{QuarterNews, quarter_news};
pub use seatcast_core::{
    self as core, Broken, Lang, Law, Name, Scenario, ScenarioError, ScenarioParts, admission, backtest,
    balance, bounds, cycle, demand, forecast, geography, grid, index, money, supply, tide, time,
};
pub use seatcast_plot::{self as plot, png};
pub use seatcast_report::{self as report, Comparison, OutError, OutFolder};
pub use seatcast_runner::{
    Progress, RunError, Settings, memory_needed, memory_of_backtest, memory_of_bulletin, sweep,
};
pub use seatcast_runner::{cycle as closed_loop, margin, replay};
pub use seatcast_scenario::{self as scenario, Invalid, Loaded, Reading, load, load_as, load_year_before};
pub use session::Session;
pub use sweeping::Sweeping;

/// Version of this library and of the command.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The page on embedding: what it shows is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../docs/how-to/embedding.md")]
mod embedding {}
