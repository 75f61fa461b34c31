//! Districts whose true ratios are known, and whose future is as uncertain as the model says.

use seatcast::{
    forecast::{
        Stream,
        history::{History, Panel, Schools, Source},
    },
    index::{ChainGrade, Lead, PastYear, UnitId},
};

/// Area or school `i`.
pub(crate) fn unit(i: usize) -> UnitId {
    UnitId::new(i)
}

/// The year `t` years after the first.
pub(crate) fn past(t: usize) -> PastYear {
    PastYear::new(t)
}

/// The grade `g` years after entry.
pub(crate) fn grade(g: usize) -> ChainGrade {
    ChainGrade::new(g)
}

/// `h` years ahead.
pub(crate) fn lead(h: usize) -> Lead {
    Lead::new(h)
}

/// How a simulated district is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recipe {
    pub(crate) areas: usize,
    pub(crate) grades: usize,
    pub(crate) years: usize,
    /// Entrants of the smallest and the largest area.
    pub(crate) size: (f64, f64),
    /// Schools an area; 0: rolls by area alone.
    pub(crate) schools: usize,
    /// Whether births are known.
    pub(crate) births: bool,
    pub(crate) seed: u64,
}

impl Default for Recipe {
    fn default() -> Self {
        Self { areas: 24, grades: 9, years: 16, size: (60.0, 400.0), schools: 0, births: true, seed: 1 }
    }
}

/// Years from a birth to entry.
pub(crate) const LAG: usize = 6;

/// True log ratio of area `i` into grade `g`: a common one of the grade, a tendency of the area, a little of their own.
pub(crate) fn true_ratio(recipe: &Recipe, i: usize, g: usize) -> f64 {
    let mut area = Stream::new(recipe.seed, "tendency", &i.to_string(), 0);
    let mut own = Stream::new(recipe.seed, "own", &format!("{i}/{g}"), 0);
    let common = -0.004 + 0.003 * ((g % 3) as f64);
    common + 0.015 * area.normal() + 0.008 * own.normal()
}

/// A simulated history: cohorts move up by the true ratios, with a common and an area's shock a year and noise of
/// variance 0.24 / N; births wander slowly and a steady part of them enters.
pub(crate) fn simulate(recipe: &Recipe) -> History {
    let Recipe { areas, grades, years, .. } = *recipe;
    let warm = grades;
    let mut common = Stream::new(recipe.seed, "common", "", 0);
    let shocks: Vec<f64> = (0..years + warm).map(|_| 0.009 * common.normal()).collect();
    let mut births = vec![30_000.0];
    for _ in 1..years + warm + LAG {
        let next: f64 = births[births.len() - 1] * libm(0.02 * common.normal());
        births.push(next);
    }
    let mut rolls = Panel::unknown(areas, years, grades);
    for i in 0..areas {
        let mut stream = Stream::new(recipe.seed, "area", &i.to_string(), 0);
        let part = recipe.size.0 + (recipe.size.1 - recipe.size.0) * i as f64 / areas.max(2) as f64;
        let mut row = vec![part; grades];
        for t in 0..years + warm {
            let own = 0.012 * stream.normal();
            let mut next = vec![0.0; grades];
            next[0] = part * births[t] / 30_000.0 * libm(0.05 * stream.normal());
            for g in 1..grades {
                let noise = (0.24_f64 / row[g - 1].max(1.0)).sqrt() * stream.normal();
                next[g] = row[g - 1] * libm(true_ratio(recipe, i, g) + shocks[t] + own + noise);
            }
            row = next.iter().map(|n| n.round()).collect();
            if t >= warm {
                for (g, n) in row.iter().enumerate() {
                    rolls.set(unit(i), past(t - warm), grade(g), *n);
                }
            }
        }
    }
    let mut history = History::new(2005, rolls);
    if recipe.schools > 0 {
        split(recipe, &mut history);
    }
    if recipe.births {
        let mut source = Source::unknown("births", true, true, LAG, areas, years);
        for (entry, born) in births[warm..].iter().enumerate() {
            source.set(unit(0), past(entry), lead(1), born.round());
        }
        history.sources.push(source);
    }
    history
}

/// Splits every area's cohorts among its schools, with shares that drift.
fn split(recipe: &Recipe, history: &mut History) {
    let Recipe { areas, grades, years, schools: count, .. } = *recipe;
    let mut rolls = Panel::unknown(areas * count, years, grades);
    for i in 0..areas {
        for t in 0..years {
            for g in 0..grades {
                let total = history.rolls.get(unit(i), past(t), grade(g));
                let weights: Vec<f64> =
                    (0..count).map(|s| 1.0 + 0.2 * s as f64 + 0.03 * ((t + s + g) % 5) as f64).collect();
                let sum: f64 = weights.iter().sum();
                let mut left = total;
                for (s, w) in weights.iter().enumerate() {
                    let n = if s + 1 == count { left } else { (total * w / sum).round() };
                    rolls.set(unit(i * count + s), past(t), grade(g), n);
                    left -= n;
                }
            }
        }
    }
    history.schools = Some(Schools { rolls, area_of: (0..areas * count).map(|s| unit(s / count)).collect() });
}

/// e^x, the same on every platform, without a dependency: the sum of its series.
fn libm(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..30 {
        term *= x / f64::from(k);
        sum += term;
    }
    sum
}
