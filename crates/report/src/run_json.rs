//! `run.json`: the summary a script reads, and everything needed to make the same bytes again.

use seatcast_core::{Lang, balance::Figure, cycle::Step, geography::Area, time::Look};
use serde::Serialize;

use crate::{Input, Note, Run, text, words};

/// The whole document.
#[derive(Serialize)]
struct Document<'a> {
    /// Marks the folder as written by this program.
    program: &'static str,
    format: u32,
    version: &'a str,
    scenario: ScenarioLine<'a>,
    settings: Settings<'a>,
    inputs: &'a [Input],
    summary: Vec<StageYear>,
    p_all_secured: f64,
    last_safe_dates: Vec<ProjectDate<'a>>,
    actions: Vec<ActionCount>,
    worst: Vec<text::Worst>,
    births_assumed_from: Option<i32>,
    uncertainty: &'static str,
    notes: &'a [Note],
    files: &'a [&'a str],
}

#[derive(Serialize)]
struct ScenarioLine<'a> {
    id: &'a str,
    name: &'a str,
    base_year: i32,
    until: i32,
    round: String,
    notice: &'a str,
    source: &'a str,
}

#[derive(Serialize)]
struct Settings<'a> {
    seed: u64,
    draws: u32,
    programme: &'static str,
    language: &'a str,
    outlook: i32,
    plan: i32,
    secure: i32,
    secure_level: f64,
    plan_level: f64,
    outlook_level: f64,
    reserve_per_mille: u32,
}

/// One district, stage and year.
#[derive(Serialize)]
struct StageYear {
    district: String,
    stage: String,
    year: i32,
    demand: i64,
    places: i64,
    shortage: i64,
    expected_shortage: f64,
    p_shortage: f64,
    new_gap: Option<i64>,
}

#[derive(Serialize)]
struct ProjectDate<'a> {
    project: &'a str,
    needed_in: Option<i32>,
    last_safe_date: String,
}

#[derive(Serialize)]
struct ActionCount {
    action: &'static str,
    count: usize,
    places: i64,
}

/// `run.json` of a run whose other files are `files`.
pub(crate) fn run_json(run: &Run<'_>, lang: Lang, files: &[&str]) -> String {
    let scenario = run.scenario;
    let provenance = run.provenance;
    let levels = scenario.levels;
    let t = scenario.horizon.secure.min(scenario.years_ahead() as i32) as usize;
    let document = Document {
        program: "seatcast",
        format: 1,
        version: &provenance.version,
        scenario: ScenarioLine {
            id: &scenario.id,
            name: scenario.name.in_lang(lang),
            base_year: scenario.base_year,
            until: scenario.until,
            round: scenario.round().to_string(),
            notice: scenario.display.notice.in_lang(lang),
            source: scenario.display.source.in_lang(lang),
        },
        settings: Settings {
            seed: provenance.seed,
            draws: provenance.draws,
            programme: provenance.programme.code(),
            language: lang.pick("zh", "en"),
            outlook: scenario.horizon.outlook,
            plan: scenario.horizon.plan,
            secure: scenario.horizon.secure,
            secure_level: levels.of(Look::Secure),
            plan_level: levels.of(Look::Plan),
            outlook_level: levels.of(Look::Outlook),
            reserve_per_mille: scenario.reserve_per_mille,
        },
        inputs: &provenance.inputs,
        summary: summary(run),
        p_all_secured: run.balances.all_secured(&scenario.frame, Area::All, t),
        last_safe_dates: scenario
            .projects
            .iter()
            .zip(run.last_safe)
            .map(|(project, (needed_in, date))| ProjectDate {
                project: &project.id,
                needed_in: *needed_in,
                last_safe_date: date.code(),
            })
            .collect(),
        actions: [Step::Outlook, Step::Plan, Step::Secure, Step::Uncovered]
            .into_iter()
            .map(|step| {
                let of: Vec<_> = run.actions.iter().filter(|a| a.step == step).collect();
                let places = |a: &&seatcast_core::cycle::Action| {
                    if step == Step::Uncovered { a.missing } else { a.adds }
                };
                ActionCount { action: step.code(), count: of.len(), places: of.iter().map(places).sum() }
            })
            .collect(),
        worst: text::worst(run, lang),
        births_assumed_from: run
            .forecast
            .assumed_from
            .iter()
            .flatten()
            .min()
            .map(|t| scenario.base_year + *t as i32),
        uncertainty: words::shocks_line(scenario, lang),
        notes: &provenance.notes,
        files,
    };
    pretty(&document)
}

/// The summary for a script that asked for JSON on the terminal: `run.json` without its file list.
pub fn summary_json(run: &Run<'_>, lang: Lang, files: &[String]) -> String {
    let names: Vec<&str> = files.iter().map(String::as_str).collect();
    run_json(run, lang, &names)
}

fn summary(run: &Run<'_>) -> Vec<StageYear> {
    let (scenario, balances) = (run.scenario, run.balances);
    let frame = &scenario.frame;
    let mut rows = Vec::new();
    for (d, district) in frame.districts.iter().enumerate() {
        let zones = frame.zones_in(Area::District(d));
        for (p, stage) in frame.stages.iter().enumerate() {
            for (t, year) in scenario.years().enumerate() {
                let central = |figure| balances.central.sum(figure, t, &zones, p);
                let drawn: i64 = balances.draws.iter().map(|b| b.sum(Figure::Shortage, t, &zones, p)).sum();
                rows.push(StageYear {
                    district: district.id.clone(),
                    stage: stage.id.clone(),
                    year,
                    demand: central(Figure::Demand),
                    places: central(Figure::Places),
                    shortage: central(Figure::Shortage),
                    expected_shortage: drawn as f64 / balances.draws.len().max(1) as f64,
                    p_shortage: balances.p_shortage(&zones, t, p),
                    new_gap: (t > 0).then(|| central(Figure::NewGap)),
                });
            }
        }
    }
    rows
}

fn pretty(document: &impl Serialize) -> String {
    // plain data with text keys always serialises
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}
