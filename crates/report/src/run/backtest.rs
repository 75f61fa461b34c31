//! A finished back-test: every forecast with what came.

use seatcast_core::{
    backtest::{
        Plan, Row, Target,
        score::{Kind, Level, Line, Reliability, accuracy, reliability},
    },
    index::{ChainGrade, Ids, PastYear, StageId},
};

use super::{Input, Note};

/// A finished back-test with its names: what every table and chart is made from.
#[derive(Debug, Clone, Copy)]
pub struct BacktestRun<'a> {
    /// What was tested, in a few words.
    pub name: &'a str,
    /// Version of seatcast.
    pub version: &'a str,
    /// Academic year of year index 0.
    pub first_year: i32,
    /// Keys of the areas.
    pub areas: &'a [String],
    /// Keys of the schools, by index.
    pub schools: &'a [String],
    /// Keys of the grades, entry grade first.
    pub grades: &'a [String],
    /// Stages with their grades.
    pub stages: &'a [(String, Ids<ChainGrade>)],
    /// What was scored.
    pub plan: &'a Plan,
    /// Smallest target that is scored, pupils.
    pub smallest: f64,
    /// Whether children were known.
    pub children: bool,
    /// Forecasts and what came.
    pub rows: &'a [Row],
    /// The origins.
    pub origins: &'a [PastYear],
    /// Files read.
    pub inputs: &'a [Input],
    /// Warnings and notes.
    pub notes: &'a [Note],
}

impl BacktestRun<'_> {
    /// The accuracy table.
    pub fn accuracy(&self) -> Vec<Line> {
        accuracy(self.rows, self.smallest, self.children)
    }

    /// Shares above the quantiles at which places are secured.
    pub fn reliability(&self) -> Vec<Reliability> {
        reliability(self.rows, self.smallest)
    }

    /// Academic year of a year of the history.
    pub(crate) fn year(&self, t: PastYear) -> i32 {
        self.first_year + t.index() as i32
    }

    /// Key of a stage.
    pub(crate) fn stage(&self, p: StageId) -> &str {
        &self.stages[p.index()].0
    }

    /// Key of what a row is about.
    pub(crate) fn target(&self, target: Target) -> &str {
        match target {
            Target::Grade(g) => &self.grades[g.index()],
            Target::Stage(p) => self.stage(p),
        }
    }

    /// Key of a kind of targets.
    pub(crate) fn kind(&self, kind: Kind) -> &str {
        match kind {
            Kind::Stage(p) => self.stage(p),
            Kind::Grade => "grade",
            Kind::Entry => "entry",
        }
    }

    /// Level and kind of every chart, in the order of the table.
    pub(crate) fn subjects(lines: &[Line]) -> Vec<(Level, Kind)> {
        let mut out: Vec<(Level, Kind)> = lines.iter().map(|l| (l.cell.level, l.cell.kind)).collect();
        out.dedup();
        out
    }
}
