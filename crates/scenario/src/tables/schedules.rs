//! Schedules, given on the command line: one, or those to be swept.

use super::{Column, ColumnSpec, Decision, Key, KnownFrom, Need, TableSpec, columns, must, shared};

columns! {
    SCHEDULE: Key = must("schedule", shared::SCHEDULE);
    PROJECT: Key = must("project", shared::PROJECT);
    DECIDE: Decision = must("decide", shared::DECIDE);
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "schedules",
    title: "Schedules, for `sweep --list FILE`",
    key: &[SCHEDULE.spec.name, PROJECT.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: false,
    known: KnownFrom::Always,
    rules: "As a schedule, many of them; the budget is checked too.",
};
