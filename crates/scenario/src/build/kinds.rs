//! What only some kinds of project have: the school concerned, places out of use, what is given up, moved or kept.
//!
//! [`own_columns`] says which columns belong to which detail of a kind.

use std::collections::BTreeMap;

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
    tables::{
        Column, ColumnSpec, Key,
        projects::{self, own_columns},
    },
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

/// Completes `project`, read from `row`, with what its kind needs.
pub(super) fn special(
    context: &Context<'_>,
    row: &Row,
    mut project: Project,
    known: &Known<'_>,
    others: &Others<'_>,
    rows: &mut Rows<'_>,
) -> Project {
    let own: Vec<&str> = own_columns(project.kind.detail()).iter().map(|column| column.name).collect();
    let special: BTreeMap<&str, &ColumnSpec> = Kind::ALL
        .into_iter()
        .flat_map(|kind| own_columns(kind.detail()))
        .map(|column| (column.name, column))
        .collect();
    for (name, column) in special.into_iter().filter(|(name, of)| !own.contains(name) && row.is_given(of)) {
        rows.supply(row, column, SupplyFault::KindHasNot(project.kind.code(), name));
    }
    let stage_of_school = match row.get(projects::FROM_STAGE) {
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
        let column = if project.kind.adds() { projects::FROM_PLACES } else { projects::PLACES };
        let column = if row.is_given(&column) { column } else { projects::DECANT_PLACES };
        rows.supply(row, &column, SupplyFault::TakesTooMuch(taken, known.schools[s].places));
    }
    project
}

fn needs(row: &Row, kind: Kind, column: &ColumnSpec, rows: &mut Rows<'_>) {
    rows.supply(row, column, SupplyFault::KindNeeds(kind.code(), column.name));
}

fn from_stage(context: &Context<'_>, row: &Row, rows: &mut Rows<'_>) -> Option<StageId> {
    rows.find(row, projects::FROM_STAGE, Thing::Stage, &context.stages)
}

fn school(
    row: &Row,
    project: &Project,
    stage: StageId,
    known: &Known<'_>,
    rows: &mut Rows<'_>,
) -> Option<SchoolId> {
    let id = row.get(projects::SCHOOL)?;
    rows.find(row, projects::SCHOOL, Thing::School, &known.school_ids)?;
    let found = known.of_zone.get(&(id, stage, project.zone)).copied();
    if found.is_none() {
        rows.supply(row, &projects::SCHOOL, SupplyFault::SchoolElsewhere(id.to_owned()));
    }
    found
}

fn decant(row: &Row, project: &Project, rows: &mut Rows<'_>) -> Option<Decant> {
    let (places, years) = (row.get(projects::DECANT_PLACES), row.get(projects::DECANT_YEARS));
    if places.is_none() && years.is_none() {
        return None;
    }
    let whole = match project.kind.decants() {
        Decants::Nothing => {
            let column =
                if places.is_some() { projects::DECANT_PLACES.spec } else { projects::DECANT_YEARS.spec };
            rows.supply(row, &column, SupplyFault::KindHasNot(project.kind.code(), column.name));
            return None;
        }
        Decants::Places => false,
        // the old building is out of use as a whole: the years alone are a choice
        Decants::Building => true,
    };
    if places.is_some() && whole {
        rows.supply(
            row,
            &projects::DECANT_PLACES,
            SupplyFault::KindHasNot(project.kind.code(), projects::DECANT_PLACES.name),
        );
    } else if places.is_none() && !whole {
        needs(row, project.kind, &projects::DECANT_PLACES, rows);
    }
    Some(Decant { places: places.unwrap_or(0), years: years.unwrap_or(1) })
}

/// The project that a cell names, among those whose rows could be read.
fn other(row: &Row, column: Column<Key>, others: &Others<'_>, rows: &mut Rows<'_>) -> Option<ProjectId> {
    rows.find(row, column, Thing::Project, &others.all)?;
    others.ids.index(row.get(column)?)
}

fn released(row: &Row, others: &Others<'_>, rows: &mut Rows<'_>) -> Special {
    let Some(by) = other(row, projects::RELEASED_BY, others, rows) else { return Special::None };
    if others.read[by].kind.detail() == Detail::Release {
        rows.supply(row, &projects::RELEASED_BY, SupplyFault::ReleasedBySwing(others.read[by].id.clone()));
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
    if row.get(projects::FROM_STAGE).is_none() {
        needs(row, project.kind, &projects::FROM_STAGE, rows);
        return Special::None;
    }
    let whole = project.school.map(|s| known.schools[s].places);
    let Some(places) = row.get(projects::FROM_PLACES).or(whole) else {
        needs(row, project.kind, &projects::FROM_PLACES, rows);
        return Special::None;
    };
    let classes = row.get(projects::FROM_CLASSES);
    stage.map_or(Special::None, |stage| Special::Converts { stage, places, classes })
}

fn moves(
    row: &Row,
    project: &Project,
    known: &Known<'_>,
    others: &Others<'_>,
    rows: &mut Rows<'_>,
) -> Special {
    let Some(id) = row.get(projects::SOURCE) else {
        needs(row, project.kind, &projects::SOURCE, rows);
        return Special::None;
    };
    let school = known.of_stage.get(&(id, project.stage)).copied();
    let source = school.map(Source::School).or_else(|| others.ids.index(id).map(Source::Project));
    let Some(source) = source else {
        if !known.school_ids.contains(id) && !others.all.contains(id) {
            let ids = known.school_ids.iter().chain(others.all.iter());
            let near = rows.problems.nearest_of(Thing::Building, id, ids);
            rows.fault(row, &projects::SOURCE, Fault::UnknownReference(Thing::Building, id.to_owned(), near));
        }
        return Special::None;
    };
    let from = match source {
        Source::School(s) => known.schools[s].zone,
        Source::Project(j) => {
            // without a known opening nobody can say how much of its life is left
            if !others.read[j].kind.is_movable() || others.read[j].opens.is_none() {
                rows.supply(row, &projects::SOURCE, SupplyFault::NotMovable(id.to_owned()));
                return Special::None;
            }
            others.read[j].zone
        }
    };
    if from == project.zone {
        rows.supply(
            row,
            &projects::ZONE,
            SupplyFault::SameZone(row.get(projects::ZONE).unwrap_or_default().to_owned()),
        );
    }
    Special::Moves { source }
}

fn receives(context: &Context<'_>, row: &Row, project: &Project, rows: &mut Rows<'_>) -> Special {
    let zone = rows.find(row, projects::TO_ZONE, Thing::Zone, &context.zones);
    for column in [projects::TO_ZONE.spec, projects::RECEIVES.spec] {
        if !row.is_given(&column) {
            needs(row, project.kind, &column, rows);
        }
    }
    let (Some(zone), Some(kept)) = (zone, row.get(projects::RECEIVES)) else {
        return Special::None;
    };
    if zone == project.zone {
        rows.supply(row, &projects::TO_ZONE, SupplyFault::SameZone(context.frame.zones[zone].id.clone()));
    }
    // a boarder needs a bed: without one the place is too far to be used
    let beds = row.get(projects::BEDS).unwrap_or(kept);
    if beds < kept {
        rows.supply(row, &projects::BEDS, SupplyFault::BedsFew(project.id.clone(), beds, kept));
    }
    Special::Receives { zone, places: kept.min(beds) }
}

fn close_by(row: &Row, project: &Project, known: &Known<'_>, rows: &mut Rows<'_>) -> Special {
    let whole = project.school.map(|s| known.schools[s].places);
    let places = row.get(projects::FROM_PLACES).or(whole);
    let month = row.get(projects::CLOSE_BY);
    if month.is_none() {
        needs(row, project.kind, &projects::CLOSE_BY, rows);
    }
    if places.is_none() {
        needs(row, project.kind, &projects::FROM_PLACES, rows);
    }
    month.zip(places).map_or(Special::None, |(month, places)| Special::CloseBy { month, places })
}

fn estate(row: &Row, known: &Known<'_>, rows: &mut Rows<'_>) -> Special {
    let found = rows.find(row, projects::ESTATE, Thing::Estate, &known.estate_ids);
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
            let (file, place) = row.map_or_else(
                || (table.file.clone(), Place::File),
                |row| row.place(&table.file, &projects::PLACES),
            );
            problems.push(&file, place, Fault::Supply(SupplyFault::CohortWithoutRoom(years, rooms)));
        }
    }
}

/// The first row of each project.
pub(super) fn rows_of(table: &Table) -> BTreeMap<&str, usize> {
    let mut rows = BTreeMap::new();
    for (i, row) in table.rows.iter().enumerate() {
        if let Some(id) = row.get(projects::ID) {
            rows.entry(id).or_insert(i);
        }
    }
    rows
}
