//! A run from scenario to results, held together.

use seatcast_core::{
    Broken, Lang, Scenario,
    admission::AdmissionPlan,
    balance::{self, Balances, GapParts, Warning},
    cycle::{
        self, Action, Board, Ground, Known, LastSafe, Outlook, Policy, Rule, Step, View, last_safe_dates,
        value_of_waiting,
    },
    demand::Steps,
    forecast::{ChangeRow, Forecast, Forecaster, Path, SchoolLine, changes},
    geography::Area,
    index::{ProjectId, Table},
    money,
    supply::{Openings, Schedule, Status, SupplyModel, stock::BEYOND},
    tide::{AHEAD, Tide},
};
use seatcast_plot::PlotError;
use seatcast_report::{AdmissionRun, Chart, Comparison, File, Input, Note, Options, Provenance, Run};
use seatcast_runner::{AdmissionOutcome, Outcome, Progress, RunError, Settings};
use seatcast_scenario::{Given, InputFile, Loaded, Problem, filed, message::Diagnostic};

/// A finished run of one scenario: forecast, balance, board and actions.
///
/// From data in memory, with no files:
///
/// ```
/// use seatcast::{
///     Name, Scenario, ScenarioParts, Session, Settings,
///     demand::{ChildCount, Counted, Rate, RateKind},
///     geography::{District, Frame, Group, Intake, Stage, Zone},
///     grid::Cells,
///     index::{DistrictId, GradeId, GroupId, StageId, YearOffset, ZoneId},
///     supply::School,
/// };
///
/// let frame = Frame {
///     districts: vec![District { id: "d".into(), name: Name::plain("District") }].into(),
///     groups: vec![Group { id: "a".into(), name: Name::plain("A"), district: DistrictId::new(0) }].into(),
///     zones: vec![Zone { id: "a".into(), name: Name::plain("A"), group: GroupId::new(0), tile: None }].into(),
///     stages: vec![Stage {
///         id: "primary".into(),
///         name: Name::plain("Primary"),
///         grades: vec!["1".into(), "2".into()],
///         class_size: 45,
///         intake: Intake::Pools { entry_age: 6 },
///         detail: Default::default(),
///     }].into(),
/// };
/// let (zone, stage) = (ZoneId::new(0), StageId::new(0));
/// let child = |age, children| ChildCount {
///     year: 2025,
///     zone,
///     class: String::new(),
///     source: "register".into(),
///     counted: Counted::Age(age),
///     children,
/// };
/// let parts = ScenarioParts {
///     roll: Cells::from_vec(frame.cells(), vec![100, 90]),
///     children: vec![child(5, 120.0), child(4, 80.0)],
///     rates: vec![Rate { kind: RateKind::Progression { grade: GradeId::new(1) }, zone: None, year: None, value: 1.0 }],
///     schools: vec![School::new("s", zone, stage, 200)].into(),
///     until: 2027,
///     ..ScenarioParts::empty("memory", frame, 2025)
/// };
/// let scenario = Scenario::new(parts).expect("the parts fit together");
/// let session = Session::new(&scenario, Settings { draws: 100, ..Settings::default() }).expect("threads start");
/// // 2026: 120 enter, 100 go up: 220 pupils for 200 places
/// let next = YearOffset::new(1);
/// let shortage = session.balances().central.zone(seatcast::balance::Figure::Shortage, next, zone, stage);
/// assert_eq!(shortage, 20);
/// ```
#[derive(Debug)]
pub struct Session<'a> {
    run: Run<'a>,
    settings: Settings,
}

impl<'a> Session<'a> {
    /// Runs `scenario`.
    ///
    /// # Errors
    /// [`RunError`] if the threads cannot be started, a forecast is more than can be counted, or it was stopped.
    pub fn new(scenario: &'a Scenario, settings: Settings) -> Result<Self, RunError> {
        Self::with_progress(scenario, settings, &Progress::default())
    }

    /// Runs `scenario`, counting finished draws in `progress`: three times as many as there are draws, for the forecast,
    /// the balance and the tide.
    ///
    /// # Errors
    /// [`RunError`] if the threads cannot be started, a forecast is more than can be counted, or it was stopped.
    pub fn with_progress(
        scenario: &'a Scenario,
        settings: Settings,
        progress: &Progress,
    ) -> Result<Self, RunError> {
        let supply = SupplyModel::new(scenario, &settings.programme);
        let forecast = seatcast_runner::forecast(scenario, &settings, progress)?;
        let outcome = seatcast_runner::balance(scenario, &supply, &forecast, &settings, progress)?;
        let policy = stated(scenario);
        let asked =
            Asked { policy: &policy, own_projects: scenario.projects.ids().end(), seed: settings.seed };
        let Round { board, actions, last_safe, .. } = round(scenario, &supply, &forecast, asked)?;
        for (j, opening) in scenario.projects.ids().filter_map(|j| Some((j, supply.opening(j).central?))) {
            money::check(scenario, j, opening)?;
        }
        let warnings = balance::warnings(scenario, &outcome.balances);
        let gaps = balance::explain_gaps(scenario, &supply, &outcome.balances.central);
        gaps.iter().try_for_each(|gap| gap.check(scenario, &outcome.balances.central))?;
        let plain = if scenario.overrides.is_empty() { None } else { Some(without_overrides(scenario)?) };
        let schools = seatcast_runner::schools(scenario, &forecast, &settings, progress)?;
        let tide = if scenario.has_places() {
            Some(seatcast_runner::tide(scenario, &outcome.balances, &settings, progress)?)
        } else {
            None
        };
        let admission = match AdmissionPlan::new(scenario) {
            Some(plan) => {
                let AdmissionOutcome { central, draws } =
                    seatcast_runner::admit(&plan, &forecast, &outcome.balances, &settings, progress)?;
                Some(AdmissionRun { plan, central, draws })
            }
            None => None,
        };
        let provenance = Provenance {
            version: crate::VERSION.to_owned(),
            seed: settings.seed,
            draws: settings.draws,
            variant: String::new(),
            as_of: String::new(),
            programme: settings.programme.code().to_owned(),
            inputs: Vec::new(),
            notes: Vec::new(),
        };
        let Outcome { places, drawn_places, balances } = outcome;
        let run = Run {
            scenario,
            forecast,
            supply,
            places,
            drawn_places,
            balances,
            board,
            actions,
            last_safe,
            warnings,
            gaps,
            plain,
            changes: Vec::new(),
            schools,
            tide,
            admission,
            provenance,
        };
        Ok(Self { run, settings })
    }

    /// Adds what the reader of the files had to say, so that results carry it.
    #[must_use]
    pub fn loaded_from(mut self, loaded: &Loaded, lang: Lang) -> Self {
        self.run.provenance.inputs = loaded.inputs.iter().map(input).collect();
        self.run.provenance.notes = loaded.problems.iter().map(|problem| note(problem, lang)).collect();
        self.run.provenance.as_of = loaded.as_of.map_or_else(String::new, |month| month.to_string());
        if let Some((variant, _)) = &loaded.variant {
            self.run.provenance.variant.clone_from(variant);
        }
        self
    }

    /// Says what changed since the forecast of `before`, the scenario as it was in an earlier round, and explains the gaps
    /// against it too, under the same programme. Nothing is added if its zones or stages are others, if it is not earlier,
    /// or if it forecast no year to come.
    #[must_use]
    pub fn changed_from(mut self, before: &Scenario) -> Self {
        let run = &mut self.run;
        if let Some(steps) = Steps::since(before, run.scenario) {
            run.changes = changes(run.scenario, &steps);
            let (central, since) = (&run.balances.central, (before, &steps));
            let programme = &self.settings.programme;
            let parts = balance::explain_against(run.scenario, &run.supply, central, since, programme);
            run.gaps.extend(parts);
        }
        self
    }

    /// Names the programme after the file that its schedule was read from.
    #[must_use]
    pub fn scheduled_by(mut self, name: &str, given: &Given<Schedule>, lang: Lang) -> Self {
        name.clone_into(&mut self.run.provenance.programme);
        self.run.provenance.inputs.push(input(&given.input));
        self.run.provenance.notes.extend(given.problems.iter().map(|problem| note(problem, lang)));
        self
    }

    /// Adds this run to a comparison.
    ///
    /// # Errors
    /// [`PlotError`] if a chart cannot be drawn.
    pub fn compare(&self, comparison: &mut Comparison, options: Options) -> Result<(), PlotError> {
        let files = self.files(options)?;
        comparison.add(&self.run, files);
        Ok(())
    }

    /// The scenario that was run.
    pub fn scenario(&self) -> &'a Scenario {
        self.run.scenario
    }

    /// How it was run.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Pupils by zone, grade and year: central path and draws.
    pub fn forecast(&self) -> &Forecast {
        &self.run.forecast
    }

    /// Projects and their openings.
    pub fn supply(&self) -> &SupplyModel<'a> {
        &self.run.supply
    }

    /// Pupils against places: central path and draws.
    pub fn balances(&self) -> &Balances {
        &self.run.balances
    }

    /// The 6-3-1 board.
    pub fn board(&self) -> &Board {
        &self.run.board
    }

    /// What this round must decide.
    pub fn actions(&self) -> &[Action] {
        &self.run.actions
    }

    /// Last safe decision date of every project: the year it is needed in, the date.
    pub fn last_safe_dates(&self) -> &[(Option<i32>, LastSafe)] {
        &self.run.last_safe
    }

    /// Early warnings by area, stage and year.
    pub fn warnings(&self) -> &[Warning] {
        &self.run.warnings
    }

    /// Why the gaps are what they are: against the base year held flat, and against the forecast of an earlier round where
    /// there is one ([`Self::changed_from`]).
    pub fn gaps(&self) -> &[GapParts] {
        &self.run.gaps
    }

    /// The central path as if nobody had entered an override, if somebody has.
    pub fn without_overrides(&self) -> Option<&Path> {
        self.run.plain.as_ref()
    }

    /// What changed since last year's forecast.
    pub fn changes(&self) -> &[ChangeRow] {
        &self.run.changes
    }

    /// Pupils of the schools whose rolls are known.
    pub fn schools(&self) -> &[SchoolLine] {
        &self.run.schools
    }

    /// What is idle and short to t+15; `None` in a forecast of demand alone.
    pub fn tide(&self) -> Option<&Tide> {
        self.run.tide.as_ref()
    }

    /// Who gets a place in September, central path and draws; `None` where the scenario has no ranked classes.
    pub fn admission(&self) -> Option<&AdmissionRun<'a>> {
        self.run.admission.as_ref()
    }

    /// Share of the draws in which no group and stage lacks a place next September.
    pub fn p_all_secured(&self) -> f64 {
        self.run.balances.all_secured(&self.run.scenario.frame, Area::All, self.run.scenario.secured_year())
    }

    /// The data of every chart, with the name of its file.
    pub fn charts(&self, lang: Lang) -> Vec<Chart> {
        seatcast_report::run_charts(&self.run, lang)
    }

    /// Every file of the results.
    ///
    /// # Errors
    /// [`PlotError`] if a chart cannot be drawn.
    pub fn files(&self, options: Options) -> Result<Vec<File>, PlotError> {
        seatcast_report::files(&self.run, options)
    }

    /// The forecast as it is filed in its scenario's folder: name inside it, and table.
    pub fn filed(&self, loaded: &Loaded, options: Options) -> File {
        let Provenance { variant, as_of, seed, draws, .. } = &self.run.provenance;
        let settings = format!("{variant}/{as_of}/{seed}/{draws}");
        let name = filed::name(filed::FOLDER, self.run.scenario.base_year, &loaded.inputs, &settings);
        (name, seatcast_report::filed(&self.run, options))
    }

    /// The board as text; `files` is where the results are.
    pub fn board_text(&self, lang: Lang, files: Option<&str>) -> String {
        seatcast_report::board_text(&self.run, lang, files)
    }

    /// The summary as JSON; `files` are the names of the files written.
    pub fn summary_json(&self, lang: Lang, files: &[String]) -> String {
        seatcast_report::summary_json(&self.run, lang, files)
    }
}

/// The central path as if nobody had entered an override.
fn without_overrides(scenario: &Scenario) -> Result<Path, RunError> {
    let plain = scenario.without_overrides();
    let forecaster = Forecaster::new(&plain);
    match forecaster.beyond() {
        Some(beyond) => Err(beyond.into()),
        None => Ok(forecaster.central().clone()),
    }
}

/// What this year's round makes of a forecast.
pub(crate) struct Round {
    pub(crate) board: Board,
    pub(crate) actions: Vec<Action>,
    pub(crate) last_safe: Table<ProjectId, (Option<i32>, LastSafe)>,
    /// Seat-years lost if each project waits a year.
    pub(crate) waiting: Table<ProjectId, f64>,
    /// Academic year in which each project is expected to open, if it is decided, in this round at the latest.
    pub(crate) openings: Openings,
}

/// The policy of this year's round, as the scenario states it. Hurrying is a wish of a closed loop: what it costs is nowhere
/// stated.
pub(crate) fn stated(scenario: &Scenario) -> Policy {
    Policy { hurry: None, ..Policy::of(scenario) }
}

/// How a round is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) policy: &'a Policy,
    /// Projects that are the scenario's own; those behind stand for modules held ready.
    pub(crate) own_projects: ProjectId,
    pub(crate) seed: u64,
}

/// The round of the base year: the same function as in every year of a closed loop.
///
/// # Errors
/// A law that the board, a decision or the dates break.
pub(crate) fn round(
    scenario: &Scenario,
    supply: &SupplyModel<'_>,
    forecast: &Forecast,
    asked: Asked<'_>,
) -> Result<Round, Broken> {
    let Asked { policy, own_projects, seed } = asked;
    // how long a need lasts is asked beyond the run
    let long = scenario.lasting_to(scenario.until.max(scenario.base_year + AHEAD));
    let central = Forecaster::new(&long).central().clone();
    let outlook = Outlook::new(scenario, &central, &forecast.draws);
    let ground = Ground::new(scenario, supply, own_projects, seed, outlook.draws().len());
    let known =
        Known { held: policy.held, budget: policy.budget, ..Known::of_supply(&ground, supply, &outlook) };
    let view = View::new(&known, policy.horizon, policy.levels);
    let last_safe = last_safe_dates(&view);
    let mut actions = cycle::round(&known, policy, &Rule);
    for action in &mut actions {
        action.last_safe = action.project.map(|j| last_safe[j].1);
    }
    let waiting = scenario.projects.ids().map(|j| value_of_waiting(&view, j)).collect();
    let decided = |j: ProjectId| {
        let status = known.standings[j].status;
        let now = |a: &Action| a.project == Some(j) && matches!(a.step, Step::Plan | Step::Secure);
        status.is_building() || status == Status::Open || actions.iter().any(now)
    };
    let opening = |j: ProjectId| Some(view.central(j)).filter(|opens| decided(j) && *opens != BEYOND);
    let openings = scenario.projects.ids().map(opening).collect();
    let board = Board::new(&view);
    board.check(scenario)?;
    actions.iter().try_for_each(|action| action.check(scenario))?;
    cycle::check_last_safe(scenario, &last_safe)?;
    Ok(Round { board, actions, last_safe, waiting, openings })
}

/// A file that was read, as results name it.
pub(crate) fn input(file: &InputFile) -> Input {
    Input { file: file.name.clone(), sha256: file.sha256.clone(), bytes: file.bytes }
}

/// What the reader had to say, as results say it.
pub(crate) fn note(problem: &Problem, lang: Lang) -> Note {
    let d = Diagnostic::new(problem, lang);
    Note { code: d.code.to_owned(), file: d.file, key: d.key, message: d.message, help: d.help }
}
