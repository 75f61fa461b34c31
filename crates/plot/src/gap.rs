//! The seat-gap chart: places by certainty as stacked columns, demand with its 80 % band over them, shortages hatched.
//!
//! | symbol   | meaning                                             | unit   | field             |
//! |----------|-----------------------------------------------------|--------|-------------------|
//! | L\[k,t\] | places of certainty k in academic year t            | places | `layers`          |
//! | S\[t\]   | all places, the sum over k                          | places | -                 |
//! | D\[t\]   | demand: p10, median, p90                            | pupils | `demand`          |
//! | C\[t\]   | places if every candidate project is built too      | places | `candidates`      |
//!
//! A shortage is hatched exactly where the median of D\[t\] is above S\[t\]. The row of numbers below the years is
//! S\[t\] less the median. The axis starts at zero, so that areas compare as their numbers do.
//!
//! Columns, not a continuous area: places hold for a whole academic year.

mod draw;
mod parts;

use crate::PlotError;
use crate::axis::{academic_year, thousands};
use crate::canvas::Glyphs;
use crate::caption::Caption;
use crate::text::{Facts, Words};

/// The data of one seat-gap chart.
#[derive(Debug, Clone, PartialEq)]
pub struct GapFigure {
    /// Title, notice, source, language.
    pub caption: Caption,
    /// Academic years by the calendar year in which they begin, rising by one.
    pub years: Vec<i32>,
    /// Demand in each year.
    pub demand: Vec<DemandBand>,
    /// Places in each year that are open, secured, planned and outlook, in this order; not stacked. `None` where places are
    /// not known: demand alone is drawn.
    pub layers: Option<[Vec<u64>; 4]>,
    /// All places in each year if every candidate project is built too; a dotted line.
    pub candidates: Option<Vec<u64>>,
    /// Years to name, such as those in which the 6-3-1 cycle secures, plans and looks out.
    pub marks: Vec<Mark>,
    /// First year whose entrants rest on assumed births rather than on births that have been counted.
    pub assumed_from: Option<i32>,
    /// Pupils without a place in each year, added over sharing groups and never netted: the spare places of one group do
    /// not help another. A row of numbers below the differences.
    pub unmet: Option<Vec<u64>>,
}

/// Demand of one year, in pupils.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemandBand {
    /// Tenth percentile.
    pub p10: u64,
    /// Median.
    pub median: u64,
    /// Ninetieth percentile.
    pub p90: u64,
}

/// A year with a name above the chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Calendar year in which the academic year begins.
    pub year: i32,
    /// What to write.
    pub label: String,
}

/// Draws the chart as a self-contained SVG document with the glyphs it needs.
///
/// The same figure gives the same bytes. Long texts shrink and wrap and the sheet grows in height; nothing is cut off.
///
/// # Errors
/// [`PlotError::NoYears`], [`PlotError::Length`], [`PlotError::YearsNotConsecutive`], [`PlotError::BandOrder`] or
/// [`PlotError::MarkOutside`] if the figure does not hold together; [`PlotError::Font`] or [`PlotError::Draw`] if the
/// drawing fails.
pub fn gap_svg(figure: &GapFigure) -> Result<String, PlotError> {
    check(figure)?;
    draw::chart(figure, Glyphs::Embedded)
}

/// As [`gap_svg`], without the glyphs: for a page that shows several charts and has one rule of
/// [`font_face_css`](crate::font::font_face_css) for all of them.
///
/// # Errors
/// As [`gap_svg`].
pub fn gap_svg_for_page(figure: &GapFigure) -> Result<String, PlotError> {
    check(figure)?;
    draw::chart(figure, Glyphs::InPage)
}

impl GapFigure {
    /// All places in the year at `index`.
    fn places(&self, index: usize) -> u64 {
        self.layers.iter().flatten().fold(0, |sum, layer| sum.saturating_add(layer[index]))
    }

    /// By how much the median of the year at `index` exceeds all places; zero if it does not, or places are not known.
    fn shortage(&self, index: usize) -> u64 {
        if self.layers.is_none() {
            return 0;
        }
        self.demand[index].median.saturating_sub(self.places(index))
    }

    /// The largest number to be drawn in the year at `index`.
    fn top(&self, index: usize) -> u64 {
        let candidates = self.candidates.as_ref().map_or(0, |all| all[index]);
        self.places(index).max(self.demand[index].p90).max(candidates)
    }

    /// Index of the first year that rests on assumed births, if any year drawn does.
    fn assumed_index(&self) -> Option<usize> {
        let from = self.assumed_from?;
        self.years.iter().position(|year| *year >= from)
    }

    /// The chart in words.
    fn description(&self) -> String {
        let last = self.years.len() - 1;
        let mut worst = 0;
        for index in 1..=last {
            if self.shortage(index) > self.shortage(worst) {
                worst = index;
            }
        }
        let ends = |value: &dyn Fn(usize) -> u64| (thousands(value(0)), thousands(value(last)));
        let facts = Facts {
            first: &academic_year(self.years[0]),
            last: &academic_year(self.years[last]),
            demand: ends(&|i| self.demand[i].median),
            places: self.layers.is_some().then(|| ends(&|i| self.places(i))),
            worst: (self.shortage(worst) > 0)
                .then(|| (academic_year(self.years[worst]), thousands(self.shortage(worst)))),
        };
        Words::description(self.caption.lang, &facts)
    }
}

/// Every series has one value a year, years follow one another, bands are in order, marks are inside. After this the
/// drawing indexes freely.
fn check(figure: &GapFigure) -> Result<(), PlotError> {
    let years = figure.years.len();
    let (Some(first), Some(last)) = (figure.years.first(), figure.years.last()) else {
        return Err(PlotError::NoYears);
    };
    for pair in figure.years.windows(2) {
        if pair[0].checked_add(1) != Some(pair[1]) {
            return Err(PlotError::YearsNotConsecutive { before: pair[0], year: pair[1] });
        }
    }
    let mut lengths = vec![("demand", figure.demand.len())];
    lengths.extend(
        ["open", "secured", "planned", "outlook"]
            .into_iter()
            .zip(figure.layers.iter().flatten().map(Vec::len)),
    );
    lengths.extend(figure.candidates.iter().map(|all| ("candidates", all.len())));
    lengths.extend(figure.unmet.iter().map(|unmet| ("unmet", unmet.len())));
    for (series, found) in lengths {
        if found != years {
            return Err(PlotError::Length { series, found, years });
        }
    }
    for (year, band) in figure.years.iter().zip(&figure.demand) {
        let DemandBand { p10, median, p90 } = *band;
        if p10 > median || median > p90 {
            return Err(PlotError::BandOrder { year: *year, p10, median, p90 });
        }
    }
    for mark in &figure.marks {
        if mark.year < *first || mark.year > *last {
            let (label, year) = (mark.label.clone(), mark.year);
            return Err(PlotError::MarkOutside { label, year, first: *first, last: *last });
        }
    }
    Ok(())
}
