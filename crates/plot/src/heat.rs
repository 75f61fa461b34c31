//! The heat map: one row a zone, one column a year, utilisation in the colours of the early warning.
//!
//! The number is written in every cell, cut to whole per cent (so that 99.97 is not shown as full), and colour and hatching
//! only repeat it. A zone without a place has no ratio:
//! its cell is red and says so in words.

use crate::{
    PlotError,
    axis::academic_year,
    canvas::{Align, Canvas, Glyphs, Type, sheet},
    caption::{CONTENT, Caption, Foot, Head, MARGIN, WIDTH},
    font,
    legend::Sample,
    palette::{INK, QUIET, WARNINGS},
    text::Words,
};

const ROW: i32 = 26;
const EM: i32 = 13;
const LABEL_EM: i32 = 13;
const WIDEST_LABEL: i32 = 300;
const HEADING: i32 = 30;

/// Colour of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heat {
    /// Enough places.
    Green,
    /// Nearly full.
    Yellow,
    /// Full or over.
    Red,
}

/// One zone.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatRow {
    /// Name of the zone.
    pub label: String,
    /// Utilisation by year, 1 = full; `None` where there is no place.
    pub utilisation: Vec<Option<f64>>,
}

/// The data of one heat map.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatFigure {
    /// Title, notice, source, language.
    pub caption: Caption,
    /// What the cells count where it is not utilisation.
    pub unit: Option<String>,
    /// Academic years by the calendar year in which they begin.
    pub years: Vec<i32>,
    /// Zones, from above.
    pub rows: Vec<HeatRow>,
    /// Utilisation from which a cell is yellow.
    pub yellow: f64,
    /// Utilisation from which a cell is red.
    pub red: f64,
}

impl HeatFigure {
    /// Colour of a cell.
    pub fn colour(&self, utilisation: Option<f64>) -> Heat {
        match utilisation {
            Some(ratio) if ratio < self.yellow => Heat::Green,
            Some(ratio) if ratio < self.red => Heat::Yellow,
            _ => Heat::Red,
        }
    }

    fn description(&self, words: &Words) -> String {
        let cells = || self.rows.iter().flat_map(|row| row.utilisation.iter());
        let red = cells().filter(|u| self.colour(**u) == Heat::Red).count();
        let unit = self.unit.as_deref().unwrap_or(words.heat_unit);
        Words::heat_description(unit, self.caption.lang, (self.rows.len(), self.years.len()), red)
    }
}

/// Draws the heat map as a self-contained SVG document.
///
/// # Errors
/// [`PlotError::NoYears`] or [`PlotError::Length`] if the figure does not hold together, [`PlotError::Font`] or
/// [`PlotError::Draw`] if the drawing fails.
pub fn heat_svg(figure: &HeatFigure) -> Result<String, PlotError> {
    if figure.years.is_empty() {
        return Err(PlotError::NoYears);
    }
    for row in &figure.rows {
        if row.utilisation.len() != figure.years.len() {
            let (found, years) = (row.utilisation.len(), figure.years.len());
            return Err(PlotError::Length { series: "utilisation", found, years });
        }
    }
    let words = Words::of(figure.caption.lang);
    let head = Head::new(&figure.caption, figure.unit.as_deref().unwrap_or(words.heat_unit))?;
    let percent = |ratio: f64| format!("{} %", (ratio * 1000.0).round() / 10.0);
    let bounds = [
        format!("< {}", percent(figure.yellow)),
        format!("{} – {}", percent(figure.yellow), percent(figure.red)),
        format!("≥ {}", percent(figure.red)),
    ];
    let entries = WARNINGS.iter().zip(bounds).map(|(paint, text)| (Sample::Area(paint), text)).collect();
    let foot = Foot::new(&figure.caption, entries)?;
    let mut gutter = 0;
    for row in &figure.rows {
        gutter = gutter.max(font::width(&row.label, LABEL_EM)?);
    }
    let left = MARGIN + gutter.min(WIDEST_LABEL) + 14;
    let top = head.bottom() + 12 + HEADING;
    let bottom = top + ROW * figure.rows.len() as i32;
    let height = bottom + 14 + foot.height();
    let description = figure.description(words);
    sheet((WIDTH as u32, height as u32), &figure.caption.about(&description), Glyphs::Embedded, |canvas| {
        head.draw(canvas)?;
        cells(figure, canvas, left, top, words)?;
        foot.draw(canvas, bottom + 14)
    })
}

fn cells(
    figure: &HeatFigure,
    canvas: &Canvas<'_>,
    left: i32,
    top: i32,
    words: &Words,
) -> Result<(), PlotError> {
    let pitch = f64::from(MARGIN + CONTENT - left) / figure.years.len() as f64;
    let edge = |index: usize| left + (pitch * index as f64) as i32;
    for (index, year) in figure.years.iter().enumerate() {
        let middle = i32::midpoint(edge(index), edge(index + 1));
        let look = Type { em: EM, ink: QUIET, align: Align::Middle };
        canvas.text(&academic_year(*year), (middle, top - HEADING / 2), look)?;
    }
    for (row, y) in figure.rows.iter().zip((0..).map(|i| top + ROW * i)) {
        let mut em = LABEL_EM;
        while em > 9 && font::width(&row.label, em)? > WIDEST_LABEL {
            em -= 1;
        }
        let look = Type { em, ink: INK, align: Align::End };
        canvas.text(&row.label, (left - 10, y + ROW / 2), look)?;
        for (index, ratio) in row.utilisation.iter().enumerate() {
            let paint = &WARNINGS[figure.colour(*ratio) as usize];
            canvas.block((edge(index), y), (edge(index + 1) - 2, y + ROW - 2), paint)?;
            let text =
                ratio.map_or_else(|| words.no_places.to_owned(), |r| format!("{:.0}", (r * 100.0).floor()));
            let middle = i32::midpoint(edge(index), edge(index + 1) - 2);
            canvas.text(&text, (middle, y + ROW / 2 - 1), Type { em: EM, ink: INK, align: Align::Middle })?;
        }
    }
    Ok(())
}
