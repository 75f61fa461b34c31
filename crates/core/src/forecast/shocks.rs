//! Shocks: what makes one future differ from another.
//!
//! x\[u,g,t\] is the logarithm of what comes in a draw over what is foretold, for unit u (zone, area, school), grade g, year t:
//!
//! ```text
//! x     = k_c common + k_u unit + k_e cell
//! cohorts that go up       common += year + grade + level + drift      unit += year + tendency      cell += N(0, sd^2)
//! cohorts that enter       common  = walk + year (+ births assumed)    unit  = walk                 cell  = N(0, sd^2)
//! ```
//!
//! | symbol | meaning |
//! |---|---|
//! | common | shocks that hit all units under one head, so that a district is as uncertain as it really is |
//! | k | scales by lead and kind of cohort, 1 unless they were learnt |
//! | tails | unit and common parts times sqrt(5 / chi-square) of the draw, where sizes were learnt: Student's t |
//!
//! A cohort keeps its x as it goes up; a walk adds up over the years. With stated sizes the factor on a step of the cohort
//! model is exp of what x gains in that step. Draw w of a seed is the same whichever other draws are made.

use super::{
    normals::{Block, Key, LANES, exp},
    uncertainty::Uncertainty,
};
use crate::{geography::Intake, scenario::Scenario};

/// What units under one head share.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) key: Key,
    /// Whether its shocks have Student's tails.
    pub(super) tails: bool,
    /// Yearly shock of all ratios.
    pub(super) year: f32,
    /// Yearly shock of the ratios into one grade.
    pub(super) grade: f32,
    /// Error of the level, once a draw.
    pub(super) level: f32,
    /// Yearly step of the level.
    pub(super) drift: f32,
    /// Yearly step of entry.
    pub(super) entry_walk: f32,
    /// Yearly shock of entry.
    pub(super) entry_year: f32,
    /// Yearly step of entry beyond the counted children.
    pub(super) assumed_walk: f32,
}

/// One unit.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub(super) key: Key,
    /// Index of its head, if it has one.
    pub(super) head: Option<usize>,
    pub(super) tails: bool,
    /// Error of the tendency, once a draw.
    pub(super) tendency: f32,
    /// Yearly shock of its ratios.
    pub(super) year: f32,
    /// Yearly step of its entry.
    pub(super) entry_walk: f32,
    /// Part of that walk which is left a year later.
    pub(super) entry_kept: f32,
    /// First year (from 1) of entry beyond the counted children, by the grade entered; empty: none is.
    pub(super) assumed_from: Vec<Option<usize>>,
    /// The grade that a grade is fed by; `None` where its pupils enter.
    pub(super) below: Vec<Option<usize>>,
    /// Standard deviation of the cell's own noise, by year (from 1) and grade.
    pub(super) cell: Vec<f32>,
    /// Scales by year and grade; empty: 1.
    pub(super) scale: Vec<CellScale>,
}

/// Scales of one cell, and where its upper tails begin.
#[derive(Debug, Clone, Copy)]
pub(super) struct CellScale {
    pub(super) common: f32,
    pub(super) unit: Stretch,
    pub(super) cell: Stretch,
}

/// A scale whose upper tail is longer by a factor from some value on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) scale: f32,
    pub(super) from: f32,
    pub(super) by: f32,
}

impl Stretch {
    const NONE: Self = Self { scale: 1.0, from: f32::INFINITY, by: 1.0 };

    fn of(self, x: f32) -> f32 {
        let x = self.scale * x;
        // past the start of the tail only: written without a branch, so that a loop over draws is vectors
        x + (x - self.from).max(0.0) * (self.by - 1.0)
    }
}

const NO_SCALE: CellScale = CellScale { common: 1.0, unit: Stretch::NONE, cell: Stretch::NONE };

/// The shocks of a scenario or of a calibration, ready to be drawn.
#[derive(Debug, Clone)]
pub struct ShockModel {
    pub(super) years: usize,
    pub(super) grades: usize,
    pub(super) heads: Vec<Head>,
    pub(super) units: Vec<Unit>,
}

/// The common parts of a block of draws.
pub(super) struct HeadBlock<const L: usize> {
    /// By year (from 1) and grade, for units whose grades are fed as those of the block were asked for.
    x: Vec<Block<L>>,
    /// Entry beyond the counted children, added up from each year: the walk itself by year.
    assumed: Vec<Block<L>>,
}

impl ShockModel {
    /// The shocks of `scenario` with stated sizes; `central` are the unrounded pupils of the path without shocks.
    pub fn new(scenario: &Scenario, central: &[Vec<f64>], assumed_from: &[Option<usize>]) -> Self {
        let frame = &scenario.frame;
        let sizes: Uncertainty = scenario.uncertainty.unwrap_or_default();
        let grades = frame.grade_count();
        let below: Vec<Option<usize>> = (0..grades)
            .map(|g| {
                let (p, position) = frame.stage_of(g);
                match &frame.stages[p].intake {
                    _ if position > 0 => Some(g - 1),
                    Intake::Stages(from) => from.first().map(|&q| frame.grades_of(q).end - 1),
                    Intake::Pools { .. } => None,
                }
            })
            .collect();
        let sd = |g: usize, pupils: f64| {
            let n = pupils.max(1.0);
            let variance = if below[g].is_none() {
                sizes.entry_cohort / n + sizes.entry_noise * sizes.entry_noise
            } else {
                sizes.cohort / n
            };
            variance.sqrt() as f32
        };
        Self {
            years: central.len() - 1,
            grades,
            heads: frame
                .districts
                .iter()
                .map(|d| Head {
                    key: Key::new("district", &d.id),
                    tails: false,
                    year: sizes.district_year as f32,
                    grade: 0.0,
                    level: 0.0,
                    drift: 0.0,
                    entry_walk: sizes.entry_district_walk as f32,
                    entry_year: sizes.entry_district_year as f32,
                    assumed_walk: sizes.births_assumed_walk as f32,
                })
                .collect(),
            units: frame
                .zones
                .iter()
                .enumerate()
                .map(|(z, zone)| Unit {
                    key: Key::new("zone", &zone.id),
                    head: Some(frame.district_of(z)),
                    tails: false,
                    tendency: 0.0,
                    year: sizes.zone_year as f32,
                    entry_walk: sizes.entry_zone_walk as f32,
                    entry_kept: 1.0,
                    assumed_from: (0..grades)
                        .map(|g| assumed_from[z * frame.stages.len() + frame.stage_of(g).0])
                        .collect(),
                    below: below.clone(),
                    cell: central[1..]
                        .iter()
                        .flat_map(|row| (0..grades).map(move |g| row[z * grades + g]).enumerate())
                        .map(|(g, n)| sd(g, n))
                        .collect(),
                    scale: Vec::new(),
                })
                .collect(),
        }
    }

    /// Factors on the steps of draws `w..w + L`, by year (from 1), unit-major cell and draw.
    pub(super) fn factors<const L: usize>(&self, seed: u64, w: u64) -> Vec<Vec<Block<L>>> {
        const { assert!(L <= LANES) };
        let heads: Vec<HeadBlock<L>> = (0..self.heads.len()).map(|c| self.head_block(c, seed, w)).collect();
        let mut factors = vec![vec![[1.0; L]; self.units.len() * self.grades]; self.years];
        let mut x = vec![[0.0; L]; self.years * self.grades];
        for (u, unit) in self.units.iter().enumerate() {
            self.unit_block(u, seed, w, unit.head.map(|c| &heads[c]), &mut x);
            for (t, row) in factors.iter_mut().enumerate() {
                for (g, below) in unit.below.iter().enumerate() {
                    let now = x[t * self.grades + g];
                    // a cohort of the base year has no shock behind it
                    let gained = match below {
                        Some(below) if t > 0 => {
                            let before = x[(t - 1) * self.grades + below];
                            std::array::from_fn(|lane| now[lane] - before[lane])
                        }
                        _ => now,
                    };
                    row[u * self.grades + g] = exp(gained);
                }
            }
        }
        factors
    }

    /// The common parts of draws `w..w + L` of head `c`.
    pub(super) fn head_block<const L: usize>(&self, c: usize, seed: u64, w: u64) -> HeadBlock<L> {
        let head = &self.heads[c];
        let below = &self.units.iter().find(|u| u.head == Some(c)).map_or(&[][..], |u| &u.below);
        let mut numbers = head.key.numbers(seed, w);
        let mut out = HeadBlock {
            x: Vec::with_capacity(self.years * self.grades),
            assumed: Vec::with_capacity(self.years),
        };
        let tail = if head.tails { numbers.tail::<L>() } else { [1.0; L] };
        let mut level = scaled(head.level, numbers.normal::<L>());
        let mut walk = [0.0; L];
        let mut assumed = [0.0; L];
        let mut old = vec![[0.0; L]; self.grades];
        for _ in 0..self.years {
            add(&mut level, scaled(head.drift, numbers.normal::<L>()));
            let year = scaled(head.year, numbers.normal::<L>());
            add(&mut walk, scaled(head.entry_walk, numbers.normal::<L>()));
            let entry = scaled(head.entry_year, numbers.normal::<L>());
            add(&mut assumed, scaled(head.assumed_walk, numbers.normal::<L>()));
            let mut new = old.clone();
            for (g, below) in below.iter().enumerate() {
                let grade = numbers.normal::<L>();
                for lane in 0..L {
                    new[g][lane] = match below {
                        Some(below) => {
                            old[*below][lane] + year[lane] + level[lane] + head.grade * grade[lane]
                        }
                        None => walk[lane] + entry[lane],
                    };
                }
            }
            out.x.extend(new.iter().map(|x| times(*x, tail)));
            out.assumed.push(times(assumed, tail));
            old = new;
        }
        out
    }

    /// x of unit `u` in draws `w..w + L`, by year (from 1) and grade.
    pub(super) fn unit_block<const L: usize>(
        &self,
        u: usize,
        seed: u64,
        w: u64,
        head: Option<&HeadBlock<L>>,
        out: &mut [Block<L>],
    ) {
        let unit = &self.units[u];
        let grades = self.grades;
        let mut numbers = unit.key.numbers(seed, w);
        let tail = if unit.tails { numbers.tail::<L>() } else { [1.0; L] };
        let tendency = scaled(unit.tendency, numbers.normal::<L>());
        let mut walk = [0.0; L];
        let (mut own_old, mut cell_old) = (vec![[0.0; L]; grades], vec![[0.0; L]; grades]);
        let (mut own, mut cell) = (own_old.clone(), own_old.clone());
        for t in 0..self.years {
            let mut year = scaled(unit.year, numbers.normal::<L>());
            add(&mut year, tendency);
            walk = scaled(unit.entry_kept, walk);
            add(&mut walk, scaled(unit.entry_walk, numbers.normal::<L>()));
            for g in 0..grades {
                let noise = scaled(unit.cell[t * grades + g], numbers.normal::<L>());
                if let Some(below) = unit.below[g] {
                    own[g] = plus(own_old[below], year);
                    cell[g] = plus(cell_old[below], noise);
                } else {
                    own[g] = walk;
                    cell[g] = noise;
                }
                let scale = unit.scale.get(t * grades + g).unwrap_or(&NO_SCALE);
                out[t * grades + g] = std::array::from_fn(|lane| {
                    scale.unit.of(tail[lane] * own[g][lane]) + scale.cell.of(tail[lane] * cell[g][lane])
                });
                if let Some(head) = head {
                    add(&mut out[t * grades + g], scaled(scale.common, head.x[t * grades + g]));
                }
            }
            if let (Some(head), true) = (head, unit.assumed_from.iter().any(Option::is_some)) {
                self.assume(unit, head, t, out);
            }
            std::mem::swap(&mut own, &mut own_old);
            std::mem::swap(&mut cell, &mut cell_old);
        }
    }

    /// Adds to the cohorts that enter in year `t + 1`, or entered since entry is assumed, the walk beyond the counted
    /// children.
    fn assume<const L: usize>(&self, unit: &Unit, head: &HeadBlock<L>, t: usize, out: &mut [Block<L>]) {
        for g in 0..self.grades {
            // follow the cohort back to where it entered
            let (mut year, mut grade) = (t + 1, g);
            while let (Some(below), true) = (unit.below[grade], year > 1) {
                (year, grade) = (year - 1, below);
            }
            let Some(from) = unit.assumed_from[grade] else { continue };
            if unit.below[grade].is_none() && year >= from {
                let before = if from >= 2 { head.assumed[from - 2] } else { [0.0; L] };
                for lane in 0..L {
                    out[t * self.grades + g][lane] += head.assumed[year - 1][lane] - before[lane];
                }
            }
        }
    }
}

fn scaled<const L: usize>(sd: f32, z: Block<L>) -> Block<L> {
    z.map(|z| sd * z)
}

fn times<const L: usize>(a: Block<L>, b: Block<L>) -> Block<L> {
    std::array::from_fn(|lane| a[lane] * b[lane])
}

fn plus<const L: usize>(a: Block<L>, b: Block<L>) -> Block<L> {
    std::array::from_fn(|lane| a[lane] + b[lane])
}

fn add<const L: usize>(to: &mut Block<L>, by: Block<L>) {
    *to = plus(*to, by);
}
