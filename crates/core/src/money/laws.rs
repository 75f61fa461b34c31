//! What holds of money.

use super::{Item, capital, flows, life_cycle, payers_of};
use crate::{
    index::ProjectId,
    law::{Kept, Law, between, near},
    scenario::Scenario,
};

/// Whether the money of project `j`, if it opens in `opened`, is all there, is paid by somebody, and is a number.
///
/// # Errors
/// The first law that is broken.
pub fn check(scenario: &Scenario, j: ProjectId, opened: i32) -> Kept {
    let id = &scenario.projects[j].id;
    let flows: Vec<(i32, Item, f64)> = flows(scenario, j, opened, opened + AFTER)
        .into_iter()
        .map(|flow| (flow.year, flow.item, flow.amount))
        .collect();
    check_flows(id, &flows, capital(scenario, j))?;
    for item in Item::ALL {
        check_payers(id, item, &payers_of(scenario, j, item))?;
    }
    let cycle = life_cycle(scenario, j, opened);
    for figure in [cycle.capex, cycle.opex, cycle.present_value, cycle.place_years] {
        between(Law::MoneyFinite, figure, (f64::MIN, f64::MAX), || id.clone())?;
    }
    Ok(())
}

/// Years after the opening in which the last stated amount of capital may be due: those of the widest range allowed.
const AFTER: i32 = 200;

fn check_flows(id: &str, flows: &[(i32, Item, f64)], capital: f64) -> Kept {
    for &(year, item, amount) in flows {
        between(Law::MoneyFinite, amount, (f64::MIN, f64::MAX), || format!("{id} {year} {}", item.code()))?;
    }
    let capex: f64 =
        flows.iter().filter(|(_, item, _)| *item == Item::Capex).map(|(.., amount)| amount).sum();
    near(Law::MoneyCapital, capex, capital, || id.to_owned())
}

fn check_payers(id: &str, item: Item, payers: &[(String, f64)]) -> Kept {
    let shares: f64 = payers.iter().map(|(_, share)| share).sum();
    near(Law::MoneyPayers, shares, 1.0, || format!("{id} {}", item.code()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn money_that_nobody_pays_or_that_is_lost_is_found() {
        let scenario = fixture::scenario();
        for j in scenario.projects.ids() {
            assert_eq!(check(&scenario, j, 2027), Ok(()));
        }
        let found = |flows: &[(i32, Item, f64)]| check_flows("p", flows, 10.0).map_err(|broken| broken.law);
        assert_eq!(found(&[(2027, Item::Capex, 4.0), (2028, Item::Capex, 6.0)]), Ok(()));
        assert_eq!(found(&[(2027, Item::Capex, 4.0)]), Err(Law::MoneyCapital));
        assert_eq!(found(&[(2027, Item::Opex, f64::NAN)]), Err(Law::MoneyFinite));
        let payers = [("city".to_owned(), 0.6)];
        assert_eq!(check_payers("p", Item::Capex, &payers).unwrap_err().law, Law::MoneyPayers);
    }
}
