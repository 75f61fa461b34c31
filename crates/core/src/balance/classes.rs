//! Classes: which cohort holds which rooms, and how many classes the entry grade can have.
//!
//! ```text
//! held[h, g+1, t+1]  = held[h, g, t]                                an admitted cohort keeps its classes
//! entry classes[h,t] = max(0, rooms[h,t] - sum over g > entry of held[h,g,t])
//! E[q,t]             = sum over houses h of the group   entry classes[h,t] * class size[h, entry]
//! held[h, entry, t]  = min(entry classes, ceil(entrants given to h / class size))
//! ```
//!
//! | symbol | meaning | unit |
//! |---|---|---|
//! | h | house: a school, or a project's building, in one stage | - |
//! | held | classes of a grade | classes |
//! | rooms | rooms of the house | rooms |
//!
//! Where every room is held this is the district's own rule: entry classes = rooms freed by the leaving cohort + rooms
//! opened. Entrants of a group are given to its houses in proportion to their entry places, so a small cohort forms
//! fewer classes and leaves rooms to the next. A new building opens its rooms to the entry grade.
//!
//! Groups of which some school states no classes are not here; their E is clamp(S - continuing, 0, S). Not done here:
//! which child goes to which school; moving classes between houses.

use crate::{
    forecast::{Path, apportion},
    geography::Area,
    grid::{Grid, Shape},
    index::{GroupId, StageId, Table, YearOffset, ZoneId},
    scenario::Scenario,
    supply::{House, HouseId, HouseOf, Openings, Places},
};

/// Classes of every house along one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassPlan {
    /// By year and house: classes of each grade, entry grade first.
    held: Grid<YearOffset, HouseId, Vec<u32>>,
    /// By year and house: classes the entry grade can have.
    entry: Grid<YearOffset, HouseId, u32>,
}

/// A grade of one house in one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HouseGrade {
    /// The house.
    pub house: HouseId,
    /// Position of the grade in its stage.
    pub position: usize,
    /// Pupils of the cohort that fall to the house.
    pub pupils: u32,
    /// Classes it holds.
    pub held: u32,
    /// Whole classes the pupils need at the standard size.
    pub needed: u32,
}

impl ClassPlan {
    /// Forms the classes of `path` in the rooms of `places`; `None` if no group states its classes.
    pub fn new(scenario: &Scenario, path: &Path, places: &Places) -> Option<Self> {
        let houses = &places.houses().all;
        if houses.is_empty() {
            return None;
        }
        let shape = Shape::new(path.years(), houses.len());
        let none = |_, house| vec![0; houses[house].sizes.len()];
        let mut plan = Self { held: Grid::from_fn(shape, none), entry: Grid::filled(shape, 0) };
        for (i, house) in houses.pairs() {
            let rooms = places.rooms_of(YearOffset::BASE, i).rooms;
            let base = base_classes(scenario, house, rooms, places.openings());
            plan.entry[(YearOffset::BASE, i)] = base.first().copied().unwrap_or(0);
            plan.held[(YearOffset::BASE, i)] = base;
        }
        for t in path.offsets().skip(1) {
            plan.move_up(places, t);
            for q in scenario.frame.groups.ids() {
                for p in scenario.frame.stages.ids().filter(|&p| places.houses().is_classed(q, p)) {
                    plan.admit(scenario, path, places, t, (q, p));
                }
            }
        }
        Some(plan)
    }

    fn move_up(&mut self, places: &Places, t: YearOffset) {
        for i in places.houses().all.ids() {
            let house = places.rooms_of(t, i);
            let mut held = vec![0];
            let before = &self.held[(t.minus(1), i)];
            held.extend_from_slice(&before[..before.len() - 1]);
            self.entry[(t, i)] = if house.admits { house.rooms.saturating_sub(held.iter().sum()) } else { 0 };
            self.held[(t, i)] = held;
        }
    }

    fn admit(
        &mut self,
        scenario: &Scenario,
        path: &Path,
        places: &Places,
        t: YearOffset,
        (q, p): (GroupId, StageId),
    ) {
        let houses = &places.houses().all;
        let frame = &scenario.frame;
        let here: Vec<HouseId> = houses
            .ids()
            .filter(|&i| frame.zones[houses[i].zone].group == q && houses[i].stage == p)
            .collect();
        let first = frame.entry_grade(p);
        let entrants: u64 =
            frame.zones_in(Area::Group(q)).iter().map(|&z| u64::from(path.year(t)[(z, first)])).sum();
        let capacity: Vec<u64> =
            here.iter().map(|&i| u64::from(self.entry[(t, i)]) * u64::from(houses[i].sizes[0])).collect();
        let given = apportion(entrants.min(capacity.iter().sum()), &capacity);
        for (&i, given) in here.iter().zip(given) {
            let classes = (given as u32).div_ceil(houses[i].sizes[0].max(1));
            self.held[(t, i)][0] = classes.min(self.entry[(t, i)]);
        }
    }

    /// Classes the entry grade of house `i` can have in year `t`.
    pub fn entry_classes(&self, t: YearOffset, i: HouseId) -> u32 {
        self.entry[(t, i)]
    }

    /// Classes of each grade of house `i` in year `t`, entry grade first.
    pub fn held(&self, t: YearOffset, i: HouseId) -> &[u32] {
        &self.held[(t, i)]
    }

    /// Entry places at the standard size of the houses in `zones` and stage `p`.
    pub fn entry_places(
        &self,
        houses: &Table<HouseId, House>,
        t: YearOffset,
        zones: &[ZoneId],
        p: StageId,
    ) -> u64 {
        self.entry_at(houses, t, zones, p, |house| house.sizes[0])
    }

    /// Entry places if classes are stretched as far as their houses allow.
    pub fn stretched_places(
        &self,
        houses: &Table<HouseId, House>,
        t: YearOffset,
        zones: &[ZoneId],
        p: StageId,
    ) -> u64 {
        self.entry_at(houses, t, zones, p, |house| house.stretch.max(house.sizes[0]))
    }

    fn entry_at(
        &self,
        houses: &Table<HouseId, House>,
        t: YearOffset,
        zones: &[ZoneId],
        p: StageId,
        size: impl Fn(&House) -> u32,
    ) -> u64 {
        let here = houses.pairs().filter(|(_, h)| h.stage == p && zones.contains(&h.zone));
        here.map(|(i, h)| u64::from(self.entry[(t, i)]) * u64::from(size(h))).sum()
    }

    /// Pupils, classes and need of every grade of the houses of group `q` and stage `p` in year `t`: a cohort of the
    /// group is shared out to its houses in proportion to the places of the classes they hold for it.
    pub fn grades(
        &self,
        scenario: &Scenario,
        path: &Path,
        places: &Places,
        t: YearOffset,
        (q, p): (GroupId, StageId),
    ) -> Vec<HouseGrade> {
        let frame = &scenario.frame;
        let houses = &places.houses().all;
        let zones = frame.zones_in(Area::Group(q));
        let here: Vec<HouseId> =
            houses.ids().filter(|&i| zones.contains(&houses[i].zone) && houses[i].stage == p).collect();
        let mut out = Vec::new();
        for (position, g) in frame.grades_of(p).enumerate() {
            let pupils: u64 = zones.iter().map(|&z| u64::from(path.year(t)[(z, g)])).sum();
            let weights: Vec<u64> = here
                .iter()
                .map(|&i| u64::from(self.held[(t, i)][position]) * u64::from(houses[i].sizes[position]))
                .collect();
            for (&house, given) in here.iter().zip(apportion(pupils, &weights)) {
                let size = houses[house].sizes[position].max(1);
                let held = self.held[(t, house)][position];
                out.push(HouseGrade {
                    house,
                    position,
                    pupils: given as u32,
                    held,
                    needed: (given as u32).div_ceil(size),
                });
            }
        }
        out
    }
}

/// Classes of a house in the base year: a school states them; a project's rooms hold the cohorts it has opened to, as
/// evenly as whole classes allow.
fn base_classes(scenario: &Scenario, house: &House, rooms: u32, openings: &Openings) -> Vec<u32> {
    let HouseOf::Project(j) = house.of else { return house.by_grade.clone() };
    let grades = house.sizes.len();
    let since = openings.at(j).copied().flatten().map_or(0, |opened| scenario.base_year - opened);
    let open = match scenario.projects[j].phase(&scenario.kinds) {
        crate::supply::PhaseIn::All => grades,
        crate::supply::PhaseIn::GradeByGrade => (since.max(0) as usize + 1).min(grades),
    };
    let mut weights = vec![0_u64; grades];
    weights[..open].fill(1);
    apportion(u64::from(rooms), &weights).into_iter().map(|n| n as u32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{Ids, SchoolId};
    use crate::{
        ScenarioParts,
        geography::{Frame, Stage, StageDetail},
        supply::{Classes, Kind, PhaseIn, Programme, Project, School, Status, SupplyModel},
        time::YearMonth,
    };

    /// One zone, one stage of three grades, classes of 10; the school holds 4, 3 and 2 classes in ten rooms.
    fn scenario(projects: Vec<Project>) -> Scenario {
        let detail = StageDetail { stretch_size: Some(12), ..StageDetail::default() };
        let frame = Frame::of_one_zone(vec![Stage { detail, ..Stage::from_pools(3, 10) }]);
        let classes = Classes { by_grade: vec![4, 3, 2], sizes: vec![10; 3], stretch: 12, rooms: 10 };
        let school =
            School { classes: Some(classes), ..School::new("s", ZoneId::new(0), StageId::new(0), 90) };
        let parts = ScenarioParts {
            roll: Grid::from_vec(frame.cells(), vec![40, 30, 20]),
            schools: vec![school].into(),
            projects: projects.into(),
            until: 2029,
            ..ScenarioParts::empty("classes", frame, 2025)
        };
        Scenario::new(parts).unwrap()
    }

    fn path(scenario: &Scenario, rows: [[f64; 3]; 5]) -> Path {
        Path::round(&scenario.frame, &rows.map(|row| Grid::from_vec(scenario.frame.cells(), row.to_vec())))
    }

    /// Every year of the run.
    fn all() -> Ids<YearOffset> {
        Ids::first(5)
    }

    fn plan(scenario: &Scenario, rows: [[f64; 3]; 5]) -> (ClassPlan, Places) {
        let path = path(scenario, rows);
        let places = SupplyModel::new(scenario, &Programme::Committed).central();
        (ClassPlan::new(scenario, &path, &places).unwrap(), places)
    }

    #[test]
    fn entry_classes_are_the_rooms_freed_and_those_that_stand_empty() {
        let scenario = scenario(Vec::new());
        // 2026: the 2 classes of grade 3 leave and one room was empty: 3 entry classes; 25 children form 3 of them.
        // 2027: the 3 classes that left are free, 10 children form 1. 2028: 4 left and 2 stood empty: 6.
        let rows = [[40.0, 30.0, 20.0], [25.0, 40.0, 30.0], [10.0, 25.0, 40.0], [60.0, 10.0, 25.0], [0.0; 3]];
        let (plan, places) = plan(&scenario, rows);
        assert_eq!(
            all().map(|t| plan.entry_classes(t, HouseId::new(0))).collect::<Vec<_>>(),
            [4, 3, 3, 6, 3]
        );
        assert_eq!(plan.held(YearOffset::new(2), HouseId::new(0)), [1, 3, 4]);
        let houses = &places.houses().all;
        assert_eq!(plan.entry_places(houses, YearOffset::new(1), &[ZoneId::new(0)], StageId::new(0)), 30);
        assert_eq!(plan.stretched_places(houses, YearOffset::new(1), &[ZoneId::new(0)], StageId::new(0)), 36);
    }

    #[test]
    fn a_cohort_that_is_too_large_keeps_its_classes_and_sits_closer() {
        let scenario = scenario(Vec::new());
        let rows = [[40.0, 30.0, 20.0], [45.0, 40.0, 30.0], [0.0, 45.0, 40.0], [0.0; 3], [0.0; 3]];
        let (plan, places) = plan(&scenario, rows);
        let path = path(&scenario, rows);
        let grades =
            plan.grades(&scenario, &path, &places, YearOffset::new(2), (GroupId::new(0), StageId::new(0)));
        // 45 children in 3 classes: 15 a class in grade 2, where 5 classes of 10 are needed
        assert_eq!((grades[1].pupils, grades[1].held, grades[1].needed), (45, 3, 5));
    }

    #[test]
    fn a_new_school_opens_one_grade_a_year_and_a_closing_one_takes_from_the_entry_grade() {
        let new = Project {
            status: Status::Committed,
            opens: YearMonth::new(2026, 8),
            classes: Some(6),
            phase_in: Some(PhaseIn::GradeByGrade),
            ..Project::candidate("new", ZoneId::new(0), StageId::new(0), Kind::Permanent, 60)
        };
        let closing = Project {
            status: Status::Committed,
            opens: YearMonth::new(2027, 8),
            school: Some(SchoolId::new(0)),
            classes: Some(10),
            ..Project::candidate("closing", ZoneId::new(0), StageId::new(0), Kind::Closure, 90)
        };
        let scenario = scenario(vec![new, closing]);
        let rows = [[40.0, 30.0, 20.0], [90.0, 40.0, 30.0], [90.0, 90.0, 40.0], [90.0; 3], [90.0; 3]];
        let (plan, places) = plan(&scenario, rows);
        let of = |i| all().map(|t| plan.entry_classes(t, HouseId::new(i))).collect::<Vec<_>>();
        // the new school: two rooms more each year for three years, then the two that leave
        assert_eq!(of(1), [0, 2, 2, 2, 2]);
        // the school: 10 rooms, from 2027 a third fewer each year; it admits nobody, though 2028 has a room to spare
        assert_eq!(all().map(|t| places.rooms(t)[0].rooms).collect::<Vec<_>>(), [10, 10, 7, 4, 0]);
        assert_eq!(of(0), [4, 3, 0, 0, 0]);
    }
}
