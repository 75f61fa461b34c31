//! The ledger's time line of every district.

use seatcast_core::{
    Lang,
    supply::Milestone,
    time::{Day, YearMonth, september},
};
use seatcast_plot::{LedgerFigure, LedgerMark, LedgerRow, Opening};

use super::{Chart, ChartKind, Figure, caption, rows::ChartRows};
use crate::{
    names::part,
    tables::{
        cell::{Number, When},
        timeline::TimelineRow,
    },
};

/// Months shown before the round at the most: what was recorded earlier is over.
const BEFORE: i32 = 48;
/// Months shown after the round at the most.
const AFTER: i32 = 84;
/// White after the last opening, months.
const AIR: i32 = 3;

/// The events of one project.
type Events<'a> = Vec<&'a TimelineRow<'a>>;

pub(super) fn charts(results: &ChartRows<'_>, lang: Lang) -> Vec<Chart> {
    let document = &results.document;
    let Some(round) = YearMonth::parse(&document.scenario.round).map(YearMonth::index) else {
        return Vec::new();
    };
    let year = document.scenario.base_year + 1;
    let mut charts = Vec::new();
    for district in &document.frame.districts {
        let of_district = results.timeline.iter().filter(|row| row.project.district == *district.id);
        let mut projects: Vec<Events<'_>> = Vec::new();
        for row in of_district {
            match projects.last_mut() {
                Some(events) if events[0].project.project == row.project.project => events.push(row),
                _ => projects.push(vec![row]),
            }
        }
        let rows: Vec<(&str, LedgerRow)> = projects
            .iter()
            .map(|events| (events[0].project.stage.0.as_ref(), row(events, year, lang)))
            .filter(|(_, row)| {
                let recent = |mark: &LedgerMark| mark.month >= f64::from(round - BEFORE);
                row.opening.is_some() || row.marks.iter().any(recent)
            })
            .collect();
        if rows.is_empty() {
            continue;
        }
        let begins = rows.iter().flat_map(|(_, row)| row.marks.iter().map(|m| m.month.floor() as i32));
        let first = begins.min().unwrap_or(round).clamp(round - BEFORE, round - 12) - 1;
        let ends = rows.iter().filter_map(|(_, row)| row.opening.map(|o| o.p90));
        let last = (ends.max().unwrap_or(round) + AIR).clamp(round + 15, round + AFTER);
        let stages = document.frame.stages.iter().map(|stage| {
            let of = rows.iter().filter(|(id, _)| *id == stage.id).map(|(_, row)| row.clone());
            (stage.name.in_lang(lang).to_owned(), of.collect::<Vec<_>>())
        });
        let title = match lang {
            Lang::Zh => format!("{} 项目台账", district.name.zh),
            Lang::En => format!("{}: the ledger of projects", district.name.en),
        };
        charts.push(Chart {
            kind: ChartKind::Ledger,
            name: format!("ledger-{}", part(&district.id)),
            figure: Figure::Ledger(LedgerFigure {
                caption: caption(document, title, lang),
                first,
                last,
                round,
                september: september(year),
                letters: Milestone::ALL.map(|m| (letter(m, lang), m.word(lang).to_owned())).to_vec(),
                groups: stages.filter(|(_, rows)| !rows.is_empty()).collect(),
            }),
        });
    }
    charts
}

fn row(events: &Events<'_>, next: i32, lang: Lang) -> LedgerRow {
    let of = |event: &str| events.iter().find(|row| row.event == *event);
    let month = |event: &str| match of(event)?.date? {
        When::Month(month) => Some(month.index()),
        When::Day(_) => None,
    };
    let day = |row: &TimelineRow<'_>| match row.date? {
        When::Day(day) => Some(day),
        When::Month(_) => None,
    };
    let value = |row: &TimelineRow<'_>| row.value.map(Number::published);
    let mut marks: Vec<LedgerMark> = Milestone::ALL
        .into_iter()
        .filter_map(|milestone| {
            let day = day(of(milestone.code())?)?;
            let month = f64::from(day.year_month().index()) + f64::from(day.day - 1) / 31.0;
            Some(LedgerMark { month, letter: letter(milestone, lang) })
        })
        .collect();
    marks.sort_by(|a, b| a.month.total_cmp(&b.month));
    let september = Day { year: next, month: 9, day: 1 };
    let p_open = events.iter().find(|row| row.event == *"p_open" && day(row) == Some(september));
    let (p10, median, p90) = (month("open_p10"), month("open_p50"), month("open_p90"));
    LedgerRow {
        label: events[0].project.name.0.clone().into_owned(),
        marks,
        progress: of("progress").and_then(|row| value(row)),
        by_row: month("row_p50"),
        opening: p10.zip(median).zip(p90).map(|((p10, median), p90)| Opening { p10, median, p90 }),
        p_open: p_open.and_then(|row| value(row)),
    }
}

/// A sign for a milestone, explained under the title.
fn letter(milestone: Milestone, lang: Lang) -> &'static str {
    let (zh, en) = match milestone {
        Milestone::Planned => ("立", "P"),
        Milestone::Land => ("地", "L"),
        Milestone::Approved => ("批", "Ap"),
        Milestone::Started => ("工", "S"),
        Milestone::ToppedOut => ("顶", "T"),
        Milestone::Accepted => ("验", "Ac"),
        Milestone::Open => ("开", "O"),
        Milestone::Cancelled => ("消", "X"),
    };
    lang.pick(zh, en)
}
