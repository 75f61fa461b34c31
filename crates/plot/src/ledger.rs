//! The ledger's time line: a row a project with the milestones that were recorded, and when it opens by them, against what
//! its row of the programme alone would say.
//!
//! Time runs in months (12 x year + month - 1, days as a part of one); the grid stands on the first of September of each
//! year, because only then does a place count.

use crate::{
    PlotError,
    canvas::{Align, Canvas, Glyphs, Type, sheet},
    caption::{Caption, Foot, Head, WIDTH},
    legend::{Sample, hollow_point, last_safe_mark},
    months::{EM, Measures, Months, month_text},
    palette::{ALERT, BASE, BRACKET, INK, LEADER, OPENING, QUIET, TAG},
    text::Words,
};

/// Columns of numbers right of the time: progress, P(open).
const NUMBERS: [i32; 2] = [64, 84];
const MEASURES: Measures = Measures {
    row: 38,
    group: 24,
    heading: 48,
    widest_label: 250,
    beside: NUMBERS[0] + NUMBERS[1],
    round: (20, 34),
};
const LETTER: i32 = 11;
/// A probability below this is written in the colour of an alert.
const SURE: f64 = 0.5;

/// A milestone on the time line.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerMark {
    /// When, in months.
    pub month: f64,
    /// Its letter in [`LedgerFigure::letters`].
    pub letter: &'static str,
}

/// When a project opens by its ledger, in months: tenth percentile, median, ninetieth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Tenth percentile.
    pub p10: i32,
    /// Median.
    pub median: i32,
    /// Ninetieth percentile.
    pub p90: i32,
}

/// One project.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerRow {
    /// Name of the project.
    pub label: String,
    /// Milestones, in order.
    pub marks: Vec<LedgerMark>,
    /// Building work done, per cent.
    pub progress: Option<f64>,
    /// Median opening by the row alone.
    pub by_row: Option<i32>,
    /// Opening by the ledger; `None` for what is open or cancelled.
    pub opening: Option<Opening>,
    /// P(open by the next September).
    pub p_open: Option<f64>,
}

/// The data of one time line.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerFigure {
    /// Title, notice, source, language.
    pub caption: Caption,
    /// First month shown.
    pub first: i32,
    /// Last month shown.
    pub last: i32,
    /// Month of this year's round: nothing after it is known.
    pub round: i32,
    /// The September of [`LedgerRow::p_open`].
    pub september: i32,
    /// What the letters stand for.
    pub letters: Vec<(&'static str, String)>,
    /// Projects under a heading each.
    pub groups: Vec<(String, Vec<LedgerRow>)>,
}

/// Draws the time line as a self-contained SVG document.
///
/// # Errors
/// [`PlotError::NoYears`] if the span is empty, [`PlotError::Font`] or [`PlotError::Draw`] if the drawing fails.
pub fn ledger_svg(figure: &LedgerFigure) -> Result<String, PlotError> {
    if figure.last <= figure.first {
        return Err(PlotError::NoYears);
    }
    let lang = figure.caption.lang;
    let letters: Vec<String> =
        figure.letters.iter().map(|(letter, name)| format!("{letter} {name}")).collect();
    let unit = format!(
        "{}{}",
        lang.pick("台账记录的节点：", "Milestones of the ledger: "),
        letters.join(lang.pick("，", ", "))
    );
    let head = Head::new(&figure.caption, &unit)?;
    let foot = Foot::new(
        &figure.caption,
        vec![
            (
                Sample::Area(&OPENING),
                lang.pick("按台账估计的完工时间，80% 区间", "Completion by the ledger, 80 % band").to_owned(),
            ),
            (Sample::LastSafe, lang.pick("其中位数", "Its median").to_owned()),
            (Sample::Hollow, lang.pick("不看台账的中位数", "Median without the ledger").to_owned()),
            (Sample::Line(&LEADER), Words::of(lang).round.to_owned()),
        ],
    )?;
    let rows: usize = figure.groups.iter().map(|(_, rows)| rows.len()).sum();
    let months = Months::new(
        MEASURES,
        head.bottom(),
        (figure.first, figure.last),
        &figure.groups,
        |row: &LedgerRow| &row.label,
    )?;
    let below = months.bottom + 14;
    let height = below + foot.height();
    let chart = Chart { figure, months };
    let description = match lang {
        seatcast_core::Lang::Zh => format!("{rows} 个项目的台账节点与开办概率。"),
        seatcast_core::Lang::En => format!("Milestones and probabilities of opening of {rows} projects."),
    };
    sheet((WIDTH as u32, height as u32), &figure.caption.about(&description), Glyphs::Embedded, |canvas| {
        head.draw(canvas)?;
        let months = &chart.months;
        months.grid(canvas)?;
        chart.headings(canvas)?;
        months.base(canvas)?;
        months.round(canvas, figure.round, Words::of(lang).round)?;
        months.rows(canvas, &figure.groups, |row, top| chart.row(canvas, row, top))?;
        foot.draw(canvas, below)
    })
}

struct Chart<'a> {
    figure: &'a LedgerFigure,
    months: Months,
}

impl Chart<'_> {
    fn x(&self, month: f64) -> i32 {
        self.months.x(month)
    }

    fn is_shown(&self, month: f64) -> bool {
        month >= f64::from(self.figure.first) && month <= f64::from(self.figure.last)
    }

    /// The headings of the numbers.
    fn headings(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        let lang = self.figure.caption.lang;
        let september = month_text(self.figure.september);
        let open = match lang {
            seatcast_core::Lang::Zh => [september, "前开办".to_owned()],
            seatcast_core::Lang::En => ["P(open by".to_owned(), format!("{september})")],
        };
        let mut end = self.months.right;
        let progress = [String::new(), lang.pick("进度", "Progress").to_owned()];
        for (lines, width) in [progress, open].iter().zip(NUMBERS) {
            end += width;
            for (line, text) in lines.iter().enumerate() {
                let look = Type { em: EM, ink: QUIET, align: Align::End };
                canvas.text(text, (end, self.months.top - 28 + 16 * line as i32), look)?;
            }
        }
        Ok(())
    }

    fn row(&self, canvas: &Canvas<'_>, row: &LedgerRow, top: i32) -> Result<(), PlotError> {
        let (letters, line) = (top + 10, top + 27);
        self.months.name(canvas, &row.label, line - 4)?;
        let shown: Vec<&LedgerMark> = row.marks.iter().filter(|m| self.is_shown(m.month)).collect();
        if let (Some(first), Some(last)) = (shown.first(), shown.last()) {
            // under way the line goes on to the round, finished it ends with its last milestone
            let end = if row.opening.is_some() { f64::from(self.figure.round) } else { last.month };
            let (from, to) = (self.x(first.month), self.x(end));
            if to > from {
                canvas.line(vec![(from, line), (to, line)], &BASE)?;
            }
        }
        let mut free = i32::MIN;
        for mark in shown {
            let x = self.x(mark.month);
            canvas.line(vec![(x, line - 5), (x, line + 5)], &BRACKET)?;
            // letters of milestones close together stand side by side
            let middle = x.max(free);
            free = middle + 17;
            canvas.block((middle - 8, letters - 8), (middle + 8, letters + 8), &TAG)?;
            let look = Type { em: LETTER, ink: INK, align: Align::Middle };
            canvas.text(mark.letter, (middle, letters), look)?;
        }
        if let Some(opening) = row.opening {
            let at = |month: i32| self.x(f64::from(month));
            let (from, to) = (at(opening.p10), at(opening.p90));
            if to > from {
                canvas.block((from, line - 6), (to, line + 6), &OPENING)?;
            }
            if self.is_shown(f64::from(opening.median)) {
                last_safe_mark(canvas, (at(opening.median), line))?;
            }
            if let Some(by_row) = row.by_row.filter(|m| self.is_shown(f64::from(*m))) {
                // above the band, where no milestone can be: it is seen even if both are the same month
                canvas.line(vec![(at(by_row), letters), (at(by_row), line - 8)], &BRACKET)?;
                hollow_point(canvas, (at(by_row), letters))?;
            }
        }
        let number = |text: &str, end: i32, ink| {
            canvas.text(text, (end, line - 4), Type { em: EM, ink, align: Align::End })
        };
        let percent = |share: f64| format!("{share:.0} %");
        if let Some(progress) = row.progress {
            number(&percent(progress), self.months.right + NUMBERS[0], INK)?;
        }
        if let Some(p) = row.p_open {
            let ink = if p < SURE { ALERT } else { INK };
            number(&format!("{p:.3}"), self.months.right + NUMBERS[0] + NUMBERS[1], ink)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use seatcast_core::Lang;

    use super::*;
    use crate::font;

    fn figure(lang: Lang) -> LedgerFigure {
        let month = |year: i32, month: i32| 12 * year + month - 1;
        let mark = |at: i32, letter| LedgerMark { month: f64::from(at), letter };
        LedgerFigure {
            caption: Caption { title: "T".to_owned(), notice: String::new(), source: String::new(), lang },
            first: month(2024, 1),
            last: month(2028, 12),
            round: month(2025, 10),
            september: month(2026, 9),
            letters: vec![
                (lang.pick("批", "A"), lang.pick("批准", "approved").to_owned()),
                (lang.pick("工", "S"), lang.pick("开工", "started").to_owned()),
            ],
            groups: vec![(
                "primary".to_owned(),
                vec![LedgerRow {
                    label: "p02".to_owned(),
                    marks: vec![
                        mark(month(2020, 1), lang.pick("批", "A")),
                        mark(month(2025, 1), lang.pick("工", "S")),
                    ],
                    progress: Some(28.0),
                    by_row: Some(month(2026, 12)),
                    opening: Some(Opening {
                        p10: month(2026, 9),
                        median: month(2027, 1),
                        p90: month(2027, 6),
                    }),
                    p_open: Some(0.146),
                }],
            )],
        }
    }

    #[test]
    fn a_row_has_its_milestones_its_opening_and_its_probability() {
        for lang in [Lang::Zh, Lang::En] {
            let svg = ledger_svg(&figure(lang)).unwrap();
            let text = font::svg_text(&svg);
            for part in ["p02", "28 %", "0.146", "2026-09", lang.pick("工", "S")] {
                assert!(text.contains(part), "{part}: {text}");
            }
            // the milestone of 2020 is off the sheet: one letter stands on the row
            assert_eq!(svg.matches("class=\"tag\"").count(), 1);
            assert_eq!(svg.matches("class=\"opening\"").count(), 2);
            assert!(font::missing_glyphs(&text).is_empty());
        }
    }

    #[test]
    fn a_span_of_nothing_is_an_error_and_odd_months_are_drawn() {
        let mut odd = figure(Lang::En);
        let row = &mut odd.groups[0].1[0];
        row.opening = Some(Opening { p10: i32::MAX, median: i32::MAX, p90: i32::MIN });
        row.marks[0].month = f64::NAN;
        ledger_svg(&odd).unwrap();
        odd.last = odd.first;
        assert_eq!(ledger_svg(&odd).unwrap_err(), PlotError::NoYears);
    }
}
