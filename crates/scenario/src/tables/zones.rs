//! `zones.csv`.

use seatcast_core::bounds;

use super::{Column, ColumnSpec, Free, Key, KnownFrom, Need, TableSpec, columns, may, may_in, must, shared, words};

columns! {
    ZONE: Key = must("zone", shared::ZONE);
    DISTRICT: Key = must("district", words(&["区", "区县", "行政区"], "key of the district", "行政区的键"));
    GROUP: Key = may("group",
        words(&["大学区", "学位共享组"], "sharing group; blank: the zone is its own", "大学区，空白表示自成一组"));
    TILE_ROW: u32 = may_in("tile_row", bounds::TILE, words(&["格图行"], "row on the tile map", "格图上的行"));
    TILE_COL: u32 = may_in("tile_col", bounds::TILE, words(&["格图列"], "column on the tile map", "格图上的列"));
    NAME_ZH: Free = shared::NAME_ZH;
    NAME_EN: Free = shared::NAME_EN;
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "zones",
    title: "zones.csv",
    key: &[ZONE.spec.name],
    columns: COLUMNS,
    need: Need::Always,
    may_be_empty: false,
    known: KnownFrom::Always,
    rules: "Required. The first column of results and the unit of everything else.",
};
