//! A sweep as plain arrays: what every schedule's shortage depends on, group by group.
//!
//! A *cell* here is one sharing group and stage. Its demand and the places of what is already decided do not depend on
//! the schedule; each undecided project changes places by its opening year, and opens in a draw as its round of decision
//! says:
//!
//! ```text
//! S[t,d] = sum over parts i of max(0, fixed_i[t,d] + sum over members m of i  change_m[open_m[option,d], t])
//! shortage[d] = sum over t of max(0, D[t,d] - S[t,d])
//! ```
//!
//! t runs over the coming years (the base year is past), d over the draws, with common random numbers: a draw is the
//! same future for every schedule. A part is a zone that some choice changes, or all other zones of the cell together:
//! a zone never has fewer than no places, however many a schedule takes from it. One project may be a member of several
//! cells, gaining in one and taking in another: a conversion, a relocation, a merger.

use std::{collections::BTreeSet, sync::Arc};

use seatcast_core::{
    Scenario,
    balance::with_reserve,
    forecast::{Forecaster, Path, Stream},
    geography::Area,
    money::{self, Item},
    supply::{
        Choice, Effect, Menu, Opening, OpeningLaw, Programme, Project, Schedule, SupplyModel, effect,
        stock::BEYOND,
    },
};

use crate::{Progress, RunError, Settings, draws};

/// One sharing group and stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Places asked for, by coming year and draw (year-major).
    pub demand: Vec<u32>,
    /// Zones with their places.
    pub parts: Vec<Part>,
    /// Choices that change places here, with their numbers of rounds.
    pub choices: Vec<(usize, u64)>,
}

/// One zone that choices change, or the zones of a cell that none does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Places of schools and of what is decided, by coming year and draw; negative where more is taken than there is.
    pub fixed: Vec<i32>,
    /// Undecided projects that change places here.
    pub members: Vec<Member>,
}

/// What an undecided project changes in a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Index of the choice in the menu.
    pub choice: usize,
    /// Places gained or taken, by the coming year in which it opens (the last: not within the run) and the coming year.
    pub change: Vec<Vec<i32>>,
    /// Openings by round of decision: the coming year (0 = first) in which it opens in each draw, `years` = not in time.
    pub openings: Arc<Vec<Vec<u8>>>,
}

/// How shortage of cells and years becomes the shortage of a draw. By default it is summed over both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rule {
    /// Temporary places by coming year that may stand wherever a cell is short: only what they cannot take is short.
    pub pool: Option<Vec<u32>>,
    /// The worst year counts instead of the sum of the years.
    pub worst_year: bool,
}

impl Rule {
    /// Whether shortage adds up over cells and years.
    pub fn adds_up(&self) -> bool {
        self.pool.is_none() && !self.worst_year
    }

    /// Places of the pool in coming year `t`.
    pub fn pool_in(&self, t: usize) -> u32 {
        self.pool.as_ref().and_then(|pool| pool.get(t).or(pool.last())).copied().unwrap_or(0)
    }
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
    /// How shortage becomes that of a draw.
    pub rule: Rule,
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
        let choices: Vec<Option<Chosen>> =
            menu.choices.iter().map(|choice| Chosen::new(scenario, choice, settings)).collect();
        let layout = Layout::new(scenario, &choices);
        let forecaster = Forecaster::new(scenario);
        // with no decision taken, a schedule holds what was decided before and nothing else
        let decided = Programme::Schedule(Schedule::new(vec![None; scenario.projects.len()]));
        let supply = SupplyModel::new(scenario, &decided);
        let futures: Vec<Future> = draws(&forecaster, settings, progress, |w, path| {
            Future::new(scenario, &layout, &path, &supply.signed_draw(settings.seed, w))
        })?;
        let (years, draws) = (scenario.years_ahead(), futures.len());
        let mut cells: Vec<Cell> = (0..layout.first.len())
            .map(|cell| Cell {
                demand: gather(&futures, years, cell, |f| &f.demand),
                parts: layout
                    .of_cell(cell)
                    .map(|part| Part {
                        fixed: gather(&futures, years, part, |f| &f.places),
                        members: Vec::new(),
                    })
                    .collect(),
                choices: Vec::new(),
            })
            .collect();
        for (c, chosen) in choices.iter().enumerate() {
            for (zone, stage, change) in chosen.iter().flat_map(|chosen| chosen.changes(scenario)) {
                let cell = scenario.frame.zones[zone].group * scenario.frame.stages.len() + stage;
                let at = layout.of_cell(cell).position(|part| layout.zones[part] == [zone]);
                let (Some(at), Some(chosen)) = (at, chosen) else { continue };
                let openings = Arc::clone(&chosen.openings);
                cells[cell].parts[at].members.push(Member { choice: c, change, openings });
                if !cells[cell].choices.iter().any(|(other, _)| *other == c) {
                    cells[cell].choices.push((c, menu.choices[c].rounds.len() as u64));
                }
            }
        }
        let costs = menu
            .choices
            .iter()
            .zip(&choices)
            // given up, or decided already, in this variant: the choice changes nothing here
            .map(|(choice, chosen)| {
                chosen.as_ref().map_or_else(|| vec![0; choice.rounds.len()], |chosen| chosen.costs.clone())
            })
            .collect();
        let secure = (scenario.horizon.secure as usize).clamp(1, years) - 1;
        let fixed_cost = money::due(scenario, &supply, Item::Opex, |_| true, None).round() as u64;
        Ok(Self { years, draws, secure, cells, rule: Rule::default(), fixed_cost, costs })
    }
}

/// The figures of one column of every draw, by coming year and draw.
fn gather<T: Copy>(futures: &[Future], years: usize, column: usize, of: fn(&Future) -> &Vec<T>) -> Vec<T> {
    let width = |f: &Future| of(f).len() / years.max(1);
    (0..years).flat_map(|t| futures.iter().map(move |f| of(f)[t * width(f) + column])).collect()
}

/// An undecided project of this scenario, as its rounds of decision make it.
struct Chosen {
    /// By round and draw.
    openings: Arc<Vec<Vec<u8>>>,
    /// By round.
    costs: Vec<u64>,
    effects: Vec<Effect>,
}

impl Chosen {
    /// `None` if the project is given up, or decided already, in this scenario.
    fn new(scenario: &Scenario, choice: &Choice, settings: &Settings) -> Option<Self> {
        let project = scenario.projects.iter().position(|p| p.id == choice.id && p.is_undecided())?;
        let row = &scenario.projects[project];
        let openings: Vec<Opening> = choice
            .rounds
            .iter()
            .map(|&round| {
                let law = OpeningLaw::of(row, &scenario.kinds, scenario.round(), round);
                Opening::new(&law, scenario.base_year, scenario.until)
            })
            .collect();
        Some(Self {
            costs: openings.iter().map(|o| cost_of(scenario, project, o)).collect(),
            openings: Arc::new(openings.iter().map(|o| drawn(scenario, row, o, settings)).collect()),
            effects: effect::effects(scenario, project),
        })
    }

    /// Zones and stages whose places it changes, each with the change by opening and year.
    fn changes(&self, scenario: &Scenario) -> Vec<(usize, usize, Vec<Vec<i32>>)> {
        let first = scenario.base_year + 1;
        let years = scenario.years_ahead() as i32;
        let mut places: Vec<(usize, usize)> = self.effects.iter().map(|e| (e.zone, e.stage)).collect();
        places.sort_unstable();
        places.dedup();
        let of = |zone, stage, opens: i32, t: i32| -> i32 {
            let opened = if opens < years { first + opens } else { BEYOND };
            let here = self.effects.iter().filter(|e| (e.zone, e.stage) == (zone, stage));
            here.map(|e| e.usable(opened, first + t)).sum::<i64>() as i32
        };
        places
            .into_iter()
            .map(|(zone, stage)| {
                let by_year = |opens| (0..years).map(|t| of(zone, stage, opens, t)).collect();
                (zone, stage, (0..=years).map(by_year).collect())
            })
            .collect()
    }
}

/// The parts of every cell.
struct Layout {
    /// First part of each cell; those of a cell follow each other.
    first: Vec<usize>,
    /// Zones of each part.
    zones: Vec<Vec<usize>>,
}

impl Layout {
    fn new(scenario: &Scenario, choices: &[Option<Chosen>]) -> Self {
        let frame = &scenario.frame;
        let changed: BTreeSet<(usize, usize)> =
            choices.iter().flatten().flat_map(|c| &c.effects).map(|e| (e.stage, e.zone)).collect();
        let mut layout = Self { first: Vec::new(), zones: Vec::new() };
        for q in 0..frame.groups.len() {
            for p in 0..frame.stages.len() {
                layout.first.push(layout.zones.len());
                let (own, rest): (Vec<usize>, Vec<usize>) =
                    frame.zones_in(Area::Group(q)).into_iter().partition(|&z| changed.contains(&(p, z)));
                layout.zones.extend((!rest.is_empty()).then_some(rest));
                layout.zones.extend(own.into_iter().map(|z| vec![z]));
            }
        }
        layout
    }

    fn of_cell(&self, cell: usize) -> std::ops::Range<usize> {
        self.first[cell]..self.first.get(cell + 1).copied().unwrap_or(self.zones.len())
    }
}

/// Demand by coming year and cell, places by coming year and part, of one draw.
struct Future {
    demand: Vec<u32>,
    places: Vec<i32>,
}

impl Future {
    /// `signed` are the places of what is decided, by year from the base year, zone and stage.
    fn new(scenario: &Scenario, layout: &Layout, path: &Path, signed: &[i64]) -> Self {
        let frame = &scenario.frame;
        let (stages, width) = (frame.stages.len(), frame.grade_count());
        let years = scenario.years_ahead();
        let mut future = Self {
            demand: Vec::with_capacity(years * layout.first.len()),
            places: Vec::with_capacity(years * layout.zones.len()),
        };
        for t in 1..=years {
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
                    for zones in &layout.zones[layout.of_cell(q * stages + p)] {
                        let places = |z: &usize| signed[t * frame.place_count() + z * stages + p];
                        future.places.push(match zones[..] {
                            [zone] => places(&zone) as i32,
                            _ => zones.iter().map(|z| places(z).max(0)).sum::<i64>() as i32,
                        });
                    }
                }
            }
        }
        future
    }
}

/// The coming year of opening in every draw; the same uniform number a draw as in a run of this one schedule.
fn drawn(scenario: &Scenario, project: &Project, opening: &Opening, settings: &Settings) -> Vec<u8> {
    let years = scenario.years_ahead() as i32;
    (0..u64::from(settings.draws))
        .map(|w| {
            let opened = opening.drawn(Stream::new(settings.seed, "project", &project.id, w).uniform());
            opened.map_or(years, |year| (year - scenario.base_year - 1).clamp(0, years)) as u8
        })
        .collect()
}

/// Money to build, and the running cost of the coming years at central opening, of the project and of swing buildings
/// that it releases.
fn cost_of(scenario: &Scenario, j: usize, opening: &Opening) -> u64 {
    let projects = scenario.projects.iter().enumerate();
    let led = projects.filter(|(i, p)| *i == j || (p.leader(*i) == j && p.status.in_programme()));
    let running = opening.central.map_or(0.0, |opened| {
        led.map(|(i, _)| money::due_if_opened(scenario, i, Item::Opex, opened, None)).sum()
    });
    (money::capital(scenario, j) + running).round() as u64
}
