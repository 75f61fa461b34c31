//! Projects: their dates, leads and status; what only some kinds have is in `kinds`.

use seatcast_core::{
    index::ProjectId,
    supply::{Kind, PhaseIn, Project, ProjectTable, Status, Triangle, circular_requirement},
    time::YearMonth,
};

use super::{Context, Rows, kinds, zones::row_name};
use crate::{
    ids::Ids,
    limits::Limit,
    problem::{Fault, Place, Problems, SupplyFault, Thing},
    table::{Row, Table},
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
        all: Ids::of(table.rows.iter().filter_map(|row| row.text("id"))),
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
        project.excludes = others(row, "excludes", &beside, &mut rows);
        project.requires = others(row, "requires", &beside, &mut rows);
    }
    if let Some(j) = circular_requirement(&projects) {
        rows.fault(of_rows[j.index()], "requires", Fault::Circle(plain[j].id.clone()));
    }
    projects
}

/// A published month that is past, of a project that is not said to be open.
fn past_opening(context: &Context<'_>, row: &Row, project: &Project, rows: &mut Rows<'_>) {
    // out of order with its own decisions it has been reported already
    let decided = project.site_decided.max(project.build_decided).max(project.earliest);
    let waiting = project.status.is_building() && project.opens >= decided;
    if let Some(opens) = project.opens.filter(|&opens| waiting && opens < context.round) {
        let (file, place) = row.place(rows.file, "opens");
        let fault = SupplyFault::PastOpening(project.id.clone(), opens.to_string());
        rows.problems.push(&file, place, Fault::Supply(fault));
    }
}

/// The projects that a cell names, separated by `;`.
fn others(
    row: &Row,
    column: &'static str,
    beside: &kinds::Others<'_>,
    rows: &mut Rows<'_>,
) -> Vec<ProjectId> {
    let mut found = Vec::new();
    let names =
        row.text(column).unwrap_or_default().split([';', '；']).map(str::trim).filter(|n| !n.is_empty());
    for name in names {
        if row.text("id") == Some(name) {
            rows.fault(row, column, Fault::Circle(name.to_owned()));
        } else if let Some(j) = beside.ids.index(name) {
            found.push(j);
        } else if !beside.all.contains(name) {
            let near = rows.problems.nearest_of(Thing::Project, name, beside.all.iter());
            rows.fault(row, column, Fault::UnknownReference(Thing::Project, name.to_owned(), near));
        }
    }
    found
}

fn project(context: &Context<'_>, row: &Row, rows: &mut Rows<'_>) -> Option<Project> {
    let (zone, stage) = (rows.zone(row, context), rows.stage(row, context));
    let kind = Kind::ALL.into_iter().find(|k| row.text("kind") == Some(k.code()));
    let status = Status::ALL.into_iter().find(|s| row.text("status") == Some(s.code()));
    let site_lead = lead(row, rows, ["site_min", "site_mode", "site_max"]);
    let build_lead = lead(row, rows, ["build_min", "build_mode", "build_max"]);
    dates(row, rows);
    let id = row.text("id")?;
    let status = status?;
    needs(context, row, status, kind?, rows);
    Some(Project {
        name: row_name(row, id),
        status,
        site_in_hand: row.flag("site_in_hand"),
        site_decided: row.month("site_decided"),
        build_decided: row.month("build_decided"),
        earliest: row.month("earliest"),
        opens: row.month("opens"),
        site_lead,
        build_lead,
        life_years: row.number("life_years").map(|n| n as u32),
        capex: row.number("capex"),
        opex: row.number("opex"),
        classes: row.number("classes").map(|n| n as u32),
        phase_in: row
            .text("phase_in")
            .map(|code| if code == "all" { PhaseIn::All } else { PhaseIn::GradeByGrade }),
        site: row.text("site").map(str::to_owned),
        ..Project::candidate(id, zone?, stage?, kind?, row.number("places")? as u32)
    })
}

/// A lead stated by a row: all three numbers in order, or none.
fn lead(row: &Row, rows: &mut Rows<'_>, columns: [&'static str; 3]) -> Option<Triangle> {
    let given = columns.map(|c| row.number(c));
    match given {
        [None, None, None] => None,
        [Some(min), Some(mode), Some(max)] => {
            let lead = Triangle::new(min, mode, max);
            if lead.is_none() {
                rows.fault(row, columns[0], Fault::LeadOrder(format!("{min}, {mode}, {max}")));
            }
            lead
        }
        _ if columns.iter().any(|column| row.is_faulty(column)) => None,
        _ => {
            let shown = given.map(|n| n.map_or_else(|| "-".to_owned(), |n| n.to_string()));
            rows.fault(row, columns[0], Fault::LeadOrder(shown.join(", ")));
            None
        }
    }
}

/// Each date must not come before the one it follows.
fn dates(row: &Row, rows: &mut Rows<'_>) {
    for (column, after) in [
        ("build_decided", "site_decided"),
        ("opens", "site_decided"),
        ("opens", "build_decided"),
        ("opens", "earliest"),
    ] {
        if let (Some(date), Some(earlier)) = (row.month(column), row.month(after))
            && date < earlier
        {
            rows.fault(row, column, Fault::DateOrder(date.to_string(), after, earlier.to_string()));
        }
    }
}

fn needs(context: &Context<'_>, row: &Row, status: Status, kind: Kind, rows: &mut Rows<'_>) {
    let code = status.code();
    let (opens, decided) = (row.month("opens"), row.month("build_decided"));
    match status {
        // a month that cannot be read may be the one that is needed
        _ if row.is_faulty("opens") || row.is_faulty("site_in_hand") => {}
        Status::Open if opens.is_none() => rows.fault(row, "opens", Fault::StatusNeeds(code, "opens")),
        Status::Open if opens.is_some_and(|month| month > context.round) => {
            rows.fault(row, "opens", Fault::OpensLater(row.text("id").unwrap_or_default().to_owned()));
        }
        // a swing building opens with the project that releases it, a handover with its estate
        Status::Committed | Status::Started
            if kind.follows_another() && ["released_by", "estate"].iter().any(|c| row.text(c).is_some()) => {}
        Status::Committed | Status::Started if opens.is_none() && decided.is_none() => {
            rows.fault(row, "build_decided", Fault::StatusNeeds(code, "build_decided"));
        }
        Status::Candidate | Status::Site if opens.is_some_and(|month| month <= context.round) => {
            let month = opens.map_or_else(String::new, |m| m.to_string());
            rows.fault(row, "opens", Fault::OpensBeforeRound(month, context.round.to_string()));
        }
        Status::Site => {
            let site = row.flag("site_in_hand") || row.month("site_decided").is_some() || !kind.needs_site();
            if !site && opens.is_none() {
                rows.fault(row, "site_decided", Fault::StatusNeeds(code, "site_decided"));
            }
        }
        _ => {}
    }
    // a decision that is said to be taken cannot lie after the round it is seen from
    let building = matches!(status, Status::Committed | Status::Started);
    for (column, taken) in [("build_decided", building), ("site_decided", status != Status::Candidate)] {
        let later = |month: &YearMonth| taken && *month > context.round;
        if let Some(month) = row.month(column).filter(later) {
            rows.fault(row, column, Fault::DecidedLater(code, month.to_string(), context.round.to_string()));
        }
    }
}
