//! The buildings of every sharing group and stage, in the order in which they are filled, and their places by year.
//!
//! ```text
//! places[b, t] = max(0, places of the school while it is used, or what its project has gained
//!                       - what projects and obligations take from it)
//! ```
//!
//! Who takes places says from which building; else they are taken from the schools of the zone in table order. Places of
//! one zone kept for the pupils of another stand as a building of the project that keeps them.

use std::collections::BTreeMap;

use crate::{
    grid::{Grid, Shape, SlotId, Slots},
    index::{Ids, ProjectId, SchoolId, StageId, Table, YearOffset, ZoneId, ids},
    scenario::Scenario,
    supply::{Effect, Openings, SupplyModel, effect::Taken, stock::BEYOND},
};

/// What a building is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BuildingOf {
    /// A school.
    School(SchoolId),
    /// What a project adds.
    Project(ProjectId),
}

/// A building in one zone and stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Building {
    /// What it is.
    pub of: BuildingOf,
    /// Its zone.
    pub zone: ZoneId,
    /// Its stage.
    pub stage: StageId,
}

ids! {
    /// A building of [`Stock`].
    BuildingId
}

/// Buildings by sharing group and stage.
#[derive(Debug, Clone)]
pub struct Stock {
    /// All of them, slot by slot, within a slot in the order in which they are filled.
    pub buildings: Table<BuildingId, Building>,
    /// The buildings of each slot.
    of_slot: Slots<Ids<BuildingId>>,
    /// Places of schools by year and building, projects and obligations left aside.
    schools: Grid<YearOffset, BuildingId, i64>,
    effects: Table<ProjectId, Vec<Effect>>,
    obligations: Vec<Effect>,
    at: BTreeMap<(BuildingOf, ZoneId, StageId), BuildingId>,
    base_year: i32,
}

impl Stock {
    /// The buildings of `scenario` under the programme of `supply`, and those of projects outside it.
    pub fn new(scenario: &Scenario, supply: &SupplyModel<'_>) -> Self {
        let frame = &scenario.frame;
        let effects: Table<ProjectId, Vec<Effect>> =
            scenario.projects.ids().map(|j| supply.effects(j).to_vec()).collect();
        let opening = |j: ProjectId| supply.opening(j).central.unwrap_or(i32::MAX);
        let mut members: Slots<Vec<Building>> = Grid::filled(frame.slots(), Vec::new());
        for (s, school) in scenario.schools.pairs() {
            let (zone, stage) = (school.zone, school.stage);
            members[frame.slot_of(zone, stage)].push(Building { of: BuildingOf::School(s), zone, stage });
        }
        let mut added: Vec<Building> = effects
            .iter()
            .flatten()
            .filter(|e| e.gains)
            .map(|e| Building { of: BuildingOf::Project(e.project), zone: e.zone, stage: e.stage })
            .collect();
        added.sort_by_key(|b| (opened(b, opening), b.of, b.zone, b.stage));
        added.dedup();
        for building in added {
            members[frame.slot_of(building.zone, building.stage)].push(building);
        }
        let mut first = 0;
        let of_slot = Grid::from_fn(frame.slots(), |q, p| {
            let start = first;
            first += members[(q, p)].len();
            Ids::of(start..first)
        });
        let buildings: Table<BuildingId, Building> = members.concat().into();
        let at = buildings.pairs().map(|(i, b)| ((b.of, b.zone, b.stage), i)).collect();
        let places = |b: &Building, year: i32| match b.of {
            BuildingOf::School(s) if scenario.schools[s].in_use(year) => {
                i64::from(scenario.schools[s].places)
            }
            _ => 0,
        };
        let schools = Grid::from_fn(Shape::new(scenario.offsets().len(), buildings.len()), |t, b| {
            places(&buildings[b], scenario.year_of(t))
        });
        Self {
            buildings,
            of_slot,
            schools,
            effects,
            obligations: supply.obligations().copied().collect(),
            at,
            base_year: scenario.base_year,
        }
    }

    /// The buildings of a slot.
    pub fn of_slot(&self, slot: SlotId) -> Ids<BuildingId> {
        self.of_slot[slot].clone()
    }

    /// The building of project `j` in a zone and stage.
    pub fn of_project(&self, j: ProjectId, zone: ZoneId, stage: StageId) -> Option<BuildingId> {
        self.at.get(&(BuildingOf::Project(j), zone, stage)).copied()
    }

    /// Places by year and building if projects open in `openings`; one that is `None` is not there at all.
    pub fn places(&self, openings: &Openings) -> Grid<YearOffset, BuildingId, u32> {
        let mut places = self.schools.clone();
        let opened = || self.effects.iter().zip(openings).filter_map(|(of, opened)| Some((of, (*opened)?)));
        let gains = opened().flat_map(|(of, o)| of.iter().filter(|e| e.gains).map(move |e| (e, o)));
        let losses = opened().flat_map(|(of, o)| of.iter().filter(|e| !e.gains).map(move |e| (e, o)));
        let losses = losses.chain(self.obligations.iter().map(|e| (e, BEYOND)));
        for t in places.shape().rows() {
            let year = self.base_year + t.index() as i32;
            for (effect, opened) in gains.clone() {
                if let Some(b) = self.of_project(effect.project, effect.zone, effect.stage) {
                    places[(t, b)] += effect.usable(opened, year);
                }
            }
            for (effect, opened) in losses.clone() {
                self.take(places.row_mut(t), effect, -effect.usable(opened, year));
            }
        }
        places.map(|&n| n.max(0) as u32)
    }

    /// Places that project `j` offers in its own zone and stage in `year` if it opens in `opened`.
    pub fn offered(&self, j: ProjectId, zone: ZoneId, stage: StageId, opened: i32, year: i32) -> u32 {
        let own = self.effects.iter().flatten().filter(|e| e.gains && e.project == j);
        let here = own.filter(|e| (e.zone, e.stage) == (zone, stage));
        here.map(|e| e.usable(opened, year)).sum::<i64>().max(0) as u32
    }

    fn take(&self, row: &mut [i64], effect: &Effect, places: i64) {
        let named = match effect.taken {
            Taken::School(s) => Some(BuildingOf::School(s)),
            Taken::Project(i) => Some(BuildingOf::Project(i)),
            Taken::Zone => None,
        };
        if let Some(&b) = named.and_then(|of| self.at.get(&(of, effect.zone, effect.stage))) {
            row[b.index()] -= places;
            return;
        }
        let mut left = places;
        let is_school_there = |b: &Building| {
            matches!(b.of, BuildingOf::School(_)) && (b.zone, b.stage) == (effect.zone, effect.stage)
        };
        for (_, left_there) in self.buildings.iter().zip(row).filter(|(b, _)| is_school_there(b)) {
            let taken = left.min((*left_there).max(0));
            *left_there -= taken;
            left -= taken;
        }
    }
}

/// What a building is ordered by: the central opening of its project.
fn opened(building: &Building, opening: impl Fn(ProjectId) -> i32) -> i32 {
    match building.of {
        BuildingOf::School(_) => i32::MIN,
        BuildingOf::Project(j) => opening(j),
    }
}
