//! The heat map of every stage: utilisation by zone and year.

use seatcast_core::Lang;
use seatcast_plot::{HeatFigure, HeatRow};

use super::{Chart, ChartKind, Figure, caption, rows::ChartRows, within};
use crate::{names::part, tables::keys::Place};

pub(super) fn charts(results: &ChartRows<'_>, lang: Lang) -> Vec<Chart> {
    let document = &results.document;
    let frame = &document.frame;
    let years: Vec<i32> = results.years().collect();
    let mut charts = Vec::new();
    for stage in &frame.stages {
        let rows = frame
            .zones
            .iter()
            .map(|zone| {
                let area = Place::named([Some(&zone.district), Some(&zone.group), Some(&zone.id)]);
                let district = frame.districts.iter().find(|d| d.id == zone.district);
                let label = district.map_or_else(
                    || zone.name.in_lang(lang).to_owned(),
                    |d| within(&d.name, &zone.name, frame.districts.len() > 1, lang),
                );
                let ratio = |year: &i32| results.figures.get(&area, &stage.id, *year, "utilisation.p50");
                HeatRow { label, utilisation: years.iter().map(ratio).collect() }
            })
            .collect();
        let title = match lang {
            Lang::Zh => format!("{}学位利用率", stage.name.zh),
            Lang::En => format!("{}: utilisation of places", stage.name.en),
        };
        charts.push(Chart {
            kind: ChartKind::Heat,
            name: format!("heat-{}", part(&stage.id)),
            figure: Figure::Heat(HeatFigure {
                caption: caption(document, title, lang),
                unit: None,
                years: years.clone(),
                rows,
                yellow: document.settings.warning_yellow,
                red: document.settings.warning_red,
            }),
        });
    }
    charts
}
