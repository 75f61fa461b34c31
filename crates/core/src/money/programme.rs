//! Money of a programme: what its decisions commit, and what is due in a year. At central opening.
//!
//! The capital money of a project counts as committed in the year of its decision, for that is when a district commits it,
//! whenever it is due.

use super::flow::{Item, capital, flows};
use crate::{
    index::ProjectId,
    scenario::Scenario,
    supply::{Project, SupplyModel},
};

/// Capital money that the decisions of this programme commit, over projects that `wanted` picks. In `year`, or in all.
pub fn committed(
    scenario: &Scenario,
    supply: &SupplyModel<'_>,
    wanted: impl Fn(&Project) -> bool,
    year: Option<i32>,
) -> f64 {
    let decided =
        |j: ProjectId| supply.decided(j).is_some_and(|month| year.is_none_or(|year| year == month.year));
    let projects = scenario.projects.pairs();
    projects.filter(|(j, p)| wanted(p) && decided(*j)).map(|(j, _)| capital(scenario, j)).sum()
}

/// Money of `item` that is due for the programme, over projects that `wanted` picks. In `year`, or in all coming years.
pub fn due(
    scenario: &Scenario,
    supply: &SupplyModel<'_>,
    item: Item,
    wanted: impl Fn(&Project) -> bool,
    year: Option<i32>,
) -> f64 {
    let mut sum = 0.0;
    for (j, _) in scenario.projects.pairs().filter(|(j, p)| wanted(p) && supply.in_programme(*j)) {
        if let Some(opened) = supply.opening(j).central {
            sum += due_if_opened(scenario, j, item, opened, year);
        }
    }
    sum
}

/// Money of `item` that is due for project `j` if it opens in `opened`. In `year`, or in all coming years.
pub fn due_if_opened(scenario: &Scenario, j: ProjectId, item: Item, opened: i32, year: Option<i32>) -> f64 {
    let counts = |of: i32| year.map_or(of > scenario.base_year, |year| year == of);
    let all = flows(scenario, j, opened, scenario.until);
    all.iter().filter(|f| f.item == item && counts(f.year)).map(|f| f.amount).sum()
}
