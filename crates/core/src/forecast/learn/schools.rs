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
    point::{Calibration, Projected, Serving},
    ratios::{Observed, WorkingVariance},
};
use crate::{
    forecast::history::{History, Schools},
    grid::{Grid, Shape},
    index::{ChainGrade, Lead, Table, UnitId},
};

/// Years of an entry share and what a year counts against the next.
const ENTRY_SHARE: (usize, f64) = (6, 0.7);
/// Years of a constant share and what a year counts against the next.
const CONSTANT_SHARE: (usize, f64) = (4, 0.6);

/// Share of an area's grade from which a school is the area.
const ALONE: f64 = 0.95;

/// Weight of the constant share `h` years ahead.
fn share_weight(h: Lead) -> f64 {
    f64::min(0.6, 0.2 + 0.1 * (h.index() as f64 - 1.0))
}

/// The forecast of every school, grade and lead.
#[derive(Debug, Clone)]
pub(super) struct SchoolForecast {
    pub(super) pupils: Projected,
    /// Log ratios less the area's.
    pub(super) excess: Observed,
    pub(super) own: Own,
    fed: Grid<UnitId, ChainGrade, bool>,
}

impl SchoolForecast {
    pub(super) fn get(&self, h: Lead, school: UnitId, g: ChainGrade) -> f64 {
        self.pupils[(h, school, g)]
    }

    /// The schools as a level, under the forecast `pupils`.
    pub(super) fn layer<'a>(&'a self, pupils: &'a Projected, sizes: &'a UnitSizes) -> Layer<'a> {
        Layer { pupils, fed: &self.fed, own: &self.own, sizes }
    }

    /// Schools of `history` under the forecast of their areas.
    pub(super) fn new(history: &History, schools: &Schools, areas: &Calibration) -> Self {
        let rolls = &schools.rolls;
        let shape = Shape::new(rolls.units().len(), rolls.grades().len());
        let mut ratios = Observed::log_ratios(rolls, WorkingVariance::SCHOOL);
        let serving = Serving::new(rolls);
        for school in ratios.units() {
            for t in ratios.years() {
                for g in ratios.grades().skip(1) {
                    let at = (school, t, g);
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
        let mut share = Projected::filled(leads + 1, shape, f64::NAN);
        for school in shape.rows() {
            for g in shape.columns() {
                let at = (school, g);
                let area = areas.pupils(Lead::ORIGIN, schools.area_of[school], g);
                share[(Lead::ORIGIN, school, g)] = serving.base[at] / area;
                for h in Lead::up_to(leads) {
                    if !serving.serves(at, h) {
                        continue;
                    }
                    let fed = g > ChainGrade::ENTRY;
                    let below = if fed { share[(h.minus(1), school, g.minus(1))] } else { f64::NAN };
                    share[(h, school, g)] = if serving.fed[at] && below.is_finite() {
                        below * libm::exp(own.get(school, g))
                    } else {
                        entry[at]
                    };
                }
            }
        }
        let mut out = Self {
            pupils: Projected::filled(leads + 1, shape, f64::NAN),
            excess: ratios,
            own,
            fed: serving.fed,
        };
        out.pupils.grid_mut(Lead::ORIGIN).copy_from_slice(&serving.base);
        let members = members(schools, history.rolls.units().len());
        let cover = cover(history, schools, &members);
        for h in Lead::up_to(leads) {
            let learner = areas.learner;
            let w = learner.or(Ingredient::SchoolShare, share_weight(h), 0.0);
            let w = learner.or(Ingredient::SchoolPath, w, 1.0);
            for (area, members) in members.pairs() {
                for g in shape.columns() {
                    let pupils = areas.pupils(h, area, g);
                    let mixed = |school: &UnitId| {
                        let path = share[(h, *school, g)];
                        let constant = constant[(*school, g)];
                        if constant > 0.0 { (1.0 - w) * path + w * constant } else { path }
                    };
                    let sum: f64 = members.iter().map(mixed).filter(|s| s.is_finite()).sum();
                    let covered = cover[(area, g)];
                    if sum > 0.0 && pupils.is_finite() {
                        for school in members {
                            out.pupils[(h, *school, g)] = mixed(school) / sum * pupils * covered;
                        }
                    }
                }
            }
        }
        out
    }
}

/// Schools of each area.
pub(super) fn members(schools: &Schools, areas: usize) -> Table<UnitId, Vec<UnitId>> {
    let mut members = Table::filled(areas, Vec::new());
    for (school, &area) in schools.area_of.pairs() {
        members[area].push(school);
    }
    members
}

/// Part of each area's grade that its schools held in the years in which any of them was counted.
fn cover(
    history: &History,
    schools: &Schools,
    members: &Table<UnitId, Vec<UnitId>>,
) -> Grid<UnitId, ChainGrade, f64> {
    let (years, memory) = CONSTANT_SHARE;
    let rolls = &history.rolls;
    let mut cover = Grid::filled(Shape::new(members.len(), rolls.grades().len()), 1.0);
    for (area, members) in members.pairs() {
        for g in rolls.grades() {
            let (mut own, mut all, mut weight) = (0.0, 0.0, 1.0);
            for t in rolls.years().rev().take(years) {
                let known = members.iter().map(|&s| schools.rolls.get(s, t, g)).filter(|n| n.is_finite());
                let sum: f64 = known.sum();
                let area = rolls.get(area, t, g);
                if sum > 0.0 && area > 0.0 {
                    own += weight * sum;
                    all += weight * area;
                }
                weight *= memory;
            }
            if all > 0.0 {
                cover[(area, g)] = f64::min(own / all, 1.0);
            }
        }
    }
    cover
}

/// Share of each school and grade in its area over the last `years`, each counting `memory` of the next.
fn shares(
    history: &History,
    schools: &Schools,
    (years, memory): (usize, f64),
) -> Grid<UnitId, ChainGrade, f64> {
    let rolls = &schools.rolls;
    let mut out = Grid::filled(Shape::new(rolls.units().len(), rolls.grades().len()), 0.0);
    for school in rolls.units() {
        for g in rolls.grades() {
            if rolls.get(school, history.origin(), g).is_nan() {
                continue;
            }
            let (mut own, mut all, mut weight) = (0.0, 0.0, 1.0);
            for t in rolls.years().rev().take(years) {
                let (n, area) = (rolls.get(school, t, g), history.rolls.get(schools.area_of[school], t, g));
                if n > 0.0 && area > 0.0 {
                    own += weight * n;
                    all += weight * area;
                }
                weight *= memory;
            }
            if all > 0.0 {
                out[(school, g)] = own / all;
            }
        }
    }
    out
}
