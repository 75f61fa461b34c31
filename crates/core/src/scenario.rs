//! What the engine is given: a scenario, valid by construction.
//!
//! [`ScenarioParts`] holds plain data; [`Scenario::new`] checks that every index points somewhere, every array has the
//! length of its frame and every number is in its [bound](crate::bounds), and returns *all* that is wrong. A
//! [`Scenario`] is read-only: take its parts, change them and build another.

mod check;

use std::{ops::Deref, sync::Arc};

use check::Check;

use crate::{
    admission::AdmissionRules,
    balance::WarningLevels,
    cycle::Wider,
    demand::{ChildCount, Estate, FeederFlow, Override, Rate, Yield},
    forecast::{Learnt, Uncertainty, history::PastRolls},
    geography::Frame,
    grid::Cells,
    index::{Ids, Table, YearOffset},
    lang::Name,
    money::MoneyRules,
    supply::{KindDefaults, Ledger, ProjectTable, SchoolTable, record},
    time::{Day, Horizon, Levels, YearMonth},
};

/// Text shown on every output.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Display {
    /// What a reader must know before quoting a number; may be empty.
    pub notice: Name,
    /// Where the figures come from, one line.
    pub source: Name,
}

/// The plain data of a scenario. Public fields, no promise: [`Scenario::new`] makes the promise.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioParts {
    /// Key written in the column `scenario` of every result.
    pub id: String,
    /// Title.
    pub name: Name,
    /// Academic year of the last known roll; the round is decided in it.
    pub base_year: i32,
    /// Last academic year of the results.
    pub until: i32,
    /// Month of the round, 1..=12.
    pub decision_month: u8,
    /// Children born by the end of this month enter in the autumn of the same year, 1..=12.
    pub cutoff_month: u8,
    /// Zones, groups, districts, stages.
    pub frame: Frame,
    /// Roll of the base year, pupils, by cell (zone-major).
    pub roll: Cells<u32>,
    /// Rolls of the years up to the base year that may be learnt from, if there are any.
    pub past: Option<PastRolls>,
    /// Children counted: the entry pools.
    pub children: Vec<ChildCount>,
    /// Ratios and shares.
    pub rates: Vec<Rate>,
    /// What planners entered over given and learnt ratios.
    pub overrides: Vec<Override>,
    /// Feeder flows; a pair of stages without one sends every pupil to the school of the own zone.
    pub flows: Vec<FeederFlow>,
    /// Estates outside the years the ratios come from.
    pub estates: Vec<Estate>,
    /// Pupils per occupied dwelling.
    pub yields: Vec<Yield>,
    /// Relative error of each entry source by lead; sources without one are trusted equally.
    pub source_errors: Vec<(String, Vec<f64>)>,
    /// Schools there are.
    pub schools: SchoolTable,
    /// Projects, whatever their status: their rows here, and in a [`Scenario`] what the ledger makes of them.
    pub projects: ProjectTable,
    /// Dated entries of the projects.
    pub ledger: Ledger,
    /// Ranked classes of children and where they may be diverted.
    pub admission: AdmissionRules,
    /// Currency, discounting, stated amounts and payers.
    pub money: MoneyRules,
    /// Defaults by kind of project.
    pub kinds: KindDefaults,
    /// Reserve margin m of demand, per mille.
    pub reserve_per_mille: u32,
    /// The 6-3-1 triple.
    pub horizon: Horizon,
    /// Its three probability levels.
    pub levels: Levels,
    /// Sizes of the shocks; `None`: learnt from the past, or the defaults where it holds too few years.
    pub uncertainty: Option<Uncertainty>,
    /// What may happen in a closed loop that no forecast knows of.
    pub breaks: Wider,
    /// Thresholds of the early warning.
    pub warning: WarningLevels,
    /// Text shown on every output.
    pub display: Display,
}

impl ScenarioParts {
    /// A scenario of `frame` with the default 6-3-1 triple, levels, kinds and shocks, an empty roll and nothing in it: a
    /// start to build one in memory.
    pub fn empty(id: impl Into<String>, frame: Frame, base_year: i32) -> Self {
        let id = id.into();
        let horizon = Horizon::default();
        Self {
            name: Name::plain(&id),
            id,
            base_year,
            until: base_year + horizon.outlook,
            decision_month: 10,
            cutoff_month: 8,
            roll: Cells::filled(frame.cells(), 0),
            frame,
            past: None,
            children: Vec::new(),
            rates: Vec::new(),
            overrides: Vec::new(),
            flows: Vec::new(),
            estates: Vec::new(),
            yields: Vec::new(),
            source_errors: Vec::new(),
            schools: Table::default(),
            projects: Table::default(),
            ledger: Ledger::default(),
            admission: AdmissionRules::default(),
            money: MoneyRules::default(),
            kinds: KindDefaults::default(),
            reserve_per_mille: 0,
            horizon,
            levels: Levels::default(),
            uncertainty: None,
            breaks: Wider::default(),
            warning: WarningLevels::default(),
            display: Display::default(),
        }
    }
}

/// A scenario that holds together, with what its history teaches. Its projects are as the ledger knows them on the day of
/// the round, its kinds as the record of finished projects teaches; [`into_parts`](Scenario::into_parts) gives the rows
/// and defaults it was made of.
#[derive(Debug, Clone)]
pub struct Scenario {
    parts: ScenarioParts,
    rows: ProjectTable,
    defaults: KindDefaults,
    learnt: Option<Arc<Learnt>>,
}

impl PartialEq for Scenario {
    /// What is learnt follows from the parts.
    fn eq(&self, other: &Self) -> bool {
        (&self.parts, &self.rows, &self.defaults) == (&other.parts, &other.rows, &other.defaults)
    }
}

/// One thing wrong with a [`ScenarioParts`].
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioError {
    /// A list is empty that must not be.
    #[error("there is no {0}")]
    Empty(&'static str),
    /// An array has not the length its frame asks for.
    #[error("{what} has {found} entries, its frame asks for {expected}")]
    Length {
        /// The array.
        what: &'static str,
        /// Entries it has.
        found: usize,
        /// Entries it needs.
        expected: usize,
    },
    /// An index points at nothing.
    #[error("{what} {index} of {owner} does not exist")]
    Index {
        /// What is pointed at.
        what: &'static str,
        /// The index.
        index: usize,
        /// Who points.
        owner: String,
    },
    /// A number is outside its range.
    #[error("{what} of {owner} is {value}, allowed is {min} to {max}")]
    Range {
        /// The quantity.
        what: &'static str,
        /// Who has it.
        owner: String,
        /// Its value.
        value: f64,
        /// Smallest legal value.
        min: f64,
        /// Largest legal value.
        max: f64,
    },
    /// A rule of the model is broken.
    #[error("{0}")]
    Rule(String),
}

impl Deref for Scenario {
    type Target = ScenarioParts;

    fn deref(&self) -> &ScenarioParts {
        &self.parts
    }
}

impl Scenario {
    /// Checks `parts`, learns from their past rolls and makes a scenario of them.
    ///
    /// # Errors
    /// Every [`ScenarioError`] there is, in the order of the fields.
    pub fn new(parts: ScenarioParts) -> Result<Self, Vec<ScenarioError>> {
        let problems = Check::default().run(&parts);
        if !problems.is_empty() {
            return Err(problems);
        }
        let learnt = Learnt::new(&parts).map(Arc::new);
        let (rows, defaults) = (parts.projects.clone(), parts.kinds);
        let mut scenario = Self { parts, rows, defaults, learnt };
        scenario.look(scenario.round());
        Ok(scenario)
    }

    /// Sets projects and kinds to what the ledger says on the first day of `month`.
    fn look(&mut self, month: YearMonth) {
        if self.parts.ledger.is_empty() {
            return;
        }
        self.parts.projects = self.parts.ledger.apply(&self.rows, Day::first_of(month));
        self.parts.kinds = record::learn(&self.parts.projects, &self.defaults);
    }

    /// The same scenario with its projects as the ledger knows them on the first day of another month.
    #[must_use]
    pub fn seen_at(&self, month: YearMonth) -> Self {
        let mut seen = self.clone();
        seen.parts.projects.clone_from(&self.rows);
        seen.look(month);
        seen
    }

    /// The same scenario with results to another last year. Rates that are stated for the old last year hold after it.
    #[must_use]
    pub fn lasting_to(&self, until: i32) -> Self {
        let mut longer = self.clone();
        longer.parts.rates.extend(self.rates_after(until));
        longer.parts.until = until;
        longer.learnt = Learnt::new(&longer.parts).map(Arc::new);
        longer
    }

    /// Rates that hold after the last year, as they are stated for it.
    fn rates_after(&self, until: i32) -> impl Iterator<Item = Rate> + '_ {
        let last = self.rates.iter().filter(|rate| rate.year == Some(self.until));
        last.flat_map(move |rate| {
            (self.until + 1..=until).map(move |year| Rate { year: Some(year), ..rate.clone() })
        })
    }

    /// Its demand side to another last year, as `change` makes it, with what that teaches: what a closed loop knows in a
    /// later round. Without `sizes` those of the shocks are not learnt. `change` keeps the frame and the length of arrays.
    pub(crate) fn vintage(&self, until: i32, sizes: bool, change: impl FnOnce(&mut ScenarioParts)) -> Self {
        let (schools, projects, ledger) = (Table::default(), Table::default(), Ledger::default());
        let mut parts = ScenarioParts { until, schools, projects, ledger, ..self.parts.clone() };
        parts.rates.extend(self.rates_after(until));
        change(&mut parts);
        if !sizes {
            parts.uncertainty.get_or_insert_default();
        }
        let learnt = Learnt::new(&parts).map(Arc::new);
        Self { parts, rows: Table::default(), defaults: self.defaults, learnt }
    }

    /// Its frame, flows and reserve alone, with the roll of another year and other shocks: what a closed loop forecasts
    /// from, with terms of its own. `roll` has a pupil count for every cell.
    pub(crate) fn bare(
        &self,
        base_year: i32,
        until: i32,
        roll: Cells<u32>,
        uncertainty: Uncertainty,
    ) -> Self {
        let parts = ScenarioParts {
            until,
            roll,
            flows: self.flows.clone(),
            reserve_per_mille: self.reserve_per_mille,
            horizon: self.horizon,
            levels: self.levels,
            yields: self.yields.clone(),
            decision_month: self.decision_month,
            uncertainty: Some(uncertainty),
            ..ScenarioParts::empty(self.id.clone(), self.frame.clone(), base_year)
        };
        Self { parts, rows: Table::default(), defaults: self.defaults, learnt: None }
    }

    /// The rows of the projects, before the ledger.
    pub fn rows(&self) -> &ProjectTable {
        &self.rows
    }

    /// What was assumed of each kind before the record of finished projects.
    pub fn default_kinds(&self) -> &KindDefaults {
        &self.defaults
    }

    /// The plain data, to be changed and built again.
    pub fn into_parts(self) -> ScenarioParts {
        ScenarioParts { projects: self.rows, kinds: self.defaults, ..self.parts }
    }

    /// What its past rolls teach; `None` where they hold too few years.
    pub fn learnt(&self) -> Option<&Learnt> {
        self.learnt.as_deref()
    }

    /// The same scenario as if nobody had entered an override.
    #[must_use]
    pub fn without_overrides(&self) -> Self {
        let mut other = self.clone();
        other.parts.overrides.clear();
        other
    }

    /// Whether anything is known of places; without it the scenario is a forecast of demand alone.
    pub fn has_places(&self) -> bool {
        !self.schools.is_empty() || !self.projects.is_empty()
    }

    /// Years after the base year that are projected.
    pub fn years_ahead(&self) -> usize {
        (self.until - self.base_year) as usize
    }

    /// Years of the results, the base year first.
    pub fn offsets(&self) -> Ids<YearOffset> {
        Ids::first(self.years_ahead() + 1)
    }

    /// Years of the results after the base year.
    pub fn coming(&self) -> Ids<YearOffset> {
        Ids::of(1..self.years_ahead() + 1)
    }

    /// The academic year that lies `t` years after the base year.
    pub fn year_of(&self, t: YearOffset) -> i32 {
        self.base_year + t.index() as i32
    }

    /// The year in which places are secured, or the last one of a shorter run.
    pub fn secured_year(&self) -> YearOffset {
        YearOffset::new((self.horizon.secure as usize).min(self.years_ahead()))
    }

    /// Years of the results with the academic year each is, base year first.
    pub fn calendar(&self) -> impl DoubleEndedIterator<Item = (YearOffset, i32)> + ExactSizeIterator + use<> {
        let base_year = self.base_year;
        self.offsets().map(move |t| (t, base_year + t.index() as i32))
    }

    /// Academic years of the results, base year first.
    pub fn years(&self) -> impl Iterator<Item = i32> + use<> {
        self.base_year..=self.until
    }

    /// The day of this year's round.
    pub fn round(&self) -> YearMonth {
        self.round_of(self.base_year)
    }

    /// The day of the round of academic year `year`.
    pub fn round_of(&self, year: i32) -> YearMonth {
        YearMonth { year, month: self.decision_month }
    }
}
