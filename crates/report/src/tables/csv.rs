//! Rows as CSV, and back: the only place where a result table is written or read.

use super::{
    cell::Cell,
    row::{Column, Row},
};
use crate::Options;

/// The cells of one row on their way out.
pub(crate) struct Record {
    writer: csv::Writer<Vec<u8>>,
    cell: String,
}

impl Record {
    fn text(&mut self, text: &str) {
        // writing to memory cannot fail
        let written = self.writer.write_field(text);
        debug_assert!(written.is_ok());
    }

    /// Writes one cell.
    pub(crate) fn cell(&mut self, cell: &impl Cell) {
        self.cell.clear();
        cell.write(&mut self.cell);
        let written = self.writer.write_field(&self.cell);
        debug_assert!(written.is_ok());
    }

    fn end(&mut self) {
        // every row has the width of the headings by its type
        let written = self.writer.write_record(None::<&[u8]>);
        debug_assert!(written.is_ok(), "row of another width than the headings");
    }
}

/// A table of CSV that is being written.
pub(crate) struct Csv(Record);

impl Csv {
    /// A table of these columns without a row yet.
    pub(crate) fn with(columns: &[Column], options: Options) -> Self {
        Self::wide(columns, &[], options)
    }

    /// The same with these headings for each column that stands for many.
    pub(crate) fn wide(columns: &[Column], many: &[Vec<String>], options: Options) -> Self {
        let mut bytes = Vec::new();
        if options.bom {
            bytes.extend_from_slice("\u{feff}".as_bytes());
        }
        let mut record = Record { writer: csv::Writer::from_writer(bytes), cell: String::new() };
        let mut many = many.iter();
        for column in columns {
            if column.many {
                for heading in many.next().into_iter().flatten() {
                    record.text(heading);
                }
            } else {
                record.text(column.name);
            }
        }
        record.end();
        Self(record)
    }

    /// Writes a row.
    pub(crate) fn row(&mut self, row: &impl Row) {
        row.write(&mut self.0);
        self.0.end();
    }

    /// The bytes of the file.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.0.writer.into_inner().unwrap_or_default()
    }
}

/// These rows as a file.
pub(crate) fn bytes<R: Row>(rows: impl IntoIterator<Item = R>, options: Options) -> Vec<u8> {
    let mut csv = Csv::with(&R::columns(), options);
    for row in rows {
        csv.row(&row);
    }
    csv.finish()
}

/// One line of a file that is read.
pub(crate) struct Line<'f> {
    headings: &'f csv::StringRecord,
    cells: &'f csv::StringRecord,
}

impl Line<'_> {
    /// The cell under a heading; blank where there is none, as in a file of an earlier version.
    pub(crate) fn cell(&self, heading: &str) -> &str {
        let column = self.headings.iter().position(|h| h == heading);
        column.and_then(|i| self.cells.get(i)).unwrap_or_default()
    }
}

/// A line that is no row of its table, by its number in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Foreign(pub(crate) u64);

/// Reads every row of a file.
pub(crate) fn read<R: Row>(bytes: &[u8], mut row: impl FnMut(R)) -> Result<(), Foreign> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = csv::Reader::from_reader(bytes);
    let headings = reader.headers().map_err(|_| Foreign(1))?.clone();
    for (cells, line) in reader.records().zip(2..) {
        let cells = cells.map_err(|_| Foreign(line))?;
        row(R::read(&Line { headings: &headings, cells: &cells }).ok_or(Foreign(line))?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::{
        cell::{Number, Text},
        row::{Many, row},
    };
    use seatcast_core::Lang;

    row! {
        /// A table of this test.
        Sample<'a> {
            name: Text<'a> = "名称", "name";
            year: Option<i32>, Year = "学年", "academic year";
            r#override: Number, Places = "数值", "a column with a name that Rust keeps for itself";
        }
    }

    row! {
        /// A table with headings that depend on the results.
        Wide {
            rank: usize = "名次", "rank";
            figures: Many<Option<Number>> = "数值", "figures";
        }
    }

    fn options(bom: bool) -> Options {
        Options { lang: Lang::En, bom, charts: false }
    }

    fn samples() -> Vec<Sample<'static>> {
        let of =
            |name: &'static str, year, number| Sample { name: name.into(), year, r#override: Number(number) };
        vec![of("plain", Some(2026), 1.5), of("a, \"b\"\nc", None, 0.0), of("=1+1", Some(-1), 12.0)]
    }

    #[test]
    fn rows_are_written_under_the_names_of_their_fields() {
        let text = String::from_utf8(bytes(samples(), options(true))).unwrap();
        assert_eq!(text, "\u{feff}name,year,override\nplain,2026,1.5\n\"a, \"\"b\"\"\nc\",,0\n'=1+1,-1,12\n");
        assert!(bytes(samples(), options(false)).starts_with(b"name,"));
        assert_eq!(bytes(Vec::<Sample<'_>>::new(), options(false)), b"name,year,override\n");
    }

    #[test]
    fn rows_come_back_as_they_were() {
        for bom in [true, false] {
            let mut back = Vec::new();
            read(&bytes(samples(), options(bom)), |row: Sample<'_>| back.push(row)).unwrap();
            assert_eq!(back, samples());
        }
    }

    #[test]
    fn columns_are_found_by_name_and_a_missing_one_is_blank() {
        let mut back = Vec::new();
        read(b"other,override,name\nx,2.5,n\n", |row: Sample<'_>| back.push(row)).unwrap();
        assert_eq!(back, [Sample { name: "n".into(), year: None, r#override: Number(2.5) }]);
    }

    #[test]
    fn a_line_of_another_program_is_named() {
        let wrong = |file: &str| read(file.as_bytes(), |_: Sample<'_>| ());
        assert_eq!(wrong("name,year,override\na,2026,1\nb,next year,1\n"), Err(Foreign(3)));
        assert_eq!(wrong("name,year,override\na,2026,\n"), Err(Foreign(2)), "a number may not be blank");
        assert_eq!(wrong("name,year,override\na,2026\n"), Err(Foreign(2)), "a row that is too short");
    }

    #[test]
    fn headings_that_depend_on_the_results_stand_in_their_place() {
        let headings = [vec!["a".to_owned(), "b".to_owned()]];
        let mut csv = Csv::wide(&Wide::columns(), &headings, options(false));
        csv.row(&Wide { rank: 1, figures: Many(vec![Some(Number(0.5)), None]) });
        assert_eq!(csv.finish(), b"rank,a,b\n1,0.5,\n");
    }
}
