//! The command as a shell and a planner meet it: exit codes, streams, folders.

use std::fs;

use crate::common::{rows, seatcast, text};

#[test]
fn a_run_prints_the_board_and_writes_tables_and_charts() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("new/results");
    let ran = seatcast(&[
        "run",
        "scenarios/futian-2019",
        "-o",
        out.to_str().unwrap(),
        "--draws",
        "50",
        "--lang",
        "zh",
    ]);
    assert_eq!(ran.status.code(), Some(0));
    let board = text(&ran.stdout);
    for part in
        ["福田区", "需要", "已落实", "缺口", "最需关注", "历史基年 2019", "最迟决策日期", "结果文件夹"]
    {
        assert!(board.contains(part), "{part} is not on the board:\n{board}");
    }
    assert!(!text(&ran.stderr).contains('\u{1b}'), "a pipe gets no progress bar");
    for file in [
        "pupils.csv",
        "places.csv",
        "balance.csv",
        "board.csv",
        "actions.csv",
        "projects.csv",
        "warnings.csv",
        "run.json",
        "charts/gap-futian-primary.svg",
        "charts/gap-futian-primary.png",
        "charts/gap-futian-junior.svg",
        "charts/gap-futian-junior.png",
    ] {
        assert!(fs::metadata(out.join(file)).unwrap().len() > 100, "{file}");
    }
    assert!(
        fs::read(out.join("board.csv")).unwrap().starts_with("\u{feff}".as_bytes()),
        "Excel needs the mark"
    );
    let entries: Vec<_> =
        fs::read_dir(folder.path().join("new")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(entries, ["results"], "nothing is left beside the results");
}

/// Tables with one measure a row; the measures of each are listed in docs/results.md.
const LONG: [&str; 6] = ["pupils.csv", "places.csv", "balance.csv", "board.csv", "admission.csv", "tide.csv"];

/// Every measure written is on the page that lists them, and the other way round.
#[test]
fn the_measures_of_the_long_tables_are_the_documented_ones() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let ran =
        seatcast(&["run", "scenarios/teaching", "-o", out.to_str().unwrap(), "--draws", "20", "--no-bom"]);
    assert_eq!(ran.status.code(), Some(0));
    let page = fs::read_to_string(crate::common::root().join("docs/results.md")).unwrap();
    let mut written = std::collections::BTreeSet::new();
    for table in LONG {
        for row in rows(&out.join(table)) {
            let measure = row["measure"].clone();
            let name = measure.split_once('.').map_or(measure.clone(), |(name, _)| name.to_owned());
            written.insert((table, name));
        }
    }
    let mut section = "";
    let mut documented = std::collections::BTreeSet::new();
    for line in page.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            let table = title.trim_matches('`');
            section = LONG.into_iter().find(|t| *t == table).unwrap_or("");
        } else if !section.is_empty() && line.starts_with("| `") {
            for name in line.split('|').nth(1).unwrap().split('`').skip(1).step_by(2) {
                documented.insert((section, name.to_owned()));
            }
        }
    }
    assert_eq!(written, documented);
}

#[test]
fn a_folder_that_is_not_ours_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("mine");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("letter.txt"), "keep me").unwrap();
    let run = || seatcast(&["run", "scenarios/teaching", "-o", out.to_str().unwrap(), "--draws", "5"]);
    let ran = run();
    assert_eq!(ran.status.code(), Some(2));
    assert!(text(&ran.stderr).contains("E071"), "{}", text(&ran.stderr));
    assert!(ran.stdout.is_empty());
    assert_eq!(fs::read_to_string(out.join("letter.txt")).unwrap(), "keep me");
    assert_eq!(fs::read_dir(&out).unwrap().count(), 1);
}

#[test]
fn our_own_results_are_replaced_whole_unless_a_stranger_is_among_them() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let run = |scenario: &str| seatcast(&["run", scenario, "-o", out.to_str().unwrap(), "--draws", "5"]);
    assert_eq!(run("scenarios/futian-2019").status.code(), Some(0));
    assert_eq!(run("scenarios/teaching").status.code(), Some(0));
    assert!(!out.join("charts/gap-futian-primary.svg").exists(), "nothing of the earlier run is left");
    fs::write(out.join("notes.txt"), "mine").unwrap();
    let refused = run("scenarios/teaching");
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("E072") && text(&refused.stderr).contains("notes.txt"));
    assert!(out.join("notes.txt").exists() && out.join("run.json").exists());
}

#[test]
fn the_summary_as_json_is_one_document_on_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let ran = seatcast(&[
        "run",
        "scenarios/futian-2019",
        "-o",
        out.to_str().unwrap(),
        "--draws",
        "20",
        "--format",
        "json",
        "--programme",
        "none",
    ]);
    let document: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(document["settings"]["programme"], "none");
    assert_eq!(document["settings"]["seed"], 1);
    let inputs = document["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), 7, "scenario.json and six tables");
    assert!(inputs.iter().all(|i| i["sha256"].as_str().unwrap().len() == 64));
    assert!(
        document["notes"].as_array().unwrap().iter().any(|n| n["code"] == "N201"),
        "defaults taken are listed"
    );
    let gap = document["summary"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["stage"] == "primary" && s["year"] == 2021)
        .unwrap();
    assert_eq!(gap["new_gap"], 8319);
}

#[test]
fn validate_says_ready_and_writes_nothing() {
    let before = fs::read_dir(crate::common::shipped("teaching")).unwrap().count();
    let ran = seatcast(&["validate", "scenarios/teaching", "--lang", "zh"]);
    assert_eq!(ran.status.code(), Some(0));
    assert!(text(&ran.stdout).contains("可以运行"));
    assert_eq!(fs::read_dir(crate::common::shipped("teaching")).unwrap().count(), before);
}

#[test]
fn wrong_arguments_end_with_two() {
    for arguments in
        [&["run", "scenarios/teaching"][..], &["run", "x", "-o", "y", "--draws", "0"], &["nothing"]]
    {
        assert_eq!(seatcast(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_closed_pipe_is_no_fault() {
    use std::process::{Command, Stdio};
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_seatcast"))
        .args(["run", "scenarios/teaching", "--draws", "5", "-o"])
        .arg(folder.path().join("out"))
        .current_dir(crate::common::root())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
