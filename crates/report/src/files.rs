//! What every command writes: its tables, charts and document, as files.

use seatcast_core::Scenario;
use seatcast_plot::{PlotError, line_svg, png};

use crate::{
    BacktestRun, File, Options, Run,
    charts::{self, Chart, ChartKind, PNG_SCALE, chart_files, rows::ChartRows},
    documents::{
        accuracy::{Accuracy, accuracy_json},
        backtest::backtest_json,
        compare::{self, CompareDocument, Compared},
        cycle::{self, CycleDocument, CycleRun},
        pretty,
        run::{Document, document},
        sweep::{self, SweepDocument, SweepRun},
    },
    out, tables,
};

/// Every file of a run: tables, charts, `run.json`.
///
/// # Errors
/// [`PlotError`] if a chart cannot be drawn.
pub fn files(run: &Run<'_>, options: Options) -> Result<Vec<File>, PlotError> {
    let document = document(run, options.lang);
    let files = if options.charts {
        let mut rows = ChartRows::without_figures(run, document.clone(), options.lang);
        let mut files = tables::of_run(run, options, Some(rows.keep()));
        let charts = charts::charts(&rows, options.lang);
        // zones are many: their charts are drawn as SVG here, and as PNG by whoever asks for them
        files.extend(chart_files(&charts, CHARTS, |kind| kind != ChartKind::Zone)?);
        files
    } else {
        tables::of_run(run, options, None)
    };
    Ok(with_document(files, out::MANIFEST, |files| pretty(&Document { files, ..document })))
}

/// Every file of a sweep.
///
/// # Errors
/// [`PlotError`] if the chart cannot be drawn.
pub fn sweep_files(run: &SweepRun<'_>, options: Options) -> Result<Vec<File>, PlotError> {
    let mut files = tables::of_sweep(run, options);
    files.extend(drawn(options, || charts::sweep_charts(&run.document, options.lang))?);
    Ok(with_document(files, sweep::MANIFEST, |files| {
        pretty(&SweepDocument { files, ..run.document.clone() })
    }))
}

/// Every file of a closed loop.
///
/// # Errors
/// [`PlotError`] if a chart cannot be drawn.
pub fn cycle_files(run: &CycleRun<'_>, options: Options) -> Result<Vec<File>, PlotError> {
    let mut files = tables::of_cycle(run, options);
    files.push(("letter.md".to_owned(), run.letter.clone().into_bytes()));
    files.extend(drawn(options, || charts::cycle_charts(&run.document, options.lang))?);
    Ok(with_document(files, cycle::MANIFEST, |files| {
        pretty(&CycleDocument { files, ..run.document.clone() })
    }))
}

/// Every file of a back-test.
///
/// # Errors
/// [`PlotError`] if a chart cannot be drawn.
pub fn backtest_files(run: &BacktestRun<'_>, options: Options) -> Result<Vec<File>, PlotError> {
    let (lines, shares) = (run.accuracy(), run.reliability());
    let mut files = tables::of_backtest(run, &lines, &shares, options);
    if options.charts {
        for (name, figure) in charts::backtest_charts(run, &lines, &shares, options.lang) {
            let svg = line_svg(&figure)?;
            files.push((format!("{CHARTS}{name}.png"), png(&svg, PNG_SCALE)?));
            files.push((format!("{CHARTS}{name}.svg"), svg.into_bytes()));
        }
    }
    Ok(with_document(files, out::MANIFEST, |files| backtest_json(run, options.lang, &files)))
}

/// Every file of an accuracy ledger: `accuracy.csv`, `ledger.csv`, `run.json`.
pub fn accuracy_files(ledger: &Accuracy<'_>, options: Options) -> Vec<File> {
    let files = tables::of_accuracy(ledger, options);
    with_document(files, out::MANIFEST, |files| accuracy_json(ledger, options.lang, &files))
}

/// Several finished runs of one scenario with their files.
#[derive(Debug, Clone)]
pub struct Comparison {
    pub(crate) document: CompareDocument,
    files: Vec<File>,
}

impl Comparison {
    /// A comparison without a run yet; `scenario` is the reference.
    pub fn new(scenario: &Scenario, version: &str, draws: u32, seed: u64) -> Self {
        Self { document: CompareDocument::new(scenario, version, draws, seed), files: Vec::new() }
    }

    /// Adds a run with its files, which go into a folder of its name.
    pub fn add(&mut self, run: &Run<'_>, files: Vec<File>) {
        let line = Compared::new(run);
        let folder = &line.folder;
        self.files.extend(files.into_iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes)));
        self.document.add(line);
    }

    /// Every file of the comparison.
    ///
    /// # Errors
    /// [`PlotError`] if a chart cannot be drawn.
    pub fn files(self, options: Options) -> Result<Vec<File>, PlotError> {
        let Self { document, mut files } = self;
        files.push(tables::of_comparison(&document, options));
        files.extend(drawn(options, || charts::compare_charts(&document, options.lang))?);
        Ok(with_document(files, compare::MANIFEST, |files| pretty(&CompareDocument { files, ..document })))
    }

    /// The document as JSON.
    pub fn json(&self) -> String {
        pretty(&self.document)
    }

    /// The comparison as a table of text.
    pub fn text(&self, lang: seatcast_core::Lang, files: Option<&str>) -> String {
        crate::console::compare_text(&self.document, lang, files)
    }
}

/// Folder of the charts in a results folder.
const CHARTS: &str = "charts/";

/// Charts as files, where they are drawn at all.
fn drawn(options: Options, charts: impl FnOnce() -> Vec<Chart>) -> Result<Vec<File>, PlotError> {
    if options.charts { chart_files(&charts(), CHARTS, |_| true) } else { Ok(Vec::new()) }
}

/// The files in the order of their names, and behind them the document that names them.
fn with_document(
    mut files: Vec<File>,
    manifest: &str,
    document: impl FnOnce(Vec<String>) -> String,
) -> Vec<File> {
    files.sort();
    let names = files.iter().map(|(name, _)| name.clone()).collect();
    files.push((manifest.to_owned(), document(names).into_bytes()));
    files
}
