//! `seatcast backtest`: how right the forecast would have been.

use anyhow::Context;
use seatcast::{
    BacktestInput, BacktestSession, Lang, OutFolder, RunError,
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
    messages::{refuse, say_out, warn},
    print,
    progress::{is_stopped, with_bar},
    run::missing_glyphs,
};

pub(crate) fn backtest(options: &BacktestOptions) -> anyhow::Result<End> {
    let lang = Lang::from(options.shared.lang);
    let input = read(options);
    let out = OutFolder::open(&options.out);
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
    let areas = input.data.areas.len() * input.data.truth.rolls.years();
    let smallest = f64::from(options.min_pupils);
    let made = with_bar(areas as u64, |progress| {
        BacktestSession::new(input, plan, smallest, options.threads, progress)
    });
    let session = match made {
        Ok(session) => session,
        Err(RunError::Stopped) => return Ok(End::Stopped),
        Err(error) => return Err(error).context("the back-test could not start"),
    };
    let written_as = Options { lang, bom: !options.tables.no_bom, charts: !options.no_charts };
    let files = session.files(written_as).context("a chart could not be drawn")?;
    missing_glyphs(&files, lang);
    if is_stopped() {
        return Ok(End::Stopped);
    }
    let text = match options.shared.format {
        Format::Text => session.text(lang, Some(&options.out.display().to_string())),
        Format::Json => {
            let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
            session.summary_json(lang, &names)
        }
    };
    if let Err(error) = out.write(&files) {
        say_out(&error, "--out", options.shared, true)?;
        return Ok(End::InputWrong);
    }
    print(&text)?;
    Ok(End::Done)
}

/// The tables, and whether they hold a single origin with a target.
fn read(options: &BacktestOptions) -> Result<BacktestInput, Invalid> {
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
        encoding: options.reading.encoding,
    })?;
    let name = rolls.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let input = BacktestInput::from_bare(name, bare);
    enough(&input, options, &rolls.display().to_string())?;
    Ok(input)
}

fn enough(input: &BacktestInput, options: &BacktestOptions, file: &str) -> Result<(), Invalid> {
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
    Err(Invalid { problems })
}
