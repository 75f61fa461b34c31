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

/// The frame of the scenario; `None` if no zone can be used.
pub(super) fn frame(document: &Document, table: &Table, problems: &mut Problems) -> Option<Frame> {
    let mut frame = Frame { stages: document.stages.clone(), ..Frame::default() };
    let mut rows = Rows { file: &table.file, problems };
    for row in &table.rows {
        let (Some(id), Some(district)) = (row.text("zone"), row.text("district")) else { continue };
        if id == "ALL" {
            rows.fault(
                row,
                "zone",
                Fault::Rule("ALL stands for every zone and cannot be the name of one".to_owned()),
            );
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
        if frame.groups[group].district != district {
            let first = frame.districts[frame.groups[group].district].id.clone();
            let fault =
                Fault::GroupInTwoDistricts(group_id.to_owned(), first, frame.districts[district].id.clone());
            rows.fault(row, "group", fault);
        }
        let tile = row.number("tile_row").zip(row.number("tile_col")).map(|(r, c)| (r as u32, c as u32));
        frame.zones.push(Zone { id: id.to_owned(), name: row_name(row, id), group, tile });
    }
    for (key, names, known) in [
        ("districts", &document.districts, frame.districts.iter().map(|d| d.id.as_str()).collect::<Vec<_>>()),
        ("groups", &document.groups, frame.groups.iter().map(|g| g.id.as_str()).collect()),
    ] {
        let thing = if key == "districts" { Thing::District } else { Thing::Group };
        for (id, _) in names.iter().filter(|(id, _)| !known.contains(&id.as_str())) {
            let fault = Fault::UnknownReference(thing, id.clone(), nearest(id, known.iter().copied()));
            problems.push(document::FILE, Place::Key(format!("display.{key}.{id}")), fault);
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
