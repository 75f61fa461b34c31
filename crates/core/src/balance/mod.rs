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
mod laws;
mod warning;

use crate::{
    forecast::{Path, apportion},
    geography::{Area, Frame},
    grid::{Grid3, Shape, Slots, View},
    index::{GradeId, GroupId, StageId, Table, YearOffset, ZoneId},
    scenario::Scenario,
    supply::{ByZoneStage, Places},
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

/// Figures by year (0 = base year), sharing group and stage.
pub type BySlot<T> = Grid3<YearOffset, GroupId, StageId, T>;

/// Pupils and places of one path set against each other, by year (0 = base year).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// By figure, year, zone and stage.
    figures: [ByZoneStage<i64>; Figure::COUNT],
    /// Entry places by year, zone and stage: the zone alone.
    zone_entry_places: ByZoneStage<i64>,
    /// Entry places by year, group and stage.
    group_entry_places: BySlot<i64>,
    /// Classes held by year, group and grade; empty if no group states its classes.
    held: Grid3<YearOffset, GroupId, GradeId, u32>,
    /// Whether a group states its classes in a stage.
    classed: Slots<bool>,
    /// Entry places with stretched classes by year, group and stage; of groups without classes, the entry places.
    stretched: BySlot<i64>,
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
        let years = path.years();
        let houses = places.houses();
        let mut balance = Self {
            figures: std::array::from_fn(|_| ByZoneStage::filled(years, frame.zone_stages(), 0)),
            zone_entry_places: ByZoneStage::filled(years, frame.zone_stages(), 0),
            group_entry_places: BySlot::filled(years, frame.slots(), 0),
            held: Grid3::default(),
            classed: Slots::from_fn(frame.slots(), |q, p| houses.any() && houses.is_classed(q, p)),
            stretched: BySlot::filled(years, frame.slots(), 0),
        };
        let plan = ClassPlan::new(scenario, path, places);
        let members: Table<GroupId, Vec<ZoneId>> =
            frame.groups.ids().map(|q| frame.zones_in(Area::Group(q))).collect();
        for t in path.offsets() {
            for p in frame.stages.ids() {
                let mut sides = sides(frame, path.year(t), places.usable(t), p);
                for (q, zones) in members.pairs() {
                    let mut stretched = None;
                    if let Some(plan) = plan.as_ref().filter(|_| houses.is_classed(q, p)) {
                        let houses = &houses.all;
                        for &z in zones {
                            sides[z].classed = Some(plan.entry_places(houses, t, &[z], p));
                        }
                        stretched = Some(plan.stretched_places(houses, t, zones, p));
                    }
                    balance.group(scenario.reserve_per_mille, t, p, q, zones, &sides);
                    balance.stretched[(t, q, p)] =
                        stretched.map_or(balance.group_entry_places[(t, q, p)], |n| n as i64);
                }
                if t > YearOffset::BASE {
                    balance.new_gap(frame, path, t, p);
                }
            }
        }
        if let Some(plan) = plan {
            balance.count_classes(frame, &plan, places, path.years());
        }
        balance
    }

    fn count_classes(&mut self, frame: &Frame, plan: &ClassPlan, places: &Places, years: usize) {
        self.held = Grid3::filled(years, Shape::new(frame.groups.len(), frame.grade_count()), 0);
        for t in self.held.ids() {
            for (i, house) in places.houses().all.pairs() {
                let q = frame.zones[house.zone].group;
                for (g, held) in frame.grades_of(house.stage).zip(plan.held(t, i)) {
                    self.held[(t, q, g)] += held;
                }
            }
        }
    }

    fn group(
        &mut self,
        reserve: u32,
        t: YearOffset,
        p: StageId,
        q: GroupId,
        zones: &[ZoneId],
        sides: &Sides,
    ) {
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
            for (figure, value) in [
                (Figure::Demand, demands[i]),
                (Figure::Places, places[i]),
                (Figure::Shortage, shortages[i]),
                (Figure::Surplus, surpluses[i]),
                (Figure::EntryGap, entry_gaps[i]),
                (Figure::Entrants, entrants[i]),
            ] {
                self.figures[figure as usize][(t, z, p)] = value as i64;
            }
            self.zone_entry_places[(t, z, p)] = sides[z].entry_places() as i64;
        }
        self.group_entry_places[(t, q, p)] = total.entry_places() as i64;
    }

    fn new_gap(&mut self, frame: &Frame, path: &Path, t: YearOffset, p: StageId) {
        let (entry, last, before) = (frame.entry_grade(p), frame.last_grade(p), t.minus(1));
        for z in frame.zones.ids() {
            let entrants = i64::from(path.year(t)[(z, entry)]);
            let left = i64::from(path.year(before)[(z, last)]);
            let gained = self.zone(Figure::Places, t, z, p) - self.zone(Figure::Places, before, z, p);
            self.figures[Figure::NewGap as usize][(t, z, p)] = entrants - left - gained;
        }
    }

    /// A figure of one zone and stage in year `t`.
    pub fn zone(&self, figure: Figure, t: YearOffset, z: ZoneId, p: StageId) -> i64 {
        self.figures[figure as usize][(t, z, p)]
    }

    /// A figure summed over `zones` in stage `p` and year `t`.
    pub fn sum(&self, figure: Figure, t: YearOffset, zones: &[ZoneId], p: StageId) -> i64 {
        zones.iter().map(|&z| self.zone(figure, t, z, p)).sum()
    }

    /// Entry places of an area: of a zone alone, or of all sharing groups in it.
    pub fn entry_places(&self, frame: &Frame, area: Area, t: YearOffset, p: StageId) -> i64 {
        match area {
            Area::Zone(z) => self.zone_entry_places[(t, z, p)],
            _ => frame.groups_in(area).iter().map(|&q| self.group_entry_places[(t, q, p)]).sum(),
        }
    }

    /// Entry places of group `q` if its classes are stretched as far as its schools allow.
    pub fn stretched_entry_places(&self, q: GroupId, t: YearOffset, p: StageId) -> i64 {
        self.stretched[(t, q, p)]
    }

    /// Whether group `q` states its classes in stage `p`.
    pub fn counts_classes(&self, q: GroupId, p: StageId) -> bool {
        self.classed.get(q, p).copied().unwrap_or(false)
    }

    /// Classes that grade `g` holds in group `q` in year `t`; `None` if the group does not state its classes.
    pub fn classes(&self, q: GroupId, t: YearOffset, g: GradeId) -> Option<u32> {
        self.held.get(t, q, g).copied().filter(|&n| n > 0)
    }

    /// Number of years, the base year included.
    pub fn years(&self) -> usize {
        self.zone_entry_places.count()
    }
}

/// D = ceil(N / (1 - m)) in whole numbers, m in per mille.
pub fn with_reserve(pupils: u64, per_mille: u32) -> u64 {
    (pupils * 1000).div_ceil(u64::from(1000 - per_mille))
}

/// By zone.
type Sides = Table<ZoneId, Side>;

fn sides(
    frame: &Frame,
    pupils: View<'_, ZoneId, GradeId, u32>,
    usable: View<'_, ZoneId, StageId, u32>,
    p: StageId,
) -> Sides {
    let grades = frame.grades_of(p).range();
    frame
        .zones
        .ids()
        .map(|z| {
            let row = &pupils.row(z)[grades.clone()];
            Side {
                pupils: row.iter().map(|&n| u64::from(n)).sum(),
                entrants: u64::from(row[0]),
                places: u64::from(usable[(z, p)]),
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
    pub fn all_secured(&self, frame: &Frame, area: Area, t: YearOffset) -> f64 {
        let zones = frame.zones_in(area);
        let secured = |b: &&Balance| frame.stages.ids().all(|p| b.sum(Figure::Shortage, t, &zones, p) == 0);
        share(self.draws.iter().filter(secured).count(), self.draws.len())
    }

    /// Share of the draws with a shortage in `zones` and stage `p` in year `t`.
    pub fn p_shortage(&self, zones: &[ZoneId], t: YearOffset, p: StageId) -> f64 {
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
