//! `cycle.json`: the policies of a closed loop and what came of them.

use seatcast_core::{
    Scenario,
    cycle::{Action, FiledRound, Policy, Turned},
};
use serde::{Deserialize, Serialize};

use super::{Input, Note, ScenarioLine, Text, pretty};
use crate::phrases;

/// The file that marks the folder of a closed loop.
pub(crate) const MANIFEST: &str = "cycle.json";

/// A figure over many futures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Its name.
    pub measure: String,
    /// Over which futures: `all`, `calm` (nothing broke), `broken`.
    pub futures: String,
    /// How many.
    pub count: u32,
    /// Mean.
    pub mean: f64,
    /// Standard error of the mean.
    pub error: f64,
    /// Mean of the worst 5 % of the futures.
    pub cvar95: f64,
    /// Quantiles.
    pub p10: f64,
    /// Quantiles.
    pub p90: f64,
}

/// One policy and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PolicyLine {
    /// Its name.
    pub policy: String,
    /// Years looked, planned, secured.
    pub horizon: (i32, i32, i32),
    /// Levels of plan and secure.
    pub levels: (f64, f64),
    /// Figures.
    pub figures: Vec<Figure>,
    /// Share of the futures in which any child is without a place, by year from the first.
    pub p_any_short: Vec<f64>,
    /// The same by sharing group and stage, group-major, year by year; empty for perfect foresight.
    pub p_short: Vec<Vec<f64>>,
}

impl PolicyLine {
    /// A figure over all futures.
    pub fn figure(&self, measure: &str) -> Option<&Figure> {
        self.figures.iter().find(|f| f.measure == measure && f.futures == "all")
    }
}

/// What one thing is worth: the policy that has it less the one that lacks it, on the same futures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorthLine {
    /// What.
    pub worth: String,
    /// The policy that has it.
    pub with: String,
    /// The policy that lacks it.
    pub without: String,
    /// Differences: `with` less `without`.
    pub figures: Vec<Figure>,
}

/// One pair of levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelLine {
    /// Plan level.
    pub plan: f64,
    /// Secure level.
    pub secure: f64,
    /// Figures.
    pub figures: Vec<Figure>,
}

/// One future, stage by stage: pupils, and places under each policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExampleLine {
    /// District.
    pub district: String,
    /// Stage.
    pub stage: String,
    /// Places asked for, by year from the base year.
    pub demand: Vec<i64>,
    /// Places by policy.
    pub places: Vec<(String, Vec<i64>)>,
}

/// When the rule decided a project in the example.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExampleProject {
    /// Key of the stage.
    pub stage: String,
    /// Name of the project.
    pub name: Text,
    /// Months (12 x year + month - 1) in which its site gate was opened and its build gate; opening.
    pub site: Option<i32>,
    /// Build gate.
    pub build: i32,
    /// First September in use.
    pub opens: i32,
    /// First September with all places usable.
    pub full: i32,
}

/// `cycle.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CycleDocument {
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
    /// Keys and names of the districts.
    pub districts: Vec<(String, Text)>,
    /// Names of the sharing groups.
    pub groups: Vec<Text>,
    /// Keys and names of the stages.
    pub stages: Vec<(String, Text)>,
    /// Futures.
    pub futures: u32,
    /// Years.
    pub years: u32,
    /// Draws of every forecast.
    pub draws: u32,
    /// Seed.
    pub seed: u64,
    /// Modules held ready in the policy that holds them.
    pub held: u32,
    /// What a child short and an idle place cost a year, a site and hurrying as shares of the capital.
    pub prices: [f64; 4],
    /// How often each break happens, and how much larger the shocks are than the forecaster's.
    pub breaks: Vec<(String, f64)>,
    /// Share of the futures in which perfect foresight was found exactly.
    pub exact: f64,
    /// Where the sizes of the shocks come from.
    pub uncertainty: Text,
    /// Files read.
    pub inputs: Vec<Input>,
    /// Policies, the one in question first, perfect foresight last.
    pub policies: Vec<PolicyLine>,
    /// What things are worth.
    pub worths: Vec<WorthLine>,
    /// The grid over both levels.
    pub levels: Vec<LevelLine>,
    /// The first future.
    pub example: Vec<ExampleLine>,
    /// What the policy in question decided in it.
    pub projects: Vec<ExampleProject>,
    /// Fallbacks and defaults taken.
    pub notes: Vec<Note>,
    /// Files of the folder.
    pub files: Vec<String>,
}

/// One future under one policy.
#[derive(Debug, Clone, PartialEq)]
pub struct FutureRow {
    /// Number.
    pub future: u64,
    /// What broke, and when (years after the base year; 0 = not in one year).
    pub breaks: Vec<(String, usize)>,
    /// Policy.
    pub policy: String,
    /// Measures.
    pub measures: Vec<(&'static str, f64)>,
}

/// A finished closed loop, ready to be written.
#[derive(Debug, Clone)]
pub struct CycleRun<'a> {
    /// The scenario, modules held ready among its projects.
    pub scenario: &'a Scenario,
    /// Futures.
    pub rows: Vec<FutureRow>,
    /// Decisions of the first future, by policy.
    pub decisions: Vec<(&'a Policy, &'a [Action])>,
    /// The year's letter.
    pub letter: String,
    /// The round archived last, and what became of its decisions.
    pub since: Option<(&'a FiledRound, &'a [Turned])>,
    /// Everything else.
    pub document: CycleDocument,
}

impl CycleDocument {
    /// Where the sizes of the shocks come from, for a document.
    pub fn uncertainty_of(scenario: &Scenario) -> Text {
        Text::both(|lang| phrases::loop_basis_line(scenario, lang))
    }

    /// The document as text, with the names of the files written.
    pub fn json(self, files: &[String]) -> String {
        pretty(&Self { files: files.to_vec(), ..self })
    }
}
