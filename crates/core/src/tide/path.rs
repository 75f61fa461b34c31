//! One future of the tide: demand and places, and from them what is used, idle and short.

use super::stock::Stock;
use crate::{balance::with_reserve, forecast::Path, geography::Area, scenario::Scenario};

/// Demand by group and stage, places by building, and openings, along one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TidePath {
    /// By year (0 = base year) and cell: group x stage.
    demand: Vec<u32>,
    cells: usize,
    /// By year and building.
    places: Vec<u32>,
    buildings: usize,
    /// Opening of every project, of one outside the programme as if decided in this round; `None` = beyond t+15.
    pub openings: Vec<Option<i32>>,
}

impl TidePath {
    /// The tide along a path of pupils. `in_programme` says which projects are there; `openings` when all of them open.
    pub fn new(
        scenario: &Scenario,
        stock: &Stock,
        path: &Path,
        openings: Vec<Option<i32>>,
        in_programme: impl Fn(usize) -> bool,
    ) -> Self {
        let frame = &scenario.frame;
        let (stages, width) = (frame.stages.len(), frame.grade_count());
        let cells = frame.groups.len() * stages;
        let members: Vec<Vec<usize>> =
            (0..frame.groups.len()).map(|q| frame.zones_in(Area::Group(q))).collect();
        let mut demand = Vec::with_capacity(cells * path.years());
        for t in 0..path.years() {
            let row = path.year(t);
            for zones in &members {
                for p in 0..stages {
                    let grades = frame.grades_of(p);
                    let of_zone = |z: &usize| -> u64 {
                        row[z * width + grades.start..z * width + grades.end]
                            .iter()
                            .map(|&n| u64::from(n))
                            .sum()
                    };
                    let pupils = zones.iter().map(of_zone).sum();
                    // below MOST_DEMAND: whoever makes draws has refused what is beyond
                    demand.push(with_reserve(pupils, scenario.reserve_per_mille) as u32);
                }
            }
        }
        // a project of the programme that opens after t+15 takes what it takes from a stated date on
        let there: Vec<Option<i32>> = openings
            .iter()
            .enumerate()
            .map(|(j, opened)| in_programme(j).then(|| opened.unwrap_or(crate::supply::stock::BEYOND)))
            .collect();
        Self { demand, cells, places: stock.places(&there), buildings: stock.buildings.len(), openings }
    }

    /// Places asked for in year `t` by a cell.
    pub fn demand(&self, t: usize, cell: usize) -> u32 {
        self.demand[t * self.cells + cell]
    }

    /// Places of building `b` in year `t`.
    pub fn of_building(&self, t: usize, b: usize) -> u32 {
        self.places[t * self.buildings + b]
    }

    /// Places of a cell in year `t`.
    pub fn places(&self, stock: &Stock, t: usize, cell: usize) -> u32 {
        stock.of_cell(cell).map(|b| self.of_building(t, b)).sum()
    }

    /// Places that lack in a cell.
    pub fn short(&self, stock: &Stock, t: usize, cell: usize) -> u32 {
        self.demand(t, cell).saturating_sub(self.places(stock, t, cell))
    }

    /// Idle places of a cell.
    pub fn idle(&self, stock: &Stock, t: usize, cell: usize) -> u32 {
        self.places(stock, t, cell).saturating_sub(self.demand(t, cell))
    }

    /// Idle places of each building of a cell in year `t`, in the order of the stock: the last building empties first.
    pub fn idle_of_buildings(&self, stock: &Stock, t: usize, cell: usize) -> Vec<u32> {
        let mut left = self.demand(t, cell);
        stock
            .of_cell(cell)
            .map(|b| {
                let places = self.of_building(t, b);
                let used = left.min(places);
                left -= used;
                places - used
            })
            .collect()
    }
}
