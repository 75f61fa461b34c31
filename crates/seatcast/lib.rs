//! seatcast forecasts school places (学位): how many pupils a district will have, by zone, grade and year; how many places
//! it will have under a build programme; where and when they fall short; and what 6-3-1 says must be decided.
//!
//! From a scenario folder to a chart in ten lines:
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let loaded = seatcast::load("scenarios/futian-2019")?;
//! let session = seatcast::Session::new(&loaded.scenario, seatcast::Settings::default())?;
//! println!("P(all secured next September) = {:.3}", session.p_all_secured());
//! for line in &session.board().lines {
//!     println!("{:?} {}: {} missing", line.area, line.year, line.missing);
//! }
//! let (name, figure) = &session.figures(seatcast::Lang::Zh)[0];
//! std::fs::write(format!("{name}.svg"), seatcast::gap_svg(figure)?)?;
//! # Ok(())
//! # }
//! ```
//!
//! The engine needs no files: see [`Session`] for a scenario built in memory. Crates below, each with its own docs:
//! [`core`](seatcast_core) (the engine), [`scenario`](seatcast_scenario) (files in), [`runner`](seatcast_runner) (draws in
//! parallel), [`plot`](seatcast_plot) (charts), [`report`](seatcast_report) (results out).

mod session;

pub use seatcast_core::{
    self as core, Lang, Name, Scenario, ScenarioError, ScenarioParts, balance, bounds, cycle, demand,
    forecast, geography, supply, time,
};
pub use seatcast_plot::{self as plot, gap_svg, png};
pub use seatcast_report::{self as report, OutError, OutFolder};
pub use seatcast_runner::{Progress, RunError, Settings};
pub use seatcast_scenario::{self as scenario, Invalid, Loaded, load};
pub use session::Session;

/// Version of this library and of the command.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
