//! `run.json`: what a run comes to, and everything needed to make the same bytes again. Written by a run, read back by
//! whatever draws from results alone.

use seatcast_core::{
    Lang,
    balance::Figure,
    cycle::{Action, Step},
    geography::Area,
    index::YearOffset,
    time::Look,
};
use serde::{Deserialize, Serialize};

use super::{FrameLines, Input, Note, ScenarioLine, Text, frame_lines, pretty, scenario_line};
use crate::{Run, phrases};

/// The whole document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Marks the folder as written by this program.
    pub program: String,
    /// Version of this format.
    pub format: u32,
    /// Version of the program.
    pub version: String,
    /// The scenario.
    pub scenario: ScenarioLine,
    /// Zones, groups, districts and stages with their names.
    pub frame: FrameLines,
    /// What the run was asked for.
    pub settings: SettingsLine,
    /// Files read, with their hashes.
    pub inputs: Vec<Input>,
    /// By district, stage and year.
    pub summary: Vec<StageYear>,
    /// Share of the draws in which nobody lacks a place next September; nothing where places are not known.
    pub p_all_secured: Option<f64>,
    /// By project.
    pub last_safe_dates: Vec<ProjectDate>,
    /// By step of the round.
    pub actions: Vec<ActionCount>,
    /// The places to look at first.
    pub worst: Vec<Worst>,
    /// Where the sizes of the shocks come from.
    pub uncertainty: Text,
    /// What planners entered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<OverrideLine>,
    /// Fallbacks and defaults taken.
    pub notes: Vec<Note>,
    /// Files of the folder.
    pub files: Vec<String>,
}

/// One override.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverrideLine {
    /// Key.
    pub id: String,
    /// First academic year.
    pub from: i32,
    /// Last academic year; blank for ever.
    pub until: Option<i32>,
    /// Who entered it.
    pub author: String,
    /// When.
    pub date: String,
    /// Why.
    pub reason: String,
}

/// Settings of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the scenario file and the command")]
pub struct SettingsLine {
    pub seed: u64,
    pub draws: u32,
    pub programme: String,
    pub language: String,
    /// Month as known in which the scenario was read; blank for everything.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub as_of: String,
    pub outlook: i32,
    pub plan: i32,
    pub secure: i32,
    pub secure_level: f64,
    pub plan_level: f64,
    pub outlook_level: f64,
    pub reserve_per_mille: u32,
    pub warning_yellow: f64,
    pub warning_red: f64,
}

/// One district, stage and year. Where places are not known only the demand is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are measures of docs/results.md")]
pub struct StageYear {
    pub district: String,
    pub stage: String,
    pub year: i32,
    pub demand: i64,
    pub places: Option<i64>,
    pub shortage: Option<i64>,
    pub expected_shortage: Option<f64>,
    pub p_shortage: Option<f64>,
    pub new_gap: Option<i64>,
}

/// Until when a project may be decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectDate {
    /// Key.
    pub project: String,
    /// First year that misses its level without it.
    pub needed_in: Option<i32>,
    /// Month, or `passed`, `none`, `decided`.
    pub last_safe_date: String,
}

/// Actions of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionCount {
    /// Code of the step.
    pub action: String,
    /// How many.
    pub count: usize,
    /// Places they add; for `uncovered` the pupils.
    pub places: i64,
}

/// A place to look at: a sharing group and stage in its worst year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Worst {
    /// Key of the sharing group.
    pub group: String,
    /// Key of the stage.
    pub stage: String,
    /// The year with the largest expected shortage.
    pub year: i32,
    /// Mean shortage over the draws, pupils.
    pub expected_shortage: f64,
    /// Share of the draws with a shortage.
    pub p_shortage: f64,
    /// Usable places, central.
    pub places: i64,
}

/// The summary for a script that asked for JSON on the terminal: `run.json` of a run whose other files are `files`.
pub fn summary_json(run: &Run<'_>, lang: Lang, files: &[String]) -> String {
    pretty(&Document { files: files.to_vec(), ..document(run, lang) })
}

/// The document of a run that has no other file yet.
pub(crate) fn document(run: &Run<'_>, lang: Lang) -> Document {
    let scenario = run.scenario;
    let provenance = &run.provenance;
    let known = scenario.has_places();
    let t = scenario.secured_year();
    Document {
        program: "seatcast".to_owned(),
        format: 1,
        version: provenance.version.clone(),
        scenario: scenario_line(scenario, &provenance.variant),
        frame: frame_lines(scenario, &run.forecast.assumed_from),
        settings: settings_line(run, lang),
        inputs: provenance.inputs.clone(),
        summary: summary(run),
        p_all_secured: known.then(|| run.balances.all_secured(&scenario.frame, Area::All, t)),
        last_safe_dates: scenario
            .projects
            .iter()
            .zip(&run.last_safe)
            .map(|(project, (needed_in, date))| ProjectDate {
                project: project.id.clone(),
                needed_in: *needed_in,
                last_safe_date: date.code(),
            })
            .collect(),
        actions: [Step::Outlook, Step::Plan, Step::Secure, Step::Uncovered]
            .into_iter()
            .filter(|_| known)
            .map(|step| {
                let of: Vec<_> = run.actions.iter().filter(|a| a.step == step).collect();
                let places = |a: &&Action| {
                    if step == Step::Uncovered { a.missing } else { a.adds }
                };
                ActionCount {
                    action: step.code().to_owned(),
                    count: of.len(),
                    places: of.iter().map(places).sum(),
                }
            })
            .collect(),
        worst: if known { worst(run) } else { Vec::new() },
        uncertainty: Text::both(|lang| phrases::basis_line(scenario, lang)),
        overrides: scenario
            .overrides
            .iter()
            .map(|o| OverrideLine {
                id: o.id.clone(),
                from: o.from,
                until: o.until,
                author: o.author.clone(),
                date: o.date.clone(),
                reason: o.reason.clone(),
            })
            .collect(),
        notes: provenance.notes.clone(),
        files: Vec::new(),
    }
}

fn settings_line(run: &Run<'_>, lang: Lang) -> SettingsLine {
    let (scenario, provenance) = (run.scenario, &run.provenance);
    let levels = scenario.levels;
    SettingsLine {
        seed: provenance.seed,
        draws: provenance.draws,
        programme: provenance.programme.clone(),
        language: lang.pick("zh", "en").to_owned(),
        as_of: provenance.as_of.clone(),
        outlook: scenario.horizon.outlook,
        plan: scenario.horizon.plan,
        secure: scenario.horizon.secure,
        secure_level: levels.of(Look::Secure),
        plan_level: levels.of(Look::Plan),
        outlook_level: levels.of(Look::Outlook),
        reserve_per_mille: scenario.reserve_per_mille,
        warning_yellow: scenario.warning.yellow,
        warning_red: scenario.warning.red,
    }
}

fn summary(run: &Run<'_>) -> Vec<StageYear> {
    let (scenario, balances) = (run.scenario, &run.balances);
    let frame = &scenario.frame;
    let mut rows = Vec::new();
    for (d, district) in frame.districts.pairs() {
        let zones = frame.zones_in(Area::District(d));
        for (p, stage) in frame.stages.pairs() {
            for (t, year) in scenario.calendar() {
                let known = scenario.has_places();
                let central = |figure| balances.central.sum(figure, t, &zones, p);
                let drawn: i64 = balances.draws.iter().map(|b| b.sum(Figure::Shortage, t, &zones, p)).sum();
                rows.push(StageYear {
                    district: district.id.clone(),
                    stage: stage.id.clone(),
                    year,
                    demand: central(Figure::Demand),
                    places: known.then(|| central(Figure::Places)),
                    shortage: known.then(|| central(Figure::Shortage)),
                    expected_shortage: known.then(|| drawn as f64 / balances.draws.len().max(1) as f64),
                    p_shortage: known.then(|| balances.p_shortage(&zones, t, p)),
                    new_gap: (known && t > YearOffset::BASE).then(|| central(Figure::NewGap)),
                });
            }
        }
    }
    rows
}

/// The five worst places to look at, by expected shortage.
pub(crate) fn worst(run: &Run<'_>) -> Vec<Worst> {
    let (scenario, balances) = (run.scenario, &run.balances);
    let frame = &scenario.frame;
    let mut found = Vec::new();
    for (q, group) in frame.groups.pairs() {
        let zones = frame.zones_in(Area::Group(q));
        for (p, stage) in frame.stages.pairs() {
            let expected = |t: YearOffset| -> i64 {
                balances.draws.iter().map(|b| b.sum(Figure::Shortage, t, &zones, p)).sum()
            };
            let years = scenario.coming().map(|t| (expected(t), t));
            // the earliest of equally bad years
            let Some((sum, t)) = years.max_by_key(|&(sum, t)| (sum, std::cmp::Reverse(t))) else { continue };
            if sum > 0 {
                found.push(Worst {
                    group: group.id.clone(),
                    stage: stage.id.clone(),
                    year: scenario.year_of(t),
                    expected_shortage: sum as f64 / balances.draws.len().max(1) as f64,
                    p_shortage: balances.p_shortage(&zones, t, p),
                    places: balances.central.sum(Figure::Places, t, &zones, p),
                });
            }
        }
    }
    found.sort_by(|a, b| b.expected_shortage.total_cmp(&a.expected_shortage));
    found.truncate(5);
    found
}
