//! What must hold of every text, table and document that comes out.

use seatcast::{
    Lang,
    scenario::{
        Problem, Severity,
        message::{self, Diagnostic},
    },
};

use super::is;

/// A text for a person: it says something, and no figure of it is none.
pub(super) fn said(what: &str, text: &str) -> Result<(), String> {
    if text.trim().is_empty() || text.contains("NaN") {
        return Err(format!("{what} says: {text}"));
    }
    Ok(())
}

/// A text as the command prints it: nothing in it steers a terminal.
pub(super) fn text(what: &str, text: &str) -> Result<(), String> {
    let bad = |c: &char| c.is_control() && *c != '\n';
    match text.lines().find_map(|line| line.chars().find(bad).map(|c| (line, c))) {
        Some((line, c)) => Err(format!("{what} shows U+{:04X}: {}", c as u32, line.escape_debug())),
        None => Ok(()),
    }
}

/// A document for a script.
pub(super) fn json(what: &str, text: &str) -> Result<serde_json::Value, String> {
    serde_json::from_str(text).map_err(|e| format!("{what} is no JSON: {e}"))
}

/// A table: as many cells in every row, and no number that is none.
pub(super) fn table(what: &str, bytes: &[u8]) -> Result<(), String> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = csv::Reader::from_reader(bytes);
    for record in reader.records() {
        let record = record.map_err(|e| format!("{what}: {e}"))?;
        // as this program would write them: a key that a mutation called so is written in another way
        if let Some(cell) = record.iter().find(|cell| ["NaN", "inf", "-inf"].contains(cell)) {
            return Err(format!("{what} holds {cell}: {record:?}"));
        }
    }
    Ok(())
}

/// A chart, its font aside: no coordinate is none.
pub(super) fn chart(svg: &str) -> Result<(), String> {
    let drawn = svg.split("</style>").last().unwrap_or_default();
    if ["NaN", "inf"]
        .iter()
        .any(|none| drawn.contains(&format!("\"{none}")) || drawn.contains(&format!(",{none}")))
    {
        return Err("a chart has a coordinate that is no number".to_owned());
    }
    Ok(())
}

/// Every file of a results folder.
pub(super) fn files(files: &[(String, Vec<u8>)]) -> Result<(), String> {
    for (name, bytes) in files {
        if is(name, "csv") {
            table(name, bytes)?;
        } else if is(name, "json") {
            json(name, std::str::from_utf8(bytes).map_err(|e| format!("{name}: {e}"))?)?;
        }
        let inside =
            std::path::Path::new(name).components().all(|c| matches!(c, std::path::Component::Normal(_)));
        if !inside {
            return Err(format!("{name} leaves the folder"));
        }
    }
    Ok(())
}

/// What a reader says: in both languages, as text and as JSON.
pub(super) fn problems(problems: &[Problem]) -> Result<(), String> {
    for lang in [Lang::En, Lang::Zh] {
        if message::text(problems, lang, 100).trim().is_empty() != problems.is_empty() {
            return Err("the reader says nothing".to_owned());
        }
        for problem in problems.iter().take(100) {
            let told = Diagnostic::new(problem, lang);
            if told.message.trim().is_empty()
                || problem.severity() == Severity::Error && told.help.trim().is_empty()
            {
                return Err(format!("{} says nothing", told.code));
            }
        }
    }
    Ok(())
}

/// What a reader says of what it refuses: at least one error.
pub(super) fn refused(said: &[Problem]) -> Result<(), String> {
    if said.iter().all(|p| p.severity() != Severity::Error) {
        return Err("refused without an error".to_owned());
    }
    problems(said)
}
