//! The forecast of every round of one future, each from what is known then, by the engine's own method.
//!
//! A scenario whose history teaches it is read anew in every round ([`vintage`](super::vintage)): rolls of its own past and
//! of the future up to the round, children as counted by then. Ratios and sizes of shocks are learnt from them, and the
//! forecast is that of a run.
//!
//! A rate that is stated is corrected by what surprised:
//!
//! ```text
//! surprise   s[a,t] = ln(roll of t / what the round of t-1 forecast of it)            a = entry into a stage, or going up in it
//! correction c[a,t] = c[a,t-1] + K_d s[district] + K_z (s[zone] - s[district])
//! K          = P / (P + R),   P = (Q + sqrt(Q^2 + 4 Q R)) / 2                          the filter of the forecaster's own shocks
//! ```
//!
//! The shock model of the forecaster says that entry is a walk (variance Q a year) seen through noise (R): its best guess
//! of where the walk stands is the filter with these very sizes. Ratios of going up have no walk in that model; a fifth of
//! a surprise is believed of them all the same, since a rate that is stated may be wrong. Corrections multiply the stated
//! entry, progression and transition rates of every coming year.
//!
//! Known at the round of t: rolls up to t, births of the cohorts that were as far ahead in the base year, estates as
//! published unless they are overdue. The path of births beyond is held.
//!
//! A later number cannot get in: a round is made from [`Seen`], which holds the rolls up to it and nothing else.

use super::{
    future::{Future, delayed, from_pools, known_years},
    known::Outlook,
    vintage::Vintages,
};
use crate::{
    demand::{DemandTerms, terms::stocks},
    forecast::{Beyond, Forecaster, Path},
    geography::Area,
    grid::{CellId, Cells, Grid3, Shape},
    index::{StageId, YearOffset, Years, ZoneId, ids},
    scenario::Scenario,
};

/// Share of a surprise in a ratio of going up that is believed.
const RATIO_GAIN: f64 = 0.2;
/// Largest surprise that is believed, in logarithms.
const LARGEST: f64 = 0.3;
/// Share of a surprise that is believed where the forecaster expects none.
const PLAIN_GAIN: f64 = 0.4;

ids! {
    /// What is corrected of a stage: entry into it, or going up in it.
    Part
}

const ENTRY: Part = Part::new(0);
const GOING_UP: Part = Part::new(1);

/// How forecasts are made in the rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looking {
    /// Draws of a round.
    pub draws: usize,
    /// Seed of the draws.
    pub seed: u64,
    /// Years ahead of the central path.
    pub long: usize,
}

/// What a round of year `t` has seen.
#[derive(Debug)]
pub struct Seen<'a> {
    /// Rolls of year 0..=t, by cell.
    pub rolls: &'a [Cells<u32>],
    /// Births of each entry year up to the last that is known, against what is held.
    pub births: &'a [f64],
    /// Whether each estate is known to be late.
    pub late: Vec<bool>,
}

impl Seen<'_> {
    /// Years since the base year.
    pub fn t(&self) -> usize {
        self.rolls.len() - 1
    }
}

/// A planner's memory of one future: what she has learnt from surprises.
#[derive(Debug)]
pub struct Planner<'a> {
    scenario: &'a Scenario,
    terms: &'a DemandTerms,
    looking: Looking,
    /// By zone, stage, and entry or going up: corrections.
    corrections: Grid3<ZoneId, StageId, Part, f64>,
    /// What the last round forecast of the next roll.
    forecast: Option<Cells<u32>>,
    /// Where the history teaches.
    vintages: Option<Vintages<'a>>,
}

impl<'a> Planner<'a> {
    /// A planner of `scenario`, with its own terms over all the years she will look at.
    pub fn new(scenario: &'a Scenario, terms: &'a DemandTerms, looking: Looking) -> Self {
        let shape = Shape::new(scenario.frame.stages.len(), 2);
        let corrections = Grid3::filled(scenario.frame.zones.len(), shape, 0.0);
        let vintages = Vintages::new(scenario, known_years(terms));
        Self { scenario, terms, looking, corrections, forecast: None, vintages }
    }

    /// What a future shows by the round of year `t`.
    pub fn seen<'f>(&self, future: &'f Future, rolls: &'f [Cells<u32>]) -> Seen<'f> {
        let t = rolls.len() - 1;
        let known = (t + known_years(self.terms) + 1).min(future.births.len());
        let round = self.scenario.round_of(self.scenario.base_year + t as i32);
        // lateness shows when the published date has gone by
        let overdue = |i: usize| self.scenario.estates[i].completed < round;
        Seen {
            rolls,
            births: &future.births[..known],
            late: future.late.iter().enumerate().map(|(i, late)| *late && overdue(i)).collect(),
        }
    }

    /// The outlook of the next round.
    ///
    /// # Errors
    /// [`Beyond`] if a forecast of it is more than can be counted.
    pub fn look(&mut self, seen: &Seen<'_>, leads: usize) -> Result<Outlook, Beyond> {
        self.learn(seen);
        let (far, far_terms) = self.known(seen, self.looking.long.max(leads), false);
        let far_model = Forecaster::with_terms(&far, &far_terms);
        let central = far_model.central().clone();
        self.forecast = Some(central.year(YearOffset::new(1)).to_grid());
        let (near, near_terms) = self.known(seen, leads, true);
        let near_model = Forecaster::with_terms(&near, &near_terms);
        let draws: Vec<Path> = near_model.draws(self.looking.seed, 0, self.looking.draws);
        let drawn = || (0..).zip(&draws).find_map(|(w, path)| near_model.drawn_beyond(path, w));
        match far_model.beyond().or_else(drawn) {
            Some(beyond) => Err(beyond),
            None => Ok(Outlook::new(&far, &central, &draws)),
        }
    }

    /// What a round that has seen so much forecasts from; without `sizes` for the central path alone.
    pub fn known(&self, seen: &Seen<'_>, leads: usize, sizes: bool) -> (Scenario, DemandTerms) {
        if let Some(vintages) = &self.vintages {
            let known = vintages.at(seen, leads, sizes);
            let mut terms = DemandTerms::new(&known);
            self.correct(&mut terms, |cell| vintages.is_stated(cell));
            return (known, terms);
        }
        let base = self.scenario.base_year + seen.t() as i32;
        let sizes = self.scenario.uncertainty.unwrap_or_default();
        let known = self.scenario.bare(base, base + leads as i32, seen.rolls[seen.t()].clone(), sizes);
        let mut terms = self.later_terms(seen);
        self.correct(&mut terms, |_| true);
        (known, terms)
    }

    fn learn(&mut self, seen: &Seen<'_>) {
        let Some(forecast_roll) = self.forecast.take() else { return };
        let frame = &self.scenario.frame;
        let roll = &seen.rolls[seen.t()];
        for district in frame.districts.ids() {
            let zones = frame.zones_in(Area::District(district));
            for stage in frame.stages.ids() {
                let grades = frame.grades_of(stage).range();
                for (part, range) in
                    [(ENTRY, grades.start..grades.start + 1), (GOING_UP, grades.start + 1..grades.end)]
                {
                    let sum = |of: &Cells<u32>, z: ZoneId| -> f64 {
                        of.row(z)[range.clone()].iter().map(|&n| f64::from(n)).sum()
                    };
                    let came: f64 = zones.iter().map(|&z| sum(roll, z)).sum();
                    let forecast: f64 = zones.iter().map(|&z| sum(&forecast_roll, z)).sum();
                    let common = surprise(came, forecast);
                    for &z in &zones {
                        let own = surprise(sum(roll, z), sum(&forecast_roll, z)) - common;
                        let (district_gain, zone_gain) = self.gains(stage, part, sum(roll, z));
                        self.corrections[(z, stage, part)] += district_gain * common + zone_gain * own;
                    }
                }
            }
        }
    }

    /// How much of a surprise is believed: of the district's, of a zone's beyond it.
    fn gains(&self, stage: StageId, part: Part, pupils: f64) -> (f64, f64) {
        let sizes = self.scenario.uncertainty.unwrap_or_default();
        let square = |x: f64| x * x;
        if part == GOING_UP || !from_pools(self.scenario, stage) {
            return (RATIO_GAIN, RATIO_GAIN / 2.0);
        }
        let noise = square(sizes.entry_noise) + sizes.entry_cohort / pupils.max(1.0);
        (
            gain(square(sizes.entry_district_walk), square(sizes.entry_district_year)),
            gain(square(sizes.entry_zone_walk), noise),
        )
    }

    /// The scenario's own terms from the year of the round on.
    fn later_terms(&self, seen: &Seen<'_>) -> DemandTerms {
        let t = seen.t();
        let last_known = seen.births.len() - 1;
        let mut terms = self.terms.clone();
        for pool in &mut terms.pools {
            let births = |year: usize| seen.births[year.min(last_known)];
            pool.children = pool.children.iter().enumerate().skip(t).map(|(y, c)| c * births(y)).collect();
            pool.entry.skip_years(t);
            pool.share.skip_years(t);
            // a source is trusted by how far ahead it is read
            pool.weight.truncate(pool.children.len());
        }
        for transition in &mut terms.transitions {
            transition.rate.skip_years(t);
        }
        terms.progression.skip_years(t);
        terms.inflow.skip_years(t);
        if self.scenario.estates.is_empty() {
            terms.stock.skip_years(t);
            terms.pooled.skip_years(t);
        } else {
            let from = self.scenario.base_year + t as i32;
            let span: Years<i32> = (from..from + terms.progression.len() as i32).collect();
            let estates = delayed(&self.scenario.estates, &seen.late);
            (terms.stock, terms.pooled) = stocks(self.scenario, &estates, &span);
        }
        terms
    }

    /// Corrects the rates of those cells where they are `stated`.
    fn correct(&self, terms: &mut DemandTerms, stated: impl Fn(CellId) -> bool) {
        let frame = &self.scenario.frame;
        let cells = frame.cells();
        let factor = |z: ZoneId, stage: StageId, part: Part| libm::exp(self.corrections[(z, stage, part)]);
        for pool in terms.pools.iter_mut().filter(|pool| stated(pool.cell)) {
            let (z, g) = cells.split(pool.cell);
            let factor = factor(z, frame.stage_of(g).0, ENTRY);
            pool.entry.iter_mut().for_each(|entry| *entry *= factor);
        }
        for transition in &mut terms.transitions {
            let first = frame.entry_grade(transition.to);
            let own_zone =
                !self.scenario.flows.iter().any(|f| (f.from, f.to) == (transition.from, transition.to));
            for row in &mut transition.rate {
                for z in cells.rows().filter(|&z| stated(cells.at(z, first))) {
                    // pupils of a zone go to several: what is learnt of one of those is not theirs alone
                    row[z] *= if own_zone {
                        factor(z, transition.to, ENTRY)
                    } else {
                        self.common(z, transition.to)
                    };
                }
            }
        }
        // pupils whom no cohort feeds follow what is learnt of their grade
        for row in &mut terms.inflow {
            for cell in cells.pairs().filter(|&cell| stated(cell)) {
                let (z, g) = cells.split(cell);
                let (stage, position) = frame.stage_of(g);
                row[cell] *= factor(z, stage, if position > 0 { GOING_UP } else { ENTRY });
            }
        }
        for row in &mut terms.progression {
            for cell in cells.pairs().filter(|&cell| stated(cell)) {
                let (z, g) = cells.split(cell);
                row[cell] *= factor(z, frame.stage_of(g).0, GOING_UP);
            }
        }
    }

    /// The mean correction of entry into a stage over the zones of a district.
    fn common(&self, zone: ZoneId, stage: StageId) -> f64 {
        let frame = &self.scenario.frame;
        let zones = frame.zones_in(Area::District(frame.district_of(zone)));
        let sum: f64 = zones.iter().map(|&z| self.corrections[(z, stage, ENTRY)]).sum();
        libm::exp(sum / zones.len().max(1) as f64)
    }
}

/// The terms of a scenario over `years` years, every pool filled as far as it is held: weights follow the lead.
pub fn long_terms(scenario: &Scenario, years: i32) -> DemandTerms {
    let long = scenario.lasting_to(scenario.base_year + years);
    let mut terms = DemandTerms::new(&long);
    for pool in &mut terms.pools {
        let mut held = pool.children.iter().copied().find(|c| *c > 0.0).unwrap_or(0.0);
        for children in &mut pool.children {
            if *children > 0.0 {
                held = *children;
            } else {
                *children = held;
            }
        }
    }
    terms
}

/// ln(came / forecast), cut.
fn surprise(came: f64, forecast: f64) -> f64 {
    if came <= 0.0 || forecast <= 0.0 {
        return 0.0;
    }
    libm::log(came / forecast).clamp(-LARGEST, LARGEST)
}

/// The gain of the steady filter of a walk of yearly variance `q` seen through noise of variance `r`.
fn gain(q: f64, r: f64) -> f64 {
    if q + r <= 0.0 {
        return PLAIN_GAIN;
    }
    let p = f64::midpoint(q, (q * q + 4.0 * q * r).sqrt());
    p / (p + r)
}
