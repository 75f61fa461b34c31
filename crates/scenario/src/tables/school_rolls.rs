//! `school_rolls.csv`: rolls by school, where they are known.

use seatcast_core::bounds;

use super::{Column, ColumnSpec, Key, KnownFrom, Need, TableSpec, columns, must, must_in, shared, words};

columns! {
    YEAR: i32 = must_in("year", bounds::YEAR,
        words(&["学年", "年份", "年度"], "academic year of the count", "学年（9 月 1 日统计）"));
    SCHOOL: Key = must("school", words(&["学校", "校区"], "key of the school", "学校的键"));
    GRADE: Key = must("grade", shared::GRADE);
    PUPILS: u32 = must_in("pupils", bounds::PUPILS,
        words(&["在校生", "在读", "在校生数", "在读人数", "学生数"], "pupils on roll", "在校生数"));
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "school_rolls",
    title: "school_rolls.csv",
    key: &[YEAR.spec.name, SCHOOL.spec.name, GRADE.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: false,
    known: KnownFrom::September,
    rules: "\
        Optional. Rolls by school, where they are known; schools are learnt from beside their zones. Where the \
        schools of a zone do not add to its roll, a warning says so.",
};
