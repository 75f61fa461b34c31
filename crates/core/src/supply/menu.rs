//! The menu: what is still undecided, the rounds in which each project may be decided, what it costs, and the rules
//! between projects. A sweep, a rule and an optimiser share it.
//!
//! | rule | holds between |
//! |---|---|
//! | one build a site | projects that name the same site: at most one is ever decided |
//! | exclusion | a project and those it excludes: at most one |
//! | prerequisite | a project and those it requires: they are decided no later, or were before |
//! | budget | all: the cost of what is decided in a year, and in all, stays within the amounts stated |
//!
//! Cost counts in the year of the decision: that is when a district commits the money.

use std::collections::BTreeMap;

use super::{gates::OpeningLaw, programme::Schedule, project::Status};
use crate::{index::ProjectId, money::capital, scenario::Scenario, time::YearMonth};

/// One undecided project.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The project.
    pub project: ProjectId,
    /// Its key: by it the choice is found in a variant of the scenario.
    pub id: String,
    /// Rounds in which it may be decided, in order: from this year's on, as long as it may still open by the last year
    /// of the run. Empty if it can never open.
    pub rounds: Vec<YearMonth>,
    /// Money to build it, in whole units.
    pub cost: u64,
    /// Choices of which at most one, this one among them, is ever decided.
    rivals: Vec<usize>,
    /// Choices that must be decided no later than this one.
    requires: Vec<usize>,
}

/// What is picked of a choice: the index of a round, or `None` = never.
pub type Pick = Option<usize>;

/// The menu of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Menu {
    /// The undecided projects, in the order of the scenario.
    pub choices: Vec<Choice>,
    order: Vec<usize>,
}

/// Money that may be committed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Budget {
    /// In all.
    pub total: Option<u64>,
    /// In a year; a year without an amount is not limited on its own.
    pub by_year: BTreeMap<i32, u64>,
}

/// A rule that a schedule breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Broken {
    /// Two rivals are decided: choice, rival.
    Rivals(usize, usize),
    /// A prerequisite is decided later or never: choice, prerequisite.
    Prerequisite(usize, usize),
    /// More is committed than there is: year (`None` = in all).
    Budget(Option<i32>),
}

impl Menu {
    /// The menu of a scenario, seen from this year's round.
    pub fn new(scenario: &Scenario) -> Self {
        let mut choices: Vec<Choice> = Vec::new();
        let mut choice_of: BTreeMap<ProjectId, usize> = BTreeMap::new();
        for (j, project) in scenario.projects.pairs().filter(|(_, p)| p.is_undecided()) {
            choice_of.insert(j, choices.len());
            let rounds = (scenario.base_year..scenario.until).map(|year| scenario.round_of(year));
            let may_open = |round: &YearMonth| {
                OpeningLaw::of(project, &scenario.kinds, scenario.round(), *round)
                    .by_september(scenario.until)
                    > 0.0
            };
            choices.push(Choice {
                project: j,
                id: project.id.clone(),
                rounds: rounds.filter(may_open).collect(),
                cost: capital(scenario, j).round() as u64,
                rivals: Vec::new(),
                requires: Vec::new(),
            });
        }
        for (&j, &c) in &choice_of {
            let project = &scenario.projects[j];
            for (i, other) in scenario.projects.pairs().filter(|(i, _)| *i != j) {
                let rival = (project.site.is_some() && project.site == other.site)
                    || project.excludes.contains(&i)
                    || other.excludes.contains(&j);
                let required = project.requires.contains(&i);
                match (choice_of.get(&i), other.status) {
                    (Some(&d), _) => {
                        choices[c].rivals.extend(rival.then_some(d));
                        choices[c].requires.extend(required.then_some(d));
                    }
                    // what was given up can be no rival, and fulfils nothing
                    (None, Status::Cancelled) if required => choices[c].rounds.clear(),
                    (None, Status::Cancelled) => {}
                    (None, _) if rival => choices[c].rounds.clear(),
                    (None, _) => {}
                }
            }
        }
        let order = prerequisites_first(&choices);
        Self { choices, order }
    }

    /// The choices in an order in which every prerequisite comes before what requires it.
    pub fn prerequisites_first(&self) -> &[usize] {
        &self.order
    }

    /// The choices that choice `c` requires.
    pub fn requires(&self, c: usize) -> &[usize] {
        &self.choices[c].requires
    }

    /// Whether choice `c` may be decided in its round `r`, given what is picked of the others (not yet picked = never).
    pub fn allows(&self, picks: &[Pick], c: usize, r: usize) -> bool {
        let choice = &self.choices[c];
        let month = choice.rounds[r];
        choice.rivals.iter().all(|&d| picks[d].is_none())
            && choice.requires.iter().all(|&d| picks[d].is_some_and(|p| self.choices[d].rounds[p] <= month))
    }

    /// Every rule that `picks` break, sorted.
    pub fn broken(&self, picks: &[Pick], budget: &Budget) -> Vec<Broken> {
        let mut broken = Vec::new();
        let mut spent = Spent::default();
        for (c, choice) in self.choices.iter().enumerate() {
            let Some(r) = picks[c] else { continue };
            let month = choice.rounds[r];
            broken.extend(
                choice.rivals.iter().filter(|&&d| d > c && picks[d].is_some()).map(|&d| Broken::Rivals(c, d)),
            );
            let met = |d: &&usize| picks[**d].is_some_and(|p| self.choices[**d].rounds[p] <= month);
            broken.extend(choice.requires.iter().filter(|d| !met(d)).map(|&d| Broken::Prerequisite(c, d)));
            spent.add(month.year, choice.cost);
        }
        broken.extend(spent.over(budget));
        broken.sort_unstable();
        broken
    }

    /// What is picked as long as nobody says otherwise: a project with a site in this round, a candidate never.
    pub fn programmed(&self, scenario: &Scenario) -> Vec<Pick> {
        let pick = |choice: &Choice| {
            let has_site = scenario.projects[choice.project].status == Status::Site;
            choice.rounds.iter().position(|round| *round == scenario.round()).filter(|_| has_site)
        };
        self.choices.iter().map(pick).collect()
    }

    /// The schedule of `picks`, over all projects of the scenario.
    pub fn schedule(&self, scenario: &Scenario, picks: &[Pick]) -> Schedule {
        let mut schedule = Schedule::of_programme(&scenario.projects, scenario.round());
        for (choice, pick) in self.choices.iter().zip(picks) {
            schedule.set(choice.project, pick.map(|r| choice.rounds[r]));
        }
        schedule
    }

    /// Money that `picks` commit, in whole units.
    pub fn cost(&self, picks: &[Pick]) -> u64 {
        self.choices.iter().zip(picks).filter(|(_, pick)| pick.is_some()).map(|(choice, _)| choice.cost).sum()
    }

    /// Number of combinations of picks, rules left aside; `None` if it passes 2^127.
    pub fn combinations(&self) -> Option<u128> {
        self.choices.iter().try_fold(1_u128, |product, c| product.checked_mul(c.rounds.len() as u128 + 1))
    }
}

/// Money committed so far.
#[derive(Debug, Clone, Default)]
pub struct Spent {
    total: u64,
    by_year: BTreeMap<i32, u64>,
}

impl Spent {
    /// Commits `cost` in `year`.
    pub fn add(&mut self, year: i32, cost: u64) {
        self.total += cost;
        *self.by_year.entry(year).or_default() += cost;
    }

    /// Takes back what was committed in `year`.
    pub fn take_back(&mut self, year: i32, cost: u64) {
        self.total -= cost;
        if let Some(spent) = self.by_year.get_mut(&year) {
            *spent -= cost;
        }
    }

    /// Whether `cost` more in `year` stays within `budget`.
    pub fn affords(&self, budget: &Budget, year: i32, cost: u64) -> bool {
        let spent = self.by_year.get(&year).copied().unwrap_or(0);
        budget.total.is_none_or(|amount| self.total + cost <= amount)
            && budget.by_year.get(&year).is_none_or(|&amount| spent + cost <= amount)
    }

    fn over(&self, budget: &Budget) -> Vec<Broken> {
        let total = budget.total.filter(|&amount| self.total > amount).map(|_| Broken::Budget(None));
        let years =
            budget.by_year.iter().filter(|(year, amount)| self.by_year.get(year).is_some_and(|s| s > amount));
        total.into_iter().chain(years.map(|(year, _)| Broken::Budget(Some(*year)))).collect()
    }
}

/// Choices ordered so that prerequisites come first; the scenario has checked that they form no circle.
fn prerequisites_first(choices: &[Choice]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(choices.len());
    let mut placed = vec![false; choices.len()];
    while order.len() < choices.len() {
        let before = order.len();
        for c in 0..choices.len() {
            if !placed[c] && choices[c].requires.iter().all(|&d| placed[d]) {
                placed[c] = true;
                order.push(c);
            }
        }
        if order.len() == before {
            order.extend((0..choices.len()).filter(|&c| !placed[c]));
        }
    }
    order
}
