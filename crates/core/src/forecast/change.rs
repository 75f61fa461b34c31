//! What changed since an earlier forecast, part by part, adding up exactly, for every area, stage and grade.
//!
//! The earlier forecast becomes this year's in the steps of [`crate::demand::steps`]; the change of some cells in a step is
//! that part, in whole pupils by largest remainder.

use crate::{
    demand::{
        DemandPart, Steps,
        cohort::{pupils_in, unrounded_in},
    },
    forecast::{Path, round::round_signed},
    geography::Area,
    scenario::Scenario,
};

/// The change of the forecast of one area, some grades and a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeRow {
    /// Area.
    pub area: Area,
    /// Index of the stage.
    pub stage: usize,
    /// Grade, or the stage as a whole.
    pub grade: Option<usize>,
    /// Academic year.
    pub year: i32,
    /// The earlier forecast, whole pupils.
    pub before: i64,
    /// By part of [`DemandPart::ALL`].
    pub parts: [i64; DemandPart::ALL.len()],
    /// This year's forecast.
    pub after: i64,
}

/// The change of the forecast that ends in `now`, step by step ([`Steps::since`]).
pub fn changes(now: &Scenario, steps: &Steps) -> Vec<ChangeRow> {
    let frame = &now.frame;
    let (was, is) = (Path::round(frame, &steps.reference), Path::round(frame, steps.own()));
    let mut rows = Vec::new();
    for area in frame.areas() {
        let zones = frame.zones_in(area);
        for stage in 0..frame.stages.len() {
            let grades = frame.grades_of(stage);
            let levels = std::iter::once((None, grades.clone())).chain(grades.map(|g| (Some(g), g..g + 1)));
            for (grade, grades) in levels {
                for t in 1..=steps.years_ahead() {
                    let whole = |path: &Path| pupils_in(frame, path.year(t), &zones, grades.clone()) as i64;
                    let (before, after) = (whole(&was), whole(&is));
                    let parts = steps.parts(t, |row| unrounded_in(frame, row, &zones, grades.clone()));
                    let parts = round_signed(&parts, after - before);
                    let year = now.base_year + t as i32;
                    rows.push(ChangeRow { area, stage, grade, year, before, parts, after });
                }
            }
        }
    }
    rows
}
