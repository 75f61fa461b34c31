//! Breaking text into lines that fit a width, for Chinese (between any two characters, with the usual exceptions for
//! punctuation) and for words between spaces.

use crate::PlotError;
use crate::font;

/// Lines of one paragraph and the size at which they fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Paragraph {
    /// The lines, none empty.
    pub(crate) lines: Vec<String>,
    /// Size of one em in pixels.
    pub(crate) em: i32,
}

impl Paragraph {
    /// `text` at the first of `sizes` at which it needs at most `most` lines of `width` pixels; at the last size it takes
    /// as many lines as it needs, because a line too many is better than text cut off.
    pub(crate) fn fit(text: &str, width: i32, sizes: &[i32], most: usize) -> Result<Self, PlotError> {
        let mut fitted = Self { lines: Vec::new(), em: 12 };
        for em in sizes {
            fitted = Self { lines: wrap(text, width, *em)?, em: *em };
            if fitted.lines.len() <= most {
                break;
            }
        }
        Ok(fitted)
    }

    /// Height of one line in pixels.
    pub(crate) fn line_height(&self) -> i32 {
        line_height(self.em)
    }

    /// Height of all lines in pixels.
    pub(crate) fn height(&self) -> i32 {
        self.line_height() * self.lines.len() as i32
    }

    /// Width of the longest line in pixels.
    pub(crate) fn width(&self) -> Result<i32, PlotError> {
        let mut widest = 0;
        for line in &self.lines {
            widest = widest.max(font::width(line, self.em)?);
        }
        Ok(widest)
    }
}

/// Height of a line of text of `em` pixels: Chinese needs more room between lines than Latin.
pub(crate) fn line_height(em: i32) -> i32 {
    em * 7 / 5
}

/// `text` on one line: no control characters (XML forbids most), no runs of white space (SVG draws them as one).
pub(crate) fn one_line(text: &str) -> String {
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    // U+FFFE and U+FFFF are the two other characters XML cannot hold.
    let text: String =
        text.chars().map(printable).filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn wrap(text: &str, width: i32, em: i32) -> Result<Vec<String>, PlotError> {
    let limit = i64::from(width) * 1000 / i64::from(em.max(1));
    let mut lines = Vec::new();
    let (mut line, mut used) = (String::new(), 0_i64);
    for piece in pieces(&one_line(text)) {
        let needed = i64::from(font::advance(piece.trim_end())?);
        if !line.is_empty() && used + needed > limit {
            lines.push(line.trim_end().to_owned());
            (line, used) = (String::new(), 0);
        }
        if needed <= limit {
            line.push_str(piece);
            used += i64::from(font::advance(piece)?);
            continue;
        }
        // One word wider than the line: break it where it stops fitting.
        for c in piece.chars() {
            let step = i64::from(font::advance(c.encode_utf8(&mut [0; 4]))?);
            if !line.is_empty() && used + step > limit {
                lines.push(line.trim_end().to_owned());
                (line, used) = (String::new(), 0);
            }
            line.push(c);
            used += step;
        }
    }
    if !line.trim_end().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    Ok(lines)
}

/// The parts between which a line may break; a space belongs to the part before it.
fn pieces(text: &str) -> Vec<&str> {
    let mut cuts = Vec::new();
    let mut before = None;
    for (at, c) in text.char_indices() {
        if before.is_some_and(|b| breaks(b, c)) {
            cuts.push(at);
        }
        before = Some(c);
    }
    cuts.push(text.len());
    let mut from = 0;
    cuts.into_iter().map(|to| &text[std::mem::replace(&mut from, to)..to]).filter(|p| !p.is_empty()).collect()
}

fn breaks(before: char, after: char) -> bool {
    if after == ' ' || "，。、；：？！）》」』】〕”’…·％%,.;:?!)]}".contains(after) {
        return false;
    }
    if "（《「『【〔“‘([{".contains(before) {
        return false;
    }
    before == ' ' || wide(before) || wide(after)
}

/// Han, kana, hangul and full-width signs: no spaces between words, so a line may break anywhere.
fn wide(c: char) -> bool {
    c >= '\u{2e80}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_breaks_between_characters_but_not_before_a_comma() {
        // 10 px an em: five characters a line; the comma may not begin the second line, so 区 goes with it.
        assert_eq!(wrap("深圳福田区，学位", 50, 10).unwrap(), ["深圳福田", "区，学位"]);
    }

    #[test]
    fn words_stay_whole_and_lose_the_space_at_the_break() {
        let lines = wrap("places and pupils", 80, 12).unwrap();
        assert_eq!(lines.join(" "), "places and pupils");
        assert!(lines.len() > 1 && lines.iter().all(|l| font::width(l, 12).unwrap() <= 80));
    }

    #[test]
    fn a_word_wider_than_the_line_is_broken_and_nothing_is_lost() {
        let word = "W".repeat(40);
        let lines = wrap(&word, 60, 12).unwrap();
        assert_eq!(lines.concat(), word);
        assert!(lines.iter().all(|l| font::width(l, 12).unwrap() <= 60));
    }

    #[test]
    fn text_shrinks_before_it_takes_more_lines() {
        let text = "学".repeat(50);
        let fitted = Paragraph::fit(&text, 500, &[20, 10], 1).unwrap();
        assert_eq!((fitted.em, fitted.lines.len()), (10, 1));
        let fitted = Paragraph::fit(&"学".repeat(120), 500, &[20, 10], 1).unwrap();
        assert_eq!((fitted.em, fitted.lines.len()), (10, 3));
    }

    #[test]
    fn control_characters_and_runs_of_space_become_one_space() {
        assert_eq!(one_line(" a\u{0}\n b\u{ffff}\t"), "a b");
        assert!(wrap(" \n ", 100, 12).unwrap().is_empty());
    }
}
