//! Shocks: what makes one future differ from another.
//!
//! Logarithm of the factor on a cell in year t (N = central pupils of the cell, at least 1):
//!
//! ```text
//! grades above entry, next stage   district_year + zone_year + N(0, cohort / N)
//! entry from pools                 district walk + district year + zone walk + births-assumed walk
//!                                  + N(0, entry_cohort / N + entry_noise^2)
//! ```
//!
//! District shocks hit all its zones, so that a district's total is as uncertain as it really is. A walk adds up over
//! the years. The sizes are the defaults of a method tried on real districts (docs/model.md, section 2).

use super::random::StreamKey;
use crate::{
    bounds::{self, Bound},
    geography::Intake,
    scenario::Scenario,
};

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

    /// Key, value and bound of every size.
    pub fn checked(&self) -> [(&'static str, f64, Bound); 9] {
        [
            ("district_year", self.district_year, bounds::LOG_SD),
            ("zone_year", self.zone_year, bounds::LOG_SD),
            ("cohort", self.cohort, bounds::COHORT_NOISE),
            ("entry_district_walk", self.entry_district_walk, bounds::LOG_SD),
            ("entry_district_year", self.entry_district_year, bounds::LOG_SD),
            ("entry_zone_walk", self.entry_zone_walk, bounds::LOG_SD),
            ("entry_cohort", self.entry_cohort, bounds::COHORT_NOISE),
            ("entry_noise", self.entry_noise, bounds::LOG_SD),
            ("births_assumed_walk", self.births_assumed_walk, bounds::LOG_SD),
        ]
    }
}

/// The shocks of a scenario, ready to be drawn.
#[derive(Debug, Clone)]
pub struct ShockModel {
    sizes: Uncertainty,
    zone_ids: Vec<String>,
    district_ids: Vec<String>,
    district_of: Vec<usize>,
    /// Whether a grade is entered from pools.
    pool_entry: Vec<bool>,
    /// Standard deviation of the noise of a cell, by year (from 1) and cell.
    noise: Vec<Vec<f64>>,
    /// First year with an assumed pool, by zone and stage.
    assumed_from: Vec<Option<usize>>,
    /// Stage of each grade.
    stage_of: Vec<usize>,
    stages: usize,
}

/// The district's shocks of one year.
struct DistrictYear {
    year: f64,
    entry: f64,
    births_step: f64,
}

impl ShockModel {
    /// Prepares the shocks; `central` are the unrounded pupils of the path without shocks.
    pub fn new(scenario: &Scenario, central: &[Vec<f64>], assumed_from: &[Option<usize>]) -> Self {
        let frame = &scenario.frame;
        let sizes = scenario.uncertainty;
        let pool_entry: Vec<bool> = (0..frame.grade_count())
            .map(|g| {
                let (p, position) = frame.stage_of(g);
                position == 0 && matches!(frame.stages[p].intake, Intake::Pools { .. })
            })
            .collect();
        let sd = |cell: usize, pupils: f64| {
            let n = pupils.max(1.0);
            if pool_entry[cell % pool_entry.len()] {
                (sizes.entry_cohort / n + sizes.entry_noise * sizes.entry_noise).sqrt()
            } else {
                (sizes.cohort / n).sqrt()
            }
        };
        Self {
            sizes,
            zone_ids: frame.zones.iter().map(|z| z.id.clone()).collect(),
            district_ids: frame.districts.iter().map(|d| d.id.clone()).collect(),
            district_of: (0..frame.zones.len()).map(|z| frame.district_of(z)).collect(),
            noise: central[1..]
                .iter()
                .map(|row| row.iter().enumerate().map(|(c, &n)| sd(c, n)).collect())
                .collect(),
            pool_entry,
            assumed_from: assumed_from.to_vec(),
            stage_of: (0..frame.grade_count()).map(|g| frame.stage_of(g).0).collect(),
            stages: frame.stages.len(),
        }
    }

    /// Factors of draw `w`, by year (from 1) and cell.
    pub fn draw(&self, seed: u64, w: u64) -> Vec<Vec<f64>> {
        let districts: Vec<Vec<DistrictYear>> =
            self.district_ids.iter().map(|id| self.district(seed, id, w)).collect();
        let mut factors = vec![vec![1.0; self.zone_ids.len() * self.pool_entry.len()]; self.noise.len()];
        for z in 0..self.zone_ids.len() {
            self.zone(seed, w, z, &districts[self.district_of[z]], &mut factors);
        }
        factors
    }

    fn district(&self, seed: u64, id: &str, w: u64) -> Vec<DistrictYear> {
        let mut stream = StreamKey::new(seed, "district", id).draw(w);
        let mut walk = 0.0;
        (0..self.noise.len())
            .map(|_| {
                let year = self.sizes.district_year * stream.normal();
                walk += self.sizes.entry_district_walk * stream.normal();
                let entry = walk + self.sizes.entry_district_year * stream.normal();
                DistrictYear { year, entry, births_step: self.sizes.births_assumed_walk * stream.normal() }
            })
            .collect()
    }

    fn zone(&self, seed: u64, w: u64, z: usize, district: &[DistrictYear], factors: &mut [Vec<f64>]) {
        let mut stream = StreamKey::new(seed, "zone", &self.zone_ids[z]).draw(w);
        let width = self.pool_entry.len();
        let mut walk = 0.0;
        let mut births = vec![0.0; self.stages];
        for (i, common) in district.iter().enumerate() {
            let year = common.year + self.sizes.zone_year * stream.normal();
            walk += self.sizes.entry_zone_walk * stream.normal();
            for (births, from) in births.iter_mut().zip(&self.assumed_from[z * self.stages..]) {
                if from.is_some_and(|from| i + 1 >= from) {
                    *births += common.births_step;
                }
            }
            for g in 0..width {
                let cell = z * width + g;
                let shock =
                    if self.pool_entry[g] { common.entry + walk + births[self.stage_of[g]] } else { year };
                factors[i][cell] = libm::exp(shock + self.noise[i][cell] * stream.normal());
            }
        }
    }
}
