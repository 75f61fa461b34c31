//! Warnings: what is run with a stated fallback because the folder does not say.

use std::collections::{BTreeMap, BTreeSet};

use seatcast_core::{
    Scenario,
    demand::{DemandTerms, rates},
    geography::Intake,
    index::{self, GradeId, GroupId, StageId, YearOffset, ZoneId},
    supply::{OpeningLaw, Project, School, Status},
};

use super::{Context, Tables, by_zone::RatesByZone};
use crate::{
    problem::{Fault, Place, Problems, SupplyFault},
    tables,
};

pub(super) fn warn(scenario: &Scenario, context: &Context<'_>, tables: &Tables, problems: &mut Problems) {
    let rates = tables.get(&tables::rates::TABLE).map_or("rates.csv", |table| table.file.as_str());
    missing_rates(scenario, rates, problems);
    if let Some(table) = tables.get(&tables::rolls::TABLE) {
        empty_cohorts(scenario, &table.file, problems);
    }
    if let Some(table) = tables.get(&tables::children::TABLE) {
        assumed_births(scenario, &table.file, problems);
    }
    if let Some(table) = tables.get(&tables::projects::TABLE) {
        for project in scenario.projects.iter().filter(|p| p.status != Status::Cancelled) {
            let law = OpeningLaw::of(project, &scenario.kinds, scenario.round(), scenario.round());
            if law.is_overrun() {
                problems.push(&table.file, Place::File, Fault::Overrun(project.id.clone()));
            }
        }
    }
    if let Some(table) = tables.get(&tables::schools::TABLE) {
        places(scenario, &table.file, problems);
        classes(scenario, &table.file, problems);
    }
    if let Some(table) = tables.get(&tables::yields::TABLE) {
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
    let years: Vec<(YearOffset, i32)> = scenario.calendar().skip(1).collect();
    let cells = frame.cells();
    let by_zone = RatesByZone::new(scenario);
    // a ratio that is neither given nor learnt is taken as 1
    let mut grades: BTreeSet<GradeId> = BTreeSet::new();
    let mut feeding_stages: BTreeSet<(StageId, StageId)> = BTreeSet::new();
    let mut sources: BTreeSet<(StageId, &str)> = BTreeSet::new();
    let mut pools: index::Table<ZoneId, BTreeSet<(StageId, &str, &str)>> =
        index::Table::filled(frame.zones.len(), BTreeSet::new());
    for count in &scenario.children {
        for p in frame.stages.ids().filter(|&p| count.counted.feeds(frame, p)) {
            pools[count.zone].insert((p, &count.source, &count.class));
        }
    }
    for (z, pools) in pools.pairs() {
        let (_, all) = by_zone.of(z);
        let missing = |g: GradeId, rate: &dyn Fn(i32) -> Option<f64>| {
            let learnt =
                |t| scenario.learnt().is_some_and(|learnt| learnt.ratio(cells.at(z, g), t).is_some());
            years.iter().any(|&(t, year)| rate(year).is_none() && !learnt(t))
        };
        for g in frame.grades().filter(|&g| frame.stage_of(g).1 > 0) {
            if !grades.contains(&g) && missing(g, &|year| rates::progression(&all, z, g, year)) {
                grades.insert(g);
            }
        }
        for (to, stage) in frame.stages.pairs() {
            let g = frame.entry_grade(to);
            match &stage.intake {
                Intake::Stages(feeding) => {
                    for &from in feeding {
                        if !feeding_stages.contains(&(to, from))
                            && missing(g, &|year| rates::transition(&all, z, from, to, year))
                        {
                            feeding_stages.insert((to, from));
                        }
                    }
                }
                Intake::Pools { .. } => {
                    let learnt = |t: YearOffset| {
                        scenario.learnt().is_some_and(|l| l.entrants(cells.at(z, g), t).is_some())
                    };
                    for &(_, source, class) in pools.iter().filter(|(p, ..)| *p == to) {
                        if years.iter().any(|&(t, year)| {
                            rates::entry(&all, z, to, source, class, year).is_none() && !learnt(t)
                        }) {
                            sources.insert((to, source));
                        }
                    }
                }
            }
        }
    }
    for g in grades {
        problems.push(file, Place::File, Fault::ProgressionDefault(frame.grade_id(g).to_owned()));
    }
    let id = |p: StageId| frame.stages[p].id.clone();
    for (to, stage) in frame.stages.pairs() {
        if let Intake::Stages(feeding) = &stage.intake {
            for &from in feeding.iter().filter(|from| feeding_stages.contains(&(to, **from))) {
                problems.push(file, Place::File, Fault::TransitionDefault(id(from), id(to)));
            }
        }
        for (_, source) in sources.iter().filter(|(p, _)| *p == to) {
            problems.push(file, Place::File, Fault::EntryDefault((*source).to_owned()));
        }
    }
}

fn empty_cohorts(scenario: &Scenario, file: &str, problems: &mut Problems) {
    let frame = &scenario.frame;
    for (cell, _) in scenario.roll.pairs().filter(|(_, pupils)| **pupils == 0) {
        let (z, g) = frame.cells().split(cell);
        let fault = Fault::EmptyCohort(frame.zones[z].id.clone(), frame.grade_id(g).to_owned());
        problems.push(file, Place::File, fault);
    }
}

fn assumed_births(scenario: &Scenario, file: &str, problems: &mut Problems) {
    let frame = &scenario.frame;
    let pooled = frame.stages.iter().filter(|s| matches!(s.intake, Intake::Pools { .. })).count();
    let assumed = DemandTerms::new(scenario).assumed_from;
    // one warning for all zones of a stage whose children end in the same year
    let mut alike: BTreeMap<(StageId, YearOffset), Vec<String>> = BTreeMap::new();
    for (at, from) in assumed.pairs() {
        let Some(t) = from else { continue };
        let (z, p) = frame.zone_stages().split(at);
        alike.entry((p, *t)).or_default().push(frame.zones[z].id.clone());
    }
    for ((p, t), zones) in alike {
        let stage = (pooled > 1).then(|| frame.stages[p].id.clone());
        let fault = Fault::BirthsAssumed(zones, stage, scenario.year_of(t));
        problems.push(file, Place::File, fault);
    }
}

fn places(scenario: &Scenario, file: &str, problems: &mut Problems) {
    let frame = &scenario.frame;
    let schools = scenario.schools.iter().filter(|s| s.places > 0).map(|s| (s.zone, s.stage));
    let decided = |p: &&Project| p.status.is_building() || p.status == Status::Open;
    let coming = scenario.projects.iter().filter(decided).map(|p| (p.zone, p.stage));
    let served: BTreeSet<(ZoneId, StageId)> = schools.chain(coming).collect();
    for (z, zone) in frame.zones.pairs() {
        for (p, stage) in frame.stages.pairs() {
            if !served.contains(&(z, p)) {
                problems.push(file, Place::File, Fault::NoPlaces(zone.id.clone(), stage.id.clone()));
            }
        }
    }
}

/// Groups of which some schools state their classes and others do not.
fn classes(scenario: &Scenario, file: &str, problems: &mut Problems) {
    let frame = &scenario.frame;
    let mut here: BTreeMap<(GroupId, StageId), Vec<&School>> = BTreeMap::new();
    for school in scenario.schools.iter().filter(|s| s.places > 0) {
        here.entry((frame.zones[school.zone].group, school.stage)).or_default().push(school);
    }
    for ((q, p), schools) in here {
        let without: Vec<String> =
            schools.iter().filter(|s| s.classes.is_none()).map(|s| s.id.clone()).collect();
        if !without.is_empty() && without.len() < schools.len() {
            let (group, stage) = (frame.groups[q].id.clone(), frame.stages[p].id.clone());
            let fault = SupplyFault::ClassesUnknown(group, stage, without);
            problems.push(file, Place::File, Fault::Supply(fault));
        }
    }
}

fn yields(scenario: &Scenario, file: &str, problems: &mut Problems) {
    let frame = &scenario.frame;
    let mut given: BTreeMap<&str, BTreeSet<GradeId>> = BTreeMap::new();
    for y in &scenario.yields {
        given.entry(&y.housing_type).or_default().insert(y.grade);
    }
    for (kind, grades) in given {
        let missing: Vec<String> =
            frame.grades().filter(|g| !grades.contains(g)).map(|g| frame.grade_id(g).to_owned()).collect();
        if !missing.is_empty() {
            problems.push(file, Place::File, Fault::YieldMissing(kind.to_owned(), missing));
        }
    }
}
