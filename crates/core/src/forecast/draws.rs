//! A block of draws: shocks, projection and whole pupils year by year, so that no year's shocks outlive it.

use super::{Forecaster, Path, Shocks, learnt::Levels, rounding::Rounding, shocks::Steps};
use crate::{
    demand::Projection,
    grid::{CellId, Grid3},
    index::{GradeId, Table, UnitId, YearOffset},
    isa::Work,
};

/// Makes the first `count` of draws `w..w + L`.
pub(super) struct Draws<'f, const L: usize> {
    pub(super) of: &'f Forecaster<'f>,
    pub(super) seed: u64,
    pub(super) w: u64,
    pub(super) count: usize,
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
        let cells = frame.cells();
        let mut factors: Table<GradeId, _> = Table::filled(frame.grade_count(), [1.0; L]);
        let mut drawn = match &of.shocks {
            Shocks::Stated(model) => Drawn::Stated(model.steps::<L>(seed, w)),
            Shocks::Learnt(shocks) => Drawn::Learnt(shocks.levels::<L>(seed, w)),
        };
        let mut projection = Projection::<L>::new(&of.model);
        let mut rounding = Rounding::<L>::new(&of.totals);
        let mut paths: Vec<Vec<u32>> = (0..count)
            .map(|_| {
                let mut pupils = Vec::with_capacity(of.central.pupils.len());
                pupils.extend_from_slice(&of.central.year(YearOffset::BASE));
                pupils
            })
            .collect();
        for t in of.years.ids().skip(1) {
            for z in frame.zones.ids() {
                match &mut drawn {
                    Drawn::Stated(steps) => {
                        steps.factors(t.coming(), UnitId::new(z.index()), &mut factors);
                        let shock = |g: GradeId, lane: usize| f64::from(factors[g][lane]);
                        projection.step(t, z, shock, |cell, pupils| rounding.put(cell, pupils));
                    }
                    Drawn::Learnt(levels) => {
                        levels.factors(t.coming(), z, &mut factors);
                        for (cell, factors) in cells.row(z).zip(&factors) {
                            let mut pupils = [0.0; L];
                            for lane in 0..L {
                                let factor = f64::from(factors[lane]);
                                pupils[lane] = of.model.drawn(of.years[t][cell], t, cell, factor);
                            }
                            rounding.put(cell, &pupils);
                        }
                    }
                }
            }
            projection.turn();
            rounding.end();
            give(&rounding, cells.count(), &mut paths);
        }
        let path = |pupils| Path { pupils: Grid3::from_vec(of.years.len(), cells, pupils) };
        paths.into_iter().map(path).collect()
    }
}

/// Cells that are given to the paths together.
const TOGETHER: usize = 16;

/// Appends the year that `rounding` has ended to each path.
#[inline(always)]
fn give<const L: usize>(rounding: &Rounding<'_, L>, cells: usize, paths: &mut [Vec<u32>]) {
    let (mut rows, mut other) = ([[0; L]; TOGETHER], [[0; L]; TOGETHER]);
    for first in (0..cells).step_by(TOGETHER) {
        let some = TOGETHER.min(cells - first);
        for (cell, row) in (first..first + some).zip(&mut rows) {
            *row = rounding.whole(CellId::new(cell));
        }
        // rows of draws become rows of cells: each shuffle moves one bit of the cell's index from the front to the back
        for _ in 0..TOGETHER.ilog2() / 2 {
            shuffle(rows.as_flattened(), other.as_flattened_mut());
            shuffle(other.as_flattened(), rows.as_flattened_mut());
        }
        let (turned, _) = rows.as_flattened().as_chunks::<TOGETHER>();
        for (path, turned) in paths.iter_mut().zip(turned) {
            if some == TOGETHER {
                path.extend_from_slice(turned);
            } else {
                path.extend_from_slice(&turned[..some]);
            }
        }
    }
}

/// The two halves of `from` in turn, as cards are shuffled.
#[inline(always)]
fn shuffle(from: &[u32], to: &mut [u32]) {
    let (left, right) = from.split_at(from.len() / 2);
    let (pairs, _) = to.as_chunks_mut::<2>();
    for (pair, (left, right)) in pairs.iter_mut().zip(left.iter().zip(right)) {
        *pair = [*left, *right];
    }
}
