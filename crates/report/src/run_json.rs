//! The document of a run: its summary, and everything needed to make the same bytes again.

use seatcast_core::{Lang, Scenario, balance::Figure, cycle::Step, geography::Area, time::Look};

use crate::{
    Run,
    document::{
        ActionCount, Document, FrameLines, GroupLine, Named, OverrideLine, ProjectDate, ScenarioLine,
        SettingsLine, StageLine, StageYear, Text, ZoneLine, pretty,
    },
    text, tide, words,
};

/// The summary for a script that asked for JSON on the terminal: `run.json` of a run whose other files are `files`.
pub fn summary_json(run: &Run<'_>, lang: Lang, files: &[String]) -> String {
    pretty(&Document { files: files.to_vec(), ..document(run, lang) })
}

/// The document of a run that has no other file yet.
pub(crate) fn document(run: &Run<'_>, lang: Lang) -> Document {
    let scenario = run.scenario;
    let provenance = run.provenance;
    let known = scenario.has_places();
    let t = scenario.horizon.secure.min(scenario.years_ahead() as i32) as usize;
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
            .zip(run.last_safe)
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
                let places = |a: &&seatcast_core::cycle::Action| {
                    if step == Step::Uncovered { a.missing } else { a.adds }
                };
                ActionCount {
                    action: step.code().to_owned(),
                    count: of.len(),
                    places: of.iter().map(places).sum(),
                }
            })
            .collect(),
        worst: if known { text::worst(run) } else { Vec::new() },
        uncertainty: Text::both(|lang| words::basis_line(scenario, lang)),
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

/// The scenario in one line.
pub(crate) fn scenario_line(scenario: &Scenario, variant: &str) -> ScenarioLine {
    ScenarioLine {
        id: scenario.id.clone(),
        variant: variant.to_owned(),
        name: (&scenario.name).into(),
        base_year: scenario.base_year,
        until: scenario.until,
        round: scenario.round().to_string(),
        notice: (&scenario.display.notice).into(),
        source: (&scenario.display.source).into(),
        has_places: scenario.has_places(),
    }
}

/// What results are keyed by, with names.
pub(crate) fn frame_lines(scenario: &Scenario, assumed_from: &[Option<usize>]) -> FrameLines {
    let frame = &scenario.frame;
    FrameLines {
        districts: frame
            .districts
            .iter()
            .map(|d| Named { id: d.id.clone(), name: (&d.name).into() })
            .collect(),
        groups: frame
            .groups
            .iter()
            .map(|g| GroupLine {
                id: g.id.clone(),
                name: (&g.name).into(),
                district: frame.districts[g.district].id.clone(),
            })
            .collect(),
        zones: frame
            .zones
            .iter()
            .enumerate()
            .map(|(z, zone)| ZoneLine {
                id: zone.id.clone(),
                name: (&zone.name).into(),
                group: frame.groups[zone.group].id.clone(),
                district: frame.districts[frame.district_of(z)].id.clone(),
                tile: zone.tile,
                births_assumed_from: (0..frame.stages.len())
                    .filter_map(|p| assumed_from.get(z * frame.stages.len() + p).copied().flatten())
                    .min()
                    .map(|t| scenario.base_year + t as i32),
                assumed_from: (0..frame.stages.len())
                    .filter_map(|p| {
                        let from = tide::assumed(frame, assumed_from, z, p)?;
                        Some((frame.stages[p].id.clone(), scenario.base_year + from as i32))
                    })
                    .collect(),
            })
            .collect(),
        stages: frame
            .stages
            .iter()
            .map(|s| StageLine {
                id: s.id.clone(),
                name: (&s.name).into(),
                grades: s.grades.clone(),
                class_size: s.class_size,
            })
            .collect(),
    }
}

fn settings_line(run: &Run<'_>, lang: Lang) -> SettingsLine {
    let (scenario, provenance) = (run.scenario, run.provenance);
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
    let (scenario, balances) = (run.scenario, run.balances);
    let frame = &scenario.frame;
    let mut rows = Vec::new();
    for (d, district) in frame.districts.iter().enumerate() {
        let zones = frame.zones_in(Area::District(d));
        for (p, stage) in frame.stages.iter().enumerate() {
            for (t, year) in scenario.years().enumerate() {
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
                    new_gap: (known && t > 0).then(|| central(Figure::NewGap)),
                });
            }
        }
    }
    rows
}
