//! The tests that stand above every crate: one binary, a module a question.
//!
//! | module | question |
//! |---|---|
//! | `admission` | does a worked September come out, and is no rank passed over |
//! | `architecture` | does nobody know somebody above him |
//! | `backtest` | does no forecast see the future, do parts add up, do bands hold where the truth is known |
//! | `bare` | is a table that is wrong told in exact words, and does every other give results |
//! | `book` | does the book say what the program does |
//! | `cli` | does the command behave as a shell and a planner expect |
//! | `commands` | does a newcomer find the way, and are the words of the program in step with it |
//! | `cycle` | does the rule see nothing later, is perfect foresight never beaten, is nobody short where nothing can go wrong |
//! | `determinism` | are the bytes the same for any number of threads |
//! | `endings` | does a command end as it says when its streams, its memory or its figures give out, or it is told to stop |
//! | `golden` | are the results of every shipped scenario what they were |
//! | `hand_worked` | do the numbers worked on paper come out |
//! | `identities` | do conservation and monotonicity hold |
//! | `invalid` | is every fault named, with its place and its fix |
//! | `learnt` | does a scenario run on what its own past teaches |
//! | `ledger` | is no entry of the ledger lost, and is what it says of an opening true |
//! | `letters` | is what may break stated by the scenario, and does next year's letter tell what became of this year's decisions |
//! | `loop_learns` | does every round of a district that learns forecast as a run would, and wider futures happen |
//! | `mutated`, `mutation` | does anything a file may hold make the program panic, hang, or leave something behind |
//! | `promises` | is the command built from nothing that speaks to a network, with no unsafe code, under free licences |
//! | `reference` | do published and hand-calculated figures come out |
//! | `results` | does every table hold what it declares, and are charts the same from a run and from its folder |
//! | `simulated` | (districts with known ratios for the others) |
//! | `shipped` | does every table and kind appear in a shipped scenario, with a font for every character |
//! | `strides` | is a position computed from two indices anywhere but in the grid |
//! | `sweep` | is a row of a sweep what a run finds, and does no schedule break a rule |
//! | `tables` | do tables read the same however a spreadsheet wrote them |
//! | `unseen` | do systems of other shapes come out: gaps, drifts, broken years, few grades, areas and schools that come and go |

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests are not seen as tests by the lint"
)]

mod admission;
mod architecture;
mod backtest;
mod bare;
mod book;
mod cli;
mod commands;
mod common;
mod cycle;
mod determinism;
mod endings;
mod explained;
mod faults;
mod golden;
mod hand_worked;
mod hostile;
mod identities;
mod invalid;
mod laws;
mod learnt;
mod ledger;
mod letters;
mod loop_learns;
mod mutated;
mod mutation;
mod promises;
mod reference;
mod results;
mod results_folder;
mod shipped;
mod simulated;
mod strides;
mod sweep;
mod tables;
mod tide;
mod unseen;
