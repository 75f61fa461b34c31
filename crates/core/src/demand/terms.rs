//! The demand side of a scenario as dense arrays: what the projection reads, and what an explanation exchanges term by
//! term.

use std::collections::BTreeSet;

use super::{RateKind, housing, overrides, pool::Cohorts, rates};
use crate::{
    forecast::Learnt,
    geography::{Frame, Intake},
    scenario::Scenario,
};

/// Shares of the pupils of each zone that go on to each zone of the next stage (F in docs/model.md).
#[derive(Debug, Clone, PartialEq)]
pub struct FeederFlow {
    /// Stage left.
    pub from: usize,
    /// Stage arrived in.
    pub to: usize,
    /// Origin zone, destination zone, share; the shares of every origin add to 1.
    pub shares: Vec<(usize, usize, f64)>,
}

/// One entry pool: the children of one zone, class and source, and what becomes of them, by year (0 = base year).
#[derive(Debug, Clone, PartialEq)]
pub struct PoolTerm {
    /// Cell of the entry grade.
    pub cell: usize,
    /// Admission class.
    pub class: String,
    /// Source.
    pub source: String,
    /// Children C, held at the last known cohort where none is known.
    pub children: Vec<f64>,
    /// Entry ratio e.
    pub entry: Vec<f64>,
    /// Public share u.
    pub share: Vec<f64>,
    /// Weight among the sources of the same zone and class; they add to 1.
    pub weight: Vec<f64>,
}

/// One transition: pupils of the last grade of `from` per zone of origin, and where they go.
#[derive(Debug, Clone, PartialEq)]
pub struct TransitionTerm {
    /// Stage left.
    pub from: usize,
    /// Stage arrived in.
    pub to: usize,
    /// Rate k by year of arrival (0 = base year) and zone of origin.
    pub rate: Vec<Vec<f64>>,
    /// F: zone of origin, zone of arrival, share; everyone stays in the own zone where no flow is stated.
    pub shares: Vec<(usize, usize, f64)>,
}

/// Everything the projection needs, by year (0 = base year) and cell.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandTerms {
    /// Entry pools.
    pub pools: Vec<PoolTerm>,
    /// Progression ratio r into each cell; 0 for first grades.
    pub progression: Vec<Vec<f64>>,
    /// Transitions.
    pub transitions: Vec<TransitionTerm>,
    /// Pupils who arrive in a cell and come from no cohort and no pool of the scenario.
    pub inflow: Vec<Vec<f64>>,
    /// Stock P of estates in each cell, pupils.
    pub stock: Vec<Vec<f64>>,
    /// Part of P in entry grades that the pools hold, pupils.
    pub pooled: Vec<Vec<f64>>,
    /// First year (0 = base year) from which some entrants of a zone and stage rest on an assumed pool, zone-major; `None`
    /// if never.
    pub assumed_from: Vec<Option<usize>>,
}

/// Relative error of a source at a lead where the scenario states none: equal weights.
const EQUAL_ERROR: f64 = 0.05;

impl DemandTerms {
    /// The dense terms of a scenario. Of the ratios for a cell an override goes before a given one, that before a learnt
    /// one; what is none of them is 1 (the reader has warned).
    pub fn new(scenario: &Scenario) -> Self {
        let frame = &scenario.frame;
        let years: Vec<i32> = scenario.years().collect();
        let grades = frame.grade_count();
        let mut pools = Vec::new();
        let mut assumed_from = vec![None; frame.place_count()];
        for (p, stage) in frame.stages.iter().enumerate() {
            if let Intake::Pools { entry_age } = stage.intake {
                for z in 0..frame.zones.len() {
                    let assumed = &mut assumed_from[z * frame.stages.len() + p];
                    pools.extend(zone_pools(scenario, &years, z, p, entry_age, assumed));
                }
            }
        }
        let first: Vec<bool> = (0..grades).map(|g| frame.stage_of(g).1 == 0).collect();
        let progression = years
            .iter()
            .enumerate()
            .map(|(t, &year)| {
                (0..frame.cell_count())
                    .map(|cell| match (cell / grades, cell % grades) {
                        (_, g) if first[g] => 0.0,
                        (z, g) => progression(scenario, z, g, t, year),
                    })
                    .collect()
            })
            .collect();
        let (stock, pooled) = stocks(scenario, &scenario.estates, &years);
        let inflow = inflow(scenario, &years, &pools);
        let transitions = transitions(scenario, &years);
        Self { pools, progression, transitions, inflow, stock, pooled, assumed_from }
    }

    /// Takes the inflow of `other` into the grades that are entered from pools (`entry`), or into all others.
    pub fn take_inflow(&mut self, frame: &Frame, other: &Self, entry: bool) {
        let width = frame.grade_count();
        for (row, own) in self.inflow.iter_mut().zip(&other.inflow) {
            for (cell, (n, own)) in row.iter_mut().zip(own).enumerate() {
                if frame.is_entry(cell % width) == entry {
                    *n = *own;
                }
            }
        }
    }
}

/// The ratio into grade `g` of zone `z`, arriving in `year`, `t` years after the base year.
fn progression(scenario: &Scenario, z: usize, g: usize, t: usize, year: i32) -> f64 {
    let is = |kind: &RateKind| matches!(kind, RateKind::Progression { grade } if *grade == g);
    let cell = z * scenario.frame.grade_count() + g;
    let ratio = overrides::rate(&scenario.overrides, z, year, is)
        .or_else(|| rates::progression(&scenario.rates, z, g, year))
        // the base year reads the ratio of the first year ahead
        .or_else(|| scenario.learnt()?.ratio(cell, t.max(1)));
    ratio.unwrap_or(1.0) * overrides::factor(&scenario.overrides, z, g, year)
}

/// Pupils from nowhere: grades that no grade of the zone feeds, entry without children, and what overrides bring.
fn inflow(scenario: &Scenario, years: &[i32], pools: &[PoolTerm]) -> Vec<Vec<f64>> {
    let frame = &scenario.frame;
    let grades = frame.grade_count();
    let pooled: BTreeSet<usize> = pools.iter().map(|pool| pool.cell).collect();
    let entered = |p: usize| matches!(frame.stages[p].intake, Intake::Pools { .. });
    let learnt = |learnt: &Learnt, cell: usize, t: usize, year: i32| -> f64 {
        let (z, g) = (cell / grades, cell % grades);
        let (p, position) = frame.stage_of(g);
        if position == 0 && entered(p) {
            return if pooled.contains(&cell) { 0.0 } else { learnt.entrants(cell, t).unwrap_or(0.0) };
        }
        let given = if position > 0 {
            rates::progression(&scenario.rates, z, g, year).is_some()
        } else {
            let from = |from: &usize| rates::transition(&scenario.rates, z, *from, p, year).is_some();
            let Intake::Stages(feeding) = &frame.stages[p].intake else { return 0.0 };
            feeding.iter().any(|q| from(q) || scenario.flows.iter().any(|f| (f.from, f.to) == (*q, p)))
        };
        if given { 0.0 } else { learnt.arrivals(cell, t) }
    };
    let mut rows = vec![vec![0.0; frame.cell_count()]; years.len()];
    for (t, (row, &year)) in rows.iter_mut().zip(years).enumerate().skip(1) {
        for (cell, inflow) in row.iter_mut().enumerate() {
            let (z, g) = (cell / grades, cell % grades);
            let arrivals = scenario.learnt().map_or(0.0, |l| learnt(l, cell, t, year));
            *inflow = arrivals * overrides::factor(&scenario.overrides, z, g, year)
                + overrides::pupils(&scenario.overrides, z, g, year);
        }
    }
    rows
}

fn zone_pools(
    scenario: &Scenario,
    years: &[i32],
    z: usize,
    p: usize,
    entry_age: u32,
    assumed: &mut Option<usize>,
) -> Vec<PoolTerm> {
    let cell = z * scenario.frame.grade_count() + scenario.frame.grades_of(p).start;
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
        let held: Vec<Vec<Option<f64>>> = years.iter().map(|&year| pool_of_year(&cohorts, year)).collect();
        for (t, &year) in years.iter().enumerate().skip(1) {
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
                weight: held
                    .iter()
                    .enumerate()
                    .map(|(t, row)| weight(scenario, &cohorts, row, i, t))
                    .collect(),
            });
        }
    }
    learnt_entry(scenario, cell, years, &mut terms);
    terms
}

fn entry_is(kind: &RateKind, stage: usize, source: &str, class: &str) -> bool {
    let RateKind::Entry { stage: p, source: s, class: c } = kind else { return false };
    *p == stage && s.as_deref().is_none_or(|s| s == source) && c.as_deref().is_none_or(|c| c == class)
}

fn public_share(scenario: &Scenario, z: usize, p: usize, class: &str, year: i32) -> f64 {
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
fn learnt_entry(scenario: &Scenario, cell: usize, years: &[i32], terms: &mut [PoolTerm]) {
    let grades = scenario.frame.grade_count();
    let (z, g) = (cell / grades, cell % grades);
    for (t, &year) in years.iter().enumerate() {
        // public shares are those under which the ratio was learnt; what changes them later is policy
        let children: f64 = terms
            .iter()
            .map(|pool| pool.weight[t] * pool.children[t] * public_share_learnt(scenario, cell, &pool.class))
            .sum();
        let learnt = scenario.learnt().and_then(|learnt| learnt.entrants(cell, t.max(1)));
        let ratio = match learnt {
            Some(entrants) if t > 0 && children > 0.0 => entrants / children,
            _ => 1.0,
        };
        let factor = overrides::factor(&scenario.overrides, z, g, year);
        for pool in terms.iter_mut() {
            let given = pool.entry[t];
            pool.entry[t] = factor * if given.is_finite() { given } else { ratio };
        }
    }
    // the base year reads the ratio of the first year ahead where it has none of its own
    if scenario.learnt().is_some_and(|learnt| learnt.entrants(cell, 1).is_some()) {
        for pool in terms.iter_mut().filter(|pool| pool.entry.len() > 1) {
            let stage = scenario.frame.stage_of(g).0;
            if rates::entry(&scenario.rates, z, stage, &pool.source, &pool.class, years[0]).is_none() {
                pool.entry[0] = pool.entry[1];
            }
        }
    }
}

/// The public share that held in the years learnt from: that of the base year, as given.
fn public_share_learnt(scenario: &Scenario, cell: usize, class: &str) -> f64 {
    let grades = scenario.frame.grade_count();
    let stage = scenario.frame.stage_of(cell % grades).0;
    rates::public_share(&scenario.rates, cell / grades, stage, class, scenario.base_year).unwrap_or(1.0)
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
fn weight(scenario: &Scenario, cohorts: &[(&str, Cohorts)], row: &[Option<f64>], i: usize, t: usize) -> f64 {
    if row[i].is_none() {
        return 0.0;
    }
    let precision = |source: &str| {
        let errors = scenario.source_errors.iter().find(|(s, _)| s == source).map(|(_, e)| e);
        let error = errors.and_then(|e| e.get(t.max(1) - 1).or(e.last())).copied().unwrap_or(EQUAL_ERROR);
        1.0 / (error * error)
    };
    let total: f64 =
        cohorts.iter().zip(row).filter(|(_, c)| c.is_some()).map(|((s, _), _)| precision(s)).sum();
    precision(cohorts[i].0) / total
}

fn transitions(scenario: &Scenario, years: &[i32]) -> Vec<TransitionTerm> {
    let mut terms = Vec::new();
    for (to, stage) in scenario.frame.stages.iter().enumerate() {
        let Intake::Stages(feeding) = &stage.intake else { continue };
        for &from in feeding {
            let by_zone = |(t, &year): (usize, &i32)| {
                (0..scenario.frame.zones.len()).map(|z| transition(scenario, z, from, to, t, year)).collect()
            };
            let rate = years.iter().enumerate().map(by_zone).collect();
            let flow = scenario.flows.iter().find(|f| (f.from, f.to) == (from, to));
            let own = || (0..scenario.frame.zones.len()).map(|z| (z, z, 1.0)).collect();
            let shares = flow.map_or_else(own, |flow| flow.shares.clone());
            terms.push(TransitionTerm { from, to, rate, shares });
        }
    }
    terms
}

/// The rate from stage `from` to `to` for pupils of zone `z`, arriving in `year`, `t` years after the base year.
fn transition(scenario: &Scenario, z: usize, from: usize, to: usize, t: usize, year: i32) -> f64 {
    let frame = &scenario.frame;
    let first = frame.grades_of(to).start;
    let is =
        |kind: &RateKind| matches!(kind, RateKind::Transition { from: f, to: t } if (*f, *t) == (from, to));
    let learnt = |learnt: &Learnt| {
        // flows say who goes where, so only the total can be told from rolls by zone
        if scenario.flows.iter().any(|f| (f.from, f.to) == (from, to)) {
            learnt.total_ratio(first, t.max(1))
        } else {
            learnt.ratio(z * frame.grade_count() + first, t.max(1))
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
    years: &[i32],
) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
    let grades = scenario.frame.grade_count();
    let empty = vec![vec![0.0; scenario.frame.cell_count()]; years.len()];
    let (mut stock, mut pooled) = (empty.clone(), empty);
    for (t, &year) in years.iter().enumerate() {
        for cell in (0..scenario.frame.cell_count()).filter(|_| !estates.is_empty()) {
            let (z, g) = (cell / grades, cell % grades);
            stock[t][cell] = housing::stock(estates, &scenario.yields, z, g, year);
            if scenario.frame.is_entry(g) {
                pooled[t][cell] = housing::pooled(estates, &scenario.yields, z, g, year);
            }
        }
    }
    (stock, pooled)
}
