//! The project schedule of every district.

use std::collections::BTreeMap;

use seatcast_core::{
    Lang,
    time::{YearMonth, september},
};
use seatcast_plot::{ProgrammeFigure, ProgrammeRow, SafeMark};

use super::{Chart, ChartKind, Figure, caption};
use crate::names::part;
use crate::results::Results;

/// Years shown after the last of the results: a school decided now must be seen to fill.
const AFTER: i32 = 2;

pub(super) fn charts(results: &Results, lang: Lang) -> Vec<Chart> {
    let document = &results.document;
    let scenario = &document.scenario;
    let Some(round) = YearMonth::parse(&scenario.round) else { return Vec::new() };
    let mut charts = Vec::new();
    for district in &document.frame.districts {
        let rows: Vec<(&BTreeMap<String, String>, ProgrammeRow)> = results
            .projects
            .0
            .iter()
            .filter(|row| row.get("district") == Some(&district.id))
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
                let of = rows.iter().filter(|(row, _)| row.get("stage") == Some(&stage.id));
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
fn bar(row: &BTreeMap<String, String>, lang: Lang) -> Option<ProgrammeRow> {
    let cell = |name: &str| row.get(name).map(String::as_str).unwrap_or_default();
    let month = |name: &str| YearMonth::parse(cell(name)).map(YearMonth::index);
    let year = |name: &str| cell(name).parse::<i32>().ok();
    let safe = match cell("last_safe_date") {
        "passed" => SafeMark::Passed,
        text => YearMonth::parse(text).map_or(SafeMark::None, |m| SafeMark::Month(m.index())),
    };
    // a candidate outside the programme is drawn as if it were decided in this round, and says so
    let outside = cell("status") == "candidate" && cell("footing").is_empty();
    let name = cell("name").trim_start_matches('\'');
    let label = if outside {
        format!("{name}{}", lang.pick("（备选）", " (candidate)"))
    } else {
        name.to_owned()
    };
    Some(ProgrammeRow {
        label,
        site: month("site_from").zip(month("site_to")),
        build: (month("build_from")?, month("build_to")?),
        opens: september(year("opens")?),
        full: september(year("full_from")?),
        last: year("used_until").map(|y| september(y + 1)),
        safe,
    })
}
