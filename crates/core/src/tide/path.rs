//! One future of the tide: demand and places, and from them what is used, idle and short.

mod laws;

use super::stock::{BuildingId, Stock};
use crate::{
    balance::{BySlot, with_reserve},
    demand::cohort::pupils_in,
    forecast::Path,
    geography::Area,
    grid::{Grid, SlotId},
    index::{GroupId, ProjectId, Table, YearOffset, ZoneId},
    scenario::Scenario,
    supply::{Openings, stock::BEYOND},
};

/// Demand by group and stage, places by building, and openings, along one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TidePath {
    demand: BySlot<u32>,
    places: Grid<YearOffset, BuildingId, u32>,
    /// Opening of every project, of one outside the programme as if decided in this round; `None` = beyond t+15.
    pub openings: Openings,
}

impl TidePath {
    /// The tide along a path of pupils. `in_programme` says which projects are there; `openings` when all of them open.
    pub fn new(
        scenario: &Scenario,
        stock: &Stock,
        path: &Path,
        openings: Openings,
        in_programme: impl Fn(ProjectId) -> bool,
    ) -> Self {
        let frame = &scenario.frame;
        let members: Table<GroupId, Vec<ZoneId>> =
            frame.groups.ids().map(|q| frame.zones_in(Area::Group(q))).collect();
        let demand = BySlot::from_fn(path.years(), frame.slots(), |t, q, p| {
            let pupils = pupils_in(path.year(t), &members[q], &frame.grades_of(p));
            // below MOST_DEMAND: whoever makes draws has refused what is beyond
            with_reserve(pupils, scenario.reserve_per_mille) as u32
        });
        // a project of the programme that opens after t+15 takes what it takes from a stated date on
        let there: Openings =
            openings.pairs().map(|(j, opened)| in_programme(j).then(|| opened.unwrap_or(BEYOND))).collect();
        Self { demand, places: stock.places(&there), openings }
    }

    /// Places asked for in year `t` by a slot.
    pub fn demand(&self, t: YearOffset, slot: SlotId) -> u32 {
        self.demand[(t, slot)]
    }

    /// Places of building `b` in year `t`.
    pub fn of_building(&self, t: YearOffset, b: BuildingId) -> u32 {
        self.places[(t, b)]
    }

    /// Places of a slot in year `t`.
    pub fn places(&self, stock: &Stock, t: YearOffset, slot: SlotId) -> u32 {
        stock.of_slot(slot).map(|b| self.of_building(t, b)).sum()
    }

    /// Places that lack in a slot.
    pub fn short(&self, stock: &Stock, t: YearOffset, slot: SlotId) -> u32 {
        self.demand(t, slot).saturating_sub(self.places(stock, t, slot))
    }

    /// Idle places of a slot.
    pub fn idle(&self, stock: &Stock, t: YearOffset, slot: SlotId) -> u32 {
        self.places(stock, t, slot).saturating_sub(self.demand(t, slot))
    }

    /// Idle places of each building of a slot in year `t`, in the order of the stock: the last building empties first.
    pub fn idle_of_buildings(&self, stock: &Stock, t: YearOffset, slot: SlotId) -> Vec<u32> {
        let mut left = self.demand(t, slot);
        stock
            .of_slot(slot)
            .map(|b| {
                let places = self.of_building(t, b);
                let used = left.min(places);
                left -= used;
                places - used
            })
            .collect()
    }
}
