//! Bare tables that a planner might really send, and the exact words she gets, in both languages.
//!
//! A folder `invalid/bare/NAME` holds `rolls.csv`, perhaps `births.csv`, perhaps further arguments in `args.txt`, and the
//! standard error of `seatcast backtest` as `expected.en.txt` and `expected.zh.txt`. A case whose name begins with `warn-`
//! gives results, every other writes nothing. `SEATCAST_BLESS=1` writes the expected files anew.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::common::{check_file, root, rows};

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> =
        fs::read_dir(root().join("tests/invalid/bare")).unwrap().map(|e| e.unwrap().path()).collect();
    cases.sort();
    cases
}

/// Runs a case in its folder, so that messages show the names as they were given.
fn run(case: &Path, out: &Path, more: &[&str]) -> Output {
    let mut arguments: Vec<String> =
        ["backtest", "--rolls", "rolls.csv", "--draws", "40", "--out"].map(str::to_owned).to_vec();
    arguments.push(out.display().to_string());
    if case.join("births.csv").exists() {
        arguments.extend(["--births", "births.csv"].map(str::to_owned));
    }
    if let Ok(text) = fs::read_to_string(case.join("args.txt")) {
        arguments.extend(text.split_whitespace().map(str::to_owned));
    }
    arguments.extend(more.iter().map(|m| (*m).to_owned()));
    Command::new(env!("CARGO_BIN_EXE_seatcast")).args(arguments).current_dir(case).output().unwrap()
}

#[test]
fn every_case_is_told_in_its_exact_words_and_writes_only_if_it_can() {
    for case in cases() {
        let name = case.file_name().unwrap().to_str().unwrap();
        for lang in ["en", "zh"] {
            let folder = tempfile::tempdir().unwrap();
            let out = folder.path().join("out");
            let told = run(&case, &out, &["--lang", lang]);
            let words = String::from_utf8(told.stderr).unwrap();
            check_file(&case.join(format!("expected.{lang}.txt")), &words);
            let runs = name.starts_with("warn-");
            assert_eq!(told.status.code(), Some(if runs { 0 } else { 2 }), "{name}: {words}");
            assert_eq!(out.exists(), runs, "{name}");
            assert_eq!(told.stdout.is_empty(), !runs, "{name}");
        }
    }
}

#[test]
fn no_case_gives_a_number_that_is_none_and_no_row_is_dropped() {
    for case in cases().into_iter().filter(|c| c.file_name().unwrap().to_str().unwrap().starts_with("warn-"))
    {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let told = run(&case, &out, &[]);
        assert_eq!(told.status.code(), Some(0));
        for file in ["forecasts.csv", "accuracy.csv", "reliability.csv", "run.json"] {
            let text = fs::read_to_string(out.join(file)).unwrap();
            for wrong in ["NaN", "inf", "-inf"] {
                assert!(!text.contains(wrong), "{}: {file} holds {wrong}", case.display());
            }
        }
        // every area and grade with pupils at an origin is forecast for every lead inside the table
        let forecast = rows(&out.join("forecasts.csv"));
        let rolls = rows(&case.join("rolls.csv"));
        let origins: Vec<&str> = forecast.iter().map(|r| r["origin"].as_str()).collect();
        let args = fs::read_to_string(case.join("args.txt")).unwrap_or_default();
        for roll in rolls.iter().filter(|r| origins.contains(&r["year"].as_str()) && r["pupils"] != "0") {
            if args.contains("--entry-grade 2") && roll["grade"] == "1" {
                continue;
            }
            let found = forecast.iter().any(|r| {
                r["origin"] == roll["year"] && r["area"] == roll["area"] && r["grade"] == roll["grade"]
            });
            assert!(found, "{}: {roll:?} has no forecast", case.display());
        }
    }
}

#[test]
fn json_lists_the_same_problems() {
    let case = root().join("tests/invalid/bare/negative");
    let folder = tempfile::tempdir().unwrap();
    let told = run(&case, &folder.path().join("out"), &["--format", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(document["errors"], 2);
    assert!(told.stderr.is_empty());
}

/// Writes a table of rolls, makes its back-test with `more` arguments and returns `forecasts.csv`, as text and by row.
fn forecasts(
    folder: &Path,
    name: &str,
    bytes: &[u8],
    more: &[&str],
) -> (String, Vec<BTreeMap<String, String>>) {
    fs::write(folder.join(name), bytes).unwrap();
    let arguments =
        ["backtest", "--rolls", name, "--draws", "40", "--leads", "1,3", "--no-charts", "--out", "out"];
    let told = Command::new(env!("CARGO_BIN_EXE_seatcast"))
        .args(arguments.iter().chain(more))
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let text = fs::read_to_string(folder.join("out/forecasts.csv")).unwrap();
    let rows = rows(&folder.join("out/forecasts.csv"));
    (text, rows)
}

/// Rolls of two areas and three grades in 2009-2018 that wander a little; `line` writes what is said of a cell.
fn rolls(line: impl Fn(i32, &str, i32, i32) -> String) -> String {
    let mut text = String::new();
    for (year, area, grade) in (2009..=2018)
        .flat_map(|year| ["a", "b"].map(|area| (year, area)))
        .flat_map(|(year, area)| (1..=3).map(move |grade| (year, area, grade)))
    {
        let pupils = if area == "a" { 200 } else { 300 } + (year * 7 + grade * 5) % 9;
        text += &line(year, area, grade, pupils);
    }
    text
}

#[test]
fn an_error_is_split_into_method_and_revision_where_a_roll_was_corrected_later() {
    let folder = tempfile::tempdir().unwrap();
    // grade 2 of area a was first told as 60 more in 2016, and put right half a year later
    let told_wrong = rolls(|year, area, grade, pupils| {
        let wrong = (year, area, grade) == (2016, "a", 2);
        let first = format!("{year},{area},{grade},{},{year}-10\n", pupils + 60);
        let right = if wrong { "2017-03".to_owned() } else { format!("{year}-10") };
        format!("{}{year},{area},{grade},{pupils},{right}\n", if wrong { first } else { String::new() })
    });
    let told_right = rolls(|year, area, grade, pupils| format!("{year},{area},{grade},{pupils},{year}-10\n"));
    let table = |text: &str| format!("year,area,grade,pupils,known_from\n{text}");
    let (_, wrong) = forecasts(folder.path(), "wrong.csv", table(&told_wrong).as_bytes(), &[]);
    let (_, right) = forecasts(folder.path(), "right.csv", table(&told_right).as_bytes(), &[]);
    let number = |row: &BTreeMap<String, String>, column: &str| row[column].parse::<i64>().unwrap();
    let (mut split, mut moved) = (0, 0);
    for (row, as_it_was) in wrong.iter().zip(&right) {
        assert!(!as_it_was.contains_key("method_error"), "nothing was corrected");
        if row["origin"] != "2016" || row["actual"].is_empty() {
            assert!(row["origin"] == "2016" || row["method_error"].is_empty(), "{row:?}");
            continue;
        }
        let (mean, actual) = (number(row, "mean"), number(row, "actual"));
        let (method, revision) = (number(row, "method_error"), number(row, "revision_error"));
        assert_eq!(mean - actual, method + revision, "{row:?}");
        // the method's part is the error of who knew it right
        assert_eq!(method, number(as_it_was, "mean") - actual, "{row:?}");
        split += 1;
        if (row["area"].as_str(), row["grade"].as_str()) == ("a", "3") {
            // sixty pupils too many move up from grade 2
            assert!((50..=70).contains(&revision), "{row:?}");
            moved += 1;
        }
    }
    assert!(split > 0 && moved == 1, "{split} {moved}");
}

#[test]
fn a_packed_table_is_read_and_births_after_the_origin_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let plain = format!(
        "year,area,grade,pupils\n{}",
        rolls(|year, area, grade, pupils| format!("{year},{area},{grade},{pupils}\n"))
    );
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(plain.as_bytes()).unwrap();
    let births = |after: i32| {
        let born = |year: i32| if year > after { 900 } else { 500 + year % 7 };
        let mut table = String::from("year,area,births\n");
        for year in 2006..=2018 {
            table += &format!("{year},all,{}\n", born(year));
        }
        fs::write(folder.path().join("births.csv"), table).unwrap();
    };
    let more = ["--births", "births.csv", "--entry-lag", "2"];
    births(2018);
    let (text, rows) = forecasts(folder.path(), "rolls.csv", plain.as_bytes(), &more);
    let heading = "origin,year,lead,area,school,grade,actual,mean,p2_5,p10,p25,p50,p75,p90,p97_5";
    assert_eq!(text.trim_start_matches('\u{feff}').lines().next(), Some(heading));
    let (unpacked, _) = forecasts(folder.path(), "rolls.csv.gz", &packed.finish().unwrap(), &more);
    assert_eq!(text, unpacked);
    // births of 2016 on are nearly twice as many: an origin before does not see them, later ones do
    births(2015);
    let (_, other) = forecasts(folder.path(), "rolls.csv", plain.as_bytes(), &more);
    assert_eq!(rows.len(), other.len());
    for (row, other) in rows.iter().zip(&other) {
        assert!(row["origin"].as_str() >= "2016" || row == other, "{row:?}\n{other:?}");
    }
    assert!(rows.iter().zip(&other).any(|(row, other)| row["grade"] == "1" && row["mean"] != other["mean"]));
}
