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
mod change;
pub mod history;
pub mod learn;
mod learnt;
mod normals;
mod random;
mod round;
mod shocks;
mod uncertainty;
mod used;

use crate::{
    demand::{CohortModel, DemandTerms, Projection},
    geography::{Area, Frame},
    isa::{Isa, Work},
    scenario::Scenario,
};

pub use bands::{LEVELS, Stats, quantile};
pub use change::{ChangeRow, changes};
pub use learnt::{
    Chain, FirstChain, Learnt, RATIO_YEARS, SIZES_YEARS, SchoolLine, past_of_first_chain, school_lines,
};
pub use random::Stream;
pub use round::{apportion, round_signed, round_to_total};
pub use shocks::ShockModel;
pub use uncertainty::Uncertainty;
pub use used::{RatioOrigin, RatioUsed, ratios_used};

use learnt::{LearntShocks, Levels};
use round::round_lanes;
use shocks::Steps;

/// Pupils in whole numbers by year (0 = base year), zone and grade: one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    cells: usize,
    pupils: Vec<u32>,
}

impl Path {
    /// Rounds unrounded pupils by year and cell: district x grade first, then its zones by largest remainder.
    pub fn round(frame: &Frame, years: &[Vec<f64>]) -> Self {
        let cells = frame.cell_count();
        let mut pupils = vec![0; cells * years.len()];
        let districts = districts(frame);
        let width = frame.grade_count();
        for (row, out) in years.iter().zip(pupils.chunks_mut(cells)) {
            for zones in &districts {
                for g in 0..width {
                    let values: Vec<f64> = zones.iter().map(|z| row[z * width + g]).collect();
                    for (z, n) in zones.iter().zip(round_to_total(&values)) {
                        out[z * width + g] = n;
                    }
                }
            }
        }
        Self { cells, pupils }
    }

    /// Pupils of every cell in year `t`.
    pub fn year(&self, t: usize) -> &[u32] {
        &self.pupils[t * self.cells..(t + 1) * self.cells]
    }

    /// Number of years, the base year included.
    pub fn years(&self) -> usize {
        self.pupils.len() / self.cells
    }
}

/// Draws that are best made together.
pub const BLOCK: usize = normals::LANES;

/// The demand model of a scenario with its shocks: makes the central path and any draw.
#[derive(Debug, Clone)]
pub struct Forecaster<'a> {
    scenario: &'a Scenario,
    model: CohortModel,
    years: Vec<Vec<f64>>,
    shocks: Shocks,
    central: Path,
    /// Zones of each district.
    districts: Vec<Vec<usize>>,
    assumed_from: Vec<Option<usize>>,
}

/// Zones of each district.
fn districts(frame: &Frame) -> Vec<Vec<usize>> {
    (0..frame.districts.len()).map(|d| frame.zones_in(Area::District(d))).collect()
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
        let (districts, assumed_from) = (districts(&scenario.frame), terms.assumed_from.clone());
        Self { scenario, model, years, shocks, central, districts, assumed_from }
    }

    /// The path without shocks.
    pub fn central(&self) -> &Path {
        &self.central
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

    /// First year (0 = base year) in which the entrants of a zone and stage rest on an assumed pool, zone-major.
    pub fn assumed_from(&self) -> &[Option<usize>] {
        &self.assumed_from
    }
}

/// Cells that are given out together.
const TOGETHER: usize = 64;

/// Makes the first `count` of draws `w..w + L`: shocks, projection and whole pupils year by year, so that no year's shocks
/// outlive it.
struct Draws<'f, const L: usize> {
    of: &'f Forecaster<'f>,
    seed: u64,
    w: u64,
    count: usize,
}

/// The shocks of a block of draws.
enum Drawn<'f, const L: usize> {
    Stated(Steps<'f, L>),
    Learnt(Levels<'f, L>),
}

impl<const L: usize> Work for Draws<'_, L> {
    type Output = Vec<Path>;

    #[inline(always)]
    fn run(self) -> Vec<Path> {
        let Self { of, seed, w, count } = self;
        let frame = &of.scenario.frame;
        let (cells, grades) = (frame.cell_count(), frame.grade_count());
        let mut pupils = vec![[0.0; L]; cells];
        let mut whole = vec![[0; L]; cells];
        let mut parts = Vec::new();
        let mut factors = vec![[1.0; L]; grades];
        let mut drawn = match &of.shocks {
            Shocks::Stated(model) => Drawn::Stated(model.steps::<L>(seed, w)),
            Shocks::Learnt(shocks) => Drawn::Learnt(shocks.levels::<L>(seed, w)),
        };
        let mut projection = Projection::<L>::new(&of.model);
        let mut paths: Vec<Path> = (0..count)
            .map(|_| {
                let mut pupils = Vec::with_capacity(cells * of.years.len());
                pupils.extend_from_slice(of.central.year(0));
                Path { cells, pupils }
            })
            .collect();
        for t in 1..of.years.len() {
            for z in 0..frame.zones.len() {
                let own = z * grades..(z + 1) * grades;
                match &mut drawn {
                    Drawn::Stated(steps) => {
                        steps.factors(t - 1, z, &mut factors);
                        let shock = |cell: usize, lane: usize| f64::from(factors[cell - z * grades][lane]);
                        projection.step(t, own, shock, &mut pupils);
                    }
                    Drawn::Learnt(levels) => {
                        levels.factors(t - 1, z, &mut factors);
                        for (cell, factors) in own.zip(&factors) {
                            let (central, pupils) = (of.years[t][cell], &mut pupils[cell]);
                            for lane in 0..L {
                                pupils[lane] = of.model.drawn(central, t, cell, f64::from(factors[lane]));
                            }
                        }
                    }
                }
            }
            projection.turn();
            for zones in &of.districts {
                for g in 0..grades {
                    round_lanes(&pupils, &zones.iter().map(|z| z * grades + g), &mut parts, &mut whole);
                }
            }
            // as few cells at a time as stay in the cache while each path takes its lane of them
            for some in whole.chunks(TOGETHER) {
                for (lane, path) in paths.iter_mut().enumerate() {
                    path.pupils.extend(some.iter().map(|whole| whole[lane]));
                }
            }
        }
        paths
    }
}

/// The forecast: the central path and the draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// No shock.
    pub central: Path,
    /// Draws 0, 1, 2, ... of the seed.
    pub draws: Vec<Path>,
    /// First year (0 = base year) in which the entrants of a zone and stage rest on an assumed pool, zone-major.
    pub assumed_from: Vec<Option<usize>>,
}
