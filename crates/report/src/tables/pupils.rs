//! `pupils.csv`: rolls, and what changes them from year to year.
//!
//! roll\[t+1\] = roll\[t\] + entrants + `transferred_in` - leavers + `net_movers`, in whole pupils, for every area and stage.

use seatcast_core::{
    forecast::Path,
    geography::{Frame, Intake},
    index::{GradeId, StageId, YearOffset, ZoneId},
};

use super::{
    Table,
    long::{Key, Long, LongRow, Measure, Sink, measures},
};
use crate::{
    Run,
    stats::{stage_levels, stats_of},
};

measures! {
    MEASURES:
    PUPILS = "pupils", Pupils, "9 月 1 日在校生，或要求公办学位者；也分年级", "on roll, or asking for a public place, on 1 September; by grade too";
    WITHOUT_OVERRIDES = "pupils_without_overrides", Pupils, "不计人工调整的在校生，仅中心路径", "the same as if nobody had entered an override, on the central path; where somebody has";
    ENTRANTS = "entrants", Pupils, "由适龄儿童进入的学段的起始年级", "first grade of a stage entered from the pools";
    TRANSFERRED_IN = "transferred_in", Pupils, "由其他学段升入的学段的起始年级", "first grade of a stage entered from another stage";
    LEAVERS = "leavers", Pupils, "上一年的毕业年级", "last grade of the stage a year before";
    NET_MOVERS = "net_movers", SignedPupils, "学段内各届人数的变动：迁移、留级、住房", "change of the cohorts inside the stage: migration, repeating, housing";
}

pub(super) const TABLE: Table =
    Table::of::<LongRow<'_>>("pupils.csv", "在校生及其变动", "a figure of rolls, or of what changes them")
        .with(&[MEASURES]);

pub(super) fn rows(run: &Run<'_>, sink: &mut Sink<'_>) {
    let (scenario, forecast) = (run.scenario, &run.forecast);
    let frame = &scenario.frame;
    let mut long = Long { scenario, sink };
    for area in frame.areas() {
        let zones = frame.zones_in(area);
        for (stage, stages) in stage_levels(frame) {
            for (t, year) in scenario.calendar() {
                let key = Key { area, stage, grade: None, year: Some(year) };
                let sum =
                    |path: &Path| -> f64 { stages.iter().map(|&p| roll(frame, path, t, &zones, p)).sum() };
                pupils(run, &mut long, key, sum);
                if t == YearOffset::BASE {
                    continue;
                }
                for (measure, flow) in FLOWS {
                    let sum = |path: &Path| -> f64 {
                        stages.iter().map(|&p| flow(frame, path, t, &zones, p)).sum()
                    };
                    long.stats(key, &measure, || stats_of(&forecast.central, &forecast.draws, sum));
                }
            }
            let Some(p) = stage else { continue };
            for g in frame.grades_of(p) {
                for (t, year) in scenario.calendar() {
                    let key = Key { area, stage, grade: Some(g), year: Some(year) };
                    pupils(run, &mut long, key, |path| pupils_of(path, t, &zones, g));
                }
            }
        }
    }
}

/// Pupils, and as if nobody had entered an override.
fn pupils(run: &Run<'_>, long: &mut Long<'_, '_>, key: Key, sum: impl Fn(&Path) -> f64) {
    long.stats(key, &PUPILS, || stats_of(&run.forecast.central, &run.forecast.draws, &sum));
    if let Some(plain) = &run.plain {
        long.one(key, &WITHOUT_OVERRIDES, "central", || sum(plain));
    }
}

type Flow = fn(&Frame, &Path, YearOffset, &[ZoneId], StageId) -> f64;

const FLOWS: [(Measure, Flow); 4] = [
    (ENTRANTS, |frame, path, t, zones, p| match frame.stages[p].intake {
        Intake::Pools { .. } => pupils_of(path, t, zones, frame.entry_grade(p)),
        Intake::Stages(_) => 0.0,
    }),
    (TRANSFERRED_IN, |frame, path, t, zones, p| match frame.stages[p].intake {
        Intake::Pools { .. } => 0.0,
        Intake::Stages(_) => pupils_of(path, t, zones, frame.entry_grade(p)),
    }),
    (LEAVERS, |frame, path, t, zones, p| pupils_of(path, t.minus(1), zones, frame.last_grade(p))),
    (NET_MOVERS, |frame, path, t, zones, p| {
        let grades = frame.grades_of(p);
        let pairs = grades.clone().zip(grades.skip(1));
        pairs.map(|(below, g)| pupils_of(path, t, zones, g) - pupils_of(path, t.minus(1), zones, below)).sum()
    }),
];

/// Pupils of grade `g` in `zones`.
fn pupils_of(path: &Path, t: YearOffset, zones: &[ZoneId], g: GradeId) -> f64 {
    zones.iter().map(|&z| f64::from(path.year(t)[(z, g)])).sum()
}

/// Pupils of stage `p` in `zones`.
fn roll(frame: &Frame, path: &Path, t: YearOffset, zones: &[ZoneId], p: StageId) -> f64 {
    frame.grades_of(p).map(|g| pupils_of(path, t, zones, g)).sum()
}
