//! The accuracy ledger: forecasts that were filed when they were made, against the rolls that have come since.
//!
//! ```text
//! error   = (forecast - roll) / roll                 above 0 where too many were forecast
//! bias    = runs of years up to the last, forecast h years ahead, whose rolls all lie beyond the 50 % band on one side;
//!           at least 2 + h of them, for forecasts that reach over the same years err together
//! ```
//!
//! By chance one roll in four lies beyond the band on a side, so that three running are one in sixty-four. Where several
//! forecasts of one base year were filed (inputs were corrected), all of them are scored, and all must lean in a run. A target without a counted roll of every cell is not scored: reconstructed rolls prove
//! nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    forecast::LEVELS,
    geography::Area,
    index::{GradeId, Ids, PastYear, StageId},
    scenario::Scenario,
};

/// Fewest years that make a run, one year ahead.
const RUN: usize = 3;
/// Smallest roll whose errors are read for a run.
const SMALLEST: f64 = 30.0;

/// A filed forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct Filed {
    /// Name of its file.
    pub name: String,
    /// Base year it was made from.
    pub base_year: i32,
    /// What it says.
    pub rows: Vec<FiledRow>,
}

/// One figure of a filed forecast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FiledRow {
    /// A district or a zone.
    pub area: Area,
    /// Index of the stage.
    pub stage: StageId,
    /// Grade; `None` for the whole stage.
    pub grade: Option<GradeId>,
    /// Academic year.
    pub year: i32,
    /// Pupils forecast.
    pub pupils: f64,
    /// As if nobody had entered an override.
    pub plain: Option<f64>,
    /// Quantiles at [`LEVELS`].
    pub quantiles: [f64; 7],
}

/// A filed figure whose roll has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Index of the filed forecast.
    pub filed: usize,
    /// Its base year.
    pub base_year: i32,
    /// What it said.
    pub row: FiledRow,
    /// What came.
    pub actual: f64,
}

impl Hit {
    /// Years ahead.
    pub fn lead(&self) -> i32 {
        self.row.year - self.base_year
    }

    /// The side of the 50 % band on which the roll lies: 1 below it (too many were forecast), -1 above, 0 inside.
    fn leaning(&self) -> i32 {
        let q = self.row.quantiles;
        i32::from(self.actual < q[2]) - i32::from(self.actual > q[4])
    }

    /// (forecast - roll) / roll.
    pub fn error(&self) -> f64 {
        (self.row.pupils - self.actual) / self.actual
    }
}

/// Every filed figure whose roll is known now.
pub fn hits(scenario: &Scenario, filed: &[Filed]) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (k, of) in filed.iter().enumerate() {
        for row in of.rows.iter().filter(|row| row.year > of.base_year) {
            if let Some(actual) = roll(scenario, row).filter(|n| *n > 0.0) {
                hits.push(Hit { filed: k, base_year: of.base_year, row: *row, actual });
            }
        }
    }
    hits
}

/// The roll of what a row is about; `None` unless every cell of it was counted.
fn roll(scenario: &Scenario, row: &FiledRow) -> Option<f64> {
    let past = scenario.past.as_ref()?;
    let t = usize::try_from(row.year - past.first_year).ok().map(PastYear::new)?;
    if t >= past.zones.years().end() {
        return None;
    }
    let grades = match row.grade {
        Some(g) => Ids::one(g),
        None => scenario.frame.grades_of(row.stage),
    };
    let zones = scenario.frame.zones_in(row.area);
    let sum: f64 = zones.iter().flat_map(|&z| grades.clone().map(move |g| past.zones.get(z, t, g))).sum();
    sum.is_finite().then_some(sum)
}

/// Errors of the filed figures of one area, stage or grade, and lead, in per cent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LedgerLine {
    /// District or zone.
    pub area: Area,
    /// Index of the stage.
    pub stage: StageId,
    /// Whether it is about single grades, or whole stages.
    pub by_grade: bool,
    /// Years ahead.
    pub lead: i32,
    /// Targets.
    pub count: usize,
    /// Mean absolute error.
    pub mape: f64,
    /// Sum of absolute errors over the sum of rolls.
    pub wape: f64,
    /// Mean error.
    pub bias: f64,
    /// Share inside the 50, 80, 95 % band.
    pub inside: [f64; 3],
}

/// Errors by area, stage and lead.
pub fn lines(hits: &[Hit]) -> Vec<LedgerLine> {
    let mut of: BTreeMap<(Area, StageId, bool, i32), Vec<&Hit>> = BTreeMap::new();
    for hit in hits {
        let key = (hit.row.area, hit.row.stage, hit.row.grade.is_some(), hit.lead());
        of.entry(key).or_default().push(hit);
    }
    of.into_iter()
        .map(|((area, stage, by_grade, lead), hits)| {
            let n = hits.len() as f64;
            let mean = |f: &dyn Fn(&Hit) -> f64| 100.0 * hits.iter().map(|h| f(h)).sum::<f64>() / n;
            let sum = |f: &dyn Fn(&Hit) -> f64| hits.iter().map(|h| f(h)).sum::<f64>();
            // ends of the bands by their place among the reported quantiles
            let inside = [(2, 4), (1, 5), (0, 6)].map(|(low, high)| {
                mean(&|h| {
                    let q = h.row.quantiles;
                    f64::from(u8::from(q[low] <= h.actual && h.actual <= q[high]))
                })
            });
            LedgerLine {
                area,
                stage,
                by_grade,
                lead,
                count: hits.len(),
                mape: mean(&|h| h.error().abs()),
                wape: 100.0 * sum(&|h| (h.row.pupils - h.actual).abs()) / sum(&|h| h.actual),
                bias: mean(&Hit::error),
                inside,
            }
        })
        .collect()
}

/// Base years running in which the same thing was forecast too high, or too low.
#[derive(Debug, Clone, PartialEq)]
pub struct BiasRun {
    /// District or zone.
    pub area: Area,
    /// Index of the stage.
    pub stage: StageId,
    /// Grade; `None` for the whole stage.
    pub grade: Option<GradeId>,
    /// Years ahead.
    pub lead: i32,
    /// Years that were forecast, ascending; the last one known is among them.
    pub years: Vec<i32>,
    /// Smallest and largest error, per cent, without sign.
    pub range: (f64, f64),
    /// Whether too many were forecast.
    pub over: bool,
}

/// What a run is of: area, stage, grade and lead.
type Series = (Area, StageId, Option<GradeId>, i32);

/// Runs of years that leaned to one side, the longest first.
pub fn bias_runs(hits: &[Hit]) -> Vec<BiasRun> {
    let mut of: BTreeMap<Series, BTreeMap<i32, Vec<&Hit>>> = BTreeMap::new();
    for hit in hits.iter().filter(|hit| hit.actual >= SMALLEST) {
        let key = (hit.row.area, hit.row.stage, hit.row.grade, hit.lead());
        of.entry(key).or_default().entry(hit.row.year).or_default().push(hit);
    }
    let mut runs = Vec::new();
    for ((area, stage, grade, lead), years) in of {
        let side = |hits: &[&Hit]| {
            let first = hits.first().map_or(0, |hit| hit.leaning());
            if hits.iter().all(|hit| hit.leaning() == first) { first } else { 0 }
        };
        let Some(last) = years.values().next_back().map(|hits| side(hits)) else { continue };
        let run: Vec<(i32, f64)> = years
            .iter()
            .rev()
            .scan(None, |next: &mut Option<i32>, (&year, hits)| {
                // a year that nobody forecast, or whose roll is missing, ends the run
                let follows = next.is_none_or(|next| next == year + 1);
                *next = Some(year);
                let error = hits.iter().map(|hit| hit.error()).sum::<f64>() / hits.len() as f64;
                (follows && last != 0 && side(hits) == last).then_some((year, error))
            })
            .collect();
        if run.len() + 1 >= RUN + lead as usize {
            let sizes = run.iter().map(|(_, e)| 100.0 * e.abs());
            let range =
                sizes.fold((f64::INFINITY, 0.0), |(low, high), e| (f64::min(low, e), f64::max(high, e)));
            let years: BTreeSet<i32> = run.iter().map(|(year, _)| *year).collect();
            runs.push(BiasRun {
                area,
                stage,
                grade,
                lead,
                years: years.into_iter().collect(),
                range,
                over: last > 0,
            });
        }
    }
    runs.sort_by(|a, b| b.years.len().cmp(&a.years.len()).then(b.range.0.total_cmp(&a.range.0)));
    runs
}

/// The reported quantiles by their suffix, in the order of [`FiledRow::quantiles`].
pub fn quantile_names() -> [&'static str; 7] {
    LEVELS.map(|(_, suffix)| suffix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::ZoneId;

    fn hit(base_year: i32, lead: i32, pupils: f64, actual: f64) -> Hit {
        let row = FiledRow {
            area: Area::Zone(ZoneId::new(0)),
            stage: StageId::new(0),
            grade: Some(GradeId::new(0)),
            year: base_year + lead,
            pupils,
            plain: None,
            quantiles: [0.90, 0.95, 0.98, 1.0, 1.02, 1.05, 1.10].map(|q| q * pupils),
        };
        Hit { filed: 0, base_year, row, actual }
    }

    #[test]
    fn errors_are_summed_by_lead() {
        let lines =
            lines(&[hit(2020, 1, 104.0, 100.0), hit(2021, 1, 98.0, 100.0), hit(2020, 2, 100.0, 80.0)]);
        let one = lines[0];
        assert_eq!((one.lead, one.count), (1, 2));
        assert!(
            (one.mape - 3.0).abs() < 1e-9 && (one.bias - 1.0).abs() < 1e-9 && (one.wape - 3.0).abs() < 1e-9
        );
        let inside = one.inside.map(|share| share.round() as i32);
        assert_eq!(inside, [0, 100, 100], "100 is 3.8 % below 104 and 2.04 % above 98, 1.02 x 98 = 99.96");
        assert_eq!((lines[1].lead, lines[1].inside), (2, [0.0; 3]), "80 lies below every band");
    }

    #[test]
    fn years_running_are_a_run_and_a_gap_or_a_turn_ends_it() {
        let four: Vec<Hit> = (2018..2022).map(|year| hit(year, 1, 104.0, 100.0)).collect();
        let runs = bias_runs(&four);
        assert_eq!(runs.len(), 1);
        assert_eq!((runs[0].years.as_slice(), runs[0].over), (&[2019, 2020, 2021, 2022][..], true));
        assert!((runs[0].range.0 - 4.0).abs() < 1e-9);
        let mut turned = four.clone();
        turned.push(hit(2022, 1, 99.9, 100.0));
        assert!(bias_runs(&turned).is_empty(), "the last year was right");
        let ahead: Vec<Hit> = (2018..2022).map(|year| hit(year, 3, 104.0, 100.0)).collect();
        assert!(bias_runs(&ahead).is_empty(), "four forecasts three years ahead share most of their years");
        let gap: Vec<Hit> = four.into_iter().filter(|h| h.base_year != 2020).collect();
        assert!(bias_runs(&gap).is_empty());
    }
}
