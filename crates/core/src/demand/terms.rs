//! The demand side of a scenario as dense arrays: what the projection reads, and what an explanation exchanges term by
//! term.

use std::collections::BTreeSet;

use super::{RateKind, housing, overrides, pool::Cohorts, rates};
use crate::{
    forecast::Learnt,
    geography::{Frame, Intake},
    grid::{CellId, Cells, Grid},
    index::{GradeId, StageId, Table, YearOffset, Years, ZoneId},
    scenario::Scenario,
};

/// Shares of the pupils of each zone that go on to each zone of the next stage (F in docs/model.md).
#[derive(Debug, Clone, PartialEq)]
pub struct FeederFlow {
    /// Stage left.
    pub from: StageId,
    /// Stage arrived in.
    pub to: StageId,
    /// Origin zone, destination zone, share; the shares of every origin add to 1.
    pub shares: Vec<(ZoneId, ZoneId, f64)>,
}

/// One entry pool: the children of one zone, class and source, and what becomes of them, by year (0 = base year).
#[derive(Debug, Clone, PartialEq)]
pub struct PoolTerm {
    /// Cell of the entry grade.
    pub cell: CellId,
    /// Admission class.
    pub class: String,
    /// Source.
    pub source: String,
    /// Children C, held at the last known cohort where none is known.
    pub children: Years<f64>,
    /// Entry ratio e.
    pub entry: Years<f64>,
    /// Public share u.
    pub share: Years<f64>,
    /// Weight among the sources of the same zone and class; they add to 1.
    pub weight: Years<f64>,
}

/// One transition: pupils of the last grade of `from` per zone of origin, and where they go.
#[derive(Debug, Clone, PartialEq)]
pub struct TransitionTerm {
    /// Stage left.
    pub from: StageId,
    /// Stage arrived in.
    pub to: StageId,
    /// Rate k by year of arrival (0 = base year) and zone of origin.
    pub rate: Years<Table<ZoneId, f64>>,
    /// F: zone of origin, zone of arrival, share; everyone stays in the own zone where no flow is stated.
    pub shares: Vec<(ZoneId, ZoneId, f64)>,
}

/// Everything the projection needs, by year (0 = base year) and cell.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandTerms {
    /// Entry pools.
    pub pools: Vec<PoolTerm>,
    /// Progression ratio r into each cell; 0 for first grades.
    pub progression: Years<Cells<f64>>,
    /// Transitions.
    pub transitions: Vec<TransitionTerm>,
    /// Pupils who arrive in a cell and come from no cohort and no pool of the scenario.
    pub inflow: Years<Cells<f64>>,
    /// Stock P of estates in each cell, pupils.
    pub stock: Years<Cells<f64>>,
    /// Part of P in entry grades that the pools hold, pupils.
    pub pooled: Years<Cells<f64>>,
    /// First year (0 = base year) from which some entrants of a zone and stage rest on an assumed pool; `None` if
    /// never.
    pub assumed_from: AssumedFrom,
}

/// First year (0 = base year) in which the entrants of a zone and stage rest on an assumed pool; `None` = never.
pub type AssumedFrom = Grid<ZoneId, StageId, Option<YearOffset>>;

/// The first year after the base year.
const FIRST: YearOffset = YearOffset::new(1);

/// Relative error of a source at a lead where the scenario states none: equal weights.
const EQUAL_ERROR: f64 = 0.05;

impl DemandTerms {
    /// The dense terms of a scenario. Of the ratios for a cell an override goes before a given one, that before a learnt
    /// one; what is none of them is 1 (the reader has warned).
    pub fn new(scenario: &Scenario) -> Self {
        let frame = &scenario.frame;
        let years: Years<i32> = scenario.years().collect();
        let mut pools = Vec::new();
        let mut assumed_from = Grid::filled(frame.zone_stages(), None);
        for (p, stage) in frame.stages.pairs() {
            if let Intake::Pools { entry_age } = stage.intake {
                for z in frame.zones.ids() {
                    let assumed = &mut assumed_from[(z, p)];
                    pools.extend(zone_pools(scenario, &years, z, p, entry_age, assumed));
                }
            }
        }
        let first: Table<GradeId, bool> = frame.grades().map(|g| frame.stage_of(g).1 == 0).collect();
        let progression = years
            .pairs()
            .map(|(t, &year)| {
                let ratio = |z, g| if first[g] { 0.0 } else { progression(scenario, z, g, t, year) };
                Grid::from_fn(frame.cells(), ratio)
            })
            .collect();
        let (stock, pooled) = stocks(scenario, &scenario.estates, &years);
        let inflow = inflow(scenario, &years, &pools);
        let transitions = transitions(scenario, &years);
        Self { pools, progression, transitions, inflow, stock, pooled, assumed_from }
    }

    /// Takes the inflow of `other` into the grades that are entered from pools (`entry`), or into all others.
    pub fn take_inflow(&mut self, frame: &Frame, other: &Self, entry: bool) {
        for (row, own) in self.inflow.iter_mut().zip(&other.inflow) {
            for g in frame.grades().filter(|&g| frame.is_entry(g) == entry) {
                for z in frame.zones.ids() {
                    row[(z, g)] = own[(z, g)];
                }
            }
        }
    }
}

/// The ratio into grade `g` of zone `z`, arriving in `year`, `t` years after the base year.
fn progression(scenario: &Scenario, z: ZoneId, g: GradeId, t: YearOffset, year: i32) -> f64 {
    let is = |kind: &RateKind| matches!(kind, RateKind::Progression { grade } if *grade == g);
    let cell = scenario.frame.cells().at(z, g);
    let ratio = overrides::rate(&scenario.overrides, z, year, is)
        .or_else(|| rates::progression(&scenario.rates, z, g, year))
        // the base year reads the ratio of the first year ahead
        .or_else(|| scenario.learnt()?.ratio(cell, t.max(FIRST)));
    ratio.unwrap_or(1.0) * overrides::factor(&scenario.overrides, z, g, year)
}

/// Pupils from nowhere: grades that no grade of the zone feeds, entry without children, and what overrides bring.
fn inflow(scenario: &Scenario, years: &Years<i32>, pools: &[PoolTerm]) -> Years<Cells<f64>> {
    let frame = &scenario.frame;
    let cells = frame.cells();
    let pooled: BTreeSet<CellId> = pools.iter().map(|pool| pool.cell).collect();
    let entered = |p: StageId| matches!(frame.stages[p].intake, Intake::Pools { .. });
    let learnt = |learnt: &Learnt, cell: CellId, t: YearOffset, year: i32| -> f64 {
        let (z, g) = cells.split(cell);
        let (p, position) = frame.stage_of(g);
        if position == 0 && entered(p) {
            return if pooled.contains(&cell) { 0.0 } else { learnt.entrants(cell, t).unwrap_or(0.0) };
        }
        let given = if position > 0 {
            rates::progression(&scenario.rates, z, g, year).is_some()
        } else {
            let from = |from: &StageId| rates::transition(&scenario.rates, z, *from, p, year).is_some();
            let Intake::Stages(feeding) = &frame.stages[p].intake else { return 0.0 };
            feeding.iter().any(|q| from(q) || scenario.flows.iter().any(|f| (f.from, f.to) == (*q, p)))
        };
        if given { 0.0 } else { learnt.arrivals(cell, t) }
    };
    let mut rows = Years::filled(years.len(), Cells::filled(cells, 0.0));
    for (t, &year) in years.pairs().skip(1) {
        let row = &mut rows[t];
        for cell in cells.pairs() {
            let (z, g) = cells.split(cell);
            let arrivals = scenario.learnt().map_or(0.0, |l| learnt(l, cell, t, year));
            row[cell] = arrivals * overrides::factor(&scenario.overrides, z, g, year)
                + overrides::pupils(&scenario.overrides, z, g, year);
        }
    }
    rows
}

fn zone_pools(
    scenario: &Scenario,
    years: &Years<i32>,
    z: ZoneId,
    p: StageId,
    entry_age: u32,
    assumed: &mut Option<YearOffset>,
) -> Vec<PoolTerm> {
    let cell = scenario.frame.cells().at(z, scenario.frame.entry_grade(p));
    let feeds = |c: &crate::demand::ChildCount| c.zone == z && c.counted.feeds(&scenario.frame, p);
    let here = |c: &&crate::demand::ChildCount| feeds(c);
    let classes: BTreeSet<&str> = scenario.children.iter().filter(here).map(|c| c.class.as_str()).collect();
    let mut terms = Vec::new();
    for class in classes {
        let of_class = |c: &&crate::demand::ChildCount| feeds(c) && c.class == class;
        let sources: BTreeSet<&str> =
            scenario.children.iter().filter(of_class).map(|c| c.source.as_str()).collect();
        let cohorts: Vec<(&str, Cohorts)> = sources
            .into_iter()
            .map(|source| {
                let counts = scenario.children.iter().filter(of_class).filter(|c| c.source == source);
                (source, Cohorts::new(counts, entry_age, scenario.cutoff_month))
            })
            .filter(|(_, cohorts)| cohorts.last_year().is_some())
            .collect();
        let held: Years<Vec<Option<f64>>> = years.iter().map(|&year| pool_of_year(&cohorts, year)).collect();
        for (t, &year) in years.pairs().skip(1) {
            if cohorts.iter().all(|(_, c)| c.known(year).is_none()) {
                *assumed = Some(assumed.map_or(t, |a| a.min(t)));
            }
        }
        for (i, (source, _)) in cohorts.iter().enumerate() {
            let rate = |year| {
                let is = |kind: &RateKind| entry_is(kind, p, source, class);
                overrides::rate(&scenario.overrides, z, year, is)
                    .or_else(|| rates::entry(&scenario.rates, z, p, source, class, year))
            };
            terms.push(PoolTerm {
                cell,
                class: class.to_owned(),
                source: (*source).to_owned(),
                children: held.iter().map(|row| row[i].unwrap_or(0.0)).collect(),
                entry: years.iter().map(|&y| rate(y).unwrap_or(f64::NAN)).collect(),
                share: years.iter().map(|&y| public_share(scenario, z, p, class, y)).collect(),
                weight: held.pairs().map(|(t, row)| weight(scenario, &cohorts, row, i, t)).collect(),
            });
        }
    }
    learnt_entry(scenario, cell, years, &mut terms);
    terms
}

fn entry_is(kind: &RateKind, stage: StageId, source: &str, class: &str) -> bool {
    let RateKind::Entry { stage: p, source: s, class: c } = kind else { return false };
    *p == stage && s.as_deref().is_none_or(|s| s == source) && c.as_deref().is_none_or(|c| c == class)
}

fn public_share(scenario: &Scenario, z: ZoneId, p: StageId, class: &str, year: i32) -> f64 {
    let is = |kind: &RateKind| {
        matches!(kind, RateKind::PublicShare { stage, class: c }
            if *stage == p && c.as_deref().is_none_or(|c| c == class))
    };
    overrides::rate(&scenario.overrides, z, year, is)
        .or_else(|| rates::public_share(&scenario.rates, z, p, class, year))
        .unwrap_or(1.0)
}

/// Fills the entry ratios that nobody gave: learnt entrants over the children of all pools, else 1. Factors of overrides
/// go on top of every one.
fn learnt_entry(scenario: &Scenario, cell: CellId, years: &Years<i32>, terms: &mut [PoolTerm]) {
    let (z, g) = scenario.frame.cells().split(cell);
    for (t, &year) in years.pairs() {
        // public shares are those under which the ratio was learnt; what changes them later is policy
        let children: f64 = terms
            .iter()
            .map(|pool| pool.weight[t] * pool.children[t] * public_share_learnt(scenario, cell, &pool.class))
            .sum();
        let learnt = scenario.learnt().and_then(|learnt| learnt.entrants(cell, t.max(FIRST)));
        let ratio = match learnt {
            Some(entrants) if t > YearOffset::BASE && children > 0.0 => entrants / children,
            _ => 1.0,
        };
        let factor = overrides::factor(&scenario.overrides, z, g, year);
        for pool in terms.iter_mut() {
            let given = pool.entry[t];
            pool.entry[t] = factor * if given.is_finite() { given } else { ratio };
        }
    }
    // the base year reads the ratio of the first year ahead where it has none of its own
    if scenario.learnt().is_some_and(|learnt| learnt.entrants(cell, FIRST).is_some()) {
        for pool in terms.iter_mut().filter(|pool| pool.entry.len() > 1) {
            let stage = scenario.frame.stage_of(g).0;
            if rates::entry(&scenario.rates, z, stage, &pool.source, &pool.class, years[YearOffset::BASE])
                .is_none()
            {
                pool.entry[YearOffset::BASE] = pool.entry[FIRST];
            }
        }
    }
}

/// The public share that held in the years learnt from: that of the base year, as given.
fn public_share_learnt(scenario: &Scenario, cell: CellId, class: &str) -> f64 {
    let (z, g) = scenario.frame.cells().split(cell);
    let stage = scenario.frame.stage_of(g).0;
    rates::public_share(&scenario.rates, z, stage, class, scenario.base_year).unwrap_or(1.0)
}

/// The children of every source for one entry year: those that know it, else those whose last cohort is the latest,
/// held; before the first known cohort that one is used (only the base year reads it).
fn pool_of_year(cohorts: &[(&str, Cohorts)], year: i32) -> Vec<Option<f64>> {
    let known: Vec<Option<f64>> = cohorts.iter().map(|(_, c)| c.known(year)).collect();
    if known.iter().any(Option::is_some) {
        return known;
    }
    let latest = cohorts.iter().filter_map(|(_, c)| c.last_until(year).map(|(y, _)| y)).max();
    cohorts
        .iter()
        .map(|(_, c)| match latest {
            Some(y) => c.known(y),
            None => c.first_from(year).map(|(_, children)| children),
        })
        .collect()
}

/// Inverse square of the source's stated error at this lead, normalised over the sources that speak.
fn weight(
    scenario: &Scenario,
    cohorts: &[(&str, Cohorts)],
    row: &[Option<f64>],
    i: usize,
    t: YearOffset,
) -> f64 {
    if row[i].is_none() {
        return 0.0;
    }
    let precision = |source: &str| {
        let errors = scenario.source_errors.iter().find(|(s, _)| s == source).map(|(_, e)| e);
        let error =
            errors.and_then(|e| e.get(t.minus(1).index()).or(e.last())).copied().unwrap_or(EQUAL_ERROR);
        1.0 / (error * error)
    };
    let total: f64 =
        cohorts.iter().zip(row).filter(|(_, c)| c.is_some()).map(|((s, _), _)| precision(s)).sum();
    precision(cohorts[i].0) / total
}

fn transitions(scenario: &Scenario, years: &Years<i32>) -> Vec<TransitionTerm> {
    let mut terms = Vec::new();
    for (to, stage) in scenario.frame.stages.pairs() {
        let Intake::Stages(feeding) = &stage.intake else { continue };
        for &from in feeding {
            let by_zone = |(t, &year): (YearOffset, &i32)| {
                scenario.frame.zones.ids().map(|z| transition(scenario, z, from, to, t, year)).collect()
            };
            let rate = years.pairs().map(by_zone).collect();
            let flow = scenario.flows.iter().find(|f| (f.from, f.to) == (from, to));
            let own = || scenario.frame.zones.ids().map(|z| (z, z, 1.0)).collect();
            let shares = flow.map_or_else(own, |flow| flow.shares.clone());
            terms.push(TransitionTerm { from, to, rate, shares });
        }
    }
    terms
}

/// The rate from stage `from` to `to` for pupils of zone `z`, arriving in `year`, `t` years after the base year.
fn transition(scenario: &Scenario, z: ZoneId, from: StageId, to: StageId, t: YearOffset, year: i32) -> f64 {
    let frame = &scenario.frame;
    let first = frame.entry_grade(to);
    let is =
        |kind: &RateKind| matches!(kind, RateKind::Transition { from: f, to: t } if (*f, *t) == (from, to));
    let learnt = |learnt: &Learnt| {
        // flows say who goes where, so only the total can be told from rolls by zone
        if scenario.flows.iter().any(|f| (f.from, f.to) == (from, to)) {
            learnt.total_ratio(first, t.max(FIRST))
        } else {
            learnt.ratio(frame.cells().at(z, first), t.max(FIRST))
        }
    };
    let rate = overrides::rate(&scenario.overrides, z, year, is)
        .or_else(|| rates::transition(&scenario.rates, z, from, to, year))
        .or_else(|| learnt(scenario.learnt()?));
    rate.unwrap_or(1.0) * overrides::factor(&scenario.overrides, z, first, year)
}

/// Stock of `estates` and the part of it that the entry pools hold, by year and cell.
pub(crate) fn stocks(
    scenario: &Scenario,
    estates: &[housing::Estate],
    years: &Years<i32>,
) -> (Years<Cells<f64>>, Years<Cells<f64>>) {
    let cells = scenario.frame.cells();
    let empty = Years::filled(years.len(), Cells::filled(cells, 0.0));
    let (mut stock, mut pooled) = (empty.clone(), empty);
    for (t, &year) in years.pairs() {
        for cell in cells.pairs().filter(|_| !estates.is_empty()) {
            let (z, g) = cells.split(cell);
            stock[t][cell] = housing::stock(estates, &scenario.yields, z, g, year);
            if scenario.frame.is_entry(g) {
                pooled[t][cell] = housing::pooled(estates, &scenario.yields, z, g, year);
            }
        }
    }
    (stock, pooled)
}
