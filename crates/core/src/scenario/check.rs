//! Whether the parts of a scenario fit together: every index, every length, every range.

use super::{ScenarioError, ScenarioParts};
use crate::{
    bounds::{self, Bound},
    demand::{Change, RateKind},
    forecast::{MOST_DEMAND, Uncertainty, places_beyond},
    geography::{Frame, Intake},
    supply::{Source, Special, circular_requirement},
    time::YearMonth,
};

#[derive(Default)]
pub(super) struct Check {
    problems: Vec<ScenarioError>,
}

impl Check {
    /// Every problem of `s`, in the order of its fields.
    pub(super) fn run(mut self, s: &ScenarioParts) -> Vec<ScenarioError> {
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
