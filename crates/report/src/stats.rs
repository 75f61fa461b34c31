//! Sums and quantiles that several outputs share.

use seatcast_core::{
    demand::AssumedFrom,
    forecast::Stats,
    geography::{Area, Frame, Intake},
    index::{DistrictId, GroupId, StageId, YearOffset, ZoneId},
    money::{self, Item},
    supply::Project,
};

use crate::Run;

/// Keys of the district, the group and the zone of an area.
pub(crate) fn keys_of(frame: &Frame, area: Area) -> [Option<&str>; 3] {
    let district = |d: DistrictId| Some(frame.districts[d].id.as_str());
    let group = |q: GroupId| Some(frame.groups[q].id.as_str());
    match area {
        Area::All => [None; 3],
        Area::District(d) => [district(d), None, None],
        Area::Group(q) => [district(frame.groups[q].district), group(q), None],
        Area::Zone(z) => {
            [district(frame.district_of(z)), group(frame.zones[z].group), Some(frame.zones[z].id.as_str())]
        }
    }
}

/// Stats of a figure that is taken from the central path and from each draw.
pub(crate) fn stats_of<T>(central: &T, draws: &[T], mut figure: impl FnMut(&T) -> f64) -> Stats {
    let first = figure(central);
    let mut values: Vec<f64> = draws.iter().map(figure).collect();
    Stats::new(first, &mut values)
}

/// Mean of the worst 5 % of the draws: the largest max(1, round(0.05 D)) of them.
pub(crate) fn worst_mean(draws: &mut [i64]) -> f64 {
    draws.sort_unstable();
    let k = ((0.05 * draws.len() as f64).round() as usize).max(1).min(draws.len());
    let worst: i64 = draws[draws.len() - k..].iter().sum();
    if k == 0 { 0.0 } else { worst as f64 / k as f64 }
}

/// Each stage, and all of them together (`None`), with its stages.
pub(crate) fn stage_levels(frame: &Frame) -> Vec<(Option<StageId>, Vec<StageId>)> {
    let stages = frame.stages.ids();
    let mut levels: Vec<(Option<StageId>, Vec<StageId>)> = Vec::new();
    if stages.len() > 1 {
        levels.push((None, stages.clone().collect()));
    }
    levels.extend(stages.map(|p| (Some(p), vec![p])));
    levels
}

/// Money that decisions of this programme commit in `year`, or in all.
pub(crate) fn committed(run: &Run<'_>, area: Area, stage: Option<StageId>, year: Option<i32>) -> f64 {
    let zones = run.scenario.frame.zones_in(area);
    money::committed(run.scenario, &run.supply, |p| is_in(p, &zones, stage), year)
}

/// Running cost of the programme in `year`, or in all coming years.
pub(crate) fn running(run: &Run<'_>, area: Area, stage: Option<StageId>, year: Option<i32>) -> f64 {
    due(run, Item::Opex, area, stage, year)
}

/// Money of `item` that is due in `year`, or in all coming years.
pub(crate) fn due(run: &Run<'_>, item: Item, area: Area, stage: Option<StageId>, year: Option<i32>) -> f64 {
    let zones = run.scenario.frame.zones_in(area);
    money::due(run.scenario, &run.supply, item, |p| is_in(p, &zones, stage), year)
}

fn is_in(project: &Project, zones: &[ZoneId], stage: Option<StageId>) -> bool {
    zones.contains(&project.zone) && stage.is_none_or(|stage| stage == project.stage)
}

/// The first year in which pupils of zone `z` and stage `p` rest on assumed births: its own entrants do, or those of the
/// stage they come from did before.
pub(crate) fn assumed(frame: &Frame, from: &AssumedFrom, z: ZoneId, p: StageId) -> Option<YearOffset> {
    match &frame.stages[p].intake {
        Intake::Pools { .. } => *from.get(z, p)?,
        Intake::Stages(feeding) => feeding
            .iter()
            .filter_map(|&q| Some(assumed(frame, from, z, q)?.plus(frame.stages[q].grades.len())))
            .min(),
    }
}
