//! Places by zone, stage and year under a programme: on the central path and in any draw.
//!
//! ```text
//! S[z,p,t,w] = max(0, schools in use - obligations + sum over projects j of the programme  change_j(open_j[w], t))
//! ```
//!
//! Schools, obligations (unsafe buildings past their date) and the effects of projects ([`super::effect`]) add up in
//! whole places. A project that does not open within the run counts only what it takes from a stated date on.

mod laws;

use std::sync::Arc;

use super::{
    effect::{self, Cause, Effect},
    gates::OpeningLaw,
    opening::Opening,
    programme::Programme,
    rooms::{HouseId, HouseYear, Houses},
    timeline::Timeline,
};
use crate::{
    forecast::Stream,
    grid::{Grid, Grid3, Shape, View},
    index::{ProjectId, StageId, Table, YearOffset, ZoneId},
    scenario::Scenario,
    time::YearMonth,
};

/// The opening of a project of the programme that lies beyond the run.
pub const BEYOND: i32 = i32::MAX / 4;

/// Figures by year (0 = base year), zone and stage.
pub type ByZoneStage<T> = Grid3<YearOffset, ZoneId, StageId, T>;

/// Places by year (0 = base year), zone and stage: one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Usable: what a pupil can sit on.
    usable: ByZoneStage<u32>,
    /// Full size of everything in use, whether phased in or not.
    nominal: ByZoneStage<u32>,
    /// Full size of what opens this year.
    opened: ByZoneStage<u32>,
    /// Usable places lost since the year before: end of a building's life, closed, converted, decanted.
    lost: ByZoneStage<u32>,
    /// Opening year by project: [`BEYOND`] if after the run, `None` if not in the programme.
    openings: Openings,
    /// The houses of classed groups; every path of a scenario shares them.
    houses: Arc<Houses>,
    /// Rooms by year and house.
    rooms: Grid<YearOffset, HouseId, HouseYear>,
}

/// Opening year by project: [`BEYOND`] if after the run, `None` if not in the programme.
pub type Openings = Table<ProjectId, Option<i32>>;

impl Places {
    /// Usable places of year `t`.
    pub fn usable(&self, t: YearOffset) -> View<'_, ZoneId, StageId, u32> {
        self.usable.grid(t)
    }

    /// Full size of everything in use in year `t`.
    pub fn nominal(&self, t: YearOffset) -> View<'_, ZoneId, StageId, u32> {
        self.nominal.grid(t)
    }

    /// Full size of what opens in year `t`.
    pub fn opened(&self, t: YearOffset) -> View<'_, ZoneId, StageId, u32> {
        self.opened.grid(t)
    }

    /// Usable places lost since the year before year `t`; usable(t) = usable(t-1) + gained - lost.
    pub fn lost(&self, t: YearOffset) -> View<'_, ZoneId, StageId, u32> {
        self.lost.grid(t)
    }

    /// The houses whose classes are counted.
    pub fn houses(&self) -> &Houses {
        &self.houses
    }

    /// Rooms of every house in year `t`.
    pub fn rooms(&self, t: YearOffset) -> &[HouseYear] {
        self.rooms.row(t)
    }

    /// Rooms of one house in year `t`.
    pub fn rooms_of(&self, t: YearOffset, house: HouseId) -> HouseYear {
        self.rooms[(t, house)]
    }

    /// Opening year of each project on this path; `None` if it is not in the programme.
    pub fn openings(&self) -> &Openings {
        &self.openings
    }
}

/// The supply side of a scenario under one programme.
#[derive(Debug, Clone)]
pub struct SupplyModel<'a> {
    scenario: &'a Scenario,
    /// Places of schools less obligations, by year, zone and stage.
    base: ByZoneStage<u32>,
    openings: Table<ProjectId, Opening>,
    effects: Table<ProjectId, Vec<Effect>>,
    /// What must close by its date, by project; already inside `base`.
    obligations: Table<ProjectId, Option<Effect>>,
    houses: Arc<Houses>,
    /// When what is undecided of each project is decided; `None` = not in the programme.
    decided: Table<ProjectId, Option<YearMonth>>,
    /// The project whose opening is this one's: itself, or the one that releases it.
    leader: Table<ProjectId, ProjectId>,
}

impl<'a> SupplyModel<'a> {
    /// Prepares a scenario, seen from this year's round. What is undecided of a project is taken as decided when
    /// `programme` says, and in this year's round where the project does not count.
    pub fn new(scenario: &'a Scenario, programme: &Programme) -> Self {
        Self::seen_from(scenario, programme, scenario.round())
    }

    /// As [`new`](Self::new), seen from the first day of another month; nothing undecided is decided before it.
    pub fn seen_from(scenario: &'a Scenario, programme: &Programme, seen: YearMonth) -> Self {
        let (projects, round) = (&scenario.projects, scenario.round());
        let leader: Table<ProjectId, ProjectId> = projects.pairs().map(|(j, p)| p.leader(j)).collect();
        let decide = |j: ProjectId| programme.decide(j, &projects[j], round).map(|month| month.max(seen));
        let decided: Table<ProjectId, Option<YearMonth>> =
            leader.pairs().map(|(j, &l)| decide(j).and(decide(l))).collect();
        let law = |j: ProjectId| {
            OpeningLaw::of(&projects[j], &scenario.kinds, seen, decided[j].unwrap_or(round.max(seen)))
        };
        let openings =
            leader.iter().map(|&j| Opening::new(&law(j), scenario.base_year, scenario.until)).collect();
        let effects: Table<ProjectId, Vec<Effect>> =
            projects.ids().map(|j| effect::effects(scenario, j)).collect();
        let obligations: Table<ProjectId, Option<Effect>> =
            projects.ids().map(|j| effect::obligation(scenario, j)).collect();
        let base = base(scenario, &obligations);
        let houses = Arc::new(Houses::new(scenario, &effects, &obligations));
        Self { scenario, base, openings, effects, obligations, houses, decided, leader }
    }

    /// The opening of project `j`, an undecided one outside the programme taken as decided in this year's round; a swing
    /// building's is that of the project that releases it.
    pub fn opening(&self, j: ProjectId) -> &Opening {
        &self.openings[j]
    }

    /// What project `j` changes, as pure functions of its opening year.
    pub fn effects(&self, j: ProjectId) -> &[Effect] {
        &self.effects[j]
    }

    /// What must close by its date in every programme: unsafe buildings.
    pub fn obligations(&self) -> impl Iterator<Item = &Effect> {
        self.obligations.iter().flatten()
    }

    /// Whether project `j` is in the programme.
    pub fn in_programme(&self, j: ProjectId) -> bool {
        self.decided[j].is_some()
    }

    /// The month in which what is undecided of project `j` is taken as decided; `None` if nothing is left to decide, or
    /// the project is not in the programme.
    pub fn decided(&self, j: ProjectId) -> Option<YearMonth> {
        self.decided[j].filter(|_| self.scenario.projects[j].is_undecided())
    }

    /// The dates of project `j`, an undecided one outside the programme taken as decided in this year's round.
    pub fn timeline(&self, j: ProjectId) -> Option<Timeline> {
        let round = self.scenario.round();
        Timeline::new(self.scenario, j, round, self.decided[j].unwrap_or(round))
    }

    /// Places of the schools, less what must close by its date, by zone and stage in year `t`.
    pub fn base(&self, t: YearOffset) -> View<'_, ZoneId, StageId, u32> {
        self.base.grid(t)
    }

    /// The academic year in which project `j` opens in draw `w`, if it does within the years of the run.
    pub fn drawn_opening(&self, j: ProjectId, seed: u64, w: u64) -> Option<i32> {
        // a swing building is released in the very draw its leader opens in
        let u = Stream::new(seed, "project", &self.scenario.projects[self.leader[j]].id, w).uniform();
        self.openings[j].drawn(u)
    }

    /// Usable places that project `j` changes in `zones` and `stage` in `year` if it opens in `opened`; signed.
    pub fn change(
        &self,
        j: ProjectId,
        opened: Option<i32>,
        year: i32,
        zones: &[ZoneId],
        stage: StageId,
    ) -> i64 {
        let here = |e: &&Effect| e.stage == stage && zones.contains(&e.zone);
        self.effects[j].iter().filter(here).map(|e| e.usable(opened.unwrap_or(BEYOND), year)).sum()
    }

    /// Usable places that project `j` itself offers in `year` if it opens in `opened`: its gains, in its own zone and stage.
    pub fn offered(&self, j: ProjectId, opened: Option<i32>, year: i32) -> u32 {
        let project = &self.scenario.projects[j];
        let own = |e: &&Effect| {
            e.gains && e.cause == Cause::Gained && (e.zone, e.stage) == (project.zone, project.stage)
        };
        let sum: i64 =
            self.effects[j].iter().filter(own).map(|e| e.usable(opened.unwrap_or(BEYOND), year)).sum();
        sum.max(0) as u32
    }

    /// Places with every project at its central opening.
    pub fn central(&self) -> Places {
        self.places(|j| self.openings[j].central)
    }

    /// Places of draw `w`.
    pub fn draw(&self, seed: u64, w: u64) -> Places {
        self.places(|j| self.drawn_opening(j, seed, w))
    }

    /// Usable places of draw `w` by year, zone and stage, negative where more is taken than there is: what a sweep adds
    /// the changes of its schedules to.
    pub fn signed_draw(&self, seed: u64, w: u64) -> ByZoneStage<i64> {
        let openings = self.openings_on(|j| self.drawn_opening(j, seed, w));
        let mut usable = self.base.map(|&n| i64::from(n));
        for (effects, opened) in self.effects.iter().zip(&openings) {
            let Some(opened) = *opened else { continue };
            for effect in effects {
                for (t, year) in self.scenario.calendar() {
                    usable[(t, effect.zone, effect.stage)] += effect.usable(opened, year);
                }
            }
        }
        usable
    }

    /// The opening year of every project of the programme on a path.
    fn openings_on(&self, opened: impl Fn(ProjectId) -> Option<i32>) -> Openings {
        let on = |j| self.in_programme(j).then(|| opened(j).unwrap_or(BEYOND));
        self.effects.ids().map(on).collect()
    }

    fn places(&self, opened: impl Fn(ProjectId) -> Option<i32>) -> Places {
        let years: Table<YearOffset, i32> = self.scenario.years().collect();
        let openings = self.openings_on(opened);
        let mut sums = Sums::new(&self.base);
        self.school_losses(&mut sums.lost, &years);
        for (j, opened) in openings.pairs() {
            let counted = || self.effects[j].iter().filter(|_| opened.is_some());
            let opened = opened.unwrap_or(BEYOND);
            for effect in counted() {
                let (z, p) = (effect.zone, effect.stage);
                for (t, &year) in years.pairs() {
                    sums.usable[(t, z, p)] += effect.usable(opened, year);
                    sums.nominal[(t, z, p)] += effect.nominal(opened, year);
                    if effect.gains && effect.cause == Cause::Gained && effect.begins(opened, year) {
                        sums.opened[(t, z, p)] += i64::from(effect.places);
                    }
                }
            }
            // what one project gives and takes in the same place in the same year is netted before it counts as lost
            let all: Vec<&Effect> = counted().chain(&self.obligations[j]).collect();
            for (first, effect) in all.iter().enumerate() {
                let (z, p) = (effect.zone, effect.stage);
                let is_here = |e: &&&Effect| (e.zone, e.stage) == (z, p);
                if all[..first].iter().any(|e| is_here(&e)) {
                    continue;
                }
                let here = all.iter().filter(is_here);
                let net = |year: i32| here.clone().map(|e| e.usable(opened, year)).sum::<i64>();
                for (t, &year) in years.pairs().skip(1) {
                    sums.lost[(t, z, p)] += (net(year - 1) - net(year)).max(0);
                }
            }
        }
        // below MOST_DEMAND with all that may be built: the scenario has checked it
        let whole = |signed: &ByZoneStage<i64>| signed.map(|&n| n.max(0) as u32);
        let rooms = years.iter().flat_map(|&year| self.houses.year(&self.effects, &openings, year)).collect();
        let rooms = Grid::from_vec(Shape::new(years.len(), self.houses.all.len()), rooms);
        Places {
            usable: whole(&sums.usable),
            nominal: whole(&sums.nominal),
            opened: whole(&sums.opened),
            lost: whole(&sums.lost),
            openings,
            houses: Arc::clone(&self.houses),
            rooms,
        }
    }
}

impl SupplyModel<'_> {
    /// Places of schools whose building reaches the end of its life.
    fn school_losses(&self, lost: &mut ByZoneStage<i64>, years: &Table<YearOffset, i32>) {
        for school in &self.scenario.schools {
            let ends = |&(_, year): &(YearOffset, &i32)| school.until == Some(*year);
            if let Some((t, _)) = years.pairs().skip(1).find(ends) {
                lost[(t, school.zone, school.stage)] += i64::from(school.places);
            }
        }
    }
}

/// Signed sums on the way to [`Places`].
struct Sums {
    usable: ByZoneStage<i64>,
    nominal: ByZoneStage<i64>,
    opened: ByZoneStage<i64>,
    lost: ByZoneStage<i64>,
}

impl Sums {
    fn new(base: &ByZoneStage<u32>) -> Self {
        let (start, none) = (base.map(|&n| i64::from(n)), base.map(|_| 0));
        Self { usable: start.clone(), nominal: start, opened: none.clone(), lost: none }
    }
}

/// Places of the schools in use, less obligations, by year, zone and stage.
fn base(scenario: &Scenario, obligations: &Table<ProjectId, Option<Effect>>) -> ByZoneStage<u32> {
    let mut base = ByZoneStage::filled(scenario.offsets().len(), scenario.frame.zone_stages(), 0_i64);
    for (t, year) in scenario.calendar() {
        for school in scenario.schools.iter().filter(|s| s.in_use(year)) {
            base[(t, school.zone, school.stage)] += i64::from(school.places);
        }
        for effect in obligations.iter().flatten() {
            base[(t, effect.zone, effect.stage)] += effect.usable(BEYOND, year);
        }
    }
    base.map(|&n| n.max(0) as u32)
}
