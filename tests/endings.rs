//! How a command ends when something around it goes wrong: its streams, its memory, a signal, figures beyond all counting.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use crate::common::{root, seatcast, text};

/// A command that is not awaited yet.
fn begun(line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seatcast"));
    command.args(line.split_whitespace().skip(1)).current_dir(root()).stdin(Stdio::null());
    command
}

/// Names in a folder, hidden ones too, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A county of `zones` zones with nine grades, and `more` rows of rolls that no reader can use.
fn county(folder: &Path, zones: usize, more: usize) -> PathBuf {
    let at = folder.join("county");
    fs::create_dir(&at).unwrap();
    let grades: Vec<String> = (1..=9).map(|g| format!("\"{g}\"")).collect();
    fs::write(
        at.join("scenario.json"),
        format!(
            r#"{{"format": 1, "id": "county", "name": {{"zh": "县", "en": "County"}}, "base_year": 2025, "until": 2035,
            "decision_month": 10, "cutoff_month": 8,
            "stages": [{{"id": "school", "name": {{"zh": "学校", "en": "School"}}, "grades": [{}], "class_size": 40, "entry_age": 6}}],
            "horizon": {{"outlook": 6, "plan": 3, "secure": 1}}}}"#,
            grades.join(",")
        ),
    )
    .unwrap();
    let mut tables = [
        ("zones.csv", "zone,district,name_zh,name_en\n".to_owned()),
        ("rolls.csv", "year,zone,grade,pupils\n".to_owned()),
        ("children.csv", "year,zone,source,by,age,children\n".to_owned()),
        ("schools.csv", "school,zone,stage,places\n".to_owned()),
        ("rates.csv", "rate,zone,stage,grade,value\nentry,ALL,school,,0.95\n".to_owned()),
    ];
    for z in 0..zones {
        tables[0].1.push_str(&format!("v{z},d,村{z},Village {z}\n"));
        for g in 1..=9 {
            tables[1].1.push_str(&format!("2025,v{z},{g},{}\n", 40 + (7 * z + 3 * g) % 90));
        }
        for age in 0..6 {
            tables[2].1.push_str(&format!("2025,v{z},register,age,{age},{}\n", 50 + (5 * z + age) % 70));
        }
        tables[3].1.push_str(&format!("s{z},v{z},school,700\n"));
    }
    for g in 2..=9 {
        tables[4].1.push_str(&format!("progression,ALL,,{g},0.99\n"));
    }
    for i in 0..more {
        tables[1].1.push_str(&format!("2025,v{i},1,many\n"));
    }
    for (name, table) in tables {
        fs::write(at.join(name), table).unwrap();
    }
    at
}

/// The smallest scenario of the suite, with some of its files changed.
fn smallest(folder: &Path, changes: &[(&str, &str)]) -> PathBuf {
    let at = folder.join("small");
    fs::create_dir(&at).unwrap();
    for entry in fs::read_dir(root().join("tests/invalid/base")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), at.join(entry.file_name())).unwrap();
    }
    for (name, table) in changes {
        fs::write(at.join(name), table).unwrap();
    }
    at
}

/// One grade after the other `ratio` times as large, from 100 pupils, to 2035.
fn growing(folder: &Path, ratio: &str) -> PathBuf {
    let at = county(folder, 1, 0);
    let rates = (2..=9).fold(String::new(), |rows, g| rows + &format!("progression,ALL,,{g},{ratio}\n"));
    fs::write(at.join("rates.csv"), format!("rate,zone,stage,grade,value\nentry,ALL,school,,0.95\n{rates}"))
        .unwrap();
    at
}

// ---- streams

#[cfg(unix)]
fn full() -> Stdio {
    fs::OpenOptions::new().write(true).open("/dev/full").unwrap().into()
}

/// A pipe whose reader has gone.
#[cfg(unix)]
fn gone() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[cfg(unix)]
#[test]
fn standard_error_that_is_gone_or_full_changes_no_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    county(folder.path(), 3, 3000);
    smallest(
        folder.path(),
        &[(
            "children.csv",
            "year,zone,source,by,age,children\n2025,north,register,age,5,104\n2025,south,register,age,5,58\n",
        )],
    );
    for stream in [gone, full] {
        for line in ["validate", "run --draws 5 --no-charts -o OUT", "sweep --draws 5 -o OUT", "ledger check"]
        {
            let (command, rest) =
                line.split_once(" --").map_or((line, String::new()), |(c, r)| (c, format!("--{r}")));
            let rest = rest.replace("OUT", &format!("{here}/none"));
            let ended =
                begun(&format!("seatcast {command} {here}/county {rest}")).stderr(stream()).output().unwrap();
            assert_eq!(ended.status.code(), Some(2), "{line}");
        }
        // a scenario that can be run, with a warning
        let ended = begun(&format!("seatcast validate {here}/small")).stderr(stream()).output().unwrap();
        assert_eq!(ended.status.code(), Some(0));
        let line = format!("seatcast run {here}/small -o {here}/out --draws 5 --no-charts");
        let ended = begun(&line).stderr(stream()).output().unwrap();
        assert_eq!(ended.status.code(), Some(0));
        // wrong arguments, in both languages
        for lang in ["en", "zh"] {
            let ended = begun(&format!("seatcast run --lang {lang}")).stderr(stream()).output().unwrap();
            assert_eq!(ended.status.code(), Some(2));
        }
    }
    assert_eq!(names(folder.path()), ["county", "out", "small"], "nothing is left beside the results");
}

#[cfg(unix)]
#[test]
fn a_full_standard_output_is_told_with_the_place_of_the_results() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    county(folder.path(), 2, 0);
    for (lang, says) in [("en", "the results are complete, in"), ("zh", "结果完整，在")] {
        let line = format!("seatcast run {here}/county -o {here}/out --draws 5 --no-charts --lang {lang}");
        let ended = begun(&line).stdout(full()).output().unwrap();
        let said = text(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{said}");
        assert!(
            said.contains("E172") && said.contains(says) && said.contains(&format!("{here}/out")),
            "{said}"
        );
        assert!(folder.path().join("out/run.json").is_file());
        // a reader that went away wants no more, and has no fault
        assert_eq!(begun(&line).stdout(gone()).output().unwrap().status.code(), Some(0));
    }
    fs::write(
        folder.path().join("county/rates.csv"),
        "rate,zone,stage,grade,value\nentry,ALL,school,,many\n",
    )
    .unwrap();
    let line = format!("seatcast validate {here}/county --format json");
    let ended = begun(&line).stdout(full()).output().unwrap();
    assert_eq!(ended.status.code(), Some(2), "the faults cannot be read, but they are faults");
}

// ---- signals

/// Waits for a child as long as a person would; it is ended if it does not end.
fn awaited(mut child: Child) -> (ExitStatus, String) {
    for _ in 0..600 {
        if child.try_wait().unwrap().is_some() {
            let ended = child.wait_with_output().unwrap();
            return (ended.status, text(&ended.stderr).to_owned());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let _ = child.kill();
    panic!("it did not end");
}

#[cfg(unix)]
fn send(signal: &str, child: &Child) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

/// Runs a command, sends it a signal some time after it has made its hidden folder in `folder`, and says how it ended.
#[cfg(unix)]
fn signalled(line: &str, folder: &Path, signal: &str, after: u64) -> (Option<i32>, String) {
    let child = begun(line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let is_there = || names(folder).iter().any(|name| name.starts_with(".seatcast-"));
    for _ in 0..600 {
        if is_there() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(after));
    send(signal, &child);
    let (status, said) = awaited(child);
    (status.code(), said)
}

/// Sends SIGINT ever later, at least once while the command is at work: a quick machine has finished before it comes, a busy
/// one has not begun to listen. Left alone the command ends with `alone`.
#[cfg(unix)]
fn interrupted(line: &str, alone: i32) {
    let mut answered = false;
    for after in [20, 40, 80, 160, 320, 640, 1280] {
        let child = begun(line).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(after));
        send("-INT", &child);
        let (status, said) = awaited(child);
        let code = status.code();
        assert!(matches!(code, None | Some(130)) || code == Some(alone), "{line}: {status}: {said}");
        answered |= code == Some(130);
    }
    assert!(answered, "{line}");
}

#[cfg(unix)]
#[test]
fn every_phase_of_a_run_answers_a_signal_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    // few draws: nearly all its time goes into tables and charts
    let line = format!("seatcast run scenarios/teaching -o {here}/out --draws 20");
    for (signal, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        for after in [0, 400, 1200] {
            let (ended, said) = signalled(&line, folder.path(), signal, after);
            assert_eq!(ended, Some(code), "{signal} after {after} ms: {said}");
            assert_eq!(names(folder.path()), Vec::<String>::new(), "{signal} after {after} ms");
        }
    }
}

#[cfg(unix)]
#[test]
fn charts_drawn_from_results_and_a_long_reading_answer_too() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    county(folder.path(), 1500, 0);
    interrupted(&format!("seatcast validate {here}/county"), 0);
    let drawn =
        seatcast(&["run", "scenarios/teaching", "-o", &format!("{here}/run"), "--draws", "5", "--no-charts"]);
    assert_eq!(drawn.status.code(), Some(0));
    let (ended, said) =
        signalled(&format!("seatcast plot {here}/run -o {here}/charts"), folder.path(), "-INT", 300);
    assert_eq!(ended, Some(130), "{said}");
    let line = format!("seatcast cycle scenarios/teaching -o {here}/cycle --futures 400");
    let (ended, said) = signalled(&line, folder.path(), "-INT", 900);
    assert_eq!(ended, Some(130), "{said}");
    assert_eq!(names(folder.path()), ["county", "run"]);
}

#[cfg(unix)]
#[test]
fn a_back_test_a_look_back_a_sweep_and_a_bulletin_answer_too() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    county(folder.path(), 1500, 0);
    for (line, alone) in [
        (format!("seatcast backtest scenarios/learning -o {here}/backtest --draws 2000"), 0),
        // nothing is filed there
        (format!("seatcast accuracy {here}/county -o {here}/accuracy"), 2),
        ("seatcast ledger bulletin scenarios/teaching --draws 5000".to_owned(), 0),
    ] {
        interrupted(&line, alone);
        assert_eq!(names(folder.path()), ["county"], "{line}");
    }
    // a sweep writes what it has
    interrupted(
        &format!("seatcast sweep scenarios/teaching -o {here}/sweep --draws 500 --schedules 20000"),
        0,
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_hangup_that_is_ignored_on_purpose_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let line = format!(
        "trap '' HUP; exec {} run scenarios/futian-2019 -o {} --draws 200 --no-charts",
        env!("CARGO_BIN_EXE_seatcast"),
        out.display()
    );
    let child =
        Command::new("sh").args(["-c", &line]).current_dir(root()).stdout(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(150));
    send("-HUP", &child);
    let (status, _) = awaited(child);
    assert_eq!(status.code(), Some(0));
    assert!(out.join("run.json").is_file());
}

// ---- memory

#[test]
fn every_command_that_draws_tells_its_memory_and_takes_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display().to_string();
    let out = format!("{here}/out");
    let refused = |arguments: &[&str]| {
        for lang in ["en", "zh"] {
            let ran = seatcast(&[arguments, &["--memory", "1", "--lang", lang]].concat());
            assert_eq!(ran.status.code(), Some(2), "{arguments:?}");
            assert!(text(&ran.stderr).contains("E142 --memory"), "{arguments:?}: {}", text(&ran.stderr));
        }
        assert_eq!(names(folder.path()), Vec::<String>::new(), "{arguments:?}");
    };
    let teaching = "scenarios/teaching";
    refused(&["run", teaching, "-o", &out]);
    refused(&["run", teaching, "-o", &out, "--programme", "none", "--programme", "all"]);
    refused(&["run", teaching, "-o", &out, "--variant", "base", "--variant", "high"]);
    refused(&["sweep", teaching, "-o", &out]);
    refused(&["cycle", teaching, "-o", &out]);
    refused(&["backtest", "scenarios/learning", "-o", &out]);
    refused(&["ledger", "bulletin", teaching]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_with_little_address_space_is_told_so_before_it_draws() {
    let folder = tempfile::tempdir().unwrap();
    county(folder.path(), 100, 0);
    let line = format!(
        "ulimit -v 4194304; exec {} run county -o out --draws 100000 --threads 1 --no-charts",
        env!("CARGO_BIN_EXE_seatcast")
    );
    let ran: Output = Command::new("sh").args(["-c", &line]).current_dir(folder.path()).output().unwrap();
    assert_eq!(ran.status.code(), Some(2), "{}", text(&ran.stderr));
    let said = text(&ran.stderr);
    assert!(said.contains("E142 --memory"), "{said}");
    assert_eq!(names(folder.path()), ["county"]);
}

/// Most memory that a command had, MiB, and what it ended with.
#[cfg(target_os = "linux")]
fn peak(line: &str) -> (f64, Option<i32>) {
    let mut child = begun(line).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut most: f64 = 0.0;
    let status = loop {
        let told = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        if let Some(kib) = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()) {
            most = most.max(kib / 1024.0);
        }
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    (most, status.code())
}

/// What a command says it would take, MiB.
#[cfg(target_os = "linux")]
fn told(line: &str) -> f64 {
    let ran = begun(&format!("{line} --memory 1")).output().unwrap();
    let said = text(&ran.stderr);
    let (_, rest) = said.split_once("about ").unwrap_or_else(|| panic!("{line}: {said}"));
    rest.split(' ').next().unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_told_of_memory_is_near_what_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    county(folder.path(), 100, 0);
    for line in [
        format!("seatcast run {here}/county -o {here}/out --draws 2000 --no-charts"),
        format!("seatcast run scenarios/teaching -o {here}/out --draws 4000 --no-charts"),
        format!("seatcast run scenarios/learning -o {here}/out --draws 4000 --no-charts"),
        "seatcast ledger bulletin scenarios/teaching --draws 4000".to_owned(),
        format!(
            "seatcast cycle scenarios/teaching -o {here}/out --futures 8 --draws 4000 --no-charts --no-grid"
        ),
        format!("seatcast backtest scenarios/learning -o {here}/out --draws 20000 --no-charts"),
    ] {
        let (taken, code) = peak(&line);
        assert_eq!(code, Some(0), "{line}");
        let told = told(&line);
        println!("{line}: told {told:.0} MiB, taken {taken:.0} MiB, ratio {:.2}", told / taken);
        assert!(
            (1.0 / 1.5..=1.5).contains(&(told / taken)),
            "{line}: told {told:.0} MiB, taken {taken:.0} MiB"
        );
    }
}

// ---- instruction sets and threads

#[test]
fn the_portable_instructions_give_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let read = |at: &Path| -> Vec<(String, Vec<u8>)> {
        names(at).into_iter().map(|name| (name.clone(), fs::read(at.join(&name)).unwrap())).collect()
    };
    for line in [
        "run scenarios/teaching --draws 70 --no-charts",
        "run scenarios/learning --draws 70 --no-charts",
        "sweep scenarios/teaching --draws 70 --schedules 300 --no-charts --improve",
    ] {
        let of = |set: Option<&str>| {
            let dir: TempDir = tempfile::tempdir_in(&folder).unwrap();
            let out = dir.path().join("out");
            let mut command = begun(&format!("seatcast {line} -o {}", out.display()));
            if let Some(set) = set {
                command.env("SEATCAST_SIMD", set);
            }
            let ran = command.output().unwrap();
            assert_eq!(ran.status.code(), Some(0), "{line}: {}", text(&ran.stderr));
            (read(&out), text(&ran.stdout).contains("portable"))
        };
        let (fastest, _) = of(None);
        let (portable, said) = of(Some("portable"));
        assert!(fastest == portable, "{line}");
        assert_eq!(said, line.starts_with("sweep"), "a sweep says which it used");
        for isa in seatcast::core::isa::Isa::available() {
            assert!(of(Some(isa.code())).0 == fastest, "{line}: {}", isa.code());
        }
    }
}

#[test]
fn an_instruction_set_that_is_not_there_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    for (lang, says) in [("en", "use portable"), ("zh", "可用：portable")] {
        let line = format!("seatcast run scenarios/teaching -o {} --lang {lang}", out.display());
        let ran = begun(&line).env("SEATCAST_SIMD", "sse9").output().unwrap();
        let said = text(&ran.stderr);
        assert_eq!(ran.status.code(), Some(2), "{said}");
        assert!(said.contains("E173") && said.contains("sse9") && said.contains(says), "{said}");
    }
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

// ---- figures beyond counting

#[test]
fn a_ratio_with_a_slipped_point_is_told_and_ends() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    growing(folder.path(), "9.7");
    // 40 pupils and more, times 9.7 eight times: grade 9 has more than can be counted
    for line in [
        format!("seatcast validate {here}/county"),
        format!("seatcast run {here}/county -o {here}/out --draws 20 --no-charts"),
        format!("seatcast accuracy {here}/county"),
        format!("seatcast ledger bulletin {here}/county"),
        format!("seatcast backtest {here}/county -o {here}/out"),
    ] {
        let child = begun(&line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (status, said) = awaited(child);
        assert_eq!(status.code(), Some(2), "{line}: {said}");
        assert!(said.contains("error E170 rates.csv, row "), "{said}");
        assert!(said.contains("zone v0") && said.contains("progression ratio 9.7 into grade"), "{said}");
        assert!(said.contains("W170 rates.csv, row 3, column value: progression ratio 9.7"), "{said}");
        assert!(said.contains("row 4 (9.7)") && said.contains("4 more"), "all rows in one warning: {said}");
    }
    assert_eq!(names(folder.path()), ["county"]);
}

#[test]
fn a_draw_beyond_counting_is_an_error_of_the_run_and_not_a_cut_figure() {
    let folder = tempfile::tempdir().unwrap();
    let at = growing(folder.path(), "1.349");
    // 49 million x 1.349^8 = 537 million less a little: the central path is just within, a draw is not
    let pupils = |g| if g == 1 { 48_900_000 } else { 100 };
    let rolls = (1..=9).fold(String::new(), |rows, g| rows + &format!("2025,v0,{g},{}\n", pupils(g)));
    fs::write(at.join("rolls.csv"), format!("year,zone,grade,pupils\n{rolls}")).unwrap();
    let loaded = seatcast::load(&at).unwrap();
    let settings = seatcast::Settings { draws: 50, ..seatcast::Settings::default() };
    let error = seatcast::Session::new(&loaded.scenario, settings).unwrap_err();
    let seatcast::RunError::Beyond(beyond) = error else { panic!("{error}") };
    assert!(beyond.draw.is_some());
    let out = folder.path().join("out");
    let line = format!("seatcast run {} -o {} --draws 50", at.display(), out.display());
    for lang in ["en", "zh"] {
        let ran = begun(&format!("{line} --lang {lang}")).output().unwrap();
        let said = text(&ran.stderr);
        assert_eq!(ran.status.code(), Some(2), "{said}");
        assert!(said.contains("E170") && said.contains("1.349") && said.contains("536870911"), "{said}");
    }
    assert_eq!(names(folder.path()), ["county"]);
}
