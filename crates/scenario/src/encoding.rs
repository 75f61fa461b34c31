//! The encoding of a text file, found or stated; never a character lost in silence.
//!
//! A byte-order mark decides; without one a text that is UTF-8 throughout is UTF-8, else one that is GB18030 throughout
//! is GB18030 (the "ANSI" of Excel on a Chinese desktop). What is neither is an error with its place.

use std::fmt;

use encoding_rs::{DecoderResult, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// An encoding that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte-order mark.
    Utf8,
    /// GB18030, which holds GBK and GB2312.
    Gb18030,
    /// UTF-16, little end first: Excel's "Unicode text".
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: [Encoding; 4] = [Encoding::Utf8, Encoding::Gb18030, Encoding::Utf16Le, Encoding::Utf16Be];

    /// Code on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Gb18030 => "gb18030",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A text and the encoding it was read in.
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) encoding: Encoding,
}

/// Bytes that are no text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoText {
    /// The text before the first byte that does not fit.
    pub(crate) before: String,
    /// That byte, from 1.
    pub(crate) byte: usize,
    /// The encoding that was stated or marked; `None` if none fits.
    pub(crate) encoding: Option<Encoding>,
}

/// Decodes `bytes`, in the `stated` encoding if there is one.
///
/// # Errors
/// [`NoText`]; of two encodings that might have been meant, the one that reads further tells the place.
pub(crate) fn decode(bytes: Vec<u8>, stated: Option<Encoding>) -> Result<Decoded, NoText> {
    // a text that is UTF-8 already is not copied
    let has_mark = matches!(bytes.as_slice(), [0xEF, 0xBB, 0xBF, ..] | [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
    let bytes = if !has_mark && stated.is_none_or(|encoding| encoding == Encoding::Utf8) {
        match String::from_utf8(bytes) {
            Ok(text) => return Ok(Decoded { text, encoding: Encoding::Utf8 }),
            Err(other) => other.into_bytes(),
        }
    } else {
        bytes
    };
    decoded(&bytes, stated)
}

fn decoded(bytes: &[u8], stated: Option<Encoding>) -> Result<Decoded, NoText> {
    let (marked, rest) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (Some(Encoding::Utf8), rest),
        [0xFF, 0xFE, rest @ ..] => (Some(Encoding::Utf16Le), rest),
        [0xFE, 0xFF, rest @ ..] => (Some(Encoding::Utf16Be), rest),
        _ => (None, bytes),
    };
    let mark = bytes.len() - rest.len();
    if let Some(encoding) = stated.or(marked) {
        return strictly(rest, encoding)
            .map(|text| Decoded { text, encoding })
            .map_err(|(before, at)| NoText { before, byte: mark + at + 1, encoding: Some(encoding) });
    }
    let mut furthest = NoText { before: String::new(), byte: 0, encoding: None };
    for encoding in [Encoding::Utf8, Encoding::Gb18030] {
        match strictly(rest, encoding) {
            Ok(text) => return Ok(Decoded { text, encoding }),
            Err((before, at)) if at + 1 > furthest.byte => {
                furthest = NoText { before, byte: at + 1, encoding: None };
            }
            Err(_) => {}
        }
    }
    Err(furthest)
}

/// The text, or what could be read and the index of the first byte that does not fit.
fn strictly(bytes: &[u8], encoding: Encoding) -> Result<String, (String, usize)> {
    let mut decoder = match encoding {
        Encoding::Utf8 => UTF_8,
        Encoding::Gb18030 => GB18030,
        Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16Be => UTF_16BE,
    }
    .new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len());
    let mut text = String::with_capacity(room);
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (DecoderResult::InputEmpty, _) => Ok(text),
        // the reader has gone past the faulty bytes, and perhaps past some that were only looked at
        (DecoderResult::Malformed(faulty, looked), read) => {
            Err((text, read.saturating_sub(usize::from(faulty) + usize::from(looked))))
        }
        (DecoderResult::OutputFull, read) => Err((text, read)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Characters outside GB2312, among them one of four bytes in GB18030.
    const RARE: &str = "学区,人数\n沚埇瀍浉硚猇鄠𠮷,3\n";

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(|u: u16| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
    }

    #[test]
    fn every_encoding_of_a_chinese_desktop_gives_the_same_text() {
        let (gb, _, unmapped) = GB18030.encode(RARE);
        assert!(!unmapped);
        let marked = [b"\xEF\xBB\xBF", RARE.as_bytes()].concat();
        for (bytes, encoding) in [
            (RARE.as_bytes().to_vec(), Encoding::Utf8),
            (marked, Encoding::Utf8),
            (gb.into_owned(), Encoding::Gb18030),
            (utf16(RARE, true), Encoding::Utf16Le),
            (utf16(RARE, false), Encoding::Utf16Be),
        ] {
            let decoded = decode(bytes, None).unwrap_or_else(|_| panic!("{encoding}"));
            assert_eq!((decoded.text.as_str(), decoded.encoding), (RARE, encoding));
        }
    }

    fn refused(bytes: &[u8], stated: Option<Encoding>) -> NoText {
        decode(bytes.to_vec(), stated).err().unwrap()
    }

    #[test]
    fn what_is_no_text_is_refused_at_its_place() {
        let of = |before: &str, byte, encoding| NoText { before: before.to_owned(), byte, encoding };
        let wrong = [b"zone\n\xE5\xAD\xA6".as_slice(), &[0xFF, 0xFF]].concat();
        assert_eq!(refused(&wrong, None), of("zone\n学", 9, None));
        // a damaged GBK file is told at the damage, not at its first Chinese character
        let (gb, _, _) = GB18030.encode("学区,人数\n");
        let damaged = [&gb, b"a\xFF\n".as_slice()].concat();
        assert_eq!(refused(&damaged, None), of("学区,人数\na", 12, None));
        assert_eq!(
            refused(&damaged, Some(Encoding::Gb18030)),
            of("学区,人数\na", 12, Some(Encoding::Gb18030))
        );
        // half a character, behind a mark of two bytes
        assert_eq!(refused(b"\xFF\xFEa\0b", None), of("a", 5, Some(Encoding::Utf16Le)));
        assert_eq!(refused(b"\xEF\xBB\xBFa\xFF", None), of("a", 5, Some(Encoding::Utf8)));
    }

    #[test]
    fn a_stated_encoding_is_taken_at_its_word() {
        let (gb, _, _) = GB18030.encode("学区");
        assert!(decode(gb.to_vec(), Some(Encoding::Utf8)).is_err());
        assert_eq!(
            decode(b"ab".to_vec(), Some(Encoding::Gb18030)).map(|d| d.encoding).ok(),
            Some(Encoding::Gb18030)
        );
    }
}
