//! Errors of one lead, split by level.
//!
//! ```text
//! common   e of the total of all areas                                    e = ln(N / F)
//! unit     e of a stage of an area less the common one; of a stage of a school less its area's
//! cell     e of a grade less that of its stage
//! ```
//!
//! Each comes with the variances that the sizes of [`super::noise`] expect of its parts.

use super::{
    layer::{self, Layer},
    noise::Sizes,
    past::PastForecast,
    point::Calibration,
};
use crate::{
    forecast::history::{History, Panel},
    index::{ChainGrade, Ids, Lead, PastYear, Table, UnitId},
};

/// Smallest number of pupils whose error counts.
const SMALLEST: f64 = 10.0;
/// Fewest areas at which an area's own part can be told from what all share.
const FEWEST_AREAS: usize = 4;

/// Upper ends of the classes of size, in pupils forecast; the last class has none.
pub const SIZE_CLASSES: [f64; 3] = [100.0, 300.0, 1000.0];

/// Class of a number of pupils forecast.
pub fn size_class(pupils: f64) -> usize {
    SIZE_CLASSES.iter().position(|top| pupils < *top).unwrap_or(SIZE_CLASSES.len())
}

/// Errors of one lead and kind of cohort.
#[derive(Debug, Default)]
pub(super) struct LeadErrors {
    /// Whether the areas are too few to tell their own part from what they share.
    pub(super) few_areas: bool,
    /// `true` for cohorts in school at the origin, `false` for those that enter later.
    pub(super) in_school: bool,
    /// z of the totals.
    pub(super) common: Vec<f64>,
    pub(super) area: UnitErrors,
    pub(super) school: UnitErrors,
}

/// Standardised errors of the units of one level.
#[derive(Debug, Default)]
pub(super) struct UnitErrors {
    pub(super) units: Vec<UnitError>,
    pub(super) cells: Vec<CellError>,
}

/// z of a cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct CellError {
    pub(super) unit: UnitId,
    pub(super) z: f64,
    pub(super) class: usize,
}

/// Error of a unit's stage, and the variances of its parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct UnitError {
    pub(super) unit: UnitId,
    error: f64,
    unit_var: f64,
    cell_var: f64,
    pub(super) class: usize,
}

impl UnitError {
    /// The error over what the sizes expect where its parts have these scales.
    pub(super) fn z(&self, unit: f64, cell: f64) -> f64 {
        self.error / (unit * unit * self.unit_var + cell * cell * self.cell_var).sqrt()
    }
}

/// A unit's stage in the past.
struct StageError {
    unit: UnitId,
    actual: f64,
    forecast: f64,
    unit_var: f64,
    cell_var: f64,
    /// Actual and forecast pupils, variance of the cell's part.
    cells: Vec<(f64, f64, f64)>,
}

impl StageError {
    fn error(&self) -> f64 {
        libm::log(self.actual / self.forecast)
    }
}

/// The stages of `layer` at lead `h` that can be scored against `rolls` of the year `t`; those of one stage together.
fn stage_errors(
    layer: &Layer<'_>,
    rolls: &Panel,
    t: PastYear,
    h: Lead,
    stage: &Ids<ChainGrade>,
    in_school: bool,
) -> Vec<StageError> {
    let mut out = Vec::new();
    for unit in layer.units() {
        let mut stage_error =
            StageError { unit, actual: 0.0, forecast: 0.0, unit_var: 0.0, cell_var: 0.0, cells: Vec::new() };
        for g in stage.clone() {
            let (n, f) = (rolls.get(unit, t, g), layer.pupils(h, unit, g));
            let kind = if in_school { layer.in_school(h, unit, g) } else { layer.enters(h, unit, g) };
            if n > 0.0 && f > 0.0 && kind {
                let parts = layer.parts(h, unit, g);
                stage_error.actual += n;
                stage_error.forecast += f;
                stage_error.unit_var += f * parts.unit;
                stage_error.cell_var += f * f * parts.cell;
                stage_error.cells.push((n, f, parts.cell));
            }
        }
        let f = stage_error.forecast;
        if f >= SMALLEST {
            stage_error.unit_var /= f;
            stage_error.cell_var /= f * f;
            out.push(stage_error);
        }
    }
    out
}

/// The figures that past forecasts are compared with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outcome<'a> {
    pub(super) history: &'a History,
    pub(super) calibration: &'a Calibration,
    pub(super) sizes: &'a Sizes,
    /// Grades whose totals matter.
    pub(super) stages: &'a [Ids<ChainGrade>],
}

impl Outcome<'_> {
    /// Errors of `forecasts` at lead `h`, of cohorts in school at the origin or of those that entered later.
    pub(super) fn errors(&self, forecasts: &[PastForecast], h: Lead, in_school: bool) -> LeadErrors {
        let few_areas = self.history.rolls.units().len() < FEWEST_AREAS;
        let mut errors = LeadErrors { few_areas, in_school, ..LeadErrors::default() };
        for past in forecasts {
            let t = past.origin.after(h);
            if past.leads >= h.index() && t <= self.history.origin() && self.history.rolls.any_in_year(t) {
                errors.add(self, past, h);
            }
        }
        errors
    }
}

impl LeadErrors {
    fn add(&mut self, outcome: &Outcome<'_>, past: &PastForecast, h: Lead) {
        let &Outcome { history, calibration, sizes, stages } = outcome;
        let in_school = self.in_school;
        let t = past.origin.after(h);
        let areas = calibration.area_layer(&past.areas, sizes);
        let by_stage: Vec<Vec<StageError>> =
            stages.iter().map(|s| stage_errors(&areas, &history.rolls, t, h, s, in_school)).collect();
        let (mut actual, mut forecast, mut expected, mut rest) = (0.0, 0.0, 0.0, 0.0);
        for (stage, errors) in stages.iter().zip(&by_stage) {
            let range = stage.range();
            let middle = usize::midpoint(range.start, range.end);
            let middle = if in_school { middle.max(h.index()) } else { middle.min(h.index() - 1) };
            let common = layer::common(&sizes.common, h, ChainGrade::new(middle));
            for e in errors {
                actual += e.actual;
                forecast += e.forecast;
                expected += e.forecast * common.sqrt();
                rest += e.forecast * e.forecast * (e.unit_var + e.cell_var);
            }
        }
        if forecast <= 0.0 {
            return;
        }
        let shared = libm::log(actual / forecast);
        self.common.push(shared * forecast / (expected * expected + rest).sqrt());
        for e in by_stage.iter().flatten() {
            self.area.add(e, (!self.few_areas).then_some(shared), 1.0);
        }
        let (Some(rolls), Some(pupils)) = (&history.schools, &past.schools) else { return };
        let Some(schools) = calibration.school_layer(pupils, sizes) else { return };
        for (stage, areas) in stages.iter().zip(&by_stage) {
            let mut area_of = Table::<UnitId, _>::filled(history.rolls.units().len(), None);
            for e in areas {
                area_of[e.unit] = Some((e.error(), e.forecast));
            }
            for e in stage_errors(&schools, &rolls.rolls, t, h, stage, in_school) {
                if let Some((error, pupils)) = area_of[rolls.area_of[e.unit]]
                    && e.forecast < 0.99 * pupils
                {
                    // shares add to one: of n alike, one's variance is (n - 1) / n of what it would be alone
                    self.school.add(&e, Some(error), (1.0 - e.forecast / pupils).sqrt());
                }
            }
        }
    }
}

impl UnitErrors {
    /// Adds a stage whose parent erred by `parent`, its variance times `part` squared. Where the parent's error is not known
    /// (the units are too few to tell theirs from it) its cells alone are read.
    fn add(&mut self, e: &StageError, parent: Option<f64>, part: f64) {
        let error = e.error();
        if let Some(parent) = parent {
            self.units.push(UnitError {
                unit: e.unit,
                error: (error - parent) / part,
                unit_var: e.unit_var,
                cell_var: e.cell_var,
                class: size_class(e.forecast),
            });
        }
        if e.cells.len() < 2 {
            return;
        }
        for &(n, f, var) in &e.cells {
            if f >= SMALLEST {
                let share = f / e.forecast;
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
}
