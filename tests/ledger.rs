//! The ledger: no finished entry is lost, none is half read, and what it says of an opening is true as often as it says.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use seatcast::core::index::{StageId, ZoneId};
use seatcast::{
    forecast::Stream,
    scenario::ledger::{AppendError, Contents, Draft, FILE, LedgerFile},
    supply::{
        Delay, Entry, Kind, KindDefaults, Ledger, Milestone, OpeningLaw, Project, Status, Triangle, record,
    },
    time::{Day, YearMonth},
};

fn draft(note: &str) -> Draft {
    Draft {
        date: Day::parse("2026-03-31").unwrap(),
        project: "p02".to_owned(),
        milestone: None,
        progress: Some(40.0),
        spent: Some(62_000_000.0),
        note: note.to_owned(),
        author: "李, “projects office”\n".to_owned(),
        corrects: None,
    }
}

fn append(folder: &Path, note: &str) -> Ledger {
    LedgerFile::in_folder(folder).unwrap().append(&draft(note), |_| Ok::<(), ()>(())).unwrap()
}

fn notes(bytes: &[u8]) -> Vec<String> {
    Contents::parse(bytes).ledger().entries().iter().map(|e| e.note.clone()).collect()
}

#[test]
fn what_is_written_is_read_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let note = "钢材迟到 \"two\" weeks, 40 %\\ \u{1F3D7}\n,\"sum\":\"0000000000000000\"}";
    let ledger = append(folder.path(), note);
    let bytes = fs::read(folder.path().join(FILE)).unwrap();
    assert_eq!(
        bytes.split(|b| *b == b'\n').count(),
        2,
        "one entry is one line, and nothing follows its break"
    );
    let entry = &ledger.entries()[0];
    assert_eq!((entry.note.as_str(), entry.progress, entry.spent), (note, Some(0.4), Some(62_000_000.0)));
    assert_eq!(entry.author, "李, “projects office”\n");
    assert_eq!(Contents::parse(&bytes).ledger(), ledger);
}

/// A writer killed after any number of bytes of its line: everything before is there, nothing is half read, and the next
/// writer goes on.
#[test]
fn a_writer_killed_at_any_byte_loses_no_finished_entry() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    append(folder.path(), "first");
    append(folder.path(), "second");
    let before = fs::read(&path).unwrap();
    append(folder.path(), "the one that is killed");
    let after = fs::read(&path).unwrap();
    assert!(after.len() - before.len() > 100);
    for end in before.len()..=after.len() {
        fs::write(&path, &after[..end]).unwrap();
        let contents = Contents::parse(&after[..end]);
        let read = notes(&after[..end]);
        // whole without its line break is whole
        if end >= after.len() - 1 {
            assert_eq!(read, ["first", "second", "the one that is killed"]);
        } else {
            assert_eq!(read, ["first", "second"], "killed at byte {}", end - before.len());
            let torn = contents.lines.iter().filter(|(_, line)| line.is_err()).count();
            assert_eq!(torn, usize::from(end > before.len()), "a torn line is seen");
        }
        append(folder.path(), "the next");
        let mut expected = read;
        expected.push("the next".to_owned());
        assert_eq!(notes(&fs::read(&path).unwrap()), expected, "killed at byte {}", end - before.len());
    }
}

/// Any byte of a finished entry changed: it is not read, and every other is.
#[test]
fn a_changed_byte_is_never_read_as_an_entry() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    for note in ["first", "second", "third"] {
        append(folder.path(), note);
    }
    let bytes = fs::read(&path).unwrap();
    let start = bytes.iter().position(|b| *b == b'\n').unwrap() + 1;
    let end = start + bytes[start..].iter().position(|b| *b == b'\n').unwrap();
    for at in start..end {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let read = notes(&changed);
        // a changed bit may make a line break: then two lines are torn
        assert_eq!(read, ["first", "third"], "byte {}", at - start);
        assert_eq!(
            Contents::parse(&changed).after_a_gap,
            [2],
            "the third says that one is missing before it"
        );
    }
}

/// A hundred entries by each of two writers, every one by a process of its own, while a reader looks on; a thousand each
/// with `SEATCAST_LONG=1`.
#[test]
fn two_writers_beside_each_other_lose_nothing() {
    let folder = scenario();
    let each = if crate::common::is_on("SEATCAST_LONG") { 1000 } else { 100 };
    let write = |writer: usize| {
        let folder = folder.path().to_owned();
        move || {
            for i in 0..each {
                let ran = add(&folder, &format!("{writer}-{i}")).status().unwrap();
                assert!(ran.success(), "writer {writer}, entry {i}: {ran}");
            }
        }
    };
    thread::scope(|scope| {
        let writers = [scope.spawn(write(0)), scope.spawn(write(1))];
        // a reader meanwhile never sees a torn line, and nothing it has seen goes away
        let mut seen = 0;
        while !writers.iter().all(thread::ScopedJoinHandle::is_finished) {
            let bytes = LedgerFile::in_folder(folder.path()).unwrap().bytes().unwrap().unwrap_or_default();
            let lines = Contents::parse(&bytes).lines;
            assert!(lines.iter().all(|(_, line)| line.is_ok()) && lines.len() >= seen);
            seen = lines.len();
            thread::sleep(Duration::from_millis(20));
        }
    });
    let bytes = fs::read(folder.path().join(FILE)).unwrap();
    let contents = Contents::parse(&bytes);
    assert!(contents.after_a_gap.is_empty(), "every entry knows the one before it");
    let read = notes(&bytes);
    assert_eq!(read.len(), 2 * each);
    for writer in 0..2 {
        let own: Vec<&String> = read.iter().filter(|n| n.starts_with(&format!("{writer}-"))).collect();
        let expected: Vec<String> = (0..each).map(|i| format!("{writer}-{i}")).collect();
        assert!(own.into_iter().eq(&expected), "writer {writer} finds its entries in its order");
    }
}

/// A process that the system kills in the middle of its write, after every number of bytes: it may write no more than so
/// many bytes to a file, and the one too many is its end.
#[cfg(target_os = "linux")]
#[test]
fn a_process_killed_at_every_byte_of_its_write_loses_no_finished_entry() {
    use std::os::unix::process::ExitStatusExt as _;

    let folder = scenario();
    let path = folder.path().join(FILE);
    let written = |note: &str| assert!(add(folder.path(), note).status().unwrap().success());
    written("first");
    written("第二条");
    let before = fs::read(&path).unwrap();
    written("the one that is killed, 第三条");
    let after = fs::read(&path).unwrap();
    let length = after.len() - before.len();
    assert!(length > 100, "{length}");
    for bytes in 0..=length {
        fs::write(&path, &before).unwrap();
        let whole = add(folder.path(), "the one that is killed, 第三条");
        let mut killed = Command::new("prlimit"); // of util-linux
        killed.args(["--core=0", &format!("--fsize={}", before.len() + bytes), "--"]);
        killed.arg(whole.get_program()).args(whole.get_args());
        let ended = killed.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        let found = fs::read(&path).unwrap();
        assert!(found == after[..before.len() + bytes], "byte {bytes}: the file holds what was written");
        // SIGXFSZ is 25
        assert_eq!((ended.signal(), ended.success()), ((bytes < length).then_some(25), bytes == length));
        let mut expected = vec!["first", "第二条"];
        // whole without its line break is whole
        if bytes + 1 >= length {
            expected.push("the one that is killed, 第三条");
        }
        assert_eq!(notes(&found), expected, "byte {bytes}");
        append(folder.path(), "the next");
        expected.push("the next");
        assert_eq!(notes(&fs::read(&path).unwrap()), expected, "byte {bytes}");
    }
}

#[test]
fn a_writer_that_cannot_get_the_lock_says_so_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    append(folder.path(), "first");
    let held = fs::OpenOptions::new().append(true).open(folder.path().join(FILE)).unwrap();
    held.lock().unwrap();
    let file = LedgerFile::in_folder(folder.path()).unwrap().patient(Duration::from_millis(30));
    let refused = file.append(&draft("second"), |_| Ok::<(), ()>(()));
    assert!(matches!(refused, Err(AppendError::Busy)));
    drop(held);
    assert_eq!(notes(&fs::read(folder.path().join(FILE)).unwrap()), ["first"]);
}

/// The scenario `teaching` without its ledger, in a folder of its own.
fn scenario() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(crate::common::shipped("teaching")).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name() != FILE && entry.path().is_file() {
            fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
    }
    folder
}

fn add(folder: &Path, note: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seatcast"));
    let (project, author) = ("p18", "test");
    command.args(["ledger", "add"]).arg(folder).args(["--project", project, "--author", author]);
    command.args(["--date", "2026-01-31", "--note", note]).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Real processes against each other, and some of them killed: what a process reported as done is there.
#[test]
fn killed_processes_and_two_writers_lose_no_finished_entry() {
    let folder = scenario();
    let mut done = BTreeSet::new();
    for round in 0..40_u64 {
        let mut pair: Vec<_> = ["a", "b"]
            .map(|writer| {
                (format!("{writer}{round}"), add(folder.path(), &format!("{writer}{round}")).spawn().unwrap())
            })
            .into();
        // from at once to after the write
        thread::sleep(Duration::from_micros(700 * round));
        pair[0].1.kill().unwrap();
        for (note, mut child) in pair {
            if child.wait().unwrap().success() {
                done.insert(note);
            }
        }
    }
    let bytes = fs::read(folder.path().join(FILE)).unwrap();
    let read: Vec<String> = notes(&bytes);
    let found: BTreeSet<String> = read.iter().cloned().collect();
    assert_eq!(found.len(), read.len(), "nothing is there twice");
    assert!(done.len() >= 40 && done.is_subset(&found), "{:?}", done.difference(&found));
    let loaded = seatcast::load(folder.path()).unwrap();
    assert_eq!(loaded.scenario.ledger.entries().len(), read.len());
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The bulletin and the list of the shipped ledger, as a planner reads them.
#[test]
fn the_bulletin_and_the_list_of_teaching_are_what_they_were() {
    let golden = crate::common::root().join("tests/golden/teaching");
    for lang in ["en", "zh"] {
        for (name, arguments) in [
            (
                "bulletin-2025Q4",
                &["bulletin", "scenarios/teaching", "--quarter", "2025Q4", "--draws", "200"][..],
            ),
            ("bulletin", &["bulletin", "scenarios/teaching", "--draws", "200"]),
            ("ledger", &["show", "scenarios/teaching"]),
            ("entries", &["show", "scenarios/teaching", "--project", "p03"]),
        ] {
            let ran = crate::common::seatcast(&[&["ledger"], arguments, &["--lang", lang]].concat());
            assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
            crate::common::check_file(&golden.join(format!("{name}.{lang}.txt")), text(&ran.stdout));
        }
    }
}

#[test]
fn an_entry_that_cannot_stand_is_refused_and_nothing_is_written() {
    let folder = scenario();
    let path = folder.path().to_str().unwrap();
    let run = |more: &[&str]| {
        crate::common::seatcast(
            &[&["ledger", "add", path, "--author", "Li", "--date", "2026-01-31"], more].concat(),
        )
    };
    let cases: [(&[&str], &str); 4] = [
        (&["--project", "p2", "--milestone", "started"], "E120"),
        (&["--project", "p02"], "E126"),
        (&["--project", "c10", "--milestone", "topped_out"], "E127"),
        (&["--project", "p02", "--progress", "40", "--corrects", "7"], "E124"),
    ];
    for (more, code) in cases {
        let ran = run(more);
        assert_eq!(ran.status.code(), Some(2));
        assert!(text(&ran.stderr).contains(code), "{}", text(&ran.stderr));
        assert_eq!(fs::read(folder.path().join(FILE)).unwrap_or_default(), b"");
    }
    // clap itself refuses what is no day, no percentage, no milestone
    for more in [["--date", "2026-02-30"], ["--progress", "140"], ["--milestone", "dreamt"]] {
        assert_eq!(run(&[&["--project", "p02"], &more[..]].concat()).status.code(), Some(2));
    }
    let ran = run(&["--project", "p02", "--milestone", "topped_out", "--progress", "52"]);
    assert_eq!(
        (ran.status.code(), text(&ran.stdout)),
        (Some(0), "entry 1 added: 2026-01-31 p02 topped out\n")
    );
    let checked = crate::common::seatcast(&["ledger", "check", path, "--lang", "zh"]);
    assert_eq!((checked.status.code(), text(&checked.stdout)), (Some(0), "台账可用：1 条\n"));
}

/// Where the projects or their zones cannot be read, nothing can be checked: what is wrong with them is said.
#[test]
fn an_entry_beside_a_broken_table_is_refused_with_what_is_wrong_there() {
    for table in ["zones.csv", "projects.csv"] {
        let folder = scenario();
        let path = folder.path().join(table);
        let whole = fs::read_to_string(&path).unwrap();
        fs::write(&path, whole.trim_end().to_owned() + ",one cell too many,and another\n").unwrap();
        let ran = add(folder.path(), "seen").stderr(Stdio::piped()).output().unwrap();
        assert_eq!(ran.status.code(), Some(2), "{table}");
        let told = text(&ran.stderr);
        assert!(told.contains("E030") && told.contains(table), "{table}: {told}");
        assert!(!told.contains("E120") && !folder.path().join(FILE).exists(), "{table}: {told}");
    }
}

/// A wrong entry makes the ledger unusable until a correction is added; that can be done while it is.
#[test]
fn a_wrong_entry_is_mended_by_another_one() {
    let folder = scenario();
    let path = folder.path().to_str().unwrap();
    let wrong =
        Draft { project: "p20".to_owned(), milestone: Some(Milestone::Started), ..draft("typed in haste") };
    LedgerFile::in_folder(folder.path()).unwrap().append(&wrong, |_| Ok::<(), ()>(())).unwrap();
    let check = || crate::common::seatcast(&["ledger", "check", path]);
    assert_eq!(check().status.code(), Some(2));
    assert!(text(&check().stderr).contains("E120"), "{}", text(&check().stderr));
    let add = [
        "ledger",
        "add",
        path,
        "--author",
        "Li",
        "--project",
        "p02",
        "--milestone",
        "topped_out",
        "--corrects",
        "1",
    ];
    let ran = crate::common::seatcast(&[&add[..], &["--date", "2026-03-31"]].concat());
    assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
    assert_eq!(check().status.code(), Some(0), "{}", text(&check().stderr));
    assert_eq!(seatcast::load(folder.path()).unwrap().scenario.ledger.entries().len(), 2, "both are kept");
}

/// Only `add` knows what day it is.
#[test]
fn an_entry_without_a_date_is_of_today() {
    let folder = scenario();
    let path = folder.path().to_str().unwrap();
    let ran = crate::common::seatcast(&[
        "ledger",
        "add",
        path,
        "--author",
        "Li",
        "--project",
        "p02",
        "--note",
        "seen",
    ]);
    assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
    let bytes = fs::read(folder.path().join(FILE)).unwrap();
    let entry = Contents::parse(&bytes).ledger().entries()[0].clone();
    assert!(entry.date.year >= 2024, "{}", entry.date);
    assert!(text(&ran.stdout).contains(&entry.date.to_string()), "the day taken is said");
}

mod reliability {
    //! P(open) against what happens to simulated projects whose delay is known.

    use super::*;

    /// What is simulated: the district's mean of log delay, and how many finished projects its record holds.
    pub(super) struct World {
        pub(super) name: &'static str,
        /// Added to the kind's mean of log delay in every district.
        pub(super) slow: f64,
        pub(super) finished: usize,
        /// Whether the ledger's entries are used, or the row alone.
        pub(super) ledger: bool,
    }

    const LEAD: Triangle = Triangle { min: 15.0, mode: 20.0, max: 24.0 };
    /// Share of the variance of log delay between districts, as in `supply::record`.
    const BETWEEN: f64 = 0.36;

    fn normal(stream: &mut Stream, mean: f64, variance: f64) -> f64 {
        mean + variance.sqrt() * stream.normal()
    }

    /// A lead drawn from the triangle by the inverse of its distribution.
    fn lead(stream: &mut Stream) -> f64 {
        let u = stream.uniform();
        let (width, left) = (LEAD.max - LEAD.min, LEAD.mode - LEAD.min);
        if u < left / width {
            LEAD.min + (u * width * left).sqrt()
        } else {
            LEAD.max - ((1.0 - u) * width * (LEAD.max - LEAD.mode)).sqrt()
        }
    }

    fn day(months: f64) -> Day {
        let whole = months.floor();
        let month = YearMonth { year: 0, month: 1 }.plus(whole as i32);
        let day = ((months - whole) * 28.0) as u8 + 1;
        Day { year: month.year, month: month.month, day }
    }

    /// One project under way in a district of its own: the probability stated and whether it came true; `None` if it was
    /// open before anybody looked.
    fn one(world: &World, w: u64) -> Option<(f64, bool)> {
        let mut stream = Stream::new(11, "reliability", world.name, w);
        let (mu0, variance) = Delay { mean: 1.20, sd: 0.25 }.log_moments();
        let mu = normal(&mut stream, mu0 + world.slow, BETWEEN * variance);
        let within = (1.0 - BETWEEN) * variance;
        let duration = |stream: &mut Stream| lead(stream) * exp(normal(stream, mu, within));
        let gate = YearMonth { year: 2020, month: 1 + (stream.uniform() * 12.0) as u8 };
        let mut rows = Vec::new();
        for i in 0..world.finished {
            let months = duration(&mut stream).round() as i32;
            rows.push(Project {
                status: Status::Open,
                build_decided: Some(YearMonth { year: 2012, month: 3 }),
                opens: Some(YearMonth { year: 2012, month: 3 }.plus(months)),
                ..Project::candidate(format!("f{i}"), ZoneId::new(0), StageId::new(0), Kind::Permanent, 900)
            });
        }
        let whole = duration(&mut stream);
        let start = f64::from(gate.index());
        let seen = gate.plus(1 + (stream.uniform() * 30.0) as i32);
        if start + whole <= f64::from(seen.index()) {
            return None;
        }
        let mut entries = Vec::new();
        let mut enter = |months: f64, milestone, progress| {
            let number = entries.len() as u64 + 1;
            let (date, project) = (day(start + months), "p".to_owned());
            let (spent, note, author, corrects) = (None, String::new(), String::new(), None);
            entries.push(Entry { number, date, project, milestone, progress, spent, note, author, corrects });
        };
        enter(0.0, Some(Milestone::Approved), None);
        let until = f64::from(seen.index()) - start;
        // half of the districts keep milestones, half state progress every quarter
        if stream.uniform() < 0.5 {
            let mut last = 0.0;
            for (milestone, share) in
                [(Milestone::Started, 0.15), (Milestone::ToppedOut, 0.60), (Milestone::Accepted, 0.95)]
            {
                let sd: f64 = 0.30 * (1.0 - share) + 0.02;
                let at = whole * share * exp(normal(&mut stream, 0.0, sd * sd));
                if at < until && at > last {
                    enter(at, Some(milestone), None);
                    last = at;
                } else if at >= until {
                    break;
                }
            }
            // somebody writes on the last day, so that silence about the next milestone means something
            entries_elsewhere(&mut entries, day(start + until));
        } else {
            let at = (until / 3.0).floor() * 3.0;
            // the share that people see is the true one with an error: the whole it speaks for is off by sd(share)
            let share = at / whole;
            let sd: f64 = 0.30 * (1.0 - share) + 0.02;
            let said = share / exp(normal(&mut stream, 0.0, sd * sd));
            if at > 0.0 && said > 0.16 && said < 0.95 {
                enter(at, Some(Milestone::Started), Some((said - 0.15) / 0.80));
            }
        }
        rows.push(Project {
            status: Status::Committed,
            build_decided: Some(gate),
            ..Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Permanent, 900)
        });
        let ledger = Ledger::new(if world.ledger { entries } else { Vec::new() });
        let known = ledger.apply(&rows.into(), Day::first_of(seen));
        let kinds = record::learn(&known, &KindDefaults::default());
        let law = OpeningLaw::of(known.last()?, &kinds, seen, seen);
        let september = f64::from(YearMonth { year: seen.first_september(), month: 9 }.index());
        Some((law.by_month(september), start + whole <= september))
    }

    fn entries_elsewhere(entries: &mut Vec<Entry>, date: Day) {
        let number = entries.len() as u64 + 1;
        let entry = Entry {
            number,
            date,
            project: "other".to_owned(),
            milestone: None,
            progress: None,
            spent: None,
            note: "visited".to_owned(),
            author: String::new(),
            corrects: None,
        };
        entries.push(entry);
    }

    /// The exponential as the engine takes it.
    fn exp(x: f64) -> f64 {
        Delay::from_log(x, 0.0).mean
    }

    /// One bin of the table: projects, mean of the probabilities stated, share that was open.
    pub(super) type Bin = (usize, f64, f64);

    /// The reliability table of a world in bins of a fifth, and its Brier score.
    pub(super) fn table(world: &World, projects: u64) -> (Vec<Bin>, f64) {
        let seen: Vec<(f64, bool)> = (0..projects).filter_map(|w| one(world, w)).collect();
        let bins = (0..5)
            .map(|b| {
                let inside: Vec<&(f64, bool)> =
                    seen.iter().filter(|(p, _)| ((p * 5.0) as usize).min(4) == b).collect();
                let n = inside.len().max(1) as f64;
                let stated = inside.iter().map(|(p, _)| p).sum::<f64>() / n;
                let came = inside.iter().filter(|(_, open)| *open).count() as f64 / n;
                (inside.len(), stated, came)
            })
            .collect();
        let square = |x: f64| x * x;
        let brier: f64 = seen.iter().map(|(p, open)| square(p - f64::from(u8::from(*open)))).sum();
        (bins, brier / seen.len() as f64)
    }

    pub(super) const WORLDS: [World; 4] = [
        World { name: "as assumed, row alone", slow: 0.0, finished: 0, ledger: false },
        World { name: "as assumed, with the ledger", slow: 0.0, finished: 0, ledger: true },
        World { name: "slow by a quarter, no record", slow: 0.223, finished: 0, ledger: true },
        World { name: "slow by a quarter, twelve finished", slow: 0.223, finished: 12, ledger: true },
    ];
}

/// The table of docs/validation/ledger.md. Where the world is as assumed the stated probabilities are right; where every district is
/// a quarter slower than the default, the record of finished projects corrects most of it.
#[test]
fn stated_probabilities_of_opening_come_true_as_often_as_stated() {
    let page = fs::read_to_string(crate::common::root().join("docs/validation/ledger.md")).unwrap();
    let mut scores = Vec::new();
    let mut lines = String::new();
    for world in &reliability::WORLDS {
        let (bins, brier) = reliability::table(world, 6000);
        for (i, (n, stated, came)) in bins.iter().enumerate() {
            let row = format!(
                "| {} | {:.1}-{:.1} | {n} | {stated:.3} | {came:.3} |",
                world.name,
                i as f64 / 5.0,
                (i + 1) as f64 / 5.0
            );
            lines.push_str(&row);
            lines.push('\n');
            if world.slow == 0.0 && *n > 0 {
                // four standard errors of a share, and what rounding to months does
                let error = 4.0 * (stated * (1.0 - stated) / *n as f64).sqrt() + 0.02;
                assert!((stated - came).abs() < error, "{row}");
            }
        }
        scores.push(brier);
        lines.push_str(&format!("| {} | Brier score | | {brier:.4} | |\n", world.name));
    }
    assert!(scores[1] < scores[0], "the ledger tells something: {scores:?}");
    assert!(scores[3] < scores[2], "the record tells something: {scores:?}");
    for line in lines.lines() {
        assert!(page.contains(line), "docs/validation/ledger.md lacks: {line}\nthe whole table:\n{lines}");
    }
}

#[test]
fn a_day_that_has_not_come_is_named_and_can_be_corrected_away() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("s");
    let made = crate::common::seatcast(&["init", scenario.to_str().unwrap()]);
    assert_eq!(made.status.code(), Some(0));
    let path = scenario.to_str().unwrap();
    let add = |more: &[&str]| {
        let own = ["ledger", "add", path, "--project", "p02", "--author", "Li", "--note", "seen"];
        crate::common::seatcast(&[&own[..], more].concat())
    };
    let bulletin = || {
        let told = crate::common::seatcast(&["ledger", "bulletin", path, "--draws", "20"]);
        text(&told.stdout).lines().next().unwrap_or_default().to_owned()
    };
    let before = bulletin();
    let wrong = add(&["--date", "2186-03-31"]);
    assert_eq!(wrong.status.code(), Some(0));
    assert!(text(&wrong.stderr).contains("W180"), "{}", text(&wrong.stderr));
    assert!(bulletin().contains("2186"));
    let number = text(&wrong.stdout).split_whitespace().nth(1).unwrap().to_owned();
    let right = add(&["--date", "2026-03-31", "--corrects", &number]);
    assert_eq!(right.status.code(), Some(0), "{}", text(&right.stderr));
    let after = bulletin();
    assert!(after.contains("2026Q1"), "{before} / {after}");
    for date in ["0001-01-01", "9999-12-31"] {
        assert_eq!(add(&["--date", date]).status.code(), Some(2), "{date}");
    }
    assert_eq!(add(&["--author", " "]).status.code(), Some(2));
}
