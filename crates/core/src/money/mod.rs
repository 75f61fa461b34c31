//! Money: what each project costs in which year, who pays, and the cost of one place for one year.
//!
//! | step | module |
//! |---|---|
//! | stated amounts by year, budget line and payer; cash flow of a project from its opening year | [`flow`] |
//! | what a programme commits, what is due in a year | [`programme`] |
//! | life-cycle cost of a place and year; the years of use from which a lasting building costs less | [`lifecycle`] |
//!
//! One currency, prices of one year, a real discount rate; all three are stated on every table. Not done here: inflation,
//! financing, land values, residual values.

pub mod flow;
mod laws;
pub mod lifecycle;
pub mod programme;

pub use flow::{
    CostItem, Flow, Item, MoneyRules, PayerShare, When, capital, capital_per_place, flows, payers_of,
};
pub use laws::check;
pub use lifecycle::{LifeCycle, annuity, break_even, life_cycle};
pub use programme::{committed, due, due_if_opened};
