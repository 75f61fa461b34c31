//! The year's letter in words: outlook, plan, actions, last safe dates, and what could go wrong with the sign that shows it.

use seatcast_core::{
    Lang, Scenario,
    cycle::{Action, BoardLine, Break, LastSafe, Policy, Step},
    geography::Area,
};

use crate::words::{self, thousands};

/// What a break adds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Danger {
    /// The break.
    pub broken: Break,
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
    pub last_safe: &'a [(Option<i32>, LastSafe)],
    /// Seat-years lost if each project waits a year.
    pub waiting: &'a [f64],
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
    actions(letter, lang, &mut out);
    dates(letter, lang, &mut out);
    dangers(letter, lang, &mut out);
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
                words::step_word(action.step, lang),
                frame.groups[action.group].name.in_lang(lang),
                frame.stages[action.stage].name.in_lang(lang),
            );
            let reason = words::reason(letter.scenario, action, lang);
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

fn dates(letter: &Letter<'_>, lang: Lang, out: &mut String) {
    out.push_str(lang.pick(
        "\n## 最迟决策日期\n\n| 项目 | 需要年份 | 最迟日期 | 再等一年多缺（学位·年） |\n|---|---|---|---|\n",
        "\n## Last safe dates\n\n| project | needed in | last safe date | lost by waiting a year (seat-years) |\n|---|---|---|---|\n",
    ));
    for (j, (needed, date)) in letter.last_safe.iter().enumerate() {
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
            "\n## 可能出错之处，及其征兆\n\n{futures} 种未来中按本规则逐年决策；“多缺”是与无变故的未来相比的差（± 95% 区间）。\n\n| 变故 | 未来数 | 多缺（学位·年） | 征兆 |\n|---|---|---|---|\n"
        ),
        Lang::En => format!(
            "\n## What could go wrong, and the sign of it\n\nThe rule was played through {futures} futures; \"more short\" is against those in which nothing broke (± 95 %).\n\n| break | futures | more short (seat-years) | sign |\n|---|---|---|---|\n"
        ),
    });
    for danger in &letter.dangers {
        let (name, sign) = danger_words(danger.broken, lang);
        out.push_str(&format!(
            "| {name} | {} | {} ± {} | {sign} |\n",
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
