//! A case handed to the command, as a shell hands it: exit codes, streams, what is left in the folder.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use super::{Case, Chance, Ends, Files, Target, check, corpus};

/// How long a command may take: far more than any of these does on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
const STEP: Duration = Duration::from_millis(5);

/// What a command ended with.
struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

pub(super) fn run(case: &Case<'_>) -> Result<Ends, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    case.lay(&folder.path().join("s"));
    let mut chance = Chance::of("command", case.seed);
    corpus::lay(&corpus::read(case.corpus.folder_beside()), &folder.path().join("beside"));
    let mut ends = Ends::default();
    let mut one = |line: &str| {
        let code = held(folder.path(), &line.split_whitespace().collect::<Vec<_>>())?;
        if code == 0 {
            ends.good += 1;
        } else {
            ends.refused += 1;
        }
        Ok::<i32, String>(code)
    };
    let lang = *chance.of_these(&["en", "zh"]);
    let format = *chance.of_these(&["text", "json"]);
    let small = "--draws 2 --threads 1 --no-charts";
    match case.target {
        Target::Scenario => {
            let valid = one(&format!("validate s --lang {lang} --format {format}"))?;
            let ran = one(&format!("run s -o out {small} --lang {lang} --format {format} --file-forecast"))?;
            if valid != ran {
                return Err(format!("validate ends with {valid}, run with {ran}"));
            }
            match chance.below(5) {
                0 => drop(one("ledger add s --project p02 --author Li --date 2026-03-31 --progress 40")?),
                1 => drop(one(&format!("ledger show s --lang {lang}"))?),
                2 => drop(one(&format!("ledger check s --format {format}"))?),
                3 => drop(one(&format!("accuracy s -o seen --lang {lang}"))?),
                _ => {
                    let few =
                        "--futures 2 --years 2 --draws 20 --threads 1 --no-grid --no-charts --file-round";
                    one(&format!("cycle s -o loop {few} --lang {lang}"))?;
                }
            }
        }
        Target::Given => {
            one(&format!(
                "run beside -o out {small} --programme s/schedule.csv --lang {lang} --format {format}"
            ))?;
            one(&format!(
                "sweep beside -o tried {small} --schedules 20 --list s/schedules.csv --budget s/budget.csv"
            ))?;
        }
        Target::Bare => {
            let births = if chance.one_in(3) { "" } else { "--births s/births.csv" };
            let some = "--draws 20 --threads 1 --leads 1,2 --no-charts";
            one(&format!(
                "backtest --rolls s/rolls.csv {births} -o out {some} --lang {lang} --format {format}"
            ))?;
        }
        Target::Results => drop(one(&format!("plot s -o out --lang {lang}"))?),
    }
    Ok(ends)
}

/// Runs a command in `folder` and checks everything that holds of every command; its exit code, 0 or 2.
fn held(folder: &Path, arguments: &[&str]) -> Result<i32, String> {
    let line = format!("seatcast {}", arguments.join(" "));
    let before = corpus::read(folder);
    let ended = ran(folder, arguments)?;
    let after = corpus::read(folder);
    let fault = |fault: String| format!("{line}: {fault}\n{}{}", ended.out, ended.err);
    let Some(code @ (0 | 2)) = ended.code else {
        return Err(fault(format!("ends with {:?}", ended.code)));
    };
    for (stream, text) in [("standard output", &ended.out), ("standard error", &ended.err)] {
        check::text(stream, text).map_err(&fault)?;
    }
    let json = arguments.windows(2).any(|pair| pair == ["--format", "json"]);
    if json && !ended.out.is_empty() {
        check::json("standard output", &ended.out).map_err(&fault)?;
    }
    if code == 2 {
        if ended.err.is_empty() && !json {
            return Err(fault("refused without a word".to_owned()));
        }
        if let Some(name) = differs(&before, &after) {
            return Err(fault(format!("ends with 2 and leaves {name}")));
        }
    } else if let Some(hidden) = after.keys().find(|name| name.contains(".seatcast-")) {
        return Err(fault(format!("leaves {hidden}")));
    }
    Ok(code)
}

/// The first file that is new, gone or changed.
fn differs<'f>(before: &'f Files, after: &'f Files) -> Option<&'f String> {
    let names = before.keys().chain(after.keys());
    names.into_iter().find(|name| before.get(*name) != after.get(*name))
}

fn ran(folder: &Path, arguments: &[&str]) -> Result<Ended, String> {
    // files and not pipes: a pipe that nobody empties would stop the command
    let streams = tempfile::tempdir().map_err(|e| e.to_string())?;
    let at = |name: &str| streams.path().join(name);
    let make = |name: &str| fs::File::create(at(name)).map(Stdio::from).map_err(|e| e.to_string());
    let mut child = Command::new(env!("CARGO_BIN_EXE_seatcast"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(make("out")?)
        .stderr(make("err")?)
        .spawn()
        .map_err(|e| e.to_string())?;
    let mut waited = Duration::ZERO;
    let status = loop {
        match child.try_wait().map_err(|e| e.to_string())? {
            Some(status) => break status,
            None if waited >= PATIENCE => {
                child.kill().map_err(|e| e.to_string())?;
                child.wait().map_err(|e| e.to_string())?;
                return Err(format!("seatcast {} does not end", arguments.join(" ")));
            }
            None => {
                thread::sleep(STEP);
                waited += STEP;
            }
        }
    };
    let read = |name: &str| {
        let bytes = fs::read(at(name)).map_err(|e| e.to_string())?;
        String::from_utf8(bytes).map_err(|e| format!("{name}: {e}"))
    };
    Ok(Ended { code: status.code(), out: read("out")?, err: read("err")? })
}
