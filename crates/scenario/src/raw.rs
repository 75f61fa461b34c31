//! A table as text: cells under known columns, before any cell is judged. What variants patch.
//!
//! The cells of a file lie one after the other in one text, so that a table takes little more memory than its file.

use std::{collections::BTreeMap, rc::Rc};

use seatcast_core::{grid::Shape, ids};

use crate::{
    limits::Limit,
    problem::{Fault, NotTable, Place, Problems},
    records::Records,
    tables::{ColumnSpec, TableSpec},
};

/// Where a cell comes from that does not stand in its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The file that states it.
    pub(crate) file: String,
    /// Key path in it.
    pub(crate) key: String,
}

ids! {
    /// The n-th row of a file whose cells are kept.
    StoredRow
    /// A column of a file.
    FileColumn
}

/// Where the cells of a row are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cells {
    /// The row could not be told apart.
    Unreadable,
    /// The n-th row of the file whose cells are kept.
    Stored(u32),
    /// The n-th row that patches add.
    Added(u32),
}

/// A row as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawRow {
    /// As a spreadsheet counts: the heading is row 1; 0 for a row that a patch adds.
    pub(crate) number: usize,
    pub(crate) cells: Cells,
}

/// A table as text.
#[derive(Debug, Clone)]
pub(crate) struct RawTable {
    pub(crate) file: String,
    pub(crate) spec: &'static TableSpec,
    /// The declared column of each cell; `None` where the heading is not known.
    pub(crate) columns: Vec<Option<&'static ColumnSpec>>,
    pub(crate) rows: Vec<RawRow>,
    /// Columns that an unknown heading was perhaps meant for: what their cells say is not known.
    pub(crate) meant: Vec<&'static str>,
    /// The trimmed texts of all cells of the file.
    pub(crate) text: String,
    /// Where each of them ends; `width` a row.
    ends: Vec<u32>,
    /// Columns of the file.
    width: usize,
    /// Cells that patches state.
    changed: BTreeMap<(Cells, usize), (String, Rc<Origin>)>,
    /// Where the rows come from that patches add.
    added: Vec<Rc<Origin>>,
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
        let mut records = Records::new(text, separator);
        let most_columns = problems.limits().count(Limit::Columns);
        let mut heading: Vec<String> = Vec::new();
        let mut cells = 0;
        let Some(first) = records.next(|cell| {
            cells += 1;
            if cells <= most_columns {
                heading.push(cell.to_owned());
            }
        }) else {
            problems.push(file, Place::File, Fault::NoRows);
            return None;
        };
        if let Some(separator) = other_separator(&heading, spec) {
            let fault = Fault::CsvSyntax(NotTable::Separator(separator));
            problems.push(file, Place::Row(first.number, None), fault);
            return None;
        }
        if first.is_open {
            let fault = Fault::CsvSyntax(NotTable::OpenQuote);
            problems.push(file, Place::Row(first.number, None), fault);
            return None;
        }
        if !problems.within(Limit::Columns, cells as u64, file, Place::Row(first.number, None)) {
            return None;
        }
        let Headings { columns, meant } = headings(file, first.number, &heading, spec, problems)?;
        let width = columns.len();
        let mut table = Self {
            file: file.to_owned(),
            spec,
            columns,
            rows: Vec::new(),
            meant,
            text: String::new(),
            ends: Vec::new(),
            width,
            changed: BTreeMap::new(),
            added: Vec::new(),
        };
        table.fill(&mut records, problems).then_some(table)
    }

    /// Reads the rows; `false` if there are more of them, or of their cells, than are allowed.
    fn fill(&mut self, records: &mut Records<'_>, problems: &mut Problems) -> bool {
        let (rows_left, cells_left) = (problems.left(Limit::Rows), problems.left(Limit::Cells));
        let mut stored: u32 = 0;
        loop {
            let (text_before, ends_before) = (self.text.len(), self.ends.len());
            let (mut count, mut is_blank) = (0, true);
            let row = records.next(|cell| {
                let cell = cell.trim();
                is_blank &= cell.is_empty();
                if count < self.width {
                    self.text.push_str(cell);
                    self.ends.push(self.text.len() as u32);
                }
                count += 1;
            });
            let Some(row) = row else { break };
            let fault = if row.is_open {
                Some(Fault::CsvSyntax(NotTable::OpenQuote))
            } else if count != self.width {
                Some(Fault::RowWidth(count, self.width))
            } else {
                None
            };
            if is_blank || fault.is_some() {
                self.text.truncate(text_before);
                self.ends.truncate(ends_before);
            }
            if is_blank {
                // rows of nothing but separators are what a spreadsheet leaves below its data
                continue;
            }
            let cells = if let Some(fault) = fault {
                problems.push_row(&self.file, row.number, fault);
                Cells::Unreadable
            } else {
                stored += 1;
                Cells::Stored(stored - 1)
            };
            self.rows.push(RawRow { number: row.number, cells });
            if self.rows.len() as u64 > rows_left || self.ends.len() as u64 > cells_left {
                break;
            }
        }
        let file = self.file.clone();
        let rows = problems.take(Limit::Rows, self.rows.len() as u64, &file);
        problems.take(Limit::Cells, self.ends.len() as u64, &file) && rows
    }

    /// The text of a cell, and where it comes from if it does not stand in the table.
    pub(crate) fn cell(&self, row: RawRow, column: usize) -> (&str, Option<&Rc<Origin>>) {
        if !self.changed.is_empty()
            && let Some((text, origin)) = self.changed.get(&(row.cells, column))
        {
            return (text, Some(origin));
        }
        match row.cells {
            Cells::Stored(at) if column < self.width => {
                let (start, end) = self.span(at, column);
                (&self.text[start..end], None)
            }
            Cells::Added(at) => ("", self.added.get(at as usize)),
            Cells::Stored(_) | Cells::Unreadable => ("", None),
        }
    }

    /// Where the text of a cell of the file begins and ends.
    fn span(&self, at: u32, column: usize) -> (usize, usize) {
        let cells = Shape::new(self.rows.len(), self.width);
        let cell = cells.at(StoredRow::new(at as usize), FileColumn::new(column)).index();
        let start = if cell == 0 { 0 } else { self.ends[cell - 1] as usize };
        (start, self.ends[cell] as usize)
    }

    /// Where the text of a cell begins and ends in `text`, if it stands there.
    pub(crate) fn stored(&self, row: RawRow, column: usize) -> Option<(u32, u32)> {
        match row.cells {
            Cells::Stored(at) if column < self.width && !self.changed.contains_key(&(row.cells, column)) => {
                let (start, end) = self.span(at, column);
                Some((start as u32, end as u32))
            }
            _ => None,
        }
    }

    /// States a cell.
    pub(crate) fn write(&mut self, row: RawRow, column: usize, text: &str, origin: &Rc<Origin>) {
        if row.cells != Cells::Unreadable {
            self.changed.insert((row.cells, column), (text.trim().to_owned(), origin.clone()));
        }
    }

    /// Adds a row of blank cells.
    pub(crate) fn add(&mut self, origin: Rc<Origin>) -> RawRow {
        let row = RawRow { number: 0, cells: Cells::Added(self.added.len() as u32) };
        self.added.push(origin);
        self.rows.push(row);
        row
    }

    /// The place of a column; added, blank, if the table has not got it. `None` if there is no such column at all.
    pub(crate) fn column(&mut self, name: &str) -> Option<usize> {
        let known = self.spec.column(name)?;
        let found = self.columns.iter().position(|c| c.is_some_and(|c| c.name == name));
        Some(found.unwrap_or_else(|| {
            self.columns.push(Some(known));
            self.columns.len() - 1
        }))
    }
}

/// The column of a table that a heading names, in English or in Chinese.
pub(crate) fn column_named(spec: &'static TableSpec, heading: &str) -> Option<&'static ColumnSpec> {
    spec.all_columns().find(|column| column.spellings().any(|name| name == heading))
}

/// Whether the cells are separated by tabs, as in the "Unicode text" of Excel.
fn is_tabbed(text: &str, spec: &'static TableSpec) -> bool {
    let heading = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let known = |name: &str| column_named(spec, name.trim().trim_matches('"')).is_some();
    heading.contains('\t') && heading.split('\t').any(known)
}

/// The separator of a heading that is one cell only because it is not separated by commas.
fn other_separator(heading: &[String], spec: &'static TableSpec) -> Option<char> {
    let known = |name: &str| column_named(spec, name.trim()).is_some();
    let [only] = heading else { return None };
    [';', '|', '，'].into_iter().find(|&mark| only.contains(mark) && only.split(mark).any(known))
}

/// The heading of a table.
struct Headings {
    /// The declared column of each cell.
    columns: Vec<Option<&'static ColumnSpec>>,
    /// Columns that an unknown name was perhaps meant for: what their cells say is not known.
    meant: Vec<&'static str>,
}

/// Reads the heading; `None` if a required column is missing.
fn headings(
    file: &str,
    number: usize,
    heading: &[String],
    spec: &'static TableSpec,
    problems: &mut Problems,
) -> Option<Headings> {
    let known: Vec<&'static ColumnSpec> = spec.all_columns().collect();
    let mut seen: Vec<&str> = Vec::new();
    let mut columns = Vec::new();
    let mut meant = Vec::new();
    for (i, name) in heading.iter().enumerate() {
        let name = name.trim();
        let shown = if name.is_empty() { format!("#{}", i + 1) } else { name.to_owned() };
        let place = Place::Row(number, Some(shown));
        let column = column_named(spec, name);
        match column {
            None if name.chars().count() > problems.limits().count(Limit::KeyLength) => {
                let place = Place::Row(number, Some(format!("#{}", i + 1)));
                let most = problems.limits().of(Limit::KeyLength);
                problems.push(file, place, Fault::Beyond(Limit::KeyLength, most));
            }
            None => {
                let headings = known.iter().flat_map(|c| c.spellings());
                let near = problems.nearest(name, headings);
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
