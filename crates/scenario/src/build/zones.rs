//! Zones, sharing groups and districts.

use std::collections::{BTreeMap, BTreeSet};

use seatcast_core::{
    Name,
    geography::{District, Frame, Group, Zone},
};

use super::Rows;
use crate::{
    document::{self, Document},
    ids::Ids,
    limits::Limit,
    problem::{Fault, Place, Problems, Thing},
    table::{Row, Table},
    tables::{shared, zones},
};

/// What a rate names for every zone.
pub(super) const EVERY: &str = "ALL";

/// The frame of the scenario; `None` if some zone cannot be read: then nobody can say which zones there are not.
pub(super) fn frame(document: &Document, table: &Table, problems: &mut Problems) -> Option<Frame> {
    if table.rows.is_empty() || table.rows.iter().any(|row| row.is_faulty(&zones::ZONE)) {
        return None;
    }
    if !problems.within(Limit::Zones, table.rows.len() as u64, &table.file, Place::File) {
        return None;
    }
    let mut frame = Frame { stages: document.stages.clone().into(), ..Frame::default() };
    let (mut zones, mut groups, mut districts) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
    let names_of = |names: &'_ [(String, Name)]| -> BTreeMap<String, Name> {
        // of two names for one key the first holds
        names.iter().rev().cloned().collect()
    };
    let (district_names, group_names) = (names_of(&document.districts), names_of(&document.groups));
    let mut rows = Rows { file: &table.file, problems };
    for row in &table.rows {
        // a zone without its district is still one that other tables may name
        let (Some(id), district) = (row.get(zones::ZONE), row.get(zones::DISTRICT).unwrap_or_default())
        else {
            continue;
        };
        if id == EVERY {
            rows.fault(row, &zones::ZONE, Fault::ReservedName(id.to_owned()));
            continue;
        }
        if !zones.insert(id) {
            continue; // reported as a duplicate row
        }
        let district = *districts.entry(district).or_insert_with(|| {
            let name = name_of(&district_names, district);
            frame.districts.push(District { id: district.to_owned(), name })
        });
        let group_id = row.get(zones::GROUP).unwrap_or(id);
        let own = row.get(zones::GROUP).is_none().then(|| row_name(row, id));
        let group = *groups.entry(group_id).or_insert_with(|| {
            let name = own.unwrap_or_else(|| name_of(&group_names, group_id));
            frame.groups.push(Group { id: group_id.to_owned(), name, district })
        });
        let [first, here] = [frame.groups[group].district, district].map(|d| &frame.districts[d].id);
        if first != here && !first.is_empty() && !here.is_empty() {
            let fault = Fault::GroupInTwoDistricts(group_id.to_owned(), first.clone(), here.clone());
            rows.fault(row, &zones::GROUP, fault);
        }
        let tile = row.get(zones::TILE_ROW).zip(row.get(zones::TILE_COL));
        frame.zones.push(Zone { id: id.to_owned(), name: row_name(row, id), group, tile });
    }
    let districts: Ids<'_> = Ids::of(frame.districts.iter().map(|d| d.id.as_str()));
    let groups: Ids<'_> = Ids::of(frame.groups.iter().map(|g| g.id.as_str()));
    for (column, thing, names, known) in [
        (&zones::DISTRICT, Thing::District, &document.districts, districts),
        (&zones::GROUP, Thing::Group, &document.groups, groups),
    ] {
        if table.rows.iter().any(|row| row.is_faulty(column)) {
            continue; // the one that is named may be the one that cannot be read
        }
        for (id, _) in names.iter().filter(|(id, _)| !known.contains(id)) {
            let near = problems.nearest_of(thing, id, known.iter());
            let fault = Fault::UnknownReference(thing, id.clone(), near);
            problems.push(document::FILE, Place::Key(format!("display.{}s.{id}", column.name)), fault);
        }
    }
    (!frame.zones.is_empty()).then_some(frame)
}

fn name_of(names: &BTreeMap<String, Name>, id: &str) -> Name {
    names.get(id).cloned().unwrap_or_else(|| Name::plain(id))
}

/// The name a row states; where one language is blank the other serves, else the id.
pub(super) fn row_name(row: &Row, id: &str) -> Name {
    let (zh, en) = (row.get(shared::NAME_ZH), row.get(shared::NAME_EN));
    let first = zh.or(en).unwrap_or(id);
    Name { zh: first.to_owned(), en: en.or(zh).unwrap_or(id).to_owned() }
}
