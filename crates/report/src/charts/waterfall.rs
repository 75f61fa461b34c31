//! The largest shortage of every district and stage, explained; nothing is drawn where there is none to explain.

use seatcast_core::{Lang, balance::GapPart};
use seatcast_plot::WaterfallFigure;

use super::{Chart, ChartKind, Figure, caption, slug};
use crate::{
    explained::{Explained, Whose, part_words, reference_words, sentence},
    results::Results,
};

pub(super) fn charts(results: &Results, lang: Lang) -> Vec<Chart> {
    let document = &results.document;
    let mut charts = Vec::new();
    for district in &document.frame.districts {
        for stage in &document.frame.stages {
            let rows = results.explained.0.iter().filter(|row| {
                let is = |key: &str, id: &str| row.get(key).is_some_and(|cell| cell == id);
                is("district", &district.id) && is("group", "") && is("stage", &stage.id)
            });
            let years: Vec<Explained> = rows.filter_map(Explained::read).collect();
            let Some(worst) = worst(&years) else { continue };
            let (area, name) = (district.name.in_lang(lang), stage.name.in_lang(lang));
            let title = match lang {
                Lang::Zh => format!("{area} {name}：{} 年的缺口从何而来", worst.year),
                Lang::En => format!("{area}, {name}: what makes the shortage of {}", worst.year),
            };
            let base_year = document.scenario.base_year;
            let reference = reference_words(worst.reference, base_year, lang);
            let parts = GapPart::ALL.into_iter().zip(worst.parts);
            let whole = |n: i64| u64::try_from(n).unwrap_or(0);
            charts.push(Chart {
                kind: ChartKind::Waterfall,
                name: format!("waterfall-{}-{}", slug(&district.id), slug(&stage.id)),
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
    charts
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
