//! The shipped scenarios use everything the code has, and their charts lack no character.

use std::collections::BTreeSet;

use seatcast::{
    Lang, Session, Settings,
    geography::Intake,
    load,
    plot::font,
    scenario::tables::{COMMON, TABLES, shared::FigureMark},
    supply::{Kind, PhaseIn, Status},
};

#[test]
fn every_table_and_column_appears_in_a_shipped_scenario() {
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    for name in crate::common::all_shipped() {
        for table in TABLES {
            let Ok(text) =
                std::fs::read_to_string(crate::common::shipped(&name).join(format!("{}.csv", table.name)))
            else {
                continue;
            };
            let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
            let heading = reader.headers().unwrap().clone();
            let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            for column in table.columns.iter().chain(COMMON) {
                // a column without a value teaches nobody what belongs in it
                let filled = |at: usize| rows.iter().any(|row| !row[at].trim().is_empty());
                if heading.iter().position(|h| h == column.name).is_some_and(filled) {
                    seen.insert((table.name, column.name));
                }
            }
        }
    }
    let missing: Vec<(&str, &str)> = TABLES
        .iter()
        .flat_map(|t| t.columns.iter().map(|c| (t.name, c.name)))
        .filter(|column| !seen.contains(column))
        .collect();
    assert!(missing.is_empty(), "in no shipped scenario: {missing:?}");
}

#[test]
fn every_kind_status_phase_and_intake_appears_in_a_shipped_scenario() {
    let (mut kinds, mut statuses, mut phases, mut intakes) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), [false; 2]);
    for name in crate::common::all_shipped() {
        let scenario = load(crate::common::shipped(&name)).unwrap().scenario;
        for project in &scenario.projects {
            kinds.insert(project.kind);
            statuses.insert(project.status);
            phases.extend(project.phase_in.map(PhaseIn::code));
        }
        for stage in &scenario.frame.stages {
            intakes[usize::from(matches!(stage.intake, Intake::Stages(_)))] = true;
        }
    }
    assert_eq!(kinds, Kind::ALL.into_iter().collect());
    assert_eq!(statuses, Status::ALL.into_iter().collect());
    assert_eq!(phases.len(), 2);
    assert_eq!(intakes, [true; 2]);
}

#[test]
fn every_character_of_every_chart_is_in_the_font() {
    let mut drawn = 0;
    for name in crate::common::all_shipped() {
        let loaded = load(crate::common::shipped(&name)).unwrap();
        let session = Session::new(&loaded.scenario, Settings { draws: 20, ..Settings::default() }).unwrap();
        for lang in [Lang::Zh, Lang::En] {
            for chart in session.charts(lang) {
                let text = font::svg_text(&chart.figure.svg().unwrap());
                assert!(text.chars().count() > 50, "{name} {}: the text of the chart was read", chart.name);
                let missing = font::missing_glyphs(&text);
                assert!(missing.is_empty(), "{name} {}: {missing:?}", chart.name);
                drawn += 1;
            }
        }
    }
    assert!(drawn >= 16, "{drawn}");
}

#[test]
fn every_row_of_the_shipped_tables_says_how_good_it_is() {
    for name in crate::common::all_shipped() {
        for table in TABLES {
            let path = crate::common::shipped(&name).join(format!("{}.csv", table.name));
            if !path.exists() {
                continue;
            }
            for (i, row) in crate::common::rows(&path).iter().enumerate() {
                let mark = row.get("mark").map_or("", String::as_str);
                assert!(
                    FigureMark::from_code(mark).is_some(),
                    "{name}/{}.csv row {}: mark {mark:?}",
                    table.name,
                    i + 2
                );
            }
        }
        let readme = std::fs::read_to_string(crate::common::shipped(&name).join("README.md")).unwrap();
        assert!(readme.contains("中文摘要"), "{name}: the README speaks to a planner");
    }
}
