//! `balance.csv`: pupils against places by area, stage and year; over all years where the year is blank.

use seatcast_core::{
    balance::{Balance, Figure, GapPart, Reference},
    forecast::{Path, Stats},
    geography::Area,
    money::{self, Item},
    scenario::Scenario,
    supply::Project,
};

use crate::{
    Options, Run,
    long::{Key, Long, stage_levels, stats_of, worst_mean},
};

/// Figures that add up, with the name of their measure.
const SUMS: [(&str, Figure); 5] = [
    ("demand", Figure::Demand),
    ("shortage", Figure::Shortage),
    ("surplus", Figure::Surplus),
    ("entry_gap", Figure::EntryGap),
    ("new_gap", Figure::NewGap),
];

/// Class sizes from which a class is large (大班额) and very large (超大).
const LARGE: [(&str, f64); 2] = [("p_class_56", 56.0), ("p_class_66", 66.0)];

pub(crate) fn table(run: &Run<'_>, options: Options) -> Vec<u8> {
    let scenario = run.scenario;
    let frame = &scenario.frame;
    let mut long = Long::new(scenario, options);
    for area in frame.areas() {
        let zones = frame.zones_in(area);
        for (stage, stages) in stage_levels(frame.stages.len()) {
            for (t, year) in scenario.years().enumerate() {
                let key = Key { area, stage, grade: None, year: Some(year) };
                year_rows(run, &mut long, key, t, &zones, &stages);
            }
            if scenario.has_places() {
                seat_years(run, &mut long, Key { area, stage, grade: None, year: None }, &zones, &stages);
            }
        }
    }
    if scenario.has_places() {
        costs(run, &mut long);
        gap_parts(run, &mut long);
    }
    long.finish()
}

fn year_rows(run: &Run<'_>, long: &mut Long<'_>, key: Key, t: usize, zones: &[usize], stages: &[usize]) {
    let (scenario, balances) = (run.scenario, run.balances);
    let sum = |b: &Balance, figure| stages.iter().map(|&p| b.sum(figure, t, zones, p)).sum::<i64>() as f64;
    if !scenario.has_places() {
        let demand = stats_of(&balances.central, &balances.draws, |b| sum(b, Figure::Demand));
        long.stats(key, "demand", &demand);
        return;
    }
    for (measure, figure) in SUMS {
        // a gap of the base year would need the year before it
        if t > 0 || figure != Figure::NewGap {
            long.stats(key, measure, &stats_of(&balances.central, &balances.draws, |b| sum(b, figure)));
        }
    }
    let entry = |b: &Balance| {
        stages.iter().map(|&p| b.entry_places(&scenario.frame, key.area, t, p)).sum::<i64>() as f64
    };
    long.stats(key, "entry_places", &stats_of(&balances.central, &balances.draws, entry));
    if !matches!(key.area, Area::Zone(_)) {
        let groups = scenario.frame.groups_in(key.area);
        let stretched = |b: &Balance| {
            let of = |q: &usize| stages.iter().map(|&p| b.stretched_entry_places(*q, t, p)).sum::<i64>();
            groups.iter().map(of).sum::<i64>() as f64
        };
        long.stats(key, "entry_places_stretched", &stats_of(&balances.central, &balances.draws, stretched));
    }
    if let (Area::Group(q), Some(p)) = (key.area, key.stage) {
        classes_by_grade(run, long, key, t, (q, p));
    }
    let places = |b: &Balance| sum(b, Figure::Places);
    let all = || std::iter::once(&balances.central).chain(&balances.draws);
    if all().all(|b| places(b) > 0.0) {
        let ratio = |b: &Balance| sum(b, Figure::Demand) / places(b);
        long.stats(key, "utilisation", &stats_of(&balances.central, &balances.draws, ratio));
        if let Some(p) = key.stage {
            class_sizes(run, long, key, t, zones, p);
        }
    }
    let share = |count: usize| {
        if balances.draws.is_empty() { 0.0 } else { count as f64 / balances.draws.len() as f64 }
    };
    let short = balances.draws.iter().filter(|b| sum(b, Figure::Shortage) > 0.0).count();
    long.value(key, "p_shortage", share(short));
    if key.stage.is_none() || stages.len() == scenario.frame.stages.len() {
        long.value(
            Key { stage: None, ..key },
            "p_all_secured",
            balances.all_secured(&scenario.frame, key.area, t),
        );
    }
}

/// Pupils per class if everybody is taken into the classes there are.
fn class_sizes(run: &Run<'_>, long: &mut Long<'_>, key: Key, t: usize, zones: &[usize], p: usize) {
    let balances = run.balances;
    let standard = f64::from(run.scenario.frame.stages[p].class_size);
    let width = run.scenario.frame.grade_count();
    let grades = run.scenario.frame.grades_of(p);
    let pupils = |w: Option<usize>| -> f64 {
        let path = w.map_or(&run.forecast.central, |w| &run.forecast.draws[w]);
        let row = path.year(t);
        zones.iter().flat_map(|z| grades.clone().map(move |g| f64::from(row[z * width + g]))).sum()
    };
    let size = |b: &Balance, w| pupils(w) / (b.sum(Figure::Places, t, zones, p) as f64 / standard);
    let mut draws: Vec<f64> = balances.draws.iter().enumerate().map(|(w, b)| size(b, Some(w))).collect();
    large(long, key, &draws);
    long.stats(key, "class_size", &Stats::new(size(&balances.central, None), &mut draws));
}

/// Pupils per class of the classes that a group holds for each grade, where it states them.
fn classes_by_grade(run: &Run<'_>, long: &mut Long<'_>, key: Key, t: usize, (q, p): (usize, usize)) {
    let balances = run.balances;
    if !balances.central.counts_classes(q, p) {
        return;
    }
    let frame = &run.scenario.frame;
    let zones = frame.zones_in(Area::Group(q));
    for g in frame.grades_of(p) {
        let size = |b: &Balance, path: &Path| -> Option<f64> {
            let row = path.year(t);
            let pupils: f64 = zones.iter().map(|z| f64::from(row[z * frame.grade_count() + g])).sum();
            b.classes(q, t, g).map(|classes| pupils / f64::from(classes))
        };
        let central = size(&balances.central, &run.forecast.central);
        let draws = balances.draws.iter().zip(&run.forecast.draws).map(|(b, path)| size(b, path));
        // where a cohort holds no class in some future there is no size to speak of
        let (Some(central), Some(mut draws)) = (central, draws.collect::<Option<Vec<f64>>>()) else {
            continue;
        };
        let key = Key { grade: Some(g), ..key };
        large(long, key, &draws);
        long.stats(key, "class_size", &Stats::new(central, &mut draws));
    }
}

/// Shares of the draws in which a class size is large and very large.
fn large(long: &mut Long<'_>, key: Key, sizes: &[f64]) {
    for (measure, limit) in LARGE {
        let over = sizes.iter().filter(|size| **size >= limit).count();
        long.value(key, measure, if sizes.is_empty() { 0.0 } else { over as f64 / sizes.len() as f64 });
    }
}

/// Shortage and surplus are counted every year, so their sums are seat-years.
fn seat_years(run: &Run<'_>, long: &mut Long<'_>, key: Key, zones: &[usize], stages: &[usize]) {
    let years = run.balances.central.years();
    let sum = |b: &Balance, figure| -> i64 {
        (1..years)
            .flat_map(|t| stages.iter().map(move |&p| (t, p)))
            .map(|(t, p)| b.sum(figure, t, zones, p))
            .sum()
    };
    for (measure, figure) in [("shortage", Figure::Shortage), ("surplus", Figure::Surplus)] {
        let of = |b: &Balance| sum(b, figure) as f64;
        long.stats(key, measure, &stats_of(&run.balances.central, &run.balances.draws, of));
    }
    let mut draws: Vec<i64> = run.balances.draws.iter().map(|b| sum(b, Figure::Shortage)).collect();
    if draws.is_empty() {
        draws.push(sum(&run.balances.central, Figure::Shortage));
    }
    long.value(key, "shortage.cvar95", worst_mean(&mut draws));
}

/// Money: what this programme commits in the year of the decision; capital and running money in the years in which they
/// are due, at central opening.
fn costs(run: &Run<'_>, long: &mut Long<'_>) {
    let scenario = run.scenario;
    for area in scenario.frame.areas() {
        for (stage, _) in stage_levels(scenario.frame.stages.len()) {
            for year in scenario.years() {
                let key = Key { area, stage, grade: None, year: Some(year) };
                long.value(key, "committed", committed(run, area, stage, Some(year)));
                long.value(key, "capex.central", due(run, Item::Capex, area, stage, Some(year)));
                long.value(key, "opex.central", running(run, area, stage, Some(year)));
            }
            let key = Key { area, stage, grade: None, year: None };
            long.value(key, "committed", committed(run, area, stage, None));
            long.value(key, "opex.central", running(run, area, stage, None));
        }
    }
}

/// Money that decisions of this programme commit in `year`, or in all.
pub(crate) fn committed(run: &Run<'_>, area: Area, stage: Option<usize>, year: Option<i32>) -> f64 {
    let zones = run.scenario.frame.zones_in(area);
    money::committed(run.scenario, run.supply, |p| is_in(p, &zones, stage), year)
}

/// Running cost of the programme in `year`, or in all coming years.
pub(crate) fn running(run: &Run<'_>, area: Area, stage: Option<usize>, year: Option<i32>) -> f64 {
    due(run, Item::Opex, area, stage, year)
}

fn due(run: &Run<'_>, item: Item, area: Area, stage: Option<usize>, year: Option<i32>) -> f64 {
    let zones = run.scenario.frame.zones_in(area);
    money::due(run.scenario, run.supply, item, |p| is_in(p, &zones, stage), year)
}

fn is_in(project: &Project, zones: &[usize], stage: Option<usize>) -> bool {
    zones.contains(&project.zone) && stage.is_none_or(|stage| stage == project.stage)
}

/// The parts of every gap by group, and summed by district.
fn gap_parts(run: &Run<'_>, long: &mut Long<'_>) {
    let scenario = run.scenario;
    for area in areas_of_groups(scenario) {
        let groups = scenario.frame.groups_in(area);
        for stage in 0..scenario.frame.stages.len() {
            for (t, year) in scenario.years().enumerate().skip(1) {
                let of: Vec<_> = run
                    .gaps
                    .iter()
                    .filter(|g| g.reference == Reference::BaseYear)
                    .filter(|g| groups.contains(&g.group) && g.stage == stage && g.t == t)
                    .collect();
                let key = Key { area, stage: Some(stage), grade: None, year: Some(year) };
                let sum = |f: &dyn Fn(&seatcast_core::balance::GapParts) -> i64| {
                    of.iter().map(|g| f(g)).sum::<i64>() as f64
                };
                long.value(key, "gap_reference.central", sum(&|g| g.reference_gap));
                for (i, part) in GapPart::ALL.into_iter().enumerate() {
                    long.value(key, &format!("gap_{}.central", part.code()), sum(&|g| g.gap[i]));
                }
                long.value(key, "shortage_reference.central", sum(&|g| g.reference_shortage));
                for (i, part) in GapPart::ALL.into_iter().enumerate() {
                    long.value(key, &format!("shortage_{}.central", part.code()), sum(&|g| g.shortage[i]));
                }
            }
        }
    }
}

fn areas_of_groups(scenario: &Scenario) -> Vec<Area> {
    let frame = &scenario.frame;
    (0..frame.districts.len()).map(Area::District).chain((0..frame.groups.len()).map(Area::Group)).collect()
}
