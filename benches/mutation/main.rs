//! The long form of the mutation test: as many cases as one has hours for, each watched from outside.
//!
//! ```text
//! cargo test --bench mutation -- [--cases N] [--from N] [--workers N] [--target T]     a table of what was found
//! cargo test --bench mutation -- --target T --from N --cases 1 --keep FOLDER           one case, its files kept
//! ```
//!
//! Cases run in processes of their own, so that one that crashes or hangs is counted, named and left behind. Every
//! thirtieth goes through the command too. What a case is, and what must hold, is in `tests/mutation`.

#![expect(
    clippy::unwrap_used,
    reason = "a test: what is not there is a failure, and the worker is told dead"
)]

#[path = "../../tests/mutation/mod.rs"]
mod mutation;
mod worker;

use std::{
    io::Write as _,
    path::PathBuf,
    process::ExitCode,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
};

use mutation::{Case, Corpus, Target};
use worker::{Found, Outcome, Worker};

/// One in so many cases goes through the command too.
const COMMAND: u64 = 30;

/// What is asked for.
struct Asked {
    cases: u64,
    from: u64,
    workers: u64,
    target: Option<Target>,
    keep: Option<PathBuf>,
    /// This process is a worker of another one.
    worker: bool,
}

impl Asked {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut asked = Self { cases: 1000, from: 0, workers: 2, target: None, keep: None, worker: false };
        while let Some(word) = words.next() {
            let mut next = || words.next().ok_or(format!("{word} needs a value"));
            let number = |text: String| text.parse().map_err(|_| format!("{text} is not a number"));
            match word.as_str() {
                "--cases" => asked.cases = number(next()?)?,
                "--from" => asked.from = number(next()?)?,
                "--workers" => asked.workers = number(next()?)?,
                "--keep" => asked.keep = Some(next()?.into()),
                "--target" => asked.target = Some(target(&next()?)?),
                "--worker" => asked.worker = true,
                "--bench" => {} // cargo says so
                _ => return Err(format!("{word} is not known")),
            }
        }
        Ok(asked)
    }

    /// The target of a case: scenario folders are most of what people have.
    fn target_of(&self, seed: u64) -> Target {
        self.target.unwrap_or(match seed % 10 {
            0..6 => Target::Scenario,
            6..8 => Target::Given,
            8 => Target::Bare,
            _ => Target::Results,
        })
    }
}

fn target(name: &str) -> Result<Target, String> {
    let known = Target::ALL.into_iter().find(|t| format!("{t:?}") == name);
    known.ok_or(format!("{name} is none of {:?}", Target::ALL))
}

fn main() -> ExitCode {
    let asked = match Asked::read(std::env::args().skip(1)) {
        Ok(asked) => asked,
        Err(fault) => {
            eprintln!("{fault}");
            return ExitCode::from(2);
        }
    };
    if asked.worker {
        worker::serve();
        return ExitCode::SUCCESS;
    }
    if let Some(folder) = &asked.keep {
        let corpus = Corpus::new();
        let case = Case::new(&corpus, asked.target_of(asked.from), asked.from);
        case.lay(folder);
        println!("{}", case.told("library"));
        let ended = [case.through_library(), case.through_command()];
        println!("{ended:?}");
        return if ended.iter().all(Result::is_ok) { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let found = all(&asked);
    println!("{}", found.table());
    if found.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs every case; what is found is said as it is found.
fn all(asked: &Asked) -> Found {
    let (found, next) = (Mutex::new(Found::default()), AtomicU64::new(asked.from));
    let last = asked.from + asked.cases;
    let some = || {
        let mut worker = Worker::start();
        loop {
            let seed = next.fetch_add(1, Relaxed);
            if seed >= last {
                return;
            }
            let target = asked.target_of(seed);
            let outcome = worker.run(target, seed, seed % COMMAND == 0);
            let mut found = found.lock().unwrap();
            if let Outcome::Ended(done) = &outcome {
                for fault in &done.faults {
                    println!("{fault}\n");
                }
            } else {
                println!("{outcome:?}: --target {target:?} --from {seed} --cases 1\n");
            }
            found.add(target, &outcome);
            if found.cases() % 1000 == 0 {
                eprintln!("{} cases", found.cases());
            }
            std::io::stdout().flush().unwrap();
        }
    };
    thread::scope(|scope| {
        for _ in 0..asked.workers {
            scope.spawn(some);
        }
    });
    found.into_inner().unwrap()
}
