//! The fast kernel: shortage adds up over slots, and a project touches only its own.
//!
//! ```text
//! total[s,d] = sum over slots c of L[c, picks of s in c][d]          L: shortage of a slot, summed over the years
//! ```
//!
//! A *row* is a figure of one slot, a number a draw. Which rows a schedule adds up depends on the slot:
//!
//! ```text
//! stepwise   L = L[nothing] - sum over choices i that open, in the order of opening, of G[i, opened before i, year of i]
//!            G[i, m, v] = sum over t >= v of max(0, net_t - places_t(m)) - max(0, net_t - places_t(m + i))
//! otherwise  L itself, one row for each combination of picks that is met
//! ```
//!
//! G is what choice i gains from year v on when the choices m are open: one row a project that opens, from a table of
//! 2^(n-1) n T rows for n choices.
//!
//! Rows are made tile by tile (64 draws) and block by block: a *block* is as many slots as keep their rows in the cache and
//! their shortage in the width of a row. Every schedule of the batch adds the rows of the block; then the block's memory
//! serves the next. So the whole table never stands in memory, however many zones and projects there are.

use rayon::prelude::*;
use seatcast_core::{
    isa::{Isa, Work},
    supply::Pick,
};

use super::{
    arrays::{Arrays, CellArrays, CellTile},
    kernel::{Tail, Tails, finish},
    lanes::{Block, Lane},
    neighbours::{Differences, DifferencesOf},
    sides::{Side, Sides},
};

/// Bytes of the rows of a block: a quarter of a usual second-level cache.
const BLOCK_BYTES: usize = 256 << 10;
/// Bytes of the totals of a batch.
pub(super) const BATCH_BYTES: usize = 16 << 20;
/// Schedules whose lists of rows are made together.
const RUN: usize = 512;
/// Choices of a slot whose gains are tabulated at most: 6 make 192 rows a year.
const MOST_GAINS: usize = 6;

/// The fast kernel for one problem.
pub(super) struct Fast<'a, L: Lane> {
    arrays: Arrays<'a, L>,
    isa: Isa,
    sides: Sides,
    /// Shortage of slots that no choice changes, by tile.
    constant: Vec<Block<L::Total>>,
}

/// What the schedules of a batch add up.
struct Batch {
    /// Slots whose rows are in the cache together.
    blocks: Vec<Vec<usize>>,
    /// Combinations met, by slot; nothing where gains are tabulated.
    met: Vec<Vec<Vec<Pick>>>,
    /// Lists of rows, by run of [`RUN`] schedules and block.
    lists: Vec<Vec<List>>,
}

/// The rows of a block that each schedule of a run adds, one schedule after the other.
struct List {
    rows: Vec<u32>,
    /// Where those of each schedule end.
    ends: Vec<u32>,
}

impl<'a, L: Lane> Fast<'a, L> {
    pub(super) fn new(arrays: Arrays<'a, L>, isa: Isa) -> Self {
        let constant = (0..arrays.tiles)
            .into_par_iter()
            .map(|tile| isa.run(Constant { arrays: &arrays, tile }))
            .collect();
        Self { arrays, isa, sides: Sides::default(), constant }
    }

    /// Slots that some choice changes.
    fn varying(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.arrays.slots.len()).filter(|&c| !self.arrays.slots[c].choices.is_empty())
    }

    fn has_gains(&self, slot: usize) -> bool {
        let slot = &self.arrays.slots[slot];
        slot.is_stepwise() && slot.choices.len() <= MOST_GAINS
    }

    /// Schedules that are scored in one go: as many as keep their totals within [`BATCH_BYTES`].
    fn batch_length(&self) -> usize {
        let bytes = self.arrays.tiles * size_of::<Block<L::Total>>();
        // rows of combinations are worth more the more schedules share them
        let shared = if self.varying().all(|c| self.has_gains(c)) { 1 } else { 4 };
        (shared * BATCH_BYTES / bytes.max(1)).clamp(RUN, 64 * RUN)
    }

    fn batch(&self, schedules: &[Vec<Pick>]) -> Batch {
        let years = self.arrays.problem.years;
        let slots: Vec<usize> = self.varying().collect();
        let combined: Vec<(Vec<Vec<Pick>>, Vec<u32>)> = slots
            .par_iter()
            .map(|&c| {
                let slot = &self.arrays.slots[c];
                if self.has_gains(c) { Default::default() } else { combinations(slot, schedules) }
            })
            .collect();
        let rows: Vec<usize> = (slots.iter().zip(&combined))
            .map(|(&c, (met, _))| {
                let choices = self.arrays.slots[c].choices.len();
                if self.has_gains(c) { gain_rows(choices, years) } else { met.len() }
            })
            .collect();
        let blocks = self.blocks(&slots, &rows);
        let lists = (schedules.par_chunks(RUN).enumerate())
            .map(|(run, schedules)| {
                let list = |block: &std::ops::Range<usize>| {
                    let mut list = List {
                        rows: Vec::with_capacity(2 * block.len() * schedules.len()),
                        ends: Vec::with_capacity(schedules.len()),
                    };
                    for (s, picks) in schedules.iter().enumerate() {
                        let mut first = 0;
                        for at in block.clone() {
                            if self.has_gains(slots[at]) {
                                add_gains(&self.arrays.slots[slots[at]], years, picks, first, &mut list.rows);
                            } else {
                                list.rows.push(first as u32 + combined[at].1[run * RUN + s]);
                            }
                            first += rows[at];
                        }
                        list.ends.push(list.rows.len() as u32);
                    }
                    list
                };
                blocks.iter().map(list).collect()
            })
            .collect();
        let blocks = blocks.iter().map(|block| slots[block.clone()].to_vec()).collect();
        let mut met = vec![Vec::new(); self.arrays.slots.len()];
        for (c, (combinations, _)) in slots.into_iter().zip(combined) {
            met[c] = combinations;
        }
        Batch { blocks, met, lists }
    }

    /// Runs of slots whose rows fit the cache and whose shortage fits the width.
    fn blocks(&self, slots: &[usize], rows: &[usize]) -> Vec<std::ops::Range<usize>> {
        let mut blocks: Vec<(std::ops::Range<usize>, usize, u64)> = Vec::new();
        for (at, (&c, &rows)) in slots.iter().zip(rows).enumerate() {
            let most = self.arrays.slots[c].most;
            match blocks.last_mut() {
                Some((block, sum, sum_most))
                    if (*sum + rows) * size_of::<Block<L>>() <= BLOCK_BYTES
                        && sum_most.saturating_add(most) <= L::MOST =>
                {
                    block.end = at + 1;
                    (*sum, *sum_most) = (*sum + rows, *sum_most + most);
                }
                _ => blocks.push((at..at + 1, rows, most)),
            }
        }
        blocks.into_iter().map(|(block, _, _)| block).collect()
    }
}

impl<L: Lane> Tails for Fast<'_, L> {
    fn sides(&self, schedules: &[Vec<Pick>]) -> Vec<Side> {
        self.sides.of(&self.arrays, self.isa, schedules)
    }

    fn differences(&self, plan: &[Pick]) -> Box<dyn Differences + '_> {
        Box::new(DifferencesOf::new(&self.arrays, self.isa, plan))
    }

    fn tails(&self, schedules: &[Vec<Pick>]) -> Vec<Tail> {
        let tiles = self.arrays.tiles;
        let length = self.batch_length().min(schedules.len());
        // as many tasks as keep every thread busy
        let splits = (2 * rayon::current_num_threads()).div_ceil(tiles);
        let mut totals = vec![Block::of(L::Total::default()); tiles * length];
        let mut tails = Vec::with_capacity(schedules.len());
        for schedules in schedules.chunks(length.max(1)) {
            let count = schedules.len();
            let batch = self.batch(schedules);
            let part = count.div_ceil(splits).next_multiple_of(RUN);
            let tasks: Vec<AddUp<'_, '_, L>> = totals[..tiles * count]
                .chunks_mut(count)
                .enumerate()
                .flat_map(|(tile, of_tile)| {
                    of_tile.chunks_mut(part).enumerate().map(move |(n, t)| (tile, n, t))
                })
                .map(|(tile, n, totals)| {
                    let lists = &batch.lists[n * part / RUN..];
                    AddUp { fast: self, batch: &batch, lists, tile, totals }
                })
                .collect();
            tasks.into_par_iter().for_each(|task| self.isa.run(task));
            let totals = &totals;
            tails.par_extend((0..count).into_par_iter().map_init(Vec::new, |of_schedule, s| {
                of_schedule.clear();
                of_schedule.extend((0..tiles).map(|tile| totals[tile * count + s]));
                finish(self.isa, self.arrays.problem.draws, of_schedule)
            }));
        }
        tails
    }
}

/// The combinations of picks met in a slot, in order, and which of them each schedule has.
///
/// Choice by choice: those that differ so far are numbered in order, and the next pick divides them further. A number never
/// exceeds schedules times rounds, however many choices there are, and nothing is sorted.
pub(super) fn combinations<L: Lane>(
    slot: &CellArrays<'_, L>,
    schedules: &[Vec<Pick>],
) -> (Vec<Vec<Pick>>, Vec<u32>) {
    let mut which = vec![0_u32; schedules.len()];
    // a schedule for each combination
    let mut example = vec![0_u32; usize::from(!schedules.is_empty())];
    for here in &slot.choices {
        let ways = here.rounds + 1;
        let mut number = vec![u32::MAX; example.len() * ways];
        for ((s, which), picks) in (0..).zip(&mut which).zip(schedules) {
            *which = *which * ways as u32 + picks[here.choice].map_or(0, |r| r as u32 + 1);
            number[*which as usize] = s;
        }
        example.clear();
        for number in number.iter_mut().filter(|n| **n != u32::MAX) {
            let next = example.len() as u32;
            example.push(std::mem::replace(number, next));
        }
        for which in &mut which {
            *which = number[*which as usize];
        }
    }
    let picks = |&s: &u32| slot.choices.iter().map(|c| schedules[s as usize][c.choice]).collect();
    (example.iter().map(picks).collect(), which)
}

/// Rows of the gains of a slot with so many choices.
fn gain_rows(choices: usize, years: usize) -> usize {
    choices * (1 << (choices - 1)) * years
}

/// The row of what choice `i` gains from year `v` on when `open` are open, `i` not among them.
#[inline(always)]
fn gain_row(choices: usize, years: usize, i: usize, open: usize, v: usize) -> usize {
    // without the place of i among the bits
    let others = (open & ((1 << i) - 1)) | (open >> (i + 1) << i);
    (i * (1 << (choices - 1)) + others) * years + v
}

/// Adds the rows of a schedule in a stepwise slot.
fn add_gains<L: Lane>(
    slot: &CellArrays<'_, L>,
    years: usize,
    picks: &[Pick],
    first: usize,
    rows: &mut Vec<u32>,
) {
    let mut opened = [(0, 0); MOST_GAINS];
    let mut count = 0;
    for (i, here) in slot.choices.iter().enumerate() {
        let (Some(r), Some(step)) = (picks[here.choice], &here.step) else { continue };
        let v = step.opens[r];
        if v < years {
            // by year of opening, as few as they are
            let mut at = count;
            while at > 0 && opened[at - 1].0 > v {
                opened[at] = opened[at - 1];
                at -= 1;
            }
            opened[at] = (v, i);
            count += 1;
        }
    }
    let mut open = 0;
    for &(v, i) in &opened[..count] {
        rows.push((first + gain_row(slot.choices.len(), years, i, open, v)) as u32);
        open |= 1 << i;
    }
}

/// Shortage of the slots that no choice changes, in one tile.
struct Constant<'t, 'a, L: Lane> {
    arrays: &'t Arrays<'a, L>,
    tile: usize,
}

impl<L: Lane> Work for Constant<'_, '_, L> {
    type Output = Block<L::Total>;

    #[inline(always)]
    fn run(self) -> Self::Output {
        let mut sum = Block::of(L::Total::default());
        for slot in self.arrays.slots.iter().filter(|slot| slot.choices.is_empty()) {
            let mut row = Block::of(L::default());
            CellTile::new(self.arrays.problem, slot, self.tile).each_year(&[], |_, net| {
                row = row.plus(&net.positive().map(L::of_net));
            });
            sum = sum.plus(&row.map(L::total));
        }
        sum
    }
}

/// Adds up the rows of schedules in one tile.
struct AddUp<'t, 'a, L: Lane> {
    fast: &'t Fast<'a, L>,
    batch: &'t Batch,
    /// Those of the first schedule and on.
    lists: &'t [Vec<List>],
    tile: usize,
    totals: &'t mut [Block<L::Total>],
}

impl<L: Lane> Work for AddUp<'_, '_, L> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { fast, batch, lists, tile, totals } = self;
        totals.fill(fast.constant[tile]);
        let mut rows: Vec<Block<L>> = Vec::new();
        for (b, slots) in batch.blocks.iter().enumerate() {
            rows.clear();
            let mut base = Block::of(L::default());
            for &c in slots {
                let slot = &fast.arrays.slots[c];
                if fast.has_gains(c) {
                    base = base.plus(&make_gains(&fast.arrays, slot, tile, &mut rows));
                } else {
                    make_combinations(&fast.arrays, slot, tile, &batch.met[c], &mut rows);
                }
            }
            for (run, totals) in lists.iter().zip(totals.chunks_mut(RUN)) {
                let mut from = 0;
                for (total, &end) in totals.iter_mut().zip(&run[b].ends) {
                    let mut sum = base;
                    for &row in &run[b].rows[from..end as usize] {
                        sum = sum.plus(&rows[row as usize]);
                    }
                    from = end as usize;
                    *total = total.plus(&sum.map(L::total));
                }
            }
        }
    }
}

/// Makes the rows of a stepwise slot, each the negative of a gain; gives the shortage when nothing opens.
#[inline(always)]
fn make_gains<L: Lane>(
    arrays: &Arrays<'_, L>,
    slot: &CellArrays<'_, L>,
    tile: usize,
    rows: &mut Vec<Block<L>>,
) -> Block<L> {
    let years = arrays.problem.years;
    let net = &slot.net[tile * years..(tile + 1) * years];
    let n = slot.choices.len();
    // shortage from each year on, by what is open
    let mut from = vec![Block::of(L::default()); (1 << n) * (years + 1)];
    for open in 0..1_usize << n {
        let from = &mut from[open * (years + 1)..(open + 1) * (years + 1)];
        for t in (0..years).rev() {
            let places = Block::of(slot.places(open, t));
            from[t] = from[t + 1].plus(&net[t].less(&places).positive().map(L::of_net));
        }
    }
    for i in 0..n {
        for open in (0..1_usize << n).filter(|open| open >> i & 1 == 0) {
            let without = &from[open * (years + 1)..];
            let with = &from[(open | 1 << i) * (years + 1)..];
            rows.extend((0..years).map(|v| with[v].less(&without[v])));
        }
    }
    from[0]
}

/// Makes the row of each combination.
#[inline(always)]
fn make_combinations<L: Lane>(
    arrays: &Arrays<'_, L>,
    slot: &CellArrays<'_, L>,
    tile: usize,
    met: &[Vec<Pick>],
    rows: &mut Vec<Block<L>>,
) {
    let mut of_tile = CellTile::new(arrays.problem, slot, tile);
    for picks in met {
        rows.push(of_tile.short(picks));
    }
}
