//! Results as rows: every table holds what it declares, and charts come out the same from a run as from its folder.

use std::{collections::BTreeSet, fs, path::Path};

use seatcast::{
    Lang, Session, Settings, load,
    report::{CellType, Column, Options, catalogue, folder_charts},
    time::{Day, YearMonth},
};

use crate::common::{seatcast, shipped};

/// Declared tables that the commands below do not write: they need a forecast or a round that was filed a year before.
const ELSEWHERE: [&str; 4] = ["forecasts/*.csv", "rounds/*.csv", "since.csv", "ledger.csv"];

fn holds(column: &Column, cell: &str) -> bool {
    if cell.is_empty() {
        // a text may be empty, as a key that has no name
        return column.blank || column.holds == CellType::Text;
    }
    match &column.holds {
        CellType::Text => true,
        CellType::Code(codes) => codes.contains(&cell),
        CellType::Whole => cell.parse::<i64>().is_ok(),
        CellType::Number => cell.parse::<f64>().is_ok(),
        CellType::Flag => cell.parse::<bool>().is_ok(),
        CellType::Month => YearMonth::parse(cell).is_some(),
        CellType::Day => Day::parse(cell).is_some(),
        CellType::DayOrMonth => Day::parse(cell).is_some() || YearMonth::parse(cell).is_some(),
        CellType::MonthOr(words) => words.contains(&cell) || YearMonth::parse(cell).is_some(),
        other => panic!("{other:?} is not compared here"),
    }
}

/// The columns of a file under its headings: one that stands for many takes those that no other has.
fn under(columns: &[Column], headings: &[&str]) -> Option<Vec<Column>> {
    let one = |name: &str| columns.iter().find(|c| !c.many && c.name == name);
    let mut many = columns.iter().filter(|c| c.many);
    let mut of = Vec::new();
    for heading in headings {
        match one(heading) {
            Some(column) => of.push(column.clone()),
            None => of.push(many.clone().next_back().or_else(|| many.next())?.clone()),
        }
    }
    let all = columns.iter().filter(|c| !c.many).all(|c| headings.contains(&c.name));
    all.then_some(of)
}

fn check(path: &Path, seen: &mut BTreeSet<&'static str>) {
    let name = path.file_name().unwrap().to_str().unwrap();
    let text = fs::read_to_string(path).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings = reader.headers().unwrap().clone();
    let headings: Vec<&str> = headings.iter().collect();
    let mut declared = catalogue().into_iter().filter(|table| table.file == name);
    let (table, columns) = declared
        .find_map(|table| Some((table, under(&table.columns(), &headings)?)))
        .unwrap_or_else(|| panic!("{name} has other columns than it declares: {headings:?}"));
    let measures: BTreeSet<&str> = table.measures().into_iter().map(|m| m.name).collect();
    for record in reader.records() {
        let record = record.unwrap();
        for ((column, heading), cell) in columns.iter().zip(&headings).zip(&record) {
            // measures and months of projects stand side by side in the tables of a sweep
            let fits = if column.many {
                cell.is_empty() || cell.parse::<f64>().is_ok() || YearMonth::parse(cell).is_some()
            } else {
                holds(column, cell)
            };
            assert!(fits, "{name}, {heading}: {cell:?} is no {:?}", column.holds);
            if *heading == "measure" && !measures.is_empty() {
                let measure = cell.split_once('.').map_or(cell, |(measure, _)| measure);
                assert!(measures.contains(measure), "{name} does not declare {measure}");
            }
        }
    }
    seen.insert(table.file);
}

fn tables(folder: &Path, seen: &mut BTreeSet<&'static str>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "csv") {
            check(&path, seen);
        }
    }
}

#[test]
fn every_table_holds_what_it_declares() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mut seen = BTreeSet::new();
    for command in [
        "run scenarios/teaching --draws 8",
        "run scenarios/learning --draws 8 --lang zh",
        "run scenarios/teaching --draws 4 --programme none --programme all",
        "sweep scenarios/teaching --draws 8 --schedules 20",
        "cycle scenarios/teaching --draws 20 --futures 2 --no-grid",
        "backtest scenarios/learning --draws 20",
    ] {
        let out = at(&command.replace([' ', '/'], "-"));
        let mut words: Vec<&str> = command.split(' ').collect();
        words.extend(["--no-charts", "-o", out.to_str().unwrap()]);
        let ran = seatcast(&words);
        assert_eq!(ran.status.code(), Some(0), "{command}: {}", String::from_utf8_lossy(&ran.stderr));
        tables(&out, &mut seen);
    }
    let missing: Vec<&str> = catalogue()
        .into_iter()
        .map(|table| table.file)
        .filter(|file| !seen.contains(file) && !ELSEWHERE.contains(file))
        .collect();
    assert!(missing.is_empty(), "never written: {missing:?}");
}

#[test]
fn charts_of_a_session_are_those_of_its_folder() {
    for name in ["teaching", "learning", "futian-2019"] {
        let loaded = load(shipped(name)).unwrap();
        let settings = Settings { draws: 12, ..Settings::default() };
        for lang in [Lang::Zh, Lang::En] {
            let session =
                Session::new(&loaded.scenario, settings.clone()).unwrap().loaded_from(&loaded, lang);
            let folder = tempfile::tempdir().unwrap();
            for (file, bytes) in session.files(Options { lang, bom: true, charts: false }).unwrap() {
                fs::write(folder.path().join(file), bytes).unwrap();
            }
            let read = folder_charts(folder.path(), lang).unwrap();
            let own = session.charts(lang);
            assert!(own.len() > 5, "{name}");
            assert_eq!(own.len(), read.len(), "{name}");
            for (own, read) in own.iter().zip(&read) {
                assert!(own == read, "{name}: {} differs", own.name);
            }
            let mut kinds = BTreeSet::new();
            for (own, read) in own.iter().zip(&read).filter(|(own, _)| kinds.insert(own.kind)) {
                assert!(own.figure.svg().unwrap() == read.figure.svg().unwrap(), "{name}: {}", own.name);
            }
        }
    }
}
