//! What the engine is given: a scenario, valid by construction.
//!
//! [`ScenarioParts`] holds plain data; [`Scenario::new`] checks that every index points somewhere, every array has the
//! length of its frame and every number is in its [bound](crate::bounds), and returns *all* that is wrong. A
//! [`Scenario`] is read-only: take its parts, change them and build another.

use std::{ops::Deref, sync::Arc};

use crate::{
    admission::AdmissionRules,
    balance::WarningLevels,
    bounds::{self, Bound},
    cycle::Wider,
    demand::{Change, ChildCount, Estate, FeederFlow, Override, Rate, RateKind, Yield},
    forecast::{Learnt, MOST_DEMAND, Uncertainty, history::PastRolls, places_beyond},
    geography::{Frame, Intake},
    grid::Cells,
    index::{Ids, Table, YearOffset},
    lang::Name,
    money::MoneyRules,
    supply::{
        KindDefaults, Ledger, ProjectTable, SchoolTable, Source, Special, circular_requirement, record,
    },
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

#[derive(Default)]
struct Check {
    problems: Vec<ScenarioError>,
}

impl Check {
    fn run(mut self, s: &ScenarioParts) -> Vec<ScenarioError> {
        self.frame(&s.frame);
        if !self.problems.is_empty() {
            return self.problems; // every later check is indexed by the frame
        }
        self.time(s);
        self.length("roll", s.roll.len(), s.frame.cells().count());
        for &n in s.roll.iter() {
            self.range("roll", "a cell", f64::from(n), bounds::PUPILS);
        }
        self.past(s);
        self.demand(s);
        self.supply(s);
        self.admission(s);
        self.money(s);
        if self.problems.is_empty() {
            for (group, stage, places) in places_beyond(s) {
                let (group, stage) = (&s.frame.groups[group].id, &s.frame.stages[stage].id);
                let rule =
                    format!("group {group} has {places} places in stage {stage}, at most {MOST_DEMAND}");
                self.problems.push(ScenarioError::Rule(rule));
            }
        }
        self.range("reserve", "the scenario", f64::from(s.reserve_per_mille), bounds::RESERVE);
        for (what, value) in [
            ("secure level", s.levels.secure),
            ("plan level", s.levels.plan),
            ("outlook level", s.levels.outlook),
        ] {
            self.range(what, "the scenario", value, bounds::LEVEL);
        }
        for (what, value) in [("yellow warning", s.warning.yellow), ("red warning", s.warning.red)] {
            self.range(what, "the scenario", value, bounds::WARNING);
        }
        for (what, value, bound) in s.uncertainty.iter().flat_map(Uncertainty::checked) {
            self.range(what, "uncertainty", value, bound);
        }
        for (what, value, bound) in s.breaks.checked() {
            self.range(what, "breaks", value, bound);
        }
        self.problems
    }

    fn frame(&mut self, frame: &Frame) {
        for (what, empty) in [
            ("zone", frame.zones.is_empty()),
            ("stage", frame.stages.is_empty()),
            ("district", frame.districts.is_empty()),
        ] {
            if empty {
                self.problems.push(ScenarioError::Empty(what));
            }
        }
        for zone in &frame.zones {
            self.index("group", zone.group.index(), frame.groups.len(), &zone.id);
        }
        for group in &frame.groups {
            self.index("district", group.district.index(), frame.districts.len(), &group.id);
        }
        for (p, stage) in frame.stages.pairs() {
            if stage.grades.is_empty() {
                self.problems.push(ScenarioError::Empty("grade in a stage"));
            }
            self.range("class size", &stage.id, f64::from(stage.class_size), bounds::CLASS_SIZE);
            if let Intake::Stages(from) = &stage.intake {
                for &q in from {
                    self.index("stage", q.index(), p.index(), &stage.id); // only earlier stages can feed this one
                }
            }
        }
    }

    fn time(&mut self, s: &ScenarioParts) {
        self.range("base year", "the scenario", f64::from(s.base_year), bounds::YEAR);
        self.range(
            "years ahead",
            "the scenario",
            f64::from(s.until) - f64::from(s.base_year),
            bounds::RUN_YEARS,
        );
        self.range("decision month", "the scenario", f64::from(s.decision_month), bounds::MONTH);
        self.range("cut-off month", "the scenario", f64::from(s.cutoff_month), bounds::MONTH);
        let h = s.horizon;
        if !(h.outlook >= h.plan && h.plan >= h.secure && h.secure >= 1 && h.outlook <= 40) {
            self.problems.push(ScenarioError::Rule(format!(
                "outlook {} >= plan {} >= secure {} >= 1 does not hold",
                h.outlook, h.plan, h.secure
            )));
        }
    }

    fn past(&mut self, s: &ScenarioParts) {
        let Some(past) = &s.past else { return };
        let years = (s.base_year - past.first_year + 1).max(0) as usize;
        let frame = &s.frame;
        self.length("past rolls", past.zones.units().len(), frame.zones.len());
        let schools = past.schools.iter().map(|schools| (schools.rolls.years(), schools.rolls.grades()));
        for (known, grades) in schools.chain([(past.zones.years(), past.zones.grades())]) {
            self.length("years of past rolls", known.len(), years);
            self.length("grades of past rolls", grades.len(), frame.grade_count());
        }
        if let Some(schools) = &past.schools {
            self.length("areas of past schools", schools.area_of.len(), schools.rolls.units().len());
            for &z in &schools.area_of {
                self.index("zone", z.index(), frame.zones.len(), "a past school");
            }
        }
    }

    fn demand(&mut self, s: &ScenarioParts) {
        let (zones, stages) = (s.frame.zones.len(), s.frame.stages.len());
        for count in &s.children {
            self.index("zone", count.zone.index(), zones, &count.source);
            self.range("children", &count.source, count.children, bounds::PUPILS);
        }
        for rate in &s.rates {
            if let Some(z) = rate.zone {
                self.index("zone", z.index(), zones, "a rate");
            }
            let (bound, what) = match rate.kind {
                RateKind::PublicShare { .. } => (bounds::PROPORTION, "public share"),
                _ => (bounds::RATIO, "rate"),
            };
            self.range(what, "a rate", rate.value, bound);
        }
        for o in &s.overrides {
            if let Some(z) = o.zone {
                self.index("zone", z.index(), zones, &o.id);
            }
            let (value, bound, grades) = match &o.change {
                Change::Rate { kind: RateKind::PublicShare { .. }, value } => {
                    (*value, bounds::PROPORTION, &[][..])
                }
                Change::Rate { value, .. } => (*value, bounds::RATIO, &[][..]),
                Change::Factor { grade, value } => (*value, bounds::FACTOR, std::slice::from_ref(grade)),
                Change::Pupils { grades, pupils } => (*pupils, bounds::PUPILS, &grades[..]),
            };
            self.range("override", &o.id, value, bound);
            for &g in grades {
                self.index("grade", g.index(), s.frame.grade_count(), &o.id);
            }
        }
        for flow in &s.flows {
            self.index("stage", flow.from.index(), stages, "a feeder flow");
            self.index("stage", flow.to.index(), stages, "a feeder flow");
            let mut out = vec![0.0; zones];
            for &(from, to, share) in &flow.shares {
                self.index("zone", from.index(), zones, "a feeder flow");
                self.index("zone", to.index(), zones, "a feeder flow");
                self.range("share", "a feeder flow", share, bounds::PROPORTION);
                if let Some(sum) = out.get_mut(from.index()) {
                    *sum += share;
                }
            }
            for (zone, sum) in s.frame.zones.iter().zip(&out) {
                if (sum - 1.0).abs() > 1e-9 {
                    self.problems.push(ScenarioError::Rule(format!(
                        "the feeder shares of zone {} add to {sum}, not 1",
                        zone.id
                    )));
                }
            }
        }
        for estate in &s.estates {
            self.index("zone", estate.zone.index(), zones, &estate.id);
            self.range("occupancy", &estate.id, estate.occupancy, bounds::PROPORTION);
            self.range("in_pool", &estate.id, estate.in_pool, bounds::PROPORTION);
            self.range("units", &estate.id, estate.units, bounds::UNITS);
        }
        for y in &s.yields {
            self.index("grade", y.grade.index(), s.frame.grade_count(), &y.housing_type);
            self.range("yield", &y.housing_type, y.pupils_per_unit, bounds::YIELD);
        }
        for (source, errors) in &s.source_errors {
            for &e in errors {
                self.range("error", source, e, bounds::SOURCE_ERROR);
            }
        }
    }

    fn supply(&mut self, s: &ScenarioParts) {
        let (zones, stages) = (s.frame.zones.len(), s.frame.stages.len());
        let round = YearMonth { year: s.base_year, month: s.decision_month };
        for school in &s.schools {
            self.index("zone", school.zone.index(), zones, &school.id);
            self.index("stage", school.stage.index(), stages, &school.id);
            self.range("places", &school.id, f64::from(school.places), bounds::PLACES);
            if let (Some(classes), Some(stage)) = (&school.classes, s.frame.stages.at(school.stage)) {
                let grades = stage.grades.len();
                self.length("classes of a school", classes.by_grade.len(), grades);
                self.length("class sizes of a school", classes.sizes.len(), grades);
                for &size in &classes.sizes {
                    self.range("class size", &school.id, f64::from(size), bounds::CLASS_SIZE);
                }
                self.range("rooms", &school.id, f64::from(classes.rooms), bounds::CLASSES);
            }
        }
        for project in &s.projects {
            self.index("zone", project.zone.index(), zones, &project.id);
            self.index("stage", project.stage.index(), stages, &project.id);
            self.range("places", &project.id, f64::from(project.places), bounds::PLACES);
            if let Some(school) = project.school {
                self.index("school", school.index(), s.schools.len(), &project.id);
            }
            match project.special {
                Special::Released { by } => {
                    self.index("project", by.index(), s.projects.len(), &project.id);
                    let swing =
                        s.projects.at(by).is_some_and(|p| matches!(p.special, Special::Released { .. }));
                    if swing {
                        let rule = format!("project {}: a swing building releases no other", project.id);
                        self.problems.push(ScenarioError::Rule(rule));
                    }
                }
                Special::Converts { stage, .. } => self.index("stage", stage.index(), stages, &project.id),
                Special::Moves { source: Source::School(i) } => {
                    self.index("school", i.index(), s.schools.len(), &project.id);
                }
                Special::Moves { source: Source::Project(i) } => {
                    self.index("project", i.index(), s.projects.len(), &project.id);
                }
                Special::Receives { zone, .. } => self.index("zone", zone.index(), zones, &project.id),
                Special::CloseBy { .. } | Special::Estate { .. } | Special::None => {}
            }
            for &other in project.excludes.iter().chain(&project.requires) {
                self.index("project", other.index(), s.projects.len(), &project.id);
            }
            if project.is_undecided() && project.opens.is_some_and(|month| month <= round) {
                let rule = format!("project {} opens before the round, yet nothing is decided", project.id);
                self.problems.push(ScenarioError::Rule(rule));
            }
            if let Some(rule) = project.broken_rule() {
                self.problems.push(ScenarioError::Rule(format!("project {}: {rule}", project.id)));
            }
        }
        if let Some(j) = circular_requirement(&s.projects) {
            let id = &s.projects[j].id;
            self.problems.push(ScenarioError::Rule(format!("project {id} requires itself through others")));
        }
    }

    fn admission(&mut self, s: &ScenarioParts) {
        let (zones, stages, groups) = (s.frame.zones.len(), s.frame.stages.len(), s.frame.groups.len());
        for class in &s.admission.classes {
            self.index("stage", class.stage.index(), stages, &class.id);
            self.length("shares of an admission class", class.share.len(), zones);
            for &share in &class.share {
                self.range("share", &class.id, share, bounds::PROPORTION);
            }
            if let Some((lowest, highest)) = class.points {
                self.range("points", &class.id, lowest, bounds::POINTS);
                self.range("points", &class.id, highest, Bound { min: lowest, ..bounds::POINTS });
            }
            if let Some(lock) = &class.lock {
                self.length("dwellings of an admission class", lock.dwellings.len(), zones);
                self.range("lock", &class.id, f64::from(lock.years), bounds::LOCK);
                self.range("moved", &class.id, lock.moved, bounds::PROPORTION);
            }
        }
        for diversion in &s.admission.diversions {
            self.index("group", diversion.from.index(), groups, "a diversion");
            self.index("group", diversion.to.index(), groups, "a diversion");
        }
    }

    fn money(&mut self, s: &ScenarioParts) {
        self.range("discount rate", "money", s.money.discount_rate, bounds::DISCOUNT);
        self.range("accounting life", "money", f64::from(s.money.accounting_life), bounds::LIFE);
        for item in &s.money.items {
            self.index("project", item.project.index(), s.projects.len(), "an amount");
            self.range("amount", "money", item.amount, bounds::MONEY);
        }
        for payer in &s.money.payers {
            if let Some(project) = payer.project {
                self.index("project", project.index(), s.projects.len(), &payer.payer);
            }
            self.range("share", &payer.payer, payer.share, bounds::PROPORTION);
        }
    }

    fn index(&mut self, what: &'static str, index: usize, len: usize, owner: &str) {
        if index >= len {
            self.problems.push(ScenarioError::Index { what, index, owner: owner.to_owned() });
        }
    }

    fn length(&mut self, what: &'static str, found: usize, expected: usize) {
        if found != expected {
            self.problems.push(ScenarioError::Length { what, found, expected });
        }
    }

    fn range(&mut self, what: &'static str, owner: &str, value: f64, bound: Bound) {
        if !bound.contains(value) {
            self.problems.push(ScenarioError::Range {
                what,
                owner: owner.to_owned(),
                value,
                min: bound.min,
                max: bound.max,
            });
        }
    }
}
