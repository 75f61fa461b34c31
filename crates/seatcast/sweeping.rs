//! A sweep from scenario to results, held together.

use seatcast_core::{
    Lang, Scenario,
    supply::{Menu, Pick},
};
use seatcast_plot::PlotError;
use seatcast_report::{
    File, Input, Note, Options, SweepRun,
    documents::{
        Text,
        sweep::{
            ImprovedLine, KernelLine, Measures, ProjectStanding, ProjectWorth, ScheduleRow, SweepDocument,
            SweepPoint,
        },
    },
};
use seatcast_runner::{
    Progress, RunError, Settings,
    sweep::{self, Method, Plan, Scored, Standing, Strategy, Sweep, Width, Worth, score::tail_of, standings},
};
use seatcast_scenario::{Given, InputFile, Loaded, Problem};

use crate::session;

/// A finished sweep of one scenario, over one variant of it or several.
///
/// ```
/// use seatcast::{Settings, Sweeping, sweep::{Plan, Strategy}};
///
/// let loaded = seatcast::load("scenarios/teaching")?;
/// let plan = Plan { strategy: Strategy::Budget, schedules: 200, budget: Default::default(), keep: 10, wish: Default::default(), rule: Default::default(), improve: false };
/// let settings = Settings { draws: 50, ..Default::default() };
/// let sweeping = Sweeping::new(&[("base", &loaded.scenario)], plan, settings, &Default::default())?;
/// assert_eq!(sweeping.sweep().scored, 200);
/// let best = &sweeping.sweep().best.top[0];
/// println!("{} seat-years short in bad years", best.scores[0].cvar95_shortage());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Sweeping<'a> {
    scenario: &'a Scenario,
    menu: Menu,
    plan: Plan,
    settings: Settings,
    variants: Vec<String>,
    keys: Option<Vec<String>>,
    sweep: Sweep,
    inputs: Vec<Input>,
    notes: Vec<Note>,
}

impl<'a> Sweeping<'a> {
    /// Sweeps the `variants`, each with its name; front and rank are those of the first.
    ///
    /// # Errors
    /// [`RunError`] if the threads cannot be started, the figures are too large, or it was stopped before it had a result.
    pub fn new(
        variants: &[(&str, &'a Scenario)],
        plan: Plan,
        settings: Settings,
        progress: &Progress,
    ) -> Result<Self, RunError> {
        let Some((_, scenario)) = variants.first() else { return Err(RunError::NoVariant) };
        let menu = Menu::new(scenario);
        let scenarios: Vec<&Scenario> = variants.iter().map(|(_, s)| *s).collect();
        let sweep = sweep::sweep(&scenarios, &menu, &plan, &settings, progress)?;
        Ok(Self {
            scenario,
            menu,
            plan,
            settings,
            variants: variants.iter().map(|(name, _)| (*name).to_owned()).collect(),
            keys: None,
            sweep,
            inputs: Vec::new(),
            notes: Vec::new(),
        })
    }

    /// Names the schedules of a list; without it a schedule is called by its number, from 1.
    #[must_use]
    pub fn with_keys(mut self, keys: Vec<String>) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Adds what the reader of a scenario had to say, so that results carry it.
    #[must_use]
    pub fn loaded_from(mut self, loaded: &Loaded, lang: Lang) -> Self {
        self.add(&loaded.inputs, &loaded.problems, lang);
        self
    }

    /// Adds a file that was read beside the scenario.
    #[must_use]
    pub fn reading<T>(mut self, given: &Given<T>, lang: Lang) -> Self {
        self.add(std::slice::from_ref(&given.input), &given.problems, lang);
        self
    }

    /// Variants share most of their files, and what is said of them: once is enough.
    fn add(&mut self, inputs: &[InputFile], problems: &[Problem], lang: Lang) {
        for input in inputs.iter().map(session::input) {
            if !self.inputs.contains(&input) {
                self.inputs.push(input);
            }
        }
        for note in problems.iter().map(|problem| session::note(problem, lang)) {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }

    /// What could be chosen.
    pub fn menu(&self) -> &Menu {
        &self.menu
    }

    /// The sweep itself.
    pub fn sweep(&self) -> &Sweep {
        &self.sweep
    }

    /// Every file of the results.
    ///
    /// # Errors
    /// [`PlotError`] if the chart cannot be drawn.
    pub fn files(&self, options: Options) -> Result<Vec<File>, PlotError> {
        seatcast_report::sweep_files(&self.run(), options)
    }

    /// The sweep in words; `files` is where the results are.
    pub fn text(&self, lang: Lang, files: Option<&str>) -> String {
        seatcast_report::sweep_text(&self.run(), lang, files)
    }

    /// `sweep.json` with the names of the files written.
    pub fn json(&self, files: &[String]) -> String {
        self.run().document.json(files)
    }

    fn run(&self) -> SweepRun<'_> {
        let rows = |scored: &[Scored]| scored.iter().map(|s| self.row(s)).collect();
        let best = &self.sweep.best;
        SweepRun {
            scenario: self.scenario,
            menu: &self.menu,
            top: rows(&best.top),
            front: rows(&best.front),
            isa: self.sweep.ways.first().map_or("portable", |way| way.isa.code()),
            document: self.document(),
        }
    }

    /// The name of a schedule.
    fn key(&self, number: u64) -> String {
        if self.sweep.improved.is_some_and(|improved| improved.number == number) {
            return "improved".to_owned();
        }
        let listed = self.keys.as_ref().and_then(|keys| keys.get(number as usize).cloned());
        listed.unwrap_or_else(|| (number + 1).to_string())
    }

    fn row(&self, scored: &Scored) -> ScheduleRow {
        let key = self.key(scored.number);
        let tail = tail_of(self.settings.draws as usize) as f64;
        ScheduleRow {
            key,
            picks: scored.picks.clone(),
            measures: scored
                .scores
                .iter()
                .map(|score| Measures {
                    mean_shortage: score.mean_shortage(),
                    cvar95_shortage: score.cvar95_shortage(),
                    worst_group_year: score.worst_group_year(),
                    p_all_secured: score.p_all_secured(),
                    idle_seat_years: score.idle_seat_years(),
                    cost: score.cost as f64,
                })
                .collect(),
            regret: (self.variants.len() > 1).then(|| scored.regret as f64 / tail),
        }
    }

    fn document(&self) -> SweepDocument {
        let (scenario, best) = (self.scenario, &self.sweep.best);
        let point = |s: &Scored| SweepPoint {
            cost: s.scores[0].cost as f64,
            cvar95_shortage: s.scores[0].cvar95_shortage(),
        };
        SweepDocument {
            program: "seatcast".to_owned(),
            format: 1,
            kind: "sweep".to_owned(),
            version: crate::VERSION.to_owned(),
            scenario: SweepDocument::scenario_line(scenario),
            variants: self.variants.clone(),
            strategy: self.plan.strategy.code().to_owned(),
            scored: self.sweep.scored,
            stopped: self.sweep.stopped,
            kernel: self.kernel(),
            draws: self.settings.draws,
            seed: self.settings.seed,
            budget_total: self.plan.budget.total,
            budget_by_year: self.plan.budget.by_year.iter().map(|(y, a)| (*y, *a)).collect(),
            inputs: self.inputs.clone(),
            uncertainty: SweepDocument::uncertainty_of(scenario),
            projects: self.standings(),
            worth: self.worth(),
            improved: self
                .sweep
                .improved
                .map(|improved| ImprovedLine { from: self.key(improved.from), steps: improved.steps }),
            front: best.front.iter().map(point).collect(),
            cloud: self
                .sweep
                .cloud
                .iter()
                .map(|(cost, score)| SweepPoint {
                    cost: *cost as f64,
                    cvar95_shortage: score.cvar95_shortage(),
                })
                .collect(),
            best: best.top.first().map(point),
            notes: self.notes.clone(),
            files: Vec::new(),
        }
    }

    /// The slowest of the ways taken, if variants differ.
    fn kernel(&self) -> KernelLine {
        let ways = &self.sweep.ways;
        let reason = ways.iter().find_map(|way| way.reason);
        let method = if reason.is_some() { Method::General } else { Method::Fast };
        KernelLine {
            method: method.code().to_owned(),
            reason: reason.map(|reason| reason.code().to_owned()),
            width: ways.iter().map(|way| way.width).max().unwrap_or(Width::U16).code().to_owned(),
        }
    }

    fn worth(&self) -> Vec<ProjectWorth> {
        let (draws, tail) = (f64::from(self.settings.draws), tail_of(self.settings.draws as usize) as f64);
        let of = |worth: &Worth| {
            let choice = &self.menu.choices[worth.choice];
            let month = |pick: Pick| pick.map(|r| choice.rounds[r].to_string());
            ProjectWorth {
                project: choice.id.clone(),
                decide: month(worth.pick),
                with: month(worth.with),
                mean_shortage: worth.takes_off.0 as f64 / draws,
                cvar95_shortage: worth.takes_off.1 as f64 / tail,
                one_round_later: worth.later.map(|later| later as f64 / tail),
                cost: worth.cost as f64,
            }
        };
        self.sweep.worth.iter().map(of).collect()
    }

    fn standings(&self) -> Vec<ProjectStanding> {
        let rounds: Vec<usize> = self.menu.choices.iter().map(|c| c.rounds.len()).collect();
        let top = standings(self.sweep.best.top.iter(), &rounds);
        let front = standings(self.sweep.best.front.iter(), &rounds);
        let share = |s: &Standing| {
            let built: u64 = s.by_round.iter().sum();
            if s.of == 0 { 0.0 } else { built as f64 / s.of as f64 }
        };
        let of = |c: usize| {
            let choice = &self.menu.choices[c];
            let built: u64 = top[c].by_round.iter().sum();
            let by_month = |(r, n): (usize, &u64)| {
                let part = if built == 0 { 0.0 } else { *n as f64 / built as f64 };
                (choice.rounds[r].to_string(), part)
            };
            ProjectStanding {
                project: choice.id.clone(),
                name: Text::from(&self.scenario.projects[choice.project].name),
                in_all: share(&self.sweep.all[c]),
                in_top: share(&top[c]),
                in_front: share(&front[c]),
                top_rounds: top[c].by_round.iter().enumerate().map(by_month).collect(),
            }
        };
        (0..self.menu.choices.len()).map(of).collect()
    }

    /// Memory that a sweep of the `variants` takes at most at one time, bytes, estimated before anything is made.
    pub fn memory(variants: &[&Scenario], plan: &Plan, settings: &Settings) -> u64 {
        let menu = variants.first().map(|scenario| Menu::new(scenario));
        menu.map_or(0, |menu| sweep::memory(variants, &menu, plan, settings))
    }

    /// The strategy that suits a menu: all schedules if there are at most `schedules` combinations, else a sample within
    /// the budget.
    pub fn strategy_for(scenario: &Scenario, schedules: u64) -> Strategy {
        match Menu::new(scenario).combinations() {
            Some(n) if n <= u128::from(schedules) => Strategy::Enumerate,
            _ => Strategy::Budget,
        }
    }
}
