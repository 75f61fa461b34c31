//! Bare tables that a planner might really send, and the exact words she gets, in both languages.
//!
//! A folder `invalid/bare/NAME` holds `rolls.csv`, perhaps `births.csv`, perhaps further arguments in `args.txt`, and the
//! standard error of `seatcast backtest` as `expected.en.txt` and `expected.zh.txt`. A case whose name begins with `warn-`
//! gives results, every other writes nothing. `SEATCAST_BLESS=1` writes the expected files anew.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::common::{check_file, root};

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
        // every area and grade with pupils at an origin is foretold for every lead inside the table
        let rows = crate::common::rows(&out.join("forecasts.csv"));
        let rolls = crate::common::rows(&case.join("rolls.csv"));
        let origins: Vec<&str> = rows.iter().map(|r| r["origin"].as_str()).collect();
        let args = fs::read_to_string(case.join("args.txt")).unwrap_or_default();
        for roll in rolls.iter().filter(|r| origins.contains(&r["year"].as_str()) && r["pupils"] != "0") {
            if args.contains("--entry-grade 2") && roll["grade"] == "1" {
                continue;
            }
            let found = rows.iter().any(|r| {
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
