//! `compare.json`: runs side by side, programmes and variants of one scenario, with the regret of each programme over the
//! variants.

use seatcast_core::{
    Scenario,
    balance::{Balance, Figure},
    demand::AssumedFrom,
    geography::Area,
    index::ZoneId,
};
use serde::{Deserialize, Serialize};

use super::{FrameLines, ScenarioLine, Text, frame_lines, scenario_line};
use crate::{Run, phrases, stats};

/// The file that marks the folder of a comparison.
pub(crate) const MANIFEST: &str = "compare.json";

/// Expected shortage of one district, stage and year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompareYear {
    /// Key of the district.
    pub district: String,
    /// Key of the stage.
    pub stage: String,
    /// Academic year.
    pub year: i32,
    /// Median demand.
    pub demand: i64,
    /// What is known of places.
    pub supply: Option<YearSupply>,
}

/// Places of one district, stage and year, and what they leave short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct YearSupply {
    /// Places, central.
    pub places: i64,
    /// Mean shortage over the draws, pupils.
    pub expected_shortage: f64,
    /// Share of the draws with a shortage.
    pub p_shortage: f64,
}

/// One run of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Name of its folder.
    pub folder: String,
    /// Variant, `base` for the scenario itself.
    pub variant: String,
    /// Programme: a code, or the name of a schedule.
    pub programme: String,
    /// What it comes to; nothing where places are not known.
    pub outcome: Option<ComparedOutcome>,
    /// By district, stage and year.
    pub years: Vec<CompareYear>,
}

/// What a run comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparedOutcome {
    /// Mean shortage, seat-years over the coming years.
    pub mean_shortage: f64,
    /// Mean shortage of the worst 5 % of the draws, seat-years.
    pub cvar95_shortage: f64,
    /// Share of the draws in which nobody lacks a place in the year that is secured.
    pub p_all_secured: f64,
    /// Mean idle places, seat-years.
    pub idle_seat_years: f64,
    /// Money that the programme commits and its running cost.
    pub cost: f64,
    /// Shortage of the worst 5 % of the draws above the least of any programme in the same variant.
    pub regret: f64,
}

/// `compare.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompareDocument {
    /// Marks the folder as written by this program.
    pub program: String,
    /// Version of this format.
    pub format: u32,
    /// What the folder holds.
    pub kind: String,
    /// Version of the program.
    pub version: String,
    /// The scenario.
    pub scenario: ScenarioLine,
    /// What results are keyed by.
    pub frame: FrameLines,
    /// Draws.
    pub draws: u32,
    /// Seed.
    pub seed: u64,
    /// Where the sizes of the shocks come from.
    pub uncertainty: Text,
    /// The runs.
    pub runs: Vec<Compared>,
    /// Files of the folder.
    pub files: Vec<String>,
}

impl CompareDocument {
    /// A comparison without a run yet; `scenario` is the reference.
    pub(crate) fn new(scenario: &Scenario, version: &str, draws: u32, seed: u64) -> Self {
        Self {
            program: "seatcast".to_owned(),
            format: 1,
            kind: "comparison".to_owned(),
            version: version.to_owned(),
            scenario: scenario_line(scenario, ""),
            frame: frame_lines(scenario, &AssumedFrom::filled(scenario.frame.zone_stages(), None)),
            draws,
            seed,
            uncertainty: Text::both(|lang| phrases::basis_line(scenario, lang)),
            runs: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Adds a run, and says anew what each is to be regretted for.
    pub(crate) fn add(&mut self, line: Compared) {
        self.runs.push(line);
        let tail = |run: &Compared| run.outcome.as_ref().map(|o| o.cvar95_shortage);
        let tails: Vec<(String, f64)> =
            self.runs.iter().filter_map(|r| Some((r.variant.clone(), tail(r)?))).collect();
        for run in &mut self.runs {
            let of = tails.iter().filter(|(variant, _)| *variant == run.variant).map(|(_, tail)| *tail);
            let least = of.fold(f64::INFINITY, f64::min);
            if let Some(outcome) = &mut run.outcome {
                outcome.regret = outcome.cvar95_shortage - least;
            }
        }
    }
}

impl Compared {
    /// What a run comes to, for a comparison.
    pub(crate) fn new(run: &Run<'_>) -> Self {
        let variant = &run.provenance.variant;
        let variant = if variant.is_empty() { "base".to_owned() } else { variant.clone() };
        let programme = run.provenance.programme.clone();
        Self {
            folder: format!("{variant}--{programme}"),
            variant,
            programme,
            outcome: run.scenario.has_places().then(|| ComparedOutcome::new(run)),
            years: years(run),
        }
    }
}

impl ComparedOutcome {
    /// What a run comes to; its regret is known only beside the others.
    fn new(run: &Run<'_>) -> Self {
        let (scenario, balances) = (run.scenario, &run.balances);
        let frame = &scenario.frame;
        let zones: Vec<ZoneId> = frame.zones.ids().collect();
        let seat_years = |b: &Balance, figure| -> i64 {
            scenario
                .coming()
                .flat_map(|t| frame.stages.ids().map(move |p| (t, p)))
                .map(|(t, p)| b.sum(figure, t, &zones, p))
                .sum()
        };
        let draws = balances.draws.len().max(1) as f64;
        let mut shortages: Vec<i64> =
            balances.draws.iter().map(|b| seat_years(b, Figure::Shortage)).collect();
        let idle: i64 = balances.draws.iter().map(|b| seat_years(b, Figure::Surplus)).sum();
        let mean = shortages.iter().sum::<i64>() as f64 / draws;
        let t = scenario.secured_year();
        Self {
            mean_shortage: mean,
            cvar95_shortage: stats::worst_mean(&mut shortages),
            p_all_secured: balances.all_secured(frame, Area::All, t),
            idle_seat_years: idle as f64 / draws,
            cost: stats::committed(run, Area::All, None, None) + stats::running(run, Area::All, None, None),
            regret: 0.0,
        }
    }
}

fn years(run: &Run<'_>) -> Vec<CompareYear> {
    let (scenario, balances) = (run.scenario, &run.balances);
    let frame = &scenario.frame;
    let mut rows = Vec::new();
    for (d, district) in frame.districts.pairs() {
        let zones = frame.zones_in(Area::District(d));
        for (p, stage) in frame.stages.pairs() {
            for (t, year) in scenario.calendar() {
                let mut demand: Vec<i64> =
                    balances.draws.iter().map(|b| b.sum(Figure::Demand, t, &zones, p)).collect();
                demand.sort_unstable();
                let short: i64 = balances.draws.iter().map(|b| b.sum(Figure::Shortage, t, &zones, p)).sum();
                let supply = || YearSupply {
                    places: balances.central.sum(Figure::Places, t, &zones, p),
                    expected_shortage: short as f64 / balances.draws.len().max(1) as f64,
                    p_shortage: balances.p_shortage(&zones, t, p),
                };
                rows.push(CompareYear {
                    district: district.id.clone(),
                    stage: stage.id.clone(),
                    year,
                    demand: seatcast_core::forecast::quantile(&demand, 0.5),
                    supply: scenario.has_places().then(supply),
                });
            }
        }
    }
    rows
}
