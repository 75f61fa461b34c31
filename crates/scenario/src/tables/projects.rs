//! `projects.csv`.

use seatcast_core::{bounds, supply::{Decants, Detail, Kind, PhaseIn, Status}, time::YearMonth};

use super::{Code, Column, ColumnSpec, Free, Key, KnownFrom, List, Need, TableSpec, columns, may, may_in, must, must_in, shared, words};

columns! {
    ID: Key = must("id", words(&["项目编号", "项目", "编号"], "key of the project", "项目的键"));
    ZONE: Key = must("zone", shared::ZONE);
    STAGE: Key = must("stage", shared::STAGE);
    KIND: Code<Kind> = must("kind", words(&["项目类型", "类型"], "kind", "项目类型"));
    PLACES: u32 = must_in("places", bounds::PLACES,
        words(&["学位", "座位", "学位数", "座位数"], "places when full", "满员学位"));
    STATUS: Code<Status> = must("status", words(&["状态", "进度状态"], "how far it has come", "项目状态"));
    CLASSES: u32 = may_in("classes", bounds::CLASSES,
        words(&["班数"], "classes in all grades when full; blank: as many as the places fill", "满员时全部年级的班数，空白按学位折算"));
    SITE_IN_HAND: bool = may("site_in_hand", words(&["用地已落实"], "whether no site gate is needed", "用地是否已落实"));
    SITE_DECIDED: YearMonth = may("site_decided",
        words(&["用地启动月份"], "month in which the site gate was opened", "用地环节启动月份"));
    BUILD_DECIDED: YearMonth = may("build_decided",
        words(&["开工决策月份"], "month in which the build gate was opened", "建设环节启动月份"));
    EARLIEST: YearMonth = may("earliest", words(&["最早开办"], "month before which it cannot open", "不早于该月开办"));
    OPENS: YearMonth = may("opens",
        words(&["开办月份", "计划开办"], "published month of opening: no lead, no delay", "已公布的开办月份，不再计工期与延误"));
    SITE_MIN: f64 = may_in("site_min", bounds::LEAD,
        words(&["用地最短"], "shortest lead of the site gate, months", "用地环节最短月数"));
    SITE_MODE: f64 = may_in("site_mode", bounds::LEAD,
        words(&["用地最可能"], "likeliest lead of the site gate, months", "用地环节最可能月数"));
    SITE_MAX: f64 = may_in("site_max", bounds::LEAD,
        words(&["用地最长"], "longest lead of the site gate, months", "用地环节最长月数"));
    BUILD_MIN: f64 = may_in("build_min", bounds::LEAD,
        words(&["建设最短"], "shortest lead of the build gate, months", "建设环节最短月数"));
    BUILD_MODE: f64 = may_in("build_mode", bounds::LEAD,
        words(&["建设最可能"], "likeliest lead of the build gate, months", "建设环节最可能月数"));
    BUILD_MAX: f64 = may_in("build_max", bounds::LEAD,
        words(&["建设最长"], "longest lead of the build gate, months", "建设环节最长月数"));
    LIFE_YEARS: u32 = may_in("life_years", bounds::LIFE,
        words(&["使用年限"], "years it is used; blank: default of the kind", "使用年限，空白取类型默认"));
    CAPEX: f64 = may_in("capex", bounds::MONEY,
        words(&["投资", "建设费用"], "money to build; blank: places x default of the kind", "建设费用，空白取学位 × 类型默认"));
    OPEX: f64 = may_in("opex", bounds::MONEY,
        words(&["年运行费", "运行费用"], "money a year while in use", "每年运行费用"));
    PHASE_IN: Code<PhaseIn> = may("phase_in",
        words(&["招生方式", "起用方式"], "which grades may use it; blank: default of the kind", "起用方式，空白取类型默认"));
    SITE: Key = may("site",
        words(&["用地", "地块"], "key of the site: of the projects on one site at most one is built", "地块的键：同一地块至多建一个项目"));
    EXCLUDES: List = may("excludes",
        words(&["互斥项目"], "projects that are not built if this one is, separated by ;", "与之互斥的项目，用 ; 分隔"));
    REQUIRES: List = may("requires",
        words(&["前置项目"], "projects that must be decided no later, separated by ;", "须不晚于它决定的项目，用 ; 分隔"));
    NAME_ZH: Free = shared::NAME_ZH;
    NAME_EN: Free = shared::NAME_EN;
    SCHOOL: Key = may("school", words(&["所在学校", "原学校"], "school whose places or rooms it takes", "所占用学位的学校"));
    DECANT_PLACES: u32 = may_in("decant_places", bounds::PLACES,
        words(&["腾挪学位"], "places out of use while it is built", "建设期间停用的学位"));
    DECANT_YEARS: i32 = may_in("decant_years", bounds::DECANT,
        words(&["腾挪年数"], "academic years they are out of use", "停用学年数"));
    FROM_STAGE: Key = may("from_stage",
        words(&["原学段"], "stage whose rooms it takes: conversion", "让出教室的学段（改办）"));
    FROM_PLACES: u32 = may_in("from_places", bounds::PLACES,
        words(&["让出学位"], "places given up: conversion, unsafe building", "让出或停用的学位（改办、危房）"));
    FROM_CLASSES: u32 = may_in("from_classes", bounds::CLASSES,
        words(&["让出班数"], "classes given up: conversion", "让出的班数（改办）"));
    SOURCE: Key = may("source",
        words(&["迁出校舍"], "school or project whose modules are moved: relocation", "迁出校舍的学校或项目（迁建）"));
    RELEASED_BY: Key = may("released_by",
        words(&["由其腾出"], "project that releases it: swing building", "腾出它的项目（周转校舍）"));
    TO_ZONE: Key = may("to_zone",
        words(&["并入学区"], "zone that keeps places for its pupils: merger", "接收学生的学区（撤并）"));
    RECEIVES: u32 = may_in("receives", bounds::PLACES,
        words(&["接收学位"], "places kept there: merger", "接收学校留出的学位（撤并）"));
    BEDS: u32 = may_in("beds", bounds::PLACES,
        words(&["寄宿床位"], "beds for boarders; blank: as many as places: merger", "寄宿床位，空白等于学位（撤并）"));
    CLOSE_BY: YearMonth = may("close_by",
        words(&["停用期限"], "month by which the old building is empty: unsafe building", "旧校舍停用期限（危房）"));
    ESTATE: Key = may("estate", words(&["配建小区"], "estate it is handed over with: handover", "随其移交的小区（配建）"));
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "projects",
    title: "projects.csv",
    key: &[ID.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: true,
    known: KnownFrom::LastDecision,
    rules: "\
        Optional. `committed` and `started` need `build_decided` or `opens`; `open` needs `opens`; `site` needs \
        `site_decided` or a site in hand. A stated `opens` takes the place of leads and delay. At most one project \
        of a `site` is ever decided. What only some kinds have is listed below; [supply.md](supply.md) says what \
        each kind changes.",
};

/// The columns of what only some kinds have.
pub(crate) const fn own_columns(detail: Detail) -> &'static [ColumnSpec] {
    match detail {
        Detail::Nothing => &[],
        Detail::Release => &[RELEASED_BY.spec],
        Detail::Conversion => &[FROM_STAGE.spec, FROM_PLACES.spec, FROM_CLASSES.spec],
        Detail::Source => &[SOURCE.spec],
        Detail::Reception => &[TO_ZONE.spec, RECEIVES.spec, BEDS.spec],
        Detail::Deadline => &[CLOSE_BY.spec, FROM_PLACES.spec],
        Detail::Estate => &[ESTATE.spec],
    }
}

/// What each kind needs and may have, for the page of the formats; kinds that have the same stand in one row.
pub(crate) fn by_kind() -> String {
    let mut rows: Vec<(Vec<String>, [&str; 2])> = Vec::new();
    for kind in Kind::ALL {
        let (code, cells) = (format!("`{kind}`"), [needs(kind.detail()), may_have(kind)]);
        match rows.iter_mut().find(|(_, of)| *of == cells) {
            Some((codes, _)) => codes.push(code),
            None => rows.push((vec![code], cells)),
        }
    }
    let mut out = String::from("| kind | needs | may have |\n|---|---|---|\n");
    for (codes, [needs, may_have]) in rows {
        let needs = if needs.is_empty() { String::new() } else { format!("{needs} ") };
        out.push_str(&format!("| {} | {needs}| {may_have} |\n", codes.join(", ")));
    }
    out
}

fn needs(detail: Detail) -> &'static str {
    match detail {
        Detail::Nothing | Detail::Release | Detail::Estate => "",
        Detail::Conversion => "`from_stage`, and `from_places` or `school`",
        Detail::Source => "`source`",
        Detail::Reception => "`to_zone`, `receives`",
        Detail::Deadline => "`close_by`, and `from_places` or `school`",
    }
}

fn may_have(kind: Kind) -> &'static str {
    match (kind.detail(), kind.decants()) {
        (Detail::Nothing, Decants::Places) => {
            "`school`, `decant_places`, `decant_years` (1 where blank; from the first September after `build_decided` where \
             building has begun)"
        }
        (Detail::Nothing, Decants::Building) => "`school`, `decant_years`",
        (Detail::Nothing, Decants::Nothing) => "`school`",
        (Detail::Release, _) => "`released_by` (without it its places are new ones from its own opening)",
        (Detail::Conversion, _) => "`from_classes`",
        (Detail::Source, _) => "`decant_years` (neither site; 1 where blank)",
        (Detail::Reception, _) => "`school`, `beds`",
        (Detail::Deadline, _) => "`decant_years` (2 where blank)",
        (Detail::Estate, _) => "`estate` (opens after it is completed)",
    }
}
