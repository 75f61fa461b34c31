//! Words of the board, the actions and the charts in both languages.

use seatcast_core::{
    Lang, Scenario,
    balance::Colour,
    cycle::{Action, Step},
};

/// Why an action is asked for, in one sentence with its figures.
pub(crate) fn reason(scenario: &Scenario, action: &Action, lang: Lang) -> String {
    let Action { need, supply, missing, for_year, adds, .. } = action;
    let percent = |level: f64| format!("{} %", (level * 1000.0).round() / 10.0);
    let p_open = action.p_open.map_or_else(String::new, |p| format!("{p:.3}"));
    let (levels, horizon) = (scenario.levels, scenario.horizon);
    match (action.step, lang) {
        (Step::Outlook, Lang::Zh) => format!(
            "{}–{} 年每年的需求中位数都高于现有计划，{for_year} 年最甚：需 {need}，有 {supply}，缺 {missing}。开启用地环节花费少、可撤回",
            scenario.base_year + horizon.plan + 1,
            scenario.base_year + horizon.outlook
        ),
        (Step::Outlook, Lang::En) => format!(
            "median need exceeds the programme in each year {}-{}, most in {for_year}: {need} needed, {supply} there, {missing} missing; a site gate is cheap and can be undone",
            scenario.base_year + horizon.plan + 1,
            scenario.base_year + horizon.outlook
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

/// What the forecast rests on that every output must say: where the sizes of the shocks come from, and overrides.
pub(crate) fn basis_line(scenario: &Scenario, lang: Lang) -> String {
    let shocks = shocks_line(scenario, lang);
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

/// A colour in words.
pub(crate) fn colour(colour: Colour, lang: Lang) -> &'static str {
    let zh = match colour {
        Colour::Green => "绿",
        Colour::Yellow => "黄",
        Colour::Red => "红",
    };
    lang.pick(zh, colour.code())
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
