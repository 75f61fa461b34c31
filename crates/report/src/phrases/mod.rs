//! Texts in both languages that several outputs share.

pub(crate) mod backtest;
pub(crate) mod explained;

use seatcast_core::{
    Lang, Scenario,
    backtest::ledger::BiasRun,
    balance::{Colour, Warning},
    cycle::{Action, Step, Turn, learns},
    geography::Frame,
    time::{Horizon, Levels},
};

/// Why an action is asked for, in one sentence with its figures.
pub(crate) fn reason(scenario: &Scenario, action: &Action, lang: Lang) -> String {
    reason_of(action, scenario.base_year, scenario.levels, scenario.horizon, lang)
}

/// The same for the round of `year` under other levels and horizons.
pub(crate) fn reason_of(action: &Action, year: i32, levels: Levels, horizon: Horizon, lang: Lang) -> String {
    let Action { need, supply, missing, for_year, adds, .. } = action;
    let percent = |level: f64| format!("{} %", (level * 1000.0).round() / 10.0);
    let p_open = action.p_open.map_or_else(String::new, |p| format!("{p:.3}"));
    match (action.step, lang) {
        (Step::Outlook, Lang::Zh) => format!(
            "{}–{} 年每年的需求中位数都高于现有计划，{for_year} 年最甚：需 {need}，有 {supply}，缺 {missing}。开启用地环节花费少、可撤回",
            year + horizon.plan + 1,
            year + horizon.outlook
        ),
        (Step::Outlook, Lang::En) => format!(
            "median need exceeds the programme in each year {}-{}, most in {for_year}: {need} needed, {supply} there, {missing} missing; a site gate is cheap and can be undone",
            year + horizon.plan + 1,
            year + horizon.outlook
        ),
        (Step::Plan, Lang::Zh) => format!(
            "{for_year} 年学位满足需求的概率为 {}，要求 {}；需求持续。现在开工，届时开办概率 {p_open}，当年可用 {adds}",
            percent(action.p_met.unwrap_or(0.0)),
            percent(levels.plan)
        ),
        (Step::Plan, Lang::En) => format!(
            "places meet need in {for_year} with probability {}, asked is {}; the need lasts; built now it opens in time with probability {p_open} and adds {adds} that year",
            percent(action.p_met.unwrap_or(0.0)),
            percent(levels.plan)
        ),
        (Step::Secure, Lang::Zh) => format!(
            "{for_year} 年按 {} 把握需 {need}，已落实 {supply}，缺 {missing}。现在开工，届时开办概率 {p_open}，当年可用 {adds}",
            percent(levels.secure)
        ),
        (Step::Secure, Lang::En) => format!(
            "{} of futures are met with {need} places in {for_year}, {supply} are sure, {missing} are missing; built now it opens in time with probability {p_open} and adds {adds} that year",
            percent(levels.secure)
        ),
        (Step::Cancel, Lang::Zh) => format!(
            "不建此项目，{for_year} 年需 {need}、有 {supply}，展望期各年的需求中位数也都满足：签约前退回用地"
        ),
        (Step::Cancel, Lang::En) => format!(
            "without it {need} places are needed and {supply} are there in {for_year}, and the median need of every year of the outlook is met: the site is given back before contract"
        ),
        (Step::Defer, Lang::Zh) => format!(
            "用地已落实；{for_year} 年需 {need}、有 {supply}，达到规划把握，或需求不够持久、由快建学位承担更省：今年不开工，明年再议"
        ),
        (Step::Defer, Lang::En) => format!(
            "the site is there; {need} places are needed and {supply} count in {for_year}, that is enough at the plan level, or the need does not last, or quick places serve it for less: not built this year, looked at again next year"
        ),
        (Step::Hurry, Lang::Zh) => format!(
            "{for_year} 年按 {} 把握需 {need}，已落实 {supply}，缺 {missing}。赶工后届时开办概率 {p_open}，当年可用 {adds}",
            percent(levels.secure)
        ),
        (Step::Hurry, Lang::En) => format!(
            "{} of futures are met with {need} places in {for_year}, {supply} are sure, {missing} are missing; hurried it opens in time with probability {p_open} and adds {adds} that year",
            percent(levels.secure)
        ),
        (Step::Uncovered, Lang::Zh) => format!(
            "{for_year} 年按 {} 把握仍缺 {missing}，已无项目来得及：需扩班额、借用或分流",
            percent(levels.secure)
        ),
        (Step::Uncovered, Lang::En) => format!(
            "{missing} places are missing in {for_year} at {} and no project can open in time: stretch classes, borrow places or divert pupils",
            percent(levels.secure)
        ),
    }
}

/// A policy in words; one that is named by its years, or by the planner, keeps its name.
pub(crate) fn policy(name: &str, lang: Lang) -> String {
    let (zh, en) = match name {
        "never-prefab" => ("不用预制", "never prefab"),
        "prefab-only" => ("只用预制", "prefab only"),
        "static-5" => ("五年一定", "plan kept 5 years"),
        "foresight" => ("事后最优", "perfect foresight"),
        "short-outlook" => ("少看一年", "outlook a year shorter"),
        "short-plan" => ("少规划一年", "plan a year shorter"),
        "gates-together" => ("备地与建设一并决定", "both gates at once"),
        _ => {
            return match (name.strip_prefix("held-"), lang) {
                (Some(n), Lang::Zh) => format!("常备预制 {n} 所"),
                (Some(n), Lang::En) => format!("{n} prefabs held ready"),
                (None, _) => name.to_owned(),
            };
        }
    };
    lang.pick(zh, en).to_owned()
}

/// What is worth something, in words.
pub(crate) fn worth(code: &str, lang: Lang) -> &'static str {
    match code {
        "last_outlook_year" => lang.pick("展望的最后一年", "the last year of the outlook"),
        "last_plan_year" => lang.pick("规划的最后一年", "the last year of the plan"),
        "held_prefab" => lang.pick("常备预制校舍", "prefab schools held ready"),
        _ => lang.pick("先备地、后建设", "the site gate ahead of the build gate"),
    }
}

/// What became of a decision, as a heading.
pub(crate) fn turn(turn: Turn, lang: Lang) -> &'static str {
    match turn {
        Turn::Kept => lang.pick("已按决定办理", "Kept"),
        Turn::Deferred => lang.pick("推迟", "Deferred"),
        Turn::Dropped => lang.pick("取消", "Dropped"),
        Turn::Hurried => lang.pick("提前", "Hurried"),
        Turn::New => lang.pick("新增", "New"),
    }
}

/// What the forecast rests on that every output must say: where the sizes of the shocks come from, and overrides.
pub(crate) fn basis_line(scenario: &Scenario, lang: Lang) -> String {
    with_overrides(shocks_line(scenario, lang), scenario, lang)
}

/// The same of a closed loop, whose rounds learn anew what is learnt.
pub(crate) fn loop_basis_line(scenario: &Scenario, lang: Lang) -> String {
    let shocks = shocks_line(scenario, lang);
    let line = match (learns(scenario), lang) {
        (false, _) => shocks,
        (true, Lang::Zh) => format!("{shocks}；每轮重新学习"),
        (true, Lang::En) => format!("{shocks}; what the rolls teach is learnt anew in every round"),
    };
    with_overrides(line, scenario, lang)
}

fn with_overrides(shocks: String, scenario: &Scenario, lang: Lang) -> String {
    match (scenario.overrides.len(), lang) {
        (0, _) => shocks,
        (n, Lang::Zh) => format!("{shocks}；含 {n} 项人工调整（见 overrides.csv）"),
        (1, Lang::En) => format!("{shocks}; 1 override by a planner is in it (overrides.csv)"),
        (n, Lang::En) => format!("{shocks}; {n} overrides by planners are in it (overrides.csv)"),
    }
}

/// Where the sizes of the shocks come from.
fn shocks_line(scenario: &Scenario, lang: Lang) -> String {
    match (scenario.uncertainty, scenario.learnt().filter(|learnt| learnt.has_sizes())) {
        (Some(_), _) => lang
            .pick(
                "不确定性由情景文件给定，未由本区历史学得",
                "uncertainty is given by the scenario, not learnt from history",
            )
            .to_owned(),
        (None, Some(learnt)) => {
            let (first, last, known) = learnt.years();
            match lang {
                Lang::Zh => format!("不确定性由本区历史学得（{first}–{last} 年，{known} 年在校生数）"),
                Lang::En => format!(
                    "uncertainty is learnt from the district's own history ({first}-{last}, {known} years of rolls)"
                ),
            }
        }
        (None, None) => lang
            .pick(
                "不确定性为默认值，未由本区历史学得",
                "uncertainty is a stated default, not learnt from history",
            )
            .to_owned(),
    }
}

/// One warning as the public reads it.
pub(crate) fn warning(frame: &Frame, warning: &Warning, lang: Lang) -> String {
    let name = frame.area_name(warning.area);
    let stage = &frame.stages[warning.stage].name;
    let colour = colour(warning.colour, lang);
    let (entrants, places) = (thousands(warning.entrants as i64), thousands(warning.places as i64));
    let share = warning.ratio.map(|r| (r * 100.0).round());
    match (lang, share) {
        (Lang::Zh, Some(share)) => format!(
            "{} 年秋季{}{}：预计新生 {entrants} 人，起始年级学位 {places} 个，占 {share} %，{colour}色预警",
            warning.year, name.zh, stage.zh
        ),
        (Lang::Zh, None) => {
            format!(
                "{} 年秋季{}{}：预计新生 {entrants} 人，没有学位，{colour}色预警",
                warning.year, name.zh, stage.zh
            )
        }
        (Lang::En, Some(share)) => format!(
            "autumn {}, {}, {}: {entrants} children expected for {places} places in the entry grade, {share} %, {colour}",
            warning.year, name.en, stage.en
        ),
        (Lang::En, None) => format!(
            "autumn {}, {}, {}: {entrants} children expected and no place in the entry grade, {colour}",
            warning.year, name.en, stage.en
        ),
    }
}

/// A colour in words.
pub(crate) fn colour(colour: Colour, lang: Lang) -> &'static str {
    let zh = match colour {
        Colour::Green => "绿",
        Colour::Yellow => "黄",
        Colour::Red => "红",
    };
    lang.pick(zh, colour.code())
}

/// A run of errors in plain words.
pub(crate) fn bias(scenario: &Scenario, run: &BiasRun, lang: Lang) -> String {
    let frame = &scenario.frame;
    let area = frame.area_name(run.area);
    let stage = frame.stages[run.stage].name.in_lang(lang);
    let (low, high) = (run.range.0, run.range.1);
    let (low, high) = (format!("{low:.0}"), format!("{high:.0}"));
    let size = if low == high { format!("{low} %") } else { format!("{low}–{high} %") };
    let n = run.years.len();
    let (first, last) = (run.years[0], run.years[n - 1]);
    let grade = run.grade.map(|g| frame.grade_id(g));
    match lang {
        Lang::Zh => {
            let what = grade.map_or_else(|| stage.to_owned(), |g| format!("{stage} {g} 年级"));
            let how = if run.over { "高估" } else { "低估" };
            format!(
                "连续 {n} 年（{first}–{last}），{}{what}提前 {} 年的预测{how} {size}",
                area.in_lang(lang),
                run.lead
            )
        }
        Lang::En => {
            let what = grade.map_or_else(|| stage.to_owned(), |g| format!("{stage} grade {g}"));
            let how = if run.over { "over-forecast" } else { "under-forecast" };
            let years = if run.lead == 1 { "year" } else { "years" };
            format!(
                "{} years running ({first}-{last}), {what} in {} {how} by {size}, {} {years} ahead",
                in_words(n),
                area.in_lang(lang),
                run.lead
            )
        }
    }
}

fn in_words(n: usize) -> String {
    const WORDS: [&str; 10] =
        ["three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    n.checked_sub(3).and_then(|i| WORDS.get(i)).map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

/// A whole number with a comma between groups of three digits.
pub(crate) fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if number < 0 { format!("-{out}") } else { out }
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn thousands_are_separated() {
        assert_eq!([0, 999, 1000, -1_234_567].map(thousands), ["0", "999", "1,000", "-1,234,567"]);
    }
}
