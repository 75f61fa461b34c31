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
    index::{GradeId, Ids, StageId},
    scenario::Scenario,
};

/// The change of the forecast of one area, some grades and a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeRow {
    /// Area.
    pub area: Area,
    /// Its stage.
    pub stage: StageId,
    /// Grade, or the stage as a whole.
    pub grade: Option<GradeId>,
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
        for stage in frame.stages.ids() {
            let grades = frame.grades_of(stage);
            let levels =
                std::iter::once((None, grades.clone())).chain(grades.map(|g| (Some(g), Ids::one(g))));
            for (grade, grades) in levels {
                for t in steps.coming() {
                    let whole = |path: &Path| pupils_in(path.year(t), &zones, &grades) as i64;
                    let (before, after) = (whole(&was), whole(&is));
                    let parts = steps.parts(t, |row| unrounded_in(row, &zones, &grades));
                    let parts = round_signed(&parts, after - before);
                    let year = now.year_of(t);
                    rows.push(ChangeRow { area, stage, grade, year, before, parts, after });
                }
            }
        }
    }
    rows
}
