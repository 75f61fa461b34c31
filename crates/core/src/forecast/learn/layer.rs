//! Variances that the sizes expect of a forecast: units of one level (areas, or schools within areas) at every lead.
//!
//! The same sums as the draws make by adding shocks along the way of a cohort ([`super::noise`]); used to standardise
//! past errors and to know where a tail begins.

use super::{
    noise::{CommonSizes, UnitSizes},
    own::Own,
    point::Projected,
};
use crate::{
    grid::Grid,
    index::{ChainGrade, Ids, Lead, UnitId},
};

/// The units of one level with their forecast and what is unknown of them.
#[derive(Clone, Copy)]
pub(super) struct Layer<'a> {
    pub(super) pupils: &'a Projected,
    /// Whether a grade is fed by the one below.
    pub(super) fed: &'a Grid<UnitId, ChainGrade, bool>,
    pub(super) own: &'a Own,
    pub(super) sizes: &'a UnitSizes,
}

/// Variances of the unit's and the cell's part.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parts {
    pub(super) unit: f64,
    pub(super) cell: f64,
}

impl Layer<'_> {
    pub(super) fn units(&self) -> Ids<UnitId> {
        self.pupils.shape().rows()
    }

    pub(super) fn grades(&self) -> Ids<ChainGrade> {
        self.pupils.shape().columns()
    }

    pub(super) fn pupils(&self, h: Lead, unit: UnitId, g: ChainGrade) -> f64 {
        self.pupils[(h, unit, g)]
    }

    /// Pupils of a unit at the origin, at least 1.
    pub(super) fn size(&self, unit: UnitId) -> f64 {
        self.pupils.row(Lead::ORIGIN, unit).iter().filter(|n| **n > 0.0).sum::<f64>().max(1.0)
    }

    /// Whether the pupils of grade `g` at lead `h` are in school in this unit at the origin; else they enter later.
    pub(super) fn in_school(&self, h: Lead, unit: UnitId, g: ChainGrade) -> bool {
        self.steps(h, unit, g) == h.index()
    }

    /// Whether they enter later, by the entry grade and not from the schools of another unit.
    pub(super) fn enters(&self, h: Lead, unit: UnitId, g: ChainGrade) -> bool {
        g.index() < h.index() && self.steps(h, unit, g) == g.index()
    }

    /// Steps of progression since the origin, or since a cohort entered this unit.
    fn steps(&self, h: Lead, unit: UnitId, g: ChainGrade) -> usize {
        (0..h.index().min(g.index())).take_while(|&k| self.fed[(unit, g.minus(k))]).count()
    }

    /// Standard deviation of the yearly shock of a unit.
    pub(super) fn year(&self, unit: UnitId) -> f64 {
        (self.sizes.year * self.sizes.year + self.sizes.size / self.size(unit)).sqrt()
    }

    /// Standard deviation of a step into grade `g` at lead `h`, or of an entry there.
    pub(super) fn step(&self, h: Lead, unit: UnitId, g: ChainGrade) -> f64 {
        let s = self.sizes;
        if g == ChainGrade::ENTRY || !self.fed[(unit, g)] {
            let n = self.pupils(h, unit, g);
            return (s.entry_cohort / if n > 1.0 { n } else { 1.0 } + s.entry_noise * s.entry_noise).sqrt();
        }
        let below = self.pupils(h.minus(1), unit, g.minus(1));
        let n = if below > 1.0 { below } else { self.pupils(h, unit, g).max(1.0) };
        (s.cohort / n + s.floor * s.floor + self.own.single_var(unit, g)).sqrt()
    }

    /// Variances of `unit` in grade `g` at lead `h`.
    pub(super) fn parts(&self, h: Lead, unit: UnitId, g: ChainGrade) -> Parts {
        let steps = self.steps(h, unit, g);
        let n = steps as f64;
        let year = self.year(unit);
        let mut parts = Parts { unit: n * year * year + n * n * self.own.tendency_var(unit), cell: 0.0 };
        let entered = h.minus(steps);
        if entered > Lead::ORIGIN {
            parts.unit += self.sizes.entry_walk * self.sizes.entry_walk * walked(entered.index());
            let sd = self.step(entered, unit, g.minus(steps));
            parts.cell += sd * sd;
        }
        for k in 1..=steps {
            let sd = self.step(entered.plus(k), unit, g.minus(steps).plus(k));
            parts.cell += sd * sd;
        }
        parts
    }
}

/// Part of a unit's departure at entry that is left a year later: a walk that is drawn back.
pub(super) const KEPT: f64 = 0.9;

/// Variance of a unit's entry walk after `years`, in steps.
fn walked(years: usize) -> f64 {
    (0..years).fold(0.0, |sum, _| KEPT * KEPT * sum + 1.0)
}

/// Variance of what all areas share in grade `g` at lead `h`.
pub(super) fn common(s: &CommonSizes, h: Lead, g: ChainGrade) -> f64 {
    let (h, g) = (h.index(), g.index());
    let steps = g.min(h) as f64;
    let entered = (h - g.min(h)) as f64;
    // a drift since the origin, summed over the steps the cohort takes
    let drift = entered * steps * steps + steps * (steps + 1.0) * (2.0 * steps + 1.0) / 6.0;
    let moved = steps * (s.year * s.year + s.grade * s.grade)
        + steps * steps * s.level * s.level
        + s.drift * s.drift * drift;
    if g < h { moved + entered * s.entry_walk * s.entry_walk + s.entry_year * s.entry_year } else { moved }
}
