//! `places.csv`: places usable and nominal, opened and lost.
//!
//! usable\[t+1\] = usable\[t\] + `opened_usable` - retired, in whole places, for every area and stage.

use seatcast_core::{geography::Frame, supply::Places};

use crate::{
    Options, Run,
    long::{Key, Long, stage_levels, stats_of},
};

type Measure = fn(&Places, usize) -> Option<Vec<i64>>;

fn whole(row: &[u32]) -> Vec<i64> {
    row.iter().map(|&n| i64::from(n)).collect()
}

const MEASURES: [(&str, Measure); 5] = [
    ("usable", |places, t| Some(whole(places.usable(t)))),
    ("nominal", |places, t| Some(whole(places.nominal(t)))),
    ("opened_nominal", |places, t| Some(whole(places.opened(t)))),
    ("opened_usable", |places, t| {
        let before = t.checked_sub(1)?;
        let (now, then, lost) = (places.usable(t), places.usable(before), places.lost(t));
        Some(
            now.iter()
                .zip(then)
                .zip(lost)
                .map(|((n, b), l)| i64::from(*n) - i64::from(*b) + i64::from(*l))
                .collect(),
        )
    }),
    ("retired", |places, t| (t > 0).then(|| whole(places.lost(t)))),
];

pub(crate) fn table(run: &Run<'_>, options: Options) -> Vec<u8> {
    let scenario = run.scenario;
    let frame = &scenario.frame;
    let mut long = Long::new(scenario, options);
    for (t, year) in scenario.years().enumerate() {
        for (measure, row) in MEASURES {
            let Some(central) = row(run.places, t) else { continue };
            let draws: Vec<Vec<i64>> = run.drawn_places.iter().filter_map(|p| row(p, t)).collect();
            for area in frame.areas() {
                let zones = frame.zones_in(area);
                for (stage, stages) in stage_levels(frame.stages.len()) {
                    let stats = stats_of(&central, &draws, |row| sum(frame, row, &zones, &stages));
                    long.stats(Key { area, stage, grade: None, year: Some(year) }, measure, &stats);
                }
            }
        }
    }
    long.finish()
}

fn sum(frame: &Frame, row: &[i64], zones: &[usize], stages: &[usize]) -> f64 {
    let width = frame.stages.len();
    zones.iter().flat_map(|z| stages.iter().map(move |p| row[z * width + p])).sum::<i64>() as f64
}
