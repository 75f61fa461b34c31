//! Policies on the plane: what each commits in money and how short it leaves the district, with the band of the futures on
//! both sides; the grid of levels behind.

use crate::{
    PlotError,
    canvas::{Align, Glyphs, Type, sheet},
    caption::{Caption, Foot, Head, WIDTH},
    font,
    legend::Sample,
    palette::{BAND_EDGE, CLOUD, FRONT, INK, PAPER, SOLID},
    plane::Plane,
    text::Words,
};

const HEIGHT: i32 = 440;
const EM: i32 = 12;

/// One policy.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyPoint {
    /// Its name.
    pub label: String,
    /// Mean money.
    pub money: f64,
    /// From the lowest to the highest tenth of the futures.
    pub money_band: (f64, f64),
    /// Mean shortage, seat-years.
    pub short: f64,
    /// From the lowest to the highest tenth of the futures.
    pub short_band: (f64, f64),
}

/// The data of one comparison of policies.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyFigure {
    /// Title, notice, source, language.
    pub caption: Caption,
    /// Name of the money axis with its unit.
    pub money: String,
    /// The policy in question at other levels: money and shortage.
    pub grid: Vec<(f64, f64)>,
    /// Policies, the one in question first.
    pub points: Vec<PolicyPoint>,
}

/// Draws the comparison as a self-contained SVG document.
///
/// # Errors
/// [`PlotError::NoYears`] if there is no point, [`PlotError::Font`] or [`PlotError::Draw`] if the drawing fails.
pub fn policies_svg(figure: &PolicyFigure) -> Result<String, PlotError> {
    if figure.points.is_empty() {
        return Err(PlotError::NoYears);
    }
    let lang = figure.caption.lang;
    let words = Words::of(lang);
    let head = Head::new(&figure.caption, words.policies_unit)?;
    let entries = vec![
        (Sample::Point(&SOLID), words.policy_mean.to_owned()),
        (Sample::Line(&BAND_EDGE), words.policy_band.to_owned()),
        (Sample::Point(&CLOUD), words.policy_grid.to_owned()),
    ];
    let foot = Foot::new(&figure.caption, entries)?;
    let most_money = figure.points.iter().map(|p| p.money_band.1.max(p.money)).fold(1.0, f64::max);
    let most_short = figure.points.iter().map(|p| p.short_band.1.max(p.short)).fold(1.0, f64::max);
    let plane = Plane::new(head.bottom() + 14, HEIGHT, (0.0, most_money), most_short.ceil() as u64, 30)?;
    let foot_top = plane.bottom + 56;
    let height = foot_top + foot.height();
    let description = words.policies_description(lang, figure.points.len());
    sheet((WIDTH as u32, height as u32), &figure.caption.about(&description), Glyphs::Embedded, |canvas| {
        head.draw(canvas)?;
        plane.grid(canvas)?;
        plane.base_numbers(canvas, &figure.money)?;
        for (money, short) in &figure.grid {
            canvas.disc(plane.at(*money, *short), 3, &CLOUD)?;
        }
        for point in &figure.points {
            let ((left, right), (low, high)) = (point.money_band, point.short_band);
            canvas.line(vec![plane.at(left, point.short), plane.at(right, point.short)], &BAND_EDGE)?;
            canvas.line(vec![plane.at(point.money, low), plane.at(point.money, high)], &BAND_EDGE)?;
        }
        for (i, point) in figure.points.iter().enumerate() {
            let at = plane.at(point.money, point.short);
            canvas.disc(at, if i == 0 { 7 } else { 5 }, &SOLID)?;
            if i > 0 {
                canvas.disc(at, 3, &PAPER)?;
            }
        }
        for (label, point, at) in labels(figure, &plane)? {
            let mark = plane.at(point.money, point.short);
            // a label that had to move away from its point is tied to it
            if (at.1 - mark.1).abs() > 20 {
                canvas.line(vec![(mark.0, mark.1), (at.0, at.1)], &FRONT)?;
            }
            let align = if at.0 < mark.0 { Align::End } else { Align::Start };
            canvas.text(label, at, Type { em: EM, ink: INK, align })?;
        }
        foot.draw(canvas, foot_top)
    })
}

type Label<'f> = (&'f str, &'f PolicyPoint, (i32, i32));

/// Where each label stands: beside its point, moved up or down until none lies on another.
fn labels<'f>(figure: &'f PolicyFigure, plane: &Plane) -> Result<Vec<Label<'f>>, PlotError> {
    let mut placed: Vec<(i32, i32, i32)> = Vec::new();
    let mut out = Vec::new();
    for point in &figure.points {
        let width = font::width(&point.label, EM)?;
        let mark = plane.at(point.money, point.short);
        let left = mark.0 + 12 + width > plane.right;
        let x = if left { mark.0 - 12 } else { mark.0 + 12 };
        let span = if left { (x - width, x) } else { (x, x + width) };
        let free = |y: i32, placed: &[(i32, i32, i32)]| {
            placed.iter().all(|(from, to, at)| (y - at).abs() >= 16 || span.1 < *from || *to < span.0)
        };
        let steps = (0..40).flat_map(|step| [mark.1 - 9 - 8 * step, mark.1 + 9 + 8 * step]);
        let y = steps
            .filter(|y| (plane.top..plane.bottom).contains(y))
            .find(|y| free(*y, &placed))
            .unwrap_or(mark.1);
        placed.push((span.0, span.1, y));
        out.push((point.label.as_str(), point, (x, y)));
    }
    Ok(out)
}
