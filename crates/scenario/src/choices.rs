//! Schedules and budgets: small tables given on the command line, beside a scenario.

use std::{collections::BTreeMap, path::Path};

use seatcast_core::{
    Scenario,
    supply::{Budget, Menu, Pick, Schedule},
    time::YearMonth,
};

use crate::{
    Encoding, Invalid,
    folder::{self, InputFile},
    problem::{Fault, Place, Problem, Problems, Severity, Thing, nearest},
    raw::RawTable,
    spec::{BUDGET, SCHEDULE, SCHEDULES, TableSpec},
    table::{Decision, Row, Table},
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

/// Reads one schedule (`project, decide`): what is undecided of a project that is not listed stays as the programme has
/// it (candidates never, projects at their site gate in this round).
///
/// # Errors
/// [`Invalid`] with every problem of the file.
pub fn read_schedule(
    path: &Path,
    scenario: &Scenario,
    encoding: Option<Encoding>,
) -> Result<Given<Schedule>, Invalid> {
    read(path, &SCHEDULE, encoding, |table, problems| {
        let mut schedule = Schedule::of_programme(&scenario.projects, scenario.round());
        for row in &table.rows {
            let project = project(table, row, scenario, problems);
            let decide = match row.decision("decide") {
                Some(Decision::In(month)) if month < scenario.round() => {
                    let fault = Fault::BeforeRound(month.to_string(), scenario.round().to_string());
                    push(table, row, "decide", fault, problems);
                    continue;
                }
                Some(Decision::In(month)) => Some(month),
                Some(Decision::Never) => None,
                None => continue,
            };
            if let Some(j) = project {
                schedule.set(j, decide);
            }
        }
        schedule
    })
}

/// A list of schedules with their keys.
pub type Listed = Vec<(String, Vec<Pick>)>;

/// Reads schedules to be swept (`schedule, project, decide`), in the order of their first rows. A choice that is not
/// listed is never taken. Rules and budget are checked.
///
/// # Errors
/// [`Invalid`] with every problem of the file.
pub fn read_schedules(
    path: &Path,
    scenario: &Scenario,
    menu: &Menu,
    budget: &Budget,
    encoding: Option<Encoding>,
) -> Result<Given<Listed>, Invalid> {
    read(path, &SCHEDULES, encoding, |table, problems| {
        let mut listed: Listed = Vec::new();
        let mut first_row: BTreeMap<String, usize> = BTreeMap::new();
        for row in &table.rows {
            let Some(key) = row.text("schedule") else { continue };
            let at = listed.iter().position(|(k, _)| k == key).unwrap_or_else(|| {
                listed.push((key.to_owned(), vec![None; menu.choices.len()]));
                first_row.insert(key.to_owned(), row.number);
                listed.len() - 1
            });
            let Some(j) = project(table, row, scenario, problems) else { continue };
            let Some(c) = menu.choices.iter().position(|choice| choice.project == j) else { continue };
            let Some(Decision::In(month)) = row.decision("decide") else { continue };
            match menu.choices[c].rounds.iter().position(|round| *round == month) {
                Some(r) => listed[at].1[c] = Some(r),
                None => push(table, row, "decide", not_a_round(month, &menu.choices[c].rounds), problems),
            }
        }
        for (key, picks) in &listed {
            let id = |c: usize| menu.choices[c].id.clone();
            for broken in menu.broken(picks, budget) {
                let fault = match broken {
                    seatcast_core::supply::Broken::Rivals(a, b) => Fault::Rivals(key.clone(), id(a), id(b)),
                    seatcast_core::supply::Broken::Prerequisite(a, b) => {
                        Fault::Prerequisite(key.clone(), id(a), id(b))
                    }
                    seatcast_core::supply::Broken::Budget(year) => Fault::OverBudget(key.clone(), year),
                };
                problems.push(&table.file, Place::Row(first_row[key], None), fault);
            }
        }
        listed
    })
}

/// Reads a budget (`year, amount`; a blank year is the total).
///
/// # Errors
/// [`Invalid`] with every problem of the file.
pub fn read_budget(path: &Path, encoding: Option<Encoding>) -> Result<Given<Budget>, Invalid> {
    read(path, &BUDGET, encoding, |table, _| {
        let mut budget = Budget::default();
        for row in &table.rows {
            let Some(amount) = row.number("amount").map(|a| a.floor() as u64) else { continue };
            match row.number("year").map(|y| y as i32) {
                Some(year) => {
                    budget.by_year.insert(year, amount);
                }
                None => budget.total = Some(amount),
            }
        }
        budget
    })
}

fn read<T>(
    path: &Path,
    spec: &'static TableSpec,
    encoding: Option<Encoding>,
    of: impl FnOnce(&Table, &mut Problems) -> T,
) -> Result<Given<T>, Invalid> {
    let mut problems = Problems::default();
    let name = path.display().to_string();
    let file = folder::text(path, &name, encoding, &mut problems);
    let read = file.and_then(|file| {
        let raw = RawTable::parse(&name, &file.text, spec, &mut problems)?;
        let table = Table::read(&raw, &mut problems);
        Some((of(&table, &mut problems), file.input))
    });
    let failed = problems.any_error();
    let problems = problems.into_sorted();
    match read {
        Some((value, input)) if !failed => Ok(Given { value, problems, input }),
        _ => Err(Invalid {
            problems: problems.into_iter().filter(|p| p.severity() == Severity::Error).collect(),
        }),
    }
}

/// The undecided project that a row names.
fn project(table: &Table, row: &Row, scenario: &Scenario, problems: &mut Problems) -> Option<usize> {
    let id = row.text("project")?;
    match scenario.projects.iter().position(|p| p.id == id) {
        Some(j) if scenario.projects[j].status.is_undecided() => Some(j),
        Some(j) => {
            let status = scenario.projects[j].status.code();
            push(table, row, "project", Fault::NothingToDecide(id.to_owned(), status), problems);
            None
        }
        None => {
            let near = nearest(id, scenario.projects.iter().map(|p| p.id.as_str()));
            push(
                table,
                row,
                "project",
                Fault::UnknownReference(Thing::Project, id.to_owned(), near),
                problems,
            );
            None
        }
    }
}

fn not_a_round(month: YearMonth, rounds: &[YearMonth]) -> Fault {
    Fault::NotARound(month.to_string(), rounds.iter().map(YearMonth::to_string).collect())
}

fn push(table: &Table, row: &Row, column: &str, fault: Fault, problems: &mut Problems) {
    let (file, place) = row.place(&table.file, column);
    problems.push(&file, place, fault);
}
