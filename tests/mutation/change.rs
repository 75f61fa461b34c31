//! A change of one file, of any kind: its bytes, its encoding, its packing, its line ends, or what its own form allows.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};

use super::{Chance, Files, document, is, table};

/// No file grows beyond this: what is tried here is form; sizes have tests of their own.
const MOST: usize = 1 << 20;

/// Changes one of the files; its name and what was done. `None` if nothing came of it.
pub(super) fn one(files: &mut Files, chance: &mut Chance) -> Option<(String, &'static str)> {
    let names: Vec<String> = files.keys().cloned().collect();
    if names.is_empty() {
        return None; // all have been taken away
    }
    let name = chance.of_these(&names).clone();
    if chance.one_in(40) {
        return whole(files, &name, chance);
    }
    let bytes = files.get(&name)?.clone();
    let (changed, what) = if chance.one_in(5) {
        of_bytes(&bytes, chance)
    } else if chance.one_in(8) {
        of_writing(&bytes, chance)
    } else if is(&name, "jsonl") {
        document::of_lines(&bytes, chance)
    } else if is(&name, "json") {
        document::of_value(&bytes, chance)
    } else {
        table::one(&bytes, chance)
    }?;
    if changed == bytes || changed.len() > MOST {
        return None;
    }
    files.insert(name.clone(), changed);
    Some((name, what))
}

/// A file that is gone, empty, another's, or under another name.
fn whole(files: &mut Files, name: &str, chance: &mut Chance) -> Option<(String, &'static str)> {
    let other = {
        let names: Vec<&String> = files.keys().collect();
        (*chance.of_these(&names)).clone()
    };
    let bytes = files.remove(name)?;
    let what = match chance.below(5) {
        0 => "gone",
        1 => {
            files.insert(name.to_owned(), Vec::new());
            "empty"
        }
        2 => {
            let of_other = files.get(&other).cloned().unwrap_or_default();
            files.insert(name.to_owned(), of_other);
            "holds what another file holds"
        }
        3 => {
            files.insert(name.to_uppercase(), bytes);
            "in capitals"
        }
        _ => {
            files.insert(format!("{name}.csv"), bytes);
            "under another name"
        }
    };
    Some((name.to_owned(), what))
}

/// Bytes that mean something to a reader of text, JSON, CSV, gzip or a terminal.
const BYTES: [&[u8]; 20] = [
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xe5\xad",
    b"\xef\xbb\xbf",
    b"\x1f\x8b",
    b"\x1b[2J",
    b"\x07",
    b"\x7f",
    b"\"",
    b"\"\"",
    b",",
    b"\n",
    b"\r",
    b"{",
    b"]",
    b"\\",
    b"\xe2\x80\x8b",
    b"\xe2\x80\xae",
    b"\xed\xa0\x80",
];

fn of_bytes(bytes: &[u8], chance: &mut Chance) -> Option<(Vec<u8>, &'static str)> {
    let mut out = bytes.to_vec();
    let at = chance.below(out.len() + 1);
    let to = (at + 1 + chance.below(64)).min(out.len());
    let what = match chance.below(7) {
        0 => {
            let byte = out.get_mut(at)?;
            *byte ^= 1 << chance.below(8);
            "a bit turned"
        }
        1 => {
            out.splice(at..at, chance.of_these(&BYTES).iter().copied());
            "bytes put in"
        }
        2 => {
            out.drain(at.min(to)..to);
            "bytes taken out"
        }
        3 => {
            let part = out[at.min(to)..to].to_vec();
            out.splice(at..at, part);
            "bytes twice"
        }
        4 => {
            out.truncate(at);
            "cut off"
        }
        5 => {
            let part: Vec<u8> = (0..=chance.below(16)).map(|_| chance.below(256) as u8).collect();
            out.splice(at.min(to)..to, part);
            "bytes of no meaning"
        }
        _ => {
            let part = out[at.min(to)..to].to_vec();
            let elsewhere = chance.below(out.len() + 1);
            out.splice(elsewhere..elsewhere, part);
            "bytes elsewhere"
        }
    };
    Some((out, what))
}

/// The same text written in another way.
fn of_writing(bytes: &[u8], chance: &mut Chance) -> Option<(Vec<u8>, &'static str)> {
    let text = String::from_utf8_lossy(bytes);
    Some(match chance.below(9) {
        0 => (encoding_rs::GB18030.encode(&text).0.into_owned(), "in GB 18030"),
        1 => {
            let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
            (units.flat_map(u16::to_le_bytes).collect(), "in UTF-16, little end first")
        }
        2 => {
            let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
            (units.flat_map(u16::to_be_bytes).collect(), "in UTF-16, big end first")
        }
        3 => (format!("\u{feff}{text}").into_bytes(), "with a byte-order mark"),
        4 => (text.replace('\n', "\r\n").into_bytes(), "with the line ends of Windows"),
        5 => (text.replace('\n', "\r").into_bytes(), "with the line ends of old Macs"),
        6 => {
            let ends = ["\n", "\r\n", "\r", "\n\n", "\n,\n"];
            let mixed: Vec<&str> = text.lines().flat_map(|line| [line, *chance.of_these(&ends)]).collect();
            (mixed.concat().into_bytes(), "with mixed line ends")
        }
        7 => (packed(bytes)?, "packed"),
        _ => {
            let mut packed = packed(bytes)?;
            let at = chance.below(packed.len());
            if chance.one_in(2) {
                packed.truncate(at);
            } else {
                packed[at] ^= 0x55;
            }
            (packed, "packed, and broken")
        }
    })
}

fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

/// Numbers and texts that a careless or a hostile hand may put in a cell. No number is written as the program would write it
/// if it were none, so that none of these is taken for a result.
const VALUES: [&str; 64] = [
    "",
    " ",
    "0",
    "-1",
    "1",
    "2",
    "0.5",
    "1.5",
    "20",
    "-0",
    "007",
    "1e3",
    "1e308",
    "-1e308",
    "1e-320",
    "1e400",
    "nan",
    "Infinity",
    "-INF",
    "1,000",
    "１２",
    "2147483647",
    "2147483648",
    "4294967296",
    "9223372036854775808",
    "99999999999999999999",
    "0x10",
    "50%",
    "+5",
    "1 000",
    "3.",
    ".5",
    "2025",
    "1900",
    "9999",
    "2025-09",
    "TRUE",
    "null",
    "ALL",
    "base",
    "primary",
    "north",
    "\"",
    "'",
    "=1+1",
    "@x",
    "-",
    "\u{1b}[31m",
    "\u{7}",
    "\0",
    "\u{200b}",
    "\u{202e}x",
    "con",
    "a:b",
    "..",
    "../x",
    "/etc/passwd",
    "a/b",
    "a\\b",
    "x.",
    "😀",
    "福田",
    "A;B;A",
    "1;2;;3",
];

/// Months as spreadsheets and fingers write them.
const MONTHS: [&str; 14] = [
    "0001-01",
    "9999-12",
    "2025-13",
    "2025-00",
    "2025-0x",
    "2o25-09",
    "2025/9/1",
    "2025-09-31",
    "2026年9月",
    "2025-9",
    "09-2025",
    "2025-",
    "Sep-25",
    "45931",
];

fn is_month(text: &str) -> bool {
    text.len() == 7 && text.as_bytes()[4] == b'-' && text[..4].bytes().all(|b| b.is_ascii_digit())
}

/// A value: one of those, a long one, or a multiple of the number that was there.
pub(super) fn value(was: &str, chance: &mut Chance) -> String {
    let factors = [0.0, 0.001, 0.1, 0.5, 0.9, 1.1, 2.0, 10.0, 1000.0, 1e6, -1.0];
    match was.trim().parse::<f64>() {
        Ok(number) if chance.one_in(3) => match chance.below(4) {
            0 => (number + 1.0).to_string(),
            1 => (number - 1.0).to_string(),
            _ => (number * chance.of_these(&factors)).to_string(),
        },
        _ if is_month(was) && chance.one_in(2) => (*chance.of_these(&MONTHS)).to_owned(),
        _ if !was.is_empty() && chance.one_in(2) => slip(was, chance),
        _ if chance.one_in(30) => ["长", "x", "9", "é"][chance.below(4)].repeat(1 << chance.below(15)),
        _ => (*chance.of_these(&VALUES)).to_owned(),
    }
}

/// A slip of the finger: a character left out, twice, put in, or another one.
fn slip(was: &str, chance: &mut Chance) -> String {
    let mut characters: Vec<char> = was.chars().collect();
    let at = chance.below(characters.len());
    let other = *chance.of_these(&['x', 'é', '０', '-', '.', ';', ' ', '/', '\'', '9', 'O', '\u{200b}']);
    match chance.below(4) {
        0 => drop(characters.remove(at)),
        1 => characters.insert(at, characters[at]),
        2 => characters.insert(at, other),
        _ => characters[at] = other,
    }
    characters.into_iter().collect()
}
