//! How sure the forecast is: shocks, draws, bands, and whole pupils.
//!
//! A draw is one possible future. Draw `w` of the seed is the same whichever other draws are made, on any number of
//! threads. Sizes of the shocks are learnt from the scenario's own history (`learnt`) where it holds enough years, else
//! stated; every output says which.

#![expect(
    clippy::inline_always,
    reason = "a block of draws is compiled for an instruction set only where it is inlined"
)]

mod bands;
mod beyond;
mod change;
mod draws;
pub mod history;
mod laws;
pub mod learn;
mod learnt;
mod normals;
mod random;
mod round;
mod rounding;
mod shocks;
mod uncertainty;
mod used;

use crate::{
    demand::{AssumedFrom, CohortModel, DemandTerms},
    geography::Frame,
    grid::{Cells, Grid3, View},
    index::{GradeId, Ids, YearOffset, Years, ZoneId},
    isa::Isa,
    scenario::Scenario,
};

pub use bands::{LEVELS, Stats, quantile};
pub use beyond::{Beyond, Cause, MOST_DEMAND, MOST_PUPILS, Where, beyond, places_beyond};
pub use change::{ChangeRow, changes};
pub use learnt::{
    Chain, FirstChain, Learnt, RATIO_YEARS, SIZES_YEARS, SchoolLine, past_of_first_chain, school_lines,
};
pub use random::Stream;
pub use round::{apportion, round_signed, round_to_total};
pub use shocks::ShockModel;
pub use uncertainty::Uncertainty;
pub use used::{RatioOrigin, RatioUsed, ratios_used};

use draws::Draws;
use learnt::LearntShocks;
use rounding::Totals;

/// Pupils in whole numbers by year (0 = base year), zone and grade: one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    pupils: Grid3<YearOffset, ZoneId, GradeId, u32>,
}

impl Path {
    /// Rounds unrounded pupils by year and cell: district x grade first, then its zones by largest remainder.
    pub fn round(frame: &Frame, years: &[Cells<f64>]) -> Self {
        let mut pupils = Grid3::filled(years.len(), frame.cells(), 0);
        let totals = Totals::new(frame);
        for (t, row) in pupils.ids().zip(years) {
            let out = pupils.grid_mut(t);
            for cells in totals.iter() {
                let values: Vec<f64> = cells.iter().map(|&cell| row[cell]).collect();
                for (&cell, n) in cells.iter().zip(round_to_total(&values)) {
                    out[cell.index()] = n;
                }
            }
        }
        Self { pupils }
    }

    /// Pupils of every cell in year `t`.
    pub fn year(&self, t: YearOffset) -> View<'_, ZoneId, GradeId, u32> {
        self.pupils.grid(t)
    }

    /// Number of years, the base year included.
    pub fn years(&self) -> usize {
        self.pupils.count()
    }

    /// Its years, the base year first.
    pub fn offsets(&self) -> Ids<YearOffset> {
        self.pupils.ids()
    }
}

/// Draws that are best made together.
pub const BLOCK: usize = normals::LANES;

/// The demand model of a scenario with its shocks: makes the central path and any draw.
#[derive(Debug, Clone)]
pub struct Forecaster<'a> {
    scenario: &'a Scenario,
    model: CohortModel,
    years: Years<Cells<f64>>,
    shocks: Shocks,
    central: Path,
    totals: Totals,
    assumed_from: AssumedFrom,
    bounds: beyond::Bounds,
}

/// Where the sizes of the shocks come from.
#[derive(Debug, Clone)]
enum Shocks {
    /// On the steps of the cohort model.
    Stated(ShockModel),
    /// On the path itself.
    Learnt(LearntShocks),
}

impl<'a> Forecaster<'a> {
    /// Prepares a scenario.
    pub fn new(scenario: &'a Scenario) -> Self {
        Self::with_terms(scenario, &DemandTerms::new(scenario))
    }

    /// Prepares a scenario with other terms than its own, of at least as many years: what a closed loop knows in a later
    /// round.
    pub fn with_terms(scenario: &'a Scenario, terms: &DemandTerms) -> Self {
        Self::wider(scenario, terms, 1.0)
    }

    /// The same with shocks `by` times as large, be their sizes stated or learnt: what really happens in a closed loop.
    pub fn wider(scenario: &'a Scenario, terms: &DemandTerms, by: f64) -> Self {
        let model = CohortModel::from_terms(scenario, terms);
        let years = model.central();
        let central = Path::round(&scenario.frame, &years);
        let learnt = scenario
            .learnt()
            .and_then(|learnt| LearntShocks::new(learnt, &scenario.frame, &years, &terms.assumed_from, by));
        let stated = || {
            let sizes = scenario.uncertainty.unwrap_or_default().times(by);
            ShockModel::new(&scenario.frame, &sizes, &years, &terms.assumed_from)
        };
        let shocks = learnt.map_or_else(|| Shocks::Stated(stated()), Shocks::Learnt);
        let (totals, assumed_from) = (Totals::new(&scenario.frame), terms.assumed_from.clone());
        let bounds = beyond::Bounds::new(scenario);
        Self { scenario, model, years, shocks, central, totals, assumed_from, bounds }
    }

    /// The path without shocks.
    pub fn central(&self) -> &Path {
        &self.central
    }

    /// The same unrounded, by year and cell.
    pub fn unrounded(&self) -> &Years<Cells<f64>> {
        &self.years
    }

    /// What of the path without shocks no cell or sharing group can hold, if anything.
    pub fn beyond(&self) -> Option<Beyond> {
        self.bounds.of_rows(self.scenario, &self.years)
    }

    /// The same of draw `w`. Its figure is the most a cell can hold where it is above that.
    pub fn drawn_beyond(&self, path: &Path, w: u64) -> Option<Beyond> {
        self.bounds.of_draw(self.scenario, path, w)
    }

    /// Draw `w` of `seed`.
    pub fn draw(&self, seed: u64, w: u64) -> Path {
        Isa::best().run(Draws::<1> { of: self, seed, w, count: 1 }).swap_remove(0)
    }

    /// Draws `w..w + count` of `seed`, the same as one by one and many times as fast.
    pub fn draws(&self, seed: u64, w: u64, count: usize) -> Vec<Path> {
        self.draws_by(Isa::best(), seed, w, count)
    }

    /// The same by one instruction set: they give the same bits.
    pub fn draws_by(&self, isa: Isa, seed: u64, w: u64, count: usize) -> Vec<Path> {
        let mut paths = Vec::with_capacity(count);
        while paths.len() < count {
            let (w, count) = (w + paths.len() as u64, (count - paths.len()).min(BLOCK));
            paths.extend(isa.run(Draws::<BLOCK> { of: self, seed, w, count }));
        }
        paths
    }

    /// First year (0 = base year) in which the entrants of a zone and stage rest on an assumed pool.
    pub fn assumed_from(&self) -> &AssumedFrom {
        &self.assumed_from
    }
}

/// The forecast: the central path and the draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// No shock.
    pub central: Path,
    /// Draws 0, 1, 2, ... of the seed.
    pub draws: Vec<Path>,
    /// First year (0 = base year) in which the entrants of a zone and stage rest on an assumed pool.
    pub assumed_from: AssumedFrom,
}
