//! The same tables however a spreadsheet wrote them: the same bytes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use encoding_rs::GB18030;
use seatcast::{
    Lang, Session, Settings, load,
    report::{File, Options},
    scenario::tables::{self, TableSpec},
};

use crate::common::shipped;

/// A way to write a table.
type Way = fn(&str, &str) -> Vec<u8>;

const WAYS: [(&str, Way); 8] = [
    ("UTF-8 with a mark", |_, text| format!("\u{feff}{text}").into_bytes()),
    ("GB18030", |_, text| gb18030(text)),
    ("UTF-16, little end first", |_, text| utf16(text, true)),
    ("UTF-16, big end first", |_, text| utf16(text, false)),
    ("CRLF", |_, text| text.replace('\n', "\r\n").into_bytes()),
    ("Chinese headings", |name, text| with_headings(name, text, 0).into_bytes()),
    ("other Chinese headings, GB18030, CRLF", |name, text| {
        gb18030(&with_headings(name, text, 1).replace('\n', "\r\n"))
    }),
    ("Unicode text of Excel: tabs, UTF-16", |_, text| utf16(&tabbed(text), true)),
];

fn gb18030(text: &str) -> Vec<u8> {
    let (bytes, _, unmapped) = GB18030.encode(text);
    assert!(!unmapped);
    bytes.into_owned()
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(|u: u16| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
}

fn spec(name: &str) -> &'static TableSpec {
    tables::ALL.iter().find(|spec| spec.name == name).unwrap()
}

/// The table with Chinese headings: of several the one at `which`, or the last.
fn with_headings(name: &str, text: &str, which: usize) -> String {
    let (heading, rest) = text.split_once('\n').unwrap();
    let spec = spec(name);
    let chinese: Vec<&str> = heading
        .split(',')
        .map(|column| {
            let headings = spec.column(column).unwrap().words.headings;
            headings[which.min(headings.len() - 1)]
        })
        .collect();
    format!("{}\n{rest}", chinese.join(","))
}

fn tabbed(text: &str) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(b'\t').from_writer(Vec::new());
    for record in csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes()).records() {
        writer.write_record(&record.unwrap()).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// A copy of a shipped scenario, its tables written in another way.
fn rewritten(scenario: &str, way: Way) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&shipped(scenario), folder.path(), way);
    folder
}

fn copy(from: &Path, to: &Path, way: Way) {
    for entry in fs::read_dir(from).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        let stem = path.file_stem().unwrap().to_str().unwrap();
        if path.is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&path, &target, way);
        } else if path.extension().is_some_and(|e| e == "csv") {
            fs::write(target, way(stem, &fs::read_to_string(&path).unwrap())).unwrap();
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}

/// Everything a run writes, but for what `run.json` says of the files it read.
fn files(folder: &Path) -> Vec<File> {
    let loaded = load(folder).unwrap();
    let settings = Settings { draws: 30, ..Settings::default() };
    let session = Session::new(&loaded.scenario, settings).unwrap().loaded_from(&loaded, Lang::Zh);
    let files = session.files(Options { lang: Lang::Zh, bom: true, charts: false }).unwrap();
    files.into_iter().filter(|(name, _)| name != "run.json").collect()
}

#[test]
fn every_way_to_save_the_tables_gives_the_same_bytes() {
    for scenario in ["teaching", "futian-2019"] {
        let plain = files(&shipped(scenario));
        assert!(plain.len() > 6);
        for (name, way) in WAYS {
            let folder = rewritten(scenario, way);
            assert_ne!(
                fs::read(folder.path().join("zones.csv")).unwrap(),
                fs::read(shipped(scenario).join("zones.csv")).unwrap(),
                "{name} changes the file"
            );
            for ((file, bytes), (_, expected)) in files(folder.path()).iter().zip(&plain) {
                assert!(bytes == expected, "{scenario}, {name}: {file} differs");
            }
        }
    }
}

#[test]
fn the_encoding_that_was_found_is_said_and_a_stated_one_is_not() {
    let folder = rewritten("teaching", |_, text| gb18030(text));
    let warnings = |loaded: &seatcast::Loaded| -> Vec<String> {
        let of = |p: &seatcast::scenario::Problem| (p.code() == "W114").then(|| p.file.clone());
        loaded.problems.iter().filter_map(of).collect()
    };
    let found = load(folder.path()).unwrap();
    // pure ASCII tables are the same in both
    assert_eq!(warnings(&found), ["admission.csv", "projects.csv", "schools.csv", "zones.csv"]);
    let reading = seatcast::Reading {
        variant: None,
        encoding: Some(seatcast::scenario::Encoding::Gb18030),
        ..seatcast::Reading::default()
    };
    // the document is UTF-8 with Chinese in it: read as GB18030 it is another text, so it is written anew too
    let text = fs::read_to_string(shipped("teaching").join("scenario.json")).unwrap();
    fs::write(folder.path().join("scenario.json"), gb18030(&text)).unwrap();
    let stated = seatcast::load_as(folder.path(), &reading).unwrap();
    assert!(warnings(&stated).is_empty());
    assert_eq!(stated.scenario, found.scenario);
}

#[test]
fn every_chinese_heading_of_every_column_is_read() {
    let columns = tables::ALL.iter().flat_map(|table| table.columns);
    let headings: usize = columns.map(|column| column.words.headings.len()).sum();
    assert!(headings > 100, "{headings}");
    // the words of the field that planners use for the same thing
    for (table, column, heading) in [
        ("schools", "places", "学位"),
        ("schools", "places", "座位"),
        ("rolls", "pupils", "在校生"),
        ("rolls", "pupils", "在读"),
    ] {
        let all = spec(table).column(column).unwrap().words.headings;
        assert!(all.iter().any(|h| h.starts_with(heading)), "{table}.{column}: {all:?}");
    }
}

#[test]
fn numbers_with_separators_and_full_width_digits_and_long_codes_are_kept() {
    let folder = rewritten("teaching", |_, text| text.as_bytes().to_vec());
    // twelve digits stay twelve digits: a code is a text
    for table in tables::TABLES {
        let path = folder.path().join(format!("{}.csv", table.name));
        let Ok(text) = fs::read_to_string(&path) else { continue };
        fs::write(&path, text.replace("old_town", "440304001001")).unwrap();
    }
    let path = folder.path().join("projects.csv");
    let projects = fs::read_to_string(&path).unwrap();
    let written = projects.replace(",145800000,9700000,", ",\"145,800,000\",９７０００００,");
    let written = written.replace(",205200000,13000000,", ",２０５，２００，０００,13000000,");
    let written = written.replace(",120000000,7200000,", ",１２０，０００，０００,7200000,");
    assert_eq!(
        written.len() - projects.len(),
        4 + 14 + 2 * (18 + 2 * 3),
        "three cells are written otherwise"
    );
    fs::write(&path, &written).unwrap();
    let changed = load(folder.path()).unwrap().scenario;
    let original = load(shipped("teaching")).unwrap().scenario;
    assert!(changed.frame.zones.iter().any(|z| z.id == "440304001001"));
    let money = |s: &seatcast::Scenario| s.projects.iter().map(|p| (p.capex, p.opex)).collect::<Vec<_>>();
    assert_eq!(money(&changed), money(&original));
    assert_eq!(money(&changed)[0], (Some(145_800_000.0), Some(9_700_000.0)));
}
