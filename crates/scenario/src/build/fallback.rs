//! Warnings: what is run with a stated fallback because the folder does not say.

use std::collections::{BTreeMap, BTreeSet};

use seatcast_core::{
    Scenario,
    demand::{DemandTerms, rates},
    geography::Intake,
    supply::{OpeningLaw, Project, School, Status},
};

use super::{Context, Tables};
use crate::{
    problem::{Fault, Place, Problems, SupplyFault},
    spec,
};

pub(super) fn warn(scenario: &Scenario, context: &Context<'_>, tables: &Tables, problems: &mut Problems) {
    let rates = tables.get(&spec::RATES_TABLE).map_or("rates.csv", |table| table.file.as_str());
    missing_rates(scenario, rates, problems);
    if let Some(table) = tables.get(&spec::ROLLS) {
        empty_cohorts(scenario, &table.file, problems);
    }
    if let Some(table) = tables.get(&spec::CHILDREN) {
        assumed_births(scenario, &table.file, problems);
    }
    if let Some(table) = tables.get(&spec::PROJECTS) {
        for project in scenario.projects.iter().filter(|p| p.status != Status::Cancelled) {
            let law = OpeningLaw::of(project, &scenario.kinds, scenario.round(), scenario.round());
            if law.is_overrun() {
                problems.push(&table.file, Place::File, Fault::Overrun(project.id.clone()));
            }
        }
    }
    if let Some(table) = tables.get(&spec::SCHOOLS) {
        places(scenario, &table.file, problems);
        classes(scenario, &table.file, problems);
    }
    if let Some(table) = tables.get(&spec::YIELDS) {
        yields(scenario, &table.file, problems);
    }
    for table in tables.0.values() {
        let later = table.later_than(context.round);
        if later > 0 {
            problems.push(&table.file, Place::File, Fault::LaterKnowledge(later, context.round.to_string()));
        }
    }
}

fn missing_rates(scenario: &Scenario, file: &str, problems: &mut Problems) {
    let frame = &scenario.frame;
    let years: Vec<i32> = scenario.years().skip(1).collect();
    let width = frame.grade_count();
    // a ratio that is neither given nor learnt is taken as 1
    let missing = |g: usize, rate: &dyn Fn(usize, i32) -> Option<f64>| {
        let learnt = |z: usize, t: usize| {
            scenario.learnt().is_some_and(|learnt| learnt.ratio(z * width + g, t).is_some())
        };
        (0..frame.zones.len())
            .any(|z| years.iter().enumerate().any(|(i, &year)| rate(z, year).is_none() && !learnt(z, i + 1)))
    };
    for g in (0..width).filter(|&g| frame.stage_of(g).1 > 0) {
        if missing(g, &|z, year| rates::progression(&scenario.rates, z, g, year)) {
            problems.push(file, Place::File, Fault::ProgressionDefault(frame.grade_id(g).to_owned()));
        }
    }
    for (to, stage) in frame.stages.iter().enumerate() {
        match &stage.intake {
            Intake::Stages(feeding) => {
                for &from in feeding {
                    if missing(frame.grades_of(to).start, &|z, year| {
                        rates::transition(&scenario.rates, z, from, to, year)
                    }) {
                        let fault = Fault::TransitionDefault(frame.stages[from].id.clone(), stage.id.clone());
                        problems.push(file, Place::File, fault);
                    }
                }
            }
            Intake::Pools { .. } => {
                let pools: BTreeSet<(usize, &str, &str)> = scenario
                    .children
                    .iter()
                    .filter(|c| c.counted.feeds(frame, to))
                    .map(|c| (c.zone, c.source.as_str(), c.class.as_str()))
                    .collect();
                let without: BTreeSet<&str> = pools
                    .into_iter()
                    .filter(|(z, source, class)| {
                        let cell = z * width + frame.grades_of(to).start;
                        let learnt =
                            |t: usize| scenario.learnt().is_some_and(|l| l.entrants(cell, t).is_some());
                        years.iter().enumerate().any(|(i, &y)| {
                            rates::entry(&scenario.rates, *z, to, source, class, y).is_none()
                                && !learnt(i + 1)
                        })
                    })
                    .map(|(_, source, _)| source)
                    .collect();
                for source in without {
                    problems.push(file, Place::File, Fault::EntryDefault(source.to_owned()));
                }
            }
        }
    }
}

fn empty_cohorts(scenario: &Scenario, file: &str, problems: &mut Problems) {
    let frame = &scenario.frame;
    let width = frame.grade_count();
    for cell in (0..scenario.roll.len()).filter(|&cell| scenario.roll[cell] == 0) {
        let fault =
            Fault::EmptyCohort(frame.zones[cell / width].id.clone(), frame.grade_id(cell % width).to_owned());
        problems.push(file, Place::File, fault);
    }
}

fn assumed_births(scenario: &Scenario, file: &str, problems: &mut Problems) {
    let frame = &scenario.frame;
    let pooled = frame.stages.iter().filter(|s| matches!(s.intake, Intake::Pools { .. })).count();
    let assumed = DemandTerms::new(scenario).assumed_from;
    // one warning for all zones of a stage whose children end in the same year
    let mut alike: BTreeMap<(usize, usize), Vec<String>> = BTreeMap::new();
    for (i, from) in assumed.iter().enumerate() {
        let Some(t) = from else { continue };
        let zone = &frame.zones[i / frame.stages.len()];
        alike.entry((i % frame.stages.len(), *t)).or_default().push(zone.id.clone());
    }
    for ((p, t), zones) in alike {
        let stage = (pooled > 1).then(|| frame.stages[p].id.clone());
        let fault = Fault::BirthsAssumed(zones, stage, scenario.base_year + t as i32);
        problems.push(file, Place::File, fault);
    }
}

fn places(scenario: &Scenario, file: &str, problems: &mut Problems) {
    let frame = &scenario.frame;
    for (z, zone) in frame.zones.iter().enumerate() {
        for (p, stage) in frame.stages.iter().enumerate() {
            let any = scenario.schools.iter().any(|s| (s.zone, s.stage) == (z, p) && s.places > 0);
            let decided = |p: &Project| p.status.is_building() || p.status == Status::Open;
            let coming = scenario.projects.iter().any(|j| (j.zone, j.stage) == (z, p) && decided(j));
            if !any && !coming {
                problems.push(file, Place::File, Fault::NoPlaces(zone.id.clone(), stage.id.clone()));
            }
        }
    }
}

/// Groups of which some schools state their classes and others do not.
fn classes(scenario: &Scenario, file: &str, problems: &mut Problems) {
    let frame = &scenario.frame;
    for (q, group) in frame.groups.iter().enumerate() {
        for (p, stage) in frame.stages.iter().enumerate() {
            let here = || {
                let of = move |s: &&School| frame.zones[s.zone].group == q && s.stage == p && s.places > 0;
                scenario.schools.iter().filter(of)
            };
            let without: Vec<String> = here().filter(|s| s.classes.is_none()).map(|s| s.id.clone()).collect();
            if !without.is_empty() && without.len() < here().count() {
                let fault = SupplyFault::ClassesUnknown(group.id.clone(), stage.id.clone(), without);
                problems.push(file, Place::File, Fault::Supply(fault));
            }
        }
    }
}

fn yields(scenario: &Scenario, file: &str, problems: &mut Problems) {
    let frame = &scenario.frame;
    let mut given: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for y in &scenario.yields {
        given.entry(&y.housing_type).or_default().insert(y.grade);
    }
    for (kind, grades) in given {
        let missing: Vec<String> = (0..frame.grade_count())
            .filter(|g| !grades.contains(g))
            .map(|g| frame.grade_id(g).to_owned())
            .collect();
        if !missing.is_empty() {
            problems.push(file, Place::File, Fault::YieldMissing(kind.to_owned(), missing));
        }
    }
}
