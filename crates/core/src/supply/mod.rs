//! Where a place comes from: schools there are, projects with their two gates, phase-in and life.
//!
//! ```text
//! S[z,p,t,w] = sum_s places(s) + sum_j places_j * phase_j(t - open_j[w])
//! ```
//!
//! Reading order: [`kind`] (defaults), [`project`] (what is decided), [`gates`] (when it opens, as a distribution),
//! [`stock`] (places by zone, stage and year). Source: docs/model.md, section 3.

pub mod gates;
pub mod kind;
pub mod project;
pub mod stock;

pub use gates::{Opening, OpeningLaw};
pub use kind::{Delay, Kind, KindDefault, KindDefaults, PhaseIn, Triangle};
pub use project::{Project, School, Status};
pub use stock::{Places, Programme, SupplyModel};
