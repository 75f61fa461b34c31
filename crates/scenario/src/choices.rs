//! Schedules and budgets: small tables given on the command line, beside a scenario.

use std::{collections::BTreeMap, path::Path};

use seatcast_core::{
    Scenario,
    index::ProjectId,
    supply::{Broken, Budget, Menu, Pick, Schedule},
    time::YearMonth,
};

use crate::{
    Invalid, Reading,
    folder::{self, InputFile},
    problem::{Fault, Place, Problem, Problems, Severity, Thing, Unlisted},
    raw::RawTable,
    table::{Row, Table},
    tables::{Decision, TableSpec, budget, schedule, schedules},
};

/// A value read from a file given on the command line.
#[derive(Debug, Clone, PartialEq)]
pub struct Given<T> {
    /// What it says.
    pub value: T,
    /// Warnings and notes of the reader.
    pub problems: Vec<Problem>,
    /// The file, with its hash.
    pub input: InputFile,
}

/// Reads one schedule (`project, decide`). What is undecided and not listed stays as the programme has it: candidates
/// are never decided, projects with a site in this round. The rules between projects are checked.
///
/// # Errors
/// [`Invalid`] with every problem of the file.
pub fn read_schedule(
    path: &Path,
    scenario: &Scenario,
    reading: &Reading,
) -> Result<Given<Schedule>, Invalid> {
    let menu = Menu::new(scenario);
    read(path, &schedule::TABLE, reading, |table, problems| {
        let mut picks = menu.programmed(scenario);
        for row in &table.rows {
            decide(&mut picks, table, row, scenario, &menu, problems);
        }
        for broken in menu.broken(&picks, &Budget::default()) {
            problems.push(&table.file, Place::File, rule(broken, None, &menu));
        }
        menu.schedule(scenario, &picks)
    })
}

/// A list of schedules with their keys.
pub type Listed = Vec<(String, Vec<Pick>)>;

/// Reads schedules to be swept (`schedule, project, decide`), in the order of their first rows; each as
/// [`read_schedule`] reads one, within `budget`.
///
/// # Errors
/// [`Invalid`] with every problem of the file.
pub fn read_schedules(
    path: &Path,
    scenario: &Scenario,
    budget: &Budget,
    reading: &Reading,
) -> Result<Given<Listed>, Invalid> {
    let menu = Menu::new(scenario);
    read(path, &schedules::TABLE, reading, |table, problems| {
        let mut listed: Listed = Vec::new();
        let mut first_row: Vec<usize> = Vec::new();
        let mut at: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &table.rows {
            let Some(key) = row.get(schedules::SCHEDULE) else { continue };
            let at = *at.entry(key).or_insert_with(|| {
                listed.push((key.to_owned(), menu.programmed(scenario)));
                first_row.push(row.number);
                listed.len() - 1
            });
            decide(&mut listed[at].1, table, row, scenario, &menu, problems);
        }
        for ((key, picks), &row) in listed.iter().zip(&first_row) {
            for broken in menu.broken(picks, budget) {
                problems.push(&table.file, Place::Row(row, None), rule(broken, Some(key), &menu));
            }
        }
        listed
    })
}

/// What a row decides.
fn decide(
    picks: &mut [Pick],
    table: &Table,
    row: &Row,
    scenario: &Scenario,
    menu: &Menu,
    problems: &mut Problems,
) {
    let Some(j) = project(table, row, scenario, problems) else { return };
    let Some(c) = menu.choices.iter().position(|choice| choice.project == j) else { return };
    let rounds = &menu.choices[c].rounds;
    let Some(Decision::In(month)) = row.get(schedule::DECIDE) else {
        picks[c] = None;
        return;
    };
    picks[c] = rounds.iter().position(|round| *round == month);
    if picks[c].is_none() {
        let rounds = rounds.iter().map(YearMonth::to_string).collect();
        let fault = Fault::NotARound(month.to_string(), rounds);
        row.fault(&table.file, &schedule::DECIDE, fault, problems);
    }
}

fn rule(broken: Broken, schedule: Option<&String>, menu: &Menu) -> Fault {
    let id = |c: usize| menu.choices[c].id.clone();
    match broken {
        Broken::Rivals(a, b) => Fault::Rivals(schedule.cloned(), id(a), id(b)),
        Broken::Prerequisite(a, b) => Fault::Prerequisite(schedule.cloned(), id(a), id(b)),
        Broken::Budget(year) => Fault::OverBudget(schedule.cloned(), year),
    }
}

/// Reads a budget (`year, amount`; a blank year is the total).
///
/// # Errors
/// [`Invalid`] with every problem of the file.
pub fn read_budget(path: &Path, reading: &Reading) -> Result<Given<Budget>, Invalid> {
    read(path, &budget::TABLE, reading, |table, _| {
        let mut budget = Budget::default();
        for row in &table.rows {
            let Some(amount) = row.get(budget::AMOUNT).map(|a| a.floor() as u64) else { continue };
            match row.get(budget::YEAR) {
                Some(year) => {
                    budget.by_year.insert(year, amount);
                }
                None => budget.total = Some(amount),
            }
        }
        budget
    })
}

pub(crate) fn read<T>(
    path: &Path,
    spec: &'static TableSpec,
    reading: &Reading,
    of: impl FnOnce(&Table, &mut Problems) -> T,
) -> Result<Given<T>, Invalid> {
    let mut problems = Problems::new(reading.limits);
    let name = path.display().to_string();
    let file = folder::text(path, &name, reading.encoding, &mut problems);
    let read = file.and_then(|file| {
        let raw = RawTable::parse(&name, &file.text, spec, &mut problems)?;
        let table = Table::read(raw, &mut problems);
        Some((of(&table, &mut problems), file.input))
    });
    let failed = problems.any_error();
    let problems = problems.into_sorted();
    match read {
        Some((value, input)) if !failed => Ok(Given { value, problems, input }),
        _ => Err(Invalid { problems: problems.into_iter().filter_map(errors).collect() }),
    }
}

/// A problem if it is an error, or counts some.
fn errors(problem: Problem) -> Option<Problem> {
    match problem.unlisted() {
        None => (problem.severity() == Severity::Error).then_some(problem),
        Some(Unlisted { errors, .. }) => {
            let unlisted = Unlisted { errors, ..Unlisted::default() };
            (errors > 0).then_some(Problem { fault: Fault::NotListed(unlisted), ..problem })
        }
    }
}

/// The undecided project that a row names.
fn project(table: &Table, row: &Row, scenario: &Scenario, problems: &mut Problems) -> Option<ProjectId> {
    let id = row.get(schedule::PROJECT)?;
    match scenario.projects.find(|p| p.id == id) {
        Some(j) if scenario.projects[j].is_undecided() => Some(j),
        Some(j) => {
            let status = scenario.projects[j].status.code();
            let fault = Fault::NothingToDecide(id.to_owned(), status);
            row.fault(&table.file, &schedule::PROJECT, fault, problems);
            None
        }
        None => {
            let ids = scenario.projects.iter().map(|p| p.id.as_str());
            let near = problems.nearest_of(Thing::Project, id, ids);
            let fault = Fault::UnknownReference(Thing::Project, id.to_owned(), near);
            row.fault(&table.file, &schedule::PROJECT, fault, problems);
            None
        }
    }
}
