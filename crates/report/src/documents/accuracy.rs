//! The summary of an accuracy ledger: what every filed forecast said, against the rolls that have come since.

use seatcast_core::{
    Lang, Scenario,
    backtest::ledger::{BiasRun, Filed, Hit, LedgerLine, bias_runs, lines},
};
use serde::Serialize;

use super::{Input, Note, pretty};
use crate::{phrases, stats::keys_of};

/// The ledger of a scenario: its filed forecasts against its rolls.
#[derive(Debug, Clone, Copy)]
pub struct Accuracy<'a> {
    /// The scenario, with the rolls that are known now.
    pub scenario: &'a Scenario,
    /// Filed forecasts.
    pub filed: &'a [Filed],
    /// Figures whose roll has come.
    pub hits: &'a [Hit],
    /// Version of seatcast.
    pub version: &'a str,
    /// Files read.
    pub inputs: &'a [Input],
    /// Warnings and notes of the reader.
    pub notes: &'a [Note],
}

impl Accuracy<'_> {
    /// A run of errors in plain words.
    pub fn bias_words(&self, run: &BiasRun, lang: Lang) -> String {
        phrases::bias(self.scenario, run, lang)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    program: &'static str,
    format: u32,
    version: &'a str,
    command: &'static str,
    scenario: &'a str,
    base_year: i32,
    language: &'static str,
    forecasts: Vec<&'a str>,
    inputs: &'a [Input],
    accuracy: Vec<Line<'a>>,
    bias_warnings: Vec<String>,
    notes: &'a [Note],
    files: &'a [String],
}

#[derive(Serialize)]
struct Line<'a> {
    district: &'a str,
    zone: &'a str,
    stage: &'a str,
    target: &'static str,
    lead: i32,
    n: usize,
    mape: f64,
    wape: f64,
    bias: f64,
    inside_50: f64,
    inside_80: f64,
    inside_95: f64,
}

/// The summary as JSON; `files` are the names of the files written.
pub fn accuracy_json(ledger: &Accuracy<'_>, lang: Lang, files: &[String]) -> String {
    let scenario = ledger.scenario;
    let line = |line: LedgerLine| {
        let [district, _, zone] = keys_of(&scenario.frame, line.area).map(Option::unwrap_or_default);
        Line {
            district,
            zone,
            stage: &scenario.frame.stages[line.stage].id,
            target: target(&line),
            lead: line.lead,
            n: line.count,
            mape: line.mape,
            wape: line.wape,
            bias: line.bias,
            inside_50: line.inside[0],
            inside_80: line.inside[1],
            inside_95: line.inside[2],
        }
    };
    pretty(&Document {
        program: "seatcast",
        format: 1,
        version: ledger.version,
        command: "accuracy",
        scenario: &scenario.id,
        base_year: scenario.base_year,
        language: lang.pick("zh", "en"),
        forecasts: ledger.filed.iter().map(|f| f.name.as_str()).collect(),
        inputs: ledger.inputs,
        accuracy: lines(ledger.hits).into_iter().map(line).collect(),
        bias_warnings: bias_runs(ledger.hits).iter().map(|run| ledger.bias_words(run, lang)).collect(),
        notes: ledger.notes,
        files,
    })
}

/// What a line of the ledger is about, as a code.
pub(crate) fn target(line: &LedgerLine) -> &'static str {
    if line.by_grade { "by_grade" } else { "total" }
}
