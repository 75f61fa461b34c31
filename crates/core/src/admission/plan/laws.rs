//! What holds of who gets a place.

use std::collections::BTreeMap;

use super::{AdmissionPlan, Admissions};
use crate::{
    geography::Area,
    index::GroupId,
    law::{Kept, Law, at_most, between, same},
};

impl AdmissionPlan<'_> {
    /// Whether every child of `found` has one fate, and no group takes more than its places.
    ///
    /// # Errors
    /// The first law that is broken.
    pub fn check(&self, found: &Admissions) -> Kept {
        let frame = &self.scenario.frame;
        for (i, stage) in self.stages().enumerate() {
            for t in found.children[i].ids().skip(1) {
                let mut taken: BTreeMap<GroupId, i64> = BTreeMap::new();
                for q in frame.groups.ids() {
                    let zones = frame.zones_in(Area::Group(q));
                    let place = || {
                        let year = self.scenario.year_of(t);
                        format!("{} {} {year}", frame.groups[q].id, frame.stages[stage].id)
                    };
                    let all = found.sum(i, t, &zones, None);
                    let fates = i64::from(all.placed) + i64::from(all.diverted) + i64::from(all.not_placed);
                    same(Law::AdmissionChildren, fates, i64::from(all.asked), place)?;
                    *taken.entry(q).or_default() += i64::from(all.placed);
                    let mut sent = 0;
                    for to in frame.groups.ids() {
                        let here = i64::from(found.diverted(i, t, &zones, to));
                        *taken.entry(to).or_default() += here;
                        sent += here;
                    }
                    same(Law::AdmissionSent, sent, i64::from(all.diverted), place)?;
                    if let Some(cutoff) = found.cutoff(i, t, q) {
                        between(Law::AdmissionCutoff, cutoff.share, (0.0, 1.0), place)?;
                    }
                }
                for (q, taken) in taken {
                    at_most(Law::AdmissionPlaces, taken, i64::from(found.capacity(i, t, q)), || {
                        format!("{} {}", frame.groups[q].id, self.scenario.year_of(t))
                    })?;
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
        admission::{Cutoff, ZoneClass},
        balance::Balance,
        fixture,
        forecast::Forecaster,
        supply::{Programme, SupplyModel},
    };

    /// The children of the last year, zone and class.
    fn last(found: &mut Admissions) -> &mut ZoneClass {
        found.children[0].iter_mut().last().unwrap()
    }

    #[test]
    fn a_child_with_two_fates_or_none_is_found() {
        let scenario = fixture::of(fixture::ranked());
        let path = Forecaster::new(&scenario).central().clone();
        let places = SupplyModel::new(&scenario, &Programme::All).central();
        let balance = Balance::new(&scenario, &path, &places);
        let plan = AdmissionPlan::new(&scenario).unwrap();
        let check = |change: &dyn Fn(&mut Admissions)| {
            let mut found = plan.admit(&path, &balance);
            change(&mut found);
            plan.check(&found).map_err(|broken| broken.law)
        };
        assert_eq!(check(&|_| ()), Ok(()));
        assert_eq!(check(&|found| last(found).placed += 1), Err(Law::AdmissionChildren));
        assert_eq!(
            check(&|found| {
                last(found).diverted += 1;
                last(found).asked += 1;
            }),
            Err(Law::AdmissionSent)
        );
        assert_eq!(
            check(&|found| found.capacity[0].iter_mut().for_each(|places| *places = 0)),
            Err(Law::AdmissionPlaces)
        );
        let wrong = Some(Cutoff { class: 0, share: 1.5 });
        assert_eq!(
            check(&|found| found.cutoffs[0].iter_mut().for_each(|cutoff| *cutoff = wrong)),
            Err(Law::AdmissionCutoff)
        );
    }
}
