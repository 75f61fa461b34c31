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
use crate::forecast::history::{History, Panel};

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
        grade: usize,
    },
    /// Nothing is known of this grade in any area at the origin: it is held at its last known roll, or left out.
    NoGrade {
        /// The grade.
        grade: usize,
    },
    /// No children are known: entry is forecast from past entries.
    NoChildren,
    /// An area without a roll at the origin: it is left out.
    AreaGone {
        /// The area.
        area: usize,
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
    areas: usize,
    grades: usize,
    leads: usize,
    years: usize,
    pub(super) observed: Observed,
    pub(super) common: Common,
    pub(super) levels: Vec<Level>,
    pub(super) own: Own,
    pub(super) entry: Entry,
    /// Pupils by lead (0 = origin), area and grade; NaN where an area does not serve a grade.
    pupils: Vec<f64>,
    fed: Vec<bool>,
    assumed_from: Option<usize>,
    pub(super) schools: Option<SchoolForecast>,
    fallbacks: Vec<Fallback>,
}

/// First lead at which no source knows the children.
fn assumed_from(history: &History, leads: usize) -> Option<usize> {
    let known = |h: usize| history.sources.iter().any(|s| super::entry::knows(history, s, h));
    (!history.sources.is_empty()).then(|| (1..=leads).find(|&h| !known(h))).flatten()
}

/// Log ratios less the common one of the year.
pub(super) fn excess(observed: &Observed, common: &Common) -> Observed {
    let mut excess = observed.clone();
    for unit in 0..excess.units {
        for t in 0..excess.years {
            for g in 1..excess.grades {
                let at = excess.at(unit, t, g);
                excess.value[at] -= common.get(g, t).0;
            }
        }
    }
    excess
}

impl Calibration {
    pub(super) fn learn(learner: Learner, history: &History, leads: usize) -> Self {
        let rolls = &history.rolls;
        let (areas, grades) = (rolls.units(), rolls.grades());
        let (observed, common) = ratios::areas(rolls, learner);
        let levels = levels(&common, grades, rolls.years(), learner);
        let own = Own::learn(&excess(&observed, &common), learner);
        let entry = Entry::learn(history, leads, learner, &|i, g| levels[g].value + own.get(i, g));
        let mut out = Self {
            learner,
            areas,
            grades,
            leads,
            years: rolls.years(),
            observed,
            common,
            levels,
            own,
            entry,
            pupils: vec![f64::NAN; (leads + 1) * areas * grades],
            fed: Vec::new(),
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
    pub fn pupils(&self, h: usize, i: usize, g: usize) -> f64 {
        self.pupils[(h * self.areas + i) * self.grades + g]
    }

    /// Pupils of a school in grade `g`, `h` years after the origin, unrounded; NaN where it does not serve it.
    pub fn school_pupils(&self, h: usize, school: usize, g: usize) -> f64 {
        self.schools.as_ref().map_or(f64::NAN, |s| s.get(h, school, g))
    }

    /// Pupils by lead (0 = origin), area and grade.
    pub(super) fn all_pupils(&self) -> &[f64] {
        &self.pupils
    }

    /// The areas as a level, under the forecast `pupils`.
    pub(super) fn area_layer<'a>(&'a self, pupils: &'a [f64], sizes: &'a Sizes) -> Layer<'a> {
        let (units, grades) = (self.areas, self.grades);
        Layer { units, grades, pupils, fed: &self.fed, own: &self.own, sizes: &sizes.area }
    }

    /// The schools as a level, under the forecast `pupils`.
    pub(super) fn school_layer<'a>(&'a self, pupils: &'a [f64], sizes: &'a Sizes) -> Option<Layer<'a>> {
        self.schools.as_ref().filter(|_| !pupils.is_empty()).map(|s| s.layer(pupils, &sizes.school))
    }

    /// Log ratio of area `i` into grade `g`, `h` years ahead, before the constant share is mixed in.
    pub fn log_ratio(&self, i: usize, g: usize, h: usize) -> f64 {
        self.levels[g].ahead(h) + self.own.get(i, g)
    }

    /// Logarithm of the entrants of area `i`, `h` years ahead, before the constant share is mixed in; NaN where nothing is
    /// known of its entry.
    pub fn log_entrants(&self, i: usize, h: usize) -> f64 {
        self.entry.log(h, i)
    }

    /// Whether the entry of area `i` is forecast from its children; if not, from past entries.
    pub fn entry_on_children(&self, i: usize) -> bool {
        self.entry.on_children[i]
    }

    /// Whether any year gave a ratio into grade `g`.
    pub fn knows_ratio(&self, g: usize) -> bool {
        self.levels[g].known
    }

    /// Whether grade `g` of area `i` is fed by the grade below.
    pub fn is_fed(&self, i: usize, g: usize) -> bool {
        self.fed[i * self.grades + g]
    }

    /// Number of areas.
    pub fn areas(&self) -> usize {
        self.areas
    }

    /// Number of grades.
    pub fn grades(&self) -> usize {
        self.grades
    }

    /// Years of the history.
    pub fn years(&self) -> usize {
        self.years
    }

    /// First lead at which entry rests on children that are not counted yet; `None` without children, or if never.
    pub fn assumed_from(&self) -> Option<usize> {
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
        let (areas, grades, cells) = (self.areas, self.grades, self.areas * self.grades);
        let plan = Plan::new(history);
        let catch_up = self.learner.or(Ingredient::CatchUp, CATCH_UP, 0.0);
        for i in 0..areas {
            for g in 0..grades {
                self.pupils[i * grades + g] = plan.serving.base[i * grades + g];
            }
        }
        for h in 1..=self.leads {
            for g in 0..grades {
                let total = if g == 0 { 0.0 } else { self.total(h - 1, g - 1) * plan.total_ratio[g] };
                for i in 0..areas {
                    let at = i * grades + g;
                    if !plan.serving.serves(at, h) {
                        continue;
                    }
                    let moved = if g == 0 {
                        let entry = libm::exp(self.entry.log(h, i));
                        if entry.is_finite() { entry } else { plan.serving.base[at] }
                    } else if plan.serving.fed[at] {
                        let surprise = self.entry.surprise[i].clamp(-SURPRISE, SURPRISE);
                        let back = if (h, g) == (1, 1) { catch_up * surprise } else { 0.0 };
                        let below = self.pupils[(h - 1) * cells + at - 1];
                        below.max(0.0) * libm::exp(self.log_ratio(i, g, h) - back)
                    } else if total > 0.0 {
                        plan.share[at] * total
                    } else {
                        plan.serving.base[at]
                    };
                    self.pupils[h * cells + at] = moved;
                }
            }
        }
        self.fed = plan.serving.fed;
        for h in 1..=self.leads {
            for g in 0..grades {
                self.mix(h, g, &plan.share);
            }
        }
    }

    /// Mixes grade `g` with its constant shares.
    fn mix(&mut self, h: usize, g: usize, share: &[f64]) {
        let w = self.learner.or(Ingredient::ConstantShare, mix::weight(h), 0.0);
        let pupils: Vec<f64> = (0..self.areas).map(|i| self.pupils(h, i, g)).collect();
        let share: Vec<f64> = (0..self.areas).map(|i| share[i * self.grades + g]).collect();
        let part: Vec<f64> = (0..self.areas)
            .map(|i| match (pupils[i].is_finite(), g < h) {
                (false, _) => 0.0,
                (true, false) => w,
                // a cohort of the area's own children has its own size
                (true, true) if self.entry.own_children[i] => 0.0,
                (true, true) => w * self.learner.or(Ingredient::LaterShare, self.chance(i), 1.0),
            })
            .collect();
        for (i, n) in mix::share_again(&pupils, &part, &share).into_iter().enumerate() {
            self.pupils[(h * self.areas + i) * self.grades + g] = n;
        }
    }

    /// Share of the variance of cohorts entering area `i` that comes from small numbers.
    fn chance(&self, i: usize) -> f64 {
        mix::chance(libm::exp(self.entry.log(1, i)))
    }

    /// Pupils of a grade in all areas.
    fn total(&self, h: usize, g: usize) -> f64 {
        (0..self.areas).map(|i| self.pupils(h, i, g)).filter(|n| n.is_finite()).sum()
    }

    fn fallbacks(&mut self, history: &History) {
        let rolls = &history.rolls;
        let last = history.origin();
        let years = (0..=last).filter(|&t| rolls.any_in_year(t)).count();
        if years < 4 {
            self.fallbacks.push(Fallback::FewYears { years });
        }
        if self.entry.fits.iter().all(|(fit, _)| fit.source.is_none()) {
            self.fallbacks.push(Fallback::NoChildren);
        }
        for grade in 0..self.grades {
            if (0..self.areas).all(|i| rolls.get(i, last, grade).is_nan()) {
                self.fallbacks.push(Fallback::NoGrade { grade });
            } else if grade > 0 && !self.levels[grade].known {
                self.fallbacks.push(Fallback::NoRatio { grade });
            }
        }
        for area in (0..self.areas).filter(|&i| !rolls.any(i, last)) {
            self.fallbacks.push(Fallback::AreaGone { area });
        }
    }
}

/// Which grades a unit has, and from where they are fed.
pub(super) struct Serving {
    /// Roll at the origin; NaN where a grade has none.
    pub(super) base: Vec<f64>,
    /// Lead from which a grade is served; `usize::MAX` if never.
    from: Vec<usize>,
    /// Whether the own grade below feeds it.
    pub(super) fed: Vec<bool>,
}

impl Serving {
    pub(super) fn new(rolls: &Panel) -> Self {
        let (units, grades, last) = (rolls.units(), rolls.grades(), rolls.years() - 1);
        let cells = units * grades;
        let mut out =
            Self { base: vec![f64::NAN; cells], from: vec![usize::MAX; cells], fed: vec![false; cells] };
        for unit in 0..units {
            for g in 0..grades {
                let at = unit * grades + g;
                let now = rolls.get(unit, last, g);
                if now > 0.0 {
                    out.base[at] = now;
                    out.from[at] = 0;
                } else if g > 0 && last > 0 {
                    let was = |g: usize| rolls.get(unit, last - 1, g) > 0.0;
                    let opened = out.from[at - 1] == 0 && !was(g - 1) && g > 1 && was(g - 2);
                    let opening = out.from[at - 1] > 0 && out.from[at - 1] < usize::MAX;
                    if opened || opening {
                        out.from[at] = out.from[at - 1] + 1;
                    }
                }
                out.fed[at] = g > 0 && (out.from[at] > 0 || fed(rolls, unit, g));
            }
        }
        out
    }

    pub(super) fn serves(&self, at: usize, h: usize) -> bool {
        self.from[at] <= h
    }
}

/// Whether most pupils of grade `g` come from the grade below of the same unit, in the last three years in which the
/// grade was seen. A high school that draws from its neighbours has a grade below of a handful, and no ratio to it.
fn fed(rolls: &Panel, unit: usize, g: usize) -> bool {
    let (mut below, mut now, mut seen) = (0.0, 0.0, 0);
    for t in (1..rolls.years()).rev() {
        let (n, from) = (rolls.get(unit, t, g), rolls.get(unit, t - 1, g - 1));
        if n > 0.0 && rolls.any(unit, t - 1) && seen < 3 {
            seen += 1;
            now += n;
            below += from.max(0.0);
        }
    }
    if seen == 0 {
        return rolls.get(unit, rolls.years() - 1, g - 1) >= ratios::SMALLEST_COHORT;
    }
    now <= MOST_ARRIVING * below
}

/// What each area serves, with its part of each grade.
struct Plan {
    serving: Serving,
    /// Part of the grade's total.
    share: Vec<f64>,
    /// Ratio of the totals of all areas into each grade.
    total_ratio: Vec<f64>,
}

impl Plan {
    fn new(history: &History) -> Self {
        let rolls = &history.rolls;
        let mut plan = Self {
            serving: Serving::new(rolls),
            share: vec![0.0; rolls.units() * rolls.grades()],
            total_ratio: vec![1.0; rolls.grades()],
        };
        plan.shares(history);
        plan.totals(history);
        plan
    }

    fn shares(&mut self, history: &History) {
        let (areas, grades) = (history.rolls.units(), history.rolls.grades());
        for g in 0..grades {
            let mut total = 0.0;
            for (back, weight) in SHARE_YEARS.into_iter().enumerate().take(history.rolls.years()) {
                for i in 0..areas {
                    let pupils = history.rolls.get(i, history.origin() - back, g);
                    if pupils.is_finite() && self.serving.from[i * grades + g] == 0 {
                        self.share[i * grades + g] += weight * pupils;
                        total += weight * pupils;
                    }
                }
            }
            if total > 0.0 {
                for i in 0..areas {
                    self.share[i * grades + g] /= total;
                }
            }
        }
    }

    fn totals(&mut self, history: &History) {
        let rolls = &history.rolls;
        for g in 1..rolls.grades() {
            let (mut arrived, mut left, mut weight) = (0.0, 0.0, 1.0);
            for t in (1..rolls.years()).rev() {
                let sum = |t: usize, g: usize| -> f64 {
                    (0..rolls.units()).map(|i| rolls.get(i, t, g)).filter(|n| n.is_finite()).sum()
                };
                let (now, before) = (sum(t, g), sum(t - 1, g - 1));
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
