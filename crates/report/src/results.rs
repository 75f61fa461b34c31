//! A run read back from its files: what charts are drawn from.
//!
//! The charts of a run are made from these files too, so there is one way from figures to pictures and `plot` needs
//! nothing but the folder.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use seatcast_core::Lang;
use serde::de::DeserializeOwned;

use crate::{
    File,
    charts::{self, Chart},
    compare, cycle,
    document::Document,
    out::{MANIFEST, reason},
    sweep,
};

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
            ResultsError::Foreign { .. } => "E077",
        }
    }

    /// What is wrong.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (ResultsError::Unreadable { file, source }, Lang::En) => {
                format!("{file} cannot be read: {}", reason(source, lang))
            }
            (_, Lang::En) => self.to_string(),
            (ResultsError::NoRun, _) => {
                "不是结果文件夹：没有 run.json、sweep.json、cycle.json 或 compare.json".to_owned()
            }
            (ResultsError::Unreadable { file, source }, _) => {
                format!("{file} 无法读取：{}", reason(source, lang))
            }
            (ResultsError::Foreign { file, line }, _) => {
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
            ResultsError::Foreign { .. } => lang.pick("重新运行一次", "run the scenario again"),
        }
    }
}

/// District, group and zone of a row; blank keys stand for the total.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct AreaKey {
    /// Key of the district.
    pub district: String,
    /// Key of the sharing group.
    pub group: String,
    /// Key of the zone.
    pub zone: String,
}

type Cell = (AreaKey, String, Option<i32>, String);

/// The figures of long tables by area, stage, year (`None` = all coming years) and measure; rows of grades and buildings
/// are left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figures(BTreeMap<Cell, f64>);

impl Figures {
    /// The figure of a cell.
    pub fn get(&self, area: &AreaKey, stage: &str, year: i32, measure: &str) -> Option<f64> {
        self.cell(area, stage, Some(year), measure)
    }

    /// The years of an area.
    pub fn years(&self, area: &AreaKey) -> Vec<i32> {
        let years = self.0.keys().filter(|(of, ..)| of == area).filter_map(|(_, _, year, _)| *year);
        years.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The figure over all coming years.
    pub fn total(&self, area: &AreaKey, stage: &str, measure: &str) -> Option<f64> {
        self.cell(area, stage, None, measure)
    }

    fn cell(&self, area: &AreaKey, stage: &str, year: Option<i32>, measure: &str) -> Option<f64> {
        self.0.get(&(area.clone(), stage.to_owned(), year, measure.to_owned())).copied()
    }

    fn read(&mut self, file: &str, bytes: &[u8], measures: &[&str]) -> Result<(), ResultsError> {
        for (row, line) in Rows::read(file, bytes)?.0.into_iter().zip(2..) {
            let cell = |name: &str| row.get(name).map(String::as_str).unwrap_or_default();
            let finer = !cell("grade").is_empty() || !cell("building").is_empty();
            if finer || !measures.contains(&cell("measure")) {
                continue;
            }
            let foreign = || ResultsError::Foreign { file: file.to_owned(), line };
            let year = match cell("year") {
                "" => None,
                year => Some(year.parse().map_err(|_| foreign())?),
            };
            // what is no number, or none that can be drawn, was not written by this program
            let value =
                cell("value").parse().ok().filter(|value: &f64| value.is_finite()).ok_or_else(foreign)?;
            let area = AreaKey {
                district: plain(cell("district")),
                group: plain(cell("group")),
                zone: plain(cell("zone")),
            };
            self.0.insert((area, plain(cell("stage")), year, cell("measure").to_owned()), value);
        }
        Ok(())
    }
}

/// A text without the mark that keeps a spreadsheet from taking it for a formula.
fn plain(cell: &str) -> String {
    cell.strip_prefix('\'').unwrap_or(cell).to_owned()
}

/// Rows of a table by column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rows(pub Vec<BTreeMap<String, String>>);

impl Rows {
    fn read(file: &str, bytes: &[u8]) -> Result<Self, ResultsError> {
        let foreign = |line| ResultsError::Foreign { file: file.to_owned(), line };
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let mut reader = csv::Reader::from_reader(bytes);
        let heading = reader.headers().map_err(|_| foreign(1))?.clone();
        let mut rows = Vec::new();
        for (record, line) in reader.records().zip(2..) {
            let record = record.map_err(|_| foreign(line))?;
            rows.push(heading.iter().zip(&record).map(|(h, c)| (h.to_owned(), c.to_owned())).collect());
        }
        Ok(Self(rows))
    }
}

/// Measures that charts are drawn from.
const MEASURES: [&str; 12] = [
    "demand.p10",
    "demand.p50",
    "demand.p90",
    "shortage.mean",
    "shortage.p50",
    "utilisation.p50",
    "usable_open.central",
    "usable_secured.central",
    "usable_planned.central",
    "usable_outlook.central",
    "usable_candidates.central",
    "p_shortage",
];

/// Measures of the tide that charts are drawn from.
const TIDE_MEASURES: [&str; 7] =
    ["demand.p10", "demand.p50", "demand.p90", "places.central", "idle.p50", "short.p50", "assumed_from"];

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
    Ok(charts::charts(&Results::open(path)?, lang))
}

fn document<D: DeserializeOwned>(folder: &Path, name: &str) -> Result<D, ResultsError> {
    serde_json::from_slice(&read(folder, name)?)
        .map_err(|e| ResultsError::Foreign { file: name.to_owned(), line: e.line().max(1) as u64 })
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>, ResultsError> {
    fs::read(folder.join(name)).map_err(|source| ResultsError::Unreadable { file: name.to_owned(), source })
}

/// The tables that charts are drawn from.
const DEMAND: &str = "balance.csv";
const PLACES: &str = "places.csv";
const PROJECTS: &str = "projects.csv";
/// Those that not every run has: an earlier version of the program did not write them, and a scenario may have no ledger.
const EXPLAINED: &str = "explained.csv";
const TIDE: &str = "tide.csv";
const TIMELINE: &str = "timeline.csv";

/// A run read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    /// `run.json`.
    pub document: Document,
    /// `balance.csv` and `places.csv`.
    pub figures: Figures,
    /// `projects.csv`.
    pub projects: Rows,
    /// `explained.csv`.
    pub explained: Rows,
    /// `tide.csv`.
    pub tide: Figures,
    /// `timeline.csv`.
    pub timeline: Rows,
}

impl Results {
    /// Reads the folder at `path`.
    ///
    /// # Errors
    /// [`ResultsError`] if it is no results folder of a run, or a file of it is not what a run writes.
    pub fn open(path: &Path) -> Result<Self, ResultsError> {
        if !path.join(MANIFEST).is_file() {
            return Err(ResultsError::NoRun);
        }
        let document: Document = document(path, MANIFEST)?;
        let optional = [EXPLAINED, TIDE, TIMELINE];
        Self::gather(document, |name| {
            if optional.contains(&name) && !path.join(name).is_file() {
                return Ok(Vec::new());
            }
            read(path, name)
        })
    }

    /// The results of a run whose files are still in memory. They are our own: what cannot be read is left out.
    pub(crate) fn of(document: Document, files: &[File]) -> Self {
        let bytes =
            |wanted: &str| files.iter().find(|(name, _)| name == wanted).map(|(_, bytes)| bytes.clone());
        let read = Self::gather(document.clone(), |name| Ok(bytes(name).unwrap_or_default()));
        debug_assert!(read.is_ok(), "{read:?}");
        read.unwrap_or_else(|_| Self::empty(document))
    }

    fn empty(document: Document) -> Self {
        let (figures, tide) = (Figures::default(), Figures::default());
        let (projects, explained, timeline) = (Rows::default(), Rows::default(), Rows::default());
        Self { document, figures, projects, explained, tide, timeline }
    }

    fn gather(
        document: Document,
        bytes: impl Fn(&str) -> Result<Vec<u8>, ResultsError>,
    ) -> Result<Self, ResultsError> {
        let rows = |name: &str| Rows::read(name, &bytes(name)?);
        let mut results = Self::empty(document);
        results.figures.read(DEMAND, &bytes(DEMAND)?, &MEASURES)?;
        if results.document.scenario.has_places {
            results.figures.read(PLACES, &bytes(PLACES)?, &MEASURES)?;
            results.tide.read(TIDE, &bytes(TIDE)?, &TIDE_MEASURES)?;
            results.projects = rows(PROJECTS)?;
            results.explained = rows(EXPLAINED)?;
            results.timeline = rows(TIMELINE)?;
        }
        Ok(results)
    }

    /// Academic years of the results, base year first.
    pub fn years(&self) -> std::ops::RangeInclusive<i32> {
        self.document.scenario.base_year..=self.document.scenario.until
    }
}
