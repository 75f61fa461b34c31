//! `housing.csv`.

use seatcast_core::{bounds, time::YearMonth};

use super::{Column, ColumnSpec, Key, KnownFrom, Need, TableSpec, columns, may_in, must, must_in, shared, words};

columns! {
    ESTATE: Key = must("estate", words(&["小区", "楼盘"], "key of the estate", "小区的键"));
    ZONE: Key = must("zone", shared::ZONE);
    TYPE: Key = must("type", shared::TYPE);
    UNITS: f64 = must_in("units", bounds::UNITS, words(&["套数", "户数"], "dwellings", "住房套数"));
    COMPLETED: YearMonth = must("completed", words(&["交付月份", "竣工月份"], "month of completion", "交付月份"));
    OCCUPANCY: f64 = must_in("occupancy", bounds::PROPORTION,
        words(&["入住率"], "share of the dwellings lived in", "入住率"));
    IN_POOL: f64 = may_in("in_pool", bounds::PROPORTION,
        words(&["已计入比例"], "share of its entry-age children that the pools hold; blank: 1", "适龄儿童中已计入来源的比例，空白为 1"));
    IN_POOL_FROM: i32 = may_in("in_pool_from", bounds::YEAR,
        words(&["计入起始学年"], "academic year from which they do; blank: from completion", "从哪一学年起计入，空白为交付起"));
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "housing",
    title: "housing.csv",
    key: &[ESTATE.spec.name, TYPE.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: true,
    known: KnownFrom::Always,
    rules: "Optional. List only estates outside the years the ratios come from.",
};
