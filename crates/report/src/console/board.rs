//! The board as text: what a planner sees after the run.

use seatcast_core::{
    Lang,
    balance::{Balance, Colour, Figure},
    cycle::{BoardLine, Footing, Gate, LastSafe},
    forecast::{Path, quantile},
    geography::Area,
    index::{DistrictId, StageId, YearOffset},
    time::Look,
};

use super::{grid, head, headed, note, results_in, right};
use crate::{
    Run,
    documents::run::worst,
    phrases::{self, thousands},
};

/// Actions shown on the board; the rest are in the table.
const SHOWN_ACTIONS: usize = 12;

/// The whole board. `files` is where the results are, if they were written.
pub fn board_text(run: &Run<'_>, lang: Lang, files: Option<&str>) -> String {
    let scenario = run.scenario;
    let mut out = head(scenario.name.in_lang(lang), scenario.display.notice.in_lang(lang));
    let round = scenario.round();
    let (draws, seed, programme) =
        (run.provenance.draws, run.provenance.seed, run.provenance.programme.as_str());
    if !scenario.has_places() {
        out.push_str(&demand_alone(run, lang));
        out.push_str(&closing(run, lang, files));
        return out;
    }
    out.push_str(&match lang {
        Lang::Zh => format!("{round} 决策；项目口径 {programme}；{draws} 次抽样，种子 {seed}\n"),
        Lang::En => format!("round of {round}; programme {programme}; {draws} draws, seed {seed}\n"),
    });
    for d in scenario.frame.districts.ids() {
        for p in scenario.frame.stages.ids() {
            out.push_str(&stage_table(run, d, p, lang));
        }
    }
    out.push_str(&risk(run, lang));
    out.push_str(&actions(run, lang));
    out.push_str(&dates(run, lang));
    out.push_str(&worst_table(run, lang));
    out.push_str(&warning_line(run, lang));
    out.push_str(&closing(run, lang, files));
    out
}

/// What the band rests on, the overrides, and where the results are.
fn closing(run: &Run<'_>, lang: Lang, files: Option<&str>) -> String {
    note(&phrases::basis_line(run.scenario, lang), lang) + &overrides(run, lang) + &results_in(files, lang)
}

/// Demand of every district and stage, where places are not known.
fn demand_alone(run: &Run<'_>, lang: Lang) -> String {
    let (scenario, balances) = (run.scenario, &run.balances);
    let frame = &scenario.frame;
    let (draws, seed) = (run.provenance.draws, run.provenance.seed);
    let mut out = match lang {
        Lang::Zh => format!("没有学校表，只预测在校生需求；{draws} 次抽样，种子 {seed}\n"),
        Lang::En => format!("there is no table of schools: demand alone; {draws} draws, seed {seed}\n"),
    };
    for (d, district) in frame.districts.pairs() {
        let zones = frame.zones_in(Area::District(d));
        for (p, stage) in frame.stages.pairs() {
            let pupils = lang.pick("（人）", " (pupils)");
            let title = format!("{} · {}{pupils}", district.name.in_lang(lang), stage.name.in_lang(lang));
            let median = lang.pick("中位数", "median").to_owned();
            let mut table = grid(vec![title, "p10".to_owned(), median, "p90".to_owned()]);
            for (t, year) in scenario.calendar() {
                let of = |b: &Balance| b.sum(Figure::Demand, t, &zones, p);
                let mut demand: Vec<i64> = balances.draws.iter().map(of).collect();
                demand.sort_unstable();
                let cells = [0.1, 0.5, 0.9].map(|level| thousands(quantile(&demand, level)));
                table.add_row([vec![year.to_string()], cells.to_vec()].concat());
            }
            let columns = table.column_count();
            right(&mut table, 1..columns);
            out.push_str(&format!("\n{table}\n"));
        }
    }
    out
}

/// Need against places of one district and stage.
fn stage_table(run: &Run<'_>, d: DistrictId, p: StageId, lang: Lang) -> String {
    let frame = &run.scenario.frame;
    let lines: Vec<&BoardLine> =
        run.board.lines.iter().filter(|l| l.area == Area::District(d) && l.stage == p).collect();
    let title = format!(
        "{} · {}{}",
        frame.districts[d].name.in_lang(lang),
        frame.stages[p].name.in_lang(lang),
        lang.pick("（学位）", " (places)")
    );
    let mut heading = vec![title];
    heading.extend(lines.iter().map(|l| {
        let look = match run.scenario.horizon.look(l.lead) {
            Look::Secure => lang.pick("保障", "secure"),
            Look::Plan => lang.pick("规划", "plan"),
            Look::Outlook => lang.pick("研判", "outlook"),
        };
        format!("{} {look}", l.year)
    }));
    let mut table = grid(heading);
    let mut row = |zh: &str, en: &str, value: &dyn Fn(&BoardLine) -> i64| {
        let mut cells = vec![lang.pick(zh, en).to_owned()];
        cells.extend(lines.iter().map(|l| thousands(value(l))));
        table.add_row(cells);
    };
    row("需要", "need", &|l| l.need);
    for (i, footing) in Footing::ALL.into_iter().enumerate() {
        let zh = match footing {
            Footing::Open => "已有",
            Footing::Secured => "已落实",
            Footing::Planned => "已规划",
            Footing::Outlook => "远期储备",
        };
        row(zh, footing.code(), &|l| l.places[i]);
    }
    row("缺口", "missing", &|l| l.missing);
    row("全部备选建成", "with all candidates", &|l| l.with_candidates);
    let columns = table.column_count();
    right(&mut table, 1..columns);
    format!("\n{table}\n")
}

/// P(no group and stage lacks a place) next September.
fn risk(run: &Run<'_>, lang: Lang) -> String {
    let t = run.scenario.secured_year();
    let year = run.scenario.year_of(t);
    let p = run.balances.all_secured(&run.scenario.frame, Area::All, t) * 100.0;
    match lang {
        Lang::Zh => format!("\n{year} 年 9 月所有大学区、学段都不缺学位的概率：{p:.1} %\n"),
        Lang::En => format!("\nP(no group and stage lacks a place in September {year}) = {p:.1} %\n"),
    }
}

fn actions(run: &Run<'_>, lang: Lang) -> String {
    let frame = &run.scenario.frame;
    let heading = [
        ("行动", "action"),
        ("大学区", "group"),
        ("学段", "stage"),
        ("项目", "project"),
        ("环节", "gate"),
        ("年份", "for"),
        ("开办概率", "p_open"),
        ("最迟日期", "last safe"),
        ("缺口", "missing"),
    ];
    let mut table = headed(&heading, lang);
    // the nearest September first; within a step the largest gap first
    let mut order: Vec<_> = run.actions.iter().collect();
    order.sort_by_key(|a| (a.for_year, a.project.is_none(), -a.missing));
    for action in order.iter().take(SHOWN_ACTIONS) {
        table.add_row(vec![
            action.step.word(lang).to_owned(),
            frame.groups[action.group].name.in_lang(lang).to_owned(),
            frame.stages[action.stage].name.in_lang(lang).to_owned(),
            action.project.map_or_else(String::new, |j| run.scenario.projects[j].id.clone()),
            action.gate.map_or("", Gate::code).to_owned(),
            action.for_year.to_string(),
            action.p_open.map_or_else(String::new, |p| format!("{p:.3}")),
            action.last_safe.map_or_else(String::new, LastSafe::code),
            thousands(action.missing),
        ]);
    }
    let count = run.actions.len();
    let title = match lang {
        Lang::Zh => format!("\n本轮行动 {count} 项（全部及理由见 actions.csv）\n"),
        Lang::En => format!("\n{count} actions this round (all, with their reasons, in actions.csv)\n"),
    };
    if count == 0 { title } else { format!("{title}{table}\n") }
}

/// How many projects can still wait, and how many cannot.
fn dates(run: &Run<'_>, lang: Lang) -> String {
    let count =
        |wanted: &dyn Fn(LastSafe) -> bool| run.last_safe.iter().filter(|(_, date)| wanted(*date)).count();
    let now = run.scenario.round();
    let this_round = count(&|date| date == LastSafe::Date(now));
    let later = count(&|date| matches!(date, LastSafe::Date(month) if month > now));
    let passed = count(&|date| date == LastSafe::Passed);
    let none = count(&|date| date == LastSafe::NotNeeded);
    match lang {
        Lang::Zh => format!(
            "最迟决策日期（见 projects.csv）：本轮必须决定 {this_round} 个，可再等 {later} 个，已错过 {passed} 个，暂不需要 {none} 个\n"
        ),
        Lang::En => format!(
            "Last safe decision dates (projects.csv): {this_round} projects this round, {later} later, {passed} already passed, {none} not needed\n"
        ),
    }
}

fn worst_table(run: &Run<'_>, lang: Lang) -> String {
    let heading = [
        ("最需关注", "look at"),
        ("学段", "stage"),
        ("年份", "year"),
        ("预期缺口", "expected shortage"),
        ("缺口概率", "p_shortage"),
        ("学位", "places"),
    ];
    let mut table = headed(&heading, lang);
    let worst = worst(run);
    for place in &worst {
        let stage = run
            .scenario
            .frame
            .stage(&place.stage)
            .map_or(place.stage.as_str(), |p| run.scenario.frame.stages[p].name.in_lang(lang));
        table.add_row(vec![
            group_name(run, &place.group, lang),
            stage.to_owned(),
            place.year.to_string(),
            thousands(place.expected_shortage.round() as i64),
            format!("{:.2}", place.p_shortage),
            thousands(place.places),
        ]);
    }
    if worst.is_empty() {
        return lang.pick("\n没有预期缺口\n", "\nNo shortage is expected anywhere\n").to_owned();
    }
    format!("\n{table}\n")
}

fn group_name(run: &Run<'_>, id: &str, lang: Lang) -> String {
    let group = run.scenario.frame.groups.iter().find(|g| g.id == id);
    group.map_or_else(|| id.to_owned(), |g| g.name.in_lang(lang).to_owned())
}

/// Early warnings of next September, counted over zones.
fn warning_line(run: &Run<'_>, lang: Lang) -> String {
    let year = run.scenario.base_year + 1;
    let zone = |colour| {
        run.warnings
            .iter()
            .filter(|w| w.year == year && w.colour == colour && matches!(w.area, Area::Zone(_)))
            .count()
    };
    let (red, yellow, green) = (zone(Colour::Red), zone(Colour::Yellow), zone(Colour::Green));
    match lang {
        Lang::Zh => format!("\n{year} 年学位预警（学区×学段）：红 {red}，黄 {yellow}，绿 {green}\n"),
        Lang::En => {
            format!("\nEarly warnings {year} (zone x stage): {red} red, {yellow} yellow, {green} green\n")
        }
    }
}

/// Who entered what, when and why, with the pupils it makes.
fn overrides(run: &Run<'_>, lang: Lang) -> String {
    let Some(plain) = &run.plain else { return String::new() };
    let total = |t: YearOffset, path: &Path| -> i64 { path.year(t).iter().map(|&n| i64::from(n)).sum() };
    let last = YearOffset::new(run.scenario.years_ahead());
    let more = total(last, &run.forecast.central) - total(last, plain);
    let until = run.scenario.until;
    let mut out = match lang {
        Lang::Zh => format!("\n人工调整使 {until} 年在校生{}：\n", signed(more, "增加", "减少", " 人")),
        Lang::En => {
            format!("\nOverrides make pupils in {until} {}:\n", signed(more, "more by", "fewer by", ""))
        }
    };
    for o in &run.scenario.overrides {
        let years = match (o.until, lang) {
            (Some(until), _) if until == o.from => o.from.to_string(),
            (Some(until), _) => format!("{}–{until}", o.from),
            (None, Lang::Zh) => format!("{} 年起", o.from),
            (None, Lang::En) => format!("from {}", o.from),
        };
        out.push_str(&match lang {
            Lang::Zh => format!("  {}（{years}）：{}。{}，{}\n", o.id, o.reason, o.author, o.date),
            Lang::En => format!("  {} ({years}): {}. {}, {}\n", o.id, o.reason, o.author, o.date),
        });
    }
    out
}

fn signed(n: i64, more: &str, fewer: &str, unit: &str) -> String {
    format!("{} {}{unit}", if n < 0 { fewer } else { more }, thousands(n.abs()))
}
