//! What holds of pupils set against places, and of the reasons for a gap.

use super::{Balance, Balances, Figure, GapParts, Reference, Side, sides, with_reserve};
use crate::{
    demand::cohort::pupils_in,
    forecast::{Forecast, Path},
    geography::Area,
    index::{GroupId, StageId, Table, YearOffset, ZoneId},
    law::{Kept, Law, at_most, same},
    scenario::Scenario,
    supply::Places,
};

impl Balance {
    /// Whether this is `path` against `places`.
    ///
    /// # Errors
    /// The first law that is broken.
    pub fn check(&self, scenario: &Scenario, path: &Path, places: &Places) -> Kept {
        let frame = &scenario.frame;
        same(Law::BalanceYears, self.years() as i64, path.years() as i64, || scenario.id.clone())?;
        let members: Table<GroupId, Vec<ZoneId>> =
            frame.groups.ids().map(|q| frame.zones_in(Area::Group(q))).collect();
        for t in path.offsets() {
            for p in frame.stages.ids() {
                let sides = sides(frame, path.year(t), places.usable(t), p);
                for (z, side) in sides.pairs() {
                    self.check_zone(scenario, (t, z, p), side)?;
                }
                for (q, zones) in members.pairs() {
                    let pupils = pupils_in(path.year(t), zones, &frame.grades_of(p));
                    self.check_group(scenario, (t, q, p), zones, pupils)?;
                }
                if t > YearOffset::BASE {
                    self.check_new_gap(scenario, path, t, p)?;
                }
            }
        }
        Ok(())
    }

    fn check_zone(&self, scenario: &Scenario, at: (YearOffset, ZoneId, StageId), side: &Side) -> Kept {
        let (t, z, p) = at;
        let frame = &scenario.frame;
        let place = || format!("{} {} {}", frame.zones[z].id, frame.stages[p].id, scenario.year_of(t));
        let of = |figure| self.zone(figure, t, z, p);
        same(Law::BalanceEntrants, of(Figure::Entrants), side.entrants as i64, place)?;
        same(Law::BalancePlaces, of(Figure::Places), side.places as i64, place)?;
        for figure in [Figure::Demand, Figure::Shortage, Figure::Surplus, Figure::EntryGap] {
            at_most(Law::BalanceNotNegative, 0, of(figure), place)?;
        }
        let lacking = (of(Figure::Demand) - of(Figure::Places)).max(0);
        at_most(Law::BalanceZone, of(Figure::Shortage), lacking, place)
    }

    fn check_group(
        &self,
        scenario: &Scenario,
        at: (YearOffset, GroupId, StageId),
        zones: &[ZoneId],
        pupils: u64,
    ) -> Kept {
        let (t, q, p) = at;
        let frame = &scenario.frame;
        let place = || format!("{} {} {}", frame.groups[q].id, frame.stages[p].id, scenario.year_of(t));
        let of = |figure| self.sum(figure, t, zones, p);
        let (demand, places) = (of(Figure::Demand), of(Figure::Places));
        let (shortage, surplus) = (of(Figure::Shortage), of(Figure::Surplus));
        same(Law::BalanceDemand, demand, with_reserve(pupils, scenario.reserve_per_mille) as i64, place)?;
        same(Law::BalanceGap, shortage - surplus, demand - places, place)?;
        same(Law::BalanceOneSided, shortage.min(surplus), 0, place)?;
        let entry_places = self.group_entry_places[(t, q, p)];
        let entry_gap = (of(Figure::Entrants) - entry_places).max(0);
        same(Law::EntryGap, of(Figure::EntryGap), entry_gap, place)?;
        if !self.counts_classes(q, p) {
            at_most(Law::EntryPlaces, entry_places, places, place)?;
        }
        at_most(Law::EntryStretched, entry_places, self.stretched[(t, q, p)], place)
    }

    fn check_new_gap(&self, scenario: &Scenario, path: &Path, t: YearOffset, p: StageId) -> Kept {
        let frame = &scenario.frame;
        let zones: Vec<ZoneId> = frame.zones.ids().collect();
        let before = t.minus(1);
        let (entry, last) = (frame.entry_grade(p), frame.last_grade(p));
        let entrants: i64 = zones.iter().map(|&z| i64::from(path.year(t)[(z, entry)])).sum();
        let leavers: i64 = zones.iter().map(|&z| i64::from(path.year(before)[(z, last)])).sum();
        let gained = self.sum(Figure::Places, t, &zones, p) - self.sum(Figure::Places, before, &zones, p);
        let found = self.sum(Figure::NewGap, t, &zones, p);
        same(Law::NewGap, found, entrants - leavers - gained, || {
            format!("{} {}", frame.stages[p].id, scenario.year_of(t))
        })
    }
}

impl Balances {
    /// Whether there is a balance for every draw of `forecast`.
    ///
    /// # Errors
    /// [`Law::DrawsBalanced`].
    pub fn check(&self, forecast: &Forecast) -> Kept {
        let (found, expected) = (self.draws.len() as i64, forecast.draws.len() as i64);
        same(Law::DrawsBalanced, found, expected, || "draws".to_owned())
    }
}

impl GapParts {
    /// Whether the reference and all causes add to the gap and the shortage of `central`.
    ///
    /// # Errors
    /// The first law that is broken.
    pub fn check(&self, scenario: &Scenario, central: &Balance) -> Kept {
        let frame = &scenario.frame;
        let (q, p, t) = (self.group, self.stage, self.t);
        let zones = frame.zones_in(Area::Group(q));
        let place = || {
            let since = if self.reference == Reference::BaseYear { "" } else { " since" };
            format!("{} {} {}{since}", frame.groups[q].id, frame.stages[p].id, scenario.year_of(t))
        };
        let sum = |figure| central.sum(figure, t, &zones, p);
        let gap = self.reference_gap + self.gap.iter().sum::<i64>();
        same(Law::GapParts, gap, sum(Figure::Demand) - sum(Figure::Places), place)?;
        let shortage = self.reference_shortage + self.shortage.iter().sum::<i64>();
        same(Law::ShortageParts, shortage, sum(Figure::Shortage), place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        balance::explain_gaps,
        fixture,
        forecast::Forecaster,
        supply::{Programme, SupplyModel},
    };

    #[test]
    fn figures_that_do_not_add_up_are_found() {
        let scenario = fixture::scenario();
        let path = Forecaster::new(&scenario).central().clone();
        let places = SupplyModel::new(&scenario, &Programme::All).central();
        let check = |change: &dyn Fn(&mut Balance)| {
            let mut balance = Balance::new(&scenario, &path, &places);
            change(&mut balance);
            balance.check(&scenario, &path, &places).map_err(|broken| broken.law)
        };
        let add = |figure: Figure, at: usize, by: i64| {
            check(&move |b: &mut Balance| (*b.figures[figure as usize])[at] += by)
        };
        assert_eq!(check(&|_| ()), Ok(()));
        assert_eq!(check(&|b| b.zone_entry_places = b.zone_entry_places.cut(2)), Err(Law::BalanceYears));
        assert_eq!(add(Figure::Entrants, 0, 1), Err(Law::BalanceEntrants));
        assert_eq!(add(Figure::Places, 0, 1), Err(Law::BalancePlaces));
        assert_eq!(add(Figure::Surplus, 0, -100_000), Err(Law::BalanceNotNegative));
        assert_eq!(add(Figure::Shortage, 0, 100_000), Err(Law::BalanceZone));
        assert_eq!(add(Figure::Demand, 0, 1), Err(Law::BalanceDemand));
        assert_eq!(add(Figure::Surplus, 0, 1), Err(Law::BalanceGap));
        assert_eq!(add(Figure::EntryGap, 0, 1), Err(Law::EntryGap));
        let last = Balance::new(&scenario, &path, &places).figures[0].len() - 1;
        assert_eq!(add(Figure::NewGap, last, 1), Err(Law::NewGap));
        assert_eq!(check(&|b| (*b.stretched)[0] = -1), Err(Law::EntryStretched));
        assert_eq!(check(&|b| (*b.group_entry_places)[0] = 1_000_000), Err(Law::EntryPlaces));
    }

    #[test]
    fn a_group_that_is_short_and_idle_at_once_is_found() {
        let scenario = fixture::scenario();
        let path = Forecaster::new(&scenario).central().clone();
        let places = SupplyModel::new(&scenario, &Programme::All).central();
        let mut balance = Balance::new(&scenario, &path, &places);
        // two zones of one group: one lacks what the other has to spare, and both figures are kept
        let frame = &scenario.frame;
        let zones = frame.zones_in(Area::Group(GroupId::new(0)));
        let p = StageId::new(0);
        let t = path.offsets().find(|&t| {
            let of =
                |z: ZoneId| balance.zone(Figure::Demand, t, z, p) - balance.zone(Figure::Places, t, z, p);
            zones.iter().any(|&z| of(z) > 0) && balance.sum(Figure::Surplus, t, &zones, p) > 0
        });
        let t = t.expect("a zone lacks places in a group that has some to spare");
        let lacking = zones
            .iter()
            .copied()
            .find(|&z| balance.zone(Figure::Demand, t, z, p) > balance.zone(Figure::Places, t, z, p));
        let (lacking, other) =
            (lacking.unwrap(), zones.iter().copied().find(|z| Some(*z) != lacking).unwrap());
        balance.figures[Figure::Shortage as usize][(t, lacking, p)] += 1;
        balance.figures[Figure::Surplus as usize][(t, other, p)] += 1;
        assert_eq!(balance.check(&scenario, &path, &places).unwrap_err().law, Law::BalanceOneSided);
    }

    #[test]
    fn draws_without_a_balance_and_causes_that_do_not_add_up_are_found() {
        let scenario = fixture::scenario();
        let forecaster = Forecaster::new(&scenario);
        let supply = SupplyModel::new(&scenario, &Programme::All);
        let forecast = Forecast {
            central: forecaster.central().clone(),
            draws: forecaster.draws(1, 0, 2),
            assumed_from: forecaster.assumed_from().clone(),
        };
        let balance = |path: &Path| Balance::new(&scenario, path, &supply.central());
        let mut balances = Balances {
            central: balance(&forecast.central),
            draws: forecast.draws.iter().map(balance).collect(),
        };
        assert_eq!(balances.check(&forecast), Ok(()));
        balances.draws.pop();
        assert_eq!(balances.check(&forecast).unwrap_err().law, Law::DrawsBalanced);
        for gap in explain_gaps(&scenario, &supply, &balances.central) {
            assert_eq!(gap.check(&scenario, &balances.central), Ok(()));
            let more = GapParts { reference_gap: gap.reference_gap + 1, ..gap };
            assert_eq!(more.check(&scenario, &balances.central).unwrap_err().law, Law::GapParts);
            let more = GapParts { reference_shortage: gap.reference_shortage + 1, ..gap };
            assert_eq!(more.check(&scenario, &balances.central).unwrap_err().law, Law::ShortageParts);
        }
    }
}
