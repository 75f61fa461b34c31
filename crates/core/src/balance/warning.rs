//! 学位预警: the early warning on the entry grade.
//!
//! ratio = median entrants / median entry places at standard class size; yellow from 90 %, red from 100 % or where there
//! is no entry place at all (the ratio is then blank, never infinite).

use super::{Balances, Figure};
use crate::{forecast::quantile, geography::Area, index::StageId, scenario::Scenario};

/// Thresholds on the ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WarningLevels {
    /// Yellow from here.
    pub yellow: f64,
    /// Red from here.
    pub red: f64,
}

/// Thresholds that somebody publishes by, as data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WarningPreset {
    /// Key in the scenario.
    pub id: &'static str,
    /// The thresholds.
    pub levels: WarningLevels,
    /// Where they are from.
    pub source: &'static str,
}

/// Every preset.
pub const PRESETS: [WarningPreset; 2] = [
    WarningPreset {
        id: "zhejiang_2018",
        levels: WarningLevels { yellow: 0.90, red: 1.00 },
        source: "浙教基〔2018〕100号: yellow 90 to 100 % of the normal intake, red from 100 %; primary three years ahead",
    },
    WarningPreset {
        id: "tight_95",
        levels: WarningLevels { yellow: 0.95, red: 1.00 },
        source: "judgement: for districts that run at 90 % as a rule",
    },
];

impl Default for WarningLevels {
    /// Zhejiang's rule of 2018, used by Hangzhou.
    fn default() -> Self {
        Self { yellow: 0.90, red: 1.00 }
    }
}

/// Colour of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colour {
    /// Enough places.
    Green,
    /// Nearly full.
    Yellow,
    /// Full or over.
    Red,
}

impl Colour {
    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Colour::Green => "green",
            Colour::Yellow => "yellow",
            Colour::Red => "red",
        }
    }
}

/// The warning of one area, stage and year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Warning {
    /// Where.
    pub area: Area,
    /// The stage.
    pub stage: StageId,
    /// Academic year.
    pub year: i32,
    /// Median entrants.
    pub entrants: f64,
    /// Median entry places.
    pub places: f64,
    /// Entrants per entry place; `None` where there is no place.
    pub ratio: Option<f64>,
    /// Colour.
    pub colour: Colour,
}

impl WarningLevels {
    /// Ratio and colour of `entrants` for `places`.
    pub fn judge(&self, entrants: f64, places: f64) -> (Option<f64>, Colour) {
        if places <= 0.0 {
            return (None, if entrants > 0.0 { Colour::Red } else { Colour::Green });
        }
        let ratio = entrants / places;
        let colour = if ratio >= self.red {
            Colour::Red
        } else if ratio >= self.yellow {
            Colour::Yellow
        } else {
            Colour::Green
        };
        (Some(ratio), colour)
    }
}

/// The warnings of every area, stage and coming year.
pub fn warnings(scenario: &Scenario, balances: &Balances) -> Vec<Warning> {
    let frame = &scenario.frame;
    let mut out = Vec::new();
    for area in frame.areas() {
        let zones = frame.zones_in(area);
        for stage in frame.stages.ids() {
            for t in scenario.coming() {
                let entrants = median(balances, |b| b.sum(Figure::Entrants, t, &zones, stage));
                let places = median(balances, |b| b.entry_places(frame, area, t, stage));
                let (ratio, colour) = scenario.warning.judge(entrants, places);
                let year = scenario.year_of(t);
                out.push(Warning { area, stage, year, entrants, places, ratio, colour });
            }
        }
    }
    out
}

fn median(balances: &Balances, value: impl Fn(&super::Balance) -> i64) -> f64 {
    if balances.draws.is_empty() {
        return value(&balances.central) as f64;
    }
    let mut draws: Vec<i64> = balances.draws.iter().map(value).collect();
    draws.sort_unstable();
    quantile(&draws, 0.5) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yellow_from_ninety_red_from_a_hundred_per_cent_or_without_a_place() {
        let judge = |entrants, places| WarningLevels::default().judge(entrants, places).1;
        assert_eq!(judge(899.0, 1000.0), Colour::Green);
        assert_eq!(judge(900.0, 1000.0), Colour::Yellow);
        assert_eq!(judge(1000.0, 1000.0), Colour::Red);
        assert_eq!(WarningLevels::default().judge(1.0, 0.0), (None, Colour::Red));
        assert_eq!(WarningLevels::default().judge(0.0, 0.0), (None, Colour::Green));
    }
}
