//! Every slot, year and draw of one schedule, one after the other: the oracle that the kernels are tested against.

use seatcast_core::supply::Pick;

use super::{
    problem::{Part, Problem, Slot},
    score::{Score, sum_of_largest, tail_of},
};

/// Scores one schedule by going through all of it.
pub fn score(problem: &Problem, picks: &[Pick]) -> Score {
    let (years, draws) = (problem.years, problem.draws);
    // shortage of each year and draw over all slots
    let mut short_of = vec![0_u64; years * draws];
    let mut secured = vec![true; draws];
    let mut score = Score { draws: draws as u64, cost: cost(problem, picks), ..Score::default() };
    for slot in &problem.slots {
        for t in 0..years {
            let mut short_in_year = 0_u64;
            for d in 0..draws {
                let places = places(slot, picks, problem, t, d);
                let demand = u64::from(slot.demand[t * draws + d]);
                let short = demand.saturating_sub(places);
                short_of[t * draws + d] += short;
                short_in_year += short;
                score.idle += places.saturating_sub(demand);
                secured[d] &= t != problem.secure || short == 0;
            }
            score.worst = score.worst.max(short_in_year);
        }
    }
    let left = |t: usize, d: usize| short_of[t * draws + d].saturating_sub(problem.rule.pool_in(t).into());
    let of_draw = |d: usize| {
        let years = (0..years).map(|t| left(t, d));
        if problem.rule.worst_year { years.max().unwrap_or(0) } else { years.sum() }
    };
    let mut totals: Vec<u64> = (0..draws).map(of_draw).collect();
    score.shortage = totals.iter().sum();
    score.tail = sum_of_largest(&mut totals, tail_of(draws));
    score.secured = secured.iter().map(|&s| u64::from(s)).sum();
    score
}

/// Places of a slot in year `t` and draw `d`.
fn places(slot: &Slot, picks: &[Pick], problem: &Problem, t: usize, d: usize) -> u64 {
    let of_part = |part: &Part| {
        let changes = part.members.iter().map(|member| {
            picks[member.choice]
                .map_or(0, |r| i64::from(member.change[usize::from(member.openings[r][d])][t]))
        });
        (i64::from(part.fixed[t * problem.draws + d]) + changes.sum::<i64>()).max(0) as u64
    };
    slot.parts.iter().map(of_part).sum()
}

/// Money of a schedule.
pub(super) fn cost(problem: &Problem, picks: &[Pick]) -> u64 {
    let costs = picks.iter().zip(&problem.costs).filter_map(|(pick, costs)| pick.map(|r| costs[r]));
    problem.fixed_cost + costs.sum::<u64>()
}
