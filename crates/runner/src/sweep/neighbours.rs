//! Schedules that differ from a plan in one or two choices, at the cost of the difference.
//!
//! ```text
//! total of neighbour = total of plan + sum over changed choices of (rows of its slots with the change - rows without)
//! ```
//!
//! The difference of every single change is made once, with the least and the most that it comes to in any draw. Draws stand
//! in the order of the plan's totals, the worst first. With c the k-th largest total of the plan, and low and high the
//! bounds of a neighbour's changes together:
//!
//! ```text
//! k-th largest total of the neighbour    in c + low ..= c + high
//! draws that can be among its worst      total of plan >= c + low - high: the first few of them
//! ```
//!
//! Only those draws are looked at. The sum over all draws is that of the plan and of the changes. Choices of one slot do not
//! add up: the rows of such a slot are made anew where it is stepwise; else the neighbour is scored in full, and so is
//! everything under a rule that does not add up.

use rayon::prelude::*;
use seatcast_core::{
    isa::{Isa, Work},
    supply::Pick,
};

use super::{
    arrays::{Arrays, CellArrays, CellTile},
    kernel::{Kernel, Tail, finish},
    lanes::{Block, LANES, Lane, Total},
    score::tail_of,
    select::sum_of_largest_between,
};

/// Neighbours that a task takes together.
const RUN: usize = 128;

/// Another pick of a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Index of the choice in the menu.
    pub choice: usize,
    /// Its pick.
    pub pick: Pick,
}

/// A plan and what lies around it.
pub struct Neighbourhood<'k> {
    kernel: &'k Kernel<'k>,
    plan: Vec<Pick>,
    differences: Option<Box<dyn Differences + 'k>>,
}

impl<'k> Neighbourhood<'k> {
    /// Around `plan`, a pick for each choice of the menu.
    pub fn new(kernel: &'k Kernel<'k>, plan: &[Pick]) -> Self {
        let differences = kernel.differences(plan);
        Self { kernel, plan: plan.to_vec(), differences }
    }

    /// The plan with some changes.
    pub fn changed(&self, changes: &[Change]) -> Vec<Pick> {
        let mut picks = self.plan.clone();
        for change in changes {
            picks[change.choice] = change.pick;
        }
        picks
    }

    /// Shortage of neighbours, in order; each is a list of changes of different choices.
    pub fn tails(&self, neighbours: &[Vec<Change>]) -> Vec<Tail> {
        let near: Vec<Option<Tail>> = match &self.differences {
            Some(differences) => {
                neighbours.par_chunks(RUN).flat_map_iter(|some| differences.tails(some)).collect()
            }
            None => vec![None; neighbours.len()],
        };
        let rest: Vec<Vec<Pick>> = near
            .iter()
            .zip(neighbours)
            .filter(|(near, _)| near.is_none())
            .map(|(_, changes)| self.changed(changes))
            .collect();
        let mut in_full = self.kernel.tails(&rest).into_iter();
        near.into_iter().filter_map(|near| near.or_else(|| in_full.next())).collect()
    }
}

/// Differences that single changes make.
pub(super) trait Differences: Send + Sync {
    /// Shortage after some changes; nothing where they do not add up and cannot be made anew.
    fn tails(&self, neighbours: &[Vec<Change>]) -> Vec<Option<Tail>>;
}

/// Differences in one width.
pub(super) struct DifferencesOf<'t, 'a, L: Lane> {
    arrays: &'t Arrays<'a, L>,
    isa: Isa,
    plan: Vec<Pick>,
    /// Totals of the plan, by tile, draws in their own order.
    totals: Vec<Block<L::Total>>,
    /// The rows of each slot under the plan, by slot and tile.
    own: Vec<Block<L>>,
    /// The totals from the largest to the least, in blocks and as plain numbers.
    sorted: Vec<Block<L::Total>>,
    falling: Vec<u64>,
    /// Their sum.
    sum: u64,
    /// The first change of each choice: never, then its rounds.
    first: Vec<usize>,
    /// By change.
    bounds: Vec<Bound>,
    /// By change and tile, draws in the order of `sorted`.
    rows: Vec<Block<L::Total>>,
    /// Slots that each choice changes.
    slots: Vec<Vec<usize>>,
}

/// What a change comes to.
#[derive(Debug, Clone, Copy, Default)]
struct Bound {
    /// The least and the most in any draw.
    low: i64,
    high: i64,
    /// Over all draws, modulo 2^64.
    sum: u64,
}

impl<'t, 'a, L: Lane> DifferencesOf<'t, 'a, L> {
    pub(super) fn new(arrays: &'t Arrays<'a, L>, isa: Isa, plan: &[Pick]) -> Self {
        let (tiles, draws) = (arrays.tiles, arrays.problem.draws);
        let mut slots = vec![Vec::new(); plan.len()];
        for (c, slot) in arrays.slots.iter().enumerate() {
            for here in &slot.choices {
                slots[here.choice].push(c);
            }
        }
        let mut first = Vec::with_capacity(plan.len());
        let mut count = 0;
        for costs in &arrays.problem.costs {
            first.push(count);
            count += costs.len() + 1;
        }
        let of_tiles: Vec<OfTile<L>> = (0..tiles)
            .into_par_iter()
            .map(|tile| isa.run(MakeTile { arrays, plan, tile, first: &first, count }))
            .collect();
        let totals: Vec<Block<L::Total>> = of_tiles.iter().map(|of| of.total).collect();
        let own = (0..arrays.slots.len()).flat_map(|c| of_tiles.iter().map(move |of| of.own[c])).collect();
        let of_draw = |d: usize| -> u64 { totals[d / LANES].0[d % LANES].into() };
        let mut order: Vec<usize> = (0..draws).collect();
        order.sort_by_key(|&d| (std::cmp::Reverse(of_draw(d)), d));
        let falling: Vec<u64> = order.iter().map(|&d| of_draw(d)).collect();
        let sorted = in_order(&order, &totals);
        // how far the differences of a choice reach; where that may not fit their width, nothing is known of them
        let known: Vec<bool> = slots
            .iter()
            .map(|slots| {
                let reach = slots.iter().fold(0_u64, |sum, &c| sum.saturating_add(arrays.slots[c].most));
                reach <= L::Total::MOST / 2 && reach < 1 << 60
            })
            .collect();
        let known_of: Vec<bool> = (arrays.problem.costs.iter().zip(&known))
            .flat_map(|(costs, known)| std::iter::repeat_n(*known, costs.len() + 1))
            .collect();
        let mut rows = vec![Block::of(L::Total::default()); count * tiles];
        let bounds = rows
            .par_chunks_mut(tiles.max(1))
            .zip(known_of)
            .enumerate()
            .map(|(change, (row, known))| {
                let plain: Vec<Block<L::Total>> = of_tiles.iter().map(|of| of.rows[change]).collect();
                row.copy_from_slice(&in_order(&order, &plain));
                isa.run(BoundOf { row, draws, known })
            })
            .collect();
        let (sum, plan) = (falling.iter().fold(0, |sum: u64, n| sum.wrapping_add(*n)), plan.to_vec());
        Self { arrays, isa, plan, totals, own, sorted, falling, sum, first, bounds, rows, slots }
    }

    fn index(&self, change: &Change) -> usize {
        self.first[change.choice] + change.pick.map_or(0, |r| r + 1)
    }

    /// Whether some changes meet in a slot.
    fn meet(&self, changes: &[Change]) -> bool {
        changes.iter().enumerate().any(|(n, a)| {
            let shared = |b: &Change| self.slots[a.choice].iter().any(|c| self.slots[b.choice].contains(c));
            changes[n + 1..].iter().any(shared)
        })
    }
}

/// Figures of draws in another order; lanes beyond the draws are 0.
fn in_order<T: Total>(order: &[usize], figures: &[Block<T>]) -> Vec<Block<T>> {
    let mut out = vec![Block::of(T::default()); figures.len()];
    for (out, order) in out.iter_mut().zip(order.chunks(LANES)) {
        for (out, &d) in out.0.iter_mut().zip(order) {
            *out = figures[d / LANES].0[d % LANES];
        }
    }
    out
}

/// Finds the bounds of a change.
struct BoundOf<'t, T> {
    row: &'t [Block<T>],
    draws: usize,
    known: bool,
}

impl<T: Total> Work for BoundOf<'_, T> {
    type Output = Bound;

    #[inline(always)]
    fn run(self) -> Bound {
        let mut bound = Bound { low: -(1 << 60), high: 1 << 60, sum: 0 };
        if self.known {
            let (mut low, mut high) = (Block::of(T::Signed::default()), Block::of(T::Signed::default()));
            for block in self.row {
                let signed = block.map(T::signed);
                for lane in 0..LANES {
                    low.0[lane] = low.0[lane].min(signed.0[lane]);
                }
                high = high.max(&signed);
                bound.sum = signed.0.iter().fold(bound.sum, |sum, &n| sum.wrapping_add(n.into() as u64));
            }
            bound.low = low.0.iter().map(|&n| n.into()).fold(0, i64::min);
            bound.high = high.0.iter().map(|&n| n.into()).fold(0, i64::max);
        }
        debug_assert!(self.draws <= self.row.len() * LANES);
        bound
    }
}

impl<L: Lane> Differences for DifferencesOf<'_, '_, L> {
    fn tails(&self, neighbours: &[Vec<Change>]) -> Vec<Option<Tail>> {
        self.isa.run(Score { of: self, neighbours })
    }
}

/// Scores some neighbours.
struct Score<'t, 'd, 'a, L: Lane> {
    of: &'t DifferencesOf<'d, 'a, L>,
    neighbours: &'t [Vec<Change>],
}

impl<L: Lane> Work for Score<'_, '_, '_, L> {
    type Output = Vec<Option<Tail>>;

    #[inline(always)]
    fn run(self) -> Self::Output {
        let Self { of, neighbours } = self;
        let tiles = of.arrays.tiles;
        let draws = of.arrays.problem.draws;
        let k = tail_of(draws).min(draws);
        let mut totals = vec![Block::of(L::Total::default()); tiles];
        let mut out = Vec::with_capacity(neighbours.len());
        for changes in neighbours {
            if changes.len() > 1 && of.meet(changes) {
                out.push(of.anew(changes, &mut totals));
                continue;
            }
            let (mut low, mut high, mut sum) = (0_i64, 0_i64, of.sum);
            for change in changes {
                let bound = &of.bounds[of.index(change)];
                (low, high) = (low + bound.low, high + bound.high);
                sum = sum.wrapping_add(bound.sum);
            }
            let known = high - low < 1 << 60;
            let after = |total: u64, by: i64| total.saturating_add_signed(by).min(L::Total::MOST);
            let kth = k.checked_sub(1).and_then(|n| of.falling.get(n)).filter(|_| known);
            let (looked_at, range, most) = match kth {
                Some(&cut) => {
                    let enough = after(cut, low - high);
                    let draws = of.falling.partition_point(|&total| total >= enough);
                    let most = after(of.falling[0], high);
                    (draws.div_ceil(LANES), (after(cut, low), after(cut, high)), most)
                }
                None => (tiles, (0, L::Total::MOST), L::Total::MOST),
            };
            let totals = &mut totals[..looked_at];
            totals.copy_from_slice(&of.sorted[..looked_at]);
            for change in changes {
                let row = &of.rows[of.index(change) * tiles..][..looked_at];
                for (total, row) in totals.iter_mut().zip(row) {
                    *total = total.plus(row);
                }
            }
            if !known {
                sum = totals.iter().flat_map(|block| block.0).fold(0, |sum, n| sum.wrapping_add(n.into()));
            }
            out.push(Some(Tail { shortage: sum, tail: sum_of_largest_between(totals, k, range, most) }));
        }
        out
    }
}

impl<L: Lane> DifferencesOf<'_, '_, L> {
    /// Shortage of a neighbour whose changes meet in a slot: the rows of its slots are made anew, where all are stepwise.
    #[inline(always)]
    fn anew(&self, changes: &[Change], totals: &mut [Block<L::Total>]) -> Option<Tail> {
        let mut slots: Vec<usize> = changes.iter().flat_map(|c| &self.slots[c.choice]).copied().collect();
        slots.sort_unstable();
        slots.dedup();
        if !slots.iter().all(|&c| self.arrays.slots[c].is_stepwise()) {
            return None;
        }
        let mut picks = self.plan.clone();
        for change in changes {
            picks[change.choice] = change.pick;
        }
        totals.copy_from_slice(&self.totals);
        let (tiles, years) = (self.arrays.tiles, self.arrays.problem.years);
        for c in slots {
            let slot = &self.arrays.slots[c];
            let places: Vec<L::Net> = (0..years).map(|t| slot.places(slot.open(&picks, t), t)).collect();
            for (tile, total) in totals.iter_mut().enumerate() {
                let mut row = Block::of(L::default());
                for (net, &places) in slot.net[tile * years..(tile + 1) * years].iter().zip(&places) {
                    row = row.plus(&net.less(&Block::of(places)).positive().map(L::of_net));
                }
                let before = self.own[c * tiles + tile].map(L::total);
                *total = total.plus(&row.map(L::total).less(&before));
            }
        }
        Some(finish(self.isa, self.arrays.problem.draws, totals))
    }
}

/// The plan and the differences around it in one tile.
struct OfTile<L: Lane> {
    /// Total of the plan.
    total: Block<L::Total>,
    /// Its rows by slot.
    own: Vec<Block<L>>,
    /// Differences by change.
    rows: Vec<Block<L::Total>>,
}

/// Makes them.
struct MakeTile<'t, 'a, L: Lane> {
    arrays: &'t Arrays<'a, L>,
    plan: &'t [Pick],
    tile: usize,
    first: &'t [usize],
    count: usize,
}

impl<L: Lane> Work for MakeTile<'_, '_, L> {
    type Output = OfTile<L>;

    #[inline(always)]
    fn run(self) -> Self::Output {
        let slots = &self.arrays.slots;
        let mut rows = vec![Block::of(L::Total::default()); self.count];
        let mut own = Vec::with_capacity(slots.len());
        let mut total = Block::of(L::Total::default());
        for slot in slots {
            let before = if slot.is_stepwise() {
                self.steps(slot, &mut rows)
            } else {
                self.combinations(slot, &mut rows)
            };
            total = total.plus(&before.map(L::total));
            own.push(before);
        }
        OfTile { total, own, rows }
    }
}

impl<L: Lane> MakeTile<'_, '_, L> {
    /// Adds the differences in a stepwise slot; gives its row under the plan.
    ///
    /// With the other choices as they are, the row of a choice that opens in year v is a sum over the years without it before
    /// v, and with it from v on: all years of opening in one pass.
    #[inline(always)]
    fn steps(&self, slot: &CellArrays<'_, L>, rows: &mut [Block<L::Total>]) -> Block<L> {
        let Self { arrays, plan, tile, first, .. } = *self;
        let years = arrays.problem.years;
        let net = &slot.net[tile * years..(tile + 1) * years];
        let short =
            |t: usize, open: usize| net[t].less(&Block::of(slot.places(open, t))).positive().map(L::of_net);
        let mut before = Block::of(L::default());
        for t in 0..years {
            before = before.plus(&short(t, slot.open(plan, t)));
        }
        // by year of opening; the last: not at all
        let mut of_year = vec![Block::of(L::default()); years + 1];
        for (j, here) in slot.choices.iter().enumerate() {
            let Some(step) = &here.step else { continue };
            let mut never = Block::of(L::default());
            for t in (0..years).rev() {
                let others = slot.open(plan, t) & !(1 << j);
                let without = short(t, others);
                never = never.plus(&without);
                of_year[t] = short(t, others | 1 << j).less(&without);
            }
            of_year[years] = never;
            for t in (0..years).rev() {
                of_year[t] = if t + 1 == years { of_year[t] } else { of_year[t].plus(&of_year[t + 1]) };
            }
            for row in &mut of_year[..years] {
                *row = row.plus(&never);
            }
            let before = before.map(L::total);
            for n in 0..=here.rounds {
                let opens = n.checked_sub(1).map_or(years, |r| step.opens[r]);
                let row = &mut rows[first[here.choice] + n];
                *row = row.plus(&of_year[opens].map(L::total).less(&before));
            }
        }
        before
    }

    /// Adds the differences in a slot that is not stepwise; gives its row under the plan.
    #[inline(always)]
    fn combinations(&self, slot: &CellArrays<'_, L>, rows: &mut [Block<L::Total>]) -> Block<L> {
        let Self { arrays, plan, tile, first, .. } = *self;
        let mut of_tile = CellTile::new(arrays.problem, slot, tile);
        let own: Vec<Pick> = slot.choices.iter().map(|here| plan[here.choice]).collect();
        let mut row = |picks: &[Pick]| {
            let mut row = Block::of(L::default());
            of_tile.each_year(picks, |_, net| row = row.plus(&net.positive().map(L::of_net)));
            row
        };
        let before = row(&own);
        for (j, here) in slot.choices.iter().enumerate() {
            for n in 0..=here.rounds {
                let mut picks = own.clone();
                picks[j] = n.checked_sub(1);
                let difference = &mut rows[first[here.choice] + n];
                *difference = difference.plus(&row(&picks).map(L::total).less(&before.map(L::total)));
            }
        }
        before
    }
}
