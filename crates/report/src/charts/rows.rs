//! What the charts of a run are drawn from: its document, and rows of its tables, whether they come from a finished run or
//! from a written folder.

use seatcast_core::Lang;

use crate::{
    Run,
    documents::run::{Document, document},
    tables::{
        self, ChartFigures,
        explained::{self, ExplainedRow},
        long::Figures,
        projects::{self, ProjectRow},
        timeline::{self, TimelineRow},
    },
};

/// Figures of `balance.csv` and `places.csv` that charts are drawn from.
const MEASURES: [&str; 10] = [
    "demand.p10",
    "demand.p50",
    "demand.p90",
    "shortage.p50",
    "utilisation.p50",
    "usable_open.central",
    "usable_secured.central",
    "usable_planned.central",
    "usable_outlook.central",
    "usable_candidates.central",
];

/// Figures of `tide.csv` that charts are drawn from.
const TIDE_MEASURES: [&str; 7] =
    ["demand.p10", "demand.p50", "demand.p90", "places.central", "idle.p50", "short.p50", "assumed_from"];

/// The document of a run and the rows that its charts are drawn from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChartRows<'a> {
    /// `run.json`.
    pub(crate) document: Document,
    /// `balance.csv` and `places.csv`.
    pub(crate) figures: Figures,
    /// `tide.csv`.
    pub(crate) tide: Figures,
    /// `projects.csv`.
    pub(crate) projects: Vec<ProjectRow<'a>>,
    /// `explained.csv`.
    pub(crate) explained: Vec<ExplainedRow<'a>>,
    /// `timeline.csv`.
    pub(crate) timeline: Vec<TimelineRow<'a>>,
}

impl<'a> ChartRows<'a> {
    /// No row yet.
    pub(crate) fn empty(document: Document) -> Self {
        Self {
            document,
            figures: Figures::of(&MEASURES),
            tide: Figures::of(&TIDE_MEASURES),
            projects: Vec::new(),
            explained: Vec::new(),
            timeline: Vec::new(),
        }
    }

    /// The rows of a run, but for the figures of its long tables.
    pub(crate) fn without_figures(run: &'a Run<'_>, document: Document, lang: Lang) -> Self {
        let mut rows = Self::empty(document);
        if run.scenario.has_places() {
            rows.projects = projects::rows(run, lang).collect();
            rows.explained = explained::rows(run, lang);
            rows.timeline = timeline::rows(run, lang).unwrap_or_default();
        }
        rows
    }

    /// The rows of a run.
    pub(crate) fn of(run: &'a Run<'_>, lang: Lang) -> Self {
        let mut rows = Self::without_figures(run, document(run, lang), lang);
        tables::chart_figures(run, &mut rows.figures, &mut rows.tide);
        rows
    }

    /// Where the figures of long tables are kept.
    pub(crate) fn keep(&mut self) -> ChartFigures<'_> {
        ChartFigures { balance: &mut self.figures, tide: &mut self.tide }
    }

    /// Academic years of the results, base year first.
    pub(crate) fn years(&self) -> std::ops::RangeInclusive<i32> {
        self.document.scenario.base_year..=self.document.scenario.until
    }
}
