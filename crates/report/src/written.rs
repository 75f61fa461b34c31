//! A results folder read back: `plot` needs nothing but the folder. Rows that are read draw the same pictures as the rows
//! of the run itself.

use std::{io, path::Path};

use seatcast_core::Lang;
use serde::de::DeserializeOwned;

use crate::{
    charts::{self, Chart, rows::ChartRows},
    documents::{compare, cycle, sweep},
    out::{MANIFEST, read_plain, reason},
    tables::{
        csv,
        long::{Figured, Figures, LongRow},
        row::Row,
        tide::TideRow,
    },
};

/// Largest file of a results folder that is read, bytes: that of 3,000 zones is below it.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// Why a folder is no run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResultsError {
    /// There is no such folder, or no `run.json` in it.
    #[error("no results folder: it has no run.json, sweep.json, cycle.json or compare.json")]
    NoRun,
    /// A file of it cannot be read.
    #[error("{file} cannot be read: {source}")]
    Unreadable {
        /// The file.
        file: String,
        /// The system's words.
        source: io::Error,
    },
    /// Its figures do not fit together: lists of other lengths, years that do not rise.
    #[error("its figures do not fit together, no chart can be drawn of them")]
    Unfit,
    /// A file of it is not what this program writes.
    #[error("line {line} of {file} is not what seatcast writes")]
    Foreign {
        /// The file.
        file: String,
        /// The first line that is not.
        line: u64,
    },
}

impl ResultsError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ResultsError::NoRun => "E075",
            ResultsError::Unreadable { .. } => "E076",
            ResultsError::Foreign { .. } | ResultsError::Unfit => "E077",
        }
    }

    /// What is wrong.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (ResultsError::Unreadable { file, source }, Lang::En) => {
                format!("{file} cannot be read: {}", reason(source, lang))
            }
            (_, Lang::En) => self.to_string(),
            (ResultsError::NoRun, Lang::Zh) => {
                "不是结果文件夹：没有 run.json、sweep.json、cycle.json 或 compare.json".to_owned()
            }
            (ResultsError::Unreadable { file, source }, Lang::Zh) => {
                format!("{file} 无法读取：{}", reason(source, lang))
            }
            (ResultsError::Unfit, Lang::Zh) => "其中的数据彼此不合，画不出图".to_owned(),
            (ResultsError::Foreign { file, line }, Lang::Zh) => {
                format!("{file} 第 {line} 行不是 seatcast 写出的内容")
            }
        }
    }

    /// How to fix it.
    pub fn help(&self, lang: Lang) -> &'static str {
        match self {
            ResultsError::NoRun => lang.pick(
                "给出 run、sweep 或 cycle 的 -o 写出的文件夹",
                "name the folder that run -o, sweep -o or cycle -o wrote",
            ),
            ResultsError::Unreadable { .. } => lang.pick(
                "检查权限；缺文件时重新运行一次",
                "check permissions; run the scenario again if the file is gone",
            ),
            ResultsError::Foreign { .. } | ResultsError::Unfit => {
                lang.pick("重新运行一次", "run the scenario again")
            }
        }
    }
}

/// The charts that the folder at `path` holds the results of: of a run, a sweep, a closed loop or a comparison.
///
/// # Errors
/// [`ResultsError`] if it is none of them, or a file of it is not what this program writes.
pub fn folder_charts(path: &Path, lang: Lang) -> Result<Vec<Chart>, ResultsError> {
    if path.join(cycle::MANIFEST).is_file() {
        return Ok(charts::cycle_charts(&document(path, cycle::MANIFEST)?, lang));
    }
    if path.join(sweep::MANIFEST).is_file() {
        return Ok(charts::sweep_charts(&document(path, sweep::MANIFEST)?, lang));
    }
    if path.join(compare::MANIFEST).is_file() {
        return Ok(charts::compare_charts(&document(path, compare::MANIFEST)?, lang));
    }
    Ok(charts::charts(&run_rows(path)?, lang))
}

fn document<D: DeserializeOwned>(folder: &Path, name: &str) -> Result<D, ResultsError> {
    serde_json::from_slice(&read(folder, name)?)
        .map_err(|e| ResultsError::Foreign { file: name.to_owned(), line: e.line().max(1) as u64 })
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>, ResultsError> {
    read_plain(&folder.join(name), MAX_BYTES)
        .map_err(|source| ResultsError::Unreadable { file: name.to_owned(), source })
}

/// The rows that the charts of the run at `path` are drawn from. What an earlier version of the program did not write, and
/// what a scenario without a ledger has not, may be missing.
fn run_rows(path: &Path) -> Result<ChartRows<'static>, ResultsError> {
    if !path.join(MANIFEST).is_file() {
        return Err(ResultsError::NoRun);
    }
    let mut results = ChartRows::empty(document(path, MANIFEST)?);
    figures::<LongRow<'_>>(path, "balance.csv", &mut results.figures)?;
    if results.document.scenario.has_places {
        figures::<LongRow<'_>>(path, "places.csv", &mut results.figures)?;
        results.projects = rows(path, "projects.csv")?;
        if path.join("tide.csv").is_file() {
            figures::<TideRow<'_>>(path, "tide.csv", &mut results.tide)?;
        }
        results.explained = rows_if_there(path, "explained.csv")?;
        results.timeline = rows_if_there(path, "timeline.csv")?;
    }
    Ok(results)
}

fn figures<R: Figured>(folder: &Path, file: &str, figures: &mut Figures) -> Result<(), ResultsError> {
    each(folder, file, |row: R| figures.keep(&row))
}

fn rows<R: Row>(folder: &Path, file: &str) -> Result<Vec<R>, ResultsError> {
    let mut rows = Vec::new();
    each(folder, file, |row| rows.push(row))?;
    Ok(rows)
}

fn rows_if_there<R: Row>(folder: &Path, file: &str) -> Result<Vec<R>, ResultsError> {
    if folder.join(file).is_file() { rows(folder, file) } else { Ok(Vec::new()) }
}

fn each<R: Row>(folder: &Path, file: &str, row: impl FnMut(R)) -> Result<(), ResultsError> {
    csv::read(&read(folder, file)?, row)
        .map_err(|line| ResultsError::Foreign { file: file.to_owned(), line: line.0 })
}
