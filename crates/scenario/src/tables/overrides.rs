//! `overrides.csv`: what a planner knows that no history tells.

use seatcast_core::{bounds, codes};

use super::{Code, Column, ColumnSpec, Date, Free, Key, KnownFrom, Need, TableSpec, columns, may, may_in, must, must_in, shared, words};
use super::rates::RateName;

codes! {
    /// What an override changes.
    pub enum ChangeName {
        /// A ratio is replaced.
        Rate = "rate", "比率", "ratio";
        /// The ratio that would apply is multiplied.
        Factor = "factor", "倍数", "factor";
        /// Pupils are added.
        Pupils = "pupils", "人数", "pupils";
    }
}

columns! {
    OVERRIDE: Key = must("override", words(&["调整", "调整编号"], "key of the override", "调整的键"));
    CHANGE: Code<ChangeName> = must("change", words(&["调整方式"], "what is changed", "调整的是什么"));
    ZONE: Key = must("zone", shared::ZONE);
    VALUE: f64 = must_in("value", bounds::PUPILS,
        words(&["数值", "取值"], "the ratio, the factor, or pupils a year", "比率、倍数，或每年人数"));
    FROM: i32 = must_in("from", bounds::YEAR, words(&["起始学年"], "first academic year of arrival", "到达的第一个学年"));
    AUTHOR: Free = must("author", words(&["填报人", "作者"], "who entered it", "由谁填报"));
    DATE: Date = must("date", words(&["填报日期", "日期"], "when it was entered", "何时填报"));
    REASON: Free = must("reason", words(&["理由", "原因"], "why", "为什么"));
    UNTIL: i32 = may_in("until", bounds::YEAR,
        words(&["截止学年"], "last academic year; blank: for ever, of pupils that year alone", "最后一个学年，空白为一直有效；人数则只限起始学年"));
    RATE: Code<RateName> = may("rate", words(&["比率", "指标"], "which ratio", "哪一种比率"));
    STAGE: Key = may("stage", shared::STAGE);
    GRADE: Key = may("grade", shared::GRADE);
    SOURCE: Key = may("source", shared::SOURCE);
    CLASS: Key = may("class", shared::CLASS);
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "overrides",
    title: "overrides.csv",
    key: &[OVERRIDE.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: true,
    known: KnownFrom::Entry,
    rules: "\
        Optional. What a planner knows that no history tells. `rate` needs `rate` and what that rate needs; \
        `factor` and `pupils` need `grade`, or `stage`; `pupils` needs one zone. Of two rows for the same ratio \
        the later holds.",
};
