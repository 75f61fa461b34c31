//! What no cell can hold: a forecast so large that whole pupils of it cannot be counted, and the ratio that made it so.
//!
//! Pupils of a cell are whole numbers below 2^29, demand of a sharing group and stage is below 2^31: no country has as many
//! children. What is above comes from a slip in a ratio, and is named before a figure is given out.

use std::collections::BTreeMap;

use super::{
    Path,
    used::{RatioOrigin, RatioUsed, ratios_used},
};
use crate::{
    balance::with_reserve,
    demand::{CohortModel, DemandTerms},
    geography::{Area, Intake},
    grid::{CellId, Cells, Slots, View},
    index::{GradeId, GroupId, StageId, YearOffset, Years, ZoneId},
    scenario::{Scenario, ScenarioParts},
    tide,
};

/// Pupils that a cell can hold.
pub const MOST_PUPILS: u32 = (1 << 29) - 1;
/// Places, the reserve among them, that a sharing group can ask for in one stage.
pub const MOST_DEMAND: u64 = (1 << 31) - 1;

/// Where there are too many pupils.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// A zone and grade, by their keys.
    Cell(String, String),
    /// A sharing group and stage, by their keys.
    Group(String, String),
}

/// A ratio that a figure came by.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// `progression`, `transition` or `entry`.
    pub kind: &'static str,
    /// Key of the zone it holds for.
    pub zone: String,
    /// Key of the grade it leads to.
    pub grade: String,
    /// Academic year of arrival.
    pub year: i32,
    /// The ratio.
    pub value: f64,
    /// Where it comes from.
    pub origin: RatioOrigin,
}

/// A forecast beyond what can be held.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{pupils:.0} pupils are forecast in {at:?} in {year}, at most {most} can be held")]
pub struct Beyond {
    /// Where.
    pub at: Where,
    /// Academic year.
    pub year: i32,
    /// The figure: pupils of a cell, demand of a group. In a draw it is cut at what a cell can hold.
    pub pupils: f64,
    /// The most that can be held there.
    pub most: u64,
    /// The draw; `None` on the central path.
    pub draw: Option<u64>,
    /// The largest ratio that its pupils came by, where one is above 1.
    pub cause: Option<Box<Cause>>,
}

/// What the central path of a scenario, as far as a run looks, holds of this; the tide looks to t+15.
pub fn beyond(scenario: &Scenario) -> Option<Beyond> {
    let terms = DemandTerms::new(scenario);
    let rows = CohortModel::from_terms(scenario, &terms).central();
    let bounds = Bounds::new(scenario);
    if let Some(beyond) = bounds.of_rows(scenario, &rows) {
        return Some(beyond);
    }
    let far = scenario.base_year + tide::AHEAD;
    if !scenario.has_places() || scenario.until >= far {
        return None;
    }
    // learning anew for a longer run is dear: only where the ratios of the last year could lead beyond
    let last = rows.last()?;
    let t = YearOffset::new(scenario.years_ahead());
    let steps =
        terms.progression[t].iter().chain(terms.transitions.iter().flat_map(|term| term.rate[t].iter()));
    let gain = steps.copied().fold(1.0, f64::max);
    let highest = last.iter().copied().fold(0.0, f64::max);
    let grown = (scenario.until..far).fold(highest, |n, _| n * gain);
    if grown * bounds.together as f64 <= f64::from(MOST_PUPILS) {
        return None;
    }
    let long = scenario.lasting_to(far);
    bounds.of_rows(&long, &CohortModel::new(&long).central())
}

/// Sharing groups and stages whose schools and projects have more places together than can be counted, with the places.
pub fn places_beyond(parts: &ScenarioParts) -> Vec<(GroupId, StageId, u64)> {
    let mut sums = BTreeMap::<(GroupId, StageId), u64>::new();
    let schools = parts.schools.iter().map(|s| (s.zone, s.stage, s.places));
    let projects = parts.projects.iter().map(|j| (j.zone, j.stage, j.places));
    for (zone, stage, places) in schools.chain(projects) {
        *sums.entry((parts.frame.zones[zone].group, stage)).or_default() += u64::from(places);
    }
    let beyond = sums.into_iter().filter(|(_, places)| *places > MOST_DEMAND);
    beyond.map(|((group, stage), places)| (group, stage, places)).collect()
}

/// The sums that must be held.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    /// Cells of each sharing group and stage.
    cells: Slots<Vec<CellId>>,
    /// Cells in the largest of them.
    together: usize,
    reserve: u32,
}

impl Bounds {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let frame = &scenario.frame;
        let cells = Slots::from_fn(frame.slots(), |q, p| {
            let zones = frame.zones_in(Area::Group(q));
            let of_zone = |z| frame.grades_of(p).map(move |g| frame.cells().at(z, g));
            zones.into_iter().flat_map(of_zone).collect::<Vec<_>>()
        });
        let together = cells.iter().map(Vec::len).max().unwrap_or(1).max(1);
        Self { cells, together, reserve: scenario.reserve_per_mille }
    }

    /// Of unrounded pupils by year and cell.
    pub(super) fn of_rows(&self, scenario: &Scenario, rows: &Years<Cells<f64>>) -> Option<Beyond> {
        // written so that what is no number counts as too large
        let held = |n: f64| n <= f64::from(MOST_PUPILS);
        rows.pairs().find_map(|(t, row)| {
            if let Some((cell, &n)) = row.pairs().find(|(_, n)| !held(**n)) {
                return Some(in_cell(scenario, t, cell, n, None));
            }
            self.group_beyond(scenario, t, row.map(|n| n.round() as u32).view(), None)
        })
    }

    /// Of draw `w`.
    pub(super) fn of_draw(&self, scenario: &Scenario, path: &Path, w: u64) -> Option<Beyond> {
        let highest = path.pupils.iter().copied().max().unwrap_or(0);
        if highest < MOST_PUPILS
            && with_reserve(u64::from(highest) * self.together as u64, self.reserve) <= MOST_DEMAND
        {
            return None;
        }
        path.offsets().find_map(|t| {
            let row = path.year(t);
            if let Some(cell) = row.shape().pairs().find(|&cell| row[cell] >= MOST_PUPILS) {
                return Some(in_cell(scenario, t, cell, f64::from(row[cell]), Some(w)));
            }
            self.group_beyond(scenario, t, row, Some(w))
        })
    }

    fn group_beyond(
        &self,
        scenario: &Scenario,
        t: YearOffset,
        row: View<'_, ZoneId, GradeId, u32>,
        draw: Option<u64>,
    ) -> Option<Beyond> {
        let frame = &scenario.frame;
        let demand = |cells: &[CellId]| {
            with_reserve(cells.iter().map(|&cell| u64::from(row[cell])).sum(), self.reserve)
        };
        let (slot, cells) = self.cells.pairs().find(|(_, cells)| demand(cells) > MOST_DEMAND)?;
        let (q, p) = frame.slots().split(slot);
        let (group, stage) = (&frame.groups[q], &frame.stages[p]);
        let largest = cells.iter().copied().max_by_key(|&cell| row[cell])?;
        Some(Beyond {
            at: Where::Group(group.id.clone(), stage.id.clone()),
            year: scenario.year_of(t),
            pupils: demand(cells) as f64,
            most: MOST_DEMAND,
            draw,
            cause: cause(scenario, t, largest),
        })
    }
}

fn in_cell(scenario: &Scenario, t: YearOffset, cell: CellId, pupils: f64, draw: Option<u64>) -> Beyond {
    let frame = &scenario.frame;
    let (z, g) = frame.cells().split(cell);
    Beyond {
        at: Where::Cell(frame.zones[z].id.clone(), frame.grade_id(g).to_owned()),
        year: scenario.year_of(t),
        pupils,
        most: u64::from(MOST_PUPILS),
        draw,
        cause: cause(scenario, t, cell),
    }
}

/// The largest ratio above 1 on the way of a cohort into year `t`, back to its entry or to the base year.
fn cause(scenario: &Scenario, t: YearOffset, cell: CellId) -> Option<Box<Cause>> {
    let frame = &scenario.frame;
    let cells = frame.cells();
    let used: BTreeMap<(CellId, YearOffset), RatioUsed> =
        ratios_used(scenario).into_iter().map(|r| ((cells.at(r.zone, r.grade), r.t), r)).collect();
    let (mut t, mut cell) = (t, cell);
    let mut largest: Option<&RatioUsed> = None;
    while t > YearOffset::BASE {
        let Some(ratio) = used.get(&(cell, t)) else { break };
        if ratio.value > largest.map_or(1.0, |l| l.value) {
            largest = Some(ratio);
        }
        let (z, g) = cells.split(cell);
        let below = frame.below(cell).or_else(|| match &frame.stages[frame.stage_of(g).0].intake {
            Intake::Stages(from) => from.first().map(|&p| cells.at(z, frame.last_grade(p))),
            Intake::Pools { .. } => None,
        });
        let Some(below) = below else { break };
        (t, cell) = (t.minus(1), below);
    }
    largest.map(|ratio| {
        Box::new(Cause {
            kind: ratio.kind,
            zone: frame.zones[ratio.zone].id.clone(),
            grade: frame.grade_id(ratio.grade).to_owned(),
            year: scenario.year_of(ratio.t),
            value: ratio.value,
            origin: ratio.origin,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Name, ScenarioParts,
        demand::{Rate, RateKind},
        forecast::Forecaster,
        geography::{District, Frame, Group, Intake, Stage, StageDetail, Zone},
        index::{DistrictId, Ids},
    };

    /// Four grades of `roll` pupils each, `ratio` from each to the next.
    fn growing(roll: u32, ratio: f64) -> Scenario {
        let name = || Name::plain("x");
        let frame = Frame {
            districts: [District { id: "d".into(), name: name() }].into(),
            groups: [Group { id: "q".into(), name: name(), district: DistrictId::new(0) }].into(),
            zones: [Zone { id: "mill".into(), name: name(), group: GroupId::new(0), tile: None }].into(),
            stages: [Stage {
                id: "primary".into(),
                name: name(),
                grades: ["1", "2", "3", "4"].map(str::to_owned).to_vec(),
                class_size: 45,
                intake: Intake::Pools { entry_age: 6 },
                detail: StageDetail::default(),
            }]
            .into(),
        };
        let rates = Ids::of(1..4).map(|grade| Rate {
            kind: RateKind::Progression { grade },
            zone: None,
            year: None,
            value: ratio,
        });
        let parts = ScenarioParts {
            roll: Cells::filled(frame.cells(), roll),
            rates: rates.collect(),
            until: 2030,
            ..ScenarioParts::empty("growing", frame, 2025)
        };
        Scenario::new(parts).unwrap()
    }

    #[test]
    fn a_cell_that_cannot_hold_its_pupils_is_named_with_the_ratio_that_filled_it() {
        assert_eq!(beyond(&growing(1_000, 1.4)), None);
        // 40 million x 3 = 120 million, x 3 = 360 million, x 3 = 1.08 billion in grade 4 of 2028
        let found = beyond(&growing(40_000_000, 3.0)).unwrap();
        assert_eq!(found.at, Where::Cell("mill".into(), "4".into()));
        assert_eq!((found.year, found.pupils, found.most), (2028, 1.08e9, 536_870_911));
        let cause = found.cause.unwrap();
        assert_eq!((cause.kind, cause.value, cause.origin), ("progression", 3.0, RatioOrigin::Given));
    }

    #[test]
    fn a_draw_beyond_is_found_too() {
        // just within on the central path: a draw goes beyond
        let scenario = growing(50_000_000, 2.2);
        assert_eq!(beyond(&scenario), None);
        let forecaster = Forecaster::new(&scenario);
        assert_eq!(forecaster.beyond(), None);
        let drawn = |w: u64| forecaster.drawn_beyond(&forecaster.draw(1, w), w);
        let found = (0..200).find_map(drawn).unwrap();
        assert!(found.draw.is_some());
        assert_eq!(found.at, Where::Cell("mill".into(), "4".into()));
    }

    #[test]
    fn a_group_that_asks_for_more_than_can_be_counted_is_named() {
        let mut parts = growing(50_000_000, 1.0).into_parts();
        let stage = &mut parts.frame.stages[StageId::new(0)];
        stage.grades = (1..=50).map(|g| g.to_string()).collect();
        parts.roll = Cells::filled(parts.frame.cells(), 50_000_000);
        parts.rates.clear();
        let found = beyond(&Scenario::new(parts).unwrap()).unwrap();
        assert_eq!(found.at, Where::Group("q".into(), "primary".into()));
        assert_eq!((found.pupils, found.cause), (2.5e9, None));
    }
}
