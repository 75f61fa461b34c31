//! `seatcast backtest`: how right the forecast would have been.

use std::path::Path;

use anyhow::Context;
use seatcast::{
    BacktestInput, BacktestSession, Lang,
    report::Options,
    scenario::{
        BareOptions, Invalid, Problem,
        problem::{Fault, HistoryFault},
        read_bare,
    },
};

use crate::{
    End,
    args::{BacktestOptions, Format},
    choices::reading,
    memory,
    messages::{refuse, warn, without_result},
    output::Output,
    progress::{is_stopped, with_bar},
    run::missing_glyphs,
    streams::print_results,
};

pub(crate) fn backtest(options: &BacktestOptions) -> anyhow::Result<End> {
    let lang = Lang::from(options.shared.lang);
    let input = read(options);
    let out = Output::open(&options.out, options.path.as_deref(), None, options.shared);
    let (input, out) = match (input, out) {
        (Ok(input), Ok(out)) => (input, out),
        (input, out) => {
            let invalid: Vec<Invalid> = input.err().into_iter().collect();
            refuse(&invalid, out.err().as_ref(), options.shared)?;
            return Ok(End::InputWrong);
        }
    };
    warn(&input.problems, options.shared);
    let plan = input.plan(&options.leads.0, options.min_history, options.draws as usize, options.seed);
    let areas = input.data.areas.len() * input.data.truth.rolls.years().len();
    let smallest = f64::from(options.min_pupils);
    let needed = seatcast::memory_of_backtest(&input.data, &plan, options.threads);
    if !memory::fits(needed, options.memory.memory, options.shared)? {
        return Ok(End::InputWrong);
    }
    let made = with_bar(areas as u64, |progress| {
        BacktestSession::new(input, plan, smallest, options.threads, progress)
    });
    let session = match made {
        Ok(session) => session,
        Err(error) => return without_result(error, "the back-test could not start", options.shared),
    };
    let written_as = Options { lang, bom: !options.tables.no_bom, charts: !options.no_charts };
    let files = session.files(written_as).context("a chart could not be drawn")?;
    missing_glyphs(&files, lang);
    if is_stopped() {
        return Ok(End::Stopped);
    }
    let text = match options.shared.format {
        Format::Text => session.text(lang, Some(&out.shown())),
        Format::Json => {
            let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
            session.summary_json(lang, &names)
        }
    };
    let Some(written) = out.write(&files, Vec::new())? else { return Ok(End::InputWrong) };
    print_results(options.shared.format, &text, &written.folder)?;
    Ok(End::Done)
}

/// The scenario or the tables, and whether they hold a single origin with a target.
fn read(options: &BacktestOptions) -> Result<BacktestInput, Invalid> {
    let (input, file) = match (&options.path, &options.rolls) {
        (Some(path), _) => (of_scenario(path, options)?, "rolls.csv".to_owned()),
        (None, Some(rolls)) => (of_tables(rolls, options)?, rolls.display().to_string()),
        // the command line asks for one of the two
        (None, None) => return Err(Invalid { problems: Vec::new() }),
    };
    enough(&input, options, &file)?;
    Ok(input)
}

fn of_scenario(path: &Path, options: &BacktestOptions) -> Result<BacktestInput, Invalid> {
    let reading = reading(None, options.reading);
    let loaded = seatcast::load_as(path, &reading)?;
    BacktestInput::from_scenario(path, &reading, &loaded)
        // a scenario that was read has rolls; if its past teaches nothing, there are no years
        .ok_or_else(|| Invalid { problems: vec![too_few("rolls.csv", 0, options)] })
}

fn of_tables(rolls: &Path, options: &BacktestOptions) -> Result<BacktestInput, Invalid> {
    let bare = read_bare(&BareOptions {
        rolls: rolls.to_owned(),
        births: options.births.clone(),
        entry_grade: options.entry_grade,
        entry_lag: options.entry_lag,
        mask_years: options.mask_years.as_ref().map_or_else(Vec::new, |y| y.0.clone()),
        stages: options.stages.as_ref().map_or_else(Vec::new, |s| s.0.clone()),
        as_of: options.reading.as_of,
        decision_month: options.decision_month,
        encoding: options.reading.encoding,
        limits: options.reading.limits.0,
    })?;
    let name = rolls.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok(BacktestInput::from_bare(name, bare))
}

fn enough(input: &BacktestInput, options: &BacktestOptions, file: &str) -> Result<(), Invalid> {
    let shortest = shortest(options);
    let plan = input.plan(&options.leads.0, options.min_history, 1, 1);
    let truth = &input.data.truth;
    let last = truth.origin();
    let any = truth.rolls.years().any(|t| t.plus(shortest) <= last && plan.is_origin(&input.data.at(t), t));
    if any {
        return Ok(());
    }
    let mut problems = input.problems.clone();
    problems.push(too_few(file, truth.known_years(), options));
    Err(Invalid { problems })
}

fn too_few(file: &str, known: usize, options: &BacktestOptions) -> Problem {
    let fault = HistoryFault::TooFewYears(known, options.min_history + shortest(options));
    Problem::of_file(file, Fault::History(fault))
}

fn shortest(options: &BacktestOptions) -> usize {
    options.leads.0.iter().copied().min().unwrap_or(1)
}
