//! Every fault a scenario folder can have, in the exact words a planner reads, in both languages.
//!
//! `invalid/base` is a tiny scenario without a fault. A folder `invalid/cases/NAME` holds only the files that differ from
//! it, perhaps a `remove.txt` with base files to leave out (one a line), and the standard error of `seatcast validate`
//! as `expected.en.txt` and `expected.zh.txt`. A case whose name begins with `warn-` can be run, every other cannot.
//! A file `arguments.txt` adds to the arguments. What no file of a repository can be (a folder for a file, a link out) is
//! built by [`SPECIAL`]. `invalid/out` holds what `seatcast run` says of results folders that it may not write,
//! `invalid/commands` what other commands say of files and folders they are given, after the commands of `before.txt`
//! have run and the files of `remove.txt` are gone; one whose name begins with `warn-` goes on.
//!
//! `SEATCAST_BLESS=1` writes the expected files anew: read each of them then, it is what a planner has to work with.

#![expect(clippy::unwrap_used, reason = "in a test a value that is not there is a failure")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

use crate::common::{blessing, check_file, root, text};

/// Builds what cannot be stored, in a folder that holds the scenario as `scenario`.
type Build = fn(&Path);

/// A results folder that is refused: name, case, what is given as `--out`, what stands there.
type Refused<'a> = (&'a str, &'a str, &'a str, &'a dyn Fn(&Path));

const SPECIAL: &[(&str, Build)] = &[
    ("no-folder", |folder| fs::remove_dir_all(folder.join("scenario")).unwrap()),
    ("path-is-a-file", |folder| {
        fs::remove_dir_all(folder.join("scenario")).unwrap();
        fs::write(folder.join("scenario"), "{}").unwrap();
    }),
    ("table-is-a-folder", |folder| {
        let rolls = folder.join("scenario/rolls.csv");
        fs::remove_file(&rolls).unwrap();
        fs::create_dir(&rolls).unwrap();
    }),
    ("table-is-too-large", |folder| {
        // a hole of 64 MiB and one byte: it takes no room on the disk
        let file = fs::OpenOptions::new().write(true).open(folder.join("scenario/rolls.csv")).unwrap();
        file.set_len(64 * 1024 * 1024 + 1).unwrap();
    }),
    ("places-beyond-counting", |folder| {
        // 2,200 schools of a million places: below 2^31 nobody counts on
        let row = |i: usize| format!("n{i},north,primary,1000000,\n");
        let table: String = (0..2200).map(row).collect();
        let rest = "north_j,north,junior,100,\nsouth_p,south,primary,120,\nsouth_j,south,junior,100,\n";
        let heading = "school,zone,stage,places,classes_per_grade\n";
        fs::write(folder.join("scenario/schools.csv"), format!("{heading}{table}{rest}")).unwrap();
    }),
    #[cfg(unix)]
    ("link-out-of-the-folder", |folder| {
        fs::rename(folder.join("scenario/rolls.csv"), folder.join("elsewhere.csv")).unwrap();
        std::os::unix::fs::symlink("../elsewhere.csv", folder.join("scenario/rolls.csv")).unwrap();
    }),
    #[cfg(unix)]
    ("link-to-nothing", |folder| {
        // the table is optional, but somebody meant it to be there
        fs::remove_file(folder.join("scenario/projects.csv")).unwrap();
        std::os::unix::fs::symlink("projects-2025.csv", folder.join("scenario/projects.csv")).unwrap();
    }),
    #[cfg(unix)]
    ("table-is-no-plain-file", |folder| {
        let rates = folder.join("scenario/rates.csv");
        fs::remove_file(&rates).unwrap();
        drop(std::os::unix::net::UnixListener::bind(&rates).unwrap());
    }),
];

/// Codes that no case can show, and why.
const WITHOUT_CASE: &[(&str, &str)] = &[
    ("E059", "the reader checks every rule of the engine itself; this is the net below it"),
    ("N201", "notes are written into run.json only: a_default_that_was_taken_is_noted_in_run_json"),
    ("N210", "a note: learnt::what_was_learnt_is_noted"),
    ("N211", "a note: learnt::what_was_learnt_is_noted"),
    ("N212", "a note: a_default_that_was_taken_is_noted_in_run_json"),
    ("N213", "a note: learnt::what_was_learnt_is_noted"),
    ("N214", "a note: learnt::what_was_known_then_is_noted"),
    ("N215", "a note: learnt::what_was_known_then_is_noted"),
    ("N216", "a note: learnt::a_forecast_of_last_year_that_cannot_be_made_is_noted"),
    ("N217", "a note: unseen::a_class_whose_past_errors_went_far_up_is_widened_from_them_and_said_so"),
    ("N220", "notes are written into run.json only; the run.json of `teaching` has two"),
    ("N221", "notes are written into run.json only; the run.json of `teaching` has one"),
    ("E129", "needs another program that holds the ledger: tests/ledger.rs"),
    ("E183", "needs a disk that fails: tests/faults.rs"),
    (
        "E187",
        "a fault of the program: cli::messages and laws::a_decision_about_a_project_that_is_not_there_is_an_error",
    ),
    ("E185", "needs a disk that fails: tests/faults.rs"),
    ("W180", "speaks of today: ledger::a_day_that_has_not_come_is_named_and_can_be_corrected_away"),
    ("W181", "needs earlier results: results_folder::edited_results_are_kept_beside"),
    ("W182", "needs a run that was killed: results_folder::what_killed_runs_have_left_is_cleared"),
    ("W183", "needs a run that was killed: results_folder::an_interrupted_exchange_is_finished"),
    ("W184", "needs a run that was killed: results_folder::a_journal_of_a_stranger_reaches_nothing"),
    ("W160", "the line that counts: a_list_of_more_than_a_thousand_faults_is_cut_and_the_rest_counted"),
    ("N202", "likewise: commands::a_scenario_without_places_is_a_forecast_of_demand"),
];

fn invalid() -> PathBuf {
    root().join("tests/invalid")
}

/// Names of all cases, sorted.
fn cases() -> Vec<String> {
    let stored = fs::read_dir(invalid().join("cases")).unwrap();
    let mut names: BTreeSet<String> =
        stored.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.extend(SPECIAL.iter().map(|(name, _)| (*name).to_owned()));
    names.into_iter().collect()
}

fn may_run(case: &str) -> bool {
    case.starts_with("warn-")
}

/// A folder that holds the case as `scenario`.
pub(crate) fn lay(case: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("scenario");
    let stored = invalid().join("cases").join(case);
    let removed = fs::read_to_string(stored.join("remove.txt")).unwrap_or_default();
    fs::create_dir(&scenario).unwrap();
    copy(&invalid().join("base"), &scenario, &|name| !removed.lines().any(|r| r == name));
    if stored.is_dir() {
        let aside = ["remove.txt", "arguments.txt"];
        copy(&stored, &scenario, &|name| !aside.contains(&name) && !name.starts_with("expected."));
    }
    if let Some((_, build)) = SPECIAL.iter().find(|(name, _)| *name == case) {
        build(folder.path());
    }
    folder
}

fn copy(from: &Path, to: &Path, wanted: &dyn Fn(&str) -> bool) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if wanted(&name) && entry.path().is_dir() {
            fs::create_dir_all(to.join(&name)).unwrap();
            copy(&from.join(&name), &to.join(&name), wanted);
        } else if wanted(&name) {
            fs::copy(from.join(&name), to.join(&name)).unwrap();
        }
    }
}

/// Runs `seatcast` on a case, with the arguments the case adds.
fn on(folder: &Path, case: &str, arguments: &[&str]) -> Output {
    let added =
        fs::read_to_string(invalid().join("cases").join(case).join("arguments.txt")).unwrap_or_default();
    let all: Vec<&str> = arguments.iter().copied().chain(added.split_whitespace()).collect();
    seatcast(folder, &all)
}

/// Runs the command in `folder`, so that messages show the path as it was given.
fn seatcast(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_seatcast")).args(arguments).current_dir(folder).output().unwrap()
}

/// Codes of a text, in its order.
fn codes(told: &str) -> Vec<String> {
    let code = |line: &str| {
        let mut words = line.split(' ');
        let severity = words.next().is_some_and(|w| ["error", "warning", "错误", "警告"].contains(&w));
        words.next().filter(|_| severity).map(str::to_owned)
    };
    told.lines().filter_map(code).collect()
}

/// Names in a folder, sorted, hidden ones too.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_base_of_the_suite_has_no_fault() {
    let ran = seatcast(&invalid(), &["validate", "base"]);
    assert_eq!((ran.status.code(), text(&ran.stderr)), (Some(0), ""));
    assert_eq!(text(&ran.stdout), "ready to run: 2 zones, 2 stages, 1 project\n");
}

/// What `validate` says of every case in both languages, as text and as JSON, and what a run makes of it.
#[test]
fn every_case_is_told_in_the_expected_words_and_a_run_says_the_same() {
    let cases = cases();
    assert!(cases.len() > 80, "{} cases", cases.len());
    // each case is a few processes: half of them beside the other half
    let (first, second) = cases.split_at(cases.len() / 2);
    std::thread::scope(|scope| {
        for half in [first, second] {
            scope.spawn(|| half.iter().map(String::as_str).for_each(is_told));
        }
    });
}

fn is_told(case: &str) {
    let folder = lay(case);
    let code = Some(if may_run(case) { 0 } else { 2 });
    let [english, _] = ["en", "zh"].map(|lang| {
        let ran = on(folder.path(), case, &["validate", "scenario", "--lang", lang]);
        assert_eq!(ran.status.code(), code, "{case}: {}", text(&ran.stderr));
        assert_eq!(ran.stdout.is_empty(), !may_run(case), "{case}");
        let told = text(&ran.stderr).to_owned();
        check_file(&invalid().join("cases").join(case).join(format!("expected.{lang}.txt")), &told);
        told
    });
    is_listed(case, folder.path(), &english);
    let before = names(folder.path());
    let ran = on(folder.path(), case, &["run", "scenario", "-o", "out", "--draws", "5"]);
    assert_eq!(ran.status.code(), code, "{case}: {}", text(&ran.stderr));
    assert_eq!(text(&ran.stderr), english, "{case}");
    if may_run(case) {
        assert_eq!(noted(folder.path(), 'W'), codes(&english), "{case}: warnings are kept in run.json");
    } else {
        assert!(ran.stdout.is_empty(), "{case}");
        assert_eq!(names(folder.path()), before, "{case}: nothing is written");
    }
}

/// The JSON lists the codes of the text in the same order, sorted by file.
fn is_listed(case: &str, folder: &Path, told: &str) {
    let ran = on(folder, case, &["validate", "scenario", "--format", "json"]);
    let code = if may_run(case) { 0 } else { 2 };
    assert_eq!((ran.status.code(), text(&ran.stderr)), (Some(code), ""), "{case}");
    let document: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(document["valid"], may_run(case), "{case}");
    let problems = document["problems"].as_array().unwrap();
    let listed: Vec<&str> = problems.iter().map(|p| p["code"].as_str().unwrap()).collect();
    assert!(!listed.is_empty(), "{case}: nothing is said");
    assert_eq!(listed, codes(told), "{case}");
    let files: Vec<&str> = problems.iter().map(|p| p["file"].as_str().unwrap()).collect();
    assert!(files.is_sorted(), "{case}: {files:?}");
}

#[test]
fn a_default_that_was_taken_is_noted_in_run_json() {
    let folder = lay("warn-empty-cohort");
    let path = folder.path().join("scenario/scenario.json");
    let whole = fs::read_to_string(invalid().join("base/scenario.json")).unwrap();
    fs::write(&path, whole.replace("\"decision_month\": 10,", "").replace("\"secure\": 0.98, ", "")).unwrap();
    assert_eq!(
        seatcast(folder.path(), &["run", "scenario", "-o", "out", "--draws", "5"]).status.code(),
        Some(0)
    );
    // one year of rolls teaches no sizes; the month and one level that are left out
    assert_eq!(noted(folder.path(), 'N'), ["N212", "N201", "N201"]);
    let run = fs::read_to_string(folder.path().join("out/run.json")).unwrap();
    for words in ["not given, taken: 10", "not given, taken: 0.98", "sizes of shocks are the stated defaults"]
    {
        assert!(run.contains(words), "{words} is not in {run}");
    }
}

/// Codes of the notes in `out/run.json` that begin with `letter`.
fn noted(folder: &Path, letter: char) -> Vec<String> {
    let run: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.join("out/run.json")).unwrap()).unwrap();
    let notes = run["notes"].as_array().unwrap();
    notes.iter().map(|n| n["code"].as_str().unwrap().to_owned()).filter(|c| c.starts_with(letter)).collect()
}

#[test]
fn a_list_of_more_than_a_thousand_faults_is_cut_and_the_rest_counted() {
    let folder = lay("warn-empty-cohort");
    let mut rolls = fs::read_to_string(invalid().join("base/rolls.csv")).unwrap();
    for row in 0..1200 {
        rolls.push_str(&format!("2024,zone{row},1,10\n"));
    }
    fs::write(folder.path().join("scenario/rolls.csv"), rolls).unwrap();
    for (lang, last) in [
        ("en", ["200 more are not listed", "1200 errors, 0 warnings"]),
        ("zh", ["还有 200 条未列出", "1200 个错误，0 个警告"]),
    ] {
        let ran = seatcast(folder.path(), &["validate", "scenario", "--lang", lang]);
        assert_eq!(ran.status.code(), Some(2));
        let told = text(&ran.stderr);
        assert_eq!(codes(told), ["E040"; 1000]);
        // each problem and its mend, then the two lines that count
        assert_eq!(told.lines().skip(2000).collect::<Vec<_>>(), last);
    }
    let ran = seatcast(folder.path(), &["validate", "scenario", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!((&document["errors"], &document["not_listed"]), (&1200.into(), &200.into()));
    assert_eq!(document["problems"].as_array().unwrap().len(), 1000);
}

#[test]
fn a_results_folder_that_cannot_be_written_is_refused_in_the_expected_words() {
    let long = "a".repeat(300);
    let mine = |folder: &Path| {
        fs::create_dir(folder.join("out")).unwrap();
        fs::write(folder.join("out/letter.txt"), "keep me").unwrap();
    };
    let refused: &[Refused<'_>] = &[
        ("not-ours", "warn-several", "out", &mine),
        ("not-ours-file", "warn-several", "out", &|folder| fs::write(folder.join("out"), "keep me").unwrap()),
        ("foreign-file", "warn-several", "out", &|folder| {
            mine(folder);
            fs::write(folder.join("out/run.json"), r#"{"program": "seatcast", "files": ["board.csv"]}"#)
                .unwrap();
            fs::write(folder.join("out/board.csv"), "").unwrap();
        }),
        ("held-open", "warn-several", "out", &|folder| {
            fs::create_dir(folder.join("out")).unwrap();
            fs::write(folder.join("out/run.json"), r#"{"program": "seatcast", "files": ["board.csv"]}"#)
                .unwrap();
            fs::write(folder.join("out/board.csv"), "").unwrap();
            fs::write(folder.join("out/.~lock.board.csv#"), "Li,office").unwrap();
        }),
        ("name-windows-forbids", "warn-several", "results:2025/con", &|_| ()),
        ("inside-the-scenario", "warn-several", "scenario/rounds/mine", &|_| ()),
        ("under-a-file", "warn-several", "plan.txt/out", &|folder| {
            fs::write(folder.join("plan.txt"), "keep me").unwrap();
        }),
        ("name-too-long", "warn-several", &long, &|_| ()),
        #[cfg(target_os = "linux")]
        ("no-folder-of-ours", "warn-several", "/proc/seatcast/out", &|_| ()),
        ("with-a-faulty-scenario", "year-gap", "out", &mine),
    ];
    for (name, case, out, build) in refused {
        let folder = lay(case);
        build(folder.path());
        let before = names(folder.path());
        for lang in ["en", "zh"] {
            let ran = seatcast(folder.path(), &["run", "scenario", "-o", out, "--lang", lang]);
            assert_eq!(ran.status.code(), Some(2), "{name}");
            assert!(ran.stdout.is_empty(), "{name}");
            let here = fs::canonicalize(folder.path()).unwrap();
            let told = text(&ran.stderr).replace(here.to_str().unwrap(), "HERE");
            check_file(&invalid().join("out").join(format!("{name}.{lang}.txt")), &told);
            assert_eq!(names(folder.path()), before, "{name}");
        }
        if folder.path().join("out/letter.txt").exists() {
            assert_eq!(fs::read_to_string(folder.path().join("out/letter.txt")).unwrap(), "keep me");
        }
        let ran = seatcast(folder.path(), &["run", "scenario", "-o", out, "--format", "json"]);
        let document: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
        assert_eq!((ran.status.code(), &document["valid"]), (Some(2), &false.into()), "{name}");
    }
}

#[test]
fn what_commands_are_given_is_refused_in_the_expected_words() {
    let stored = names(&invalid().join("commands"));
    assert!(stored.len() > 10, "{stored:?}");
    for name in stored {
        let folder = lay("warn-candidates");
        let own = invalid().join("commands").join(&name);
        let aside = ["command.txt", "before.txt", "remove.txt"];
        copy(&own, folder.path(), &|file| !aside.contains(&file) && !file.starts_with("expected."));
        let command = fs::read_to_string(own.join("command.txt")).unwrap();
        for before in fs::read_to_string(own.join("before.txt")).unwrap_or_default().lines() {
            let ran = seatcast(folder.path(), &before.split_whitespace().collect::<Vec<_>>());
            assert_eq!(ran.status.code(), Some(0), "{name}: {}", text(&ran.stderr));
        }
        for file in fs::read_to_string(own.join("remove.txt")).unwrap_or_default().lines() {
            fs::remove_file(folder.path().join(file)).unwrap();
        }
        let before = names(folder.path());
        for lang in ["en", "zh"] {
            let mut arguments: Vec<&str> = command.split_whitespace().collect();
            arguments.extend(["--lang", lang]);
            let ran = seatcast(folder.path(), &arguments);
            let goes_on = may_run(&name);
            let expected = if goes_on { 0 } else { 2 };
            assert_eq!(ran.status.code(), Some(expected), "{name}: {}", text(&ran.stderr));
            assert_eq!(ran.stdout.is_empty(), !goes_on, "{name}");
            let here = fs::canonicalize(folder.path()).unwrap();
            let told = text(&ran.stderr).replace(here.to_str().unwrap(), "HERE");
            check_file(&own.join(format!("expected.{lang}.txt")), &told);
            if !goes_on {
                assert_eq!(names(folder.path()), before, "{name}");
            }
        }
    }
}

/// The expected texts of every case, with their names.
fn expected() -> Vec<(String, String)> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(invalid().join("out")).unwrap().map(|e| e.unwrap().path()).collect();
    let both = |folder: PathBuf| ["en", "zh"].map(|l| folder.join(format!("expected.{l}.txt")));
    for case in cases() {
        files.extend(both(invalid().join("cases").join(&case)));
    }
    for name in names(&invalid().join("commands")) {
        files.extend(both(invalid().join("commands").join(name)));
    }
    for case in fs::read_dir(invalid().join("bare")).unwrap() {
        files.extend(["en", "zh"].map(|l| case.as_ref().unwrap().path().join(format!("expected.{l}.txt"))));
    }
    files.sort();
    files.into_iter().map(|f| (f.display().to_string(), fs::read_to_string(&f).unwrap())).collect()
}

#[test]
fn every_code_has_a_case() {
    if blessing() {
        return; // the files are being written at this moment
    }
    let sources = [
        include_str!("../crates/scenario/src/problem.rs"),
        include_str!("../crates/scenario/src/problem/figure.rs"),
        include_str!("../crates/scenario/src/problem/ledger.rs"),
        include_str!("../crates/scenario/src/limits.rs"),
        include_str!("../crates/scenario/src/problem/supply.rs"),
        include_str!("../crates/scenario/src/history_fault.rs"),
        include_str!("../crates/report/src/out/error.rs"),
        include_str!("../crates/cli/output.rs"),
        include_str!("../crates/report/src/written.rs"),
        include_str!("../crates/cli/memory.rs"),
        include_str!("../crates/cli/messages.rs"),
        include_str!("../crates/cli/sweep.rs"),
        include_str!("../crates/cli/plot.rs"),
        include_str!("../crates/cli/init.rs"),
        include_str!("../crates/cli/explain.rs"),
    ];
    let is_code = |word: &&str| {
        word.len() == 4 && word.starts_with(['E', 'W', 'N']) && word[1..].bytes().all(|b| b.is_ascii_digit())
    };
    let declared: BTreeSet<&str> =
        sources.iter().flat_map(|source| source.split('"')).filter(is_code).collect();
    assert!(declared.len() > 60, "the codes are read from the source: {declared:?}");
    let told: BTreeSet<String> = expected().iter().flat_map(|(_, told)| codes(told)).collect();
    for code in declared {
        let excused = WITHOUT_CASE.iter().find(|(c, _)| *c == code);
        match excused {
            None => assert!(told.contains(code), "{code} is in no expected file"),
            Some((_, reason)) => assert!(!told.contains(code), "{code} has a case, although {reason}"),
        }
    }
}

#[test]
fn no_message_shows_the_notation_of_rust_or_the_number_of_an_error() {
    if blessing() {
        return;
    }
    for (file, told) in expected() {
        for notation in ["Some(", "None", "Ok(", "Err(", "::", "\\\"", "\\u", "os error", "``"] {
            assert!(!told.contains(notation), "{file} shows {notation}");
        }
    }
}

#[test]
fn every_expected_problem_has_a_mend_and_both_languages_the_same_codes() {
    if blessing() {
        return;
    }
    for case in cases() {
        let told = ["en", "zh"].map(|lang| {
            fs::read_to_string(invalid().join("cases").join(&case).join(format!("expected.{lang}.txt")))
                .unwrap()
        });
        for (told, mend) in told.iter().zip(["  fix: ", "  处理："]) {
            let lines: Vec<&str> = told.lines().collect();
            for pair in lines[..lines.len() - 1].chunks(2) {
                assert!(pair[1].strip_prefix(mend).is_some_and(|m| !m.trim().is_empty()), "{case}: {pair:?}");
            }
        }
        assert_eq!(codes(&told[0]), codes(&told[1]), "{case}");
    }
}
