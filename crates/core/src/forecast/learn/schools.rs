//! Schools: each takes a share of its area's forecast.
//!
//! ```text
//! S[s,g,h] = S[s,g-1,h-1] exp(own)           a cohort's share moves up with it; own = deviation of the school from its area
//! S[s,g,h] = entry share                     where the school has no grade below: mean of six years, weights 0.7^back
//! S       <- (1 - w_h) S + w_h constant      constant = share of the grade over four years, weights 0.6^back
//! w_h      = min(0.6, 0.2 + 0.1 (h - 1)),    S normalised to 1 in each area and grade;  pupils = S F cover
//! ```
//!
//! Years in which a school did not yet have a grade do not count in its shares, so that a new school is not held small.
//! A school without a roll at the origin is closed: its share goes to the others in proportion. `cover` is the part of an
//! area's grade that its known schools held in the last years: 1 where the area is the sum of its schools.

use super::{
    layer::Layer,
    learner::Ingredient,
    noise::UnitSizes,
    own::Own,
    point::{Calibration, Serving},
    ratios::{Observed, WorkingVariance},
};
use crate::forecast::history::{History, Schools};

/// Years of an entry share and what a year counts against the next.
const ENTRY_SHARE: (usize, f64) = (6, 0.7);
/// Years of a constant share and what a year counts against the next.
const CONSTANT_SHARE: (usize, f64) = (4, 0.6);

/// Share of an area's grade from which a school is the area.
const ALONE: f64 = 0.95;

/// Weight of the constant share `h` years ahead.
fn share_weight(h: usize) -> f64 {
    f64::min(0.6, 0.2 + 0.1 * (h as f64 - 1.0))
}

/// The forecast of every school, grade and lead.
#[derive(Debug, Clone)]
pub(super) struct SchoolForecast {
    schools: usize,
    grades: usize,
    /// Pupils by lead (0 = origin), school and grade.
    pub(super) pupils: Vec<f64>,
    /// Log ratios less the area's.
    pub(super) excess: Observed,
    pub(super) own: Own,
    fed: Vec<bool>,
}

impl SchoolForecast {
    pub(super) fn get(&self, h: usize, school: usize, g: usize) -> f64 {
        self.pupils[(h * self.schools + school) * self.grades + g]
    }

    /// The schools as a level, under the forecast `pupils`.
    pub(super) fn layer<'a>(&'a self, pupils: &'a [f64], sizes: &'a UnitSizes) -> Layer<'a> {
        let (units, grades) = (self.schools, self.grades);
        Layer { units, grades, pupils, fed: &self.fed, own: &self.own, sizes }
    }

    /// Schools of `history` under the forecast of their areas.
    pub(super) fn new(history: &History, schools: &Schools, areas: &Calibration) -> Self {
        let rolls = &schools.rolls;
        let (count, grades) = (rolls.units(), rolls.grades());
        let cells = count * grades;
        let mut ratios = Observed::log_ratios(rolls, WorkingVariance::SCHOOL);
        let serving = Serving::new(rolls);
        for school in 0..count {
            for t in 0..ratios.years {
                for g in 1..grades {
                    let at = ratios.at(school, t, g);
                    let area = schools.area_of[school];
                    let alone = rolls.get(school, t, g) > ALONE * history.rolls.get(area, t, g);
                    // a school that is its area cannot depart from it, and would make all schools look alike
                    let parent = if alone { f64::NAN } else { areas.observed.get(area, t, g) };
                    ratios.value[at] -= parent;
                }
            }
        }
        let own = Own::learn(&ratios, areas.learner);
        let entry = shares(history, schools, ENTRY_SHARE);
        let constant = shares(history, schools, CONSTANT_SHARE);
        let leads = areas.leads();
        let mut share = vec![f64::NAN; (leads + 1) * cells];
        for school in 0..count {
            for g in 0..grades {
                let at = school * grades + g;
                let area = areas.pupils(0, schools.area_of[school], g);
                share[at] = serving.base[at] / area;
                for h in 1..=leads {
                    if !serving.serves(at, h) {
                        continue;
                    }
                    let below = if g > 0 { share[(h - 1) * cells + at - 1] } else { f64::NAN };
                    share[h * cells + at] = if serving.fed[at] && below.is_finite() {
                        below * libm::exp(own.get(school, g))
                    } else {
                        entry[at]
                    };
                }
            }
        }
        let mut out = Self {
            schools: count,
            grades,
            pupils: vec![f64::NAN; (leads + 1) * cells],
            excess: ratios,
            own,
            fed: serving.fed,
        };
        out.pupils[..cells].copy_from_slice(&serving.base);
        let members = members(schools, history.rolls.units());
        let cover = cover(history, schools, &members);
        for h in 1..=leads {
            let learner = areas.learner;
            let w = learner.or(Ingredient::SchoolShare, share_weight(h), 0.0);
            let w = learner.or(Ingredient::SchoolPath, w, 1.0);
            for (area, members) in members.iter().enumerate() {
                for g in 0..grades {
                    let pupils = areas.pupils(h, area, g);
                    let mixed = |school: &usize| {
                        let at = school * grades + g;
                        let path = share[h * cells + at];
                        let constant = constant[at];
                        if constant > 0.0 { (1.0 - w) * path + w * constant } else { path }
                    };
                    let sum: f64 = members.iter().map(mixed).filter(|s| s.is_finite()).sum();
                    let covered = cover[area * grades + g];
                    if sum > 0.0 && pupils.is_finite() {
                        for school in members {
                            out.pupils[h * cells + school * grades + g] =
                                mixed(school) / sum * pupils * covered;
                        }
                    }
                }
            }
        }
        out
    }
}

/// Schools of each area.
pub(super) fn members(schools: &Schools, areas: usize) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); areas];
    for (school, &area) in schools.area_of.iter().enumerate() {
        members[area].push(school);
    }
    members
}

/// Part of each area's grade that its schools held in the years in which any of them was counted.
fn cover(history: &History, schools: &Schools, members: &[Vec<usize>]) -> Vec<f64> {
    let (years, memory) = CONSTANT_SHARE;
    let (grades, last) = (history.rolls.grades(), history.origin());
    let mut cover = vec![1.0; members.len() * grades];
    for (area, members) in members.iter().enumerate() {
        for g in 0..grades {
            let (mut own, mut all, mut weight) = (0.0, 0.0, 1.0);
            for t in (0..=last).rev().take(years) {
                let known = members.iter().map(|&s| schools.rolls.get(s, t, g)).filter(|n| n.is_finite());
                let sum: f64 = known.sum();
                let area = history.rolls.get(area, t, g);
                if sum > 0.0 && area > 0.0 {
                    own += weight * sum;
                    all += weight * area;
                }
                weight *= memory;
            }
            if all > 0.0 {
                cover[area * grades + g] = f64::min(own / all, 1.0);
            }
        }
    }
    cover
}

/// Share of each school and grade in its area over the last `years`, each counting `memory` of the next.
fn shares(history: &History, schools: &Schools, (years, memory): (usize, f64)) -> Vec<f64> {
    let rolls = &schools.rolls;
    let (grades, last) = (rolls.grades(), history.origin());
    let mut out = vec![0.0; rolls.units() * grades];
    for school in 0..rolls.units() {
        for g in 0..grades {
            if rolls.get(school, last, g).is_nan() {
                continue;
            }
            let (mut own, mut all, mut weight) = (0.0, 0.0, 1.0);
            for t in (0..=last).rev().take(years) {
                let (n, area) = (rolls.get(school, t, g), history.rolls.get(schools.area_of[school], t, g));
                if n > 0.0 && area > 0.0 {
                    own += weight * n;
                    all += weight * area;
                }
                weight *= memory;
            }
            if all > 0.0 {
                out[school * grades + g] = own / all;
            }
        }
    }
    out
}
