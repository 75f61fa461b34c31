//! The project schedule of every district.

use seatcast_core::{
    Lang,
    cycle::LastSafe,
    supply::Status,
    time::{YearMonth, september},
};
use seatcast_plot::{ProgrammeFigure, ProgrammeRow, SafeMark};

use super::{Chart, ChartKind, Figure, caption, rows::ChartRows};
use crate::{names::part, tables::projects::ProjectRow};

/// Years shown after the last of the results: a school decided now must be seen to fill.
const AFTER: i32 = 2;

pub(super) fn charts(results: &ChartRows<'_>, lang: Lang) -> Vec<Chart> {
    let document = &results.document;
    let scenario = &document.scenario;
    let Some(round) = YearMonth::parse(&scenario.round) else { return Vec::new() };
    let mut charts = Vec::new();
    for district in &document.frame.districts {
        let rows: Vec<(&ProjectRow<'_>, ProgrammeRow)> = results
            .projects
            .iter()
            .filter(|row| row.project.district == *district.id)
            .filter_map(|row| Some((row, bar(row, lang)?)))
            .collect();
        if rows.is_empty() {
            continue;
        }
        let begins = rows.iter().map(|(_, bar)| bar.site.map_or(bar.build.0, |(from, _)| from)).min();
        let first =
            begins.map_or(round.index() - 12, |month| month.clamp(round.index() - 36, round.index() - 6));
        let title = match lang {
            Lang::Zh => format!("{} 项目进度", district.name.zh),
            Lang::En => format!("{}: project schedule", district.name.en),
        };
        let groups = document
            .frame
            .stages
            .iter()
            .map(|stage| {
                let of = rows.iter().filter(|(row, _)| row.project.stage == *stage.id);
                (stage.name.in_lang(lang).to_owned(), of.map(|(_, bar)| bar.clone()).collect::<Vec<_>>())
            })
            .filter(|(_, bars)| !bars.is_empty())
            .collect();
        charts.push(Chart {
            kind: ChartKind::Programme,
            name: format!("programme-{}", part(&district.id)),
            figure: Figure::Programme(ProgrammeFigure {
                caption: caption(document, title, lang),
                first,
                last: september(scenario.until + AFTER),
                round: round.index(),
                groups,
            }),
        });
    }
    charts
}

/// The bar of a project; `None` if it never opens.
fn bar(row: &ProjectRow<'_>, lang: Lang) -> Option<ProgrammeRow> {
    let safe = match row.last_safe_date {
        LastSafe::Passed => SafeMark::Passed,
        LastSafe::Date(month) => SafeMark::Month(month.index()),
        LastSafe::NotNeeded | LastSafe::Decided => SafeMark::None,
    };
    // a candidate outside the programme is drawn as if it were decided in this round, and says so
    let outside = row.project.status == Status::Candidate && row.footing.is_none();
    let name = &row.project.name.0;
    let label = if outside {
        format!("{name}{}", lang.pick("（备选）", " (candidate)"))
    } else {
        name.clone().into_owned()
    };
    let months = |from: Option<YearMonth>, to: Option<YearMonth>| Some((from?.index(), to?.index()));
    Some(ProgrammeRow {
        label,
        site: months(row.site_from, row.site_to),
        build: months(row.build_from, row.build_to)?,
        opens: september(row.opens?),
        full: september(row.full_from?),
        last: row.used_until.map(|year| september(year + 1)),
        safe,
    })
}
