//! Schools and projects.

use seatcast_core::{
    bounds::{Bound, CLASSES, PLACES},
    supply::{Kind, PhaseIn, Project, School, Status, Triangle, circular_requirement},
    time::YearMonth,
};

use super::{Context, Rows, zones::row_name};
use crate::{
    json::shorten,
    number,
    problem::{Expected, Fault, Problems, Thing, nearest},
    table::{Row, Table},
};

/// Schools: places, or classes times class size.
pub(super) fn schools(context: &Context<'_>, table: &Table, problems: &mut Problems) -> Vec<School> {
    let frame = context.frame;
    let mut rows = Rows { file: &table.file, problems };
    let mut schools = Vec::new();
    for row in &table.rows {
        let (zone, stage) = (rows.zone(row, frame), rows.stage(row, frame));
        let (Some(id), Some(zone), Some(stage)) = (row.text("school"), zone, stage) else { continue };
        let standard = frame.stages[stage].class_size;
        let size = row.number("class_size").map_or(standard, |s| s as u32);
        let classes =
            row.text("classes_per_grade").map(|text| classes(text, frame.stages[stage].grades.len()));
        let places = match (row.number("places"), classes) {
            (Some(places), None | Some(Ok(_))) => Some(places as u32),
            (None, Some(Ok(classes))) => {
                let places = f64::from(classes) * f64::from(size);
                if PLACES.contains(places) {
                    Some(places as u32)
                } else {
                    let grades = frame.stages[stage].grades.len() as f64;
                    let max = (PLACES.max / f64::from(size) / grades).floor();
                    let text = row.text("classes_per_grade").unwrap_or_default();
                    let fault = Fault::OutOfRange(shorten(text), Bound { max, ..CLASSES });
                    rows.fault(row, "classes_per_grade", fault);
                    None
                }
            }
            (_, Some(Err(fault))) => {
                rows.fault(row, "classes_per_grade", fault);
                None
            }
            (None, None) => {
                if !row.is_faulty("classes_per_grade") {
                    rows.fault(row, "places", Fault::PlacesOrClasses);
                }
                None
            }
        };
        if let Some(places) = places {
            schools.push(School { id: id.to_owned(), zone, stage, places });
        }
    }
    schools
}

/// All classes of a school: `4`, or one number a grade, `4;4;5`.
fn classes(text: &str, grades: usize) -> Result<u32, Fault> {
    let parts: Vec<&str> = text.split([';', '；']).map(str::trim).collect();
    if parts.len() != 1 && parts.len() != grades {
        return Err(Fault::ClassesPerGrade(parts.len(), grades));
    }
    let mut sum = 0;
    for part in &parts {
        let plain = number::plain_number(part).unwrap_or_default();
        let digits = plain.strip_prefix('-').unwrap_or(&plain);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            let shown = if part.is_empty() { text } else { part };
            return Err(Fault::WrongType(shorten(shown), Expected::Whole));
        }
        match plain.parse::<u32>() {
            Ok(number) if CLASSES.contains(f64::from(number)) => sum += number,
            _ => return Err(Fault::OutOfRange(shorten(part), CLASSES)),
        }
    }
    Ok(if parts.len() == 1 { sum * grades as u32 } else { sum })
}

/// Projects, with the order of their dates and what their status asks for.
pub(super) fn projects(context: &Context<'_>, table: &Table, problems: &mut Problems) -> Vec<Project> {
    let mut rows = Rows { file: &table.file, problems };
    let built: Vec<(&Row, Project)> =
        table.rows.iter().filter_map(|row| Some((row, project(context, row, &mut rows)?))).collect();
    let ids: Vec<String> = built.iter().map(|(_, p)| p.id.clone()).collect();
    // a project whose row is faulty is there all the same: naming it is no second fault
    let all: Vec<&str> = table.rows.iter().filter_map(|row| row.text("id")).collect();
    let (table_rows, mut projects): (Vec<&Row>, Vec<Project>) = built.into_iter().unzip();
    for (row, project) in table_rows.iter().zip(&mut projects) {
        project.excludes = others(row, "excludes", &ids, &all, &mut rows);
        project.requires = others(row, "requires", &ids, &all, &mut rows);
    }
    if let Some(j) = circular_requirement(&projects) {
        rows.fault(table_rows[j], "requires", Fault::Circle(ids[j].clone()));
    }
    projects
}

/// The projects that a cell names, separated by `;`.
fn others(row: &Row, column: &'static str, ids: &[String], all: &[&str], rows: &mut Rows<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    let names =
        row.text(column).unwrap_or_default().split([';', '；']).map(str::trim).filter(|n| !n.is_empty());
    for name in names {
        if row.text("id") == Some(name) {
            rows.fault(row, column, Fault::Circle(name.to_owned()));
        } else if let Some(j) = ids.iter().position(|id| id == name) {
            found.push(j);
        } else if !all.contains(&name) {
            let near = nearest(name, all.iter().copied());
            rows.fault(row, column, Fault::UnknownReference(Thing::Project, name.to_owned(), near));
        }
    }
    found
}

fn project(context: &Context<'_>, row: &Row, rows: &mut Rows<'_>) -> Option<Project> {
    let frame = context.frame;
    let (zone, stage) = (rows.zone(row, frame), rows.stage(row, frame));
    let kind = Kind::ALL.into_iter().find(|k| row.text("kind") == Some(k.code()));
    let status = Status::ALL.into_iter().find(|s| row.text("status") == Some(s.code()));
    let site_lead = lead(row, rows, ["site_min", "site_mode", "site_max"]);
    let build_lead = lead(row, rows, ["build_min", "build_mode", "build_max"]);
    dates(row, rows);
    let id = row.text("id")?;
    let status = status?;
    needs(context, row, status, kind?, rows);
    Some(Project {
        id: id.to_owned(),
        name: row_name(row, id),
        zone: zone?,
        stage: stage?,
        kind: kind?,
        places: row.number("places")? as u32,
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
        phase_in: row
            .text("phase_in")
            .map(|code| if code == "all" { PhaseIn::All } else { PhaseIn::GradeByGrade }),
        site: row.text("site").map(str::to_owned),
        excludes: Vec::new(),
        requires: Vec::new(),
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
