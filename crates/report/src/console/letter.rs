//! The year's letter in words: outlook, what changed since the last one and why, actions, last safe dates, and what could go
//! wrong with the sign that shows it.

use seatcast_core::{
    Lang, Scenario,
    cycle::{Action, BoardLine, Break, FiledRound, LastSafe, Policy, Step, ThenNow, Turn, Turned},
    demand::DemandPart,
    forecast::ChangeRow,
    geography::Area,
    index::{ProjectId, Table},
};

use super::note;
use crate::phrases::{self, explained::demand_word, thousands};

/// Groups and stages whose changed forecast is told, the largest changes first.
const MOST_CHANGES: usize = 12;

/// What a break adds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Danger {
    /// The break.
    pub broken: Break,
    /// How often the scenario says it happens: share of the futures, or of the estates.
    pub often: f64,
    /// Futures with it.
    pub count: usize,
    /// Seat-years short more than where nothing breaks.
    pub more: f64,
    /// Standard error of that.
    pub error: f64,
}

/// What a letter says.
#[derive(Debug)]
pub struct Letter<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The rule.
    pub policy: &'a Policy,
    /// Lines of the districts on the board.
    pub lines: Vec<&'a BoardLine>,
    /// What is to be decided.
    pub actions: Vec<&'a Action>,
    /// Year each project is needed in, and its last safe date.
    pub last_safe: &'a Table<ProjectId, (Option<i32>, LastSafe)>,
    /// Seat-years lost if each project waits a year.
    pub waiting: &'a Table<ProjectId, f64>,
    /// The round archived last, and what became of its decisions.
    pub since: Option<(&'a FiledRound, &'a [Turned])>,
    /// What changed since last year's forecast; empty if it cannot be made again.
    pub changes: &'a [ChangeRow],
    /// What could go wrong.
    pub dangers: Vec<Danger>,
    /// Futures tried.
    pub futures: u32,
}

/// The letter as Markdown.
pub fn letter_text(letter: &Letter<'_>, lang: Lang) -> String {
    let scenario = letter.scenario;
    let round = scenario.round();
    let mut out = match lang {
        Lang::Zh => format!("# {}：{round} 学位决策函\n\n", scenario.name.zh),
        Lang::En => format!("# {}: places to decide on, {round}\n\n", scenario.name.en),
    };
    let notice = scenario.display.notice.in_lang(lang);
    if !notice.is_empty() {
        out.push_str(&format!("> {notice}\n\n"));
    }
    outlook(letter, lang, &mut out);
    changed(letter, lang, &mut out);
    actions(letter, lang, &mut out);
    dates(letter, lang, &mut out);
    dangers(letter, lang, &mut out);
    out.push('\n');
    out.push_str(&note(&phrases::basis_line(scenario, lang), lang));
    out
}

fn outlook(letter: &Letter<'_>, lang: Lang, out: &mut String) {
    let frame = &letter.scenario.frame;
    out.push_str(lang.pick(
        "## 展望\n\n需要 = 该提前期要求把握下的学位；缺 = 已有、已落实、已规划（及展望期的储备）都算上仍缺。\n\n| 区 | 学段 | 年份 | 需要 | 缺 |\n|---|---|---|---|---|\n",
        "## Outlook\n\nNeed = places at the level of the lead; missing = what open, secured, planned places (and the rest of the programme in the outlook) leave.\n\n| district | stage | year | need | missing |\n|---|---|---|---|---|\n",
    ));
    for line in &letter.lines {
        let Area::District(d) = line.area else { continue };
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            frame.districts[d].name.in_lang(lang),
            frame.stages[line.stage].name.in_lang(lang),
            line.year,
            thousands(line.need),
            thousands(line.missing)
        ));
    }
}

fn changed(letter: &Letter<'_>, lang: Lang, out: &mut String) {
    out.push_str(
        lang.pick("\n## 与上一轮相比，及其原因\n\n", "\n## What changed since the last round, and why\n\n"),
    );
    forecasts(letter, lang, out);
    match letter.since {
        None => out.push_str(lang.pick(
            "没有更早一轮的决策存档，无从对照。用 `seatcast cycle --file-round` 存档本轮，明年的决策函即可逐项对照。\n",
            "No earlier round is archived to compare with. `seatcast cycle --file-round` archives this one; next year's letter then tells what became of it.\n",
        )),
        Some((filed, turned)) => {
            let n = turned.len();
            out.push_str(&match lang {
                Lang::Zh => format!("对照 {} 年存档（`{}`）。{n} 项有变动或已落实；其余照旧。\n", filed.base_year, filed.name),
                Lang::En => format!(
                    "Compared with the round of {} (`{}`). {n} decisions changed or were carried out; the rest goes on as it was.\n",
                    filed.base_year, filed.name
                ),
            });
            for turn in Turn::ALL {
                let of: Vec<&Turned> = turned.iter().filter(|t| t.turn == turn).collect();
                if of.is_empty() {
                    continue;
                }
                out.push_str(&format!("\n**{}**\n\n", phrases::turn(turn, lang)));
                for turned in of {
                    decision(letter, turned, lang, out);
                }
            }
        }
    }
}

/// The forecast of the plan year by group and stage, last year's against this year's, cause by cause.
fn forecasts(letter: &Letter<'_>, lang: Lang, out: &mut String) {
    let scenario = letter.scenario;
    let frame = &scenario.frame;
    let plan = scenario.base_year + letter.policy.horizon.plan;
    let Some(year) = letter.changes.iter().map(|c| c.year).filter(|y| *y <= plan).max() else {
        out.push_str(lang.pick(
            "上一年的预测无法重现（情景中没有当时已知的数据），所以只对照决策，不拆分预测的变化。\n\n",
            "Last year's forecast cannot be made again (the scenario does not hold what was known then), so decisions are compared and the change of the forecast is not split.\n\n",
        ));
        return;
    };
    let mut rows: Vec<&ChangeRow> = letter
        .changes
        .iter()
        .filter(|c| {
            matches!(c.area, Area::Group(_)) && c.grade.is_none() && c.year == year && c.before != c.after
        })
        .collect();
    rows.sort_by_key(|c| std::cmp::Reverse((c.after - c.before).abs()));
    if rows.is_empty() {
        out.push_str(&match lang {
            Lang::Zh => format!("{year} 年的预测与上一年相同。\n\n"),
            Lang::En => format!("The forecast of {year} is that of last year.\n\n"),
        });
        return;
    }
    let parts: Vec<usize> =
        (0..DemandPart::ALL.len()).filter(|&i| rows.iter().any(|c| c.parts[i] != 0)).collect();
    let causes = parts.iter().map(|&i| demand_word(DemandPart::ALL[i], lang)).collect::<Vec<_>>().join(" | ");
    out.push_str(&match lang {
        Lang::Zh => format!("{year} 年在校生预测的变化，按原因拆分（相加即为全部变化）：\n\n| 大学区 | 学段 | 上一年 | 本年 | {causes} |\n"),
        Lang::En => format!("Forecast pupils of {year}, and why the figure changed (the parts add to the change):\n\n| group | stage | last year | this year | {causes} |\n"),
    });
    out.push_str(&format!("|---|---|---|---|{}\n", "---|".repeat(parts.len())));
    for row in rows.iter().take(MOST_CHANGES) {
        let Area::Group(group) = row.area else { continue };
        let of: Vec<String> = parts.iter().map(|&i| signed(row.parts[i])).collect();
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            frame.groups[group].name.in_lang(lang),
            frame.stages[row.stage].name.in_lang(lang),
            thousands(row.before),
            thousands(row.after),
            of.join(" | ")
        ));
    }
    if let Some(more) = rows.len().checked_sub(MOST_CHANGES).filter(|more| *more > 0) {
        out.push_str(&match lang {
            Lang::Zh => format!("\n另有 {more} 项变化较小，见 `seatcast run` 的 `changes.csv`。\n"),
            Lang::En => format!("\n{more} smaller changes are in `changes.csv` of `seatcast run`.\n"),
        });
    }
    out.push('\n');
}

fn signed(n: i64) -> String {
    if n > 0 { format!("+{}", thousands(n)) } else { thousands(n) }
}

/// One decision that turned, with the figures it turned on.
fn decision(letter: &Letter<'_>, turned: &Turned, lang: Lang, out: &mut String) {
    let scenario = letter.scenario;
    let frame = &scenario.frame;
    let name = turned.project.map_or(turned.id.as_str(), |j| scenario.projects[j].name.in_lang(lang));
    let (group, stage) =
        (frame.groups[turned.group].name.in_lang(lang), frame.stages[turned.stage].name.in_lang(lang));
    let none = lang.pick("无", "nothing");
    let step = |step: Option<Step>| step.map_or(none, |step| step.word(lang));
    let mut said = vec![match (turned.step, lang) {
        ((None, None), _) if turned.turn == Turn::New => {
            lang.pick("规则之外决定的", "decided outside the rule").to_owned()
        }
        ((then, now), Lang::Zh) => format!("上一轮：{}，本轮：{}", step(then), step(now)),
        ((then, now), Lang::En) => format!("then: {}, now: {}", step(then), step(now)),
    }];
    if let (Some(then), Some(now)) = turned.status
        && then != now
    {
        let (then, now) = (then.word(lang), now.word(lang));
        said.push(match lang {
            Lang::Zh => format!("进度由{then}到{now}"),
            Lang::En => format!("status {then} then, {now} now"),
        });
    }
    if turned.status.1.is_none() {
        said.push(lang.pick("项目表中已无此项目", "no longer among the projects").to_owned());
    }
    if let (Some(then), Some(now)) = turned.opens {
        said.push(match (then == now, lang) {
            (true, Lang::Zh) => format!("{now} 年开办"),
            (true, Lang::En) => format!("opens {now}"),
            (false, Lang::Zh) => format!("{now} 年开办，原为 {then} 年"),
            (false, Lang::En) => format!("opens {now} instead of {then}"),
        });
    }
    // why: what the decision rests on, then and now; carried out as decided needs no reason
    if turned.turn != Turn::Kept {
        let mut moved = |(zh, en): (&str, &str), pair: ThenNow<i64>| {
            if let (Some(then), Some(now)) = pair
                && then != now
            {
                let (then, now, year) = (thousands(then), thousands(now), turned.year);
                said.push(match lang {
                    Lang::Zh => format!("{year} 年{zh}由 {then} 变为 {now}"),
                    Lang::En => format!("{en} {year} {then} then, {now} now"),
                });
            }
        };
        moved(("需要的学位", "places needed in"), turned.need);
        moved(("计划内学位", "places on the programme in"), turned.programme);
    }
    out.push_str(&match lang {
        Lang::Zh => format!("- {name}（{group}{stage}）：{}。\n", said.join("；")),
        Lang::En => format!("- {name} ({group}, {stage}): {}.\n", said.join("; ")),
    });
}

fn actions(letter: &Letter<'_>, lang: Lang, out: &mut String) {
    let frame = &letter.scenario.frame;
    let mut by = |title: &str, wanted: &[Step]| {
        out.push_str(&format!("\n## {title}\n\n"));
        let of: Vec<_> = letter.actions.iter().filter(|a| wanted.contains(&a.step)).collect();
        if of.is_empty() {
            out.push_str(lang.pick("无。\n", "None.\n"));
        }
        for action in of {
            let project = action
                .project
                .map_or_else(String::new, |j| format!(" {}", letter.scenario.projects[j].name.in_lang(lang)));
            let (step, group, stage) = (
                capital(action.step.word(lang)),
                frame.groups[action.group].name.in_lang(lang),
                frame.stages[action.stage].name.in_lang(lang),
            );
            let (levels, horizon) = (letter.policy.levels, letter.policy.horizon);
            let reason = phrases::reason_of(action, letter.scenario.base_year, levels, horizon, lang);
            out.push_str(&match lang {
                Lang::Zh => format!("- **{step}**{project}（{group}{stage}）：{reason}\n"),
                Lang::En => format!("- **{step}**{project} ({group}, {stage}): {reason}\n"),
            });
        }
    };
    by(lang.pick("落实明年", "Secure next year"), &[Step::Secure, Step::Hurry, Step::Uncovered]);
    by(lang.pick("规划三年", "Plan three years ahead"), &[Step::Plan, Step::Defer]);
    by(lang.pick("备地六年", "Sites for six years ahead"), &[Step::Outlook, Step::Cancel]);
}

/// With a capital letter first: how an entry of a list begins.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn dates(letter: &Letter<'_>, lang: Lang, out: &mut String) {
    out.push_str(lang.pick(
        "\n## 最迟决策日期\n\n“已错过”= 该年已经需要，现在决定也赶不上那年九月；以后的年份仍可能需要它。\n\n| 项目 | 需要年份 | 最迟日期 | 再等一年多缺（学位·年） |\n|---|---|---|---|\n",
        "\n## Last safe dates\n\n\"Passed\" = it is needed in that year and cannot be open by its September any more, even if it is decided now; later years may still need it.\n\n| project | needed in | last safe date | lost by waiting a year (seat-years) |\n|---|---|---|---|\n",
    ));
    for (j, (needed, date)) in letter.last_safe.pairs() {
        if !matches!(date, LastSafe::Date(_) | LastSafe::Passed) {
            continue;
        }
        let date = match date {
            LastSafe::Passed => lang.pick("已错过", "passed").to_owned(),
            other => other.code(),
        };
        out.push_str(&format!(
            "| {} | {} | {date} | {} |\n",
            letter.scenario.projects[j].name.in_lang(lang),
            needed.map_or_else(String::new, |y| y.to_string()),
            thousands(letter.waiting[j].round() as i64),
        ));
    }
}

fn dangers(letter: &Letter<'_>, lang: Lang, out: &mut String) {
    let futures = letter.futures;
    out.push_str(&match lang {
        Lang::Zh => format!(
            "\n## 可能出错之处，及其征兆\n\n{futures} 种未来中按本规则逐年决策；“多缺”是与无变故的未来相比的差（± 95% 区间）。“频率”由情景的 `breaks` 给定，做预测的人并不知道；楼盘晚交付为占楼盘的比例，其余为占未来的比例。小于自身 ± 的数与偶然无法区分。\n\n| 变故 | 频率 | 未来数 | 多缺（学位·年） | 征兆 |\n|---|---|---|---|---|\n"
        ),
        Lang::En => format!(
            "\n## What could go wrong, and the sign of it\n\nThe rule was played through {futures} futures; \"more short\" is against those in which nothing broke (± 95 %). How often is stated by `breaks` of the scenario and unknown to whoever forecasts: a share of the estates for late estates, of the futures for the rest. A figure smaller than its ± cannot be told from chance.\n\n| break | how often | futures | more short (seat-years) | sign |\n|---|---|---|---|---|\n"
        ),
    });
    for danger in &letter.dangers {
        let (name, sign) = danger_words(danger.broken, lang);
        out.push_str(&format!(
            "| {name} | {:.0} % | {} | {} ± {} | {sign} |\n",
            danger.often * 100.0,
            danger.count,
            thousands(danger.more.round() as i64),
            thousands((1.96 * danger.error).round() as i64),
        ));
    }
}

fn danger_words(broken: Break, lang: Lang) -> (&'static str, &'static str) {
    match broken {
        Break::BirthsTurn => (
            lang.pick("出生数转折", "births turn"),
            lang.pick(
                "户籍登记连续两年同向偏离 4% 以上",
                "registrations leave the held path by 4 % two years running",
            ),
        ),
        Break::EntryStep => (
            lang.pick("入学比例跳变", "a step in entry"),
            lang.pick(
                "小一报名与当年适龄儿童之比偏离预测 5% 以上",
                "applicants per child differ from the forecast by 5 % or more",
            ),
        ),
        Break::Policy => (
            lang.pick("政策变化", "a change of policy"),
            lang.pick(
                "民办转公、积分线调整的文件",
                "papers on private schools turning public, or on admission points",
            ),
        ),
        Break::EstateLate => (
            lang.pick("楼盘晚交付", "an estate is late"),
            lang.pick(
                "公布的交付月份已过而未入住",
                "the published month has gone by and nobody has moved in",
            ),
        ),
        Break::BrokenYear => (
            lang.pick("异常年份", "a broken year"),
            lang.pick("新生数骤降，次年多出", "entry falls at once and comes back the year after"),
        ),
        Break::SlowBuilders => (
            lang.pick("施工普遍拖延", "slow builders"),
            lang.pick("台账里节点普遍晚于常规", "milestones of the ledger are late everywhere"),
        ),
    }
}
