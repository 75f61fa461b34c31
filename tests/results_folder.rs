//! The results folder: what it may be, where it is, what is kept of what was there, and what is left by runs that are gone.

use std::{fs, path::Path, process::Command};

use crate::{common::*, invalid::lay};

const RUN: [&str; 6] = ["run", "scenario", "--draws", "5", "--no-charts", "-o"];

fn here(folder: &Path, arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_seatcast")).args(arguments).current_dir(folder).output().unwrap()
}

fn ran(folder: &Path, out: &str, more: &[&str]) -> (Option<i32>, String, String) {
    let run = here(folder, &[&RUN[..], &[out], more].concat());
    (run.status.code(), text(&run.stdout).to_owned(), text(&run.stderr).to_owned())
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn verified(folder: &Path, dir: &str) -> (Option<i32>, String) {
    let run = here(folder, &["verify", dir]);
    (run.status.code(), text(&run.stdout).to_owned())
}

#[test]
fn edited_results_are_kept_beside() {
    let folder = lay("warn-candidates");
    let place = folder.path();
    assert_eq!(ran(place, "out", &[]).0, Some(0));
    assert_eq!(verified(place, "out").1.split(':').next(), Some("new"));
    // untouched results are replaced
    assert_eq!(ran(place, "out", &["--seed", "2"]).0, Some(0));
    assert_eq!(names(place), ["out", "scenario"]);
    let edited = place.join("out/board.csv");
    fs::write(&edited, [fs::read(&edited).unwrap(), b"a note\n".to_vec()].concat()).unwrap();
    fs::remove_file(place.join("out/money.csv")).unwrap();
    let (code, torn) = verified(place, "out");
    assert_eq!(code, Some(2));
    assert!(torn.starts_with("torn: out"), "{torn}");
    assert!(
        torn.contains("missing: money.csv") && torn.contains("changed since it was written: board.csv"),
        "{torn}"
    );
    let (code, _, told) = ran(place, "out", &[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("W181") && told.contains("board.csv") && told.contains("out.1"), "{told}");
    assert!(fs::read_to_string(place.join("out.1/board.csv")).unwrap().ends_with("a note\n"));
    assert_eq!(verified(place, "out").0, Some(0));
    fs::write(place.join("out/board.csv"), "again").unwrap();
    assert_eq!(ran(place, "out", &[]).0, Some(0));
    assert_eq!(names(place), ["out", "out.1", "out.2", "scenario"]);
}

#[test]
fn results_of_a_version_without_sums_are_kept_beside() {
    let folder = lay("warn-candidates");
    let place = folder.path();
    assert_eq!(ran(place, "out", &[]).0, Some(0));
    let manifest = place.join("out/run.json");
    let mut document: serde_json::Value = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    document.as_object_mut().unwrap().remove("sha256").unwrap();
    fs::write(&manifest, document.to_string()).unwrap();
    let (code, _, told) = ran(place, "out", &[]);
    assert_eq!(code, Some(0));
    assert!(told.contains("W181"), "{told}");
    assert_eq!(names(place), ["out", "out.1", "scenario"]);
}

#[test]
fn what_systems_leave_in_folders_stops_no_run_and_an_empty_folder_may_be_used() {
    let folder = lay("warn-candidates");
    let place = folder.path();
    fs::create_dir(place.join("out")).unwrap();
    fs::write(place.join("out/.DS_Store"), "x").unwrap();
    assert_eq!(ran(place, "out", &[]).0, Some(0));
    for left in [".DS_Store", "Thumbs.db", "desktop.ini", "._board.csv"] {
        fs::write(place.join("out").join(left), "x").unwrap();
    }
    let (code, _, told) = ran(place, "out", &[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(!told.contains("W181"), "{told}");
    assert_eq!(names(place), ["out", "scenario"]);
}

#[test]
fn results_are_where_the_message_says() {
    let folder = lay("warn-candidates");
    let place = folder.path();
    for out in ["gone/../out", "a/b/../../c/out", "./x/./y", "scenario/../z"] {
        let (code, printed, told) = ran(place, out, &[]);
        assert_eq!(code, Some(0), "{out}: {told}");
        let said = printed.lines().rev().find_map(|line| line.split_once("Results in ")).unwrap().1;
        let said = said.trim_end_matches('.');
        assert!(place.join(said).join("run.json").is_file(), "{out}: {said}");
    }
    assert_eq!(names(place), ["c", "out", "scenario", "x", "z"]);
}

#[test]
fn the_folders_of_the_scenario_take_no_results() {
    let folder = lay("warn-candidates");
    let place = folder.path();
    for out in ["scenario/forecasts", "scenario/rounds/a", "scenario/variants", "scenario/x/../Forecasts"] {
        let (code, _, told) = ran(place, out, &[]);
        assert_eq!(code, Some(2), "{out}");
        assert!(told.contains("E181"), "{out}: {told}");
    }
    assert!(!place.join("scenario/forecasts").exists());
    assert_eq!(ran(place, "scenario/results", &[]).0, Some(0));
}

#[test]
fn a_forecast_that_cannot_be_filed_stops_the_run_before_it_begins() {
    let folder = lay("warn-candidates");
    let place = folder.path();
    fs::write(place.join("scenario/forecasts"), "a file").unwrap();
    let (code, printed, told) = ran(place, "out", &["--file-forecast"]);
    assert_eq!((code, printed.as_str()), (Some(2), ""), "{told}");
    assert!(told.contains("E073 --file-forecast"), "{told}");
    assert_eq!(names(place), ["scenario"]);
    fs::remove_file(place.join("scenario/forecasts")).unwrap();
    assert_eq!(ran(place, "out", &["--file-forecast"]).0, Some(0));
    assert_eq!(names(&place.join("scenario/forecasts")).len(), 1);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_that_leaves_the_scenario() {
    use std::os::unix::fs::symlink;
    let folder = lay("warn-candidates");
    let place = folder.path();
    fs::create_dir(place.join("outside")).unwrap();
    fs::write(place.join("outside/precious.txt"), "precious\n").unwrap();
    let add = [
        "ledger",
        "add",
        "scenario",
        "--project",
        "ext",
        "--author",
        "Li",
        "--note",
        "x",
        "--date",
        "2024-05-01",
    ];
    for target in ["../outside/precious.txt", "../outside/new.txt"] {
        symlink(target, place.join("scenario/ledger.jsonl")).unwrap();
        let run = here(place, &add);
        assert_eq!(run.status.code(), Some(2), "{target}");
        assert!(text(&run.stderr).contains("E005"), "{target}: {}", text(&run.stderr));
        fs::remove_file(place.join("scenario/ledger.jsonl")).unwrap();
    }
    assert!(Command::new("mkfifo").arg(place.join("scenario/ledger.jsonl")).status().unwrap().success());
    let run = here(place, &add);
    assert_eq!(run.status.code(), Some(2), "a pipe is not waited for");
    fs::remove_file(place.join("scenario/ledger.jsonl")).unwrap();
    for folder in ["forecasts", "rounds"] {
        symlink("../outside", place.join("scenario").join(folder)).unwrap();
    }
    let (code, _, told) = ran(place, "out", &["--file-forecast"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("E005 forecasts"), "{told}");
    let cycle =
        ["cycle", "scenario", "-o", "out", "--draws", "20", "--futures", "2", "--years", "2", "--file-round"];
    assert_eq!(here(place, &cycle).status.code(), Some(2));
    assert_eq!(fs::read_to_string(place.join("outside/precious.txt")).unwrap(), "precious\n");
    assert_eq!(names(&place.join("outside")), ["precious.txt"]);
    assert_eq!(names(place), ["outside", "scenario"]);
    // a link that stays inside is a place like any other
    for folder in ["forecasts", "rounds"] {
        fs::remove_file(place.join("scenario").join(folder)).unwrap();
    }
    fs::create_dir(place.join("scenario/filed")).unwrap();
    symlink("filed", place.join("scenario/forecasts")).unwrap();
    assert_eq!(ran(place, "out", &["--file-forecast"]).0, Some(0));
    assert_eq!(names(&place.join("scenario/filed")).len(), 1);
}

#[test]
fn what_killed_runs_have_left_is_cleared() {
    let folder = lay("warn-candidates");
    let place = folder.path();
    for left in [".seatcast-aaaaaa", ".seatcast-bbbbbb"] {
        fs::create_dir_all(place.join(left).join("new")).unwrap();
        fs::write(place.join(left).join("lock"), "").unwrap();
    }
    fs::create_dir(place.join(".seatcast-empty1")).unwrap();
    // one whose process lives is left alone
    fs::create_dir(place.join(".seatcast-living")).unwrap();
    let lock = fs::File::create(place.join(".seatcast-living/lock")).unwrap();
    lock.lock().unwrap();
    let (code, _, told) = ran(place, "out", &[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("W182") && told.contains('3'), "{told}");
    assert_eq!(names(place), [".seatcast-living", "out", "scenario"]);
    assert!(!ran(place, "out", &[]).2.contains("W182"));
}

/// A hidden folder as it is left by a run that was killed right after its decision.
fn decided(place: &Path, new: &str, step: &serde_json::Value) {
    let hidden = place.join(".seatcast-killed");
    fs::create_dir(&hidden).unwrap();
    fs::write(hidden.join("lock"), "").unwrap();
    fs::rename(place.join(new), hidden.join("new")).unwrap();
    let journal =
        serde_json::json!({ "program": "seatcast", "steps": [step], "leader": null, "followers": [] });
    fs::write(hidden.join("journal.json"), journal.to_string()).unwrap();
}

fn sum_of(path: &Path) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(fs::read(path).unwrap()).iter().fold(String::new(), |sum, b| sum + &format!("{b:02x}"))
}

#[test]
fn an_interrupted_exchange_is_finished() {
    let folder = lay("warn-candidates");
    let place = folder.path();
    assert_eq!(ran(place, "out", &[]).0, Some(0));
    assert_eq!(ran(place, "second", &["--seed", "2"]).0, Some(0));
    let new = sum_of(&place.join("second/run.json"));
    let step = serde_json::json!({
        "target": "out", "new": "new", "mark": "run.json", "sum": new, "replaces": true, "keep": null,
    });
    decided(place, "second", &step);
    let run = here(place, &["verify", "out"]);
    assert_eq!(run.status.code(), Some(0));
    assert!(text(&run.stdout).starts_with("new: out"), "{}", text(&run.stdout));
    assert!(text(&run.stderr).contains("W183"), "{}", text(&run.stderr));
    assert_eq!(sum_of(&place.join("out/run.json")), new);
    assert_eq!(names(place), ["out", "scenario"]);
}

#[test]
fn a_journal_of_a_stranger_reaches_nothing() {
    let folder = lay("warn-candidates");
    let place = folder.path();
    for (target, kept) in
        [("photos", "photos/a.jpg"), ("../elsewhere", "photos/a.jpg"), ("scenario", "scenario/zones.csv")]
    {
        fs::create_dir_all(place.join("photos")).unwrap();
        fs::write(place.join("photos/a.jpg"), "mine").unwrap();
        let before = fs::read(place.join(kept)).unwrap();
        fs::create_dir(place.join("bait")).unwrap();
        fs::write(place.join("bait/run.json"), "{}").unwrap();
        let sum = sum_of(&place.join("bait/run.json"));
        let step = serde_json::json!({
            "target": target, "new": "new", "mark": "run.json", "sum": sum, "replaces": true, "keep": null,
        });
        decided(place, "bait", &step);
        let (code, _, told) = ran(place, "out", &[]);
        assert_eq!(code, Some(0), "{told}");
        assert_eq!(fs::read(place.join(kept)).unwrap(), before, "{target}");
        assert!(!place.parent().unwrap().join("elsewhere").exists());
        let _ = fs::remove_dir_all(place.join(".seatcast-killed"));
    }
    // two that name each other end too
    for (one, other) in [(".seatcast-one", ".seatcast-two"), (".seatcast-two", ".seatcast-one")] {
        fs::create_dir(place.join(one)).unwrap();
        fs::write(place.join(one).join("lock"), "").unwrap();
        let journal = serde_json::json!({
            "program": "seatcast", "steps": [], "leader": place.join(other), "followers": [],
        });
        fs::write(place.join(one).join("journal.json"), journal.to_string()).unwrap();
    }
    fs::create_dir(place.join(".seatcast-bad")).unwrap();
    fs::write(place.join(".seatcast-bad/lock"), "").unwrap();
    fs::write(place.join(".seatcast-bad/journal.json"), "not a journal").unwrap();
    let (code, _, told) = ran(place, "out", &[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("W184"), "{told}");
}

#[test]
fn verify_says_old_where_the_last_run_did_not_come_to_its_end() {
    let folder = lay("warn-candidates");
    let place = folder.path();
    assert_eq!(ran(place, "out", &[]).0, Some(0));
    fs::create_dir_all(place.join(".seatcast-cccccc/new")).unwrap();
    fs::write(place.join(".seatcast-cccccc/lock"), "").unwrap();
    assert!(verified(place, "out").1.starts_with("old: out"));
    assert!(verified(place, "out").1.starts_with("new: out"), "what was left is cleared");
    let json = here(place, &["verify", "out", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(document["result"], "new");
    assert_eq!(verified(place, "scenario").0, Some(2));
    assert_eq!(verified(place, "nowhere").0, Some(2));
}

#[cfg(unix)]
#[test]
fn results_that_are_no_plain_files_are_not_waited_for() {
    let folder = lay("warn-candidates");
    let place = folder.path();
    assert_eq!(ran(place, "out", &[]).0, Some(0));
    fs::remove_file(place.join("out/balance.csv")).unwrap();
    assert!(Command::new("mkfifo").arg(place.join("out/balance.csv")).status().unwrap().success());
    let run = here(place, &["plot", "out", "-o", "charts"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(text(&run.stderr).contains("it is not a plain file"), "{}", text(&run.stderr));
}

/// Takes the last of every three figures away.
fn shorten(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Array(items)
            if items.len() == 3 && items.iter().all(serde_json::Value::is_f64) =>
        {
            items.pop();
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(shorten),
        serde_json::Value::Object(members) => members.values_mut().for_each(shorten),
        _ => {}
    }
}

#[test]
fn figures_that_do_not_fit_together_are_the_fault_of_the_folder() {
    let folder = lay("warn-candidates");
    let place = folder.path();
    let cycle =
        ["cycle", "scenario", "-o", "out", "--draws", "20", "--futures", "2", "--years", "3", "--no-charts"];
    assert_eq!(here(place, &cycle).status.code(), Some(0));
    let path = place.join("out/cycle.json");
    let mut document: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    shorten(&mut document);
    fs::write(&path, document.to_string()).unwrap();
    let run = here(place, &["plot", "out", "-o", "charts"]);
    assert_eq!(run.status.code(), Some(2), "{}", text(&run.stderr));
    assert!(text(&run.stderr).contains("E077"), "{}", text(&run.stderr));
    assert!(!place.join("charts").exists());
}
