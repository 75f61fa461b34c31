//! Where a missing place becomes a decision: the board of this year's round, its actions, and the last safe date.
//!
//! Reading order: [`board`] (need against places by how sure they are), [`round`] (look six, plan three, secure one),
//! [`last_safe`] (the date after which September is lost), [`bulletin`] (what a quarter of the ledger changed). Source: docs/model.md, section 5.

pub mod board;
pub mod bulletin;
pub mod last_safe;
pub mod round;

pub use board::{Board, BoardLine, Footing};
pub use bulletin::{Bulletin, ColourChange, Look, ProjectNews};
pub use last_safe::{LastSafe, last_safe_dates};
pub use round::{Action, Gate, Step, decide};
