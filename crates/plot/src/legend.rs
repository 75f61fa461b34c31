//! The key below a chart: a sample of each paint or line with its words, in columns.

use crate::PlotError;
use crate::canvas::{Align, Canvas, Point, Type};
use crate::font;
use crate::palette::{BAND, BAND_EDGE, HALO, INK, MEDIAN, PAPER, Paint, Pen, SOLID};

const EM: i32 = 13;
const ROW: i32 = 22;
const SAMPLE: i32 = 30;
const GAP: i32 = 8;
const BETWEEN: i32 = 28;

/// What is shown before the words.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sample {
    /// A filled box.
    Area(&'static Paint),
    /// A line.
    Line(&'static Pen),
    /// The median line with a full point.
    Median,
    /// The median line with a hollow point.
    MedianHollow,
    /// The band with its edges.
    Band,
    /// A point in a paint.
    Point(&'static Paint),
    /// A hollow point without a line.
    Hollow,
    /// The mark of a last safe date, or of a median on a time line.
    LastSafe,
}

/// A key laid out in columns.
pub(crate) struct Legend {
    entries: Vec<(Sample, String)>,
    rows: usize,
    columns: Vec<i32>,
}

impl Legend {
    /// Lays out `entries`, reading down the columns, in as few rows as fit `width` pixels.
    pub(crate) fn new(entries: Vec<(Sample, String)>, width: i32) -> Result<Self, PlotError> {
        let mut widths = Vec::with_capacity(entries.len());
        for (_, words) in &entries {
            widths.push(SAMPLE + GAP + font::width(words, EM)?);
        }
        let mut rows = 1;
        let mut columns = column_widths(&widths, rows);
        // One column always ends the search: there are never more rows than entries.
        while rows < entries.len() && total(&columns) > width {
            rows += 1;
            columns = column_widths(&widths, rows);
        }
        Ok(Self { entries, rows, columns })
    }

    /// Height in pixels.
    pub(crate) fn height(&self) -> i32 {
        ROW * self.rows as i32
    }

    /// Draws the key with its upper left corner at `at`.
    pub(crate) fn draw(&self, canvas: &Canvas<'_>, (left, top): Point) -> Result<(), PlotError> {
        let mut x = left;
        for (column, width) in self.entries.chunks(self.rows.max(1)).zip(&self.columns) {
            for (row, (sample, words)) in column.iter().enumerate() {
                let middle = top + ROW * row as i32 + ROW / 2;
                draw_sample(canvas, *sample, (x, middle))?;
                canvas.text(
                    words,
                    (x + SAMPLE + GAP, middle),
                    Type { em: EM, ink: INK, align: Align::Start },
                )?;
            }
            x += width + BETWEEN;
        }
        Ok(())
    }
}

fn column_widths(widths: &[i32], rows: usize) -> Vec<i32> {
    widths.chunks(rows).map(|column| column.iter().copied().max().unwrap_or(0)).collect()
}

fn total(columns: &[i32]) -> i32 {
    columns.iter().sum::<i32>() + BETWEEN * (columns.len() as i32 - 1).max(0)
}

fn draw_sample(canvas: &Canvas<'_>, sample: Sample, (x, middle): Point) -> Result<(), PlotError> {
    let across = |y: i32| vec![(x, y), (x + SAMPLE, y)];
    let centre = (x + SAMPLE / 2, middle);
    match sample {
        Sample::Area(paint) => canvas.block((x, middle - 7), (x + SAMPLE, middle + 7), paint),
        Sample::Line(pen) => canvas.line(across(middle), pen),
        Sample::Median => {
            canvas.line(across(middle), &MEDIAN)?;
            full_point(canvas, centre)
        }
        Sample::MedianHollow => {
            canvas.line(across(middle), &MEDIAN)?;
            hollow_point(canvas, centre)
        }
        Sample::Band => {
            canvas.block((x, middle - 7), (x + SAMPLE, middle + 7), &BAND)?;
            canvas.line(across(middle - 7), &BAND_EDGE)?;
            canvas.line(across(middle + 7), &BAND_EDGE)
        }
        Sample::Point(paint) => canvas.disc(centre, 4, paint),
        Sample::Hollow => hollow_point(canvas, centre),
        Sample::LastSafe => last_safe_mark(canvas, centre),
    }
}

/// The mark of a last safe date: a black diamond with a white rim, seen on every paint.
pub(crate) fn last_safe_mark(canvas: &Canvas<'_>, (x, y): Point) -> Result<(), PlotError> {
    let diamond = |r: i32| vec![(x - r, y), (x, y - r), (x + r, y), (x, y + r)];
    canvas.polygon(diamond(9), &PAPER)?;
    canvas.polygon(diamond(7), &SOLID)
}

/// A point of the median; its white ring keeps it apart from dark columns.
pub(crate) fn full_point(canvas: &Canvas<'_>, at: Point) -> Result<(), PlotError> {
    canvas.disc(at, 6, &PAPER)?;
    canvas.disc(at, 5, &SOLID)
}

/// A point of the median that rests on an assumption.
pub(crate) fn hollow_point(canvas: &Canvas<'_>, at: Point) -> Result<(), PlotError> {
    full_point(canvas, at)?;
    canvas.disc(at, 3, &PAPER)
}

/// The median line, with white under it for dark columns.
pub(crate) fn median_line(canvas: &Canvas<'_>, points: &[Point]) -> Result<(), PlotError> {
    canvas.line(points.to_vec(), &HALO)?;
    canvas.line(points.to_vec(), &MEDIAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(n: usize) -> Vec<(Sample, String)> {
        (0..n).map(|_| (Sample::Median, "学位学位".to_owned())).collect()
    }

    #[test]
    fn a_wide_sheet_has_one_row_and_a_narrow_one_as_many_as_needed() {
        // An entry is 30 + 8 + 4 x 13 = 90 pixels wide; five with four gaps of 28 take 562.
        assert_eq!(Legend::new(entries(5), 562).unwrap().height(), ROW);
        assert_eq!(Legend::new(entries(5), 561).unwrap().height(), 2 * ROW);
        assert_eq!(Legend::new(entries(5), 10).unwrap().height(), 5 * ROW);
    }

    #[test]
    fn no_entries_need_no_columns() {
        assert!(Legend::new(Vec::new(), 100).unwrap().columns.is_empty());
    }
}
