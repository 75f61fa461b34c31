//! What really happens: pupils by year, and how long each gate takes. Wider than any forecaster thinks.
//!
//! A future is a draw of the cohort model over all years of the loop, with shocks [`Wider::shocks`] times as large as the
//! forecaster's (be their sizes stated or learnt), births that walk on beyond the known cohorts, and breaks that it does not
//! know of:
//!
//! | break | happens | what it does |
//! |---|---|---|
//! | births turn | once, beyond the known cohorts | births of the later cohorts rise or fall by 4 to 8 % a year for five years, twice as often down |
//! | entry step | once | entrants per child change by up to 10 % for good |
//! | policy | once | 3 to 8 % more go on to, or enter, the last stage from that year on |
//! | estate late | each estate | it is finished a year later than published |
//! | broken year | once | 4 to 10 % fewer enter in one year, and that many more in the next |
//! | slow builders | whole future | four tenths of the chance to be on time is lost |
//!
//! Everything is drawn from the seed and the number of the future: a future is the same whichever others are made.

use std::collections::BTreeSet;

use crate::{
    bounds::{self, Bound, Member},
    demand::{DemandTerms, Estate, terms::stocks},
    forecast::{Beyond, Forecaster, Path, Stream},
    geography::Intake,
    grid::CellId,
    index::{GradeId, Ids, ProjectId, StageId, Table, YearOffset, Years},
    scenario::Scenario,
};

/// How often each break happens, and how much larger the shocks are: stated by the scenario (`breaks`), unknown to whoever
/// forecasts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wider {
    /// Factor on every size of the forecaster's shocks.
    pub shocks: f64,
    /// Share of futures in which births turn.
    pub births_turn: f64,
    /// Share of futures with a step in entry.
    pub entry_step: f64,
    /// Share of futures with a change of policy.
    pub policy: f64,
    /// Share of estates that are late.
    pub estate_late: f64,
    /// Share of futures with a broken year.
    pub broken_year: f64,
    /// Share of futures with slow builders.
    pub slow_builders: f64,
}

impl Default for Wider {
    fn default() -> Self {
        Self {
            shocks: 1.25,
            births_turn: 0.35,
            entry_step: 0.30,
            policy: 0.20,
            estate_late: 0.25,
            broken_year: 0.20,
            slow_builders: 0.20,
        }
    }
}

impl Wider {
    /// Nothing happens that is not forecast, and everything opens when it is most likely to.
    pub const NONE: Self = Self {
        shocks: 0.0,
        births_turn: 0.0,
        entry_step: 0.0,
        policy: 0.0,
        estate_late: 0.0,
        broken_year: 0.0,
        slow_builders: 0.0,
    };

    /// Every size.
    pub const MEMBERS: [Member<Self>; 7] = [
        Member {
            key: "shocks",
            bound: bounds::WIDER,
            means: "factor on the sizes of the forecaster's shocks",
            at: |w| &mut w.shocks,
        },
        Member {
            key: "births_turn",
            bound: bounds::PROPORTION,
            means: "share of the futures in which births beyond the known cohorts rise or fall for five years",
            at: |w| &mut w.births_turn,
        },
        Member {
            key: "entry_step",
            bound: bounds::PROPORTION,
            means: "share of the futures in which entrants per child make a step",
            at: |w| &mut w.entry_step,
        },
        Member {
            key: "policy",
            bound: bounds::PROPORTION,
            means: "share of the futures in which more enter the last stage from a year on",
            at: |w| &mut w.policy,
        },
        Member {
            key: "estate_late",
            bound: bounds::PROPORTION,
            means: "share of the estates that are finished a year late",
            at: |w| &mut w.estate_late,
        },
        Member {
            key: "broken_year",
            bound: bounds::PROPORTION,
            means: "share of the futures in which fewer enter in one year and as many more in the next",
            at: |w| &mut w.broken_year,
        },
        Member {
            key: "slow_builders",
            bound: bounds::PROPORTION,
            means: "share of the futures in which builders are slow everywhere",
            at: |w| &mut w.slow_builders,
        },
    ];

    /// Key, value and bound of every size.
    pub fn checked(&self) -> [(&'static str, f64, Bound); 7] {
        let mut sizes = *self;
        Self::MEMBERS.map(|member| (member.key, *(member.at)(&mut sizes), member.bound))
    }

    /// How often a break happens: share of the futures, of the estates for [`Break::EstateLate`].
    pub fn often(&self, of: Break) -> f64 {
        match of {
            Break::BirthsTurn => self.births_turn,
            Break::EntryStep => self.entry_step,
            Break::Policy => self.policy,
            Break::EstateLate => self.estate_late,
            Break::BrokenYear => self.broken_year,
            Break::SlowBuilders => self.slow_builders,
        }
    }
}

/// A break that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Break {
    /// Births turned.
    BirthsTurn,
    /// Entry made a step.
    EntryStep,
    /// Policy changed.
    Policy,
    /// An estate was late.
    EstateLate,
    /// A year was broken.
    BrokenYear,
    /// Builders were slow.
    SlowBuilders,
}

impl Break {
    /// Every break.
    pub const ALL: [Break; 6] = [
        Break::BirthsTurn,
        Break::EntryStep,
        Break::Policy,
        Break::EstateLate,
        Break::BrokenYear,
        Break::SlowBuilders,
    ];

    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Break::BirthsTurn => "births_turn",
            Break::EntryStep => "entry_step",
            Break::Policy => "policy",
            Break::EstateLate => "estate_late",
            Break::BrokenYear => "broken_year",
            Break::SlowBuilders => "slow_builders",
        }
    }
}

/// One future.
#[derive(Debug, Clone)]
pub struct Future {
    /// Its number.
    pub number: u64,
    /// Pupils by year (0 = base year), zone and grade.
    pub pupils: Path,
    /// Births beyond the known cohorts against what is held, by year of entry: 1 where known.
    pub births: Vec<f64>,
    /// Whether each estate is late.
    pub late: Vec<bool>,
    /// Uniform numbers of site and build gate, by project.
    pub gates: Table<ProjectId, (f64, f64)>,
    /// What broke, with the year since the base year (0 where it is none in particular).
    pub breaks: Vec<(Break, usize)>,
}

impl Future {
    /// What really came, with gates drawn as those of future number `number` are: a history in which projects are decided
    /// that nobody built.
    pub fn of_history(pupils: Path, projects: &[String], seed: u64, number: u64) -> Self {
        let gates = projects.iter().map(|id| gates(seed, id, number)).collect();
        Self { number, pupils, births: Vec::new(), late: Vec::new(), gates, breaks: Vec::new() }
    }
}

/// Uniform numbers of the site and build gate of a project.
fn gates(seed: u64, project: &str, future: u64) -> (f64, f64) {
    let mut numbers = Stream::new(seed ^ TRUTH, "gate", project, future);
    (numbers.uniform(), numbers.uniform())
}

/// Makes futures.
#[derive(Debug)]
pub struct Generator {
    scenario: Scenario,
    terms: DemandTerms,
    wider: Wider,
    seed: u64,
    years: usize,
    /// Years of entry that are known in the base year, all places alike.
    known: usize,
}

impl Generator {
    /// A generator of futures of `years` years after the base year of `scenario`, which lasts at least as long.
    pub fn new(scenario: &Scenario, terms: &DemandTerms, seed: u64, years: usize) -> Self {
        Self {
            scenario: scenario.lasting_to(scenario.base_year + years as i32),
            terms: terms.clone(),
            wider: scenario.breaks,
            seed,
            years,
            known: known_years(terms),
        }
    }

    /// Future number `f`.
    ///
    /// # Errors
    /// [`Beyond`] if more pupils come in it than can be counted.
    pub fn future(&self, f: u64, estates: &[Estate], projects: &[String]) -> Result<Future, Beyond> {
        let mut numbers = Stream::new(self.seed, "future", "breaks", f);
        let years = self.years;
        let mut breaks = Vec::new();
        let mut happens = |numbers: &mut Stream, of: Break, share: f64, from: usize, to: usize| {
            let (u, at) = (numbers.uniform(), numbers.uniform());
            let size = numbers.uniform();
            let year = from + ((to.saturating_sub(from) + 1) as f64 * at) as usize;
            (u < share && year <= years).then(|| {
                breaks.push((of, year));
                (year, size)
            })
        };
        let turn =
            happens(&mut numbers, Break::BirthsTurn, self.wider.births_turn, self.known + 1, self.known + 4);
        let step = happens(&mut numbers, Break::EntryStep, self.wider.entry_step, 1, 10.min(years));
        let policy = happens(&mut numbers, Break::Policy, self.wider.policy, 1, 10.min(years));
        let broken = happens(
            &mut numbers,
            Break::BrokenYear,
            self.wider.broken_year,
            1,
            years.saturating_sub(1).max(1),
        );
        let slow = happens(&mut numbers, Break::SlowBuilders, self.wider.slow_builders, 0, 0).is_some();
        let mut estate_numbers = Stream::new(self.seed, "future", "estates", f);
        let late: Vec<bool> =
            estates.iter().map(|_| estate_numbers.uniform() < self.wider.estate_late).collect();
        if late.iter().any(|late| *late) {
            breaks.push((Break::EstateLate, 0));
        }
        breaks.sort_unstable();
        let births = self.births(f, turn);
        let mut terms = self.terms.clone();
        self.enter(&mut terms, &births, step, policy, broken);
        if !estates.is_empty() {
            let span: Years<i32> = terms.progression.ids().map(|t| self.scenario.year_of(t)).collect();
            (terms.stock, terms.pooled) = stocks(&self.scenario, &delayed(estates, &late), &span);
        }
        // births of the future are known to it
        terms.assumed_from.iter_mut().for_each(|from| *from = None);
        let forecaster = Forecaster::wider(&self.scenario, &terms, self.wider.shocks);
        let pupils = forecaster.draw(self.seed ^ TRUTH, f);
        if let Some(beyond) = forecaster.drawn_beyond(&pupils, f) {
            return Err(beyond);
        }
        let gate = |id: &String| {
            let (site, build) = gates(self.seed, id, f);
            if self.wider.shocks <= 0.0 {
                (0.5, 0.5)
            } else if slow {
                (site, 1.0 - 0.6 * (1.0 - build))
            } else {
                (site, build)
            }
        };
        Ok(Future { number: f, pupils, births, late, gates: projects.iter().map(gate).collect(), breaks })
    }

    /// Births of each entry year against the last known cohort.
    fn births(&self, f: u64, turn: Option<(usize, f64)>) -> Vec<f64> {
        let mut numbers = Stream::new(self.seed, "future", "births", f);
        let sizes = self.scenario.uncertainty.unwrap_or_default().times(self.wider.shocks);
        let sd = sizes.births_assumed_walk;
        let count = self.terms.progression.len();
        let mut births = vec![1.0; count];
        let mut level = 0.0;
        for (t, births) in births.iter_mut().enumerate().skip(self.known + 1) {
            level += sd * numbers.normal();
            if let Some((from, size)) = turn
                && (from..from + TURN_YEARS).contains(&t)
            {
                // the first third of the numbers rise
                let part = if size < 1.0 / 3.0 { size * 3.0 } else { (size - 1.0 / 3.0) * 1.5 };
                let rate = 0.04 + 0.04 * part;
                level += if size < 1.0 / 3.0 { rate } else { -rate };
            }
            *births = libm::exp(level);
        }
        births
    }

    fn enter(
        &self,
        terms: &mut DemandTerms,
        births: &[f64],
        step: Option<(usize, f64)>,
        policy: Option<(usize, f64)>,
        broken: Option<(usize, f64)>,
    ) {
        let frame = &self.scenario.frame;
        let last = StageId::new(frame.stages.len() - 1);
        let by_policy = |t: YearOffset| {
            policy.map_or(1.0, |(from, size)| if t.index() >= from { 1.03 + 0.05 * size } else { 1.0 })
        };
        // children of a year, with those of a broken one a year later
        let coming = |t: YearOffset, children: f64, held: &mut f64| {
            let share = broken.map_or(0.0, |(_, size)| 0.04 + 0.06 * size);
            let all = children * births[t.index()];
            let out = if broken.is_some_and(|(year, _)| year == t.index()) { all * share } else { 0.0 };
            all - out + std::mem::replace(held, out)
        };
        let stepped = |t: YearOffset| {
            let size = step.map_or(0.0, |(_, size)| 0.2 * size - 0.1);
            if step.is_some_and(|(from, _)| t.index() >= from) { 1.0 + size } else { 1.0 }
        };
        let policy_of =
            |g: GradeId, t: YearOffset| if frame.stage_of(g).0 == last { by_policy(t) } else { 1.0 };
        for pool in &mut terms.pools {
            let mut held = 0.0;
            for t in Ids::of(1..births.len().min(pool.children.len())) {
                pool.children[t] = coming(t, pool.children[t], &mut held);
                pool.entry[t] *= stepped(t);
                pool.entry[t] *= policy_of(frame.cells().split(pool.cell).1, t);
            }
        }
        // entrants of whom no children are counted
        let pooled: BTreeSet<CellId> = terms.pools.iter().map(|pool| pool.cell).collect();
        let entered = |cell: &CellId| frame.is_entry(frame.cells().split(*cell).1) && !pooled.contains(cell);
        for cell in frame.cells().pairs().filter(entered) {
            let grade = frame.cells().split(cell).1;
            let mut held = 0.0;
            for t in Ids::of(1..births.len().min(terms.inflow.len())) {
                let entrants = coming(t, terms.inflow[t][cell], &mut held);
                terms.inflow[t][cell] = entrants * stepped(t) * policy_of(grade, t);
            }
        }
        for transition in terms.transitions.iter_mut().filter(|t| t.to == last) {
            for t in transition.rate.ids() {
                let row = &mut transition.rate[t];
                for rate in row.iter_mut() {
                    *rate *= by_policy(t);
                }
            }
        }
    }
}

/// Keeps the numbers of what happens apart from those of what is expected.
const TRUTH: u64 = 0x7472_7574_6800_0000;
/// Years for which births that turn go on.
const TURN_YEARS: usize = 5;

/// Estates, the late ones a year later.
pub(super) fn delayed(estates: &[Estate], late: &[bool]) -> Vec<Estate> {
    estates
        .iter()
        .zip(late)
        .map(|(estate, late)| Estate {
            completed: estate.completed.plus(if *late { 12 } else { 0 }),
            in_pool_from: estate.in_pool_from.map(|y| y + i32::from(*late)),
            ..estate.clone()
        })
        .collect()
}

/// Years of entry known in the base year: up to the first that rests on an assumed pool anywhere.
pub(super) fn known_years(terms: &DemandTerms) -> usize {
    let first = terms.assumed_from.iter().flatten().min();
    first.map_or(terms.progression.len(), |t| t.index() - 1)
}

/// Whether a stage is entered from pools.
pub(super) fn from_pools(scenario: &Scenario, stage: StageId) -> bool {
    matches!(scenario.frame.stages[stage].intake, Intake::Pools { .. })
}
