//! How right the forecast would have been: rolling origins, scored against what came.
//!
//! ```text
//! for every origin T with enough years before it:
//!     forecast from what was known at T, by the production code        nothing later is in its history
//!     set it against the rolls of T + lead
//! ```
//!
//! [`Origin`] makes the rows of one origin, [`mod@reference`] the simple rules every forecast must beat, [`score`] the
//! tables; [`ledger`] scores forecasts that were filed when they were made.
//! Where figures were revised later, [`Row::hindsight`] holds the forecast from the figures as they stand today, so that the
//! error splits into method and data revision:
//!
//! ```text
//! F - N = (F from today's figures - N) + (F - F from today's figures)
//! ```

pub mod ledger;
pub mod reference;
pub mod score;

use crate::{
    forecast::{
        LEVELS, MOST_PUPILS,
        history::History,
        learn::{Calibration, Futures, Learner, UnitDraws},
        quantile, round_to_total,
    },
    grid::{Grid, Grid3, Shape},
    index::{ChainGrade, DistrictId, Ids, Lead, PastYear, StageId, Table, UnitId},
};

use reference::{References, SchoolReferences};

/// Levels at which places are secured; reported beside the bands.
pub const SECURE_LEVELS: [f64; 4] = [0.80, 0.90, 0.95, 0.98];

/// What is scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Leads, years, ascending.
    pub leads: Vec<Lead>,
    /// Years of rolls an origin needs, itself included.
    pub min_history: usize,
    /// Stages whose totals are scored: their grades.
    pub stages: Table<StageId, Ids<ChainGrade>>,
    /// Seed of the draws.
    pub seed: u64,
    /// Number of draws.
    pub draws: usize,
    /// The method: with all its ingredients, or without one to measure it.
    pub learner: Learner,
}

impl Plan {
    /// The longest lead.
    pub fn longest(&self) -> usize {
        self.leads.iter().copied().max().map_or(0, Lead::index)
    }

    /// Whether the year `t` of `history` can be an origin.
    pub fn is_origin(&self, history: &History, t: PastYear) -> bool {
        history.rolls.any_in_year(t)
            && history.rolls.known_years().filter(|known| *known <= t).count() >= self.min_history
    }
}

/// Rolls and children, as they stand today and as they were known at each origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// Everything known today; its last year is the last that can be a target.
    pub truth: History,
    /// What was known at an origin (by year), where it is not today's figures up to it.
    pub known: Table<PastYear, Option<History>>,
    /// Keys of the areas.
    pub areas: Vec<String>,
    /// Keys of the schools; empty without schools.
    pub schools: Vec<String>,
}

impl Dataset {
    /// What was known in the year `origin`.
    pub fn at(&self, origin: PastYear) -> History {
        match self.known.at(origin) {
            Some(Some(history)) => history.clone(),
            _ => self.truth.cut(origin),
        }
    }

    /// Whether figures up to the year `origin` were revised since.
    pub fn revised(&self, origin: PastYear) -> bool {
        self.known.at(origin).is_some_and(Option::is_some)
    }
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// One grade.
    Grade(ChainGrade),
    /// The total of a stage of the plan.
    Stage(StageId),
}

/// One forecast of one target, and what came.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The origin.
    pub origin: PastYear,
    /// Years ahead.
    pub lead: Lead,
    /// Area; `None` for all areas together.
    pub area: Option<UnitId>,
    /// School, if it is about one.
    pub school: Option<UnitId>,
    /// Grade or stage.
    pub target: Target,
    /// Pupils counted; `None` where nobody counted.
    pub actual: Option<f64>,
    /// The forecast, whole pupils.
    pub forecast: f64,
    /// The forecast from the figures as they stand today, where they were revised.
    pub hindsight: Option<f64>,
    /// Quantiles at [`LEVELS`].
    pub quantiles: [f64; 7],
    /// Quantiles at [`SECURE_LEVELS`].
    pub secure: [f64; 4],
    /// What the simple rules say: NaN where one has nothing to say. In the order of [`reference::Rule::ALL`].
    pub references: [f64; 4],
    /// Whether the unit has every grade of the target, then and at the origin: partial stages are not scored.
    pub whole: bool,
}

/// A forecast in whole pupils: district x grade first, then areas, then their schools, by largest remainder.
#[derive(Debug, Clone)]
pub struct WholeForecast {
    areas: Whole,
    schools: Option<Whole>,
}

/// Whole pupils; NaN where a unit does not serve a grade.
type Whole = Grid3<UnitId, Lead, ChainGrade, f64>;

impl WholeForecast {
    /// Rounds the forecast of a calibration.
    pub fn new(history: &History, calibration: &Calibration) -> Self {
        let (areas, leads) = (calibration.areas(), calibration.leads());
        let shape = Shape::new(leads + 1, calibration.grades().len());
        let mut whole = Whole::filled(areas.len(), shape, f64::NAN);
        let members =
            |district: DistrictId| areas.clone().filter(move |&i| history.district_of[i] == district);
        for h in Lead::up_to(leads) {
            for g in calibration.grades() {
                for district in history.districts() {
                    let units: Vec<UnitId> = members(district).collect();
                    let values: Vec<f64> = units.iter().map(|&i| calibration.pupils(h, i, g)).collect();
                    share_out(&mut whole, h, g, &units, &values, None);
                }
            }
        }
        let schools = history.schools.as_ref().map(|schools| {
            let mut panel = Whole::filled(schools.area_of.len(), shape, f64::NAN);
            for area in areas {
                let units: Vec<UnitId> = schools.of_area(area).collect();
                for h in Lead::up_to(leads) {
                    for g in calibration.grades() {
                        let values: Vec<f64> =
                            units.iter().map(|&s| calibration.school_pupils(h, s, g)).collect();
                        // schools that are not the whole of their area leave its rest out
                        let known: f64 = values.iter().filter(|n| n.is_finite()).sum();
                        let cover = known / calibration.pupils(h, area, g);
                        let cover = if cover < 1.0 - 1e-9 { cover } else { 1.0 };
                        let total = (cover * whole[(area, h, g)]).round();
                        share_out(&mut panel, h, g, &units, &values, Some(total));
                    }
                }
            }
            panel
        });
        Self { areas: whole, schools }
    }

    /// Pupils of an area in grade `g` at lead `h`; NaN where it does not serve it.
    pub fn area(&self, h: Lead, area: UnitId, g: ChainGrade) -> f64 {
        self.areas[(area, h, g)]
    }

    /// Pupils of a school in grade `g` at lead `h`; NaN where it does not serve it.
    pub fn school(&self, h: Lead, school: UnitId, g: ChainGrade) -> f64 {
        self.schools.as_ref().map_or(f64::NAN, |s| s[(school, h, g)])
    }
}

/// Rounds the values that are known so that they add to `total`, or to their own rounded sum.
fn share_out(out: &mut Whole, h: Lead, g: ChainGrade, units: &[UnitId], values: &[f64], total: Option<f64>) {
    let known: Vec<(UnitId, f64)> =
        units.iter().copied().zip(values.iter().copied()).filter(|(_, n)| n.is_finite()).collect();
    let sum: f64 = known.iter().map(|(_, n)| n).sum();
    // values of schools add to the unrounded area, which may round the other way than they do
    let scale = match total {
        Some(total) if sum > 0.0 && total.is_finite() => total / sum,
        _ => 1.0,
    };
    let scaled: Vec<f64> = known.iter().map(|(_, n)| n * scale).collect();
    // figures too large to be counted in whole pupils are rounded one by one: they are a slip, and are shown as large as it
    let counted = scaled.iter().all(|n| *n < f64::from(MOST_PUPILS));
    let whole: Vec<f64> = if counted {
        round_to_total(&scaled).into_iter().map(f64::from).collect()
    } else {
        scaled.iter().map(|n| n.round()).collect()
    };
    for ((unit, _), n) in known.iter().zip(whole).filter(|(_, n)| n.is_finite()) {
        out[(*unit, h, g)] = n;
    }
}

/// What one origin is scored with.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// What was known at the origin.
    pub history: &'a History,
    /// Every roll there is today.
    pub truth: &'a History,
    /// What was learnt at the origin.
    pub calibration: &'a Calibration,
    /// Its forecast in whole pupils.
    pub forecast: &'a WholeForecast,
    /// The forecast from the figures as they stand today, where they were revised.
    pub hindsight: Option<&'a WholeForecast>,
    /// Its draws.
    pub futures: &'a Futures<'a>,
    /// The simple rules.
    pub references: &'a References,
}

impl Origin<'_> {
    /// Leads of `plan` whose year lies in the truth.
    pub fn leads(&self, plan: &Plan) -> Vec<Lead> {
        let last = self.truth.origin();
        plan.leads
            .iter()
            .copied()
            .filter(|h| self.history.origin().after(*h) <= last && h.index() <= self.calibration.leads())
            .collect()
    }

    /// Rows of area `i` and of its schools, with the area's draws for the sum of all areas.
    pub fn area_rows(&self, plan: &Plan, i: UnitId) -> (Vec<Row>, UnitDraws) {
        let draws = self.futures.area(i);
        let mut rows = Vec::new();
        let unit = AreaUnit { origin: self, area: i };
        self.unit_rows(plan, &unit, Some(i), None, &draws, &mut rows);
        for (s, draws) in self.futures.schools(i, &draws) {
            let references = SchoolReferences::new(self.history, self.references, i, s);
            let unit = SchoolUnit { origin: self, school: s, references };
            self.unit_rows(plan, &unit, Some(i), Some(s), &draws, &mut rows);
        }
        (rows, draws)
    }

    fn unit_rows(
        &self,
        plan: &Plan,
        unit: &dyn Unit,
        area: Option<UnitId>,
        school: Option<UnitId>,
        draws: &UnitDraws,
        rows: &mut Vec<Row>,
    ) {
        for lead in self.leads(plan) {
            let t = self.history.origin().after(lead);
            for (target, grades) in targets(plan, &self.calibration.grades()) {
                let forecast: Vec<f64> = grades.clone().map(|g| unit.forecast(lead, g)).collect();
                if forecast.iter().all(|n| n.is_nan()) {
                    continue;
                }
                let sum =
                    |values: &mut dyn Iterator<Item = f64>| values.filter(|n| n.is_finite()).sum::<f64>();
                let actual: Vec<f64> = grades.clone().map(|g| unit.actual(t, g)).collect();
                let mut sorted = draws.sum(lead, grades.clone());
                sorted.sort_unstable_by(f32::total_cmp);
                let at = |level: f64| f64::from(quantile(&sorted, level)).round();
                rows.push(Row {
                    origin: self.history.origin(),
                    lead,
                    area,
                    school,
                    target,
                    actual: actual.iter().any(|n| n.is_finite()).then(|| sum(&mut actual.iter().copied())),
                    forecast: sum(&mut forecast.iter().copied()),
                    hindsight: self
                        .hindsight
                        .map(|_| sum(&mut grades.clone().map(|g| unit.hindsight(lead, g)))),
                    quantiles: LEVELS.map(|(level, _)| at(level)),
                    secure: SECURE_LEVELS.map(at),
                    references: unit.references(lead, &grades),
                    whole: unit.whole(t, &grades),
                });
            }
        }
    }
}

/// Every grade, and every stage total.
fn targets(plan: &Plan, grades: &Ids<ChainGrade>) -> impl Iterator<Item = (Target, Ids<ChainGrade>)> {
    let of_grades = grades.clone().map(|g| (Target::Grade(g), Ids::one(g)));
    let of_stages = plan.stages.pairs().map(|(p, grades)| (Target::Stage(p), grades.clone()));
    of_grades.chain(of_stages)
}

/// An area or a school, to be scored.
trait Unit {
    fn forecast(&self, h: Lead, g: ChainGrade) -> f64;
    fn hindsight(&self, h: Lead, g: ChainGrade) -> f64;
    fn actual(&self, t: PastYear, g: ChainGrade) -> f64;
    fn references(&self, h: Lead, grades: &Ids<ChainGrade>) -> [f64; 4];
    fn whole(&self, t: PastYear, grades: &Ids<ChainGrade>) -> bool;
}

struct AreaUnit<'a> {
    origin: &'a Origin<'a>,
    area: UnitId,
}

impl Unit for AreaUnit<'_> {
    fn forecast(&self, h: Lead, g: ChainGrade) -> f64 {
        self.origin.forecast.area(h, self.area, g)
    }

    fn hindsight(&self, h: Lead, g: ChainGrade) -> f64 {
        self.origin.hindsight.map_or(f64::NAN, |f| f.area(h, self.area, g))
    }

    fn actual(&self, t: PastYear, g: ChainGrade) -> f64 {
        self.origin.truth.rolls.get(self.area, t, g)
    }

    fn references(&self, h: Lead, grades: &Ids<ChainGrade>) -> [f64; 4] {
        self.origin.references.area(self.area, h, grades)
    }

    fn whole(&self, t: PastYear, grades: &Ids<ChainGrade>) -> bool {
        let origin = self.origin.history.origin();
        grades.clone().all(|g| self.actual(t, g).is_finite() && self.actual(origin, g).is_finite())
    }
}

struct SchoolUnit<'a> {
    origin: &'a Origin<'a>,
    school: UnitId,
    references: SchoolReferences<'a>,
}

impl Unit for SchoolUnit<'_> {
    fn forecast(&self, h: Lead, g: ChainGrade) -> f64 {
        self.origin.forecast.school(h, self.school, g)
    }

    fn hindsight(&self, h: Lead, g: ChainGrade) -> f64 {
        self.origin.hindsight.map_or(f64::NAN, |f| f.school(h, self.school, g))
    }

    fn actual(&self, t: PastYear, g: ChainGrade) -> f64 {
        self.origin.truth.schools.as_ref().map_or(f64::NAN, |s| s.rolls.get(self.school, t, g))
    }

    fn references(&self, h: Lead, grades: &Ids<ChainGrade>) -> [f64; 4] {
        self.references.get(h, grades)
    }

    /// Schools that keep all grades of the target, over four years and then.
    fn whole(&self, t: PastYear, grades: &Ids<ChainGrade>) -> bool {
        let origin = self.origin.history.origin().index();
        let mut years = Ids::of(origin.saturating_sub(reference::YEARS)..origin + 1);
        grades.clone().all(|g| self.actual(t, g) > 0.0)
            && years.all(|t| grades.clone().all(|g| self.actual(t, g) > 0.0))
    }
}

/// Draws of all areas together, by lead of [`Origin::leads`] and grade.
pub type TotalDraws = Grid<LeadOfPlan, ChainGrade, Vec<f64>>;

crate::ids! {
    /// A lead of [`Origin::leads`], in their order.
    LeadOfPlan
}

/// Rows of all areas together, from the sum of their draws: everything that came, also where areas have opened or closed
/// since. The simple rules are those of the total.
pub fn total_rows(origin: &Origin<'_>, plan: &Plan, draws: &TotalDraws) -> Vec<Row> {
    let total = References::new(&origin.history.total(), plan.longest());
    let grades = origin.calibration.grades();
    let mut rows = Vec::new();
    let areas = origin.calibration.areas();
    for (at, lead) in draws.shape().rows().zip(origin.leads(plan)) {
        let t = origin.history.origin().after(lead);
        for (target, grades_of) in targets(plan, &grades) {
            let sum = |of: &dyn Fn(UnitId, ChainGrade) -> f64| -> f64 {
                let cells = areas.clone().flat_map(|i| grades_of.clone().map(move |g| (i, g)));
                cells.map(|(i, g)| of(i, g)).filter(|n| n.is_finite()).sum()
            };
            let forecast = sum(&|i, g| origin.forecast.area(lead, i, g));
            if forecast <= 0.0 {
                continue;
            }
            let mut sorted = vec![0.0; plan.draws];
            for g in grades_of.clone() {
                for (sum, n) in sorted.iter_mut().zip(&draws[(at, g)]) {
                    *sum += n;
                }
            }
            sorted.sort_unstable_by(f64::total_cmp);
            let level = |level: f64| quantile(&sorted, level).round();
            rows.push(Row {
                origin: origin.history.origin(),
                lead,
                area: None,
                school: None,
                target,
                actual: origin
                    .truth
                    .rolls
                    .any_in_year(t)
                    .then(|| sum(&|i, g| origin.truth.rolls.get(i, t, g))),
                forecast,
                hindsight: origin.hindsight.map(|h| sum(&|i, g| h.area(lead, i, g))),
                quantiles: LEVELS.map(|(l, _)| level(l)),
                secure: SECURE_LEVELS.map(level),
                references: total.area(UnitId::new(0), lead, &grades_of),
                whole: true,
            });
        }
    }
    rows
}
