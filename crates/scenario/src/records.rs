//! A text split into rows and cells as a spreadsheet counts them, one cell at a time: nothing of a row is kept here, so a
//! row of a million commas costs no more than its bytes.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

/// Stands below a table that ends where it should: if a quoted cell is never closed it becomes part of that cell.
const END: &str = "\n\u{0}end\u{0}\n";

/// A row that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Record {
    /// As a spreadsheet counts, from 1.
    pub(crate) number: usize,
    /// Whether its last cell is quoted and never ends.
    pub(crate) is_open: bool,
}

/// The rows of a text.
pub(crate) struct Records<'t> {
    text: &'t str,
    core: Box<Reader>,
    /// Bytes read, those of [`END`] included.
    at: usize,
    number: usize,
    field: Vec<u8>,
    buffer: Box<[u8; 1024]>,
}

impl<'t> Records<'t> {
    pub(crate) fn new(text: &'t str, separator: u8) -> Self {
        let core = Box::new(ReaderBuilder::new().delimiter(separator).build());
        Self { text, core, at: 0, number: 0, field: Vec::new(), buffer: Box::new([0; 1024]) }
    }

    /// Reads the next row and gives each of its cells to `cell`; empty lines are passed over and counted. `None` below the
    /// last row.
    pub(crate) fn next(&mut self, mut cell: impl FnMut(&str)) -> Option<Record> {
        self.empty_lines();
        self.number += 1;
        let mut cells = 0;
        while let Some(is_last) = self.field() {
            // a text is split at separators, which are characters of their own, so its parts are texts
            let text = std::str::from_utf8(&self.field).unwrap_or_default();
            if self.at == self.text.len() + END.len() {
                if cells == 0 && text == END.trim() {
                    return None;
                }
                cell(text.strip_suffix(END).unwrap_or(text));
                return Some(Record { number: self.number, is_open: true });
            }
            cell(text);
            cells += 1;
            if is_last {
                return Some(Record { number: self.number, is_open: false });
            }
        }
        None
    }

    /// Passes over empty lines: the splitter does not show them, a spreadsheet shows them as rows.
    fn empty_lines(&mut self) {
        let bytes = self.text.as_bytes();
        if self.at > 0 && bytes.get(self.at - 1) == Some(&b'\r') && bytes.get(self.at) == Some(&b'\n') {
            self.at += 1;
        }
        loop {
            let length = match bytes.get(self.at..).unwrap_or_default() {
                [b'\r', b'\n', ..] => 2,
                [b'\r' | b'\n', ..] => 1,
                _ => return,
            };
            self.at += length;
            self.number += 1;
        }
    }

    /// Reads one cell; whether it is the last of its row. `None` at the end.
    fn field(&mut self) -> Option<bool> {
        self.field.clear();
        loop {
            let input = match self.text.as_bytes().get(self.at..) {
                Some(rest) if !rest.is_empty() => rest,
                _ => END.as_bytes().get(self.at.saturating_sub(self.text.len())..).unwrap_or_default(),
            };
            let (result, read, written) = self.core.read_field(input, &mut self.buffer[..]);
            self.at += read;
            self.field.extend_from_slice(&self.buffer[..written]);
            match result {
                ReadFieldResult::Field { record_end } => return Some(record_end),
                ReadFieldResult::End => return None,
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Number, cells and whether it is open of every row.
    fn rows(text: &str) -> Vec<(usize, Vec<String>, bool)> {
        let mut records = Records::new(text, b',');
        let mut rows = Vec::new();
        loop {
            let mut cells = Vec::new();
            match records.next(|cell| cells.push(cell.to_owned())) {
                Some(row) => rows.push((row.number, cells, row.is_open)),
                None => return rows,
            }
        }
    }

    fn row(number: usize, cells: &[&str]) -> (usize, Vec<String>, bool) {
        (number, cells.iter().map(|c| (*c).to_owned()).collect(), false)
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_shows_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["", "a,b", "", "", "1,\"x,\"\"y\"", "学区,", ""].join(end);
            let expected = [row(2, &["a", "b"]), row(5, &["1", "x,\"y"]), row(6, &["学区", ""])];
            assert_eq!(rows(&text), expected, "{end:?}");
            assert_eq!(rows(text.trim_end_matches(end)), expected, "{end:?}");
        }
        assert!(rows("").is_empty() && rows("\n\r\n\n").is_empty());
        assert_eq!(rows("a"), [row(1, &["a"])]);
        assert_eq!(rows("a,\"b\nc\"\nd,e"), [row(1, &["a", "b\nc"]), row(2, &["d", "e"])]);
    }

    #[test]
    fn a_quote_that_never_ends_is_told_at_its_row() {
        let (number, cells, is_open) = rows("a,b\n1,2\n\n3,\"4\n5,6\n").pop().unwrap();
        assert_eq!((number, cells.len(), is_open), (4, 2, true));
        assert_eq!(cells[1], "4\n5,6\n");
        assert_eq!(rows("\"a").pop().map(|r| r.2), Some(true));
        // long cells and many cells
        let long = "学".repeat(5_000);
        assert_eq!(rows(&format!("{long},b\n")), [row(1, &[&long, "b"])]);
        assert_eq!(rows(&",".repeat(3_000))[0].1.len(), 3_001);
    }
}
