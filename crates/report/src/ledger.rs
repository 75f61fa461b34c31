//! The ledger in words: the list of projects, the entries, and the quarterly bulletin.

use comfy_table::{CellAlignment, Table, presets};
use seatcast_core::{
    Lang, Scenario,
    cycle::{Bulletin, ProjectNews, bulletin},
    geography::Area,
    supply::{Entry, Kind, KindRecord, Status, record},
    time::{Day, YearMonth},
};

use crate::words::{colour, thousands};

/// A quarter of a year, `2026Q1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter {
    /// Calendar year.
    pub year: i32,
    /// 1..=4.
    pub quarter: u8,
}

impl Quarter {
    /// Reads `2026Q1`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, quarter) = text.split_once(['Q', 'q'])?;
        let quarter: u8 = quarter.parse().ok().filter(|q| (1..=4).contains(q))?;
        let year = YearMonth::parse(&format!("{year}-01"))?.year;
        Some(Self { year, quarter })
    }

    /// The quarter of a day.
    pub fn of(day: Day) -> Self {
        Self { year: day.year, quarter: (day.month - 1) / 3 + 1 }
    }

    /// The first day after it, as its month.
    pub fn end(self) -> YearMonth {
        YearMonth { year: self.year, month: 1 }.plus(3 * i32::from(self.quarter))
    }

    /// The first day of it, as its month.
    pub fn start(self) -> YearMonth {
        self.end().plus(-3)
    }
}

impl std::fmt::Display for Quarter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}Q{}", self.year, self.quarter)
    }
}

fn grid(heading: &[&str], lang: Lang) -> Table {
    let mut table = Table::new();
    let heading: Vec<&str> = heading
        .iter()
        .map(|both| {
            let (zh, en) = both.split_once('|').unwrap_or((both, both));
            lang.pick(zh, en)
        })
        .collect();
    table.load_style(presets::ASCII_MARKDOWN).set_header(heading);
    table
}

fn right(table: &mut Table, columns: &[usize]) {
    for &i in columns {
        if let Some(column) = table.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// A status in words.
pub(crate) fn status(status: Status, lang: Lang) -> &'static str {
    let zh = match status {
        Status::Candidate => "备选",
        Status::Site => "用地环节",
        Status::Committed => "已批准建设",
        Status::Started => "在建",
        Status::Open => "已开办",
        Status::Cancelled => "已取消",
    };
    lang.pick(zh, status.code())
}

/// A kind in words.
pub(crate) fn kind(kind: Kind, lang: Lang) -> &'static str {
    let zh = match kind {
        Kind::Permanent => "永久学校",
        Kind::Prefab => "预制学校",
        Kind::Expansion => "扩建",
        Kind::Swing => "周转校舍",
        Kind::Conversion => "改办",
        Kind::Leased => "租用或购买",
        Kind::Relocation => "校舍迁移",
        Kind::Closure => "停办",
        Kind::Merger => "撤并",
        Kind::Unsafe => "危房重建",
        Kind::Handover => "配建移交",
        Kind::Unlicensed => "无证关停",
        _ => kind.code(),
    };
    lang.pick(zh, kind.code())
}

fn month(month: Option<YearMonth>) -> String {
    month.map_or_else(|| "-".to_owned(), |m| m.to_string())
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(String::new, |s| format!("{:.0} %", s * 100.0))
}

/// Every project with its standing on the first day of `seen`: `seatcast ledger show`.
pub fn ledger_text(scenario: &Scenario, seen: YearMonth, lang: Lang) -> String {
    let september = seen.first_september();
    let heading = [
        "项目|project",
        "名称|name",
        "类型|kind",
        "状态|status",
        "最近节点|last milestone",
        "日期|on",
        "进度|progress",
        "累计支出|spent",
        "过半开办月|half open by",
    ];
    let last = match lang {
        Lang::Zh => format!("{september}年9月1日前开办概率"),
        Lang::En => format!("P(open by 1 Sept {september})"),
    };
    let mut columns: Vec<&str> = heading.to_vec();
    columns.push(&last);
    let mut table = grid(&columns, lang);
    for (j, project) in scenario.projects.iter().enumerate() {
        let standing = scenario.ledger.standing(&project.id, Day::first_of(seen));
        let law = bulletin::law_at(scenario, j, seen);
        let furthest = standing.furthest();
        let half = law.month_at(0.5).map(|m| YearMonth { year: 0, month: 1 }.plus(m));
        table.add_row([
            project.id.clone(),
            project.name.in_lang(lang).to_owned(),
            kind(project.kind, lang).to_owned(),
            status(project.status, lang).to_owned(),
            furthest.map_or_else(String::new, |m| m.word(lang).to_owned()),
            furthest.and_then(|m| standing.day(m)).map_or_else(String::new, |d| d.to_string()),
            percent(standing.progress.map(|(_, share)| share)),
            standing.spent.map_or_else(String::new, |(_, money)| thousands(money.round() as i64)),
            month(half),
            format!("{:.3}", law.by_september(september)),
        ]);
    }
    right(&mut table, &[6, 7, 9]);
    let title = match lang {
        Lang::Zh => format!("{}：截至 {seen} 月初的台账\n\n", scenario.name.zh),
        Lang::En => format!("{}: the ledger as of the first day of {seen}\n\n", scenario.name.en),
    };
    format!("{title}{table}\n{}", record_text(scenario, lang))
}

/// The entries of one project, or of all: `seatcast ledger show --project`.
pub fn entries_text(scenario: &Scenario, project: Option<&str>, lang: Lang) -> String {
    let heading = [
        "序号|no.",
        "日期|date",
        "项目|project",
        "节点|milestone",
        "进度|progress",
        "累计支出|spent",
        "说明|note",
        "记录人|author",
        "更正|correction",
    ];
    let mut table = grid(&heading, lang);
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
    right(&mut table, &[0, 4, 5]);
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
fn record_text(scenario: &Scenario, lang: Lang) -> String {
    let learnt: Vec<KindRecord> = if scenario.ledger.is_empty() {
        Vec::new()
    } else {
        record::record(&scenario.projects, scenario.default_kinds())
    };
    let mut out = String::new();
    for of in learnt {
        let name = kind(of.kind, lang);
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

/// The bulletin of a quarter; `scenario` as the ledger knows it at its end.
pub fn bulletin_text(bulletin: &Bulletin, scenario: &Scenario, quarter: Quarter, lang: Lang) -> String {
    let level = scenario.levels.secure;
    let (slips, risky) = (bulletin.slips(), bulletin.at_risk(level));
    let september = bulletin.september;
    let mut out = match lang {
        Lang::Zh => format!("# {}：学位项目季度通报 {quarter}\n\n", scenario.name.zh),
        Lang::En => format!("# {}: projects in {quarter}\n\n", scenario.name.en),
    };
    let notice = scenario.display.notice.in_lang(lang);
    if !notice.is_empty() {
        out.push_str(&format!("! {notice}\n\n"));
    }
    let due: u32 = bulletin.projects.iter().filter(|p| p.due).map(|p| p.places).sum();
    let lost: f64 = bulletin.projects.iter().map(ProjectNews::at_risk).sum();
    out.push_str(&match lang {
        Lang::Zh => format!(
            "在册项目 {} 个；本季延期 {} 个；{september} 年 9 月应到位学位 {} 个，预计有 {lost:.0} 个不能按时到位；预警变色 {} 处；错过最迟决策日期 {} 个。\n",
            bulletin.projects.len(),
            slips.len(),
            thousands(i64::from(due)),
            bulletin.colours.len(),
            bulletin.passed.len()
        ),
        Lang::En => format!(
            "{} projects in hand; {} slipped this quarter; {} places are due by September {september}, of which {lost:.0} are expected not to be there; {} warnings change colour; {} last safe decision dates went by.\n",
            bulletin.projects.len(),
            slips.len(),
            thousands(i64::from(due)),
            bulletin.colours.len(),
            bulletin.passed.len()
        ),
    });
    out.push_str(&projects(bulletin, scenario, lang));
    out.push_str(&list(
        lang.pick("延期", "Slips"),
        lang,
        slips.iter().map(|news| slip(news, scenario, lang)),
    ));
    let title = match lang {
        Lang::Zh => format!("{september} 年 9 月有风险的学位（把握低于 {:.0} %）", level * 100.0),
        Lang::En => {
            format!("Places at risk in September {september} (less sure than {:.0} %)", level * 100.0)
        }
    };
    out.push_str(&list(&title, lang, risky.iter().map(|news| risk(news, scenario, lang))));
    let title = lang.pick("预警变色", "Warnings that change colour");
    out.push_str(&list(title, lang, bulletin.colours.iter().map(|c| change(c, scenario, lang))));
    let title = lang.pick("已错过的最迟决策日期", "Last safe decision dates that went by");
    let passed = bulletin.passed.iter().map(|&(j, date)| {
        let project = &scenario.projects[j];
        let name = project.name.in_lang(lang);
        match lang {
            Lang::Zh => format!("{} {name}：最迟 {date} 决策，至今未定", project.id),
            Lang::En => format!("{} {name}: was to be decided by {date}, and is not", project.id),
        }
    });
    out.push_str(&list(title, lang, passed));
    let record = record_text(scenario, lang);
    if !record.is_empty() {
        out.push_str(&format!("\n## {}\n\n{record}", lang.pick("完工记录", "Record of finished projects")));
    }
    out
}

fn list(title: &str, lang: Lang, lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.map(|line| format!("- {line}\n")).collect();
    let body = if lines.is_empty() { format!("{}\n", lang.pick("无", "none")) } else { lines.concat() };
    format!("\n## {title}\n\n{body}")
}

fn projects(bulletin: &Bulletin, scenario: &Scenario, lang: Lang) -> String {
    let heading = [
        "项目|project",
        "名称|name",
        "类型|kind",
        "状态|status",
        "最近记录|last entry",
        "进度|progress",
        "累计支出|spent",
        "过半开办月|half open by",
        "上季|before",
        "学位|places",
        "9月前概率|P by Sept",
        "上季|before",
    ];
    let mut table = grid(&heading, lang);
    for news in &bulletin.projects {
        let project = &scenario.projects[news.project];
        table.add_row([
            project.id.clone(),
            project.name.in_lang(lang).to_owned(),
            kind(project.kind, lang).to_owned(),
            status(news.status, lang).to_owned(),
            news.last_entry.map_or_else(String::new, |d| d.to_string()),
            percent(news.progress),
            news.spent.map_or_else(String::new, |money| thousands(money.round() as i64)),
            month(news.half_now),
            month(news.half_before),
            thousands(i64::from(news.places)),
            format!("{:.3}", news.p_now),
            format!("{:.3}", news.p_before),
        ]);
    }
    right(&mut table, &[5, 6, 9, 10, 11]);
    format!("\n{table}\n")
}

fn slip(news: &ProjectNews, scenario: &Scenario, lang: Lang) -> String {
    let project = &scenario.projects[news.project];
    let (id, name) = (&project.id, project.name.in_lang(lang));
    let (from, to) = (month(news.half_before), month(news.half_now));
    match lang {
        Lang::Zh => format!("{id} {name}：{from} → {to}，推迟 {} 个月", news.slip),
        Lang::En => {
            let months = if news.slip == 1 { "month" } else { "months" };
            format!("{id} {name}: {from} to {to}, {} {months} later", news.slip)
        }
    }
}

fn risk(news: &ProjectNews, scenario: &Scenario, lang: Lang) -> String {
    let project = &scenario.projects[news.project];
    let (id, name) = (&project.id, project.name.in_lang(lang));
    let zone = scenario.frame.zones[project.zone].name.in_lang(lang);
    let stage = scenario.frame.stages[project.stage].name.in_lang(lang);
    let (places, p, lost) = (news.places, news.p_now, news.at_risk());
    match lang {
        Lang::Zh => {
            format!("{id} {name}（{zone}，{stage}）：{places} 个学位，按时概率 {p:.3}，预计缺 {lost:.0} 个")
        }
        Lang::En => {
            format!(
                "{id} {name} ({zone}, {stage}): {places} places, in time with probability {p:.3}, {lost:.0} expected to lack"
            )
        }
    }
}

fn change(change: &bulletin::ColourChange, scenario: &Scenario, lang: Lang) -> String {
    let frame = &scenario.frame;
    let name = frame.area_name(change.now.area);
    let unit = match change.now.area {
        Area::Group(_) => lang.pick("大学区", "group "),
        _ => lang.pick("学区", "zone "),
    };
    let stage = frame.stages[change.now.stage].name.in_lang(lang);
    let ratio = |ratio: Option<f64>| ratio.map_or_else(|| "-".to_owned(), |r| format!("{:.0} %", r * 100.0));
    let (from, to) = (colour(change.before.colour, lang), colour(change.now.colour, lang));
    let (a, b, year) = (ratio(change.before.ratio), ratio(change.now.ratio), change.now.year);
    match lang {
        Lang::Zh => format!("{unit}{} {stage} {year}：{from}（{a}）→ {to}（{b}）", name.zh),
        Lang::En => format!("{unit}{}, {stage}, {year}: {from} ({a}) to {to} ({b})", name.en),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_ends_on_the_first_day_of_the_next() {
        let quarter = Quarter::parse("2026Q1").unwrap();
        assert_eq!(
            (quarter.start().to_string(), quarter.end().to_string()),
            ("2026-01".into(), "2026-04".into())
        );
        assert_eq!(Quarter::parse("2025Q4").unwrap().end().to_string(), "2026-01");
        assert_eq!(Quarter::of(Day::parse("2026-03-31").unwrap()), quarter);
        for wrong in ["2026Q5", "2026", "Q1", "26Q1", "2026Q0"] {
            assert_eq!(Quarter::parse(wrong), None, "{wrong}");
        }
    }
}
