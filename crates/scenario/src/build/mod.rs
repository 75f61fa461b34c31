//! From tables to a scenario: every row checked against every other, nothing skipped after the first fault.

mod demand;
mod fallback;
mod supply;
mod zones;

use std::path::Path;

use seatcast_core::{
    Scenario, ScenarioParts,
    geography::{Frame, Intake},
    time::YearMonth,
};

use crate::{
    document::{self, Document},
    folder::{Folder, InputFile, leaves},
    json::Report,
    problem::{Fault, Place, Problems, Thing, nearest},
    spec::{self, TableSpec},
    table::{Row, Table},
};

/// The tables as read; `None` where a table is not there or has no usable heading.
struct Tables {
    zones: Option<Table>,
    rolls: Option<Table>,
    children: Option<Table>,
    schools: Option<Table>,
    projects: Option<Table>,
    housing: Option<Table>,
    yields: Option<Table>,
    rates: Option<Table>,
}

/// What a table is checked against.
struct Context<'a> {
    document: &'a Document,
    frame: &'a Frame,
    round: YearMonth,
}

pub(crate) fn load(path: &Path, problems: &mut Problems) -> Option<(Scenario, Vec<InputFile>)> {
    let mut folder = Folder::open(path, problems)?;
    let document = folder
        .text(document::FILE, true, problems)
        .and_then(|text| document::read(&text, &mut Report { file: document::FILE, problems }));
    let tables = read_tables(&mut folder, document.as_ref(), problems);
    let inputs = folder.read;
    let document = document?;
    let frame = zones::frame(&document, tables.zones.as_ref()?, problems)?;
    let round = YearMonth { year: document.base_year, month: document.decision_month };
    let context = Context { document: &document, frame: &frame, round };
    let parts = parts(&context, &tables, problems);
    if problems.any_error() {
        return None;
    }
    match Scenario::new(parts?) {
        Ok(scenario) => {
            fallback::warn(&scenario, &context, &tables, problems);
            Some((scenario, inputs))
        }
        Err(errors) => {
            for error in errors {
                problems.push(document::FILE, Place::File, Fault::Rule(error.to_string()));
            }
            None
        }
    }
}

fn read_tables(folder: &mut Folder, document: Option<&Document>, problems: &mut Problems) -> Tables {
    let has_pools =
        document.is_none_or(|d| d.stages.iter().any(|s| matches!(s.intake, Intake::Pools { .. })));
    let mut table = |spec: &TableSpec, required: bool| {
        let named = document.and_then(|d| d.tables.get(spec.name));
        let file = named.cloned().unwrap_or_else(|| format!("{}.csv", spec.name));
        if leaves(&file) {
            let place = Place::Key(format!("tables.{}", spec.name));
            problems.push(document::FILE, place, Fault::PathLeaves(file));
            return None;
        }
        let text = folder.text(&file, required || named.is_some(), problems)?;
        Table::read(&file, &text, spec, problems)
    };
    let housing = table(&spec::HOUSING, false);
    Tables {
        zones: table(&spec::ZONES, true),
        rolls: table(&spec::ROLLS, true),
        children: table(&spec::CHILDREN, has_pools),
        schools: table(&spec::SCHOOLS, true),
        projects: table(&spec::PROJECTS, false),
        yields: table(&spec::YIELDS, housing.is_some()),
        rates: table(&spec::RATES_TABLE, true),
        housing,
    }
}

fn parts(context: &Context<'_>, tables: &Tables, problems: &mut Problems) -> Option<ScenarioParts> {
    let d = context.document;
    // every table is checked before the first that is missing ends the attempt
    let roll = tables.rolls.as_ref().map(|t| demand::roll(context, t, problems));
    let children = tables.children.as_ref().map(|t| demand::children(context, t, problems));
    let names = tables.children.as_ref().map(demand::PoolNames::new);
    if let Some(names) = &names {
        demand::source_errors(context, names, problems);
    }
    let rates = tables.rates.as_ref().map(|t| demand::rates(context, t, names.as_ref(), problems));
    let schools = tables.schools.as_ref().map(|t| supply::schools(context, t, problems));
    let projects = tables.projects.as_ref().map(|t| supply::projects(context, t, problems));
    let yields = tables.yields.as_ref().map(|t| demand::yields(context, t, problems));
    let types = tables.yields.as_ref().map(demand::housing_types);
    let estates = tables.housing.as_ref().map(|t| demand::estates(context, t, types.as_ref(), problems));
    Some(ScenarioParts {
        id: d.id.clone(),
        name: d.name.clone(),
        base_year: d.base_year,
        until: d.until,
        decision_month: d.decision_month,
        cutoff_month: d.cutoff_month,
        frame: context.frame.clone(),
        roll: roll?,
        children: children.unwrap_or_default(),
        rates: rates?,
        flows: Vec::new(),
        estates: estates.unwrap_or_default(),
        yields: yields.unwrap_or_default(),
        source_errors: d.source_errors.clone(),
        schools: schools?,
        projects: projects.unwrap_or_default(),
        kinds: d.kinds,
        reserve_per_mille: d.reserve_per_mille,
        horizon: d.horizon,
        levels: d.levels,
        uncertainty: d.uncertainty,
        warning: d.warning,
        display: d.display.clone(),
    })
}

/// A row being checked: where its faults go.
struct Rows<'a> {
    file: &'a str,
    problems: &'a mut Problems,
}

impl Rows<'_> {
    /// A fault of a cell; not said of a cell whose own fault is known, of which it would be the echo.
    fn fault(&mut self, row: &Row, column: &str, fault: Fault) {
        if row.is_faulty(column) {
            return;
        }
        self.problems.push(self.file, Place::Row(row.number, Some(column.to_owned())), fault);
    }

    /// The index of what a cell names; a fault if there is no such thing. Blank cells were reported by the table.
    fn find<'i>(
        &mut self,
        row: &Row,
        column: &'static str,
        thing: Thing,
        ids: impl Iterator<Item = &'i str> + Clone,
    ) -> Option<usize> {
        let id = row.text(column)?;
        let found = ids.clone().position(|i| i == id);
        if found.is_none() {
            self.fault(row, column, Fault::UnknownReference(thing, id.to_owned(), nearest(id, ids)));
        }
        found
    }

    fn zone(&mut self, row: &Row, frame: &Frame) -> Option<usize> {
        self.find(row, "zone", Thing::Zone, frame.zones.iter().map(|z| z.id.as_str()))
    }

    fn stage(&mut self, row: &Row, frame: &Frame) -> Option<usize> {
        self.find(row, "stage", Thing::Stage, frame.stages.iter().map(|s| s.id.as_str()))
    }

    fn grade(&mut self, row: &Row, frame: &Frame) -> Option<usize> {
        self.find(
            row,
            "grade",
            Thing::Grade,
            frame.stages.iter().flat_map(|s| s.grades.iter().map(String::as_str)),
        )
    }
}
