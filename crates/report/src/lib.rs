//! Results out: tables, documents, charts and text, and the folder they are written to.
//!
//! Everything is made from a finished [`Run`], sweep, closed loop, comparison, back-test or accuracy ledger; nothing is
//! computed here that another reader would have to trust, only summed over areas, sorted into quantiles and written.
//! Columns, keys and codes are English in every language; they are listed in docs/results.md.
//!
//! The modules use those above them in this list, never those below (`tests/architecture.rs`):
//!
//! | module | what it holds |
//! |---|---|
//! | `run` | a finished run, and how results are written |
//! | `names` | file names that every system accepts |
//! | `phrases` | texts in both languages that several outputs share |
//! | `stats` | sums and quantiles that several outputs share |
//! | `documents` | `run.json`, `sweep.json` ...: what a script reads |
//! | `tables` | the CSV tables: each a row type with its columns, and the rows of a run |
//! | `charts` | the figures of the charts, from rows and documents |
//! | `console` | what is printed, letters and bulletins |
//! | `out` | the folder they are written to |
//! | `written` | a results folder read back, for `plot` |
//! | `files` | which files a command writes |

mod charts;
mod console;
pub mod documents;

mod files;
pub mod names;
mod out;
mod phrases;
mod run;
mod stats;
mod tables;
mod written;

pub use charts::{Chart, ChartKind, Figure, backtest_charts, chart_files, cycle_charts, run_charts};
pub use console::{
    Quarter, accuracy_text, backtest_text, board_text, bulletin_text, compare_text, cycle_text, entries_text,
    ledger_text, letter, sweep_text,
};
pub use documents::{
    accuracy::{Accuracy, accuracy_json},
    backtest::backtest_json,
    cycle::CycleRun,
    run::summary_json,
    sweep::SweepRun,
};
// the marks of their folders
use documents::{compare, cycle, sweep};
pub use files::{Comparison, accuracy_files, backtest_files, cycle_files, files, sweep_files};
pub use out::{
    Differences, OutError, OutFolder, Recovered, ToFile, Verified, Which, Written, check_filing,
    clear_unfinished, plot_manifest, reason, verify,
};
pub use run::{AdmissionRun, BacktestRun, File, Input, Note, Options, Provenance, Run};
pub use tables::{CellType, Column, Meaning, Measure, Table, Unit, catalogue, filed, filed_round};
pub use written::{ResultsError, folder_charts};
