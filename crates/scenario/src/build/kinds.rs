//! What only some kinds of project have: the school concerned, places out of use, what is given up, moved or kept.
//!
//! [`columns`] says which columns belong to which detail of a kind.

use std::collections::{BTreeMap, BTreeSet};

use seatcast_core::{
    demand::Estate,
    index::{ProjectId, SchoolId, StageId, ZoneId},
    supply::{Decant, Decants, Detail, Kind, Project, ProjectTable, SchoolTable, Source, Special, effect},
};

use super::{Context, Rows};
use crate::{
    ids::Ids,
    problem::{Fault, Place, SupplyFault, Thing},
    table::{Row, Table},
};

/// What projects may refer to, found by its keys.
pub(super) struct Known<'a> {
    schools: &'a SchoolTable,
    estates: &'a [Estate],
    school_ids: Ids<'a, SchoolId>,
    estate_ids: Ids<'a>,
    /// The first school of a key and stage, and of a key, stage and zone.
    of_stage: BTreeMap<(&'a str, StageId), SchoolId>,
    of_zone: BTreeMap<(&'a str, StageId, ZoneId), SchoolId>,
}

impl<'a> Known<'a> {
    pub(super) fn new(schools: &'a SchoolTable, estates: &'a [Estate]) -> Self {
        let mut known = Self {
            schools,
            estates,
            school_ids: Ids::of(schools.iter().map(|s| s.id.as_str())),
            estate_ids: Ids::of(estates.iter().map(|e| e.id.as_str())),
            of_stage: BTreeMap::new(),
            of_zone: BTreeMap::new(),
        };
        for (i, school) in schools.pairs() {
            known.of_stage.entry((&school.id, school.stage)).or_insert(i);
            known.of_zone.entry((&school.id, school.stage, school.zone)).or_insert(i);
        }
        known
    }
}

/// The projects beside the one that is read.
pub(super) struct Others<'a> {
    /// Those whose rows could be read.
    pub(super) read: &'a ProjectTable,
    /// Their keys.
    pub(super) ids: Ids<'a, ProjectId>,
    /// The keys of all rows: a project whose row is faulty is there all the same, naming it is no second fault.
    pub(super) all: Ids<'a>,
}

/// The columns of what only some kinds have.
const fn columns(detail: Detail) -> &'static [&'static str] {
    match detail {
        Detail::Nothing => &[],
        Detail::Release => &["released_by"],
        Detail::Conversion => &["from_stage", "from_places", "from_classes"],
        Detail::Source => &["source"],
        Detail::Reception => &["to_zone", "receives", "beds"],
        Detail::Deadline => &["close_by", "from_places"],
        Detail::Estate => &["estate"],
    }
}

/// Completes `project`, read from `row`, with what its kind needs.
pub(super) fn special(
    context: &Context<'_>,
    row: &Row,
    mut project: Project,
    known: &Known<'_>,
    others: &Others<'_>,
    rows: &mut Rows<'_>,
) -> Project {
    let own = columns(project.kind.detail());
    let special: BTreeSet<&str> =
        Kind::ALL.into_iter().flat_map(|kind| columns(kind.detail())).copied().collect();
    for column in special.into_iter().filter(|column| !own.contains(column) && row.is_given(column)) {
        rows.supply(row, column, SupplyFault::KindHasNot(project.kind.code(), column));
    }
    let stage_of_school = match row.text("from_stage") {
        Some(_) if project.kind.detail() == Detail::Conversion => from_stage(context, row, rows),
        _ => Some(project.stage),
    };
    project.school = stage_of_school.and_then(|stage| school(row, &project, stage, known, rows));
    project.decant = decant(row, &project, rows);
    project.special = match project.kind.detail() {
        Detail::Nothing => Special::None,
        Detail::Release => released(row, others, rows),
        Detail::Conversion => converts(row, &project, stage_of_school, known, rows),
        Detail::Source => moves(row, &project, known, others, rows),
        Detail::Reception => receives(context, row, &project, rows),
        Detail::Deadline => close_by(row, &project, known, rows),
        Detail::Estate => estate(row, known, rows),
    };
    let taken = match project.special {
        _ if !project.kind.adds() => Some(project.places),
        Special::Converts { places, .. } | Special::CloseBy { places, .. } => Some(places),
        _ => project.decant.map(|d| d.places),
    };
    if let (Some(taken), Some(s)) = (taken, project.school)
        && taken > known.schools[s].places
    {
        let column = if project.kind.adds() { "from_places" } else { "places" };
        let column = if row.is_given(column) { column } else { "decant_places" };
        rows.supply(row, column, SupplyFault::TakesTooMuch(taken, known.schools[s].places));
    }
    project
}

fn needs(row: &Row, kind: Kind, column: &'static str, rows: &mut Rows<'_>) {
    rows.supply(row, column, SupplyFault::KindNeeds(kind.code(), column));
}

fn from_stage(context: &Context<'_>, row: &Row, rows: &mut Rows<'_>) -> Option<StageId> {
    rows.find(row, "from_stage", Thing::Stage, &context.stages)
}

fn school(
    row: &Row,
    project: &Project,
    stage: StageId,
    known: &Known<'_>,
    rows: &mut Rows<'_>,
) -> Option<SchoolId> {
    let id = row.text("school")?;
    rows.find(row, "school", Thing::School, &known.school_ids)?;
    let found = known.of_zone.get(&(id, stage, project.zone)).copied();
    if found.is_none() {
        rows.supply(row, "school", SupplyFault::SchoolElsewhere(id.to_owned()));
    }
    found
}

fn decant(row: &Row, project: &Project, rows: &mut Rows<'_>) -> Option<Decant> {
    let (places, years) = (row.number("decant_places"), row.number("decant_years"));
    if places.is_none() && years.is_none() {
        return None;
    }
    let whole = match project.kind.decants() {
        Decants::Nothing => {
            let column = if places.is_some() { "decant_places" } else { "decant_years" };
            rows.supply(row, column, SupplyFault::KindHasNot(project.kind.code(), column));
            return None;
        }
        Decants::Places => false,
        // the old building is out of use as a whole: the years alone are a choice
        Decants::Building => true,
    };
    if places.is_some() && whole {
        rows.supply(row, "decant_places", SupplyFault::KindHasNot(project.kind.code(), "decant_places"));
    } else if places.is_none() && !whole {
        needs(row, project.kind, "decant_places", rows);
    }
    Some(Decant { places: places.unwrap_or(0.0) as u32, years: years.unwrap_or(1.0) as i32 })
}

/// The project that a cell names, among those whose rows could be read.
fn other(row: &Row, column: &'static str, others: &Others<'_>, rows: &mut Rows<'_>) -> Option<ProjectId> {
    rows.find(row, column, Thing::Project, &others.all)?;
    others.ids.index(row.text(column)?)
}

fn released(row: &Row, others: &Others<'_>, rows: &mut Rows<'_>) -> Special {
    let Some(by) = other(row, "released_by", others, rows) else { return Special::None };
    if others.read[by].kind.detail() == Detail::Release {
        rows.supply(row, "released_by", SupplyFault::ReleasedBySwing(others.read[by].id.clone()));
        return Special::None;
    }
    Special::Released { by }
}

fn converts(
    row: &Row,
    project: &Project,
    stage: Option<StageId>,
    known: &Known<'_>,
    rows: &mut Rows<'_>,
) -> Special {
    if row.text("from_stage").is_none() {
        needs(row, project.kind, "from_stage", rows);
        return Special::None;
    }
    let whole = project.school.map(|s| known.schools[s].places);
    let Some(places) = row.number("from_places").map(|n| n as u32).or(whole) else {
        needs(row, project.kind, "from_places", rows);
        return Special::None;
    };
    let classes = row.number("from_classes").map(|n| n as u32);
    stage.map_or(Special::None, |stage| Special::Converts { stage, places, classes })
}

fn moves(
    row: &Row,
    project: &Project,
    known: &Known<'_>,
    others: &Others<'_>,
    rows: &mut Rows<'_>,
) -> Special {
    let Some(id) = row.text("source") else {
        needs(row, project.kind, "source", rows);
        return Special::None;
    };
    let school = known.of_stage.get(&(id, project.stage)).copied();
    let source = school.map(Source::School).or_else(|| others.ids.index(id).map(Source::Project));
    let Some(source) = source else {
        if !known.school_ids.contains(id) && !others.all.contains(id) {
            let ids = known.school_ids.iter().chain(others.all.iter());
            let near = rows.problems.nearest_of(Thing::Building, id, ids);
            rows.fault(row, "source", Fault::UnknownReference(Thing::Building, id.to_owned(), near));
        }
        return Special::None;
    };
    let from = match source {
        Source::School(s) => known.schools[s].zone,
        Source::Project(j) => {
            // without a known opening nobody can say how much of its life is left
            if !others.read[j].kind.is_movable() || others.read[j].opens.is_none() {
                rows.supply(row, "source", SupplyFault::NotMovable(id.to_owned()));
                return Special::None;
            }
            others.read[j].zone
        }
    };
    if from == project.zone {
        rows.supply(row, "zone", SupplyFault::SameZone(row.text("zone").unwrap_or_default().to_owned()));
    }
    Special::Moves { source }
}

fn receives(context: &Context<'_>, row: &Row, project: &Project, rows: &mut Rows<'_>) -> Special {
    let zone = rows.find(row, "to_zone", Thing::Zone, &context.zones);
    for column in ["to_zone", "receives"] {
        if !row.is_given(column) {
            needs(row, project.kind, column, rows);
        }
    }
    let (Some(zone), Some(kept)) = (zone, row.number("receives").map(|n| n as u32)) else {
        return Special::None;
    };
    if zone == project.zone {
        rows.supply(row, "to_zone", SupplyFault::SameZone(context.frame.zones[zone].id.clone()));
    }
    // a boarder needs a bed: without one the place is too far to be used
    let beds = row.number("beds").map_or(kept, |n| n as u32);
    if beds < kept {
        rows.supply(row, "beds", SupplyFault::BedsFew(project.id.clone(), beds, kept));
    }
    Special::Receives { zone, places: kept.min(beds) }
}

fn close_by(row: &Row, project: &Project, known: &Known<'_>, rows: &mut Rows<'_>) -> Special {
    let whole = project.school.map(|s| known.schools[s].places);
    let places = row.number("from_places").map(|n| n as u32).or(whole);
    let month = row.month("close_by");
    if month.is_none() {
        needs(row, project.kind, "close_by", rows);
    }
    if places.is_none() {
        needs(row, project.kind, "from_places", rows);
    }
    month.zip(places).map_or(Special::None, |(month, places)| Special::CloseBy { month, places })
}

fn estate(row: &Row, known: &Known<'_>, rows: &mut Rows<'_>) -> Special {
    let found = rows.find(row, "estate", Thing::Estate, &known.estate_ids);
    found.map_or(Special::None, |e| Special::Estate { completed: known.estates[e.index()].completed })
}

/// What can only be seen once all parts stand together: a conversion that leaves a cohort without a room.
pub(super) fn conversions(
    parts: &seatcast_core::ScenarioParts,
    table: &Table,
    problems: &mut crate::problem::Problems,
) {
    let rows = rows_of(table);
    for project in &parts.projects {
        if let Some((years, rooms)) = effect::cohort_without_room(parts, project) {
            let row = rows.get(project.id.as_str()).map(|&i| &table.rows[i]);
            let (file, place) =
                row.map_or_else(|| (table.file.clone(), Place::File), |row| row.place(&table.file, "places"));
            problems.push(&file, place, Fault::Supply(SupplyFault::CohortWithoutRoom(years, rooms)));
        }
    }
}

/// The first row of each project.
pub(super) fn rows_of(table: &Table) -> BTreeMap<&str, usize> {
    let mut rows = BTreeMap::new();
    for (i, row) in table.rows.iter().enumerate() {
        if let Some(id) = row.text("id") {
            rows.entry(id).or_insert(i);
        }
    }
    rows
}
