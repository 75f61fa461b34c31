//! What a planner knows that no history tells: a ratio, a factory moving in, a policy.
//!
//! | change | effect in each of its years |
//! |---|---|
//! | rate | the ratio, instead of the given or the learnt one |
//! | factor | times the pupils who arrive in a grade: by entry, progression or transition |
//! | pupils | pupils who arrive besides; they go up with their cohort |
//!
//! An override says who entered it, when and why. The forecast without any is always kept beside
//! ([`crate::Scenario::without_overrides`]).

use super::rates::RateKind;
use crate::index::{GradeId, ZoneId};

/// What is overridden.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The ratio that holds instead.
    Rate {
        /// Which.
        kind: RateKind,
        /// Its value.
        value: f64,
    },
    /// Pupils who arrive in a grade, times this.
    Factor {
        /// Grade arrived in.
        grade: GradeId,
        /// The factor.
        value: f64,
    },
    /// Pupils who arrive besides, in equal parts in these grades.
    Pupils {
        /// Grades they arrive in.
        grades: Vec<GradeId>,
        /// Pupils a year.
        pupils: f64,
    },
}

/// One entry of a planner.
#[derive(Debug, Clone, PartialEq)]
pub struct Override {
    /// Key.
    pub id: String,
    /// What is overridden.
    pub change: Change,
    /// Index of the zone; `None` holds for all zones.
    pub zone: Option<ZoneId>,
    /// First academic year of arrival.
    pub from: i32,
    /// Last academic year; `None` = every year from the first.
    pub until: Option<i32>,
    /// Who entered it.
    pub author: String,
    /// When, as stated, `YYYY-MM-DD`.
    pub date: String,
    /// Why.
    pub reason: String,
}

impl Override {
    /// Whether it holds for `zone` in `year`.
    pub fn holds(&self, zone: ZoneId, year: i32) -> bool {
        self.zone.is_none_or(|z| z == zone) && year >= self.from && self.until.is_none_or(|last| year <= last)
    }
}

/// The ratio that overrides hold for what `fits`; of several the last entered.
pub(super) fn rate(
    overrides: &[Override],
    zone: ZoneId,
    year: i32,
    fits: impl Fn(&RateKind) -> bool,
) -> Option<f64> {
    overrides.iter().rev().filter(|o| o.holds(zone, year)).find_map(|o| match &o.change {
        Change::Rate { kind, value } if fits(kind) => Some(*value),
        _ => None,
    })
}

/// The factor on pupils who arrive in `grade`.
pub(super) fn factor(overrides: &[Override], zone: ZoneId, grade: GradeId, year: i32) -> f64 {
    let of = overrides.iter().filter(|o| o.holds(zone, year));
    of.map(|o| match o.change {
        Change::Factor { grade: g, value } if g == grade => value,
        _ => 1.0,
    })
    .product()
}

/// Pupils who arrive in `grade` besides.
pub(super) fn pupils(overrides: &[Override], zone: ZoneId, grade: GradeId, year: i32) -> f64 {
    let of = overrides.iter().filter(|o| o.holds(zone, year));
    of.map(|o| match &o.change {
        Change::Pupils { grades, pupils } if grades.contains(&grade) => pupils / grades.len() as f64,
        _ => 0.0,
    })
    .sum()
}
