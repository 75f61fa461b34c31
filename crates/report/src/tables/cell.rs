//! What a cell of a result table holds: how it is written, and how it is read back.

use std::{borrow::Cow, fmt::Write as _};

use seatcast_core::{
    cycle::{Footing, Gate, LastSafe, Step, Turn},
    money::Item,
    supply::{Kind, Status},
    tide::Way,
    time::{Day, YearMonth},
};

/// What the cells of a column hold.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CellType {
    /// A key, a name or a sentence.
    Text,
    /// One of these words.
    Code(Vec<&'static str>),
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
    /// `YYYY-MM`.
    Month,
    /// `YYYY-MM-DD`.
    Day,
    /// A day, or a month where no day is meant.
    DayOrMonth,
    /// A month, or a word that says why there is none.
    MonthOr(Vec<&'static str>),
}

/// What one cell holds.
pub(crate) trait Cell: Sized {
    /// Whether it may be blank.
    const BLANK: bool = false;
    /// What the cells of its column hold.
    fn holds() -> CellType;
    /// Writes the text of the cell behind `out`.
    fn write(&self, out: &mut String);
    /// Reads the text of a cell back.
    fn read(text: &str) -> Option<Self>;
}

/// `None` is blank.
impl<T: Cell> Cell for Option<T> {
    const BLANK: bool = true;

    fn holds() -> CellType {
        T::holds()
    }

    fn write(&self, out: &mut String) {
        if let Some(cell) = self {
            cell.write(out);
        }
    }

    fn read(text: &str) -> Option<Self> {
        if text.is_empty() { Some(None) } else { T::read(text).map(Some) }
    }
}

/// A key, a name or a sentence: never taken for a formula by a spreadsheet, which would otherwise run what a scenario says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Text<'a> {
    fn from(text: &'a String) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

/// Whether a spreadsheet could take a text for a formula, or for one that is already marked.
fn formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

impl Cell for Text<'_> {
    fn holds() -> CellType {
        CellType::Text
    }

    fn write(&self, out: &mut String) {
        if formula(&self.0) {
            out.push('\'');
        }
        out.push_str(&self.0);
    }

    fn read(text: &str) -> Option<Self> {
        let plain = text.strip_prefix('\'').filter(|plain| formula(plain));
        Some(Self(Cow::Owned(plain.unwrap_or(text).to_owned())))
    }
}

/// Whole numbers, `true` and `false`, months and days: written as they are displayed.
macro_rules! displayed {
    ($($ty:ty, $holds:ident, $read:expr;)+) => {$(
        impl Cell for $ty {
            fn holds() -> CellType {
                CellType::$holds
            }

            fn write(&self, out: &mut String) {
                // writing into a String cannot fail
                let _ = write!(out, "{self}");
            }

            fn read(text: &str) -> Option<Self> {
                $read(text)
            }
        }
    )+};
}
displayed! {
    i32, Whole, |text: &str| text.parse().ok();
    i64, Whole, |text: &str| text.parse().ok();
    u32, Whole, |text: &str| text.parse().ok();
    u64, Whole, |text: &str| text.parse().ok();
    usize, Whole, |text: &str| text.parse().ok();
    bool, Flag, |text: &str| text.parse().ok();
    YearMonth, Month, YearMonth::parse;
    Day, Day, Day::parse;
}

/// Numbers, by how exactly they are published.
macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident, $write:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub(crate) struct $name(pub(crate) f64);

        impl Cell for $name {
            fn holds() -> CellType {
                CellType::Number
            }

            fn write(&self, out: &mut String) {
                $write(self.0, out);
            }

            fn read(text: &str) -> Option<Self> {
                // a number that cannot be drawn was not written by this program
                text.parse().ok().filter(|number: &f64| number.is_finite()).map(Self)
            }
        }
    )+};
}
numbers! {
    /// At most four decimals.
    Number, |number: f64, out: &mut String| decimals(number, 4, out);
    /// At most six decimals: ratios and weights.
    Exact, |number: f64, out: &mut String| decimals(number, 6, out);
    /// At most two decimals: money, without the noise of its shares.
    Cents, |number: f64, out: &mut String| decimals((number * 100.0).round() / 100.0, 4, out);
    /// Three decimals, always.
    Thousandths, |number: f64, out: &mut String| {
        let _ = write!(out, "{number:.3}");
    };
}

impl Number {
    /// The number as the table shows it.
    pub(crate) fn published(self) -> f64 {
        let mut text = String::new();
        self.write(&mut text);
        text.parse().unwrap_or(self.0)
    }
}

/// Largest whole number of which a float knows every digit.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A number with at most so many decimals: whole where it is whole.
fn decimals(number: f64, most: usize, out: &mut String) {
    if number.fract() == 0.0 && number.abs() < EXACT {
        let _ = write!(out, "{}", number as i64);
        return;
    }
    let start = out.len();
    let _ = write!(out, "{number:.most$}");
    let kept = out[start..].trim_end_matches('0').trim_end_matches('.').len();
    out.truncate(start + kept);
    if &out[start..] == "-0" {
        out.replace_range(start.., "0");
    }
}

/// Codes of the engine.
macro_rules! codes {
    ($($ty:ty),+) => {$(
        impl Cell for $ty {
            fn holds() -> CellType {
                CellType::Code(<$ty>::ALL.iter().map(|code| code.code()).collect())
            }

            fn write(&self, out: &mut String) {
                out.push_str(self.code());
            }

            fn read(text: &str) -> Option<Self> {
                <$ty>::ALL.into_iter().find(|code| code.code() == text)
            }
        }
    )+};
}
codes!(Footing, Gate, Item, Kind, Status, Step, Turn, Way);

/// Words for a last safe date that is no month.
const NO_MONTH: [LastSafe; 3] = [LastSafe::Passed, LastSafe::NotNeeded, LastSafe::Decided];

impl Cell for LastSafe {
    fn holds() -> CellType {
        CellType::MonthOr(vec!["passed", "none", "decided"])
    }

    fn write(&self, out: &mut String) {
        out.push_str(&self.code());
    }

    fn read(text: &str) -> Option<Self> {
        let word = NO_MONTH.into_iter().find(|word| word.code() == text);
        word.or_else(|| YearMonth::parse(text).map(LastSafe::Date))
    }
}

/// A day, or a month where no day is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Day(Day),
    Month(YearMonth),
}

impl Cell for When {
    fn holds() -> CellType {
        CellType::DayOrMonth
    }

    fn write(&self, out: &mut String) {
        match self {
            When::Day(day) => day.write(out),
            When::Month(month) => month.write(out),
        }
    }

    fn read(text: &str) -> Option<Self> {
        Day::parse(text).map(When::Day).or_else(|| YearMonth::parse(text).map(When::Month))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(cell: &impl Cell) -> String {
        let mut out = String::new();
        cell.write(&mut out);
        out
    }

    #[test]
    fn numbers_are_whole_where_they_are_whole() {
        let shown = [3.0, 0.5, -0.000_01, -0.0, 1.234_56, 1e9, -7.0, 1e17].map(|n| cell(&Number(n)));
        assert_eq!(shown, ["3", "0.5", "0", "0", "1.2346", "1000000000", "-7", "100000000000000000"]);
        assert_eq!(cell(&Exact(1.0 / 3.0)), "0.333333");
        assert_eq!(cell(&Cents(1.0 / 3.0)), "0.33");
        assert_eq!(cell(&Thousandths(0.5)), "0.500");
    }

    #[test]
    fn a_published_number_is_the_one_that_is_read_back() {
        for number in [0.123_45, 2.0 / 3.0, -1e-9, 1e9 + 0.5, 12_345.678_95] {
            let read = Number::read(&cell(&Number(number))).unwrap();
            assert_eq!(Number(number).published().to_bits(), read.0.to_bits());
        }
    }

    #[test]
    fn no_text_is_a_formula_and_every_text_is_read_back() {
        assert_eq!(
            ["=1+1", "-x", "plain", "'quoted'"].map(|t| cell(&Text::from(t))),
            ["'=1+1", "'-x", "plain", "'quoted'"]
        );
        for text in ["=1+1", "'=1+1", "''-x", "'quoted'", "plain", "", "＝全角"] {
            assert_eq!(Text::read(&cell(&Text::from(text))).unwrap(), Text::from(text), "{text}");
        }
    }

    #[test]
    fn codes_dates_and_blanks_are_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::read(&cell(&kind)), Some(kind));
        }
        let march = YearMonth { year: 2026, month: 3 };
        for date in [LastSafe::Date(march), LastSafe::Passed, LastSafe::NotNeeded, LastSafe::Decided] {
            assert_eq!(LastSafe::read(&cell(&date)), Some(date));
        }
        for when in [When::Month(march), When::Day(Day::first_of(march))] {
            assert_eq!(When::read(&cell(&when)), Some(when));
        }
        assert_eq!(Option::<i32>::read(&cell(&None::<i32>)), Some(None));
        assert_eq!(Option::<i32>::read("2026"), Some(Some(2026)));
        assert_eq!(Option::<i32>::read("twenty"), None);
        assert_eq!(Status::read("no such status"), None);
    }
}
