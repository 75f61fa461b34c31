//! A JSON text measured before it is parsed: how deep it is nested, how many keys and items it has, how long its texts are.

use crate::limits::{Limit, Limits};

/// The first limit that `text` goes beyond, with the line from 1 and the byte of that line. What is no JSON is measured as
/// far as it can be; the parser says what is wrong with it.
///
/// # Errors
/// That limit, and where.
pub(crate) fn measured(text: &str, limits: &Limits) -> Result<(), (Limit, usize, usize)> {
    let most = |limit| limits.count(limit);
    let (mut depth, mut items) = (0, 0);
    let (mut line, mut line_start) = (1, 0);
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let mut beyond = None;
        match byte {
            b'\n' => (line, line_start) = (line + 1, at + 1),
            b'[' | b'{' => {
                depth += 1;
                items += 1;
                beyond = (depth > most(Limit::Depth)).then_some(Limit::Depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            // one for every member and item; the first of each list was counted when it began
            b',' => items += 1,
            b'"' => {
                let start = at + 1;
                at = end_of_text(bytes, start);
                let inside = bytes.get(start..at).unwrap_or_default();
                let rest = bytes.get(at + 1..).unwrap_or_default();
                let is_key = rest.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':');
                let limit = if is_key { Limit::KeyLength } else { Limit::TextLength };
                // a character has one byte that continues none
                let length = inside.iter().filter(|b| **b & 0xc0 != 0x80).count();
                if length > most(limit) {
                    return Err((limit, line, start - line_start));
                }
            }
            _ => {}
        }
        if items > most(Limit::Keys) {
            beyond = beyond.or(Some(Limit::Keys));
        }
        if let Some(limit) = beyond {
            return Err((limit, line, at + 1 - line_start));
        }
        at += 1;
    }
    Ok(())
}

/// The place of the quote that ends the text which begins at `at`.
fn end_of_text(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => break,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_reached_by_what_it_limits() {
        let limits = Limits::default()
            .with(Limit::Depth, 3)
            .with(Limit::Keys, 7)
            .with(Limit::KeyLength, 4)
            .with(Limit::TextLength, 5);
        for (text, beyond) in [
            (r#"{"a": [[1]]}"#, None),
            ("{\"a\":\n [[[1]]]}", Some((Limit::Depth, 2, 4))),
            (r#"{"a": "[[[[[", "b": "{\"{{"}"#, None),
            ("[1,2,3,4,5,6,7]", None),
            ("[1,2,3,4,5,6,7,8]", Some((Limit::Keys, 1, 15))),
            (r#"{"学区学区": "学区学区学"}"#, None),
            (r#"{"学区学区学" : 1}"#, Some((Limit::KeyLength, 1, 2))),
            (r#"{"a": "学区学区学区"}"#, Some((Limit::TextLength, 1, 7))),
            (r#"{"a": "b"#, None),
            ("\"\\", None),
        ] {
            assert_eq!(measured(text, &limits).err(), beyond, "{text}");
        }
    }
}
