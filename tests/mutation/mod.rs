//! Does anything that a file may hold make the program panic, hang, disagree with itself, or leave something behind?
//!
//! A case is a number: it takes a good folder, changes bytes, cells, rows, columns, keys, numbers, encodings, nesting or
//! line ends of some of its files, and hands it to the library or to the command. The same number makes the same case.
//!
//! | file | what is in it |
//! |---|---|
//! | `corpus` | the good folders that cases begin from |
//! | `change` | what is changed, for any file |
//! | `table`, `document` | what is changed in a table, in JSON and in the ledger |
//! | `check` | what must hold of every text, table and document |
//! | `library`, `command` | a case handed to the library, to the command |
//!
//! `tests/mutated.rs` runs some seconds of it in `cargo test`, `benches/mutation/run.sh` as much as one has hours for.

mod change;
mod check;
mod command;
mod corpus;
mod document;
mod library;
mod table;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use seatcast::forecast::Stream;

pub(crate) use corpus::Corpus;

/// Files of a folder by their names inside it.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// What a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// A scenario folder, with its variants, ledger, filed forecasts and archived rounds.
    Scenario,
    /// Files given beside a scenario: a schedule, a list of schedules, a budget, a policy.
    Given,
    /// Bare tables of rolls and births.
    Bare,
    /// A results folder that charts are drawn from.
    Results,
}

impl Target {
    pub(crate) const ALL: [Target; 4] = [Target::Scenario, Target::Given, Target::Bare, Target::Results];
}

/// How often a case was run, and how it ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Ends {
    /// Good: results came out.
    pub(crate) good: usize,
    /// Refused: the input is wrong, and it was said what.
    pub(crate) refused: usize,
}

/// A case: files, and how they came to be.
pub(crate) struct Case<'a> {
    pub(crate) corpus: &'a Corpus,
    pub(crate) target: Target,
    pub(crate) seed: u64,
    /// The folder it begins from.
    pub(crate) base: &'static str,
    pub(crate) files: Files,
    /// What was changed, in words.
    pub(crate) changes: Vec<(String, &'static str)>,
}

impl<'a> Case<'a> {
    pub(crate) fn new(corpus: &'a Corpus, target: Target, seed: u64) -> Self {
        let mut chance = Chance::of(&format!("{target:?}"), seed);
        let (base, files) = corpus.pick(target, &mut chance);
        let mut case = Self { corpus, target, seed, base, files: files.clone(), changes: Vec::new() };
        // one change goes far, into the engine; many find more in a reader that names every fault at once
        let changes = [1, 1, 1, 2, 3, 6, 15][chance.below(7)];
        for _ in 0..changes {
            if let Some(change) = change::one(&mut case.files, &mut chance) {
                case.changes.push(change);
            }
        }
        case
    }

    /// Writes its files below `folder`.
    pub(crate) fn lay(&self, folder: &Path) {
        corpus::lay(&self.files, folder);
    }

    /// Hands it to the library.
    ///
    /// # Errors
    /// What does not hold, with how to see it again.
    pub(crate) fn through_library(&self) -> Result<Ends, String> {
        self.caught("library", || library::run(self))
    }

    /// Hands it to the command.
    ///
    /// # Errors
    /// What does not hold, with how to see it again.
    pub(crate) fn through_command(&self) -> Result<Ends, String> {
        self.caught("command", || command::run(self))
    }

    fn caught(&self, through: &str, run: impl FnOnce() -> Result<Ends, String>) -> Result<Ends, String> {
        let fault = match catch_unwind(AssertUnwindSafe(run)) {
            Ok(Ok(ends)) => return Ok(ends),
            Ok(Err(fault)) => fault,
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
                format!("panic: {}", text.unwrap_or("without words"))
            }
        };
        Err(format!("{fault}\n{}", self.told(through)))
    }

    /// Everything that is needed to see it again.
    pub(crate) fn told(&self, through: &str) -> String {
        let mut told =
            format!("case {:?} {} through the {through}, from {}\n", self.target, self.seed, self.base);
        for (file, what) in &self.changes {
            let _ = writeln!(told, "  {file}: {what}");
        }
        let _ = writeln!(
            told,
            "again: cargo test --bench mutation -- --target {:?} --from {} --cases 1 --keep FOLDER",
            self.target, self.seed
        );
        let changed: BTreeSet<&String> = self.changes.iter().map(|(file, _)| file).collect();
        for file in changed {
            if let Some(bytes) = self.files.get(file) {
                let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]);
                let _ = writeln!(told, "--- {file}, {} bytes\n{}", bytes.len(), shown.escape_debug());
            }
        }
        told
    }
}

/// Whether a file is of a kind, by the end of its name.
fn is(name: &str, kind: &str) -> bool {
    Path::new(name).extension().is_some_and(|of| of == kind)
}

/// What is left to chance, the same for the same seed.
pub(crate) struct Chance(Stream);

impl Chance {
    pub(crate) fn of(what: &str, seed: u64) -> Self {
        Self(Stream::new(1, "mutation", what, seed))
    }

    /// A whole number below `n`; 0 if `n` is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.0.uniform() * n as f64) as usize
    }

    /// Whether one of `n` times.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn of_these<'t, T>(&mut self, these: &'t [T]) -> &'t T {
        &these[self.below(these.len())]
    }
}
