//! Where a place comes from: schools there are, projects with their two gates, and what each of them changes.
//!
//! ```text
//! S[z,p,t,w] = schools(t) - obligations(t) + sum_j change_j(open_j[w], t)
//! ```
//!
//! Reading order: [`kind`] and [`defaults`] (what there is, what is assumed of it), [`project`] (what is decided),
//! [`gates`] and [`opening`] (when it opens, as a distribution), [`effect`] (what it changes by zone, stage and year),
//! [`programme`] (which projects count), [`stock`] (places), [`rooms`] (rooms, where classes are known), [`menu`] (what
//! can still be chosen), [`timeline`] (a project on the calendar). [`ledger`], [`standing`], [`evidence`] and [`record`]
//! re-estimate the opening. Source: docs/model.md, section 3, and docs/supply.md.

pub mod defaults;
pub mod effect;
pub mod evidence;
pub mod gates;
pub mod kind;
pub mod ledger;
pub mod menu;
pub mod opening;
pub mod programme;
pub mod project;
pub mod record;
pub mod rooms;
pub mod standing;
pub mod stock;
pub mod timeline;

pub use defaults::{Delay, KindDefault, KindDefaults, Triangle};
pub use effect::{Cause, Edge, Effect};
pub use evidence::{Evidence, Mark};
pub use gates::OpeningLaw;
pub use kind::{Decants, Detail, Kind, PhaseIn};
pub use ledger::{Entry, EntryFault, Ledger, Milestone};
pub use menu::{Broken, Budget, Choice, Menu, Pick, Spent};
pub use opening::Opening;
pub use programme::{Programme, Schedule};
pub use project::{
    Classes, Decant, Project, ProjectTable, School, SchoolTable, Source, Special, Status,
    circular_requirement,
};
pub use record::KindRecord;
pub use rooms::{House, HouseId, HouseOf, HouseYear, Houses};
pub use standing::Standing;
pub use stock::{ByZoneStage, Openings, Places, SupplyModel};
pub use timeline::Timeline;
