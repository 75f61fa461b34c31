//! One policy in one future: the years roll, and what came of it is scored.
//!
//! ```text
//! score  = sum over years t+1..t+H of   c_short shortage + c_idle idle + yearly money of what stands + what sites and hurrying cost
//! ```
//!
//! Money counts as a year's part of the capital (an annuity over the life) from the opening to the last year, needed or
//! not, and what it costs to run: so that a school of fifty years is not charged to fifteen. Shortage and idle places are
//! those of the sharing groups and stages, never netted. Demand does not depend on the policy: children without a place
//! come all the same.

use super::{
    book::Book,
    future::Future,
    ground::Ground,
    known::Outlook,
    policy::Policy,
    round::{Action, Gate, Proposer, Step, round},
};
use crate::{balance::with_reserve, geography::Area, supply::stock::BEYOND};

/// What a place short, a place idle, and a site cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prices {
    /// A child without a place for a year.
    pub short: f64,
    /// An idle place for a year, besides the yearly money of its building.
    pub idle: f64,
    /// Opening a site gate, share of the capital.
    pub site: f64,
    /// Hurrying, share of the capital: what perfect foresight pays for it.
    pub hurry: f64,
}

impl Default for Prices {
    /// Judgement: a year in a private school 30,000, the upkeep of an idle place 500, a site 2 % of the capital, hurrying
    /// 15 % of it.
    fn default() -> Self {
        Self { short: 30_000.0, idle: 500.0, site: 0.02, hurry: 0.15 }
    }
}

/// What came of one policy in one future.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// Shortage by year (from 1) and cell.
    pub short: Vec<u32>,
    /// The sum of it: seat-years.
    pub shortage: u64,
    /// Largest shortage of a sharing group and stage in a year.
    pub worst: u64,
    /// Years in which any child is without a place.
    pub years_short: u32,
    /// Idle seat-years.
    pub idle: u64,
    /// Seat-years of places that were counted on when they were decided and came later.
    pub late: u64,
    /// Capital committed, sites and hurrying included.
    pub committed: f64,
    /// Classes that would be stretched to seat the children without a place, class-years.
    pub stretched: u64,
    /// Sites given back.
    pub reversals: u32,
    /// The money score.
    pub score: f64,
    /// What was decided, if it was asked for.
    pub actions: Vec<Action>,
    /// Places by year (from 0) and cell, if they were asked for.
    pub places: Vec<i64>,
    /// Opening of every project, if it was asked for; none if it is not decided or does not open.
    pub openings: Vec<Option<i32>>,
    /// Whether the policy has modules held ready: perfect foresight then has them too.
    pub holds: bool,
}

/// The years of one future, ready to be played.
#[derive(Debug)]
pub struct Stage<'a> {
    /// What never changes.
    pub ground: &'a Ground<'a>,
    /// What really happens.
    pub future: &'a Future,
    /// Demand by year (from 0) and cell.
    pub demand: Vec<i64>,
    /// The outlook of every round.
    pub outlooks: &'a [Outlook],
    /// What things cost.
    pub prices: Prices,
}

/// Demand of a future by year and cell.
pub fn demand_of(ground: &Ground<'_>, future: &Future) -> Vec<i64> {
    let frame = &ground.scenario.frame;
    let (stages, width) = (frame.stages.len(), frame.grade_count());
    let zones: Vec<Vec<usize>> = (0..frame.groups.len()).map(|q| frame.zones_in(Area::Group(q))).collect();
    let mut demand = Vec::with_capacity((ground.years + 1) * ground.cells);
    for t in 0..=ground.years {
        let row = future.pupils.year(t);
        for cell in 0..ground.cells {
            let grades = frame.grades_of(cell % stages);
            let of = |z: &usize| &row[z * width + grades.start..z * width + grades.end];
            let pupils = zones[cell / stages].iter().flat_map(of).map(|&n| u64::from(n)).sum();
            demand.push(with_reserve(pupils, ground.scenario.reserve_per_mille) as i64);
        }
    }
    demand
}

/// Plays `policy` through every round.
pub fn play(stage: &Stage<'_>, policy: &Policy, proposer: &dyn Proposer, logged: bool) -> Outcome {
    let (ground, future) = (stage.ground, stage.future);
    let rounds = ground.years.min(stage.outlooks.len());
    let base_year = ground.scenario.base_year;
    let mut book = Book::new(ground, future, policy.held);
    let mut out = Outcome { holds: policy.held > 0, ..Outcome::default() };
    let mut expected: Vec<Option<i32>> = vec![None; ground.works.len()];
    let mut extra = 0.0;
    for t in 0..rounds {
        book.advance(future, t as i32);
        // a plan that is kept goes by the forecast it was made on
        let made = t - t % policy.kept.max(1);
        let known = book.known(t, &stage.outlooks[made], t - made, policy.budget);
        let actions = round(&known, policy, proposer);
        let central: Vec<i32> =
            actions.iter().map(|a| a.project.map_or(BEYOND, |j| known.central_opening(j))).collect();
        drop(known);
        for (action, central) in actions.iter().zip(central) {
            let Some(j) = action.project else { continue };
            let capital = ground.works[j].capital;
            match action.step {
                Step::Outlook => {
                    extra += stage.prices.site * capital;
                    book.open_site(j, t as i32);
                }
                Step::Cancel => {
                    out.reversals += 1;
                    book.cancel(j);
                }
                Step::Plan | Step::Secure => {
                    out.committed += capital;
                    if action.gate == Some(Gate::Both) {
                        extra += stage.prices.site * capital;
                    }
                    expected[j] = Some(central);
                    book.build(j, t as i32, action.gate == Some(Gate::Both), future);
                }
                Step::Hurry => {
                    extra += policy.hurry.map_or(0.0, |h| h.surcharge) * capital;
                    book.hurry(j, t as i32);
                }
                Step::Defer | Step::Uncovered => {}
            }
        }
        if logged {
            out.actions.extend(actions);
        }
    }
    out.committed += extra;
    out.score = extra;
    let openings: Vec<Option<i32>> =
        (0..ground.works.len()).map(|j| book.in_programme(j).then(|| book.opening(j))).collect();
    for (j, expected) in expected.iter().enumerate() {
        if let (Some(expected), Some(touch)) = (expected, ground.works[j].touches.first()) {
            for t in 1..=ground.years {
                let year = base_year + t as i32;
                let missed = touch.change(*expected, t) - touch.change(book.opening(j), t);
                out.late += if year >= *expected { missed.max(0) as u64 } else { 0 };
            }
        }
    }
    measure(stage, &openings, &mut out, logged);
    if logged {
        out.openings =
            (0..ground.works.len()).map(|j| Some(book.opening(j)).filter(|o| *o < BEYOND)).collect();
    }
    out
}

/// Sets places against demand, and money.
fn measure(stage: &Stage<'_>, openings: &[Option<i32>], out: &mut Outcome, logged: bool) {
    let ground = stage.ground;
    let frame = &ground.scenario.frame;
    let stages = frame.stages.len();
    for t in 1..=ground.years {
        let mut any = false;
        for cell in 0..ground.cells {
            let places = places_of(ground, openings, t, cell);
            let demand = stage.demand[t * ground.cells + cell];
            let (short, idle) = ((demand - places).max(0) as u64, (places - demand).max(0) as u64);
            out.short.push(short as u32);
            out.shortage += short;
            out.idle += idle;
            out.worst = out.worst.max(short);
            any |= short > 0;
            out.score += short as f64 * stage.prices.short + idle as f64 * stage.prices.idle;
            let of = &frame.stages[cell % stages];
            let room = u64::from(of.stretch().saturating_sub(of.class_size).max(1));
            out.stretched += short.div_ceil(room).min(places.max(0) as u64 / u64::from(of.class_size.max(1)));
        }
        out.years_short += u32::from(any);
    }
    if logged {
        for t in 0..=ground.years {
            out.places.extend((0..ground.cells).map(|cell| places_of(ground, openings, t, cell)));
        }
    }
    for (j, opened) in openings.iter().enumerate() {
        // what stands already in the base year costs every policy the same
        if let Some(opened) = opened.filter(|o| *o > ground.scenario.base_year) {
            out.score += standing_money(ground, j, opened);
        }
    }
}

pub(super) fn places_of(ground: &Ground<'_>, openings: &[Option<i32>], t: usize, cell: usize) -> i64 {
    let change = |&(j, i): &(usize, usize)| {
        openings[j].map_or(0, |opened| ground.works[j].touches[i].change(opened, t))
    };
    ground.base(t, cell) + ground.touching[cell].iter().map(change).sum::<i64>()
}

/// Yearly money of project `j` from its opening to the last year, or to the end of its life.
pub(super) fn standing_money(ground: &Ground<'_>, j: usize, opened: i32) -> f64 {
    let last = ground.scenario.base_year + ground.years as i32;
    let work = &ground.works[j];
    let years = (last - opened + 1).max(0);
    let years = work.life.map_or(years, |life| years.min(life as i32));
    f64::from(years) * work.yearly
}
