//! `pupils.csv`: rolls, and what changes them from year to year.
//!
//! roll\[t+1\] = roll\[t\] + entrants + `transferred_in` - leavers + `net_movers`, in whole pupils, for every area and stage.

use seatcast_core::{
    forecast::Path,
    geography::{Frame, Intake},
};

use crate::{
    Options, Run,
    long::{Key, Long, stage_levels, stats_of},
};

pub(crate) fn table(run: &Run<'_>, options: Options) -> Vec<u8> {
    let (scenario, forecast) = (run.scenario, run.forecast);
    let frame = &scenario.frame;
    let mut long = Long::new(scenario, options);
    for area in frame.areas() {
        let zones = frame.zones_in(area);
        for (stage, stages) in stage_levels(frame.stages.len()) {
            for (t, year) in scenario.years().enumerate() {
                let key = Key { area, stage, grade: None, year: Some(year) };
                let sum =
                    |path: &Path| -> f64 { stages.iter().map(|&p| roll(frame, path, t, &zones, p)).sum() };
                long.stats(key, "pupils", &stats_of(&forecast.central, &forecast.draws, sum));
                if let Some(plain) = run.plain {
                    long.value(key, WITHOUT_OVERRIDES, sum(plain));
                }
                if t == 0 {
                    continue;
                }
                for (measure, flow) in FLOWS {
                    let sum = |path: &Path| -> f64 {
                        stages.iter().map(|&p| flow(frame, path, t, &zones, p)).sum()
                    };
                    long.stats(key, measure, &stats_of(&forecast.central, &forecast.draws, sum));
                }
            }
            let Some(p) = stage else { continue };
            for g in frame.grades_of(p) {
                for (t, year) in scenario.years().enumerate() {
                    let key = Key { area, stage, grade: Some(g), year: Some(year) };
                    let sum = |path: &Path| cells(frame, path, t, &zones, g);
                    long.stats(key, "pupils", &stats_of(&forecast.central, &forecast.draws, sum));
                    if let Some(plain) = run.plain {
                        long.value(key, WITHOUT_OVERRIDES, sum(plain));
                    }
                }
            }
        }
    }
    long.finish()
}

/// The central path as if nobody had entered an override.
const WITHOUT_OVERRIDES: &str = "pupils_without_overrides.central";

type Flow = fn(&Frame, &Path, usize, &[usize], usize) -> f64;

const FLOWS: [(&str, Flow); 4] = [
    ("entrants", |frame, path, t, zones, p| match frame.stages[p].intake {
        Intake::Pools { .. } => cells(frame, path, t, zones, frame.grades_of(p).start),
        Intake::Stages(_) => 0.0,
    }),
    ("transferred_in", |frame, path, t, zones, p| match frame.stages[p].intake {
        Intake::Pools { .. } => 0.0,
        Intake::Stages(_) => cells(frame, path, t, zones, frame.grades_of(p).start),
    }),
    ("leavers", |frame, path, t, zones, p| cells(frame, path, t - 1, zones, frame.grades_of(p).end - 1)),
    ("net_movers", |frame, path, t, zones, p| {
        let grades = frame.grades_of(p);
        grades
            .skip(1)
            .map(|g| cells(frame, path, t, zones, g) - cells(frame, path, t - 1, zones, g - 1))
            .sum()
    }),
];

/// Pupils of grade `g` in `zones`.
fn cells(frame: &Frame, path: &Path, t: usize, zones: &[usize], g: usize) -> f64 {
    let width = frame.grade_count();
    zones.iter().map(|z| f64::from(path.year(t)[z * width + g])).sum()
}

/// Pupils of stage `p` in `zones`.
fn roll(frame: &Frame, path: &Path, t: usize, zones: &[usize], p: usize) -> f64 {
    frame.grades_of(p).map(|g| cells(frame, path, t, zones, g)).sum()
}
