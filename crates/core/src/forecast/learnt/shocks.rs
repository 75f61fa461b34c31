//! Shocks with learnt sizes, for the zones of a scenario.
//!
//! A draw of a cell is (c - P + q) exp(x) + P - q: c its pupils on the central path, P the stock of its estates, q the part of
//! P that the pools hold. x is what the errors of earlier forecasts let expect of *this* cell so many years ahead, housing
//! being as stated.

use super::{Chain, Learnt, unit};
use crate::{
    demand::AssumedFrom,
    forecast::{
        learn::{Projected, Spread, shock_model},
        normals::{Block, exp},
        shocks::{HeadBlock, Level, ShockModel},
    },
    geography::Frame,
    grid::{Cells, Shape},
    index::{ChainGrade, ComingYear, GradeId, HeadId, Lead, StageId, Table, UnitId, YearOffset, ZoneId},
};

/// The shocks of every chain.
#[derive(Debug, Clone)]
pub(in crate::forecast) struct LearntShocks {
    chains: Vec<(ShockModel, Table<ChainGrade, Option<GradeId>>)>,
}

impl LearntShocks {
    /// Shocks around the unrounded `central` path, `by` times as large as was learnt; `None` where no sizes were.
    pub(in crate::forecast) fn new(
        learnt: &Learnt,
        frame: &Frame,
        central: &[Cells<f64>],
        assumed_from: &AssumedFrom,
        by: f64,
    ) -> Option<Self> {
        if !learnt.has_sizes() {
            return None;
        }
        let mut chains = Vec::new();
        for (k, chain) in learnt.chains.iter().enumerate() {
            // zones keep their numbers when another chain is added before theirs
            let name = if k == 0 { "" } else { frame.stages[chain.grades.first_stage()].id.as_str() };
            let ids: Vec<String> = frame
                .zones
                .iter()
                .map(|z| if name.is_empty() { z.id.clone() } else { format!("{name}/{}", z.id) })
                .collect();
            let pupils = pupils(chain, frame, central);
            let mut model = shock_model(&chain.calibration, &pupils, chain.spread.as_ref()?, name, &ids);
            for (unit, z) in model.units.iter_mut().zip(frame.zones.ids()) {
                unit.assumed_from = assumed(chain, frame, |p| assumed_from[(z, p)]);
            }
            model.widen(by as f32);
            chains.push((model, chain.grades.of.clone()));
        }
        Some(Self { chains })
    }

    /// exp(x) of draws `w..w + L`, to be asked for year by year.
    #[inline(always)]
    pub(in crate::forecast) fn levels<const L: usize>(&self, seed: u64, w: u64) -> Levels<'_, L> {
        let chain = |(model, of): &'_ (ShockModel, Table<ChainGrade, Option<GradeId>>)| ChainLevels {
            head: model.head_block(HeadId::new(0), seed, w),
            units: model.units.ids().map(|u| Level::new(model, u, seed, w)).collect(),
            noise: model.noise(),
            x: vec![[0.0; L]; of.len()],
        };
        Levels { shocks: self, chains: self.chains.iter().map(chain).collect() }
    }
}

/// The shocks of every chain in a block of draws, year by year.
pub(in crate::forecast) struct Levels<'s, const L: usize> {
    shocks: &'s LearntShocks,
    chains: Vec<ChainLevels<L>>,
}

struct ChainLevels<const L: usize> {
    head: HeadBlock<L>,
    units: Table<UnitId, Level<L>>,
    noise: Vec<Block<L>>,
    x: Vec<Block<L>>,
}

impl<const L: usize> Levels<'_, L> {
    /// exp(x) of zone `z` in year `t`, by grade. Years are asked for in order, each zone once.
    #[inline(always)]
    pub(in crate::forecast) fn factors(
        &mut self,
        t: ComingYear,
        z: ZoneId,
        out: &mut Table<GradeId, Block<L>>,
    ) {
        let u = unit(z);
        for ((model, of), chain) in self.shocks.chains.iter().zip(&mut self.chains) {
            chain.units[u].year(model, u, t, Some(&chain.head), (&mut chain.noise, &mut chain.x));
            exp(&mut chain.x);
            for (g, x) in of.iter().zip(&chain.x) {
                if let Some(g) = g {
                    out[*g] = *x;
                }
            }
        }
    }
}

/// First year of entry beyond the counted children, by position, from that of every stage. Those who leave a stage that
/// feeds the chain entered it as many years before as it has grades to pass.
fn assumed(
    chain: &Chain,
    frame: &Frame,
    from: impl Fn(StageId) -> Option<YearOffset>,
) -> Table<ChainGrade, Option<ComingYear>> {
    let leaving = |&p: &StageId| from(p).map(|t| t.plus(frame.grades_of(p).len() - 1));
    let of = chain.grades.of.iter().map(|g| match g {
        Some(g) => from(frame.stage_of(*g).0),
        None => chain.grades.feeding.iter().filter_map(leaving).min(),
    });
    of.map(|from| from.map(YearOffset::coming)).collect()
}

/// The central path of a chain.
fn pupils(chain: &Chain, frame: &Frame, central: &[Cells<f64>]) -> Projected {
    let shape = Shape::new(frame.zones.len(), chain.grades.of.len());
    Projected::from_fn(central.len(), shape, |h: Lead, u: UnitId, g| {
        let (row, z) = (&central[h.index()], ZoneId::new(u.index()));
        match chain.grades.of[g] {
            Some(g) => row[(z, g)],
            None => chain.grades.feeding.iter().map(|&p| row[(z, frame.last_grade(p))]).sum(),
        }
    })
}

impl Learnt {
    /// The spread of the chain of grade `g`, if it was learnt.
    pub fn spread_of(&self, g: GradeId) -> Option<&Spread> {
        self.chain_of(g)?.0.spread()
    }
}
