//! A shortage explained: from the shortage of the reference, over what adds to it and what lowers it, to the shortage of
//! the year.
//!
//! | symbol | meaning | unit | field |
//! |---|---|---|---|
//! | s0 | shortage of the reference | pupils | `before` |
//! | p\[i\] | what a cause adds; the causes that add come first, so that no column lies below zero | pupils, signed | `parts` |
//! | s | s0 + sum of p | pupils | - |

use crate::{
    PlotError,
    axis::{thousands, ticks},
    canvas::{Align, Canvas, Glyphs, Type, sheet},
    caption::{CONTENT, Caption, Foot, Head, MARGIN, WIDTH},
    font,
    legend::Sample,
    palette::{ALERT, BASE, GRID, INK, LEADER, PAPER, Paint, RELIEF, SHORTAGE, WHOLE},
    wrap::Paragraph,
};

const HEIGHT: i32 = 320;
const EM: i32 = 13;
/// Part of the room of a column that it takes, and the widest it gets in pixels.
const COLUMN: f64 = 0.66;
const WIDEST: i32 = 96;
/// A part of few pupils is drawn at least this high, or a reader would miss it.
const LEAST: i32 = 2;

/// The data of one explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaterfallFigure {
    /// Title, notice, source, language.
    pub caption: Caption,
    /// The explanation in words.
    pub sentence: String,
    /// Name of the reference, and its shortage.
    pub before: (String, u64),
    /// Causes with what they add (positive) or take away; those of zero are left out.
    pub parts: Vec<(String, i64)>,
    /// Name of the shortage that is explained.
    pub after: String,
}

/// One column: its name, the pupils from its foot to its head, what is written over it, its paint.
struct Column {
    name: String,
    foot: u64,
    head: u64,
    number: String,
    paint: &'static Paint,
}

impl WaterfallFigure {
    /// The shortage that is explained.
    pub fn total(&self) -> u64 {
        let sum = self.parts.iter().fold(i128::from(self.before.1), |sum, (_, n)| sum + i128::from(*n));
        u64::try_from(sum).unwrap_or(0)
    }

    fn columns(&self) -> Vec<Column> {
        let mut parts: Vec<&(String, i64)> = self.parts.iter().filter(|(_, n)| *n != 0).collect();
        parts.sort_by_key(|(_, n)| (*n < 0, std::cmp::Reverse(n.unsigned_abs())));
        let whole = |name: &str, n: u64| Column {
            name: name.to_owned(),
            foot: 0,
            head: n,
            number: thousands(n),
            paint: &WHOLE,
        };
        let mut columns = vec![whole(&self.before.0, self.before.1)];
        let mut level = self.before.1;
        for (name, n) in parts {
            let next = level.saturating_add_signed(*n);
            let (sign, paint) = if *n > 0 { ("+", &SHORTAGE) } else { ("-", &RELIEF) };
            columns.push(Column {
                name: name.clone(),
                foot: level.min(next),
                head: level.max(next),
                number: format!("{sign}{}", thousands(n.unsigned_abs())),
                paint,
            });
            level = next;
        }
        columns.push(whole(&self.after, self.total()));
        columns
    }
}

/// Draws the explanation as a self-contained SVG document.
///
/// # Errors
/// [`PlotError::Font`] or [`PlotError::Draw`] if the drawing fails.
pub fn waterfall_svg(figure: &WaterfallFigure) -> Result<String, PlotError> {
    let lang = figure.caption.lang;
    let head = Head::new(&figure.caption, lang.pick("缺学位的学生（人）", "Pupils without a place"))?;
    let sentence = Paragraph::fit(&figure.sentence, CONTENT, &[15, 14], 2)?;
    let entries = vec![
        (Sample::Area(&WHOLE), lang.pick("缺口", "Shortage").to_owned()),
        (Sample::Area(&SHORTAGE), lang.pick("使缺口扩大", "Adds to the shortage").to_owned()),
        (Sample::Area(&RELIEF), lang.pick("使缺口缩小", "Lowers the shortage").to_owned()),
    ];
    let foot = Foot::new(&figure.caption, entries)?;
    let columns = figure.columns();
    let ticks = ticks(columns.iter().map(|c| c.head).max().unwrap_or(0), 6);
    let mut gutter = 0;
    for tick in &ticks {
        gutter = gutter.max(font::width(&thousands(*tick), EM)?);
    }
    let left = MARGIN + gutter + 12;
    let room = f64::from(MARGIN + CONTENT - left) / columns.len() as f64;
    let mut names = Vec::with_capacity(columns.len());
    for column in &columns {
        names.push(Paragraph::fit(&column.name, room as i32 - 8, &[EM, 12, 11], 2)?);
    }
    let top = head.bottom() + 24;
    let bottom = top + HEIGHT;
    let below = bottom + 8 + names.iter().map(Paragraph::height).max().unwrap_or(0);
    let foot_top = below + 14 + sentence.height() + 16;
    let height = foot_top + foot.height();
    let plot = Plot { left, room, top, bottom, highest: ticks.last().copied().unwrap_or(1) };
    sheet(
        (WIDTH as u32, height as u32),
        &figure.caption.about(&figure.sentence),
        Glyphs::Embedded,
        |canvas| {
            head.draw(canvas)?;
            for tick in &ticks {
                let y = plot.y(*tick);
                let pen = if *tick > 0 { &GRID } else { &BASE };
                canvas.line(vec![(left, y), (MARGIN + CONTENT, y)], pen)?;
                canvas.text(
                    &thousands(*tick),
                    (left - 10, y),
                    Type { em: EM, ink: INK, align: Align::End },
                )?;
            }
            plot.columns(canvas, &columns)?;
            for (index, name) in names.iter().enumerate() {
                canvas.paragraph(name, (plot.middle(index), bottom + 8), INK, Align::Middle)?;
            }
            canvas.paragraph(&sentence, (MARGIN, below + 14), INK, Align::Start)?;
            foot.draw(canvas, foot_top)
        },
    )
}

struct Plot {
    left: i32,
    room: f64,
    top: i32,
    bottom: i32,
    highest: u64,
}

impl Plot {
    fn y(&self, value: u64) -> i32 {
        let share = value as f64 / self.highest.max(1) as f64;
        self.bottom - (share * f64::from(self.bottom - self.top)).round() as i32
    }

    fn middle(&self, index: usize) -> i32 {
        self.left + (self.room * (index as f64 + 0.5)) as i32
    }

    fn columns(&self, canvas: &Canvas<'_>, columns: &[Column]) -> Result<(), PlotError> {
        let half = ((self.room * COLUMN) as i32).min(WIDEST) / 2;
        for (index, column) in columns.iter().enumerate() {
            let (middle, foot) = (self.middle(index), self.y(column.foot));
            let head = if column.head > column.foot { self.y(column.head).min(foot - LEAST) } else { foot };
            if head < foot {
                canvas.block((middle - half, head), (middle + half, foot), column.paint)?;
            }
            let ink = if *column.paint == SHORTAGE { ALERT } else { INK };
            // on paper, so that no line of the grid goes through it
            let (wide, at) = (font::width(&column.number, EM)? / 2 + 3, head - 11);
            canvas.block((middle - wide, at - 9), (middle + wide, at + 9), &PAPER)?;
            canvas.text(&column.number, (middle, at), Type { em: EM, ink, align: Align::Middle })?;
            // the level that the next column goes on from
            if index + 1 < columns.len() {
                let falls = column.number.starts_with('-');
                let y = self.y(if falls { column.foot } else { column.head });
                let (from, to) = (middle + half + 2, self.middle(index + 1) - half - 2);
                if to > from {
                    canvas.line(vec![(from, y), (to, y)], &LEADER)?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use seatcast_core::Lang;

    use super::*;

    fn figure(lang: Lang) -> WaterfallFigure {
        WaterfallFigure {
            caption: Caption {
                title: lang.pick("新城小学缺口从何而来", "New Town: why places are short").to_owned(),
                notice: String::new(),
                source: "x".to_owned(),
                lang,
            },
            sentence: lang.pick("缺 640 个学位。", "640 pupils lack a place.").to_owned(),
            before: ("2025".to_owned(), 200),
            parts: vec![
                ("opened".to_owned(), -450),
                ("children".to_owned(), 700),
                ("late".to_owned(), 0),
                ("housing".to_owned(), 190),
            ],
            after: "2031".to_owned(),
        }
    }

    #[test]
    fn the_columns_climb_before_they_fall_and_end_at_the_shortage() {
        let columns = figure(Lang::En).columns();
        let steps: Vec<(&str, u64, u64)> =
            columns.iter().map(|c| (c.number.as_str(), c.foot, c.head)).collect();
        assert_eq!(
            steps,
            [("200", 0, 200), ("+700", 200, 900), ("+190", 900, 1090), ("-450", 640, 1090), ("640", 0, 640)]
        );
    }

    #[test]
    fn every_cause_its_number_and_the_sentence_are_written() {
        for lang in [Lang::Zh, Lang::En] {
            let figure = figure(lang);
            let svg = waterfall_svg(&figure).unwrap();
            let text = font::svg_text(&svg);
            for part in ["+700", "-450", "640", "housing", figure.sentence.as_str()] {
                assert!(text.contains(part), "{part}: {text}");
            }
            assert!(!text.contains("late"), "a cause of nothing is no column");
            // two columns add, one lowers, each with its sample in the key
            assert_eq!(svg.matches("class=\"shortage\"").count(), 3);
            assert_eq!(svg.matches("class=\"relief\"").count(), 2);
            assert!(font::missing_glyphs(&text).is_empty());
        }
    }

    #[test]
    fn parts_beyond_every_measure_are_drawn_rather_than_panicking() {
        let mut figure = figure(Lang::En);
        figure.before.1 = u64::MAX;
        figure.parts = vec![("a".to_owned(), i64::MAX), ("b".to_owned(), i64::MIN)];
        waterfall_svg(&figure).unwrap();
        figure.parts = Vec::new();
        figure.before.1 = 0;
        waterfall_svg(&figure).unwrap();
    }
}
