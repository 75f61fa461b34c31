//! Scenario files: a folder of one `scenario.json` and CSV tables becomes a [`Scenario`] that holds together, or the list
//! of everything that is wrong with it.
//!
//! The only place where files meet the domain. Format: docs/file-formats.md. Nothing is written here.

pub mod bare;
mod build;
mod choices;
mod document;
mod encoding;
pub mod explain;
mod folder;
pub mod formats;
mod history_fault;
mod json;
pub mod ledger;
pub mod message;
mod number;
mod patch;
mod policy;
pub mod problem;
mod raw;
pub mod schema;
mod settings;
pub mod spec;
mod table;
pub mod words;

use std::path::Path;

use seatcast_core::{Name, Scenario};

pub use bare::{Bare, BareOptions, read_bare};
pub use choices::{Given, Listed, read_budget, read_schedule, read_schedules};
pub use encoding::Encoding;
pub use folder::InputFile;
pub use policy::read_policy;
pub use problem::{Invalid, Problem, Severity};

/// How a folder is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// Variant to read; `None` = the scenario itself.
    pub variant: Option<String>,
    /// Encoding of every text; `None` = found file by file.
    pub encoding: Option<Encoding>,
}

/// A scenario as loaded, with what its reader wants to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
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
    let mut problems = problem::Problems::default();
    let built = build::load(path.as_ref(), reading, &mut problems);
    let any_error = problems.any_error();
    let problems = problems.into_sorted();
    match built {
        Some(built) if !any_error => Ok(Loaded {
            scenario: built.scenario,
            variant: reading.variant.clone().zip(built.variant),
            problems,
            inputs: built.inputs,
        }),
        _ => Err(Invalid { problems }),
    }
}

/// Reads the rows of the projects of the scenario folder at `path`, before its ledger: what an entry is checked against.
///
/// # Errors
/// [`Invalid`] if the project table, or what it refers to, cannot be used; faults of other tables do not matter here.
pub fn project_rows(path: impl AsRef<Path>) -> Result<Vec<seatcast_core::supply::Project>, Invalid> {
    let mut problems = problem::Problems::default();
    let rows = build::rows(path.as_ref(), &mut problems);
    rows.ok_or_else(|| Invalid { problems: problems.into_sorted() })
}

/// Names of the variants of the scenario folder at `path`, sorted.
pub fn variants(path: impl AsRef<Path>) -> Vec<String> {
    let folder = folder::Folder::open(path.as_ref(), None, &mut problem::Problems::default());
    folder.map_or_else(Vec::new, |folder| patch::variants(&folder))
}
