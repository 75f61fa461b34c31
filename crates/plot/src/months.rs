//! A sheet of projects by month: a row a project under headings, names on the left, a grid on the first of September of each
//! year, because only then does a place count. What stands in a row is the chart's own.

use crate::{
    PlotError,
    canvas::{Align, Canvas, Type},
    caption::{CONTENT, MARGIN},
    font,
    palette::{BASE, GRID, INK, LEADER, QUIET},
};

/// Size of the letters.
pub(crate) const EM: i32 = 12;

/// Measures of a sheet, in pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measures {
    /// Height of a row.
    pub(crate) row: i32,
    /// Height of the heading of a group.
    pub(crate) group: i32,
    /// Space above the rows for the labels of the time.
    pub(crate) heading: i32,
    /// Width beyond which a name is written smaller.
    pub(crate) widest_label: i32,
    /// Space right of the time.
    pub(crate) beside: i32,
    /// How far above the rows the line of the round begins, and where its label stands.
    pub(crate) round: (i32, i32),
}

/// A sheet, measured.
pub(crate) struct Months {
    pub(crate) left: i32,
    pub(crate) right: i32,
    pub(crate) top: i32,
    pub(crate) bottom: i32,
    measures: Measures,
    span: (i32, i32),
}

/// A month (12 x year + month - 1) as text.
pub(crate) fn month_text(month: i32) -> String {
    format!("{}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

impl Months {
    /// A sheet below `above` for the months `span`, with room for every row of `groups` and its name.
    pub(crate) fn new<R>(
        measures: Measures,
        above: i32,
        span: (i32, i32),
        groups: &[(String, Vec<R>)],
        name: fn(&R) -> &str,
    ) -> Result<Self, PlotError> {
        let mut gutter = 0;
        for row in groups.iter().flat_map(|(_, rows)| rows) {
            gutter = gutter.max(font::width(name(row), EM)?);
        }
        let rows: usize = groups.iter().map(|(_, rows)| rows.len()).sum();
        let top = above + 8 + measures.heading;
        Ok(Self {
            left: MARGIN + gutter.min(measures.widest_label) + 14,
            right: MARGIN + CONTENT - measures.beside,
            top,
            bottom: top + measures.row * rows as i32 + measures.group * groups.len() as i32,
            measures,
            span,
        })
    }

    /// The pixel of a month; months off the sheet lie on its edge.
    pub(crate) fn x(&self, month: f64) -> i32 {
        let (first, last) = (f64::from(self.span.0), f64::from(self.span.1));
        let share = ((month - first) / (last - first)).clamp(0.0, 1.0);
        self.left + (share * f64::from(self.right - self.left)) as i32
    }

    /// A line on every first of September; years are thinned until their labels fit.
    pub(crate) fn grid(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        let septembers: Vec<i32> =
            (self.span.0..=self.span.1).filter(|month| month.rem_euclid(12) == 8).collect();
        let pitch = f64::from(self.right - self.left) / septembers.len().max(1) as f64;
        let widest = septembers.first().map_or(Ok(0), |month| font::width(&month_text(*month), EM))?;
        let step = crate::axis::every(widest, 8, pitch);
        for (index, month) in septembers.into_iter().enumerate() {
            let x = self.x(f64::from(month));
            canvas.line(vec![(x, self.top - 4), (x, self.bottom)], &GRID)?;
            if index % step == 0 {
                let look = Type { em: EM, ink: QUIET, align: Align::Middle };
                canvas.text(&month_text(month), (x, self.top - 12), look)?;
            }
        }
        Ok(())
    }

    /// The line under the rows.
    pub(crate) fn base(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        canvas.line(vec![(self.left, self.bottom), (MARGIN + CONTENT, self.bottom)], &BASE)
    }

    /// The round of this year, called `word`.
    pub(crate) fn round(&self, canvas: &Canvas<'_>, month: i32, word: &str) -> Result<(), PlotError> {
        let (line, label) = self.measures.round;
        let x = self.x(f64::from(month));
        canvas.line(vec![(x, self.top - line), (x, self.bottom)], &LEADER)?;
        let look = Type { em: EM, ink: INK, align: Align::Middle };
        canvas.text(&format!("{word} {}", month_text(month)), (x, self.top - label), look)
    }

    /// Headings, and `draw` for every row with the pixel of its upper edge.
    pub(crate) fn rows<R>(
        &self,
        canvas: &Canvas<'_>,
        groups: &[(String, Vec<R>)],
        draw: impl Fn(&R, i32) -> Result<(), PlotError>,
    ) -> Result<(), PlotError> {
        let mut y = self.top;
        for (heading, rows) in groups {
            let look = Type { em: EM + 1, ink: QUIET, align: Align::Start };
            canvas.text(heading, (MARGIN, y + self.measures.group / 2 + 2), look)?;
            y += self.measures.group;
            for row in rows {
                draw(row, y)?;
                y += self.measures.row;
            }
        }
        Ok(())
    }

    /// The name of a row, as large as it fits.
    pub(crate) fn name(&self, canvas: &Canvas<'_>, name: &str, y: i32) -> Result<(), PlotError> {
        let mut em = EM;
        while em > 8 && font::width(name, em)? > self.measures.widest_label {
            em -= 1;
        }
        canvas.text(name, (self.left - 8, y), Type { em, ink: INK, align: Align::End })
    }
}
