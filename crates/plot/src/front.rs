//! The front: cost and bad-year shortage of every schedule of a sweep; the line joins the schedules that no other beats in
//! both.

use crate::{
    PlotError,
    canvas::{Align, Glyphs, Point, Type, sheet},
    caption::{Caption, Foot, Head, WIDTH},
    font,
    legend::Sample,
    palette::{CLOUD, FRONT, INK, PAPER, SOLID},
    plane::Plane,
    text::Words,
};

const HEIGHT: i32 = 420;
const EM: i32 = 12;

/// A schedule on the plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FrontPoint {
    /// Money, in the unit of the figure.
    pub cost: f64,
    /// Shortage of the worst draws, seat-years.
    pub shortage: f64,
}

/// The data of one front.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontFigure {
    /// Title, notice, source, language.
    pub caption: Caption,
    /// Name of the money axis with its unit.
    pub money: String,
    /// Schedules of the sweep, thinned.
    pub cloud: Vec<FrontPoint>,
    /// Schedules that nothing beats, cheapest first.
    pub front: Vec<FrontPoint>,
    /// Points to name.
    pub marks: Vec<(FrontPoint, String)>,
}

/// Draws the front as a self-contained SVG document.
///
/// # Errors
/// [`PlotError::NoYears`] if there is no point, [`PlotError::Font`] or [`PlotError::Draw`] if the drawing fails.
pub fn front_svg(figure: &FrontFigure) -> Result<String, PlotError> {
    let points = || figure.cloud.iter().chain(&figure.front).chain(figure.marks.iter().map(|(p, _)| p));
    if points().next().is_none() {
        return Err(PlotError::NoYears);
    }
    let words = Words::of(figure.caption.lang);
    let head = Head::new(&figure.caption, words.front_unit)?;
    let entries =
        vec![(Sample::Point(&CLOUD), words.cloud.to_owned()), (Sample::Line(&FRONT), words.front.to_owned())];
    let foot = Foot::new(&figure.caption, entries)?;
    let most = |of: fn(&FrontPoint) -> f64| points().map(of).fold(1.0, f64::max);
    let plane = Plane::new(
        head.bottom() + 14,
        HEIGHT,
        (0.0, most(|p| p.cost)),
        most(|p| p.shortage).ceil() as u64,
        20,
    )?;
    let foot_top = plane.bottom + 56;
    let height = foot_top + foot.height();
    let description = words.front_description(figure.caption.lang, figure.front.len());
    sheet((WIDTH as u32, height as u32), &figure.caption.about(&description), Glyphs::Embedded, |canvas| {
        head.draw(canvas)?;
        plane.grid(canvas)?;
        plane.base_numbers(canvas, &figure.money)?;
        for point in &figure.cloud {
            canvas.disc(plane.at(point.cost, point.shortage), 3, &CLOUD)?;
        }
        // a step: between two schedules of the front the cheaper one is all that money buys
        let mut line: Vec<Point> = Vec::new();
        for point in &figure.front {
            let at = plane.at(point.cost, point.shortage);
            if let Some(&(_, y)) = line.last() {
                line.push((at.0, y));
            }
            line.push(at);
        }
        if let Some(&(_, y)) = line.last() {
            line.push((plane.right, y));
        }
        if line.len() > 1 {
            canvas.line(line, &FRONT)?;
        }
        for point in &figure.front {
            canvas.disc(plane.at(point.cost, point.shortage), 3, &SOLID)?;
        }
        for (point, label) in &figure.marks {
            let (x, y) = plane.at(point.cost, point.shortage);
            canvas.disc((x, y), 7, &SOLID)?;
            canvas.disc((x, y), 4, &PAPER)?;
            let to_the_left = x + 12 + font::width(label, EM)? > plane.right;
            let (at, align) = if to_the_left { (x - 12, Align::End) } else { (x + 12, Align::Start) };
            canvas.text(label, (at, y + 16), Type { em: EM, ink: INK, align })?;
        }
        foot.draw(canvas, foot_top)
    })
}
