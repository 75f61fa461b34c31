//! What holds of places.

use super::{BEYOND, Places, SupplyModel};
use crate::{
    index::YearOffset,
    law::{Kept, Law, at_most, same},
    scenario::Scenario,
};

impl SupplyModel<'_> {
    /// Whether every opening is one, and `central` the places with central openings.
    ///
    /// # Errors
    /// The first law that is broken.
    pub fn check(&self, central: &Places) -> Kept {
        let scenario = self.scenario;
        for (j, opening) in self.openings.pairs() {
            let id = &scenario.projects[j].id;
            opening.check(id)?;
            let expected = self.in_programme(j).then(|| opening.central.unwrap_or(BEYOND));
            let shown = |year: Option<i32>| year.map_or(-1, i64::from);
            same(Law::PlacesProgramme, shown(central.openings[j]), shown(expected), || id.clone())?;
        }
        central.check(scenario)?;
        self.check_sum(central)
    }

    /// Whether usable places are those of schools and of every effect of every project that opens.
    fn check_sum(&self, places: &Places) -> Kept {
        let mut sums = self.base.map(|&n| i64::from(n));
        for (j, opened) in places.openings.pairs() {
            let Some(opened) = *opened else { continue };
            for effect in &self.effects[j] {
                for (t, year) in self.scenario.calendar() {
                    sums[(t, effect.zone, effect.stage)] += effect.usable(opened, year);
                }
            }
        }
        let found = places.usable.iter().map(|&n| i64::from(n));
        for (found, sum) in found.zip(sums.iter()) {
            same(Law::PlacesSum, found, (*sum).max(0), || self.scenario.id.clone())?;
        }
        Ok(())
    }
}

impl Places {
    /// Whether the places are some of `scenario`, and each year follows from the one before.
    ///
    /// # Errors
    /// The first law that is broken.
    pub fn check(&self, scenario: &Scenario) -> Kept {
        let frame = &scenario.frame;
        let place = || scenario.id.clone();
        same(Law::PlacesYears, self.usable.count() as i64, scenario.offsets().len() as i64, place)?;
        let (found, expected) = (self.usable.shape().count() as i64, frame.zone_stages().count() as i64);
        same(Law::PlacesCells, found, expected, place)?;
        for t in scenario.coming() {
            let (before, now, lost) = (self.usable(t.minus(1)), self.usable(t), self.lost(t));
            for pair in frame.zone_stages().pairs() {
                // places of the year before less those lost are there still, so the rest is gained
                let kept = i64::from(before[pair]) - i64::from(lost[pair]);
                at_most(Law::PlacesMoveOn, kept, i64::from(now[pair]), || {
                    self.place(scenario, t, pair.index())
                })?;
            }
        }
        Ok(())
    }

    fn place(&self, scenario: &Scenario, t: YearOffset, pair: usize) -> String {
        let (z, p) = self.usable.shape().split(crate::grid::Pair::new(pair));
        let frame = &scenario.frame;
        format!("{} {} {}", frame.zones[z].id, frame.stages[p].id, scenario.year_of(t))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fixture, index::ProjectId, supply::Programme};

    #[test]
    fn places_from_nowhere_are_found() {
        let scenario = fixture::scenario();
        let supply = SupplyModel::new(&scenario, &Programme::All);
        let check = |change: &dyn Fn(&mut Places)| {
            let mut places = supply.central();
            change(&mut places);
            supply.check(&places).map_err(|broken| broken.law)
        };
        assert_eq!(check(&|_| ()), Ok(()));
        assert_eq!(check(&|p| p.usable = p.usable.cut(2)), Err(Law::PlacesYears));
        assert_eq!(check(&|p| (*p.usable)[0] += 1000), Err(Law::PlacesMoveOn));
        let last = supply.central().usable.len() - 1;
        assert_eq!(check(&|p| (*p.usable)[last] += 1), Err(Law::PlacesSum));
        assert_eq!(check(&|p| p.openings[ProjectId::new(0)] = None), Err(Law::PlacesProgramme));
        let other = fixture::of(fixture::wide());
        let places = SupplyModel::new(&other, &Programme::All).central();
        assert_eq!(places.check(&scenario).unwrap_err().law, Law::PlacesCells);
    }
}
