//! Words for faults of the ledger, both languages beside each other.

use seatcast_core::{
    Lang,
    supply::{EntryFault, Milestone},
};

use crate::problem::LedgerFault;

/// What is wrong.
pub(super) fn message(fault: &LedgerFault, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    match fault {
        LedgerFault::UnknownProject(project, _) if zh => format!("没有项目 `{project}`"),
        LedgerFault::UnknownProject(project, _) => format!("there is no project `{project}`"),
        LedgerFault::Entry(project, number, fault) => {
            let words = entry(fault, lang);
            if zh {
                format!("项目 {project} 第 {number} 条：{words}")
            } else {
                format!("project {project}, entry {number}: {words}")
            }
        }
        LedgerFault::Refused(project, fault) if zh => {
            format!("项目 {project} 的记录未追加：{}", entry(fault, lang))
        }
        LedgerFault::Refused(project, fault) => {
            format!("the entry of project {project} was not added: {}", entry(fault, lang))
        }
        LedgerFault::Unreadable(key) if zh => format!("这一条的 `{key}` 无法读取"),
        LedgerFault::Unreadable(key) => format!("`{key}` of this entry cannot be read"),
        LedgerFault::Busy if zh => "另一个程序正在写台账".to_owned(),
        LedgerFault::Busy => "another program holds the ledger".to_owned(),
        LedgerFault::Uncertain => lang
            .pick(
                "写入时磁盘出错，也未能撤回：这一条可能已在台账中，也可能不在",
                "the disk failed while the entry was written, and it could not be taken back: it may be in the ledger or not",
            )
            .to_owned(),
        LedgerFault::NoAuthor => lang.pick("没有写明记录人", "no author is given").to_owned(),
        LedgerFault::InTheFuture(date, today) if zh => format!("日期 {date} 在今天（{today}）之后"),
        LedgerFault::InTheFuture(date, today) => format!("dated {date}, after today, {today}"),
        LedgerFault::Torn if zh => "这一行不完整或被改动过，校验不符，未采用；其余各条照常使用".to_owned(),
        LedgerFault::Torn => {
            "this line was torn or changed: its checksum is not its own; it is left out, the rest is kept"
                .to_owned()
        }
        LedgerFault::Gap(number) if zh => format!("第 {number} 条之前缺少一条记录"),
        LedgerFault::Gap(number) => format!("an entry before entry {number} is missing"),
        LedgerFault::AfterTheRound(count, round) if zh => {
            format!("有 {count} 条在 {round} 决策之后，本轮不使用")
        }
        LedgerFault::AfterTheRound(count, round) => {
            format!("{count} entries are later than the round of {round}, which does not use them")
        }
    }
}

fn entry(fault: &EntryFault, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let name = |m: &Milestone| m.word(lang);
    match fault {
        EntryFault::UnknownProject => lang.pick("没有这个项目", "no such project").to_owned(),
        EntryFault::BeforePredecessor(m, date, other, day) if zh => {
            format!("{}（{date}）早于它之前的{}（{day}）", name(m), name(other))
        }
        EntryFault::BeforePredecessor(m, date, other, day) => {
            format!("{} on {date} comes before {} on {day}", name(m), name(other))
        }
        EntryFault::BeforeRow(m, date, column, month) if zh => {
            format!("{}（{date}）早于 projects.csv 的 {column} {month}", name(m))
        }
        EntryFault::BeforeRow(m, date, column, month) => {
            format!("{} on {date} comes before {column} {month} of projects.csv", name(m))
        }
        EntryFault::OutOfOrder(date, number, day) if zh => format!("日期 {date} 早于第 {number} 条的 {day}"),
        EntryFault::OutOfOrder(date, number, day) => format!("dated {date}, before entry {number} of {day}"),
        EntryFault::AfterTheEnd(date, m, day) if zh => format!("{date} 在{}（{day}）之后", name(m)),
        EntryFault::AfterTheEnd(date, m, day) => format!("dated {date}, after {} on {day}", name(m)),
        EntryFault::CorrectsNothing(0) if zh => "更正的记录不存在".to_owned(),
        EntryFault::CorrectsNothing(0) => "corrects an entry that is not there".to_owned(),
        EntryFault::CorrectsNothing(number) if zh => format!("更正第 {number} 条，而它属于别的项目"),
        EntryFault::CorrectsNothing(number) => {
            format!("corrects entry {number}, which is of another project")
        }
        EntryFault::CorrectedTwice(number, other) if zh => format!("第 {number} 条已由第 {other} 条更正"),
        EntryFault::CorrectedTwice(number, other) => {
            format!("corrects entry {number}, which entry {other} has corrected already")
        }
        EntryFault::ProgressFalls(now, then, number) if zh => {
            format!("进度 {now}% 低于第 {number} 条的 {then}%")
        }
        EntryFault::ProgressFalls(now, then, number) => {
            format!("progress {now} % is below the {then} % of entry {number}")
        }
        EntryFault::SpentFalls(now, then, number) if zh => {
            format!("累计支出 {now} 低于第 {number} 条的 {then}")
        }
        EntryFault::SpentFalls(now, then, number) => {
            format!("{now} spent is below the {then} of entry {number}")
        }
        EntryFault::NoGate(m) if zh => format!("{}之前没有批准建设或开工的日期", name(m)),
        EntryFault::NoGate(m) => format!("{}, but the start of the building is nowhere dated", name(m)),
        EntryFault::SaysNothing if zh => "没有节点、进度、支出和说明".to_owned(),
        EntryFault::SaysNothing => "neither milestone nor progress nor money nor note".to_owned(),
        _ => String::new(),
    }
}

/// How to fix it. A ledger is never rewritten: the fix is a new entry.
pub(super) fn help(fault: &LedgerFault, lang: Lang) -> String {
    let correct = || match fault {
        LedgerFault::Entry(project, number, _) => match lang {
            Lang::Zh => {
                format!("追加一条更正：seatcast ledger add ... --project {project} --corrects {number}")
            }
            Lang::En => {
                format!("add a correction: seatcast ledger add ... --project {project} --corrects {number}")
            }
        },
        _ => String::new(),
    };
    match fault {
        LedgerFault::UnknownProject(_, Some(near)) => match lang {
            Lang::Zh => format!("是否指 `{near}`？在 projects.csv 补上项目，或追加一条更正"),
            Lang::En => format!(
                "did you mean `{near}`? add the project to projects.csv, or a correction to the ledger"
            ),
        },
        LedgerFault::UnknownProject(_, None) => {
            lang.pick("在 projects.csv 补上项目", "add the project to projects.csv").to_owned()
        }
        LedgerFault::Entry(_, _, EntryFault::BeforeRow(..)) => match lang {
            Lang::Zh => format!("改正 projects.csv 的月份，或{}", correct()),
            Lang::En => format!("correct the month in projects.csv, or {}", correct()),
        },
        LedgerFault::Entry(_, _, EntryFault::NoGate(_)) => lang
            .pick(
                "在 projects.csv 填写 build_decided，或追加批准建设的记录",
                "fill build_decided in projects.csv, or add an entry for approved",
            )
            .to_owned(),
        LedgerFault::Refused(..) => lang
            .pick(
                "改正日期、节点或编号后再追加",
                "correct the date, the milestone or the number and add it again",
            )
            .to_owned(),
        LedgerFault::Entry(_, _, fault) if fault.is_warning() => match lang {
            Lang::Zh => format!("如日期或数字有误，{}", correct()),
            Lang::En => format!("if the date or number is wrong, {}", correct()),
        },
        LedgerFault::Entry(..) => correct(),
        LedgerFault::Unreadable(_) => {
            lang.pick("用更新版本的 seatcast 读取", "read it with a later version of seatcast").to_owned()
        }
        LedgerFault::Busy => lang.pick("稍后再试", "try again later").to_owned(),
        LedgerFault::Uncertain => lang
            .pick(
                "磁盘恢复后运行 seatcast ledger show ... --project ALL 查看，缺少则重新追加",
                "when the disk works again look with seatcast ledger show ... --project ALL, and add it again if it is missing",
            )
            .to_owned(),
        LedgerFault::NoAuthor => {
            lang.pick("用 --author 写明是谁记录的", "say with --author who writes the entry").to_owned()
        }
        LedgerFault::InTheFuture(..) => lang
            .pick(
                "如年份有误，追加一条更正：seatcast ledger add ... --corrects 该条编号 --date 正确日期",
                "if the year is wrong, add a correction: seatcast ledger add ... --corrects NUMBER --date DATE",
            )
            .to_owned(),
        LedgerFault::Torn => lang
            .pick(
                "如这一条重要，请重新追加；不要编辑台账文件",
                "enter it again if it mattered; do not edit the ledger",
            )
            .to_owned(),
        LedgerFault::Gap(_) => lang
            .pick(
                "从备份恢复台账，或重新追加缺少的记录",
                "restore the ledger from a copy, or enter again what is missing",
            )
            .to_owned(),
        LedgerFault::AfterTheRound(..) => {
            lang.pick("季度通报会使用它们", "the quarterly bulletin uses them").to_owned()
        }
    }
}
