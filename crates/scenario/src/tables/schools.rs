//! `schools.csv`.

use seatcast_core::{bounds, time::YearMonth};

use super::{Column, ColumnSpec, Free, Key, KnownFrom, List, Need, TableSpec, columns, may, may_in, must, shared, words};

columns! {
    SCHOOL: Key = must("school", words(&["学校", "校区"], "key of the school", "学校的键"));
    ZONE: Key = must("zone", shared::ZONE);
    STAGE: Key = must("stage", shared::STAGE);
    PLACES: u32 = may_in("places", bounds::PLACES,
        words(&["学位", "座位", "学位数", "座位数"], "places in all grades of the stage", "该学段全部年级的学位"));
    CLASSES_PER_GRADE: List = may("classes_per_grade",
        words(&["每年级班数", "班数"], "one number, or one a grade separated by ;", "一个数，或每年级一个、用 ; 分隔"));
    CLASS_SIZE: List = may("class_size",
        words(&["班额"], "pupils in a class: one number, or one a grade separated by ;; blank: that of the stage", "班额：一个数，或每年级一个、用 ; 分隔；空白取学段标准"));
    STRETCH_SIZE: u32 = may_in("stretch_size", bounds::CLASS_SIZE,
        words(&["班额上限"], "pupils a class may be stretched to; blank: that of the stage", "班额可放宽到的上限，空白取学段上限"));
    ROOMS: u32 = may_in("rooms", bounds::CLASSES,
        words(&["教室数", "教室"], "class rooms; blank: as many as classes", "教室数，空白等于班数"));
    OPENED: YearMonth = may("opened", words(&["建成月份"], "month in which the building was opened", "校舍启用月份"));
    LIFE_YEARS: i32 = may_in("life_years", bounds::LIFE,
        words(&["使用年限"], "years the building is used; blank: beyond the run", "校舍使用年限，空白为不到期"));
    NAME_ZH: Free = shared::NAME_ZH;
    NAME_EN: Free = shared::NAME_EN;
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "schools",
    title: "schools.csv",
    key: &[SCHOOL.spec.name, STAGE.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: false,
    known: KnownFrom::Always,
    rules: "\
        Required when there are projects; without both tables demand alone is forecast. Either `places`, or \
        `classes_per_grade` (one number, or one for each grade separated by `;`) with `class_size`; `places` \
        counts when both are given. `rooms` and `stretch_size` are used where classes are counted: in a sharing \
        group and stage of which every school states its classes.",
};
