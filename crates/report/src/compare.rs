//! Runs side by side: programmes and variants of one scenario, with the regret of each programme over the variants.

use seatcast_core::{
    Lang, Scenario,
    balance::{Balance, Figure},
    geography::Area,
};
use serde::{Deserialize, Serialize};

use crate::{
    File, Options, Run,
    charts::{self, Chart},
    document::{FrameLines, ScenarioLine, Text, pretty},
    long::{Table, number_cell, text_cell},
    run_json::{frame_lines, scenario_line},
    text::{grid, note, pick, results_in},
    words,
    words::thousands,
};

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

impl Compared {
    fn new(run: &Run<'_>) -> Self {
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
        let (scenario, balances) = (run.scenario, run.balances);
        let frame = &scenario.frame;
        let zones: Vec<usize> = (0..frame.zones.len()).collect();
        let seat_years = |b: &Balance, figure| -> i64 {
            (1..b.years())
                .flat_map(|t| (0..frame.stages.len()).map(move |p| (t, p)))
                .map(|(t, p)| b.sum(figure, t, &zones, p))
                .sum()
        };
        let draws = balances.draws.len().max(1) as f64;
        let mut shortages: Vec<i64> =
            balances.draws.iter().map(|b| seat_years(b, Figure::Shortage)).collect();
        let idle: i64 = balances.draws.iter().map(|b| seat_years(b, Figure::Surplus)).sum();
        let mean = shortages.iter().sum::<i64>() as f64 / draws;
        let t = scenario.horizon.secure.min(scenario.years_ahead() as i32) as usize;
        Self {
            mean_shortage: mean,
            cvar95_shortage: crate::long::worst_mean(&mut shortages),
            p_all_secured: balances.all_secured(frame, Area::All, t),
            idle_seat_years: idle as f64 / draws,
            cost: crate::balance::committed(run, Area::All, None, None)
                + crate::balance::running(run, Area::All, None, None),
            regret: 0.0,
        }
    }
}

fn years(run: &Run<'_>) -> Vec<CompareYear> {
    let (scenario, balances) = (run.scenario, run.balances);
    let frame = &scenario.frame;
    let mut rows = Vec::new();
    for (d, district) in frame.districts.iter().enumerate() {
        let zones = frame.zones_in(Area::District(d));
        for (p, stage) in frame.stages.iter().enumerate() {
            for (t, year) in scenario.years().enumerate() {
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

/// Several finished runs of one scenario.
#[derive(Debug, Clone)]
pub struct Comparison {
    document: CompareDocument,
    files: Vec<File>,
}

impl Comparison {
    /// A comparison without a run yet; `scenario` is the reference.
    pub fn new(scenario: &Scenario, version: &str, draws: u32, seed: u64) -> Self {
        let document = CompareDocument {
            program: "seatcast".to_owned(),
            format: 1,
            kind: "comparison".to_owned(),
            version: version.to_owned(),
            scenario: scenario_line(scenario, ""),
            frame: frame_lines(scenario, &[]),
            draws,
            seed,
            uncertainty: Text::both(|lang| words::basis_line(scenario, lang)),
            runs: Vec::new(),
            files: Vec::new(),
        };
        Self { document, files: Vec::new() }
    }

    /// Adds a run with its files, which go into a folder of its name.
    pub fn add(&mut self, run: &Run<'_>, files: Vec<File>) {
        let line = Compared::new(run);
        let folder = &line.folder;
        self.files.extend(files.into_iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes)));
        self.document.runs.push(line);
        let tail = |run: &Compared| run.outcome.as_ref().map(|o| o.cvar95_shortage);
        let tails: Vec<(String, f64)> =
            self.document.runs.iter().filter_map(|r| Some((r.variant.clone(), tail(r)?))).collect();
        for run in &mut self.document.runs {
            let of = tails.iter().filter(|(variant, _)| *variant == run.variant).map(|(_, tail)| *tail);
            let least = of.fold(f64::INFINITY, f64::min);
            if let Some(outcome) = &mut run.outcome {
                outcome.regret = outcome.cvar95_shortage - least;
            }
        }
    }

    /// Every file of the comparison.
    ///
    /// # Errors
    /// [`seatcast_plot::PlotError`] if a chart cannot be drawn.
    pub fn files(mut self, options: Options) -> Result<Vec<File>, seatcast_plot::PlotError> {
        let table = comparison(&self.document, options);
        self.files.push(("comparison.csv".to_owned(), table));
        if options.charts {
            let charts = charts::compare_charts(&self.document, options.lang);
            self.files.extend(charts::chart_files(&charts, "charts/", |_| true)?);
        }
        self.files.sort();
        self.document.files = self.files.iter().map(|(name, _)| name.clone()).collect();
        self.files.push((MANIFEST.to_owned(), pretty(&self.document).into_bytes()));
        Ok(self.files)
    }

    /// The document as JSON.
    pub fn json(&self) -> String {
        pretty(&self.document)
    }

    /// The comparison as a table of text.
    pub fn text(&self, lang: Lang, files: Option<&str>) -> String {
        let document = &self.document;
        let mut out = format!("{}\n", document.scenario.name.in_lang(lang));
        let notice = document.scenario.notice.in_lang(lang);
        if !notice.is_empty() {
            out.push_str(&format!("! {notice}\n"));
        }
        let table =
            if document.scenario.has_places { self.outcomes(lang) } else { self.peaks_of_demand(lang) };
        out.push_str(&format!("\n{table}\n"));
        out.push_str(&note(document.uncertainty.in_lang(lang), lang));
        out.push_str(&results_in(files, lang));
        out
    }

    fn outcomes(&self, lang: Lang) -> comfy_table::Table {
        let heading = [
            "情形|variant",
            "项目口径|programme",
            "平均缺口（学位·年）|mean shortage (seat-years)",
            "最差 5%|worst 5 %",
            "全部落实概率|p all secured",
            "闲置|idle",
            "费用（百万）|cost (million)",
            "后悔值|regret",
        ];
        let mut table = grid(heading.iter().map(|h| pick(h, lang)).collect());
        for run in &self.document.runs {
            let Some(outcome) = &run.outcome else { continue };
            let whole = |n: f64| thousands(n.round() as i64);
            table.add_row(vec![
                run.variant.clone(),
                run.programme.clone(),
                whole(outcome.mean_shortage),
                whole(outcome.cvar95_shortage),
                format!("{:.3}", outcome.p_all_secured),
                whole(outcome.idle_seat_years),
                whole(outcome.cost / 1e6),
                whole(outcome.regret),
            ]);
        }
        table
    }

    /// Where places are not known: the year and size of the largest median demand.
    fn peaks_of_demand(&self, lang: Lang) -> comfy_table::Table {
        let frame = &self.document.frame;
        let heading = ["情形|variant", "区域|district", "学段|stage", "高峰年|peak year", "需求|demand"];
        let mut table = grid(heading.iter().map(|h| pick(h, lang)).collect());
        for run in &self.document.runs {
            for district in &frame.districts {
                for stage in &frame.stages {
                    let of = run.years.iter().filter(|y| y.district == district.id && y.stage == stage.id);
                    let Some(peak) = of.max_by_key(|y| (y.demand, std::cmp::Reverse(y.year))) else {
                        continue;
                    };
                    table.add_row(vec![
                        run.variant.clone(),
                        district.name.in_lang(lang).to_owned(),
                        stage.name.in_lang(lang).to_owned(),
                        peak.year.to_string(),
                        thousands(peak.demand),
                    ]);
                }
            }
        }
        table
    }
}

/// The charts of a comparison, drawn from its document.
pub fn compare_charts(document: &CompareDocument, lang: Lang) -> Vec<Chart> {
    charts::compare_charts(document, lang)
}

/// `comparison.csv`: one figure a row; totals have a blank district, stage and year.
fn comparison(document: &CompareDocument, options: Options) -> Vec<u8> {
    let heading = ["scenario", "variant", "programme", "district", "stage", "year", "measure", "value"];
    let mut table = Table::new(options, &heading);
    for run in &document.runs {
        let mut row = |district: &str, stage: &str, year: String, measure: &str, value: f64| {
            table.row([
                text_cell(&document.scenario.id),
                text_cell(&run.variant),
                text_cell(&run.programme),
                text_cell(district),
                text_cell(stage),
                year,
                measure.to_owned(),
                number_cell(value),
            ]);
        };
        if let Some(outcome) = &run.outcome {
            for (measure, value) in [
                ("mean_shortage", outcome.mean_shortage),
                ("cvar95_shortage", outcome.cvar95_shortage),
                ("p_all_secured", outcome.p_all_secured),
                ("idle_seat_years", outcome.idle_seat_years),
                ("cost", outcome.cost),
                ("regret", outcome.regret),
            ] {
                row("", "", String::new(), measure, value);
            }
        }
        for year in &run.years {
            let mut of =
                |measure, value| row(&year.district, &year.stage, year.year.to_string(), measure, value);
            of("demand", year.demand as f64);
            if let Some(supply) = &year.supply {
                of("places", supply.places as f64);
                of("expected_shortage", supply.expected_shortage);
                of("p_shortage", supply.p_shortage);
            }
        }
    }
    table.finish()
}
