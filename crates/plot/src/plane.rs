//! Two axes from zero with whole-number ticks: where points and lines of the sweep and of variants stand.

use crate::{
    PlotError,
    axis::{thousands, ticks},
    canvas::{Align, Canvas, Point, Type},
    caption::{CONTENT, MARGIN},
    font,
    palette::{BASE, GRID, INK, QUIET},
};

const EM: i32 = 13;

/// The plane of a chart, measured.
pub(crate) struct Plane {
    pub(crate) left: i32,
    pub(crate) right: i32,
    pub(crate) top: i32,
    pub(crate) bottom: i32,
    x: (f64, f64),
    y_ticks: Vec<u64>,
}

impl Plane {
    /// A plane from `top`, `height` pixels high, for x from `x.0` to `x.1` and y up to `most`; `spare` pixels stay free on
    /// the right.
    pub(crate) fn new(
        top: i32,
        height: i32,
        x: (f64, f64),
        most: u64,
        spare: i32,
    ) -> Result<Self, PlotError> {
        let y_ticks = ticks(most, 7);
        let mut gutter = 0;
        for tick in &y_ticks {
            gutter = gutter.max(font::width(&thousands(*tick), EM)?);
        }
        let left = MARGIN + gutter + 12;
        Ok(Self { left, right: MARGIN + CONTENT - spare, top, bottom: top + height, x, y_ticks })
    }

    /// The pixel of a point.
    pub(crate) fn at(&self, x: f64, y: f64) -> Point {
        let (from, to) = self.x;
        let share = if to > from { (x - from) / (to - from) } else { 0.5 };
        let most = self.y_ticks.last().copied().unwrap_or(1) as f64;
        (
            self.left + (share * f64::from(self.right - self.left)).round() as i32,
            self.bottom - (y / most * f64::from(self.bottom - self.top)).round() as i32,
        )
    }

    /// Level lines, their numbers, and the base.
    pub(crate) fn grid(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        for tick in &self.y_ticks {
            let y = self.at(self.x.0, *tick as f64).1;
            if *tick > 0 {
                canvas.line(vec![(self.left, y), (self.right, y)], &GRID)?;
            }
            let look = Type { em: EM, ink: INK, align: Align::End };
            canvas.text(&thousands(*tick), (self.left - 10, y), look)?;
        }
        canvas.line(vec![(self.left, self.bottom), (self.right, self.bottom)], &BASE)
    }

    /// Whole-number ticks along the base and the name of the axis under them.
    pub(crate) fn base_numbers(&self, canvas: &Canvas<'_>, name: &str) -> Result<(), PlotError> {
        for tick in ticks(self.x.1 as u64, 8).into_iter().filter(|t| *t as f64 <= self.x.1 + 1e-9) {
            let x = self.at(tick as f64, 0.0).0;
            canvas.line(vec![(x, self.bottom), (x, self.bottom + 5)], &BASE)?;
            canvas.text(
                &thousands(tick),
                (x, self.bottom + 17),
                Type { em: EM, ink: INK, align: Align::Middle },
            )?;
        }
        let look = Type { em: EM, ink: QUIET, align: Align::End };
        canvas.text(name, (self.right, self.bottom + 38), look)
    }
}
