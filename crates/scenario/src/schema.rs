//! The file format for machines: JSON Schema (draft 2020-12) of `scenario.json` and of a variant, Table Schema of every
//! table. Made from the same bounds, codes and column declarations that the reader uses; a test compares the keys the
//! reader asks for with the keys described here.

use seatcast_core::{
    admission::AdmitAt,
    balance::{PRESETS, WarningLevels},
    bounds::{self, Bound},
    cycle::Wider,
    forecast::Uncertainty,
    geography::StageDetail,
    money::MoneyRules,
    supply::{Delay, Kind},
    time::{Horizon, Levels},
};
use serde_json::{Map, Value, json};

use crate::{
    document::{Assumptions, Months},
    keys::{self, Form, Key},
    tables::{ALL, ColumnSpec, Content, TABLES, TableSpec},
};

/// The schema of `scenario.json`.
pub fn scenario() -> Value {
    let tables: Map<String, Value> = TABLES
        .iter()
        .map(|t| {
            (
                t.name.to_owned(),
                with_default(text("file name inside the folder"), json!(format!("{}.csv", t.name))),
            )
        })
        .collect();
    let names = |what: &str| json!({ "type": "object", "description": what, "additionalProperties": name() });
    let first = json!({
        "format": { "const": 1, "description": "version of this file format" },
        "id": key("written in the column scenario of every result"),
        "name": name(),
        "base_year": whole(bounds::YEAR, "academic year of the last known roll; the round is decided in it"),
        "until": whole(bounds::YEAR, "last year of the results; base_year + outlook if not given"),
    });
    let rest = json!({
        "stages": { "type": "array", "minItems": 1, "items": stage(), "description": "in the order pupils pass through them" },
        "horizon": object("the 6-3-1 triple: outlook >= plan >= secure", section(&keys::HORIZON, Horizon::default())),
        "levels": object("probability at which places are secured, planned, looked for", section(&keys::LEVELS, Levels::default())),
        "tables": object("other file names of tables", Value::Object(tables)),
        "assumptions": assumptions(),
        "history": object("what is learnt from", json!({
            "mask_years": {
                "type": "array", "items": whole(bounds::YEAR, ""),
                "description": "years whose rolls are not learnt from, such as a year of closed schools",
            },
        })),
        "uncertainty": object("sizes of the shocks: standard deviations of logarithms; cohort and entry_cohort are variances times pupils", section(&keys::uncertainty(), Uncertainty::default())),
        "breaks": object("what may happen in the futures of `seatcast cycle` and no forecast knows of", section(&keys::breaks(), Wider::default())),
        "money": object("currency, prices and discounting of every amount", section(&keys::MONEY, MoneyRules::default())),
        "display": object("texts printed on every output", json!({
            "notice": name(),
            "source": name(),
            "districts": names("names of districts by key"),
            "groups": names("names of sharing groups by key"),
        })),
    });
    let mut properties = members(first);
    properties.extend(described_keys(&keys::MONTHS, Months::default()));
    properties.extend(members(rest));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "seatcast scenario, format 1",
        "type": "object",
        "additionalProperties": false,
        "required": ["format", "id", "name", "base_year", "stages"],
        "properties": properties,
    })
}

fn stage() -> Value {
    let first = json!({
            "id": key("key of the stage"),
            "name": name(),
            "grades": { "type": "array", "minItems": 1, "items": { "type": "string", "minLength": 1 }, "description": "keys, entry grade first; unique over all stages" },
            "class_size": one_or_list(bounds::CLASS_SIZE, "standard class size; a list has one for each grade"),
    });
    let rest = json!({
            "entry_age": whole(bounds::ENTRY_AGE, "children enter from the pools of children.csv at this age"),
            "from": { "type": "array", "minItems": 1, "items": { "type": "string" }, "description": "pupils come from the last grade of these earlier stages" },
    });
    let mut properties = members(first);
    properties.extend(described_keys(&keys::STAGE, StageDetail::default()));
    properties.extend(members(rest));
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["id", "name", "grades", "class_size"],
        "oneOf": [{ "required": ["entry_age"] }, { "required": ["from"] }],
        "properties": properties,
    })
}

fn assumptions() -> Value {
    let by_kind = |what: &str, value: Value| {
        let kinds: Map<String, Value> =
            Kind::ALL.into_iter().map(|k| (k.code().to_owned(), value.clone())).collect();
        object(what, Value::Object(kinds))
    };
    let triple = json!({
        "type": "array", "minItems": 3, "maxItems": 3, "items": number(bounds::LEAD, ""),
        "description": "min, mode, max, months",
    });
    let mut warning = members(json!({
        "preset": { "enum": PRESETS.map(|preset| preset.id), "default": PRESETS[0].id, "description": "published levels; yellow and red override it" },
    }));
    warning.extend(described_keys(&keys::WARNING, WarningLevels::default()));
    let mut properties = described_keys(&keys::ASSUMPTIONS, Assumptions::default());
    properties.extend(members(json!({
        "leads": by_kind("leads of the gates", object("", json!({ "site": triple, "build": triple }))),
        "delay": by_kind("factor on the build lead, lognormal", object("", Value::Object(described_keys(&keys::DELAY, Delay { mean: 1.0, sd: 0.0 })))),
        "life_years": by_kind("years a building is used", whole(bounds::LIFE, "")),
        "cost_per_place": by_kind("money per place", number(bounds::MONEY, "")),
        "entry_source_error": {
            "type": "object",
            "description": "relative error of a source at lead 1, 2, ...",
            "additionalProperties": { "type": "array", "minItems": 1, "items": number(bounds::SOURCE_ERROR, "") },
        },
        "admit_at": { "enum": AdmitAt::ALL.map(AdmitAt::code), "default": AdmitAt::default().code(), "description": "class size at which places are given in September" },
        "warning": object("early warning on entrants over entry places", Value::Object(warning)),
    })));
    object("what is assumed where a table says nothing", Value::Object(properties))
}

/// The members of an object.
fn members(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// The keys of a section that has nothing else.
fn section<S>(keys: &[Key<S>], defaults: S) -> Value {
    Value::Object(described_keys(keys, defaults))
}

/// Keys with their ranges and meanings, and with their defaults if there are any.
fn described_keys<S>(keys: &[Key<S>], mut defaults: S) -> Map<String, Value> {
    let described = |key: &Key<S>| {
        let slot = key.slot(&mut defaults);
        let schema = match slot.form() {
            Form::Number => number(key.bound, key.means),
            Form::Whole => whole(key.bound, key.means),
            Form::Text => text(key.means),
        };
        let schema = match slot.value().filter(|_| key.has_default) {
            Some(default) => with_default(schema, default),
            None => schema,
        };
        (key.name.to_owned(), schema)
    };
    keys.iter().map(described).collect()
}

/// The schema of a variant, `variants/NAME.json`.
pub fn variant() -> Value {
    let cell = json!({ "type": ["string", "number", "null"] });
    let cells = json!({ "type": "object", "additionalProperties": cell });
    let filter = json!({
        "type": "object",
        "description": "columns with the text, or the texts, that match",
        "additionalProperties": { "anyOf": [cell, { "type": "array", "items": cell }] },
    });
    let tables: Vec<&str> = TABLES.iter().map(|t| t.name).collect();
    let table = json!({ "enum": tables });
    let form = |required: &[&str], properties: Value| json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "seatcast variant, format 1",
        "type": "object",
        "additionalProperties": false,
        "required": ["format", "name", "patches"],
        "properties": {
            "format": { "const": 1 },
            "name": name(),
            "extends": text("another variant whose patches come first"),
            "patches": {
                "type": "array",
                "description": "changes, in order",
                "items": { "oneOf": [
                    form(&["key", "value"], json!({ "key": text("key path of scenario.json"), "value": {} })),
                    form(&["table", "set"], json!({ "table": table, "where": filter, "set": cells })),
                    form(&["table", "multiply"], json!({
                        "table": table, "where": filter,
                        "multiply": { "type": "object", "additionalProperties": number(bounds::FACTOR, "") },
                    })),
                    form(&["table", "add"], json!({ "table": table, "add": { "type": "array", "items": cells } })),
                    form(&["table", "remove"], json!({ "table": table, "remove": filter })),
                ] },
            },
        },
    })
}

/// The Table Schema of the table called `name`.
pub fn table(name: &str) -> Option<Value> {
    ALL.iter().find(|t| t.name == name).map(|t| table_schema(t))
}

/// Names of every table that has a schema.
pub fn table_names() -> Vec<&'static str> {
    ALL.iter().map(|t| t.name).collect()
}

fn table_schema(spec: &TableSpec) -> Value {
    let fields: Vec<Value> = spec.all_columns().map(field).collect();
    json!({
        "name": spec.name,
        "fields": fields,
        "primaryKey": spec.key,
        "missingValues": [""],
    })
}

fn field(column: &ColumnSpec) -> Value {
    let mut field = Map::new();
    field.insert("name".to_owned(), json!(column.name));
    let (kind, mut constraints) = match column.content {
        Content::Key | Content::List | Content::Free | Content::Remark => ("string", Map::new()),
        Content::Whole(bound) => ("integer", limits(bound)),
        Content::Number(bound) => ("number", limits(bound)),
        Content::Month => ("yearmonth", Map::new()),
        Content::Day => ("date", Map::new()),
        Content::Code(codes) => {
            let codes: Vec<&str> = codes.iter().map(|of| of.code).collect();
            ("string", Map::from_iter([("enum".to_owned(), json!(codes))]))
        }
        Content::YesNo => ("string", Map::from_iter([("enum".to_owned(), json!(["yes", "no"]))])),
        Content::Decision => {
            ("string", Map::from_iter([("pattern".to_owned(), json!("^([0-9]{4}-[0-9]{2}|never)$"))]))
        }
    };
    field.insert("type".to_owned(), json!(kind));
    let words = column.words;
    field.insert("title".to_owned(), json!(words.headings.first()));
    field.insert("description".to_owned(), json!(format!("{} / {}", words.en, words.zh)));
    field.insert("headings".to_owned(), json!(words.headings));
    constraints.insert("required".to_owned(), json!(column.required));
    field.insert("constraints".to_owned(), Value::Object(constraints));
    Value::Object(field)
}

fn limits(bound: Bound) -> Map<String, Value> {
    Map::from_iter([("minimum".to_owned(), plain(bound.min)), ("maximum".to_owned(), plain(bound.max))])
}

/// A number without a fraction is written without one.
fn plain(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 { json!(number as i64) } else { json!(number) }
}

fn described(mut schema: Map<String, Value>, words: &str, unit: &str) -> Value {
    let all: Vec<&str> = [words, unit].into_iter().filter(|w| !w.is_empty()).collect();
    if !all.is_empty() {
        schema.insert("description".to_owned(), json!(all.join("; ")));
    }
    Value::Object(schema)
}

fn whole(bound: Bound, words: &str) -> Value {
    let mut schema = limits(bound);
    schema.insert("type".to_owned(), json!("integer"));
    described(schema, words, bound.unit)
}

fn number(bound: Bound, words: &str) -> Value {
    let mut schema = limits(bound);
    schema.insert("type".to_owned(), json!("number"));
    described(schema, words, bound.unit)
}

/// A whole number, or a list of them.
fn one_or_list(bound: Bound, words: &str) -> Value {
    let mut schema = limits(bound);
    schema.insert("type".to_owned(), json!(["integer", "array"]));
    schema.insert("minItems".to_owned(), json!(1));
    schema.insert("items".to_owned(), whole(bound, ""));
    described(schema, words, bound.unit)
}

fn text(words: &str) -> Value {
    json!({ "type": "string", "minLength": 1, "description": words })
}

fn key(words: &str) -> Value {
    json!({ "type": "string", "pattern": "^[\\p{L}\\p{N}_-]+$", "description": words })
}

fn name() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["zh", "en"],
        "properties": { "zh": { "type": "string", "minLength": 1 }, "en": { "type": "string", "minLength": 1 } },
    })
}

fn object(words: &str, properties: Value) -> Value {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema.insert("properties".to_owned(), properties);
    described(schema, words, "")
}

fn with_default(mut schema: Value, default: Value) -> Value {
    if let Value::Object(members) = &mut schema {
        members.insert("default".to_owned(), default);
    }
    schema
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{document, json as reader, problem::Problems};

    /// Keys of a schema as `a.b`, list items as `a[]`.
    fn described_keys(schema: &Value, path: &str, found: &mut BTreeSet<String>) {
        if let Some(Value::Object(members)) = schema.get("properties") {
            for (key, value) in members {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                found.insert(path.clone());
                described_keys(value, &path, found);
            }
        }
        if let Some(named) = schema.get("additionalProperties").filter(|named| named.is_object()) {
            described_keys(named, &format!("{path}.*"), found);
        }
        if let Some(items) = schema.get("items") {
            described_keys(items, &format!("{path}[]"), found);
        }
    }

    /// A key without the numbers of its lists.
    fn without_indices(path: &str) -> String {
        let mut parts = path.split('[');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |plain, part| plain + "[" + part.trim_start_matches(|c: char| c.is_ascii_digit()))
    }

    #[test]
    fn the_reader_asks_for_the_keys_of_the_schema_and_no_others() {
        let text = include_str!("../../../scenarios/teaching/scenario.json");
        let mut problems = Problems::default();
        let asked = crate::asked::asked(|| {
            document::read(text, &mut reader::Report { file: "scenario.json", problems: &mut problems });
        });
        // members that are called by the keys of districts and groups
        let named = |key: String| match key.split('.').collect::<Vec<_>>().as_slice() {
            ["display", of @ ("districts" | "groups"), _, rest @ ..] if !rest.is_empty() => {
                format!("display.{of}.*.{}", rest.join("."))
            }
            _ => key,
        };
        let asked: BTreeSet<String> = asked.iter().map(|key| named(without_indices(key))).collect();
        let mut described = BTreeSet::new();
        described_keys(&scenario(), "", &mut described);
        // keys of names and of leads are asked for only where the document has the object around them
        let parents: BTreeSet<String> =
            asked.iter().filter_map(|k| k.rsplit_once('.').map(|(p, _)| p.to_owned())).collect();
        let comparable: BTreeSet<String> = described
            .into_iter()
            .filter(|key| key.rsplit_once('.').is_none_or(|(parent, _)| parents.contains(parent)))
            .collect();
        assert_eq!(asked, comparable);
    }
}
