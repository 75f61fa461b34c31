//! Results out: tidy tables, `run.json`, the board as text, and the folder they are written to.
//!
//! Everything is made from a finished [`Run`]; nothing is computed here that another reader would have to trust, only
//! summed over areas, sorted into quantiles and written. Columns, keys and codes are English in every language; the
//! measures are listed in docs/results.md.

mod admission;
mod backtest;
mod balance;
mod bands;
mod board;
pub mod charts;
mod classes;
pub mod compare;
pub mod cycle;
pub mod document;
mod explained;
mod filed;
mod learnt;
mod ledger;
pub mod letter;
mod long;
mod money;
pub mod names;
mod out;
mod people;
mod places;
mod pupils;
pub mod results;
pub mod round;
mod run_json;
pub mod sweep;
mod text;
mod tide;
mod timeline;
mod words;

use seatcast_core::{
    Lang, Scenario,
    balance::{Balances, GapParts, Warning},
    cycle::{Action, Board, LastSafe},
    forecast::{ChangeRow, Forecast, Path, SchoolLine},
    supply::{Places, SupplyModel},
    tide::Tide,
};
use serde::{Deserialize, Serialize};

pub use admission::AdmissionRun;
pub use backtest::BacktestRun;
pub use charts::{Chart, ChartKind, Figure, chart_files};
pub use compare::Comparison;
pub use cycle::{CycleRun, cycle_files, cycle_text};
pub use filed::{Accuracy, filed};
pub use ledger::{Quarter, bulletin_text, entries_text, ledger_text};
pub use out::{
    Differences, OutError, OutFolder, Recovered, ToFile, Verified, Which, Written, check_filing,
    clear_unfinished, plot_manifest, reason, verify,
};
pub use results::{Results, ResultsError, folder_charts};
pub use round::filed_round;
pub use run_json::summary_json;
pub use sweep::{SweepRun, sweep_files, sweep_text};
pub use text::board_text;

/// A finished run: what every table and chart is made from.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Pupils, central and by draw.
    pub forecast: &'a Forecast,
    /// Projects and their openings.
    pub supply: &'a SupplyModel<'a>,
    /// Places with central openings.
    pub places: &'a Places,
    /// Places by draw.
    pub drawn_places: &'a [Places],
    /// Pupils against places.
    pub balances: &'a Balances,
    /// The 6-3-1 board.
    pub board: &'a Board,
    /// This year's actions.
    pub actions: &'a [Action],
    /// Last safe decision dates by project: year it is needed in, date.
    pub last_safe: &'a [(Option<i32>, LastSafe)],
    /// Early warnings.
    pub warnings: &'a [Warning],
    /// Gaps explained.
    pub gaps: &'a [GapParts],
    /// The central path as if nobody had entered an override, if somebody has.
    pub plain: Option<&'a Path>,
    /// What changed since last year's forecast; empty if there is none.
    pub changes: &'a [ChangeRow],
    /// Pupils of schools; empty if their rolls are not known.
    pub schools: &'a [SchoolLine],
    /// What is idle and short to t+15; `None` in a forecast of demand alone.
    pub tide: Option<&'a Tide>,
    /// Who gets a place, where ranked classes are given.
    pub admission: Option<AdmissionRun<'a>>,
    /// Where the numbers come from.
    pub provenance: &'a Provenance,
}

/// What a reader needs to make the same bytes again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Version of seatcast.
    pub version: String,
    /// Seed of every random number.
    pub seed: u64,
    /// Number of draws.
    pub draws: u32,
    /// Variant of the scenario; blank for the scenario itself.
    pub variant: String,
    /// Month as known in which the scenario was read; blank for everything.
    pub as_of: String,
    /// Which projects count as supply: a code, or the file of a schedule.
    pub programme: String,
    /// Files read: name, SHA-256, bytes.
    pub inputs: Vec<Input>,
    /// Warnings and notes of the reader: fallbacks and defaults taken.
    pub notes: Vec<Note>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Name inside the scenario folder.
    pub file: String,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// A fallback or default the reader took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Stable code, W or N.
    pub code: String,
    /// File it is about.
    pub file: String,
    /// Key path, if it is about one.
    pub key: Option<String>,
    /// What was missing, in the language of the run.
    pub message: String,
    /// What was taken instead.
    pub help: String,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Language of texts.
    pub lang: Lang,
    /// Whether CSV starts with a UTF-8 byte-order mark, as Excel on a Chinese desktop needs it.
    pub bom: bool,
    /// Whether charts are drawn.
    pub charts: bool,
}

/// A file of the results: path inside the folder, bytes.
pub type File = (String, Vec<u8>);

/// Every file of a run: tables, charts, `run.json`.
///
/// # Errors
/// [`seatcast_plot::PlotError`] if a chart cannot be drawn.
pub fn files(run: &Run<'_>, options: Options) -> Result<Vec<File>, seatcast_plot::PlotError> {
    let mut files = tables(run, options);
    let mut document = run_json::document(run, options.lang);
    if options.charts {
        let charts = charts::charts(&Results::of(document.clone(), &files), options.lang);
        // zones are many: their charts are drawn as SVG here, and as PNG by whoever asks for them
        files.extend(charts::chart_files(&charts, "charts/", |kind| kind != ChartKind::Zone)?);
    }
    files.sort();
    document.files = files.iter().map(|(name, _)| name.clone()).collect();
    files.push((out::MANIFEST.to_owned(), document::pretty(&document).into_bytes()));
    Ok(files)
}

/// The charts of a run, drawn from its tables like those of a folder.
pub fn run_charts(run: &Run<'_>, lang: Lang) -> Vec<Chart> {
    let files = tables(run, Options { lang, bom: false, charts: false });
    charts::charts(&Results::of(run_json::document(run, lang), &files), lang)
}

fn tables(run: &Run<'_>, options: Options) -> Vec<File> {
    let mut tables = vec![
        ("pupils.csv".to_owned(), pupils::table(run, options)),
        ("balance.csv".to_owned(), balance::table(run, options)),
        ("ratios.csv".to_owned(), learnt::ratios(run.scenario, options)),
    ];
    let learnt = [
        ("evidence.csv", learnt::evidence(run.scenario, options)),
        ("bands.csv", bands::table(run.scenario, options)),
        ("changes.csv", learnt::changes(run, options)),
        ("overrides.csv", learnt::overrides(run.scenario, options)),
        ("school_pupils.csv", learnt::schools(run, options)),
    ];
    tables.extend(learnt.into_iter().filter_map(|(name, table)| Some((name.to_owned(), table?))));
    if !run.scenario.has_places() {
        return tables; // there is nothing to set the demand against
    }
    tables.extend([
        ("places.csv".to_owned(), places::table(run, options)),
        ("board.csv".to_owned(), board::table(run, options)),
        ("actions.csv".to_owned(), people::actions(run, options)),
        ("projects.csv".to_owned(), people::projects(run, options)),
        ("warnings.csv".to_owned(), people::warnings(run, options)),
        ("explained.csv".to_owned(), explained::table(run, options)),
        ("notice.csv".to_owned(), admission::notice(run, options)),
        ("money.csv".to_owned(), money::table(run, options)),
        ("lifecycle.csv".to_owned(), money::life_cycles(run, options)),
    ]);
    if let Some(tide) = run.tide {
        tables.extend([
            ("tide.csv".to_owned(), tide::table(tide, options)),
            ("needed.csv".to_owned(), tide::needed(tide, options)),
            ("reuse.csv".to_owned(), tide::reuse(tide, options)),
        ]);
    }
    tables.extend(timeline::table(run, options).map(|table| ("timeline.csv".to_owned(), table)));
    tables.extend(classes::table(run, options).map(|table| ("classes.csv".to_owned(), table)));
    tables.extend(admission::table(run, options).map(|table| ("admission.csv".to_owned(), table)));
    tables
}
