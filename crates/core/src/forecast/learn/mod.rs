//! Calibration: progression and entry learnt from a district's own rolls and births, and the forecast they give.
//!
//! ```text
//! ln r[i,g]   = common level of grade g (level) + own deviation of area i (own)
//! ln e[i,T+h] = own level of area i + common level at lead h (entry),   N[i,0,T+h] = e C[i,T+h]
//! F           = (1 - w) (cohorts moved up, point) + w (constant share of the total)          (mix)
//! ```
//!
//! | module | question |
//! |---|---|
//! | `learner` | which ingredients are used: all, or all but one to measure it |
//! | `robust` | a mean that one broken year cannot carry away |
//! | `ratios` | the log ratio of every area, grade and year, and the common ratio of each year |
//! | `level` | how long a memory the common ratios ask for |
//! | `own` | how far an area or a school departs from its parent, shrunk by what its cohorts can tell |
//! | `entry` | entrants per child, or entrants alone where no children are known |
//! | `point` | the forecast of every area, grade and lead |
//! | `mix` | how much of an area's constant share is mixed in |
//! | `schools` | shares of an area's cohorts by school |
//! | `noise` | sizes of the shocks, from residuals |
//! | `layer` | the variances they add up to |
//! | `past` | earlier forecasts made again, against what came |
//! | `errors` | how wrong they were, at every level |
//! | `scales` | what that says of the bands |
//! | `futures` | draws |
//! | `evidence` | which years a ratio was learnt from |
//!
//! Nothing here is tuned to one district: where a choice must be made (memory, spread, noise) the history at hand makes
//! it. The reasons for each ingredient, with what it brings, are in docs/forecast.md.

mod entry;
mod errors;
mod evidence;
mod futures;
mod layer;
mod learner;
mod level;
mod mix;
mod noise;
mod own;
mod past;
mod point;
mod ratios;
mod robust;
mod scales;
mod schools;

pub use errors::{SIZE_CLASSES, size_class};
pub use evidence::{EntryEvidence, Evidence};
pub(super) use futures::shock_model;
pub use futures::{Futures, SchoolFutures, Spread, UnitDraws, Widened};
pub use learner::{Ingredient, Learner};
pub use noise::{CommonSizes, Sizes, UnitSizes};
pub use past::Past;
pub(super) use point::Projected;
pub use point::{Calibration, Fallback};
pub use scales::{Scale, Scales, Tempers, UnitScale};
