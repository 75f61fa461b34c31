//! What every column is called in Chinese, and what it means, in both languages: accepted as headings, printed in the
//! schema and in the file-format pages.
//!
//! The first Chinese heading is the one we print; the others are what planners' tables say. A heading is known in every
//! table that has the column.

/// The words of a column.
#[derive(Debug, Clone, Copy)]
pub struct ColumnWords {
    /// Table it belongs to; blank where the column means the same in every table.
    pub table: &'static str,
    /// Name of the column.
    pub column: &'static str,
    /// Chinese headings that are accepted, ours first.
    pub headings: &'static [&'static str],
    /// What it means, in English.
    pub en: &'static str,
    /// What it means, in Chinese.
    pub zh: &'static str,
}

const fn words(
    table: &'static str,
    column: &'static str,
    headings: &'static [&'static str],
    en: &'static str,
    zh: &'static str,
) -> ColumnWords {
    ColumnWords { table, column, headings, en, zh }
}

/// The words of every column.
pub const WORDS: &[ColumnWords] = &[
    // in every table
    words("", "mark", &["标记", "可信度"], "how good the figure is", "数据的可信程度"),
    words("", "note", &["备注", "说明"], "source, or the rule by which the row was made", "来源，或推算规则"),
    words(
        "",
        "known_from",
        &["获知月份", "公布月份"],
        "month in which the figure became known",
        "何时得知该数",
    ),
    words("", "name_zh", &["中文名", "名称", "中文名称"], "name in Chinese", "中文名称"),
    words("", "name_en", &["英文名", "英文名称"], "name in English", "英文名称"),
    words("", "zone", &["学区", "片区", "招生片区", "学区代码"], "key of the zone", "学区的键"),
    words("", "stage", &["学段"], "key of the stage", "学段的键"),
    words("", "grade", &["年级"], "key of the grade", "年级的键"),
    words("", "class", &["录取类别", "类别"], "admission class", "录取类别"),
    words("", "source", &["数据来源", "来源"], "your name for where the figure comes from", "数据来源的名称"),
    // zones
    words("zones", "district", &["区", "区县", "行政区"], "key of the district", "行政区的键"),
    words(
        "zones",
        "group",
        &["大学区", "学位共享组"],
        "sharing group; blank: the zone is its own",
        "大学区，空白表示自成一组",
    ),
    words("zones", "tile_row", &["格图行"], "row on the tile map", "格图上的行"),
    words("zones", "tile_col", &["格图列"], "column on the tile map", "格图上的列"),
    // rolls
    words(
        "rolls",
        "year",
        &["学年", "年份", "年度"],
        "academic year of the count, 1 September",
        "学年（9 月 1 日统计）",
    ),
    words(
        "rolls",
        "pupils",
        &["在校生", "在读", "在校生数", "在读人数", "学生数"],
        "pupils on roll",
        "在校生数",
    ),
    // children
    words(
        "children",
        "year",
        &["年份", "年度", "出生年份"],
        "year of the count, or of birth",
        "统计年份，或出生年份",
    ),
    words("children", "by", &["统计口径", "口径"], "what was counted", "统计的是什么"),
    words(
        "children",
        "age",
        &["年龄", "班级"],
        "age on 1 September, or kindergarten class (1 enters next autumn)",
        "9 月 1 日的年龄，或幼儿园班级（1 = 次年入学）",
    ),
    words("children", "children", &["儿童数", "适龄儿童", "人数"], "children", "儿童数"),
    // schools
    words("schools", "school", &["学校", "校区"], "key of the school", "学校的键"),
    words(
        "schools",
        "places",
        &["学位", "座位", "学位数", "座位数"],
        "places in all grades of the stage",
        "该学段全部年级的学位",
    ),
    words(
        "schools",
        "classes_per_grade",
        &["每年级班数", "班数"],
        "one number, or one a grade separated by ;",
        "一个数，或每年级一个、用 ; 分隔",
    ),
    words(
        "schools",
        "class_size",
        &["班额"],
        "pupils in a class: one number, or one a grade separated by ;; blank: that of the stage",
        "班额：一个数，或每年级一个、用 ; 分隔；空白取学段标准",
    ),
    words(
        "schools",
        "stretch_size",
        &["班额上限"],
        "pupils a class may be stretched to; blank: that of the stage",
        "班额可放宽到的上限，空白取学段上限",
    ),
    words(
        "schools",
        "rooms",
        &["教室数", "教室"],
        "class rooms; blank: as many as classes",
        "教室数，空白等于班数",
    ),
    words("schools", "opened", &["建成月份"], "month in which the building was opened", "校舍启用月份"),
    words(
        "schools",
        "life_years",
        &["使用年限"],
        "years the building is used; blank: beyond the run",
        "校舍使用年限，空白为不到期",
    ),
    // projects
    words("projects", "id", &["项目编号", "项目", "编号"], "key of the project", "项目的键"),
    words("projects", "kind", &["项目类型", "类型"], "kind", "项目类型"),
    words("projects", "places", &["学位", "座位", "学位数", "座位数"], "places when full", "满员学位"),
    words("projects", "status", &["状态", "进度状态"], "how far it has come", "项目状态"),
    words(
        "projects",
        "classes",
        &["班数"],
        "classes in all grades when full; blank: as many as the places fill",
        "满员时全部年级的班数，空白按学位折算",
    ),
    words("projects", "site_in_hand", &["用地已落实"], "whether no site gate is needed", "用地是否已落实"),
    words(
        "projects",
        "site_decided",
        &["用地启动月份"],
        "month in which the site gate was opened",
        "用地环节启动月份",
    ),
    words(
        "projects",
        "build_decided",
        &["开工决策月份"],
        "month in which the build gate was opened",
        "建设环节启动月份",
    ),
    words("projects", "earliest", &["最早开办"], "month before which it cannot open", "不早于该月开办"),
    words(
        "projects",
        "opens",
        &["开办月份", "计划开办"],
        "published month of opening: no lead, no delay",
        "已公布的开办月份，不再计工期与延误",
    ),
    words(
        "projects",
        "site_min",
        &["用地最短"],
        "shortest lead of the site gate, months",
        "用地环节最短月数",
    ),
    words(
        "projects",
        "site_mode",
        &["用地最可能"],
        "likeliest lead of the site gate, months",
        "用地环节最可能月数",
    ),
    words("projects", "site_max", &["用地最长"], "longest lead of the site gate, months", "用地环节最长月数"),
    words(
        "projects",
        "build_min",
        &["建设最短"],
        "shortest lead of the build gate, months",
        "建设环节最短月数",
    ),
    words(
        "projects",
        "build_mode",
        &["建设最可能"],
        "likeliest lead of the build gate, months",
        "建设环节最可能月数",
    ),
    words(
        "projects",
        "build_max",
        &["建设最长"],
        "longest lead of the build gate, months",
        "建设环节最长月数",
    ),
    words(
        "projects",
        "life_years",
        &["使用年限"],
        "years it is used; blank: default of the kind",
        "使用年限，空白取类型默认",
    ),
    words(
        "projects",
        "capex",
        &["投资", "建设费用"],
        "money to build; blank: places x default of the kind",
        "建设费用，空白取学位 × 类型默认",
    ),
    words("projects", "opex", &["年运行费", "运行费用"], "money a year while in use", "每年运行费用"),
    words(
        "projects",
        "phase_in",
        &["招生方式", "起用方式"],
        "which grades may use it; blank: default of the kind",
        "起用方式，空白取类型默认",
    ),
    words(
        "projects",
        "site",
        &["用地", "地块"],
        "key of the site: of the projects on one site at most one is built",
        "地块的键：同一地块至多建一个项目",
    ),
    words(
        "projects",
        "excludes",
        &["互斥项目"],
        "projects that are not built if this one is, separated by ;",
        "与之互斥的项目，用 ; 分隔",
    ),
    words(
        "projects",
        "requires",
        &["前置项目"],
        "projects that must be decided no later, separated by ;",
        "须不晚于它决定的项目，用 ; 分隔",
    ),
    words(
        "projects",
        "school",
        &["所在学校", "原学校"],
        "school whose places or rooms it takes",
        "所占用学位的学校",
    ),
    words(
        "projects",
        "decant_places",
        &["腾挪学位"],
        "places out of use while it is built",
        "建设期间停用的学位",
    ),
    words("projects", "decant_years", &["腾挪年数"], "academic years they are out of use", "停用学年数"),
    words(
        "projects",
        "from_stage",
        &["原学段"],
        "stage whose rooms it takes: conversion",
        "让出教室的学段（改办）",
    ),
    words(
        "projects",
        "from_places",
        &["让出学位"],
        "places given up: conversion, unsafe building",
        "让出或停用的学位（改办、危房）",
    ),
    words("projects", "from_classes", &["让出班数"], "classes given up: conversion", "让出的班数（改办）"),
    words(
        "projects",
        "source",
        &["迁出校舍"],
        "school or project whose modules are moved: relocation",
        "迁出校舍的学校或项目（迁建）",
    ),
    words(
        "projects",
        "released_by",
        &["由其腾出"],
        "project that releases it: swing building",
        "腾出它的项目（周转校舍）",
    ),
    words(
        "projects",
        "to_zone",
        &["并入学区"],
        "zone that keeps places for its pupils: merger",
        "接收学生的学区（撤并）",
    ),
    words("projects", "receives", &["接收学位"], "places kept there: merger", "接收学校留出的学位（撤并）"),
    words(
        "projects",
        "beds",
        &["寄宿床位"],
        "beds for boarders; blank: as many as places: merger",
        "寄宿床位，空白等于学位（撤并）",
    ),
    words(
        "projects",
        "close_by",
        &["停用期限"],
        "month by which the old building is empty: unsafe building",
        "旧校舍停用期限（危房）",
    ),
    words(
        "projects",
        "estate",
        &["配建小区"],
        "estate it is handed over with: handover",
        "随其移交的小区（配建）",
    ),
    // housing and yields
    words("housing", "estate", &["小区", "楼盘"], "key of the estate", "小区的键"),
    words("", "type", &["住房类型", "户型"], "type of housing", "住房类型"),
    words("housing", "units", &["套数", "户数"], "dwellings", "住房套数"),
    words("housing", "completed", &["交付月份", "竣工月份"], "month of completion", "交付月份"),
    words("housing", "occupancy", &["入住率"], "share of the dwellings lived in", "入住率"),
    words(
        "housing",
        "in_pool",
        &["已计入比例"],
        "share of its entry-age children that the pools hold; blank: 1",
        "适龄儿童中已计入来源的比例，空白为 1",
    ),
    words(
        "housing",
        "in_pool_from",
        &["计入起始学年"],
        "academic year from which they do; blank: from completion",
        "从哪一学年起计入，空白为交付起",
    ),
    words(
        "yields",
        "years_since",
        &["交付后年数"],
        "whole years since the first 1 September on or after completion",
        "交付后第几个学年",
    ),
    words(
        "yields",
        "pupils_per_unit",
        &["每套学生数", "学生产出率"],
        "pupils per dwelling lived in",
        "每套入住住房的学生数",
    ),
    // rates
    words("rates", "rate", &["比率", "指标"], "what it is a ratio of", "比率的种类"),
    words("rates", "value", &["数值", "取值"], "the ratio", "比率的值"),
    words(
        "rates",
        "year",
        &["学年", "年份"],
        "academic year of arrival; blank: every year",
        "到达学年，空白为每年",
    ),
    // feeder flows
    words("flows", "stage_from", &["原学段", "毕业学段"], "stage left", "离开的学段"),
    words("flows", "stage_to", &["升入学段"], "stage arrived in", "升入的学段"),
    words("flows", "zone_from", &["原学区", "毕业学区"], "zone left", "离开的学区"),
    words("flows", "zone_to", &["升入学区"], "zone arrived in", "升入的学区"),
    words(
        "flows",
        "share",
        &["比例", "占比"],
        "share of the pupils who go on; those of one zone add to 1",
        "升学学生中的比例，同一学区合计为 1",
    ),
    // rolls by school
    words(
        "school_rolls",
        "year",
        &["学年", "年份", "年度"],
        "academic year of the count",
        "学年（9 月 1 日统计）",
    ),
    words("school_rolls", "school", &["学校", "校区"], "key of the school", "学校的键"),
    words(
        "school_rolls",
        "pupils",
        &["在校生", "在读", "在校生数", "在读人数", "学生数"],
        "pupils on roll",
        "在校生数",
    ),
    // overrides
    words("overrides", "override", &["调整", "调整编号"], "key of the override", "调整的键"),
    words("overrides", "change", &["调整方式"], "what is changed", "调整的是什么"),
    words(
        "overrides",
        "value",
        &["数值", "取值"],
        "the ratio, the factor, or pupils a year",
        "比率、倍数，或每年人数",
    ),
    words("overrides", "from", &["起始学年"], "first academic year of arrival", "到达的第一个学年"),
    words(
        "overrides",
        "until",
        &["截止学年"],
        "last academic year; blank: for ever, of pupils that year alone",
        "最后一个学年，空白为一直有效；人数则只限起始学年",
    ),
    words("overrides", "author", &["填报人", "作者"], "who entered it", "由谁填报"),
    words("overrides", "date", &["填报日期", "日期"], "when it was entered", "何时填报"),
    words("overrides", "reason", &["理由", "原因"], "why", "为什么"),
    words("overrides", "rate", &["比率", "指标"], "which ratio", "哪一种比率"),
    // admission
    words("admission", "class", &["录取类别", "类别"], "key of the class", "录取类别的键"),
    words(
        "admission",
        "rank",
        &["录取顺序", "顺位"],
        "order in which classes are placed, 1 first",
        "录取先后，1 最先",
    ),
    words(
        "admission",
        "pool",
        &["所属来源", "生源类别"],
        "class of children.csv that it is part of; blank: all entrants",
        "所属的 children.csv 类别，空白为全部新生",
    ),
    words(
        "admission",
        "share",
        &["占比", "比例"],
        "share of the pool; blank: all",
        "在所属生源中的占比，空白为全部",
    ),
    words("admission", "points_from", &["积分下限"], "lowest points of the class", "该类积分下限"),
    words("admission", "points_to", &["积分上限"], "highest points of the class", "该类积分上限"),
    words(
        "admission",
        "lock_years",
        &["锁定年数", "学位锁定年数"],
        "years in which a dwelling gives one place",
        "一套住房提供一个学位的年数（锁学位）",
    ),
    words(
        "admission",
        "dwellings",
        &["住房套数"],
        "dwellings of the class in the zone",
        "该学区该类住房套数",
    ),
    words(
        "admission",
        "moved_share",
        &["新迁入占比"],
        "share of the applicants who moved in within these years",
        "锁定年数内迁入者占申请人的比例",
    ),
    words("diversions", "from_group", &["原大学区"], "sharing group without places", "学位不足的大学区"),
    words(
        "diversions",
        "to_group",
        &["分流大学区"],
        "sharing group that takes its children, most preferred first",
        "接收分流学生的大学区，按优先顺序",
    ),
    words(
        "diversions",
        "limit",
        &["分流上限"],
        "most children a year; blank: no limit",
        "每年分流人数上限，空白不限",
    ),
    // money
    words("costs", "item", &["费用类别"], "capital or running money", "建设费或运行费"),
    words(
        "costs",
        "year",
        &["年份", "年度"],
        "budget year in which it is due, whenever the project opens",
        "支出年份，与开办无关",
    ),
    words(
        "costs",
        "offset",
        &["相对开办年数"],
        "years after the academic year of the opening, negative: before",
        "相对开办学年的年数，负数为之前",
    ),
    words("costs", "line", &["预算科目"], "budget line", "预算科目"),
    words(
        "payers",
        "project",
        &["项目", "项目编号"],
        "key of the project; blank or ALL: every project without rows of its own",
        "项目的键，空白或 ALL 为其余全部项目",
    ),
    words(
        "payers",
        "item",
        &["费用类别"],
        "capital or running money; blank: both",
        "建设费或运行费，空白为两者",
    ),
    words("payers", "payer", &["出资方"], "who pays", "出资方"),
    words(
        "payers",
        "share",
        &["分担比例"],
        "share; those of a project and item add to 1",
        "分担比例，同一项目同一类别合计为 1",
    ),
    // settings
    words("settings", "key", &["设置项", "键"], "key path of scenario.json", "scenario.json 中的键"),
    words("settings", "value", &["数值", "取值", "值"], "its value", "取值"),
    words("settings", "unit", &["单位"], "unit, for the reader", "单位，仅供阅读"),
    // schedules and budgets
    words("", "schedule", &["方案", "方案编号"], "key of the schedule", "方案的键"),
    words("", "project", &["项目", "项目编号"], "key of the project", "项目的键"),
    words("", "decide", &["决策月份", "决定"], "month of decision, or never", "决策月份，或 never（不建）"),
    words(
        "budget",
        "year",
        &["年份", "年度"],
        "year of the decisions it pays for; blank: in all",
        "该年决策的预算，空白为总额",
    ),
    // filed forecasts
    words("filed", "base_year", &["基年"], "base year of the forecast", "预测的基年"),
    words("filed", "year", &["学年", "年份"], "academic year of the forecast", "预测的学年"),
    words("filed", "district", &["区", "区县", "行政区"], "key of the district", "行政区的键"),
    words("filed", "pupils", &["在校生", "在校生数"], "pupils forecast", "预测的在校生数"),
    words("filed", "p2_5", &["2.5%分位"], "2.5 % quantile", "2.5% 分位数"),
    words("filed", "p10", &["10%分位"], "10 % quantile", "10% 分位数"),
    words("filed", "p25", &["25%分位"], "25 % quantile", "25% 分位数"),
    words("filed", "p50", &["50%分位"], "median", "中位数"),
    words("filed", "p75", &["75%分位"], "75 % quantile", "75% 分位数"),
    words("filed", "p90", &["90%分位"], "90 % quantile", "90% 分位数"),
    words("filed", "p97_5", &["97.5%分位"], "97.5 % quantile", "97.5% 分位数"),
    words(
        "filed",
        "without_overrides",
        &["不含调整"],
        "as if nobody had entered an override",
        "不含人工调整的预测",
    ),
    // archived rounds
    words("round", "base_year", &["基年"], "base year of the round", "本轮的基年"),
    words(
        "round",
        "number",
        &["序号"],
        "which of the rounds archived in that year, from 1",
        "当年存档的第几轮",
    ),
    words("round", "group", &["大学区", "学位共享组"], "key of the sharing group", "大学区的键"),
    words("round", "variant", &["变体"], "variant; blank for the scenario itself", "变体，空白为情景本身"),
    words(
        "round",
        "project",
        &["项目", "项目编号"],
        "key of the project; blank: the row is a group and stage in a year",
        "项目的键，空白表示该行为一个大学区、学段、年份",
    ),
    words("round", "year", &["年份", "学年"], "academic year it is for", "所指学年"),
    words(
        "round",
        "need",
        &["需要"],
        "places needed at the level of the lead",
        "按该提前期要求把握需要的学位",
    ),
    words("round", "programme", &["计划学位"], "places of the whole programme", "全部计划内学位"),
    words("round", "missing", &["缺"], "places missing", "缺的学位"),
    words("round", "status", &["状态"], "how far the project had come", "项目进度"),
    words("round", "step", &["步骤"], "what was decided", "所作决定"),
    words("round", "gate", &["环节"], "gate to be opened", "开启的环节"),
    words("round", "opens", &["开办学年"], "academic year it was expected to open in", "预计开办学年"),
    words("", "amount", &["金额", "预算"], "money", "金额"),
    // bare tables
    words("", "area", &["地区", "区县", "学区", "区域"], "name of the area", "地区名称"),
    words(
        "bare_rolls",
        "year",
        &["学年", "年份", "年度"],
        "academic year of the count, by the year it begins in",
        "学年，以开学年份表示",
    ),
    words("bare_rolls", "grade", &["年级"], "number of the grade", "年级序号"),
    words(
        "bare_rolls",
        "pupils",
        &["在校生", "在读", "在校生数", "在读人数", "学生数"],
        "pupils on roll",
        "在校生数",
    ),
    words("bare_rolls", "school", &["学校", "校区"], "name of the school", "学校名称"),
    words("bare_births", "year", &["年份", "年度", "出生年份"], "label of the births", "出生年份"),
    words("bare_births", "births", &["出生人数", "出生数"], "births", "出生人数"),
];

/// The words of a column of a table.
pub fn of(table: &str, column: &str) -> Option<&'static ColumnWords> {
    let named = |own: &str| WORDS.iter().find(|w| w.table == own && w.column == column);
    named(table).or_else(|| named(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ALL, COMMON};

    #[test]
    fn every_column_has_words_and_no_heading_means_two_columns_of_a_table() {
        for table in ALL {
            let mut taken: Vec<&str> = Vec::new();
            for column in table.columns.iter().chain(COMMON) {
                let words =
                    of(table.name, column.name).unwrap_or_else(|| panic!("{}.{}", table.name, column.name));
                assert!(!words.headings.is_empty() && !words.en.is_empty() && !words.zh.is_empty());
                for heading in words.headings {
                    assert!(!taken.contains(heading), "{}: {heading} means two columns", table.name);
                    taken.push(heading);
                }
            }
        }
    }

    #[test]
    fn no_words_are_left_over() {
        for words in WORDS {
            let has = |columns: &[crate::spec::Column]| columns.iter().any(|c| c.name == words.column);
            let used =
                ALL.iter().any(|t| (words.table.is_empty() || t.name == words.table) && has(t.columns));
            assert!(used || has(COMMON), "{}.{}", words.table, words.column);
        }
    }
}
