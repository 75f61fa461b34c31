//! The fast path: shortage adds up over cells, and a project touches only its own.
//!
//! ```text
//! total[s,d] = sum over cells c of row[c, combination(s,c)][d]
//! ```
//!
//! A *row* holds what one cell contributes under one combination of the decisions of its own projects, summed over the
//! years, draw by draw. A combination met again costs one addition a draw. Rows are made when first met.

use std::collections::BTreeMap;

use rayon::prelude::*;
use seatcast_core::supply::Pick;

use super::{
    brute::cost,
    problem::{Cell, Problem},
    score::{Score, sum_of_largest, tail_of},
};

/// One cell under one combination.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    /// Shortage by draw, summed over the years.
    shortage: Vec<u32>,
    /// Its sum over the draws.
    sum: u64,
    /// The largest shortage of a year, summed over the draws.
    worst: u64,
    /// Idle places over years and draws.
    idle: u64,
    /// Whether the cell has every place in the secured year, a bit a draw.
    secured: Vec<u64>,
}

/// The rows met so far.
#[derive(Debug, Clone)]
pub struct Rows<'a> {
    problem: &'a Problem,
    /// By cell: row of each combination met.
    met: Vec<BTreeMap<u64, usize>>,
    made: Vec<Row>,
}

impl<'a> Rows<'a> {
    /// No row yet.
    pub fn new(problem: &'a Problem) -> Self {
        Self { problem, met: vec![BTreeMap::new(); problem.cells.len()], made: Vec::new() }
    }

    /// Scores schedules, in order. Parallel over rows and over schedules; every sum is of whole numbers.
    pub fn scores(&mut self, schedules: &[Vec<Pick>]) -> Vec<Score> {
        self.meet(schedules);
        let rows = &*self;
        schedules
            .par_iter()
            .map_init(|| vec![0_u32; rows.problem.draws], |totals, picks| rows.score(picks, totals))
            .collect()
    }

    /// Makes the rows that these schedules need and that are not there yet.
    fn meet(&mut self, schedules: &[Vec<Pick>]) {
        let mut new: Vec<(usize, &Vec<Pick>)> = Vec::new();
        for (c, cell) in self.problem.cells.iter().enumerate() {
            for picks in schedules {
                let next = self.made.len() + new.len();
                if let std::collections::btree_map::Entry::Vacant(entry) =
                    self.met[c].entry(combination(cell, picks))
                {
                    entry.insert(next);
                    new.push((c, picks));
                }
            }
        }
        let problem = self.problem;
        let made: Vec<Row> =
            new.par_iter().map(|&(c, picks)| Row::new(problem, &problem.cells[c], picks)).collect();
        self.made.extend(made);
    }

    fn score(&self, picks: &[Pick], totals: &mut [u32]) -> Score {
        totals.fill(0);
        let mut secured = vec![u64::MAX; self.problem.draws.div_ceil(64)];
        let mut score =
            Score { draws: self.problem.draws as u64, cost: cost(self.problem, picks), ..Score::default() };
        for (cell, met) in self.problem.cells.iter().zip(&self.met) {
            let row = &self.made[met[&combination(cell, picks)]];
            for (total, short) in totals.iter_mut().zip(&row.shortage) {
                *total += short;
            }
            score.shortage += row.sum;
            score.idle += row.idle;
            score.worst = score.worst.max(row.worst);
            for (all, own) in secured.iter_mut().zip(&row.secured) {
                *all &= own;
            }
        }
        let beyond = self.problem.draws.next_multiple_of(64) - self.problem.draws;
        score.secured = secured.iter().map(|bits| u64::from(bits.count_ones())).sum::<u64>() - beyond as u64;
        score.tail = sum_of_largest(totals, tail_of(self.problem.draws));
        score
    }
}

/// The combination of a cell's own decisions as a number: mixed radix, 0 = never.
fn combination(cell: &Cell, picks: &[Pick]) -> u64 {
    cell.choices.iter().fold(0, |number, &(choice, rounds)| {
        number * (rounds + 1) + picks[choice].map_or(0, |r| r as u64 + 1)
    })
}

impl Row {
    fn new(problem: &Problem, cell: &Cell, picks: &[Pick]) -> Self {
        let (years, draws) = (problem.years, problem.draws);
        let mut row = Self {
            shortage: vec![0; draws],
            sum: 0,
            worst: 0,
            idle: 0,
            // bits beyond the draws are set, and taken off when they are counted
            secured: vec![u64::MAX; draws.div_ceil(64)],
        };
        let mut places = vec![0_u32; draws];
        let mut of_part = vec![0_i32; draws];
        for t in 0..years {
            places.fill(0);
            for part in &cell.parts {
                of_part.copy_from_slice(&part.fixed[t * draws..(t + 1) * draws]);
                for member in &part.members {
                    let Some(r) = picks[member.choice] else { continue };
                    for (places, &opens) in of_part.iter_mut().zip(&member.openings[r]) {
                        *places += member.change[usize::from(opens)][t];
                    }
                }
                for (places, &of_part) in places.iter_mut().zip(&of_part) {
                    *places += of_part.max(0) as u32;
                }
            }
            let mut short_in_year = 0_u64;
            for (d, (&places, &demand)) in
                places.iter().zip(&cell.demand[t * draws..(t + 1) * draws]).enumerate()
            {
                let short = demand.saturating_sub(places);
                row.shortage[d] += short;
                short_in_year += u64::from(short);
                row.idle += u64::from(places.saturating_sub(demand));
                if t == problem.secure && short > 0 {
                    row.secured[d / 64] &= !(1 << (d % 64));
                }
            }
            row.sum += short_in_year;
            row.worst = row.worst.max(short_in_year);
        }
        row
    }
}
