//! `balance.csv`: pupils against places by area, stage and year; over all years where the year is blank.

use seatcast_core::{
    balance::{Balance, Figure, GapParts, PARTS, Reference},
    demand::cohort::pupils_in,
    forecast::{Path, Stats},
    geography::Area,
    index::{GroupId, StageId, YearOffset, ZoneId},
    money::Item,
    scenario::Scenario,
};

use super::{
    Meaning, Table, Unit,
    long::{Key, Long, LongRow, Measure, Sink, measures},
};
use crate::{
    Run,
    stats::{committed, due, running, stage_levels, stats_of, worst_mean},
};

measures! {
    MEASURES:
    DEMAND = "demand", Places, "在校生加预留，按大学区向上取整", "pupils with the reserve margin, rounded up by sharing group";
    SHORTAGE = "shortage", Pupils, "需求超出可用学位的人数，按大学区、学段计，不相抵；无年份者为学位·年", "demand above usable places, by sharing group and stage, never netted; without a year: seat-years";
    SURPLUS = "surplus", Places, "可用学位超出需求的数量，同上", "usable places above demand, likewise";
    ENTRY_GAP = "entry_gap", Pupils, "起始年级没有学位的新生，不超过新生总数", "entrants for whom the entry grade has no place; never more than the entrants";
    ENTRY_PLACES = "entry_places", Places, "起始年级学位：大学区填报班级者为可开班数乘班额，否则为续读学生腾出后的可用学位", "places of the entry grade: classes it can have x class size where the group states its classes, else usable places that continuing pupils leave free";
    ENTRY_PLACES_STRETCHED = "entry_places_stretched", Places, "按学校允许的最大班额（`stretch_size`）计的起始年级学位；按大学区和区域", "the same at the largest class size the schools allow (`stretch_size`); by sharing group and district";
    NEW_GAP = "new_gap", SignedPupils, "新生减去腾出和新增的学位：各区公布的数字", "entrants less places vacated and gained since the year before: the figure districts publish";
    UTILISATION = "utilisation", Ratio, "每个可用学位的需求；任一抽样没有学位时不列", "demand per usable place; no row where an area has no place in some draw";
    CLASS_SIZE = "class_size", Pupils, "全部接收时每个标准班的学生数；分年级者为大学区填报的班级", "pupils per standard class of the usable places, if everybody were taken in; by grade: pupils of the cohort per class it holds, in groups that state their classes";
    P_CLASS_56 = "p_class_56", Share, "班额达到 56 人（大班额）、66 人（超大班额）的抽样所占份额", "draws in which that class size reaches 56 (large) and 66 (very large)";
    P_CLASS_66 = "p_class_66", Share, "班额达到 56 人（大班额）、66 人（超大班额）的抽样所占份额", "draws in which that class size reaches 56 (large) and 66 (very large)";
    P_SHORTAGE = "p_shortage", Share, "区域内任何地方有缺口的抽样所占份额", "draws with a shortage anywhere in the area";
    P_ALL_SECURED = "p_all_secured", Share, "区域内所有大学区、学段都不缺学位的抽样所占份额", "draws in which no group and stage of the area lacks a place";
    CAPEX = "capex", Money, "中位开办时口径内项目的资金，按应付年份（分项见 `money.csv`）", "of the programme at central opening, in the years in which it is due (`money.csv` has it by line and payer)";
    OPEX = "opex", Money, "中位开办时口径内项目的资金，按应付年份（分项见 `money.csv`）", "of the programme at central opening, in the years in which it is due (`money.csv` has it by line and payer)";
    COMMITTED = "committed", Money, "当年决策承诺的资金：当年决定的项目的建设投资", "what the decisions of this year commit: capex of the projects decided in it";
    GAP_REFERENCE = "gap_reference", SignedPlaces, "基年的需求减学位", "demand less places of the base year";
    SHORTAGE_REFERENCE = "shortage_reference", Pupils, "基年的缺口", "shortage of the base year";
}

/// Declares what each cause adds, in the order of [`GapPart::ALL`].
macro_rules! causes {
    ($list:ident, $unit:ident, $zh:literal, $en:literal: $($name:literal)+) => {
        const $list: [Measure; PARTS] = [$(Measure {
            name: $name,
            unit: Unit::$unit,
            meaning: Meaning { zh: $zh, en: $en },
        }),+];
    };
}
causes! {
    GAPS, SignedPlaces,
    "各原因带来的增减；加上基年数等于需求减学位",
    "what each cause adds to it; with the reference they add to demand less places":
    "gap_new_data" "gap_children" "gap_entry_ratio" "gap_progression" "gap_transition" "gap_housing"
    "gap_public_share" "gap_overrides" "gap_opened" "gap_late" "gap_retired" "gap_lent"
}
causes! {
    SHORTAGES, SignedPupils,
    "各原因对缺口的增减：对各种先后次序取平均",
    "what each cause adds to the shortage: mean over all orders of the causes":
    "shortage_new_data" "shortage_children" "shortage_entry_ratio" "shortage_progression" "shortage_transition"
    "shortage_housing" "shortage_public_share" "shortage_overrides" "shortage_opened" "shortage_late"
    "shortage_retired" "shortage_lent"
}

pub(super) const TABLE: Table =
    Table::of::<LongRow<'_>>("balance.csv", "需求与学位的对比", "a figure of pupils against places")
        .with(&[MEASURES, &GAPS, &SHORTAGES]);

/// Figures that add up, with their measure.
const SUMS: [(Measure, Figure); 5] = [
    (DEMAND, Figure::Demand),
    (SHORTAGE, Figure::Shortage),
    (SURPLUS, Figure::Surplus),
    (ENTRY_GAP, Figure::EntryGap),
    (NEW_GAP, Figure::NewGap),
];

/// Class sizes from which a class is large (大班额) and very large (超大).
const LARGE: [(Measure, f64); 2] = [(P_CLASS_56, 56.0), (P_CLASS_66, 66.0)];

pub(super) fn rows(run: &Run<'_>, sink: &mut Sink<'_>) {
    let scenario = run.scenario;
    let frame = &scenario.frame;
    let mut long = Long { scenario, sink };
    for area in frame.areas() {
        let zones = frame.zones_in(area);
        for (stage, stages) in stage_levels(frame) {
            for (t, year) in scenario.calendar() {
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
}

fn year_rows(
    run: &Run<'_>,
    long: &mut Long<'_, '_>,
    key: Key,
    t: YearOffset,
    zones: &[ZoneId],
    stages: &[StageId],
) {
    let (scenario, balances) = (run.scenario, &run.balances);
    let sum = |b: &Balance, figure| stages.iter().map(|&p| b.sum(figure, t, zones, p)).sum::<i64>() as f64;
    let stats = |of: &dyn Fn(&Balance) -> f64| stats_of(&balances.central, &balances.draws, of);
    if !scenario.has_places() {
        long.stats(key, &DEMAND, || stats(&|b| sum(b, Figure::Demand)));
        return;
    }
    for (measure, figure) in SUMS {
        // a gap of the base year would need the year before it
        if t > YearOffset::BASE || figure != Figure::NewGap {
            long.stats(key, &measure, || stats(&|b| sum(b, figure)));
        }
    }
    let entry = |b: &Balance| {
        stages.iter().map(|&p| b.entry_places(&scenario.frame, key.area, t, p)).sum::<i64>() as f64
    };
    long.stats(key, &ENTRY_PLACES, || stats(&entry));
    if !matches!(key.area, Area::Zone(_)) {
        let groups = scenario.frame.groups_in(key.area);
        let stretched = |b: &Balance| {
            let of = |q: &GroupId| stages.iter().map(|&p| b.stretched_entry_places(*q, t, p)).sum::<i64>();
            groups.iter().map(of).sum::<i64>() as f64
        };
        long.stats(key, &ENTRY_PLACES_STRETCHED, || stats(&stretched));
    }
    if let (Area::Group(q), Some(p)) = (key.area, key.stage) {
        classes_by_grade(run, long, key, t, (q, p));
    }
    let places = |b: &Balance| sum(b, Figure::Places);
    let all = || std::iter::once(&balances.central).chain(&balances.draws);
    if all().all(|b| places(b) > 0.0) {
        long.stats(key, &UTILISATION, || stats(&|b| sum(b, Figure::Demand) / places(b)));
        if let Some(p) = key.stage {
            class_sizes(run, long, key, t, zones, p);
        }
    }
    long.value(key, &P_SHORTAGE, || share(&balances.draws, |b| sum(b, Figure::Shortage) > 0.0));
    if key.stage.is_none() || stages.len() == scenario.frame.stages.len() {
        let whole = Key { stage: None, ..key };
        long.value(whole, &P_ALL_SECURED, || balances.all_secured(&scenario.frame, key.area, t));
    }
}

/// Share of the draws of which something holds.
fn share<T>(draws: &[T], holds: impl Fn(&T) -> bool) -> f64 {
    let count = draws.iter().filter(|draw| holds(draw)).count();
    if draws.is_empty() { 0.0 } else { count as f64 / draws.len() as f64 }
}

/// Pupils per class if everybody is taken into the classes there are.
fn class_sizes(
    run: &Run<'_>,
    long: &mut Long<'_, '_>,
    key: Key,
    t: YearOffset,
    zones: &[ZoneId],
    p: StageId,
) {
    if !long.sink.wants(&CLASS_SIZE) {
        return;
    }
    let balances = &run.balances;
    let standard = f64::from(run.scenario.frame.stages[p].class_size);
    let pupils = |w: Option<usize>| -> f64 {
        let path = w.map_or(&run.forecast.central, |w| &run.forecast.draws[w]);
        pupils_in(path.year(t), zones, &run.scenario.frame.grades_of(p)) as f64
    };
    let size = |b: &Balance, w| pupils(w) / (b.sum(Figure::Places, t, zones, p) as f64 / standard);
    let mut draws: Vec<f64> = balances.draws.iter().enumerate().map(|(w, b)| size(b, Some(w))).collect();
    large(long, key, &draws);
    long.stats(key, &CLASS_SIZE, || Stats::new(size(&balances.central, None), &mut draws));
}

/// Pupils per class of the classes that a group holds for each grade, where it states them.
fn classes_by_grade(
    run: &Run<'_>,
    long: &mut Long<'_, '_>,
    key: Key,
    t: YearOffset,
    (q, p): (GroupId, StageId),
) {
    let balances = &run.balances;
    if !balances.central.counts_classes(q, p) || !long.sink.wants(&CLASS_SIZE) {
        return;
    }
    let frame = &run.scenario.frame;
    let zones = frame.zones_in(Area::Group(q));
    for g in frame.grades_of(p) {
        let size = |b: &Balance, path: &Path| -> Option<f64> {
            let row = path.year(t);
            let pupils: f64 = zones.iter().map(|&z| f64::from(row[(z, g)])).sum();
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
        long.stats(key, &CLASS_SIZE, || Stats::new(central, &mut draws));
    }
}

/// Shares of the draws in which a class size is large and very large.
fn large(long: &mut Long<'_, '_>, key: Key, sizes: &[f64]) {
    for (measure, limit) in LARGE {
        long.value(key, &measure, || share(sizes, |size| *size >= limit));
    }
}

/// Shortage and surplus are counted every year, so their sums are seat-years.
fn seat_years(run: &Run<'_>, long: &mut Long<'_, '_>, key: Key, zones: &[ZoneId], stages: &[StageId]) {
    let balances = &run.balances;
    let sum = |b: &Balance, figure| -> i64 {
        run.scenario
            .coming()
            .flat_map(|t| stages.iter().map(move |&p| (t, p)))
            .map(|(t, p)| b.sum(figure, t, zones, p))
            .sum()
    };
    for (measure, figure) in [(SHORTAGE, Figure::Shortage), (SURPLUS, Figure::Surplus)] {
        let of = |b: &Balance| sum(b, figure) as f64;
        long.stats(key, &measure, || stats_of(&balances.central, &balances.draws, of));
    }
    long.one(key, &SHORTAGE, "cvar95", || {
        let mut draws: Vec<i64> = balances.draws.iter().map(|b| sum(b, Figure::Shortage)).collect();
        if draws.is_empty() {
            draws.push(sum(&balances.central, Figure::Shortage));
        }
        worst_mean(&mut draws)
    });
}

/// Money: what this programme commits in the year of the decision; capital and running money in the years in which they
/// are due, at central opening.
fn costs(run: &Run<'_>, long: &mut Long<'_, '_>) {
    let scenario = run.scenario;
    for area in scenario.frame.areas() {
        for (stage, _) in stage_levels(&scenario.frame) {
            for year in scenario.years() {
                let key = Key { area, stage, grade: None, year: Some(year) };
                long.value(key, &COMMITTED, || committed(run, area, stage, Some(year)));
                long.one(key, &CAPEX, "central", || due(run, Item::Capex, area, stage, Some(year)));
                long.one(key, &OPEX, "central", || running(run, area, stage, Some(year)));
            }
            let key = Key { area, stage, grade: None, year: None };
            long.value(key, &COMMITTED, || committed(run, area, stage, None));
            long.one(key, &OPEX, "central", || running(run, area, stage, None));
        }
    }
}

/// The parts of every gap by group, and summed by district.
fn gap_parts(run: &Run<'_>, long: &mut Long<'_, '_>) {
    if !long.sink.wants(&GAP_REFERENCE) {
        return;
    }
    let scenario = run.scenario;
    for area in areas_of_groups(scenario) {
        let groups = scenario.frame.groups_in(area);
        for stage in scenario.frame.stages.ids() {
            for (t, year) in scenario.calendar().skip(1) {
                let of: Vec<_> = run
                    .gaps
                    .iter()
                    .filter(|g| g.reference == Reference::BaseYear)
                    .filter(|g| groups.contains(&g.group) && g.stage == stage && g.t == t)
                    .collect();
                let key = Key { area, stage: Some(stage), grade: None, year: Some(year) };
                let sum = |f: &dyn Fn(&GapParts) -> i64| of.iter().map(|g| f(g)).sum::<i64>() as f64;
                long.one(key, &GAP_REFERENCE, "central", || sum(&|g| g.reference_gap));
                for (i, measure) in GAPS.iter().enumerate() {
                    long.one(key, measure, "central", || sum(&|g| g.gap[i]));
                }
                long.one(key, &SHORTAGE_REFERENCE, "central", || sum(&|g| g.reference_shortage));
                for (i, measure) in SHORTAGES.iter().enumerate() {
                    long.one(key, measure, "central", || sum(&|g| g.shortage[i]));
                }
            }
        }
    }
}

fn areas_of_groups(scenario: &Scenario) -> Vec<Area> {
    let frame = &scenario.frame;
    frame.districts.ids().map(Area::District).chain(frame.groups.ids().map(Area::Group)).collect()
}

#[cfg(test)]
mod tests {
    use seatcast_core::balance::GapPart;

    use super::*;

    #[test]
    fn causes_are_declared_in_the_order_of_the_parts() {
        for (i, part) in GapPart::ALL.into_iter().enumerate() {
            assert_eq!(GAPS[i].name, format!("gap_{}", part.code()));
            assert_eq!(SHORTAGES[i].name, format!("shortage_{}", part.code()));
        }
    }
}
