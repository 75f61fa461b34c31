//! One line of the ledger: written with a checksum, read only if the checksum is its own.

use std::fmt::Write as _;

use seatcast_core::{bounds, supply::Milestone, time::Day};
use sha2::{Digest, Sha256};

use super::{BadLine, Draft};

/// Digits of a sum: 64 bits, enough to tell every entry of a district from every other.
const DIGITS: usize = 16;

/// An entry as it stands in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The day it speaks of.
    pub date: Day,
    /// Key of the project.
    pub project: String,
    /// Milestone reached.
    pub milestone: Option<Milestone>,
    /// Building work done, percent.
    pub progress: Option<f64>,
    /// Money spent so far.
    pub spent: Option<f64>,
    /// Free text.
    pub note: String,
    /// Who wrote it.
    pub author: String,
    /// Sum of the entry whose place it takes.
    pub corrects: Option<String>,
    /// Sum of the entry before; empty for the first.
    pub after: String,
    /// Its own sum.
    pub sum: String,
}

impl Line {
    pub(super) fn new(draft: &Draft, after: String, corrects: Option<String>) -> Self {
        let mut line = Self {
            date: draft.date,
            project: draft.project.clone(),
            milestone: draft.milestone,
            progress: draft.progress,
            spent: draft.spent,
            note: draft.note.clone(),
            author: draft.author.clone(),
            // a correction of nothing is kept as one, so that the check can refuse it
            corrects: corrects.or(draft.corrects.map(|_| String::new())),
            after,
            sum: String::new(),
        };
        line.sum = sum(&body(&line));
        line
    }
}

fn sum(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    let mut out = String::with_capacity(DIGITS);
    for byte in &hash[..DIGITS / 2] {
        // writing to a String cannot fail
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// Everything before the sum.
fn body(line: &Line) -> String {
    let text = |s: &str| serde_json::Value::from(s).to_string();
    let mut out = format!("{{\"date\":\"{}\",\"project\":{}", line.date, text(&line.project));
    if let Some(milestone) = line.milestone {
        out.push_str(&format!(",\"milestone\":\"{milestone}\""));
    }
    if let Some(progress) = line.progress {
        out.push_str(&format!(",\"progress\":{progress}"));
    }
    if let Some(spent) = line.spent {
        out.push_str(&format!(",\"spent\":{spent}"));
    }
    if !line.note.is_empty() {
        out.push_str(&format!(",\"note\":{}", text(&line.note)));
    }
    out.push_str(&format!(",\"author\":{}", text(&line.author)));
    if let Some(corrects) = &line.corrects {
        out.push_str(&format!(",\"corrects\":{}", text(corrects)));
    }
    out.push_str(&format!(",\"after\":{}", text(&line.after)));
    out
}

/// The bytes to append; `torn` if the file ends within a line.
pub(super) fn write(line: &Line, torn: bool) -> String {
    format!("{}{},\"sum\":\"{}\"}}\n", if torn { "\n" } else { "" }, body(line), line.sum)
}

/// Reads one line without its line break.
pub(super) fn read(raw: &[u8]) -> Result<Line, BadLine> {
    let text = std::str::from_utf8(raw).map_err(|_| BadLine::Torn)?;
    // a text editor on Windows may have put a carriage return there; the entry is none the worse
    let text = text.strip_suffix('\r').unwrap_or(text);
    let (before, rest) = text.rsplit_once(",\"sum\":\"").ok_or(BadLine::Torn)?;
    let given = rest.strip_suffix("\"}").ok_or(BadLine::Torn)?;
    if given != sum(before) {
        return Err(BadLine::Torn);
    }
    // whole, and yet no JSON that is read here: nested too deep, or a number that no double holds
    let unreadable = || BadLine::Unreadable("{...}".to_owned());
    let value: serde_json::Value = serde_json::from_str(text).map_err(|_| unreadable())?;
    let object = value.as_object().ok_or(BadLine::Torn)?;
    let known =
        ["date", "project", "milestone", "progress", "spent", "note", "author", "corrects", "after", "sum"];
    if let Some(key) = object.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(BadLine::Unreadable(key.clone()));
    }
    let bad = |key: &str| BadLine::Unreadable(key.to_owned());
    let text_of = |key: &str| match object.get(key) {
        None => Ok(None),
        Some(serde_json::Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(bad(key)),
    };
    let number_of = |key: &str, bound: bounds::Bound| match object.get(key).map(serde_json::Value::as_f64) {
        None => Ok(None),
        Some(Some(number)) if bound.contains(number) => Ok(Some(number)),
        Some(_) => Err(bad(key)),
    };
    let must = |key: &str| text_of(key)?.ok_or_else(|| bad(key));
    Ok(Line {
        date: Day::parse(&must("date")?).ok_or_else(|| bad("date"))?,
        project: must("project")?,
        milestone: match text_of("milestone")? {
            None => None,
            Some(code) => Some(Milestone::from_code(&code).ok_or_else(|| bad("milestone"))?),
        },
        progress: number_of("progress", bounds::PERCENT)?,
        spent: number_of("spent", bounds::MONEY)?,
        note: text_of("note")?.unwrap_or_default(),
        author: must("author")?,
        corrects: text_of("corrects")?,
        after: must("after")?,
        sum: given.to_owned(),
    })
}
