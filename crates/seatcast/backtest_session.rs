//! A back-test from tables to results, held together.

use std::path::Path;

use seatcast_core::{
    Lang,
    backtest::{Dataset, Plan, reference::Rule},
    forecast::{FirstChain, learn::Learner, past_of_first_chain},
    index::{ChainGrade, Ids, Lead},
};
use seatcast_plot::PlotError;
use seatcast_report::{
    BacktestRun, File, Input, Note, Options, backtest_files, backtest_json, backtest_text,
};
use seatcast_runner::{Backtest, Progress, RunError};
use seatcast_scenario::{
    self as scenario, Bare, Loaded, Problem, Reading,
    problem::{Fault, HistoryFault},
};

use crate::session::{input, note};

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
    pub stages: Vec<(String, Ids<ChainGrade>)>,
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
            inputs: bare.inputs.iter().map(input).collect(),
            problems: bare.problems,
        }
    }

    /// Of the past of a scenario folder: its zones, schools and children, as far as the grades that begin at its first stage.
    /// Where figures carry the month in which they became known, each origin sees what it knew. `None` without past rolls.
    pub fn from_scenario(path: &Path, reading: &Reading, loaded: &Loaded) -> Option<Self> {
        let scenario = &loaded.scenario;
        let frame = &scenario.frame;
        let FirstChain { history: truth, grades, stages, others } = past_of_first_chain(scenario)?;
        let mut problems = loaded.problems.clone();
        for stage in others {
            let fault = HistoryFault::StageNotScored(frame.stages[stage].id.clone());
            problems.push(Problem::of_file("scenario.json", Fault::History(fault)));
        }
        let known = truth
            .rolls
            .years()
            .map(|t| {
                let round = scenario.round_of(truth.first_year + t.index() as i32);
                let as_of = reading.as_of.map_or(round, |as_of| as_of.min(round));
                let cut = truth.cut(t);
                let known = scenario::past_as_of(path, reading, as_of)?.history;
                // what cannot be put beside today's figures was not known in their form
                let comparable = known.first_year == cut.first_year
                    && known.rolls.years() == cut.rolls.years()
                    && known.rolls.units() == cut.rolls.units()
                    && known.schools.as_ref().map(|s| &s.area_of) == cut.schools.as_ref().map(|s| &s.area_of);
                (comparable && !known.says_what(&cut)).then_some(known)
            })
            .collect();
        let schools = scenario.past.as_ref().map_or_else(Vec::new, |past| past.school_ids.clone());
        Some(Self {
            name: scenario.id.clone(),
            data: Dataset {
                truth,
                known,
                areas: frame.zones.iter().map(|z| z.id.clone()).collect(),
                schools: schools.clone(),
            },
            grades: grades.iter().map(|&g| frame.grade_id(g).to_owned()).collect(),
            stages: stages.into_iter().map(|(p, of)| (frame.stages[p].id.clone(), of)).collect(),
            schools,
            inputs: loaded.inputs.iter().map(input).collect(),
            problems,
        })
    }

    /// The plan of a back-test of these tables.
    pub fn plan(&self, leads: &[usize], min_history: usize, draws: usize, seed: u64) -> Plan {
        Plan {
            leads: leads.iter().copied().map(Lead::new).collect(),
            min_history,
            stages: self.stages.iter().map(|(_, grades)| grades.clone()).collect(),
            seed,
            draws,
            learner: Learner::FULL,
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
        mut input: BacktestInput,
        plan: Plan,
        smallest: f64,
        threads: usize,
        progress: &Progress,
    ) -> Result<Self, RunError> {
        let result = seatcast_runner::backtest(&input.data, &plan, threads, progress)?;
        // what the last origin did is what a forecast of today would do
        if let Some(widened) = result.widened.last().filter(|w| !w.is_empty()) {
            let file = input.inputs.first().map_or_else(String::new, |i| i.file.clone());
            let fault = Fault::History(HistoryFault::TailsWidened(widened.clone()));
            input.problems.push(Problem::of_file(file, fault));
        }
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
        self.with_run(options.lang, |run| backtest_files(run, options))
    }

    /// The accuracy table as text.
    pub fn text(&self, lang: Lang, files: Option<&str>) -> String {
        self.with_run(lang, |run| backtest_text(run, lang, files))
    }

    /// The summary as JSON; `files` are the names of the files written.
    pub fn summary_json(&self, lang: Lang, files: &[String]) -> String {
        self.with_run(lang, |run| backtest_json(run, lang, files))
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
