//! What can be wrong with a history of rolls and births, in both languages.
//!
//! A family of [`crate::problem::Fault`] with its words beside it: bare tables, vintages, calibration, filed forecasts.

use seatcast_core::{Lang, backtest::score::class_code, forecast::learn::Widened};

/// What is wrong with a history.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HistoryFault {
    /// No row was known in a month: that month, the first that suffices.
    NothingKnown(String, String),
    /// No roll of the entry grade.
    NoEntryGrade(i32),
    /// A stage whose grades are not in the rolls: name, its first and last grade, those of the rolls.
    StageOutside(String, i32, i32, i32, i32),
    /// Births of areas that the rolls do not have: some of their names.
    BirthsElsewhere(Vec<String>),
    /// Too few years for a single origin with a target: years known, needed.
    TooFewYears(usize, usize),
    /// A file that begins like gzip and is none.
    NotGzip,

    /// Warning: rows below the entry grade: count, entry grade.
    BelowEntry(usize, i32),
    /// Warning: births that enter in no year of the rolls: first and last label, first and last year of the rolls.
    BirthsWrongYears(i32, i32, i32, i32),
    /// Warning: grades without a roll in any year.
    GradesMissing(Vec<String>),
    /// Warning: areas without a roll in the first year: which, that year.
    AreasAppear(Vec<String>, i32),
    /// Warning: areas without a roll in the last year: which, that year.
    AreasVanish(Vec<String>, i32),
    /// Warning: a single year of rolls.
    OneYear,
    /// Warning: masked years that the rolls do not have.
    MaskedUnknown(Vec<i32>),
    /// Warning: areas for which no births are given.
    AreasWithoutBirths(Vec<String>),

    /// An override lacks a column it needs: what it changes, the column.
    OverrideNeeds(String, &'static str),
    /// An override states a column that is not for it: what it changes, the column.
    OverrideHasNot(String, &'static str),
    /// An override ends before it begins: first and last year.
    OverrideYears(i32, i32),
    /// Warning: an override of years that the run has not: its first and last.
    OverrideOutside(i32, i32),
    /// Warning: rows that were reconstructed: how many, whether other rows teach.
    Reconstructed(usize, bool),
    /// Warning: ratios learnt from this few years.
    ShortHistory(usize),
    /// Warning: zones without a roll of the base year that could be learnt from.
    NoOwnPast(Vec<String>),
    /// Warning: zones whose roll is not that of their schools.
    SchoolsApart(Vec<String>),
    /// Warning: a stage that several feed, or that begins anew, is not scored by a back-test.
    StageNotScored(String),
    /// No forecast was filed.
    NothingFiled,
    /// Warning: rows of a filed forecast or round that name what the scenario has no longer: how many.
    FiledOfOthers(usize),
    /// Warning: nothing was planned yet in a month: that month, the first in which something was.
    NonePlanned(String, String),
    /// Note: ratios that are not given are learnt: first and last year, years known.
    RatiosLearnt(i32, i32, usize),
    /// Note: sizes of shocks are learnt: first and last year, years known.
    SizesLearnt(i32, i32, usize),
    /// Note: sizes of shocks are the defaults: years known, years needed.
    SizesDefault(usize, usize),
    /// Note: rows that were revised: how many earlier figures were passed over.
    Revised(usize),
    /// Note: rows that were not known yet: how many, in which month.
    NotYetKnown(usize, String),
    /// Note: upper quantiles were widened: which classes of size, and by how much.
    TailsWidened(Vec<Widened>),
    /// Note: what was known a year ago makes no scenario: that month, errors.
    NoForecastBefore(String, usize),
    /// Note: the base year moves back to the last roll known in a month: that year, the month.
    BaseYearThen(i32, String),
}

impl HistoryFault {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NothingKnown(..) => "E080",
            Self::NoEntryGrade(_) => "E081",
            Self::StageOutside(..) => "E082",
            Self::BirthsElsewhere(_) => "E083",
            Self::TooFewYears(..) => "E084",
            Self::NotGzip => "E085",
            Self::BelowEntry(..) => "W130",
            Self::BirthsWrongYears(..) => "W131",
            Self::GradesMissing(_) => "W132",
            Self::AreasAppear(..) => "W133",
            Self::AreasVanish(..) => "W134",
            Self::OneYear => "W135",
            Self::MaskedUnknown(_) => "W136",
            Self::AreasWithoutBirths(_) => "W137",
            Self::OverrideNeeds(..) => "E086",
            Self::OverrideHasNot(..) => "E087",
            Self::OverrideYears(..) => "E088",
            Self::Reconstructed(..) => "W138",
            Self::ShortHistory(_) => "W139",
            Self::NoOwnPast(_) => "W140",
            Self::SchoolsApart(_) => "W141",
            Self::OverrideOutside(..) => "W142",
            Self::NonePlanned(..) => "W143",
            Self::NothingFiled => "E089",
            Self::FiledOfOthers(_) => "W145",
            Self::StageNotScored(_) => "W144",
            Self::RatiosLearnt(..) => "N210",
            Self::SizesLearnt(..) => "N211",
            Self::SizesDefault(..) => "N212",
            Self::Revised(_) => "N213",
            Self::NotYetKnown(..) => "N214",
            Self::BaseYearThen(..) => "N215",
            Self::NoForecastBefore(..) => "N216",
            Self::TailsWidened(_) => "N217",
        }
    }

    /// What is wrong.
    pub(crate) fn message(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.message_en(),
            Lang::Zh => self.message_zh(),
        }
    }

    /// How to fix it.
    pub(crate) fn help(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.help_en(),
            Lang::Zh => self.help_zh(),
        }
    }

    fn message_en(&self) -> String {
        match self {
            Self::NothingKnown(as_of, first) => {
                format!("nothing in it was known in {as_of}; the first month that suffices is {first}")
            }
            Self::NoEntryGrade(grade) => format!("no roll of the entry grade {grade}"),
            Self::StageOutside(name, a, b, low, high) => {
                format!("the stage {name} has grades {a} to {b}, the rolls have {low} to {high}")
            }
            Self::BirthsElsewhere(names) => {
                format!("births are given for {}, the rolls have no such area", some(names, Lang::En))
            }
            Self::TooFewYears(known, needed) => {
                let years = if *known == 1 { "year" } else { "years" };
                format!("{known} {years} of rolls; the first origin and its first target need {needed}")
            }
            Self::NotGzip => "it begins like a gzip file and cannot be unpacked".into(),
            Self::BelowEntry(count, entry) => {
                format!("{count} rows of grades below the entry grade {entry} are left out")
            }
            Self::BirthsWrongYears(a, b, first, last) => {
                format!("births of {a} to {b} meet fewer than two entries of the rolls of {first} to {last}")
            }
            Self::GradesMissing(grades) => format!("no year has a roll of grade {}", grades.join(", ")),
            Self::AreasAppear(areas, year) => {
                format!("{} no roll in the first year {year}: {}", have(areas.len()), some(areas, Lang::En))
            }
            Self::AreasVanish(areas, year) => {
                format!("{} no roll in the last year {year}: {}", have(areas.len()), some(areas, Lang::En))
            }
            Self::OneYear => "a single year of rolls: no ratio can be learnt".into(),
            Self::MaskedUnknown(years) => format!("masked years without a roll: {}", list(years)),
            Self::AreasWithoutBirths(areas) => {
                format!("{} no births: {}", have(areas.len()), some(areas, Lang::En))
            }
            Self::OverrideNeeds(change, column) => format!("a {change} override needs `{column}`"),
            Self::OverrideHasNot(change, column) => format!("a {change} override has no `{column}`"),
            Self::OverrideYears(from, until) => format!("it ends in {until}, before it begins in {from}"),
            Self::OverrideOutside(first, last) => format!("no year of it lies in the run, {first} to {last}"),
            Self::Reconstructed(rows, _) => {
                format!("{rows} {} marked reconstructed and not learnt from", rows_are(*rows))
            }
            Self::ShortHistory(years) => format!("ratios are learnt from {years} years of rolls only"),
            Self::NoOwnPast(zones) => {
                format!("no roll of the base year to learn from in {}", some(zones, Lang::En))
            }
            Self::SchoolsApart(zones) => {
                format!(
                    "the rolls of the schools do not add to that of the zone in {}",
                    some(zones, Lang::En)
                )
            }
            Self::StageNotScored(stage) => format!("the stage {stage} does not go on from the first one"),
            Self::NothingFiled => "no forecast has been filed here".into(),
            Self::FiledOfOthers(rows) => {
                let rows = if *rows == 1 { "1 row names".to_owned() } else { format!("{rows} rows name") };
                format!("{rows} a zone, group, stage or grade that the scenario has not got")
            }
            Self::NonePlanned(as_of, first) => {
                format!("nothing in it was known in {as_of}; the first month that suffices is {first}")
            }
            Self::RatiosLearnt(first, last, years) => {
                format!("ratios that are not given are learnt from {years} years of rolls, {first} to {last}")
            }
            Self::SizesLearnt(first, last, years) => {
                format!("sizes of shocks are learnt from {years} years of rolls, {first} to {last}")
            }
            Self::SizesDefault(years, needed) => {
                format!(
                    "sizes of shocks are the stated defaults: {years} of the {needed} years of rolls that teach them"
                )
            }
            Self::TailsWidened(classes) => {
                let list = widened(classes, Lang::En);
                format!(
                    "past forecasts were too low by more than is drawn; the distance to the upper quantiles is widened, at most: {list}"
                )
            }
            Self::Revised(rows) => {
                format!("{rows} {} revised", if *rows == 1 { "figure was" } else { "figures were" })
            }
            Self::NotYetKnown(rows, as_of) => {
                format!(
                    "{rows} {} not known yet in {as_of}",
                    if *rows == 1 { "row was" } else { "rows were" }
                )
            }
            Self::NoForecastBefore(as_of, errors) => {
                format!(
                    "what was known in {as_of} makes no forecast: {errors} {}",
                    if *errors == 1 { "error" } else { "errors" }
                )
            }
            Self::BaseYearThen(year, as_of) => {
                format!("{year} is the base year: no later roll was known in {as_of}")
            }
        }
    }

    fn message_zh(&self) -> String {
        match self {
            Self::NothingKnown(as_of, first) => {
                format!("{as_of} 时表中还没有任何数据；最早可用的月份是 {first}")
            }
            Self::NoEntryGrade(grade) => format!("没有起始年级 {grade} 的在校生数"),
            Self::StageOutside(name, a, b, low, high) => {
                format!("学段 {name} 的年级为 {a}–{b}，在校生表只有 {low}–{high}")
            }
            Self::BirthsElsewhere(names) => {
                format!("出生数属于 {}，在校生表中没有这些区域", some(names, Lang::Zh))
            }
            Self::TooFewYears(known, needed) => {
                format!("只有 {known} 年的在校生数；第一个起点和第一个目标共需要 {needed} 年")
            }
            Self::NotGzip => "开头像 gzip 文件，但无法解压".into(),
            Self::BelowEntry(count, entry) => format!("低于起始年级 {entry} 的 {count} 行未使用"),
            Self::BirthsWrongYears(a, b, first, last) => {
                format!("{a}–{b} 年的出生数与 {first}–{last} 年在校生表的入学年份重合不到两年")
            }
            Self::GradesMissing(grades) => format!("所有年份都没有年级 {} 的在校生数", grades.join("、")),
            Self::AreasAppear(areas, year) => {
                format!("{} 个区域在第一年 {year} 没有在校生数：{}", areas.len(), some(areas, Lang::Zh))
            }
            Self::AreasVanish(areas, year) => {
                format!("{} 个区域在最后一年 {year} 没有在校生数：{}", areas.len(), some(areas, Lang::Zh))
            }
            Self::OneYear => "只有一年的在校生数，无法学得任何比率".into(),
            Self::MaskedUnknown(years) => format!("屏蔽的年份没有在校生数：{}", list(years)),
            Self::AreasWithoutBirths(areas) => {
                format!("{} 个区域没有出生数：{}", areas.len(), some(areas, Lang::Zh))
            }
            Self::OverrideNeeds(change, column) => format!("{change} 类调整需要 `{column}`"),
            Self::OverrideHasNot(change, column) => format!("{change} 类调整没有 `{column}` 这一列"),
            Self::OverrideYears(from, until) => format!("在 {until} 年结束，早于开始的 {from} 年"),
            Self::OverrideOutside(first, last) => format!("没有一年在运行范围 {first}–{last} 之内"),
            Self::Reconstructed(rows, _) => format!("{rows} 行标记为推算（reconstructed），不用于学习"),
            Self::ShortHistory(years) => format!("比率仅由 {years} 年的在校生数学得"),
            Self::NoOwnPast(zones) => format!("{} 没有可用于学习的基年在校生数", some(zones, Lang::Zh)),
            Self::SchoolsApart(zones) => {
                format!("{} 的各校在校生数之和不等于学区在校生数", some(zones, Lang::Zh))
            }
            Self::StageNotScored(stage) => format!("学段 {stage} 不是由第一个学段升上来的"),
            Self::NothingFiled => "这里还没有存档的预测".into(),
            Self::FiledOfOthers(rows) => format!("{rows} 行的学区、大学区、学段或年级在情景中已不存在"),
            Self::NonePlanned(as_of, first) => {
                format!("{as_of} 时表中还没有任何内容；最早可用的月份是 {first}")
            }
            Self::RatiosLearnt(first, last, years) => {
                format!("未给出的比率由 {first}–{last} 年中 {years} 年的在校生数学得")
            }
            Self::SizesLearnt(first, last, years) => {
                format!("不确定性的大小由 {first}–{last} 年中 {years} 年的在校生数学得")
            }
            Self::SizesDefault(years, needed) => {
                format!("不确定性的大小取默认值：学习需要 {needed} 年在校生数，现有 {years} 年")
            }
            Self::TailsWidened(classes) => {
                format!(
                    "以往的预测偏低的程度超过抽样所示；到上端分位数的距离已放宽，最多：{}",
                    widened(classes, Lang::Zh)
                )
            }
            Self::Revised(rows) => format!("{rows} 个数后来有修订"),
            Self::NotYetKnown(rows, as_of) => format!("{rows} 行在 {as_of} 时尚未获知"),
            Self::NoForecastBefore(as_of, errors) => format!("{as_of} 时已知的数据不能预测：{errors} 个错误"),
            Self::BaseYearThen(year, as_of) => format!("基年为 {year}：{as_of} 时还没有更晚的在校生数"),
        }
    }

    fn help_en(&self) -> String {
        match self {
            Self::NothingKnown(_, first) => format!("choose --as-of {first} or later"),
            Self::NoEntryGrade(_) => "name the lowest grade of the rolls with --entry-grade".into(),
            Self::StageOutside(..) => "correct --stages".into(),
            Self::BirthsElsewhere(_) => {
                "give the areas of both tables the same names, or one area that serves all".into()
            }
            Self::TooFewYears(..) => "add years, or lower --min-history or the shortest lead".into(),
            Self::NotGzip => "pack it again, or give the plain table".into(),
            Self::BelowEntry(..) => "name a lower --entry-grade if they should count".into(),
            Self::BirthsWrongYears(..) => {
                "entry is forecast without births at such origins; check the years and --entry-lag".into()
            }
            Self::GradesMissing(_) => {
                "the grade is left out, and the grade above it is held at its share of the total".into()
            }
            Self::AreasAppear(..) | Self::AreasVanish(..) => {
                "they are forecast at origins in which they have a roll, and left out at others".into()
            }
            Self::OneYear => "every ratio is taken as 1; add years before trusting it".into(),
            Self::MaskedUnknown(_) => "correct the years that are masked".into(),
            Self::AreasWithoutBirths(_) => "their entry is forecast from itself".into(),
            Self::OverrideNeeds(..) => "fill it in".into(),
            Self::OverrideHasNot(..) => "leave it blank".into(),
            Self::OverrideYears(..) => "exchange the years, or leave `until` blank".into(),
            Self::OverrideOutside(..) => "it has no effect; correct the years, or take it out".into(),
            Self::Reconstructed(_, true) => "the other rows are learnt from".into(),
            Self::Reconstructed(_, false) => {
                "nothing is learnt: ratios are those given, else 1; sizes of shocks are those stated, else the defaults".into()
            }
            Self::ShortHistory(_) => "add earlier years; until then trust a ratio only as far as so few years tell".into(),
            Self::NoOwnPast(_) => "the ratios of all zones are taken there".into(),
            Self::SchoolsApart(_) => {
                "each school keeps its share of the zone; what is missing is shown for no school".into()
            }
            Self::StageNotScored(_) => "the back-test scores the stages that follow the first one".into(),
            Self::NothingFiled => "file one with seatcast run --file-forecast".into(),
            Self::FiledOfOthers(_) => "they are left out".into(),
            Self::NonePlanned(..) => "the run goes on as if the table were not there".into(),
            Self::RatiosLearnt(..) => "ratios.csv of the results lists each with its years and weights".into(),
            Self::SizesLearnt(..) => "state sizes under `uncertainty` to take others".into(),
            Self::SizesDefault(..) => "add earlier years, or state sizes under `uncertainty`".into(),
            Self::TailsWidened(_) => "seatcast backtest shows how often the quantiles held".into(),
            Self::Revised(_) => "the last known figure is taken".into(),
            Self::NotYetKnown(..) => "they are left out".into(),
            Self::BaseYearThen(..) => "results start there".into(),
            Self::NoForecastBefore(as_of, _) => {
                format!("changes.csv is not written; seatcast validate --as-of {as_of} lists them")
            }
        }
    }

    fn help_zh(&self) -> String {
        match self {
            Self::NothingKnown(_, first) => format!("--as-of 取 {first} 或更晚"),
            Self::NoEntryGrade(_) => "用 --entry-grade 指定在校生表的最低年级".into(),
            Self::StageOutside(..) => "改正 --stages".into(),
            Self::BirthsElsewhere(_) => "两张表使用相同的区域名称，或只给一个代表全部的区域".into(),
            Self::TooFewYears(..) => "补充年份，或减小 --min-history 或最短预测期".into(),
            Self::NotGzip => "重新压缩，或直接给未压缩的表".into(),
            Self::BelowEntry(..) => "如应计入，请降低 --entry-grade".into(),
            Self::BirthsWrongYears(..) => "这些起点的入学预测不用出生数；检查年份和 --entry-lag".into(),
            Self::GradesMissing(_) => "不预测该年级；其上一年级按占总数的份额预测".into(),
            Self::AreasAppear(..) | Self::AreasVanish(..) => "在有在校生数的起点预测，其余起点不预测".into(),
            Self::OneYear => "所有比率取 1；补充年份后才可采信".into(),
            Self::MaskedUnknown(_) => "改正要屏蔽的年份".into(),
            Self::AreasWithoutBirths(_) => "其入学人数由自身历史预测".into(),
            Self::OverrideNeeds(..) => "请补上".into(),
            Self::OverrideHasNot(..) => "请留空".into(),
            Self::OverrideYears(..) => "调换年份，或将 `until` 留空".into(),
            Self::OverrideOutside(..) => "此行不起作用；改正年份或删去".into(),
            Self::Reconstructed(_, true) => "其余各行用于学习".into(),
            Self::Reconstructed(_, false) => {
                "不学习：比率取给定值，未给定者取 1；不确定性的大小取给定值或默认值".into()
            }
            Self::ShortHistory(_) => "请补充更早的年份；在此之前，比率的可信程度有限".into(),
            Self::NoOwnPast(_) => "在那里取全部学区的比率".into(),
            Self::SchoolsApart(_) => "各校保持其占学区的份额；差额不归任何学校".into(),
            Self::StageNotScored(_) => "检验只计第一个学段及其后续学段".into(),
            Self::NothingFiled => "用 seatcast run --file-forecast 存档".into(),
            Self::FiledOfOthers(_) => "这些行不计".into(),
            Self::NonePlanned(..) => "按没有这张表运行".into(),
            Self::RatiosLearnt(..) => "结果中的 ratios.csv 列出每个比率及其年份和权重".into(),
            Self::SizesLearnt(..) => "如要取其他大小，请在 `uncertainty` 中写明".into(),
            Self::SizesDefault(..) => "补充更早的年份，或在 `uncertainty` 中写明".into(),
            Self::TailsWidened(_) => "seatcast backtest 显示这些分位数过去有多可靠".into(),
            Self::Revised(_) => "取最后获知的数".into(),
            Self::NotYetKnown(..) => "未使用".into(),
            Self::BaseYearThen(..) => "结果从该年开始".into(),
            Self::NoForecastBefore(as_of, _) => {
                format!("不写 changes.csv；seatcast validate --as-of {as_of} 可列出")
            }
        }
    }
}

/// The first few names, and how many more.
fn some(names: &[String], lang: Lang) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(lang.pick("、", ", "));
    match (names.len().checked_sub(SHOWN + 1).map(|n| n + 1), lang) {
        (None, _) => shown,
        (Some(more), Lang::Zh) => format!("{shown} 等（另有 {more} 个）"),
        (Some(more), Lang::En) => format!("{shown} and {more} more"),
    }
}

/// Classes of size with how much they were widened.
fn widened(classes: &[Widened], lang: Lang) -> String {
    let one = |w: &Widened| {
        let (class, percent) = (class_code(w.class), w.percent);
        match (lang, w.schools) {
            (Lang::En, false) => format!("areas of {class} pupils {percent} %"),
            (Lang::En, true) => format!("schools of {class} pupils {percent} %"),
            (Lang::Zh, false) => format!("{class} 人的区域 {percent}%"),
            (Lang::Zh, true) => format!("{class} 人的学校 {percent}%"),
        }
    };
    let list: Vec<String> = classes.iter().map(one).collect();
    list.join(lang.pick("、", ", "))
}

fn rows_are(count: usize) -> &'static str {
    if count == 1 { "row is" } else { "rows are" }
}

fn have(count: usize) -> String {
    if count == 1 { "1 area has".into() } else { format!("{count} areas have") }
}

fn list(years: &[i32]) -> String {
    years.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
