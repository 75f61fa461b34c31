//! Which schedules are tried: all of them, a sample, or a list.
//!
//! Rules and budgets are respected while a schedule is put together, choice by choice, never by throwing schedules away.
//! Schedule s of a seed is the same whichever others are made.

use rayon::prelude::*;
use seatcast_core::{
    forecast::Stream,
    supply::{Budget, Menu, Pick, Spent},
};

/// How schedules are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Strategy {
    /// Every schedule that keeps the rules.
    Enumerate,
    /// Each choice, in an order drawn anew, takes one of the picks its rules still allow, never among them.
    Uniform,
    /// A share of the budget is drawn first, then choices in an order drawn anew take a round they can afford, until
    /// none can: schedules of every cost, each using what it may.
    Budget,
    /// These.
    List(Vec<Vec<Pick>>),
}

impl Strategy {
    /// Code on the command line and in results.
    pub fn code(&self) -> &'static str {
        match self {
            Strategy::Enumerate => "enumerate",
            Strategy::Uniform => "uniform",
            Strategy::Budget => "budget",
            Strategy::List(_) => "list",
        }
    }
}

/// Makes schedules, in order.
#[derive(Debug, Clone)]
pub struct Sampler<'a> {
    menu: &'a Menu,
    budget: &'a Budget,
    strategy: &'a Strategy,
    seed: u64,
    next: u64,
    limit: u64,
    odometer: Option<Odometer>,
}

impl<'a> Sampler<'a> {
    /// A sampler of at most `limit` schedules.
    pub fn new(menu: &'a Menu, budget: &'a Budget, strategy: &'a Strategy, seed: u64, limit: u64) -> Self {
        let odometer = (*strategy == Strategy::Enumerate).then(|| Odometer::new(menu));
        Self { menu, budget, strategy, seed, next: 0, limit, odometer }
    }

    /// The next `count` schedules, or those that are left. Drawn ones are drawn in parallel: each depends on its number alone.
    pub fn batch(&mut self, count: usize) -> Vec<Vec<Pick>> {
        let last = self.limit.min(self.next.saturating_add(count as u64));
        let numbers = self.next..last;
        let draw = match self.strategy {
            Strategy::Uniform => Self::uniform,
            Strategy::Budget => Self::with_budget,
            Strategy::Enumerate | Strategy::List(_) => return self.by_ref().take(count).collect(),
        };
        self.next = last;
        numbers.into_par_iter().map(|s| draw(self, s)).collect()
    }

    fn uniform(&self, s: u64) -> Vec<Pick> {
        let mut stream = Stream::new(self.seed, "schedule", "uniform", s);
        let mut picks = vec![None; self.menu.choices.len()];
        let mut spent = Spent::default();
        for c in self.order(&mut stream) {
            let rounds = self.affordable(&picks, &spent, self.budget, c);
            let pick = (stream.uniform() * (rounds.len() + 1) as f64) as usize;
            self.take(&mut picks, &mut spent, c, rounds.get(pick).copied());
        }
        picks
    }

    fn with_budget(&self, s: u64) -> Vec<Pick> {
        let mut stream = Stream::new(self.seed, "schedule", "budget", s);
        let all: u64 = self.menu.choices.iter().filter(|c| !c.rounds.is_empty()).map(|c| c.cost).sum();
        let most = self.budget.total.map_or(all, |total| total.min(all));
        let budget = Budget {
            total: Some((stream.uniform() * most as f64) as u64),
            by_year: self.budget.by_year.clone(),
        };
        let mut picks = vec![None; self.menu.choices.len()];
        let mut spent = Spent::default();
        for c in self.order(&mut stream) {
            let rounds = self.affordable(&picks, &spent, &budget, c);
            let pick = (stream.uniform() * rounds.len() as f64) as usize;
            self.take(&mut picks, &mut spent, c, rounds.get(pick).copied());
        }
        picks
    }

    /// Choices in a drawn order, prerequisites before what requires them.
    fn order(&self, stream: &mut Stream) -> Vec<usize> {
        let mut keyed: Vec<(f64, usize)> =
            (0..self.menu.choices.len()).map(|c| (stream.uniform(), c)).collect();
        // a choice comes no earlier than its prerequisites: raise its key to theirs
        for &c in self.menu.prerequisites_first() {
            let latest = self.menu.requires(c).iter().map(|&d| keyed[d].0).fold(keyed[c].0, f64::max);
            keyed[c].0 = latest;
        }
        let mut order: Vec<(f64, usize)> = keyed.clone();
        let place: Vec<usize> = positions(self.menu.prerequisites_first());
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(place[a.1].cmp(&place[b.1])));
        order.into_iter().map(|(_, c)| c).collect()
    }

    fn affordable(&self, picks: &[Pick], spent: &Spent, budget: &Budget, c: usize) -> Vec<usize> {
        let choice = &self.menu.choices[c];
        (0..choice.rounds.len())
            .filter(|&r| {
                self.menu.allows(picks, c, r) && spent.affords(budget, choice.rounds[r].year, choice.cost)
            })
            .collect()
    }

    fn take(&self, picks: &mut [Pick], spent: &mut Spent, c: usize, round: Option<usize>) {
        picks[c] = round;
        if let Some(r) = round {
            let choice = &self.menu.choices[c];
            spent.add(choice.rounds[r].year, choice.cost);
        }
    }
}

impl Iterator for Sampler<'_> {
    type Item = Vec<Pick>;

    fn next(&mut self) -> Option<Vec<Pick>> {
        if self.next >= self.limit {
            return None;
        }
        let s = self.next;
        self.next += 1;
        match self.strategy {
            Strategy::Enumerate => self.odometer.as_mut()?.next(self.menu, self.budget),
            Strategy::Uniform => Some(self.uniform(s)),
            Strategy::Budget => Some(self.with_budget(s)),
            Strategy::List(list) => list.get(s as usize).cloned(),
        }
    }
}

/// The place of each item in an order.
fn positions(order: &[usize]) -> Vec<usize> {
    let mut place = vec![0; order.len()];
    for (at, &c) in order.iter().enumerate() {
        place[c] = at;
    }
    place
}

/// Walks through every schedule that keeps the rules, the first choice of the menu turning slowest.
#[derive(Debug, Clone)]
struct Odometer {
    order: Vec<usize>,
    picks: Vec<Pick>,
    spent: Spent,
    started: bool,
}

impl Odometer {
    fn new(menu: &Menu) -> Self {
        Self {
            order: menu.prerequisites_first().to_vec(),
            picks: vec![None; menu.choices.len()],
            spent: Spent::default(),
            started: false,
        }
    }

    /// The next schedule; the first is the one that decides nothing.
    fn next(&mut self, menu: &Menu, budget: &Budget) -> Option<Vec<Pick>> {
        if !self.started {
            self.started = true;
            return Some(self.picks.clone());
        }
        for at in (0..self.order.len()).rev() {
            let c = self.order[at];
            let choice = &menu.choices[c];
            let from = self.picks[c].map_or(0, |r| r + 1);
            if let Some(r) = self.picks[c].take() {
                self.spent.take_back(choice.rounds[r].year, choice.cost);
            }
            let next = (from..choice.rounds.len()).find(|&r| {
                menu.allows(&self.picks, c, r)
                    && self.spent.affords(budget, choice.rounds[r].year, choice.cost)
            });
            if let Some(r) = next {
                self.picks[c] = Some(r);
                self.spent.add(choice.rounds[r].year, choice.cost);
                return Some(self.picks.clone());
            }
        }
        None
    }
}
