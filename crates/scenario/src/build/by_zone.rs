//! The rates that may hold in one zone: its own, and those of all zones. Looking among them alone, the work for all zones
//! grows with the rows and not with rows x zones.

use std::collections::BTreeMap;

use seatcast_core::{
    Scenario,
    demand::Rate,
    index::{Table, ZoneId},
};

/// Rates by zone.
pub(super) struct RatesByZone<'a> {
    all: &'a [Rate],
    /// Places of those of all zones.
    general: Vec<usize>,
    own: BTreeMap<ZoneId, Vec<usize>>,
}

impl<'a> RatesByZone<'a> {
    pub(super) fn new(scenario: &'a Scenario) -> Self {
        let mut rates = Self { all: &scenario.rates, general: Vec::new(), own: BTreeMap::new() };
        for (i, rate) in rates.all.iter().enumerate() {
            match rate.zone {
                None => rates.general.push(i),
                Some(z) => rates.own.entry(z).or_default().push(i),
            }
        }
        rates
    }

    /// Places, in their order, and rates of zone `z`.
    pub(super) fn of(&self, z: ZoneId) -> (Vec<usize>, Vec<Rate>) {
        let own = self.own.get(&z).map_or(&[][..], Vec::as_slice);
        let mut places = [&self.general, own].concat();
        places.sort_unstable();
        let rates = places.iter().map(|&i| self.all[i].clone()).collect();
        (places, rates)
    }
}

/// Sources and classes of the children of every zone.
pub(super) fn pools(scenario: &Scenario) -> Table<ZoneId, Vec<(&str, &str)>> {
    let mut pools: Table<ZoneId, Vec<(&str, &str)>> = Table::filled(scenario.frame.zones.len(), Vec::new());
    for count in &scenario.children {
        pools[count.zone].push((&count.source, &count.class));
    }
    for pools in &mut pools {
        pools.sort_unstable();
        pools.dedup();
    }
    pools
}
