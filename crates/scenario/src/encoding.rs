//! The encoding of a text file, found or stated; never a character lost in silence.
//!
//! A byte-order mark decides; without one a text that is UTF-8 throughout is UTF-8, else one that is GB18030 throughout
//! is GB18030 (the "ANSI" of Excel on a Chinese desktop). What is neither is an error with its place.

use std::{borrow::Cow, fmt};

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

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

/// Decodes `bytes`, in the `stated` encoding if there is one. The error is the text before the first byte that does not
/// fit, as far as it can be told.
pub(crate) fn decode(bytes: &[u8], stated: Option<Encoding>) -> Result<Decoded, String> {
    let (marked, rest) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (Some(Encoding::Utf8), rest),
        [0xFF, 0xFE, rest @ ..] => (Some(Encoding::Utf16Le), rest),
        [0xFE, 0xFF, rest @ ..] => (Some(Encoding::Utf16Be), rest),
        _ => (None, bytes),
    };
    let read = |encoding| Decoded { text: String::new(), encoding };
    match stated.or(marked) {
        Some(Encoding::Utf8) => utf8(rest),
        Some(encoding) => {
            let text = strictly(rest, encoding).ok_or_else(String::new)?;
            Ok(Decoded { text, ..read(encoding) })
        }
        None => utf8(rest).or_else(|before| match strictly(rest, Encoding::Gb18030) {
            Some(text) => Ok(Decoded { text, ..read(Encoding::Gb18030) }),
            None => Err(before),
        }),
    }
}

fn utf8(bytes: &[u8]) -> Result<Decoded, String> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text: text.to_owned(), encoding: Encoding::Utf8 }),
        Err(e) => Err(String::from_utf8_lossy(&bytes[..e.valid_up_to()]).into_owned()),
    }
}

fn strictly(bytes: &[u8], encoding: Encoding) -> Option<String> {
    let decoder = match encoding {
        Encoding::Utf8 => return String::from_utf8(bytes.to_vec()).ok(),
        Encoding::Gb18030 => GB18030,
        Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16Be => UTF_16BE,
    };
    decoder.decode_without_bom_handling_and_without_replacement(bytes).map(Cow::into_owned)
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
            let decoded = decode(&bytes, None).unwrap_or_else(|_| panic!("{encoding}"));
            assert_eq!((decoded.text.as_str(), decoded.encoding), (RARE, encoding));
        }
    }

    #[test]
    fn what_is_no_text_is_refused_at_its_place() {
        let wrong = [b"zone\n\xE5\xAD\xA6".as_slice(), &[0xFF, 0xFF]].concat();
        assert_eq!(decode(&wrong, None).err().as_deref(), Some("zone\n学"));
        assert!(decode(b"\xFF\xFEa", None).is_err(), "half a character");
    }

    #[test]
    fn a_stated_encoding_is_taken_at_its_word() {
        let (gb, _, _) = GB18030.encode("学区");
        assert!(decode(&gb, Some(Encoding::Utf8)).is_err());
        assert_eq!(
            decode("ab".as_bytes(), Some(Encoding::Gb18030)).map(|d| d.encoding).ok(),
            Some(Encoding::Gb18030)
        );
    }
}
