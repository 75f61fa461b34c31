//! The project schedule: a bar a project from its site gate through the build to opening and filling, with the round of
//! this year and the last safe decision date marked.
//!
//! Time runs in months; the grid stands on the first of September of each year, because only then does a place count.

use crate::{
    PlotError,
    canvas::{Align, Canvas, Glyphs, Type, sheet},
    caption::{CONTENT, Caption, Foot, Head, MARGIN, WIDTH},
    font,
    legend::{Sample, last_safe_mark},
    palette::{ALERT, BASE, GRID, INK, LEADER, QUIET, STRETCHES},
    text::Words,
};

const ROW: i32 = 24;
const BAR: i32 = 14;
const EM: i32 = 12;
const WIDEST_LABEL: i32 = 330;
const HEADING: i32 = 44;
const GROUP: i32 = 26;

/// Until when a project may be decided.
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
    let top = head.bottom() + 8 + HEADING;
    let bottom = top + ROW * rows as i32 + GROUP * figure.groups.len() as i32;
    let height = bottom + 14 + foot.height();
    let mut gutter = 0;
    for row in figure.groups.iter().flat_map(|(_, rows)| rows) {
        gutter = gutter.max(font::width(&row.label, EM)?);
    }
    let chart = Chart { figure, words, left: MARGIN + gutter.min(WIDEST_LABEL) + 14, top, bottom };
    let description = words.programme_description(figure.caption.lang, rows);
    sheet((WIDTH as u32, height as u32), &figure.caption.about(&description), Glyphs::Embedded, |canvas| {
        head.draw(canvas)?;
        chart.grid(canvas)?;
        chart.rows(canvas)?;
        foot.draw(canvas, bottom + 14)
    })
}

struct Chart<'a> {
    figure: &'a ProgrammeFigure,
    words: &'static Words,
    left: i32,
    top: i32,
    bottom: i32,
}

impl Chart<'_> {
    /// The pixel of a month; months off the sheet lie on its edge.
    fn x(&self, month: i32) -> i32 {
        let (first, last) = (f64::from(self.figure.first), f64::from(self.figure.last));
        let share = ((f64::from(month) - first) / (last - first)).clamp(0.0, 1.0);
        self.left + (share * f64::from(MARGIN + CONTENT - self.left)) as i32
    }

    fn grid(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        let septembers: Vec<i32> =
            (self.figure.first..=self.figure.last).filter(|month| month.rem_euclid(12) == 8).collect();
        // years are thinned until their labels fit
        let pitch = f64::from(self.x(self.figure.last) - self.left) / septembers.len().max(1) as f64;
        let label = |month: i32| format!("{}-09", month.div_euclid(12));
        let widest = septembers.first().map_or(Ok(0), |month| font::width(&label(*month), EM))?;
        let step = crate::axis::every(widest, 8, pitch);
        for (index, month) in septembers.into_iter().enumerate() {
            let x = self.x(month);
            canvas.line(vec![(x, self.top - 4), (x, self.bottom)], &GRID)?;
            if index % step == 0 {
                canvas.text(
                    &label(month),
                    (x, self.top - 12),
                    Type { em: EM, ink: QUIET, align: Align::Middle },
                )?;
            }
        }
        canvas.line(vec![(self.left, self.bottom), (MARGIN + CONTENT, self.bottom)], &BASE)
    }

    fn rows(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        let mut y = self.top;
        for (heading, rows) in &self.figure.groups {
            let look = Type { em: EM + 1, ink: QUIET, align: Align::Start };
            canvas.text(heading, (MARGIN, y + GROUP / 2 + 2), look)?;
            y += GROUP;
            for row in rows {
                self.row(canvas, row, y + ROW / 2)?;
                y += ROW;
            }
        }
        let x = self.x(self.figure.round);
        canvas.line(vec![(x, self.top - 22), (x, self.bottom)], &LEADER)?;
        let month = self.figure.round;
        let label = format!("{} {}-{:02}", self.words.round, month.div_euclid(12), month.rem_euclid(12) + 1);
        canvas.text(&label, (x, self.top - 32), Type { em: EM, ink: INK, align: Align::Middle })
    }

    fn row(&self, canvas: &Canvas<'_>, row: &ProgrammeRow, middle: i32) -> Result<(), PlotError> {
        let mut em = EM;
        while em > 8 && font::width(&row.label, em)? > WIDEST_LABEL {
            em -= 1;
        }
        canvas.text(&row.label, (self.left - 8, middle), Type { em, ink: INK, align: Align::End })?;
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
