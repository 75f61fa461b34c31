//! Perfect foresight: the least money score that any choice of openings gives, when everything is known.
//!
//! The score of [`super::play()`] adds up over groups and stages, so each is solved alone; groups and stages that a project
//! ties together (conversion, relocation, rival sites, prerequisites) are solved together. Within one the openings of all
//! projects that may be decided are searched exactly by branch and bound:
//!
//! ```text
//! bound = money of what is chosen + sum over years and slots of the least that shortage and idle places can still cost,
//!         each year free to take any of the places of the projects not yet chosen
//! ```
//!
//! Every opening that a policy can reach is among the choices, a hurried one at the price of hurrying, and no site is paid
//! for in vain: no policy can do better. Two limits are left out, so what is found is a bound where they bind: a yearly
//! budget, and that modules held ready are shared by all groups. A prerequisite is held to be met; of rivals one is chosen.

use super::{
    book::{Book, first_land, inverse},
    ground::Ground,
    play::{Stage, places_of, standing_money},
    rule::HURRIED,
};
use crate::{
    balance::BySlot,
    grid::SlotId,
    index::{ProjectId, Table},
    supply::{Openings, stock::BEYOND},
};

/// Nodes after which a group is given up on: its bound stands for it.
const MOST_NODES: u64 = 3_000_000;

/// What perfect foresight finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Foresight {
    /// The least score.
    pub score: f64,
    /// Whether it was found exactly everywhere; else it is a bound from below.
    pub exact: bool,
    /// Opening of every project that is decided.
    pub openings: Openings,
    /// Shortage and idle seat-years, and capital committed, of the choice.
    pub shortage: u64,
    /// Idle seat-years.
    pub idle: u64,
    /// Capital.
    pub committed: f64,
    /// Whether any child is without a place, by year from the first.
    pub years_short: Vec<bool>,
    /// Places by year (from 0) and slot.
    pub places: BySlot<i64>,
}

/// A way of building a project: when it opens, what it costs to the last year, and what it changes.
#[derive(Debug, Clone)]
struct Way {
    opened: i32,
    money: f64,
    /// By year (from 1) and slot of the part.
    change: Vec<i64>,
}

/// Solves one future. `held` modules are ready in each group and stage.
pub fn foresee(stage: &Stage<'_>, held: bool) -> Foresight {
    let ground = stage.ground;
    let book = Book::new(ground, stage.future, 0);
    // what is decided stands in every choice
    let decided = |j| (book.is_decided(j) && book.in_programme(j)).then(|| book.opening(j));
    let openings: Openings = ground.works.ids().map(decided).collect();
    let base_year = ground.scenario.base_year;
    let mut out = Foresight {
        score: 0.0,
        exact: true,
        shortage: 0,
        idle: 0,
        committed: 0.0,
        openings: openings.clone(),
        years_short: Vec::new(),
        places: BySlot::default(),
    };
    for (j, opened) in openings.pairs() {
        if let Some(opened) = opened.filter(|o| *o > base_year) {
            out.score += standing_money(ground, j, opened);
        }
    }
    for part in parts(ground, held) {
        let mut search = Search::new(stage, &openings, &part);
        search.run();
        out.score += search.best;
        out.exact &= search.nodes < MOST_NODES;
        for (&j, &way) in part.works.iter().zip(&search.chosen) {
            out.openings[j] = way;
            if way.is_some() {
                out.committed += ground.works[j].capital * (1.0 + stage.prices.site);
            }
        }
    }
    out.places = BySlot::from_fn(ground.years + 1, ground.slots, |t, q, p| {
        places_of(ground, &out.openings, t, ground.slots.at(q, p))
    });
    for t in ground.coming() {
        let mut any = false;
        for (places, demand) in out.places.grid(t).iter().zip(stage.demand.grid(t).iter()) {
            let over = places - demand;
            any |= over < 0;
            out.shortage += (-over).max(0) as u64;
            out.idle += over.max(0) as u64;
        }
        out.years_short.push(any);
    }
    out
}

/// Cells that must be solved together, with the projects that may be decided there.
struct Part {
    slots: Vec<SlotId>,
    works: Vec<ProjectId>,
}

/// The first of the slots that `c` is tied to.
fn top(leader: &Table<SlotId, SlotId>, mut c: SlotId) -> SlotId {
    while leader[c] != c {
        c = leader[c];
    }
    c
}

fn parts(ground: &Ground<'_>, held: bool) -> Vec<Part> {
    let mut leader: Table<SlotId, SlotId> = ground.slots.pairs().collect();
    let free = |j: &ProjectId| ground.works[*j].choosable && (held || !ground.is_held(*j));
    let works: Vec<ProjectId> = ground.works.ids().filter(free).collect();
    for &j in &works {
        let work = &ground.works[j];
        let rivals =
            work.rivals.iter().filter(|i| ground.works[**i].choosable).map(|i| ground.works[*i].slot);
        for slot in work.touches.iter().map(|t| t.slot).chain(rivals) {
            let (a, b) = (top(&leader, work.slot), top(&leader, slot));
            leader[a.max(b)] = a.min(b);
        }
    }
    ground
        .slots
        .pairs()
        .filter(|&c| top(&leader, c) == c)
        .map(|c| Part {
            slots: ground.slots.pairs().filter(|&d| top(&leader, d) == c).collect(),
            works: works.iter().copied().filter(|&j| top(&leader, ground.works[j].slot) == c).collect(),
        })
        .collect()
}

struct Search<'a> {
    stage: &'a Stage<'a>,
    part: &'a Part,
    ways: Vec<Vec<Way>>,
    /// places - demand by year (from 1) and slot of the part.
    over: Vec<i64>,
    /// By depth: the most and the least that the projects from there on can change, by year and slot.
    most: Vec<Vec<i64>>,
    least: Vec<Vec<i64>>,
    picked: Vec<Option<i32>>,
    chosen: Vec<Option<i32>>,
    best: f64,
    nodes: u64,
}

impl<'a> Search<'a> {
    fn new(stage: &'a Stage<'a>, decided: &Openings, part: &'a Part) -> Self {
        let ground = stage.ground;
        let mut over = Vec::new();
        for t in ground.coming() {
            for &slot in &part.slots {
                let change = |&(j, i): &(ProjectId, usize)| {
                    decided[j].map_or(0, |o| ground.works[j].touches[i].change(o, t))
                };
                let places = ground.base(t, slot) + ground.touching[slot].iter().map(change).sum::<i64>();
                over.push(places - stage.demand[(t, slot)]);
            }
        }
        let ways: Vec<Vec<Way>> = part.works.iter().map(|&j| ways(stage, part, j)).collect();
        let width = over.len();
        let mut most = vec![vec![0; width]; part.works.len() + 1];
        let mut least = most.clone();
        for depth in (0..part.works.len()).rev() {
            let (mut high, mut low) = (vec![0_i64; width], vec![0_i64; width]);
            for way in &ways[depth] {
                for (i, change) in way.change.iter().enumerate() {
                    high[i] = high[i].max(*change);
                    low[i] = low[i].min(*change);
                }
            }
            for i in 0..width {
                most[depth][i] = most[depth + 1][i] + high[i];
                least[depth][i] = least[depth + 1][i] + low[i];
            }
        }
        let picked = vec![None; part.works.len()];
        Self {
            stage,
            part,
            ways,
            over,
            most,
            least,
            chosen: picked.clone(),
            picked,
            best: f64::INFINITY,
            nodes: 0,
        }
    }

    fn run(&mut self) {
        // a first choice by taking the best way of one project after another, so that the search has something to beat
        let mut over = self.over.clone();
        let mut money = 0.0;
        for depth in 0..self.part.works.len() {
            let mut best = (self.cost(&over), None, over.clone(), 0.0);
            let ways = if self.rival_picked(depth) { &[][..] } else { &self.ways[depth][..] };
            for way in ways {
                let next: Vec<i64> =
                    over.iter().zip(&way.change).map(|(over, change)| over + change).collect();
                let cost = self.cost(&next) + way.money;
                if cost < best.0 {
                    best = (cost, Some(way.opened), next, way.money);
                }
            }
            money += best.3;
            (self.picked[depth], over) = (best.1, best.2);
        }
        self.best = money + self.cost(&over);
        self.chosen = self.picked.clone();
        self.picked.fill(None);
        let root = self.bound(&self.over, 0);
        self.search(0, 0.0);
        if self.nodes >= MOST_NODES {
            // not finished: only the bound is sure
            self.best = root;
        }
    }

    /// Goes on from the projects before `depth`, which cost `money` and are in `over`.
    fn search(&mut self, depth: usize, money: f64) {
        self.nodes += 1;
        let bound = money + self.bound(&self.over, depth);
        if self.nodes >= MOST_NODES || bound >= self.best {
            return;
        }
        if depth == self.part.works.len() {
            // the bound of a full choice is its cost
            self.best = bound;
            self.chosen.clone_from(&self.picked);
            return;
        }
        if !self.rival_picked(depth) {
            for k in 0..self.ways[depth].len() {
                self.add(depth, k, 1);
                let way = &self.ways[depth][k];
                self.picked[depth] = Some(way.opened);
                self.search(depth + 1, money + way.money);
                self.add(depth, k, -1);
            }
        }
        self.picked[depth] = None;
        self.search(depth + 1, money);
    }

    /// Adds what a way changes, or takes it away again: whole numbers, so nothing is left of it.
    fn add(&mut self, depth: usize, way: usize, sign: i64) {
        for (over, change) in self.over.iter_mut().zip(&self.ways[depth][way].change) {
            *over += sign * change;
        }
    }

    fn rival_picked(&self, depth: usize) -> bool {
        let rivals = &self.stage.ground.works[self.part.works[depth]].rivals;
        self.part.works[..depth].iter().zip(&self.picked).any(|(j, p)| p.is_some() && rivals.contains(j))
    }

    fn cost(&self, over: &[i64]) -> f64 {
        self.bound(over, self.part.works.len())
    }

    fn bound(&self, over: &[i64], depth: usize) -> f64 {
        let prices = self.stage.prices;
        let mut cost = 0.0;
        for ((over, most), least) in over.iter().zip(&self.most[depth]).zip(&self.least[depth]) {
            cost +=
                (-(over + most)).max(0) as f64 * prices.short + (over + least).max(0) as f64 * prices.idle;
        }
        cost
    }
}

/// What project `j` changes in the years and slots of a part.
fn changes(stage: &Stage<'_>, part: &Part, j: ProjectId, opened: i32) -> Vec<i64> {
    let work = &stage.ground.works[j];
    let mut out = Vec::new();
    for t in stage.ground.coming() {
        for slot in &part.slots {
            let touch = work.touches.iter().find(|touch| touch.slot == *slot);
            out.push(touch.map_or(0, |touch| touch.change(opened, t)));
        }
    }
    out
}

/// The ways in which a project can be built in this future: every opening it can reach, the cheaper way to each.
fn ways(stage: &Stage<'_>, part: &Part, j: ProjectId) -> Vec<Way> {
    let (ground, future) = (stage.ground, stage.future);
    let work = &ground.works[j];
    let (base, years) = (ground.scenario.base_year, ground.years as i32);
    let site = if work.laws.land.first().is_some_and(|p| *p >= 1.0)
        || ground.scenario.projects[j].status == crate::supply::Status::Site
    {
        0.0
    } else {
        stage.prices.site * work.capital
    };
    let mut ways: Vec<Way> = Vec::new();
    let mut add = |start: i32, takes: f64, surcharge: f64| {
        if !takes.is_finite() {
            return;
        }
        for round in start..years {
            let opened = (base + round + takes.ceil() as i32).max(work.not_before);
            if opened > base + years || opened >= BEYOND {
                continue;
            }
            let money = standing_money(ground, j, opened) + site + surcharge * work.capital;
            match ways.iter_mut().find(|w| w.opened == opened) {
                Some(way) => way.money = way.money.min(money),
                None => ways.push(Way { opened, money, change: changes(stage, part, j, opened) }),
            }
        }
    };
    let (both, build) =
        (inverse(&work.laws.both, future.gates[j].1), inverse(&work.laws.build, future.gates[j].1));
    if let Some(start) = first_land(ground, future, j, years) {
        add(start, build, 0.0);
        add(start, build * HURRIED, stage.prices.hurry);
    }
    add(0, both, 0.0);
    add(0, both * HURRIED, stage.prices.hurry);
    ways.sort_by_key(|w| w.opened);
    ways
}
