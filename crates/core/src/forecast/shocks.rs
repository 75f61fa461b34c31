//! Shocks: what makes one future differ from another.
//!
//! x\[u,g,t\] is the logarithm of what comes in a draw over what is forecast, for unit u (zone, area, school), grade g, year t:
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

#![expect(clippy::needless_range_loop, reason = "a loop over lanes reads several blocks")]

use super::{
    normals::{Block, Key, Numbers, add, exp, plus, scaled, times},
    uncertainty::Uncertainty,
};
use crate::{
    demand::AssumedFrom,
    geography::{Frame, Intake},
    grid::{Cells, Grid, Shape},
    index::{ChainGrade, ComingYear, HeadId, Table, UnitId, YearOffset},
    isa::{Isa, Work},
};

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
    /// Its head, if it has one.
    pub(super) head: Option<HeadId>,
    pub(super) tails: bool,
    /// Error of the tendency, once a draw.
    pub(super) tendency: f32,
    /// Yearly shock of its ratios.
    pub(super) year: f32,
    /// Yearly step of its entry.
    pub(super) entry_walk: f32,
    /// Part of that walk which is left a year later.
    pub(super) entry_kept: f32,
    /// First year of entry beyond the counted children, by the grade entered; `None`: never.
    pub(super) assumed_from: Table<ChainGrade, Option<ComingYear>>,
    /// The grade that a grade is fed by; `None` where its pupils enter.
    pub(super) below: Table<ChainGrade, Option<ChainGrade>>,
    /// Standard deviation of the cell's own noise.
    pub(super) cell: Grid<ComingYear, ChainGrade, f32>,
    /// Scales; empty: 1.
    pub(super) scale: Grid<ComingYear, ChainGrade, CellScale>,
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

    #[inline(always)]
    fn of(self, x: f32) -> f32 {
        let x = self.scale * x;
        // past the start of the tail only: written without a branch, so that a loop over draws is vectors
        x + (x - self.from).max(0.0) * (self.by - 1.0)
    }
}

const NO_SCALE: CellScale = CellScale { common: 1.0, unit: Stretch::NONE, cell: Stretch::NONE };

/// The shocks of a scenario or of a calibration, ready to be drawn. Those of a scenario with stated sizes take all grades of
/// the frame for one chain.
#[derive(Debug, Clone)]
pub struct ShockModel {
    pub(super) cells: Shape<ComingYear, ChainGrade>,
    pub(super) heads: Table<HeadId, Head>,
    pub(super) units: Table<UnitId, Unit>,
}

/// The common parts of a block of draws.
#[derive(Debug)]
pub(super) struct HeadBlock<const L: usize> {
    /// For units whose grades are fed as those of the block were asked for.
    x: Grid<ComingYear, ChainGrade, Block<L>>,
    /// What x gains on the step of that year.
    gain: Grid<ComingYear, ChainGrade, Block<L>>,
    /// Entry beyond the counted children, added up from each year: the walk itself.
    assumed: Table<ComingYear, Block<L>>,
}

impl ShockModel {
    /// The shocks of a frame with stated sizes; `central` are the unrounded pupils of the path without shocks.
    pub fn new(
        frame: &Frame,
        sizes: &Uncertainty,
        central: &[Cells<f64>],
        assumed_from: &AssumedFrom,
    ) -> Self {
        let below: Table<ChainGrade, Option<ChainGrade>> = frame
            .grades()
            .map(|g| {
                let (p, position) = frame.stage_of(g);
                match &frame.stages[p].intake {
                    _ if position > 0 => Some(ChainGrade::new(g.index() - 1)),
                    Intake::Stages(from) => {
                        from.first().map(|&q| ChainGrade::new(frame.last_grade(q).index()))
                    }
                    Intake::Pools { .. } => None,
                }
            })
            .collect();
        let cells = Shape::new(central.len() - 1, frame.grade_count());
        let sd = |g: ChainGrade, pupils: f64| {
            let n = pupils.max(1.0);
            let variance = if below[g].is_none() {
                sizes.entry_cohort / n + sizes.entry_noise * sizes.entry_noise
            } else {
                sizes.cohort / n
            };
            variance.sqrt() as f32
        };
        Self {
            cells,
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
                .pairs()
                .map(|(z, zone)| Unit {
                    key: Key::new("zone", &zone.id),
                    head: Some(HeadId::new(frame.district_of(z).index())),
                    tails: false,
                    tendency: 0.0,
                    year: sizes.zone_year as f32,
                    entry_walk: sizes.entry_zone_walk as f32,
                    entry_kept: 1.0,
                    assumed_from: frame
                        .grades()
                        .map(|g| assumed_from[(z, frame.stage_of(g).0)].map(YearOffset::coming))
                        .collect(),
                    below: below.clone(),
                    cell: Grid::from_fn(cells, |t, g| sd(g, central[t.offset().index()].row(z)[g.index()])),
                    scale: Grid::default(),
                })
                .collect(),
        }
    }

    /// The same with shocks whose sizes were learnt, `by` times as large.
    pub(super) fn widen(&mut self, by: f32) {
        for at in self.units.iter_mut().flat_map(|unit| unit.scale.iter_mut()) {
            at.common *= by;
            for own in [&mut at.unit, &mut at.cell] {
                own.scale *= by;
                own.from *= by;
            }
        }
    }

    /// The steps of draws `w..w + L`, to be asked for year by year.
    #[inline(always)]
    pub(super) fn steps<const L: usize>(&self, seed: u64, w: u64) -> Steps<'_, L> {
        Steps {
            model: self,
            heads: self.heads.ids().map(|c| self.head_block(c, seed, w)).collect(),
            units: self.units.iter().map(|unit| UnitSteps::new(unit, unit.key.numbers(seed, w))).collect(),
            noise: self.noise(),
        }
    }

    /// Room for the numbers of a unit in a year: of its ratios, of its entry, and of each grade.
    pub(super) fn noise<const L: usize>(&self) -> Vec<Block<L>> {
        vec![[0.0; L]; 2 + self.cells.columns().len()]
    }

    /// The common parts of draws `w..w + L` of head `c`.
    pub(super) fn head_block<const L: usize>(&self, c: HeadId, seed: u64, w: u64) -> HeadBlock<L> {
        Isa::best().run(MakeHead { model: self, c, seed, w })
    }

    /// x of unit `u` in draws `w..w + L`.
    pub(super) fn unit_block<const L: usize>(
        &self,
        u: UnitId,
        seed: u64,
        w: u64,
        head: Option<&HeadBlock<L>>,
        out: &mut Grid<ComingYear, ChainGrade, Block<L>>,
    ) {
        Isa::best().run(MakeUnit { model: self, u, seed, w, head, out });
    }
}

/// Makes the common parts of one head.
struct MakeHead<'m, const L: usize> {
    model: &'m ShockModel,
    c: HeadId,
    seed: u64,
    w: u64,
}

impl<const L: usize> Work for MakeHead<'_, L> {
    type Output = HeadBlock<L>;

    #[inline(always)]
    fn run(self) -> HeadBlock<L> {
        let Self { model, c, seed, w } = self;
        let head = &model.heads[c];
        let below = model.units.iter().find(|u| u.head == Some(c)).map_or(&[][..], |u| &u.below);
        let mut numbers = head.key.numbers::<L>(seed, w);
        let mut out = HeadBlock {
            x: Grid::filled(model.cells, [0.0; L]),
            gain: Grid::filled(model.cells, [0.0; L]),
            assumed: Table::default(),
        };
        let tail = if head.tails { numbers.tail() } else { [1.0; L] };
        let mut level = scaled(head.level, &numbers.normal());
        let mut walk = [0.0; L];
        let mut assumed = [0.0; L];
        let mut old = Table::<ChainGrade, _>::filled(model.cells.columns().len(), [0.0; L]);
        for t in model.cells.rows() {
            add(&mut level, &scaled(head.drift, &numbers.normal()));
            let mut year = scaled(head.year, &numbers.normal());
            add(&mut year, &level);
            add(&mut walk, &scaled(head.entry_walk, &numbers.normal()));
            let mut entry = scaled(head.entry_year, &numbers.normal());
            add(&mut entry, &walk);
            add(&mut assumed, &scaled(head.assumed_walk, &numbers.normal()));
            let mut new = old.clone();
            for (g, below) in model.cells.columns().zip(below) {
                let mut gain = scaled(head.grade, &numbers.normal());
                if let Some(below) = below {
                    add(&mut gain, &year);
                    new[g] = plus(&old[*below], &gain);
                } else {
                    gain = entry;
                    new[g] = entry;
                }
                out.gain[(t, g)] = times(&gain, &tail);
            }
            for (out, x) in out.x.row_mut(t).iter_mut().zip(&new) {
                *out = times(x, &tail);
            }
            out.assumed.push(times(&assumed, &tail));
            old = new;
        }
        out
    }
}

/// What x gains in a block of draws, year by year: with stated sizes, which have neither tails nor scales.
#[derive(Debug)]
pub(super) struct Steps<'m, const L: usize> {
    model: &'m ShockModel,
    heads: Table<HeadId, HeadBlock<L>>,
    units: Table<UnitId, UnitSteps<L>>,
    noise: Vec<Block<L>>,
}

/// Where the numbers of a unit stand.
#[derive(Debug)]
struct UnitSteps<const L: usize> {
    numbers: Numbers<L>,
    tendency: Block<L>,
    walk: Block<L>,
}

impl<const L: usize> UnitSteps<L> {
    #[inline(always)]
    fn new(unit: &Unit, mut numbers: Numbers<L>) -> Self {
        let tendency = scaled(unit.tendency, &numbers.normal());
        Self { numbers, tendency, walk: [0.0; L] }
    }

    /// The year after the last: the shock of its ratios, and the noise of each grade, which lies in `noise`. The level of
    /// its entry is then `walk`.
    #[inline(always)]
    fn year<'n>(&mut self, unit: &Unit, noise: &'n mut [Block<L>]) -> (Block<L>, &'n [Block<L>]) {
        self.numbers.normals(noise);
        let mut year = scaled(unit.year, &noise[0]);
        add(&mut year, &self.tendency);
        let step = scaled(unit.entry_walk, &noise[1]);
        for lane in 0..L {
            self.walk[lane] = unit.entry_kept * self.walk[lane] + step[lane];
        }
        (year, &noise[2..])
    }
}

impl<const L: usize> Steps<'_, L> {
    /// Factors on the steps of unit `u` in year `t`, by grade. Years are asked for in order, each unit once.
    #[inline(always)]
    pub(super) fn factors(&mut self, t: ComingYear, u: UnitId, out: &mut [Block<L>]) {
        let (unit, steps) = (&self.model.units[u], &mut self.units[u]);
        let (year, noise) = steps.year(unit, &mut self.noise);
        for (g, out) in self.model.cells.columns().zip(out.iter_mut()) {
            let own = if unit.below[g].is_some() { &year } else { &steps.walk };
            let mut gain = plus(own, &scaled(unit.cell[(t, g)], &noise[g.index()]));
            if let Some(head) = unit.head.map(|c| &self.heads[c]) {
                add(&mut gain, &head.gain[(t, g)]);
                // a cohort keeps what it came with: only those who enter gain
                if let (Some(from), None) = (unit.assumed_from[g], unit.below[g]) {
                    head.add_assumed(t, from, &mut gain);
                }
            }
            *out = gain;
        }
        exp(out);
    }
}

impl<const L: usize> HeadBlock<L> {
    /// Adds to cohorts that enter in year `t` the walk beyond the counted children, which begins in year `from`.
    #[inline(always)]
    fn add_assumed(&self, t: ComingYear, from: ComingYear, to: &mut Block<L>) {
        if t < from {
            return;
        }
        add(to, &self.assumed[t]);
        if let Some(before) = from.before() {
            for lane in 0..L {
                to[lane] -= self.assumed[before][lane];
            }
        }
    }
}

/// x of one unit in a block of draws, year by year.
#[derive(Debug)]
pub(super) struct Level<const L: usize> {
    steps: UnitSteps<L>,
    tail: Block<L>,
    /// Unit and cell parts by grade, of the year and of the one before.
    own: [Table<ChainGrade, Block<L>>; 2],
    cell: [Table<ChainGrade, Block<L>>; 2],
}

impl<const L: usize> Level<L> {
    /// Of unit `u` in draws `w..w + L`.
    #[inline(always)]
    pub(super) fn new(model: &ShockModel, u: UnitId, seed: u64, w: u64) -> Self {
        let unit = &model.units[u];
        let mut numbers = unit.key.numbers(seed, w);
        let tail = if unit.tails { numbers.tail() } else { [1.0; L] };
        let grades = model.cells.columns().len();
        let zero = || [Table::filled(grades, [0.0; L]), Table::filled(grades, [0.0; L])];
        Self { steps: UnitSteps::new(unit, numbers), tail, own: zero(), cell: zero() }
    }

    /// x in year `t`, by grade, into `out`; `noise` is room for the numbers of a year. Years are asked for in order.
    #[inline(always)]
    pub(super) fn year(
        &mut self,
        model: &ShockModel,
        u: UnitId,
        t: ComingYear,
        head: Option<&HeadBlock<L>>,
        (noise, out): (&mut [Block<L>], &mut [Block<L>]),
    ) {
        let unit = &model.units[u];
        let (year, noise) = self.steps.year(unit, noise);
        let ([own, own_before], [cell, cell_before]) = (&mut self.own, &mut self.cell);
        std::mem::swap(own, own_before);
        std::mem::swap(cell, cell_before);
        for (g, out) in model.cells.columns().zip(out.iter_mut()) {
            let noise = scaled(unit.cell[(t, g)], &noise[g.index()]);
            if let Some(below) = unit.below[g] {
                own[g] = plus(&own_before[below], &year);
                cell[g] = plus(&cell_before[below], &noise);
            } else {
                own[g] = self.steps.walk;
                cell[g] = noise;
            }
            let scale = unit.scale.get(t, g).unwrap_or(&NO_SCALE);
            for lane in 0..L {
                let tail = self.tail[lane];
                out[lane] = scale.unit.of(tail * own[g][lane]) + scale.cell.of(tail * cell[g][lane]);
            }
            if let Some(head) = head {
                add(out, &scaled(scale.common, &head.x[(t, g)]));
                assume(unit, head, t, g, out);
            }
        }
    }
}

/// Adds to the cohort of grade `g` in year `t`, if it entered since entry is assumed, the walk beyond the counted
/// children as it was when the cohort entered.
#[inline(always)]
fn assume<const L: usize>(
    unit: &Unit,
    head: &HeadBlock<L>,
    t: ComingYear,
    g: ChainGrade,
    out: &mut Block<L>,
) {
    // follow the cohort back to where it entered
    let (mut entered, mut grade) = (t, g);
    while let (Some(below), Some(before)) = (unit.below[grade], entered.before()) {
        (entered, grade) = (before, below);
    }
    if let (Some(from), None) = (unit.assumed_from[grade], unit.below[grade]) {
        head.add_assumed(entered, from, out);
    }
}

/// Makes x of one unit.
struct MakeUnit<'m, const L: usize> {
    model: &'m ShockModel,
    u: UnitId,
    seed: u64,
    w: u64,
    head: Option<&'m HeadBlock<L>>,
    out: &'m mut Grid<ComingYear, ChainGrade, Block<L>>,
}

impl<const L: usize> Work for MakeUnit<'_, L> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, u, seed, w, head, out } = self;
        let mut level = Level::new(model, u, seed, w);
        let mut noise = model.noise();
        for t in model.cells.rows() {
            level.year(model, u, t, head, (&mut noise, out.row_mut(t)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells() -> Shape<ComingYear, ChainGrade> {
        Shape::new(5, 3)
    }

    /// A head and two units of three grades, entered in the first; entry is assumed from year 3 on.
    fn model() -> ShockModel {
        let unit = |id: &str| Unit {
            key: Key::new("zone", id),
            head: Some(HeadId::new(0)),
            tails: false,
            tendency: 0.02,
            year: 0.03,
            entry_walk: 0.05,
            entry_kept: 0.9,
            assumed_from: Table::filled(3, Some(ComingYear::new(2))),
            below: [None, Some(ChainGrade::new(0)), Some(ChainGrade::new(1))].into(),
            cell: Grid::from_vec(cells(), (0..15_u8).map(|n| 0.01 * f32::from(n)).collect()),
            scale: Grid::default(),
        };
        let head = Head {
            key: Key::new("district", "d"),
            tails: false,
            year: 0.02,
            grade: 0.01,
            level: 0.03,
            drift: 0.01,
            entry_walk: 0.04,
            entry_year: 0.02,
            assumed_walk: 0.06,
        };
        ShockModel { cells: cells(), heads: [head].into(), units: [unit("a"), unit("b")].into() }
    }

    #[test]
    fn the_steps_are_what_the_level_gains() {
        let model = model();
        let mut steps = model.steps::<8>(1, 24);
        let head = model.head_block::<8>(HeadId::new(0), 1, 24);
        let mut levels = Table::<UnitId, _>::filled(2, Grid::filled(cells(), [0.0; 8]));
        for (u, level) in model.units.ids().zip(levels.iter_mut()) {
            model.unit_block(u, 1, 24, Some(&head), level);
        }
        let mut factors = [[0.0; 8]; 3];
        for t in cells().rows() {
            for (u, level) in levels.pairs() {
                steps.factors(t, u, &mut factors);
                for (g, factors) in cells().columns().zip(&factors) {
                    for (lane, factor) in factors.iter().enumerate() {
                        let before = match t.before() {
                            Some(before) if g > ChainGrade::ENTRY => level[(before, g.minus(1))][lane],
                            _ => 0.0,
                        };
                        let gained = f64::from(level[(t, g)][lane] - before);
                        let off = libm::log(f64::from(*factor)) - gained;
                        assert!(off.abs() < 2e-6, "{t:?} {u:?} {g:?} {lane}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_unit_more_does_not_shift_the_numbers_of_another() {
        let (all, mut first) = (model(), model());
        first.units = [first.units[UnitId::new(1)].clone()].into();
        let (mut of_all, mut of_first) = (all.steps::<4>(1, 0), first.steps::<4>(1, 0));
        let (mut left, mut right) = ([[0.0; 4]; 3], [[0.0; 4]; 3]);
        for t in cells().rows() {
            of_all.factors(t, UnitId::new(1), &mut left);
            of_first.factors(t, UnitId::new(0), &mut right);
            assert_eq!(left, right);
        }
    }

    #[test]
    fn what_entry_is_assumed_adds_stays_with_the_cohort() {
        let with = model();
        let mut without = model();
        without.heads[HeadId::new(0)].assumed_walk = 0.0;
        let level = |model: &ShockModel| {
            let mut out = Grid::filled(cells(), [0.0; 4]);
            let head = model.head_block(HeadId::new(0), 1, 0);
            model.unit_block(UnitId::new(0), 1, 0, Some(&head), &mut out);
            out
        };
        let (with, without) = (level(&with), level(&without));
        let added = |t: usize, g: usize| {
            let at = (ComingYear::new(t), ChainGrade::new(g));
            with[at][0] - without[at][0]
        };
        // nothing before year 3, in any grade
        assert!((0..2).all(|t| (0..3).all(|g| added(t, g) == 0.0)));
        assert!(added(2, 0) != 0.0);
        assert!((added(3, 1) - added(2, 0)).abs() < 1e-6 && (added(4, 2) - added(2, 0)).abs() < 1e-6);
        assert_eq!((added(3, 2), added(2, 1)), (0.0, 0.0));
    }
}
