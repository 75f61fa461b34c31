//! Schools of a scenario: each takes its share of its zone, in every draw.
//!
//! ```text
//! pupils of a school = pupils of the zone x S        S = learnt share of the zone's grade, with its own shocks in a draw
//! ```
//!
//! Housing and overrides of the zone are in it, in the proportion of the shares. Schools that are the whole of their zone
//! add to it; where some of a zone's pupils are in no known school, their part stays out.

use super::unit;
use crate::{
    forecast::{
        Forecast, Stats,
        learn::{SchoolFutures, UnitDraws},
        round_to_total,
    },
    index::{ChainGrade, DrawId, GradeId, Ids, Lead, StageId, Table, UnitId, YearOffset, ZoneId},
    scenario::Scenario,
};

/// Pupils of one school, in one grade or all of a stage, in one year.
#[derive(Debug, Clone, PartialEq)]
pub struct SchoolLine {
    /// Position among the schools of the past rolls.
    pub school: UnitId,
    /// Its zone.
    pub zone: ZoneId,
    /// Its stage.
    pub stage: StageId,
    /// Grade; `None` for all grades of the stage.
    pub grade: Option<GradeId>,
    /// Years after the base year.
    pub t: YearOffset,
    /// Central value, mean and quantiles.
    pub stats: Stats,
}

/// Pupils of every school of zone `z` whose rolls are known; `forecast` is that of the zones.
pub fn school_lines(scenario: &Scenario, forecast: &Forecast, seed: u64, z: ZoneId) -> Vec<SchoolLine> {
    let (Some(learnt), Some(past)) = (scenario.learnt(), &scenario.past) else { return Vec::new() };
    let count = forecast.draws.len();
    let mut lines = Vec::new();
    for chain in learnt.chains() {
        let Some(schools) = &chain.history().schools else { continue };
        let calibration = chain.calibration();
        let (leads, grades) = (calibration.leads(), calibration.grades());
        let of_zone = |h: Lead, g: ChainGrade, path: &crate::forecast::Path| {
            chain.grades()[g].map_or(f32::NAN, |g| path.year(h.offset())[(z, g)] as f32)
        };
        let zone =
            UnitDraws::new(leads, grades.len(), count, |h, g, w| of_zone(h, g, &forecast.draws[w.index()]));
        let members: Vec<UnitId> = schools.of_area(unit(z)).collect();
        let share = |h: Lead, s: UnitId, g: ChainGrade| {
            calibration.school_pupils(h, s, g) / calibration.pupils(h, unit(z), g)
        };
        let drawn: Vec<(UnitId, UnitDraws)> = match chain.spread() {
            Some(spread) => SchoolFutures::new(calibration, spread, &past.school_ids, schools, seed)
                .map_or_else(Vec::new, |futures| futures.of_area(unit(z), &zone)),
            // no sizes were learnt: a school is as uncertain as its zone
            None => members
                .iter()
                .map(|&s| {
                    let pupils = |h, g, w: DrawId| zone.grade(h, g)[w.index()] * share(h, s, g) as f32;
                    (s, UnitDraws::new(leads, grades.len(), count, pupils))
                })
                .collect(),
        };
        for h in Lead::up_to(leads) {
            let mut central = vec![Table::<ChainGrade, f64>::filled(grades.len(), 0.0); members.len()];
            for g in grades.clone() {
                let values: Vec<f64> = members
                    .iter()
                    .map(|&s| f64::from(of_zone(h, g, &forecast.central)) * share(h, s, g))
                    .map(|n| if n.is_finite() { n } else { 0.0 })
                    .collect();
                for (row, n) in central.iter_mut().zip(round_to_total(&values)) {
                    row[g] = f64::from(n);
                }
            }
            for (school, draws) in &drawn {
                let Some(at) = members.iter().position(|s| s == school) else { continue };
                let served = |g: &ChainGrade| share(h, *school, *g).is_finite();
                for (stage, positions) in chain.stages() {
                    if !positions.clone().any(|g| served(&g)) {
                        continue;
                    }
                    let mut push = |grade: Option<GradeId>, positions: Ids<ChainGrade>| {
                        let mut values: Vec<f64> = draws
                            .sum(h, positions.clone())
                            .into_iter()
                            .map(|n| f64::from(n).round())
                            .collect();
                        let total = positions.clone().map(|g| central[at][g]).sum();
                        let stats = Stats::new(total, &mut values);
                        lines.push(SchoolLine {
                            school: *school,
                            zone: z,
                            stage: *stage,
                            grade,
                            t: h.offset(),
                            stats,
                        });
                    };
                    push(None, positions.clone());
                    for g in positions.clone().filter(served) {
                        push(chain.grades()[g], Ids::one(g));
                    }
                }
            }
        }
    }
    lines.sort_by_key(|line| (line.school, line.stage, line.grade, line.t));
    lines
}
