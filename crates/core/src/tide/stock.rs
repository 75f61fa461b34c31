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
    scenario::Scenario,
    supply::{Effect, SupplyModel, effect::Taken, stock::BEYOND},
};

/// What a building is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BuildingOf {
    /// A school, by index.
    School(usize),
    /// What a project adds, by index of the project.
    Project(usize),
}

/// A building in one zone and stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Building {
    /// What it is.
    pub of: BuildingOf,
    /// Index of the zone.
    pub zone: usize,
    /// Index of the stage.
    pub stage: usize,
}

/// Buildings by sharing group and stage.
#[derive(Debug, Clone)]
pub struct Stock {
    /// All of them, cell by cell (group-major), within a cell in the order in which they are filled.
    pub buildings: Vec<Building>,
    /// First building of each cell, and the end.
    first: Vec<usize>,
    /// Places of schools by year and building, projects and obligations left aside.
    schools: Vec<i64>,
    effects: Vec<Vec<Effect>>,
    obligations: Vec<Effect>,
    at: BTreeMap<(BuildingOf, usize, usize), usize>,
    base_year: i32,
}

impl Stock {
    /// The buildings of `scenario` under the programme of `supply`, and those of projects outside it.
    pub fn new(scenario: &Scenario, supply: &SupplyModel<'_>) -> Self {
        let frame = &scenario.frame;
        let stages = frame.stages.len();
        let effects: Vec<Vec<Effect>> =
            (0..scenario.projects.len()).map(|j| supply.effects(j).to_vec()).collect();
        let opening = |j: usize| supply.opening(j).central.unwrap_or(i32::MAX);
        let mut cells: Vec<Vec<Building>> = vec![Vec::new(); frame.groups.len() * stages];
        let cell = |zone: usize, stage: usize| frame.zones[zone].group * stages + stage;
        for (s, school) in scenario.schools.iter().enumerate() {
            let (zone, stage) = (school.zone, school.stage);
            cells[cell(zone, stage)].push(Building { of: BuildingOf::School(s), zone, stage });
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
            cells[cell(building.zone, building.stage)].push(building);
        }
        let mut first = vec![0];
        for of in &cells {
            first.push(first[first.len() - 1] + of.len());
        }
        let buildings: Vec<Building> = cells.concat();
        let at = buildings.iter().enumerate().map(|(i, b)| ((b.of, b.zone, b.stage), i)).collect();
        let places = |b: &Building, year: i32| match b.of {
            BuildingOf::School(s) if scenario.schools[s].in_use(year) => {
                i64::from(scenario.schools[s].places)
            }
            _ => 0,
        };
        let schools =
            scenario.years().flat_map(|year| buildings.iter().map(move |b| places(b, year))).collect();
        Self {
            buildings,
            first,
            schools,
            effects,
            obligations: supply.obligations().copied().collect(),
            at,
            base_year: scenario.base_year,
        }
    }

    /// The buildings of a cell.
    pub fn of_cell(&self, cell: usize) -> std::ops::Range<usize> {
        self.first[cell]..self.first[cell + 1]
    }

    /// The building of project `j` in a zone and stage.
    pub fn of_project(&self, j: usize, zone: usize, stage: usize) -> Option<usize> {
        self.at.get(&(BuildingOf::Project(j), zone, stage)).copied()
    }

    /// Places by year and building if projects open in `openings`; one that is `None` is not there at all.
    pub fn places(&self, openings: &[Option<i32>]) -> Vec<u32> {
        let width = self.buildings.len();
        let mut places = self.schools.clone();
        let opened = || self.effects.iter().zip(openings).filter_map(|(of, opened)| Some((of, (*opened)?)));
        let gains = opened().flat_map(|(of, o)| of.iter().filter(|e| e.gains).map(move |e| (e, o)));
        let losses = opened().flat_map(|(of, o)| of.iter().filter(|e| !e.gains).map(move |e| (e, o)));
        let losses = losses.chain(self.obligations.iter().map(|e| (e, BEYOND)));
        for (t, row) in places.chunks_mut(width.max(1)).enumerate() {
            let year = self.base_year + t as i32;
            for (effect, opened) in gains.clone() {
                if let Some(b) = self.of_project(effect.project, effect.zone, effect.stage) {
                    row[b] += effect.usable(opened, year);
                }
            }
            for (effect, opened) in losses.clone() {
                self.take(row, effect, -effect.usable(opened, year));
            }
        }
        places.into_iter().map(|n| n.max(0) as u32).collect()
    }

    /// Places that project `j` offers in its own zone and stage in `year` if it opens in `opened`.
    pub fn offered(&self, j: usize, zone: usize, stage: usize, opened: i32, year: i32) -> u32 {
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
            row[b] -= places;
            return;
        }
        let mut left = places;
        for (b, _) in self.buildings.iter().enumerate().filter(|(_, b)| {
            matches!(b.of, BuildingOf::School(_)) && (b.zone, b.stage) == (effect.zone, effect.stage)
        }) {
            let taken = left.min(row[b].max(0));
            row[b] -= taken;
            left -= taken;
        }
    }
}

/// What a building is ordered by: the central opening of its project.
fn opened(building: &Building, opening: impl Fn(usize) -> i32) -> i32 {
    match building.of {
        BuildingOf::School(_) => i32::MIN,
        BuildingOf::Project(j) => opening(j),
    }
}
