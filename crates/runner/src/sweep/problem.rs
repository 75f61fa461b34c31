//! A sweep as plain arrays: what every schedule's shortage depends on, group by group.
//!
//! A *cell* here is one sharing group and stage. Its demand and the places of what is already decided do not depend on
//! the schedule; each undecided project in it adds usable places by the years since it opened, and opens in a draw as
//! its round of decision says:
//!
//! ```text
//! S[t,d] = fixed[t,d] + sum over members m of usable_m[t - open_m[option,d]]
//! shortage[d] = sum over t of max(0, D[t,d] - S[t,d])
//! ```
//!
//! t runs over the coming years (the base year is past), d over the draws, with common random numbers: a draw is the
//! same future for every schedule.

use seatcast_core::{
    Scenario,
    balance::with_reserve,
    forecast::{Forecaster, Path, Stream},
    geography::Area,
    supply::{Menu, Opening, OpeningLaw, Programme, Project, Schedule, SupplyModel, money},
};

use crate::{Progress, RunError, Settings, draws};

/// One sharing group and stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Places asked for, by coming year and draw (year-major).
    pub demand: Vec<u32>,
    /// Places of schools and of what is decided, likewise.
    pub fixed: Vec<u32>,
    /// Undecided projects that give places here.
    pub members: Vec<Member>,
}

/// An undecided project in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Index of the choice in the menu.
    pub choice: usize,
    /// Usable places by years since opening, 0 to the number of years less one.
    pub usable: Vec<u32>,
    /// Openings by round of decision: the coming year (0 = first) in which it opens in each draw, `years` = not in time.
    pub openings: Vec<Vec<u8>>,
}

/// Everything a sweep evaluates schedules on.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Coming years.
    pub years: usize,
    /// Draws.
    pub draws: usize,
    /// The coming year in which places are secured (0 = first).
    pub secure: usize,
    /// Cells: sharing group x stage.
    pub cells: Vec<Cell>,
    /// Cost that every schedule has: the running cost of what is decided already.
    pub fixed_cost: u64,
    /// Cost of each choice by round: money to build and the running cost over the years of the run.
    pub costs: Vec<Vec<u64>>,
}

impl Problem {
    /// Draws the futures of `scenario` and tabulates what each choice of `menu` would add to them.
    ///
    /// # Errors
    /// [`RunError::Threads`] if the threads cannot be started.
    pub fn new(
        scenario: &Scenario,
        menu: &Menu,
        settings: &Settings,
        progress: &Progress,
    ) -> Result<Self, RunError> {
        let forecaster = Forecaster::new(scenario);
        // with no decision taken, a schedule holds what was decided before and nothing else
        let decided = Programme::Schedule(Schedule::new(vec![None; scenario.projects.len()]));
        let supply = SupplyModel::new(scenario, &decided);
        let futures: Vec<Future> = draws(&forecaster, settings, progress, |w, path| {
            let places = supply.draw(settings.seed, w);
            Future::new(scenario, &path, |t| places.usable(t))
        })?;
        let (years, draws) = (scenario.years_ahead(), futures.len());
        let frame = &scenario.frame;
        let stages = frame.stages.len();
        let gather = |of: fn(&Future) -> &Vec<u32>, cell: usize| -> Vec<u32> {
            let cells = frame.groups.len() * stages;
            (0..years).flat_map(|t| futures.iter().map(move |f| of(f)[t * cells + cell])).collect()
        };
        let mut cells: Vec<Cell> = (0..frame.groups.len() * stages)
            .map(|cell| Cell {
                demand: gather(|f| &f.demand, cell),
                fixed: gather(|f| &f.places, cell),
                members: Vec::new(),
            })
            .collect();
        let mut costs = Vec::with_capacity(menu.choices.len());
        for (c, choice) in menu.choices.iter().enumerate() {
            let here = scenario.projects.iter().find(|p| p.id == choice.id && p.status.is_undecided());
            let Some(project) = here else {
                // given up, or decided already, in this variant: the choice changes nothing here
                costs.push(vec![0; choice.rounds.len()]);
                continue;
            };
            let openings: Vec<Opening> = choice
                .rounds
                .iter()
                .map(|&round| {
                    let law = OpeningLaw::of(project, &scenario.kinds, scenario.round(), round);
                    Opening::new(&law, scenario.base_year, scenario.until)
                })
                .collect();
            costs.push(openings.iter().map(|o| cost_of(scenario, project, o)).collect());
            let grades = frame.stages[project.stage].grades.len();
            let member = Member {
                choice: c,
                usable: (0..years as i32).map(|k| project.usable(&scenario.kinds, grades, 0, k)).collect(),
                openings: openings
                    .iter()
                    .map(|o| drawn(scenario, project, o, settings.seed, draws))
                    .collect(),
            };
            cells[frame.zones[project.zone].group * stages + project.stage].members.push(member);
        }
        let secure = (scenario.horizon.secure as usize).clamp(1, years) - 1;
        let fixed_cost = money::running(scenario, &supply, |_| true, None).round() as u64;
        Ok(Self { years, draws, secure, cells, fixed_cost, costs })
    }
}

/// Demand and places of one draw, by coming year and cell.
struct Future {
    demand: Vec<u32>,
    places: Vec<u32>,
}

impl Future {
    fn new<'p>(scenario: &Scenario, path: &Path, usable: impl Fn(usize) -> &'p [u32]) -> Self {
        let frame = &scenario.frame;
        let (stages, width) = (frame.stages.len(), frame.grade_count());
        let mut future = Self { demand: Vec::new(), places: Vec::new() };
        for t in 1..=scenario.years_ahead() {
            for q in 0..frame.groups.len() {
                let zones = frame.zones_in(Area::Group(q));
                for p in 0..stages {
                    let grades = frame.grades_of(p);
                    let pupils: u64 = zones
                        .iter()
                        .flat_map(|z| &path.year(t)[z * width + grades.start..z * width + grades.end])
                        .map(|&n| u64::from(n))
                        .sum();
                    future.demand.push(with_reserve(pupils, scenario.reserve_per_mille) as u32);
                    future.places.push(zones.iter().map(|z| usable(t)[z * stages + p]).sum());
                }
            }
        }
        future
    }
}

/// The coming year of opening in every draw; the same uniform number a draw as in a run of this one schedule.
fn drawn(scenario: &Scenario, project: &Project, opening: &Opening, seed: u64, draws: usize) -> Vec<u8> {
    let years = scenario.years_ahead() as i32;
    (0..draws as u64)
        .map(|w| {
            let opened = opening.drawn(Stream::new(seed, "project", &project.id, w).uniform());
            opened.map_or(years, |year| (year - scenario.base_year - 1).clamp(0, years)) as u8
        })
        .collect()
}

/// Money to build, and the running cost of the coming years at central opening.
fn cost_of(scenario: &Scenario, project: &Project, opening: &Opening) -> u64 {
    let opex = project.opex.unwrap_or(0.0);
    let in_use = |year: &i32| opening.central.is_some_and(|o| project.in_use(&scenario.kinds, o, *year));
    let years = scenario.years().skip(1).filter(in_use).count();
    (project.cost(&scenario.kinds) + opex * years as f64).round() as u64
}
