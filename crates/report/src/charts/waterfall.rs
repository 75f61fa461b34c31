//! The largest shortage of every district and stage, explained against the base year and, where there is one, against the
//! forecast of an earlier round; nothing is drawn where there is none to explain.

use seatcast_core::{
    Lang,
    balance::{GapPart, Reference},
};
use seatcast_plot::WaterfallFigure;

use super::{Chart, ChartKind, Figure, caption, rows::ChartRows};
use crate::{
    names::part,
    phrases::explained::{Explained, Whose, part_words, reference_words, sentence},
    tables::explained::ExplainedRow,
};

pub(super) fn charts(results: &ChartRows<'_>, lang: Lang) -> Vec<Chart> {
    let document = &results.document;
    let mut charts = Vec::new();
    for district in &document.frame.districts {
        for stage in &document.frame.stages {
            let rows = results
                .explained
                .iter()
                .filter(|row| row.group.is_none() && row.district == *district.id && row.stage == *stage.id);
            let rows: Vec<Explained> = rows.filter_map(ExplainedRow::explained).collect();
            // one reference after the other
            for years in rows.chunk_by(|a, b| a.reference == b.reference) {
                let Some(worst) = worst(years) else { continue };
                let (area, name) = (district.name.in_lang(lang), stage.name.in_lang(lang));
                let (title, suffix) = match worst.reference {
                    Reference::BaseYear => (made_of(area, name, worst.year, lang), String::new()),
                    Reference::Forecast(then) => {
                        (changed(area, name, (worst.year, then), lang), format!("-since-{then}"))
                    }
                };
                let base_year = document.scenario.base_year;
                let reference = reference_words(worst.reference, base_year, lang);
                let parts = GapPart::ALL.into_iter().zip(worst.parts);
                let whole = |n: i64| u64::try_from(n).unwrap_or(0);
                charts.push(Chart {
                    kind: ChartKind::Waterfall,
                    name: format!("waterfall-{}-{}{suffix}", part(&district.id), part(&stage.id)),
                    figure: Figure::Waterfall(WaterfallFigure {
                        caption: caption(document, title, lang),
                        sentence: sentence(Whose { area, stage: name, base_year, lang }, worst),
                        before: (reference.trim().to_owned(), whole(worst.before)),
                        parts: parts.map(|(part, n)| (part_words(part, lang).to_owned(), n)).collect(),
                        after: match lang {
                            Lang::Zh => format!("{} 年", worst.year),
                            Lang::En => worst.year.to_string(),
                        },
                    }),
                });
            }
        }
    }
    charts
}

fn made_of(area: &str, stage: &str, year: i32, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{area} {stage}：{year} 年的缺口从何而来"),
        Lang::En => format!("{area}, {stage}: what makes the shortage of {year}"),
    }
}

fn changed(area: &str, stage: &str, (year, then): (i32, i32), lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{area} {stage}：{year} 年的缺口与 {then} 年的预测相比为何改变"),
        Lang::En => {
            format!("{area}, {stage}: what changed the shortage of {year} since the forecast of {then}")
        }
    }
}

/// The year of the largest shortage, the first of several; the last year where the shortage of the reference has gone;
/// `None` if nobody ever lacks a place.
fn worst(years: &[Explained]) -> Option<&Explained> {
    let most = years.iter().map(Explained::after).max()?;
    if most > 0 {
        return years.iter().find(|y| y.after() == most);
    }
    years.last().filter(|y| y.before > 0)
}
