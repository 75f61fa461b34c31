//! The years behind a learnt ratio, with their weights.
//!
//! ```text
//! ratio        = common level x own departure           progression, of an area
//! common level = sum over years of weight x common ratio of the year
//! departure    = kept x sum over years of weight x (own ratio - common ratio of the year)
//! entry        = own level + common level, each a weighted mean of years, by source
//! ```
//!
//! Weights of one estimate add to 1. They are those of the estimate itself: discounted by age and cohort, and reduced for
//! strange years.

use super::{
    entry::{COHORT, NOISE},
    own,
    point::{Calibration, excess},
};
use crate::{
    forecast::history::History,
    index::{ChainGrade, Lead, PastYear, UnitId},
};

/// One year behind an estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// The year.
    pub t: PastYear,
    /// What was observed, a ratio.
    pub ratio: f64,
    /// Its weight.
    pub weight: f64,
}

/// The evidence behind an entry ratio, from one source.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryEvidence {
    /// Index of the source; `None`: entrants alone.
    pub source: Option<usize>,
    /// Years before entry at which the source was read, of one that changes on the way.
    pub read_at: Option<Lead>,
    /// Weight of the source among those that speak, by lead (from 1).
    pub by_lead: Vec<f64>,
    /// Common departure of each year from an area's own level.
    pub common: Vec<Evidence>,
    /// Entrants per child of the area, or entrants.
    pub own: Vec<Evidence>,
}

impl Calibration {
    /// Common level of the ratio into grade `g`, `h` years ahead.
    pub fn common_ratio(&self, g: ChainGrade, h: Lead) -> f64 {
        libm::exp(self.levels[g].ahead(h))
    }

    /// Departure of area `i` from it, a factor: as it is used, and as its own years alone would have it.
    pub fn own_departure(&self, i: UnitId, g: ChainGrade) -> (f64, Option<f64>) {
        let raw = self.own.raw(i, g);
        (libm::exp(self.own.get(i, g)), raw.is_finite().then(|| libm::exp(raw)))
    }

    /// The years behind the common level of grade `g`.
    pub fn common_evidence(&self, g: ChainGrade) -> Vec<Evidence> {
        self.years()
            .skip(1)
            .filter_map(|t| {
                let (value, _) = self.common.get(g, t);
                let weight = self.levels[g].year_weight.at(t).copied().unwrap_or(0.0);
                value.is_finite().then(|| Evidence { t, ratio: libm::exp(value), weight })
            })
            .collect()
    }

    /// The years behind the departure of area `i` in grade `g`; its ratios, not yet less the common ones.
    pub fn own_evidence(&self, i: UnitId, g: ChainGrade) -> Vec<Evidence> {
        // with one area there is nothing to depart from
        if self.areas().len() < 2 {
            return Vec::new();
        }
        own::year_weights(&excess(&self.observed, &self.common), i, g, self.learner.huber())
            .into_iter()
            .map(|(t, weight)| Evidence { t, ratio: libm::exp(self.observed.get(i, t, g)), weight })
            .collect()
    }

    /// The years behind the entry of area `i`; `history` is the one this was learnt from.
    pub fn entry_evidence(&self, history: &History, i: UnitId) -> Vec<EntryEvidence> {
        let mut out = Vec::new();
        for (fit, by_lead) in &self.entry.fits {
            if !fit.own[i].is_finite() || self.entry.on_children[i] != fit.source.is_some() {
                continue;
            }
            let lasting = fit.source.is_none_or(|k| history.sources[k].lasting);
            let noise = |t: PastYear| COHORT / history.entrants(i, t) + NOISE * NOISE;
            out.push(EntryEvidence {
                source: fit.source,
                read_at: (!lasting).then_some(fit.read_at),
                by_lead: by_lead.clone(),
                common: self
                    .years()
                    .filter(|&t| fit.seen(t))
                    .map(|t| Evidence { t, ratio: libm::exp(fit.common[t]), weight: fit.common_weight[t] })
                    .collect(),
                own: fit
                    .own_weights(i, noise)
                    .into_iter()
                    .map(|(t, weight)| Evidence { t, ratio: libm::exp(fit.observed(i, t)), weight })
                    .collect(),
            });
        }
        out
    }
}
