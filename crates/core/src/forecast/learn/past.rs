//! How wrong the forecasts of earlier origins turned out, and what that says of today's bands.
//!
//! The forecast is made again at every earlier origin, each from what was known then, and set against the rolls that have
//! come since. Errors e = ln(N / F) are parted into
//!
//! ```text
//! common   e of the total of all areas
//! unit     e of a stage of an area less the common one; of a stage of a school less its area's
//! cell     e of a grade less that of its stage
//! ```
//!
//! at each lead, apart for cohorts in school at the origin and those that entered later, and compared with what the sizes
//! of [`super::noise`] expect. The scale of a part is
//!
//! ```text
//! common   c^2 = (4 + sum z^2) / (4 + n)                                n origins
//! others   c   = (q80 of |z| / q80 of the draws)^trust                  trust = n / (n + 3) o / (o + 1), o origins
//! ```
//!
//! cut to 0.4..2.5. Before that, z is divided by the unit's temper, t^2 = (8 + sum 0.6 z^2) / (8 + n) over its own errors at
//! lead 1, less what the units have of it together: a school that is filling errs more than a settled one of its size.
//! Beyond the eighty per cent quantile the upper tail of a class of size is stretched until the draws' 98 % quantile is that
//! of the errors, where theirs is further out: places are secured there. Few origins move a scale little; a lead without any
//! takes that of the lead before, to the power 0.85 of what all areas share, 0.4 of a unit's own, and its tail whole.

use std::ops::Range;

use super::{
    layer::{self, Layer},
    learner::Learner,
    noise::Sizes,
    point::Calibration,
};
use crate::forecast::history::{History, Panel};

/// Fewest years of rolls from which an earlier forecast is made.
const FEWEST_YEARS: usize = 3;
/// Smallest number of pupils whose error is read.
const SMALLEST: f64 = 10.0;
/// Observations the prior of the common scale counts for.
const PRIOR_ORIGINS: f64 = 4.0;
/// Eighty per cent quantile of |z| in the draws: of Student's t with five degrees of freedom.
pub(super) const DRAWN_Q80: f64 = 1.4759;
/// Ninety-eight per cent quantile of the same, one side.
pub(super) const DRAWN_Q98: f64 = 2.7565;
/// Errors that what is known elsewhere counts for against a class's own tail.
const TAIL_CELLS: f64 = 50.0;
/// Errors that the expectation counts for against a unit's own.
const TEMPER: f64 = 8.0;
/// Largest standardised error that is believed of a unit.
const STRANGE: f64 = 5.0;
/// Powers by which the scale of one lead is taken for a lead without origins: what all areas share goes on much as it was,
/// what is a unit's own is of another kind at another lead.
const COMMON_CARRIED: f64 = 0.85;
const UNIT_CARRIED: f64 = 0.4;
/// Range of a scale.
const LEAST: f64 = 0.4;
const MOST: f64 = 2.5;

/// Upper ends of the classes of size, pupils foretold; the last class has none.
pub const SIZE_CLASSES: [f64; 3] = [100.0, 300.0, 1000.0];

/// Class of a number of pupils foretold.
pub fn size_class(pupils: f64) -> usize {
    SIZE_CLASSES.iter().position(|top| pupils < *top).unwrap_or(SIZE_CLASSES.len())
}

/// Scales of a unit's parts at one lead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitScale {
    /// What the grades of a unit share.
    pub unit: f64,
    /// A grade of a unit alone.
    pub cell: f64,
    /// How much longer the upper tail is than drawn, beyond the eighty per cent quantile: of units by class of size.
    pub unit_tail: [f64; 4],
    /// Of cells by class of size.
    pub cell_tail: [f64; 4],
}

/// Scales at one lead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// What all areas share.
    pub common: f64,
    /// Areas.
    pub area: UnitScale,
    /// Schools within their area.
    pub school: UnitScale,
}

impl UnitScale {
    const ONE: Self = Self { unit: 1.0, cell: 1.0, unit_tail: [1.0; 4], cell_tail: [1.0; 4] };

    fn carried(self) -> Self {
        Self { unit: libm::pow(self.unit, UNIT_CARRIED), cell: libm::pow(self.cell, UNIT_CARRIED), ..self }
    }
}

impl Scale {
    /// As the sizes have it.
    pub const ONE: Self = Self { common: 1.0, area: UnitScale::ONE, school: UnitScale::ONE };
}

/// Scales by lead (from 1).
#[derive(Debug, Clone, PartialEq)]
pub struct Scales {
    /// Cohorts in school at the origin.
    pub in_school: Vec<Scale>,
    /// Cohorts that enter later.
    pub entering: Vec<Scale>,
    /// Number of earlier origins behind each lead.
    pub origins: Vec<usize>,
    /// How much more, or less, each area errs than its size and the others let expect.
    pub area_temper: Vec<f64>,
    /// The same of each school; empty without schools.
    pub school_temper: Vec<f64>,
}

impl Scales {
    /// As the sizes have it, at `leads` leads.
    pub fn one(leads: usize) -> Self {
        Self {
            in_school: vec![Scale::ONE; leads],
            entering: vec![Scale::ONE; leads],
            origins: vec![0; leads],
            area_temper: Vec::new(),
            school_temper: Vec::new(),
        }
    }

    /// The scale of cohorts at lead `h`.
    pub fn at(&self, h: usize, in_school: bool) -> &Scale {
        if in_school { &self.in_school[h - 1] } else { &self.entering[h - 1] }
    }
}

/// The forecast of an earlier origin, pupils by lead (0 = origin), unit and grade.
#[derive(Debug, Clone)]
struct PastForecast {
    origin: usize,
    leads: usize,
    areas: Vec<f64>,
    schools: Vec<f64>,
}

/// Forecasts of earlier origins.
#[derive(Debug, Clone, Default)]
pub struct Past {
    forecasts: Vec<PastForecast>,
}

impl Past {
    /// The forecasts that would have been made at every earlier origin of `history`, each from what was known then.
    pub fn collect(history: &History, leads: usize, learner: Learner) -> Self {
        let mut past = Self::default();
        for origin in (0..history.origin()).filter(|&origin| Self::usable(history, origin)) {
            past.add(&learner.calibrate(&history.cut(origin), leads.min(history.origin() - origin)));
        }
        past
    }

    /// Whether year index `origin` has rolls and enough years before it.
    pub fn usable(history: &History, origin: usize) -> bool {
        history.rolls.any_in_year(origin)
            && (0..=origin).filter(|&t| history.rolls.any_in_year(t)).count() >= FEWEST_YEARS
    }

    /// Adds a forecast: for those who make one after another anyway.
    pub fn add(&mut self, calibration: &Calibration) {
        self.forecasts.push(PastForecast {
            origin: calibration.years() - 1,
            leads: calibration.leads(),
            areas: calibration.all_pupils().to_vec(),
            schools: calibration.schools.as_ref().map_or_else(Vec::new, |s| s.pupils.clone()),
        });
    }

    /// Scales for a forecast from `history`; only errors at targets up to its origin are read. `stages` are the grades
    /// whose totals matter.
    pub fn scales(
        &self,
        history: &History,
        calibration: &Calibration,
        sizes: &Sizes,
        stages: &[Range<usize>],
    ) -> Scales {
        let mut out = Scales::one(calibration.leads());
        let stages = &with_rest(stages, calibration.grades());
        // the shortest lead tells units that always err from those that hardly do; then every lead is scaled
        out.area_temper = vec![1.0; history.rolls.units()];
        out.school_temper = vec![1.0; history.schools.as_ref().map_or(0, |s| s.rolls.units())];
        let mut tempers = (Temper::new(out.area_temper.len()), Temper::new(out.school_temper.len()));
        for in_school in [true, false] {
            let errors = self.lead_errors(history, calibration, sizes, stages, 1, in_school);
            let scale = errors.scale(Scale::ONE, &out);
            tempers.0.add(&errors.area, &scale.area);
            tempers.1.add(&errors.school, &scale.school);
        }
        out.area_temper = tempers.0.finish();
        out.school_temper = tempers.1.finish();
        for h in 1..=calibration.leads() {
            for in_school in [true, false] {
                let before = if h == 1 { Scale::ONE } else { *out.at(h - 1, in_school) };
                let errors = self.lead_errors(history, calibration, sizes, stages, h, in_school);
                out.origins[h - 1] = out.origins[h - 1].max(errors.common.len());
                let scale = errors.scale(before, &out);
                if in_school {
                    out.in_school[h - 1] = scale;
                } else {
                    out.entering[h - 1] = scale;
                }
            }
        }
        out
    }

    fn lead_errors(
        &self,
        history: &History,
        calibration: &Calibration,
        sizes: &Sizes,
        stages: &[Range<usize>],
        h: usize,
        in_school: bool,
    ) -> LeadErrors {
        let mut errors = LeadErrors::default();
        for past in &self.forecasts {
            if past.leads >= h
                && past.origin + h <= history.origin()
                && history.rolls.any_in_year(past.origin + h)
            {
                errors.add(history, calibration, sizes, stages, past, h, in_school);
            }
        }
        errors
    }
}

/// The stages, and the runs of grades that are in none: the bands of those are learnt too.
fn with_rest(stages: &[Range<usize>], grades: usize) -> Vec<Range<usize>> {
    let mut all = stages.to_vec();
    let mut start = 0;
    for g in 0..=grades {
        if g == grades || stages.iter().any(|s| s.contains(&g)) {
            if start < g {
                all.push(start..g);
            }
            start = g + 1;
        }
    }
    all
}

/// How a unit's errors compare with what its size and the others let expect.
#[derive(Debug)]
struct Temper {
    squares: Vec<f64>,
    count: Vec<f64>,
}

impl Temper {
    fn new(units: usize) -> Self {
        Self { squares: vec![0.0; units], count: vec![0.0; units] }
    }

    fn add(&mut self, errors: &UnitErrors, scale: &UnitScale) {
        for e in &errors.units {
            let z = e.z(scale.unit, scale.cell);
            // Student's t with five degrees of freedom has variance 5/3
            self.squares[e.unit] += f64::min(z * z, STRANGE * STRANGE) * 0.6;
            self.count[e.unit] += 1.0;
        }
    }

    fn finish(self) -> Vec<f64> {
        let temper = |(s, n): (f64, f64)| ((TEMPER + s) / (TEMPER + n)).sqrt();
        let tempers: Vec<f64> = self.squares.into_iter().zip(self.count).map(temper).collect();
        // tempers tell units apart; how wrong they are together is for the scales to say
        let mean = tempers.iter().sum::<f64>() / f64::max(tempers.len() as f64, 1.0);
        tempers.into_iter().map(|t| t / mean.max(1.0)).collect()
    }
}

/// Errors of one lead and kind of cohort.
#[derive(Debug, Default)]
struct LeadErrors {
    /// z of the totals.
    common: Vec<f64>,
    area: UnitErrors,
    school: UnitErrors,
}

/// Standardised errors of the units of one level.
#[derive(Debug, Default)]
struct UnitErrors {
    units: Vec<UnitError>,
    cells: Vec<CellError>,
}

/// z of a cell.
#[derive(Debug, Clone, Copy)]
struct CellError {
    unit: usize,
    z: f64,
    class: usize,
}

/// Error of a unit's stage, and the variances of its parts.
#[derive(Debug, Clone, Copy)]
struct UnitError {
    unit: usize,
    error: f64,
    unit_var: f64,
    cell_var: f64,
    class: usize,
}

impl UnitError {
    fn z(&self, unit: f64, cell: f64) -> f64 {
        self.error / (unit * unit * self.unit_var + cell * cell * self.cell_var).sqrt()
    }
}

/// A unit's stage in the past.
struct StageError {
    unit: usize,
    actual: f64,
    foretold: f64,
    unit_var: f64,
    cell_var: f64,
    /// Actual, foretold, variance of the cell's part.
    cells: Vec<(f64, f64, f64)>,
}

impl StageError {
    fn error(&self) -> f64 {
        libm::log(self.actual / self.foretold)
    }
}

/// The stages of `layer` at lead `h` that can be scored against `rolls` in year index `t`; those of one stage together.
fn stage_errors(
    layer: &Layer<'_>,
    rolls: &Panel,
    t: usize,
    h: usize,
    stage: &Range<usize>,
    in_school: bool,
) -> Vec<StageError> {
    let mut out = Vec::new();
    for unit in 0..layer.units {
        let mut stage_error =
            StageError { unit, actual: 0.0, foretold: 0.0, unit_var: 0.0, cell_var: 0.0, cells: Vec::new() };
        for g in stage.clone() {
            let (n, f) = (rolls.get(unit, t, g), layer.pupils(h, unit, g));
            let kind = if in_school { layer.in_school(h, unit, g) } else { layer.enters(h, unit, g) };
            if n > 0.0 && f > 0.0 && kind {
                let parts = layer.parts(h, unit, g);
                stage_error.actual += n;
                stage_error.foretold += f;
                stage_error.unit_var += f * parts.unit;
                stage_error.cell_var += f * f * parts.cell;
                stage_error.cells.push((n, f, parts.cell));
            }
        }
        let f = stage_error.foretold;
        if f >= SMALLEST {
            stage_error.unit_var /= f;
            stage_error.cell_var /= f * f;
            out.push(stage_error);
        }
    }
    out
}

impl LeadErrors {
    #[expect(clippy::too_many_arguments, reason = "all that a past forecast is set against")]
    fn add(
        &mut self,
        history: &History,
        calibration: &Calibration,
        sizes: &Sizes,
        stages: &[Range<usize>],
        past: &PastForecast,
        h: usize,
        in_school: bool,
    ) {
        let t = past.origin + h;
        let areas = calibration.area_layer(&past.areas, sizes);
        let by_stage: Vec<Vec<StageError>> =
            stages.iter().map(|s| stage_errors(&areas, &history.rolls, t, h, s, in_school)).collect();
        let (mut actual, mut foretold, mut expected, mut rest) = (0.0, 0.0, 0.0, 0.0);
        for (stage, errors) in stages.iter().zip(&by_stage) {
            let middle = usize::midpoint(stage.start, stage.end);
            let common =
                layer::common(&sizes.common, h, if in_school { middle.max(h) } else { middle.min(h - 1) });
            for e in errors {
                actual += e.actual;
                foretold += e.foretold;
                expected += e.foretold * common.sqrt();
                rest += e.foretold * e.foretold * (e.unit_var + e.cell_var);
            }
        }
        if foretold <= 0.0 {
            return;
        }
        let shared = libm::log(actual / foretold);
        self.common.push(shared * foretold / (expected * expected + rest).sqrt());
        let few = areas.units < 4;
        for errors in &by_stage {
            for e in errors {
                self.area.add(e, if few { None } else { Some(shared) }, 1.0);
            }
        }
        let (Some(rolls), Some(schools)) = (&history.schools, calibration.school_layer(&past.schools, sizes))
        else {
            return;
        };
        for (stage, areas) in stages.iter().zip(&by_stage) {
            let mut area_of = vec![None; history.rolls.units()];
            for e in areas {
                area_of[e.unit] = Some((e.error(), e.foretold));
            }
            for e in stage_errors(&schools, &rolls.rolls, t, h, stage, in_school) {
                if let Some((error, pupils)) = area_of[rolls.area_of[e.unit]]
                    && e.foretold < 0.99 * pupils
                {
                    // shares add to one: of n alike, one's variance is (n - 1) / n of what it would be alone
                    self.school.add(&e, Some(error), (1.0 - e.foretold / pupils).sqrt());
                }
            }
        }
    }

    fn scale(&self, before: Scale, known: &Scales) -> Scale {
        let origins = self.common.len() as f64;
        let common = if origins == 0.0 {
            libm::pow(before.common, COMMON_CARRIED)
        } else {
            let squares: f64 = self.common.iter().map(|z| z * z).sum();
            ((PRIOR_ORIGINS + squares) / (PRIOR_ORIGINS + origins)).sqrt().clamp(LEAST, MOST)
        };
        Scale {
            common,
            area: self.area.scale(before.area, origins, &known.area_temper),
            school: self.school.scale(before.school, origins, &known.school_temper),
        }
    }
}

impl UnitErrors {
    /// Adds a stage whose parent erred by `parent` (unknown: the units are too few to tell theirs from the common one),
    /// its variance times `part` squared.
    fn add(&mut self, e: &StageError, parent: Option<f64>, part: f64) {
        let error = e.error();
        if let Some(parent) = parent {
            self.units.push(UnitError {
                unit: e.unit,
                error: (error - parent) / part,
                unit_var: e.unit_var,
                cell_var: e.cell_var,
                class: size_class(e.foretold),
            });
        }
        if e.cells.len() < 2 {
            return;
        }
        for &(n, f, var) in &e.cells {
            if f >= SMALLEST {
                let share = f / e.foretold;
                let rest = (e.cell_var - var * share * share).max(0.0);
                let sd = (var * (1.0 - share) * (1.0 - share) + rest).sqrt();
                self.cells.push(CellError {
                    unit: e.unit,
                    z: (libm::log(n / f) - error) / sd,
                    class: size_class(f),
                });
            }
        }
    }

    fn scale(&self, before: UnitScale, origins: f64, temper: &[f64]) -> UnitScale {
        if self.units.is_empty() && self.cells.is_empty() {
            return before.carried();
        }
        let trust = |n: usize| n as f64 / (n as f64 + 3.0) * origins / (origins + 1.0);
        let z = |e: &UnitError, unit: f64, cell: f64| e.z(unit, cell) / temper[e.unit];
        let cell_z = |c: &CellError| c.z / temper[c.unit];
        let solve = |scales: &dyn Fn(f64) -> (f64, f64)| {
            let excess = |c: f64| {
                let (unit, cell) = scales(c);
                q80(&mut self.units.iter().map(|e| z(e, unit, cell)).collect::<Vec<_>>()) - DRAWN_Q80
            };
            libm::pow(bisect(excess, 0.2, 4.0), trust(self.units.len())).clamp(LEAST, MOST)
        };
        let (unit, cell) = if self.cells.is_empty() {
            let both = solve(&|c| (c, c));
            (both, both)
        } else {
            let seen = q80(&mut self.cells.iter().map(cell_z).collect::<Vec<_>>());
            let cell = libm::pow(seen / DRAWN_Q80, trust(self.cells.len())).clamp(LEAST, MOST);
            // the unit's own part is what is left when its cells have theirs
            (if self.units.is_empty() { 1.0 } else { solve(&|c| (c, cell)) }, cell)
        };
        let unit_z: Vec<(f64, usize)> = self.units.iter().map(|e| (z(e, unit, cell), e.class)).collect();
        let cells_z: Vec<(f64, usize)> = self.cells.iter().map(|c| (cell_z(c) / cell, c.class)).collect();
        UnitScale {
            unit,
            cell,
            unit_tail: tails(&unit_z, before.unit_tail),
            cell_tail: tails(&cells_z, before.cell_tail),
        }
    }
}

/// How much longer the upper tail of standardised errors is than drawn, by class of size, never shorter. A class of few
/// errors takes that of all classes; a lead of few errors that of the lead before, whole: a tail that has not been seen
/// yet is no shorter.
fn tails(z: &[(f64, usize)], before: [f64; 4]) -> [f64; 4] {
    let mut all: Vec<f64> = z.iter().map(|(z, _)| *z).collect();
    let pooled = tail(&mut all);
    std::array::from_fn(|class| {
        let mut of: Vec<f64> = z.iter().filter(|(_, c)| *c == class).map(|(z, _)| *z).collect();
        let lean = |(longer, n): (f64, f64), on: f64| {
            let trust = n / (n + TAIL_CELLS);
            libm::pow(longer, trust) * libm::pow(on, 1.0 - trust)
        };
        lean(tail(&mut of), lean(pooled, before[class]))
    })
}

/// How much longer the upper tail of `z` is than drawn, and how many they are.
fn tail(z: &mut [f64]) -> (f64, f64) {
    let n = z.len();
    if n == 0 {
        return (1.0, 0.0);
    }
    let at = ((0.98 * n as f64).ceil() as usize).clamp(1, n) - 1;
    let seen = *z.select_nth_unstable_by(at, f64::total_cmp).1;
    (((seen - DRAWN_Q80) / (DRAWN_Q98 - DRAWN_Q80)).clamp(1.0, 4.0), n as f64)
}

/// Where a falling function crosses zero between `low` and `high`.
fn bisect(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    for _ in 0..16 {
        let middle = (low * high).sqrt();
        if f(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low * high).sqrt()
}

/// Eighty per cent quantile of the absolute values; orders and overwrites them.
fn q80(z: &mut [f64]) -> f64 {
    for z in z.iter_mut() {
        *z = z.abs();
    }
    let at = ((0.8 * z.len() as f64).ceil() as usize).clamp(1, z.len()) - 1;
    *z.select_nth_unstable_by(at, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_outside_the_stages_are_learnt_from_in_runs() {
        assert_eq!(with_rest(&[1..7, 7..10], 13), [1..7, 7..10, 0..1, 10..13]);
        assert_eq!(with_rest(&[0..6, 6..9], 9), [0..6, 6..9]);
        assert_eq!(with_rest(&[1..2, 2..3], 4), [1..2, 2..3, 0..1, 3..4]);
    }
}
