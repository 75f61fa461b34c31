//! The rule in closed loop from scenario to results, held together.

mod letter;
mod stats;

use seatcast_core::{
    Lang, Scenario,
    balance::BySlot,
    cycle::{Action, FiledRound, Gate, Outcome, Policy, Prices, Rule, Step, Wider, Worth, held::with_held},
    demand::Steps,
    forecast::changes,
    geography::Area,
    index::{Ids, ProjectId},
    supply::PhaseIn,
    time::september,
};
use seatcast_plot::PlotError;
use seatcast_report::{
    CycleRun, File, Options,
    documents::{
        Text,
        cycle::{
            CycleDocument, ExampleLine, ExampleProject, Figure, FutureRow, LevelLine, PolicyLine, WorthLine,
        },
        sweep::SweepDocument,
    },
};
use seatcast_runner::{
    Progress, RunError,
    cycle::{CyclePlan, PlayedFuture, cycle},
};
use seatcast_scenario::{Given, InputFile, Loaded, Problem, filed, rounds};

use self::letter::Autumn;
use crate::session;

/// Plan levels of the grid.
const PLAN_LEVELS: [f64; 5] = [0.5, 0.65, 0.8, 0.9, 0.95];
/// Secure levels of the grid. With the policies that are compared it makes 50.
const SECURE_LEVELS: [f64; 8] = [0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.995];
/// Name of perfect foresight among the policies.
const FORESIGHT: &str = "foresight";

/// What is to be tried.
#[derive(Debug, Clone, PartialEq)]
pub struct CyclingPlan {
    /// Futures.
    pub futures: u32,
    /// Years that roll.
    pub years: usize,
    /// Draws of every forecast.
    pub draws: u32,
    /// Seed of every random number.
    pub seed: u64,
    /// Threads; 0 = as many as there are cores.
    pub threads: usize,
    /// A policy of the planner's own: compared as the first.
    pub own: Option<Policy>,
    /// Prefab schools held ready in the policy that holds some.
    pub held: usize,
    /// Whether both levels are tried on a grid.
    pub grid: bool,
    /// What things cost.
    pub prices: Prices,
}

impl Default for CyclingPlan {
    fn default() -> Self {
        Self {
            futures: 200,
            years: 15,
            draws: 200,
            seed: 1,
            threads: 0,
            own: None,
            held: 2,
            grid: true,
            prices: Prices::default(),
        }
    }
}

/// Policies tried in many futures.
///
/// ```
/// use seatcast::{Cycling, CyclingPlan};
///
/// let loaded = seatcast::load("scenarios/teaching")?;
/// let plan = CyclingPlan { futures: 4, years: 6, draws: 20, grid: false, ..Default::default() };
/// let cycling = Cycling::new(&loaded.scenario, &plan, &Default::default())?;
/// // the policy in question comes first, perfect foresight last: it is never beaten
/// let policies = &cycling.document().policies;
/// let score = |i: usize| policies[i].figure("score").map(|f| f.mean);
/// assert!(score(0) >= score(policies.len() - 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Cycling {
    scenario: Scenario,
    plan: CyclePlan,
    played: Vec<PlayedFuture>,
    document: CycleDocument,
    autumn: Autumn,
    variant: String,
    settings: String,
}

impl Cycling {
    /// Tries the policies of `plan` on `scenario`.
    ///
    /// # Errors
    /// [`RunError`] if the threads cannot be started, or it was stopped.
    pub fn new(scenario: &Scenario, plan: &CyclingPlan, progress: &Progress) -> Result<Self, RunError> {
        let own_projects = scenario.projects.ids().end();
        let held = plan.held.max(plan.own.as_ref().map_or(0, |p| p.held));
        // candidates of a size and kind that fit every scenario
        let with = with_held(scenario, held).map_err(|_| RunError::NoVariant)?;
        let Played { plan: cycle_plan, worths, first_worth, own, grid } = Played::of(scenario, plan);
        let detailed = cycle_plan.detailed;
        let played = cycle(&with, &cycle_plan, &Rule, progress)?;
        let tally = stats::Tally { played: &played, years: plan.years };
        let mut lines: Vec<PolicyLine> = (0..detailed)
            .map(|i| policy_line(&tally, &cycle_plan.policies[i], i, with.frame.stages.len()))
            .collect();
        lines.push(foresight_line(&tally));
        let document = CycleDocument {
            program: "seatcast".to_owned(),
            format: 1,
            kind: "cycle".to_owned(),
            version: crate::VERSION.to_owned(),
            scenario: SweepDocument::scenario_line(scenario),
            districts: named(scenario.frame.districts.iter().map(|d| (&d.id, &d.name))),
            groups: scenario.frame.groups.iter().map(|g| Text::from(&g.name)).collect(),
            stages: named(scenario.frame.stages.iter().map(|s| (&s.id, &s.name))),
            futures: plan.futures,
            years: plan.years as u32,
            draws: plan.draws,
            seed: plan.seed,
            held: plan.held as u32,
            prices: [plan.prices.short, plan.prices.idle, plan.prices.site, plan.prices.hurry],
            breaks: breaks(&scenario.breaks),
            exact: tally.share(|f| f.foresight.exact && f.foresight_held.1),
            uncertainty: CycleDocument::uncertainty_of(scenario),
            inputs: Vec::new(),
            worths: worths
                .iter()
                .enumerate()
                // the policy in question is the scenario's own, behind one that was given
                .map(|(n, (worth, _))| worth_line(&tally, &cycle_plan.policies, *worth, own, first_worth + n))
                .collect(),
            levels: grid
                .iter()
                .map(|(plan, secure, i)| LevelLine {
                    plan: *plan,
                    secure: *secure,
                    figures: tally.figures(*i),
                })
                .collect(),
            example: example(&with, &played[0], &cycle_plan.policies),
            projects: example_projects(&with, &played[0].outcomes[0]),
            policies: lines,
            notes: Vec::new(),
            files: Vec::new(),
        };
        let asked = plan.own.clone().unwrap_or_else(|| session::stated(scenario));
        let autumn = Autumn::new(&with, own_projects, &asked, &played, plan, progress)?;
        let settings = format!("{}/{}/{}/{}/{asked:?}", plan.seed, plan.draws, plan.futures, plan.years);
        Ok(Self {
            scenario: with,
            plan: cycle_plan,
            played,
            document,
            autumn,
            variant: String::new(),
            settings,
        })
    }

    /// Memory that a closed loop takes at most at one time, bytes, estimated before anything is made.
    pub fn memory(scenario: &Scenario, plan: &CyclingPlan) -> u64 {
        seatcast_runner::memory_of_cycle(scenario, &Played::of(scenario, plan).plan, Autumn::draws(plan))
    }

    /// Adds what the reader of the scenario had to say, so that results carry it.
    #[must_use]
    pub fn loaded_from(mut self, loaded: &Loaded, lang: Lang) -> Self {
        self.add(&loaded.inputs, &loaded.problems, lang);
        if let Some((variant, _)) = &loaded.variant {
            self.variant.clone_from(variant);
        }
        self
    }

    /// Adds a file that was read beside the scenario.
    #[must_use]
    pub fn reading<T>(mut self, given: &Given<T>, lang: Lang) -> Self {
        self.add(std::slice::from_ref(&given.input), &given.problems, lang);
        self
    }

    /// Says what changed since the forecast of `before`, the scenario as it was a year ago.
    #[must_use]
    pub fn changed_from(mut self, before: &Scenario) -> Self {
        let steps = Steps::since(before, &self.scenario);
        self.autumn.changes = steps.map_or_else(Vec::new, |steps| changes(&self.scenario, &steps));
        self
    }

    /// Says what became of the decisions of an archived round.
    #[must_use]
    pub fn since(mut self, filed: &FiledRound) -> Self {
        self.autumn.compare(&self.scenario, filed);
        self
    }

    /// This year's round as it is archived in its scenario's folder, beside the `rounds` that are there: name inside it,
    /// and table.
    pub fn filed(&self, loaded: &Loaded, rounds: &[FiledRound], options: Options) -> File {
        let as_of = loaded.as_of.map_or_else(String::new, |month| month.to_string());
        let settings = format!("{}/{as_of}/{}", self.variant, self.settings);
        let base_year = self.scenario.base_year;
        let name = filed::name(rounds::FOLDER, base_year, &loaded.inputs, &settings);
        let number = rounds::number_of(rounds, &name, base_year);
        let this = self.autumn.this(&self.scenario);
        let table =
            seatcast_report::filed_round(this, self.plan.own_projects, number, &self.variant, options);
        (name, table)
    }

    fn add(&mut self, inputs: &[InputFile], problems: &[Problem], lang: Lang) {
        self.document.inputs.extend(inputs.iter().map(session::input));
        self.document.notes.extend(problems.iter().map(|problem| session::note(problem, lang)));
    }

    /// What was found, in numbers.
    pub fn document(&self) -> &CycleDocument {
        &self.document
    }

    /// The futures with what came of every policy.
    pub fn futures(&self) -> &[PlayedFuture] {
        &self.played
    }

    /// Every file of the results.
    ///
    /// # Errors
    /// [`PlotError`] if a chart cannot be drawn.
    pub fn files(&self, options: Options) -> Result<Vec<File>, PlotError> {
        seatcast_report::cycle_files(&self.run(options.lang), options)
    }

    /// The closed loop in words; `files` is where the results are.
    pub fn text(&self, lang: Lang, files: Option<&str>) -> String {
        seatcast_report::cycle_text(&self.run(lang), lang, files)
    }

    /// `cycle.json` with the names of the files written.
    pub fn json(&self, files: &[String]) -> String {
        self.document.clone().json(files)
    }

    fn run(&self, lang: Lang) -> CycleRun<'_> {
        let tally = stats::Tally { played: &self.played, years: self.plan.years };
        let policies = &self.plan.policies[..self.plan.detailed];
        let rows = self
            .played
            .iter()
            .enumerate()
            .flat_map(|(f, played)| {
                policies.iter().enumerate().map(move |(i, policy)| (f, played, i, policy))
            })
            .map(|(f, played, i, policy)| FutureRow {
                future: played.number,
                breaks: played.breaks.iter().map(|(b, t)| (b.code().to_owned(), *t)).collect(),
                policy: policy.name.clone(),
                measures: stats::MEASURES.iter().map(|m| (*m, tally.value(f, i, m))).collect(),
            })
            .collect();
        CycleRun {
            scenario: &self.scenario,
            rows,
            decisions: policies
                .iter()
                .zip(&self.played[0].outcomes)
                .map(|(policy, outcome)| (policy, outcome.actions.as_slice()))
                .collect(),
            letter: self.autumn.text(&self.scenario, &self.plan.policies[0], lang),
            since: self.autumn.since.as_ref().map(|(filed, turned)| (filed, turned.as_slice())),
            document: self.document.clone(),
        }
    }
}

/// Which policies are played.
struct Played {
    plan: CyclePlan,
    /// What a freedom is worth, each with the policy that has it not.
    worths: Vec<(Worth, Policy)>,
    /// The first of those among the policies.
    first_worth: usize,
    /// The policy in question.
    own: usize,
    /// Levels of the grid: plan, secure, policy.
    grid: Vec<(f64, f64, usize)>,
}

impl Played {
    fn of(scenario: &Scenario, plan: &CyclingPlan) -> Self {
        let mut policies = compared(scenario, plan);
        let worths = Policy::worths(scenario, plan.held);
        let first_worth = policies.len();
        policies.extend(worths.iter().map(|(_, p)| p.clone()));
        let detailed = policies.len();
        let own = plan.own.as_ref().map_or(0, |_| 1);
        let mut grid: Vec<(f64, f64, usize)> = Vec::new();
        for policy in if plan.grid { levels(scenario) } else { Vec::new() } {
            let levels = policy.levels;
            // the scenario's own levels are those of the policy in question: it is not played twice
            if levels == policies[own].levels {
                grid.push((levels.plan, levels.secure, own));
            } else {
                grid.push((levels.plan, levels.secure, policies.len()));
                policies.push(policy);
            }
        }
        let plan = CyclePlan {
            futures: plan.futures,
            years: plan.years,
            draws: plan.draws,
            seed: plan.seed,
            threads: plan.threads,
            policies,
            detailed,
            prices: plan.prices,
            own_projects: scenario.projects.ids().end(),
        };
        Self { plan, worths, first_worth, own, grid }
    }
}

fn compared(scenario: &Scenario, plan: &CyclingPlan) -> Vec<Policy> {
    plan.own.iter().cloned().chain(Policy::compared(scenario)).collect()
}

/// The scenario's policy at every pair of levels.
fn levels(scenario: &Scenario) -> Vec<Policy> {
    let own = Policy::of(scenario);
    let of = |plan: f64, secure: f64| {
        let mut policy = Policy { name: format!("{plan}/{secure}"), ..own.clone() };
        (policy.levels.plan, policy.levels.secure) = (plan, secure);
        policy
    };
    PLAN_LEVELS.iter().flat_map(|plan| SECURE_LEVELS.iter().map(move |secure| of(*plan, *secure))).collect()
}

fn named<'n>(of: impl Iterator<Item = (&'n String, &'n seatcast_core::Name)>) -> Vec<(String, Text)> {
    of.map(|(id, name)| (id.clone(), Text::from(name))).collect()
}

fn breaks(wider: &Wider) -> Vec<(String, f64)> {
    wider.checked().into_iter().map(|(key, value, _)| (key.to_owned(), value)).collect()
}

fn policy_line(tally: &stats::Tally<'_>, policy: &Policy, i: usize, stages: usize) -> PolicyLine {
    let slots = tally.slots(i);
    debug_assert!(stages > 0);
    let h = policy.horizon;
    PolicyLine {
        policy: policy.name.clone(),
        horizon: (h.outlook, h.plan, h.secure),
        levels: (policy.levels.plan, policy.levels.secure),
        figures: tally.figures(i),
        p_any_short: tally.any_short(i, &slots),
        p_short: slots.map(|slot| tally.any_short(i, &Ids::one(slot))).collect(),
    }
}

fn foresight_line(tally: &stats::Tally<'_>) -> PolicyLine {
    PolicyLine {
        policy: FORESIGHT.to_owned(),
        horizon: (0, 0, 0),
        levels: (0.0, 0.0),
        figures: tally.foresight(),
        p_any_short: (0..tally.years).map(|t| tally.share(|f| f.foresight.years_short[t])).collect(),
        p_short: Vec::new(),
    }
}

fn worth_line(
    tally: &stats::Tally<'_>,
    policies: &[Policy],
    worth: Worth,
    own: usize,
    other: usize,
) -> WorthLine {
    let (with, without) = if worth.is_had() { (own, other) } else { (other, own) };
    WorthLine {
        worth: worth.code().to_owned(),
        with: policies[with].name.clone(),
        without: policies[without].name.clone(),
        figures: tally.difference(with, without),
    }
}

/// Pupils and places of the first future under the first policies.
fn example(scenario: &Scenario, first: &PlayedFuture, policies: &[Policy]) -> Vec<ExampleLine> {
    const SHOWN: usize = 3;
    let frame = &scenario.frame;
    let mut lines = Vec::new();
    for (d, district) in frame.districts.pairs() {
        let groups = frame.groups_in(Area::District(d));
        for (p, stage) in frame.stages.pairs() {
            let sum = |of: &BySlot<i64>| -> Vec<i64> {
                of.ids().map(|t| groups.iter().map(|&q| of[(t, q, p)]).sum()).collect()
            };
            let shown = policies.iter().zip(&first.outcomes).take(SHOWN);
            let mut places: Vec<(String, Vec<i64>)> =
                shown.map(|(policy, outcome)| (policy.name.clone(), sum(&outcome.places))).collect();
            places.push((FORESIGHT.to_owned(), sum(&first.foresight.places)));
            lines.push(ExampleLine {
                district: district.id.clone(),
                stage: stage.id.clone(),
                demand: sum(&first.demand),
                places,
            });
        }
    }
    lines
}

/// When the policy in question decided what it built in the first future.
fn example_projects(scenario: &Scenario, outcome: &Outcome) -> Vec<ExampleProject> {
    let of = |step: &dyn Fn(&Action) -> bool, j: ProjectId| {
        outcome.actions.iter().rev().find(|a| a.project == Some(j) && step(a)).map(|a| a.round.index())
    };
    let built = |a: &Action| matches!(a.step, Step::Plan | Step::Secure);
    let mut projects: Vec<ExampleProject> = scenario
        .projects
        .ids()
        .filter_map(|j| {
            let build = of(&built, j)?;
            let both = outcome.actions.iter().any(|a| a.project == Some(j) && a.gate == Some(Gate::Both));
            let site = of(&|a| a.step == Step::Outlook, j).filter(|_| !both);
            let project = &scenario.projects[j];
            let opens = outcome.openings[j]?;
            let last = scenario.base_year + 40;
            let grades = scenario.frame.stages[project.stage].grades.len() as i32;
            let fills = match project.phase(&scenario.kinds) {
                PhaseIn::All => 0,
                PhaseIn::GradeByGrade => grades - 1,
            };
            Some(ExampleProject {
                stage: scenario.frame.stages[project.stage].id.clone(),
                name: Text::from(&project.name),
                site,
                build,
                opens: september(opens.min(last)),
                full: september(opens.min(last) + fills),
            })
        })
        .collect();
    projects.sort_by_key(|p| (p.build, p.opens));
    projects
}

/// A figure of many futures from its values.
pub(crate) fn figure(measure: &str, futures: &str, values: &[f64]) -> Figure {
    stats::figure(measure, futures, values)
}
