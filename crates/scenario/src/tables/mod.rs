//! The tables of format version 1, each declared once in a file of its own: its columns (heading, words in both languages,
//! what a cell holds, its range, whether it may be blank), its key, and what holds between its cells.
//!
//! Readers ask for cells by these columns (`row.get(zones::ZONE)`), so that a cell has the type of its declaration and no
//! name is written twice; schemas, the page of the formats, templates and messages are made from the same declarations.

mod column;
pub mod shared;

pub(crate) use column::{Code, Column, Date, Decision, Free, Held, Key, List, Remark};
pub use column::{ColumnSpec, Content, Words};
use column::{columns, may, may_in, must, must_in, words};
pub use shared::COMMON;

/// When a table must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Always,
    /// Where this other table is.
    With(&'static str),
    /// Nobody misses it, or the reader says when it does.
    Optional,
}

/// The month from which a row is known that does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownFrom {
    /// It was always known.
    Always,
    /// September of its year: rolls and counts.
    September,
    /// The last decision on it: a project as it stands.
    LastDecision,
    /// The month in which it was entered.
    Entry,
}

/// One table.
#[derive(Debug, Clone, Copy)]
pub struct TableSpec {
    /// Name; its file is `<name>.csv` unless the scenario says otherwise.
    pub name: &'static str,
    /// Its heading in the page of the formats.
    pub title: &'static str,
    /// Columns that identify a row: no two rows agree in all of them.
    pub key: &'static [&'static str],
    /// Columns, without the three common ones.
    pub columns: &'static [ColumnSpec],
    /// When it must be there.
    pub need: Need,
    /// Whether there was a time at which nothing was in it: nothing was planned, nobody had entered anything. Counts are
    /// another matter: a table of them without a row says nothing.
    pub may_be_empty: bool,
    /// From when a row is known that does not say.
    pub known: KnownFrom,
    /// What columns cannot say, for the page of the formats: when it is needed, and what holds between its cells.
    pub rules: &'static str,
}

impl TableSpec {
    /// Its columns, with those that every table accepts.
    pub fn all_columns(&self) -> impl Iterator<Item = &'static ColumnSpec> + use<> {
        self.columns.iter().chain(COMMON)
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&'static ColumnSpec> {
        self.all_columns().find(|column| column.name == name)
    }
}

macro_rules! tables {
    (scenario: $($own:ident),+; others: $($other:ident),+;) => {
        $(pub mod $own;)+
        $(pub mod $other;)+

        /// The tables of a scenario whose files `tables` of scenario.json may name and whose rows a variant may patch.
        pub const TABLES: &[&TableSpec] = &[$(&$own::TABLE),+];

        /// Every table there is: those, the settings, those given on the command line, and those filed.
        pub const ALL: &[&TableSpec] = &[$(&$own::TABLE,)+ $(&$other::TABLE),+];
    };
}

tables! {
    scenario: zones, rolls, children, schools, school_rolls, projects, housing, yields, rates, flows, overrides, admission,
        diversions, costs, payers;
    others: settings, schedule, schedules, budget, bare_rolls, bare_births, filed, round;
}

#[cfg(test)]
mod tests;
