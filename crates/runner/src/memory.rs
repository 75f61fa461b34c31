//! What a run takes of memory, told before it is taken: an estimate from counts alone.
//!
//! What grows with draws is what a run keeps of each of them; what is written grows with zones and years. The figures
//! follow the types that are kept: whoever adds a figure to a draw adds its bytes here, and tests/memory.rs measures both.

use seatcast_core::{
    Scenario,
    backtest::{Dataset, Plan},
    balance::Figure,
    forecast::BLOCK,
    index::{Table, UnitId},
    supply::SupplyModel,
    tide::{self, Stock},
};

use crate::{
    Settings,
    backtest::CHUNK,
    cycle::{CyclePlan, leads},
    threads_used,
};

/// Bytes that a program takes before it has read anything.
const PROGRAM: u64 = 16 << 20;
/// Bytes beside each list that is allocated: its own head, and what an allocator keeps.
const LIST: u64 = 24 + 16;
/// Bytes of results for each area, stage and year: rows of tables as text, read back and drawn.
const WRITTEN: u64 = 12 << 10;

/// Counts that every estimate rests on.
struct Counts {
    /// Years, the base year included.
    years: u64,
    zones: u64,
    stages: u64,
    grades: u64,
    groups: u64,
    projects: u64,
}

impl Counts {
    fn of(scenario: &Scenario) -> Self {
        let frame = &scenario.frame;
        Self {
            years: scenario.years_ahead() as u64 + 1,
            zones: frame.zones.len() as u64,
            stages: frame.stages.len() as u64,
            grades: frame.grade_count() as u64,
            groups: frame.groups.len() as u64,
            projects: scenario.projects.len() as u64,
        }
    }

    /// Pupils of one draw.
    fn path(&self) -> u64 {
        self.years * self.zones * self.grades * 4 + LIST
    }

    /// Demand of one draw by lead and cell, in both orders.
    fn outlook(&self) -> u64 {
        2 * 8 * (self.years - 1) * self.groups * self.stages
    }

    /// A block of draws on its way through the years, with the shocks of their districts.
    fn block(&self) -> u64 {
        BLOCK as u64 * (self.zones * self.grades * 40 + self.years * self.grades * 16)
    }

    fn written(&self) -> u64 {
        (self.zones + self.groups) * (self.stages + self.grades) * self.years * WRITTEN / 10
    }
}

/// Memory that a run of `scenario` to results takes at most at one time, bytes.
pub fn memory_needed(scenario: &Scenario, settings: &Settings) -> u64 {
    let counts = Counts::of(scenario);
    let draws = u64::from(settings.draws);
    let supply = SupplyModel::new(scenario, &settings.programme);
    let (places, balance) = of_balance(scenario, &counts, &supply);
    let held = counts.path() + places + balance;
    // the round is over before the tide and the admission begin
    let round = counts.outlook() + 8 * counts.projects;
    let tide = if scenario.has_places() { of_tide(scenario, &counts, &supply) } else { 0 };
    let after = tide + of_admission(scenario, &counts) + of_schools(scenario, &counts);
    let threads = threads_used(settings.threads, draws.div_ceil(BLOCK as u64)) as u64;
    PROGRAM + draws * (held + round.max(after)) + threads * counts.block() + counts.written()
}

/// Memory that a bulletin of a quarter takes at most at one time, bytes.
pub fn memory_of_bulletin(scenario: &Scenario, settings: &Settings) -> u64 {
    let counts = Counts::of(scenario);
    let draws = u64::from(settings.draws);
    let supply = SupplyModel::new(scenario, &settings.programme);
    let (places, balance) = of_balance(scenario, &counts, &supply);
    let kept = counts.path() + places + balance + counts.outlook() + 8 * counts.projects;
    let threads = threads_used(settings.threads, draws.div_ceil(BLOCK as u64)) as u64;
    PROGRAM + draws * kept + threads * counts.block()
}

/// Memory that a closed loop takes at most at one time, bytes. The letter makes `letter` draws of its own.
pub fn memory_of_cycle(scenario: &Scenario, plan: &CyclePlan, letter: u32) -> u64 {
    let counts = Counts::of(scenario);
    let cells = counts.groups * counts.stages;
    let (futures, years, draws) = (u64::from(plan.futures), plan.years as u64, u64::from(plan.draws));
    let leads: Vec<u64> = (0..plan.years).map(|t| leads(&plan.policies, t) as u64).collect();
    let longest = leads.iter().copied().max().unwrap_or(1);
    let threads = threads_used(plan.threads, futures) as u64;
    // every round of a future looks ahead, and one makes its draws
    let outlooks = leads.iter().sum::<u64>() * 2 * 8 * cells * draws;
    let making = draws * ((longest + 1) * counts.zones * counts.grades * 4 + LIST) + counts.block();
    let (policies, detailed) = (plan.policies.len() as u64, plan.detailed as u64);
    let outcome = 240 + 8 * counts.projects;
    let played = policies * outcome + detailed * years * cells * 4 + years * 16 + 600;
    let numbers = 8 * counts.projects * draws;
    let letter = u64::from(letter) * (counts.path() + counts.outlook());
    let written = futures * detailed * 1_500 + counts.written() / 4;
    PROGRAM + numbers + threads * (outlooks + making) + futures * played + letter.max(written)
}

/// Memory that a back-test takes at most at one time, bytes.
pub fn memory_of_backtest(data: &Dataset, plan: &Plan, threads: usize) -> u64 {
    let history = &data.truth;
    let (areas, years) = (history.rolls.units().len() as u64, history.rolls.years().len() as u64);
    let grades = history.rolls.grades().len() as u64;
    let mut of_area = Table::<UnitId, u64>::filled(history.rolls.units().len(), 0);
    for &area in history.schools.iter().flat_map(|schools| &schools.area_of) {
        of_area[area] += 1;
    }
    let schools: u64 = of_area.iter().sum();
    let draws = plan.draws as u64;
    let (longest, leads) = (plan.longest() as u64, plan.leads.len() as u64);
    let chunks = areas.div_ceil(CHUNK as u64);
    let threads = threads_used(threads, chunks) as u64;
    // an area is drawn with its schools; the shocks of all are kept for an origin
    let most_schools = of_area.iter().copied().max().unwrap_or(0);
    let units = threads * (1 + most_schools) * longest * grades * draws * 4;
    let heads = draws * longest * grades * 8;
    let sums = (chunks + 1) * leads * grades * draws * 8;
    let targets = grades + plan.stages.len() as u64;
    let rows = years * (areas + schools) * leads * targets * 400;
    // every origin keeps what it knew and what it learnt
    let origins = years * (areas + schools) * grades * (years + longest) * 64;
    PROGRAM + units + heads + sums + rows + origins
}

/// Bytes of the places and of the balance of one draw.
fn of_balance(scenario: &Scenario, counts: &Counts, supply: &SupplyModel<'_>) -> (u64, u64) {
    let Counts { years, zones, stages, grades, groups, projects } = *counts;
    let houses = supply.central().houses().all.len() as u64;
    let cells = years * zones * stages;
    let places = 4 * 4 * cells + 8 * projects + 8 * years * houses + 6 * LIST + 48;
    let figures = Figure::COUNT as u64;
    let held =
        if scenario.schools.iter().any(|s| s.classes.is_some()) { 4 * years * groups * grades } else { 0 };
    let balance = 8 * cells * (figures + 1) + 2 * 8 * years * groups * stages + held + (figures + 5) * LIST;
    (places, balance)
}

fn of_tide(scenario: &Scenario, counts: &Counts, supply: &SupplyModel<'_>) -> u64 {
    let buildings = Stock::new(scenario, supply).buildings.len() as u64;
    let years = tide::AHEAD as u64 + 1;
    4 * years * (counts.groups * counts.stages + buildings) + 8 * counts.projects + 3 * LIST + 40
}

fn of_admission(scenario: &Scenario, counts: &Counts) -> u64 {
    let classes: u64 = scenario.admission.classes.len() as u64;
    if classes == 0 {
        return 0;
    }
    let stages = scenario.frame.stages.ids().filter(|&p| !scenario.admission.ranked(p).is_empty());
    let (stages, years) = (stages.count() as u64, counts.years - 1);
    // children by class, capacity and cut-off by group, and a tree of who goes where
    let children = 16 * years * counts.zones * classes;
    children + stages * years * (28 * counts.groups + 60 * 2 * counts.zones) + 8 * LIST
}

/// Schools are drawn zone by zone: what a zone takes at a time, spread over the draws.
fn of_schools(scenario: &Scenario, counts: &Counts) -> u64 {
    let Some(schools) = scenario.past.as_ref().and_then(|past| past.schools.as_ref()) else { return 0 };
    let count = schools.area_of.len() as u64;
    (2 + 2 * count.div_ceil(counts.zones)) * 4 * counts.years * counts.grades
}
