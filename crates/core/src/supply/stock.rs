//! Places by zone, stage and year under a programme: on the central path and in any draw.

use super::{
    gates::{Opening, OpeningLaw},
    programme::Programme,
    timeline::Timeline,
};
use crate::{forecast::Stream, scenario::Scenario, time::YearMonth};

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
    /// Usable places lost since the year before, at the end of a building's life.
    lost: Vec<u32>,
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
}

/// The supply side of a scenario under one programme.
#[derive(Debug, Clone)]
pub struct SupplyModel<'a> {
    scenario: &'a Scenario,
    base: Vec<u32>,
    openings: Vec<Opening>,
    decided: Vec<Option<YearMonth>>,
}

impl<'a> SupplyModel<'a> {
    /// Prepares a scenario. What is undecided of a project is taken as decided when `programme` says, and in this year's
    /// round where the project does not count.
    pub fn new(scenario: &'a Scenario, programme: &Programme) -> Self {
        let stages = scenario.frame.stages.len();
        let mut base = vec![0; scenario.frame.place_count()];
        for school in &scenario.schools {
            base[school.zone * stages + school.stage] += school.places;
        }
        let round = scenario.round();
        let decided: Vec<_> =
            scenario.projects.iter().enumerate().map(|(j, p)| programme.decide(j, p, round)).collect();
        let opening = |(project, decide): (_, &Option<_>)| {
            let law = OpeningLaw::of(project, &scenario.kinds, round, decide.unwrap_or(round));
            Opening::new(&law, scenario.base_year, scenario.until)
        };
        let openings = scenario.projects.iter().zip(&decided).map(opening).collect();
        Self { scenario, base, openings, decided }
    }

    /// The opening of project `j`, an undecided one taken as decided in this year's round.
    pub fn opening(&self, j: usize) -> &Opening {
        &self.openings[j]
    }

    /// Whether project `j` is in the programme.
    pub fn in_programme(&self, j: usize) -> bool {
        self.decided[j].is_some()
    }

    /// The month in which what is undecided of project `j` is taken as decided; `None` if nothing is left to decide, or
    /// the project is not in the programme.
    pub fn decided(&self, j: usize) -> Option<YearMonth> {
        self.decided[j].filter(|_| self.scenario.projects[j].status.is_undecided())
    }

    /// The dates of project `j`, an undecided one outside the programme taken as decided in this year's round.
    pub fn timeline(&self, j: usize) -> Option<Timeline> {
        let (scenario, project) = (self.scenario, &self.scenario.projects[j]);
        let grades = scenario.frame.stages[project.stage].grades.len();
        let round = scenario.round();
        Timeline::new(project, &scenario.kinds, grades, round, self.decided[j].unwrap_or(round))
    }

    /// Places of the schools alone, by zone and stage.
    pub fn base(&self) -> &[u32] {
        &self.base
    }

    /// The academic year in which project `j` opens in draw `w`, if it does within the years of the run.
    pub fn drawn_opening(&self, j: usize, seed: u64, w: u64) -> Option<i32> {
        let u = Stream::new(seed, "project", &self.scenario.projects[j].id, w).uniform();
        self.openings[j].drawn(u)
    }

    /// Usable places that project `j` gives in `year` if it opens in `opened`.
    pub fn usable(&self, j: usize, opened: Option<i32>, year: i32) -> u32 {
        let project = &self.scenario.projects[j];
        let grades = self.scenario.frame.stages[project.stage].grades.len();
        opened.map_or(0, |opened| project.usable(&self.scenario.kinds, grades, opened, year))
    }

    /// Places with every project at its central opening.
    pub fn central(&self) -> Places {
        self.places(|j| self.openings[j].central)
    }

    /// Places of draw `w`.
    pub fn draw(&self, seed: u64, w: u64) -> Places {
        self.places(|j| self.drawn_opening(j, seed, w))
    }

    fn places(&self, opened: impl Fn(usize) -> Option<i32>) -> Places {
        let width = self.base.len();
        let years: Vec<i32> = self.scenario.years().collect();
        let mut places = Places {
            width,
            usable: self.base.repeat(years.len()),
            nominal: self.base.repeat(years.len()),
            opened: vec![0; width * years.len()],
            lost: vec![0; width * years.len()],
        };
        let stages = self.scenario.frame.stages.len();
        for (j, project) in self.scenario.projects.iter().enumerate() {
            if !self.in_programme(j) {
                continue;
            }
            let Some(opened) = opened(j) else { continue };
            let entry = project.zone * stages + project.stage;
            for (t, &year) in years.iter().enumerate() {
                let i = t * width + entry;
                places.usable[i] += self.usable(j, Some(opened), year);
                if project.in_use(&self.scenario.kinds, opened, year) {
                    places.nominal[i] += project.places;
                }
                if year == opened {
                    places.opened[i] += project.places;
                }
                if t > 0 {
                    let before = self.usable(j, Some(opened), year - 1);
                    places.lost[i] += before.saturating_sub(self.usable(j, Some(opened), year));
                }
            }
        }
        places
    }
}
