//! The method with all its ingredients, or without one of them to measure what it brings.
//!
//! | ingredient | left out |
//! |---|---|
//! | robust | plain weighted means |
//! | memories | the long memory alone |
//! | three years | no memory of three even years among them |
//! | own | every unit has its parent's ratios |
//! | shrinkage | own deviations as their years have them |
//! | pull limit | drawn to the parent without a limit |
//! | filling | a tendency of all grades, however large, goes on |
//! | constant share | cohorts moved up alone, of areas |
//! | later share | cohorts that enter later are mixed like those in school |
//! | entry level | entry of the last year goes on |
//! | entry readings | the nearly constant reading alone |
//! | later size | entrants as counted at entry |
//! | catch-up | late entrants do not come back |
//! | gaps | a missing year takes two years of ratios with it |
//! | children | entry from itself |
//! | school path | the constant share alone, of schools |
//! | school share | the share moved up with the cohort alone |

use super::{
    point::Calibration,
    ratios::{BROKEN_YEAR, HUBER},
};
use crate::forecast::history::History;

/// An ingredient of the method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ingredient {
    /// Means that one broken year or one strange area cannot carry away.
    Robust,
    /// Several memories, weighted by how well each forecast the known years.
    Memories,
    /// Three even years among the memories.
    ThreeYears,
    /// Own deviations of a unit from its parent.
    Own,
    /// Own deviations drawn to the parent by what the cohorts can tell.
    Shrinkage,
    /// A limit of that pull.
    PullLimit,
    /// A school or area that fills grade by grade is recognised.
    Filling,
    /// Mixing with the constant share of an area.
    ConstantShare,
    /// Cohorts that enter later are mixed only as far as an area's entry is chance.
    LaterShare,
    /// A level of entry over the years.
    EntryLevel,
    /// Several readings of that level, weighted by the history.
    EntryReadings,
    /// A cohort's present size corrects what was counted at its entry.
    LaterSize,
    /// Children who entered late are in grade 1 a year on.
    CatchUp,
    /// Ratios over a year that was not counted.
    Gaps,
    /// Children where they are known.
    Children,
    /// A school's share moves up with its cohorts.
    SchoolPath,
    /// Mixing with the constant share of a school.
    SchoolShare,
}

impl Ingredient {
    /// Every ingredient.
    pub const ALL: [Self; 17] = [
        Self::Robust,
        Self::Memories,
        Self::ThreeYears,
        Self::Own,
        Self::Shrinkage,
        Self::PullLimit,
        Self::Filling,
        Self::ConstantShare,
        Self::LaterShare,
        Self::EntryLevel,
        Self::EntryReadings,
        Self::LaterSize,
        Self::CatchUp,
        Self::Gaps,
        Self::Children,
        Self::SchoolPath,
        Self::SchoolShare,
    ];
}

/// The method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Learner {
    without: Option<Ingredient>,
}

impl Learner {
    /// The method with all its ingredients.
    pub const FULL: Self = Self { without: None };

    /// The method without one of them.
    pub fn without(ingredient: Ingredient) -> Self {
        Self { without: Some(ingredient) }
    }

    /// Learns from `history` and forecasts `leads` years beyond its origin.
    pub fn calibrate(self, history: &History, leads: usize) -> Calibration {
        Calibration::learn(self, history, leads)
    }

    pub(super) fn has(self, ingredient: Ingredient) -> bool {
        self.without != Some(ingredient)
    }

    /// `value`, or `otherwise` where the ingredient is left out.
    pub(super) fn or<T>(self, ingredient: Ingredient, value: T, otherwise: T) -> T {
        if self.has(ingredient) { value } else { otherwise }
    }

    /// Standard deviations beyond which an area, or one of its years, counts less.
    pub(super) fn huber(self) -> f64 {
        self.or(Ingredient::Robust, HUBER, f64::INFINITY)
    }

    /// Standard deviations beyond which a year of what all areas share counts less.
    pub(super) fn broken_year(self) -> f64 {
        self.or(Ingredient::Robust, BROKEN_YEAR, f64::INFINITY)
    }
}
