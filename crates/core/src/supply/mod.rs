//! Where a place comes from: schools there are, projects with their two gates, and what each of them changes.
//!
//! ```text
//! S[z,p,t,w] = schools(t) - obligations(t) + sum_j change_j(open_j[w], t)
//! ```
//!
//! Reading order: [`kind`] and [`defaults`] (what there is, what is assumed of it), [`project`] (what is decided),
//! [`gates`] and [`opening`] (when it opens, as a distribution), [`effect`] (what it changes by zone, stage and year),
//! [`stock`] (places), [`rooms`] (rooms, where classes are known). Source: docs/model.md, section 3, and docs/supply.md.

pub mod defaults;
pub mod effect;
pub mod gates;
pub mod kind;
pub mod opening;
pub mod project;
pub mod rooms;
pub mod stock;

pub use defaults::{Delay, KindDefault, KindDefaults, Triangle};
pub use effect::{Cause, Edge, Effect};
pub use gates::{Evidence, OpeningLaw};
pub use kind::{Kind, PhaseIn};
pub use opening::Opening;
pub use project::{Classes, Decant, Project, School, Source, Special, Status};
pub use rooms::{House, HouseOf, HouseYear, Houses};
pub use stock::{Places, Programme, SupplyModel};
