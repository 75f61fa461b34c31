//! Who gets a place in September (招生): ranked classes of children against places in whole classes.
//!
//! | step | module |
//! |---|---|
//! | who asks: entrants of a zone split into ranked classes, children of locked addresses last | [`applicants`] |
//! | who is placed, in the order of the ranks, and where the rest is diverted | [`place`] |
//! | year by year along one path, and over the draws | [`plan`] |
//!
//! A sharing group is one admission area (大学区): one ranking, one cut-off. What remains of its places after its own
//! children goes to children of other groups, again in the order of the ranks (分流). Not done here: which school of the
//! group a child goes to; appeals; lotteries inside a class, where children are taken as alike.

pub mod applicants;
pub mod place;
pub mod plan;

pub use applicants::{AdmissionClass, AdmissionRules, AdmitAt, Diversion, Lock};
pub use place::{Asked, Cutoff, Placement};
pub use plan::{AdmissionPlan, Admissions, Rank, RankId, ZoneClass};
