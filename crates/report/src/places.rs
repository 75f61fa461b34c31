//! `places.csv`: places usable and nominal, opened and lost.
//!
//! usable\[t+1\] = usable\[t\] + `opened_usable` - retired, in whole places, for every area and stage.

use seatcast_core::{
    cycle::Footing,
    geography::Frame,
    supply::{Places, stock::BEYOND},
};

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
    by_footing(run, &mut long);
    long.finish()
}

/// Usable places of the central path by how sure they are, and those of the candidates outside the programme.
fn by_footing(run: &Run<'_>, long: &mut Long<'_>) {
    let scenario = run.scenario;
    let frame = &scenario.frame;
    let width = frame.stages.len();
    let layers: Vec<String> = Footing::ALL.iter().map(|f| format!("usable_{}.central", f.code())).collect();
    for (t, year) in scenario.years().enumerate() {
        let mut places = vec![vec![0_i64; frame.place_count()]; Footing::ALL.len() + 1];
        for (entry, base) in places[Footing::Open as usize].iter_mut().zip(run.supply.base(t)) {
            *entry = i64::from(*base);
        }
        for j in 0..scenario.projects.len() {
            let footing = run.board.footing(j);
            let opened = run.supply.opening(j).central.unwrap_or(BEYOND);
            for effect in run.supply.effects(j) {
                // what a project of the programme takes is taken from places in use, however sure its own are
                let layer = match footing {
                    Some(footing) if effect.gains => footing as usize,
                    Some(_) => Footing::Open as usize,
                    None => Footing::ALL.len(),
                };
                places[layer][effect.zone * width + effect.stage] += effect.usable(opened, year);
            }
        }
        for (row, layer) in
            places.iter().zip(layers.iter().map(String::as_str).chain(["usable_candidates.central"]))
        {
            for area in frame.areas() {
                let zones = frame.zones_in(area);
                for (stage, stages) in stage_levels(width) {
                    let key = Key { area, stage, grade: None, year: Some(year) };
                    long.value(key, layer, sum(frame, row, &zones, &stages));
                }
            }
        }
    }
}

fn sum(frame: &Frame, row: &[i64], zones: &[usize], stages: &[usize]) -> f64 {
    let width = frame.stages.len();
    zones.iter().flat_map(|z| stages.iter().map(move |p| row[z * width + p])).sum::<i64>() as f64
}
