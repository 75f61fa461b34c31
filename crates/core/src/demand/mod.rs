//! Where a birth becomes a pupil: entry pools, ratios, housing and feeder flows become rolls by zone, grade and year.
//!
//! Demand is pupils in, or asking for, public places (docs/model.md, section 1):
//!
//! ```text
//! N[z,entry,t]        = sum_c u[c,t] e[z,c,source,t] C[z,c,t] + H[z,entry,t]
//! N[z,g+1,t+1]        = r[z,g+1,t+1] N[z,g,t] + H[z,g+1,t+1]
//! N[z',first(p'),t+1] = sum_z F[z,z'] k[p->p',t+1] N[z,last(p),t] + H
//! ```
//!
//! Reading order: [`pool`] (children by entry year), [`rates`] (which ratio applies), [`housing`] (stock of an estate),
//! [`mod@overrides`] (what a planner knows better), [`terms`] (all of it as dense arrays), [`cohort`] (the linear step and the projection),
//! [`steps`] (what a change of the forecast is made of).

pub mod cohort;
pub mod housing;
mod laws;
pub mod overrides;
pub mod pool;
pub mod rates;
pub mod steps;
pub mod terms;

pub use cohort::CohortModel;
pub(crate) use cohort::Projection;
pub use housing::{Estate, Yield};
pub use overrides::{Change, Override};
pub use pool::{ChildCount, Counted};
pub use rates::{Rate, RateKind};
pub use steps::{DemandPart, Steps};
pub use terms::{AssumedFrom, DemandTerms, FeederFlow, PoolTerm};
