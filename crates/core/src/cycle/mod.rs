//! Where a missing place becomes a decision: the board of a round, its actions and the last safe date; and the trial of
//! the rule over many years and futures.
//!
//! Reading order: [`ground`] (what never changes), [`known`] (what one round may read), [`view`] and [`board`] (need against
//! places by how sure they are), [`policy`], [`mod@round`] and [`rule`] (look six, plan three, secure one), [`last_safe`] (the
//! date after which September is lost); in closed loop [`future`] (what really happens), [`assess`] (what a planner makes
//! of what she has seen), [`vintage`] (a district that learns, as it is known in a later year), [`book`] (how far projects
//! have come), [`mod@play`] (the years roll), [`foresight`] (what could have been had), [`held`]; from one year to the next
//! [`mod@since`] (what became of the decisions of the last round) and [`bulletin`] (what a quarter of the ledger changed).
//! Source: docs/model.md, section 5, and docs/cycle.md.

pub mod assess;
pub mod board;
pub mod book;
pub mod bulletin;
pub mod foresight;
pub mod future;
pub mod ground;
pub mod held;
pub mod known;
pub mod last_safe;
mod laws;
pub mod play;
pub mod policy;
pub mod round;
pub mod rule;
pub mod since;
pub mod view;
pub mod vintage;

pub use assess::{Looking, Planner, long_terms};
pub use board::{Board, BoardLine};
pub use bulletin::{Bulletin, ColourChange, Look, ProjectNews};
pub use foresight::{Foresight, foresee};
pub use future::{Break, Future, Generator, Wider};
pub use ground::Ground;
pub use known::{Known, Outlook, Standing};
pub use last_safe::{LastSafe, last_safe_dates, value_of_waiting};
pub use laws::check_last_safe;
pub use play::{Outcome, Prices, Stage, demand_of, play};
pub use policy::{Hurry, Policy, Worth};
pub use round::{Action, Gate, Proposer, Rule, Step, round};
pub use since::{FiledLine, FiledProject, FiledRound, ThenNow, ThisRound, Turn, Turned, since};
pub use view::{Footing, View};
pub use vintage::learns;
