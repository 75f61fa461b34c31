//! Variants compared: a line a variant over the years, labelled at its end.

use crate::{
    PlotError,
    axis::{academic_year, every},
    canvas::{Align, Glyphs, Point, Type, sheet},
    caption::{Caption, Foot, Head, WIDTH},
    font,
    legend::Sample,
    palette::{INK, VARIANTS},
    plane::Plane,
    text::Words,
};

const HEIGHT: i32 = 380;
const EM: i32 = 13;

/// One variant.
#[derive(Debug, Clone, PartialEq)]
pub struct CompareSeries {
    /// Name of the variant.
    pub name: String,
    /// Value by year.
    pub values: Vec<f64>,
}

/// The data of one comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct CompareFigure {
    /// Title, notice, source, language.
    pub caption: Caption,
    /// What is compared, with its unit.
    pub unit: String,
    /// Academic years by the calendar year in which they begin.
    pub years: Vec<i32>,
    /// Variants, the reference first.
    pub series: Vec<CompareSeries>,
}

/// Draws the comparison as a self-contained SVG document. Lines repeat their pens after the sixth.
///
/// # Errors
/// [`PlotError::NoYears`] or [`PlotError::Length`] if the figure does not hold together, [`PlotError::Font`] or
/// [`PlotError::Draw`] if the drawing fails.
pub fn compare_svg(figure: &CompareFigure) -> Result<String, PlotError> {
    let years = figure.years.len();
    if years == 0 {
        return Err(PlotError::NoYears);
    }
    for series in &figure.series {
        if series.values.len() != years {
            return Err(PlotError::Length { series: "values", found: series.values.len(), years });
        }
    }
    let head = Head::new(&figure.caption, &figure.unit)?;
    let pen = |i: usize| &VARIANTS[i % VARIANTS.len()];
    let entries =
        figure.series.iter().enumerate().map(|(i, s)| (Sample::Line(pen(i)), s.name.clone())).collect();
    let foot = Foot::new(&figure.caption, entries)?;
    let mut spare = 0;
    for series in &figure.series {
        spare = spare.max(font::width(&series.name, EM)?);
    }
    let most = figure.series.iter().flat_map(|s| &s.values).copied().fold(1.0, f64::max);
    let plane =
        Plane::new(head.bottom() + 14, HEIGHT, (0.0, years as f64), most.ceil() as u64, spare.min(240) + 16)?;
    let foot_top = plane.bottom + 40;
    let height = foot_top + foot.height();
    let description = Words::compare_description(figure.caption.lang, figure.series.len(), years);
    sheet((WIDTH as u32, height as u32), &figure.caption.about(&description), Glyphs::Embedded, |canvas| {
        head.draw(canvas)?;
        plane.grid(canvas)?;
        let x = |i: usize| i as f64 + 0.5;
        let widest = font::width(&academic_year(figure.years[0]), EM)?;
        let step = every(widest, 8, f64::from(plane.right - plane.left) / years as f64);
        for (i, year) in figure.years.iter().enumerate().step_by(step) {
            let look = Type { em: EM, ink: INK, align: Align::Middle };
            canvas.text(&academic_year(*year), (plane.at(x(i), 0.0).0, plane.bottom + 18), look)?;
        }
        // the reference lies on top
        for (s, series) in figure.series.iter().enumerate().rev() {
            let points: Vec<Point> =
                series.values.iter().enumerate().map(|(i, v)| plane.at(x(i), *v)).collect();
            canvas.line(points, pen(s))?;
        }
        for (y, series) in label_rows(figure, &plane) {
            let look = Type { em: EM, ink: pen(series).rgb, align: Align::Start };
            canvas.text(&figure.series[series].name, (plane.right + 8, y), look)?;
        }
        foot.draw(canvas, foot_top)
    })
}

/// The row of every label at the end of its line, moved apart so that none lies on another.
fn label_rows(figure: &CompareFigure, plane: &Plane) -> Vec<(i32, usize)> {
    let end = figure.years.len() as f64 - 0.5;
    let last = |s: usize| figure.series[s].values.last().copied().unwrap_or(0.0);
    let mut rows: Vec<(i32, usize)> =
        (0..figure.series.len()).map(|s| (plane.at(end, last(s)).1, s)).collect();
    rows.sort_unstable();
    for i in 1..rows.len() {
        rows[i].0 = rows[i].0.max(rows[i - 1].0 + 17);
    }
    // pushed below the base: move the whole stack up
    let over = rows.last().map_or(0, |(y, _)| (y - plane.bottom).max(0));
    if over > 0 {
        let mut limit = plane.bottom;
        for row in rows.iter_mut().rev() {
            row.0 = row.0.min(limit);
            limit = row.0 - 17;
        }
    }
    rows
}
