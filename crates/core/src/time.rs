//! Years, months and the 6-3-1 triple.
//!
//! Rolls are counted on 1 September of year t (academic year t); the round of t is decided on the first day of the
//! decision month of t. A month is counted as `12 * year + month - 1`, so that leads are differences of numbers.
//! Source: docs/model.md, "Time".

use std::fmt;

/// Month in which places must be usable: they count from the first 1 September on or after completion.
pub const ROLL_MONTH: u8 = 9;

/// A month of a year, written `YYYY-MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct YearMonth {
    /// Calendar year.
    pub year: i32,
    /// Month, 1..=12.
    pub month: u8,
}

impl YearMonth {
    /// A month; `None` if `month` is not in 1..=12.
    pub fn new(year: i32, month: u8) -> Option<Self> {
        (1..=12).contains(&month).then_some(Self { year, month })
    }

    /// Reads `YYYY-MM`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        if year.len() != 4 || month.len() != 2 {
            return None;
        }
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit()).then(|| s.parse().ok()).flatten();
        Self::new(digits(year)?, u8::try_from(digits(month)?).ok()?)
    }

    /// Months since year 0: the first day of this month.
    pub fn index(self) -> i32 {
        self.year * 12 + i32::from(self.month) - 1
    }

    /// The month with this [index](Self::index).
    pub fn of_index(index: i32) -> Self {
        Self { year: index.div_euclid(12), month: index.rem_euclid(12) as u8 + 1 }
    }

    /// The month `months` later, or earlier if negative.
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        Self::of_index(self.index() + months)
    }

    /// The academic year whose 1 September is the first on or after the first day of this month.
    pub fn first_september(self) -> i32 {
        if self.month <= ROLL_MONTH { self.year } else { self.year + 1 }
    }
}

impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// A day, written `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Calendar year.
    pub year: i32,
    /// Month, 1..=12.
    pub month: u8,
    /// Day of the month, from 1.
    pub day: u8,
}

impl Day {
    /// A day of the calendar; `None` if there is no such day.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        YearMonth::new(year, month)?;
        (1..=days_in(year, month)).contains(&day).then_some(Self { year, month, day })
    }

    /// Reads `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let (month, day) = text.rsplit_once('-')?;
        let YearMonth { year, month } = YearMonth::parse(month)?;
        let two = day.len() == 2 && day.bytes().all(|b| b.is_ascii_digit());
        Self::new(year, month, day.parse().ok().filter(|_| two)?)
    }

    /// The first day of `month`.
    pub fn first_of(month: YearMonth) -> Self {
        Self { year: month.year, month: month.month, day: 1 }
    }

    /// Its month.
    pub fn year_month(self) -> YearMonth {
        YearMonth { year: self.year, month: self.month }
    }

    /// Months since year 0, the day as a part of its month.
    pub fn months(self) -> f64 {
        f64::from(self.year_month().index())
            + f64::from(self.day - 1) / f64::from(days_in(self.year, self.month))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn days_in(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Months since year 0 of 1 September of academic year `year`.
pub fn september(year: i32) -> i32 {
    YearMonth { year, month: ROLL_MONTH }.index()
}

/// How far a district looks, plans and secures, in years: 6-3-1 by default, 5..7-3-1 in England.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// Years the population is looked at.
    pub outlook: i32,
    /// Years ahead places are planned.
    pub plan: i32,
    /// Years ahead places are secured.
    pub secure: i32,
}

impl Default for Horizon {
    fn default() -> Self {
        Self { outlook: 6, plan: 3, secure: 1 }
    }
}

/// Which of the three looks a lead belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// Lead up to `secure`.
    Secure,
    /// Lead up to `plan`.
    Plan,
    /// Every longer lead.
    Outlook,
}

impl Horizon {
    /// The look that a lead of `lead` years belongs to; a lead beyond the outlook counts as outlook.
    pub fn look(&self, lead: i32) -> Look {
        if lead <= self.secure {
            Look::Secure
        } else if lead <= self.plan {
            Look::Plan
        } else {
            Look::Outlook
        }
    }
}

/// Probability at which need is met for each look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Levels {
    /// Places one year ahead.
    pub secure: f64,
    /// Places three years ahead.
    pub plan: f64,
    /// Places six years ahead.
    pub outlook: f64,
}

impl Default for Levels {
    fn default() -> Self {
        Self { secure: 0.98, plan: 0.80, outlook: 0.50 }
    }
}

impl Levels {
    /// The level of one look.
    pub fn of(&self, look: Look) -> f64 {
        match look {
            Look::Secure => self.secure,
            Look::Plan => self.plan,
            Look::Outlook => self.outlook,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_from_the_first_september_on_or_after_completion() {
        let year = |text| YearMonth::parse(text).unwrap().first_september();
        assert_eq!((year("2020-08"), year("2020-09"), year("2020-10")), (2020, 2020, 2021));
    }

    #[test]
    fn the_round_of_october_is_eleven_months_before_september() {
        assert_eq!(september(2020) - YearMonth::parse("2019-10").unwrap().index(), 11);
    }

    #[test]
    fn only_yyyy_mm_is_a_month() {
        for wrong in ["2020", "2020-13", "2020-00", "20-10", "2020-1", "2020/10", "2020-1x", "+020-10"] {
            assert_eq!(YearMonth::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_day_is_a_day_of_the_calendar() {
        assert_eq!(Day::parse("2024-02-29").map(|d| d.to_string()).as_deref(), Some("2024-02-29"));
        for wrong in
            ["2025-02-29", "2025-13-01", "2025-04-31", "2025-4-01", "2025-04-1", "2025-04-00", "2025-04"]
        {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
        // half of April is a day later than the 15th: 15 of 30 days are over
        assert!((Day::parse("2025-04-16").unwrap().months() - (2025.0 * 12.0 + 3.5)).abs() < 1e-12);
        assert_eq!(YearMonth::new(2025, 11).unwrap().plus(3), YearMonth::new(2026, 2).unwrap());
    }

    #[test]
    fn a_lead_belongs_to_the_shortest_look_that_reaches_it() {
        use Look::{Outlook, Plan, Secure};
        let looks: Vec<Look> = (1..=7).map(|lead| Horizon::default().look(lead)).collect();
        assert_eq!(looks, [Secure, Plan, Plan, Outlook, Outlook, Outlook, Outlook]);
    }
}
