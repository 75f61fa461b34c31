//! The tide: what stands idle and what is short as the wave moves from primary to junior to senior, to t+15.
//!
//! ```text
//! D[q,p,t]      places asked for in sharing group q and stage p, with the reserve
//! used_b        = clamp(D - places of the buildings below, 0, places_b)      idle_b = places_b - used_b
//! needed_j[t]   : D > S - places_j                                           S = all places of the group and stage
//! ```
//!
//! | step | module |
//! |---|---|
//! | buildings in the order in which they are filled; their places by year | [`stock`] |
//! | one future: demand and places, what is used, idle and short | [`path`] |
//! | how long each project is needed, as a distribution | [`need`] |
//! | what converting idle rooms or moving idle modules would save | [`reuse`] |
//!
//! Schools of a group fill first, in table order, then projects by central opening: the last building is the first that
//! stands idle. A project is asked about on its own, everything else as planned. Entry beyond the known children is
//! assumed as in the forecast. What a table states for the last year of the run alone holds after it.

pub mod need;
pub mod path;
pub mod reuse;
pub mod stock;

pub use need::{Lasts, Need, Suits};
pub use path::TidePath;
pub use reuse::{Reuse, Way};
pub use stock::{Building, BuildingId, BuildingOf, Stock};

use crate::{
    demand::AssumedFrom,
    geography::Area,
    grid::SlotId,
    index::{StageId, YearOffset},
    scenario::Scenario,
};

/// Years looked ahead.
pub const AHEAD: i32 = 15;

/// The tide of a scenario under one programme: the central path and the draws to t+15.
#[derive(Debug, Clone)]
pub struct Tide {
    /// The scenario, lasting to t+15.
    pub scenario: Scenario,
    /// Its buildings.
    pub stock: Stock,
    /// No shock, central openings.
    pub central: TidePath,
    /// Draw by draw.
    pub draws: Vec<TidePath>,
    /// First year (0 = base year) in which the entrants of a zone and stage rest on assumed births.
    pub assumed_from: AssumedFrom,
}

impl Tide {
    /// The slots of `area` and stage `p`.
    fn slots(&self, area: Area, p: StageId) -> impl Iterator<Item = SlotId> {
        let slots = self.scenario.frame.slots();
        self.scenario.frame.groups_in(area).into_iter().map(move |q| slots.at(q, p))
    }

    /// Demand of `area` and stage `p` in year `t` of a path.
    pub fn demand(&self, path: &TidePath, area: Area, t: YearOffset, p: StageId) -> u64 {
        self.slots(area, p).map(|slot| u64::from(path.demand(t, slot))).sum()
    }

    /// Places of `area` and stage `p` in year `t` of a path.
    pub fn places(&self, path: &TidePath, area: Area, t: YearOffset, p: StageId) -> u64 {
        self.slots(area, p).map(|slot| u64::from(path.places(&self.stock, t, slot))).sum()
    }

    /// Places that lack in `area` and stage `p` in year `t`, group by group.
    pub fn short(&self, path: &TidePath, area: Area, t: YearOffset, p: StageId) -> u64 {
        self.slots(area, p).map(|slot| u64::from(path.short(&self.stock, t, slot))).sum()
    }

    /// Idle places of `area` and stage `p` in year `t`, group by group.
    pub fn idle(&self, path: &TidePath, area: Area, t: YearOffset, p: StageId) -> u64 {
        self.slots(area, p).map(|slot| u64::from(path.idle(&self.stock, t, slot))).sum()
    }

    /// The coming year in which demand of `area` and stage `p` is largest, the first of equals, with that demand.
    pub fn peak(&self, path: &TidePath, area: Area, p: StageId) -> (i32, u64) {
        let mut peak = (self.scenario.base_year + 1, 0);
        for t in self.scenario.coming() {
            let demand = self.demand(path, area, t, p);
            if demand > peak.1 {
                peak = (self.scenario.year_of(t), demand);
            }
        }
        peak
    }
}
