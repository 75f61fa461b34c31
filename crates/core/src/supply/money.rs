//! Money of a programme: what its decisions commit, and what its buildings cost to run.
//!
//! Both at central opening; the capex of a project counts in the year of its decision, for that is when a district
//! commits the money.

use super::{project::Project, stock::SupplyModel};
use crate::scenario::Scenario;

/// Money that the decisions of this programme commit, over projects that `wanted` picks: capex of what was undecided.
/// In `year`, or in all.
pub fn committed(
    scenario: &Scenario,
    supply: &SupplyModel<'_>,
    wanted: impl Fn(&Project) -> bool,
    year: Option<i32>,
) -> f64 {
    let decided =
        |j: usize| supply.decided(j).is_some_and(|month| year.is_none_or(|year| year == month.year));
    let projects = scenario.projects.iter().enumerate();
    projects.filter(|(j, p)| wanted(p) && decided(*j)).map(|(_, p)| p.cost(&scenario.kinds)).sum()
}

/// Running cost of the programme, over projects that `wanted` picks. In `year`, or in all coming years.
pub fn running(
    scenario: &Scenario,
    supply: &SupplyModel<'_>,
    wanted: impl Fn(&Project) -> bool,
    year: Option<i32>,
) -> f64 {
    let years: Vec<i32> = year.map_or_else(|| scenario.years().skip(1).collect(), |year| vec![year]);
    let mut sum = 0.0;
    for (j, project) in scenario.projects.iter().enumerate() {
        if !wanted(project) || !supply.in_programme(j) {
            continue;
        }
        if let Some(opened) = supply.opening(j).central {
            let in_use = years.iter().filter(|year| project.in_use(&scenario.kinds, opened, **year)).count();
            sum += project.opex.unwrap_or(0.0) * in_use as f64;
        }
    }
    sum
}
