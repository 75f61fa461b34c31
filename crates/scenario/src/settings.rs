//! `settings.csv`: keys of `scenario.json` that a planner changes every year, as a table.

use std::collections::BTreeMap;

use crate::{
    json,
    patch::Override,
    problem::{Fault, Place, Problems},
    table::Table,
    tables::settings as columns,
};

/// The keys a settings table gives. A value that reads as JSON (a number, a list) is that; anything else is a text.
pub(crate) fn overrides(table: &Table) -> Vec<Override> {
    let row = |row: &crate::table::Row| {
        let (key, text) = (row.get(columns::KEY)?, row.get(columns::VALUE)?);
        let plain = crate::number::plain_number(text).filter(|n| n.parse::<f64>().is_ok());
        let value = plain
            .and_then(|n| serde_json::from_str(&n).ok())
            .or_else(|| serde_json::from_str(text).ok())
            .unwrap_or_else(|| serde_json::Value::String(text.to_owned()));
        Some(Override {
            key: key.to_owned(),
            value,
            file: table.file.clone(),
            place: Place::Row(row.number, Some(columns::VALUE.name.to_owned())),
        })
    };
    table.rows.iter().filter_map(row).collect()
}

/// The text of the document with the `overrides` in it, later ones over earlier; the text itself if there are none. What
/// the document said of the same key is without effect, and that is said.
pub(crate) fn overridden(file: &str, text: &str, overrides: &[Override], problems: &mut Problems) -> String {
    let Ok(mut root) = serde_json::from_str::<serde_json::Value>(text) else {
        return text.to_owned(); // the reader says what is wrong with it
    };
    for change in overrides {
        let before = pointer(&root, &change.key).cloned();
        if !json::set(&mut root, &change.key, change.value.clone()) {
            problems.push(&change.file, change.place.clone(), Fault::KeyPath(change.key.clone()));
            continue;
        }
        // a variant is meant to change the document; a table that differs from it may be a slip
        let is_table = matches!(change.place, Place::Row(..));
        if is_table && before.is_some_and(|value| value != change.value) {
            let by = Fault::Overridden(change.file.clone());
            problems.push(file, Place::Key(change.key.clone()), by);
        }
    }
    serde_json::to_string(&root).unwrap_or_else(|_| text.to_owned())
}

/// The value at a key path.
fn pointer<'v>(root: &'v serde_json::Value, path: &str) -> Option<&'v serde_json::Value> {
    root.pointer(&format!("/{}", path.replace('[', "/").replace(']', "").replace('.', "/")))
}

/// Puts the problems of keys that were given elsewhere where they were given.
pub(crate) fn relocate(found: Problems, overrides: &[Override], problems: &mut Problems) {
    // of two that give a key the last holds
    let by_key: BTreeMap<&str, usize> =
        overrides.iter().enumerate().map(|(i, change)| (change.key.as_str(), i)).collect();
    for mut problem in found.into_sorted() {
        if let Place::Key(key) = &problem.place {
            // the key itself, or what it lies in
            let ends = key.char_indices().rev().filter(|(_, c)| matches!(c, '.' | '[')).map(|(at, _)| at);
            let within = std::iter::once(key.len()).chain(ends).map(|end| &key[..end]);
            if let Some(change) = within.filter_map(|key| by_key.get(key)).max().map(|&i| &overrides[i]) {
                problem.file.clone_from(&change.file);
                problem.place = change.place.clone();
            }
        }
        problems.push(&problem.file, problem.place, problem.fault);
    }
}
