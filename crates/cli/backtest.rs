//! `seatcast backtest`: how right the forecast would have been.

use anyhow::Context;
use seatcast::{
    BacktestInput, BacktestSession, Lang, OutFolder,
    report::Options,
    scenario::{
        BareOptions, Problem,
        problem::{Fault, HistoryFault},
        read_bare,
    },
};

use crate::{
    End,
    args::{BacktestOptions, Format},
    print,
    progress::with_bar,
    run::{missing_glyphs, say_out},
    validate::report,
};

pub(crate) fn backtest(options: &BacktestOptions) -> anyhow::Result<End> {
    let lang = Lang::from(options.shared.lang);
    let input = read(options);
    let out = OutFolder::open(&options.out);
    let (input, out) = match (input, out) {
        (Ok(input), Ok(out)) => (input, out),
        (input, out) => {
            if let Err(error) = &out {
                say_out(error, &options.shared, input.is_ok())?;
            }
            if let Err(problems) = input {
                report(&problems, &options.shared)?;
            }
            return Ok(End::InputWrong);
        }
    };
    if options.shared.format == Format::Text {
        report(&input.problems, &options.shared)?;
    }
    let plan = input.plan(&options.leads.0, options.min_history, options.draws as usize, options.seed);
    let areas = input.data.areas.len() * input.data.truth.rolls.years();
    let smallest = f64::from(options.min_pupils);
    let session = with_bar(areas as u64, |progress| {
        BacktestSession::new(input, plan, smallest, options.threads, progress)
    })
    .context("the back-test could not start")?;
    let files =
        session.files(Options { lang, bom: !options.no_bom }).context("a chart could not be drawn")?;
    missing_glyphs(&files, lang);
    let written = match out.write(&files) {
        Ok(written) => written,
        Err(error) => {
            say_out(&error, &options.shared, true)?;
            return Ok(End::InputWrong);
        }
    };
    match options.shared.format {
        Format::Text => print(&session.text(lang, Some(&options.out.display().to_string())))?,
        Format::Json => print(&session.summary_json(lang, &written.files))?,
    }
    Ok(End::Done)
}

/// The tables, and whether they hold a single origin with a target.
fn read(options: &BacktestOptions) -> Result<BacktestInput, Vec<Problem>> {
    let rolls = &options.rolls;
    let bare = read_bare(&BareOptions {
        rolls: rolls.clone(),
        births: options.births.clone(),
        entry_grade: options.entry_grade,
        entry_lag: options.entry_lag,
        mask_years: options.mask_years.as_ref().map_or_else(Vec::new, |y| y.0.clone()),
        stages: options.stages.as_ref().map_or_else(Vec::new, |s| s.0.clone()),
        as_of: options.as_of,
        decision_month: options.decision_month,
    })
    .map_err(|invalid| invalid.problems)?;
    let name = rolls.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let input = BacktestInput::from_bare(name, bare);
    enough(&input, options, &rolls.display().to_string())?;
    Ok(input)
}

fn enough(input: &BacktestInput, options: &BacktestOptions, file: &str) -> Result<(), Vec<Problem>> {
    let shortest = options.leads.0.iter().copied().min().unwrap_or(1);
    let plan = input.plan(&options.leads.0, options.min_history, 1, 1);
    let truth = &input.data.truth;
    let last = truth.origin();
    let any = (0..=last).any(|t| t + shortest <= last && plan.is_origin(&input.data.at(t), t));
    if any {
        return Ok(());
    }
    let fault = HistoryFault::TooFewYears(truth.known_years(), options.min_history + shortest);
    let mut problems = input.problems.clone();
    problems.push(Problem::of_file(file, Fault::History(fault)));
    Err(problems)
}
