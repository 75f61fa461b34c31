//! The ratios a scenario is projected with, one by one: value, where it comes from, what was learnt beside it.
//!
//! ```text
//! N[z,g,t] = ratio x base + arrivals + P - (what the base holds of estates)        on the central path
//! ```
//!
//! | kind | base |
//! |---|---|
//! | progression | pupils of the grade below a year before |
//! | transition | pupils of the last grade of the stages that feed it, of the zone they leave |
//! | entry | children of the pools, by weight of their source and with their public share |

use crate::{
    demand::{Change, DemandTerms, RateKind, rates},
    geography::Intake,
    grid::CellId,
    index::{ChainGrade, GradeId, Lead, StageId, UnitId, YearOffset, ZoneId},
    scenario::Scenario,
};

/// Where a ratio comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RatioOrigin {
    /// An override, or a given or learnt ratio times the factor of one.
    Override,
    /// The rates table.
    Given,
    /// The district's own history.
    Learnt,
    /// Nothing said it: 1.
    Default,
}

impl RatioOrigin {
    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            RatioOrigin::Override => "override",
            RatioOrigin::Given => "given",
            RatioOrigin::Learnt => "learnt",
            RatioOrigin::Default => "default",
        }
    }
}

/// The ratio into one zone, grade and year.
#[derive(Debug, Clone, PartialEq)]
pub struct RatioUsed {
    /// The zone.
    pub zone: ZoneId,
    /// Grade arrived in.
    pub grade: GradeId,
    /// Years after the base year.
    pub t: YearOffset,
    /// `progression`, `transition` or `entry`.
    pub kind: &'static str,
    /// The ratio.
    pub value: f64,
    /// Where it comes from.
    pub origin: RatioOrigin,
    /// The learnt one, whichever is used.
    pub learnt: Option<f64>,
    /// Of the learnt one: what all zones share, and the zone's own departure, before shares are mixed in.
    pub parts: Option<(f64, f64)>,
    /// Pupils who arrive besides: fed by no grade of the zone, or by an override.
    pub arrivals: f64,
}

/// Every ratio of a scenario, by zone, grade and year.
pub fn ratios_used(scenario: &Scenario) -> Vec<RatioUsed> {
    let terms = DemandTerms::new(scenario);
    let frame = &scenario.frame;
    let mut out = Vec::new();
    for cell in frame.cells().pairs() {
        let (zone, grade) = frame.cells().split(cell);
        let (p, position) = frame.stage_of(grade);
        for (t, year) in scenario.calendar().skip(1) {
            let (kind, value, given, learnt) = match &frame.stages[p].intake {
                _ if position > 0 => (
                    "progression",
                    Some(terms.progression[t][cell]),
                    rates::progression_row(&scenario.rates, zone, grade, year).is_some(),
                    scenario.learnt().and_then(|l| l.ratio(cell, t)),
                ),
                Intake::Stages(from) => {
                    let of = terms.transitions.iter().find(|term| term.to == p);
                    let flows = scenario.flows.iter().any(|f| f.to == p);
                    (
                        "transition",
                        of.map(|term| term.rate[t][zone]),
                        from.iter()
                            .any(|&q| rates::transition_row(&scenario.rates, zone, q, p, year).is_some()),
                        scenario
                            .learnt()
                            .and_then(|l| if flows { l.total_ratio(grade, t) } else { l.ratio(cell, t) }),
                    )
                }
                Intake::Pools { .. } => entry(scenario, &terms, cell, t, year),
            };
            let is_overridden = scenario.overrides.iter().any(|o| {
                o.holds(zone, year)
                    && match &o.change {
                        Change::Rate { kind, .. } => concerns(kind, grade, p, position),
                        Change::Factor { grade: g, .. } => *g == grade,
                        Change::Pupils { .. } => false,
                    }
            });
            let origin = match (is_overridden, given, learnt) {
                (true, ..) => RatioOrigin::Override,
                (_, true, _) => RatioOrigin::Given,
                (_, _, Some(_)) => RatioOrigin::Learnt,
                _ => RatioOrigin::Default,
            };
            out.push(RatioUsed {
                zone,
                grade,
                t,
                kind,
                value: value.unwrap_or(0.0),
                origin,
                learnt,
                parts: parts(scenario, zone, grade, t),
                arrivals: terms.inflow[t][cell],
            });
        }
    }
    out
}

fn concerns(kind: &RateKind, grade: GradeId, stage: StageId, position: usize) -> bool {
    match kind {
        RateKind::Progression { grade: g } => *g == grade,
        RateKind::Entry { stage: p, .. }
        | RateKind::PublicShare { stage: p, .. }
        | RateKind::Transition { to: p, .. } => *p == stage && position == 0,
    }
}

type Ratio = (&'static str, Option<f64>, bool, Option<f64>);

/// Entrants over the children of all pools of the cell, as they are weighted.
fn entry(scenario: &Scenario, terms: &DemandTerms, cell: CellId, t: YearOffset, year: i32) -> Ratio {
    let (mut children, mut entrants, mut given) = (0.0, 0.0, false);
    let (z, g) = scenario.frame.cells().split(cell);
    let stage = scenario.frame.stage_of(g).0;
    for pool in terms.pools.iter().filter(|pool| pool.cell == cell) {
        let of = pool.weight[t] * pool.share[t] * pool.children[t];
        children += of;
        entrants += of * pool.entry[t];
        given |= rates::entry_row(&scenario.rates, z, stage, &pool.source, &pool.class, year).is_some();
    }
    let learnt = scenario.learnt().and_then(|l| l.entrants(cell, t));
    let ratio = |n: f64| (children > 0.0).then(|| n / children);
    ("entry", ratio(entrants), given, learnt.and_then(ratio))
}

/// Common level and own departure of what was learnt of a ratio of progression or transition.
fn parts(scenario: &Scenario, zone: ZoneId, grade: GradeId, t: YearOffset) -> Option<(f64, f64)> {
    let (chain, position) = scenario.learnt()?.chain_of(grade)?;
    let calibration = chain.calibration();
    (position > ChainGrade::ENTRY && calibration.knows_ratio(position)).then(|| {
        let unit = UnitId::new(zone.index());
        (
            calibration.common_ratio(position, Lead::new(t.index())),
            calibration.own_departure(unit, position).0,
        )
    })
}
