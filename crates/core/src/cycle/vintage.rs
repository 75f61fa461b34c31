//! A scenario that learns, as it is known in the round of a later year of a future: what a run would read in that autumn.
//!
//! | known at the round of year t | is |
//! |---|---|
//! | rolls | those of the scenario, and those of the future up to t |
//! | births of year y | known as long after y as in the base year; the last cohort there was, times what the future's births of that entry year are |
//! | children of an age or kindergarten class | the same cohort's last count, times what cohorts have gained from one count to the next |
//! | estates | as published; one that is overdue is a year late |
//! | overrides | as entered; one without an end is struck out when rolls of five years show it |
//!
//! Ratios and sizes of shocks are learnt from these by [`Scenario`] itself, as of any other scenario. A count of children
//! is a function of its own year: later rounds see the same row. Rolls of schools are not made up, so that zones are
//! forecast from zones alone; schools, projects and money play no part in a forecast.

use std::collections::{BTreeMap, BTreeSet};

use super::{assess::Seen, future::delayed};
use crate::{
    demand::{ChildCount, Counted},
    forecast::{
        RatioOrigin,
        history::{Panel, PastRolls},
        ratios_used,
    },
    geography::{Frame, Intake},
    grid::{CellId, Cells},
    scenario::Scenario,
};

/// Years of rolls that take up a lasting override: by then the memory of the method has learnt more than half of it, and
/// keeping it would count it twice.
const SHOWN: i32 = 5;

/// Whether a scenario learns from its history: the sizes of its shocks, or a ratio that it is forecast with.
pub fn learns(scenario: &Scenario) -> bool {
    let by_ratio = || ratios_used(scenario).iter().any(|ratio| ratio.origin == RatioOrigin::Learnt);
    scenario.learnt().is_some_and(|learnt| learnt.has_sizes() || by_ratio())
}

/// Later rounds of a scenario that learns.
#[derive(Debug)]
pub(super) struct Vintages<'a> {
    scenario: &'a Scenario,
    series: Vec<Series>,
    /// Years of entry known in the base year.
    known: usize,
    /// Cells whose ratio no history teaches: given, or nothing says it.
    stated: Cells<bool>,
}

/// One kind of count of one source in one zone and class, that goes on.
#[derive(Debug)]
struct Series {
    /// Its last row.
    last: ChildCount,
    /// Years from the count to the entry.
    lead: i32,
    /// What was counted of each cohort by the same source, by entry year and lead.
    counted: BTreeMap<(i32, i32), f64>,
    /// What a cohort gains from the count at a lead to the one a year later, by the shorter lead (0 = entry).
    gains: Vec<f64>,
}

impl<'a> Vintages<'a> {
    /// Of a scenario of which `known` years of entry are known; `None` where no ratio and no size is learnt.
    pub(super) fn new(scenario: &'a Scenario, known: usize) -> Option<Self> {
        if !learns(scenario) {
            return None;
        }
        let used = ratios_used(scenario);
        let mut stated = Cells::filled(scenario.frame.cells(), false);
        for ratio in &used {
            let of = matches!(ratio.origin, RatioOrigin::Given | RatioOrigin::Default);
            stated[(ratio.zone, ratio.grade)] |= of;
        }
        Some(Self { scenario, series: series(scenario), known, stated })
    }

    /// Whether the ratio into `cell` is stated and not learnt.
    pub(super) fn is_stated(&self, cell: CellId) -> bool {
        self.stated[cell]
    }

    /// The scenario of the round that has seen so much, to `leads` years ahead; without `sizes` for its central path alone.
    pub(super) fn at(&self, seen: &Seen<'_>, leads: usize, sizes: bool) -> Scenario {
        let scenario = self.scenario;
        let t = seen.t() as i32;
        let base_year = scenario.base_year + t;
        let until = base_year + leads as i32;
        scenario.vintage(until, sizes, |parts| {
            parts.base_year = base_year;
            parts.roll.clone_from(&seen.rolls[seen.t()]);
            parts.past = scenario.past.as_ref().map(|past| rolled_on(past, &scenario.frame, seen));
            parts.estates = delayed(&scenario.estates, &seen.late);
            parts.overrides.retain(|o| o.until.is_some() || base_year - o.from + 1 < SHOWN);
            for series in &self.series {
                parts.children.extend((1..=t).map(|since| series.count(since, scenario, self.known, seen)));
            }
        })
    }
}

/// The past with the rolls of a future after it. Rolls of schools end with the scenario.
fn rolled_on(past: &PastRolls, frame: &Frame, seen: &Seen<'_>) -> PastRolls {
    let cells = frame.cells();
    let before = past.zones.years().len();
    let mut panel = Panel::unknown(frame.zones.len(), before + seen.t(), frame.grade_count());
    for z in cells.rows() {
        for t in panel.years() {
            for g in cells.columns() {
                // the roll of the base year may be one that nothing is learnt from
                let pupils = match t.index().checked_sub(before) {
                    None => past.zones.get(z, t, g),
                    Some(later) => f64::from(seen.rolls[later + 1][(z, g)]),
                };
                panel.set(z, t, g, pupils);
            }
        }
    }
    PastRolls { first_year: past.first_year, zones: panel, school_ids: Vec::new(), schools: None }
}

/// The counts of a scenario that go on: those whose last cohort has not long entered.
fn series(scenario: &Scenario) -> Vec<Series> {
    let key = |c: &ChildCount| {
        let born = matches!(c.counted, Counted::Births | Counted::BirthsSchoolYear);
        (c.zone, c.class.clone(), c.source.clone(), born)
    };
    let mut groups = BTreeMap::<_, Vec<(&ChildCount, i32)>>::new();
    for count in &scenario.children {
        if let Some(lead) = lead(&scenario.frame, count.counted) {
            groups.entry(key(count)).or_default().push((count, lead));
        }
    }
    let mut out = Vec::new();
    for group in groups.into_values() {
        let counted: BTreeMap<(i32, i32), f64> =
            group.iter().map(|(c, lead)| ((c.year + lead, *lead), c.children)).collect();
        let longest = group.iter().map(|(_, lead)| *lead).max().unwrap_or(0);
        let gains: Vec<f64> = (0..longest).map(|shorter| gain(&counted, shorter)).collect();
        let kinds: BTreeSet<Counted> = group.iter().map(|(c, _)| c.counted).collect();
        for kind in kinds {
            let of_kind = group.iter().filter(|(c, _)| c.counted == kind);
            let Some((last, lead)) = of_kind.max_by_key(|(c, _)| c.year) else { continue };
            if last.year + lead >= scenario.base_year {
                let (counted, gains) = (counted.clone(), gains.clone());
                out.push(Series { last: (*last).clone(), lead: *lead, counted, gains });
            }
        }
    }
    out
}

/// Years from a count to the entry into the last stage that is entered from pools; `None` if they have entered by then.
fn lead(frame: &Frame, counted: Counted) -> Option<i32> {
    let ages = frame.stages.iter().filter_map(|stage| match stage.intake {
        Intake::Pools { entry_age } => Some(entry_age as i32),
        Intake::Stages(_) => None,
    });
    let age = ages.max()?;
    let lead = match counted {
        Counted::Age(a) => age - a as i32,
        Counted::Kindergarten(k) => k as i32,
        Counted::Births | Counted::BirthsSchoolYear => age,
    };
    (lead > 0).then_some(lead)
}

/// Children at the shorter lead per child of the same cohorts a year earlier; 1 where no cohort was counted at both.
fn gain(counted: &BTreeMap<(i32, i32), f64>, shorter: i32) -> f64 {
    let (mut later, mut earlier) = (0.0, 0.0);
    for ((entry, _), children) in counted.iter().filter(|((_, lead), _)| *lead == shorter) {
        if let Some(before) = counted.get(&(*entry, shorter + 1)) {
            later += children;
            earlier += before;
        }
    }
    if earlier > 0.0 { later / earlier } else { 1.0 }
}

impl Series {
    /// The count made `since` years after the last that the scenario has.
    fn count(&self, since: i32, scenario: &Scenario, known: usize, seen: &Seen<'_>) -> ChildCount {
        let year = self.last.year + since;
        let entry = year + self.lead;
        // the last count of this cohort, or what a cohort was when it was first counted
        let of_cohort = self.counted.range((entry, self.lead)..(entry + 1, 0)).next();
        let first = || {
            let (_, longest) = self.counted.keys().max_by_key(|(_, lead)| *lead)?;
            self.counted.iter().rev().find(|((_, lead), _)| lead == longest)
        };
        let (from, children) = of_cohort.or_else(first).map_or((self.lead, 0.0), |((_, l), c)| (*l, *c));
        let grown: f64 = self.gains[self.lead as usize..from.max(self.lead) as usize].iter().product();
        // births beyond those known when the count is made show later, in other counts
        let last_known = since as usize + known;
        let at = ((entry - scenario.base_year).max(0) as usize).min(last_known).min(seen.births.len() - 1);
        ChildCount { year, children: children * grown * seen.births[at], ..self.last.clone() }
    }
}
