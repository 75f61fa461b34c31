//! The project schedule: a bar a project from its site gate through the build to opening and filling, with the round of
//! this year and the last safe decision date marked.
//!
//! Time runs in months; the grid stands on the first of September of each year, because only then does a place count.

use crate::{
    PlotError,
    canvas::{Align, Canvas, Glyphs, Type, sheet},
    caption::{Caption, Foot, Head, WIDTH},
    legend::{Sample, last_safe_mark},
    months::{EM, Measures, Months},
    palette::{ALERT, LEADER, STRETCHES},
    text::Words,
};

const MEASURES: Measures =
    Measures { row: 24, group: 26, heading: 44, widest_label: 330, beside: 0, round: (22, 32) };
const BAR: i32 = 14;

/// The last safe decision date of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SafeMark {
    /// This month (12 x year + month - 1).
    Month(i32),
    /// Already passed.
    Passed,
    /// Nothing to mark: not needed, or decided.
    None,
}

/// One project. Months are counted as 12 x year + month - 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgrammeRow {
    /// Name of the project.
    pub label: String,
    /// Site gate: opened, passed.
    pub site: Option<(i32, i32)>,
    /// Build: begun, complete.
    pub build: (i32, i32),
    /// First September in use.
    pub opens: i32,
    /// First September with all places usable.
    pub full: i32,
    /// End of its life, if it lies on the sheet.
    pub last: Option<i32>,
    /// Last safe decision date.
    pub safe: SafeMark,
}

/// The data of one project schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgrammeFigure {
    /// Title, notice, source, language.
    pub caption: Caption,
    /// First month shown.
    pub first: i32,
    /// Last month shown.
    pub last: i32,
    /// The round of this year.
    pub round: i32,
    /// Projects under a heading each.
    pub groups: Vec<(String, Vec<ProgrammeRow>)>,
}

/// Draws the schedule as a self-contained SVG document.
///
/// # Errors
/// [`PlotError::NoYears`] if the span is empty, [`PlotError::Font`] or [`PlotError::Draw`] if the drawing fails.
pub fn programme_svg(figure: &ProgrammeFigure) -> Result<String, PlotError> {
    if figure.last <= figure.first {
        return Err(PlotError::NoYears);
    }
    let words = Words::of(figure.caption.lang);
    let head = Head::new(&figure.caption, words.programme_unit)?;
    let mut entries: Vec<(Sample, String)> = STRETCHES
        .iter()
        .zip(words.stretches)
        .map(|(paint, name)| (Sample::Area(paint), name.to_owned()))
        .collect();
    entries.push((Sample::LastSafe, words.last_safe.to_owned()));
    entries.push((Sample::Line(&LEADER), words.round.to_owned()));
    let foot = Foot::new(&figure.caption, entries)?;
    let rows: usize = figure.groups.iter().map(|(_, rows)| rows.len()).sum();
    let months = Months::new(
        MEASURES,
        head.bottom(),
        (figure.first, figure.last),
        &figure.groups,
        |row: &ProgrammeRow| &row.label,
    )?;
    let below = months.bottom + 14;
    let height = below + foot.height();
    let chart = Chart { figure, words, months };
    let description = words.programme_description(figure.caption.lang, rows);
    sheet((WIDTH as u32, height as u32), &figure.caption.about(&description), Glyphs::Embedded, |canvas| {
        head.draw(canvas)?;
        let months = &chart.months;
        months.grid(canvas)?;
        months.base(canvas)?;
        months.rows(canvas, &figure.groups, |row, top| chart.row(canvas, row, top + MEASURES.row / 2))?;
        months.round(canvas, figure.round, words.round)?;
        foot.draw(canvas, below)
    })
}

struct Chart<'a> {
    figure: &'a ProgrammeFigure,
    words: &'static Words,
    months: Months,
}

impl Chart<'_> {
    fn x(&self, month: i32) -> i32 {
        self.months.x(f64::from(month))
    }

    fn row(&self, canvas: &Canvas<'_>, row: &ProgrammeRow, middle: i32) -> Result<(), PlotError> {
        self.months.name(canvas, &row.label, middle)?;
        let end = row.last.unwrap_or(self.figure.last);
        let stretches = [
            row.site,
            Some(row.build),
            (row.full > row.opens).then_some((row.opens, row.full)),
            Some((row.full.min(end), end)),
        ];
        for (stretch, paint) in stretches.into_iter().zip(&STRETCHES) {
            let Some((from, to)) = stretch else { continue };
            let (from, to) = (self.x(from), self.x(to.min(end)));
            if to > from {
                canvas.block((from, middle - BAR / 2), (to, middle + BAR / 2), paint)?;
            }
        }
        match row.safe {
            SafeMark::Month(month) if month <= self.figure.last => {
                last_safe_mark(canvas, (self.x(month), middle))
            }
            SafeMark::Passed => {
                let x = self.x(self.figure.round) - 6;
                canvas.text(
                    self.words.passed,
                    (x, middle),
                    Type { em: EM - 1, ink: ALERT, align: Align::End },
                )
            }
            SafeMark::Month(_) | SafeMark::None => Ok(()),
        }
    }
}
