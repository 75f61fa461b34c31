//! The engine of seatcast: how many pupils will come, how many places there will be, where and when they fall short,
//! and what 6-3-1 says must be decided.
//!
//! Pure: no files, no clock, no environment, no threads. A run takes a [`Scenario`] and returns an outcome; the same
//! scenario and seed give the same numbers. Read the folders in this order: [`demand`] (a birth becomes a pupil),
//! [`forecast`] (how sure that is), [`supply`] (a decision becomes a place), [`balance`] (a pupil meets a place), [`admission`] (who gets it), [`money`] (what it costs),
//! [`cycle`] (a missing place becomes a decision).

pub mod admission;
pub mod backtest;
pub mod balance;
pub mod bounds;
pub mod codes;
pub mod cycle;
pub mod demand;
#[cfg(test)]
mod fixture;
pub mod forecast;
pub mod geography;
pub mod grid;
pub mod index;
pub mod isa;
pub mod lang;
pub mod law;
pub mod money;
pub mod scenario;
pub mod supply;
pub mod tide;
pub mod time;

pub use lang::{Lang, Name};
pub use law::{Broken, Law};
pub use scenario::{Scenario, ScenarioError, ScenarioParts};
