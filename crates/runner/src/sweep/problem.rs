//! A sweep as plain arrays: what every schedule's shortage depends on, group by group.
//!
//! A *slot* here is one sharing group and stage. Its demand and the places of what is already decided do not depend on
//! the schedule; each undecided project changes places by its opening year, and opens in a draw as its round of decision
//! says:
//!
//! ```text
//! S[t,d] = sum over parts i of max(0, fixed_i[t,d] + sum over members m of i  change_m[open_m[option,d], t])
//! shortage[d] = sum over t of max(0, D[t,d] - S[t,d])
//! ```
//!
//! t runs over the coming years (the base year is past), d over the draws, with common random numbers: a draw is the
//! same future for every schedule. A part is a zone that some choice changes, or all other zones of the slot together:
//! a zone never has fewer than no places, however many a schedule takes from it. One project may be a member of several
//! slots, gaining in one and taking in another: a conversion, a relocation, a merger.

use std::{collections::BTreeSet, sync::Arc};

use seatcast_core::{
    Scenario,
    balance::with_reserve,
    demand::cohort::pupils_in,
    forecast::{Forecaster, Path, Stream},
    geography::Area,
    grid::{Grid, Shape, SlotId, Slots},
    ids,
    index::{ComingYear, GroupId, Id, Ids, ProjectId, StageId, Table, ZoneId},
    money::{self, Item},
    supply::{
        ByZoneStage, Choice, Effect, Menu, Opening, OpeningLaw, Programme, Project, Schedule, SupplyModel,
        effect, stock::BEYOND,
    },
};

use crate::{Progress, RunError, Settings, draws};

/// One sharing group and stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Places asked for, by coming year and draw (year-major).
    pub demand: Vec<u32>,
    /// Zones with their places.
    pub parts: Vec<Part>,
    /// Choices that change places here, with their numbers of rounds.
    pub choices: Vec<(usize, u64)>,
}

/// One zone that choices change, or the zones of a slot that none does.
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

/// How shortage of slots and years becomes the shortage of a draw. By default it is summed over both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rule {
    /// Temporary places by coming year that may stand wherever a slot is short: only what they cannot take is short.
    pub pool: Option<Vec<u32>>,
    /// The worst year counts instead of the sum of the years.
    pub worst_year: bool,
}

impl Rule {
    /// Whether shortage adds up over slots and years.
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
    /// Slots: sharing group x stage.
    pub slots: Vec<Slot>,
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
        let mut slots: Table<SlotId, Slot> = layout
            .of_slot
            .shape()
            .pairs()
            .map(|slot| Slot {
                demand: gather(&futures, slot, |f| &f.demand),
                parts: layout
                    .parts_of(slot)
                    .map(|part| Part { fixed: gather(&futures, part, |f| &f.places), members: Vec::new() })
                    .collect(),
                choices: Vec::new(),
            })
            .collect();
        for (c, chosen) in choices.iter().enumerate() {
            for (zone, stage, change) in chosen.iter().flat_map(|chosen| chosen.changes(scenario)) {
                let slot = scenario.frame.slot_of(zone, stage);
                let at = layout.parts_of(slot).position(|part| layout.zones[part] == [zone]);
                let (Some(at), Some(chosen)) = (at, chosen) else { continue };
                let openings = Arc::clone(&chosen.openings);
                slots[slot].parts[at].members.push(Member { choice: c, change, openings });
                if !slots[slot].choices.iter().any(|(other, _)| *other == c) {
                    slots[slot].choices.push((c, menu.choices[c].rounds.len() as u64));
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
        Ok(Self { years, draws, secure, slots: slots.into_vec(), rule: Rule::default(), fixed_cost, costs })
    }
}

/// The figures of one column of every draw, by coming year and draw.
fn gather<C: Id, T: Copy>(futures: &[Future], column: C, of: fn(&Future) -> &ByYear<C, T>) -> Vec<T> {
    let years = futures.first().map_or(Ids::first(0), |f| of(f).shape().rows());
    years.flat_map(|t| futures.iter().map(move |f| of(f)[(t, column)])).collect()
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
        let project = scenario.projects.find(|p| p.id == choice.id && p.is_undecided())?;
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
    fn changes(&self, scenario: &Scenario) -> Vec<(ZoneId, StageId, Vec<Vec<i32>>)> {
        let first = scenario.base_year + 1;
        let years = scenario.years_ahead() as i32;
        let mut places: Vec<(ZoneId, StageId)> = self.effects.iter().map(|e| (e.zone, e.stage)).collect();
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

/// The parts of every slot.
struct Layout {
    /// The parts of each slot; they follow each other.
    of_slot: Slots<Ids<PartId>>,
    /// Zones of each part.
    zones: Table<PartId, Vec<ZoneId>>,
}

impl Layout {
    fn new(scenario: &Scenario, choices: &[Option<Chosen>]) -> Self {
        let frame = &scenario.frame;
        let changed: BTreeSet<(StageId, ZoneId)> =
            choices.iter().flatten().flat_map(|c| &c.effects).map(|e| (e.stage, e.zone)).collect();
        let mut zones = Table::default();
        let of_slot = Slots::from_fn(frame.slots(), |q, p| {
            let first = zones.len();
            let (own, rest): (Vec<ZoneId>, Vec<ZoneId>) =
                frame.zones_in(Area::Group(q)).into_iter().partition(|&z| changed.contains(&(p, z)));
            zones.extend((!rest.is_empty()).then_some(rest));
            zones.extend(own.into_iter().map(|z| vec![z]));
            Ids::of(first..zones.len())
        });
        Self { of_slot, zones }
    }

    fn parts_of(&self, slot: SlotId) -> Ids<PartId> {
        self.of_slot[slot].clone()
    }
}

/// Demand by coming year and slot, places by coming year and part, of one draw.
struct Future {
    demand: ByYear<SlotId, u32>,
    places: ByYear<PartId, i32>,
}

/// Figures by coming year and something else.
type ByYear<C, T> = Grid<ComingYear, C, T>;

ids! {
    /// A part of [`Layout`].
    PartId
}

impl Future {
    /// `signed` are the places of what is decided, by year from the base year, zone and stage.
    fn new(scenario: &Scenario, layout: &Layout, path: &Path, signed: &ByZoneStage<i64>) -> Self {
        let frame = &scenario.frame;
        let (years, slots) = (scenario.years_ahead(), frame.slots());
        let members: Table<GroupId, Vec<ZoneId>> =
            frame.groups.ids().map(|q| frame.zones_in(Area::Group(q))).collect();
        let demand = Grid::from_fn(Shape::new(years, slots.count()), |t: ComingYear, slot| {
            let (q, p) = slots.split(slot);
            let pupils = pupils_in(path.year(t.offset()), &members[q], &frame.grades_of(p));
            with_reserve(pupils, scenario.reserve_per_mille) as u32
        });
        let stage_of: Table<PartId, StageId> =
            slots.pairs().flat_map(|slot| layout.parts_of(slot).map(move |_| slots.split(slot).1)).collect();
        let places = Grid::from_fn(Shape::new(years, layout.zones.len()), |t: ComingYear, part| {
            let places = |z: ZoneId| signed[(t.offset(), z, stage_of[part])];
            match layout.zones[part][..] {
                [zone] => places(zone) as i32,
                ref zones => zones.iter().map(|&z| places(z).max(0)).sum::<i64>() as i32,
            }
        });
        Self { demand, places }
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
fn cost_of(scenario: &Scenario, j: ProjectId, opening: &Opening) -> u64 {
    let projects = scenario.projects.pairs();
    let led = projects.filter(|(i, p)| *i == j || (p.leader(*i) == j && p.status.in_programme()));
    let running = opening.central.map_or(0.0, |opened| {
        led.map(|(i, _)| money::due_if_opened(scenario, i, Item::Opex, opened, None)).sum()
    });
    (money::capital(scenario, j) + running).round() as u64
}
