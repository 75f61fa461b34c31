//! What can be wrong with a history of rolls and births, in both languages.
//!
//! A family of [`crate::problem::Fault`] with its words beside it: bare tables, vintages, calibration, filed forecasts.

use seatcast_core::Lang;

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
        }
    }

    /// What is wrong.
    pub(crate) fn message(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.message_en(),
            Lang::Zh => self.message_zh(),
        }
    }

    /// How to mend it.
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
                "entry is foretold without births at such origins; check the years and --entry-lag".into()
            }
            Self::GradesMissing(_) => {
                "the grade is left out, and the grade above it is held at its share of the total".into()
            }
            Self::AreasAppear(..) | Self::AreasVanish(..) => {
                "they are foretold at origins in which they have a roll, and left out at others".into()
            }
            Self::OneYear => "every ratio is taken as 1; add years before trusting it".into(),
            Self::MaskedUnknown(_) => "correct --mask-years".into(),
            Self::AreasWithoutBirths(_) => "their entry is foretold from itself".into(),
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
            Self::MaskedUnknown(_) => "改正 --mask-years".into(),
            Self::AreasWithoutBirths(_) => "其入学人数由自身历史预测".into(),
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

fn have(count: usize) -> String {
    if count == 1 { "1 area has".into() } else { format!("{count} areas have") }
}

fn list(years: &[i32]) -> String {
    years.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
