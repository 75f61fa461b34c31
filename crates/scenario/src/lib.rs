//! Scenario files: a folder of one `scenario.json` and CSV tables becomes a [`Scenario`] that holds together, or the list
//! of everything that is wrong with it.
//!
//! The only place where files meet the domain. Format: docs/file-formats.md. Nothing is written here.

#[cfg(test)]
mod asked;
pub mod bare;
mod build;
mod choices;
mod document;
mod encoding;
pub mod explain;
pub mod filed;
mod folder;
pub mod formats;
mod history_fault;
mod ids;
mod json;
mod keys;
pub mod ledger;
pub mod limits;
mod measure;
pub mod message;
mod number;
mod patch;
mod policy;
pub mod problem;
mod problems;
mod raw;
mod records;
pub mod rounds;
pub mod schema;
mod settings;
mod suggest;
mod table;
pub mod tables;
pub mod visible;

use std::path::Path;

use seatcast_core::{
    Name, Scenario,
    forecast::{FirstChain, past_of_first_chain},
    time::YearMonth,
};

pub use bare::{Bare, BareOptions, read_bare};
pub use choices::{Given, Listed, read_budget, read_schedule, read_schedules};
pub use encoding::Encoding;
pub use filed::read_filed;
pub use folder::{InputFile, writable};
pub use limits::{Limit, Limits};
pub use policy::read_policy;
pub use problem::{Invalid, Problem, Severity};
pub use rounds::read_rounds;

/// How a folder is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// Variant to read; `None` = the scenario itself.
    pub variant: Option<String>,
    /// Encoding of every text; `None` = found file by file.
    pub encoding: Option<Encoding>,
    /// Only what was known in this month; `None` = everything.
    pub as_of: Option<YearMonth>,
    /// How much is read.
    pub limits: Limits,
}

/// A scenario as loaded, with what its reader wants to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// The month as known in which it was read, if one was given.
    pub as_of: Option<YearMonth>,
    /// The variant that was read, with its title.
    pub variant: Option<(String, Name)>,
    /// Warnings (a fallback was taken) and notes (a default was taken), sorted.
    pub problems: Vec<Problem>,
    /// Every file read, with its hash.
    pub inputs: Vec<InputFile>,
}

/// Loads the scenario folder at `path`.
///
/// # Errors
/// [`Invalid`] with every problem of every file.
pub fn load(path: impl AsRef<Path>) -> Result<Loaded, Invalid> {
    load_as(path, &Reading::default())
}

/// Loads the scenario folder at `path` as `reading` says.
///
/// # Errors
/// [`Invalid`] with every problem of every file.
pub fn load_as(path: impl AsRef<Path>, reading: &Reading) -> Result<Loaded, Invalid> {
    let mut problems = problem::Problems::new(reading.limits);
    let built = build::load(path.as_ref(), reading, &mut problems);
    let any_error = problems.any_error();
    let problems = problems.into_sorted();
    match built {
        Some(built) if !any_error => Ok(Loaded {
            scenario: built.scenario,
            as_of: reading.as_of,
            variant: reading.variant.clone().zip(built.variant),
            problems,
            inputs: built.inputs,
        }),
        _ => Err(Invalid { problems }),
    }
}

/// The scenario of `loaded` as it stood at the round of the year before: what was known then, with that base year. `None`
/// where there is no roll of that year.
///
/// # Errors
/// [`Invalid`] where what was known then makes no scenario.
pub fn load_year_before(
    path: impl AsRef<Path>,
    reading: &Reading,
    loaded: &Loaded,
) -> Result<Option<Scenario>, Invalid> {
    let base_year = loaded.scenario.base_year;
    let has_year = loaded.scenario.past.as_ref().is_some_and(|past| past.first_year < base_year);
    if !has_year {
        return Ok(None);
    }
    let as_of = Some(loaded.scenario.round_of(base_year - 1));
    let before = load_as(path, &Reading { as_of, ..reading.clone() })?.scenario;
    Ok(Some(before).filter(|before| before.base_year == base_year - 1))
}

/// What was known in `as_of` of the past of the scenario folder at `path`, as far as it can be read; for back-tests, which
/// need neither supply nor plans.
pub fn past_as_of(path: impl AsRef<Path>, reading: &Reading, as_of: YearMonth) -> Option<FirstChain> {
    let reading = Reading { as_of: Some(as_of), ..reading.clone() };
    past_of_first_chain(&build::past_known(path.as_ref(), &reading)?)
}

/// Reads the rows of the projects of the scenario folder at `path`, before its ledger: what an entry is checked against.
///
/// # Errors
/// [`Invalid`] if the project table, or what it refers to, cannot be used; faults of other tables do not matter here.
pub fn project_rows(
    path: impl AsRef<Path>,
    reading: &Reading,
) -> Result<seatcast_core::supply::ProjectTable, Invalid> {
    let mut problems = problem::Problems::new(reading.limits);
    let rows = build::rows(path.as_ref(), &mut problems);
    rows.ok_or_else(|| Invalid { problems: problems.into_sorted() })
}

/// Names of the variants of the scenario folder at `path`, sorted.
pub fn variants(path: impl AsRef<Path>) -> Vec<String> {
    let problems = &mut problem::Problems::default();
    let folder = folder::Folder::open(path.as_ref(), None, problems);
    folder.and_then(|folder| patch::variants(&folder, problems)).unwrap_or_default()
}
