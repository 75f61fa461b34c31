//! A problem as the kernels read it: blocks of 64 draws, in the narrowest width that is proved to hold every figure.
//!
//! Only *net* pupils are kept of a slot: pupils less the places that no schedule changes. What a choice gives is taken off
//! them. A part whose places might fall below zero is held apart, because a zone has no fewer than no places.

use rayon::prelude::*;
use seatcast_core::supply::Pick;

use super::{
    lanes::{Block, LANES, Lane, Whole},
    problem::{Member, Part, Problem, Slot},
};

/// How wide the figures of a problem are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// 16 bits a slot, 32 a total.
    U16,
    /// 32 bits.
    U32,
    /// 64 bits.
    U64,
}

impl Width {
    /// Code in results.
    pub fn code(self) -> &'static str {
        match self {
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
        }
    }
}

/// What the figures of a problem come to at most, under any schedule and in any draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounds {
    /// Pupils less places of a slot and year, or places of a part, either way from zero.
    pub net: u64,
    /// Shortage of a slot over the years.
    pub slot: u64,
    /// Shortage of all slots over the years.
    pub total: u64,
}

impl Bounds {
    /// The bounds of a problem.
    pub fn of(problem: &Problem) -> Self {
        Self::all(&limits(problem))
    }

    /// Those of slots together.
    pub(super) fn all(slots: &[Limits]) -> Self {
        slots.iter().fold(Self::default(), |all, Limits { bounds: slot, .. }| Self {
            net: all.net.max(slot.net),
            slot: all.slot.max(slot.slot),
            total: all.total.saturating_add(slot.slot),
        })
    }

    /// The narrowest width that holds them.
    pub fn width(&self) -> Width {
        let holds =
            |net: u64, slot: u64, total: u64| self.net <= net && self.slot <= slot && self.total <= total;
        if holds(i16::MAX as u64, u64::from(u16::MAX), u64::from(u32::MAX)) {
            Width::U16
        } else if holds(i32::MAX as u64, u64::from(u32::MAX), u64::from(u32::MAX)) {
            Width::U32
        } else {
            Width::U64
        }
    }
}

/// The limits of every slot.
pub(super) fn limits(problem: &Problem) -> Vec<Limits> {
    problem.slots.par_iter().map(|slot| Limits::of(problem, slot)).collect()
}

/// The bounds of a slot, and which of its parts never fall below zero.
pub(super) struct Limits {
    bounds: Bounds,
    plain: Vec<bool>,
}

impl Limits {
    fn of(problem: &Problem, slot: &Slot) -> Self {
        let years = problem.years;
        let of_year = |figures: &[i32], t: usize| {
            extremes(figures[t * problem.draws..][..problem.draws].iter().copied())
        };
        let takes = |part: &Part, t: usize| part.members.iter().map(|m| most(m, t, |n| -n)).sum::<i64>();
        let is_plain = |part: &Part| (0..years).all(|t| of_year(&part.fixed, t).0 >= takes(part, t));
        let plain: Vec<bool> = slot.parts.iter().map(is_plain).collect();
        let net = net_pupils(problem, slot, &plain);
        let mut bounds = Bounds::default();
        for t in 0..years {
            let (mut low, mut high) = extremes(net[t * problem.draws..][..problem.draws].iter().copied());
            for (part, plain) in slot.parts.iter().zip(&plain) {
                let gives: i64 = part.members.iter().map(|m| most(m, t, |n| n)).sum();
                let (fewest, highest) = of_year(&part.fixed, t);
                let highest = highest.max(0);
                if *plain {
                    (low, high) = (low - gives, high + takes(part, t));
                } else {
                    low -= gives + highest;
                    bounds.net = bounds.net.max((takes(part, t) - fewest.min(0)).unsigned_abs());
                }
                bounds.net = bounds.net.max((gives + highest).unsigned_abs());
            }
            bounds.net = bounds.net.max(low.unsigned_abs()).max(high.unsigned_abs());
            bounds.slot += high.max(0) as u64;
        }
        bounds.total = bounds.slot;
        Self { bounds, plain }
    }
}

/// Pupils less the places of plain parts, by year and draw.
#[inline(always)]
fn net_pupils(problem: &Problem, slot: &Slot, plain: &[bool]) -> Vec<i64> {
    let mut net: Vec<i64> = slot.demand.iter().map(|&n| i64::from(n)).collect();
    debug_assert_eq!(net.len(), problem.years * problem.draws);
    for (part, _) in slot.parts.iter().zip(plain).filter(|(_, plain)| **plain) {
        for (net, &fixed) in net.iter_mut().zip(&part.fixed) {
            *net -= i64::from(fixed);
        }
    }
    net
}

/// The least and the largest of figures; both 0 if there are none.
#[inline(always)]
fn extremes<N: Copy + Ord + Into<i64>>(mut figures: impl Iterator<Item = N>) -> (i64, i64) {
    let Some(first) = figures.next() else { return (0, 0) };
    let (low, high) = figures.fold((first, first), |(low, high), n| (low.min(n), high.max(n)));
    (low.into(), high.into())
}

/// The most that a project changes places by in year `t`, whenever it opens; not below zero.
fn most(member: &Member, t: usize, of: impl Fn(i64) -> i64) -> i64 {
    member.change.iter().map(|by_year| of(i64::from(by_year[t]))).fold(0, i64::max)
}

/// A problem in blocks.
#[derive(Debug)]
pub(super) struct Arrays<'a, L: Lane> {
    pub(super) problem: &'a Problem,
    /// Blocks of draws.
    pub(super) tiles: usize,
    pub(super) slots: Vec<CellArrays<'a, L>>,
}

/// A slot in blocks.
#[derive(Debug)]
pub(super) struct CellArrays<'a, L: Lane> {
    /// Pupils less the places of plain parts, by tile and year.
    pub(super) net: Vec<Block<L::Net>>,
    /// Choices that change places here.
    pub(super) choices: Vec<ChoiceHere<'a, L>>,
    /// Parts whose places might fall below zero.
    clamped: Vec<Clamped<'a, L>>,
    /// Shortage over the years at most.
    pub(super) most: u64,
}

/// A choice in a slot.
#[derive(Debug)]
pub(super) struct ChoiceHere<'a, L: Lane> {
    pub(super) choice: usize,
    pub(super) rounds: usize,
    /// What it changes in plain parts.
    members: Vec<MemberHere<'a, L>>,
    /// Where that is certain and lasts.
    pub(super) step: Option<Step<L>>,
}

/// What a project changes in a part.
#[derive(Debug)]
struct MemberHere<'a, L: Lane> {
    member: &'a Member,
    /// Places by year once open, where they do not depend on when it opened.
    lasting: Option<Vec<L::Net>>,
}

impl<'a, L: Lane> MemberHere<'a, L> {
    fn new(years: usize, member: &'a Member) -> Self {
        let lasting = lasts(years, member)
            .then(|| (0..years).map(|t| L::Net::of(i64::from(member.change[0][t]))).collect());
        Self { member, lasting }
    }
}

/// Whether what a project changes once it is open does not depend on when it opened.
fn lasts(years: usize, member: &Member) -> bool {
    let of = |(o, by_year): (usize, &Vec<i32>)| {
        (0..years).all(|t| by_year[t] == if t < o { 0 } else { member.change[0][t] })
    };
    member.change.iter().enumerate().all(of)
}

/// A change that begins in the same year in every draw and does not depend on when it began.
#[derive(Debug)]
pub(super) struct Step<L: Lane> {
    /// Year of opening by round; the number of years where it does not open.
    pub(super) opens: Vec<usize>,
    /// Places by year once open.
    pub(super) places: Vec<L::Net>,
}

#[derive(Debug)]
struct Clamped<'a, L: Lane> {
    fixed: Vec<Block<L::Net>>,
    /// Index among the choices of the slot, and the change.
    members: Vec<(usize, MemberHere<'a, L>)>,
}

impl<'a, L: Lane> Arrays<'a, L> {
    /// `limits` are those of the problem.
    pub(super) fn new(problem: &'a Problem, limits: &[Limits]) -> Self {
        let slots = problem.slots.par_iter().zip(limits);
        Self {
            problem,
            tiles: problem.draws.div_ceil(LANES),
            slots: slots.map(|(slot, limits)| CellArrays::new(problem, slot, limits)).collect(),
        }
    }
}

impl<'a, L: Lane> CellArrays<'a, L> {
    fn new(problem: &'a Problem, slot: &'a Slot, limits: &Limits) -> Self {
        let parts = || slot.parts.iter().zip(&limits.plain);
        let net = net_pupils(problem, slot, &limits.plain);
        let choices: Vec<ChoiceHere<'a, L>> = slot
            .choices
            .iter()
            .map(|&(choice, rounds)| {
                let members: Vec<&Member> = parts()
                    .filter(|(_, plain)| **plain)
                    .flat_map(|(part, _)| part.members.iter().filter(|m| m.choice == choice))
                    .collect();
                let step = Step::of(problem.years, &members, rounds as usize);
                let members = members.into_iter().map(|m| MemberHere::new(problem.years, m)).collect();
                ChoiceHere { choice, rounds: rounds as usize, members, step }
            })
            .collect();
        let place = |m: &Member| choices.iter().position(|c| c.choice == m.choice);
        let clamped = parts()
            .filter(|(_, plain)| !**plain)
            .map(|(part, _)| Clamped {
                fixed: blocks(problem, &part.fixed, |&n| i64::from(n)),
                members: part
                    .members
                    .iter()
                    .filter_map(|m| Some((place(m)?, MemberHere::new(problem.years, m))))
                    .collect(),
            })
            .collect();
        Self { net: blocks(problem, &net, |&n| n), choices, clamped, most: limits.bounds.slot }
    }

    /// Whether every choice here opens for certain, and no part can fall below zero: then the shortage of a year depends
    /// only on which choices are open in it.
    pub(super) fn is_stepwise(&self) -> bool {
        self.clamped.is_empty() && self.choices.iter().all(|c| c.step.is_some())
    }

    /// Of a stepwise slot: the choices that a schedule has open in year `t`, a bit each.
    pub(super) fn open(&self, picks: &[Pick], t: usize) -> usize {
        self.choices.iter().enumerate().fold(0, |open, (i, here)| {
            let opens = here.step.as_ref().zip(picks[here.choice]).map(|(step, r)| step.opens[r]);
            open | usize::from(opens.is_some_and(|v| v <= t)) << i
        })
    }

    /// Of a stepwise slot: places in year `t` of the choices that are open.
    #[inline(always)]
    pub(super) fn places(&self, open: usize, t: usize) -> L::Net {
        self.choices
            .iter()
            .enumerate()
            .filter(|(i, _)| open >> i & 1 == 1)
            .fold(L::Net::default(), |places, (_, here)| {
                here.step.as_ref().map_or(places, |step| places.plus(step.places[t]))
            })
    }
}

impl<L: Lane> Step<L> {
    fn of(years: usize, members: &[&Member], rounds: usize) -> Option<Self> {
        let mut opens = vec![years; rounds];
        for member in members {
            for (open, drawn) in opens.iter_mut().zip(member.openings.iter()) {
                *open = usize::from(*drawn.first()?);
                if drawn.iter().any(|&d| usize::from(d) != *open) {
                    return None;
                }
            }
            if !lasts(years, member) {
                return None;
            }
        }
        let places = |t: usize| members.iter().map(|m| i64::from(m.change[0][t])).sum::<i64>();
        Some(Self { opens, places: (0..years).map(|t| L::Net::of(places(t))).collect() })
    }
}

/// Figures by year and draw as blocks by tile and year; lanes beyond the draws are 0.
fn blocks<N: Whole, F: Sync>(problem: &Problem, figures: &[F], of: impl Fn(&F) -> i64) -> Vec<Block<N>> {
    let (years, draws) = (problem.years, problem.draws);
    let mut out = vec![Block::of(N::default()); draws.div_ceil(LANES) * years];
    for t in 0..years {
        for (tile, part) in figures[t * draws..(t + 1) * draws].chunks(LANES).enumerate() {
            for (lane, figure) in out[tile * years + t].0.iter_mut().zip(part) {
                *lane = N::of(of(figure));
            }
        }
    }
    out
}

/// A slot in one tile, with what each choice gives in it: the net pupils of any combination can be read off.
pub(super) struct CellTile<'t, L: Lane> {
    years: usize,
    net: &'t [Block<L::Net>],
    /// By choice of the slot: places by round and year.
    given: Vec<Vec<Block<L::Net>>>,
    clamped: Vec<ClampedTile<'t, L>>,
    /// Net pupils after the first 0, 1, ... choices of the combination that was asked for last.
    after: Vec<Vec<Block<L::Net>>>,
    last: Vec<Pick>,
    /// How many of its choices those are right for.
    known: usize,
    /// By choice and round: the first year in which it gives anything in some draw.
    begins: Vec<Vec<usize>>,
    /// Shortage of the years before each year, after all but the last choice of the combination asked for last; empty
    /// before the first.
    before: Vec<Block<L>>,
}

struct ClampedTile<'t, L: Lane> {
    fixed: &'t [Block<L::Net>],
    given: Vec<(usize, Vec<Block<L::Net>>)>,
}

impl<'t, L: Lane> CellTile<'t, L> {
    #[inline(always)]
    pub(super) fn new(problem: &Problem, slot: &'t CellArrays<'_, L>, tile: usize) -> Self {
        let years = problem.years;
        let of_tile = tile * years..(tile + 1) * years;
        let net = &slot.net[of_tile.clone()];
        let given: Vec<Vec<Block<L::Net>>> = slot
            .choices
            .iter()
            .map(|here| {
                let mut given = vec![Block::of(L::Net::default()); here.rounds * years];
                for member in &here.members {
                    add_given::<L>(problem, member, tile, &mut given);
                }
                given
            })
            .collect();
        let clamped = slot
            .clamped
            .iter()
            .map(|part| ClampedTile {
                fixed: &part.fixed[of_tile.clone()],
                given: part
                    .members
                    .iter()
                    .map(|(j, member)| {
                        let mut given = vec![Block::of(L::Net::default()); slot.choices[*j].rounds * years];
                        add_given::<L>(problem, member, tile, &mut given);
                        (*j, given)
                    })
                    .collect(),
            })
            .collect();
        let after = vec![net.to_vec(); given.len() + 1];
        let nothing = Block::of(L::Net::default());
        let begin = |given: &[Block<L::Net>]| given.iter().position(|g| *g != nothing).unwrap_or(years);
        let begins = given.iter().map(|given| given.chunks(years.max(1)).map(begin).collect()).collect();
        let (last, known) = (vec![None; given.len()], given.len());
        Self { years, net, given, clamped, after, last, known, begins, before: Vec::new() }
    }

    /// Shortage over the years under a combination: one pick for each choice of the slot. Where combinations are asked for
    /// in order, each costs the years from which its last choice gives anything.
    #[inline(always)]
    pub(super) fn short(&mut self, picks: &[Pick]) -> Block<L> {
        let mut row = Block::of(L::default());
        let (Some((last, others)), true) = (picks.split_last(), self.clamped.is_empty()) else {
            self.each_year(picks, |_, net| row = row.plus(&net.positive().map(L::of_net)));
            return row;
        };
        if self.before.is_empty() || self.last[..others.len()] != *others {
            self.take(others);
            self.before.clear();
            for t in 0..=self.years {
                self.before.push(row);
                if let Some(net) = self.after[others.len()].get(t) {
                    row = row.plus(&net.positive().map(L::of_net));
                }
            }
        }
        let Some(r) = *last else { return self.before[self.years] };
        let begins = self.begins[others.len()][r];
        let mut row = self.before[begins];
        let given = &self.given[others.len()][r * self.years..(r + 1) * self.years];
        for (net, given) in self.after[others.len()][begins..].iter().zip(&given[begins..]) {
            row = row.plus(&net.less(given).positive().map(L::of_net));
        }
        row
    }

    /// Finds net pupils after each of the first choices under their `picks`, from where they differ from the last ones.
    #[inline(always)]
    fn take(&mut self, picks: &[Pick]) {
        let years = self.years;
        let same = self.last[..self.known].iter().zip(picks).take_while(|(a, b)| a == b).count();
        self.known = picks.len();
        for j in same..picks.len() {
            let (before, after) = self.after.split_at_mut(j + 1);
            match picks[j] {
                None => after[0].copy_from_slice(&before[j]),
                Some(r) => {
                    let given = &self.given[j][r * years..(r + 1) * years];
                    for ((after, before), given) in after[0].iter_mut().zip(&before[j]).zip(given) {
                        *after = before.less(given);
                    }
                }
            }
            self.last[j] = picks[j];
        }
    }

    /// Calls `each` with every year's net pupils under a combination: one pick for each choice of the slot. Combinations
    /// that begin like the one before cost only what differs.
    #[inline(always)]
    pub(super) fn each_year(&mut self, picks: &[Pick], mut each: impl FnMut(usize, &Block<L::Net>)) {
        let years = self.years;
        self.take(picks);
        let plain = &self.after[picks.len()];
        debug_assert_eq!(self.net.len(), plain.len());
        for t in 0..years {
            let mut net = plain[t];
            for part in &self.clamped {
                let mut places = part.fixed[t];
                for (j, given) in &part.given {
                    if let Some(r) = picks[*j] {
                        places = places.plus(&given[r * years + t]);
                    }
                }
                net = net.less(&places.positive());
            }
            each(t, &net);
        }
    }
}

/// Adds what a project gives in a tile, by round and year.
#[inline(always)]
fn add_given<L: Lane>(problem: &Problem, here: &MemberHere<'_, L>, tile: usize, given: &mut [Block<L::Net>]) {
    let (years, member) = (problem.years, here.member);
    let first = tile * LANES;
    let draws = first..problem.draws.min(first + LANES);
    for (r, drawn) in member.openings.iter().enumerate() {
        let mut opens = [years as u8; LANES];
        opens[..draws.len()].copy_from_slice(&drawn[draws.clone()]);
        for t in 0..years {
            let given = &mut given[r * years + t];
            if let Some(lasting) = &here.lasting {
                let places = lasting[t];
                for (given, &opens) in given.0.iter_mut().zip(&opens) {
                    let open = if opens <= t as u8 { places } else { L::Net::default() };
                    *given = given.plus(open);
                }
                continue;
            }
            for (given, &opens) in given.0.iter_mut().zip(&opens) {
                *given = given.plus(L::Net::of(i64::from(member.change[usize::from(opens)][t])));
            }
        }
    }
}
