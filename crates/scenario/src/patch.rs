//! Variants: a scenario with named changes, without copying its tables.
//!
//! `variants/NAME.json` lists patches; they are applied to the text of the document and of the tables before anything is
//! judged, so a patched cell is checked like any other and its fault is reported at the patch.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use seatcast_core::{Name, bounds};

use crate::{
    folder::Folder,
    json::{self, Object, Report, Value},
    limits::Limit,
    number,
    problem::{Fault, Place, Problems, Thing},
    raw::{Cells, Origin, RawRow, RawTable},
    tables::{Content, TABLES},
};

/// Folder of the variants inside the scenario.
const FOLDER: &str = "variants";

/// A variant with the patches of those it extends before its own.
#[derive(Debug, Clone)]
pub(crate) struct Variant {
    /// Title.
    pub(crate) name: Name,
    /// Patches in the order in which they are applied.
    pub(crate) patches: Vec<Patch>,
}

/// One change, with its place.
#[derive(Debug, Clone)]
pub(crate) struct Patch {
    origin: Origin,
    change: Change,
}

#[derive(Debug, Clone)]
enum Change {
    /// A key of `scenario.json` takes a value.
    Key(String, serde_json::Value),
    /// Cells of the rows that match take a text.
    Set(&'static str, Filter, Vec<(String, String)>),
    /// Numbers of the rows that match are multiplied.
    Multiply(&'static str, Filter, Vec<(String, f64)>),
    /// Rows are added: cells by column.
    Add(&'static str, Vec<Vec<(String, String)>>),
    /// Rows that match are taken out.
    Remove(&'static str, Filter),
}

/// Columns with the texts that match; every column must.
type Filter = Vec<(String, BTreeSet<String>)>;

/// A key of the document that is given elsewhere.
#[derive(Debug, Clone)]
pub(crate) struct Override {
    pub(crate) key: String,
    pub(crate) value: serde_json::Value,
    /// Where it stands.
    pub(crate) file: String,
    /// And at which place of that file.
    pub(crate) place: Place,
}

impl Variant {
    /// Reads variant `name` of a folder, and those it extends.
    pub(crate) fn read(folder: &mut Folder, name: &str, problems: &mut Problems) -> Option<Self> {
        let known = variants(folder, problems)?;
        let most = problems.limits().count(Limit::Chain);
        let mut chain: Vec<String> = Vec::new();
        let mut parts: Vec<Self> = Vec::new();
        let mut next = Some(name.to_owned());
        while let Some(name) = next {
            let file = format!("{FOLDER}/{name}.json");
            if chain.contains(&name) {
                problems.push(&file, Place::Key("extends".to_owned()), Fault::ExtendsItself(name));
                return None;
            }
            if chain.len() >= most {
                let place = Place::Key("extends".to_owned());
                let by = chain.last().map_or("", String::as_str);
                let fault = Fault::Beyond(Limit::Chain, most as u64);
                problems.push(&format!("{FOLDER}/{by}.json"), place, fault);
                return None;
            }
            if known.binary_search(&name).is_err() {
                let near = problems.nearest_of(Thing::Variant, &name, known.iter().map(String::as_str));
                let fault = Fault::UnknownReference(Thing::Variant, name.clone(), near);
                match chain.last() {
                    Some(by) => {
                        problems.push(
                            &format!("{FOLDER}/{by}.json"),
                            Place::Key("extends".to_owned()),
                            fault,
                        );
                    }
                    None => problems.push(FOLDER, Place::File, fault),
                }
                return None;
            }
            let text = folder.text(&file, true, problems)?;
            let mut report = Report { file: &file, problems };
            let mut root = json::document(&text, &mut report)?;
            next = root.take("extends").and_then(|v| v.text(&mut report));
            parts.push(one(root, &mut report)?);
            chain.push(name);
        }
        let name = parts.first().map(|part| part.name.clone())?;
        let patches = parts.into_iter().rev().flat_map(|part| part.patches).collect();
        Some(Self { name, patches })
    }

    /// The keys of the document that it gives.
    pub(crate) fn overrides(&self) -> Vec<Override> {
        let of = |patch: &Patch| match &patch.change {
            Change::Key(key, value) => Some(Override {
                key: key.clone(),
                value: value.clone(),
                file: patch.origin.file.clone(),
                place: Place::Key(format!("{}.value", patch.origin.key)),
            }),
            _ => None,
        };
        self.patches.iter().filter_map(of).collect()
    }

    /// Applies its changes to the tables.
    pub(crate) fn apply(&self, tables: &mut BTreeMap<&'static str, RawTable>, problems: &mut Problems) {
        for patch in &self.patches {
            let name = match &patch.change {
                Change::Key(..) => continue,
                Change::Set(table, ..)
                | Change::Multiply(table, ..)
                | Change::Add(table, _)
                | Change::Remove(table, _) => *table,
            };
            match tables.get_mut(name) {
                Some(table) => patch.apply(table, problems),
                None => problems.push(
                    &patch.origin.file,
                    Place::Key(format!("{}.table", patch.origin.key)),
                    Fault::TableNotThere(name.to_owned()),
                ),
            }
        }
    }
}

/// Names of the variants of a folder, sorted; `None` if there are more than are read.
pub(crate) fn variants(folder: &Folder, problems: &mut Problems) -> Option<Vec<String>> {
    let names = folder.limited_names_in(FOLDER, problems)?;
    Some(names.into_iter().filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).collect())
}

/// What one file says, without what it extends.
fn one(mut root: Object, report: &mut Report<'_>) -> Option<Variant> {
    let one = bounds::Bound { unit: "", min: 1.0, max: 1.0 };
    root.need("format", report).and_then(|v| v.whole(one, report));
    let name = root.need("name", report).and_then(|v| v.name(report));
    let items = root.need("patches", report).and_then(|v| v.list(report)).unwrap_or_default();
    let patches = items.iter().filter_map(|item| patch(item, report)).collect();
    root.finish(report);
    Some(Variant { name: name?, patches })
}

fn patch(item: &Value, report: &mut Report<'_>) -> Option<Patch> {
    let mut object = item.object(report)?;
    let origin = Origin { file: report.file.to_owned(), key: item.path.clone() };
    let change = if let Some(key) = object.take("key") {
        let value = object.need("value", report);
        let key = key.text(report);
        let value = value.and_then(|value| value.json(report));
        key.zip(value).map(|(key, value)| Change::Key(key, value))
    } else {
        let table = object.need("table", report).and_then(|v| table_name(&v, report));
        let condition = object.take("where").map(|v| filter(&v, report));
        let everywhere = condition.is_none();
        let filter = condition.unwrap_or_default();
        let set = object.take("set").map(|v| cells(&v, report));
        let multiply = object.take("multiply").map(|v| factors(&v, report));
        let add = object.take("add").map(|v| rows(&v, report));
        let remove = object.take("remove").map(|v| self::filter(&v, report));
        match (table, set, multiply, add, remove) {
            (Some(t), Some(set), None, None, None) => Some(Change::Set(t, filter, set)),
            (Some(t), None, Some(by), None, None) => Some(Change::Multiply(t, filter, by)),
            (Some(t), None, None, Some(rows), None) if everywhere => Some(Change::Add(t, rows)),
            (Some(t), None, None, None, Some(which)) if everywhere => Some(Change::Remove(t, which)),
            (None, ..) => None,
            _ => {
                report.fault(&item.path, Fault::PatchForm);
                None
            }
        }
    };
    object.finish(report);
    Some(Patch { origin, change: change? })
}

fn table_name(value: &Value, report: &mut Report<'_>) -> Option<&'static str> {
    let name = value.text(report)?;
    let found = TABLES.iter().map(|t| t.name).find(|n| *n == name);
    if found.is_none() {
        let near = report.problems.nearest(&name, TABLES.iter().map(|t| t.name));
        report.fault(&value.path, Fault::UnknownReference(Thing::Table, name, near));
    }
    found
}

fn filter(value: &Value, report: &mut Report<'_>) -> Filter {
    let Some(mut object) = value.object(report) else { return Vec::new() };
    let texts = |v: &Value, report: &mut Report<'_>| {
        if v.is_list() {
            let items = v.list(report).unwrap_or_default();
            items.iter().filter_map(|item| item.cell(report)).collect()
        } else {
            v.cell(report).into_iter().collect::<BTreeSet<String>>()
        }
    };
    object.rest().into_iter().map(|(column, v)| (column, texts(&v, report))).collect()
}

fn cells(value: &Value, report: &mut Report<'_>) -> Vec<(String, String)> {
    let members = value.object(report).map(|mut o: Object| o.rest()).unwrap_or_default();
    members.into_iter().filter_map(|(column, v)| Some((column, v.cell(report)?))).collect()
}

fn factors(value: &Value, report: &mut Report<'_>) -> Vec<(String, f64)> {
    let members = value.object(report).map(|mut o: Object| o.rest()).unwrap_or_default();
    members.into_iter().filter_map(|(column, v)| Some((column, v.number(bounds::FACTOR, report)?))).collect()
}

fn rows(value: &Value, report: &mut Report<'_>) -> Vec<Vec<(String, String)>> {
    let items = value.list(report).unwrap_or_default();
    items.iter().map(|item| cells(item, report)).collect()
}

impl Patch {
    fn apply(&self, table: &mut RawTable, problems: &mut Problems) {
        match &self.change {
            Change::Key(..) => {}
            Change::Set(_, filter, set) => {
                let Some(rows) = self.matching(table, filter, "where", set.len(), problems) else { return };
                for (column, text) in set {
                    let Some(at) = self.column(table, column, "set", problems) else { continue };
                    let origin = self.at(&format!("set.{column}"));
                    for &row in &rows {
                        table.write(table.rows[row], at, text, &origin);
                    }
                }
            }
            Change::Multiply(_, filter, factors) => {
                let Some(rows) = self.matching(table, filter, "where", factors.len(), problems) else {
                    return;
                };
                for (column, factor) in factors {
                    let Some(at) = self.column(table, column, "multiply", problems) else { continue };
                    let whole = table.columns[at].is_some_and(|c| matches!(c.content, Content::Whole(_)));
                    let origin = self.at(&format!("multiply.{column}"));
                    for &row in &rows {
                        let row = table.rows[row];
                        // what is no number is left for the reader to report; blank stays blank
                        let (text, _) = table.cell(row, at);
                        let Some(n) = number::plain_number(text).and_then(|n| n.parse::<f64>().ok()) else {
                            continue;
                        };
                        let product = if whole { (n * factor).round() } else { n * factor };
                        table.write(row, at, &product.to_string(), &origin);
                    }
                }
            }
            Change::Add(_, rows) => {
                let cells = (rows.len() * table.columns.len()) as u64;
                if !(problems.take(Limit::Rows, rows.len() as u64, &self.origin.file)
                    && problems.take(Limit::Cells, cells, &self.origin.file))
                {
                    return;
                }
                for (i, cells) in rows.iter().enumerate() {
                    let row = table.add(self.at(&format!("add[{i}]")));
                    for (column, text) in cells {
                        if let Some(at) = self.column(table, column, &format!("add[{i}]"), problems) {
                            table.write(row, at, text, &self.at(&format!("add[{i}].{column}")));
                        }
                    }
                }
            }
            Change::Remove(_, filter) => {
                if let Some(rows) = self.matching(table, filter, "remove", 0, problems) {
                    let mut row = 0;
                    table.rows.retain(|_| {
                        row += 1;
                        rows.binary_search(&(row - 1)).is_err()
                    });
                }
            }
        }
    }

    /// Rows of `table` that match and of which `changed` columns are to change; a fault if there is none, or if that is
    /// more work than is allowed.
    fn matching(
        &self,
        table: &mut RawTable,
        filter: &Filter,
        key: &str,
        changed: usize,
        problems: &mut Problems,
    ) -> Option<Vec<usize>> {
        let columns = (filter.len() + changed).max(1);
        if !problems.take(Limit::Patched, (table.rows.len() * columns) as u64, &self.origin.file) {
            return None;
        }
        let mut columns = Vec::new();
        for (column, texts) in filter {
            columns.push((self.column(table, column, key, problems)?, texts));
        }
        let fits = |row: RawRow| {
            row.cells != Cells::Unreadable
                && columns.iter().all(|(at, texts)| texts.contains(table.cell(row, *at).0))
        };
        let rows: Vec<usize> = (0..table.rows.len()).filter(|&row| fits(table.rows[row])).collect();
        if rows.is_empty() {
            problems.push(
                &self.origin.file,
                Place::Key(format!("{}.{key}", self.origin.key)),
                Fault::NoMatch(table.file.clone()),
            );
            return None;
        }
        Some(rows)
    }

    fn column(&self, table: &mut RawTable, name: &str, key: &str, problems: &mut Problems) -> Option<usize> {
        let found = table.column(name);
        if found.is_none() {
            let near = problems.nearest(name, table.spec.columns.iter().map(|c| c.name));
            let place = Place::Key(format!("{}.{key}.{name}", self.origin.key));
            problems.push(&self.origin.file, place, Fault::UnknownColumn(name.to_owned(), near));
        }
        found
    }

    fn at(&self, key: &str) -> Rc<Origin> {
        Rc::new(Origin { file: self.origin.file.clone(), key: format!("{}.{key}", self.origin.key) })
    }
}
