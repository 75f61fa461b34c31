//! `rolls.csv`.

use seatcast_core::bounds;

use super::{Column, ColumnSpec, Key, KnownFrom, Need, TableSpec, columns, must, must_in, shared, words};

columns! {
    YEAR: i32 = must_in("year", bounds::YEAR,
        words(&["学年", "年份", "年度"], "academic year of the count, 1 September", "学年（9 月 1 日统计）"));
    ZONE: Key = must("zone", shared::ZONE);
    GRADE: Key = must("grade", shared::GRADE);
    PUPILS: u32 = must_in("pupils", bounds::PUPILS,
        words(&["在校生", "在读", "在校生数", "在读人数", "学生数"], "pupils on roll", "在校生数"));
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "rolls",
    title: "rolls.csv",
    key: &[YEAR.spec.name, ZONE.spec.name, GRADE.spec.name],
    columns: COLUMNS,
    need: Need::Always,
    may_be_empty: false,
    known: KnownFrom::September,
    rules: "\
        Required. Every zone and grade is needed for the base year; earlier years may have gaps, which are noted.",
};
