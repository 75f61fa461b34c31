//! A back-test from tables to results, held together.

use std::ops::Range;

use seatcast_core::{
    Lang,
    backtest::{Dataset, Plan, reference::Rule},
};
use seatcast_plot::PlotError;
use seatcast_report::{BacktestRun, File, Input, Note, Options};
use seatcast_runner::{Backtest, Progress, RunError};
use seatcast_scenario::{Bare, Problem, message::Diagnostic};

/// What a back-test reads, with the names of its things.
#[derive(Debug, Clone, PartialEq)]
pub struct BacktestInput {
    /// What it is, in a few words.
    pub name: String,
    /// Rolls and children.
    pub data: Dataset,
    /// Keys of the grades, entry grade first.
    pub grades: Vec<String>,
    /// Stages with their grades.
    pub stages: Vec<(String, Range<usize>)>,
    /// Keys of the schools as they are written in results, by index.
    pub schools: Vec<String>,
    /// Files read.
    pub inputs: Vec<Input>,
    /// Warnings and notes of the reader.
    pub problems: Vec<Problem>,
}

impl BacktestInput {
    /// Of bare tables; `name` is what results call them.
    pub fn from_bare(name: impl Into<String>, bare: Bare) -> Self {
        Self {
            name: name.into(),
            data: bare.data,
            grades: bare.grades,
            stages: bare.stages,
            schools: bare.schools.into_iter().map(|(_, school)| school).collect(),
            inputs: bare
                .inputs
                .into_iter()
                .map(|i| Input { file: i.name, sha256: i.sha256, bytes: i.bytes })
                .collect(),
            problems: bare.problems,
        }
    }

    /// The plan of a back-test of these tables.
    pub fn plan(&self, leads: &[usize], min_history: usize, draws: usize, seed: u64) -> Plan {
        Plan {
            leads: leads.to_vec(),
            min_history,
            stages: self.stages.iter().map(|(_, grades)| grades.clone()).collect(),
            seed,
            draws,
        }
    }
}

/// A finished back-test.
#[derive(Debug, Clone)]
pub struct BacktestSession {
    input: BacktestInput,
    plan: Plan,
    smallest: f64,
    result: Backtest,
}

impl BacktestSession {
    /// Scores every origin; `smallest` is the number of pupils from which a target counts in the accuracy table.
    ///
    /// # Errors
    /// [`RunError`] if the threads cannot be started, or it was stopped.
    pub fn new(
        input: BacktestInput,
        plan: Plan,
        smallest: f64,
        threads: usize,
        progress: &Progress,
    ) -> Result<Self, RunError> {
        let result = seatcast_runner::backtest(&input.data, &plan, threads, progress)?;
        Ok(Self { input, plan, smallest, result })
    }

    /// Forecasts and what came, row by row.
    pub fn result(&self) -> &Backtest {
        &self.result
    }

    /// Every file of the results.
    ///
    /// # Errors
    /// [`PlotError`] if a chart cannot be drawn.
    pub fn files(&self, options: Options) -> Result<Vec<File>, PlotError> {
        self.with_run(options.lang, |run| run.files(options))
    }

    /// The accuracy table as text.
    pub fn text(&self, lang: Lang, files: Option<&str>) -> String {
        self.with_run(lang, |run| run.text(lang, files))
    }

    /// The summary as JSON; `files` are the names of the files written.
    pub fn summary_json(&self, lang: Lang, files: &[String]) -> String {
        self.with_run(lang, |run| run.summary_json(lang, files))
    }

    /// The results in the form that tables and charts are made from.
    pub fn with_run<T>(&self, lang: Lang, read: impl FnOnce(&BacktestRun<'_>) -> T) -> T {
        let notes: Vec<Note> = self.input.problems.iter().map(|p| note(p, lang)).collect();
        read(&BacktestRun {
            name: &self.input.name,
            version: crate::VERSION,
            first_year: self.input.data.truth.first_year,
            areas: &self.input.data.areas,
            schools: &self.input.schools,
            grades: &self.input.grades,
            stages: &self.input.stages,
            plan: &self.plan,
            smallest: self.smallest,
            // births that no rule could use are not asked for
            children: self
                .result
                .rows
                .iter()
                .any(|row| row.references[Rule::ProgressionBirths as usize].is_finite()),
            rows: &self.result.rows,
            origins: &self.result.origins,
            inputs: &self.input.inputs,
            notes: &notes,
        })
    }
}

/// A problem of the reader as results carry it.
pub(crate) fn note(problem: &Problem, lang: Lang) -> Note {
    let d = Diagnostic::new(problem, lang);
    Note { code: d.code.to_owned(), file: d.file, key: d.key, message: d.message, help: d.help }
}
