//! What several commands are given: variants of the scenario, programmes, budgets.

use std::{collections::BTreeMap, path::Path};

use seatcast::{
    Loaded, Scenario,
    scenario::{Given, Invalid, Problem, problem::Place},
    supply::{Programme, Schedule},
};

use crate::args::{self, named_programme};

/// Name of the scenario itself among its variants.
pub(crate) const BASE: &str = "base";

/// How a folder is read.
pub(crate) fn reading(variant: Option<&str>, given: args::Reading) -> seatcast::Reading {
    seatcast::Reading {
        variant: variant.filter(|name| *name != BASE).map(str::to_owned),
        encoding: given.encoding,
        as_of: given.as_of,
        limits: given.limits.0,
    }
}

/// Loads the scenario at `path` in each of the variants named, or as it is; the problems of all of them at once.
pub(crate) fn load_variants(
    path: &Path,
    names: &[String],
    given: args::Reading,
) -> Result<Vec<(String, Loaded)>, Vec<Invalid>> {
    let base = [BASE.to_owned()];
    let mut unique: Vec<&String> = Vec::new();
    for name in if names.is_empty() { &base[..] } else { names } {
        if !unique.contains(&name) {
            unique.push(name);
        }
    }
    let (mut loaded, mut invalid): (Vec<(String, Loaded)>, Vec<Invalid>) = (Vec::new(), Vec::new());
    for name in unique {
        match seatcast::load_as(path, &reading(Some(name), given)) {
            Ok(scenario) => loaded.push((name.clone(), scenario)),
            Err(problems) => invalid.push(problems),
        }
    }
    if invalid.is_empty() {
        Ok(loaded)
    } else {
        Err(vec![Invalid { problems: once(invalid.iter().flat_map(|i| &i.problems)) }])
    }
}

/// The same fault of the same file may be met in every variant: once is enough.
fn once<'p>(problems: impl Iterator<Item = &'p Problem>) -> Vec<Problem> {
    // those of one place are few: no problem is compared with all others
    let mut seen: BTreeMap<(&str, &Place, &str), Vec<&Problem>> = BTreeMap::new();
    let mut first = Vec::new();
    for problem in problems {
        let there = seen.entry((&problem.file, &problem.place, problem.code())).or_default();
        if !there.contains(&problem) {
            there.push(problem);
            first.push(problem.clone());
        }
    }
    first
}

/// What the readers of all variants have to say.
pub(crate) fn said(loaded: &[(String, Loaded)]) -> Vec<Problem> {
    once(loaded.iter().flat_map(|(_, variant)| &variant.problems))
}

/// A programme with its name; its schedule, if it was read from a file.
pub(crate) struct Chosen {
    pub(crate) name: String,
    pub(crate) programme: Programme,
    pub(crate) given: Option<Given<Schedule>>,
}

/// The programmes named, each a word or a file of a schedule, for one scenario.
pub(crate) fn programmes(
    names: &[String],
    scenario: &Scenario,
    given: args::Reading,
) -> Result<Vec<Chosen>, Vec<Invalid>> {
    let (mut chosen, mut invalid): (Vec<Chosen>, Vec<Invalid>) = (Vec::new(), Vec::new());
    for text in names {
        if let Some(programme) = named_programme(text) {
            chosen.push(Chosen { name: text.clone(), programme, given: None });
            continue;
        }
        let path = Path::new(text);
        match seatcast::scenario::read_schedule(path, scenario, &reading(None, given)) {
            Ok(read) => {
                let stem =
                    path.file_stem().map_or_else(|| text.clone(), |s| s.to_string_lossy().into_owned());
                chosen.push(Chosen {
                    name: unused(&stem, &chosen),
                    programme: Programme::Schedule(read.value.clone()),
                    given: Some(read),
                });
            }
            Err(problems) => invalid.push(problems),
        }
    }
    if invalid.is_empty() { Ok(chosen) } else { Err(invalid) }
}

/// A name that no other programme has.
fn unused(stem: &str, chosen: &[Chosen]) -> String {
    let taken = |name: &str| chosen.iter().any(|c| c.name == name) || named_programme(name).is_some();
    let mut name = stem.to_owned();
    let mut number = 2;
    while taken(&name) {
        name = format!("{stem}-{number}");
        number += 1;
    }
    name
}
