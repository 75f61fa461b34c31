//! A CSV table read cell by cell against its declaration: every fault of every row, with row and column.

use std::{cmp::Ordering, collections::BTreeMap, rc::Rc};

use seatcast_core::{bounds, codes::Coded, time::YearMonth};

use crate::{
    json::shorten,
    limits::Limit,
    number,
    problem::{Expected, Fault, HistoryFault, Place, Problems},
    raw::{Cells, Origin, RawRow, RawTable},
    tables::{
        Code, Column, ColumnSpec, Content, Date, Decision, Free, Held, Key, List, Remark, TableSpec, shared,
    },
    visible,
};

/// A typed cell. A table may have millions of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell {
    Blank,
    /// Its fault is reported: it cannot be read, or is blank though it must not be.
    Faulty,
    /// Where it begins and ends among the texts of its sheet.
    Text(u32, u32),
    Number(f64),
    Month(YearMonth),
    Flag(bool),
    Never,
}

/// The cells of a table.
#[derive(Debug, Default)]
struct Sheet {
    /// Name of the table.
    #[cfg(test)]
    table: &'static str,
    /// Known columns, in the order of the table.
    columns: Vec<&'static str>,
    /// Columns that an unknown heading was perhaps meant for.
    meant: Vec<&'static str>,
    /// The texts of all cells, one after the other.
    texts: String,
    /// As many a row as there are columns.
    cells: Vec<Cell>,
    /// Where cells were stated that do not stand in the table, by place in `cells`.
    origins: BTreeMap<usize, Rc<Origin>>,
}

/// A row with its place in the file.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// As a spreadsheet counts: the heading is row 1.
    pub(crate) number: usize,
    sheet: Rc<Sheet>,
    /// Its first cell; `None`: its cells could not be told apart, nothing of it is known.
    first: Option<u32>,
}

/// A table as read.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) file: String,
    pub(crate) rows: Vec<Row>,
}

impl Row {
    fn index(&self, column: &str) -> Option<usize> {
        let at = self.sheet.columns.iter().position(|name| *name == column)?;
        Some(self.first? as usize + at)
    }

    fn cell(&self, column: &str) -> Cell {
        #[cfg(test)]
        crate::asked::note(&format!("{}.csv {column}", self.sheet.table));
        self.index(column).map_or(Cell::Blank, |at| self.sheet.cells[at])
    }

    /// Where a cell was stated that does not stand in the table.
    fn origin(&self, column: &str) -> Option<&Origin> {
        if self.sheet.origins.is_empty() {
            return None;
        }
        self.sheet.origins.get(&self.index(column)?).map(|origin| &**origin)
    }

    /// Where a person finds the cell: its row in the table, or the patch that states it.
    pub(crate) fn place(&self, file: &str, column: &ColumnSpec) -> (String, Place) {
        match self.origin(column.name) {
            Some(origin) => (origin.file.clone(), Place::Key(origin.key.clone())),
            None => (file.to_owned(), Place::Row(self.number, Some(column.name.to_owned()))),
        }
    }

    /// Reports a fault of a cell where a person finds it.
    pub(crate) fn fault(&self, file: &str, column: &ColumnSpec, fault: Fault, problems: &mut Problems) {
        match self.origin(column.name) {
            Some(origin) => problems.push(&origin.file, Place::Key(origin.key.clone()), fault),
            None => problems.push_cell(file, self.number, column.name, fault),
        }
    }

    /// What the cell holds; `None` where it is blank or faulty.
    pub(crate) fn get<T: ReadCell>(&self, column: Column<T>) -> Option<T::Value<'_>> {
        T::read(self.cell(column.name), &self.sheet.texts)
    }

    /// Whether the cell holds something, be it readable or not.
    pub(crate) fn is_given(&self, column: &ColumnSpec) -> bool {
        self.cell(column.name) != Cell::Blank || self.is_faulty(column)
    }

    /// Whether a fault of this cell has been reported, so that what follows from it need not be.
    pub(crate) fn is_faulty(&self, column: &ColumnSpec) -> bool {
        self.is_faulty_at(column.name)
    }

    fn is_faulty_at(&self, column: &str) -> bool {
        self.first.is_none() || self.cell(column) == Cell::Faulty || self.sheet.meant.contains(&column)
    }

    /// A cell as text, for keys.
    pub(crate) fn shown(&self, column: &str) -> String {
        match self.cell(column) {
            Cell::Blank | Cell::Faulty => String::new(),
            Cell::Text(start, end) => text(&self.sheet.texts, start, end).unwrap_or_default().to_owned(),
            Cell::Number(number) => number.to_string(),
            Cell::Month(month) => month.to_string(),
            Cell::Flag(flag) => flag.to_string(),
            Cell::Never => "never".to_owned(),
        }
    }
}

fn text(texts: &str, start: u32, end: u32) -> Option<&str> {
    texts.get(start as usize..end as usize)
}

/// How the cell of a typed column is read.
pub(crate) trait ReadCell: Held {
    /// What it holds; `None` where it is blank or faulty.
    fn read(cell: Cell, texts: &str) -> Option<Self::Value<'_>>;
}

macro_rules! texts {
    ($($held:ty),+) => {
        $(impl ReadCell for $held {
            fn read(cell: Cell, texts: &str) -> Option<&str> {
                match cell {
                    Cell::Text(start, end) => text(texts, start, end),
                    _ => None,
                }
            }
        })+
    };
}

texts!(Key, List, Free, Remark, Date);

impl<T: Coded> ReadCell for Code<T> {
    fn read(cell: Cell, texts: &str) -> Option<T> {
        match cell {
            Cell::Text(start, end) => T::from_code(text(texts, start, end)?),
            _ => None,
        }
    }
}

macro_rules! numbers {
    ($($held:ty),+) => {
        $(impl ReadCell for $held {
            fn read(cell: Cell, _: &str) -> Option<$held> {
                match cell {
                    Cell::Number(number) => Some(number as $held),
                    _ => None,
                }
            }
        })+
    };
}

numbers!(u32, i32, i64, f64);

impl ReadCell for YearMonth {
    fn read(cell: Cell, _: &str) -> Option<YearMonth> {
        match cell {
            Cell::Month(month) => Some(month),
            _ => None,
        }
    }
}

impl ReadCell for bool {
    fn read(cell: Cell, _: &str) -> Option<bool> {
        match cell {
            Cell::Flag(flag) => Some(flag),
            _ => None,
        }
    }
}

impl ReadCell for Decision {
    fn read(cell: Cell, _: &str) -> Option<Decision> {
        match cell {
            Cell::Month(month) => Some(Decision::In(month)),
            Cell::Never => Some(Decision::Never),
            _ => None,
        }
    }
}

/// The order of rows of one table by some of its columns.
struct Order<'t> {
    sheet: &'t Sheet,
    /// Places of the columns in a row; a column that is not there is blank in every row.
    columns: Vec<usize>,
}

impl<'t> Order<'t> {
    fn by(rows: &'t [Row], columns: &[&'static str]) -> Option<Self> {
        let sheet = &*rows.first()?.sheet;
        let place = |column: &&'static str| sheet.columns.iter().position(|name| name == column);
        Some(Self { sheet, columns: columns.iter().filter_map(place).collect() })
    }

    fn of(&self, a: &Row, b: &Row) -> Ordering {
        let (Some(a), Some(b)) = (a.first, b.first) else { return Ordering::Equal };
        let one = |column: &usize| {
            let cell = |first: u32| self.sheet.cells[first as usize + column];
            self.cells(cell(a), cell(b))
        };
        self.columns.iter().map(one).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    fn cells(&self, a: Cell, b: Cell) -> Ordering {
        let rank = |cell: Cell| match cell {
            Cell::Blank => 0,
            Cell::Faulty => 1,
            Cell::Text(..) => 2,
            Cell::Number(_) => 3,
            Cell::Month(_) => 4,
            Cell::Flag(_) => 5,
            Cell::Never => 6,
        };
        let text = |start: u32, end: u32| self.sheet.texts.as_bytes().get(start as usize..end as usize);
        match (a, b) {
            (Cell::Text(a, a_end), Cell::Text(b, b_end)) => text(a, a_end).cmp(&text(b, b_end)),
            (Cell::Number(a), Cell::Number(b)) => a.total_cmp(&b),
            (Cell::Month(a), Cell::Month(b)) => a.cmp(&b),
            (Cell::Flag(a), Cell::Flag(b)) => a.cmp(&b),
            (a, b) => rank(a).cmp(&rank(b)),
        }
    }
}

impl Table {
    /// Judges every cell of `raw`.
    pub(crate) fn read(mut raw: RawTable, problems: &mut Problems) -> Self {
        let known: Vec<(usize, &'static ColumnSpec)> =
            raw.columns.iter().enumerate().filter_map(|(at, column)| Some((at, (*column)?))).collect();
        let mut sheet = Sheet {
            columns: known.iter().map(|(_, column)| column.name).collect(),
            meant: raw.meant.clone(),
            #[cfg(test)]
            table: raw.spec.name,
            ..Sheet::default()
        };
        // texts that patches state come after those of the file
        let mut more = String::new();
        let mut firsts: Vec<Option<u32>> = Vec::with_capacity(raw.rows.len());
        sheet.cells.reserve_exact(raw.rows.len() * known.len());
        for &row in &raw.rows {
            if row.cells == Cells::Unreadable {
                firsts.push(None);
                continue;
            }
            firsts.push(Some(sheet.cells.len() as u32));
            for &(at, column) in &known {
                read_cell(&raw, row, at, column, &mut sheet, &mut more, problems);
            }
        }
        let spec = raw.spec;
        sheet.texts = std::mem::take(&mut raw.text);
        sheet.texts.push_str(&more);
        let sheet = Rc::new(sheet);
        let row =
            |(raw, first): (&RawRow, Option<u32>)| Row { number: raw.number, sheet: sheet.clone(), first };
        let rows: Vec<Row> = raw.rows.iter().zip(firsts).map(row).collect();
        let table = Self { file: raw.file, rows };
        if table.rows.is_empty() {
            problems.push(&table.file, Place::File, Fault::NoRows);
        }
        table.report_duplicates(spec, problems);
        table
    }

    /// The rows that agree in these columns, as they stand, of those whose key is known.
    fn alike(&self, columns: &[&'static str], key: &[&'static str]) -> Vec<Vec<u32>> {
        let Some(order) = Order::by(&self.rows, columns) else { return Vec::new() };
        let row = |i: u32| &self.rows[i as usize];
        let whole = |i: &u32| !key.iter().any(|column| row(*i).is_faulty_at(column));
        let mut rows: Vec<u32> = (0..self.rows.len() as u32).filter(whole).collect();
        rows.sort_by(|&a, &b| order.of(row(a), row(b)));
        let groups = rows.chunk_by(|&a, &b| order.of(row(a), row(b)).is_eq());
        // a row that is alone is not worth a list
        groups.filter(|group| group.len() > 1).map(<[u32]>::to_vec).collect()
    }

    fn report_duplicates(&self, spec: &TableSpec, problems: &mut Problems) {
        // a figure that became known in another month is a revision, not a second row
        let columns: Vec<&'static str> =
            spec.key.iter().copied().chain([shared::KNOWN_FROM.spec.name]).collect();
        let mut again: Vec<(u32, u32)> = Vec::new();
        for same in self.alike(&columns, spec.key) {
            again.extend(same[1..].iter().map(|&row| (row, same[0])));
        }
        again.sort_unstable();
        for (row, earlier) in again {
            let (row, earlier) = (&self.rows[row as usize], self.rows[earlier as usize].number);
            let shown: Vec<String> =
                columns.iter().map(|column| row.shown(column)).filter(|text| !text.is_empty()).collect();
            let fault = Fault::DuplicateRow(shown.join(", "), earlier);
            // a row that a patch added stands in no table
            match spec.key.iter().find_map(|column| row.origin(column)) {
                Some(origin) => problems.push(&origin.file, Place::Key(origin.key.clone()), fault),
                None => problems.push_row(&self.file, row.number, fault),
            }
        }
    }

    /// Rows known only after `round`.
    pub(crate) fn later_than(&self, round: YearMonth) -> usize {
        self.rows.iter().filter(|row| row.get(shared::KNOWN_FROM).is_some_and(|known| known > round)).count()
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
            let from = |row: &Row| row.get(shared::KNOWN_FROM).or_else(|| implied(row));
            let first = self.rows.iter().filter_map(from).min();
            let some = !self.rows.is_empty();
            let before = self.rows.len();
            self.rows.retain(|row| from(row).is_none_or(|known| known <= as_of));
            if let (true, true, Some(first)) = (some, self.rows.is_empty(), first) {
                let (as_of, first) = (as_of.to_string(), first.to_string());
                let fault = if spec.may_be_empty {
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
        let mut is_kept = vec![true; self.rows.len()];
        for same in self.alike(spec.key, spec.key) {
            // of those known in the same month the first
            let known = |&row: &u32| self.rows[row as usize].get(shared::KNOWN_FROM);
            let last =
                same.iter().fold(same[0], |last, row| if known(row) > known(&last) { *row } else { last });
            for row in same {
                is_kept[row as usize] = row == last;
            }
        }
        let before = self.rows.len();
        let mut kept = is_kept.into_iter();
        self.rows.retain(|_| kept.next().unwrap_or(true));
        if before > self.rows.len() && !problems.any_error() {
            let fault = HistoryFault::Revised(before - self.rows.len());
            problems.push(&self.file, Place::File, Fault::History(fault));
        }
        true
    }
}

/// Judges the next cell of `sheet`.
fn read_cell(
    raw: &RawTable,
    row: RawRow,
    at: usize,
    column: &'static ColumnSpec,
    sheet: &mut Sheet,
    more: &mut String,
    problems: &mut Problems,
) {
    let (text, origin) = raw.cell(row, at);
    if let Some(origin) = origin {
        sheet.origins.insert(sheet.cells.len(), origin.clone());
    }
    let read = if text.is_empty() {
        if column.required { Err(Fault::Blank) } else { Ok(Cell::Blank) }
    } else if column.content.is_text() {
        plain_text(text, column, problems).map(|plain| match (plain, raw.stored(row, at)) {
            (None, Some((start, end))) => Cell::Text(start, end),
            (plain, _) => {
                let start = (raw.text.len() + more.len()) as u32;
                more.push_str(plain.as_deref().unwrap_or(text));
                Cell::Text(start, (raw.text.len() + more.len()) as u32)
            }
        })
    } else {
        typed(text, column)
    };
    let cell = read.unwrap_or_else(|fault| {
        match origin {
            Some(origin) => problems.push(&origin.file, Place::Key(origin.key.clone()), fault),
            None => problems.push_cell(&raw.file, row.number, column.name, fault),
        }
        Cell::Faulty
    });
    sheet.cells.push(cell);
}

/// A text as it is kept; `None`: as it stands.
fn plain_text(text: &str, column: &ColumnSpec, problems: &mut Problems) -> Result<Option<String>, Fault> {
    match column.content {
        Content::Day => {
            let wrong = || Fault::WrongType(shorten(text), Expected::Day);
            return number::day(text).map(Some).ok_or_else(wrong);
        }
        Content::Code(codes) if codes.iter().any(|of| of.code == text) => return Ok(None),
        Content::Code(codes) => {
            let allowed = codes.iter().map(|of| of.code.to_owned()).collect();
            let near = problems.nearest(text, codes.iter().map(|of| of.code));
            return Err(Fault::UnknownCode(shorten(text), allowed, near));
        }
        _ => {}
    }
    let is_key = matches!(column.content, Content::Key);
    let limit = if is_key { Limit::KeyLength } else { Limit::TextLength };
    let most = problems.limits().count(limit);
    if text.len() > most && text.chars().count() > most {
        return Err(Fault::Beyond(limit, most as u64));
    }
    if matches!(column.content, Content::Key | Content::List) {
        visible::refuse(text)?;
    }
    // a remark may hold what it likes
    if !matches!(column.content, Content::Remark) && number::is_shortened_code(text) {
        return Err(Fault::ShortenedCode(text.to_owned()));
    }
    Ok(None)
}

fn typed(text: &str, column: &ColumnSpec) -> Result<Cell, Fault> {
    let content = column.content;
    let wrong = |expected| Err(Fault::WrongType(shorten(text), expected));
    match content {
        // read as they stand
        Content::Key | Content::List | Content::Free | Content::Remark | Content::Day | Content::Code(_) => {
            Ok(Cell::Blank)
        }
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
        Content::YesNo => match text {
            "yes" => Ok(Cell::Flag(true)),
            "no" => Ok(Cell::Flag(false)),
            _ => wrong(Expected::YesNo),
        },
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
