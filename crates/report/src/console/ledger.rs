//! The ledger of projects as text: where every project stands, and its entries.

use seatcast_core::{
    Lang, Scenario,
    cycle::bulletin,
    supply::{Entry, KindRecord, record},
    time::{Day, YearMonth},
};

use super::{grid, headed, right};
use crate::phrases::thousands;

pub(super) fn month(month: Option<YearMonth>) -> String {
    month.map_or_else(|| "-".to_owned(), |m| m.to_string())
}

pub(super) fn percent(share: Option<f64>) -> String {
    share.map_or_else(String::new, |s| format!("{:.0} %", s * 100.0))
}

/// Every project with its standing on the first day of `seen`: `seatcast ledger show`.
pub fn ledger_text(scenario: &Scenario, seen: YearMonth, lang: Lang) -> String {
    let september = seen.first_september();
    let heading = [
        ("项目", "project"),
        ("名称", "name"),
        ("类型", "kind"),
        ("状态", "status"),
        ("最近节点", "last milestone"),
        ("日期", "on"),
        ("进度", "progress"),
        ("累计支出", "spent"),
        ("过半开办月", "half open by"),
    ];
    let last = match lang {
        Lang::Zh => format!("{september}年9月1日前开办概率"),
        Lang::En => format!("P(open by 1 Sept {september})"),
    };
    let words = heading.map(|(zh, en)| lang.pick(zh, en).to_owned());
    let mut table = grid(words.into_iter().chain([last]));
    for (j, project) in scenario.projects.pairs() {
        let standing = scenario.ledger.standing(&project.id, Day::first_of(seen));
        let law = bulletin::law_at(scenario, j, seen);
        let furthest = standing.furthest();
        let half = law.month_at(0.5).map(|m| YearMonth { year: 0, month: 1 }.plus(m));
        table.add_row([
            project.id.clone(),
            project.name.in_lang(lang).to_owned(),
            project.kind.word(lang).to_owned(),
            project.status.word(lang).to_owned(),
            furthest.map_or_else(String::new, |m| m.word(lang).to_owned()),
            furthest.and_then(|m| standing.day(m)).map_or_else(String::new, |d| d.to_string()),
            percent(standing.progress.map(|(_, share)| share)),
            standing.spent.map_or_else(String::new, |(_, money)| thousands(money.round() as i64)),
            month(half),
            format!("{:.3}", law.by_september(september)),
        ]);
    }
    right(&mut table, [6, 7, 9]);
    let title = match lang {
        Lang::Zh => format!("{}：截至 {seen} 月初的台账\n\n", scenario.name.zh),
        Lang::En => format!("{}: the ledger as of the first day of {seen}\n\n", scenario.name.en),
    };
    format!("{title}{table}\n{}", record_text(scenario, lang))
}

/// The entries of one project, or of all: `seatcast ledger show --project`.
pub fn entries_text(scenario: &Scenario, project: Option<&str>, lang: Lang) -> String {
    let heading = [
        ("序号", "no."),
        ("日期", "date"),
        ("项目", "project"),
        ("节点", "milestone"),
        ("进度", "progress"),
        ("累计支出", "spent"),
        ("说明", "note"),
        ("记录人", "author"),
        ("更正", "correction"),
    ];
    let mut table = headed(&heading, lang);
    let ledger = &scenario.ledger;
    for entry in ledger.entries().iter().filter(|e| project.is_none_or(|p| e.project == p)) {
        table.add_row([
            entry.number.to_string(),
            entry.date.to_string(),
            entry.project.clone(),
            entry.milestone.map_or_else(String::new, |m| m.word(lang).to_owned()),
            percent(entry.progress),
            entry.spent.map_or_else(String::new, |money| thousands(money.round() as i64)),
            entry.note.clone(),
            entry.author.clone(),
            correction(entry, ledger.correction_of(entry.number), lang),
        ]);
    }
    right(&mut table, [0, 4, 5]);
    format!("{table}\n")
}

fn correction(entry: &Entry, by: Option<u64>, lang: Lang) -> String {
    let corrects = entry.corrects.map(|n| match lang {
        Lang::Zh => format!("更正第 {n} 条"),
        Lang::En => format!("corrects {n}"),
    });
    let corrected = by.map(|n| match lang {
        Lang::Zh => format!("已由第 {n} 条更正"),
        Lang::En => format!("corrected by {n}"),
    });
    [corrects, corrected].into_iter().flatten().collect::<Vec<_>>().join(lang.pick("，", ", "))
}

/// What the record of finished projects teaches, one line a kind.
pub(super) fn record_text(scenario: &Scenario, lang: Lang) -> String {
    let learnt: Vec<KindRecord> = if scenario.ledger.is_empty() {
        Vec::new()
    } else {
        record::record(&scenario.projects, scenario.default_kinds())
    };
    let mut out = String::new();
    for of in learnt {
        let name = of.kind.word(lang);
        let (n, before, after) = (of.finished, of.before.mean, of.after.mean);
        let observed = of.observed.unwrap_or(before);
        out.push_str(&match lang {
            Lang::Zh => format!("{name}：已完工 {n} 个，实际工期为计划的 {observed:.2} 倍；延期系数由 {before:.2} 调整为 {after:.2}\n"),
            Lang::En => format!(
                "{name}: {n} finished, at {observed:.2} times their lead; the delay factor goes from {before:.2} to {after:.2}\n"
            ),
        });
    }
    out
}
