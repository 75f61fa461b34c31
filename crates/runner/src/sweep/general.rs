//! The general kernel: every slot, year and draw of every schedule, whatever the rule. [`brute`](super::brute) is its slow twin.
//!
//! A tile's net pupils stay in the cache while a run of schedules goes through them, four at a time:
//!
//! ```text
//! sum over c,t of max(0, net - places) = sum of max(net, places) - sum of places
//! ```
//!
//! The second sum does not depend on the draw: two vector operations a slot and year instead of three. Slots whose places
//! differ from draw to draw are gone through one by one; so is everything under a rule that does not add up.

use rayon::prelude::*;
use seatcast_core::{
    isa::{Isa, Work},
    supply::Pick,
};

use super::{
    arrays::{Arrays, CellTile},
    kernel::{Tail, Tails, finish},
    lanes::{Block, Lane, Whole},
    neighbours::{Differences, DifferencesOf},
    sides::{Side, Sides},
};

/// Schedules that go through a tile together.
const RUN: usize = 64;
/// Schedules that share one look at the pupils.
const TOGETHER: usize = 4;

/// The general kernel for one problem.
pub(super) struct General<'a, L: Lane> {
    arrays: Arrays<'a, L>,
    isa: Isa,
    sides: Sides,
    /// Stepwise slots, in runs whose shortage fits the width.
    stepwise: Vec<Vec<usize>>,
    /// The other slots.
    others: Vec<usize>,
}

impl<'a, L: Lane> General<'a, L> {
    pub(super) fn new(arrays: Arrays<'a, L>, isa: Isa) -> Self {
        let by_year = !arrays.problem.rule.adds_up();
        let (stepwise, others): (Vec<usize>, Vec<usize>) =
            (0..arrays.slots.len()).partition(|&c| !by_year && arrays.slots[c].is_stepwise());
        let mut runs: Vec<(u64, Vec<usize>)> = Vec::new();
        for c in stepwise {
            let most = arrays.slots[c].most;
            match runs.last_mut() {
                Some((sum, run)) if sum.saturating_add(most) <= L::MOST => {
                    *sum += most;
                    run.push(c);
                }
                _ => runs.push((most, vec![c])),
            }
        }
        let stepwise = runs.into_iter().map(|(_, run)| run).collect();
        Self { arrays, isa, sides: Sides::default(), stepwise, others }
    }
}

impl<L: Lane> Tails for General<'_, L> {
    fn tails(&self, schedules: &[Vec<Pick>]) -> Vec<Tail> {
        let runs: Vec<Vec<Tail>> = schedules
            .par_chunks(RUN)
            .map(|run| {
                let mut totals = self.isa.run(Through { general: self, schedules: run });
                let draws = self.arrays.problem.draws;
                totals.chunks_mut(self.arrays.tiles).map(|totals| finish(self.isa, draws, totals)).collect()
            })
            .collect();
        runs.concat()
    }

    fn sides(&self, schedules: &[Vec<Pick>]) -> Vec<Side> {
        self.sides.of(&self.arrays, self.isa, schedules)
    }

    fn differences(&self, plan: &[Pick]) -> Box<dyn Differences + '_> {
        Box::new(DifferencesOf::new(&self.arrays, self.isa, plan))
    }
}

/// Takes a run of schedules through everything; gives the totals by schedule and tile.
struct Through<'t, 'a, L: Lane> {
    general: &'t General<'a, L>,
    schedules: &'t [Vec<Pick>],
}

impl<L: Lane> Work for Through<'_, '_, L> {
    type Output = Vec<Block<L::Total>>;

    #[inline(always)]
    fn run(self) -> Self::Output {
        let Self { general, schedules } = self;
        let arrays = &general.arrays;
        let tiles = arrays.tiles;
        let mut totals = vec![Block::of(L::Total::default()); schedules.len() * tiles];
        let places: Vec<Places<L>> =
            schedules.chunks(TOGETHER).map(|together| Places::new(general, together)).collect();
        for tile in 0..tiles {
            for (places, totals) in places.iter().zip(totals.chunks_mut(TOGETHER * tiles)) {
                places.through(general, tile, totals);
            }
            if arrays.problem.rule.adds_up() {
                for &c in &general.others {
                    let slot = &arrays.slots[c];
                    let mut of_tile = CellTile::new(arrays.problem, slot, tile);
                    for (s, schedule) in schedules.iter().enumerate() {
                        let picks: Vec<Pick> = slot.choices.iter().map(|c| schedule[c.choice]).collect();
                        let mut row = Block::of(L::default());
                        of_tile.each_year(&picks, |_, net| row = row.plus(&net.positive().map(L::of_net)));
                        let total = &mut totals[s * tiles + tile];
                        *total = total.plus(&row.map(L::total));
                    }
                }
            } else {
                by_year(arrays, schedules, tile, &mut totals);
            }
        }
        totals
    }
}

/// Places of stepwise slots under a few schedules.
struct Places<L: Lane> {
    /// By slot in the order of the runs, and year.
    places: Vec<[L::Net; TOGETHER]>,
    /// Their sums, by run.
    sums: Vec<[L::Net; TOGETHER]>,
}

impl<L: Lane> Places<L> {
    fn new(general: &General<'_, L>, together: &[Vec<Pick>]) -> Self {
        let years = general.arrays.problem.years;
        let mut out = Self { places: Vec::new(), sums: Vec::new() };
        for run in &general.stepwise {
            let mut sum = [L::Net::default(); TOGETHER];
            for &c in run {
                let first = out.places.len();
                out.places.resize(first + years, [L::Net::default(); TOGETHER]);
                for here in &general.arrays.slots[c].choices {
                    for (q, picks) in together.iter().enumerate() {
                        let (Some(r), Some(step)) = (picks[here.choice], &here.step) else { continue };
                        for t in step.opens[r]..years {
                            let places = &mut out.places[first + t][q];
                            *places = places.plus(step.places[t]);
                            sum[q] = sum[q].plus(step.places[t]);
                        }
                    }
                }
            }
            out.sums.push(sum);
        }
        out
    }

    /// Adds the shortage of a tile to the totals of the schedules.
    #[inline(always)]
    fn through(&self, general: &General<'_, L>, tile: usize, totals: &mut [Block<L::Total>]) {
        let (years, tiles) = (general.arrays.problem.years, general.arrays.tiles);
        let mut places = self.places.chunks_exact(years.max(1));
        for (run, sums) in general.stepwise.iter().zip(&self.sums) {
            let mut rows = [Block::of(L::default()); TOGETHER];
            for (&c, places) in run.iter().zip(&mut places) {
                let net = &general.arrays.slots[c].net[tile * years..(tile + 1) * years];
                for (net, places) in net.iter().zip(places) {
                    for q in 0..TOGETHER {
                        rows[q] = rows[q].plus(&net.max(&Block::of(places[q])).map(L::of_net));
                    }
                }
            }
            for (q, totals) in totals.chunks_mut(tiles).enumerate() {
                let row = rows[q].less(&Block::of(L::of_net(sums[q])));
                totals[tile] = totals[tile].plus(&row.map(L::total));
            }
        }
    }
}

/// Sets the totals of a tile under a rule that does not add up: the shortage of each year over all slots, less the places
/// of the pool; the sum over the years or the worst of them.
#[inline(always)]
fn by_year<L: Lane>(
    arrays: &Arrays<'_, L>,
    schedules: &[Vec<Pick>],
    tile: usize,
    totals: &mut [Block<L::Total>],
) {
    let (years, rule) = (arrays.problem.years, &arrays.problem.rule);
    let mut of_years = vec![Block::of(L::Total::default()); schedules.len() * years];
    for slot in &arrays.slots {
        let mut of_tile = CellTile::new(arrays.problem, slot, tile);
        for (picks, of_years) in schedules.iter().zip(of_years.chunks_mut(years)) {
            let picks: Vec<Pick> = slot.choices.iter().map(|c| picks[c.choice]).collect();
            of_tile.each_year(&picks, |t, net| {
                of_years[t] = of_years[t].plus(&net.positive().map(|n| L::of_net(n).total()));
            });
        }
    }
    for (totals, of_years) in totals.chunks_mut(arrays.tiles).zip(of_years.chunks(years)) {
        for (t, short) in of_years.iter().enumerate() {
            let pool = Block::of(L::Total::of(i64::from(rule.pool_in(t))));
            let left = short.max(&pool).less(&pool);
            totals[tile] = if rule.worst_year { totals[tile].max(&left) } else { totals[tile].plus(&left) };
        }
    }
}
