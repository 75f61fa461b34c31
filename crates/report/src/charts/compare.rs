//! The comparison of runs.

use seatcast_core::Lang;
use seatcast_plot::{CompareFigure, CompareSeries};

use super::{Chart, ChartKind, Figure, drawn, made};
use crate::{
    documents::compare::{CompareDocument, Compared},
    names::part,
};

/// Expected shortage of every district and stage, a line a run; median demand where places are not known.
pub(super) fn charts(document: &CompareDocument, lang: Lang) -> Vec<Chart> {
    let years: Vec<i32> = (document.scenario.base_year..=document.scenario.until).collect();
    let (draws, seed) = (document.draws, document.seed);
    let how = drawn(draws, seed, lang);
    let mut charts = Vec::new();
    for district in &document.frame.districts {
        for stage in &document.frame.stages {
            let value = |run: &Compared, year: i32| {
                let found = run
                    .years
                    .iter()
                    .find(|y| y.district == district.id && y.stage == stage.id && y.year == year);
                found.map_or(0.0, |y| y.supply.as_ref().map_or(y.demand as f64, |s| s.expected_shortage))
            };
            let series = document
                .runs
                .iter()
                .map(|run| CompareSeries {
                    name: label(document, run),
                    values: years.iter().map(|year| value(run, *year)).collect(),
                })
                .collect();
            let known = document.scenario.has_places;
            let (what, unit) = match (lang, known) {
                (Lang::Zh, true) => ("缺口", "预期缺口（人，各大学区不相抵）"),
                (Lang::En, true) => ("shortage", "Expected shortage (pupils, groups not netted)"),
                (Lang::Zh, false) => ("在校生需求", "在校生需求（人，中位数）"),
                (Lang::En, false) => ("demand", "Demand (pupils, median)"),
            };
            let title = match lang {
                Lang::Zh => format!("{} {}：{what}比较", district.name.zh, stage.name.zh),
                Lang::En => format!("{}, {}: {what} compared", district.name.en, stage.name.en),
            };
            charts.push(Chart {
                kind: ChartKind::Compare,
                name: format!("compare-{}-{}", part(&district.id), part(&stage.id)),
                figure: Figure::Compare(CompareFigure {
                    caption: made(&document.scenario, &document.uncertainty, title, &how, lang),
                    unit: unit.to_owned(),
                    years: years.clone(),
                    series,
                }),
            });
        }
    }
    charts
}

/// What tells a run from the others.
fn label(document: &CompareDocument, run: &Compared) -> String {
    let differs = |of: fn(&Compared) -> &str| document.runs.iter().any(|r| of(r) != of(run));
    match (differs(|r| &r.variant), differs(|r| &r.programme)) {
        (true, false) => run.variant.clone(),
        (false, _) => run.programme.clone(),
        (true, true) => format!("{} · {}", run.variant, run.programme),
    }
}
