//! Which kernel scores a problem, and why.

use rayon::prelude::*;
use seatcast_core::{
    isa::{Isa, Work},
    supply::Pick,
};

use super::{
    arrays::{Arrays, Bounds, Limits, Width, limits},
    brute::cost,
    fast::Fast,
    general::General,
    lanes::{Block, LANES, Lane, Total},
    neighbours::Differences,
    problem::{Problem, Rule},
    score::{Score, tail_of},
    select::sum_and_largest,
    sides::Side,
};

/// How schedules are scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// By adding up rows of slots.
    Fast,
    /// By going through every slot, year and draw of every schedule.
    General,
}

impl Method {
    /// Code in results.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::General => "general",
        }
    }
}

/// Why the fast method does not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It was asked for.
    Asked,
    /// Places that may stand in any slot: shortage does not add up over slots.
    Pool,
    /// The worst year of a draw counts: shortage does not add up over years.
    WorstYear,
}

impl Reason {
    /// Code in results.
    pub fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Pool => "pool",
            Self::WorstYear => "worst-year",
        }
    }
}

/// What is wished for; nothing = what is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// The method; the fast one is taken only where it applies.
    pub method: Option<Method>,
    /// The instruction set.
    pub isa: Option<Isa>,
    /// The width; taken only if it is wide enough.
    pub width: Option<Width>,
}

/// The way a problem is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// The method.
    pub method: Method,
    /// Why it is not the fast one.
    pub reason: Option<Reason>,
    /// The instruction set.
    pub isa: Isa,
    /// The width of figures.
    pub width: Width,
}

impl Way {
    /// The way for a problem.
    pub fn of(problem: &Problem, wish: Wish) -> Self {
        Self::within(&Bounds::of(problem), problem, wish)
    }

    fn within(bounds: &Bounds, problem: &Problem, wish: Wish) -> Self {
        let reason = match (&problem.rule, wish.method) {
            (Rule { pool: Some(_), .. }, _) => Some(Reason::Pool),
            (Rule { worst_year: true, .. }, _) => Some(Reason::WorstYear),
            (_, Some(Method::General)) => Some(Reason::Asked),
            _ => None,
        };
        Self {
            method: if reason.is_some() { Method::General } else { Method::Fast },
            reason,
            isa: wish.isa.unwrap_or_else(Isa::best),
            width: bounds.width().max(wish.width.unwrap_or(Width::U16)),
        }
    }
}

/// Shortage of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tail {
    /// Summed over the draws.
    pub shortage: u64,
    /// Summed over the worst draws, [`tail_of`] of them.
    pub tail: u64,
}

/// Finds the shortage of schedules.
pub(super) trait Tails: Send + Sync {
    fn tails(&self, schedules: &[Vec<Pick>]) -> Vec<Tail>;
    fn sides(&self, schedules: &[Vec<Pick>]) -> Vec<Side>;
    /// Differences around a plan.
    fn differences(&self, plan: &[Pick]) -> Box<dyn Differences + '_>;
}

/// A problem ready to be scored.
pub struct Kernel<'a> {
    problem: &'a Problem,
    way: Way,
    tails: Box<dyn Tails + 'a>,
}

impl<'a> Kernel<'a> {
    /// The kernel for a problem.
    pub fn new(problem: &'a Problem, wish: Wish) -> Self {
        let limits = limits(problem);
        let way = Way::within(&Bounds::all(&limits), problem, wish);
        let tails = match way.width {
            Width::U16 => tails::<u16>(problem, &limits, way),
            Width::U32 => tails::<u32>(problem, &limits, way),
            Width::U64 => tails::<u64>(problem, &limits, way),
        };
        Self { problem, way, tails }
    }

    /// The way it scores.
    pub fn way(&self) -> Way {
        self.way
    }

    /// Shortage of schedules, in order: mean and worst draws.
    pub fn tails(&self, schedules: &[Vec<Pick>]) -> Vec<Tail> {
        self.tails.tails(schedules)
    }

    /// Differences around a plan; nothing where shortage does not add up.
    pub(super) fn differences(&self, plan: &[Pick]) -> Option<Box<dyn Differences + '_>> {
        self.problem.rule.adds_up().then(|| self.tails.differences(plan))
    }

    /// Scores of schedules, in order. Parallel; every sum is of whole numbers.
    pub fn scores(&self, schedules: &[Vec<Pick>]) -> Vec<Score> {
        let tails = self.tails(schedules);
        let sides = self.tails.sides(schedules);
        (tails.into_par_iter().zip(sides).zip(schedules))
            .map(|((tail, side), picks)| Score {
                shortage: tail.shortage,
                tail: tail.tail,
                worst: side.worst,
                idle: side.idle,
                secured: side.secured,
                cost: cost(self.problem, picks),
                draws: self.problem.draws as u64,
            })
            .collect()
    }
}

fn tails<'a, L: Lane>(problem: &'a Problem, limits: &[Limits], way: Way) -> Box<dyn Tails + 'a> {
    let arrays = Arrays::<L>::new(problem, limits);
    match way.method {
        Method::Fast => Box::new(Fast::new(arrays, way.isa)),
        Method::General => Box::new(General::new(arrays, way.isa)),
    }
}

/// Shortage of a schedule from its total in every draw; lanes beyond the draws are cleared.
pub(super) fn finish<T: Total>(isa: Isa, draws: usize, totals: &mut [Block<T>]) -> Tail {
    isa.run(Finish { draws, totals })
}

struct Finish<'t, T> {
    draws: usize,
    totals: &'t mut [Block<T>],
}

impl<T: Total> Work for Finish<'_, T> {
    type Output = Tail;

    #[inline(always)]
    fn run(self) -> Tail {
        if let (Some(last), beyond @ 1..) = (self.totals.last_mut(), self.draws % LANES) {
            last.0[beyond..].fill(T::default());
        }
        let (shortage, tail) = sum_and_largest(self.totals, tail_of(self.draws));
        Tail { shortage, tail }
    }
}
