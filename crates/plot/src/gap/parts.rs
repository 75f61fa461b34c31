//! Parts of the seat-gap chart that depend on what the figure holds: tags of the marks, entries of the key.

use super::GapFigure;
use crate::PlotError;
use crate::legend::Sample;
use crate::palette::{CANDIDATES, LAYERS, SHORTAGE};
use crate::text::Words;
use crate::wrap::Paragraph;

const TAG_EM: i32 = 12;
const WIDEST_TAG: i32 = 260;

/// A mark with its place: the row (0 is next to the plot) and the left and right edge of its tag.
pub(super) struct Tag {
    pub(super) index: usize,
    pub(super) text: Paragraph,
    pub(super) row: i32,
    pub(super) left: i32,
    pub(super) right: i32,
}

/// Places each mark's tag over its year, inside the plot, in the lowest row where it is free.
pub(super) fn tags(figure: &GapFigure, left: i32, right: i32) -> Result<Vec<Tag>, PlotError> {
    let mut placed: Vec<Tag> = Vec::new();
    let pitch = f64::from(right - left) / figure.years.len() as f64;
    for mark in &figure.marks {
        let index = figure.years.iter().position(|year| *year == mark.year).unwrap_or(0);
        let text = Paragraph::fit(&mark.label, WIDEST_TAG, &[TAG_EM], 1)?;
        let width = text.width()? + 14;
        let middle = left + ((index as f64 + 0.5) * pitch) as i32;
        let from = (middle - width / 2).min(right - width).max(left);
        let to = from + width;
        let mut row = 0;
        while placed.iter().any(|other| other.row == row && from < other.right + 6 && other.left < to + 6) {
            row += 1;
        }
        placed.push(Tag { index, text, row, left: from, right: to });
    }
    Ok(placed)
}

/// The key: demand first, then places from the least to the most certain, as they are stacked. What the figure does not
/// show is left out.
pub(super) fn entries(figure: &GapFigure, words: &'static Words) -> Vec<(Sample, String)> {
    let mut entries = vec![(Sample::Median, words.median)];
    if figure.assumed_index().is_some() {
        entries.push((Sample::MedianHollow, words.median_assumed));
    }
    entries.push((Sample::Band, words.band));
    if (0..figure.years.len()).any(|i| figure.shortage(i) > 0) {
        entries.push((Sample::Area(&SHORTAGE), words.shortage));
    }
    if figure.candidates.is_some() {
        entries.push((Sample::Line(&CANDIDATES), words.candidates));
    }
    let layers = figure.layers.iter().flatten().zip(&LAYERS).zip(words.layers);
    for ((layer, paint), name) in layers.collect::<Vec<_>>().into_iter().rev() {
        if layer.iter().any(|places| *places > 0) {
            entries.push((Sample::Area(paint), name));
        }
    }
    entries.into_iter().map(|(sample, name)| (sample, name.to_owned())).collect()
}
