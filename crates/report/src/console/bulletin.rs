//! The bulletin of a quarter: slips, places at risk, warnings that change colour, last safe dates that went by.

use seatcast_core::{
    Lang, Scenario,
    cycle::{Bulletin, ProjectNews, bulletin},
    geography::Area,
    time::{Day, YearMonth},
};

use super::{
    headed,
    ledger::{month, percent, record_text},
    right,
};
use crate::phrases::{colour, thousands};

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
        ("项目", "project"),
        ("名称", "name"),
        ("类型", "kind"),
        ("状态", "status"),
        ("最近记录", "last entry"),
        ("进度", "progress"),
        ("累计支出", "spent"),
        ("过半开办月", "half open by"),
        ("上季", "before"),
        ("学位", "places"),
        ("9月前概率", "P by Sept"),
        ("上季", "before"),
    ];
    let mut table = headed(&heading, lang);
    for news in &bulletin.projects {
        let project = &scenario.projects[news.project];
        table.add_row([
            project.id.clone(),
            project.name.in_lang(lang).to_owned(),
            project.kind.word(lang).to_owned(),
            news.status.word(lang).to_owned(),
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
    right(&mut table, [5, 6, 9, 10, 11]);
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
