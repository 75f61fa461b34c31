//! Characters that a person cannot see: control characters, marks of direction, what is ignored when a text is shown.
//!
//! In a text for people they are shown by number, `<U+200B>`, so that a name of a file can neither steer a terminal nor
//! look like another name. In a key they are refused.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::{json::shorten, problem::Fault};

/// Whether `c` steers a terminal or the direction of a text, or is not shown at all: control characters and separators
/// of lines, and those that Unicode's `Default_Ignorable_Code_Point` names.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// `text` with every such character by its number, line breaks and tabs too: a part of one line.
pub fn in_line(text: &str) -> Cow<'_, str> {
    replaced(text, |c, out| if is_selector(c) { out.push(c) } else { out.push_str(&number(c)) })
}

/// `text` with every such character by its number. Line breaks and tabs, which texts of this program are made of, stay.
pub fn shown(text: &str) -> Cow<'_, str> {
    replaced(text, |c, out| {
        let stays = matches!(c, '\n' | '\t') || is_selector(c);
        if stays { out.push(c) } else { out.push_str(&number(c)) }
    })
}

/// A variation selector chooses the form of the character before it: names hold them, and they do no harm.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// A JSON document with every such character inside its texts as an escape: the same document.
pub fn shown_json(document: &str) -> Cow<'_, str> {
    replaced(document, |c, out| {
        if matches!(c, '\n' | '\t' | '\r') {
            out.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    })
}

fn replaced(text: &str, mut write: impl FnMut(char, &mut String)) -> Cow<'_, str> {
    if !text.chars().any(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_invisible(c) { write(c, &mut out) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// A character by its number, `<U+200B>`.
pub(crate) fn number(c: char) -> String {
    format!("<U+{:04X}>", u32::from(c))
}

/// A key must be what it looks like.
///
/// # Errors
/// [`Fault::Invisible`] with the first character that is not shown.
pub(crate) fn refuse(key: &str) -> Result<(), Fault> {
    if key.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return Ok(());
    }
    match key.chars().enumerate().find(|(_, c)| is_invisible(*c)) {
        Some((i, c)) => Err(Fault::Invisible(shorten(key), c, i + 1)),
        None => Ok(()),
    }
}

/// What is left of `text` for an eye that does not tell full-width forms or capitals apart.
pub(crate) fn folded(text: &str) -> String {
    if text.is_ascii() && !text.bytes().any(|b| b.is_ascii_control()) {
        return text.to_ascii_lowercase();
    }
    text.nfkc().filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase).collect()
}

/// In what two texts differ that look the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unlike {
    /// In a character that is not shown.
    Invisible(char),
    /// In full-width, half-width or other forms of the same characters.
    Form,
    /// In capitals.
    Case,
}

/// In what `text` differs from `known`, if they look the same.
pub(crate) fn unlike(text: &str, known: &str) -> Option<Unlike> {
    if text == known || folded(text) != folded(known) {
        return None;
    }
    let odd = |of: &str, other: &str| of.chars().find(|c| is_invisible(*c) && !other.contains(*c));
    if let Some(c) = odd(text, known).or_else(|| odd(known, text)) {
        return Some(Unlike::Invisible(c));
    }
    let lower = |text: &str| text.to_lowercase();
    Some(if lower(text) == lower(known) { Unlike::Case } else { Unlike::Form })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_shown_by_number_and_our_lines_stay() {
        assert_eq!(
            shown("a\u{1b}]0;x\u{7}b\n\tc\u{9b}\u{7f}\u{0}"),
            "a<U+001B>]0;x<U+0007>b\n\tc<U+009B><U+007F><U+0000>"
        );
        assert_eq!(
            shown("\u{202e}x\u{2067}\u{200b}\u{feff}\u{e0041}\u{2028}\r"),
            "<U+202E>x<U+2067><U+200B><U+FEFF><U+E0041><U+2028><U+000D>"
        );
        assert_eq!(in_line("a\nb\t\u{200b}"), "a<U+000A>b<U+0009><U+200B>");
        for plain in ["学区 南苑，A-1", "é ñ \u{1f600}", "辻\u{e0100}", "line\nline\n"] {
            assert!(matches!(shown(plain), Cow::Borrowed(_)) || shown(plain) == plain, "{plain}");
        }
    }

    #[test]
    fn a_json_document_stays_the_same_document() {
        let value = serde_json::json!({ "a\u{202e}": "x\u{1b}\u{9b}\u{200b}\u{e0041}\n\"\\" });
        let document = format!("{value:#}\n");
        let shown = shown_json(&document);
        assert!(shown.chars().all(|c| c == '\n' || !is_invisible(c)), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }

    #[test]
    fn texts_that_look_the_same_are_told_apart() {
        assert_eq!(unlike("nanyuan\u{200b}", "nanyuan"), Some(Unlike::Invisible('\u{200b}')));
        assert_eq!(unlike("nan\u{202e}yuan", "nanyuan"), Some(Unlike::Invisible('\u{202e}')));
        assert_eq!(unlike("ｎanyuan", "nanyuan"), Some(Unlike::Form));
        assert_eq!(unlike("Nanyuan", "nanyuan"), Some(Unlike::Case));
        assert_eq!(unlike("nan\u{3000}yuan", "nan yuan"), Some(Unlike::Form));
        assert_eq!((unlike("nanyuan", "nanyuan"), unlike("nanyan", "nanyuan")), (None, None));
    }
}
