//! Births to go with them.

use seatcast_core::bounds;

use super::{Column, ColumnSpec, Key, KnownFrom, Need, TableSpec, columns, must, must_in, shared, words};

columns! {
    YEAR: i32 = must_in("year", bounds::YEAR, words(&["年份", "年度", "出生年份"], "label of the births", "出生年份"));
    AREA: Key = must("area", shared::AREA);
    BIRTHS: f64 = must_in("births", bounds::PUPILS, words(&["出生人数", "出生数"], "births", "出生人数"));
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "bare_births",
    title: "bare_births",
    key: &[YEAR.spec.name, AREA.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: false,
    known: KnownFrom::Always,
    rules: "",
};
