//! Rolls as a statistical office publishes them, for a back-test without a scenario.

use seatcast_core::bounds;

use super::{Column, ColumnSpec, Key, KnownFrom, Need, TableSpec, columns, may, must, must_in, shared, words};

columns! {
    YEAR: i32 = must_in("year", bounds::YEAR,
        words(&["学年", "年份", "年度"], "academic year of the count, by the year it begins in", "学年，以开学年份表示"));
    AREA: Key = must("area", shared::AREA);
    GRADE: i32 = must_in("grade", bounds::GRADE_NUMBER, words(&["年级"], "number of the grade", "年级序号"));
    PUPILS: f64 = must_in("pupils", bounds::PUPILS,
        words(&["在校生", "在读", "在校生数", "在读人数", "学生数"], "pupils on roll", "在校生数"));
    SCHOOL: Key = may("school", words(&["学校", "校区"], "name of the school", "学校名称"));
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "bare_rolls",
    title: "bare_rolls",
    key: &[YEAR.spec.name, AREA.spec.name, SCHOOL.spec.name, GRADE.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: false,
    known: KnownFrom::Always,
    rules: "",
};
