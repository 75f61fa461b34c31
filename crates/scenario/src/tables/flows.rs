//! `flows.csv`.

use seatcast_core::bounds;

use super::{Column, ColumnSpec, Key, KnownFrom, Need, TableSpec, columns, must, must_in, words};

columns! {
    STAGE_FROM: Key = must("stage_from", words(&["原学段", "毕业学段"], "stage left", "离开的学段"));
    STAGE_TO: Key = must("stage_to", words(&["升入学段"], "stage arrived in", "升入的学段"));
    ZONE_FROM: Key = must("zone_from", words(&["原学区", "毕业学区"], "zone left", "离开的学区"));
    ZONE_TO: Key = must("zone_to", words(&["升入学区"], "zone arrived in", "升入的学区"));
    SHARE: f64 = must_in("share", bounds::PROPORTION,
        words(&["比例", "占比"], "share of the pupils who go on; those of one zone add to 1", "升学学生中的比例，同一学区合计为 1"));
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "flows",
    title: "flows.csv",
    key: &[STAGE_FROM.spec.name, STAGE_TO.spec.name, ZONE_FROM.spec.name, ZONE_TO.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: false,
    known: KnownFrom::Always,
    rules: "\
        Optional. To which zone the pupils of a zone go on; the shares of a zone and a pair of stages add to 1. A \
        zone that is not listed sends its pupils to its own schools.",
};
