//! The simple rules a forecast must beat.
//!
//! ```text
//! last value               N[i,g,T]
//! grade progression        N[i,g-1,T+h-1] p[i,g],   p = sum N[i,g,t] / sum N[i,g-1,t-1], t = T-2..T;  entry held
//! progression and births   the same, entry = births x (sum N[i,0,t] / sum births), t = T-2..T
//! last share (schools)     N[s,g,T] / N[i,g,T] x progression and births of the area
//! ```
//!
//! Ratios into the grades up to eight after the entry grade are kept in 0.5..1.6. Beyond the known births the last known
//! are held. A rule speaks only where the last four years were counted: the protocol of the shared reference tables, so that
//! every method in a table is scored on the same targets.

use crate::{
    forecast::history::History,
    grid::{Grid, Grid3, Shape},
    index::{ChainGrade, Ids, Lead, PastYear, Table, UnitId},
};

/// Years before the origin that a rule needs.
pub const YEARS: usize = 3;
/// Range of a progression ratio, and the grade up to which it is kept there.
const CLAMP: (f64, f64) = (0.5, 1.6);
const CLAMPED: usize = 8;

/// A simple rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The last roll.
    LastValue,
    /// Three-year grade progression, entry held.
    Progression,
    /// The same with births.
    ProgressionBirths,
    /// A school's last share of its area's progression with births.
    LastShare,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Rule; 4] = [Rule::LastValue, Rule::Progression, Rule::ProgressionBirths, Rule::LastShare];

    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Rule::LastValue => "last_value",
            Rule::Progression => "progression",
            Rule::ProgressionBirths => "progression_births",
            Rule::LastShare => "last_share",
        }
    }
}

/// The rules of every area at one origin.
#[derive(Debug, Clone)]
pub struct References {
    /// Whether the last years of an area were counted.
    speaks: Table<UnitId, bool>,
    last: Grid<UnitId, ChainGrade, f64>,
    progression: Grid3<UnitId, Lead, ChainGrade, f64>,
    births: Option<Grid3<UnitId, Lead, ChainGrade, f64>>,
}

impl References {
    /// The rules at the origin of `history`, up to lead `leads`.
    pub fn new(history: &History, leads: usize) -> Self {
        let (areas, grades) = (history.rolls.units(), history.rolls.grades().len());
        let origin = history.origin();
        let source = history.sources.iter().position(|s| s.lasting);
        let counted = |i| {
            let last = Ids::of(origin.index().saturating_sub(YEARS)..origin.index() + 1);
            origin.index() >= YEARS && last.clone().all(|t| history.rolls.any(i, t))
        };
        let shape = Shape::new(leads + 1, grades);
        let mut progressions = Grid3::filled(areas.len(), shape, f64::NAN);
        let mut with_births = source.map(|_| Grid3::filled(areas.len(), shape, f64::NAN));
        for i in areas.clone() {
            let born = |t: PastYear| source.map_or(f64::NAN, |k| births(history, k, i, t));
            let rolls = |t: PastYear, g: ChainGrade| history.rolls.get(i, t, g);
            progressions.grid_mut(i).copy_from_slice(&progression(&rolls, origin, shape, None));
            if let Some(births) = with_births.as_mut().filter(|_| born(origin.plus(1)).is_finite()) {
                births.grid_mut(i).copy_from_slice(&progression(&rolls, origin, shape, Some(&born)));
            }
        }
        Self {
            speaks: areas.clone().map(counted).collect(),
            last: Grid::from_fn(Shape::new(areas.len(), grades), |i, g| history.rolls.get(i, origin, g)),
            progression: progressions,
            births: with_births,
        }
    }

    fn leads(&self) -> usize {
        self.progression.shape().rows().len() - 1
    }

    /// What the rules say of the sum of `grades` of area `i` at lead `h`.
    pub fn area(&self, i: UnitId, h: Lead, grades: &Ids<ChainGrade>) -> [f64; 4] {
        if !self.speaks[i] || h.index() > self.leads() {
            return [f64::NAN; 4];
        }
        let sum = |of: &dyn Fn(ChainGrade) -> f64| grades.clone().map(of).sum::<f64>();
        [
            sum(&|g| self.last[(i, g)]),
            sum(&|g| self.progression[(i, h, g)]),
            self.births.as_ref().map_or(f64::NAN, |b| sum(&|g| b[(i, h, g)])),
            f64::NAN,
        ]
    }

    /// The best area rule for one grade: with births where they are known.
    fn best(&self, i: UnitId, h: Lead, g: ChainGrade) -> f64 {
        let [_, progression, births, _] = self.area(i, h, &Ids::one(g));
        if self.births.is_some() { births } else { progression }
    }
}

/// The rules of one school at one origin.
#[derive(Debug, Clone)]
pub struct SchoolReferences<'a> {
    area: UnitId,
    areas: &'a References,
    last: Table<ChainGrade, f64>,
    share: Table<ChainGrade, f64>,
    progression: Grid<Lead, ChainGrade, f64>,
    speaks: bool,
}

impl<'a> SchoolReferences<'a> {
    /// The rules of school `s` in area `i`.
    pub fn new(history: &History, areas: &'a References, i: UnitId, s: UnitId) -> Self {
        let (shape, origin) = (areas.progression.shape(), history.origin());
        let rolls = |t: PastYear, g: ChainGrade| {
            history.schools.as_ref().map_or(f64::NAN, |schools| schools.rolls.get(s, t, g))
        };
        let last: Table<ChainGrade, f64> = shape.columns().map(|g| rolls(origin, g)).collect();
        Self {
            area: i,
            areas,
            share: last.pairs().map(|(g, n)| n / history.rolls.get(i, origin, g)).collect(),
            last,
            progression: progression(&rolls, origin, shape, None),
            speaks: areas.speaks[i],
        }
    }

    /// What the rules say of the sum of `grades` at lead `h`; a grade a rule knows nothing of counts as empty.
    pub fn get(&self, h: Lead, grades: &Ids<ChainGrade>) -> [f64; 4] {
        if !self.speaks || h.index() > self.areas.leads() {
            return [f64::NAN; 4];
        }
        let sum =
            |of: &dyn Fn(ChainGrade) -> f64| grades.clone().map(of).filter(|n| n.is_finite()).sum::<f64>();
        [
            sum(&|g| self.last[g]),
            sum(&|g| self.progression[(h, g)]),
            f64::NAN,
            sum(&|g| self.share[g] * self.areas.best(self.area, h, g)),
        ]
    }
}

/// Children of a lasting source entering in year `t`; those last known where they are not known yet.
fn births(history: &History, k: usize, i: UnitId, t: PastYear) -> f64 {
    let source = &history.sources[k];
    let last = history.origin().plus(source.max_lead).min(source.entry_years().end().minus(1));
    source.get(i, t.min(last), Lead::NEXT)
}

/// Pupils by lead (0 = origin) and grade.
fn progression(
    rolls: &dyn Fn(PastYear, ChainGrade) -> f64,
    origin: PastYear,
    shape: Shape<Lead, ChainGrade>,
    births: Option<&dyn Fn(PastYear) -> f64>,
) -> Grid<Lead, ChainGrade, f64> {
    let years = Ids::of(origin.index().saturating_sub(YEARS - 1)..origin.index() + 1);
    let ratio: Table<ChainGrade, f64> = shape
        .columns()
        .map(|g| {
            if g == ChainGrade::ENTRY {
                return f64::NAN;
            }
            let (mut now, mut before) = (0.0, 0.0);
            for t in years.clone().filter(|t| *t > PastYear::new(0)) {
                let (n, m) = (rolls(t, g), rolls(t.minus(1), g.minus(1)));
                if n.is_finite() && m > 0.0 {
                    now += n;
                    before += m;
                }
            }
            let ratio = if before > 0.0 { now / before } else { f64::NAN };
            if g.index() <= CLAMPED { ratio.clamp(CLAMP.0, CLAMP.1) } else { ratio }
        })
        .collect();
    let per_birth = births.map(|births| {
        let (mut entrants, mut born) = (0.0, 0.0);
        for t in years.clone() {
            let (n, b) = (rolls(t, ChainGrade::ENTRY), births(t));
            if n.is_finite() && b.is_finite() {
                entrants += n;
                born += b;
            }
        }
        entrants / born
    });
    let mut out = Grid::from_fn(shape, |_, g| rolls(origin, g));
    let held = rolls(origin, ChainGrade::ENTRY);
    let mut last = f64::NAN;
    for h in shape.rows().skip(1) {
        out[(h, ChainGrade::ENTRY)] = match (births, per_birth) {
            (Some(births), Some(per_birth)) if per_birth.is_finite() => {
                let born = births(origin.after(h));
                if born.is_finite() {
                    last = born;
                }
                if last.is_finite() { per_birth * last } else { held }
            }
            _ => held,
        };
        for g in shape.columns().skip(1) {
            out[(h, g)] = out[(h.minus(1), g.minus(1))] * ratio[g];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_years_of_ratios_carry_a_cohort_up() {
        // grade 0: 100 each year; grade 1: 90, 80, 100 of them: ratio 270 / 300 = 0.9
        let counted = [[100.0, 0.0], [100.0, 90.0], [100.0, 80.0], [100.0, 100.0]];
        let rolls = |t: PastYear, g: ChainGrade| counted[t.index()][g.index()];
        let (origin, shape) = (PastYear::new(3), Shape::new(3, 2));
        let out = progression(&rolls, origin, shape, None);
        let near = |h: usize, [entry, next]: [f64; 2], out: &Grid<Lead, ChainGrade, f64>| {
            let row = out.row(Lead::new(h));
            (row[0] - entry).abs() < 1e-9 && (row[1] - next).abs() < 1e-9
        };
        assert!(near(1, [100.0, 90.0], &out), "{out:?}");
        // births 200, 200, 200, then 150: half of them enter
        let births = |t: PastYear| if t <= origin { 200.0 } else { 150.0 };
        let out = progression(&rolls, origin, shape, Some(&births));
        assert!(near(1, [75.0, 90.0], &out) && near(2, [75.0, 67.5], &out), "{out:?}");
    }
}
