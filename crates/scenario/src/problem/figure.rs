//! What can be wrong with figures that are legal one by one: ratios with a slip, and what a forecast makes of them.

use seatcast_core::forecast::Beyond;

/// Which kind of ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RatioKind {
    /// From a grade to the next.
    Progression,
    /// To the next stage.
    Transition,
    /// Entrants per child.
    Entry,
    /// A factor on any of them.
    Factor,
}

impl RatioKind {
    /// What is usual, both ends included; outside of it a person is told.
    pub fn usual(self) -> (f64, f64) {
        match self {
            RatioKind::Progression | RatioKind::Factor => (0.5, 1.5),
            // a stage takes what share it takes: three of ten go on to an academic school
            RatioKind::Transition => (0.0, 1.5),
            // and may be entered by few; children counted are often of another circle than entrants: births of residents, pupils of all
            RatioKind::Entry => (0.0, 3.0),
        }
    }

    /// Whether `value` is usual.
    pub fn is_usual(self, value: f64) -> bool {
        let (low, high) = self.usual();
        (low..=high).contains(&value)
    }
}

/// Many figures with the same fault: the first of them, and how many there are.
#[derive(Debug, Clone, PartialEq)]
pub struct Several<T> {
    /// The first.
    pub some: Vec<T>,
    /// All.
    pub count: usize,
}

/// Figures of one fault that are told one by one.
const TOLD: usize = 4;

impl<T> Several<T> {
    /// Of all that have the fault.
    pub(crate) fn of(all: Vec<T>) -> Self {
        let count = all.len();
        Self { some: all.into_iter().take(TOLD).collect(), count }
    }

    /// How many are not told.
    pub fn more(&self) -> usize {
        self.count - self.some.len()
    }
}

/// A fault of figures: the data its message needs.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FigureFault {
    /// A forecast of more pupils than can be counted.
    Beyond(Beyond),
    /// More places than can be counted: sharing group, stage, places, the most.
    PlacesBeyond(String, String, u64, u64),

    /// Warning: stated ratios outside what is usual: kind; row or key, value.
    Unusual(RatioKind, Several<(String, f64)>),
    /// Warning: learnt ratios in use outside what is usual: kind; zone, grade, value.
    LearntUnusual(RatioKind, Several<(String, String, f64)>),
    /// Warning: stated ratios far from what the history teaches: kind; row or key, value, learnt.
    FarFromLearnt(RatioKind, Several<(String, f64, f64)>),
    /// Warning: forecasts far above every roll.
    FarAboveRolls(Several<FarAbove>),
}

/// A forecast far above every roll of its district and stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FarAbove {
    /// District.
    pub district: String,
    /// Stage.
    pub stage: String,
    /// Grade in which it is largest.
    pub grade: String,
    /// Academic year.
    pub year: i32,
    /// Pupils.
    pub pupils: u64,
    /// The largest roll of a grade there ever was.
    pub roll: u64,
}

impl FigureFault {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            FigureFault::Beyond(_) => "E170",
            FigureFault::PlacesBeyond(..) => "E171",
            FigureFault::Unusual(..) => "W170",
            FigureFault::LearntUnusual(..) => "W171",
            FigureFault::FarFromLearnt(..) => "W172",
            FigureFault::FarAboveRolls(..) => "W173",
        }
    }
}
