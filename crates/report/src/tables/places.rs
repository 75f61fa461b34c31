//! `places.csv`: places usable and nominal, opened and lost.
//!
//! usable\[t+1\] = usable\[t\] + `opened_usable` - retired, in whole places, for every area and stage.

use seatcast_core::{
    cycle::Footing,
    grid::{Grid, View},
    index::{StageId, YearOffset, ZoneId},
    supply::{Places, stock::BEYOND},
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
    USABLE = "usable", Places, "学生可以使用的学位：现有学校，以及项目已分期到位的部分", "what a pupil can sit on: schools, and projects as far as they are phased in";
    USABLE_OPEN = "usable_open", Places, "中位开办时的可用学位，按依据分：基年已开办；另加下个九月已落实；另加已规划；另加口径内其余项目；以及方案在承诺之外决定的。合计等于 `usable.central`", "the same at central opening by what it rests on: open in the base year; and secured for next September; and planned; and the rest of the programme; and what a schedule decides beyond the commitments. They add to `usable.central`";
    USABLE_SECURED = "usable_secured", Places, "中位开办时的可用学位，按依据分：基年已开办；另加下个九月已落实；另加已规划；另加口径内其余项目；以及方案在承诺之外决定的。合计等于 `usable.central`", "the same at central opening by what it rests on: open in the base year; and secured for next September; and planned; and the rest of the programme; and what a schedule decides beyond the commitments. They add to `usable.central`";
    USABLE_PLANNED = "usable_planned", Places, "中位开办时的可用学位，按依据分：基年已开办；另加下个九月已落实；另加已规划；另加口径内其余项目；以及方案在承诺之外决定的。合计等于 `usable.central`", "the same at central opening by what it rests on: open in the base year; and secured for next September; and planned; and the rest of the programme; and what a schedule decides beyond the commitments. They add to `usable.central`";
    USABLE_OUTLOOK = "usable_outlook", Places, "中位开办时的可用学位，按依据分：基年已开办；另加下个九月已落实；另加已规划；另加口径内其余项目；以及方案在承诺之外决定的。合计等于 `usable.central`", "the same at central opening by what it rests on: open in the base year; and secured for next September; and planned; and the rest of the programme; and what a schedule decides beyond the commitments. They add to `usable.central`";
    USABLE_CANDIDATES = "usable_candidates", Places, "中位开办时的可用学位，按依据分：基年已开办；另加下个九月已落实；另加已规划；另加口径内其余项目；以及方案在承诺之外决定的。合计等于 `usable.central`", "the same at central opening by what it rests on: open in the base year; and secured for next September; and planned; and the rest of the programme; and what a schedule decides beyond the commitments. They add to `usable.central`";
    NOMINAL = "nominal", Places, "在用校舍的全部规模", "full size of everything in use";
    OPENED_NOMINAL = "opened_nominal", Places, "当年开办的全部规模", "full size of what opens this year";
    OPENED_USABLE = "opened_usable", Places, "比上年增加的可用学位", "usable places gained since the year before";
    RETIRED = "retired", Places, "比上年减少的可用学位：到期、停办、改办、建设期间停用", "usable places lost since the year before: end of a building's life, closed, converted, out of use while building";
}

pub(super) const TABLE: Table = Table::of::<LongRow<'_>>(
    "places.csv",
    "学位数",
    "a figure of places usable and nominal, opened and lost",
)
.with(&[MEASURES]);

/// Usable places by footing, then those of the candidates outside the programme.
const BY_FOOTING: [Measure; 5] =
    [USABLE_OPEN, USABLE_SECURED, USABLE_PLANNED, USABLE_OUTLOOK, USABLE_CANDIDATES];

type Of = fn(&Places, YearOffset) -> Option<Row>;

/// Places by zone and stage.
type Row = Grid<ZoneId, StageId, i64>;

fn whole(row: View<'_, ZoneId, StageId, u32>) -> Row {
    row.to_grid().map(|&n| i64::from(n))
}

const ROWS: [(Measure, Of); 5] = [
    (USABLE, |places, t| Some(whole(places.usable(t)))),
    (NOMINAL, |places, t| Some(whole(places.nominal(t)))),
    (OPENED_NOMINAL, |places, t| Some(whole(places.opened(t)))),
    (OPENED_USABLE, |places, t| {
        let (now, then, lost) = (places.usable(t), places.usable(t.minus(1)), places.lost(t));
        let of = |z, p| i64::from(now[(z, p)]) - i64::from(then[(z, p)]) + i64::from(lost[(z, p)]);
        (t > YearOffset::BASE).then(|| Grid::from_fn(now.shape(), of))
    }),
    (RETIRED, |places, t| (t > YearOffset::BASE).then(|| whole(places.lost(t)))),
];

pub(super) fn rows(run: &Run<'_>, sink: &mut Sink<'_>) {
    let scenario = run.scenario;
    let frame = &scenario.frame;
    let mut long = Long { scenario, sink };
    for (t, year) in scenario.calendar() {
        for (measure, row) in ROWS {
            if !long.sink.wants(&measure) {
                continue;
            }
            let Some(central) = row(&run.places, t) else { continue };
            let draws: Vec<Row> = run.drawn_places.iter().filter_map(|p| row(p, t)).collect();
            for area in frame.areas() {
                let zones = frame.zones_in(area);
                for (stage, stages) in stage_levels(frame) {
                    let key = Key { area, stage, grade: None, year: Some(year) };
                    long.stats(key, &measure, || stats_of(&central, &draws, |row| sum(row, &zones, &stages)));
                }
            }
        }
    }
    by_footing(run, &mut long);
}

/// Usable places of the central path by how sure they are, and those of the candidates outside the programme.
fn by_footing(run: &Run<'_>, long: &mut Long<'_, '_>) {
    let scenario = run.scenario;
    let frame = &scenario.frame;
    for (t, year) in scenario.calendar() {
        let mut places = vec![Row::filled(frame.zone_stages(), 0); BY_FOOTING.len()];
        places[Footing::Open as usize] = whole(run.supply.base(t));
        for j in scenario.projects.ids() {
            let footing = run.board.footing(j);
            let opened = run.supply.opening(j).central.unwrap_or(BEYOND);
            for effect in run.supply.effects(j) {
                // what a project of the programme takes is taken from places in use, however sure its own are
                let layer = match footing {
                    Some(footing) if effect.gains => footing as usize,
                    Some(_) => Footing::Open as usize,
                    None => Footing::ALL.len(),
                };
                places[layer][(effect.zone, effect.stage)] += effect.usable(opened, year);
            }
        }
        for (row, measure) in places.iter().zip(BY_FOOTING) {
            for area in frame.areas() {
                let zones = frame.zones_in(area);
                for (stage, stages) in stage_levels(frame) {
                    let key = Key { area, stage, grade: None, year: Some(year) };
                    long.one(key, &measure, "central", || sum(row, &zones, &stages));
                }
            }
        }
    }
}

fn sum(row: &Row, zones: &[ZoneId], stages: &[StageId]) -> f64 {
    zones.iter().flat_map(|&z| stages.iter().map(move |&p| row[(z, p)])).sum::<i64>() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_by_footing_are_named_by_it() {
        for (footing, measure) in Footing::ALL.into_iter().zip(BY_FOOTING) {
            assert_eq!(measure.name, format!("usable_{}", footing.code()));
        }
    }
}
