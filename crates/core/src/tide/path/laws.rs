//! What holds of the years to t+15.

use super::TidePath;
use crate::{
    balance::{Balance, Balances, Figure},
    geography::Area,
    law::{Kept, Law, at_most, same},
    tide::Tide,
};

impl Tide {
    /// Whether the demand of the years that the run has too is that of `balances`, path by path.
    ///
    /// Places may differ: a school that opens after the last year of a run and closes another before it is seen here alone.
    ///
    /// # Errors
    /// The first law that is broken.
    pub fn check(&self, balances: &Balances) -> Kept {
        self.check_path(&self.central, &balances.central)?;
        same(Law::DrawsBalanced, self.draws.len() as i64, balances.draws.len() as i64, || "t+15".to_owned())?;
        for (path, balance) in self.draws.iter().zip(&balances.draws) {
            self.check_path(path, balance)?;
        }
        Ok(())
    }

    fn check_path(&self, path: &TidePath, balance: &Balance) -> Kept {
        let frame = &self.scenario.frame;
        at_most(Law::TideYears, balance.years() as i64, path.demand.count() as i64, || "t+15".to_owned())?;
        let (openings, projects) = (path.openings.len(), self.scenario.projects.len());
        same(Law::TideOpenings, openings as i64, projects as i64, || "t+15".to_owned())?;
        for q in frame.groups.ids() {
            let zones = frame.zones_in(Area::Group(q));
            for p in frame.stages.ids() {
                let slot = frame.slots().at(q, p);
                for t in path.demand.ids() {
                    let place = || {
                        format!("{} {} {}", frame.groups[q].id, frame.stages[p].id, self.scenario.year_of(t))
                    };
                    if t.index() >= balance.years() {
                        continue;
                    }
                    let expected = balance.sum(Figure::Demand, t, &zones, p);
                    same(Law::TideDemand, i64::from(path.demand(t, slot)), expected, place)?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixture,
        forecast::Forecaster,
        supply::{Programme, SupplyModel},
        tide::Stock,
    };

    #[test]
    fn a_long_run_that_is_not_the_balance_is_found() {
        let scenario = fixture::scenario();
        let supply = SupplyModel::new(&scenario, &Programme::All);
        let forecaster = Forecaster::new(&scenario);
        let balances = Balances {
            central: Balance::new(&scenario, forecaster.central(), &supply.central()),
            draws: Vec::new(),
        };
        let long = scenario.lasting_to(scenario.base_year + crate::tide::AHEAD);
        let check = |change: &dyn Fn(&mut Tide)| {
            let supply = SupplyModel::new(&long, &Programme::All);
            let stock = Stock::new(&long, &supply);
            let pupils = Forecaster::new(&long);
            let openings = long.projects.ids().map(|j| supply.opening(j).central).collect();
            let central =
                TidePath::new(&long, &stock, pupils.central(), openings, |j| supply.in_programme(j));
            let assumed_from = pupils.assumed_from().clone();
            let mut tide = Tide { scenario: long.clone(), stock, central, draws: Vec::new(), assumed_from };
            change(&mut tide);
            tide.check(&balances).map_err(|broken| broken.law)
        };
        assert_eq!(check(&|_| ()), Ok(()));
        assert_eq!(check(&|tide| tide.central.demand = tide.central.demand.cut(1)), Err(Law::TideYears));
        assert_eq!(check(&|tide| (*tide.central.demand)[0] += 1), Err(Law::TideDemand));
        assert_eq!(check(&|tide| tide.central.openings = Vec::new().into()), Err(Law::TideOpenings));
        let draw = |tide: &mut Tide| tide.draws.push(tide.central.clone());
        assert_eq!(check(&draw), Err(Law::DrawsBalanced));
    }
}
