//! The seat-gap chart of every district and stage, and of every zone and sharing group.

use seatcast_core::Lang;
use seatcast_plot::{DemandBand, GapFigure, Mark};

use super::{Chart, ChartKind, Figure, caption, rows::ChartRows, within};
use crate::{
    documents::{StageLine, Text, ZoneLine},
    names::part,
    tables::keys::Place,
};

/// Places by footing, as `places.csv` has them; the last are the candidates outside the programme.
const LAYERS: [&str; 4] =
    ["usable_open.central", "usable_secured.central", "usable_planned.central", "usable_outlook.central"];

pub(super) fn districts(results: &ChartRows<'_>, lang: Lang) -> Vec<Chart> {
    let frame = &results.document.frame;
    let mut charts = Vec::new();
    for district in &frame.districts {
        let area = Place::named([Some(&district.id), None, None]);
        let of = |zone: &ZoneLine| zone.district == district.id;
        for stage in &frame.stages {
            charts.push(Chart {
                kind: ChartKind::Gap,
                name: format!("gap-{}-{}", part(&district.id), part(&stage.id)),
                figure: Figure::Gap(figure(
                    results,
                    &area,
                    &district.name,
                    stage,
                    assumed(results, stage, of),
                    lang,
                )),
            });
        }
    }
    charts
}

pub(super) fn zones(results: &ChartRows<'_>, lang: Lang) -> Vec<Chart> {
    let frame = &results.document.frame;
    let mut charts = Vec::new();
    for stage in &frame.stages {
        for group in &frame.groups {
            let members: Vec<_> = frame.zones.iter().filter(|z| z.group == group.id).collect();
            let key = |zone| Place::named([Some(&group.district), Some(&group.id), zone]);
            if members.len() > 1 {
                let from = assumed(results, stage, |z| z.group == group.id);
                charts.push(Chart {
                    kind: ChartKind::Zone,
                    name: format!("zone-{}-{}", part(&group.id), part(&stage.id)),
                    figure: Figure::Gap(figure(results, &key(None), &group.name, stage, from, lang)),
                });
            }
            for zone in &members {
                let name = Text::both(|lang| within(&group.name, &zone.name, members.len() > 1, lang));
                charts.push(Chart {
                    kind: ChartKind::Zone,
                    name: format!("zone-{}-{}", part(&zone.id), part(&stage.id)),
                    figure: Figure::Gap(figure(
                        results,
                        &key(Some(&zone.id)),
                        &name,
                        stage,
                        zone.assumed_from.get(&stage.id).copied(),
                        lang,
                    )),
                });
            }
        }
    }
    charts
}

/// First year in which pupils of one of these zones rest on assumed births.
fn assumed(results: &ChartRows<'_>, stage: &StageLine, of: impl Fn(&ZoneLine) -> bool) -> Option<i32> {
    let zones = results.document.frame.zones.iter().filter(|z| of(z));
    zones.filter_map(|z| z.assumed_from.get(&stage.id).copied()).min()
}

fn figure(
    results: &ChartRows<'_>,
    area: &Place<'static>,
    name: &Text,
    stage: &StageLine,
    assumed_from: Option<i32>,
    lang: Lang,
) -> GapFigure {
    let years: Vec<i32> = results.years().collect();
    let series = |measure: &str| -> Vec<u64> {
        let value = |year: &i32| results.figures.get(area, &stage.id, *year, measure).unwrap_or(0.0);
        years.iter().map(|year| value(year).max(0.0).round() as u64).collect()
    };
    let (p10, median, p90) = (series("demand.p10"), series("demand.p50"), series("demand.p90"));
    let demand =
        (0..years.len()).map(|i| DemandBand { p10: p10[i], median: median[i], p90: p90[i] }).collect();
    let known = results.document.scenario.has_places;
    let layers = LAYERS.map(series);
    let outside = series("usable_candidates.central");
    let all = |i: usize| layers.iter().map(|layer| layer[i]).sum::<u64>() + outside[i];
    let candidates = outside.iter().any(|n| *n > 0).then(|| (0..years.len()).map(all).collect());
    let title = match (lang, known) {
        (Lang::Zh, true) => format!("{} {}学位供需", name.zh, stage.name.zh),
        (Lang::En, true) => format!("{}, {}: places and demand", name.en, stage.name.en),
        (Lang::Zh, false) => format!("{} {}在校生需求", name.zh, stage.name.zh),
        (Lang::En, false) => format!("{}, {}: demand", name.en, stage.name.en),
    };
    GapFigure {
        caption: caption(&results.document, title, lang),
        demand,
        layers: known.then_some(layers),
        candidates,
        marks: marks(results, lang),
        assumed_from,
        unmet: (known && area.zone.is_none()).then(|| series("shortage.p50")),
        years,
    }
}

fn marks(results: &ChartRows<'_>, lang: Lang) -> Vec<Mark> {
    let (scenario, settings) = (&results.document.scenario, &results.document.settings);
    let looks = [
        (settings.secure, "保障", "secure"),
        (settings.plan, "规划", "plan"),
        (settings.outlook, "研判", "outlook"),
    ];
    looks
        .into_iter()
        .filter(|(lead, ..)| scenario.base_year + lead <= scenario.until)
        .map(|(lead, zh, en)| Mark {
            year: scenario.base_year + lead,
            label: format!("t+{lead} {}", lang.pick(zh, en)),
        })
        .collect()
}
