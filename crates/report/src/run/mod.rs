//! A finished run: what every table, document and chart of it is made from; and how results are written.

mod backtest;

use seatcast_core::{
    Lang, Scenario,
    admission::{AdmissionPlan, Admissions},
    balance::{Balances, GapParts, Warning},
    cycle::{Action, Board, LastSafe},
    forecast::{ChangeRow, Forecast, Path, SchoolLine},
    index::{ProjectId, Table},
    supply::{Places, SupplyModel},
    tide::Tide,
};
use serde::{Deserialize, Serialize};

pub use backtest::BacktestRun;

/// A finished run of one scenario.
#[derive(Debug)]
pub struct Run<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Pupils, central and by draw.
    pub forecast: Forecast,
    /// Projects and their openings.
    pub supply: SupplyModel<'a>,
    /// Places with central openings.
    pub places: Places,
    /// Places by draw.
    pub drawn_places: Vec<Places>,
    /// Pupils against places.
    pub balances: Balances,
    /// The 6-3-1 board.
    pub board: Board,
    /// What this round must decide.
    pub actions: Vec<Action>,
    /// Last safe decision dates by project: year it is needed in, date.
    pub last_safe: Table<ProjectId, (Option<i32>, LastSafe)>,
    /// Early warnings by area, stage and year.
    pub warnings: Vec<Warning>,
    /// Why the gaps are what they are: against the base year held flat, and against the forecast of an earlier round where
    /// there is one.
    pub gaps: Vec<GapParts>,
    /// The central path as if nobody had entered an override, if somebody has.
    pub plain: Option<Path>,
    /// What changed since last year's forecast; empty if there is none.
    pub changes: Vec<ChangeRow>,
    /// Pupils of schools; empty if their rolls are not known.
    pub schools: Vec<SchoolLine>,
    /// What is idle and short to t+15; `None` in a forecast of demand alone.
    pub tide: Option<Tide>,
    /// Who gets a place in September; `None` where the scenario has no ranked classes.
    pub admission: Option<AdmissionRun<'a>>,
    /// Where the numbers come from.
    pub provenance: Provenance,
}

/// Admission of a run.
#[derive(Debug)]
pub struct AdmissionRun<'a> {
    /// Ranked classes and targets.
    pub plan: AdmissionPlan<'a>,
    /// No shock, central opening.
    pub central: Admissions,
    /// Draw by draw.
    pub draws: Vec<Admissions>,
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
