//! The rules of admission as data, and how many children of each class ask for a place.
//!
//! ```text
//! applicants[z,c,t] = N[z,entry,t] split in proportion to  pool[z,c,t] * share[z,c]         whole children, largest remainder
//! locked[z,c,t]     = round(applicants * moved * min(1, used[z,c,t] / dwellings[z,c]))
//! used[z,c,t]       = places given to the class's dwellings in the last n - 1 years
//! ```
//!
//! | symbol | meaning | unit |
//! |---|---|---|
//! | pool | entrants of the class of children a class belongs to (户籍, 非户籍); all entrants where none is named | pupils |
//! | share | its part of that pool | share |
//! | n | years in which a dwelling gives one place (锁学位) | years |
//! | moved | applicants who came to their dwelling within these years | share |
//! | dwellings | dwellings of the class in the zone | dwellings |
//!
//! A dwelling that gave a place within n years is locked: a child who moved into it asks after everybody else. Before the
//! base year the places given are the pupils of the higher grades. Children of no listed class come after all ranks and
//! before the locked ones. The split follows the central forecast in every draw: how a class's share of a year's children
//! may err is not modelled.

use std::collections::BTreeMap;

use crate::{
    codes,
    demand::DemandTerms,
    geography::Intake,
    grid::{CellId, Grid, Shape},
    index::{GroupId, StageId, Table, YearOffset, ZoneId},
    lang::Name,
    scenario::Scenario,
};

/// The address lock of a class.
#[derive(Debug, Clone, PartialEq)]
pub struct Lock {
    /// Years in which a dwelling gives one place.
    pub years: u32,
    /// Dwellings of the class, by zone.
    pub dwellings: Table<ZoneId, f64>,
    /// Share of the applicants who moved in within these years.
    pub moved: f64,
}

/// One ranked class of children in one stage.
#[derive(Debug, Clone, PartialEq)]
pub struct AdmissionClass {
    /// Key in every table.
    pub id: String,
    /// Name for people.
    pub name: Name,
    /// The stage.
    pub stage: StageId,
    /// Rank, 1 first.
    pub rank: u32,
    /// Class of the children table it is a part of; `None` = all entrants.
    pub pool: Option<String>,
    /// Its share of that pool, by zone.
    pub share: Table<ZoneId, f64>,
    /// Points of its children, lowest and highest, if it is ranked by points inside.
    pub points: Option<(f64, f64)>,
    /// Address lock, if there is one.
    pub lock: Option<Lock>,
}

/// Where children of a group may be diverted, the most preferred first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Diversion {
    /// The group they come from.
    pub from: GroupId,
    /// The group they may go to.
    pub to: GroupId,
    /// Most children a year; `None` = as many as there are places.
    pub limit: Option<u32>,
}

codes! {
    /// At which class size places are given.
    #[derive(Default)]
    pub enum AdmitAt {
        /// The standard class size.
        #[default]
        Standard = "standard", "标准班额", "standard class size";
        /// The size a class may be stretched to.
        Stretched = "stretched", "班额上限", "largest class size";
    }
}

/// Everything admission needs besides pupils and places.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AdmissionRules {
    /// Ranked classes; a stage without any has no admission results.
    pub classes: Vec<AdmissionClass>,
    /// Where children may be diverted, in the order of preference; empty = the groups of the own district, nearest on the
    /// tile map first.
    pub diversions: Vec<Diversion>,
    /// At which class size places are given.
    pub at: AdmitAt,
}

impl AdmissionRules {
    /// Classes of stage `p` by rank: indices.
    pub fn ranked(&self, p: StageId) -> Vec<usize> {
        let mut of: Vec<usize> = (0..self.classes.len()).filter(|&c| self.classes[c].stage == p).collect();
        of.sort_by_key(|&c| (self.classes[c].rank, c));
        of
    }

    /// Targets of group `q`, the most preferred first.
    pub fn targets(&self, scenario: &Scenario, q: GroupId) -> Vec<Diversion> {
        if !self.diversions.is_empty() {
            return self.diversions.iter().filter(|d| d.from == q).copied().collect();
        }
        let frame = &scenario.frame;
        let district = frame.groups[q].district;
        let mut others: Vec<GroupId> =
            frame.groups.ids().filter(|&o| o != q && frame.groups[o].district == district).collect();
        let here = centre(scenario, q);
        others.sort_by(|&a, &b| {
            let far = |o| here.zip(centre(scenario, o)).map_or(f64::INFINITY, |(x, y)| distance(x, y));
            far(a).total_cmp(&far(b)).then(a.cmp(&b))
        });
        others.into_iter().map(|to| Diversion { from: q, to, limit: None }).collect()
    }
}

/// The mean tile of a group's zones that are on the map.
fn centre(scenario: &Scenario, q: GroupId) -> Option<(f64, f64)> {
    let zones = scenario.frame.zones.iter().filter(|z| z.group == q);
    let tiles: Vec<(u32, u32)> = zones.filter_map(|z| z.tile).collect();
    let n = tiles.len() as f64;
    let mean = |side: fn(&(u32, u32)) -> u32| tiles.iter().map(|t| f64::from(side(t))).sum::<f64>() / n;
    (!tiles.is_empty()).then(|| (mean(|t| t.0), mean(|t| t.1)))
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (rows, columns) = (a.0 - b.0, a.1 - b.1);
    (rows * rows + columns * columns).sqrt()
}

/// Weights by which the entrants of a zone fall to the ranked classes of a stage, by year; the last entry is those of no
/// class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassWeights {
    /// By year, zone, and class in rank order, with one more for no class; in billionths.
    weights: Grid<YearOffset, ZoneId, Vec<u64>>,
}

/// One, in the whole numbers that shares are apportioned by.
const BILLION: f64 = 1e9;

impl ClassWeights {
    /// The weights of stage `p`, whose ranked classes are `ranked`.
    pub fn new(scenario: &Scenario, rules: &AdmissionRules, ranked: &[usize], p: StageId) -> Self {
        let terms = DemandTerms::new(scenario);
        let first = scenario.frame.entry_grade(p);
        let shape = Shape::new(scenario.offsets().len(), scenario.frame.zones.len());
        let weights = Grid::from_fn(shape, |t, z| {
            let pools = pool_parts(&terms, scenario.frame.cells().at(z, first), t);
            let part = |pool: &Option<String>| match pool {
                None => 1.0,
                Some(class) => pools.get(class.as_str()).copied().unwrap_or(0.0),
            };
            let own: Vec<f64> =
                ranked.iter().map(|&c| part(&rules.classes[c].pool) * rules.classes[c].share[z]).collect();
            let rest = (1.0 - own.iter().sum::<f64>()).max(0.0);
            let whole = |w: f64| (w * BILLION).round() as u64;
            let mut row: Vec<u64> = own.into_iter().map(whole).collect();
            // what rounding of shares leaves is nobody
            row.push(if rest < 1e-6 { 0 } else { whole(rest) });
            row
        });
        Self { weights }
    }

    /// Weights of zone `z` in year `t`.
    pub fn of(&self, t: YearOffset, z: ZoneId) -> &[u64] {
        &self.weights[(t, z)]
    }
}

/// Share of each class of children among the entrants of an entry cell in year `t`.
fn pool_parts(terms: &DemandTerms, cell: CellId, t: YearOffset) -> BTreeMap<&str, f64> {
    let mut parts: BTreeMap<&str, f64> = BTreeMap::new();
    for pool in terms.pools.iter().filter(|pool| pool.cell == cell) {
        // the base year reads the ratios of the first forecast year: its own are history
        let at = YearOffset::new(t.index().max(1).min(pool.entry.len() - 1));
        let entrants = pool.weight[t] * pool.share[at] * pool.entry[at] * pool.children[t];
        *parts.entry(pool.class.as_str()).or_default() += entrants;
    }
    let total: f64 = parts.values().sum();
    if total > 0.0 {
        for part in parts.values_mut() {
            *part /= total;
        }
    }
    parts
}

/// Whether classes of stage `p` may name a class of the children table: only where children enter from pools.
pub fn has_pools(scenario: &Scenario, p: StageId) -> bool {
    matches!(scenario.frame.stages[p].intake, Intake::Pools { .. })
}
