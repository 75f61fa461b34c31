//! A schedule: a file of its own, given on the command line.

use super::{Column, ColumnSpec, Decision, Key, KnownFrom, Need, TableSpec, columns, must, shared};

columns! {
    PROJECT: Key = must("project", shared::PROJECT);
    DECIDE: Decision = must("decide", shared::DECIDE);
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "schedule",
    title: "A schedule, for `run --programme FILE`",
    key: &[PROJECT.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: false,
    known: KnownFrom::Always,
    rules: "\
        What is undecided and not listed stays as the programme has it: candidates are never decided, projects \
        with a site in this round. A round is the `decision_month` of a year, from the base year on, as long as \
        the project may still open by the last year; `never` decides nothing. The rules between projects are \
        checked.",
};
