//! Numbers and months as planners' tables have them, where only one reading is possible.
//!
//! Full-width digits and signs are taken for plain ones; a comma is a thousands separator where it stands between groups
//! of three digits and nowhere else. `12 %`, `2.5万`, `1,23` or `Sep-20` could be meant otherwise or need a decision, so
//! they are refused.

use std::borrow::Cow;

use seatcast_core::time::{Day, YearMonth};

/// The plain spelling of a number, if `text` can be read in one way only.
pub(crate) fn plain_number(text: &str) -> Option<Cow<'_, str>> {
    let narrow = narrow(text);
    if !narrow.contains(',') {
        return Some(narrow);
    }
    let (sign, rest) = narrow.strip_prefix('-').map_or(("", &*narrow), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(w, f)| (w, Some(f)));
    let mut groups = whole.split(',');
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let first = groups.next().filter(|g| digits(g) && g.len() <= 3)?;
    let mut plain = format!("{sign}{first}");
    for group in groups {
        if group.len() != 3 || !digits(group) {
            return None;
        }
        plain.push_str(group);
    }
    if let Some(fraction) = fraction {
        if !digits(fraction) {
            return None;
        }
        plain.push('.');
        plain.push_str(fraction);
    }
    Some(Cow::Owned(plain))
}

/// A month: `2020-09`, and what a spreadsheet makes of it (`2020/9`, `2020-9-1`, `2020.09`, `2020年9月`).
pub(crate) fn month(text: &str) -> Option<YearMonth> {
    let narrow = narrow(text);
    let trimmed = narrow.trim_end_matches(['月', '日']);
    let parts: Vec<&str> = trimmed.split(['-', '/', '.', '年', '月']).filter(|p| !p.is_empty()).collect();
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit()).then(|| s.parse::<i32>().ok()).flatten();
    let (year, month, day) = match parts.as_slice() {
        [year, month] => (year, month, None),
        [year, month, day] => (year, month, Some(digits(day)?)),
        _ => return None,
    };
    // a day is passed over, but it must be one: else the parts may stand in another order
    if year.len() != 4 || month.len() > 2 || day.is_some_and(|d| !(1..=31).contains(&d)) {
        return None;
    }
    YearMonth::new(digits(year)?, u8::try_from(digits(month)?).ok()?)
}

/// A day in plain spelling, `2020-09-01`; read like a month, and it must be in the calendar.
pub(crate) fn day(text: &str) -> Option<String> {
    let month = month(text)?;
    let narrow = narrow(text);
    let day = narrow.trim_end_matches('日').rsplit(['-', '/', '.', '月']).next()?.parse::<u8>().ok()?;
    let parts = narrow.split(['-', '/', '.', '年', '月', '日']).filter(|p| !p.is_empty()).count();
    let day = Day::new(month.year, month.month, day)?;
    (parts == 3).then(|| day.to_string())
}

/// Whether a text is what a spreadsheet makes of a long code: digits are lost, and no reader can bring them back.
pub(crate) fn is_shortened_code(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once("E+") else { return false };
    // twelve digits of an area code give two of the exponent; so 4E+11, but not a class called 4E+1
    exponent.len() >= 2
        && exponent.bytes().all(|b| b.is_ascii_digit())
        && mantissa.starts_with(|c: char| c.is_ascii_digit())
        && mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// Full-width digits and signs as plain ones.
fn narrow(text: &str) -> Cow<'_, str> {
    let plain = |c: char| match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        '，' => ',',
        '．' => '.',
        '－' | '−' => '-',
        '／' => '/',
        other => other,
    };
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.chars().map(plain).collect()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_where_one_reading_is_possible() {
        for (text, plain) in [
            ("1234", "1234"),
            ("1,234", "1234"),
            ("12,345,678.5", "12345678.5"),
            ("-1,234", "-1234"),
            ("１２３４", "1234"),
            ("１，２３４．５", "1234.5"),
            ("－３", "-3"),
        ] {
            assert_eq!(plain_number(text).as_deref(), Some(plain), "{text}");
        }
        for text in ["1,23", "1,2345", "12,34,567", ",123", "1,234,", "1,234.5.6", "1,2x4"] {
            assert_eq!(plain_number(text), None, "{text}");
        }
        // no separator: the reader of numbers has its say
        assert_eq!(plain_number("2.5万").as_deref(), Some("2.5万"));
    }

    #[test]
    fn months_survive_a_spreadsheet() {
        let september = YearMonth::new(2020, 9);
        for text in [
            "2020-09",
            "2020-9",
            "2020/9",
            "2020/9/1",
            "2020-09-30",
            "2020.09",
            "2020年9月",
            "2020年09月01日",
            "２０２０－０９",
        ] {
            assert_eq!(month(text), september, "{text}");
        }
        for text in [
            "Sep-20",
            "20-9",
            "9/2020",
            "2020-13",
            "2020-00",
            "2020",
            "2020-09-32",
            "2020-09-01-01",
            "-2020-09x",
        ] {
            assert_eq!(month(text), None, "{text}");
        }
    }

    #[test]
    fn days_survive_a_spreadsheet_and_are_in_the_calendar() {
        for text in ["2025-10-09", "2025/10/9", "2025.10.09", "2025年10月9日"] {
            assert_eq!(day(text).as_deref(), Some("2025-10-09"), "{text}");
        }
        assert_eq!(day("2024-02-29").as_deref(), Some("2024-02-29"));
        for text in ["2025-10", "2025-02-29", "2025-04-31", "2025-10-00", "9 Oct 2025", "2025年10月"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn a_shortened_code_is_recognised() {
        assert!(is_shortened_code("4.40304E+11") && is_shortened_code("4E+11"));
        assert!(
            !is_shortened_code("440304001001")
                && !is_shortened_code("4E+1")
                && !is_shortened_code("E+E")
                && !is_shortened_code("STAGE+1")
        );
    }
}
