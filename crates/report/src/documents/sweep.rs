//! `sweep.json`: what was tried, the front, what each project is worth in the best plan.

use seatcast_core::{
    Scenario,
    supply::{Menu, Pick},
};
use serde::{Deserialize, Serialize};

use super::{Input, Note, ScenarioLine, Text, pretty, scenario_line};
use crate::phrases;

/// The file that marks the folder of a sweep.
pub(crate) const MANIFEST: &str = "sweep.json";

/// What a schedule does in one variant.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    /// Mean shortage, seat-years over all groups and coming years.
    pub mean_shortage: f64,
    /// Mean shortage of the worst 5 % of the draws, seat-years.
    pub cvar95_shortage: f64,
    /// Mean shortage of the worst sharing group, stage and year, pupils.
    pub worst_group_year: f64,
    /// Share of the draws in which nobody lacks a place in the year that is secured.
    pub p_all_secured: f64,
    /// Mean idle places, seat-years.
    pub idle_seat_years: f64,
    /// Money to build what is decided and to run it over the years of the run.
    pub cost: f64,
}

/// A schedule with what it does.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduleRow {
    /// Key of the schedule.
    pub key: String,
    /// Its picks, by choice of the menu.
    pub picks: Vec<Pick>,
    /// What it does, by variant.
    pub measures: Vec<Measures>,
    /// Largest regret over the variants, seat-years in the worst draws; nothing with one variant.
    pub regret: Option<f64>,
}

/// How often a project stands in schedules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectStanding {
    /// Key of the project.
    pub project: String,
    /// Name.
    pub name: Text,
    /// Share of all schedules tried that build it.
    pub in_all: f64,
    /// Share of the best schedules that build it.
    pub in_top: f64,
    /// Share of the schedules on the front that build it.
    pub in_front: f64,
    /// Among the best schedules that build it: share by month of decision.
    pub top_rounds: Vec<(String, f64)>,
}

/// What a project is worth in the best plan: shortage with it against without it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectWorth {
    /// Key of the project.
    pub project: String,
    /// Month of decision in the plan; nothing = never.
    pub decide: Option<String>,
    /// Month of decision that "with it" means: that of the plan, or the one in which it would take off most.
    pub with: Option<String>,
    /// Mean shortage that it takes off, seat-years.
    pub mean_shortage: f64,
    /// Shortage of the worst 5 % that it takes off, seat-years.
    pub cvar95_shortage: f64,
    /// Shortage of the worst 5 % that one round later would add, seat-years.
    pub one_round_later: Option<f64>,
    /// Money it costs.
    pub cost: f64,
}

/// From which schedule the best was improved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImprovedLine {
    /// Key of the schedule it started from.
    pub from: String,
    /// Changes of one or two projects taken.
    pub steps: u64,
}

/// A point of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SweepPoint {
    /// Money.
    pub cost: f64,
    /// Shortage of the worst draws, seat-years.
    pub cvar95_shortage: f64,
}

/// How schedules were scored: the result does not depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KernelLine {
    /// `fast` or `general`.
    pub method: String,
    /// Why it is not the fast one: `asked`, `pool`, `worst-year`.
    pub reason: Option<String>,
    /// Width of figures: `u16`, `u32` or `u64`.
    pub width: String,
}

/// `sweep.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepDocument {
    /// Marks the folder as written by this program.
    pub program: String,
    /// Version of this format.
    pub format: u32,
    /// What the folder holds.
    pub kind: String,
    /// Version of the program.
    pub version: String,
    /// The scenario.
    pub scenario: ScenarioLine,
    /// Variants the schedules are judged over, the first for front and rank.
    pub variants: Vec<String>,
    /// How schedules were made.
    pub strategy: String,
    /// Schedules scored.
    pub scored: u64,
    /// Whether it was stopped before its last schedule.
    pub stopped: bool,
    /// How schedules were scored.
    pub kernel: KernelLine,
    /// Draws.
    pub draws: u32,
    /// Seed.
    pub seed: u64,
    /// Budget in all.
    pub budget_total: Option<u64>,
    /// Budget by year.
    pub budget_by_year: Vec<(i32, u64)>,
    /// Files read.
    pub inputs: Vec<Input>,
    /// Where the sizes of the shocks come from.
    pub uncertainty: Text,
    /// How often each project stands in good plans.
    pub projects: Vec<ProjectStanding>,
    /// What each project is worth in the best plan.
    pub worth: Vec<ProjectWorth>,
    /// Where the best was improved from, if it was.
    pub improved: Option<ImprovedLine>,
    /// The front, cheapest first.
    pub front: Vec<SweepPoint>,
    /// Schedules tried, thinned evenly.
    pub cloud: Vec<SweepPoint>,
    /// The best schedule.
    pub best: Option<SweepPoint>,
    /// Fallbacks and defaults taken.
    pub notes: Vec<Note>,
    /// Files of the folder.
    pub files: Vec<String>,
}

/// A finished sweep, ready to be written.
#[derive(Debug, Clone)]
pub struct SweepRun<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// What could be chosen.
    pub menu: &'a Menu,
    /// The best schedules, best first.
    pub top: Vec<ScheduleRow>,
    /// The front, cheapest first.
    pub front: Vec<ScheduleRow>,
    /// Vector instructions of this machine: said, not written, for results do not depend on the machine.
    pub isa: &'static str,
    /// Everything else.
    pub document: SweepDocument,
}

impl SweepDocument {
    /// The line of a scenario for a document.
    pub fn scenario_line(scenario: &Scenario) -> ScenarioLine {
        scenario_line(scenario, "")
    }

    /// The document as text, with the names of the files written.
    pub fn json(self, files: &[String]) -> String {
        pretty(&Self { files: files.to_vec(), ..self })
    }

    /// Where the sizes of the shocks come from, for a document.
    pub fn uncertainty_of(scenario: &Scenario) -> Text {
        Text::both(|lang| phrases::basis_line(scenario, lang))
    }
}
