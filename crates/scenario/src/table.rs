//! A CSV table read cell by cell against its declaration: every fault of every row, with row and column.

use std::collections::BTreeMap;

use seatcast_core::time::YearMonth;

use crate::{
    json::shorten,
    problem::{Expected, Fault, Place, Problems, nearest},
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
    /// Required cells that are blank or faulty: the row cannot be used whole.
    pub(crate) broken: bool,
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
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
        let mut records = reader.records();
        let heading = match records.next() {
            Some(Ok(heading)) => heading,
            Some(Err(e)) => {
                problems.push(file, Place::File, Fault::CsvSyntax(csv_words(&e)));
                return None;
            }
            None => {
                problems.push(file, Place::File, Fault::NoRows);
                return None;
            }
        };
        let columns = headings(file, &heading, spec, problems)?;
        let mut table = Self { file: file.to_owned(), rows: Vec::new() };
        for (i, record) in records.enumerate() {
            let number = i + 2;
            match record {
                Err(e) => problems.push(file, Place::Row(number, None), Fault::CsvSyntax(csv_words(&e))),
                // rows of nothing but separators are what a spreadsheet leaves below its data
                Ok(record) if record.iter().all(|cell| cell.trim().is_empty()) => {}
                Ok(record) if record.len() != columns.len() => {
                    problems.push(
                        file,
                        Place::Row(number, None),
                        Fault::RowWidth(record.len(), columns.len()),
                    );
                }
                Ok(record) => table.rows.push(read_row(file, number, &record, &columns, problems)),
            }
        }
        if table.rows.is_empty() {
            problems.push(file, Place::File, Fault::NoRows);
        }
        table.report_duplicates(spec, problems);
        Some(table)
    }

    fn report_duplicates(&self, spec: &TableSpec, problems: &mut Problems) {
        let mut first: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| !row.broken) {
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

/// The declared column of each heading; `None` where a required one is missing.
fn headings(
    file: &str,
    heading: &csv::StringRecord,
    spec: &TableSpec,
    problems: &mut Problems,
) -> Option<Vec<Option<&'static Column>>> {
    let known: Vec<&'static Column> = spec.columns.iter().chain(COMMON).collect();
    let mut seen: Vec<&str> = Vec::new();
    let mut columns = Vec::new();
    for (i, name) in heading.iter().enumerate() {
        let name = name.trim();
        let place =
            Place::Row(1, Some(if name.is_empty() { format!("#{}", i + 1) } else { name.to_owned() }));
        let column = known.iter().find(|c| c.name == name).copied();
        if column.is_none() {
            let near = nearest(name, known.iter().map(|c| c.name));
            problems.push(file, place, Fault::UnknownColumn(name.to_owned(), near));
        } else if seen.contains(&name) {
            problems.push(file, place, Fault::DuplicateColumn(name.to_owned()));
        }
        seen.push(name);
        columns.push(column);
    }
    let mut complete = true;
    for column in spec.columns.iter().filter(|c| c.required && !seen.contains(&c.name)) {
        problems.push(file, Place::Row(1, None), Fault::MissingColumn(column.name.to_owned()));
        complete = false;
    }
    complete.then_some(columns)
}

fn read_row(
    file: &str,
    number: usize,
    record: &csv::StringRecord,
    columns: &[Option<&'static Column>],
    problems: &mut Problems,
) -> Row {
    let mut row = Row { number, cells: BTreeMap::new(), broken: false };
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
                row.broken |= column.required;
            }
        }
    }
    row
}

fn cell(text: &str, content: Content) -> Result<Cell, Fault> {
    let wrong = |expected| Err(Fault::WrongType(shorten(text), expected));
    match content {
        Content::Text => Ok(Cell::Text(text.to_owned())),
        Content::Month => YearMonth::parse(text).map(Cell::Month).map_or_else(|| wrong(Expected::Month), Ok),
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

fn csv_words(e: &csv::Error) -> String {
    match e.kind() {
        csv::ErrorKind::UnequalLengths { .. } => "rows of different widths".to_owned(),
        csv::ErrorKind::Utf8 { .. } => "bytes that are not UTF-8".to_owned(),
        _ => "the table cannot be read".to_owned(),
    }
}
