//! Admission year by year along one path, and over the draws.
//!
//! The places of a group are its entry places in whole classes: those of its classes where they are stated, else entry
//! places cut to whole classes of the standard size. Places given to a class lock its dwellings for the years that
//! follow, so the years of a path are worked one after the other.

mod laws;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    applicants::{AdmitAt, ClassWeights, Diversion},
    place::{Asked, Cutoff, Placement},
};
use crate::{
    balance::Balance,
    forecast::{Path, apportion},
    geography::Area,
    grid::{Grid, Grid3, Shape},
    index::{GroupId, Ids, StageId, Table, YearOffset, ZoneId, ids},
    scenario::Scenario,
};

/// The classes of one stage in rank order, and two more: children of no class, and of locked addresses.
#[derive(Debug, Clone)]
struct Ranks {
    stage: StageId,
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
    targets: Table<GroupId, Vec<Diversion>>,
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

ids! {
    /// A class of one stage of the plan, in rank order; the last two are of no class and locked.
    RankId
}

/// Children by zone and class.
type ByClass = Grid<ZoneId, RankId, u32>;

/// Admission along one path.
#[derive(Debug, Clone, PartialEq)]
pub struct Admissions {
    /// By stage of the plan, year (from 1), zone and class.
    children: Vec<Grid3<YearOffset, ZoneId, RankId, ZoneClass>>,
    /// By stage of the plan, year and group.
    capacity: Vec<Grid<YearOffset, GroupId, u32>>,
    cutoffs: Vec<Grid<YearOffset, GroupId, Option<Cutoff>>>,
    /// By stage of the plan: children by year, zone they live in and group they go to.
    flows: Vec<BTreeMap<(YearOffset, ZoneId, GroupId), u32>>,
}

impl<'a> AdmissionPlan<'a> {
    /// Prepares the stages that have ranked classes; `None` if there is none.
    pub fn new(scenario: &'a Scenario) -> Option<Self> {
        let rules = &scenario.admission;
        let stages: Vec<Ranks> = scenario
            .frame
            .stages
            .ids()
            .filter_map(|stage| {
                let ranked = rules.ranked(stage);
                if ranked.is_empty() {
                    return None;
                }
                let weights = ClassWeights::new(scenario, rules, &ranked, stage);
                Some(Ranks { stage, ranked, weights })
            })
            .collect();
        let targets = scenario.frame.groups.ids().map(|q| rules.targets(scenario, q)).collect();
        (!stages.is_empty()).then_some(Self { scenario, stages, targets })
    }

    /// Stages that have admission results, by index.
    pub fn stages(&self) -> impl Iterator<Item = StageId> + '_ {
        self.stages.iter().map(|s| s.stage)
    }

    /// Classes of the `i`-th stage of the plan, best rank first; the last two are of no class and locked.
    pub fn ranks(&self, i: usize) -> Vec<Rank> {
        let ranked = self.stages[i].ranked.iter().map(|&c| Rank::Ranked(c));
        ranked.chain([Rank::None, Rank::Locked]).collect()
    }

    /// Groups that children of `zones` may be diverted to.
    pub fn targets(&self, zones: &[ZoneId]) -> BTreeSet<GroupId> {
        let groups: BTreeSet<GroupId> = zones.iter().map(|&z| self.scenario.frame.zones[z].group).collect();
        groups.iter().flat_map(|&q| self.targets[q].iter().map(|d| d.to)).collect()
    }

    /// Admission along `path`, whose places are those of `balance`.
    pub fn admit(&self, path: &Path, balance: &Balance) -> Admissions {
        let frame = &self.scenario.frame;
        let mut out =
            Admissions { children: Vec::new(), capacity: Vec::new(), cutoffs: Vec::new(), flows: Vec::new() };
        for ranks in &self.stages {
            let count = ranks.count();
            let shape = Shape::<ZoneId, RankId>::new(frame.zones.len(), count);
            let mut children = Grid3::filled(path.years(), shape, ZoneClass::default());
            let by_group = Shape::new(path.years(), frame.groups.len());
            let (mut capacity, mut cutoffs) = (Grid::filled(by_group, 0), Grid::filled(by_group, None));
            let mut flows = BTreeMap::new();
            let mut used = self.used_before(ranks);
            for t in path.offsets().skip(1) {
                let by_zone = self.asked(ranks, path, t, &used);
                let asked: Vec<Asked> = frame
                    .groups
                    .ids()
                    .map(|q| Asked {
                        group: q,
                        capacity: self.capacity(balance, ranks.stage, t, q),
                        children: frame
                            .zones_in(Area::Group(q))
                            .iter()
                            .map(|&z| by_zone.row(z).to_vec())
                            .collect(),
                    })
                    .collect();
                let placement = Placement::new(&asked, &self.targets);
                let mut given = Grid::filled(shape, 0);
                for (q, fate) in frame.groups.ids().zip(&placement.fates) {
                    for (i, z) in frame.zones_in(Area::Group(q)).into_iter().enumerate() {
                        for c in shape.columns() {
                            let placed = fate.placed[i][c.index()];
                            given[(z, c)] = placed;
                            children[(t, z, c)] = ZoneClass {
                                asked: by_zone[(z, c)],
                                placed,
                                diverted: fate.diverted[i][c.index()],
                                not_placed: fate.not_placed[i][c.index()],
                            };
                        }
                    }
                    capacity[(t, q)] = asked[q.index()].capacity;
                    cutoffs[(t, q)] = placement.cutoffs[q.index()];
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
    fn capacity(&self, balance: &Balance, p: StageId, t: YearOffset, q: GroupId) -> u32 {
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
    fn used_before(&self, ranks: &Ranks) -> Vec<ByClass> {
        let grades = self.scenario.frame.grades_of(ranks.stage).rev();
        grades.map(|g| self.split(ranks, YearOffset::BASE, |z| self.scenario.roll[(z, g)])).collect()
    }

    /// Children of each zone, by class; none are of locked addresses yet.
    fn split(&self, ranks: &Ranks, t: YearOffset, children: impl Fn(ZoneId) -> u32) -> ByClass {
        let zones = &self.scenario.frame.zones;
        let mut split = Vec::with_capacity(zones.len());
        for z in zones.ids() {
            let by_class = apportion(u64::from(children(z)), ranks.weights.of(t, z));
            split.extend(by_class.into_iter().map(|n| n as u32).chain([0]));
        }
        Grid::from_vec(Shape::new(zones.len(), ranks.count()), split)
    }

    /// Children who ask, by zone and class; those of locked addresses moved to the end.
    fn asked(&self, ranks: &Ranks, path: &Path, t: YearOffset, used: &[ByClass]) -> ByClass {
        let frame = &self.scenario.frame;
        let entry = frame.entry_grade(ranks.stage);
        let mut asked = self.split(ranks, t, |z| path.year(t)[(z, entry)]);
        debug_assert!(ranks.none() < ranks.locked());
        let locked = RankId::new(ranks.locked());
        for z in frame.zones.ids() {
            for (c, &class) in asked.shape().columns().zip(&ranks.ranked) {
                let Some(lock) = &self.scenario.admission.classes[class].lock else { continue };
                let years = used.iter().rev().take(lock.years.saturating_sub(1) as usize);
                let held: u32 = years.map(|year| year[(z, c)]).sum();
                let dwellings = lock.dwellings[z];
                if dwellings <= 0.0 {
                    continue;
                }
                let share = lock.moved * (f64::from(held) / dwellings).min(1.0);
                let refused = (f64::from(asked[(z, c)]) * share).round() as u32;
                asked[(z, c)] -= refused;
                asked[(z, locked)] += refused;
            }
        }
        asked
    }
}

impl Admissions {
    /// Children of zone `z` and the class at position `c` of the `i`-th stage of the plan, in year `t` from 1.
    pub fn children(&self, i: usize, t: YearOffset, z: ZoneId, c: RankId) -> ZoneClass {
        self.children[i][(t, z, c)]
    }

    /// The same summed over `zones`, and over all classes where `c` is `None`.
    pub fn sum(&self, i: usize, t: YearOffset, zones: &[ZoneId], c: Option<RankId>) -> ZoneClass {
        let classes = c.map_or(self.children[i].shape().columns(), Ids::one);
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
    pub fn capacity(&self, i: usize, t: YearOffset, q: GroupId) -> u32 {
        self.capacity[i][(t, q)]
    }

    /// Where admission ended in group `q` in year `t`; `None` if every child was placed there.
    pub fn cutoff(&self, i: usize, t: YearOffset, q: GroupId) -> Option<Cutoff> {
        self.cutoffs[i][(t, q)]
    }

    /// Children of `zones` diverted to group `to` in year `t`.
    pub fn diverted(&self, i: usize, t: YearOffset, zones: &[ZoneId], to: GroupId) -> u32 {
        zones.iter().filter_map(|&z| self.flows[i].get(&(t, z, to))).sum()
    }
}
