//! `seatcast run`: from a scenario folder to a results folder; several programmes or variants side by side.

use std::path::Path;

use anyhow::Context;
use seatcast::{
    Comparison, Lang, Loaded, Scenario, Session, Settings,
    report::{File, Options},
    scenario::{
        Problem, filed, message,
        problem::{Fault, HistoryFault},
    },
};

use crate::{
    End,
    args::{self, Format, RunOptions},
    choices::{Chosen, load_variants, programmes, reading, said},
    memory,
    messages::{refuse, warn, without_result},
    output::{Filing, Output},
    progress::{is_stopped, with_bar},
    streams::{print_results, tell},
};

pub(crate) fn run(options: &RunOptions) -> anyhow::Result<End> {
    let loaded = load_variants(&options.path, &options.variant, options.reading);
    let filing = Filing { flag: "--file-forecast", folder: filed::FOLDER };
    let filing = options.file_forecast.then_some(filing);
    let out = Output::open(&options.out, Some(&options.path), filing, options.shared);
    // schedules name projects of the scenario: they are read in the first variant
    let chosen = match &loaded {
        Ok(loaded) => programmes(&options.programme, &loaded[0].1.scenario, options.reading),
        Err(_) => Ok(Vec::new()),
    };
    // everything is said at once: a planner fixes the scenario and the folder in one go
    let (mut loaded, chosen, out) = match (loaded, chosen, out) {
        (Ok(loaded), Ok(chosen), Ok(out)) => (loaded, chosen, out),
        (loaded, chosen, out) => {
            let mut invalid = loaded.err().unwrap_or_default();
            invalid.extend(chosen.err().unwrap_or_default());
            refuse(&invalid, out.err().as_ref(), options.shared)?;
            return Ok(End::InputWrong);
        }
    };
    let mut said = said(&loaded);
    said.extend(chosen.iter().filter_map(|c| c.given.as_ref()).flat_map(|given| given.problems.clone()));
    warn(&said, options.shared);
    // sessions of a comparison follow each other: the largest counts
    let all = loaded.iter().flat_map(|(_, l)| chosen.iter().map(|c| (&l.scenario, settings(options, c))));
    let most = all.map(|(scenario, settings)| seatcast::memory_needed(scenario, &settings)).max();
    if !memory::fits(most.unwrap_or(0), options.memory.memory, options.shared)? {
        return Ok(End::InputWrong);
    }
    let made = match &mut loaded[..] {
        [(variant, only)] if chosen.len() == 1 => one(options, &out, variant, only, &chosen[0])?,
        loaded => several(options, &out, loaded, &chosen)?,
    };
    let Made { files, text, filed } = match made {
        Ok(made) => made,
        Err(end) => return Ok(end),
    };
    missing_glyphs(&files, options.shared.lang.into());
    if is_stopped() {
        return Ok(End::Stopped);
    }
    let Some(written) = out.write(&files, filed)? else { return Ok(End::InputWrong) };
    print_results(options.shared.format, &text, &written.folder)?;
    Ok(End::Done)
}

/// What a run makes.
struct Made {
    /// Files of the results.
    files: Vec<File>,
    /// What is printed.
    text: String,
    /// Forecasts to be filed with the scenario.
    filed: Vec<File>,
}

fn one(
    options: &RunOptions,
    out: &Output,
    variant: &str,
    loaded: &mut Loaded,
    chosen: &Chosen,
) -> anyhow::Result<Result<Made, End>> {
    let before = year_before(&options.path, variant, options.reading, loaded);
    let mut session = match session(options, loaded, chosen)? {
        Ok(session) => session,
        Err(end) => return Ok(Err(end)),
    };
    if let Some(before) = &before {
        session = session.changed_from(before);
    }
    let lang = Lang::from(options.shared.lang);
    let files = session.files(written_as(options)).context("a chart could not be drawn")?;
    let text = match options.shared.format {
        Format::Text => session.board_text(lang, Some(&out.shown())),
        Format::Json => session.summary_json(lang, &names(&files)),
    };
    let filed = file(options, &session, loaded).into_iter().collect();
    Ok(Ok(Made { files, text, filed }))
}

/// The forecast of a session as it is filed, if that was asked for.
fn file(options: &RunOptions, session: &Session<'_>, loaded: &Loaded) -> Option<File> {
    options.file_forecast.then(|| session.filed(loaded, written_as(options)))
}

fn several(
    options: &RunOptions,
    out: &Output,
    loaded: &[(String, Loaded)],
    chosen: &[Chosen],
) -> anyhow::Result<Result<Made, End>> {
    let lang = Lang::from(options.shared.lang);
    let scenario = &loaded[0].1.scenario;
    let mut comparison =
        Comparison::new(scenario, seatcast::VERSION, options.futures.draws, options.futures.seed);
    let mut filed = Vec::new();
    for (_, variant) in loaded {
        for (k, programme) in chosen.iter().enumerate() {
            let session = match session(options, variant, programme)? {
                Ok(session) => session,
                Err(end) => return Ok(Err(end)),
            };
            // pupils do not depend on the programme
            filed.extend(file(options, &session, variant).filter(|_| k == 0));
            session.compare(&mut comparison, written_as(options)).context("a chart could not be drawn")?;
        }
    }
    let text = match options.shared.format {
        Format::Text => comparison.text(lang, Some(&out.shown())),
        Format::Json => comparison.json(),
    };
    let files = comparison.files(written_as(options)).context("a chart could not be drawn")?;
    Ok(Ok(Made { files, text, filed }))
}

/// The scenario as it stood a year ago; a note says why if what was known then makes none.
pub(crate) fn year_before(
    path: &Path,
    variant: &str,
    read_as: args::Reading,
    loaded: &mut Loaded,
) -> Option<Scenario> {
    match seatcast::load_year_before(path, &reading(Some(variant), read_as), loaded) {
        Ok(before) => before,
        Err(invalid) => {
            let errors = message::counted(&invalid.problems).errors;
            let as_of = loaded.scenario.round_of(loaded.scenario.base_year - 1).to_string();
            let fault = HistoryFault::NoForecastBefore(as_of, errors);
            loaded.problems.push(Problem::of_file("rolls.csv", Fault::History(fault)));
            None
        }
    }
}

fn settings(options: &RunOptions, chosen: &Chosen) -> Settings {
    Settings {
        seed: options.futures.seed,
        draws: options.futures.draws,
        threads: options.futures.threads,
        programme: chosen.programme.clone(),
    }
}

/// A finished run, or how the command ends without one.
fn session<'a>(
    options: &RunOptions,
    loaded: &'a Loaded,
    chosen: &Chosen,
) -> anyhow::Result<Result<Session<'a>, End>> {
    let settings = settings(options, chosen);
    let total = 3 * u64::from(options.futures.draws);
    match with_bar(total, |progress| Session::with_progress(&loaded.scenario, settings, progress)) {
        Ok(session) => {
            let lang = options.shared.lang.into();
            let session = session.loaded_from(loaded, lang);
            Ok(Ok(match &chosen.given {
                Some(given) => session.scheduled_by(&chosen.name, given, lang),
                None => session,
            }))
        }
        Err(error) => without_result(error, "the run could not start", options.shared).map(Err),
    }
}

fn written_as(options: &RunOptions) -> Options {
    Options { lang: options.shared.lang.into(), bom: !options.tables.no_bom, charts: !options.no_charts }
}

fn names(files: &[File]) -> Vec<String> {
    files.iter().map(|(name, _)| name.clone()).collect()
}

/// A character of the scenario that the font of the PNG charts lacks would be silently blank.
pub(crate) fn missing_glyphs(files: &[File], lang: Lang) {
    let svg = files.iter().filter(|(name, _)| Path::new(name).extension().is_some_and(|e| e == "svg"));
    let text: String =
        svg.map(|(_, bytes)| seatcast::plot::font::svg_text(&String::from_utf8_lossy(bytes))).collect();
    let missing: String = seatcast::plot::font::missing_glyphs(&text).into_iter().collect();
    if !missing.is_empty() {
        tell(&format!(
            "{} W120 {}{missing}\n",
            lang.pick("警告", "warning"),
            lang.pick(
                "PNG 图所用字体缺少这些字，图中会空白（SVG 不受影响）：",
                "the font of the PNG charts lacks these characters, they are blank there (the SVG has them): "
            )
        ));
    }
}
