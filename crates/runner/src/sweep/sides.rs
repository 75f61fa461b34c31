//! What a schedule is judged by beside its shortage: the worst slot and year, idle places, and what is secured.
//!
//! Each is put together from facts of single slots: the largest, the sum, and the draws that all slots have in common. A
//! stepwise slot has facts by year and open choices, made once; another slot has them by combination of picks met.

use std::sync::OnceLock;

use rayon::prelude::*;
use seatcast_core::{
    isa::{Isa, Work},
    supply::Pick,
};

use super::{
    arrays::{Arrays, CellArrays, CellTile},
    fast::combinations,
    lanes::{Block, LANES, Lane, Whole},
};

/// Choices of a slot whose facts are tabulated by what is open, at most.
const MOST_OPEN: usize = 6;

/// What a schedule does beside its shortage, summed over the draws as in a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Side {
    pub(super) worst: u64,
    pub(super) idle: u64,
    pub(super) secured: u64,
}

/// Facts of a slot under one combination of picks, or in one year with some choices open.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Facts {
    /// Shortage of each year, summed over the draws.
    short: Vec<u64>,
    idle: Vec<u64>,
    /// Draws in which the slot has every place in the secured year, a bit a draw; bits beyond the draws are set.
    secured: Vec<u64>,
}

/// Tables of the facts of stepwise slots.
#[derive(Debug, Default)]
pub(super) struct Sides {
    /// By slot and open choices; nothing where a slot is not stepwise.
    tables: OnceLock<Vec<Vec<Facts>>>,
}

impl Sides {
    pub(super) fn of<L: Lane>(&self, arrays: &Arrays<'_, L>, isa: Isa, schedules: &[Vec<Pick>]) -> Vec<Side> {
        let is_tabulated = |slot: &CellArrays<'_, L>| slot.is_stepwise() && slot.choices.len() <= MOST_OPEN;
        let tables = self.tables.get_or_init(|| {
            (arrays.slots.par_iter())
                .map(|slot| if is_tabulated(slot) { table(arrays, slot, isa) } else { Vec::new() })
                .collect()
        });
        let met: Vec<(Vec<Facts>, Vec<u32>)> = (arrays.slots.par_iter())
            .map(|slot| {
                if is_tabulated(slot) {
                    return Default::default();
                }
                let (met, which) = combinations(slot, schedules);
                (isa.run(FactsOf { arrays, slot, met: &met }), which)
            })
            .collect();
        let years = arrays.problem.years;
        let beyond = (arrays.tiles * LANES - arrays.problem.draws) as u64;
        (0..schedules.len())
            .into_par_iter()
            .map_init(
                || vec![0; arrays.tiles],
                |secured, s| {
                    let mut side = Side::default();
                    secured.fill(u64::MAX);
                    for ((slot, table), (facts, which)) in arrays.slots.iter().zip(tables).zip(&met) {
                        let mut add = |facts: &Facts, years: std::ops::Range<usize>| {
                            for t in years {
                                side.worst = side.worst.max(facts.short[t]);
                                side.idle += facts.idle[t];
                                if t == arrays.problem.secure {
                                    for (all, own) in secured.iter_mut().zip(&facts.secured) {
                                        *all &= own;
                                    }
                                }
                            }
                        };
                        if is_tabulated(slot) {
                            for t in 0..years {
                                let open = slot.open(&schedules[s], t);
                                add(&table[open], t..t + 1);
                            }
                        } else {
                            add(&facts[which[s] as usize], 0..years);
                        }
                    }
                    side.secured =
                        secured.iter().map(|bits| u64::from(bits.count_ones())).sum::<u64>() - beyond;
                    side
                },
            )
            .collect()
    }
}

/// The facts of a stepwise slot by what is open, as if it were open from the first year on.
fn table<L: Lane>(arrays: &Arrays<'_, L>, slot: &CellArrays<'_, L>, isa: Isa) -> Vec<Facts> {
    (0..1_usize << slot.choices.len()).map(|open| isa.run(FactsOpen { arrays, slot, open })).collect()
}

impl Facts {
    fn new<L: Lane>(arrays: &Arrays<'_, L>) -> Self {
        let years = arrays.problem.years;
        Self { short: vec![0; years], idle: vec![0; years], secured: vec![u64::MAX; arrays.tiles] }
    }

    #[inline(always)]
    fn add<N: Whole + Into<i64>>(
        &mut self,
        t: usize,
        tile: usize,
        net: &Block<N>,
        lanes: usize,
        secure: usize,
    ) {
        let (mut short, mut sum, mut bits) = (0_i64, 0_i64, u64::MAX);
        for (lane, &n) in net.0[..lanes].iter().enumerate() {
            let n: i64 = n.into();
            short += n.max(0);
            sum += n;
            bits &= !(u64::from(n > 0) << lane);
        }
        self.short[t] += short as u64;
        // places less pupils, where there are more places
        self.idle[t] += (short - sum) as u64;
        if t == secure {
            self.secured[tile] = bits;
        }
    }
}

/// Facts of one slot under each combination.
struct FactsOf<'t, 'a, L: Lane> {
    arrays: &'t Arrays<'a, L>,
    slot: &'t CellArrays<'a, L>,
    met: &'t [Vec<Pick>],
}

impl<L: Lane> Work for FactsOf<'_, '_, L> {
    type Output = Vec<Facts>;

    #[inline(always)]
    fn run(self) -> Vec<Facts> {
        let problem = self.arrays.problem;
        let mut facts: Vec<Facts> = self.met.iter().map(|_| Facts::new(self.arrays)).collect();
        for tile in 0..self.arrays.tiles {
            let lanes = LANES.min(problem.draws - tile * LANES);
            let mut of_tile = CellTile::new(problem, self.slot, tile);
            for (picks, facts) in self.met.iter().zip(&mut facts) {
                of_tile.each_year(picks, |t, net| facts.add(t, tile, net, lanes, problem.secure));
            }
        }
        facts
    }
}

/// Facts of one stepwise slot with some choices open in every year.
struct FactsOpen<'t, 'a, L: Lane> {
    arrays: &'t Arrays<'a, L>,
    slot: &'t CellArrays<'a, L>,
    open: usize,
}

impl<L: Lane> Work for FactsOpen<'_, '_, L> {
    type Output = Facts;

    #[inline(always)]
    fn run(self) -> Facts {
        let problem = self.arrays.problem;
        let mut facts = Facts::new(self.arrays);
        for tile in 0..self.arrays.tiles {
            let lanes = LANES.min(problem.draws - tile * LANES);
            for t in 0..problem.years {
                let places = Block::of(self.slot.places(self.open, t));
                let net = self.slot.net[tile * problem.years + t].less(&places);
                facts.add(t, tile, &net, lanes, problem.secure);
            }
        }
        facts
    }
}
