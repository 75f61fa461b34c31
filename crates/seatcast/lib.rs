#![doc = include_str!("../../README.md")]
//!
//! # Crates below
//!
//! [`core`] (the engine), [`scenario`] (files in), [`seatcast_runner`] (draws in parallel), [`plot`] (charts), [`report`]
//! (results out). For a scenario built in memory, with no files, see [`Session`].

mod backtest_session;
mod session;

pub use backtest_session::{BacktestInput, BacktestSession};
pub use seatcast_core::{
    self as core, Lang, Name, Scenario, ScenarioError, ScenarioParts, backtest, balance, bounds, cycle,
    demand, forecast, geography, supply, time,
};
pub use seatcast_plot::{self as plot, gap_svg, png};
pub use seatcast_report::{self as report, OutError, OutFolder};
pub use seatcast_runner::{Progress, RunError, Settings};
pub use seatcast_scenario::{self as scenario, Invalid, Loaded, load};
pub use session::Session;

/// Version of this library and of the command.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
