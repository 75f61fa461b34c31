//! What a sweep takes of memory, told before it is taken.

use std::collections::BTreeSet;

use seatcast_core::{
    Scenario,
    index::{StageId, ZoneId},
    supply::{Menu, effect},
};

use super::{BATCH, Plan, best::Scored, fast::BATCH_BYTES, lanes::LANES, score::Score};
use crate::Settings;

/// Bytes that a program takes before it has read anything, and those beside each list that is allocated.
const PROGRAM: u64 = 12 << 20;
const ALLOCATED: usize = 16;

/// Memory that [`sweep`](super::sweep) takes at most at one time, bytes: an estimate from counts alone. What grows with the
/// number of schedules is nothing; what grows with zones, years and draws are demand and places, with the draws of one
/// variant twice while they are put in order.
pub fn memory(variants: &[&Scenario], menu: &Menu, plan: &Plan, settings: &Settings) -> u64 {
    let draws = u64::from(settings.draws);
    let of_variants = variants.iter().map(|scenario| {
        let frame = &scenario.frame;
        let slots = frame.slots().count() as u64;
        let changed: BTreeSet<(ZoneId, StageId)> = menu
            .choices
            .iter()
            .filter_map(|choice| scenario.projects.find(|p| p.id == choice.id))
            .flat_map(|j| effect::effects(scenario, j))
            .map(|effect| (effect.zone, effect.stage))
            .collect();
        let figures = scenario.years_ahead() as u64 * draws;
        // pupils asked for, places of every part, 4 bytes each
        let futures = figures * 4 * (2 * slots + changed.len() as u64);
        // a draw is two lists of its own before they are put in order
        let lists = draws * 2 * (size_of::<Vec<u32>>() + ALLOCATED) as u64;
        let openings: u64 = menu.choices.iter().map(|c| c.rounds.len() as u64 * draws).sum();
        // pupils less places as the kernel reads them, 4 bytes at most as a rule
        (futures + openings + figures * 4 * slots, futures + lists)
    });
    let (mut kept, mut making) = (0, 0);
    for (held, futures) in of_variants {
        kept += held;
        making = making.max(futures);
    }
    let choices = menu.choices.len() as u64;
    let picks = choices * size_of::<Option<usize>>() as u64 + size_of::<Scored>() as u64;
    let scored = picks + (variants.len() * size_of::<Score>()) as u64;
    let totals = draws.div_ceil(LANES as u64) * (LANES * size_of::<u32>()) as u64 * BATCH as u64;
    // schedules of a batch with their lists of rows, their totals, and what is kept of all
    let batch = BATCH as u64 * (scored + choices * 8) + totals.min(4 * BATCH_BYTES as u64);
    PROGRAM + kept + making.max(batch) + plan.keep as u64 * scored
}
