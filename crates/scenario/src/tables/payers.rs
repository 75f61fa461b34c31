//! `payers.csv`.

use seatcast_core::{bounds, money::Item};

use super::{Code, Column, ColumnSpec, Key, KnownFrom, Need, TableSpec, columns, may, must, must_in, words};

columns! {
    PAYER: Key = must("payer", words(&["出资方"], "who pays", "出资方"));
    SHARE: f64 = must_in("share", bounds::PROPORTION,
        words(&["分担比例"], "share; those of a project and item add to 1", "分担比例，同一项目同一类别合计为 1"));
    PROJECT: Key = may("project",
        words(&["项目", "项目编号"], "key of the project; blank or ALL: every project without rows of its own", "项目的键，空白或 ALL 为其余全部项目"));
    ITEM: Code<Item> = may("item",
        words(&["费用类别"], "capital or running money; blank: both", "建设费或运行费，空白为两者"));
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "payers",
    title: "payers.csv",
    key: &[PROJECT.spec.name, ITEM.spec.name, PAYER.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: false,
    known: KnownFrom::Always,
    rules: "\
        Optional. The most specific rows count: those of the project before those of all, those of the item before \
        those of both.",
};
