//! The general kernel: every cell, year and draw of every schedule. The oracle the fast path is tested against.

use seatcast_core::supply::Pick;

use super::{
    problem::{Cell, Part, Problem},
    score::{Score, sum_of_largest, tail_of},
};

/// Scores one schedule by going through all of it.
pub fn score(problem: &Problem, picks: &[Pick]) -> Score {
    let (years, draws) = (problem.years, problem.draws);
    let mut totals = vec![0_u32; draws];
    let mut secured = vec![true; draws];
    let mut score = Score { draws: draws as u64, cost: cost(problem, picks), ..Score::default() };
    for cell in &problem.cells {
        for t in 0..years {
            let mut short_in_year = 0_u64;
            for d in 0..draws {
                let places = places(cell, picks, problem, t, d);
                let demand = cell.demand[t * draws + d];
                let short = demand.saturating_sub(places);
                totals[d] += short;
                short_in_year += u64::from(short);
                score.idle += u64::from(places.saturating_sub(demand));
                secured[d] &= t != problem.secure || short == 0;
            }
            score.worst = score.worst.max(short_in_year);
        }
    }
    score.shortage = totals.iter().map(|&n| u64::from(n)).sum();
    score.tail = sum_of_largest(&mut totals, tail_of(draws));
    score.secured = secured.iter().map(|&s| u64::from(s)).sum();
    score
}

/// Places of a cell in year `t` and draw `d`.
fn places(cell: &Cell, picks: &[Pick], problem: &Problem, t: usize, d: usize) -> u32 {
    let of_part = |part: &Part| {
        let changes = part.members.iter().map(|member| {
            picks[member.choice].map_or(0, |r| member.change[usize::from(member.openings[r][d])][t])
        });
        (part.fixed[t * problem.draws + d] + changes.sum::<i32>()).max(0) as u32
    };
    cell.parts.iter().map(of_part).sum()
}

/// Money of a schedule.
pub(super) fn cost(problem: &Problem, picks: &[Pick]) -> u64 {
    let costs = picks.iter().zip(&problem.costs).filter_map(|(pick, costs)| pick.map(|r| costs[r]));
    problem.fixed_cost + costs.sum::<u64>()
}
