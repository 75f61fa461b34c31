#![doc = include_str!("../../README.md")]
//!
//! # Crates below
//!
//! [`core`] (the engine), [`scenario`] (files in), [`seatcast_runner`] (draws in parallel), [`plot`] (charts), [`report`]
//! (results out). For a scenario built in memory, with no files, see [`Session`].

mod backtest_session;
mod ledger_session;
mod session;
mod sweeping;

pub use backtest_session::{BacktestInput, BacktestSession};
pub use ledger_session::LedgerSession;
pub use seatcast_core::{
    self as core, Lang, Name, Scenario, ScenarioError, ScenarioParts, backtest, balance, bounds, cycle,
    demand, forecast, geography, supply, time,
};
pub use seatcast_plot::{self as plot, png};
pub use seatcast_report::{self as report, Comparison, OutError, OutFolder};
pub use seatcast_runner::{Progress, RunError, Settings, sweep};
pub use seatcast_scenario::{self as scenario, Invalid, Loaded, Reading, load, load_as, load_year_before};
pub use session::Session;
pub use sweeping::Sweeping;

/// Version of this library and of the command.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
