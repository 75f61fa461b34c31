//! The benchmark policy `margin`: 6-3-1 as an analyst writes it in a spreadsheet, to be compared in decisions a second.
//!
//! In the round of t, in each group and each draw, from forecasts F that were made once and serve every policy:
//!
//! ```text
//! plan     the next project of the group opens in t+3   if   m max(F[t+3..t+6]) > base[t] + seats[decided so far]
//! secure   prefab[t+1] = round(max(0, m F[t+1] - base[t+1] - seats[open in t+1]))            half to even
//! short    sum over groups and years of max(0, demand[t] - base[t] - seats[open in t] - prefab[t])
//! ```
//!
//! | symbol | meaning | unit |
//! |---|---|---|
//! | m | the margin: what distinguishes the policies | ratio |
//! | F\[t+h\] | cohorts seen in t moved up h years by mean ratios, entry = known births x entry ratio | pupils |
//! | seats\[k\] | places of the first k projects of a group, in the order of the table | places |
//!
//! It knows no gates, no delays, no probabilities: it is a yardstick of speed, not advice. The rule of the product is
//! [`seatcast_core::cycle::Rule`]. Source: `benches/policy/np_policy.py`, whose results it reproduces to the last pupil;
//! every step is the same operation on the same 32-bit numbers.
//!
//! What makes it fast: the largest forecast of t+3..t+6 does not depend on the policy and is taken once; a block of draws
//! goes through all years and all policies while it is in the nearest memory; the places decided are kept as such, so the
//! next project is found by comparisons and not by an index; all three are plain loops that compile to vectors
//! ([`Isa`]).

#![expect(
    clippy::inline_always,
    reason = "a kernel is compiled for each instruction set only where it is inlined"
)]

use std::ops::Range;

use seatcast_core::isa::{Isa, Work};

use crate::{Progress, RunError, in_parallel};

/// Draws in a block.
const LANES: usize = 64;
/// Years from a decision to the opening.
const LEAD: usize = 3;
/// Last year that is looked at.
const LOOK: usize = 6;
/// Whole numbers up to here are exact in 32-bit floating point.
const EXACT: f32 = 16_777_216.0;

type Block = [f32; LANES];

/// Rolls by year, zone, grade and draw, and how they are moved up.
#[derive(Debug, Clone, Copy)]
pub struct Cohorts<'a> {
    /// Years, zones, grades, draws.
    pub shape: [usize; 4],
    /// Pupils, draws innermost.
    pub rolls: &'a [f32],
    /// Births that enter in a year, by zone and year.
    pub births: &'a [f32],
    /// Entrants per birth, by zone.
    pub entry: &'a [f32],
    /// Pupils of a grade per pupil of the grade below a year before, by zone and grade; that of the first is not used.
    pub progression: &'a [f32],
    /// Grades of each stage.
    pub stages: &'a [Range<usize>],
}

/// The projects of one group, in the order in which they are decided.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Projects {
    /// Places of each.
    pub places: Vec<f32>,
    /// Cost of each.
    pub cost: Vec<f32>,
}

/// What comes of one policy: means over the draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MarginScore {
    /// Seat-years short.
    pub short: f64,
    /// Seat-years of prefab places.
    pub prefab: f64,
    /// Cost of the projects open in the last year.
    pub cost: f64,
}

/// Why a workload cannot be played.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MarginError {
    /// An array has not the length that the others ask for.
    #[error("{what} has {found} entries, {expected} are needed")]
    Length {
        /// The array.
        what: &'static str,
        /// Entries it has.
        found: usize,
        /// Entries it needs.
        expected: usize,
    },
    /// A project without places: which of them are decided could not be told from the places.
    #[error("a project of group {0} adds no places")]
    NoPlaces(usize),
    /// Sums of this size are not exact.
    #[error("a group of {0} pupils is too large to be added up exactly over the years")]
    TooLarge(f32),
    /// The run could not be done.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// Demand and forecasts of every group, year and draw: made once, played by any number of policies.
#[derive(Debug)]
pub struct MarginGround {
    years: usize,
    draws: usize,
    groups: Vec<GroupGround>,
    isa: Isa,
    threads: usize,
}

#[derive(Debug)]
struct GroupGround {
    /// Block by block, year by year.
    rows: Vec<Row>,
    base: Vec<f32>,
    /// Places of the first k projects, from none.
    seats: Vec<f32>,
    /// Cost of each project.
    cost: Vec<f64>,
    /// The largest demand or forecast.
    most: f32,
}

/// One year of a block of draws.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Row {
    demand: Block,
    /// The largest forecast of the years that a decision of this year can serve.
    peak: Block,
    /// The forecast of the next year.
    next: Block,
}

impl MarginGround {
    /// Forecasts from `cohorts` in every year. Groups are zones x stages, zone-major; `demand` is by group, year and draw,
    /// `base` places by group and year. `threads` 0 = as many as there are cores.
    ///
    /// # Errors
    /// [`MarginError`] if the arrays do not fit together or their sums would not be exact.
    pub fn new(
        cohorts: &Cohorts<'_>,
        demand: &[f32],
        base: &[f32],
        projects: &[Projects],
        isa: Isa,
        threads: usize,
    ) -> Result<Self, MarginError> {
        let [years, zones, grades, draws] = cohorts.shape;
        let stages = cohorts.stages.len();
        let groups = zones * stages;
        for (what, found, expected) in [
            ("rolls", cohorts.rolls.len(), years * zones * grades * draws),
            ("births", cohorts.births.len(), zones * years),
            ("entry", cohorts.entry.len(), zones),
            ("progression", cohorts.progression.len(), zones * grades),
            ("demand", demand.len(), groups * years * draws),
            ("base", base.len(), groups * years),
            ("projects", projects.len(), groups),
        ] {
            if found != expected {
                return Err(MarginError::Length { what, found, expected });
            }
        }
        if let Some(g) = projects.iter().position(|of| of.places.iter().any(|places| *places <= 0.0)) {
            return Err(MarginError::NoPlaces(g));
        }
        let looked = in_parallel(threads, zones as u64, &Progress::default(), |z| {
            isa.run(Look { cohorts, demand, z: z as usize })
        })?;
        let groups: Vec<GroupGround> = looked
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(g, rows)| {
                let of = &projects[g];
                let mut seats = vec![0.0];
                for places in &of.places {
                    seats.push(seats[seats.len() - 1] + places);
                }
                let cost = of.cost.iter().map(|money| f64::from(*money)).collect();
                let most = rows.iter().flat_map(|row| [&row.demand, &row.peak, &row.next]);
                let most = most.flatten().fold(0.0_f32, |most, x| most.max(*x));
                GroupGround { base: base[g * years..(g + 1) * years].to_vec(), seats, cost, most, rows }
            })
            .collect();
        Ok(Self { years, draws, groups, isa, threads })
    }

    /// Decisions of one policy: one for each group, round and draw.
    pub fn decisions(&self) -> usize {
        self.groups.len() * self.years * self.draws
    }

    /// Plays every policy of `margins`.
    ///
    /// # Errors
    /// [`MarginError::TooLarge`] if sums would not be exact, [`MarginError::Run`] if the threads cannot be started.
    pub fn play(&self, margins: &[f32]) -> Result<Vec<MarginScore>, MarginError> {
        let widest = margins.iter().fold(1.0_f32, |most, m| most.max(*m));
        let most = self.groups.iter().fold(0.0_f32, |most, group| most.max(group.most));
        if most * widest * self.years as f32 >= EXACT {
            return Err(MarginError::TooLarge(most));
        }
        let parts = in_parallel(self.threads, self.groups.len() as u64, &Progress::default(), |g| {
            self.isa.run(Play { group: &self.groups[g as usize], years: self.years, margins })
        })?;
        let draws = self.draws as f64;
        let sum = |i: usize, of: fn(&MarginScore) -> f64| {
            parts.iter().map(|part| of(&part[i])).sum::<f64>() / draws
        };
        Ok((0..margins.len())
            .map(|i| MarginScore {
                short: sum(i, |s| s.short),
                prefab: sum(i, |s| s.prefab),
                cost: sum(i, |s| s.cost),
            })
            .collect())
    }
}

/// The forecasts of one zone.
struct Look<'a> {
    cohorts: &'a Cohorts<'a>,
    demand: &'a [f32],
    z: usize,
}

impl Work for Look<'_> {
    /// By stage: rows of every block and year.
    type Output = Vec<Vec<Row>>;

    #[inline(always)]
    fn run(self) -> Self::Output {
        let Self { cohorts, demand, z } = self;
        let [years, zones, grades, draws] = cohorts.shape;
        let stages = cohorts.stages.len();
        let mut out: Vec<Vec<Row>> = vec![Vec::new(); stages];
        let mut now = vec![[0.0; LANES]; grades];
        let mut sums = vec![[0.0; LANES]; stages * LOOK];
        for first in (0..draws).step_by(LANES) {
            let count = LANES.min(draws - first);
            for t in 0..years {
                for (g, block) in now.iter_mut().enumerate() {
                    let at = ((t * zones + z) * grades + g) * draws + first;
                    block[..count].copy_from_slice(&cohorts.rolls[at..at + count]);
                    block[count..].fill(0.0);
                }
                for h in 1..=LOOK {
                    for g in (1..grades).rev() {
                        let ratio = cohorts.progression[z * grades + g];
                        let below = now[g - 1];
                        for (lane, pupils) in now[g].iter_mut().enumerate() {
                            *pupils = below[lane] * ratio;
                        }
                    }
                    let entrants = cohorts.births[z * years + (t + h).min(years - 1)] * cohorts.entry[z];
                    now[0][..count].fill(entrants);
                    for (p, of) in cohorts.stages.iter().enumerate() {
                        let sum = &mut sums[p * LOOK + h - 1];
                        *sum = now[of.start];
                        for block in &now[of.start + 1..of.end] {
                            for (sum, pupils) in sum.iter_mut().zip(block) {
                                *sum += pupils;
                            }
                        }
                    }
                }
                for (p, rows) in out.iter_mut().enumerate() {
                    let of = &sums[p * LOOK..(p + 1) * LOOK];
                    let mut row = Row { demand: [0.0; LANES], peak: of[LEAD - 1], next: of[0] };
                    for block in &of[LEAD..] {
                        for (peak, pupils) in row.peak.iter_mut().zip(block) {
                            *peak = peak.max(*pupils);
                        }
                    }
                    let at = ((z * stages + p) * years + t) * draws + first;
                    row.demand[..count].copy_from_slice(&demand[at..at + count]);
                    rows.push(row);
                }
            }
        }
        out
    }
}

/// All policies in one group: sums over its draws.
struct Play<'a> {
    group: &'a GroupGround,
    years: usize,
    margins: &'a [f32],
}

impl Work for Play<'_> {
    type Output = Vec<MarginScore>;

    #[inline(always)]
    fn run(self) -> Self::Output {
        let Self { group, years, margins } = self;
        let mut scores = vec![MarginScore { short: 0.0, prefab: 0.0, cost: 0.0 }; margins.len()];
        for rows in group.rows.chunks_exact(years) {
            for (score, &margin) in scores.iter_mut().zip(margins) {
                let played = block(group, rows, margin);
                score.short += played.short;
                score.prefab += played.prefab;
                score.cost += played.cost;
            }
        }
        scores
    }
}

/// One block of draws through all years under one margin.
#[inline(always)]
fn block(group: &GroupGround, rows: &[Row], margin: f32) -> MarginScore {
    let none = [0.0; LANES];
    // places of the projects decided so far, after each of the last rounds: what opens in t was decided three rounds before
    let mut decided = [none; LEAD];
    let (mut short, mut prefab, mut rented) = (none, none, none);
    let mut open = none;
    for (t, row) in rows.iter().enumerate() {
        let base = group.base[t];
        let at = t % LEAD;
        open = decided[at];
        let last = decided[(t + LEAD - 1) % LEAD];
        for lane in 0..LANES {
            let over = row.demand[lane] - (base + open[lane]) - prefab[lane];
            short[lane] += over.max(0.0);
        }
        // places rise with every project: the first pair not below what is decided is the next step
        let mut more = last;
        for pair in group.seats.windows(2).rev() {
            for lane in 0..LANES {
                more[lane] = if last[lane] <= pair[0] { pair[1] } else { more[lane] };
            }
        }
        let then = &mut decided[at];
        for lane in 0..LANES {
            let wanted = row.peak[lane] * margin > base + last[lane];
            then[lane] = if wanted { more[lane] } else { last[lane] };
        }
        if let Some(&next) = group.base.get(t + 1) {
            let soon = &decided[(t + 1) % LEAD];
            for lane in 0..LANES {
                let gap = row.next[lane] * margin - next - soon[lane];
                prefab[lane] = gap.max(0.0).round_ties_even();
                rented[lane] += prefab[lane];
            }
        }
    }
    let cost = group.seats[1..].iter().zip(&group.cost).map(|(seats, cost)| {
        let count = open.iter().filter(|places| *places >= seats).count();
        count as f64 * cost
    });
    let sum = |of: &Block| of.iter().map(|n| f64::from(*n)).sum();
    MarginScore { short: sum(&short), prefab: sum(&rented), cost: cost.sum() }
}
