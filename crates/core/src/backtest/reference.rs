//! The simple rules a forecast must beat.
//!
//! ```text
//! last value               N[i,g,T]
//! grade progression        N[i,g-1,T+h-1] p[i,g],   p = sum N[i,g,t] / sum N[i,g-1,t-1], t = T-2..T;  entry held
//! progression and births   the same, entry = births x (sum N[i,0,t] / sum births), t = T-2..T
//! last share (schools)     N[s,g,T] / N[i,g,T] x progression and births of the area
//! ```
//!
//! Ratios into the grades up to eight after the entry grade are kept in 0.5..1.6. Beyond the known births the last known
//! are held. A rule speaks only where the last four years were counted: the protocol of the shared reference tables, so that
//! every method in a table is scored on the same targets.

use std::ops::Range;

use crate::forecast::history::History;

/// Years before the origin that a rule needs.
pub const YEARS: usize = 3;
/// Range of a progression ratio, and the grade up to which it is kept there.
const CLAMP: (f64, f64) = (0.5, 1.6);
const CLAMPED: usize = 8;

/// A simple rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The last roll.
    LastValue,
    /// Three-year grade progression, entry held.
    Progression,
    /// The same with births.
    ProgressionBirths,
    /// A school's last share of its area's progression with births.
    LastShare,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Rule; 4] = [Rule::LastValue, Rule::Progression, Rule::ProgressionBirths, Rule::LastShare];

    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Rule::LastValue => "last_value",
            Rule::Progression => "progression",
            Rule::ProgressionBirths => "progression_births",
            Rule::LastShare => "last_share",
        }
    }
}

/// The rules of every area at one origin.
#[derive(Debug, Clone)]
pub struct References {
    grades: usize,
    leads: usize,
    /// Whether the last years of an area were counted.
    speaks: Vec<bool>,
    last: Vec<f64>,
    /// By area, lead (from 0) and grade.
    progression: Vec<f64>,
    births: Option<Vec<f64>>,
}

impl References {
    /// The rules at the origin of `history`, up to lead `leads`.
    pub fn new(history: &History, leads: usize) -> Self {
        let (areas, grades) = (history.rolls.units(), history.rolls.grades());
        let origin = history.origin();
        let source = history.sources.iter().position(|s| s.lasting);
        let mut out = Self {
            grades,
            leads,
            speaks: Vec::with_capacity(areas),
            last: Vec::with_capacity(areas * grades),
            progression: Vec::with_capacity(areas * (leads + 1) * grades),
            births: source.map(|_| Vec::with_capacity(areas * (leads + 1) * grades)),
        };
        for i in 0..areas {
            let counted = origin >= YEARS && (origin - YEARS..=origin).all(|t| history.rolls.any(i, t));
            let born = |t: usize| source.map_or(f64::NAN, |k| births(history, k, i, t));
            out.speaks.push(counted);
            out.last.extend_from_slice(history.rolls.row(i, origin));
            let rolls = |t: usize, g: usize| history.rolls.get(i, t, g);
            out.progression.extend(progression(&rolls, origin, grades, leads, None));
            if let Some(births) = &mut out.births {
                if born(origin + 1).is_finite() {
                    births.extend(progression(&rolls, origin, grades, leads, Some(&born)));
                } else {
                    births.extend(std::iter::repeat_n(f64::NAN, (leads + 1) * grades));
                }
            }
        }
        out
    }

    /// What the rules say of the sum of `grades` of area `i` at lead `h`.
    pub fn area(&self, i: usize, h: usize, grades: Range<usize>) -> [f64; 4] {
        if !self.speaks[i] || h > self.leads {
            return [f64::NAN; 4];
        }
        let sum = |of: &dyn Fn(usize) -> f64| grades.clone().map(of).sum::<f64>();
        let at = |g: usize| (i * (self.leads + 1) + h) * self.grades + g;
        [
            sum(&|g| self.last[i * self.grades + g]),
            sum(&|g| self.progression[at(g)]),
            self.births.as_ref().map_or(f64::NAN, |b| sum(&|g| b[at(g)])),
            f64::NAN,
        ]
    }

    /// The best area rule for one grade: with births where they are known.
    fn best(&self, i: usize, h: usize, g: usize) -> f64 {
        let [_, progression, births, _] = self.area(i, h, g..g + 1);
        if self.births.is_some() { births } else { progression }
    }
}

/// The rules of one school at one origin.
#[derive(Debug, Clone)]
pub struct SchoolReferences<'a> {
    area: usize,
    areas: &'a References,
    last: Vec<f64>,
    share: Vec<f64>,
    progression: Vec<f64>,
    speaks: bool,
}

impl<'a> SchoolReferences<'a> {
    /// The rules of school `s` in area `i`.
    pub fn new(history: &History, areas: &'a References, i: usize, s: usize) -> Self {
        let (grades, origin) = (areas.grades, history.origin());
        let rolls = |t: usize, g: usize| {
            history.schools.as_ref().map_or(f64::NAN, |schools| schools.rolls.get(s, t, g))
        };
        let last: Vec<f64> = (0..grades).map(|g| rolls(origin, g)).collect();
        Self {
            area: i,
            areas,
            share: last.iter().enumerate().map(|(g, n)| n / history.rolls.get(i, origin, g)).collect(),
            last,
            progression: progression(&rolls, origin, grades, areas.leads, None),
            speaks: areas.speaks[i],
        }
    }

    /// What the rules say of the sum of `grades` at lead `h`; a grade a rule knows nothing of counts as empty.
    pub fn get(&self, h: usize, grades: Range<usize>) -> [f64; 4] {
        if !self.speaks || h > self.areas.leads {
            return [f64::NAN; 4];
        }
        let sum = |of: &dyn Fn(usize) -> f64| grades.clone().map(of).filter(|n| n.is_finite()).sum::<f64>();
        [
            sum(&|g| self.last[g]),
            sum(&|g| self.progression[h * self.areas.grades + g]),
            f64::NAN,
            sum(&|g| self.share[g] * self.areas.best(self.area, h, g)),
        ]
    }
}

/// Children of a lasting source entering in year index `t`; those last known where they are not known yet.
fn births(history: &History, k: usize, i: usize, t: usize) -> f64 {
    let source = &history.sources[k];
    let last = (history.origin() + source.max_lead).min(source.entry_years - 1);
    source.get(i, t.min(last), 1)
}

/// Pupils by lead (0 = origin) and grade.
fn progression(
    rolls: &dyn Fn(usize, usize) -> f64,
    origin: usize,
    grades: usize,
    leads: usize,
    births: Option<&dyn Fn(usize) -> f64>,
) -> Vec<f64> {
    let years = origin.saturating_sub(YEARS - 1).max(1)..=origin;
    let ratio: Vec<f64> = (0..grades)
        .map(|g| {
            if g == 0 {
                return f64::NAN;
            }
            let (mut now, mut before) = (0.0, 0.0);
            for t in years.clone() {
                let (n, m) = (rolls(t, g), rolls(t - 1, g - 1));
                if n.is_finite() && m > 0.0 {
                    now += n;
                    before += m;
                }
            }
            let ratio = if before > 0.0 { now / before } else { f64::NAN };
            if g <= CLAMPED { ratio.clamp(CLAMP.0, CLAMP.1) } else { ratio }
        })
        .collect();
    let per_birth = births.map(|births| {
        let (mut entrants, mut born) = (0.0, 0.0);
        for t in origin.saturating_sub(YEARS - 1)..=origin {
            let (n, b) = (rolls(t, 0), births(t));
            if n.is_finite() && b.is_finite() {
                entrants += n;
                born += b;
            }
        }
        entrants / born
    });
    let mut out: Vec<f64> = (0..grades).map(|g| rolls(origin, g)).collect();
    let mut last = f64::NAN;
    for h in 1..=leads {
        let before = (h - 1) * grades;
        let entry = match (births, per_birth) {
            (Some(births), Some(per_birth)) if per_birth.is_finite() => {
                let born = births(origin + h);
                if born.is_finite() {
                    last = born;
                }
                if last.is_finite() { per_birth * last } else { out[0] }
            }
            _ => out[0],
        };
        out.push(entry);
        for g in 1..grades {
            let n = out[before + g - 1] * ratio[g];
            out.push(n);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_years_of_ratios_carry_a_cohort_up() {
        // grade 0: 100 each year; grade 1: 90, 80, 100 of them: ratio 270 / 300 = 0.9
        let rolls = |t: usize, g: usize| [[100.0, 0.0], [100.0, 90.0], [100.0, 80.0], [100.0, 100.0]][t][g];
        let out = progression(&rolls, 3, 2, 2, None);
        assert!((out[3] - 90.0).abs() < 1e-9 && (out[2] - 100.0).abs() < 1e-9, "{out:?}");
        // births 200, 200, 200, then 150: half of them enter
        let births = |t: usize| if t <= 3 { 200.0 } else { 150.0 };
        let out = progression(&rolls, 3, 2, 2, Some(&births));
        assert!((out[2] - 75.0).abs() < 1e-9 && (out[5] - 67.5).abs() < 1e-9, "{out:?}");
    }
}
