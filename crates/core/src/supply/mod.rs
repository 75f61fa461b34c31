//! Where a place comes from: schools there are, projects with their two gates, phase-in and life.
//!
//! ```text
//! S[z,p,t,w] = sum_s places(s) + sum_j places_j * phase_j(t - open_j[w])
//! ```
//!
//! Reading order: [`kind`] (defaults), [`project`] (what is decided), [`gates`] (when it opens, as a distribution),
//! [`programme`] (which projects count), [`stock`] (places by zone, stage and year), [`menu`] (what can still be chosen),
//! [`timeline`] (a project on the calendar). Source: docs/model.md, section 3.

pub mod gates;
pub mod kind;
pub mod menu;
pub mod programme;
pub mod project;
pub mod stock;
pub mod timeline;

pub use gates::{Opening, OpeningLaw};
pub use kind::{Delay, Kind, KindDefault, KindDefaults, PhaseIn, Triangle};
pub use menu::{Broken, Budget, Choice, Menu, Pick, Spent};
pub use programme::{Programme, Schedule};
pub use project::{Project, School, Status, circular_requirement};
pub use stock::{Places, SupplyModel};
pub use timeline::Timeline;
