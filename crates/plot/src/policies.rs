//! Policies on the plane: what each commits in money and how short it leaves the district, with the band of the futures on
//! both sides; the grid of levels behind.

use crate::{
    PlotError,
    canvas::{Align, Glyphs, Type, sheet},
    caption::{Caption, Foot, Head, WIDTH},
    font,
    legend::Sample,
    palette::{BAND_EDGE, CLOUD, INK, LEADER, PAPER, SOLID},
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
    /// 10th and 90th percentile over the futures.
    pub money_band: (f64, f64),
    /// Mean shortage, seat-years.
    pub short: f64,
    /// 10th and 90th percentile over the futures.
    pub short_band: (f64, f64),
}

/// The data of one comparison of policies.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyFigure {
    /// Title, notice, source, language.
    pub caption: Caption,
    /// Name of the money axis with its unit.
    pub money: String,
    /// Money and shortage of the policy under trial at other levels.
    pub grid: Vec<(f64, f64)>,
    /// Policies; the one under trial comes first.
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
        for label in labels(figure, &plane)? {
            // a label that had to move away from its point is tied to it
            if let Some(tie) = label.tie {
                canvas.line(vec![label.mark, tie], &LEADER)?;
            }
            canvas.text(label.text, label.at, Type { em: EM, ink: INK, align: label.align })?;
        }
        // marks lie on the ties, not under them
        for (i, point) in figure.points.iter().enumerate() {
            let at = plane.at(point.money, point.short);
            canvas.disc(at, if i == 0 { 7 } else { 5 }, &SOLID)?;
            if i > 0 {
                canvas.disc(at, 3, &PAPER)?;
            }
        }
        foot.draw(canvas, foot_top)
    })
}

/// A box in pixels: left, top, right, bottom.
type Box4 = (i32, i32, i32, i32);

/// A name beside its point.
struct Label<'f> {
    text: &'f str,
    mark: (i32, i32),
    at: (i32, i32),
    align: Align,
    /// Where the line from the point ends, if the name stands away from it.
    tie: Option<(i32, i32)>,
}

/// Half the height of a name, and the room kept free around it.
const HALF: i32 = 8;
/// Away from a point by more than this a name is tied to it.
const NEAR: i32 = 16;

fn meets(a: Box4, b: Box4) -> bool {
    a.0 <= b.2 && b.0 <= a.2 && a.1 <= b.3 && b.1 <= a.3
}

/// Names, each at the nearest place to its point where it lies on no other name, mark or band.
fn labels<'f>(figure: &'f PolicyFigure, plane: &Plane) -> Result<Vec<Label<'f>>, PlotError> {
    let mut taken: Vec<Box4> = Vec::new();
    for point in &figure.points {
        let (x, y) = plane.at(point.money, point.short);
        taken.push((x - 8, y - 8, x + 8, y + 8));
        let (left, right) =
            (plane.at(point.money_band.0, point.short).0, plane.at(point.money_band.1, point.short).0);
        taken.push((left, y, right, y));
        let (top, bottom) =
            (plane.at(point.money, point.short_band.1).1, plane.at(point.money, point.short_band.0).1);
        taken.push((x, top, x, bottom));
    }
    let grid = figure.grid.iter().map(|(money, short)| plane.at(*money, *short));
    taken.extend(grid.map(|(x, y)| (x - 3, y - 3, x + 3, y + 3)));
    let mut out = Vec::new();
    for point in &figure.points {
        let width = font::width(&point.label, EM)?;
        let mark = plane.at(point.money, point.short);
        let box_at = |x: i32, y: i32| (x - 2, y - HALF, x + width + 2, y + HALF);
        let inside =
            |b: Box4| b.0 >= plane.left && b.2 <= plane.right && b.1 >= plane.top && b.3 <= plane.bottom;
        // candidates from near to far: to the right and left of the point, above and below it
        let mut places: Vec<(i32, i32, i32)> = Vec::new();
        for dy in (-220..=220).step_by(6) {
            for dx in (10..=250).step_by(12) {
                for x in [mark.0 + dx, mark.0 - dx - width] {
                    places.push((dx * dx / 2 + dy * dy, x, mark.1 + dy));
                }
            }
            places.push((dy * dy + 40, mark.0 - width / 2, mark.1 + dy));
        }
        places.sort_unstable();
        let free = |&&(_, x, y): &&(i32, i32, i32)| {
            let b = box_at(x, y);
            inside(b) && !taken.iter().any(|other| meets(b, *other))
        };
        let (_, x, y) = places.iter().find(free).copied().unwrap_or((0, mark.0 + 12, mark.1 - 10));
        let b = box_at(x, y);
        taken.push(b);
        // the end of the tie: the nearest point of the name's box
        let end = (mark.0.clamp(b.0, b.2), mark.1.clamp(b.1, b.3));
        let away = (end.0 - mark.0).abs().max((end.1 - mark.1).abs());
        out.push(Label {
            text: &point.label,
            mark,
            at: (x, y),
            align: Align::Start,
            tie: (away > NEAR).then_some(end),
        });
    }
    Ok(out)
}
