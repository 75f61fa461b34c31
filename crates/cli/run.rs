//! `seatcast run`: from a scenario folder to a results folder.

use std::path::Path;

use anyhow::Context;
use seatcast::{
    Lang, OutError, OutFolder, Session, Settings,
    report::Options,
    scenario::{Severity, message},
};
use serde_json::json;

use crate::{
    End,
    args::{Format, RunOptions, Shared},
    print,
    progress::with_bar,
    validate::{document, report},
};

pub(crate) fn run(options: &RunOptions) -> anyhow::Result<End> {
    let lang = Lang::from(options.shared.lang);
    let loaded = seatcast::load(&options.path);
    let out = OutFolder::open(&options.out);
    // both are said at once: a planner mends the scenario and the folder in one go
    let (loaded, out) = match (loaded, out) {
        (Ok(loaded), Ok(out)) => (loaded, out),
        (loaded, out) => {
            if let Err(error) = &out {
                say_out(error, &options.shared, loaded.is_ok())?;
            }
            if let Err(invalid) = loaded {
                report(&invalid.problems, &options.shared)?;
            }
            return Ok(End::InputWrong);
        }
    };
    let warnings: Vec<_> =
        loaded.problems.iter().filter(|p| p.severity() == Severity::Warning).cloned().collect();
    if options.shared.format == Format::Text {
        eprint!("{}", message::text(&warnings, lang, 20));
    }
    let settings = Settings {
        seed: options.seed,
        draws: options.draws,
        threads: options.threads,
        programme: options.programme.into(),
    };
    let session = with_bar(2 * u64::from(options.draws), |progress| {
        Session::with_progress(&loaded.scenario, settings, progress)
    })
    .context("the run could not start")?
    .loaded_from(&loaded, lang);
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
        Format::Text => print(&session.board_text(lang, Some(&options.out.display().to_string())))?,
        Format::Json => print(&session.summary_json(lang, &written.files))?,
    }
    Ok(End::Done)
}

/// Says why the results folder cannot be written. `alone`: nothing else will be printed as JSON.
pub(crate) fn say_out(error: &OutError, shared: &Shared, alone: bool) -> anyhow::Result<()> {
    let lang = Lang::from(shared.lang);
    let (code, message, help) = (error.code(), error.message(lang), error.help(lang));
    if shared.format == Format::Json && alone {
        let problem = json!([{ "code": code, "severity": "error", "file": null, "row": null, "column": null, "key": "--out",
            "message": message, "help": help }]);
        return print(&document(1, 0, &problem));
    }
    eprintln!("{} {code} --out{}{message}", lang.pick("错误", "error"), lang.pick("：", ": "));
    eprintln!("{}{help}", lang.pick("  处理：", "  mend: "));
    Ok(())
}

/// A character of the scenario that the font of the PNG charts lacks would be silently blank.
pub(crate) fn missing_glyphs(files: &[seatcast::report::File], lang: Lang) {
    let svg = files.iter().filter(|(name, _)| Path::new(name).extension().is_some_and(|e| e == "svg"));
    let text: String =
        svg.map(|(_, bytes)| seatcast::plot::font::svg_text(&String::from_utf8_lossy(bytes))).collect();
    let missing: String = seatcast::plot::font::missing_glyphs(&text).into_iter().collect();
    if !missing.is_empty() {
        eprintln!(
            "{} W120 {}{missing}",
            lang.pick("警告", "warning"),
            lang.pick(
                "PNG 图所用字体缺少这些字，图中会空白（SVG 不受影响）：",
                "the font of the PNG charts lacks these characters, they are blank there (the SVG has them): "
            )
        );
    }
}
