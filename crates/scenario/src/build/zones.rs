//! Zones, sharing groups and districts.

use seatcast_core::{
    Name,
    geography::{District, Frame, Group, Zone},
};

use super::Rows;
use crate::{
    document::{self, Document},
    problem::{Fault, Place, Problems, Thing, nearest},
    table::{Row, Table},
};

/// What a rate names for every zone.
pub(super) const EVERY: &str = "ALL";

/// The frame of the scenario; `None` if some zone cannot be read: then nobody can say which zones there are not.
pub(super) fn frame(document: &Document, table: &Table, problems: &mut Problems) -> Option<Frame> {
    if table.rows.is_empty() || table.rows.iter().any(|row| row.is_faulty("zone")) {
        return None;
    }
    let mut frame = Frame { stages: document.stages.clone(), ..Frame::default() };
    let mut rows = Rows { file: &table.file, problems };
    for row in &table.rows {
        // a zone without its district is still one that other tables may name
        let (Some(id), district) = (row.text("zone"), row.text("district").unwrap_or_default()) else {
            continue;
        };
        if id == EVERY {
            rows.fault(row, "zone", Fault::ReservedName(id.to_owned()));
            continue;
        }
        if frame.zone(id).is_some() {
            continue; // reported as a duplicate row
        }
        let district = named(&mut frame.districts, district, |id| District {
            id,
            name: name_of(&document.districts, district),
        });
        let group_id = row.text("group").unwrap_or(id);
        let own = row.text("group").is_none().then(|| row_name(row, id));
        let group = named(&mut frame.groups, group_id, |id| {
            let name = own.unwrap_or_else(|| name_of(&document.groups, group_id));
            Group { id, name, district }
        });
        let [first, here] = [frame.groups[group].district, district].map(|d| &frame.districts[d].id);
        if first != here && !first.is_empty() && !here.is_empty() {
            let fault = Fault::GroupInTwoDistricts(group_id.to_owned(), first.clone(), here.clone());
            rows.fault(row, "group", fault);
        }
        let tile = row.number("tile_row").zip(row.number("tile_col")).map(|(r, c)| (r as u32, c as u32));
        frame.zones.push(Zone { id: id.to_owned(), name: row_name(row, id), group, tile });
    }
    let districts: Vec<&str> = frame.districts.iter().map(|d| d.id.as_str()).collect();
    let groups: Vec<&str> = frame.groups.iter().map(|g| g.id.as_str()).collect();
    for (column, thing, names, known) in [
        ("district", Thing::District, &document.districts, districts),
        ("group", Thing::Group, &document.groups, groups),
    ] {
        if table.rows.iter().any(|row| row.is_faulty(column)) {
            continue; // the one that is named may be the one that cannot be read
        }
        for (id, _) in names.iter().filter(|(id, _)| !known.contains(&id.as_str())) {
            let fault = Fault::UnknownReference(thing, id.clone(), nearest(id, known.iter().copied()));
            problems.push(document::FILE, Place::Key(format!("display.{column}s.{id}")), fault);
        }
    }
    (!frame.zones.is_empty()).then_some(frame)
}

/// The index of the thing with this id, made if there is none yet.
fn named<T: HasId>(things: &mut Vec<T>, id: &str, make: impl FnOnce(String) -> T) -> usize {
    things.iter().position(|t| t.id() == id).unwrap_or_else(|| {
        things.push(make(id.to_owned()));
        things.len() - 1
    })
}

trait HasId {
    fn id(&self) -> &str;
}

impl HasId for District {
    fn id(&self) -> &str {
        &self.id
    }
}

impl HasId for Group {
    fn id(&self) -> &str {
        &self.id
    }
}

fn name_of(names: &[(String, Name)], id: &str) -> Name {
    names.iter().find(|(i, _)| i == id).map_or_else(|| Name::plain(id), |(_, name)| name.clone())
}

/// The name a row states; where one language is blank the other serves, else the id.
pub(super) fn row_name(row: &Row, id: &str) -> Name {
    let (zh, en) = (row.text("name_zh"), row.text("name_en"));
    let first = zh.or(en).unwrap_or(id);
    Name { zh: first.to_owned(), en: en.or(zh).unwrap_or(id).to_owned() }
}
