//! Results out: tidy tables, `run.json`, the board as text, and the folder they are written to.
//!
//! Everything is made from a finished [`Run`]; nothing is computed here that another reader would have to trust, only
//! summed over areas, sorted into quantiles and written. Columns, keys and codes are English in every language; the
//! measures are listed in docs/results.md.

mod backtest;
mod balance;
mod board;
mod figures;
mod long;
mod out;
mod people;
mod places;
mod pupils;
mod run_json;
mod text;
mod words;

use seatcast_core::{
    Lang, Scenario,
    balance::{Balances, GapParts, Warning},
    cycle::{Action, Board, LastSafe},
    forecast::Forecast,
    supply::{Places, Programme, SupplyModel},
};
use serde::Serialize;

pub use backtest::BacktestRun;
pub use figures::gap_figures;
pub use out::{OutError, OutFolder, Written};
pub use run_json::summary_json;
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
    /// Which projects count as supply.
    pub programme: Programme,
    /// Files read: name, SHA-256, bytes.
    pub inputs: Vec<Input>,
    /// Warnings and notes of the reader: fallbacks and defaults taken.
    pub notes: Vec<Note>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Input {
    /// Name inside the scenario folder.
    pub file: String,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// A fallback or default the reader took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
}

/// A file of the results: path inside the folder, bytes.
pub type File = (String, Vec<u8>);

/// Every file of a run: tables, charts, `run.json`.
///
/// # Errors
/// [`seatcast_plot::PlotError`] if a chart cannot be drawn.
pub fn files(run: &Run<'_>, options: Options) -> Result<Vec<File>, seatcast_plot::PlotError> {
    let mut files = vec![
        ("pupils.csv".to_owned(), pupils::table(run, options)),
        ("places.csv".to_owned(), places::table(run, options)),
        ("balance.csv".to_owned(), balance::table(run, options)),
        ("board.csv".to_owned(), board::table(run, options)),
        ("actions.csv".to_owned(), people::actions(run, options)),
        ("projects.csv".to_owned(), people::projects(run, options)),
        ("warnings.csv".to_owned(), people::warnings(run, options)),
    ];
    for (name, figure) in gap_figures(run, options.lang) {
        let svg = seatcast_plot::gap_svg(&figure)?;
        files.push((format!("charts/{name}.png"), seatcast_plot::png(&svg, 2.0)?));
        files.push((format!("charts/{name}.svg"), svg.into_bytes()));
    }
    files.sort();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let json = run_json::run_json(run, options.lang, &names);
    files.push((out::MANIFEST.to_owned(), json.into_bytes()));
    Ok(files)
}
