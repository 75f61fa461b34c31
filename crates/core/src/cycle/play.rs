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
use crate::{
    Broken,
    balance::{BySlot, with_reserve},
    demand::cohort::pupils_in,
    geography::Area,
    grid::{Grid, Shape, SlotId},
    index::{ComingYear, GroupId, ProjectId, Table, YearOffset, ZoneId},
    supply::{Openings, stock::BEYOND},
};

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
    /// Shortage by year and slot.
    pub short: Grid<ComingYear, SlotId, u32>,
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
    /// Places by year (from 0) and slot, if they were asked for.
    pub places: BySlot<i64>,
    /// Opening of every project, if it was asked for; none if it is not decided or does not open.
    pub openings: Openings,
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
    /// Demand by year (from 0) and slot.
    pub demand: BySlot<i64>,
    /// The outlook of every round.
    pub outlooks: &'a [Outlook],
    /// What things cost.
    pub prices: Prices,
}

/// Demand of a future by year and slot.
pub fn demand_of(ground: &Ground<'_>, future: &Future) -> BySlot<i64> {
    let frame = &ground.scenario.frame;
    let zones: Table<GroupId, Vec<ZoneId>> =
        frame.groups.ids().map(|q| frame.zones_in(Area::Group(q))).collect();
    BySlot::from_fn(ground.years + 1, ground.slots, |t, q, p| {
        let pupils = pupils_in(future.pupils.year(t), &zones[q], &frame.grades_of(p));
        with_reserve(pupils, ground.scenario.reserve_per_mille) as i64
    })
}

/// Plays `policy` through every round.
///
/// # Errors
/// A law that a proposed decision or the outcome breaks.
pub fn play(
    stage: &Stage<'_>,
    policy: &Policy,
    proposer: &dyn Proposer,
    logged: bool,
) -> Result<Outcome, Broken> {
    let (ground, future) = (stage.ground, stage.future);
    let rounds = ground.years.min(stage.outlooks.len());
    let mut book = Book::new(ground, future, policy.held);
    let mut out = Outcome { holds: policy.held > 0, ..Outcome::default() };
    let mut expected: Openings = Table::filled(ground.works.len(), None);
    let mut extra = 0.0;
    for t in 0..rounds {
        book.advance(future, t as i32);
        // a plan that is kept goes by the forecast it was made on
        let made = t - t % policy.kept.max(1);
        let known = book.known(YearOffset::new(t), &stage.outlooks[made], t - made, policy.budget);
        let actions = round(&known, policy, proposer);
        actions.iter().try_for_each(|action| action.check(ground.scenario))?;
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
    let openings: Openings =
        ground.works.ids().map(|j| book.in_programme(j).then(|| book.opening(j))).collect();
    for (j, expected) in expected.pairs() {
        if let (Some(expected), Some(touch)) = (expected, ground.works[j].touches.first()) {
            for t in ground.coming() {
                let year = ground.scenario.year_of(t);
                let missed = touch.change(*expected, t) - touch.change(book.opening(j), t);
                out.late += if year >= *expected { missed.max(0) as u64 } else { 0 };
            }
        }
    }
    measure(stage, &openings, &mut out, logged);
    if logged {
        out.openings = ground.works.ids().map(|j| Some(book.opening(j)).filter(|o| *o < BEYOND)).collect();
    }
    out.check(&policy.name)?;
    Ok(out)
}

/// Sets places against demand, and money.
fn measure(stage: &Stage<'_>, openings: &Openings, out: &mut Outcome, logged: bool) {
    let ground = stage.ground;
    let frame = &ground.scenario.frame;
    out.short = Grid::filled(Shape::new(ground.years, ground.slots.count()), 0);
    for year in out.short.shape().rows() {
        let t = year.offset();
        let mut any = false;
        for slot in ground.slots.pairs() {
            let places = places_of(ground, openings, t, slot);
            let demand = stage.demand[(t, slot)];
            let (short, idle) = ((demand - places).max(0) as u64, (places - demand).max(0) as u64);
            out.short[(year, slot)] = short as u32;
            out.shortage += short;
            out.idle += idle;
            out.worst = out.worst.max(short);
            any |= short > 0;
            out.score += short as f64 * stage.prices.short + idle as f64 * stage.prices.idle;
            let of = &frame.stages[ground.slots.split(slot).1];
            let room = u64::from(of.stretch().saturating_sub(of.class_size).max(1));
            out.stretched += short.div_ceil(room).min(places.max(0) as u64 / u64::from(of.class_size.max(1)));
        }
        out.years_short += u32::from(any);
    }
    if logged {
        out.places = BySlot::from_fn(ground.years + 1, ground.slots, |t, q, p| {
            places_of(ground, openings, t, ground.slots.at(q, p))
        });
    }
    for (j, opened) in openings.pairs() {
        // what stands already in the base year costs every policy the same
        if let Some(opened) = opened.filter(|o| *o > ground.scenario.base_year) {
            out.score += standing_money(ground, j, opened);
        }
    }
}

pub(super) fn places_of(ground: &Ground<'_>, openings: &Openings, t: YearOffset, slot: SlotId) -> i64 {
    let change = |&(j, i): &(ProjectId, usize)| {
        openings[j].map_or(0, |opened| ground.works[j].touches[i].change(opened, t))
    };
    ground.base(t, slot) + ground.touching[slot].iter().map(change).sum::<i64>()
}

/// Yearly money of project `j` from its opening to the last year, or to the end of its life.
pub(super) fn standing_money(ground: &Ground<'_>, j: ProjectId, opened: i32) -> f64 {
    let last = ground.scenario.base_year + ground.years as i32;
    let work = &ground.works[j];
    let years = (last - opened + 1).max(0);
    let years = work.life.map_or(years, |life| years.min(life as i32));
    f64::from(years) * work.yearly
}
