//! `admission.csv`.

use seatcast_core::bounds;

use super::{Column, ColumnSpec, Free, Key, KnownFrom, Need, TableSpec, columns, may, may_in, must, must_in, shared, words};

columns! {
    STAGE: Key = must("stage", shared::STAGE);
    CLASS: Key = must("class", words(&["录取类别", "类别"], "key of the class", "录取类别的键"));
    RANK: u32 = must_in("rank", bounds::RANK,
        words(&["录取顺序", "顺位"], "order in which classes are placed, 1 first", "录取先后，1 最先"));
    ZONE: Key = may("zone", shared::ZONE);
    POOL: Key = may("pool",
        words(&["所属来源", "生源类别"], "class of children.csv that it is part of; blank: all entrants", "所属的 children.csv 类别，空白为全部新生"));
    SHARE: f64 = may_in("share", bounds::PROPORTION,
        words(&["占比", "比例"], "share of the pool; blank: all", "在所属生源中的占比，空白为全部"));
    POINTS_FROM: f64 = may_in("points_from", bounds::POINTS,
        words(&["积分下限"], "lowest points of the class", "该类积分下限"));
    POINTS_TO: f64 = may_in("points_to", bounds::POINTS,
        words(&["积分上限"], "highest points of the class", "该类积分上限"));
    LOCK_YEARS: u32 = may_in("lock_years", bounds::LOCK,
        words(&["锁定年数", "学位锁定年数"], "years in which a dwelling gives one place", "一套住房提供一个学位的年数（锁学位）"));
    DWELLINGS: f64 = may_in("dwellings", bounds::UNITS,
        words(&["住房套数"], "dwellings of the class in the zone", "该学区该类住房套数"));
    MOVED_SHARE: f64 = may_in("moved_share", bounds::PROPORTION,
        words(&["新迁入占比"], "share of the applicants who moved in within these years", "锁定年数内迁入者占申请人的比例"));
    NAME_ZH: Free = shared::NAME_ZH;
    NAME_EN: Free = shared::NAME_EN;
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "admission",
    title: "admission.csv",
    key: &[STAGE.spec.name, CLASS.spec.name, ZONE.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: false,
    known: KnownFrom::Always,
    rules: "\
        Optional. Ranked classes of children for each stage; a stage without rows has no admission results. A row \
        for one zone overrides `share` and `dwellings` of the class there. Classes of one pool hold no more than \
        the pool; the rest comes after them. Worked by hand in [admission.md](admission.md).",
};
