//! The sheet every chart draws on: shapes and text in pixels through plotters, then one pass over the SVG that adds what
//! plotters cannot write (hatchings, dashes, classes, title and description, the embedded glyphs).
//!
//! plotters writes text at `y` plus 0.76 em; [`Canvas::text`] takes the middle of the line instead, where Chinese and
//! Latin text agree (0.38 em above the base line).

use std::fmt::Write as _;

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor, ShapeStyle};

use crate::PlotError;
use crate::font;
use crate::palette::{Hatch, PAINTS, PENS, Paint, Pen, Rgb, hex};
use crate::wrap::{Paragraph, one_line};

/// Sizes of text in use, in pixels.
const SIZES: std::ops::RangeInclusive<i32> = 8..=40;

/// A place on the sheet, in pixels from the upper left.
pub(crate) type Point = (i32, i32);

/// Where the x of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// At its beginning.
    Start,
    /// At its middle.
    Middle,
    /// At its end.
    End,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Type {
    /// Size of one em in pixels.
    pub(crate) em: i32,
    /// Colour.
    pub(crate) ink: Rgb,
    /// Where x is.
    pub(crate) align: Align,
}

/// What a document says about itself to people who do not see it.
pub(crate) struct About<'a> {
    /// Language tag.
    pub(crate) tag: &'a str,
    /// Name of the chart.
    pub(crate) title: &'a str,
    /// One paragraph with its main facts.
    pub(crate) description: &'a str,
}

/// Whether the SVG carries the glyphs it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glyphs {
    /// It stands alone.
    Embedded,
    /// The page around it has the `@font-face` rule.
    InPage,
}

/// A sheet being drawn on.
pub(crate) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

impl Canvas<'_> {
    /// A filled rectangle from its upper left to its lower right corner.
    pub(crate) fn block(&self, from: Point, to: Point, paint: &Paint) -> Result<(), PlotError> {
        self.area.draw(&Rectangle::new([from, to], fill(paint))).map_err(draw_error)
    }

    /// A filled polygon.
    pub(crate) fn polygon(&self, points: Vec<Point>, paint: &Paint) -> Result<(), PlotError> {
        self.area.draw(&Polygon::new(points, fill(paint))).map_err(draw_error)
    }

    /// A filled disc.
    pub(crate) fn disc(&self, centre: Point, radius: i32, paint: &Paint) -> Result<(), PlotError> {
        self.area.draw(&Circle::new(centre, radius, fill(paint))).map_err(draw_error)
    }

    /// A line through points.
    pub(crate) fn line(&self, points: Vec<Point>, pen: &Pen) -> Result<(), PlotError> {
        let style = ShapeStyle::from(&rgb(pen.rgb)).stroke_width(pen.width);
        self.area.draw(&PathElement::new(points, style)).map_err(draw_error)
    }

    /// One line of text whose vertical middle is at `at.1`.
    pub(crate) fn text(&self, text: &str, at: Point, look: Type) -> Result<(), PlotError> {
        let horizontal = match look.align {
            Align::Start => HPos::Left,
            Align::Middle => HPos::Center,
            Align::End => HPos::Right,
        };
        let style = font::at(look.em).color(&rgb(look.ink)).pos(Pos::new(horizontal, VPos::Top));
        let raised = (at.0, at.1 - (look.em * 38 + 50) / 100);
        self.area.draw_text(&one_line(text), &style, raised).map_err(draw_error)
    }

    /// The lines of a paragraph from `top` on; gives where it ends.
    pub(crate) fn paragraph(
        &self,
        lines: &Paragraph,
        (x, top): Point,
        ink: Rgb,
        align: Align,
    ) -> Result<i32, PlotError> {
        let mut y = top;
        for line in &lines.lines {
            self.text(line, (x, y + lines.line_height() / 2), Type { em: lines.em, ink, align })?;
            y += lines.line_height();
        }
        Ok(y)
    }
}

/// Draws a white sheet of `size` pixels with `content` on it and gives the finished SVG.
///
/// # Errors
/// [`PlotError::Draw`] or [`PlotError::Font`] from the drawing, and whatever `content` gives.
pub(crate) fn sheet(
    size: (u32, u32),
    about: &About<'_>,
    glyphs: Glyphs,
    content: impl FnOnce(&Canvas<'_>) -> Result<(), PlotError>,
) -> Result<String, PlotError> {
    font::register()?;
    let mut raw = String::new();
    {
        let canvas = Canvas { area: SVGBackend::with_string(&mut raw, size).into_drawing_area() };
        canvas.area.fill(&rgb((0xFF, 0xFF, 0xFF))).map_err(draw_error)?;
        content(&canvas)?;
        canvas.area.present().map_err(draw_error)?;
    }
    finish(&raw, size, about, glyphs)
}

/// Turns what plotters wrote into the document. Text of the caller cannot be mistaken for markup here: plotters has
/// escaped its quotes and angle brackets, and every pattern below contains one.
fn finish(raw: &str, size: (u32, u32), about: &About<'_>, glyphs: Glyphs) -> Result<String, PlotError> {
    let body = raw.split_once(">\n").map_or("", |(_, rest)| rest);
    // No line breaks inside text elements; family and full opacity are said once, on the root.
    let mut body = body
        .replace("\">\n", "\">")
        .replace("\n</text>", "</text>")
        .replace(&format!(" font-family=\"{}\"", font::FAMILY), "")
        .replace(" opacity=\"1\"", "");
    for em in SIZES {
        // plotters multiplies and divides by 1.24, so 13 pixels come out as 13.000000000000002.
        let written = f64::from(em) * font::SIZE_OF_EM / font::SIZE_OF_EM;
        body = body.replace(&format!("font-size=\"{written}\""), &format!("font-size=\"{em}\""));
    }
    let mut defs = String::new();
    for paint in PAINTS {
        let plain = format!("fill=\"{}\"", hex(paint.rgb));
        let filled = match paint.hatch {
            Some(_) => format!("class=\"{}\" fill=\"url(#seatcast-{})\"", paint.name, paint.name),
            None => format!("class=\"{}\" {plain}", paint.name),
        };
        if let (Some(hatch), true) = (paint.hatch, body.contains(&plain)) {
            defs.push_str(&pattern(paint, hatch));
        }
        if let Some(outline) = paint.outline {
            let edge = format!("{plain} stroke=\"{}\" stroke-width=\"1\"/>", hex(outline));
            body = body.replace(&format!("{plain} stroke=\"none\"/>"), &edge);
        }
        // A space follows the fill of a shape; the fill of a text ends its tag.
        body = body.replace(&format!("{plain} "), &format!("{filled} "));
    }
    for pen in PENS {
        let plain = format!("stroke=\"{}\" stroke-width=\"{}\"", hex(pen.rgb), pen.width);
        let dash = pen.dash.map_or(String::new(), |d| format!(" stroke-dasharray=\"{d}\""));
        let drawn = format!(
            "class=\"{}\" {plain}{dash} stroke-linecap=\"round\" stroke-linejoin=\"round\"",
            pen.name
        );
        body = body.replace(&format!("{plain} points"), &format!("{drawn} points"));
    }
    let (width, height) = size;
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" lang=\"{tag}\" xml:lang=\"{tag}\" font-family=\"'{family}', sans-serif\">\n\
         <title>{title}</title>\n<desc>{description}</desc>\n",
        tag = about.tag,
        family = font::FAMILY,
        title = escape(&one_line(about.title)),
        description = escape(&one_line(about.description)),
    );
    if glyphs == Glyphs::Embedded {
        let css = font::font_face_css(&font::svg_text(&body))?;
        let _ = writeln!(out, "<style>{css}</style>");
    }
    if !defs.is_empty() {
        let _ = writeln!(out, "<defs>\n{defs}</defs>");
    }
    out.push_str(&body);
    Ok(out)
}

/// An SVG pattern: the colour of the paint with lines over it.
fn pattern(paint: &Paint, (hatch, ink): (Hatch, Rgb)) -> String {
    // Diagonals run past the corners of the tile, so that neighbouring tiles meet without a notch.
    let (side, lines) = match hatch {
        Hatch::Rising => (8, "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4"),
        Hatch::Falling => (6, "M-2,4 l4,4 M0,0 l6,6 M4,-2 l4,4"),
        Hatch::Dots => (6, "M1,1.5 h1.2 M4,4.5 h1.2"),
        Hatch::Level => (4, "M0,2 h4"),
    };
    format!(
        "<pattern id=\"seatcast-{}\" width=\"{side}\" height=\"{side}\" patternUnits=\"userSpaceOnUse\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"{}\"/>\
         <path d=\"{lines}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1\"/></pattern>\n",
        paint.name,
        hex(paint.rgb),
        hex(ink),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn rgb((r, g, b): Rgb) -> RGBColor {
    RGBColor(r, g, b)
}

fn fill(paint: &Paint) -> ShapeStyle {
    ShapeStyle::from(rgb(paint.rgb).mix(paint.opacity)).filled()
}

#[expect(clippy::needless_pass_by_value, reason = "map_err hands the error over")]
fn draw_error<E: std::error::Error + Send + Sync>(error: DrawingAreaErrorKind<E>) -> PlotError {
    PlotError::Draw { reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::palette::{BAND, CANDIDATES, INK, SHORTAGE, SOLID};

    const ABOUT: About<'_> = About { tag: "en-GB", title: "a <b> & c", description: "d" };
    const LOOK: Type = Type { em: 12, ink: INK, align: Align::Start };

    #[test]
    fn colours_of_hatched_paints_become_hatchings_with_class_and_outline() {
        let svg =
            sheet((100, 50), &ABOUT, Glyphs::InPage, |c| c.block((10, 10), (30, 40), &SHORTAGE)).unwrap();
        assert!(
            svg.contains("class=\"shortage\" fill=\"url(#seatcast-shortage)\" stroke=\"#A83812\""),
            "{svg}"
        );
        assert_eq!(svg.matches("<pattern").count(), 1);
    }

    #[test]
    fn a_sheet_without_hatching_defines_none() {
        let svg = sheet((100, 50), &ABOUT, Glyphs::InPage, |c| {
            c.polygon(vec![(0, 0), (9, 0), (9, 9)], &BAND)?;
            c.disc((5, 5), 3, &SOLID)
        })
        .unwrap();
        assert!(!svg.contains("<defs>") && svg.contains("opacity=\"0.2\" class=\"band\""), "{svg}");
        assert!(svg.contains("class=\"point\""));
    }

    #[test]
    fn a_dashed_pen_is_dashed() {
        let svg =
            sheet((100, 50), &ABOUT, Glyphs::InPage, |c| c.line(vec![(0, 0), (9, 9)], &CANDIDATES)).unwrap();
        assert!(svg.contains("class=\"candidates\"") && svg.contains("stroke-dasharray=\"0.1 6\""), "{svg}");
    }

    #[test]
    fn markup_in_text_stays_text() {
        let nasty = "\"/><script>&fill=\"#5A7DA3\"</text>'\u{1}";
        let svg = sheet((100, 50), &ABOUT, Glyphs::Embedded, |c| c.text(nasty, (1, 20), LOOK)).unwrap();
        assert!(!svg.contains("<script>") && !svg.contains('\u{1}'));
        assert!(svg.contains("<title>a &lt;b&gt; &amp; c</title>"));
        assert_eq!(font::svg_text(&svg).trim(), nasty.trim_end_matches('\u{1}'));
    }

    #[test]
    fn sizes_are_written_as_whole_pixels() {
        for em in SIZES {
            let look = Type { em, ..LOOK };
            let svg = sheet((100, 50), &ABOUT, Glyphs::InPage, |c| c.text("a", (1, 20), look)).unwrap();
            assert!(svg.contains(&format!("font-size=\"{em}\"")), "{svg}");
        }
    }

    #[test]
    fn the_document_stands_alone_unless_the_page_has_the_font() {
        let alone = sheet((9, 9), &ABOUT, Glyphs::Embedded, |c| c.text("学", (1, 5), LOOK)).unwrap();
        let in_page = sheet((9, 9), &ABOUT, Glyphs::InPage, |c| c.text("学", (1, 5), LOOK)).unwrap();
        assert!(alone.contains("@font-face") && !in_page.contains("@font-face"));
    }
}
