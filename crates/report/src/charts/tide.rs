//! The tide of every district: its stages one under the other, to t+15.

use seatcast_core::Lang;
use seatcast_plot::{DemandBand, TideFigure, TidePanel};

use super::{Chart, ChartKind, Figure, caption, rows::ChartRows};
use crate::{documents::StageLine, names::part, phrases::thousands, tables::keys::Place};

pub(super) fn charts(results: &ChartRows<'_>, lang: Lang) -> Vec<Chart> {
    let document = &results.document;
    let mut charts = Vec::new();
    for district in &document.frame.districts {
        let area = Place::named([Some(&district.id), None, None]);
        let years = results.tide.years(&area);
        let Some(last) = years.last() else { continue };
        let title = match lang {
            Lang::Zh => format!("{} 学位潮汐（至 {last} 年）", district.name.zh),
            Lang::En => format!("{}: the tide of demand to {last}", district.name.en),
        };
        let panels = document.frame.stages.iter().map(|stage| panel(results, &area, stage, &years, lang));
        charts.push(Chart {
            kind: ChartKind::Tide,
            name: format!("tide-{}", part(&district.id)),
            figure: Figure::Tide(TideFigure {
                caption: caption(document, title, lang),
                panels: panels.collect(),
                until: document.scenario.until,
                years,
            }),
        });
    }
    charts
}

fn panel(
    results: &ChartRows<'_>,
    area: &Place<'static>,
    stage: &StageLine,
    years: &[i32],
    lang: Lang,
) -> TidePanel {
    let value = |year: &i32, measure: &str| {
        let value = results.tide.get(area, &stage.id, *year, measure).unwrap_or(0.0);
        value.max(0.0).round() as u64
    };
    let series = |measure: &str| -> Vec<u64> { years.iter().map(|year| value(year, measure)).collect() };
    let total = |measure: &str| results.tide.total(area, &stage.id, measure);
    let whole = |measure: &str| total(measure).unwrap_or(0.0).round() as i64;
    let (idle, short) = (thousands(whole("idle.p50")), thousands(whole("short.p50")));
    let year = |measure: &str| total(measure).map(|y| y.round() as i32);
    TidePanel {
        name: stage.name.in_lang(lang).to_owned(),
        sums: match lang {
            Lang::Zh => format!("闲置 {idle}，缺 {short} 学位·年"),
            Lang::En => format!("{idle} seat-years idle, {short} short"),
        },
        demand: years
            .iter()
            .map(|y| DemandBand {
                p10: value(y, "demand.p10"),
                median: value(y, "demand.p50"),
                p90: value(y, "demand.p90"),
            })
            .collect(),
        places: series("places.central"),
        idle: series("idle.p50"),
        short: series("short.p50"),
        assumed_from: year("assumed_from"),
    }
}
