//! A gap explained: why the gap of a year is what it is, part by part, adding up exactly.
//!
//! ```text
//! D - S  =  reference + new data + children + entry ratio + progression + transition + housing + public share
//!                     + overrides + opened + late + retired + lent
//! ```
//!
//! The reference is named: roll and places of the base year held flat, or the forecast of an earlier round for the same
//! year. The central forecast is then reached in steps, one set of terms exchanged at a time, in the order of [`GapPart`];
//! each step's change of D - S is that part. Shortage is max(0, D - S): its parts are the mean over all orders in which
//! the parts could have been added (Shapley). Both are in whole pupils by largest remainder.
//!
//! [`crate::demand::steps`] makes the paths of pupils, `supply` the four parts of places, `split` the whole pupils. Source: docs/model.md,
//! section 4.

mod split;
mod supply;

use super::{Balance, Figure, with_reserve};
use crate::{
    demand::{DemandPart, Steps, cohort::unrounded_in},
    forecast::round_signed,
    geography::Area,
    grid::Cells,
    index::{GroupId, StageId, YearOffset, ZoneId},
    scenario::Scenario,
    supply::{Programme, SupplyModel},
};
use split::shapley;

/// Number of parts.
pub const PARTS: usize = DEMAND + 4;

/// Parts of the demand side; those of the supply side follow.
const DEMAND: usize = DemandPart::ALL.len();

/// A cause of a gap, in the order in which the steps are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GapPart {
    /// Pupils.
    Demand(DemandPart),
    /// Places opened as scheduled.
    Opened,
    /// Places that come later than the schedule.
    Late,
    /// Places lost: end of a building's life, closed, converted, out of use while building.
    Retired,
    /// Places of one zone kept for the pupils of another.
    Lent,
}

impl GapPart {
    /// Every part, in order.
    pub const ALL: [GapPart; PARTS] = [
        GapPart::Demand(DemandPart::NewData),
        GapPart::Demand(DemandPart::Children),
        GapPart::Demand(DemandPart::EntryRatio),
        GapPart::Demand(DemandPart::Progression),
        GapPart::Demand(DemandPart::Transition),
        GapPart::Demand(DemandPart::Housing),
        GapPart::Demand(DemandPart::PublicShare),
        GapPart::Demand(DemandPart::Overrides),
        GapPart::Opened,
        GapPart::Late,
        GapPart::Retired,
        GapPart::Lent,
    ];

    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            GapPart::Demand(part) => part.code(),
            GapPart::Opened => "opened",
            GapPart::Late => "late",
            GapPart::Retired => "retired",
            GapPart::Lent => "lent",
        }
    }
}

/// What a gap is explained against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// Roll and places of the base year held flat.
    BaseYear,
    /// The forecast of the round of this academic year.
    Forecast(i32),
}

impl Reference {
    /// Code in tables: `base_year`, or `forecast-2024`.
    pub fn code(self) -> String {
        match self {
            Reference::BaseYear => "base_year".to_owned(),
            Reference::Forecast(year) => format!("forecast-{year}"),
        }
    }
}

/// The parts of the gap of one group, stage and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GapParts {
    /// What it is explained against.
    pub reference: Reference,
    /// The sharing group.
    pub group: GroupId,
    /// The stage.
    pub stage: StageId,
    /// Year, 0 = base year.
    pub t: YearOffset,
    /// D - S of the reference.
    pub reference_gap: i64,
    /// Change of D - S by part.
    pub gap: [i64; PARTS],
    /// Shortage of the reference.
    pub reference_shortage: i64,
    /// Change of the shortage by part.
    pub shortage: [i64; PARTS],
}

/// Explains the central gap of every group, stage and coming year against the base year held flat.
pub fn explain_gaps(scenario: &Scenario, supply: &SupplyModel<'_>, central: &Balance) -> Vec<GapParts> {
    let steps = Steps::from_flat(scenario);
    let reserve = scenario.reserve_per_mille;
    let mut out = Vec::new();
    for (group, zones) in groups(scenario) {
        for stage in scenario.frame.stages.ids() {
            let pupils = |row: &Cells<f64>| unrounded_in(row, &zones, &scenario.frame.grades_of(stage));
            let reference_gap =
                with_reserve(pupils(&steps.reference[YearOffset::BASE]).round() as u64, reserve) as i64
                    - central.sum(Figure::Places, YearOffset::BASE, &zones, stage);
            for t in scenario.coming() {
                let year = scenario.year_of(t);
                let spot = supply::Spot { zones: &zones, stage, year };
                let places = supply::flat(scenario, supply, spot);
                let spot = (group, stage, t);
                let parts = parts_of(scenario, &steps, &pupils, t, places);
                let actual = gap_of(central, t, &zones, stage);
                out.push(finished(Reference::BaseYear, spot, reference_gap, &parts, actual));
            }
        }
    }
    out
}

/// Explains the central gap of every group, stage and year of `steps` against the forecast of `earlier`, the scenario of an
/// earlier round that they lead from ([`Steps::since`]), under the same programme.
pub fn explain_against(
    scenario: &Scenario,
    supply: &SupplyModel<'_>,
    central: &Balance,
    (earlier, steps): (&Scenario, &Steps),
    programme: &Programme,
) -> Vec<GapParts> {
    let earlier_supply = SupplyModel::new(earlier, programme);
    let (reserve, before) = (earlier.reserve_per_mille, earlier_supply.central());
    let reference = Reference::Forecast(earlier.base_year);
    let mut out = Vec::new();
    for (group, zones) in groups(scenario) {
        for stage in scenario.frame.stages.ids() {
            let pupils = |row: &Cells<f64>| unrounded_in(row, &zones, &scenario.frame.grades_of(stage));
            for t in steps.coming() {
                let year = scenario.year_of(t);
                let usable = before.usable(YearOffset::new((year - earlier.base_year) as usize));
                let places: i64 = zones.iter().map(|&z| i64::from(usable[(z, stage)])).sum();
                let needed = with_reserve(pupils(&steps.reference[t]).round() as u64, reserve) as i64;
                let spot = supply::Spot { zones: &zones, stage, year };
                let split = supply::since((scenario, supply), (earlier, &earlier_supply), spot);
                let parts = parts_of(scenario, steps, &pupils, t, split);
                let actual = gap_of(central, t, &zones, stage);
                out.push(finished(reference, (group, stage, t), needed - places, &parts, actual));
            }
        }
    }
    out
}

fn groups(scenario: &Scenario) -> impl Iterator<Item = (GroupId, Vec<ZoneId>)> {
    scenario.frame.groups.ids().map(|q| (q, scenario.frame.zones_in(Area::Group(q))))
}

fn gap_of(central: &Balance, t: YearOffset, zones: &[ZoneId], stage: StageId) -> i64 {
    central.sum(Figure::Demand, t, zones, stage) - central.sum(Figure::Places, t, zones, stage)
}

/// The parts before rounding.
fn parts_of(
    scenario: &Scenario,
    steps: &Steps,
    pupils: &impl Fn(&Cells<f64>) -> f64,
    t: YearOffset,
    places: [f64; 4],
) -> [f64; PARTS] {
    let reserve = 1.0 - f64::from(scenario.reserve_per_mille) / 1000.0;
    let mut parts = [0.0; PARTS];
    for (part, change) in parts.iter_mut().zip(steps.parts(t, pupils)) {
        *part = change / reserve;
    }
    parts[DEMAND..].copy_from_slice(&places);
    parts
}

/// Whole pupils that add up.
fn finished(
    reference: Reference,
    (group, stage, t): (GroupId, StageId, YearOffset),
    reference_gap: i64,
    parts: &[f64; PARTS],
    actual: i64,
) -> GapParts {
    let gap = round_signed(parts, actual - reference_gap);
    GapParts {
        reference,
        group,
        stage,
        t,
        reference_gap,
        gap,
        reference_shortage: reference_gap.max(0),
        shortage: shapley(reference_gap, &gap),
    }
}
