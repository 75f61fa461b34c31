//! A process that runs cases, and what the process that watches it counts.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    io::{BufRead, BufReader, Write as _, stdin, stdout},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    mutation::{Case, Corpus, Ends, Target},
    target,
};

/// How long a case may take before it counts as hanging.
const HANGS: Duration = Duration::from_secs(180);
/// Processor time and memory that are much, with what the worker itself takes of it: milliseconds, KiB.
const SLOW: u64 = 5_000;
const LARGE: u64 = 512 * 1024;

/// What a worker tells of a case.
#[derive(Debug)]
pub(crate) struct Done {
    ends: Ends,
    cpu: u64,
    memory: u64,
    pub(crate) faults: Vec<String>,
}

/// What became of a case.
#[derive(Debug)]
pub(crate) enum Outcome {
    Ended(Done),
    /// The process died.
    Died,
    /// It did not answer.
    Hung,
}

/// Runs the cases that standard input names, one a line, and answers each with a line.
pub(crate) fn serve() {
    let corpus = Corpus::new();
    for line in stdin().lines() {
        let line = line.unwrap();
        let mut words = line.split(' ');
        let target = target(words.next().unwrap()).unwrap();
        let seed = words.next().unwrap().parse().unwrap();
        let command = words.next() == Some("command");
        let before = processor();
        // the high-water mark of this process begins anew
        let _ = fs::write("/proc/self/clear_refs", "5");
        let case = Case::new(&corpus, target, seed);
        let mut ends = Ends::default();
        let mut faults = Vec::new();
        for ended in
            [Some(case.through_library()), command.then(|| case.through_command())].into_iter().flatten()
        {
            match ended {
                Ok(more) => {
                    ends.good += more.good;
                    ends.refused += more.refused;
                }
                Err(fault) => faults.push(fault),
            }
        }
        let answer = json!({
            "good": ends.good,
            "refused": ends.refused,
            "cpu": processor() - before,
            "memory": memory(),
            "faults": faults,
        });
        println!("{answer}");
        stdout().flush().unwrap();
    }
}

/// Milliseconds of processor time of this process and of those it waited for; 0 where the system does not say.
fn processor() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // the name of the program stands in brackets and may hold blanks
    let after = stat.rsplit(") ").next().unwrap_or_default();
    let ticks = after.split(' ').skip(11).take(4).filter_map(|field| field.parse::<u64>().ok());
    // a tick of this file is a hundredth of a second on every Linux
    ticks.sum::<u64>() * 10
}

/// The most memory this process took since the mark was set, KiB; 0 where the system does not say.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|text| text.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or(0)
}

/// A worker, and a thread that reads what it answers.
pub(crate) struct Worker {
    child: Child,
    questions: ChildStdin,
    answers: Receiver<String>,
}

impl Worker {
    pub(crate) fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg("--worker")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // the words of a panic come back as a fault
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (questions, out) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (send, answers) = channel();
        thread::spawn(move || {
            for line in BufReader::new(out).lines() {
                let Ok(line) = line else { return };
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, questions, answers }
    }

    /// Runs a case; a worker that died or hung is replaced by another.
    pub(crate) fn run(&mut self, target: Target, seed: u64, command: bool) -> Outcome {
        let how = if command { "command" } else { "library" };
        let written = writeln!(self.questions, "{target:?} {seed} {how}");
        let answer = self.answers.recv_timeout(HANGS);
        if let (Ok(()), Ok(answer)) = (written, answer) {
            return Outcome::Ended(done(&answer));
        }
        let died = self.child.try_wait().unwrap().is_some();
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        *self = Self::start();
        if died { Outcome::Died } else { Outcome::Hung }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn done(answer: &str) -> Done {
    let answer: Value = serde_json::from_str(answer).unwrap();
    let number = |key: &str| answer[key].as_u64().unwrap();
    let faults = answer["faults"].as_array().unwrap();
    Done {
        ends: Ends { good: number("good") as usize, refused: number("refused") as usize },
        cpu: number("cpu"),
        memory: number("memory"),
        faults: faults.iter().map(|f| f.as_str().unwrap().to_owned()).collect(),
    }
}

/// Counts of a target.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    folders: u64,
    good: usize,
    refused: usize,
    crashes: u64,
    hangs: u64,
    slow: u64,
    large: u64,
    left: u64,
    other: u64,
}

/// What was found, by target.
#[derive(Debug, Default)]
pub(crate) struct Found(BTreeMap<Target, Counts>);

impl Found {
    pub(crate) fn add(&mut self, target: Target, outcome: &Outcome) {
        let counts = self.0.entry(target).or_default();
        counts.folders += 1;
        match outcome {
            Outcome::Died => counts.crashes += 1,
            Outcome::Hung => counts.hangs += 1,
            Outcome::Ended(done) => {
                counts.good += done.ends.good;
                counts.refused += done.ends.refused;
                counts.slow += u64::from(done.cpu > SLOW);
                counts.large += u64::from(done.memory > LARGE);
                for fault in &done.faults {
                    if fault.starts_with("panic") || fault.contains("ends with None") {
                        counts.crashes += 1;
                    } else if fault.contains("does not end") {
                        counts.hangs += 1;
                    } else if fault.contains("ends with 2 and leaves") {
                        counts.left += 1;
                    } else {
                        counts.other += 1;
                    }
                }
            }
        }
    }

    pub(crate) fn cases(&self) -> u64 {
        self.0.values().map(|counts| counts.folders).sum()
    }

    /// Whether nothing is wrong; what is slow or large is counted, and judged by who reads it.
    pub(crate) fn is_clean(&self) -> bool {
        self.0.values().all(|c| c.crashes + c.hangs + c.left + c.other == 0)
    }

    pub(crate) fn table(&self) -> String {
        let mut out = "| target | folders | runs | good / refused | crash | hang | > 5 s CPU | > 512 MiB | left on exit 2 | other fault |\n\
                       |---|---|---|---|---|---|---|---|---|---|\n"
            .to_owned();
        for (target, c) in &self.0 {
            let _ = writeln!(
                out,
                "| {target:?} | {} | {} | {} / {} | {} | {} | {} | {} | {} | {} |",
                c.folders,
                c.good + c.refused,
                c.good,
                c.refused,
                c.crashes,
                c.hangs,
                c.slow,
                c.large,
                c.left,
                c.other
            );
        }
        out
    }
}
