//! The words of every problem, in Chinese and English: what is wrong, and how to mend it.
//!
//! One `match` a language, so that a missing text does not compile. Messages are fragments that follow the place; values
//! are shown as given; nothing is shown in Rust's own notation.

use seatcast_core::{Lang, bounds::Bound};
use serde::Serialize;

use crate::problem::{Expected, Fault, Place, Problem, Severity, Thing};

/// One problem as scripts read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Stable code.
    pub code: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// File name inside the folder.
    pub file: String,
    /// Row as a spreadsheet counts, or line of a text.
    pub row: Option<usize>,
    /// Column heading.
    pub column: Option<String>,
    /// Key path.
    pub key: Option<String>,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

impl Diagnostic {
    /// A problem in `lang`.
    pub fn new(problem: &Problem, lang: Lang) -> Self {
        let (row, column, key) = match &problem.place {
            Place::File => (None, None, None),
            Place::Line(line, _) => (Some(*line), None, None),
            Place::Key(key) => (None, None, Some(key.clone())),
            Place::Row(row, column) => (Some(*row), column.clone(), None),
        };
        Self {
            code: problem.code(),
            severity: problem.severity().code(),
            file: problem.file.clone(),
            row,
            column,
            key,
            message: message(&problem.fault, lang),
            help: help(&problem.fault, lang),
        }
    }
}

/// Problems as a person reads them, at most `limit` of them, and a line that counts them.
pub fn text(problems: &[Problem], lang: Lang, limit: usize) -> String {
    let mut out = String::new();
    for problem in problems.iter().take(limit) {
        let severity = match (problem.severity(), lang) {
            (Severity::Error, Lang::Zh) => "错误",
            (Severity::Error, Lang::En) => "error",
            (Severity::Warning, Lang::Zh) => "警告",
            (Severity::Warning, Lang::En) => "warning",
            (Severity::Note, Lang::Zh) => "说明",
            (Severity::Note, Lang::En) => "note",
        };
        let code = problem.code();
        let place = place(problem, lang);
        let (message, help) = (message(&problem.fault, lang), help(&problem.fault, lang));
        let (colon, mend) = lang.pick("：|  处理：", ": |  mend: ").split_once('|').unwrap_or_default();
        out.push_str(&format!("{severity} {code} {place}{colon}{message}\n{mend}{help}\n"));
    }
    let count = |severity| problems.iter().filter(|p| p.severity() == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if problems.len() > limit {
        let more = problems.len() - limit;
        out.push_str(&match lang {
            Lang::Zh => format!("还有 {more} 条未列出\n"),
            Lang::En => format!("{more} more are not listed\n"),
        });
    }
    if errors + warnings > 0 {
        out.push_str(&match lang {
            Lang::Zh => format!("{errors} 个错误，{warnings} 个警告\n"),
            Lang::En => {
                format!("{errors} {}, {warnings} {}\n", plural(errors, "error"), plural(warnings, "warning"))
            }
        });
    }
    out
}

fn plural(n: usize, word: &str) -> String {
    if n == 1 { word.to_owned() } else { format!("{word}s") }
}

fn place(problem: &Problem, lang: Lang) -> String {
    let file = &problem.file;
    match (&problem.place, lang) {
        (Place::File, _) => file.clone(),
        (Place::Line(line, column), Lang::Zh) => format!("{file} 第 {line} 行第 {column} 列"),
        (Place::Line(line, column), Lang::En) => format!("{file}, line {line}, column {column}"),
        (Place::Key(key), Lang::Zh) => format!("{file} 键 {key}"),
        (Place::Key(key), Lang::En) => format!("{file}, key {key}"),
        (Place::Row(row, None), Lang::Zh) => format!("{file} 第 {row} 行"),
        (Place::Row(row, None), Lang::En) => format!("{file}, row {row}"),
        (Place::Row(row, Some(column)), Lang::Zh) => format!("{file} 第 {row} 行 {column} 列"),
        (Place::Row(row, Some(column)), Lang::En) => format!("{file}, row {row}, column {column}"),
    }
}

/// What is wrong.
pub fn message(fault: &Fault, lang: Lang) -> String {
    match lang {
        Lang::Zh => message_zh(fault),
        Lang::En => message_en(fault),
    }
}

/// How to mend it.
pub fn help(fault: &Fault, lang: Lang) -> String {
    match lang {
        Lang::Zh => help_zh(fault),
        Lang::En => help_en(fault),
    }
}

fn years(years: &[i32]) -> String {
    years.iter().map(i32::to_string).collect::<Vec<_>>().join(", ")
}

fn range(bound: &Bound) -> String {
    format!("{} .. {}", plain(bound.min), plain(bound.max))
}

fn plain(number: f64) -> String {
    if number.fract() == 0.0 { format!("{number:.0}") } else { number.to_string() }
}

fn message_en(fault: &Fault) -> String {
    match fault {
        Fault::NoFolder => "there is no such folder".into(),
        Fault::FileMissing => "the file is missing".into(),
        Fault::FileIsFolder => "a folder stands where this file should be".into(),
        Fault::Unreadable(why) => format!("cannot be read: {why}"),
        Fault::PathLeaves(path) => format!("{path:?} leads out of the scenario folder").replace('"', "`"),
        Fault::TooLarge(size, limit) => format!("{size} bytes is more than the {limit} allowed"),
        Fault::NotUtf8(at) => format!("byte {at} is not UTF-8"),
        Fault::JsonSyntax(why) => format!("not JSON: {why}"),
        Fault::UnknownKey(key, _) => format!("unknown key `{key}`"),
        Fault::MissingKey(key) => format!("the key `{key}` is missing"),
        Fault::DuplicateKey(key) => format!("`{key}` is given twice"),
        Fault::WrongType(value, expected) => format!("`{value}` is not {}", expected_en(*expected)),
        Fault::NotFinite(value) => format!("`{value}` is not a finite number"),
        Fault::OutOfRange(value, bound) => format!("{value} is outside {}{}", range(bound), unit_en(bound)),
        Fault::UnknownCode(value, ..) => format!("`{value}` is none of the codes of this column"),
        Fault::RowWidth(found, expected) => format!("{found} cells, the heading has {expected}"),
        Fault::CsvSyntax(why) => format!("not a table: {why}"),
        Fault::UnknownColumn(name, _) => format!("unknown column `{name}`"),
        Fault::MissingColumn(name) => format!("the column `{name}` is missing"),
        Fault::DuplicateColumn(name) => format!("the column `{name}` is given twice"),
        Fault::Blank => "the cell is blank".into(),
        Fault::DuplicateRow(key, row) => format!("the same key as row {row}: {key}"),
        Fault::NoRows => "there is nothing in it".into(),
        Fault::UnknownReference(thing, value, _) => format!("there is no {} `{value}`", thing_en(*thing)),
        Fault::NoBaseRoll(zone, grade, year) => {
            format!("no roll for zone {zone}, grade {grade} in the base year {year}")
        }
        Fault::YearGap(what, gap) => format!("{what}: nothing is known for the entry years {}", years(gap)),
        Fault::DateOrder(date, other, earlier) => format!("{date} comes before {other} {earlier}"),
        Fault::LeadOrder(lead) => format!("the lead {lead} is not min <= mode <= max with all three given"),
        Fault::StatusNeeds(status, column) => format!("a project of status {status} needs {column}"),
        Fault::RateNeeds(rate, column) => format!("the rate {rate} needs {column}"),
        Fault::RateHasNot(rate, column) => format!("the rate {rate} has no {column}"),
        Fault::RateNotThere(value) => format!("this rate cannot be given for {value}"),
        Fault::NoPool(zone, stage) => format!("no children who can enter {stage} in zone {zone}"),
        Fault::PoolStartsLate(zone, first, needed) => {
            format!("the entry pool of zone {zone} is known from {first} on, {needed} is needed")
        }
        Fault::GroupInTwoDistricts(group, a, b) => {
            format!("the group {group} lies in two districts, {a} and {b}")
        }
        Fault::OneIntake => "a stage has exactly one of entry_age and from".into(),
        Fault::FeedsBackwards(stage) => format!("`{stage}` is no earlier stage"),
        Fault::HorizonOrder(outlook, plan, secure) => {
            format!("outlook {outlook}, plan {plan}, secure {secure} are not in order")
        }
        Fault::AgeFits(by, true) => format!("children counted by {by} need an age"),
        Fault::AgeFits(by, false) => format!("children counted by {by} have no age"),
        Fault::PlacesOrClasses => "neither places nor classes_per_grade is given".into(),
        Fault::ClassesPerGrade(found, grades) => format!("{found} numbers of classes for {grades} grades"),
        Fault::YearOutside(year, first, last) => format!("{year} is outside {first} .. {last}"),
        Fault::Rule(words) => words.clone(),
        Fault::ProgressionDefault(grade) => {
            format!("no progression ratio into grade {grade} for some zone and year")
        }
        Fault::TransitionDefault(from, to) => {
            format!("no transition rate from {from} to {to} for some zone and year")
        }
        Fault::EntryDefault(source) => {
            format!("no entry ratio for the source {source} in some zone and year")
        }
        Fault::EmptyCohort(zone, grade) => format!("zone {zone}, grade {grade}: no pupils in the base year"),
        Fault::RollGap(gap) => format!("the history of rolls has no {}", years(gap)),
        Fault::BirthsAssumed(zone, year) => {
            format!("zone {zone}: no children are known for entry in {year} or later")
        }
        Fault::Overrun(project) => {
            format!("project {project} should have been finished long before this round")
        }
        Fault::NoPlaces(zone, stage) => format!("zone {zone} has no place in {stage}"),
        Fault::YieldMissing(kind, grades) => {
            format!("housing type {kind} has no yield for grades {}", grades.join(", "))
        }
        Fault::LaterKnowledge(count, round) => {
            format!("{count} rows were known only after the round of {round}")
        }
        Fault::OpensLater(project) => format!("project {project} is open, yet opens after this round"),
        Fault::DefaultTaken(value) => format!("not given, taken: {value}"),
    }
}

fn help_en(fault: &Fault) -> String {
    match fault {
        Fault::NoFolder => "name the folder that holds scenario.json".into(),
        Fault::FileMissing => "add it to the folder, or name another file under `tables`".into(),
        Fault::FileIsFolder => "move the folder away and put the file there".into(),
        Fault::Unreadable(_) => "make the file readable".into(),
        Fault::PathLeaves(_) => "use a file name inside the folder, without `..` and without a leading `/`".into(),
        Fault::TooLarge(..) => "split off what the scenario does not need".into(),
        Fault::NotUtf8(_) => "save the file as UTF-8 (Excel: CSV UTF-8)".into(),
        Fault::JsonSyntax(_) => "look at the character there; NaN, comments and trailing commas are not JSON".into(),
        Fault::UnknownKey(_, Some(near)) | Fault::UnknownColumn(_, Some(near)) => format!("did you mean `{near}`?"),
        Fault::UnknownKey(_, None) => "remove it; docs/file-formats.md lists the keys".into(),
        Fault::MissingKey(_) => "add it; docs/file-formats.md says what it holds".into(),
        Fault::DuplicateKey(_) => "keep one".into(),
        Fault::WrongType(_, expected) => format!("write {}", write_en(*expected)),
        Fault::NotFinite(_) => "write a number, or leave the cell blank if it is not known".into(),
        Fault::OutOfRange(_, bound) => format!("write a value from {} to {}", plain(bound.min), plain(bound.max)),
        Fault::UnknownCode(_, codes, Some(near)) => format!("did you mean `{near}`? allowed: {}", codes.join(", ")),
        Fault::UnknownCode(_, codes, None) => format!("allowed: {}", codes.join(", ")),
        Fault::RowWidth(..) => "give every row as many cells as the heading; quote a text that holds a comma".into(),
        Fault::CsvSyntax(_) => "save it as comma-separated CSV".into(),
        Fault::UnknownColumn(_, None) => "remove it; docs/file-formats.md lists the columns".into(),
        Fault::MissingColumn(_) => "add the column to the heading".into(),
        Fault::DuplicateColumn(_) => "keep one of the columns".into(),
        Fault::Blank => "fill it; 0 means zero, blank means missing".into(),
        Fault::DuplicateRow(..) => "keep one of the rows".into(),
        Fault::NoRows => "fill it or leave it out".into(),
        Fault::UnknownReference(_, _, Some(near)) => format!("did you mean `{near}`?"),
        Fault::UnknownReference(thing, ..) => format!("add the {} or correct the name", thing_en(*thing)),
        Fault::NoBaseRoll(..) => "add the row; 0 if there are no pupils".into(),
        Fault::YearGap(..) => "add the missing counts, or remove the earlier ones".into(),
        Fault::DateOrder(..) => "correct one of the two months".into(),
        Fault::LeadOrder(_) => "give all three in rising order, or leave all three blank for the default".into(),
        Fault::StatusNeeds(_, "opens") => "fill opens".into(),
        Fault::StatusNeeds(_, column) => format!("fill {column}, or opens if a month of opening is published"),
        Fault::RateNeeds(_, column) => format!("fill {column}"),
        Fault::RateHasNot(_, column) => format!("clear {column}"),
        Fault::RateNotThere(_) => {
            "progression: a grade above the first; entry, public_share: a stage with entry_age; transition: a stage with from"
                .into()
        }
        Fault::NoPool(..) => "add counts of children for the zone".into(),
        Fault::PoolStartsLate(..) => "add the counts of older children".into(),
        Fault::GroupInTwoDistricts(..) => "give each district its own group".into(),
        Fault::OneIntake => "keep entry_age for a stage entered from outside school, from for every other".into(),
        Fault::FeedsBackwards(_) => "name a stage that stands earlier in the list".into(),
        Fault::HorizonOrder(..) => "choose outlook >= plan >= secure, for instance 6, 3, 1".into(),
        Fault::AgeFits(_, true) => "fill age (kindergarten: 1 = enters next autumn)".into(),
        Fault::AgeFits(_, false) => "clear age".into(),
        Fault::PlacesOrClasses => "fill places, or classes_per_grade".into(),
        Fault::ClassesPerGrade(..) => "give one number, or one for each grade separated by `;`".into(),
        Fault::YearOutside(..) => "correct the year, or the base year of the scenario".into(),
        Fault::Rule(_) => "correct the value".into(),
        Fault::ProgressionDefault(_) | Fault::TransitionDefault(..) | Fault::EntryDefault(_) => {
            "1 is taken; add the rate if you know better".into()
        }
        Fault::EmptyCohort(..) => "it stays empty until the next entrants arrive; no ratio is formed from it".into(),
        Fault::RollGap(_) => "it may stay so; the years are left out when ratios are learnt".into(),
        Fault::BirthsAssumed(..) => "the last known cohort is held and the results are labelled `births assumed`".into(),
        Fault::Overrun(_) => "it is taken as open by the next September; fill opens if you know the month".into(),
        Fault::NoPlaces(..) => "every pupil there lacks a place unless its group has some; add the school if there is one".into(),
        Fault::YieldMissing(..) => "0 pupils are taken for them".into(),
        Fault::LaterKnowledge(..) => "they are used, and the results say so".into(),
        Fault::OpensLater(_) => "it counts from the first September on or after that month".into(),
        Fault::DefaultTaken(_) => "state it if another value holds".into(),
    }
}

fn message_zh(fault: &Fault) -> String {
    match fault {
        Fault::NoFolder => "没有这个文件夹".into(),
        Fault::FileMissing => "缺少这个文件".into(),
        Fault::FileIsFolder => "这里应是文件，却是文件夹".into(),
        Fault::Unreadable(why) => format!("无法读取：{why}"),
        Fault::PathLeaves(path) => format!("`{path}` 指向情景文件夹之外"),
        Fault::TooLarge(size, limit) => format!("{size} 字节，超过上限 {limit}"),
        Fault::NotUtf8(at) => format!("第 {at} 个字节不是 UTF-8"),
        Fault::JsonSyntax(why) => format!("不是 JSON：{why}"),
        Fault::UnknownKey(key, _) => format!("未知的键 `{key}`"),
        Fault::MissingKey(key) => format!("缺少键 `{key}`"),
        Fault::DuplicateKey(key) => format!("`{key}` 出现了两次"),
        Fault::WrongType(value, expected) => format!("`{value}` 不是{}", expected_zh(*expected)),
        Fault::NotFinite(value) => format!("`{value}` 不是有限的数"),
        Fault::OutOfRange(value, bound) => format!("{value} 超出范围 {}{}", range(bound), unit_zh(bound)),
        Fault::UnknownCode(value, ..) => format!("`{value}` 不是这一列允许的代码"),
        Fault::RowWidth(found, expected) => format!("有 {found} 个单元格，表头有 {expected} 个"),
        Fault::CsvSyntax(_) => "不是可读的表格".into(),
        Fault::UnknownColumn(name, _) => format!("未知的列 `{name}`"),
        Fault::MissingColumn(name) => format!("缺少列 `{name}`"),
        Fault::DuplicateColumn(name) => format!("列 `{name}` 出现了两次"),
        Fault::Blank => "单元格是空的".into(),
        Fault::DuplicateRow(key, row) => format!("与第 {row} 行重复：{key}"),
        Fault::NoRows => "里面没有内容".into(),
        Fault::UnknownReference(thing, value, _) => format!("没有{} `{value}`", thing_zh(*thing)),
        Fault::NoBaseRoll(zone, grade, year) => {
            format!("学区 {zone} 年级 {grade} 缺少基年 {year} 的在校生数")
        }
        Fault::YearGap(what, gap) => format!("{what}：缺少入学年份 {} 的儿童数", years(gap)),
        Fault::DateOrder(date, other, earlier) => format!("{date} 早于 {other} {earlier}"),
        Fault::LeadOrder(lead) => format!("工期 {lead} 不满足 min <= mode <= max 且三项齐全"),
        Fault::StatusNeeds(status, column) => format!("状态为 {status} 的项目需要 {column}"),
        Fault::RateNeeds(rate, column) => format!("比率 {rate} 需要 {column}"),
        Fault::RateHasNot(rate, column) => format!("比率 {rate} 没有 {column} 一项"),
        Fault::RateNotThere(value) => format!("{value} 不能给出这个比率"),
        Fault::NoPool(zone, stage) => format!("学区 {zone} 没有可以升入 {stage} 的儿童"),
        Fault::PoolStartsLate(zone, first, needed) => {
            format!("学区 {zone} 的适龄儿童从 {first} 年起才有，需要从 {needed} 年起")
        }
        Fault::GroupInTwoDistricts(group, a, b) => format!("大学区 {group} 跨了两个区：{a} 和 {b}"),
        Fault::OneIntake => "学段必须且只能有 entry_age 或 from 其中之一".into(),
        Fault::FeedsBackwards(stage) => format!("`{stage}` 不是排在前面的学段"),
        Fault::HorizonOrder(outlook, plan, secure) => {
            format!("研判 {outlook}、规划 {plan}、保障 {secure} 的先后不对")
        }
        Fault::AgeFits(by, true) => format!("按 {by} 统计的儿童需要年龄"),
        Fault::AgeFits(by, false) => format!("按 {by} 统计的儿童没有年龄一项"),
        Fault::PlacesOrClasses => "既没有 places，也没有 classes_per_grade".into(),
        Fault::ClassesPerGrade(found, grades) => format!("给了 {found} 个班数，学段有 {grades} 个年级"),
        Fault::YearOutside(year, first, last) => format!("{year} 不在 {first} .. {last} 之内"),
        Fault::Rule(words) => words.clone(),
        Fault::ProgressionDefault(grade) => format!("部分学区或年份没有升入年级 {grade} 的升级率"),
        Fault::TransitionDefault(from, to) => format!("部分学区或年份没有从 {from} 到 {to} 的升学率"),
        Fault::EntryDefault(source) => format!("部分学区或年份没有来源 {source} 的入学率"),
        Fault::EmptyCohort(zone, grade) => format!("学区 {zone} 年级 {grade} 基年没有学生"),
        Fault::RollGap(gap) => format!("在校生历史缺少 {}", years(gap)),
        Fault::BirthsAssumed(zone, year) => format!("学区 {zone} 没有 {year} 年及以后入学的儿童数"),
        Fault::Overrun(project) => format!("项目 {project} 早应在本轮之前完工"),
        Fault::NoPlaces(zone, stage) => format!("学区 {zone} 没有 {stage} 学位"),
        Fault::YieldMissing(kind, grades) => {
            format!("住房类型 {kind} 缺少年级 {} 的学生产出率", grades.join("、"))
        }
        Fault::LaterKnowledge(count, round) => format!("有 {count} 行是 {round} 决策之后才知道的"),
        Fault::OpensLater(project) => format!("项目 {project} 状态为已开办，开办月份却在本轮之后"),
        Fault::DefaultTaken(value) => format!("未给出，取 {value}"),
    }
}

fn help_zh(fault: &Fault) -> String {
    match fault {
        Fault::NoFolder => "请给出含有 scenario.json 的文件夹".into(),
        Fault::FileMissing => "把文件放进文件夹，或在 `tables` 中写明别的文件名".into(),
        Fault::FileIsFolder => "移走文件夹，放入文件".into(),
        Fault::Unreadable(_) => "请检查文件的读取权限".into(),
        Fault::PathLeaves(_) => "使用文件夹内的文件名，不含 `..`，不以 `/` 开头".into(),
        Fault::TooLarge(..) => "删去情景不需要的部分".into(),
        Fault::NotUtf8(_) => "另存为 UTF-8（Excel：CSV UTF-8）".into(),
        Fault::JsonSyntax(_) => "检查该处的字符；JSON 不允许 NaN、注释和末尾逗号".into(),
        Fault::UnknownKey(_, Some(near)) | Fault::UnknownColumn(_, Some(near)) => {
            format!("是否想写 `{near}`？")
        }
        Fault::UnknownKey(_, None) => "删去它；docs/file-formats.md 列出了所有的键".into(),
        Fault::MissingKey(_) => "补上它；docs/file-formats.md 有说明".into(),
        Fault::DuplicateKey(_) => "只保留一个".into(),
        Fault::WrongType(_, expected) => format!("请写{}", write_zh(*expected)),
        Fault::NotFinite(_) => "写一个数；不知道就留空".into(),
        Fault::OutOfRange(_, bound) => format!("写 {} 到 {} 之间的值", plain(bound.min), plain(bound.max)),
        Fault::UnknownCode(_, codes, Some(near)) => format!("是否想写 `{near}`？允许：{}", codes.join("、")),
        Fault::UnknownCode(_, codes, None) => format!("允许：{}", codes.join("、")),
        Fault::RowWidth(..) => "每行单元格数与表头一致；含逗号的文字要加引号".into(),
        Fault::CsvSyntax(_) => "另存为逗号分隔的 CSV".into(),
        Fault::UnknownColumn(_, None) => "删去它；docs/file-formats.md 列出了所有的列".into(),
        Fault::MissingColumn(_) => "在表头补上这一列".into(),
        Fault::DuplicateColumn(_) => "只保留一列".into(),
        Fault::Blank => "请填写；0 表示零，空白表示缺失".into(),
        Fault::DuplicateRow(..) => "只保留一行".into(),
        Fault::NoRows => "请填写，或不要给出".into(),
        Fault::UnknownReference(_, _, Some(near)) => format!("是否想写 `{near}`？"),
        Fault::UnknownReference(thing, ..) => format!("补上{}，或改正名称", thing_zh(*thing)),
        Fault::NoBaseRoll(..) => "补上这一行；没有学生写 0".into(),
        Fault::YearGap(..) => "补上缺少的儿童数，或删去更早的".into(),
        Fault::DateOrder(..) => "改正两个月份之一".into(),
        Fault::LeadOrder(_) => "三项都给出且由小到大，或都留空取默认".into(),
        Fault::StatusNeeds(_, "opens") => "填写 opens".into(),
        Fault::StatusNeeds(_, column) => format!("填写 {column}；如已公布开办月份，填 opens"),
        Fault::RateNeeds(_, column) => format!("填写 {column}"),
        Fault::RateHasNot(_, column) => format!("清空 {column}"),
        Fault::RateNotThere(_) => {
            "progression：非起始年级；entry、public_share：有 entry_age 的学段；transition：有 from 的学段"
                .into()
        }
        Fault::NoPool(..) => "补上该学区的儿童数".into(),
        Fault::PoolStartsLate(..) => "补上年龄更大的儿童数".into(),
        Fault::GroupInTwoDistricts(..) => "每个区使用自己的大学区".into(),
        Fault::OneIntake => "从校外入学的学段用 entry_age，其余用 from".into(),
        Fault::FeedsBackwards(_) => "写排在前面的学段".into(),
        Fault::HorizonOrder(..) => "应满足 outlook >= plan >= secure，例如 6、3、1".into(),
        Fault::AgeFits(_, true) => "填写 age（kindergarten：1 = 次年秋季入学）".into(),
        Fault::AgeFits(_, false) => "清空 age".into(),
        Fault::PlacesOrClasses => "填写 places 或 classes_per_grade".into(),
        Fault::ClassesPerGrade(..) => "写一个数，或每个年级一个数，用 `;` 分隔".into(),
        Fault::YearOutside(..) => "改正年份，或情景的基年".into(),
        Fault::Rule(_) => "请改正".into(),
        Fault::ProgressionDefault(_) | Fault::TransitionDefault(..) | Fault::EntryDefault(_) => {
            "取 1；如有依据请补上".into()
        }
        Fault::EmptyCohort(..) => "在下一批新生到来之前保持为零；不用它计算比率".into(),
        Fault::RollGap(_) => "可以保留；学习比率时不用这些年份".into(),
        Fault::BirthsAssumed(..) => "沿用最后已知的一批，结果标注“出生数为假定”".into(),
        Fault::Overrun(_) => "按下一个九月前开办处理；如知道月份请填 opens".into(),
        Fault::NoPlaces(..) => "除非大学区内有学位，那里的学生都没有学位；如有学校请补上".into(),
        Fault::YieldMissing(..) => "按 0 人处理".into(),
        Fault::LaterKnowledge(..) => "仍会使用，并在结果中说明".into(),
        Fault::OpensLater(_) => "从该月当日或之后的第一个九月一日起计".into(),
        Fault::DefaultTaken(_) => "如不适用请写明".into(),
    }
}

fn expected_en(expected: Expected) -> &'static str {
    match expected {
        Expected::Text => "a text",
        Expected::Whole => "a whole number",
        Expected::Number => "a number",
        Expected::Month => "a month",
        Expected::YesNo => "yes or no",
        Expected::Object => "an object",
        Expected::List => "a list",
        Expected::Name => "a name in both languages",
        Expected::Triple => "the length of a list of three",
        Expected::Id => "a key of letters, digits, - and _",
    }
}

fn write_en(expected: Expected) -> &'static str {
    match expected {
        Expected::Text => "a text in double quotes",
        Expected::Whole => "digits only, without separators, units or a decimal point",
        Expected::Number => "a plain number such as 1234.5, without separators, units or %",
        Expected::Month => "YYYY-MM, for instance 2020-09",
        Expected::YesNo => "yes or no",
        Expected::Object => "an object, { \"key\": value }",
        Expected::List => "a list, [ ... ]",
        Expected::Name => "{ \"zh\": \"...\", \"en\": \"...\" }",
        Expected::Triple => "[min, mode, max]",
        Expected::Id => "letters, digits, - and _ only",
    }
}

fn expected_zh(expected: Expected) -> &'static str {
    match expected {
        Expected::Text => "文字",
        Expected::Whole => "整数",
        Expected::Number => "数",
        Expected::Month => "月份",
        Expected::YesNo => " yes 或 no",
        Expected::Object => "对象",
        Expected::List => "列表",
        Expected::Name => "中英文名称",
        Expected::Triple => "三项的列表",
        Expected::Id => "由字母、数字、- 和 _ 组成的键",
    }
}

fn write_zh(expected: Expected) -> &'static str {
    match expected {
        Expected::Text => "双引号中的文字",
        Expected::Whole => "只含数字的整数，不带分隔符、单位和小数点",
        Expected::Number => "普通的数，如 1234.5，不带分隔符、单位和 %",
        Expected::Month => " YYYY-MM，例如 2020-09",
        Expected::YesNo => " yes 或 no",
        Expected::Object => "对象 { \"key\": value }",
        Expected::List => "列表 [ ... ]",
        Expected::Name => " { \"zh\": \"...\", \"en\": \"...\" }",
        Expected::Triple => " [min, mode, max]",
        Expected::Id => "字母、数字、- 和 _",
    }
}

fn unit_en(bound: &Bound) -> String {
    if bound.unit.is_empty() { String::new() } else { format!(" {}", bound.unit) }
}

fn unit_zh(bound: &Bound) -> &'static str {
    match bound.unit {
        "pupils" => " 人",
        "places" => " 个学位",
        "classes" => " 个班",
        "months" => " 个月",
        "years" | "year" => " 年",
        "month" => " 月",
        "money" => " 元",
        "dwellings" => " 套",
        "per mille" => " ‰",
        _ => "",
    }
}

fn thing_en(thing: Thing) -> &'static str {
    match thing {
        Thing::Zone => "zone",
        Thing::Stage => "stage",
        Thing::Grade => "grade",
        Thing::HousingType => "housing type",
        Thing::District => "district",
        Thing::Group => "group",
        Thing::Source => "source",
        Thing::Kind => "kind of project",
        Thing::Table => "table",
    }
}

fn thing_zh(thing: Thing) -> &'static str {
    match thing {
        Thing::Zone => "学区",
        Thing::Stage => "学段",
        Thing::Grade => "年级",
        Thing::HousingType => "住房类型",
        Thing::District => "区",
        Thing::Group => "大学区",
        Thing::Source => "来源",
        Thing::Kind => "项目类型",
        Thing::Table => "表",
    }
}
