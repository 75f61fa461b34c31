//! The accuracy ledger of a scenario, held together.

use std::path::Path;

use seatcast_core::{
    Lang,
    backtest::ledger::{Filed, Hit, hits},
};
use seatcast_report::{Accuracy, File, Input, Note, Options, accuracy_files, accuracy_json, accuracy_text};
use seatcast_scenario::{Invalid, Loaded, Problem, Reading, read_filed};

use crate::session::{input, note};

/// Filed forecasts of a scenario, scored against the rolls it has now.
#[derive(Debug, Clone)]
pub struct AccuracySession<'a> {
    loaded: &'a Loaded,
    filed: Vec<Filed>,
    hits: Vec<Hit>,
    problems: Vec<Problem>,
}

impl<'a> AccuracySession<'a> {
    /// Reads and scores what is filed with the scenario at `path`.
    ///
    /// # Errors
    /// [`Invalid`] with every problem of every filed forecast.
    pub fn new(path: &Path, reading: &Reading, loaded: &'a Loaded) -> Result<Self, Invalid> {
        let (filed, problems) = read_filed(path, &loaded.scenario, reading)?;
        let hits = hits(&loaded.scenario, &filed);
        Ok(Self { loaded, filed, hits, problems })
    }

    /// Warnings and notes of the filed forecasts.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Filed figures whose roll has come.
    pub fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// Every file of the results.
    pub fn files(&self, options: Options) -> Vec<File> {
        self.with_accuracy(options.lang, |ledger| accuracy_files(ledger, options))
    }

    /// The table as text, with where the forecasts lean.
    pub fn text(&self, lang: Lang, files: Option<&str>) -> String {
        self.with_accuracy(lang, |ledger| accuracy_text(ledger, lang, files))
    }

    /// The summary as JSON.
    pub fn summary_json(&self, lang: Lang, files: &[String]) -> String {
        self.with_accuracy(lang, |ledger| accuracy_json(ledger, lang, files))
    }

    fn with_accuracy<T>(&self, lang: Lang, read: impl FnOnce(&Accuracy<'_>) -> T) -> T {
        let inputs: Vec<Input> = self.loaded.inputs.iter().map(input).collect();
        let notes: Vec<Note> =
            self.loaded.problems.iter().chain(&self.problems).map(|problem| note(problem, lang)).collect();
        read(&Accuracy {
            scenario: &self.loaded.scenario,
            filed: &self.filed,
            hits: &self.hits,
            version: crate::VERSION,
            inputs: &inputs,
            notes: &notes,
        })
    }
}
