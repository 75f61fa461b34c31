//! `yields.csv`.

use seatcast_core::bounds;

use super::{Column, ColumnSpec, Key, KnownFrom, Need, TableSpec, columns, must, must_in, shared, words};

columns! {
    TYPE: Key = must("type", shared::TYPE);
    YEARS_SINCE: u32 = must_in("years_since", bounds::SINCE,
        words(&["交付后年数"], "whole years since the first 1 September on or after completion", "交付后第几个学年"));
    GRADE: Key = must("grade", shared::GRADE);
    PUPILS_PER_UNIT: f64 = must_in("pupils_per_unit", bounds::YIELD,
        words(&["每套学生数", "学生产出率"], "pupils per dwelling lived in", "每套入住住房的学生数"));
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "yields",
    title: "yields.csv",
    key: &[TYPE.spec.name, YEARS_SINCE.spec.name, GRADE.spec.name],
    columns: COLUMNS,
    need: Need::With("housing"),
    may_be_empty: false,
    known: KnownFrom::Always,
    rules: "\
        Required with `housing.csv`. `years_since` counts whole years since the first 1 September on or after \
        completion; after the last listed year the last value holds.",
};
