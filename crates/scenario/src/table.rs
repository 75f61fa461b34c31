//! A CSV table read cell by cell against its declaration: every fault of every row, with row and column.

use std::collections::BTreeMap;

use seatcast_core::{bounds, time::YearMonth};

use crate::{
    json::shorten,
    problem::{Expected, Fault, NotTable, Place, Problems, nearest},
    spec::{COMMON, Column, Content, TableSpec},
};

/// A typed cell.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Text(String),
    Number(f64),
    Month(YearMonth),
    Flag(bool),
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
}

/// A table as read.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) file: String,
    pub(crate) rows: Vec<Row>,
}

impl Row {
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

    /// Whether a fault of this cell has been reported, so that what follows from it need not be.
    pub(crate) fn is_faulty(&self, column: &str) -> bool {
        self.unreadable || self.faulty.contains(&column)
    }

    /// A cell as text, for keys.
    fn shown(&self, column: &'static str) -> String {
        match self.cells.get(column) {
            None => String::new(),
            Some(Cell::Text(text)) => text.clone(),
            Some(Cell::Number(number)) => number.to_string(),
            Some(Cell::Month(month)) => month.to_string(),
            Some(Cell::Flag(flag)) => flag.to_string(),
        }
    }
}

impl Table {
    /// Reads `text` against `spec`.
    pub(crate) fn read(file: &str, text: &str, spec: &TableSpec, problems: &mut Problems) -> Option<Self> {
        let (records, open_row) = records(text);
        let mut records = records.into_iter();
        let Some((first, heading)) = records.next() else {
            problems.push(file, Place::File, Fault::NoRows);
            return None;
        };
        if let Some(separator) = other_separator(&heading, spec) {
            problems.push(file, Place::Row(first, None), Fault::CsvSyntax(NotTable::Separator(separator)));
            return None;
        }
        if open_row == Some(first) {
            problems.push(file, Place::Row(first, None), Fault::CsvSyntax(NotTable::OpenQuote));
            return None;
        }
        let Headings { columns, meant } = headings(file, first, &heading, spec, problems)?;
        let mut table = Self { file: file.to_owned(), rows: Vec::new() };
        for (number, record) in records {
            // rows of nothing but separators are what a spreadsheet leaves below its data
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let fault = if open_row == Some(number) {
                Some(Fault::CsvSyntax(NotTable::OpenQuote))
            } else if record.len() != columns.len() {
                Some(Fault::RowWidth(record.len(), columns.len()))
            } else {
                None
            };
            table.rows.push(match fault {
                None => {
                    let mut row = read_row(file, number, &record, &columns, problems);
                    row.faulty.extend(&meant);
                    row
                }
                Some(fault) => {
                    problems.push(file, Place::Row(number, None), fault);
                    Row { number, cells: BTreeMap::new(), faulty: Vec::new(), unreadable: true }
                }
            });
        }
        if table.rows.is_empty() {
            problems.push(file, Place::File, Fault::NoRows);
        }
        table.report_duplicates(spec, problems);
        Some(table)
    }

    fn report_duplicates(&self, spec: &TableSpec, problems: &mut Problems) {
        let mut first: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        let whole = |row: &&Row| !spec.key.iter().any(|column| row.is_faulty(column));
        for row in self.rows.iter().filter(whole) {
            let key: Vec<String> = spec.key.iter().map(|&column| row.shown(column)).collect();
            if let Some(&earlier) = first.get(&key) {
                let shown: Vec<&str> = key.iter().map(String::as_str).filter(|k| !k.is_empty()).collect();
                problems.push(
                    &self.file,
                    Place::Row(row.number, None),
                    Fault::DuplicateRow(shown.join(", "), earlier),
                );
            } else {
                first.insert(key, row.number);
            }
        }
    }

    /// Rows known only after `round`.
    pub(crate) fn later_than(&self, round: YearMonth) -> usize {
        self.rows.iter().filter(|row| row.month("known_from").is_some_and(|known| known > round)).count()
    }
}

/// Stands below a table that ends where it should.
const END: &str = "\u{0}end\u{0}";

/// The rows of `text` with their numbers as a spreadsheet counts them, and the number of one whose quoted cell never ends.
fn records(text: &str) -> (Vec<(usize, csv::StringRecord)>, Option<usize>) {
    let text = format!("{text}\n{END}\n");
    let reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut number = 0;
    // a text in memory, of rows of any width, gives no error
    for record in reader.into_records().flatten() {
        // the reader passes over empty lines; a spreadsheet shows them as rows
        let start = record.position().map_or(0, |p| p.byte() as usize);
        let (before, mut rest) = text.split_at(start);
        if before.ends_with('\r') {
            rest = rest.strip_prefix('\n').unwrap_or(rest);
        }
        while let Some(below) = ["\r\n", "\n", "\r"].iter().find_map(|end| rest.strip_prefix(end)) {
            number += 1;
            rest = below;
        }
        number += 1;
        rows.push((number, record));
    }
    match rows.pop() {
        Some((_, end)) if end.iter().eq([END]) => (rows, None),
        Some((number, open)) => {
            rows.push((number, open));
            (rows, Some(number))
        }
        None => (rows, None),
    }
}

/// The separator of a heading that is one cell only because it is not separated by commas.
fn other_separator(heading: &csv::StringRecord, spec: &TableSpec) -> Option<char> {
    let known = |name: &str| spec.columns.iter().any(|c| c.name == name.trim());
    let only = heading.get(0).filter(|_| heading.len() == 1)?;
    [';', '\t', '|', '，'].into_iter().find(|&mark| only.contains(mark) && only.split(mark).any(known))
}

/// The heading of a table.
struct Headings {
    /// The declared column of each cell.
    columns: Vec<Option<&'static Column>>,
    /// Columns that an unknown name was perhaps meant for: what their cells say is not known.
    meant: Vec<&'static str>,
}

/// Reads the heading; `None` if a required column is missing.
fn headings(
    file: &str,
    number: usize,
    heading: &csv::StringRecord,
    spec: &TableSpec,
    problems: &mut Problems,
) -> Option<Headings> {
    let known: Vec<&'static Column> = spec.columns.iter().chain(COMMON).collect();
    let mut seen: Vec<&str> = Vec::new();
    let mut columns = Vec::new();
    let mut meant = Vec::new();
    for (i, name) in heading.iter().enumerate() {
        let name = name.trim();
        let shown = if name.is_empty() { format!("#{}", i + 1) } else { name.to_owned() };
        let place = Place::Row(number, Some(shown));
        let column = known.iter().find(|c| c.name == name).copied();
        if column.is_none() {
            let near = nearest(name, known.iter().map(|c| c.name));
            meant.extend(known.iter().map(|c| c.name).find(|n| near.as_deref() == Some(n)));
            problems.push(file, place, Fault::UnknownColumn(name.to_owned(), near));
        } else if seen.contains(&name) {
            problems.push(file, place, Fault::DuplicateColumn(name.to_owned()));
        }
        seen.push(name);
        columns.push(column);
    }
    let mut complete = true;
    for column in spec.columns.iter().filter(|c| c.required && !seen.contains(&c.name)) {
        problems.push(file, Place::Row(number, None), Fault::MissingColumn(column.name.to_owned()));
        complete = false;
    }
    complete.then_some(Headings { columns, meant })
}

fn read_row(
    file: &str,
    number: usize,
    record: &csv::StringRecord,
    columns: &[Option<&'static Column>],
    problems: &mut Problems,
) -> Row {
    let mut row = Row { number, cells: BTreeMap::new(), faulty: Vec::new(), unreadable: false };
    for (text, column) in record.iter().zip(columns) {
        let Some(column) = column else { continue };
        let text = text.trim();
        let read = if text.is_empty() {
            if column.required { Err(Fault::Blank) } else { continue }
        } else {
            cell(text, column.content)
        };
        match read {
            Ok(cell) => {
                row.cells.insert(column.name, cell);
            }
            Err(fault) => {
                problems.push(file, Place::Row(number, Some(column.name.to_owned())), fault);
                row.faulty.push(column.name);
            }
        }
    }
    row
}

fn cell(text: &str, content: Content) -> Result<Cell, Fault> {
    let wrong = |expected| Err(Fault::WrongType(shorten(text), expected));
    match content {
        Content::Text => Ok(Cell::Text(text.to_owned())),
        Content::Month => match YearMonth::parse(text) {
            None => wrong(Expected::Month),
            Some(month) if !bounds::YEAR.contains(f64::from(month.year)) => {
                let bounds::Bound { min, max, .. } = bounds::YEAR;
                Err(Fault::YearOutside(i64::from(month.year), min as i32, max as i32))
            }
            Some(month) => Ok(Cell::Month(month)),
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
            let Ok(number) = text.parse::<f64>() else {
                return wrong(if matches!(content, Content::Whole(_)) {
                    Expected::Whole
                } else {
                    Expected::Number
                });
            };
            if !number.is_finite() {
                return Err(Fault::NotFinite(shorten(text)));
            }
            let digits = text.strip_prefix('-').unwrap_or(text);
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
