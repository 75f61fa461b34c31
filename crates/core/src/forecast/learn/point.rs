//! The forecast of every area, grade and lead.
//!
//! ```text
//! G[i,0,h]   = exp(entry)                                      entry
//! G[i,g,h]   = G[i,g-1,h-1] r[i,g,h]                            cohorts moved up;  grade 1 at h = 1 times exp(-0.25 surprise)
//! G[i,g,h]   = share[i,g] sum_j G[j,g-1,h-1] R[g]               a grade that no grade of its own feeds
//! F          = G mixed with the constant shares of the grade (mix)
//! ```
//!
//! | symbol | meaning |
//! |---|---|
//! | share | an area's part of a grade over the last three years, weights 1, 0.7, 0.49 |
//! | R | ratio of the totals of all areas |
//! | surprise | how far the last entry lies above its level: children who entered late are in grade 1 a year on |
//!
//! A grade is served where it has pupils at the origin, or where the grade below was opened this year on top of one a year
//! below it (a school filling grade by grade).

use super::{
    entry::Entry,
    layer::Layer,
    learner::{Ingredient, Learner},
    level::{Level, levels},
    mix,
    noise::Sizes,
    own::Own,
    ratios::{self, Common, Observed},
    schools::SchoolForecast,
};
use crate::{
    forecast::history::{History, Panel},
    grid::{Grid, Grid3, Shape},
    index::{ChainGrade, Ids, Lead, PastYear, Table, UnitId},
};

/// Pupils of every unit and grade by lead (0 = origin); NaN where a unit does not serve a grade.
pub(in crate::forecast) type Projected = Grid3<Lead, UnitId, ChainGrade, f64>;

/// Part of the surprise at entry that returns in grade 1 a year later.
const CATCH_UP: f64 = 0.25;
/// Surprises are cut here.
const SURPRISE: f64 = 0.4;
/// Pupils of a grade per pupil of the grade below from which the grade is not fed by it.
const MOST_ARRIVING: f64 = 2.0;
/// Weights of the last years in a share.
const SHARE_YEARS: [f64; 3] = [1.0, 0.7, 0.49];

/// A thing that could not be learnt, and the value used instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fallback {
    /// No two years give a ratio into this grade: 1 is used.
    NoRatio {
        /// Grade arrived in.
        grade: ChainGrade,
    },
    /// Nothing is known of this grade in any area at the origin: it is held at its last known roll, or left out.
    NoGrade {
        /// The grade.
        grade: ChainGrade,
    },
    /// No children are known: entry is forecast from past entries.
    NoChildren,
    /// An area without a roll at the origin: it is left out.
    AreaGone {
        /// The area.
        area: UnitId,
    },
    /// Only so many years of rolls are known.
    FewYears {
        /// Years known.
        years: usize,
    },
}

/// What was learnt from a history, with the forecast it gives.
#[derive(Debug, Clone)]
pub struct Calibration {
    pub(super) learner: Learner,
    leads: usize,
    pub(super) observed: Observed,
    pub(super) common: Common,
    pub(super) levels: Table<ChainGrade, Level>,
    pub(super) own: Own,
    pub(super) entry: Entry,
    pupils: Projected,
    fed: Grid<UnitId, ChainGrade, bool>,
    assumed_from: Option<Lead>,
    pub(super) schools: Option<SchoolForecast>,
    fallbacks: Vec<Fallback>,
}

/// First lead at which no source knows the children.
fn assumed_from(history: &History, leads: usize) -> Option<Lead> {
    let known = |h: Lead| history.sources.iter().any(|s| super::entry::knows(history, s, h));
    (!history.sources.is_empty()).then(|| Lead::up_to(leads).find(|&h| !known(h))).flatten()
}

/// Log ratios less the common one of the year.
pub(super) fn excess(observed: &Observed, common: &Common) -> Observed {
    let mut excess = observed.clone();
    for unit in excess.units() {
        for t in excess.years() {
            for g in excess.grades().skip(1) {
                let at = (unit, t, g);
                excess.value[at] -= common.get(g, t).0;
            }
        }
    }
    excess
}

impl Calibration {
    pub(super) fn learn(learner: Learner, history: &History, leads: usize) -> Self {
        let rolls = &history.rolls;
        let shape = Shape::new(rolls.units().len(), rolls.grades().len());
        let (observed, common) = ratios::areas(rolls, learner);
        let levels = levels(&common, &rolls.grades(), history.origin(), learner);
        let own = Own::learn(&excess(&observed, &common), learner);
        let entry = Entry::learn(history, leads, learner, &|i, g| levels[g].value + own.get(i, g));
        let mut out = Self {
            learner,
            leads,
            observed,
            common,
            levels,
            own,
            entry,
            pupils: Projected::filled(leads + 1, shape, f64::NAN),
            fed: Grid::filled(shape, false),
            assumed_from: assumed_from(history, leads),
            schools: None,
            fallbacks: Vec::new(),
        };
        out.project(history);
        out.schools = history.schools.as_ref().map(|s| SchoolForecast::new(history, s, &out));
        out.fallbacks(history);
        out
    }

    /// Pupils of area `i` in grade `g`, `h` years after the origin, unrounded; NaN where the area does not serve it.
    pub fn pupils(&self, h: Lead, i: UnitId, g: ChainGrade) -> f64 {
        self.pupils[(h, i, g)]
    }

    /// Pupils of a school in grade `g`, `h` years after the origin, unrounded; NaN where it does not serve it.
    pub fn school_pupils(&self, h: Lead, school: UnitId, g: ChainGrade) -> f64 {
        self.schools.as_ref().map_or(f64::NAN, |s| s.get(h, school, g))
    }

    /// Pupils of all areas.
    pub(super) fn all_pupils(&self) -> &Projected {
        &self.pupils
    }

    /// The areas as a level, under the forecast `pupils`.
    pub(super) fn area_layer<'a>(&'a self, pupils: &'a Projected, sizes: &'a Sizes) -> Layer<'a> {
        Layer { pupils, fed: &self.fed, own: &self.own, sizes: &sizes.area }
    }

    /// The schools as a level, under the forecast `pupils`.
    pub(super) fn school_layer<'a>(&'a self, pupils: &'a Projected, sizes: &'a Sizes) -> Option<Layer<'a>> {
        self.schools.as_ref().map(|s| s.layer(pupils, &sizes.school))
    }

    /// Log ratio of area `i` into grade `g`, `h` years ahead, before the constant share is mixed in.
    pub fn log_ratio(&self, i: UnitId, g: ChainGrade, h: Lead) -> f64 {
        self.levels[g].ahead(h) + self.own.get(i, g)
    }

    /// Logarithm of the entrants of area `i`, `h` years ahead, before the constant share is mixed in; NaN where nothing is
    /// known of its entry.
    pub fn log_entrants(&self, i: UnitId, h: Lead) -> f64 {
        self.entry.log(h, i)
    }

    /// Whether the entry of area `i` is forecast from its children; if not, from past entries.
    pub fn entry_on_children(&self, i: UnitId) -> bool {
        self.entry.on_children[i]
    }

    /// Whether any year gave a ratio into grade `g`.
    pub fn knows_ratio(&self, g: ChainGrade) -> bool {
        self.levels[g].known
    }

    /// Whether grade `g` of area `i` is fed by the grade below.
    pub fn is_fed(&self, i: UnitId, g: ChainGrade) -> bool {
        self.fed[(i, g)]
    }

    /// All areas.
    pub fn areas(&self) -> Ids<UnitId> {
        self.pupils.shape().rows()
    }

    /// All grades.
    pub fn grades(&self) -> Ids<ChainGrade> {
        self.pupils.shape().columns()
    }

    /// Years of the history.
    pub fn years(&self) -> Ids<PastYear> {
        self.observed.years()
    }

    /// First lead at which entry rests on children that are not counted yet; `None` without children, or if never.
    pub fn assumed_from(&self) -> Option<Lead> {
        self.assumed_from
    }

    /// Leads forecast.
    pub fn leads(&self) -> usize {
        self.leads
    }

    /// What could not be learnt.
    pub fn fallback(&self) -> &[Fallback] {
        &self.fallbacks
    }

    fn project(&mut self, history: &History) {
        let plan = Plan::new(history);
        let catch_up = self.learner.or(Ingredient::CatchUp, CATCH_UP, 0.0);
        self.pupils.grid_mut(Lead::ORIGIN).copy_from_slice(&plan.serving.base);
        for h in Lead::up_to(self.leads) {
            for g in self.grades() {
                let entry = g == ChainGrade::ENTRY;
                let total =
                    if entry { 0.0 } else { self.total(h.minus(1), g.minus(1)) * plan.total_ratio[g] };
                for i in self.areas() {
                    let at = (i, g);
                    if !plan.serving.serves(at, h) {
                        continue;
                    }
                    let moved = if entry {
                        let entry = libm::exp(self.entry.log(h, i));
                        if entry.is_finite() { entry } else { plan.serving.base[at] }
                    } else if plan.serving.fed[at] {
                        let surprise = self.entry.surprise[i].clamp(-SURPRISE, SURPRISE);
                        let back = if (h, g) == (Lead::NEXT, ChainGrade::new(1)) {
                            catch_up * surprise
                        } else {
                            0.0
                        };
                        let below = self.pupils(h.minus(1), i, g.minus(1));
                        below.max(0.0) * libm::exp(self.log_ratio(i, g, h) - back)
                    } else if total > 0.0 {
                        plan.share[at] * total
                    } else {
                        plan.serving.base[at]
                    };
                    self.pupils[(h, i, g)] = moved;
                }
            }
        }
        self.fed = plan.serving.fed;
        for h in Lead::up_to(self.leads) {
            for g in self.grades() {
                self.mix(h, g, &plan.share);
            }
        }
    }

    /// Mixes grade `g` with its constant shares.
    fn mix(&mut self, h: Lead, g: ChainGrade, share: &Grid<UnitId, ChainGrade, f64>) {
        let w = self.learner.or(Ingredient::ConstantShare, mix::weight(h), 0.0);
        let pupils: Vec<f64> = self.areas().map(|i| self.pupils(h, i, g)).collect();
        let share: Vec<f64> = self.areas().map(|i| share[(i, g)]).collect();
        let part: Vec<f64> = self
            .areas()
            .zip(&pupils)
            .map(|(i, n)| match (n.is_finite(), g.index() < h.index()) {
                (false, _) => 0.0,
                (true, false) => w,
                // a cohort of the area's own children has its own size
                (true, true) if self.entry.own_children[i] => 0.0,
                (true, true) => w * self.learner.or(Ingredient::LaterShare, self.chance(i), 1.0),
            })
            .collect();
        for (i, n) in self.areas().zip(mix::share_again(&pupils, &part, &share)) {
            self.pupils[(h, i, g)] = n;
        }
    }

    /// Share of the variance of cohorts entering area `i` that comes from small numbers.
    fn chance(&self, i: UnitId) -> f64 {
        mix::chance(libm::exp(self.entry.log(Lead::NEXT, i)))
    }

    /// Pupils of a grade in all areas.
    fn total(&self, h: Lead, g: ChainGrade) -> f64 {
        self.areas().map(|i| self.pupils(h, i, g)).filter(|n| n.is_finite()).sum()
    }

    fn fallbacks(&mut self, history: &History) {
        let rolls = &history.rolls;
        let last = history.origin();
        let years = history.known_years();
        if years < 4 {
            self.fallbacks.push(Fallback::FewYears { years });
        }
        if self.entry.fits.iter().all(|(fit, _)| fit.source.is_none()) {
            self.fallbacks.push(Fallback::NoChildren);
        }
        for grade in self.grades() {
            if self.areas().all(|i| rolls.get(i, last, grade).is_nan()) {
                self.fallbacks.push(Fallback::NoGrade { grade });
            } else if grade > ChainGrade::ENTRY && !self.levels[grade].known {
                self.fallbacks.push(Fallback::NoRatio { grade });
            }
        }
        for area in self.areas().filter(|&i| !rolls.any(i, last)) {
            self.fallbacks.push(Fallback::AreaGone { area });
        }
    }
}

/// Which grades a unit has, and from where they are fed.
pub(super) struct Serving {
    /// Roll at the origin; NaN where a grade has none.
    pub(super) base: Grid<UnitId, ChainGrade, f64>,
    /// Lead from which a grade is served; `None` if never.
    from: Grid<UnitId, ChainGrade, Option<Lead>>,
    /// Whether the own grade below feeds it.
    pub(super) fed: Grid<UnitId, ChainGrade, bool>,
}

impl Serving {
    pub(super) fn new(rolls: &Panel) -> Self {
        let last = rolls.years().end().minus(1);
        let shape = Shape::new(rolls.units().len(), rolls.grades().len());
        let mut out = Self {
            base: Grid::filled(shape, f64::NAN),
            from: Grid::filled(shape, None),
            fed: Grid::filled(shape, false),
        };
        for unit in shape.rows() {
            for g in shape.columns() {
                let (at, below) = ((unit, g), (unit, g.minus(1)));
                let now = rolls.get(unit, last, g);
                if now > 0.0 {
                    out.base[at] = now;
                    out.from[at] = Some(Lead::ORIGIN);
                } else if g > ChainGrade::ENTRY && last > PastYear::new(0) {
                    let was = |below: usize| rolls.get(unit, last.minus(1), g.minus(below)) > 0.0;
                    let opened = !was(1) && g.index() > 1 && was(2);
                    out.from[at] = out.from[below]
                        .filter(|from| *from > Lead::ORIGIN || opened)
                        .map(|from| from.plus(1));
                }
                let served = out.from[at] == Some(Lead::ORIGIN);
                out.fed[at] = g > ChainGrade::ENTRY && (!served || fed(rolls, unit, g));
            }
        }
        out
    }

    pub(super) fn serves(&self, at: (UnitId, ChainGrade), h: Lead) -> bool {
        self.from[at].is_some_and(|from| from <= h)
    }
}

/// Whether most pupils of grade `g` come from the grade below of the same unit, in the last three years in which the
/// grade was seen. A high school that draws from its neighbours has a grade below of a handful, and no ratio to it.
fn fed(rolls: &Panel, unit: UnitId, g: ChainGrade) -> bool {
    let (mut below, mut now, mut seen) = (0.0, 0.0, 0);
    for t in rolls.years().skip(1).rev() {
        let (n, from) = (rolls.get(unit, t, g), rolls.get(unit, t.minus(1), g.minus(1)));
        if n > 0.0 && rolls.any(unit, t.minus(1)) && seen < 3 {
            seen += 1;
            now += n;
            below += from.max(0.0);
        }
    }
    if seen == 0 {
        return rolls.get(unit, rolls.years().end().minus(1), g.minus(1)) >= ratios::SMALLEST_COHORT;
    }
    now <= MOST_ARRIVING * below
}

/// What each area serves, with its part of each grade.
struct Plan {
    serving: Serving,
    /// Part of the grade's total.
    share: Grid<UnitId, ChainGrade, f64>,
    /// Ratio of the totals of all areas into each grade.
    total_ratio: Table<ChainGrade, f64>,
}

impl Plan {
    fn new(history: &History) -> Self {
        let rolls = &history.rolls;
        let mut plan = Self {
            serving: Serving::new(rolls),
            share: Grid::filled(Shape::new(rolls.units().len(), rolls.grades().len()), 0.0),
            total_ratio: Table::filled(rolls.grades().len(), 1.0),
        };
        plan.shares(history);
        plan.totals(history);
        plan
    }

    fn shares(&mut self, history: &History) {
        let rolls = &history.rolls;
        for g in rolls.grades() {
            let mut total = 0.0;
            for (t, weight) in rolls.years().rev().zip(SHARE_YEARS) {
                for i in rolls.units() {
                    let pupils = rolls.get(i, t, g);
                    if pupils.is_finite() && self.serving.serves((i, g), Lead::ORIGIN) {
                        self.share[(i, g)] += weight * pupils;
                        total += weight * pupils;
                    }
                }
            }
            if total > 0.0 {
                for i in rolls.units() {
                    self.share[(i, g)] /= total;
                }
            }
        }
    }

    fn totals(&mut self, history: &History) {
        let rolls = &history.rolls;
        for g in rolls.grades().skip(1) {
            let (mut arrived, mut left, mut weight) = (0.0, 0.0, 1.0);
            for t in rolls.years().skip(1).rev() {
                let sum = |t: PastYear, g: ChainGrade| -> f64 {
                    rolls.units().map(|i| rolls.get(i, t, g)).filter(|n| n.is_finite()).sum()
                };
                let (now, before) = (sum(t, g), sum(t.minus(1), g.minus(1)));
                if now > 0.0 && before > 0.0 {
                    arrived += weight * now;
                    left += weight * before;
                }
                weight *= SHARE_YEARS[1];
            }
            if left > 0.0 {
                self.total_ratio[g] = arrived / left;
            }
        }
    }
}
