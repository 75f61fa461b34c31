//! `seatcast plot`: charts from results alone.

use seatcast::{
    Lang,
    report::{Chart, ResultsError, chart_files, folder_charts, plot_manifest},
};

use crate::{
    End,
    args::{Format, LangArg, PlotOptions, Shared},
    messages::{refuse, say},
    output::Output,
    progress::is_stopped,
    run::missing_glyphs,
    streams::print_results,
};

pub(crate) fn plot(options: &PlotOptions) -> anyhow::Result<End> {
    let lang = Lang::from(options.lang);
    let shared = Shared { lang: options.lang, format: Format::Text };
    let charts = folder_charts(&options.run_dir, lang);
    let out = Output::open(&options.out, None, None, shared);
    let (charts, out) = match (charts, out) {
        (Ok(charts), Ok(out)) => (charts, out),
        (charts, out) => {
            if let Err(error) = charts {
                let place = options.run_dir.display().to_string();
                say(error.code(), &place, &error.message(lang), error.help(lang), shared, true)?;
            }
            refuse(&[], out.err().as_ref(), shared)?;
            return Ok(End::InputWrong);
        }
    };
    let wanted: Vec<Chart> =
        charts.iter().filter(|c| options.chart.is_none_or(|kind| kind == c.kind)).cloned().collect();
    if wanted.is_empty() {
        return none_of_that_kind(options, &charts, shared.lang, shared);
    }
    // what the folder holds is input: figures that do not fit together are its fault, not ours
    let Ok(mut files) = chart_files(&wanted, "", |_| true) else {
        let (error, place) = (ResultsError::Unfit, options.run_dir.display().to_string());
        say(error.code(), &place, &error.message(lang), error.help(lang), shared, true)?;
        return Ok(End::InputWrong);
    };
    missing_glyphs(&files, lang);
    files.push(plot_manifest(&files));
    if is_stopped() {
        return Ok(End::Stopped);
    }
    let Some(written) = out.write(&files, Vec::new())? else { return Ok(End::InputWrong) };
    print_results(Format::Text, &format!("{}\n", written.files.join("\n")), &written.folder)?;
    Ok(End::Done)
}

fn none_of_that_kind(
    options: &PlotOptions,
    charts: &[Chart],
    lang: LangArg,
    shared: Shared,
) -> anyhow::Result<End> {
    let lang = Lang::from(lang);
    let mut kinds: Vec<&str> = charts.iter().map(|c| c.kind.code()).collect();
    kinds.dedup();
    let help = match lang {
        Lang::Zh => format!("这个文件夹有：{}", kinds.join("、")),
        Lang::En => format!("this folder has: {}", kinds.join(", ")),
    };
    let place = options.run_dir.display().to_string();
    say("E078", &place, lang.pick("没有这类图", "there is no chart of this kind"), &help, shared, true)?;
    Ok(End::InputWrong)
}
