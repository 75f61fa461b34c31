//! Projects: their dates, leads and status; what only some kinds have is in `kinds`.

use seatcast_core::{
    index::ProjectId,
    supply::{Kind, Project, ProjectTable, Status, Triangle, circular_requirement},
    time::YearMonth,
};

use super::{Context, Rows, kinds, zones::row_name};
use crate::{
    ids::Ids,
    limits::Limit,
    problem::{Fault, Place, Problems, SupplyFault, Thing},
    table::{Row, Table},
    tables::{Column, List, projects},
};

/// Projects, with the order of their dates, what their status asks for and what their kind needs.
pub(super) fn projects(
    context: &Context<'_>,
    table: &Table,
    known: &kinds::Known<'_>,
    problems: &mut Problems,
) -> ProjectTable {
    if !problems.within(Limit::Projects, table.rows.len() as u64, &table.file, Place::File) {
        return ProjectTable::default();
    }
    let mut rows = Rows { file: &table.file, problems };
    let mut read: Vec<(usize, Project)> = Vec::new();
    for (i, row) in table.rows.iter().enumerate() {
        if let Some(project) = project(context, row, &mut rows) {
            read.push((i, project));
        }
    }
    let plain: ProjectTable = read.iter().map(|(_, p)| p.clone()).collect();
    let beside = kinds::Others {
        read: &plain,
        ids: Ids::of(plain.iter().map(|p| p.id.as_str())),
        all: Ids::of(table.rows.iter().filter_map(|row| row.get(projects::ID))),
    };
    let mut projects = ProjectTable::default();
    let mut of_rows = Vec::with_capacity(read.len());
    for (i, project) in read {
        let row = &table.rows[i];
        past_opening(context, row, &project, &mut rows);
        projects.push(kinds::special(context, row, project, known, &beside, &mut rows));
        of_rows.push(row);
    }
    for (row, project) in of_rows.iter().zip(&mut projects) {
        project.excludes = others(row, projects::EXCLUDES, &beside, &mut rows);
        project.requires = others(row, projects::REQUIRES, &beside, &mut rows);
    }
    if let Some(j) = circular_requirement(&projects) {
        rows.fault(of_rows[j.index()], &projects::REQUIRES, Fault::Circle(plain[j].id.clone()));
    }
    projects
}

/// A published month that is past, of a project that is not said to be open.
fn past_opening(context: &Context<'_>, row: &Row, project: &Project, rows: &mut Rows<'_>) {
    // out of order with its own decisions it has been reported already
    let decided = project.site_decided.max(project.build_decided).max(project.earliest);
    let waiting = project.status.is_building() && project.opens >= decided;
    if let Some(opens) = project.opens.filter(|&opens| waiting && opens < context.round) {
        let (file, place) = row.place(rows.file, &projects::OPENS);
        let fault = SupplyFault::PastOpening(project.id.clone(), opens.to_string());
        rows.problems.push(&file, place, Fault::Supply(fault));
    }
}

/// The projects that a cell names, separated by `;`.
fn others(
    row: &Row,
    column: Column<List>,
    beside: &kinds::Others<'_>,
    rows: &mut Rows<'_>,
) -> Vec<ProjectId> {
    let mut found = Vec::new();
    let names =
        row.get(column).unwrap_or_default().split([';', '；']).map(str::trim).filter(|n| !n.is_empty());
    for name in names {
        if row.get(projects::ID) == Some(name) {
            rows.fault(row, &column, Fault::Circle(name.to_owned()));
        } else if let Some(j) = beside.ids.index(name) {
            found.push(j);
        } else if !beside.all.contains(name) {
            let near = rows.problems.nearest_of(Thing::Project, name, beside.all.iter());
            rows.fault(row, &column, Fault::UnknownReference(Thing::Project, name.to_owned(), near));
        }
    }
    found
}

fn project(context: &Context<'_>, row: &Row, rows: &mut Rows<'_>) -> Option<Project> {
    let (zone, stage) = (rows.zone(row, context), rows.stage(row, context));
    let kind = row.get(projects::KIND);
    let status = row.get(projects::STATUS);
    let site_lead = lead(row, rows, &[projects::SITE_MIN, projects::SITE_MODE, projects::SITE_MAX]);
    let build_lead = lead(row, rows, &[projects::BUILD_MIN, projects::BUILD_MODE, projects::BUILD_MAX]);
    dates(row, rows);
    let id = row.get(projects::ID)?;
    let status = status?;
    needs(context, row, status, kind?, rows);
    Some(Project {
        name: row_name(row, id),
        status,
        site_in_hand: row.get(projects::SITE_IN_HAND) == Some(true),
        site_decided: row.get(projects::SITE_DECIDED),
        build_decided: row.get(projects::BUILD_DECIDED),
        earliest: row.get(projects::EARLIEST),
        opens: row.get(projects::OPENS),
        site_lead,
        build_lead,
        life_years: row.get(projects::LIFE_YEARS),
        capex: row.get(projects::CAPEX),
        opex: row.get(projects::OPEX),
        classes: row.get(projects::CLASSES),
        phase_in: row.get(projects::PHASE_IN),
        site: row.get(projects::SITE).map(str::to_owned),
        ..Project::candidate(id, zone?, stage?, kind?, row.get(projects::PLACES)?)
    })
}

/// A lead stated by a row: all three numbers in order, or none.
fn lead(row: &Row, rows: &mut Rows<'_>, columns: &[Column<f64>; 3]) -> Option<Triangle> {
    let given = columns.map(|column| row.get(column));
    match given {
        [None, None, None] => None,
        [Some(min), Some(mode), Some(max)] => {
            let lead = Triangle::new(min, mode, max);
            if lead.is_none() {
                rows.fault(row, &columns[0], Fault::LeadOrder(format!("{min}, {mode}, {max}")));
            }
            lead
        }
        _ if columns.iter().any(|column| row.is_faulty(column)) => None,
        _ => {
            let shown = given.map(|n| n.map_or_else(|| "-".to_owned(), |n| n.to_string()));
            rows.fault(row, &columns[0], Fault::LeadOrder(shown.join(", ")));
            None
        }
    }
}

/// Each date must not come before the one it follows.
fn dates(row: &Row, rows: &mut Rows<'_>) {
    for (column, after) in [
        (projects::BUILD_DECIDED, projects::SITE_DECIDED),
        (projects::OPENS, projects::SITE_DECIDED),
        (projects::OPENS, projects::BUILD_DECIDED),
        (projects::OPENS, projects::EARLIEST),
    ] {
        if let (Some(date), Some(earlier)) = (row.get(column), row.get(after))
            && date < earlier
        {
            rows.fault(row, &column, Fault::DateOrder(date.to_string(), after.name, earlier.to_string()));
        }
    }
}

fn needs(context: &Context<'_>, row: &Row, status: Status, kind: Kind, rows: &mut Rows<'_>) {
    let code = status.code();
    let (opens, decided) = (row.get(projects::OPENS), row.get(projects::BUILD_DECIDED));
    match status {
        // a month that cannot be read may be the one that is needed
        _ if row.is_faulty(&projects::OPENS) || row.is_faulty(&projects::SITE_IN_HAND) => {}
        Status::Open if opens.is_none() => {
            rows.fault(row, &projects::OPENS, Fault::StatusNeeds(code, projects::OPENS.name));
        }
        Status::Open if opens.is_some_and(|month| month > context.round) => {
            rows.fault(
                row,
                &projects::OPENS,
                Fault::OpensLater(row.get(projects::ID).unwrap_or_default().to_owned()),
            );
        }
        // a swing building opens with the project that releases it, a handover with its estate
        Status::Committed | Status::Started
            if kind.follows_another()
                && [projects::RELEASED_BY, projects::ESTATE].iter().any(|c| row.get(*c).is_some()) => {}
        Status::Committed | Status::Started if opens.is_none() && decided.is_none() => {
            rows.fault(row, &projects::BUILD_DECIDED, Fault::StatusNeeds(code, projects::BUILD_DECIDED.name));
        }
        Status::Candidate | Status::Site if opens.is_some_and(|month| month <= context.round) => {
            let month = opens.map_or_else(String::new, |m| m.to_string());
            rows.fault(row, &projects::OPENS, Fault::OpensBeforeRound(month, context.round.to_string()));
        }
        Status::Site => {
            let site = row.get(projects::SITE_IN_HAND) == Some(true)
                || row.get(projects::SITE_DECIDED).is_some()
                || !kind.needs_site();
            if !site && opens.is_none() {
                rows.fault(
                    row,
                    &projects::SITE_DECIDED,
                    Fault::StatusNeeds(code, projects::SITE_DECIDED.name),
                );
            }
        }
        _ => {}
    }
    // a decision that is said to be taken cannot lie after the round it is seen from
    let building = matches!(status, Status::Committed | Status::Started);
    for (column, taken) in
        [(projects::BUILD_DECIDED, building), (projects::SITE_DECIDED, status != Status::Candidate)]
    {
        let later = |month: &YearMonth| taken && *month > context.round;
        if let Some(month) = row.get(column).filter(later) {
            rows.fault(row, &column, Fault::DecidedLater(code, month.to_string(), context.round.to_string()));
        }
    }
}
