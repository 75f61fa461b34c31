//! The front of a sweep.

use seatcast_core::Lang;
use seatcast_plot::{FrontFigure, FrontPoint};

use super::{Chart, ChartKind, Figure, made};
use crate::documents::sweep::{SweepDocument, SweepPoint};

/// Cost against shortage.
pub(super) fn charts(document: &SweepDocument, lang: Lang) -> Vec<Chart> {
    let all = document.cloud.iter().chain(&document.front);
    let most = all.map(|p| p.cost).fold(0.0, f64::max);
    if most <= 0.0 && document.front.is_empty() {
        return Vec::new();
    }
    // money in the largest unit that keeps at least two digits
    let (unit, money) = match (lang, most) {
        (Lang::Zh, m) if m >= 1e9 => (1e8, "费用（亿元）"),
        (Lang::Zh, _) => (1e4, "费用（万元）"),
        (Lang::En, m) if m >= 1e7 => (1e6, "Cost (million)"),
        (Lang::En, _) => (1e3, "Cost (thousand)"),
    };
    let point = |p: &SweepPoint| FrontPoint { cost: p.cost / unit, shortage: p.cvar95_shortage };
    let (scored, draws, seed) = (document.scored, document.draws, document.seed);
    let title = match lang {
        Lang::Zh => format!("{}：费用与缺口", document.scenario.name.zh),
        Lang::En => format!("{}: money against shortage", document.scenario.name.en),
    };
    let how = match lang {
        Lang::Zh => format!("{scored} 个方案 × {draws} 次抽样，种子 {seed}"),
        Lang::En => format!("{scored} schedules x {draws} draws, seed {seed}"),
    };
    let best = document.best.as_ref().map(|p| (point(p), lang.pick("排名第一", "ranked first").to_owned()));
    vec![Chart {
        kind: ChartKind::Front,
        name: "front".to_owned(),
        figure: Figure::Front(FrontFigure {
            caption: made(&document.scenario, &document.uncertainty, title, &how, lang),
            money: money.to_owned(),
            cloud: document.cloud.iter().map(point).collect(),
            front: document.front.iter().map(point).collect(),
            marks: best.into_iter().collect(),
        }),
    }]
}
