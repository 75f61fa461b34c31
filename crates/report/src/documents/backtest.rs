//! The summary of a back-test: settings, inputs, accuracy.

use seatcast_core::Lang;
use serde::Serialize;

use super::{Input, Note, pretty};
use crate::BacktestRun;

/// The summary as JSON; `files` are the names of the files written.
pub fn backtest_json(run: &BacktestRun<'_>, lang: Lang, files: &[String]) -> String {
    pretty(&Document {
        program: "seatcast",
        format: 1,
        version: run.version,
        command: "backtest",
        name: run.name,
        settings: Settings {
            seed: run.plan.seed,
            draws: run.plan.draws,
            leads: run.plan.leads.iter().map(|lead| lead.index()).collect(),
            min_history: run.plan.min_history,
            smallest_target: run.smallest,
            language: lang.pick("zh", "en"),
            stages: run
                .stages
                .iter()
                .map(|(name, grades)| StageLine { name, grades: &run.grades[grades.range()] })
                .collect(),
        },
        origins: run.origins.iter().map(|&t| run.year(t)).collect(),
        inputs: run.inputs,
        accuracy: run
            .accuracy()
            .iter()
            .map(|l| AccuracyLine {
                level: l.cell.level.code(),
                stage: run.kind(l.cell.kind),
                lead: l.cell.lead.index(),
                method: l.method.code(),
                n: l.score.count,
                mape: l.score.mape,
                wape: l.score.wape,
                bias: l.score.bias,
                coverage_80: l.score.bands.map(|b| b.coverage[1]),
                width_80: l.score.bands.map(|b| b.width[1]),
            })
            .collect(),
        notes: run.notes,
        files,
    })
}

#[derive(Serialize)]
struct Document<'a> {
    /// Marks the folder as written by this program.
    program: &'static str,
    format: u32,
    version: &'a str,
    command: &'static str,
    name: &'a str,
    settings: Settings<'a>,
    origins: Vec<i32>,
    inputs: &'a [Input],
    accuracy: Vec<AccuracyLine<'a>>,
    notes: &'a [Note],
    files: &'a [String],
}

#[derive(Serialize)]
struct Settings<'a> {
    seed: u64,
    draws: usize,
    leads: Vec<usize>,
    min_history: usize,
    smallest_target: f64,
    language: &'a str,
    stages: Vec<StageLine<'a>>,
}

#[derive(Serialize)]
struct StageLine<'a> {
    name: &'a str,
    grades: &'a [String],
}

#[derive(Serialize)]
struct AccuracyLine<'a> {
    level: &'a str,
    stage: &'a str,
    lead: usize,
    method: &'a str,
    n: usize,
    mape: f64,
    wape: f64,
    bias: f64,
    coverage_80: Option<f64>,
    width_80: Option<f64>,
}
