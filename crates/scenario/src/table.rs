//! A CSV table read cell by cell against its declaration: every fault of every row, with row and column.

use std::collections::{BTreeMap, BTreeSet};

use seatcast_core::{bounds, time::YearMonth};

use crate::{
    json::shorten,
    number,
    problem::{Expected, Fault, HistoryFault, Place, Problems, nearest},
    raw::{Origin, RawCell, RawTable},
    spec::{Column, Content, KNOWN_FROM, NOTE, TableSpec},
};

/// A typed cell.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Text(String),
    Number(f64),
    Month(YearMonth),
    Flag(bool),
    Never,
}

/// A row with its place in the file. Blank and faulty cells are `None`.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// As a spreadsheet counts: the heading is row 1.
    pub(crate) number: usize,
    cells: BTreeMap<&'static str, Cell>,
    /// Columns whose cells are faulty, or blank though they must not be. Their faults are reported.
    faulty: Vec<&'static str>,
    /// Its cells could not be told apart: nothing of it is known.
    unreadable: bool,
    /// Where cells were stated that do not stand in the table.
    origins: BTreeMap<&'static str, Origin>,
}

/// When a project is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// In this month.
    In(YearMonth),
    /// Never.
    Never,
}

/// A table as read.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) file: String,
    pub(crate) rows: Vec<Row>,
}

impl Row {
    fn empty(number: usize) -> Self {
        Self {
            number,
            cells: BTreeMap::new(),
            faulty: Vec::new(),
            unreadable: false,
            origins: BTreeMap::new(),
        }
    }

    /// Where a person finds the cell: its row in the table, or the patch that states it.
    pub(crate) fn place(&self, file: &str, column: &str) -> (String, Place) {
        match self.origins.get(column) {
            Some(origin) => (origin.file.clone(), Place::Key(origin.key.clone())),
            None => (file.to_owned(), Place::Row(self.number, Some(column.to_owned()))),
        }
    }

    pub(crate) fn decision(&self, column: &'static str) -> Option<Decision> {
        match self.cells.get(column) {
            Some(Cell::Month(month)) => Some(Decision::In(*month)),
            Some(Cell::Never) => Some(Decision::Never),
            _ => None,
        }
    }

    pub(crate) fn text(&self, column: &'static str) -> Option<&str> {
        match self.cells.get(column) {
            Some(Cell::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn number(&self, column: &'static str) -> Option<f64> {
        match self.cells.get(column) {
            Some(Cell::Number(number)) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn month(&self, column: &'static str) -> Option<YearMonth> {
        match self.cells.get(column) {
            Some(Cell::Month(month)) => Some(*month),
            _ => None,
        }
    }

    pub(crate) fn flag(&self, column: &'static str) -> bool {
        matches!(self.cells.get(column), Some(Cell::Flag(true)))
    }

    /// Whether the cell holds something, be it readable or not.
    pub(crate) fn is_given(&self, column: &'static str) -> bool {
        self.cells.contains_key(column) || self.is_faulty(column)
    }

    /// Whether a fault of this cell has been reported, so that what follows from it need not be.
    pub(crate) fn is_faulty(&self, column: &str) -> bool {
        self.unreadable || self.faulty.contains(&column)
    }

    /// A cell as text, for keys.
    pub(crate) fn shown(&self, column: &'static str) -> String {
        match self.cells.get(column) {
            None => String::new(),
            Some(Cell::Text(text)) => text.clone(),
            Some(Cell::Number(number)) => number.to_string(),
            Some(Cell::Month(month)) => month.to_string(),
            Some(Cell::Flag(flag)) => flag.to_string(),
            Some(Cell::Never) => "never".to_owned(),
        }
    }
}

impl Table {
    /// Judges every cell of `raw`.
    pub(crate) fn read(raw: &RawTable, problems: &mut Problems) -> Self {
        let mut table = Self { file: raw.file.clone(), rows: Vec::new() };
        for row in &raw.rows {
            table.rows.push(match &row.cells {
                Some(cells) => read_row(raw, row.number, cells, problems),
                None => Row { unreadable: true, ..Row::empty(row.number) },
            });
        }
        if table.rows.is_empty() {
            problems.push(&table.file, Place::File, Fault::NoRows);
        }
        table.report_duplicates(raw.spec, problems);
        table
    }

    fn report_duplicates(&self, spec: &TableSpec, problems: &mut Problems) {
        let mut first: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        let whole = |row: &&Row| !spec.key.iter().any(|column| row.is_faulty(column));
        for row in self.rows.iter().filter(whole) {
            // a figure that became known in another month is a revision, not a second row
            let columns = spec.key.iter().copied().chain([KNOWN_FROM]);
            let key: Vec<String> = columns.map(|column| row.shown(column)).collect();
            if let Some(&earlier) = first.get(&key) {
                let shown: Vec<&str> = key.iter().map(String::as_str).filter(|k| !k.is_empty()).collect();
                // a row that a patch added stands in no table
                let (file, place) = match spec.key.iter().find_map(|column| row.origins.get(column)) {
                    Some(origin) => (origin.file.clone(), Place::Key(origin.key.clone())),
                    None => (self.file.clone(), Place::Row(row.number, None)),
                };
                problems.push(&file, place, Fault::DuplicateRow(shown.join(", "), earlier));
            } else {
                first.insert(key, row.number);
            }
        }
    }

    /// Rows known only after `round`.
    pub(crate) fn later_than(&self, round: YearMonth) -> usize {
        self.rows.iter().filter(|row| row.month(KNOWN_FROM).is_some_and(|known| known > round)).count()
    }

    /// Leaves the rows that were known in `as_of`, and of a row that was revised the last of them. `implied` is the month
    /// from which a row is known that does not say. Where there is none an error names the first month that leaves any, and
    /// the table is as if it were not there: `false`.
    pub(crate) fn keep_known(
        &mut self,
        spec: &TableSpec,
        as_of: Option<YearMonth>,
        implied: impl Fn(&Row) -> Option<YearMonth>,
        problems: &mut Problems,
    ) -> bool {
        if let Some(as_of) = as_of {
            let from = |row: &Row| row.month(KNOWN_FROM).or_else(|| implied(row));
            let first = self.rows.iter().filter_map(from).min();
            let some = !self.rows.is_empty();
            let before = self.rows.len();
            self.rows.retain(|row| from(row).is_none_or(|known| known <= as_of));
            if let (true, true, Some(first)) = (some, self.rows.is_empty(), first) {
                let (as_of, first) = (as_of.to_string(), first.to_string());
                let fault = if spec.may_be_empty() {
                    HistoryFault::NonePlanned(as_of, first)
                } else {
                    HistoryFault::NothingKnown(as_of, first)
                };
                problems.push(&self.file, Place::File, Fault::History(fault));
                return false;
            } else if before > self.rows.len() {
                let fault = HistoryFault::NotYetKnown(before - self.rows.len(), as_of.to_string());
                problems.push(&self.file, Place::File, Fault::History(fault));
            }
        }
        let mut last: BTreeMap<Vec<String>, (Option<YearMonth>, usize)> = BTreeMap::new();
        for (i, row) in self.rows.iter().enumerate() {
            let key: Vec<String> = spec.key.iter().map(|&column| row.shown(column)).collect();
            if spec.key.iter().any(|column| row.is_faulty(column)) {
                continue;
            }
            let known = row.month(KNOWN_FROM);
            let entry = last.entry(key).or_insert((known, i));
            if known > entry.0 {
                *entry = (known, i);
            }
        }
        let kept: BTreeSet<usize> = last.into_values().map(|(_, i)| i).collect();
        let before = self.rows.len();
        let mut i = 0;
        self.rows.retain(|row| {
            i += 1;
            kept.contains(&(i - 1)) || spec.key.iter().any(|column| row.is_faulty(column))
        });
        if before > self.rows.len() && !problems.any_error() {
            let fault = HistoryFault::Revised(before - self.rows.len());
            problems.push(&self.file, Place::File, Fault::History(fault));
        }
        true
    }
}

fn read_row(raw: &RawTable, number: usize, cells: &[RawCell], problems: &mut Problems) -> Row {
    let mut row = Row { faulty: raw.meant.clone(), ..Row::empty(number) };
    for (cell, column) in cells.iter().zip(&raw.columns) {
        let Some(column) = column else { continue };
        if let Some(origin) = &cell.origin {
            row.origins.insert(column.name, origin.clone());
        }
        let read = if cell.text.is_empty() {
            if column.required { Err(Fault::Blank) } else { continue }
        } else {
            typed(&cell.text, column)
        };
        match read {
            Ok(cell) => {
                row.cells.insert(column.name, cell);
            }
            Err(fault) => {
                let (file, place) = row.place(&raw.file, column.name);
                problems.push(&file, place, fault);
                row.faulty.push(column.name);
            }
        }
    }
    row
}

fn typed(text: &str, column: &Column) -> Result<Cell, Fault> {
    let content = column.content;
    let wrong = |expected| Err(Fault::WrongType(shorten(text), expected));
    match content {
        // a remark may hold what it likes
        Content::Text if column.name != NOTE && number::is_shortened_code(text) => {
            Err(Fault::ShortenedCode(text.to_owned()))
        }
        Content::Text => Ok(Cell::Text(text.to_owned())),
        Content::Decision if text == "never" => Ok(Cell::Never),
        Content::Month | Content::Decision => match number::month(text) {
            None if matches!(content, Content::Decision) => wrong(Expected::Decision),
            None => wrong(Expected::Month),
            Some(month) if !bounds::YEAR.contains(f64::from(month.year)) => {
                let bounds::Bound { min, max, .. } = bounds::YEAR;
                Err(Fault::YearOutside(i64::from(month.year), min as i32, max as i32))
            }
            Some(month) => Ok(Cell::Month(month)),
        },
        Content::Day => match number::day(text) {
            Some(day) => Ok(Cell::Text(day)),
            None => wrong(Expected::Day),
        },
        Content::YesNo => match text {
            "yes" => Ok(Cell::Flag(true)),
            "no" => Ok(Cell::Flag(false)),
            _ => wrong(Expected::YesNo),
        },
        Content::Code(codes) => {
            if codes.contains(&text) {
                Ok(Cell::Text(text.to_owned()))
            } else {
                let allowed = codes.iter().map(|c| (*c).to_owned()).collect();
                Err(Fault::UnknownCode(shorten(text), allowed, nearest(text, codes.iter().copied())))
            }
        }
        Content::Whole(bound) | Content::Number(bound) => {
            let expected =
                if matches!(content, Content::Whole(_)) { Expected::Whole } else { Expected::Number };
            let Some(plain) = number::plain_number(text) else { return wrong(expected) };
            let Ok(number) = plain.parse::<f64>() else { return wrong(expected) };
            if !number.is_finite() {
                return Err(Fault::NotFinite(shorten(text)));
            }
            let digits = plain.strip_prefix('-').unwrap_or(&plain);
            if matches!(content, Content::Whole(_)) && !digits.bytes().all(|b| b.is_ascii_digit()) {
                return wrong(Expected::Whole);
            }
            if !bound.contains(number) {
                return Err(Fault::OutOfRange(shorten(text), bound));
            }
            Ok(Cell::Number(number))
        }
    }
}
