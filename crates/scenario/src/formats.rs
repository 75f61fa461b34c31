//! The page of the file formats, for people: docs/file-formats.md. Columns, ranges, codes and headings come from the
//! declarations the reader uses, keys from the schema; the rules between columns stand here as prose.

use seatcast_core::supply::Kind;
use serde_json::{Map, Value};

use crate::{
    schema,
    tables::{ALL, COMMON, ColumnSpec, Content, TABLES, TableSpec, projects, rates},
};

const INTRO: &str = "\
<!-- made from the declarations of the reader: SEATCAST_BLESS=1 cargo test writes it anew -->

# Scenario files, version 1

**中文摘要**　情景文件夹的全部文件：`scenario.json` 的键，各张 CSV 表的列、中文表头、单位和范围，变体，以及方案、预算等命令行文件。

A scenario is a folder: one `scenario.json` beside CSV tables that a planner keeps in Excel. `settings.csv` can hold what changes every year.

- Keys and codes are English in every language. A heading may be the English name of the column or one of the Chinese ones listed here. An unknown column or key is an error.
- A blank cell means *missing*; `0` means zero. A column of which no cell may be blank must be there; any other may be left out.
- Tables are comma-separated or tab-separated, with one row of headings. UTF-8, GB18030 and UTF-16 are recognised, with or without a byte-order mark; a note names what is not UTF-8, and `--encoding` overrides. Line breaks may be those of Windows.
- A comma in a number is a thousands separator where it stands between groups of three digits (`1,234`); full-width digits are read as plain ones. No units, no `%`.
- A month is `2020-09`; `2020/9`, `2020.09`, `2020-9-1` and `2020年9月` mean the same. Years lie between 1950 and 2200.
- No path may leave the folder. A file over 64 MiB is refused before it is read; [limits](limits.md) lists every limit and how to raise it.
- Keys (of zones, stages, schools, projects, groups ...) hold no character that cannot be seen; names and remarks may.
- In a key `<kind>` stands for each kind of project.

`seatcast schema` prints these rules as a JSON Schema, `seatcast schema --table NAME` as a Table Schema; they are kept in `docs/schema/`.
";

const COMMON_INTRO: &str = "\
## Columns of every table

They never change a number. Rows known only after the round are used, and a warning names them.
";

const VARIANTS: &str = "\
## Variants

`variants/NAME.json` describes the scenario with named changes. `run`, `sweep` and `validate` take `--variant NAME`; `base` is the scenario itself.

| key | meaning |
|---|---|
| `format` | 1 |
| `name` | `{\"zh\", \"en\"}`, appended to the title |
| `extends` | another variant whose changes come first |
| `patches` | the changes, in order |

A patch has one of these forms. They change the text of the tables before the check, so that a patched cell is checked like any other.

```json
{ \"key\": \"levels.secure\", \"value\": 0.95 }
{ \"table\": \"rates\", \"where\": { \"rate\": \"entry\" }, \"multiply\": { \"value\": 0.94 } }
{ \"table\": \"zones\", \"where\": { \"zone\": [\"north\", \"hill\"] }, \"set\": { \"group\": \"north\" } }
{ \"table\": \"projects\", \"add\": [{ \"id\": \"c1\", \"zone\": \"north\", \"stage\": \"primary\", \"kind\": \"prefab\", \"places\": 540, \"status\": \"candidate\" }] }
{ \"table\": \"projects\", \"remove\": { \"id\": \"p05\" } }
```

`where` and `remove` name columns with a text, or a list of texts, that must match; without `where` every row is meant. A condition that matches no row is an error.
";

/// The page.
pub fn page() -> String {
    let mut out = format!("{INTRO}\n## scenario.json\n\n");
    out.push_str("| key | type | unit, range | default | meaning |\n|---|---|---|---|---|\n");
    keys(&schema::scenario(), "", &mut out);
    for table in TABLES {
        out.push_str(&section(table));
    }
    out.push_str(&format!("\n{COMMON_INTRO}\n"));
    out.push_str(&columns(COMMON));
    out.push_str(&format!("\n{LEDGER}\n{VARIANTS}"));
    for table in &ALL[TABLES.len()..] {
        out.push_str(&section(table));
    }
    out
}

fn section(table: &TableSpec) -> String {
    let key: Vec<String> = table.key.iter().map(|column| format!("`{column}`")).collect();
    let mut out = format!("\n## {}\n\n{}\n", table.title, table.rules);
    out.push_str(&format!("One row for each {}.\n\n", key.join(", ")));
    out.push_str(&columns(table.columns));
    if table.name == rates::TABLE.name {
        out.push_str(&format!("\n{}", rates::BY_RATE));
    } else if table.name == projects::TABLE.name {
        out.push_str(&format!("\n{}", projects::by_kind()));
    }
    out
}

const LEDGER: &str = "\
## ledger.jsonl

Optional. The ledger of projects, written by `seatcast ledger add` and never edited: a line holds an entry and its checksum, a wrong entry is corrected by a later one. Entries up to the day of the round are used. See [supply.md](supply.md).
";

fn columns(columns: &[ColumnSpec]) -> String {
    let mut out = String::from(
        "| column | 中文表头 | may be blank | content | meaning | 含义 |\n|---|---|---|---|---|---|\n",
    );
    for column in columns {
        let (headings, en, zh) = (column.words.headings.join("、"), column.words.en, column.words.zh);
        let blank = if column.required { "no" } else { "yes" };
        let content = content(column.content);
        out.push_str(&format!("| `{}` | {headings} | {blank} | {content} | {en} | {zh} |\n", column.name));
    }
    out
}

fn content(content: Content) -> String {
    let range = |bound: seatcast_core::bounds::Bound| {
        let unit = if bound.unit.is_empty() { String::new() } else { format!(" {}", bound.unit) };
        format!("{} .. {}{unit}", bound.min, bound.max)
    };
    match content {
        Content::Key | Content::List | Content::Free | Content::Remark => "text".to_owned(),
        Content::Whole(bound) => format!("whole number, {}", range(bound)),
        Content::Number(bound) => format!("number, {}", range(bound)),
        Content::Month => "month".to_owned(),
        Content::Day => "day, `YYYY-MM-DD`".to_owned(),
        Content::Code(codes) => {
            codes.iter().map(|of| format!("`{}`", of.code)).collect::<Vec<_>>().join(", ")
        }
        Content::YesNo => "`yes`, `no`".to_owned(),
        Content::Decision => "month, or `never`".to_owned(),
    }
}

/// Rows of the keys of a schema, with those inside them.
fn keys(schema: &Value, path: &str, out: &mut String) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    let required: Vec<&str> = texts(schema.get("required"));
    // what every kind of project has in the same way is written once
    let by_kind = properties.keys().map(String::as_str).eq(Kind::ALL.map(Kind::code))
        && properties.values().all(|value| Some(value) == properties.values().next());
    let listed = if by_kind { 1 } else { properties.len() };
    for (key, value) in properties.iter().take(listed) {
        let key = if by_kind { "<kind>" } else { key };
        let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        let Some(members) = value.as_object() else { continue };
        let default = match members.get("default") {
            Some(default) => format!("`{}`", shown(default)),
            None if required.contains(&key) => "required".to_owned(),
            None => String::new(),
        };
        let meaning = members.get("description").map(shown).unwrap_or_default();
        out.push_str(&format!(
            "| `{path}` | {} | {} | {default} | {meaning} |\n",
            kind(members),
            limits(members)
        ));
        if !is_name(value) {
            keys(value, &path, out);
        }
        if let Some(items) = value.get("items") {
            keys(items, &format!("{path}[]"), out);
        }
    }
}

/// A text in both languages is one thing to a reader.
fn is_name(value: &Value) -> bool {
    value.get("properties").and_then(Value::as_object).is_some_and(|p| p.len() == 2 && p.contains_key("zh"))
}

fn kind(members: &Map<String, Value>) -> String {
    if members.get("properties").and_then(Value::as_object).is_some_and(|p| p.contains_key("zh")) {
        return "`{\"zh\", \"en\"}`".to_owned();
    }
    match members.get("type").and_then(Value::as_str) {
        Some("array") => match members.get("items").and_then(|i| i.get("type")).and_then(Value::as_str) {
            Some("object") => "list of objects".to_owned(),
            Some("string") => "list of texts".to_owned(),
            Some(items) => format!("list of {items}s"),
            None => "list".to_owned(),
        },
        Some("string") => "text".to_owned(),
        Some(kind) => kind.to_owned(),
        None => match members.get("type").map(|t| texts(Some(t))) {
            Some(kinds) if kinds.contains(&"array") => format!("{}, or list of them", kinds[0]),
            _ => members.get("const").map(shown).unwrap_or_default(),
        },
    }
}

fn limits(members: &Map<String, Value>) -> String {
    let of = members.get("items").and_then(Value::as_object).filter(|i| i.contains_key("minimum"));
    let of = of.unwrap_or(members);
    match (of.get("minimum"), of.get("maximum")) {
        (Some(min), Some(max)) => format!("{min} .. {max}"),
        _ => String::new(),
    }
}

fn texts(list: Option<&Value>) -> Vec<&str> {
    list.and_then(Value::as_array).map_or_else(Vec::new, |l| l.iter().filter_map(Value::as_str).collect())
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
