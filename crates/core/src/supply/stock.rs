//! Places by zone, stage and year under a programme: on the central path and in any draw.
//!
//! ```text
//! S[z,p,t,w] = max(0, schools in use - obligations + sum over projects j of the programme  change_j(open_j[w], t))
//! ```
//!
//! Schools, obligations (unsafe buildings past their date) and the effects of projects ([`super::effect`]) add up in
//! whole places. A project that does not open within the run counts only what it takes from a stated date on.

use std::sync::Arc;

use super::{
    effect::{self, Cause, Effect},
    gates::OpeningLaw,
    opening::Opening,
    programme::Programme,
    rooms::{HouseYear, Houses},
    timeline::Timeline,
};
use crate::{forecast::Stream, scenario::Scenario, time::YearMonth};

/// The opening of a project of the programme that lies beyond the run.
pub const BEYOND: i32 = i32::MAX / 4;

/// Places by year (0 = base year), zone and stage: one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    width: usize,
    /// Usable: what a pupil can sit on.
    usable: Vec<u32>,
    /// Full size of everything in use, whether phased in or not.
    nominal: Vec<u32>,
    /// Full size of what opens this year.
    opened: Vec<u32>,
    /// Usable places lost since the year before: end of a building's life, closed, converted, decanted.
    lost: Vec<u32>,
    /// Opening year by project: [`BEYOND`] if after the run, `None` if not in the programme.
    openings: Vec<Option<i32>>,
    /// The houses of classed groups; every path of a scenario shares them.
    houses: Arc<Houses>,
    /// Rooms by year and house.
    rooms: Vec<HouseYear>,
}

impl Places {
    /// Usable places of year `t` by zone and stage (zone-major).
    pub fn usable(&self, t: usize) -> &[u32] {
        &self.usable[t * self.width..(t + 1) * self.width]
    }

    /// Full size of everything in use in year `t`.
    pub fn nominal(&self, t: usize) -> &[u32] {
        &self.nominal[t * self.width..(t + 1) * self.width]
    }

    /// Full size of what opens in year `t`.
    pub fn opened(&self, t: usize) -> &[u32] {
        &self.opened[t * self.width..(t + 1) * self.width]
    }

    /// Usable places lost since the year before year `t`; usable(t) = usable(t-1) + gained - lost.
    pub fn lost(&self, t: usize) -> &[u32] {
        &self.lost[t * self.width..(t + 1) * self.width]
    }

    /// The houses whose classes are counted.
    pub fn houses(&self) -> &Houses {
        &self.houses
    }

    /// Rooms of every house in year `t`.
    pub fn rooms(&self, t: usize) -> &[HouseYear] {
        let width = self.houses.all.len();
        &self.rooms[t * width..(t + 1) * width]
    }

    /// Opening year of each project on this path; `None` if it is not in the programme.
    pub fn openings(&self) -> &[Option<i32>] {
        &self.openings
    }
}

/// The supply side of a scenario under one programme.
#[derive(Debug, Clone)]
pub struct SupplyModel<'a> {
    scenario: &'a Scenario,
    /// Places of schools less obligations, by year, zone and stage.
    base: Vec<u32>,
    openings: Vec<Opening>,
    effects: Vec<Vec<Effect>>,
    /// What must close by its date, by project; already inside `base`.
    obligations: Vec<Option<Effect>>,
    houses: Arc<Houses>,
    /// When what is undecided of each project is decided; `None` = not in the programme.
    decided: Vec<Option<YearMonth>>,
    /// The project whose opening is this one's: itself, or the one that releases it.
    leader: Vec<usize>,
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
        let leader: Vec<usize> = projects.iter().enumerate().map(|(j, p)| p.leader(j)).collect();
        let decide = |j: usize| programme.decide(j, &projects[j], round).map(|month| month.max(seen));
        let decided: Vec<Option<YearMonth>> =
            leader.iter().enumerate().map(|(j, &l)| decide(j).and(decide(l))).collect();
        let law = |j: usize| {
            OpeningLaw::of(&projects[j], &scenario.kinds, seen, decided[j].unwrap_or(round.max(seen)))
        };
        let openings =
            leader.iter().map(|&j| Opening::new(&law(j), scenario.base_year, scenario.until)).collect();
        let each = 0..projects.len();
        let effects: Vec<Vec<Effect>> = each.clone().map(|j| effect::effects(scenario, j)).collect();
        let obligations: Vec<Option<Effect>> = each.map(|j| effect::obligation(scenario, j)).collect();
        let base = base(scenario, &obligations);
        let houses = Arc::new(Houses::new(scenario, &effects, &obligations));
        Self { scenario, base, openings, effects, obligations, houses, decided, leader }
    }

    /// The opening of project `j`, an undecided one outside the programme taken as decided in this year's round; a swing
    /// building's is that of the project that releases it.
    pub fn opening(&self, j: usize) -> &Opening {
        &self.openings[j]
    }

    /// What project `j` changes, as pure functions of its opening year.
    pub fn effects(&self, j: usize) -> &[Effect] {
        &self.effects[j]
    }

    /// What must close by its date in every programme: unsafe buildings.
    pub fn obligations(&self) -> impl Iterator<Item = &Effect> {
        self.obligations.iter().flatten()
    }

    /// Whether project `j` is in the programme.
    pub fn in_programme(&self, j: usize) -> bool {
        self.decided[j].is_some()
    }

    /// The month in which what is undecided of project `j` is taken as decided; `None` if nothing is left to decide, or
    /// the project is not in the programme.
    pub fn decided(&self, j: usize) -> Option<YearMonth> {
        self.decided[j].filter(|_| self.scenario.projects[j].is_undecided())
    }

    /// The dates of project `j`, an undecided one outside the programme taken as decided in this year's round.
    pub fn timeline(&self, j: usize) -> Option<Timeline> {
        let round = self.scenario.round();
        Timeline::new(self.scenario, j, round, self.decided[j].unwrap_or(round))
    }

    /// Places of the schools, less what must close by its date, by zone and stage in year `t`.
    pub fn base(&self, t: usize) -> &[u32] {
        let width = self.scenario.frame.place_count();
        &self.base[t * width..(t + 1) * width]
    }

    /// The academic year in which project `j` opens in draw `w`, if it does within the years of the run.
    pub fn drawn_opening(&self, j: usize, seed: u64, w: u64) -> Option<i32> {
        // a swing building is released in the very draw its leader opens in
        let u = Stream::new(seed, "project", &self.scenario.projects[self.leader[j]].id, w).uniform();
        self.openings[j].drawn(u)
    }

    /// Usable places that project `j` changes in `zones` and `stage` in `year` if it opens in `opened`; signed.
    pub fn change(&self, j: usize, opened: Option<i32>, year: i32, zones: &[usize], stage: usize) -> i64 {
        let here = |e: &&Effect| e.stage == stage && zones.contains(&e.zone);
        self.effects[j].iter().filter(here).map(|e| e.usable(opened.unwrap_or(BEYOND), year)).sum()
    }

    /// Usable places that project `j` itself offers in `year` if it opens in `opened`: its gains, in its own zone and stage.
    pub fn offered(&self, j: usize, opened: Option<i32>, year: i32) -> u32 {
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
    pub fn signed_draw(&self, seed: u64, w: u64) -> Vec<i64> {
        let openings = self.openings_on(|j| self.drawn_opening(j, seed, w));
        let (width, stages) = (self.scenario.frame.place_count(), self.scenario.frame.stages.len());
        let mut usable: Vec<i64> = self.base.iter().map(|&n| i64::from(n)).collect();
        for (effects, opened) in self.effects.iter().zip(&openings) {
            let Some(opened) = *opened else { continue };
            for effect in effects {
                for (t, year) in self.scenario.years().enumerate() {
                    usable[t * width + effect.zone * stages + effect.stage] += effect.usable(opened, year);
                }
            }
        }
        usable
    }

    /// The opening year of every project of the programme on a path.
    fn openings_on(&self, opened: impl Fn(usize) -> Option<i32>) -> Vec<Option<i32>> {
        let on = |j| self.in_programme(j).then(|| opened(j).unwrap_or(BEYOND));
        (0..self.effects.len()).map(on).collect()
    }

    fn places(&self, opened: impl Fn(usize) -> Option<i32>) -> Places {
        let width = self.scenario.frame.place_count();
        let stages = self.scenario.frame.stages.len();
        let years: Vec<i32> = self.scenario.years().collect();
        let openings = self.openings_on(opened);
        let mut sums = Sums::new(&self.base, width * years.len());
        self.school_losses(&mut sums.lost, &years);
        for (j, opened) in openings.iter().enumerate() {
            let counted = || self.effects[j].iter().filter(|_| opened.is_some());
            let opened = opened.unwrap_or(BEYOND);
            for effect in counted() {
                let entry = effect.zone * stages + effect.stage;
                for (t, &year) in years.iter().enumerate() {
                    let i = t * width + entry;
                    sums.usable[i] += effect.usable(opened, year);
                    sums.nominal[i] += effect.nominal(opened, year);
                    if effect.gains && effect.cause == Cause::Gained && effect.begins(opened, year) {
                        sums.opened[i] += i64::from(effect.places);
                    }
                }
            }
            // what one project gives and takes in the same place in the same year is netted before it counts as lost
            let all: Vec<&Effect> = counted().chain(&self.obligations[j]).collect();
            let entry = |e: &Effect| e.zone * stages + e.stage;
            for (first, effect) in all.iter().enumerate() {
                let entry_here = entry(effect);
                if all[..first].iter().any(|e| entry(e) == entry_here) {
                    continue;
                }
                let here = all.iter().filter(|e| entry(e) == entry_here);
                let net = |year: i32| here.clone().map(|e| e.usable(opened, year)).sum::<i64>();
                for (t, &year) in years.iter().enumerate().skip(1) {
                    sums.lost[t * width + entry_here] += (net(year - 1) - net(year)).max(0);
                }
            }
        }
        // below MOST_DEMAND with all that may be built: the scenario has checked it
        let whole = |row: Vec<i64>| row.into_iter().map(|n| n.max(0) as u32).collect();
        let rooms = years.iter().flat_map(|&year| self.houses.year(&self.effects, &openings, year)).collect();
        Places {
            width,
            usable: whole(sums.usable),
            nominal: whole(sums.nominal),
            opened: whole(sums.opened),
            lost: whole(sums.lost),
            openings,
            houses: Arc::clone(&self.houses),
            rooms,
        }
    }
}

impl SupplyModel<'_> {
    /// Places of schools whose building reaches the end of its life.
    fn school_losses(&self, lost: &mut [i64], years: &[i32]) {
        let (width, stages) = (self.scenario.frame.place_count(), self.scenario.frame.stages.len());
        for school in &self.scenario.schools {
            let ends = |&(_, year): &(usize, &i32)| school.until == Some(*year);
            if let Some((t, _)) = years.iter().enumerate().skip(1).find(ends) {
                lost[t * width + school.zone * stages + school.stage] += i64::from(school.places);
            }
        }
    }
}

/// Signed sums on the way to [`Places`].
struct Sums {
    usable: Vec<i64>,
    nominal: Vec<i64>,
    opened: Vec<i64>,
    lost: Vec<i64>,
}

impl Sums {
    fn new(base: &[u32], length: usize) -> Self {
        let start: Vec<i64> = base.iter().map(|&n| i64::from(n)).collect();
        Self { usable: start.clone(), nominal: start, opened: vec![0; length], lost: vec![0; length] }
    }
}

/// Places of the schools in use, less obligations, by year, zone and stage.
fn base(scenario: &Scenario, obligations: &[Option<Effect>]) -> Vec<u32> {
    let (width, stages) = (scenario.frame.place_count(), scenario.frame.stages.len());
    let mut base = Vec::with_capacity(width * (scenario.years_ahead() + 1));
    for year in scenario.years() {
        let mut row = vec![0_i64; width];
        for school in scenario.schools.iter().filter(|s| s.in_use(year)) {
            row[school.zone * stages + school.stage] += i64::from(school.places);
        }
        for effect in obligations.iter().flatten() {
            row[effect.zone * stages + effect.stage] += effect.usable(BEYOND, year);
        }
        base.extend(row.into_iter().map(|n| n.max(0) as u32));
    }
    base
}
