//! What holds of paths in whole pupils, and of a forecast.

use super::{Forecast, Forecaster, MOST_PUPILS, Path, Totals};
use crate::{
    grid::Cells,
    index::{YearOffset, Years},
    law::{Kept, Law, at_most, between, same},
    scenario::Scenario,
};

impl Path {
    /// Whether the path is one of `scenario`: its years and cells, from its roll on, no cell above what can be counted.
    ///
    /// # Errors
    /// The first law that is broken.
    pub fn check(&self, scenario: &Scenario) -> Kept {
        let frame = &scenario.frame;
        same(Law::PathYears, self.years() as i64, scenario.offsets().len() as i64, || scenario.id.clone())?;
        let (found, expected) = (self.pupils.shape().count() as i64, frame.cells().count() as i64);
        same(Law::PathCells, found, expected, || scenario.id.clone())?;
        let base = self.year(YearOffset::BASE);
        for (cell, &roll) in scenario.roll.pairs() {
            same(Law::PathBase, i64::from(base[cell]), i64::from(roll), || {
                let (z, g) = frame.cells().split(cell);
                format!("{} {} {}", frame.zones[z].id, frame.grade_id(g), scenario.base_year)
            })?;
        }
        let highest = self.pupils.iter().copied().max().unwrap_or(0);
        at_most(Law::PathMost, i64::from(highest), i64::from(MOST_PUPILS), || scenario.id.clone())
    }

    /// Whether the path is `rows` in whole pupils: district and grade rounded first, then each of its cells.
    ///
    /// # Errors
    /// The first law that is broken.
    pub fn check_rounded(&self, scenario: &Scenario, rows: &Years<Cells<f64>>) -> Kept {
        // what is rounded to totals may be a whole pupil from its own figure, never more
        const CELL: f64 = 1.0 + 1e-9;
        const TOTAL: f64 = 0.5 + 1e-6;
        let totals = Totals::new(&scenario.frame);
        for (t, row) in rows.pairs() {
            let whole = self.year(t);
            for cells in totals.iter() {
                let (mut sum, mut unrounded) = (0.0, 0.0);
                for &cell in cells {
                    let (pupils, exact) = (f64::from(whole[cell]), row[cell]);
                    let place = || format!("{} {}", scenario.year_of(t), cell.index());
                    between(Law::PathRounded, pupils, (exact - CELL, exact + CELL), place)?;
                    sum += pupils;
                    unrounded += exact;
                }
                let place = || scenario.year_of(t).to_string();
                between(Law::PathTotals, sum, (unrounded - TOTAL, unrounded + TOTAL), place)?;
            }
        }
        Ok(())
    }
}

impl Forecaster<'_> {
    /// Whether its central path in whole pupils is the unrounded one.
    ///
    /// # Errors
    /// The first law that is broken.
    pub fn check(&self) -> Kept {
        self.central.check_rounded(self.scenario, &self.years)
    }
}

impl Forecast {
    /// Whether the forecast is one of `scenario` in `draws` draws.
    ///
    /// # Errors
    /// The first law that is broken.
    pub fn check(&self, scenario: &Scenario, draws: usize) -> Kept {
        let place = || scenario.id.clone();
        same(Law::ForecastDraws, self.draws.len() as i64, draws as i64, place)?;
        for path in std::iter::once(&self.central).chain(&self.draws) {
            path.check(scenario)?;
        }
        for from in self.assumed_from.iter().flatten() {
            at_most(Law::ForecastAssumed, from.index() as i64, scenario.years_ahead() as i64, place)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fixture, grid::CellId};

    #[test]
    fn a_path_of_another_scenario_is_found() {
        let scenario = fixture::scenario();
        let check = |change: &dyn Fn(&mut Path)| {
            let mut path = Forecaster::new(&scenario).central().clone();
            change(&mut path);
            path.check(&scenario).map_err(|broken| broken.law)
        };
        assert_eq!(check(&|_| ()), Ok(()));
        assert_eq!(check(&|path| path.pupils = path.pupils.cut(2)), Err(Law::PathYears));
        assert_eq!(check(&|path| (*path.pupils)[0] += 1), Err(Law::PathBase));
        let last = Forecaster::new(&scenario).central().pupils.len() - 1;
        assert_eq!(check(&|path| (*path.pupils)[last] = u32::MAX), Err(Law::PathMost));
        let other = fixture::of(fixture::wide());
        let path = Forecaster::new(&other).central().clone();
        assert_eq!(path.check(&scenario).unwrap_err().law, Law::PathCells);
    }

    #[test]
    fn pupils_that_rounding_made_or_lost_are_found() {
        let scenario = fixture::scenario();
        let check = |change: &dyn Fn(&mut Forecaster<'_>)| {
            let mut forecaster = Forecaster::new(&scenario);
            change(&mut forecaster);
            forecaster.check().map_err(|broken| broken.law)
        };
        let (t, cell) = (YearOffset::new(1), CellId::new(0));
        assert_eq!(check(&|_| ()), Ok(()));
        assert_eq!(check(&|f| f.years[t][cell] += 2.0), Err(Law::PathRounded));
        assert_eq!(check(&|f| f.years[t].iter_mut().for_each(|n| *n += 0.7)), Err(Law::PathTotals));
    }

    #[test]
    fn a_forecast_with_draws_missing_is_found() {
        let scenario = fixture::scenario();
        let forecaster = Forecaster::new(&scenario);
        let forecast = Forecast {
            central: forecaster.central().clone(),
            draws: forecaster.draws(1, 0, 3),
            assumed_from: forecaster.assumed_from().clone(),
        };
        assert_eq!(forecast.check(&scenario, 3), Ok(()));
        assert_eq!(forecast.check(&scenario, 4).unwrap_err().law, Law::ForecastDraws);
        let mut late = forecast;
        (*late.assumed_from)[0] = Some(YearOffset::new(99));
        assert_eq!(late.check(&scenario, 3).unwrap_err().law, Law::ForecastAssumed);
    }
}
