//! Figures that are legal one by one and absurd in what they lead to: a decimal point that slipped in a ratio.
//!
//! One warning a kind and file, with the first rows and how many there are: a slip is often made in a whole column.

use std::collections::BTreeMap;

use seatcast_core::{
    Scenario, ScenarioParts,
    demand::{Change, CohortModel, DemandTerms, Rate, RateKind, rates},
    forecast::{self, Beyond, MOST_DEMAND, RatioOrigin, RatioUsed, ratios_used},
    geography::Area,
    index::{GradeId, YearOffset, ZoneId},
};

use super::Tables;
use crate::{
    problem::{FarAbove, Fault, FigureFault, Place, Problems, RatioKind, Several},
    table::{Row, Table},
    tables,
};

/// A given ratio is told from this many times the learnt one on, up or down.
const FAR: f64 = 5.0;
/// A forecast is told from this many times the largest roll on.
const TIMES: f64 = 3.0;
/// Pupils by which it must be above it too: a school that fills is no slip.
const ABOVE: f64 = 100.0;

pub(super) fn check(scenario: &Scenario, tables: &Tables, problems: &mut Problems) {
    let used = ratios_used(scenario);
    let stated = Stated::new(scenario, tables);
    stated.unusual(problems);
    stated.far_from_learnt(scenario, &used, problems);
    let rolls = tables.get(&tables::rolls::TABLE).map_or("rolls.csv", |table| table.file.as_str());
    learnt_unusual(scenario, &used, rolls, problems);
    if let Some(beyond) = forecast::beyond(scenario) {
        let (file, place) = stated.place_of(scenario, &beyond).unwrap_or((rolls.to_owned(), Place::File));
        problems.push(&file, place, Fault::Figure(FigureFault::Beyond(beyond)));
    }
    far_above_rolls(scenario, rolls, problems);
}

/// A ratio that a row states.
struct StatedRatio<'t> {
    /// `None`: a share, which has its own range.
    kind: Option<RatioKind>,
    value: f64,
    row: &'t Row,
    file: &'t str,
}

impl StatedRatio<'_> {
    /// File, place, and the row or key in words.
    fn found(&self) -> (String, Place, String) {
        let (file, place) = self.row.place(self.file, &tables::rates::VALUE);
        let words = match &place {
            Place::Key(key) => key.clone(),
            _ => self.row.number.to_string(),
        };
        (file, place, words)
    }
}

/// What the tables state, row by row.
struct Stated<'t> {
    /// As `scenario.rates`; empty if rows and rates do not correspond.
    rates: Vec<StatedRatio<'t>>,
    overrides: Vec<StatedRatio<'t>>,
}

impl<'t> Stated<'t> {
    fn new(scenario: &Scenario, tables: &'t Tables) -> Self {
        // rows and what was made of them correspond: an error in any row would have ended the reading
        let rows = |table: Option<&'t Table>, count: usize| table.filter(|table| table.rows.len() == count);
        let rates = rows(tables.get(&tables::rates::TABLE), scenario.rates.len());
        let overrides = rows(tables.get(&tables::overrides::TABLE), scenario.overrides.len());
        Self {
            rates: rates.map_or_else(Vec::new, |table| {
                let of = |(row, rate): (&'t Row, &Rate)| StatedRatio {
                    kind: kind(&rate.kind),
                    value: rate.value,
                    row,
                    file: &table.file,
                };
                table.rows.iter().zip(&scenario.rates).map(of).collect()
            }),
            overrides: overrides.map_or_else(Vec::new, |table| {
                let pairs = table.rows.iter().zip(&scenario.overrides);
                pairs
                    .filter_map(|(row, entered)| {
                        let (kind, value) = match &entered.change {
                            Change::Rate { kind: of, value } => (kind(of), *value),
                            Change::Factor { value, .. } => (Some(RatioKind::Factor), *value),
                            Change::Pupils { .. } => return None,
                        };
                        Some(StatedRatio { kind, value, row, file: &table.file })
                    })
                    .collect()
            }),
        }
    }

    fn unusual(&self, problems: &mut Problems) {
        let mut found = BTreeMap::<(String, RatioKind), (Place, Vec<(String, f64)>)>::new();
        for ratio in self.rates.iter().chain(&self.overrides) {
            if let Some(kind) = ratio.kind.filter(|kind| !kind.is_usual(ratio.value)) {
                let (file, place, words) = ratio.found();
                let same = found.entry((file, kind)).or_insert((place, Vec::new()));
                same.1.push((words, ratio.value));
            }
        }
        for ((file, kind), (place, rows)) in found {
            problems.push(&file, place, Fault::Figure(FigureFault::Unusual(kind, Several::of(rows))));
        }
    }

    fn far_from_learnt(&self, scenario: &Scenario, used: &[RatioUsed], problems: &mut Problems) {
        if self.rates.is_empty() {
            return;
        }
        // by row, with the learnt ratio it is furthest from
        let mut far = BTreeMap::<usize, f64>::new();
        for ratio in used.iter().filter(|r| r.kind == "progression" && r.origin == RatioOrigin::Given) {
            let year = scenario.year_of(ratio.t);
            let row = rates::progression_row(&scenario.rates, ratio.zone, ratio.grade, year);
            let (Some(i), Some(learnt)) = (row, ratio.learnt) else { continue };
            // a row outside what is usual is told already
            let is_far = ratio.value > learnt * FAR || ratio.value * FAR < learnt;
            if is_far && RatioKind::Progression.is_usual(ratio.value) {
                far.entry(i).or_insert(learnt);
            }
        }
        let rows: Vec<(String, f64, f64)> =
            far.iter().map(|(&i, &learnt)| (self.rates[i].found().2, self.rates[i].value, learnt)).collect();
        if let Some(&first) = far.keys().next() {
            let (file, place, _) = self.rates[first].found();
            let fault = FigureFault::FarFromLearnt(RatioKind::Progression, Several::of(rows));
            problems.push(&file, place, Fault::Figure(fault));
        }
    }

    /// Where the ratio stands that a figure came by.
    fn place_of(&self, scenario: &Scenario, beyond: &Beyond) -> Option<(String, Place)> {
        let cause = beyond.cause.as_ref().filter(|c| c.origin == RatioOrigin::Given)?;
        let frame = &scenario.frame;
        let (zone, grade) = (frame.zone(&cause.zone)?, frame.grade(&cause.grade)?);
        let row = rates::progression_row(&scenario.rates, zone, grade, cause.year).or_else(|| {
            self.rates
                .iter()
                .position(|r| r.kind != Some(RatioKind::Progression) && same(r.value, cause.value))
        })?;
        let (file, place, _) = self.rates.get(row)?.found();
        Some((file, place))
    }
}

fn same(a: f64, b: f64) -> bool {
    a.total_cmp(&b).is_eq()
}

/// The kind of a ratio that is judged; a share has its own range.
fn kind(kind: &RateKind) -> Option<RatioKind> {
    match kind {
        RateKind::Progression { .. } => Some(RatioKind::Progression),
        RateKind::Transition { .. } => Some(RatioKind::Transition),
        RateKind::Entry { .. } => Some(RatioKind::Entry),
        RateKind::PublicShare { .. } => None,
    }
}

/// Learnt ratios that are projected with, outside what is usual: the first year of each zone and grade.
fn learnt_unusual(scenario: &Scenario, used: &[RatioUsed], file: &str, problems: &mut Problems) {
    let frame = &scenario.frame;
    let of = |kind: RatioKind, code: &str| -> Vec<(String, String, f64)> {
        used.iter()
            .filter(|r| {
                r.kind == code
                    && r.t == YearOffset::new(1)
                    && r.origin == RatioOrigin::Learnt
                    && !kind.is_usual(r.value)
            })
            .map(|r| (frame.zones[r.zone].id.clone(), frame.grade_id(r.grade).to_owned(), r.value))
            .collect()
    };
    for (kind, code) in [(RatioKind::Progression, "progression"), (RatioKind::Transition, "transition")] {
        let cells = of(kind, code);
        if !cells.is_empty() {
            let fault = FigureFault::LearntUnusual(kind, Several::of(cells));
            problems.push(file, Place::File, Fault::Figure(fault));
        }
    }
}

/// Forecasts far above every roll of a district and stage, estates left out: they are meant to fill what is new.
fn far_above_rolls(scenario: &Scenario, file: &str, problems: &mut Problems) {
    let frame = &scenario.frame;
    let terms = DemandTerms::new(scenario);
    let rows = CohortModel::from_terms(scenario, &terms).central();
    let mut far = Vec::new();
    for (d, district) in frame.districts.pairs() {
        let zones = frame.zones_in(Area::District(d));
        for (p, stage) in frame.stages.pairs() {
            let sum = |of: &dyn Fn(ZoneId) -> f64| -> f64 {
                zones.iter().map(|&z| of(z)).filter(|n| n.is_finite()).sum()
            };
            let base = frame.grades_of(p).map(|g| sum(&|z| f64::from(scenario.roll[(z, g)])));
            let mut largest = base.fold(0.0, f64::max);
            if let Some(past) = &scenario.past {
                for t in past.zones.years() {
                    for g in frame.grades_of(p) {
                        largest = largest.max(sum(&|z| past.zones.get(z, t, g)));
                    }
                }
            }
            if largest <= 0.0 {
                continue; // a stage that begins
            }
            let forecast = rows.ids().skip(1).flat_map(|t| frame.grades_of(p).map(move |g| (t, g)));
            let plain = |t: YearOffset, g: GradeId| sum(&|z| rows[t][(z, g)] - terms.stock[t][(z, g)]);
            let most = forecast
                .map(|(t, g)| (plain(t, g), t, g))
                .max_by(|a, b| a.0.total_cmp(&b.0).then((b.1, b.2).cmp(&(a.1, a.2))));
            let Some((pupils, t, g)) = most else { continue };
            if pupils > TIMES * largest && pupils > largest + ABOVE {
                far.push(FarAbove {
                    district: district.id.clone(),
                    stage: stage.id.clone(),
                    grade: frame.grade_id(g).to_owned(),
                    year: scenario.year_of(t),
                    pupils: pupils.round() as u64,
                    roll: largest.round() as u64,
                });
            }
        }
    }
    if !far.is_empty() {
        let fault = FigureFault::FarAboveRolls(Several::of(far));
        problems.push(file, Place::File, Fault::Figure(fault));
    }
}

/// Sharing groups with more places than can be counted, should every project be built.
pub(super) fn places(parts: &ScenarioParts, tables: &Tables, problems: &mut Problems) {
    let file = tables.get(&tables::schools::TABLE).map_or("schools.csv", |table| table.file.as_str());
    for (group, stage, places) in forecast::places_beyond(parts) {
        let (group, stage) = (parts.frame.groups[group].id.clone(), parts.frame.stages[stage].id.clone());
        let fault = FigureFault::PlacesBeyond(group, stage, places, MOST_DEMAND);
        problems.push(file, Place::File, Fault::Figure(fault));
    }
}
