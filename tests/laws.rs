//! Every law of results is checked somewhere, and broken by a test; and whoever breaks one gets an error, never a panic.

use std::{collections::BTreeMap, fs, path::Path};

use seatcast::{
    Law, Progress, RunError,
    closed_loop::{self, CyclePlan},
    cycle::{Action, Policy, Prices, Proposer, Rule, View},
    index::ProjectId,
    scenario,
};

use crate::common::root;

/// Rust sources below a folder.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_law_is_checked_and_broken_by_a_test() {
    let mut files = Vec::new();
    sources(&root().join("crates"), &mut files);
    let mut checked: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for file in &files {
        let (code, tests) = file.split_once("#[cfg(test)]").unwrap_or((file, ""));
        for law in Law::ALL {
            let name = format!("Law::{law:?}");
            let counts = checked.entry(name.clone()).or_default();
            let here = |text: &str| {
                let is_whole = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric());
                text.split(&name).skip(1).filter(|rest| is_whole(rest)).count()
            };
            counts.0 += here(code);
            counts.1 += here(tests);
        }
    }
    for (law, (code, tests)) in &checked {
        assert!(*code > 0 && *tests > 0, "{law}: {code} checks, {tests} tests");
    }
    println!("{} laws", checked.len());
    assert!(checked.len() >= 60);
}

/// Proposes what the rule proposes, but of a project that nobody has.
struct Stranger;

impl Proposer for Stranger {
    fn propose(&self, view: &View<'_>, policy: &Policy) -> Vec<Action> {
        let mut actions = Rule.propose(view, policy);
        for action in &mut actions {
            action.project = action.project.map(|_| ProjectId::new(9999));
        }
        actions
    }
}

#[test]
fn a_decision_about_a_project_that_is_not_there_is_an_error() {
    let scenario = scenario::load(root().join("scenarios/teaching")).unwrap().scenario;
    let plan = CyclePlan {
        futures: 2,
        years: 4,
        draws: 20,
        seed: 1,
        threads: 1,
        policies: vec![Policy::of(&scenario)],
        detailed: 1,
        prices: Prices::default(),
        own_projects: scenario.projects.ids().end(),
    };
    let played = closed_loop::cycle(&scenario, &plan, &Stranger, &Progress::default());
    let Err(RunError::Broken(broken)) = played else { panic!("{played:?}") };
    assert_eq!(broken.law, Law::ActionProject);
}
