//! Admission year by year along one path, and over the draws.
//!
//! The places of a group are its entry places in whole classes: those of its classes where they are stated, else entry
//! places cut to whole classes of the standard size. Places given to a class lock its dwellings for the years that
//! follow, so the years of a path are worked one after the other.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    applicants::{AdmitAt, ClassWeights, Diversion},
    place::{Asked, Cutoff, Placement},
};
use crate::{
    balance::Balance,
    forecast::{Path, apportion},
    geography::Area,
    scenario::Scenario,
};

/// The classes of one stage in rank order, and two more: children of no class, and of locked addresses.
#[derive(Debug, Clone)]
struct Ranks {
    stage: usize,
    /// Indices of the ranked classes.
    ranked: Vec<usize>,
    weights: ClassWeights,
}

impl Ranks {
    fn none(&self) -> usize {
        self.ranked.len()
    }

    fn locked(&self) -> usize {
        self.ranked.len() + 1
    }

    fn count(&self) -> usize {
        self.ranked.len() + 2
    }
}

/// The admission of a scenario, ready for any path.
#[derive(Debug, Clone)]
pub struct AdmissionPlan<'a> {
    scenario: &'a Scenario,
    stages: Vec<Ranks>,
    targets: Vec<Vec<Diversion>>,
}

/// Children of one class and zone in one year: the sum of the last three is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ZoneClass {
    /// Asked for a place.
    pub asked: u32,
    /// Placed in the own sharing group.
    pub placed: u32,
    /// Diverted to another group.
    pub diverted: u32,
    /// Not placed.
    pub not_placed: u32,
}

/// What class a row of the results is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// A ranked class, by index.
    Ranked(usize),
    /// Children of no listed class.
    None,
    /// Children whose address is locked.
    Locked,
}

/// Admission along one path.
#[derive(Debug, Clone, PartialEq)]
pub struct Admissions {
    zones: usize,
    groups: usize,
    /// By stage of the plan: first entry of its classes and their number.
    classes: Vec<usize>,
    /// By stage of the plan, year (from 1), zone and class.
    children: Vec<Vec<ZoneClass>>,
    /// By stage of the plan, year and group.
    capacity: Vec<Vec<u32>>,
    cutoffs: Vec<Vec<Option<Cutoff>>>,
    /// By stage of the plan: children by year, zone they live in and group they go to.
    flows: Vec<BTreeMap<(usize, usize, usize), u32>>,
}

impl<'a> AdmissionPlan<'a> {
    /// Prepares the stages that have ranked classes; `None` if there is none.
    pub fn new(scenario: &'a Scenario) -> Option<Self> {
        let rules = &scenario.admission;
        let stages: Vec<Ranks> = (0..scenario.frame.stages.len())
            .filter_map(|stage| {
                let ranked = rules.ranked(stage);
                if ranked.is_empty() {
                    return None;
                }
                let weights = ClassWeights::new(scenario, rules, &ranked, stage);
                Some(Ranks { stage, ranked, weights })
            })
            .collect();
        let targets = (0..scenario.frame.groups.len()).map(|q| rules.targets(scenario, q)).collect();
        (!stages.is_empty()).then_some(Self { scenario, stages, targets })
    }

    /// Stages that have admission results, by index.
    pub fn stages(&self) -> impl Iterator<Item = usize> + '_ {
        self.stages.iter().map(|s| s.stage)
    }

    /// Classes of the `i`-th stage of the plan, best rank first; the last two are of no class and locked.
    pub fn ranks(&self, i: usize) -> Vec<Rank> {
        let ranked = self.stages[i].ranked.iter().map(|&c| Rank::Ranked(c));
        ranked.chain([Rank::None, Rank::Locked]).collect()
    }

    /// Groups that children of `zones` may be diverted to.
    pub fn targets(&self, zones: &[usize]) -> BTreeSet<usize> {
        let groups: BTreeSet<usize> = zones.iter().map(|&z| self.scenario.frame.zones[z].group).collect();
        groups.iter().flat_map(|&q| self.targets[q].iter().map(|d| d.to)).collect()
    }

    /// Admission along `path`, whose places are those of `balance`.
    pub fn admit(&self, path: &Path, balance: &Balance) -> Admissions {
        let frame = &self.scenario.frame;
        let (zones, groups, years) = (frame.zones.len(), frame.groups.len(), path.years());
        let mut out = Admissions {
            zones,
            groups,
            classes: self.stages.iter().map(Ranks::count).collect(),
            children: Vec::new(),
            capacity: Vec::new(),
            cutoffs: Vec::new(),
            flows: Vec::new(),
        };
        for ranks in &self.stages {
            let count = ranks.count();
            let mut children = vec![ZoneClass::default(); years * zones * count];
            let (mut capacity, mut cutoffs) = (vec![0; years * groups], vec![None; years * groups]);
            let mut flows = BTreeMap::new();
            let mut used = self.used_before(ranks);
            for t in 1..years {
                let by_zone = self.asked(ranks, path, t, &used);
                let asked: Vec<Asked> = (0..groups)
                    .map(|q| Asked {
                        group: q,
                        capacity: self.capacity(balance, ranks.stage, t, q),
                        children: frame
                            .zones_in(Area::Group(q))
                            .iter()
                            .map(|&z| by_zone[z].clone())
                            .collect(),
                    })
                    .collect();
                let placement = Placement::new(&asked, &self.targets);
                let mut given = vec![vec![0; count]; zones];
                for (q, fate) in placement.fates.iter().enumerate() {
                    for (i, z) in frame.zones_in(Area::Group(q)).into_iter().enumerate() {
                        for c in 0..count {
                            let placed = fate.placed[i][c];
                            given[z][c] = placed;
                            children[(t * zones + z) * count + c] = ZoneClass {
                                asked: by_zone[z][c],
                                placed,
                                diverted: fate.diverted[i][c],
                                not_placed: fate.not_placed[i][c],
                            };
                        }
                    }
                    capacity[t * groups + q] = asked[q].capacity;
                    cutoffs[t * groups + q] = placement.cutoffs[q];
                    for (to, children) in &fate.sent {
                        let zones = frame.zones_in(Area::Group(q)).into_iter().zip(children);
                        flows.extend(zones.filter(|(_, n)| **n > 0).map(|(z, &n)| ((t, z, *to), n)));
                    }
                }
                used.push(given);
            }
            out.children.push(children);
            out.capacity.push(capacity);
            out.cutoffs.push(cutoffs);
            out.flows.push(flows);
        }
        out
    }

    /// Places of a group in whole classes.
    fn capacity(&self, balance: &Balance, p: usize, t: usize, q: usize) -> u32 {
        let frame = &self.scenario.frame;
        let places = match self.scenario.admission.at {
            AdmitAt::Standard => balance.entry_places(frame, Area::Group(q), t, p),
            AdmitAt::Stretched => balance.stretched_entry_places(q, t, p),
        };
        let places = places.max(0) as u32;
        let classed = balance.counts_classes(q, p);
        let size = frame.stages[p].size_at(0).max(1);
        // where classes are stated the places are whole classes already, perhaps of several sizes
        if classed { places } else { places / size * size }
    }

    /// Places given to each class in the years up to the base year, the latest last: the pupils of the higher grades.
    fn used_before(&self, ranks: &Ranks) -> Vec<Vec<Vec<u32>>> {
        let frame = &self.scenario.frame;
        let grades = frame.grades_of(ranks.stage);
        let width = frame.grade_count();
        grades
            .rev()
            .map(|g| {
                (0..frame.zones.len())
                    .map(|z| {
                        let pupils = u64::from(self.scenario.roll[z * width + g]);
                        let mut split: Vec<u32> =
                            apportion(pupils, ranks.weights.of(0, z)).into_iter().map(|n| n as u32).collect();
                        split.push(0);
                        split
                    })
                    .collect()
            })
            .collect()
    }

    /// Children who ask, by zone and class; those of locked addresses moved to the end.
    fn asked(&self, ranks: &Ranks, path: &Path, t: usize, used: &[Vec<Vec<u32>>]) -> Vec<Vec<u32>> {
        let frame = &self.scenario.frame;
        let entry = frame.grades_of(ranks.stage).start;
        let width = frame.grade_count();
        (0..frame.zones.len())
            .map(|z| {
                let entrants = u64::from(path.year(t)[z * width + entry]);
                let mut asked: Vec<u32> =
                    apportion(entrants, ranks.weights.of(t, z)).into_iter().map(|n| n as u32).collect();
                asked.push(0);
                for (c, &class) in ranks.ranked.iter().enumerate() {
                    let Some(lock) = &self.scenario.admission.classes[class].lock else { continue };
                    let locked: u32 = used
                        .iter()
                        .rev()
                        .take(lock.years.saturating_sub(1) as usize)
                        .map(|year| year[z][c])
                        .sum();
                    let dwellings = lock.dwellings[z];
                    if dwellings <= 0.0 {
                        continue;
                    }
                    let share = lock.moved * (f64::from(locked) / dwellings).min(1.0);
                    let refused = (f64::from(asked[c]) * share).round() as u32;
                    asked[c] -= refused;
                    asked[ranks.locked()] += refused;
                }
                debug_assert!(asked.len() == ranks.count() && ranks.none() < ranks.locked());
                asked
            })
            .collect()
    }
}

impl Admissions {
    /// Children of zone `z` and the class at position `c` of the `i`-th stage of the plan, in year `t` from 1.
    pub fn children(&self, i: usize, t: usize, z: usize, c: usize) -> ZoneClass {
        self.children[i][(t * self.zones + z) * self.classes[i] + c]
    }

    /// The same summed over `zones`, and over all classes where `c` is `None`.
    pub fn sum(&self, i: usize, t: usize, zones: &[usize], c: Option<usize>) -> ZoneClass {
        let classes = c.map_or(0..self.classes[i], |c| c..c + 1);
        let mut total = ZoneClass::default();
        for &z in zones {
            for c in classes.clone() {
                let of = self.children(i, t, z, c);
                total.asked += of.asked;
                total.placed += of.placed;
                total.diverted += of.diverted;
                total.not_placed += of.not_placed;
            }
        }
        total
    }

    /// Places of group `q` in year `t`.
    pub fn capacity(&self, i: usize, t: usize, q: usize) -> u32 {
        self.capacity[i][t * self.groups + q]
    }

    /// Where admission ended in group `q` in year `t`; `None` if every child was placed there.
    pub fn cutoff(&self, i: usize, t: usize, q: usize) -> Option<Cutoff> {
        self.cutoffs[i][t * self.groups + q]
    }

    /// Children of `zones` diverted to group `to` in year `t`.
    pub fn diverted(&self, i: usize, t: usize, zones: &[usize], to: usize) -> u32 {
        zones.iter().filter_map(|&z| self.flows[i].get(&(t, z, to))).sum()
    }
}
