//! The charts of a closed loop, drawn from its document alone.

use seatcast_core::{
    Lang,
    time::{YearMonth, september},
};
use seatcast_plot::{
    Caption, CompareFigure, CompareSeries, HeatFigure, HeatRow, PolicyFigure, PolicyPoint, ProgrammeFigure,
    ProgrammeRow, SafeMark,
};

use super::{Chart, ChartKind, Figure, made};
use crate::{
    documents::{
        Text,
        cycle::{CycleDocument, ExampleLine, ExampleProject, Figure as FutureFigure, PolicyLine},
    },
    names::part,
    phrases,
};

/// Policies drawn as lines: more are not told apart.
const MOST_LINES: usize = 6;
/// Share of the futures from which a group is called in danger, and in great danger.
const DANGER: (f64, f64) = (0.05, 0.20);

pub(super) fn charts(document: &CycleDocument, lang: Lang) -> Vec<Chart> {
    let mut charts = vec![policies(document, lang), chances(document, lang)];
    charts.extend(chance_maps(document, lang));
    charts.extend(example(document, lang));
    charts.extend(decisions(document, lang));
    charts
}

fn caption(document: &CycleDocument, title: &str, lang: Lang) -> Caption {
    let (futures, years, draws, seed) = (document.futures, document.years, document.draws, document.seed);
    let how = match lang {
        Lang::Zh => format!("{futures} 种未来 × {years} 年，每轮预测 {draws} 次抽样，种子 {seed}"),
        Lang::En => format!("{futures} futures x {years} years, {draws} draws a forecast, seed {seed}"),
    };
    let title = format!("{}{}{title}", document.scenario.name.in_lang(lang), lang.pick("：", ": "));
    made(&document.scenario, &document.uncertainty, title, &how, lang)
}

/// Money against shortage: every policy with its band, the grid of levels behind.
fn policies(document: &CycleDocument, lang: Lang) -> Chart {
    let unit = lang.pick("投入资金（百万元）", "Money committed (million)");
    let of = |figures: &[FutureFigure]| -> Option<PolicyPoint> {
        let find = |m: &str| figures.iter().find(|f| f.measure == m && f.futures == "all");
        let (money, short) = (find("committed")?, find("shortage")?);
        Some(PolicyPoint {
            label: String::new(),
            money: money.mean / 1e6,
            money_band: (money.p10 / 1e6, money.p90 / 1e6),
            short: short.mean,
            short_band: (short.p10, short.p90),
        })
    };
    let mut points: Vec<PolicyPoint> = Vec::new();
    for line in &document.policies {
        let Some(point) = of(&line.figures) else { continue };
        let label = phrases::policy(&line.policy, lang);
        let same = |p: &&mut PolicyPoint| {
            (p.money - point.money).abs() < 1e-9 && (p.short - point.short).abs() < 1e-9
        };
        // policies that come to the same share a point
        match points.iter_mut().find(same) {
            Some(there) => there.label.push_str(&format!("{}{label}", lang.pick("、", ", "))),
            None => points.push(PolicyPoint { label, ..point }),
        }
    }
    let grid =
        document.levels.iter().filter_map(|line| of(&line.figures)).map(|p| (p.money, p.short)).collect();
    Chart {
        kind: ChartKind::Policies,
        name: "policies".to_owned(),
        figure: Figure::Policies(PolicyFigure {
            caption: caption(
                document,
                lang.pick("规则比较，资金与缺口", "policies, money against shortage"),
                lang,
            ),
            money: unit.to_owned(),
            grid,
            points,
        }),
    }
}

fn years(document: &CycleDocument) -> Vec<i32> {
    let base = document.scenario.base_year;
    (base + 1..=base + document.years as i32).collect()
}

/// The policies drawn as lines: the first ones and perfect foresight.
fn lines(document: &CycleDocument) -> impl Iterator<Item = &PolicyLine> {
    let last = document.policies.len().saturating_sub(1);
    let all = document.policies.iter().enumerate();
    all.filter(move |(i, _)| *i < MOST_LINES - 1 || *i == last).map(|(_, line)| line)
}

fn chances(document: &CycleDocument, lang: Lang) -> Chart {
    let series = lines(document)
        .map(|line| CompareSeries {
            name: phrases::policy(&line.policy, lang),
            values: line.p_any_short.iter().map(|p| p * 100.0).collect(),
        })
        .collect();
    Chart {
        kind: ChartKind::Chances,
        name: "chances".to_owned(),
        figure: Figure::Compare(CompareFigure {
            caption: caption(
                document,
                lang.pick("有人没有学位的可能", "chance that a child has no place"),
                lang,
            ),
            unit: lang
                .pick(
                    "任一大学区、学段有缺口的未来（%）",
                    "Futures with a shortage in any group and stage (%)",
                )
                .to_owned(),
            years: years(document),
            series,
        }),
    }
}

fn chance_maps(document: &CycleDocument, lang: Lang) -> Vec<Chart> {
    let Some(own) = document.policies.first().filter(|line| !line.p_short.is_empty()) else {
        return Vec::new();
    };
    let stages = document.stages.len();
    let map = |(p, (id, name)): (usize, &(String, Text))| {
        let rows = document
            .groups
            .iter()
            .zip(own.p_short.chunks(stages))
            .map(|(group, by_stage)| HeatRow {
                label: group.in_lang(lang).to_owned(),
                utilisation: by_stage[p].iter().map(|p| Some(*p)).collect(),
            })
            .collect();
        let policy = phrases::policy(&own.policy, lang);
        let title = match lang {
            Lang::Zh => format!("{}缺学位的可能，{policy}（%）", name.zh),
            Lang::En => format!("{}: chance of a shortage under {policy} (%)", name.en),
        };
        Chart {
            kind: ChartKind::ChanceMap,
            name: format!("chance-map-{}", part(id)),
            figure: Figure::Heat(HeatFigure {
                caption: caption(document, &title, lang),
                unit: Some(lang.pick("有缺口的未来所占比例（%）", "Futures with a shortage (%)").to_owned()),
                years: years(document),
                rows,
                yellow: DANGER.0,
                red: DANGER.1,
            }),
        }
    };
    document.stages.iter().enumerate().map(map).collect()
}

fn example(document: &CycleDocument, lang: Lang) -> Vec<Chart> {
    let base = document.scenario.base_year;
    let name = |of: &[(String, Text)], id: &str| {
        of.iter().find(|(i, _)| i == id).map_or(String::new(), |(_, n)| n.in_lang(lang).to_owned())
    };
    let chart = |line: &ExampleLine| {
        let whole = |values: &[i64]| values.iter().map(|n| *n as f64).collect();
        let mut series = vec![CompareSeries {
            name: lang.pick("需要的学位", "places asked for").to_owned(),
            values: whole(&line.demand),
        }];
        series.extend(line.places.iter().map(|(policy, places)| CompareSeries {
            name: phrases::policy(policy, lang),
            values: whole(places),
        }));
        let (district, stage) =
            (name(&document.districts, &line.district), name(&document.stages, &line.stage));
        let title = match lang {
            Lang::Zh => format!("{district}{stage}，其中一种未来"),
            Lang::En => format!("{district}, {stage}, along one future"),
        };
        Chart {
            kind: ChartKind::Future,
            name: format!("future-{}-{}", part(&line.district), part(&line.stage)),
            figure: Figure::Compare(CompareFigure {
                caption: caption(document, &title, lang),
                unit: lang.pick("学位（个）", "Places").to_owned(),
                years: (base..=base + document.years as i32).collect(),
                series,
            }),
        }
    };
    document.example.iter().map(chart).collect()
}

fn decisions(document: &CycleDocument, lang: Lang) -> Option<Chart> {
    let round = YearMonth::parse(&document.scenario.round)?;
    let bar = |project: &ExampleProject| ProgrammeRow {
        label: project.name.in_lang(lang).to_owned(),
        site: project.site.map(|from| (from, project.build)),
        build: (project.build, project.opens),
        opens: project.opens,
        full: project.full,
        last: None,
        safe: SafeMark::None,
    };
    let groups: Vec<(String, Vec<ProgrammeRow>)> = document
        .stages
        .iter()
        .map(|(id, name)| {
            let of = document.projects.iter().filter(|p| p.stage == *id);
            (name.in_lang(lang).to_owned(), of.map(bar).collect::<Vec<_>>())
        })
        .filter(|(_, rows)| !rows.is_empty())
        .collect();
    if groups.is_empty() {
        return None;
    }
    let policy = phrases::policy(&document.policies.first()?.policy, lang);
    let title = match lang {
        Lang::Zh => format!("{policy} 的决策，其中一种未来"),
        Lang::En => format!("decisions of {policy} along one future"),
    };
    Some(Chart {
        kind: ChartKind::Decisions,
        name: "decisions".to_owned(),
        figure: Figure::Programme(ProgrammeFigure {
            caption: caption(document, &title, lang),
            first: round.index() - 6,
            last: september(document.scenario.base_year + document.years as i32 + 1),
            round: round.index(),
            groups,
        }),
    })
}
