//! Every write, rename and sync of every command fails once, and so does everything after it: the old or the new result
//! is there, never a mix, and the next run works.
//!
//! `tests/faults/shim.c` is preloaded into the command and lets the n-th call that changes the disk fail. The test takes
//! a spread of points that fits into `cargo test`; `SEATCAST_FAULTS=all cargo test --test tests faults -- --nocapture`
//! takes every point of every command and prints the figures of SECURITY.md.
#![cfg(target_os = "linux")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
};

use crate::{common::*, invalid::lay};

/// A kind of failure, and whether everything after it fails as well.
const KINDS: [(&str, bool); 7] = [
    ("ENOSPC", false),
    ("ENOSPC", true),
    ("EIO", false),
    ("EIO", true),
    ("EACCES", false),
    ("SHORT", false),
    ("KILL", false),
];

/// A command that writes: its name, what is typed, what must have been done before.
struct Case {
    name: &'static str,
    command: &'static str,
    before: &'static [&'static str],
}

const CASES: [Case; 10] = [
    Case { name: "run", command: "run scenario -o out --draws 20 --no-charts", before: &[] },
    Case {
        name: "run again",
        command: "run scenario -o out --draws 20 --no-charts",
        before: &["run scenario -o out --draws 20 --no-charts --seed 2"],
    },
    Case {
        name: "run and file",
        command: "run scenario -o deep/down/out --draws 20 --no-charts --file-forecast",
        before: &[],
    },
    Case {
        name: "run and file again",
        command: "run scenario -o out --draws 20 --no-charts --file-forecast",
        before: &[
            "run scenario -o out --draws 20 --no-charts --seed 2 --file-forecast",
            "run scenario -o other --draws 20 --no-charts --file-forecast",
        ],
    },
    Case {
        name: "sweep",
        command: "sweep scenario -o out --draws 20 --schedules 20 --no-charts",
        before: &["sweep scenario -o out --draws 20 --schedules 10 --no-charts"],
    },
    Case {
        name: "cycle",
        command: "cycle scenario -o out --draws 20 --futures 2 --years 3 --no-grid --no-charts --file-round",
        before: &["run scenario -o out --draws 20 --no-charts"],
    },
    Case {
        name: "plot",
        command: "plot ran -o out --chart tide",
        before: &["run scenario -o ran --draws 20 --no-charts"],
    },
    Case { name: "init", command: "init out --template blank", before: &[] },
    Case {
        name: "ledger add",
        command: "ledger add scenario --project ext --author Li --note one --date 2024-05-01",
        before: &[],
    },
    Case {
        name: "ledger add again",
        command: "ledger add scenario --project ext --author Li --note two --date 2024-06-01",
        before: &["ledger add scenario --project ext --author Li --note one --date 2024-05-01"],
    },
];

/// The library that lets calls fail, compiled once.
fn shim() -> &'static Path {
    static MADE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shim.so");
        let source = root().join("tests/faults/shim.c");
        let made = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(&path)
            .arg(source)
            .arg("-ldl")
            .output()
            .expect("a C compiler, which the README asks for");
        assert!(made.status.success(), "{}", text(&made.stderr));
        (folder, path)
    });
    path
}

/// Runs a command line in `folder`; `fault`: which call fails, how, and whether those after it fail too.
fn run(folder: &Path, line: &str, fault: Option<(usize, &str, bool)>, log: Option<&Path>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seatcast"));
    command.args(line.split_whitespace()).current_dir(folder).stdin(Stdio::null());
    if fault.is_some() || log.is_some() {
        command.env("LD_PRELOAD", shim()).env("FAULT_DIR", fs::canonicalize(folder).unwrap());
    }
    if let Some((at, kind, on)) = fault {
        command.env("FAULT_AT", at.to_string()).env("FAULT_KIND", kind);
        command.env("FAULT_ON", if on { "1" } else { "0" });
    }
    if let Some(log) = log {
        command.env("FAULT_LOG", log);
    }
    command.output().unwrap()
}

/// Every file below `folder` with its bytes; what a run leaves for the next one to clear is kept apart.
fn state(folder: &Path) -> (BTreeMap<String, Vec<u8>>, usize) {
    fn walk(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>, hidden: &mut usize) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let own = entry.file_name().into_string().unwrap();
            if own.starts_with(".seatcast-") {
                *hidden += 1;
            } else if entry.file_type().unwrap().is_dir() {
                walk(&entry.path(), &format!("{prefix}{own}/"), files, hidden);
            } else {
                files.insert(format!("{prefix}{own}"), fs::read(entry.path()).unwrap());
            }
        }
    }
    let (mut files, mut hidden) = (BTreeMap::new(), 0);
    walk(folder, "", &mut files, &mut hidden);
    (files, hidden)
}

fn laid(case: &Case) -> tempfile::TempDir {
    let folder = lay("warn-candidates");
    for line in case.before {
        let ran = run(folder.path(), line, None, None);
        assert_eq!(ran.status.code(), Some(0), "{line}: {}", text(&ran.stderr));
    }
    folder
}

fn copied(from: &BTreeMap<String, Vec<u8>>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in from {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

#[derive(Default, Debug)]
struct Counted {
    points: usize,
    done: usize,
    refused: usize,
    killed: usize,
    old: usize,
    new: usize,
    stuck: usize,
}

/// Lets the `at`-th call fail and judges what is there afterwards.
fn one(
    case: &Case,
    old: &BTreeMap<String, Vec<u8>>,
    new: &BTreeMap<String, Vec<u8>>,
    fault: (usize, &str, bool),
    counted: &mut Counted,
) {
    let what = format!(
        "{}: call {} fails with {}{}",
        case.name,
        fault.0,
        fault.1,
        if fault.2 { ", and all after it" } else { "" }
    );
    let folder = copied(old);
    let ran = run(folder.path(), case.command, Some(fault), None);
    let told = text(&ran.stderr);
    assert!(!told.contains("internal error") && !told.contains("os error"), "{what}: {told}");
    let (files, _) = state(folder.path());
    counted.points += 1;
    match ran.status.code() {
        Some(0) => {
            counted.done += 1;
            assert!(files == *new, "{what}: ended well, yet {}", differs(&files, new));
        }
        Some(2) if told.contains("E183") || told.contains("E185") => counted.stuck += 1,
        Some(2) => {
            counted.refused += 1;
            // a disk that stays broken may keep an empty ledger or a part of a line: no entry
            let files = if fault.2 { without_torn_line(&files) } else { files };
            assert!(files == *old, "{what}: exit 2, yet {}\n{told}", differs(&files, old));
        }
        None => counted.killed += 1,
        code => panic!("{what}: exit {code:?}\n{told}"),
    }
    if ran.status.code().is_none() || told.contains("E183") {
        // whoever comes next finishes or undoes it; any command that writes beside it will do, `verify` among them
        let next = run(
            folder.path(),
            "run scenario -o another --draws 20 --no-charts --seed 3 --file-forecast",
            None,
            None,
        );
        assert_eq!(next.status.code(), Some(0), "{what}: {}", text(&next.stderr));
        let verified = run(folder.path(), "verify out", None, None);
        assert!(!text(&verified.stdout).starts_with("torn"), "{what}: {}", text(&verified.stdout));
        let (mut files, _) = state(folder.path());
        let others = |name: &str| name.starts_with("another/") || filed_by_another(name, old, new);
        files.retain(|name, _| !others(name));
        if files == *new {
            counted.new += 1;
        } else {
            counted.old += 1;
            assert!(
                without_torn_line(&files) == *old,
                "{what}: neither old nor new: {}",
                differs(&files, old)
            );
        }
    }
    let next = run(folder.path(), case.command, None, None);
    // a folder that was made cannot be made again, and an entry of the ledger is one more
    if case.name != "init" && !case.name.starts_with("ledger") {
        assert_eq!(next.status.code(), Some(0), "{what}: the next run: {}", text(&next.stderr));
        let (mut files, hidden) = state(folder.path());
        files.retain(|name, _| !name.starts_with("another/") && !filed_by_another(name, old, new));
        assert!(files == *new, "{what}: the next run: {}", differs(&files, new));
        assert_eq!(hidden, 0, "{what}: hidden folders are left after the next run");
    }
}

/// Whether a filed forecast is that of the run which only took up what was left.
fn filed_by_another(name: &str, old: &BTreeMap<String, Vec<u8>>, new: &BTreeMap<String, Vec<u8>>) -> bool {
    name.starts_with("scenario/forecasts/") && !old.contains_key(name) && !new.contains_key(name)
}

/// A killed writer may leave a part of its line, which the reader knows not to be an entry.
fn without_torn_line(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let mut files = files.clone();
    if let Some(ledger) = files.get_mut("scenario/ledger.jsonl") {
        let end = ledger.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        ledger.truncate(end);
        if ledger.is_empty() {
            files.remove("scenario/ledger.jsonl");
        }
    }
    files
}

fn differs(found: &BTreeMap<String, Vec<u8>>, expected: &BTreeMap<String, Vec<u8>>) -> String {
    let only = |a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>| -> Vec<String> {
        a.iter()
            .filter(|(name, bytes)| b.get(*name) != Some(bytes))
            .map(|(name, _)| name.clone())
            .take(6)
            .collect()
    };
    format!("found {:?}, expected {:?}", only(found, expected), only(expected, found))
}

#[expect(clippy::disallowed_methods, reason = "a switch of the developer, it touches no result")]
fn takes_all() -> bool {
    std::env::var("SEATCAST_FAULTS").is_ok_and(|v| v == "all")
}

#[test]
fn every_write_rename_and_sync_may_fail_once() {
    let mut total = 0;
    for (c, case) in CASES.iter().enumerate() {
        let folder = laid(case);
        let (old, _) = state(folder.path());
        let log = tempfile::NamedTempFile::new().unwrap();
        let ran = run(folder.path(), case.command, None, Some(log.path()));
        assert_eq!(ran.status.code(), Some(0), "{}: {}", case.name, text(&ran.stderr));
        let calls = fs::read(log.path()).unwrap().len();
        let (new, hidden) = state(folder.path());
        assert_eq!(hidden, 0, "{}", case.name);
        assert!(new != old && calls > 2, "{}: {calls} calls", case.name);
        let mut points: Vec<(usize, &str, bool)> = Vec::new();
        for at in 1..=calls {
            points.extend(KINDS.iter().map(|(kind, on)| (at, *kind, *on)));
        }
        if !takes_all() {
            // the last calls are the renames and what follows them: all of those; of the rest a spread
            let near_the_end = |at: usize| at + 24 > calls;
            let spread = (points.len() / 24).max(1);
            points = points
                .iter()
                .enumerate()
                .filter(|(i, (at, kind, on))| {
                    (near_the_end(*at) && (*kind == "KILL" || (*kind == "EIO" && *on)))
                        || i % spread == c % spread
                })
                .map(|(_, point)| *point)
                .collect();
        }
        let halves: Vec<Counted> = std::thread::scope(|scope| {
            let part = |k: usize| {
                let (points, old, new) = (&points, &old, &new);
                scope.spawn(move || {
                    let mut counted = Counted::default();
                    for point in points.iter().skip(k).step_by(2) {
                        one(case, old, new, *point, &mut counted);
                    }
                    counted
                })
            };
            let parts = [part(0), part(1)];
            parts.into_iter().map(|p| p.join().unwrap()).collect()
        });
        let sum = |of: fn(&Counted) -> usize| halves.iter().map(of).sum::<usize>();
        println!(
            "{}: {calls} calls, {} points: {} ended well, {} refused, {} killed, {} kept apart; then {} old, {} new",
            case.name,
            sum(|c| c.points),
            sum(|c| c.done),
            sum(|c| c.refused),
            sum(|c| c.killed),
            sum(|c| c.stuck),
            sum(|c| c.old),
            sum(|c| c.new)
        );
        total += sum(|c| c.points);
    }
    println!("{total} points in all");
    assert!(total >= 300, "{total}");
}
