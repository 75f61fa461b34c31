//! Entry: entrants per child of the pools, or entrants alone where no children are known.
//!
//! ```text
//! y[i,t]        = ln N[i,0,t] - ln C[i,t]                 C = 1 where no source knows the children
//!               <- 0.3 y + 0.7 y', y' = the cohort's present size carried back by the fitted ratios
//! y             = a[i] + e[t]                             two-way Huber fit
//! own level     local level of y - e in each area, yearly drift 0.045
//! common level  mean of several readings of e, weighted by their errors in the history
//! ln N[i,0,T+h] = own level + common level(h) + ln C[i,T+h]
//! ```
//!
//! | reading of e | with children | without |
//! |---|---|---|
//! | nearly constant (drift 0.01 a year), broken years cut | 0.91 | 0.05 |
//! | moving (0.03) | 0.045 | 0.07 |
//! | last value | 0.025 | 0.05 |
//! | moving, with half the median of the last five yearly changes, damped | 0.02 | 0.83 |
//!
//! The numbers are priors; a reading's weight is its prior times (S / min S)^(-n/4), S the sum of squared errors one to
//! three years ahead in the known years. Births carry the trend where they are known, so a rate that trends as well is
//! rare; without them the numbers themselves trend. Children of a cohort that is not counted yet are held at the last
//! counted one. Several sources are combined by the inverse square of their own errors at each lead.

use std::ops::Range;

use super::{
    learner::{Ingredient, Learner},
    ratios::SMALLEST_COHORT,
    robust::{Point, huber, mad, median},
};
use crate::{
    forecast::history::{History, Source},
    grid::{Grid, Shape},
    index::{ChainGrade, Ids, Lead, PastYear, Table, UnitId},
};

/// Weight of a cohort's later size in its corrected entry.
const LATER: f64 = 0.7;
/// Grades through which a cohort is followed.
const FOLLOWED: usize = 8;
/// Yearly drift of an area's own level, standard deviation of the logarithm.
const AREA_DRIFT: f64 = 0.045;
/// Drift so large that the level is the last value.
const FORGETS: f64 = 1e3;
/// Noise of an entry besides that of its number.
pub(super) const NOISE: f64 = 0.03;
/// Variance of the logarithm of an entry times the entrants.
pub(super) const COHORT: f64 = 0.6;
/// Departure of a year from area and common level that is usual in the two-way fit.
const YEAR: f64 = 0.05;
/// Years of entries that a source of children must have met.
const FEWEST_YEARS: usize = 2;
/// Years ahead over which readings are tested.
const TESTED: usize = 3;

/// Fitted log ratio of an area into a grade.
type Ratio<'a> = &'a dyn Fn(UnitId, ChainGrade) -> f64;

/// A way to read the common series.
#[derive(Debug, Clone, Copy)]
struct Reading {
    drift: f64,
    noise: f64,
    /// Share of the recent yearly change that is expected to go on.
    trend: f64,
    /// Whether broken years are cut to 2.5 robust standard deviations.
    cut: bool,
    /// Prior where children are known, and where not.
    prior: [f64; 2],
}

const READINGS: [Reading; 4] = [
    Reading { drift: 0.01, noise: 0.03, trend: 0.0, cut: true, prior: [0.91, 0.05] },
    Reading { drift: 0.03, noise: 0.02, trend: 0.0, cut: false, prior: [0.045, 0.07] },
    Reading { drift: 0.10, noise: 0.02, trend: 0.0, cut: false, prior: [0.025, 0.05] },
    Reading { drift: 0.03, noise: 0.02, trend: 0.5, cut: false, prior: [0.02, 0.83] },
];

/// The entry forecast of every area.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// ln N; NaN where an area has no entry, and at the origin.
    log: Grid<Lead, UnitId, f64>,
    /// Whether it rests on children.
    pub(super) on_children: Table<UnitId, bool>,
    /// Whether they are children of the area alone, and not a part of those of all areas.
    pub(super) own_children: Table<UnitId, bool>,
    /// How far the last entry lies above its level, in logarithms.
    pub(super) surprise: Table<UnitId, f64>,
    /// The fit of each source that is used, and how much it counts by lead.
    pub(super) fits: Vec<(Fit, Vec<f64>)>,
}

/// Entry per child of one source, or entry alone.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    /// Index of the source; `None` where no children are known.
    pub(super) source: Option<usize>,
    /// Lead at which the source was read, for sources that differ by lead.
    pub(super) read_at: Lead,
    /// y of each area.
    y: Grid<UnitId, PastYear, f64>,
    /// Whether any area was observed.
    seen: Table<PastYear, bool>,
    /// Common part.
    pub(super) common: Table<PastYear, f64>,
    /// Weight of each year in the common level; they add to 1, a trend apart.
    pub(super) common_weight: Table<PastYear, f64>,
    /// Common level by lead, from 1.
    pub(super) ahead: Vec<f64>,
    /// Own level; NaN where an area has no entry.
    pub(super) own: Table<UnitId, f64>,
    /// Own level's variance.
    pub(super) own_var: Table<UnitId, f64>,
}

impl Entry {
    /// Entry learnt from `history`; `ratio(i, g)` is the fitted log ratio of area i into grade g.
    pub(super) fn learn(history: &History, leads: usize, learner: Learner, ratio: Ratio<'_>) -> Self {
        let areas = history.rolls.units().len();
        let mut fits: Vec<(Fit, Vec<f64>)> = Vec::new();
        let sources = if learner.has(Ingredient::Children) { &history.sources[..] } else { &[] };
        for (k, source) in sources.iter().enumerate() {
            let reads = Lead::up_to(if source.lasting { 1 } else { source.max_lead });
            for lead in reads {
                let speaks: Vec<f64> = Lead::up_to(leads)
                    .map(|h| {
                        let at_this_lead =
                            if source.lasting { h.index() <= source.max_lead } else { h == lead };
                        f64::from(u8::from(at_this_lead && knows(history, source, h)))
                    })
                    .collect();
                if let Some(fit) = Fit::learn(history, Some((k, lead)), leads, learner, ratio)
                    && speaks.iter().any(|s| *s > 0.0)
                {
                    fits.push((fit, speaks));
                }
            }
        }
        if fits.is_empty() {
            fits.extend(Fit::learn(history, None, leads, learner, ratio).map(|fit| (fit, vec![1.0; leads])));
        }
        share_out(&mut fits, leads);
        let mut out = Self {
            log: Grid::filled(Shape::new(leads + 1, areas), f64::NAN),
            on_children: Table::filled(areas, false),
            own_children: Table::filled(areas, false),
            surprise: Table::filled(areas, 0.0),
            fits,
        };
        out.combine(history, leads, 0..out.fits.len());
        if out.without_children(history)
            && let Some(fit) = Fit::learn(history, None, leads, learner, ratio)
        {
            out.fits.push((fit, vec![1.0; leads]));
            out.combine(history, leads, out.fits.len() - 1..out.fits.len());
        }
        out
    }

    /// ln N of area `i`, `h` years ahead; NaN where it has no entry.
    pub(super) fn log(&self, h: Lead, i: UnitId) -> f64 {
        self.log[(h, i)]
    }

    /// Whether the entry of area `i` is not known yet.
    fn is_open(&self, i: UnitId) -> bool {
        self.log.get(Lead::NEXT, i).is_some_and(|log| log.is_nan())
    }

    /// Whether some area has entrants but no children in any source.
    fn without_children(&self, history: &History) -> bool {
        history.rolls.units().any(|i| history.entrants(i, history.origin()) > 0.0 && self.is_open(i))
    }

    /// Fills what is not known yet from `fits`.
    fn combine(&mut self, history: &History, leads: usize, fits: Range<usize>) {
        let last = history.origin();
        for i in history.rolls.units() {
            if !self.is_open(i) {
                continue;
            }
            for h in Lead::up_to(leads) {
                let at = h.index() - 1;
                let (mut sum, mut weight) = (0.0, 0.0);
                for (fit, weights) in &self.fits[fits.clone()] {
                    let own = fit.own[i];
                    let children = fit.children(history, i, last.after(h), h);
                    if own.is_finite() && weights[at] > 0.0 && children.is_finite() {
                        sum += weights[at] * (own + fit.ahead[at] + children);
                        weight += weights[at];
                    }
                }
                if weight > 0.0 {
                    self.log[(h, i)] = sum / weight;
                    let sources = || self.fits[fits.clone()].iter().filter_map(|(fit, _)| fit.source);
                    self.on_children[i] = sources().next().is_some();
                    self.own_children[i] = sources().any(|k| !history.sources[k].shared);
                }
            }
            if let Some((fit, _)) = self.fits[fits.clone()].first() {
                let now = libm::log(history.entrants(i, last)) - fit.children(history, i, last, Lead::NEXT);
                let surprise = now - fit.own[i] - fit.ahead.first().copied().unwrap_or(0.0);
                if surprise.is_finite() {
                    self.surprise[i] = surprise;
                }
            }
        }
    }
}

/// Whether a source knows the children of some area `h` years ahead.
pub(super) fn knows(history: &History, source: &Source, h: Lead) -> bool {
    history.rolls.units().any(|i| source.get(i, history.origin().after(h), h).is_finite())
}

/// Weights of the fits by lead: inverse squares of their errors, one for all where only one speaks; where none does,
/// those that reach furthest hold their last cohort.
fn share_out(fits: &mut [(Fit, Vec<f64>)], leads: usize) {
    for h in 1..=leads {
        let speaking: Vec<usize> = (0..fits.len()).filter(|&k| fits[k].1[h - 1] > 0.0).collect();
        if speaking.is_empty() {
            let reach: Vec<Option<usize>> =
                fits.iter().map(|(_, w)| w[..h - 1].iter().rposition(|w| *w > 0.0)).collect();
            let furthest = reach.iter().copied().max().flatten();
            for ((_, weights), reach) in fits.iter_mut().zip(reach) {
                if reach == furthest {
                    weights[h - 1] = furthest.map_or(1.0, |at| weights[at]);
                }
            }
        } else if speaking.len() > 1 {
            for k in speaking {
                let error = fits[k].0.error(Lead::new(h));
                fits[k].1[h - 1] = 1.0 / (error * error);
            }
        }
        let total: f64 = fits.iter().map(|(_, w)| w[h - 1]).sum();
        for (_, weights) in fits.iter_mut() {
            weights[h - 1] /= f64::max(total, f64::MIN_POSITIVE);
        }
    }
}

impl Fit {
    fn learn(
        history: &History,
        read: Option<(usize, Lead)>,
        leads: usize,
        learner: Learner,
        ratio: Ratio<'_>,
    ) -> Option<Self> {
        let (areas, years) = (history.rolls.units(), history.rolls.years());
        let unknown = Grid::filled(Shape::new(areas.len(), years.len()), f64::NAN);
        let mut fit = Self {
            source: read.map(|(k, _)| k),
            read_at: read.map_or(Lead::NEXT, |(_, lead)| lead),
            y: unknown.clone(),
            seen: Table::default(),
            common: Table::default(),
            common_weight: Table::default(),
            ahead: Vec::new(),
            own: Table::filled(areas.len(), f64::NAN),
            own_var: Table::filled(areas.len(), 0.0),
        };
        let var = fit.observe(history, learner, ratio, unknown);
        let seen: Table<PastYear, bool> =
            years.clone().map(|t| areas.clone().any(|i| fit.y[(i, t)].is_finite())).collect();
        let counted = seen.iter().filter(|s| **s).count();
        // a source that met too few entries says nothing of the next
        if counted < if read.is_some() { FEWEST_YEARS.min(history.known_years()) } else { 1 } {
            return None;
        }
        fit.two_way(&var, &seen, learner.broken_year());
        (fit.ahead, fit.common_weight) = common_ahead(&fit.common, &seen, leads, read.is_some(), learner);
        fit.seen = seen;
        let area_drift = learner.or(Ingredient::EntryLevel, AREA_DRIFT, FORGETS);
        for i in areas {
            let own = years.clone().map(|t| (fit.rest(i, t), var[(i, t)]));
            (fit.own[i], fit.own_var[i]) = local_level(own, area_drift * area_drift);
        }
        Some(fit)
    }

    /// Whether any entry was observed in year `t`.
    pub(super) fn seen(&self, t: PastYear) -> bool {
        self.seen[t]
    }

    /// What was observed of area `i` in year `t`, a logarithm.
    pub(super) fn observed(&self, i: UnitId, t: PastYear) -> f64 {
        self.y[(i, t)]
    }

    /// Weight of each year in the own level of area `i`, whose noise in a year is `noise`.
    pub(super) fn own_weights(&self, i: UnitId, noise: impl Fn(PastYear) -> f64) -> Vec<(PastYear, f64)> {
        let known =
            self.common.ids().map(|t| if self.observed(i, t).is_finite() { noise(t) } else { f64::NAN });
        level_weights(known, AREA_DRIFT * AREA_DRIFT)
    }

    /// What the common part leaves of area `i` in year `t`; NaN where nothing was observed.
    pub(super) fn rest(&self, i: UnitId, t: PastYear) -> f64 {
        self.y[(i, t)] - self.common[t]
    }

    /// ln of the children entering area `i` in year `t`, read `lead` years before; 0 without a source. Of a year
    /// beyond the last counted cohort that one is taken.
    fn children(&self, history: &History, i: UnitId, t: PastYear, lead: Lead) -> f64 {
        let Some(source) = self.source.map(|k| &history.sources[k]) else { return 0.0 };
        let lead = if source.lasting { Lead::NEXT } else { self.read_at.min(lead.max(Lead::NEXT)) };
        let mut entry = t.min(source.entry_years().end().minus(1));
        loop {
            let children = source.get(i, entry, lead);
            if children.is_finite() {
                return libm::log(children);
            }
            if entry <= history.origin() {
                return f64::NAN;
            }
            entry = entry.minus(1);
        }
    }

    /// Fills y, and the variances into `var`.
    fn observe(
        &mut self,
        history: &History,
        learner: Learner,
        ratio: Ratio<'_>,
        mut var: Grid<UnitId, PastYear, f64>,
    ) -> Grid<UnitId, PastYear, f64> {
        let later = learner.or(Ingredient::LaterSize, LATER, 0.0);
        let rolls = &history.rolls;
        let last = history.origin();
        for i in rolls.units() {
            for t in rolls.years() {
                let entrants = history.entrants(i, t);
                if entrants.is_nan() || entrants <= 0.0 {
                    continue;
                }
                let mut log = libm::log(entrants);
                let age = last.index() - t.index();
                if (1..=FOLLOWED).contains(&age) && age < rolls.grades().len() {
                    let now = rolls.get(i, last, ChainGrade::new(age));
                    if now >= SMALLEST_COHORT {
                        let moved: f64 = Ids::of(1..age + 1).map(|g| ratio(i, g)).sum();
                        log = (1.0 - later) * log + later * back(now, moved, history.beside(i, t));
                    }
                }
                // read as long before as it will be read for the forecast
                self.y[(i, t)] = log - self.children(history, i, t, self.read_at);
                var[(i, t)] = COHORT / entrants + NOISE * NOISE;
            }
        }
        var
    }

    /// y = a + e by alternating Huber means; fills `common` with e, held over years without an observation.
    fn two_way(&mut self, var: &Grid<UnitId, PastYear, f64>, seen: &Table<PastYear, bool>, k: f64) {
        let mut a = Table::<UnitId, f64>::filled(self.own.len(), 0.0);
        let mut e = Table::<PastYear, f64>::filled(seen.len(), 0.0);
        let (mut points, mut scratch) = (Vec::new(), Vec::new());
        let y = &self.y;
        let mut mean = |cells: &mut dyn Iterator<Item = (f64, f64)>| {
            points.clear();
            points.extend(cells.filter(|(value, _)| value.is_finite()).map(|(value, var)| {
                let var = var + YEAR * YEAR;
                Point { value, weight: 1.0 / var, sd: var.sqrt() }
            }));
            huber(&points, k, &mut scratch).value
        };
        for _ in 0..4 {
            for i in a.ids() {
                a[i] = mean(&mut e.pairs().map(|(t, e)| (y[(i, t)] - e, var[(i, t)])));
            }
            for t in e.ids().filter(|t| seen[*t]) {
                e[t] = mean(&mut a.pairs().map(|(i, a)| (y[(i, t)] - a, var[(i, t)])));
            }
            hold(&mut e, seen);
        }
        self.common = e;
    }

    /// Usual error of this fit `h` years ahead: of each year against the level of the years known then.
    fn error(&self, h: Lead) -> f64 {
        const PRIOR: f64 = 0.05;
        let mut errors = Vec::new();
        for i in self.own.ids() {
            let mut level = f64::NAN;
            for t in self.common.ids().take(self.common.len().saturating_sub(h.index())) {
                let y = self.y[(i, t)];
                if y.is_finite() {
                    level = if level.is_finite() { 0.4 * level + 0.6 * y } else { y };
                }
                let error = self.y[(i, t.after(h))] - level;
                if error.is_finite() {
                    errors.push(error);
                }
            }
        }
        let n = (errors.len() as f64).min(30.0);
        let sd = mad(&mut errors, 0.0);
        ((n * sd * sd + 3.0 * PRIOR * PRIOR) / (n + 3.0)).sqrt()
    }
}

/// ln of the entrants of a cohort that is `now` pupils after ratios that add to `moved`, with those beside the rolls.
fn back(now: f64, moved: f64, beside: f64) -> f64 {
    let entered = libm::log(now) - moved;
    if beside > 0.0 { libm::log(libm::exp(entered) + beside) } else { entered }
}

/// Fills the years without an observation with the one before, or the first.
fn hold(series: &mut [f64], seen: &[bool]) {
    let Some(first) = seen.iter().position(|s| *s) else { return };
    let mut held = series[first];
    for (value, seen) in series.iter_mut().zip(seen) {
        if *seen {
            held = *value;
        } else {
            *value = held;
        }
    }
}

/// Level and its variance at the end of a series with noise `(value, variance)` and yearly drift variance `drift`
/// (a Kalman filter started at the first observation); NaN where nothing was observed.
fn local_level(series: impl Iterator<Item = (f64, f64)>, drift: f64) -> (f64, f64) {
    let (mut level, mut var) = (f64::NAN, 0.0);
    for (value, noise) in series {
        var += drift;
        if value.is_finite() {
            if level.is_finite() {
                let gain = var / (var + noise);
                level += gain * (value - level);
                var *= 1.0 - gain;
            } else {
                (level, var) = (value, noise);
            }
        }
    }
    (level, var)
}

/// Weight of each year in the level of [`local_level`]; `noise` is NaN where nothing was observed.
fn level_weights(noise: impl Iterator<Item = f64>, drift: f64) -> Vec<(PastYear, f64)> {
    let mut weights: Vec<(PastYear, f64)> = Vec::new();
    let mut var = 0.0;
    for (t, noise) in noise.enumerate().map(|(t, noise)| (PastYear::new(t), noise)) {
        var += drift;
        if noise.is_finite() {
            let gain = if weights.is_empty() { 1.0 } else { var / (var + noise) };
            for (_, weight) in &mut weights {
                *weight *= 1.0 - gain;
            }
            var = if weights.is_empty() { noise } else { var * (1.0 - gain) };
            weights.push((t, gain));
        }
    }
    weights
}

/// The common level by lead, and the weight of each year in it.
fn common_ahead(
    common: &Table<PastYear, f64>,
    seen: &Table<PastYear, bool>,
    leads: usize,
    with_children: bool,
    learner: Learner,
) -> (Vec<f64>, Table<PastYear, f64>) {
    let drift = |reading: &Reading| learner.or(Ingredient::EntryLevel, reading.drift, FORGETS);
    let mut scratch: Vec<f64> = seen.iter().zip(common).filter(|(s, _)| **s).map(|(_, e)| *e).collect();
    let centre = median(&mut scratch);
    let limit = 2.5 * mad(&mut scratch, centre).max(0.01);
    let cut: Table<PastYear, f64> = common.iter().map(|e| e.clamp(centre - limit, centre + limit)).collect();
    let mut read = |reading: &Reading, upto: PastYear| -> (f64, f64) {
        let series = if reading.cut { &cut } else { common };
        let until = upto.index() + 1;
        let known = Ids::first(until)
            .map(|t| (if seen[t] { series[t] } else { f64::NAN }, reading.noise * reading.noise));
        let (level, _) = local_level(known, drift(reading) * drift(reading));
        if reading.trend == 0.0 {
            return (level, 0.0);
        }
        scratch.clear();
        let changes = Ids::<PastYear>::of(1..until)
            .rev()
            .filter(|&t| seen[t] && seen[t.minus(1)])
            .map(|t| common[t] - common[t.minus(1)]);
        scratch.extend(changes.take(5));
        (level, reading.trend * median(&mut scratch))
    };
    let last = common.ids().end().minus(1);
    let (mut errors, mut tests) = ([0.0; READINGS.len()], 0);
    for upto in Ids::<PastYear>::of(2..last.index().max(2)) {
        let readings = READINGS.map(|r| read(&r, upto));
        for h in Lead::up_to(TESTED).filter(|&h| upto.after(h) <= last && seen[upto.after(h)]) {
            if readings.iter().any(|(level, _)| level.is_nan()) {
                continue;
            }
            tests += 1;
            for (sum, (level, slope)) in errors.iter_mut().zip(readings) {
                let error = level + slope * super::level::damped_years(h) - common[upto.after(h)];
                *sum += f64::min(error * error, limit * limit) + 2e-5;
            }
        }
    }
    let best = errors.iter().copied().fold(f64::INFINITY, f64::min);
    let mut weights = READINGS.map(|r| r.prior[usize::from(!with_children)]);
    if tests >= TESTED {
        let power = -(tests as f64) / (4.0 * TESTED as f64);
        for (weight, sum) in weights.iter_mut().zip(errors) {
            *weight *= libm::pow(sum / best, power);
        }
    }
    if !learner.has(Ingredient::EntryReadings) {
        let most = READINGS.iter().map(|r| r.prior[usize::from(!with_children)]).fold(0.0, f64::max);
        weights = READINGS.map(|r| f64::from(u8::from(r.prior[usize::from(!with_children)] >= most)));
    }
    let total: f64 = weights.iter().sum();
    let readings = READINGS.map(|r| read(&r, last));
    let mut by_year = Table::filled(common.len(), 0.0);
    for (reading, weight) in READINGS.iter().zip(weights) {
        let noise = |seen: &bool| if *seen { reading.noise * reading.noise } else { f64::NAN };
        for (t, share) in level_weights(seen.iter().map(noise), drift(reading) * drift(reading)) {
            by_year[t] += share * weight / total;
        }
    }
    let ahead = Lead::up_to(leads)
        .map(|h| {
            let ahead = readings.iter().map(|(level, slope)| level + slope * super::level::damped_years(h));
            ahead.zip(weights).map(|(value, weight)| value * weight / total).sum()
        })
        .collect();
    (ahead, by_year)
}
