//! Where a pupil meets a place: shortage, surplus, entry and new gaps, early warning, and a gap explained.
//!
//! ```text
//! D[q,p,t] = ceil(N / (1 - m))
//! shortage = max(0, D - S),  surplus = max(0, S - D)          per sharing group and stage, never netted across groups
//! E        = clamp(S - continuing, 0, S)                      places for the entry grade
//! E        = entry classes x class size                       where the group states its classes ([`classes`])
//! entry gap = max(0, N[entry] - E)
//! new gap   = N[entry,t] - (pupils who left the stage + places opened - places lost since t-1)      signed
//! ```
//!
//! A zone's shares of its group's figures are in proportion to what the zone itself lacks, in whole pupils, so zones add
//! to groups and groups to the district. Source: docs/model.md, section 4.

pub mod classes;
pub mod explain;
mod warning;

use crate::{
    forecast::{Path, apportion},
    geography::{Area, Frame},
    scenario::Scenario,
    supply::Places,
};

pub use classes::{ClassPlan, HouseGrade};
pub use explain::{GapPart, GapParts, PARTS, Reference, explain_against, explain_gaps};
pub use warning::{Colour, PRESETS, Warning, WarningLevels, WarningPreset, warnings};

/// A figure of the balance that adds up over zones and stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// Places asked for, D.
    Demand,
    /// Usable places, S.
    Places,
    /// Pupils without a place.
    Shortage,
    /// Places without a pupil.
    Surplus,
    /// Entrants for whom the entry grade has no place.
    EntryGap,
    /// Entrants less the places that leavers and buildings free, signed.
    NewGap,
    /// Pupils of the entry grade.
    Entrants,
}

impl Figure {
    /// How many there are.
    pub const COUNT: usize = Figure::Entrants as usize + 1;
}

/// Pupils and places of one path set against each other, by year (0 = base year).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    stages: usize,
    zones: usize,
    groups: usize,
    /// By figure, year, zone and stage.
    figures: [Vec<i64>; Figure::COUNT],
    /// Entry places by year, zone and stage: the zone alone.
    zone_entry_places: Vec<i64>,
    /// Entry places by year, group and stage.
    group_entry_places: Vec<i64>,
    /// Grades in all stages.
    grades: usize,
    /// Classes held by year, group and grade; empty if no group states its classes.
    held: Vec<u32>,
    /// Whether a group states its classes in a stage, group-major.
    classed: Vec<bool>,
    /// Entry places with stretched classes by year, group and stage; of groups without classes, the entry places.
    stretched: Vec<i64>,
}

/// What a zone, or a group, has in one stage and year.
#[derive(Debug, Clone, Copy, Default)]
struct Side {
    pupils: u64,
    entrants: u64,
    places: u64,
    /// Entry places of its classes, where they are stated.
    classed: Option<u64>,
}

impl Side {
    fn entry_places(&self) -> u64 {
        // clamp(S - continuing, 0, S); continuing is never negative, so S is never exceeded
        self.classed.unwrap_or(self.places.saturating_sub(self.pupils - self.entrants))
    }
}

impl Balance {
    /// Sets `path` against `places`.
    pub fn new(scenario: &Scenario, path: &Path, places: &Places) -> Self {
        let frame = &scenario.frame;
        let (zones, stages, groups) = (frame.zones.len(), frame.stages.len(), frame.groups.len());
        let years = path.years();
        let mut balance = Self {
            stages,
            zones,
            groups,
            figures: std::array::from_fn(|_| vec![0; years * zones * stages]),
            zone_entry_places: vec![0; years * zones * stages],
            group_entry_places: vec![0; years * groups * stages],
            grades: frame.grade_count(),
            held: Vec::new(),
            classed: (0..groups * stages)
                .map(|i| places.houses().any() && places.houses().is_classed(i / stages, i % stages))
                .collect(),
            stretched: vec![0; years * groups * stages],
        };
        let plan = ClassPlan::new(scenario, path, places);
        let members: Vec<Vec<usize>> = (0..groups).map(|q| frame.zones_in(Area::Group(q))).collect();
        for t in 0..years {
            for p in 0..stages {
                let mut sides = sides(frame, path.year(t), places.usable(t), p);
                for (q, zones) in members.iter().enumerate() {
                    let mut stretched = None;
                    if let Some(plan) = plan.as_ref().filter(|_| places.houses().is_classed(q, p)) {
                        let houses = &places.houses().all;
                        for &z in zones {
                            sides[z].classed = Some(plan.entry_places(houses, t, &[z], p));
                        }
                        stretched = Some(plan.stretched_places(houses, t, zones, p));
                    }
                    balance.group(scenario.reserve_per_mille, t, p, q, zones, &sides);
                    let i = (t * groups + q) * stages + p;
                    balance.stretched[i] = stretched.map_or(balance.group_entry_places[i], |n| n as i64);
                }
                if t > 0 {
                    balance.new_gap(frame, path, t, p);
                }
            }
        }
        if let Some(plan) = plan {
            balance.count_classes(frame, &plan, places, years);
        }
        balance
    }

    fn count_classes(&mut self, frame: &Frame, plan: &ClassPlan, places: &Places, years: usize) {
        self.held = vec![0; years * self.groups * self.grades];
        for t in 0..years {
            for (i, house) in places.houses().all.iter().enumerate() {
                let q = frame.zones[house.zone].group;
                for (g, held) in frame.grades_of(house.stage).zip(plan.held(t, i)) {
                    self.held[(t * self.groups + q) * self.grades + g] += held;
                }
            }
        }
    }

    fn group(&mut self, reserve: u32, t: usize, p: usize, q: usize, zones: &[usize], sides: &[Side]) {
        let of = |f: fn(&Side) -> u64| -> Vec<u64> { zones.iter().map(|&z| f(&sides[z])).collect() };
        let (pupils, entrants, places) = (of(|s| s.pupils), of(|s| s.entrants), of(|s| s.places));
        let total = Side {
            pupils: pupils.iter().sum(),
            entrants: entrants.iter().sum(),
            places: places.iter().sum(),
            classed: zones.iter().map(|&z| sides[z].classed).sum(),
        };
        let demand = with_reserve(total.pupils, reserve);
        let demands = apportion(demand, &pupils);
        let lacking: Vec<u64> = demands.iter().zip(&places).map(|(d, s)| d.saturating_sub(*s)).collect();
        let spare: Vec<u64> = demands.iter().zip(&places).map(|(d, s)| s.saturating_sub(*d)).collect();
        let shortages = apportion(demand.saturating_sub(total.places), &lacking);
        let surpluses = apportion(total.places.saturating_sub(demand), &spare);
        let unplaced: Vec<u64> =
            zones.iter().map(|&z| sides[z].entrants.saturating_sub(sides[z].entry_places())).collect();
        // continuing pupils of one zone may fill the entry places of another: then entrants share the gap
        let lack_any = unplaced.iter().any(|&n| n > 0);
        let entry_gap = total.entrants.saturating_sub(total.entry_places());
        let entry_gaps = apportion(entry_gap, if lack_any { &unplaced } else { &entrants });
        for (i, &z) in zones.iter().enumerate() {
            let entry = self.entry(t, z, p);
            for (figure, value) in [
                (Figure::Demand, demands[i]),
                (Figure::Places, places[i]),
                (Figure::Shortage, shortages[i]),
                (Figure::Surplus, surpluses[i]),
                (Figure::EntryGap, entry_gaps[i]),
                (Figure::Entrants, entrants[i]),
            ] {
                self.figures[figure as usize][entry] = value as i64;
            }
            self.zone_entry_places[entry] = sides[z].entry_places() as i64;
        }
        self.group_entry_places[(t * self.groups + q) * self.stages + p] = total.entry_places() as i64;
    }

    fn new_gap(&mut self, frame: &Frame, path: &Path, t: usize, p: usize) {
        let width = frame.grade_count();
        let grades = frame.grades_of(p);
        for z in 0..self.zones {
            let entrants = i64::from(path.year(t)[z * width + grades.start]);
            let left = i64::from(path.year(t - 1)[z * width + grades.end - 1]);
            let places = |t| self.figures[Figure::Places as usize][self.entry(t, z, p)];
            let gained = places(t) - places(t - 1);
            let entry = self.entry(t, z, p);
            self.figures[Figure::NewGap as usize][entry] = entrants - left - gained;
        }
    }

    fn entry(&self, t: usize, z: usize, p: usize) -> usize {
        (t * self.zones + z) * self.stages + p
    }

    /// A figure of one zone and stage in year `t`.
    pub fn zone(&self, figure: Figure, t: usize, z: usize, p: usize) -> i64 {
        self.figures[figure as usize][self.entry(t, z, p)]
    }

    /// A figure summed over `zones` in stage `p` and year `t`.
    pub fn sum(&self, figure: Figure, t: usize, zones: &[usize], p: usize) -> i64 {
        zones.iter().map(|&z| self.zone(figure, t, z, p)).sum()
    }

    /// Entry places of an area: of a zone alone, or of all sharing groups in it.
    pub fn entry_places(&self, frame: &Frame, area: Area, t: usize, p: usize) -> i64 {
        match area {
            Area::Zone(z) => self.zone_entry_places[self.entry(t, z, p)],
            _ => frame
                .groups_in(area)
                .iter()
                .map(|q| self.group_entry_places[(t * self.groups + q) * self.stages + p])
                .sum(),
        }
    }

    /// Entry places of group `q` if its classes are stretched as far as its schools allow.
    pub fn stretched_entry_places(&self, q: usize, t: usize, p: usize) -> i64 {
        self.stretched[(t * self.groups + q) * self.stages + p]
    }

    /// Whether group `q` states its classes in stage `p`.
    pub fn counts_classes(&self, q: usize, p: usize) -> bool {
        self.classed.get(q * self.stages + p).copied().unwrap_or(false)
    }

    /// Classes that grade `g` holds in group `q` in year `t`; `None` if the group does not state its classes.
    pub fn classes(&self, q: usize, t: usize, g: usize) -> Option<u32> {
        let held = self.held.get((t * self.groups + q) * self.grades + g).copied();
        held.filter(|&n| n > 0)
    }

    /// Number of years, the base year included.
    pub fn years(&self) -> usize {
        self.zone_entry_places.len() / (self.zones * self.stages)
    }
}

/// D = ceil(N / (1 - m)) in whole numbers, m in per mille.
pub fn with_reserve(pupils: u64, per_mille: u32) -> u64 {
    (pupils * 1000).div_ceil(u64::from(1000 - per_mille))
}

fn sides(frame: &Frame, cells: &[u32], usable: &[u32], p: usize) -> Vec<Side> {
    let (width, stages, grades) = (frame.grade_count(), frame.stages.len(), frame.grades_of(p));
    (0..frame.zones.len())
        .map(|z| {
            let row = &cells[z * width + grades.start..z * width + grades.end];
            Side {
                pupils: row.iter().map(|&n| u64::from(n)).sum(),
                entrants: u64::from(row[0]),
                places: u64::from(usable[z * stages + p]),
                classed: None,
            }
        })
        .collect()
}

/// Central path and draws of the balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balances {
    /// No shock, central opening.
    pub central: Balance,
    /// Draw by draw.
    pub draws: Vec<Balance>,
}

impl Balances {
    /// Share of the draws in which no sharing group of `area` lacks a place in any stage in year `t`.
    pub fn all_secured(&self, frame: &Frame, area: Area, t: usize) -> f64 {
        let zones = frame.zones_in(area);
        let secured =
            |b: &&Balance| (0..frame.stages.len()).all(|p| b.sum(Figure::Shortage, t, &zones, p) == 0);
        share(self.draws.iter().filter(secured).count(), self.draws.len())
    }

    /// Share of the draws with a shortage in `zones` and stage `p` in year `t`.
    pub fn p_shortage(&self, zones: &[usize], t: usize, p: usize) -> f64 {
        let short = self.draws.iter().filter(|b| b.sum(Figure::Shortage, t, zones, p) > 0).count();
        share(short, self.draws.len())
    }
}

fn share(count: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { count as f64 / of as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserve_is_rounded_up_to_whole_places() {
        // 950 / 0.95 = 1000 exactly; 951 / 0.95 = 1001.05
        assert_eq!((with_reserve(950, 50), with_reserve(951, 50), with_reserve(951, 0)), (1000, 1002, 951));
    }
}
