//! The Chinese words. A zone is 学区, a sharing group 大学区, a place 学位.

use seatcast_core::{
    Lang,
    bounds::{Bound, YEAR},
};

use super::{figure, json_words, ledger, only, plain, range, supply, years};
use crate::{
    limits::Declared,
    problem::{Expected, Fault, Inert, NotTable, Refusal, Thing, Unlisted},
    visible::{Unlike, number, shown, unlike},
};

/// What is wrong.
#[expect(clippy::too_many_lines, reason = "one arm a fault")]
pub(super) fn message(fault: &Fault) -> String {
    match fault {
        Fault::NoFolder => "没有这个文件夹".into(),
        Fault::FileMissing => "缺少这个文件".into(),
        Fault::NoFile => "没有这个文件".into(),
        Fault::SchoolsMissing(projects) => format!("缺少这个文件，但有 {projects}"),
        Fault::FileIsFolder => "这里应是文件，却是文件夹".into(),
        Fault::Unreadable(why) => format!("无法读取：{}", refusal_words(why)),
        Fault::PathLeaves(path) => format!("`{path}` 指向情景文件夹之外"),
        Fault::Beyond(limit, most) => {
            let Declared { name, words: (what, _), .. } = limit.declared();
            format!("超过上限 `{name}`：{what}，最多 {most}")
        }
        Fault::Invisible(key, c, at) => {
            let (key, c) = (shown(key), number(*c));
            format!("键 `{key}` 的第 {at} 个字符是不可见字符 {c}")
        }
        Fault::NotListed(Unlisted { errors, warnings, notes }) => {
            format!("另有 {errors} 个错误、{warnings} 个警告、{notes} 条说明未列出")
        }
        Fault::NotText(at, None) => format!("第 {at} 个字节既不是 UTF-8 也不是 GB18030"),
        Fault::NotText(at, Some(encoding)) => format!("第 {at} 个字节不是 {encoding}"),
        Fault::JsonSyntax(why) => format!("不是 JSON：{}", json_words(why, Lang::Zh)),
        Fault::UnknownKey(key, _) => format!("未知的键 `{key}`"),
        Fault::MissingKey(key) => format!("缺少键 `{key}`"),
        Fault::DuplicateKey(key) => format!("`{key}` 出现了两次"),
        Fault::WrongType(value, expected) => format!("`{value}` 不是{}", expected_words(*expected)),
        Fault::NotFinite(value) => format!("`{value}` 不是有限的数"),
        Fault::OutOfRange(value, bound) => match only(bound) {
            Some(only) => format!("{value} 不是 {only}"),
            None => format!("{value} 超出范围 {}{}", range(bound), unit(bound)),
        },
        Fault::UnknownCode(value, ..) => format!("`{value}` 不是这一列允许的代码"),
        Fault::ReservedName(name) => format!("`{name}` 表示所有学区，不能作为一个学区的名称"),
        Fault::RowWidth(found, expected) => format!("有 {found} 个单元格，表头有 {expected} 个"),
        Fault::CsvSyntax(NotTable::OpenQuote) => {
            "有单元格以引号开头却没有结束，后面的内容都会被当作它的文字".into()
        }
        Fault::CsvSyntax(NotTable::Separator(mark)) => format!("单元格之间用的是 `{mark}`，不是 `,`"),
        Fault::UnknownColumn(name, _) if name.is_empty() => "这一列没有列名".into(),
        Fault::UnknownColumn(name, _) => format!("未知的列 `{name}`"),
        Fault::MissingColumn(name) => format!("缺少列 `{name}`"),
        Fault::DuplicateColumn(name, column) if name == column => format!("列 `{name}` 出现了两次"),
        Fault::DuplicateColumn(name, column) => format!("`{name}` 就是列 `{column}`，而它已经出现过"),
        Fault::Blank => "单元格是空的".into(),
        Fault::DuplicateRow(key, 0) => format!("与补丁添加的另一行重复：{key}"),
        Fault::DuplicateRow(key, row) => format!("与第 {row} 行重复：{key}"),
        Fault::NoRows => "里面没有内容".into(),
        Fault::UnknownReference(thing, value, _) => format!("没有{} `{value}`", thing_word(*thing)),
        Fault::NoBaseRoll(zone, grade, year) => {
            format!("学区 {zone} 年级 {grade} 缺少基年 {year} 的在校生数")
        }
        Fault::YearGap(what, gap) => format!("{what}：缺少入学年份 {} 的儿童数", years(gap, Lang::Zh)),
        Fault::DateOrder(date, other, earlier) => format!("{date} 早于 {other} {earlier}"),
        Fault::LeadOrder(lead) => format!("工期 {lead} 不满足 min <= mode <= max 且三项齐全"),
        Fault::StatusNeeds(status, column) => format!("状态为 `{status}` 的项目需要 `{column}`"),
        Fault::RateNeeds(rate, column) => format!("比率 `{rate}` 在这里需要 `{column}`"),
        Fault::RateHasNot(rate, column) => format!("比率 `{rate}` 没有 `{column}` 一项"),
        Fault::RateNotThere(rate, _, value) => format!("不能对 `{value}` 给出比率 `{rate}`"),
        Fault::NoPool(zone, stage) => format!("学区 {zone} 没有可以升入 {stage} 的儿童"),
        Fault::PoolStartsLate(zone, first, needed) => {
            format!("学区 {zone} 的适龄儿童从 {first} 年起才有，需要从 {needed} 年起")
        }
        Fault::GroupInTwoDistricts(group, a, b) => format!("大学区 `{group}` 跨了两个区：`{a}` 和 `{b}`"),
        Fault::OneIntake => "学段必须且只能有 `entry_age` 或 `from` 其中之一".into(),
        Fault::FeedsBackwards(stage) => format!("`{stage}` 不是排在前面的学段"),
        Fault::HorizonOrder(outlook, plan, secure) => {
            format!("研判 outlook {outlook}、规划 plan {plan}、保障 secure {secure} 的大小顺序不对")
        }
        Fault::AgeFits(by, true) => format!("按 `{by}` 统计的儿童需要年龄"),
        Fault::AgeFits(by, false) => format!("按 `{by}` 统计的儿童没有年龄一项"),
        Fault::PlacesOrClasses => "既没有 `places`，也没有 `classes_per_grade`".into(),
        Fault::ClassesPerGrade(found, grades) => format!("给了 {found} 个班数，学段有 {grades} 个年级"),
        Fault::YearOutside(year, first, last) => format!("{year} 不在 {first} .. {last} 之内"),
        Fault::DecidedLater(status, month, round) => {
            format!("{month} 在本轮 {round} 之后，状态 `{status}` 却表示已经决策")
        }
        Fault::Supply(fault) => supply::message(fault, Lang::Zh),
        Fault::Ledger(fault) => ledger::message(fault, Lang::Zh),
        Fault::Figure(fault) => figure::message(fault, Lang::Zh),
        Fault::History(fault) => fault.message(Lang::Zh),
        Fault::KeyPath(key) => format!("`{key}` 不通向 scenario.json 的任何键"),
        Fault::ShortenedCode(code) => format!("`{code}` 是被电子表格缩写的代码"),
        Fault::FlowSum(stages, zone, sum) => format!("学区 {zone}（{stages}）的比例合计为 {sum}，不是 1"),
        Fault::FlowNotThere(from, to) => format!("学段 `{from}` 不升入学段 `{to}`"),
        Fault::Circle(id) => format!("项目 {id} 直接或间接地排斥或依赖自己"),
        Fault::OpensBeforeRound(month, round) => format!("{month} 不晚于 {round} 的决策，而项目尚未决定"),
        Fault::PatchForm => "一处修改只能有 `key`、`set`、`multiply`、`add`、`remove` 之一".into(),
        Fault::NoMatch(table) => format!("{table} 中没有符合条件的行"),
        Fault::TableNotThere(table) => format!("情景没有表 `{table}`"),
        Fault::ExtendsItself(variant) => format!("变体 `{variant}` 继承了自己"),
        Fault::NothingToDecide(id, status) => format!("项目 {id} 状态为 `{status}`，已无可决定"),
        Fault::NotARound(month, _) => format!("{month} 不是该项目可以决定的轮次"),
        Fault::Rivals(schedule, a, b) => {
            format!("{}同时决定了 {a} 和 {b}，两者至多建一个", schedule_words(schedule.as_ref()))
        }
        Fault::Prerequisite(schedule, id, needs) => {
            format!("{}先于前置项目 {needs} 决定了 {id}", schedule_words(schedule.as_ref()))
        }
        Fault::OverBudget(schedule, None) => format!("{}超出总预算", schedule_words(schedule.as_ref())),
        Fault::OverBudget(schedule, Some(year)) => {
            format!("{}超出 {year} 年的预算", schedule_words(schedule.as_ref()))
        }
        Fault::Rule(words) => words.clone(),
        Fault::ProgressionDefault(grade) => format!("部分学区或年份没有升入年级 {grade} 的升级率"),
        Fault::TransitionDefault(from, to) => format!("部分学区或年份没有从 {from} 到 {to} 的升学率"),
        Fault::EntryDefault(source) => format!("部分学区或年份没有来源 {source} 的入学率"),
        Fault::EmptyCohort(zone, grade) => format!("学区 {zone} 年级 {grade} 基年没有学生"),
        Fault::RollGap(gap) => format!("在校生历史缺少 {} 年", years(gap, Lang::Zh)),
        Fault::BirthsAssumed(zones, stage, year) => {
            let stage = stage.as_ref().map_or(String::new(), |s| format!("（{s}）"));
            format!("学区 {}{stage}没有 {year} 年及以后入学的儿童数", zones.join("、"))
        }
        Fault::Overrun(project) => format!("项目 {project} 早应在本轮之前完工"),
        Fault::NoPlaces(zone, stage) => format!("学区 {zone} 没有 {stage} 学位"),
        Fault::YieldMissing(kind, grades) => {
            format!("住房类型 {kind} 缺少年级 {} 的学生产出率", grades.join("、"))
        }
        Fault::LaterKnowledge(count, round) => format!("有 {count} 行是 {round} 决策之后才知道的"),
        Fault::OpensLater(project) => format!("项目 {project} 状态为已开办，开办月份却在本轮之后"),
        Fault::FileNotRead(..) => "情景没有读取这个文件的表".into(),
        Fault::EncodingFound(encoding) => format!("按 {encoding} 读取"),
        Fault::NoEffect(inert) => format!("不起作用：{}", inert_words(inert)),
        Fault::Overridden(file) => format!("不起作用：{file} 给出了同一个键的另一个值"),
        Fault::DefaultTaken(value) => format!("未给出，取 {value}"),
        Fault::DemandAlone => "没有学校和项目，只预测在校生需求".into(),
        Fault::DefaultsTaken => "未给出，取 docs/file-formats.md 中的默认值".into(),
    }
}

/// How to fix it.
#[expect(clippy::too_many_lines, reason = "one arm a fault")]
pub(super) fn help(fault: &Fault) -> String {
    match fault {
        Fault::NoFolder => "请给出含有 scenario.json 的文件夹".into(),
        Fault::SchoolsMissing(_) => "补上它，尚无学位可写 0；两张表都没有时只预测需求".into(),
        Fault::NoFile => "检查路径；相对路径从当前文件夹算起".into(),
        Fault::FileMissing => {
            "把文件放进文件夹；数据表可以用别的文件名，写在 scenario.json 的 `tables` 中".into()
        }
        Fault::FileIsFolder => "移走文件夹，放入文件".into(),
        Fault::Unreadable(Refusal::ThroughFile | Refusal::BadName) => {
            "改正 scenario.json 中 `tables` 里的文件名".into()
        }
        Fault::Unreadable(_) => "请放入一个有权读取的普通文件".into(),
        Fault::PathLeaves(_) => "使用文件夹内的文件名：不含 `..`，不以 `/` 开头，也不是指向别处的链接".into(),
        Fault::Beyond(limit, most) => {
            let Declared { name, most: highest, .. } = limit.declared();
            if most < highest {
                format!("删去不需要的部分，或用 --limit {name}=N 提高上限（最高 {highest}）")
            } else {
                "删去不需要的部分；该上限不能再提高".into()
            }
        }
        Fault::Invisible(..) => "重新输入这个键，去掉复制或输入法带入的字符".into(),
        Fault::NotListed(_) => "先改正已列出的，或用 --limit faults=N 列出更多".into(),
        Fault::NotText(_, None) => "另存为 UTF-8（Excel：CSV UTF-8）".into(),
        Fault::NotText(_, Some(_)) => "改正 `--encoding`，或另存为 UTF-8".into(),
        Fault::JsonSyntax(words) if words.starts_with("EOF") => "请补全：内容被截断，或有括号没有闭合".into(),
        Fault::JsonSyntax(_) => "检查该处的字符；JSON 不允许 NaN、注释和末尾逗号".into(),
        Fault::UnknownKey(_, Some(near)) | Fault::UnknownColumn(_, Some(near)) => {
            format!("是否想写 `{near}`？")
        }
        Fault::UnknownColumn(name, None) if name.is_empty() => "写上列名，或删去这一列".into(),
        Fault::UnknownKey(_, None) => "删去它；docs/file-formats.md 列出了所有的键".into(),
        Fault::MissingKey(_) => "补上它；docs/file-formats.md 有说明".into(),
        Fault::DuplicateKey(_) => "只保留一个".into(),
        Fault::WrongType(_, expected) => format!("请写{}", how_to_write(*expected)),
        Fault::NotFinite(_) => "写普通的数，如 1234.5".into(),
        Fault::OutOfRange(_, bound) => match only(bound) {
            Some(only) => format!("写 {only}"),
            None => format!("写 {} 到 {} 之间的值", plain(bound.min), plain(bound.max)),
        },
        Fault::UnknownCode(_, codes, Some(near)) => format!("是否想写 `{near}`？允许：{}", codes.join("、")),
        Fault::UnknownCode(_, codes, None) => format!("允许：{}", codes.join("、")),
        Fault::ReservedName(_) => "换一个学区名".into(),
        Fault::RowWidth(..) => "每行单元格数与表头一致；含逗号的文字要加引号".into(),
        Fault::CsvSyntax(NotTable::OpenQuote) => "补上结束的引号；文字里的引号要写两个".into(),
        Fault::CsvSyntax(NotTable::Separator(_)) => "另存为逗号分隔的 CSV".into(),
        Fault::UnknownColumn(_, None) => "删去它；docs/file-formats.md 列出了所有的列".into(),
        Fault::MissingColumn(_) => "在表头补上这一列".into(),
        Fault::DuplicateColumn(..) => "只保留一列".into(),
        Fault::Blank => "请填写；0 表示零，空白表示缺失".into(),
        Fault::DuplicateRow(..) => "只保留一行".into(),
        Fault::NoRows => "请填写；可有可无的可以整个删去".into(),
        Fault::UnknownReference(_, name, Some(near)) => match unlike(name, near) {
            None => format!("是否想写 `{near}`？"),
            Some(Unlike::Invisible(c)) => format!("是否想写 `{near}`？两者只差一个不可见字符 {}", number(c)),
            Some(Unlike::Form) => format!("是否想写 `{near}`？两者只差全角、半角等字形"),
            Some(Unlike::Case) => format!("是否想写 `{near}`？两者只差大小写"),
        },
        Fault::UnknownReference(thing, ..) => format!("补上{}，或改正名称", thing_word(*thing)),
        Fault::NoBaseRoll(..) => "补上这一行；没有学生写 0".into(),
        Fault::YearGap(..) => "补上缺少的儿童数，或删去更早的".into(),
        Fault::DateOrder(..) => "改正两个月份之一".into(),
        Fault::LeadOrder(_) => "三项都给出且由小到大，或都留空取默认".into(),
        Fault::StatusNeeds(_, "opens") => "填写 `opens`".into(),
        Fault::StatusNeeds(_, "site_decided") => {
            "填写 `site_decided`，或在 `site_in_hand` 写 yes；如已公布开办月份，填 `opens`".into()
        }
        Fault::StatusNeeds(_, column) => format!("填写 `{column}`；如已公布开办月份，填 `opens`"),
        Fault::RateNeeds(_, column) => format!("填写 `{column}`"),
        Fault::RateHasNot(_, column) => format!("清空 `{column}`"),
        Fault::RateNotThere(_, "grade", _) => "写本学段第一个年级以上的年级".into(),
        Fault::RateNotThere(_, "source", _) => "写该学段 `from` 中的学段".into(),
        Fault::RateNotThere(rate, ..) if rate == "transition" => "写有 `from` 的学段".into(),
        Fault::RateNotThere(..) => "写有 `entry_age` 的学段".into(),
        Fault::NoPool(..) => "补上该学区的儿童数".into(),
        Fault::PoolStartsLate(..) => "补上更早入学的儿童数".into(),
        Fault::GroupInTwoDistricts(..) => "每个区使用自己的大学区".into(),
        Fault::OneIntake => "从校外入学的学段用 `entry_age`，其余用 `from`".into(),
        Fault::FeedsBackwards(_) => "写排在前面的学段".into(),
        Fault::HorizonOrder(..) => "应满足 outlook >= plan >= secure，例如 6、3、1".into(),
        Fault::AgeFits(_, true) => "填写 `age`（kindergarten：1 = 次年秋季入学）".into(),
        Fault::AgeFits(_, false) => "清空 `age`".into(),
        Fault::PlacesOrClasses => "填写 `places` 或 `classes_per_grade`".into(),
        Fault::ClassesPerGrade(..) => "写一个数，或每个年级一个数，用 `;` 分隔".into(),
        Fault::YearOutside(_, _, last) if f64::from(*last) >= YEAR.max => "改正年份".into(),
        Fault::YearOutside(..) => "改正年份；如年份无误，改正 scenario.json 的 `base_year`".into(),
        Fault::DecidedLater(..) => "改正月份，或写本轮当日的状态".into(),
        Fault::Supply(fault) => supply::help(fault, Lang::Zh),
        Fault::Ledger(fault) => ledger::help(fault, Lang::Zh),
        Fault::Figure(fault) => figure::help(fault, Lang::Zh).into(),
        Fault::History(fault) => fault.help(Lang::Zh),
        Fault::KeyPath(_) => "写 scenario.json 的键，对象内用 `a.b`，列表内用 `a[0]`".into(),
        Fault::ShortenedCode(_) => "把该列设为文本格式后重新输入；丢失的数字无法恢复".into(),
        Fault::FlowSum(..) => "使该学区的比例合计为 1".into(),
        Fault::FlowNotThere(..) => "写两个学段，后者的 `from` 中有前者".into(),
        Fault::Circle(_) => "删去其中一处引用".into(),
        Fault::OpensBeforeRound(..) => "改正月份，或把状态写成 `open`".into(),
        Fault::PatchForm => "拆成几处修改；`where` 只能与 `set`、`multiply` 同用".into(),
        Fault::NoMatch(_) => "改正条件中的列或文字".into(),
        Fault::TableNotThere(_) => "补上这张表，或删去这处修改".into(),
        Fault::ExtendsItself(_) => "继承别的变体，或不继承".into(),
        Fault::NothingToDecide(..) => "删去这一行".into(),
        Fault::NotARound(_, rounds) if rounds.is_empty() => {
            "写 never：它赶不上开办，或用地已被占用，或前置项目已取消".into()
        }
        Fault::NotARound(_, rounds) => format!("写 never，或以下之一：{}", rounds.join("、")),
        Fault::Rivals(..) => "其中一个写 never".into(),
        Fault::Prerequisite(..) => "推迟它，或提前它的前置项目".into(),
        Fault::OverBudget(..) => "把部分项目写成 never，或提高预算".into(),
        Fault::Rule(_) => "请改正".into(),
        Fault::ProgressionDefault(_) | Fault::TransitionDefault(..) | Fault::EntryDefault(_) => {
            "取 1；如有依据请补上".into()
        }
        Fault::EmptyCohort(..) => "在下一批新生到来之前保持为零；不用它计算比率".into(),
        Fault::RollGap(_) => "可以保留；学习比率时不用这些年份".into(),
        Fault::BirthsAssumed(..) => "沿用最后已知的一批，结果标注“新生数按假定出生数推算”".into(),
        Fault::Overrun(_) => "按下一个九月前开办处理；如知道月份请填 `opens`".into(),
        Fault::NoPlaces(..) => "除非大学区内有学位，那里的学生都没有学位；如有学校请补上".into(),
        Fault::YieldMissing(..) => "按 0 人处理".into(),
        Fault::LaterKnowledge(..) => "仍会使用，并在结果中说明".into(),
        Fault::OpensLater(_) => "从该月或之后的第一个九月一日起计".into(),
        Fault::FileNotRead(Some(near), true) => {
            format!("scenario.json 的 `tables` 为 {near} 指定了另一个文件：改正它，或移走这个文件")
        }
        Fault::FileNotRead(Some(near), false) => format!("如果就是那张表，请改名为 {near}；否则不必理会"),
        Fault::FileNotRead(None, _) => "如需读取，请在 scenario.json 的 `tables` 中写明".into(),
        Fault::EncodingFound(_) => "如果文字不对，请另存为 UTF-8 或用 `--encoding` 指明".into(),
        Fault::NoEffect(_) => "删去它，或删去覆盖它的内容".into(),
        Fault::Overridden(_) => "只在其中一个文件保留这个键".into(),
        Fault::DefaultTaken(_) => "如不适用请写明".into(),
        Fault::DemandAlone => "如要对照学位，请加入 schools.csv".into(),
        Fault::DefaultsTaken => "与此不同的请写明".into(),
    }
}

fn expected_words(expected: Expected) -> &'static str {
    match expected {
        Expected::Text => "文字",
        Expected::Whole => "整数",
        Expected::Number => "数",
        Expected::Month => "月份",
        Expected::Day => "日期",
        Expected::YesNo => " yes 或 no",
        Expected::Object => "对象",
        Expected::List => "列表",
        Expected::Name => "中英文名称",
        Expected::Triple => "三个数的列表",
        Expected::Id => "由字母、数字、- 和 _ 组成的键",
        Expected::Decision => "月份或 never",
        Expected::Cell => "文字或数",
    }
}

fn how_to_write(expected: Expected) -> &'static str {
    match expected {
        Expected::Text => "双引号中的文字",
        Expected::Whole => "只含数字的整数，不带单位和小数点",
        Expected::Number => "普通的数，如 1234.5，不带单位和 %",
        Expected::Month => " YYYY-MM，例如 2020-09",
        Expected::Day => " YYYY-MM-DD，例如 2020-09-01",
        Expected::YesNo => " yes 或 no",
        Expected::Object => "对象 { \"key\": value }",
        Expected::List => "列表 [ ... ]",
        Expected::Name => " { \"zh\": \"...\", \"en\": \"...\" }",
        Expected::Triple => " [min, mode, max]",
        Expected::Id => "字母、数字、- 和 _",
        Expected::Decision => " YYYY-MM，例如 2020-10，或 never",
        Expected::Cell => "双引号中的文字、数，或表示空白的 null",
    }
}

fn schedule_words(schedule: Option<&String>) -> String {
    schedule.map_or_else(|| "方案".to_owned(), |key| format!("方案 {key} "))
}

fn inert_words(inert: &Inert) -> String {
    match inert {
        Inert::RateRows(rows) => {
            // a row that a patch adds stands in no table and has no number
            let numbers: Vec<String> = rows.iter().filter(|r| **r > 0).map(usize::to_string).collect();
            if numbers.is_empty() {
                return "凡它适用之处，补丁添加的行都写得更具体".to_owned();
            }
            format!("凡它适用之处，第 {} 行都写得更具体", numbers.join("、"))
        }
        Inert::RateYear(first, last) => format!("只用到 {first} .. {last} 年的比率"),
        Inert::RateNowhere => "没有用它推算任何学生或儿童".into(),
        Inert::OpensStated(columns) => format!("已给出 `opens`，不再使用 {}", columns.join("、")),
        Inert::NoEstate(kind) => format!("housing.csv 中没有类型为 {kind} 的小区"),
    }
}

fn refusal_words(why: &Refusal) -> &str {
    match why {
        Refusal::NotPermitted => "系统不允许读取",
        Refusal::ThroughFile => "路径中有一段是文件，不是文件夹",
        Refusal::BadName => "不能有这样的文件名",
        Refusal::NotPlain => "不是普通文件",
        Refusal::System(words) => words,
    }
}

fn unit(bound: &Bound) -> &'static str {
    match bound.unit {
        "pupils" => " 人",
        "places" => " 个学位",
        "classes" => " 个班",
        "months" => " 个月",
        "years" | "year" => " 年",
        "month" => " 月",
        "money" => " 元",
        "dwellings" => " 套",
        "pupils per dwelling" => " 人/套",
        "per mille" => " ‰",
        _ => "",
    }
}

fn thing_word(thing: Thing) -> &'static str {
    match thing {
        Thing::Zone => "学区",
        Thing::Stage => "学段",
        Thing::Grade => "年级",
        Thing::HousingType => "住房类型",
        Thing::District => "区",
        Thing::Group => "大学区",
        Thing::Source => "来源",
        Thing::Class => "录取类别",
        Thing::Kind => "项目类型",
        Thing::School => "学校",
        Thing::Project => "项目",
        Thing::Estate => "小区",
        Thing::Building => "学校或项目",
        Thing::Variant => "变体",
        Thing::Table => "表",
    }
}
