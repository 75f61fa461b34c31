//! Errors of many forecasts in a few numbers.
//!
//! | measure | of a target with N pupils, forecast F, quantiles q |
//! |---|---|
//! | MAPE | mean of abs(F - N) / N |
//! | WAPE | sum of abs(F - N) / sum of N |
//! | bias | mean of (F - N) / N: above 0 where too many were forecast |
//! | coverage | share of targets inside the 50, 80, 95 % band, its ends included |
//! | width | mean of (upper - lower end) / N |
//! | pinball | mean over the reported quantiles of max(l (N - q), (l - 1) (N - q)) / N |
//! | above q | share of targets above the quantile: 0.20, 0.10, 0.05, 0.02 if it is right |
//!
//! All in per cent. A target counts only where every rule that is compared speaks, so that all methods of a line are
//! scored on the same ones, and where it has at least so many pupils that a per cent means something.

use std::collections::BTreeMap;

use super::{Row, Target, reference::Rule};
use crate::forecast::{
    LEVELS,
    learn::{SIZE_CLASSES, size_class},
};
use crate::index::{ChainGrade, Lead, StageId};

/// Levels of an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// All areas together.
    All,
    /// An area.
    Area,
    /// A school.
    School,
}

impl Level {
    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Level::All => "all",
            Level::Area => "area",
            Level::School => "school",
        }
    }

    fn of(row: &Row) -> Self {
        match (row.school, row.area) {
            (Some(_), _) => Level::School,
            (None, Some(_)) => Level::Area,
            (None, None) => Level::All,
        }
    }
}

/// What the targets of a line have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Totals of a stage of the plan.
    Stage(StageId),
    /// Every grade by itself.
    Grade,
    /// The entry grade.
    Entry,
}

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// Level.
    pub level: Level,
    /// Stage totals, grades, entry.
    pub kind: Kind,
    /// Years ahead.
    pub lead: Lead,
}

/// A method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Ours.
    Seatcast,
    /// Ours from the figures as they stand today: what the method is answerable for.
    Hindsight,
    /// A simple rule.
    Rule(Rule),
}

impl Method {
    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Method::Seatcast => "seatcast",
            Method::Hindsight => "seatcast_hindsight",
            Method::Rule(rule) => rule.code(),
        }
    }
}

/// The score of one method in one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Targets.
    pub count: usize,
    /// Mean absolute percentage error.
    pub mape: f64,
    /// Weighted absolute percentage error.
    pub wape: f64,
    /// Mean percentage error.
    pub bias: f64,
    /// Coverage, width and pinball loss; `None` for a rule without bands.
    pub bands: Option<Bands>,
}

/// How good the bands are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bands {
    /// Share inside the 50, 80 and 95 % band.
    pub coverage: [f64; 3],
    /// Their mean widths.
    pub width: [f64; 3],
    /// Mean pinball loss.
    pub pinball: f64,
}

/// One line of the accuracy table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// What it is about.
    pub cell: Cell,
    /// Method.
    pub method: Method,
    /// Its score.
    pub score: Score,
}

/// Share of targets above the quantiles at which places are secured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reliability {
    /// What it is about.
    pub cell: Cell,
    /// Class of size (pupils forecast); `None` for all.
    pub class: Option<usize>,
    /// Targets.
    pub count: usize,
    /// Share above the quantiles at [`super::SECURE_LEVELS`], per cent.
    pub above: [f64; 4],
}

/// Bands by their lower and upper quantile in [`LEVELS`].
const BANDS: [(usize, usize); 3] = [(2, 4), (1, 5), (0, 6)];

#[derive(Debug, Default)]
struct Sums {
    count: usize,
    relative: f64,
    signed: f64,
    absolute: f64,
    pupils: f64,
    inside: [usize; 3],
    width: [f64; 3],
    pinball: f64,
}

impl Sums {
    fn add(&mut self, n: f64, f: f64) {
        self.count += 1;
        self.relative += (f - n).abs() / n;
        self.signed += (f - n) / n;
        self.absolute += (f - n).abs();
        self.pupils += n;
    }

    fn add_bands(&mut self, n: f64, q: &[f64; 7]) {
        for (band, (low, high)) in BANDS.into_iter().enumerate() {
            self.inside[band] += usize::from(q[low] <= n && n <= q[high]);
            self.width[band] += (q[high] - q[low]) / n;
        }
        for ((level, _), q) in LEVELS.iter().zip(q) {
            self.pinball += (level * (n - q)).max((level - 1.0) * (n - q)) / n / LEVELS.len() as f64;
        }
    }

    fn score(&self, with_bands: bool) -> Score {
        let n = self.count as f64;
        let percent = |sum: f64| 100.0 * sum / n;
        Score {
            count: self.count,
            mape: percent(self.relative),
            wape: 100.0 * self.absolute / self.pupils,
            bias: percent(self.signed),
            bands: with_bands.then(|| Bands {
                coverage: self.inside.map(|k| percent(k as f64)),
                width: self.width.map(percent),
                pinball: percent(self.pinball),
            }),
        }
    }
}

/// Cells a row counts in.
fn cells(row: &Row) -> impl Iterator<Item = Cell> {
    let kinds = match row.target {
        Target::Stage(p) => [Some(Kind::Stage(p)), None],
        Target::Grade(ChainGrade::ENTRY) => [Some(Kind::Grade), Some(Kind::Entry)],
        Target::Grade(_) => [Some(Kind::Grade), None],
    };
    let (level, lead) = (Level::of(row), row.lead);
    kinds.into_iter().flatten().map(move |kind| Cell { level, kind, lead })
}

/// Rules that are compared at a level: the last share is one for schools only, and births must be known.
fn rules(level: Level, births: bool) -> Vec<Rule> {
    match level {
        Level::School => vec![Rule::LastValue, Rule::Progression, Rule::LastShare],
        _ if births => vec![Rule::LastValue, Rule::Progression, Rule::ProgressionBirths],
        _ => vec![Rule::LastValue, Rule::Progression],
    }
}

/// The accuracy table of `rows`, targets of at least `smallest` pupils; `births`: whether births were known.
pub fn accuracy(rows: &[Row], smallest: f64, births: bool) -> Vec<Line> {
    let mut sums: BTreeMap<(Cell, Method), Sums> = BTreeMap::new();
    for row in rows {
        let Some(n) = row.actual.filter(|n| *n >= smallest && row.whole) else { continue };
        let rules = rules(Level::of(row), births);
        let said = |rule: &Rule| row.references[*rule as usize];
        if !rules.iter().all(|rule| said(rule).is_finite()) {
            continue;
        }
        for cell in cells(row) {
            let own = sums.entry((cell, Method::Seatcast)).or_default();
            own.add(n, row.forecast);
            own.add_bands(n, &row.quantiles);
            if let Some(f) = row.hindsight {
                sums.entry((cell, Method::Hindsight)).or_default().add(n, f);
            }
            for rule in &rules {
                sums.entry((cell, Method::Rule(*rule))).or_default().add(n, said(rule));
            }
        }
    }
    sums.into_iter()
        .map(|((cell, method), sums)| Line { cell, method, score: sums.score(method == Method::Seatcast) })
        .collect()
}

/// Shares of targets above the quantiles at which places are secured, all and by class of size.
pub fn reliability(rows: &[Row], smallest: f64) -> Vec<Reliability> {
    let mut counts: BTreeMap<(Cell, Option<usize>), (usize, [usize; 4])> = BTreeMap::new();
    for row in rows {
        let Some(n) = row.actual.filter(|n| *n >= smallest && row.whole) else { continue };
        for cell in cells(row) {
            for class in [None, Some(size_class(row.forecast))] {
                let (count, above) = counts.entry((cell, class)).or_default();
                *count += 1;
                for (above, q) in above.iter_mut().zip(row.secure) {
                    *above += usize::from(n > q);
                }
            }
        }
    }
    counts
        .into_iter()
        .map(|((cell, class), (count, above))| Reliability {
            cell,
            class,
            count,
            above: above.map(|k| 100.0 * k as f64 / count as f64),
        })
        .collect()
}

/// The words of a class of size: `<100`, `100-299`, `300-999`, `>=1000`.
pub fn class_code(class: usize) -> String {
    let low = class.checked_sub(1).map(|c| SIZE_CLASSES[c]);
    match (low, SIZE_CLASSES.get(class)) {
        (None, Some(top)) => format!("<{top}"),
        (Some(low), Some(top)) => format!("{low}-{}", top - 1.0),
        (Some(low), None) => format!(">={low}"),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{PastYear, UnitId};

    fn row(actual: f64, forecast: f64, q: [f64; 7]) -> Row {
        Row {
            origin: PastYear::new(3),
            lead: Lead::NEXT,
            area: Some(UnitId::new(0)),
            school: None,
            target: Target::Stage(StageId::new(0)),
            actual: Some(actual),
            forecast,
            hindsight: None,
            quantiles: q,
            secure: [q[5]; 4],
            references: [90.0, 95.0, f64::NAN, f64::NAN],
            whole: true,
        }
    }

    #[test]
    fn scores_by_hand() {
        let q = [80.0, 85.0, 95.0, 100.0, 105.0, 115.0, 120.0];
        let lines = accuracy(&[row(100.0, 110.0, q), row(200.0, 190.0, q)], 30.0, false);
        let own = lines.iter().find(|l| l.method == Method::Seatcast).unwrap().score;
        // |10|/100 and |10|/200; 20/300; +10 % and -5 %
        assert!((own.mape - 7.5).abs() < 1e-9 && (own.wape - 20.0 / 3.0).abs() < 1e-9);
        assert!((own.bias - 2.5).abs() < 1e-9);
        let bands = own.bands.unwrap();
        assert_eq!(bands.coverage.map(|c| c as i32), [50, 50, 50]);
        // (115 - 85) / 100 and / 200
        assert!((bands.width[1] - 22.5).abs() < 1e-9);
        let last = lines.iter().find(|l| l.method == Method::Rule(Rule::LastValue)).unwrap().score;
        assert!((last.mape - 32.5).abs() < 1e-9);
        assert_eq!((last.bands, lines.len()), (None, 3));
    }

    #[test]
    fn targets_that_a_rule_is_silent_on_are_not_scored() {
        let mut silent = row(100.0, 110.0, [0.0; 7]);
        silent.references[0] = f64::NAN;
        assert!(accuracy(&[silent, row(20.0, 20.0, [0.0; 7])], 30.0, false).is_empty());
    }

    #[test]
    fn classes_of_size_are_named() {
        assert_eq!([0, 1, 2, 3].map(class_code), ["<100", "100-299", "300-999", ">=1000"]);
    }
}
