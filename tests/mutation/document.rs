//! A change of a JSON document, or of the lines of the ledger with their sums made good.

use std::fmt::Write as _;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{Chance, change::value};

pub(super) fn of_value(bytes: &[u8], chance: &mut Chance) -> Option<(Vec<u8>, &'static str)> {
    let mut document: Value = serde_json::from_slice(bytes).ok()?;
    if chance.one_in(12) {
        return Some(nested(&document, chance));
    }
    let what = change(&mut document, chance)?;
    Some((format!("{document:#}\n").into_bytes(), what))
}

/// Changes one value of a document, or the keys of one object.
fn change(document: &mut Value, chance: &mut Chance) -> Option<&'static str> {
    let mut nodes = 0;
    count(document, &mut nodes);
    let mut at = chance.below(nodes);
    let node = nth(document, &mut at)?;
    Some(match (node, chance.below(4)) {
        (Value::Object(object), 0..3) if !object.is_empty() => keys(object, chance)?,
        (Value::Array(list), 0..3) if !list.is_empty() => {
            let i = chance.below(list.len());
            match chance.below(3) {
                0 => drop(list.remove(i)),
                1 => list.insert(i, list[i].clone()),
                _ => list.extend(vec![list[i].clone(); 300]),
            }
            "items of a list"
        }
        (node, _) => {
            *node = another(node, chance);
            "another value"
        }
    })
}

fn keys(object: &mut Map<String, Value>, chance: &mut Chance) -> Option<&'static str> {
    let names: Vec<String> = object.keys().cloned().collect();
    let name = chance.of_these(&names);
    let was = object.get(name)?.clone();
    Some(match chance.below(4) {
        0 => {
            object.shift_remove(name);
            "a key taken out"
        }
        1 => {
            object.shift_remove(name);
            object.insert(value(name, chance), was);
            "another key"
        }
        2 => {
            object.extend((0..200).map(|i| (format!("{name}{i}"), was.clone())));
            "keys nobody knows"
        }
        _ => {
            let other = object.get(chance.of_these(&names))?.clone();
            object.insert(name.clone(), other);
            "the value of another key"
        }
    })
}

fn another(was: &Value, chance: &mut Chance) -> Value {
    let text = was.as_str().map_or_else(|| was.to_string(), str::to_owned);
    let text = value(&text, chance);
    match chance.below(8) {
        0 => Value::Null,
        1 => Value::Bool(true),
        2 => Value::Array(vec![was.clone(), was.clone()]),
        3 => Value::Object(Map::from_iter([("zh".to_owned(), was.clone())])),
        4 => Value::Array(Vec::new()),
        5 => text.into(),
        // a number where there was one
        _ => text.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map_or(text.into(), |n| {
            n.as_f64().filter(|f| f.fract() == 0.0 && f.abs() < 1e15).map_or(n.into(), |f| (f as i64).into())
        }),
    }
}

/// The document with one value inside many lists or objects, or one key twice: no `Value` can hold either.
fn nested(document: &Value, chance: &mut Chance) -> (Vec<u8>, &'static str) {
    let text = format!("{document:#}\n");
    let colons: Vec<usize> = text.match_indices("\": ").map(|(i, _)| i + 3).collect();
    if colons.is_empty() {
        return (format!("{text}{text}").into_bytes(), "twice");
    }
    let at = *chance.of_these(&colons);
    let depth = [3, 126, 127, 128, 129, 3000, 100_000][chance.below(7)];
    let (open, close) = if chance.one_in(2) { ("[", "]") } else { ("{\"a\":", "}") };
    if chance.one_in(3) {
        let line = text[..at].rfind('"').and_then(|end| text[..end].rfind('"')).unwrap_or(0);
        return (
            format!("{}{}0,{}", &text[..line], &text[line..at], &text[line..]).into_bytes(),
            "a key twice",
        );
    }
    let inner = format!("{}1{}", open.repeat(depth), close.repeat(depth));
    (format!("{}{inner},\"x\": {}", &text[..at], &text[at..]).into_bytes(), "nested")
}

fn count(value: &Value, nodes: &mut usize) {
    *nodes += 1;
    match value {
        Value::Array(list) => list.iter().for_each(|v| count(v, nodes)),
        Value::Object(object) => object.values().for_each(|v| count(v, nodes)),
        _ => {}
    }
}

fn nth<'v>(value: &'v mut Value, at: &mut usize) -> Option<&'v mut Value> {
    if *at == 0 {
        return Some(value);
    }
    *at -= 1;
    match value {
        Value::Array(list) => list.iter_mut().find_map(|v| nth(v, at)),
        Value::Object(object) => object.values_mut().find_map(|v| nth(v, at)),
        _ => None,
    }
}

/// A change of one line of the ledger; every sum is made good, so that the line itself is judged.
pub(super) fn of_lines(bytes: &[u8], chance: &mut Chance) -> Option<(Vec<u8>, &'static str)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines: Vec<Value> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>().ok()?;
    if lines.is_empty() {
        return None;
    }
    let i = chance.below(lines.len());
    let what = match chance.below(6) {
        0 => {
            lines.remove(i);
            "an entry taken out"
        }
        1 => {
            lines.push(lines[i].clone());
            "an entry twice"
        }
        2 => {
            let corrected = lines[chance.below(lines.len())]["sum"].clone();
            lines[i]["corrects"] = corrected;
            "a correction"
        }
        _ => change(&mut lines[i], chance)?,
    };
    let mut out = String::new();
    let mut last = String::new();
    for mut line in lines {
        if let Value::Object(object) = &mut line {
            object.shift_remove("sum");
            object.shift_remove("after");
            object.insert("after".to_owned(), last.clone().into());
        }
        let whole = line.to_string();
        let before = whole.strip_suffix('}').unwrap_or(&whole);
        last.clear();
        for byte in &Sha256::digest(before.as_bytes())[..8] {
            let _ = write!(last, "{byte:02x}");
        }
        let _ = writeln!(out, "{before},\"sum\":\"{last}\"}}");
    }
    Some((out.into_bytes(), what))
}
