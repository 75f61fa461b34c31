//! Sizes of the shocks that a scenario states where its own history does not teach them.

use crate::bounds::{self, Bound, Member};

/// Sizes of the shocks: standard deviations of logarithms; `cohort` and `entry_cohort` are variances times pupils.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uncertainty {
    /// Yearly shock common to a district's ratios.
    pub district_year: f64,
    /// Yearly shock common to a zone's ratios.
    pub zone_year: f64,
    /// Variance of one ratio times the pupils it starts from.
    pub cohort: f64,
    /// Yearly step of the district's entry.
    pub entry_district_walk: f64,
    /// Yearly shock of the district's entry that does not last.
    pub entry_district_year: f64,
    /// Yearly step of the zone's entry.
    pub entry_zone_walk: f64,
    /// Variance of entry times the entrants.
    pub entry_cohort: f64,
    /// Yearly noise of the zone's entry.
    pub entry_noise: f64,
    /// Yearly step of the district's entry beyond known births.
    pub births_assumed_walk: f64,
}

impl Default for Uncertainty {
    fn default() -> Self {
        Self {
            district_year: 0.009,
            zone_year: 0.012,
            cohort: 0.24,
            entry_district_walk: 0.018,
            entry_district_year: 0.02,
            entry_zone_walk: 0.04,
            entry_cohort: 0.8,
            entry_noise: 0.045,
            births_assumed_walk: 0.02,
        }
    }
}

impl Uncertainty {
    /// No uncertainty at all: every draw is the central path.
    pub const NONE: Self = Self {
        district_year: 0.0,
        zone_year: 0.0,
        cohort: 0.0,
        entry_district_walk: 0.0,
        entry_district_year: 0.0,
        entry_zone_walk: 0.0,
        entry_cohort: 0.0,
        entry_noise: 0.0,
        births_assumed_walk: 0.0,
    };

    /// Shocks `by` times as large.
    #[must_use]
    pub fn times(&self, by: f64) -> Self {
        let sd = |x: f64| x * by;
        let variance = |x: f64| x * by * by;
        Self {
            district_year: sd(self.district_year),
            zone_year: sd(self.zone_year),
            cohort: variance(self.cohort),
            entry_district_walk: sd(self.entry_district_walk),
            entry_district_year: sd(self.entry_district_year),
            entry_zone_walk: sd(self.entry_zone_walk),
            entry_cohort: variance(self.entry_cohort),
            entry_noise: sd(self.entry_noise),
            births_assumed_walk: sd(self.births_assumed_walk),
        }
    }

    /// Every size.
    pub const MEMBERS: [Member<Self>; 9] = [
        size("district_year", bounds::LOG_SD, |u| &mut u.district_year),
        size("zone_year", bounds::LOG_SD, |u| &mut u.zone_year),
        size("cohort", bounds::COHORT_NOISE, |u| &mut u.cohort),
        size("entry_district_walk", bounds::LOG_SD, |u| &mut u.entry_district_walk),
        size("entry_district_year", bounds::LOG_SD, |u| &mut u.entry_district_year),
        size("entry_zone_walk", bounds::LOG_SD, |u| &mut u.entry_zone_walk),
        size("entry_cohort", bounds::COHORT_NOISE, |u| &mut u.entry_cohort),
        size("entry_noise", bounds::LOG_SD, |u| &mut u.entry_noise),
        size("births_assumed_walk", bounds::LOG_SD, |u| &mut u.births_assumed_walk),
    ];

    /// Key, value and bound of every size.
    pub fn checked(&self) -> [(&'static str, f64, Bound); 9] {
        let mut sizes = *self;
        Self::MEMBERS.map(|member| (member.key, *(member.at)(&mut sizes), member.bound))
    }
}

const fn size(key: &'static str, bound: Bound, at: fn(&mut Uncertainty) -> &mut f64) -> Member<Uncertainty> {
    Member { key, bound, means: "", at }
}
