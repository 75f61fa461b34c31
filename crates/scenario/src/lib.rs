//! Scenario files: a folder of one `scenario.json` and CSV tables becomes a [`Scenario`] that holds together, or the list
//! of everything that is wrong with it.
//!
//! The only place where files meet the domain. Format: docs/file-formats.md. Nothing is written here.

pub mod bare;
mod build;
mod document;
mod folder;
mod history_fault;
mod json;
pub mod message;
pub mod problem;
pub mod spec;
mod table;

use std::path::Path;

use seatcast_core::Scenario;

pub use bare::{Bare, BareOptions, read_bare};
pub use folder::InputFile;
pub use problem::{Invalid, Problem, Severity};

/// A scenario as loaded, with what its reader wants to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
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
    let mut problems = problem::Problems::default();
    let loaded = build::load(path.as_ref(), &mut problems);
    let any_error = problems.any_error();
    let problems = problems.into_sorted();
    match loaded {
        Some((scenario, inputs)) if !any_error => Ok(Loaded { scenario, problems, inputs }),
        _ => Err(Invalid { problems }),
    }
}
