//! Housing: the stock of pupils an estate implies.
//!
//! ```text
//! P[z,g,t] = sum over estates of units * occupancy * yield[type, years since completion, g]
//! ```
//!
//! Only what the cohorts do not already carry is added to the rolls (docs/model.md, section 1): the projection runs on
//! x = N - P, so that an estate's pupils are replaced by the stock of the next year and never counted twice. In the
//! entry grade `in_pool` says which share of an estate's children the entry pools already hold.

use crate::{
    index::{GradeId, ZoneId},
    time::YearMonth,
};

/// An estate outside the years the ratios were taken from.
#[derive(Debug, Clone, PartialEq)]
pub struct Estate {
    /// Key in every table.
    pub id: String,
    /// Index of the zone.
    pub zone: ZoneId,
    /// Type of housing, a key of the yields.
    pub housing_type: String,
    /// Dwellings.
    pub units: f64,
    /// Month of completion.
    pub completed: YearMonth,
    /// Share of the dwellings lived in, 0..=1.
    pub occupancy: f64,
    /// Share of its entry-age children that the entry pools hold, 0..=1.
    pub in_pool: f64,
    /// First academic year in which they do; `None` = from completion.
    pub in_pool_from: Option<i32>,
}

/// Pupils per occupied dwelling, by type, years since completion and grade.
#[derive(Debug, Clone, PartialEq)]
pub struct Yield {
    /// Type of housing.
    pub housing_type: String,
    /// Whole years since the first 1 September on or after completion.
    pub years_since: u32,
    /// Index of the grade.
    pub grade: GradeId,
    /// Pupils per occupied dwelling.
    pub pupils_per_unit: f64,
}

impl Estate {
    /// Pupils of `grade` living here on 1 September of `year`. After the last listed year the last yield holds.
    pub fn stock(&self, yields: &[Yield], grade: GradeId, year: i32) -> f64 {
        let since = year - self.completed.first_september();
        if since < 0 {
            return 0.0;
        }
        let listed = yields
            .iter()
            .filter(|y| {
                y.housing_type == self.housing_type && y.grade == grade && y.years_since as i32 <= since
            })
            .max_by_key(|y| y.years_since);
        listed.map_or(0.0, |y| self.units * self.occupancy * y.pupils_per_unit)
    }

    /// Share of its entry-age children that the entry pool of `year` holds.
    pub fn pool_share(&self, year: i32) -> f64 {
        let from = self.in_pool_from.unwrap_or_else(|| self.completed.first_september());
        if year >= from { self.in_pool } else { 0.0 }
    }
}

/// Stock P of all estates of a zone in a grade and year, pupils.
pub(crate) fn stock(estates: &[Estate], yields: &[Yield], zone: ZoneId, grade: GradeId, year: i32) -> f64 {
    estates.iter().filter(|e| e.zone == zone).map(|e| e.stock(yields, grade, year)).sum()
}

/// Its part q that the entry pools hold.
pub(crate) fn pooled(estates: &[Estate], yields: &[Yield], zone: ZoneId, grade: GradeId, year: i32) -> f64 {
    let of = estates.iter().filter(|e| e.zone == zone);
    of.map(|e| e.pool_share(year) * e.stock(yields, grade, year)).sum()
}
