//! Schedules that differ from a plan in one or two choices, at the cost of the difference.
//!
//! ```text
//! total of neighbour = total of plan + sum over changed choices of (rows of its cells with the change - rows without)
//! ```
//!
//! The difference of every single change is made once, so a neighbour costs one addition of a row for each changed choice,
//! and the selection of its worst draws. Two choices of one cell do not add up: such a pair is scored in full, and so is
//! everything under a rule that does not add up.

use rayon::prelude::*;
use seatcast_core::supply::Pick;

use super::{
    arrays::{Arrays, CellTile},
    isa::{Isa, Work},
    kernel::{Kernel, Tail, finish},
    lanes::{Block, Lane},
};

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
            Some(differences) => neighbours.par_iter().map(|changes| differences.tail(changes)).collect(),
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
    /// Shortage after some changes; nothing where they do not add up.
    fn tail(&self, changes: &[Change]) -> Option<Tail>;
}

/// Differences in one width.
pub(super) struct DifferencesOf<L: Lane> {
    isa: Isa,
    draws: usize,
    /// Totals of the plan, by tile.
    totals: Vec<Block<L::Total>>,
    /// The first change of each choice: never, then its rounds.
    first: Vec<usize>,
    /// By change and tile.
    rows: Vec<Block<L::Total>>,
    /// Cells that each choice changes.
    cells: Vec<Vec<usize>>,
}

impl<L: Lane> DifferencesOf<L> {
    pub(super) fn new(arrays: &Arrays<'_, L>, isa: Isa, plan: &[Pick]) -> Self {
        let mut cells = vec![Vec::new(); plan.len()];
        for (c, cell) in arrays.cells.iter().enumerate() {
            for here in &cell.choices {
                cells[here.choice].push(c);
            }
        }
        let mut first = Vec::with_capacity(plan.len());
        let mut count = 0;
        for costs in &arrays.problem.costs {
            first.push(count);
            count += costs.len() + 1;
        }
        let tiles: Vec<Vec<Block<L::Total>>> = (0..arrays.tiles)
            .into_par_iter()
            .map(|tile| isa.run(OfTile { arrays, plan, tile, first: &first, count }))
            .collect();
        let mut rows = Vec::with_capacity(count * tiles.len());
        for change in 0..count {
            rows.extend(tiles.iter().map(|of_tile| of_tile[change]));
        }
        let totals = tiles.iter().map(|of_tile| of_tile[count]).collect();
        Self { isa, draws: arrays.problem.draws, totals, first, rows, cells }
    }
}

impl<L: Lane> Differences for DifferencesOf<L> {
    fn tail(&self, changes: &[Change]) -> Option<Tail> {
        for (n, a) in changes.iter().enumerate() {
            for b in &changes[n + 1..] {
                if self.cells[a.choice].iter().any(|cell| self.cells[b.choice].contains(cell)) {
                    return None;
                }
            }
        }
        let mut totals = self.totals.clone();
        self.isa.run(AddChanges { of: self, changes, totals: &mut totals });
        Some(finish(self.isa, self.draws, &mut totals))
    }
}

struct AddChanges<'t, L: Lane> {
    of: &'t DifferencesOf<L>,
    changes: &'t [Change],
    totals: &'t mut [Block<L::Total>],
}

impl<L: Lane> Work for AddChanges<'_, L> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let tiles = self.totals.len();
        for change in self.changes {
            let at = self.of.first[change.choice] + change.pick.map_or(0, |r| r + 1);
            for (total, row) in self.totals.iter_mut().zip(&self.of.rows[at * tiles..(at + 1) * tiles]) {
                *total = total.plus(row);
            }
        }
    }
}

/// The differences in one tile, then the totals of the plan.
struct OfTile<'t, 'a, L: Lane> {
    arrays: &'t Arrays<'a, L>,
    plan: &'t [Pick],
    tile: usize,
    first: &'t [usize],
    count: usize,
}

impl<L: Lane> Work for OfTile<'_, '_, L> {
    type Output = Vec<Block<L::Total>>;

    #[inline(always)]
    fn run(self) -> Self::Output {
        let Self { arrays, plan, tile, first, count } = self;
        let zero = Block::of(<L::Total as Default>::default());
        let mut rows = vec![zero; count + 1];
        for cell in &arrays.cells {
            let mut of_tile = CellTile::new(arrays.problem, cell, tile);
            let own: Vec<Pick> = cell.choices.iter().map(|here| plan[here.choice]).collect();
            let mut row = |picks: &[Pick]| {
                let mut row = Block::of(L::default());
                of_tile.each_year(picks, |_, net| row = row.plus(&net.positive().map(L::of_net)));
                row.map(L::total)
            };
            let before = row(&own);
            rows[count] = rows[count].plus(&before);
            for (j, here) in cell.choices.iter().enumerate() {
                for n in 0..=here.rounds {
                    let mut picks = own.clone();
                    picks[j] = n.checked_sub(1);
                    let difference = &mut rows[first[here.choice] + n];
                    *difference = difference.plus(&row(&picks).less(&before));
                }
            }
        }
        rows
    }
}
