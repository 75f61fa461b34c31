//! A shortage explained in words: against what, by which causes, in one sentence.

use seatcast_core::{
    Lang,
    balance::{GapPart, PARTS, Reference},
    demand::DemandPart,
};

use super::thousands;

/// Causes named in a sentence on either side; the rest are summed.
const NAMED: usize = 3;

/// A shortage explained: of a group, or summed over the groups of a district.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Explained {
    pub(crate) year: i32,
    pub(crate) reference: Reference,
    pub(crate) before: i64,
    pub(crate) parts: [i64; PARTS],
}

impl Explained {
    pub(crate) fn after(&self) -> i64 {
        self.before + self.parts.iter().sum::<i64>()
    }
}

/// Whose shortage it is, in the words of a reader.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whose<'a> {
    pub(crate) area: &'a str,
    pub(crate) stage: &'a str,
    pub(crate) base_year: i32,
    pub(crate) lang: Lang,
}

/// What the reference is called.
pub(crate) fn reference_words(reference: Reference, base_year: i32, lang: Lang) -> String {
    match (reference, lang) {
        (Reference::BaseYear, Lang::Zh) => format!(" {base_year} 年"),
        (Reference::BaseYear, Lang::En) => format!("{base_year}"),
        (Reference::Forecast(year), Lang::Zh) => format!(" {year} 年所作的预测"),
        (Reference::Forecast(year), Lang::En) => format!("the forecast of {year}"),
    }
}

/// A part in words.
pub(crate) fn part_words(part: GapPart, lang: Lang) -> &'static str {
    let (zh, en) = match part {
        GapPart::Demand(part) => demand_words(part),
        GapPart::Opened => ("新开学位", "places opened"),
        GapPart::Late => ("开办时间变动", "openings moved"),
        GapPart::Retired => ("减少的学位", "places lost"),
        GapPart::Lent => ("借出借入", "places lent"),
    };
    lang.pick(zh, en)
}

/// A cause of a change of pupils in words.
pub(crate) fn demand_word(part: DemandPart, lang: Lang) -> &'static str {
    let (zh, en) = demand_words(part);
    lang.pick(zh, en)
}

/// A part of the demand side, Chinese and English.
fn demand_words(part: DemandPart) -> (&'static str, &'static str) {
    match part {
        DemandPart::NewData => ("实际在校生数", "rolls counted since"),
        DemandPart::Children => ("适龄儿童", "children"),
        DemandPart::EntryRatio => ("入学率", "entry ratio"),
        DemandPart::Progression => ("升级与流动", "progression and migration"),
        DemandPart::Transition => ("升学率", "transition"),
        DemandPart::Housing => ("新建住房", "housing"),
        DemandPart::PublicShare => ("公办占比", "public share"),
        DemandPart::Overrides => ("人工调整", "overrides"),
    }
}

/// One sentence: how many lack a place, against what, and why.
pub(crate) fn sentence(whose: Whose<'_>, all: &Explained) -> String {
    let Whose { area: place, stage, base_year, lang } = whose;
    let (year, after, before) = (all.year, all.after(), all.before);
    let reference = reference_words(all.reference, base_year, lang);
    let lacking = match (after, lang) {
        (0, Lang::Zh) => format!("{place}{stage} {year} 年不缺学位"),
        (0, Lang::En) => format!("{place}, {stage}, {year}: no pupil lacks a place"),
        (1, Lang::En) => format!("{place}, {stage}, {year}: 1 pupil lacks a place"),
        (_, Lang::Zh) => format!("{place}{stage} {year} 年缺 {} 个学位", thousands(after)),
        (_, Lang::En) => format!("{place}, {stage}, {year}: {} pupils lack a place", thousands(after)),
    };
    let change = thousands((after - before).abs());
    let than = thousands(before);
    let compared = match (after.cmp(&before), lang) {
        (std::cmp::Ordering::Equal, Lang::Zh) => format!("，与{reference}相同"),
        (std::cmp::Ordering::Equal, Lang::En) => format!(", as many as in {reference}"),
        (std::cmp::Ordering::Greater, Lang::Zh) => format!("，比{reference}（{than}）多 {change}"),
        (std::cmp::Ordering::Greater, Lang::En) => format!(", {change} more than in {reference} ({than})"),
        (std::cmp::Ordering::Less, Lang::Zh) => format!("，比{reference}（{than}）少 {change}"),
        (std::cmp::Ordering::Less, Lang::En) => format!(", {change} fewer than in {reference} ({than})"),
    };
    let more = causes(all, lang, |n| n > 0);
    let fewer = causes(all, lang, |n| n < 0);
    let between = lang.pick("；", "; ");
    let why: Vec<String> = [more, fewer].into_iter().flatten().collect();
    let why =
        if why.is_empty() { String::new() } else { lang.pick("：", ": ").to_owned() + &why.join(between) };
    format!("{lacking}{compared}{why}{}", lang.pick("。", "."))
}

/// The largest causes on one side, and the sum of the rest; `None` without any.
fn causes(all: &Explained, lang: Lang, side: impl Fn(i64) -> bool) -> Option<String> {
    let mut of: Vec<(GapPart, i64)> =
        GapPart::ALL.into_iter().zip(all.parts).filter(|(_, n)| side(*n)).collect();
    of.sort_by_key(|(part, n)| (-n.abs(), *part));
    let signed = |n: i64| if n > 0 { format!("+{}", thousands(n)) } else { thousands(n) };
    // a single one left over is named rather than called "other"
    let named = if of.len() == NAMED + 1 { of.len() } else { NAMED };
    let mut words: Vec<String> = of
        .iter()
        .take(named)
        .map(|(part, n)| format!("{} {}", part_words(*part, lang), signed(*n)))
        .collect();
    let rest: i64 = of.iter().skip(named).map(|(_, n)| n).sum();
    if rest != 0 {
        words.push(format!("{} {}", lang.pick("其他", "other causes"), signed(rest)));
    }
    (!words.is_empty()).then(|| words.join(lang.pick("、", ", ")))
}
