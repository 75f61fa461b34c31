//! Which ratio applies to a cell: the row that says most wins.
//!
//! A row for the own zone goes before one for all zones; then a stated class, source and year go before blank ones.

use crate::index::{GradeId, StageId, ZoneId};

/// What a rate is a ratio of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RateKind {
    /// Pupils of this grade (arrived in) per pupil of the grade below a year before.
    Progression {
        /// Grade arrived in.
        grade: GradeId,
    },
    /// Entrants of a stage per child of the pool.
    Entry {
        /// Stage entered.
        stage: StageId,
        /// Source of the pool; `None` holds for every source.
        source: Option<String>,
        /// Admission class; `None` holds for every class.
        class: Option<String>,
    },
    /// First-grade pupils of `to` per pupil of the last grade of `from`, the public share inside.
    Transition {
        /// Stage left.
        from: StageId,
        /// Stage arrived in.
        to: StageId,
    },
    /// Share of the entrants of a stage who ask for public places.
    PublicShare {
        /// Stage entered.
        stage: StageId,
        /// Admission class; `None` holds for every class.
        class: Option<String>,
    },
}

/// One row of the rates table.
#[derive(Debug, Clone, PartialEq)]
pub struct Rate {
    /// What it is a ratio of.
    pub kind: RateKind,
    /// Index of the zone; `None` holds for all zones.
    pub zone: Option<ZoneId>,
    /// Academic year of arrival; `None` holds for every year.
    pub year: Option<i32>,
    /// The ratio.
    pub value: f64,
}

/// How exactly a rate says what it holds for: zone, then class, source, year.
type Precision = (bool, bool, bool, bool);

/// The place of the rate that says most among those that fit.
fn best(rates: &[Rate], fits: impl Fn(&Rate) -> Option<Precision>) -> Option<usize> {
    let mut found: Option<(Precision, usize)> = None;
    for (i, rate) in rates.iter().enumerate() {
        if let Some(precision) = fits(rate)
            && found.is_none_or(|(p, _)| precision > p)
        {
            found = Some((precision, i));
        }
    }
    found.map(|(_, i)| i)
}

fn place_and_time(rate: &Rate, zone: ZoneId, year: i32) -> bool {
    rate.zone.is_none_or(|z| z == zone) && rate.year.is_none_or(|y| y == year)
}

/// Place in `rates` of the progression ratio into `grade` in `zone`, arriving in `year`.
pub fn progression_row(rates: &[Rate], zone: ZoneId, grade: GradeId, year: i32) -> Option<usize> {
    best(rates, |rate| match rate.kind {
        RateKind::Progression { grade: g } if g == grade && place_and_time(rate, zone, year) => {
            Some((rate.zone.is_some(), false, false, rate.year.is_some()))
        }
        _ => None,
    })
}

/// Place in `rates` of the transition rate from stage `from` to `to` for pupils of `zone`, arriving in `year`.
pub fn transition_row(rates: &[Rate], zone: ZoneId, from: StageId, to: StageId, year: i32) -> Option<usize> {
    best(rates, |rate| match rate.kind {
        RateKind::Transition { from: f, to: t }
            if (f, t) == (from, to) && place_and_time(rate, zone, year) =>
        {
            Some((rate.zone.is_some(), false, false, rate.year.is_some()))
        }
        _ => None,
    })
}

/// Place in `rates` of the entry ratio of a pool.
pub fn entry_row(
    rates: &[Rate],
    zone: ZoneId,
    stage: StageId,
    source: &str,
    class: &str,
    year: i32,
) -> Option<usize> {
    best(rates, |rate| match &rate.kind {
        RateKind::Entry { stage: p, source: s, class: c }
            if *p == stage
                && s.as_deref().is_none_or(|s| s == source)
                && c.as_deref().is_none_or(|c| c == class)
                && place_and_time(rate, zone, year) =>
        {
            Some((rate.zone.is_some(), c.is_some(), s.is_some(), rate.year.is_some()))
        }
        _ => None,
    })
}

/// Place in `rates` of the share of the entrants of a class who ask for public places.
pub fn public_share_row(
    rates: &[Rate],
    zone: ZoneId,
    stage: StageId,
    class: &str,
    year: i32,
) -> Option<usize> {
    best(rates, |rate| match &rate.kind {
        RateKind::PublicShare { stage: p, class: c }
            if *p == stage && c.as_deref().is_none_or(|c| c == class) && place_and_time(rate, zone, year) =>
        {
            Some((rate.zone.is_some(), c.is_some(), false, rate.year.is_some()))
        }
        _ => None,
    })
}

/// Progression ratio into `grade` in `zone`, arriving in `year`.
pub fn progression(rates: &[Rate], zone: ZoneId, grade: GradeId, year: i32) -> Option<f64> {
    progression_row(rates, zone, grade, year).map(|i| rates[i].value)
}

/// Transition rate from stage `from` to `to` for pupils of `zone`, arriving in `year`.
pub fn transition(rates: &[Rate], zone: ZoneId, from: StageId, to: StageId, year: i32) -> Option<f64> {
    transition_row(rates, zone, from, to, year).map(|i| rates[i].value)
}

/// Entry ratio of a pool.
pub fn entry(
    rates: &[Rate],
    zone: ZoneId,
    stage: StageId,
    source: &str,
    class: &str,
    year: i32,
) -> Option<f64> {
    entry_row(rates, zone, stage, source, class, year).map(|i| rates[i].value)
}

/// Share of the entrants of a class who ask for public places.
pub fn public_share(rates: &[Rate], zone: ZoneId, stage: StageId, class: &str, year: i32) -> Option<f64> {
    public_share_row(rates, zone, stage, class, year).map(|i| rates[i].value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_that_says_most_wins() {
        let rate = |zone, year, value| Rate {
            kind: RateKind::Progression { grade: GradeId::new(1) },
            zone,
            year,
            value,
        };
        let rates =
            [rate(None, None, 0.9), rate(None, Some(2021), 0.8), rate(Some(ZoneId::new(3)), None, 0.7)];
        let at = |z, y| progression(&rates, ZoneId::new(z), GradeId::new(1), y);
        assert_eq!((at(0, 2020), at(0, 2021), at(3, 2021)), (Some(0.9), Some(0.8), Some(0.7)));
        assert_eq!(progression(&rates, ZoneId::new(0), GradeId::new(2), 2020), None);
    }
}
