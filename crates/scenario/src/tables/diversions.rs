//! `diversions.csv`.

use seatcast_core::bounds;

use super::{Column, ColumnSpec, Key, KnownFrom, Need, TableSpec, columns, may_in, must, words};

columns! {
    FROM_GROUP: Key = must("from_group", words(&["原大学区"], "sharing group without places", "学位不足的大学区"));
    TO_GROUP: Key = must("to_group",
        words(&["分流大学区"], "sharing group that takes its children, most preferred first", "接收分流学生的大学区，按优先顺序"));
    LIMIT: u32 = may_in("limit", bounds::PUPILS,
        words(&["分流上限"], "most children a year; blank: no limit", "每年分流人数上限，空白不限"));
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "diversions",
    title: "diversions.csv",
    key: &[FROM_GROUP.spec.name, TO_GROUP.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: false,
    known: KnownFrom::Always,
    rules: "\
        Optional. Where children who find no place may be diverted, the most preferred group first. Without the \
        table: the groups of the own district, nearest on the tile map first.",
};
