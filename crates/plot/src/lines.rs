//! Lines over a few steps: errors by lead, shares above a quantile.
//!
//! | symbol | meaning | unit | field |
//! |---|---|---|---|
//! | x | the steps, in order, evenly spaced | - | `steps` |
//! | y\[s,x\] | value of series s; nothing is drawn where it is not known | tenths of the unit | `series` |
//!
//! The axis starts at zero, so that an error of half the height is half the error. Every series has a dash, a point and a
//! colour of its own, and its value written at its last point: legible in black and white and by readers who see no
//! colour.

use plotters::coord::CoordTranslate;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use seatcast_core::Lang;

use crate::PlotError;
use crate::axis::ticks;
use crate::canvas::{About, Align, Canvas, Glyphs, Point, Type, sheet};
use crate::font;
use crate::legend::{Legend, Sample, full_point, hollow_point};
use crate::palette::{BASE, GRID, INK, QUIET, SERIES};
use crate::text::Words;
use crate::wrap::Paragraph;

const WIDTH: i32 = 860;
const MARGIN: i32 = 24;
const CONTENT: i32 = WIDTH - 2 * MARGIN;
const PLOT_HEIGHT: i32 = 320;
const EM: i32 = 13;

/// The data of one line chart.
#[derive(Debug, Clone, PartialEq)]
pub struct LineFigure {
    /// Title, in the language of the figure.
    pub title: String,
    /// What the vertical axis measures, with its unit.
    pub unit: String,
    /// What the steps are.
    pub step_name: String,
    /// The steps, left to right.
    pub steps: Vec<String>,
    /// Name and values of each series (at most [`MOST_SERIES`] are drawn), one value a step, not negative.
    pub series: Vec<(String, Vec<Option<f64>>)>,
    /// One sentence under the title; may be empty.
    pub notice: String,
    /// Where the data is from; may be empty.
    pub source: String,
    /// Language of the fixed words.
    pub lang: Lang,
}

/// Most series of a chart.
pub const MOST_SERIES: usize = SERIES.len();

/// Draws the chart as a self-contained SVG document with the glyphs it needs.
///
/// # Errors
/// [`PlotError::NoSteps`] or [`PlotError::Length`] if the figure does not hold together; [`PlotError::Font`] or
/// [`PlotError::Draw`] if the drawing fails.
pub fn line_svg(figure: &LineFigure) -> Result<String, PlotError> {
    if figure.steps.is_empty() {
        return Err(PlotError::NoSteps);
    }
    for (_, values) in &figure.series {
        if values.len() != figure.steps.len() {
            let (found, years) = (values.len(), figure.steps.len());
            return Err(PlotError::Length { series: "series", found, years });
        }
    }
    let layout = Layout::new(figure)?;
    let description = layout.description();
    let about = About { tag: Words::of(figure.lang).tag, title: &figure.title, description: &description };
    sheet((WIDTH as u32, layout.height as u32), &about, Glyphs::Embedded, |canvas| layout.draw(canvas))
}

/// All parts, measured.
struct Layout<'a> {
    figure: &'a LineFigure,
    title: Paragraph,
    notice: Paragraph,
    unit: Paragraph,
    step_name: Paragraph,
    source: Paragraph,
    legend: Legend,
    /// In tenths of the unit.
    ticks: Vec<u64>,
    left: i32,
    right: i32,
    top: i32,
    scale: Cartesian2d<RangedCoordf64, RangedCoordf64>,
    height: i32,
}

impl<'a> Layout<'a> {
    fn new(figure: &'a LineFigure) -> Result<Self, PlotError> {
        let words = Words::of(figure.lang);
        let source = match figure.source.trim() {
            "" => String::new(),
            _ => words.source.to_owned() + &figure.source,
        };
        let entries = figure
            .series
            .iter()
            .zip(&SERIES)
            .map(|((name, _), pen)| (Sample::Line(pen), name.clone()))
            .collect();
        let highest =
            figure.series.iter().flat_map(|(_, v)| v.iter().flatten()).fold(0.0, |a: f64, v| a.max(*v));
        let ticks = ticks((highest * 10.0).ceil() as u64, 6);
        let mut gutter = 0;
        for tick in &ticks {
            gutter = gutter.max(font::width(&tenths(*tick), EM)?);
        }
        let title = Paragraph::fit(&figure.title, CONTENT, &[20, 18, 16], 2)?;
        let notice = Paragraph::fit(&figure.notice, CONTENT, &[13, 12], 1)?;
        let unit = Paragraph::fit(&figure.unit, CONTENT, &[12], 1)?;
        let step_name = Paragraph::fit(&figure.step_name, CONTENT, &[12], 1)?;
        let source = Paragraph::fit(&source, CONTENT, &[12, 11], 1)?;
        let legend = Legend::new(entries, CONTENT)?;
        let (left, right) = (MARGIN + gutter + 12, WIDTH - MARGIN - 60);
        let top = MARGIN + title.height() + 4 + notice.height() + 14 + unit.height() + 12;
        let plot = (left..right, top + PLOT_HEIGHT..top);
        let last = ticks.last().copied().unwrap_or(1) as f64;
        let mut layout = Self {
            figure,
            title,
            notice,
            unit,
            step_name,
            source,
            legend,
            ticks,
            left,
            right,
            top,
            scale: Cartesian2d::new(0.0..figure.steps.len() as f64, 0.0..last, plot),
            height: 0,
        };
        layout.height = layout.source_top() + layout.source.height() + MARGIN;
        Ok(layout)
    }

    fn bottom(&self) -> i32 {
        self.top + PLOT_HEIGHT
    }

    fn legend_top(&self) -> i32 {
        self.bottom() + 10 + self.step_name.line_height() + self.step_name.height() + 14
    }

    fn source_top(&self) -> i32 {
        self.legend_top() + self.legend.height() + 10
    }

    fn at(&self, step: usize, value: f64) -> Point {
        self.scale.translate(&(step as f64 + 0.5, value * 10.0))
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        let mut y = canvas.paragraph(&self.title, (MARGIN, MARGIN), INK, Align::Start)?;
        y = canvas.paragraph(&self.notice, (MARGIN, y + 4), QUIET, Align::Start)?;
        canvas.paragraph(&self.unit, (MARGIN, y + 14), QUIET, Align::Start)?;
        for tick in &self.ticks {
            let y = self.scale.translate(&(0.0, *tick as f64)).1;
            let pen = if *tick > 0 { &GRID } else { &BASE };
            canvas.line(vec![(self.left, y), (self.right, y)], pen)?;
            canvas.text(&tenths(*tick), (self.left - 10, y), Type { em: EM, ink: INK, align: Align::End })?;
        }
        let look = Type { em: EM, ink: INK, align: Align::Middle };
        let names = self.bottom() + 10 + self.step_name.line_height() / 2;
        for (step, name) in self.figure.steps.iter().enumerate() {
            canvas.text(name, (self.at(step, 0.0).0, names), look)?;
        }
        let middle = i32::midpoint(self.left, self.right);
        canvas.paragraph(
            &self.step_name,
            (middle, self.bottom() + 12 + self.step_name.line_height()),
            QUIET,
            Align::Middle,
        )?;
        self.lines(canvas)?;
        self.legend.draw(canvas, (MARGIN, self.legend_top()))?;
        canvas.paragraph(&self.source, (MARGIN, self.source_top()), QUIET, Align::Start)?;
        Ok(())
    }

    fn lines(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        let mut labels: Vec<(Point, String)> = Vec::new();
        // the first series lies on top
        for (i, ((_, values), pen)) in self.figure.series.iter().zip(&SERIES).enumerate().rev() {
            let points: Vec<Point> = values
                .iter()
                .enumerate()
                .filter_map(|(step, value)| value.map(|v| self.at(step, v)))
                .collect();
            if points.len() > 1 {
                canvas.line(points.clone(), pen)?;
            }
            for point in &points {
                if i == 0 { full_point(canvas, *point)? } else { hollow_point(canvas, *point)? }
            }
            if let (Some(point), Some(value)) = (points.last(), values.iter().flatten().next_back()) {
                labels.push((*point, format!("{value:.1}")));
            }
        }
        labels.sort_by_key(|((_, y), _)| *y);
        // one under the other where lines end close together, and above the axis
        let mut free = i32::MIN;
        for ((_, y), _) in &mut labels {
            *y = (*y).max(free);
            free = *y + EM + 2;
        }
        let mut limit = self.bottom() - EM / 2 - 2;
        for ((_, y), _) in labels.iter_mut().rev() {
            *y = (*y).min(limit);
            limit = *y - EM - 2;
        }
        for ((x, y), text) in labels {
            canvas.text(&text, (x + 12, y), Type { em: EM, ink: INK, align: Align::Start })?;
        }
        Ok(())
    }

    /// The chart in words: the values of the first series.
    fn description(&self) -> String {
        let colon = self.figure.lang.pick("：", ": ");
        let stop = self.figure.lang.pick("。", ". ");
        let mut out = format!("{}{stop}", self.figure.unit);
        for (name, values) in &self.figure.series {
            let told: Vec<String> = self
                .figure
                .steps
                .iter()
                .zip(values)
                .filter_map(|(step, value)| value.map(|v| format!("{step} {v:.1}")))
                .collect();
            out.push_str(&format!("{name}{colon}{}{stop}", told.join(self.figure.lang.pick("，", ", "))));
        }
        out.trim_end().to_owned()
    }
}

/// Tenths as a decimal number, whole where it is whole.
fn tenths(n: u64) -> String {
    if n.is_multiple_of(10) { (n / 10).to_string() } else { format!("{}.{}", n / 10, n % 10) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(lang: Lang) -> LineFigure {
        LineFigure {
            title: lang.pick("各预测期误差：小学", "Error by lead: primary").to_owned(),
            unit: lang.pick("平均绝对百分比误差（%）", "Mean absolute error, %").to_owned(),
            step_name: lang.pick("预测期（年）", "Lead, years").to_owned(),
            steps: vec!["1".into(), "3".into(), "6".into()],
            series: vec![
                ("seatcast".into(), vec![Some(1.2), Some(2.0), Some(3.4)]),
                (lang.pick("上年值", "last value").into(), vec![Some(1.9), None, Some(10.2)]),
            ],
            notice: String::new(),
            source: "x".into(),
            lang,
        }
    }

    #[test]
    fn every_line_has_its_words_and_its_last_value() {
        for lang in [Lang::Zh, Lang::En] {
            let svg = line_svg(&figure(lang)).unwrap();
            let text = font::svg_text(&svg);
            for part in ["seatcast", "3.4", "10.2"] {
                assert!(text.contains(part), "{part}");
            }
            assert!(font::missing_glyphs(&text).is_empty());
            assert_eq!(svg, line_svg(&figure(lang)).unwrap());
        }
    }

    #[test]
    fn figures_that_do_not_hold_together_are_refused() {
        let mut short = figure(Lang::En);
        short.series[0].1.pop();
        assert!(matches!(line_svg(&short), Err(PlotError::Length { .. })));
        assert!(matches!(
            line_svg(&LineFigure { steps: Vec::new(), series: Vec::new(), ..short }),
            Err(PlotError::NoSteps)
        ));
    }

    #[test]
    fn tenths_are_short() {
        assert_eq!([0, 5, 10, 125].map(tenths), ["0", "0.5", "1", "12.5"]);
    }
}
