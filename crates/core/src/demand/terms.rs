//! The demand side of a scenario as dense arrays: what the projection reads, and what an explanation exchanges term by
//! term.

use std::collections::BTreeSet;

use super::{housing::Estate, pool::Cohorts, rates};
use crate::{geography::Intake, scenario::Scenario};

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

/// One transition: pupils of the last grade of `from` per zone of origin.
#[derive(Debug, Clone, PartialEq)]
pub struct TransitionTerm {
    /// Stage left.
    pub from: usize,
    /// Stage arrived in.
    pub to: usize,
    /// Rate k by year of arrival (0 = base year) and zone of origin.
    pub rate: Vec<Vec<f64>>,
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
    /// The dense terms of a scenario. Ratios that are not given are 1 (the reader has warned).
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
            .map(|&year| {
                (0..frame.cell_count())
                    .map(|cell| match (cell / grades, cell % grades) {
                        (_, g) if first[g] => 0.0,
                        (z, g) => rates::progression(&scenario.rates, z, g, year).unwrap_or(1.0),
                    })
                    .collect()
            })
            .collect();
        let (stock, pooled) = housing(scenario, &scenario.estates, &years);
        Self { pools, progression, transitions: transitions(scenario, &years), stock, pooled, assumed_from }
    }
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
            let rate = |year| rates::entry(&scenario.rates, z, p, source, class, year).unwrap_or(1.0);
            let share = |year| rates::public_share(&scenario.rates, z, p, class, year).unwrap_or(1.0);
            terms.push(PoolTerm {
                cell,
                class: class.to_owned(),
                source: (*source).to_owned(),
                children: held.iter().map(|row| row[i].unwrap_or(0.0)).collect(),
                entry: years.iter().map(|&y| rate(y)).collect(),
                share: years.iter().map(|&y| share(y)).collect(),
                weight: held
                    .iter()
                    .enumerate()
                    .map(|(t, row)| weight(scenario, &cohorts, row, i, t))
                    .collect(),
            });
        }
    }
    terms
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
            let by_zone = |&year: &i32| {
                (0..scenario.frame.zones.len())
                    .map(|z| rates::transition(&scenario.rates, z, from, to, year).unwrap_or(1.0))
                    .collect()
            };
            terms.push(TransitionTerm { from, to, rate: years.iter().map(by_zone).collect() });
        }
    }
    terms
}

/// Stock of `estates` and the part of it that the entry pools hold, by year and cell.
pub fn housing(scenario: &Scenario, estates: &[Estate], years: &[i32]) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
    let grades = scenario.frame.grade_count();
    let empty = vec![vec![0.0; scenario.frame.cell_count()]; years.len()];
    let (mut stock, mut pooled) = (empty.clone(), empty);
    for estate in estates {
        for (t, &year) in years.iter().enumerate() {
            for g in 0..grades {
                let is_first = scenario.frame.stage_of(g).1 == 0;
                let pupils = estate.stock(&scenario.yields, g, year);
                let cell = estate.zone * grades + g;
                stock[t][cell] += pupils;
                let entry = matches!(
                    scenario.frame.stages[scenario.frame.stage_of(g).0].intake,
                    Intake::Pools { .. }
                );
                if is_first && entry {
                    pooled[t][cell] += estate.pool_share(year) * pupils;
                }
            }
        }
    }
    (stock, pooled)
}
