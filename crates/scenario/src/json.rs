//! A JSON document read key by key, so that every problem is found and none is hidden by the first.
//!
//! serde's derived readers stop at the first fault and let the last of two equal keys win. Here each level is split into
//! raw values by `serde_json`, and each value is judged where it is used, with its key path.

use std::{collections::BTreeSet, fmt};

use seatcast_core::{Name, bounds::Bound};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{
    limits::Limit,
    measure::measured,
    problem::{Expected, Fault, Place, Problems},
    visible,
};

/// The members of one object in order, equal keys kept.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keep;
        impl<'de> Visitor<'de> for Keep {
            type Value = Members;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Keep)
    }
}

/// A value with its key path.
#[derive(Debug, Clone)]
pub(crate) struct Value {
    pub(crate) path: String,
    raw: Box<RawValue>,
}

/// An object whose members are taken one by one; what is left over is unknown.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) path: String,
    members: Vec<(String, Box<RawValue>)>,
    asked: Vec<String>,
}

/// Where problems go, and of which file.
pub(crate) struct Report<'a> {
    pub(crate) file: &'a str,
    pub(crate) problems: &'a mut Problems,
}

impl Report<'_> {
    pub(crate) fn fault(&mut self, path: &str, fault: Fault) {
        let place = if path.is_empty() { Place::File } else { Place::Key(path.to_owned()) };
        self.problems.push(self.file, place, fault);
    }
}

/// Parses a whole document, which must be an object, if it is within the limits.
pub(crate) fn document(text: &str, report: &mut Report<'_>) -> Option<Object> {
    if let Err((limit, line, bytes)) = measured(text, report.problems.limits()) {
        let place = Place::Line(line, column(text, line, bytes));
        let most = report.problems.limits().of(limit);
        report.problems.push(report.file, place, Fault::Beyond(limit, most));
        return None;
    }
    match serde_json::from_str::<Box<RawValue>>(text) {
        Ok(raw) => Value { path: String::new(), raw }.object(report),
        Err(e) => {
            // the parser's words end in the position, which is shown apart
            let words = e.to_string();
            let words = words.split(" at line ").next().unwrap_or_default().to_owned();
            let place = Place::Line(e.line(), column(text, e.line(), e.column()));
            report.problems.push(report.file, place, Fault::JsonSyntax(words));
            None
        }
    }
}

/// A column as an editor counts it, in characters from 1, of the parser's, which counts bytes.
fn column(text: &str, line: usize, bytes: usize) -> usize {
    let line = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default().as_bytes();
    String::from_utf8_lossy(&line[..bytes.min(line.len())]).chars().count().max(1)
}

impl Object {
    /// The path of a key in it.
    pub(crate) fn child(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The value of `key`, if given and not null.
    pub(crate) fn take(&mut self, key: &str) -> Option<Value> {
        self.asked.push(key.to_owned());
        #[cfg(test)]
        crate::asked::note(&self.child(key));
        let at = self.members.iter().position(|(k, _)| k == key)?;
        let path = self.child(key);
        let (_, raw) = self.members.remove(at);
        (raw.get() != "null").then_some(Value { path, raw })
    }

    /// The value of `key`; a problem if it is missing.
    pub(crate) fn need(&mut self, key: &str, report: &mut Report<'_>) -> Option<Value> {
        let value = self.take(key);
        if value.is_none() {
            report.fault(&self.path, Fault::MissingKey(self.child(key)));
        }
        value
    }

    /// Every member left, for objects whose keys are data.
    pub(crate) fn rest(&mut self) -> Vec<(String, Value)> {
        let members = std::mem::take(&mut self.members);
        members.into_iter().map(|(key, raw)| (key.clone(), Value { path: self.child(&key), raw })).collect()
    }

    /// Reports what nobody asked for.
    pub(crate) fn finish(self, report: &mut Report<'_>) {
        for (key, _) in &self.members {
            let near = report.problems.nearest(key, self.asked.iter().map(String::as_str));
            report.fault(&self.child(key), Fault::UnknownKey(key.clone(), near));
        }
    }
}

impl Value {
    pub(crate) fn wrong<T>(&self, expected: Expected, report: &mut Report<'_>) -> Option<T> {
        report.fault(&self.path, Fault::WrongType(shorten(self.raw.get()), expected));
        None
    }

    pub(crate) fn object(&self, report: &mut Report<'_>) -> Option<Object> {
        let Ok(Members(members)) = serde_json::from_str(self.raw.get()) else {
            return self.wrong(Expected::Object, report);
        };
        let mut kept: Vec<(String, Box<RawValue>)> = Vec::with_capacity(members.len());
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let object = Object { path: self.path.clone(), members: Vec::new(), asked: Vec::new() };
        for (key, raw) in members {
            if seen.insert(key.clone()) {
                kept.push((key, raw));
            } else {
                report.fault(&object.child(&key), Fault::DuplicateKey(key));
            }
        }
        Some(Object { members: kept, ..object })
    }

    pub(crate) fn list(&self, report: &mut Report<'_>) -> Option<Vec<Value>> {
        match serde_json::from_str::<Vec<Box<RawValue>>>(self.raw.get()) {
            Ok(items) => Some(
                items
                    .into_iter()
                    .enumerate()
                    .map(|(i, raw)| Value { path: format!("{}[{i}]", self.path), raw })
                    .collect(),
            ),
            Err(_) => self.wrong(Expected::List, report),
        }
    }

    pub(crate) fn text(&self, report: &mut Report<'_>) -> Option<String> {
        match serde_json::from_str::<String>(self.raw.get()) {
            Ok(text) if text.trim().is_empty() => {
                report.fault(&self.path, Fault::NoRows);
                None
            }
            Ok(text) => Some(text),
            Err(_) => self.wrong(Expected::Text, report),
        }
    }

    /// One of these codes.
    pub(crate) fn code<T: Copy>(&self, codes: &[(&str, T)], report: &mut Report<'_>) -> Option<T> {
        let text = self.text(report)?;
        let found = codes.iter().find(|(code, _)| *code == text).map(|(_, value)| *value);
        if found.is_none() {
            let allowed = codes.iter().map(|(code, _)| (*code).to_owned()).collect();
            let near = report.problems.nearest(&text, codes.iter().map(|(code, _)| *code));
            report.fault(&self.path, Fault::UnknownCode(shorten(&text), allowed, near));
        }
        found
    }

    /// Letters, digits, `-` and `_`: safe in file names and columns.
    pub(crate) fn id(&self, report: &mut Report<'_>) -> Option<String> {
        let text = self.key(report)?;
        if text.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_') {
            Some(text)
        } else {
            self.wrong(Expected::Id, report)
        }
    }

    pub(crate) fn number(&self, bound: Bound, report: &mut Report<'_>) -> Option<f64> {
        let raw = self.raw.get();
        let starts = raw.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        match raw.parse::<f64>() {
            Ok(number) if starts && !number.is_finite() => {
                report.fault(&self.path, Fault::NotFinite(shorten(raw)));
                None
            }
            Ok(number) if starts => {
                if bound.contains(number) {
                    Some(number)
                } else {
                    report.fault(&self.path, Fault::OutOfRange(shorten(raw), bound));
                    None
                }
            }
            _ => self.wrong(Expected::Number, report),
        }
    }

    pub(crate) fn whole(&self, bound: Bound, report: &mut Report<'_>) -> Option<i64> {
        let raw = self.raw.get();
        let digits = raw.strip_prefix('-').unwrap_or(raw).bytes().all(|b| b.is_ascii_digit());
        // a number without end is named for what it is, not for its exponent
        if digits || raw.parse::<f64>().is_ok_and(f64::is_infinite) {
            self.number(bound, report).map(|n| n as i64)
        } else {
            self.wrong(Expected::Whole, report)
        }
    }

    /// A key: a text of which every character is seen.
    pub(crate) fn key(&self, report: &mut Report<'_>) -> Option<String> {
        let text = self.text(report)?;
        let most = report.problems.limits().count(Limit::KeyLength);
        let fault = if text.chars().count() > most {
            Some(Fault::Beyond(Limit::KeyLength, most as u64))
        } else {
            visible::refuse(&text).err()
        };
        match fault {
            Some(fault) => {
                report.fault(&self.path, fault);
                None
            }
            None => Some(text),
        }
    }

    /// The value as it is. A document is read only if it is nested no deeper than this can follow; a number that no
    /// double holds is refused here.
    pub(crate) fn json(&self, report: &mut Report<'_>) -> Option<serde_json::Value> {
        let read = serde_json::from_str(self.raw.get()).ok();
        if read.is_none() {
            report.fault(&self.path, Fault::NotFinite(shorten(self.raw.get())));
        }
        read
    }

    pub(crate) fn is_list(&self) -> bool {
        self.raw.get().starts_with('[')
    }

    /// A text or a number as the text of a cell; null is a blank cell.
    pub(crate) fn cell(&self, report: &mut Report<'_>) -> Option<String> {
        match self.json(report)? {
            serde_json::Value::Null => Some(String::new()),
            serde_json::Value::String(text) => Some(text.trim().to_owned()),
            serde_json::Value::Number(_) => Some(self.raw.get().to_owned()),
            _ => self.wrong(Expected::Cell, report),
        }
    }

    /// `{"zh": ..., "en": ...}`.
    pub(crate) fn name(&self, report: &mut Report<'_>) -> Option<Name> {
        if !self.raw.get().starts_with('{') {
            return self.wrong(Expected::Name, report);
        }
        let mut object = self.object(report)?;
        let zh = object.need("zh", report).and_then(|v| v.text(report));
        let en = object.need("en", report).and_then(|v| v.text(report));
        object.finish(report);
        Some(Name { zh: zh?, en: en? })
    }
}

/// Parts that a key path may have.
const DEEPEST: usize = 16;

/// Sets the value at a key path (`a.b[0].c`), making the objects on the way; false if the path leads through something
/// that is no object or list.
pub(crate) fn set(root: &mut serde_json::Value, path: &str, value: serde_json::Value) -> bool {
    // no key of the document lies deeper; what leads deeper would be nested without end
    if path.split(['.', '[']).count() > DEEPEST {
        return false;
    }
    let mut at = root;
    for part in path.split('.') {
        let (key, indices) = part.split_once('[').map_or((part, None), |(key, rest)| (key, Some(rest)));
        let serde_json::Value::Object(members) = at else { return false };
        at = members.entry(key).or_insert_with(|| serde_json::Value::Object(serde_json::Map::new()));
        for index in indices.into_iter().flat_map(|rest| rest.split('[')) {
            let found = index.strip_suffix(']').and_then(|i| i.parse::<usize>().ok());
            let Some(item) = found.and_then(|i| at.get_mut(i)) else { return false };
            at = item;
        }
    }
    *at = value;
    true
}

/// A value as it is shown in a message: at most 40 characters.
pub(crate) fn shorten(text: &str) -> String {
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= 40 {
        text
    } else {
        format!("{}…", text.chars().take(40).collect::<String>())
    }
}
