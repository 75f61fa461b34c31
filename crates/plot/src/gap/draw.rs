//! Where everything of the seat-gap chart goes. From the top: title, notice, unit, bracket over assumed years, tags of the
//! marks, the plot, years, differences, key, source. Each part is measured first, so the height of the sheet is known
//! before anything is drawn and no part can lie on another.

use plotters::coord::CoordTranslate;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;

use super::GapFigure;
use super::parts::{Tag, entries, tags};
use crate::PlotError;
use crate::axis::{academic_year, every, signed_difference, thousands, ticks};
use crate::canvas::{Align, Canvas, Glyphs, Point, Type, sheet};
use crate::caption::{Foot, Head, MARGIN, WIDTH};
use crate::font;
use crate::legend::{full_point, hollow_point, median_line};
use crate::palette::{
    ALERT, ASSUMED, BAND, BAND_EDGE, BASE, BRACKET, CANDIDATES, GRID, INK, LAYERS, LEADER, QUIET, SHORTAGE,
    SOLID, TAG,
};
use crate::text::Words;
use crate::wrap::{Paragraph, line_height};

const PLOT_HEIGHT: i32 = 380;
const TICK_EM: i32 = 13;
const HEADING_WIDTH: i32 = 100;
const BRACKET_EM: i32 = 12;
const TAG_GAP: i32 = 4;
const BRACKET_ROW: i32 = 28;
/// Part of the room of a year that its column takes, and the widest a column gets in pixels.
const COLUMN: f64 = 0.72;
const WIDEST_COLUMN: i32 = 130;
/// A shortage of few places is drawn at least this high, or a reader would miss it.
const LEAST_SHORTAGE: i32 = 2;

/// All parts, measured.
struct Layout<'a> {
    figure: &'a GapFigure,
    words: &'static Words,
    head: Head,
    foot: Foot,
    headings: Vec<Paragraph>,
    tags: Vec<Tag>,
    tag_height: i32,
    /// Texts under the columns, by row: years, differences, pupils without a place.
    rows: Vec<Vec<String>>,
    ticks: Vec<u64>,
    left: i32,
    right: i32,
    top: i32,
    scale: Cartesian2d<RangedCoordf64, RangedCoordf64>,
    height: i32,
}

/// Draws a figure that has been checked.
pub(super) fn chart(figure: &GapFigure, glyphs: Glyphs) -> Result<String, PlotError> {
    let layout = Layout::new(figure)?;
    let description = figure.description();
    let about = figure.caption.about(&description);
    sheet((WIDTH as u32, layout.height as u32), &about, glyphs, |canvas| {
        layout.head.draw(canvas)?;
        layout.assumed(canvas)?;
        layout.grid(canvas)?;
        layout.columns(canvas)?;
        layout.demand(canvas)?;
        layout.tags(canvas)?;
        layout.rows(canvas)?;
        layout.foot.draw(canvas, layout.foot_top())
    })
}

impl<'a> Layout<'a> {
    fn new(figure: &'a GapFigure) -> Result<Self, PlotError> {
        let words = Words::of(figure.caption.lang);
        let count = figure.years.len();
        let unit = if figure.layers.is_some() { words.unit } else { words.pupils };
        let head = Head::new(&figure.caption, unit)?;
        let foot = Foot::new(&figure.caption, entries(figure, words))?;
        let heading = |text: &&str| Paragraph::fit(text, HEADING_WIDTH, &[12], 2);
        let mut named = vec![words.years];
        named.push(if figure.layers.is_some() { words.balance } else { words.median });
        named.extend(figure.unmet.is_some().then_some(words.unmet));
        let headings: Vec<Paragraph> = named.iter().map(heading).collect::<Result<_, _>>()?;

        let most = (0..count).map(|i| figure.top(i)).max().unwrap_or(0);
        // A little air above the data, for the arrowheads of the marks.
        let ticks = ticks(most.saturating_add(most / 40), 7);
        let mut gutter = 0;
        for heading in &headings {
            gutter = gutter.max(heading.width()?);
        }
        for tick in &ticks {
            gutter = gutter.max(font::width(&thousands(*tick), TICK_EM)?);
        }
        let (left, right) = (MARGIN + gutter + 12, WIDTH - MARGIN);
        let tags = tags(figure, left, right)?;

        let mut top = head.bottom() + 12;
        top += figure.assumed_index().map_or(0, |_| BRACKET_ROW);
        // All rows are as high as the tag with the most lines.
        let tag_height = tags.iter().map(|tag| tag.text.height() + 6).max().unwrap_or(0);
        top += (tag_height + TAG_GAP) * tags.iter().map(|tag| tag.row + 1).max().unwrap_or(0);
        let highest = ticks.last().copied().unwrap_or(1) as f64;
        // Upside down: pixels count from the top, places from the bottom.
        let plot = (left..right, top + PLOT_HEIGHT..top);
        let scale = Cartesian2d::new(0.0..count as f64, 0.0..highest, plot);

        let mut layout = Self {
            figure,
            words,
            head,
            foot,
            headings,
            tags,
            tag_height,
            rows: rows(figure),
            ticks,
            left,
            right,
            top,
            scale,
            height: 0,
        };
        layout.height = layout.foot_top() + layout.foot.height();
        Ok(layout)
    }

    fn bottom(&self) -> i32 {
        self.top + PLOT_HEIGHT
    }

    /// Upper edge of a row of texts under the columns.
    fn row_top(&self, row: usize) -> i32 {
        let above = self.headings[..row].iter().map(|h| h.height().max(line_height(TICK_EM)) + 4);
        self.bottom() + 8 + above.sum::<i32>()
    }

    fn foot_top(&self) -> i32 {
        self.row_top(self.headings.len()) + 10
    }

    /// The pixel of a value; `x` counts years from the left edge of the first.
    fn at(&self, x: f64, value: u64) -> Point {
        self.scale.translate(&(x, value as f64))
    }

    fn middle(&self, index: usize) -> i32 {
        self.at(index as f64 + 0.5, 0).0
    }

    /// Left and right edge of the column of a year.
    fn column(&self, index: usize) -> (i32, i32) {
        let (middle, room) =
            (self.middle(index), f64::from(self.right - self.left) / self.figure.years.len() as f64);
        let half = ((room * COLUMN) as i32).min(WIDEST_COLUMN) / 2;
        (middle - half, middle + half.max(1))
    }

    fn assumed(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        let Some(index) = self.figure.assumed_index() else {
            return Ok(());
        };
        let from = self.at(index as f64, 0).0;
        canvas.block((from, self.top), (self.right, self.bottom()), &ASSUMED)?;
        let y = self.head.bottom();
        let (line, end) = (y + 6 + BRACKET_ROW - 8, y + 6 + BRACKET_ROW - 3);
        canvas.line(
            vec![(from + 1, end), (from + 1, line), (self.right - 1, line), (self.right - 1, end)],
            &BRACKET,
        )?;
        let half = font::width(self.words.assumed, BRACKET_EM)? / 2;
        // Over the middle of the bracket, moved left if the bracket is shorter than its words.
        let x = i32::midpoint(from, self.right).min(self.right - half);
        canvas.text(
            self.words.assumed,
            (x, line - 10),
            Type { em: BRACKET_EM, ink: QUIET, align: Align::Middle },
        )
    }

    fn grid(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        for tick in &self.ticks {
            let y = self.at(0.0, *tick).1;
            if *tick > 0 {
                canvas.line(vec![(self.left, y), (self.right, y)], &GRID)?;
            }
            let look = Type { em: TICK_EM, ink: INK, align: Align::End };
            canvas.text(&thousands(*tick), (self.left - 10, y), look)?;
        }
        Ok(())
    }

    fn columns(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        for index in 0..self.figure.years.len() {
            let (left, right) = self.column(index);
            let mut below: u64 = 0;
            for (layer, paint) in self.figure.layers.iter().flatten().zip(&LAYERS) {
                let above = below.saturating_add(layer[index]);
                if above > below {
                    canvas.block((left, self.at(0.0, above).1), (right, self.at(0.0, below).1), paint)?;
                }
                below = above;
            }
            if self.figure.shortage(index) > 0 {
                let foot = self.at(0.0, below).1;
                let head = self.at(0.0, self.figure.demand[index].median).1.min(foot - LEAST_SHORTAGE);
                canvas.block((left, head), (right, foot), &SHORTAGE)?;
            }
        }
        canvas.line(vec![(self.left, self.bottom()), (self.right, self.bottom())], &BASE)
    }

    fn demand(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        let count = self.figure.years.len();
        let series = |value: &dyn Fn(usize) -> u64| -> Vec<Point> {
            (0..count).map(|i| self.at(i as f64 + 0.5, value(i))).collect()
        };
        let mut low = series(&|i| self.figure.demand[i].p10);
        let mut high = series(&|i| self.figure.demand[i].p90);
        if let ([l], [h]) = (low.as_slice(), high.as_slice()) {
            // A single year has no width to show a band over.
            (low, high) = (vec![(l.0 - 30, l.1), (l.0 + 30, l.1)], vec![(h.0 - 30, h.1), (h.0 + 30, h.1)]);
        }
        canvas.polygon(high.iter().chain(low.iter().rev()).copied().collect(), &BAND)?;
        canvas.line(low, &BAND_EDGE)?;
        canvas.line(high, &BAND_EDGE)?;
        if let Some(all) = &self.figure.candidates {
            let step =
                |(i, value): (usize, &u64)| [self.at(i as f64, *value), self.at(i as f64 + 1.0, *value)];
            canvas.line(all.iter().enumerate().flat_map(step).collect(), &CANDIDATES)?;
        }
        let median = series(&|i| self.figure.demand[i].median);
        median_line(canvas, &median)?;
        let assumed = self.figure.assumed_index().unwrap_or(count);
        for (index, point) in median.into_iter().enumerate() {
            if index < assumed {
                full_point(canvas, point)?;
            } else {
                hollow_point(canvas, point)?;
            }
        }
        Ok(())
    }

    /// Lower edge of the tags of a row.
    fn tag_bottom(&self, row: i32) -> i32 {
        self.top - (self.tag_height + TAG_GAP) * row - TAG_GAP
    }

    /// Tags with a line down to the data of their year. Lines first: a tag may stand in the way of another's line.
    fn tags(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        for tag in &self.tags {
            let x = self.middle(tag.index);
            // Clear of the data, and of the tag even where the data reach up to it.
            let end = (self.at(0.0, self.figure.top(tag.index)).1 - 10).max(self.top + 4);
            canvas.line(vec![(x, self.tag_bottom(tag.row)), (x, end)], &LEADER)?;
            canvas.polygon(vec![(x - 4, end - 6), (x + 4, end - 6), (x, end)], &SOLID)?;
        }
        for tag in &self.tags {
            let (top, bottom) = (self.tag_bottom(tag.row) - self.tag_height, self.tag_bottom(tag.row));
            canvas.block((tag.left, top), (tag.right, bottom), &TAG)?;
            let spare = self.tag_height - tag.text.height();
            canvas.paragraph(
                &tag.text,
                (i32::midpoint(tag.left, tag.right), top + spare / 2),
                INK,
                Align::Middle,
            )?;
        }
        Ok(())
    }

    /// Years, differences and unmet pupils under the columns, every k-th if there are too many.
    fn rows(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        let pitch = f64::from(self.right - self.left) / self.figure.years.len() as f64;
        let mut widest = 0;
        for text in self.rows.iter().flatten() {
            widest = widest.max(font::width(text, TICK_EM)?);
        }
        // Between full and small size, rather small than with gaps.
        let em = if every(widest, 6, pitch) > 1 { TICK_EM - 2 } else { TICK_EM };
        let width = widest * em / TICK_EM + 1;
        let step = every(width, 6, pitch);
        let half = self.headings[0].line_height() / 2;
        for (row, (heading, texts)) in self.headings.iter().zip(&self.rows).enumerate() {
            let top = self.row_top(row);
            canvas.paragraph(heading, (self.left - 10, top), QUIET, Align::End)?;
            for (index, text) in texts.iter().enumerate().step_by(step) {
                let x = self.middle(index);
                // Where columns are narrower than numbers, the first or last number would lie on the heading or off the
                // sheet.
                if x - width / 2 < self.left - 6 || x + width / 2 > WIDTH - 4 {
                    continue;
                }
                let ink = if self.alerts(row, index) { ALERT } else { INK };
                canvas.text(text, (x, top + half), Type { em, ink, align: Align::Middle })?;
            }
        }
        Ok(())
    }

    /// Whether a text under a column says that places are short.
    fn alerts(&self, row: usize, index: usize) -> bool {
        match row {
            0 => false,
            1 => self.figure.shortage(index) > 0,
            _ => self.figure.unmet.as_ref().is_some_and(|unmet| unmet[index] > 0),
        }
    }
}

/// The texts of every row under the columns.
fn rows(figure: &GapFigure) -> Vec<Vec<String>> {
    let second = |i: usize| match figure.layers {
        Some(_) => signed_difference(figure.places(i), figure.demand[i].median),
        None => thousands(figure.demand[i].median),
    };
    let mut rows = vec![
        figure.years.iter().map(|year| academic_year(*year)).collect(),
        (0..figure.years.len()).map(second).collect(),
    ];
    rows.extend(figure.unmet.as_ref().map(|unmet| unmet.iter().map(|n| thousands(*n)).collect()));
    rows
}
