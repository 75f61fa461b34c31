//! `children.csv`.

use seatcast_core::{bounds, codes};

use super::{Code, Column, ColumnSpec, Key, KnownFrom, Need, TableSpec, columns, may, may_in, must, must_in, shared, words};

codes! {
    /// What the children table counts.
    pub enum CountedBy {
        /// Children of an age.
        Age = "age", "年龄", "age";
        /// Births of a calendar year.
        Births = "births", "出生数", "births";
        /// Births of a school year.
        BirthsSchoolYear = "births_school_year", "学年出生数", "births of a school year";
        /// Children of a kindergarten class.
        Kindergarten = "kindergarten", "幼儿园班级", "kindergarten class";
    }
}

columns! {
    YEAR: i32 = must_in("year", bounds::YEAR,
        words(&["年份", "年度", "出生年份"], "year of the count, or of birth", "统计年份，或出生年份"));
    ZONE: Key = must("zone", shared::ZONE);
    SOURCE: Key = must("source", shared::SOURCE);
    BY: Code<CountedBy> = must("by", words(&["统计口径", "口径"], "what was counted", "统计的是什么"));
    AGE: u32 = may_in("age", bounds::AGE,
        words(&["年龄", "班级"], "age on 1 September, or kindergarten class (1 enters next autumn)", "9 月 1 日的年龄，或幼儿园班级（1 = 次年入学）"));
    CHILDREN: f64 = must_in("children", bounds::PUPILS, words(&["儿童数", "适龄儿童", "人数"], "children", "儿童数"));
    CLASS: Key = may("class", shared::CLASS);
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "children",
    title: "children.csv",
    key: &[YEAR.spec.name, ZONE.spec.name, CLASS.spec.name, SOURCE.spec.name, BY.spec.name, AGE.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: false,
    known: KnownFrom::September,
    rules: "\
        Required when a stage has `entry_age`. `by` says what was counted: `age` (children aged `age` on 1 \
        September of `year`), `births` (of the calendar year; `age` blank), `births_school_year` (born September \
        of `year` - 1 to August of `year`; `age` blank), `kindergarten` (class `age`, counted so that class 1 \
        enters school the next autumn).",
};
