//! Some seconds of cases (`tests/mutation`): what fails says how to see it again.

use std::{
    collections::BTreeSet,
    process,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use seatcast::scenario::tables;

use crate::mutation::{Case, Corpus, Ends, Target};

/// Seconds after which a case counts as hanging: none takes one.
const HANGS: u64 = 120;
/// Seconds after which no further case is begun, so that a busy machine is not held up.
const ENOUGH: u64 = 15;

fn corpus() -> &'static Corpus {
    static CORPUS: OnceLock<Corpus> = OnceLock::new();
    CORPUS.get_or_init(Corpus::new)
}

/// A watch over cases: a thread that counts seconds, and ends the process if one case takes too many.
struct Watch {
    /// Seconds since the first case, and the second in which the case at hand began.
    now: AtomicU64,
    began: AtomicU64,
    seed: AtomicU64,
}

impl Watch {
    fn over(target: Target) -> Arc<Self> {
        let watch = Arc::new(Self { now: 0.into(), began: 0.into(), seed: 0.into() });
        let weak = Arc::downgrade(&watch);
        thread::spawn(move || {
            while let Some(watch) = weak.upgrade() {
                let now = watch.now.fetch_add(1, Relaxed);
                if now.saturating_sub(watch.began.load(Relaxed)) > HANGS {
                    let told = Case::new(corpus(), target, watch.seed.load(Relaxed)).told("library");
                    eprintln!("a case does not end\n{told}");
                    process::abort();
                }
                drop(watch);
                thread::sleep(Duration::from_secs(1));
            }
        });
        watch
    }

    fn begin(&self, seed: u64) {
        self.seed.store(seed, Relaxed);
        self.began.store(self.now.load(Relaxed), Relaxed);
    }
}

/// Runs the first cases of a target; so many of them go to the command too.
fn hold(target: Target, cases: u64, commands: u64) {
    let corpus = corpus();
    let watch = Watch::over(target);
    let (mut ends, mut faults, mut tried) = (Ends::default(), Vec::new(), 0);
    for seed in 0..cases {
        if watch.now.load(Relaxed) > ENOUGH {
            break;
        }
        watch.begin(seed);
        let case = Case::new(corpus, target, seed);
        let through_command = seed * commands / cases != (seed + 1) * commands / cases;
        let command = through_command.then(|| case.through_command());
        for ended in [Some(case.through_library()), command].into_iter().flatten() {
            match ended {
                Ok(more) => {
                    ends.good += more.good;
                    ends.refused += more.refused;
                }
                Err(fault) => faults.push(fault),
            }
        }
        tried += 1;
    }
    println!("{target:?}: {tried} cases, {ends:?}");
    let shown = faults[..faults.len().min(5)].join("\n\n");
    assert!(faults.is_empty(), "{} faults in {tried} cases:\n\n{shown}", faults.len());
    // changes that nothing notices, or that nothing survives, try nothing
    assert!(ends.good * 20 > tried && ends.refused * 20 > tried, "{target:?}: {tried} cases, {ends:?}");
}

#[test]
fn scenario_folders_are_read_or_refused() {
    hold(Target::Scenario, 600, 16);
}

#[test]
fn files_given_beside_a_scenario_are_read_or_refused() {
    hold(Target::Given, 300, 6);
}

#[test]
fn bare_tables_are_read_or_refused() {
    hold(Target::Bare, 150, 8);
}

#[test]
fn results_folders_are_drawn_or_refused() {
    hold(Target::Results, 120, 4);
}

/// The same number is the same case, and together they change every kind of file.
#[test]
fn cases_are_the_same_every_time_and_leave_no_kind_of_file_out() {
    let corpus = corpus();
    let mut changed = BTreeSet::new();
    for target in Target::ALL {
        for seed in 0..500 {
            let case = Case::new(corpus, target, seed);
            if seed < 40 {
                assert!(case.files == Case::new(corpus, target, seed).files, "{target:?} {seed}");
            }
            changed.extend(case.changes.into_iter().map(|(file, _)| file));
        }
    }
    let tables = tables::TABLES.iter().map(|table| format!("{}.csv", table.name));
    let others = ["scenario.json", "variants/", "ledger.jsonl", "forecasts/", "rounds/"];
    let given = ["schedule.csv", "schedules.csv", "budget.csv", "policy.csv", "births.csv"];
    let results = ["run.json", "compare.json", "sweep.json", "cycle.json", "balance.csv"];
    for wanted in tables.chain([others, given, results].concat().into_iter().map(str::to_owned)) {
        assert!(changed.iter().any(|file| file.starts_with(&wanted)), "{wanted} is never changed");
    }
}
