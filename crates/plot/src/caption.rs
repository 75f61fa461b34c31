//! What every chart has above and below its plot: title, notice and unit; key and source. Measured before anything is
//! drawn, so that no part can lie on another.

use seatcast_core::Lang;

use crate::{
    PlotError,
    canvas::{About, Align, Canvas},
    legend::{Legend, Sample},
    palette::{ALERT, INK, QUIET},
    text::Words,
    wrap::Paragraph,
};

/// Width of every sheet, pixels.
pub(crate) const WIDTH: i32 = 1080;
/// White around everything.
pub(crate) const MARGIN: i32 = 24;
/// Width between the margins.
pub(crate) const CONTENT: i32 = WIDTH - 2 * MARGIN;

/// What a figure says about itself, in its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    /// Title.
    pub title: String,
    /// One sentence under the title; may be empty.
    pub notice: String,
    /// Where the data is from; may be empty.
    pub source: String,
    /// Language of the fixed words.
    pub lang: Lang,
}

impl Caption {
    /// What the document says to people who do not see it.
    pub(crate) fn about<'a>(&'a self, description: &'a str) -> About<'a> {
        About { tag: Words::of(self.lang).tag, title: &self.title, description }
    }
}

/// Title, notice and unit.
pub(crate) struct Head {
    title: Paragraph,
    notice: Paragraph,
    unit: Paragraph,
}

impl Head {
    pub(crate) fn new(caption: &Caption, unit: &str) -> Result<Self, PlotError> {
        Ok(Self {
            title: Paragraph::fit(&caption.title, CONTENT, &[22, 19, 17], 2)?,
            notice: Paragraph::fit(&caption.notice, CONTENT, &[14, 13], 1)?,
            unit: Paragraph::fit(unit, CONTENT, &[12], 1)?,
        })
    }

    /// The first free pixel below it.
    pub(crate) fn bottom(&self) -> i32 {
        MARGIN + self.title.height() + 4 + self.notice.height() + 14 + self.unit.height()
    }

    pub(crate) fn draw(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        let mut y = canvas.paragraph(&self.title, (MARGIN, MARGIN), INK, Align::Start)?;
        y = canvas.paragraph(&self.notice, (MARGIN, y + 4), ALERT, Align::Start)?;
        canvas.paragraph(&self.unit, (MARGIN, y + 14), QUIET, Align::Start)?;
        Ok(())
    }
}

/// Key and source.
pub(crate) struct Foot {
    legend: Legend,
    source: Paragraph,
}

impl Foot {
    pub(crate) fn new(caption: &Caption, entries: Vec<(Sample, String)>) -> Result<Self, PlotError> {
        let source = if caption.source.trim().is_empty() {
            String::new()
        } else {
            Words::of(caption.lang).source.to_owned() + &caption.source
        };
        Ok(Self {
            legend: Legend::new(entries, CONTENT)?,
            source: Paragraph::fit(&source, CONTENT, &[12, 11], 1)?,
        })
    }

    /// Its height with the margin below it.
    pub(crate) fn height(&self) -> i32 {
        self.legend.height() + 10 + self.source.height() + MARGIN
    }

    pub(crate) fn draw(&self, canvas: &Canvas<'_>, top: i32) -> Result<(), PlotError> {
        self.legend.draw(canvas, (MARGIN, top))?;
        canvas.paragraph(&self.source, (MARGIN, top + self.legend.height() + 10), QUIET, Align::Start)?;
        Ok(())
    }
}
