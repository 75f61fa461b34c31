//! Words for figures that are absurd, both languages beside each other.

use seatcast_core::{
    Lang,
    forecast::{Beyond, Cause, Where},
};

use crate::problem::{FarAbove, FigureFault, RatioKind, Several};

/// What is wrong.
pub(super) fn message(fault: &FigureFault, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    match fault {
        FigureFault::Beyond(found) => beyond(found, lang),
        FigureFault::PlacesBeyond(group, stage, places, most) if zh => {
            format!("大学区 {group} 学段 {stage} 的学位合计 {places} 个，超过可计数的 {most} 个")
        }
        FigureFault::PlacesBeyond(group, stage, places, most) => {
            format!("group {group}, stage {stage} has {places} places, at most {most} can be counted")
        }
        FigureFault::Unusual(kind, rows) => {
            let (first, others) = told(rows, lang, |(row, value)| (number(*value), named(row, *value, lang)));
            if zh {
                format!("{} {first}，{}{others}", word(*kind, lang), usual(*kind, lang))
            } else {
                format!("{} {first}, {}{others}", word(*kind, lang), usual(*kind, lang))
            }
        }
        FigureFault::LearntUnusual(kind, cells) => {
            let one = |(zone, grade, value): &(String, String, f64)| {
                let words = if zh {
                    format!("学区 {zone} 升入年级 {grade} 的 {}", number(*value))
                } else {
                    format!("{} into grade {grade} of zone {zone}", number(*value))
                };
                (words.clone(), words)
            };
            let (first, others) = told(cells, lang, one);
            if zh {
                format!("由历史学得的{}：{first}，{}{others}", word(*kind, lang), usual(*kind, lang))
            } else {
                format!(
                    "{} learnt from the history: {first}, {}{others}",
                    word(*kind, lang),
                    usual(*kind, lang)
                )
            }
        }
        FigureFault::FarFromLearnt(kind, rows) => {
            let one = |(row, value, learnt): &(String, f64, f64)| {
                let first = if zh {
                    format!("{}，而历史学得的是 {}", number(*value), number(*learnt))
                } else {
                    format!("{}, while the history teaches {}", number(*value), number(*learnt))
                };
                (first, named(row, *value, lang))
            };
            let (first, others) = told(rows, lang, one);
            format!("{} {first}{others}", word(*kind, lang))
        }
        FigureFault::FarAboveRolls(stages) => {
            let one = |of: &FarAbove| {
                let FarAbove { district, stage, grade, year, pupils, roll } = of;
                if zh {
                    (
                        format!(
                            "区县 {district} 学段 {stage}：{year} 年年级 {grade} 预测 {pupils} 人，超过历年最大年级人数 {roll} 的三倍"
                        ),
                        format!("区县 {district} 学段 {stage}（{pupils} 人，历年最大 {roll}）"),
                    )
                } else {
                    (
                        format!(
                            "district {district}, stage {stage}: {pupils} pupils are forecast in grade {grade} in {year}, more than three times the largest grade there ever was ({roll})"
                        ),
                        format!("district {district}, stage {stage} ({pupils}, largest {roll})"),
                    )
                }
            };
            let (first, others) = told(stages, lang, one);
            format!("{first}{others}")
        }
    }
}

/// How to fix it.
pub(super) fn help(fault: &FigureFault, lang: Lang) -> &'static str {
    match fault {
        FigureFault::Beyond(_) => lang.pick(
            "改正这个比率（多半是小数点错位）或在校生数",
            "correct the ratio, perhaps a slipped decimal point, or the rolls",
        ),
        FigureFault::PlacesBeyond(..) => {
            lang.pick("改正学校和项目的学位数", "correct the places of the schools and projects")
        }
        FigureFault::Unusual(..) => lang.pick(
            "检查小数点是否错位；属实则保留",
            "look for a slipped decimal point; leave it if it is true",
        ),
        FigureFault::LearntUnusual(..) => lang.pick(
            "检查这些年级历年的在校生数；属实则保留，或在 rates.csv 中给出比率",
            "check the rolls of these grades; leave it if they are true, or state the ratio in rates.csv",
        ),
        FigureFault::FarFromLearnt(..) => lang.pick(
            "检查小数点是否错位；情况确有改变则保留",
            "look for a slipped decimal point; leave it if things have changed that much",
        ),
        FigureFault::FarAboveRolls(_) => lang.pick(
            "检查比率、儿童数和在校生数；属实则保留",
            "check ratios, children and rolls; leave it if it is true",
        ),
    }
}

fn beyond(found: &Beyond, lang: Lang) -> String {
    let Beyond { at, year, pupils, most, draw, cause } = found;
    let cause = cause.as_ref().map_or(String::new(), |cause| because(cause, lang));
    match (lang, at) {
        (Lang::Zh, Where::Cell(zone, grade)) => {
            let draw = draw.map_or(String::new(), |w| format!("第 {w} 次抽样中，"));
            format!(
                "{draw}学区 {zone} 年级 {grade} {year} 年预测 {pupils:.0} 人，可计数的最多 {most} 人{cause}"
            )
        }
        (Lang::Zh, Where::Group(group, stage)) => {
            let draw = draw.map_or(String::new(), |w| format!("第 {w} 次抽样中，"));
            format!(
                "{draw}大学区 {group} 学段 {stage} {year} 年需学位 {pupils:.0} 个，可计数的最多 {most} 个{cause}"
            )
        }
        (Lang::En, Where::Cell(zone, grade)) => {
            let draw = draw.map_or(String::new(), |w| format!("draw {w}: "));
            format!(
                "{draw}{pupils:.0} pupils are forecast in zone {zone}, grade {grade} in {year}, at most {most} can be counted{cause}"
            )
        }
        (Lang::En, Where::Group(group, stage)) => {
            let draw = draw.map_or(String::new(), |w| format!("draw {w}: "));
            format!(
                "{draw}{pupils:.0} places are needed in group {group}, stage {stage} in {year}, at most {most} can be counted{cause}"
            )
        }
    }
}

fn because(cause: &Cause, lang: Lang) -> String {
    let Cause { kind, zone, grade, year, value, .. } = cause;
    let kind = match *kind {
        "progression" => word(RatioKind::Progression, lang),
        "transition" => word(RatioKind::Transition, lang),
        _ => word(RatioKind::Entry, lang),
    };
    match lang {
        Lang::Zh => {
            format!("；其中最大的比率是学区 {zone} {year} 年升入年级 {grade} 的{kind} {}", number(*value))
        }
        Lang::En => format!(
            "; the largest ratio on the way is the {kind} {} into grade {grade} of zone {zone} in {year}",
            number(*value)
        ),
    }
}

fn word(kind: RatioKind, lang: Lang) -> &'static str {
    match kind {
        RatioKind::Progression => lang.pick("升级率", "progression ratio"),
        RatioKind::Transition => lang.pick("升学率", "transition ratio"),
        RatioKind::Entry => lang.pick("入学率", "entry ratio"),
        RatioKind::Factor => lang.pick("系数", "factor"),
    }
}

fn usual(kind: RatioKind, lang: Lang) -> String {
    let (low, high) = kind.usual();
    match lang {
        Lang::Zh => format!("通常在 {low} 至 {high} 之间"),
        Lang::En => format!("usual is {low} to {high}"),
    }
}

/// The first in full, the others in short.
fn told<T>(several: &Several<T>, lang: Lang, one: impl Fn(&T) -> (String, String)) -> (String, String) {
    let words: Vec<(String, String)> = several.some.iter().map(one).collect();
    let first = words.first().map_or(String::new(), |(first, _)| first.clone());
    let mut others: Vec<String> = words.into_iter().skip(1).map(|(_, short)| short).collect();
    match (lang, several.more()) {
        (_, 0) => {}
        (Lang::Zh, more) => others.push(format!("另有 {more} 处")),
        (Lang::En, more) => others.push(format!("{more} more")),
    }
    if others.is_empty() {
        return (first, String::new());
    }
    let (zh, en) = (format!("；还有：{}", others.join("、")), format!("; also {}", others.join(", ")));
    (first, lang.pick(&zh, &en).to_owned())
}

fn named(row: &str, value: f64, lang: Lang) -> String {
    match (row.parse::<usize>(), lang) {
        (Ok(row), Lang::Zh) => format!("第 {row} 行（{}）", number(value)),
        (Ok(row), Lang::En) => format!("row {row} ({})", number(value)),
        (Err(_), Lang::Zh) => format!("{row}（{}）", number(value)),
        (Err(_), Lang::En) => format!("{row} ({})", number(value)),
    }
}

/// A ratio with four significant digits.
fn number(value: f64) -> String {
    let digits = if value.abs() >= 1000.0 {
        0
    } else if value.abs() >= 1.0 {
        3
    } else {
        4
    };
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
