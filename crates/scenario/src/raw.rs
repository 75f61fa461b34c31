//! A table as text: cells under known columns, before any cell is judged. What variants patch.

use crate::{
    problem::{Fault, NotTable, Place, Problems, nearest},
    spec::{COMMON, Column, TableSpec},
    words,
};

/// Where a cell comes from that does not stand in its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The file that states it.
    pub(crate) file: String,
    /// Key path in it.
    pub(crate) key: String,
}

/// A cell as text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct RawCell {
    /// Trimmed; empty = blank.
    pub(crate) text: String,
    /// Where it was stated, if not in the table.
    pub(crate) origin: Option<Origin>,
}

/// A row as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawRow {
    /// As a spreadsheet counts: the heading is row 1.
    pub(crate) number: usize,
    /// A cell for each column of the table; `None` if the row could not be told apart.
    pub(crate) cells: Option<Vec<RawCell>>,
}

/// A table as text.
#[derive(Debug, Clone)]
pub(crate) struct RawTable {
    pub(crate) file: String,
    pub(crate) spec: &'static TableSpec,
    /// The declared column of each cell; `None` where the heading is not known.
    pub(crate) columns: Vec<Option<&'static Column>>,
    pub(crate) rows: Vec<RawRow>,
    /// Columns that an unknown heading was perhaps meant for: what their cells say is not known.
    pub(crate) meant: Vec<&'static str>,
}

impl RawTable {
    /// Splits `text` into rows and cells and reads its heading.
    pub(crate) fn parse(
        file: &str,
        text: &str,
        spec: &'static TableSpec,
        problems: &mut Problems,
    ) -> Option<Self> {
        let separator = if is_tabbed(text, spec) { b'\t' } else { b',' };
        let (records, open_row) = records(text, separator);
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
        let mut table = Self { file: file.to_owned(), spec, columns, rows: Vec::new(), meant };
        for (number, record) in records {
            // rows of nothing but separators are what a spreadsheet leaves below its data
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let fault = if open_row == Some(number) {
                Some(Fault::CsvSyntax(NotTable::OpenQuote))
            } else if record.len() != table.columns.len() {
                Some(Fault::RowWidth(record.len(), table.columns.len()))
            } else {
                None
            };
            let cell = |text: &str| RawCell { text: text.trim().to_owned(), origin: None };
            let cells = fault.is_none().then(|| record.iter().map(cell).collect());
            if let Some(fault) = fault {
                problems.push(file, Place::Row(number, None), fault);
            }
            table.rows.push(RawRow { number, cells });
        }
        Some(table)
    }

    /// The place of a column; added, blank, if the table has not got it. `None` if there is no such column at all.
    pub(crate) fn column(&mut self, name: &str) -> Option<usize> {
        let known = self.spec.columns.iter().chain(COMMON).find(|c| c.name == name)?;
        let found = self.columns.iter().position(|c| c.is_some_and(|c| c.name == name));
        Some(found.unwrap_or_else(|| {
            self.columns.push(Some(known));
            for cells in self.rows.iter_mut().filter_map(|row| row.cells.as_mut()) {
                cells.push(RawCell::default());
            }
            self.columns.len() - 1
        }))
    }
}

/// The column of a table that a heading names, in English or in Chinese.
pub(crate) fn column_named(spec: &'static TableSpec, heading: &str) -> Option<&'static Column> {
    spec.columns.iter().chain(COMMON).find(|column| spellings(spec, column).any(|name| name == heading))
}

/// What a column may be called.
fn spellings<'c>(spec: &TableSpec, column: &'c Column) -> impl Iterator<Item = &'c str> + use<'c> {
    let chinese = words::of(spec.name, column.name).map_or(&[][..], |words| words.headings);
    std::iter::once(column.name).chain(chinese.iter().copied())
}

/// Whether the cells are separated by tabs, as in the "Unicode text" of Excel.
fn is_tabbed(text: &str, spec: &'static TableSpec) -> bool {
    let heading = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let known = |name: &str| column_named(spec, name.trim().trim_matches('"')).is_some();
    heading.contains('\t') && heading.split('\t').any(known)
}

/// Stands below a table that ends where it should.
const END: &str = "\u{0}end\u{0}";

/// The rows of `text` with their numbers as a spreadsheet counts them, and the number of one whose quoted cell never ends.
fn records(text: &str, separator: u8) -> (Vec<(usize, csv::StringRecord)>, Option<usize>) {
    let text = format!("{text}\n{END}\n");
    let reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
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
fn other_separator(heading: &csv::StringRecord, spec: &'static TableSpec) -> Option<char> {
    let known = |name: &str| column_named(spec, name.trim()).is_some();
    let only = heading.get(0).filter(|_| heading.len() == 1)?;
    [';', '|', '，'].into_iter().find(|&mark| only.contains(mark) && only.split(mark).any(known))
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
    spec: &'static TableSpec,
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
        let column = column_named(spec, name);
        match column {
            None => {
                let headings = known.iter().flat_map(|c| spellings(spec, c));
                let near = nearest(name, headings);
                meant.extend(near.as_deref().and_then(|n| column_named(spec, n)).map(|c| c.name));
                problems.push(file, place, Fault::UnknownColumn(name.to_owned(), near));
            }
            Some(column) if seen.contains(&column.name) => {
                problems.push(file, place, Fault::DuplicateColumn(name.to_owned(), column.name));
            }
            Some(column) => {
                seen.push(column.name);
                columns.push(Some(column));
                continue;
            }
        }
        columns.push(None);
    }
    let mut complete = true;
    for column in spec.columns.iter().filter(|c| c.required && !seen.contains(&c.name)) {
        problems.push(file, Place::Row(number, None), Fault::MissingColumn(column.name.to_owned()));
        complete = false;
    }
    complete.then_some(Headings { columns, meant })
}
