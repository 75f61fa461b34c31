//! The data of the charts: a figure is made from results alone, then drawn by the plot crate.

use seatcast_core::{
    Lang,
    balance::Figure,
    forecast::quantile,
    geography::{Area, Intake},
    supply::Status,
};
use seatcast_plot::{DemandBand, GapFigure, Mark};

use crate::{Run, words};

/// The seat-gap chart of every district and stage, with the name of its file.
pub fn gap_figures(run: &Run<'_>, lang: Lang) -> Vec<(String, GapFigure)> {
    let frame = &run.scenario.frame;
    let mut figures: Vec<(String, GapFigure)> = Vec::new();
    for d in 0..frame.districts.len() {
        for p in 0..frame.stages.len() {
            let mut name = format!("gap-{}-{}", slug(&frame.districts[d].id), slug(&frame.stages[p].id));
            if figures.iter().any(|(taken, _)| *taken == name) {
                name = format!("{name}-{}", figures.len() + 1);
            }
            figures.push((name, gap_figure(run, d, p, lang)));
        }
    }
    figures
}

fn gap_figure(run: &Run<'_>, d: usize, p: usize, lang: Lang) -> GapFigure {
    let scenario = run.scenario;
    let frame = &scenario.frame;
    let zones = frame.zones_in(Area::District(d));
    let years: Vec<i32> = scenario.years().collect();
    let demand = (0..years.len()).map(|t| band(run, t, &zones, p)).collect();
    let mut layers: [Vec<u64>; 4] = std::array::from_fn(|_| vec![0; years.len()]);
    let mut candidates = vec![0_u64; years.len()];
    let any_candidate = scenario.projects.iter().enumerate().any(|(j, project)| {
        project.status == Status::Candidate
            && project.stage == p
            && zones.contains(&project.zone)
            && !run.supply.in_programme(j)
    });
    for t in 0..years.len() {
        for q in frame.groups_in(Area::District(d)) {
            let places = run.board.places(q, p, t as i32, None);
            for (layer, n) in layers.iter_mut().zip(places) {
                layer[t] += n.max(0).unsigned_abs();
            }
            let all = places.iter().sum::<i64>() + run.board.candidates(q, p, t as i32);
            candidates[t] += all.max(0).unsigned_abs();
        }
    }
    let assumed = zones.iter().filter_map(|&z| assumed_from(run, z, p)).min();
    GapFigure {
        title: words::gap_title(&frame.districts[d].name, &frame.stages[p].name, lang),
        demand,
        layers,
        candidates: any_candidate.then_some(candidates),
        marks: marks(run, lang),
        assumed_from: assumed.map(|t| scenario.base_year + t as i32),
        notice: scenario.display.notice.in_lang(lang).to_owned(),
        source: words::source_line(run, lang),
        years,
        lang,
    }
}

/// The first year in which pupils of zone `z` and stage `p` rest on assumed births: its own entrants do, or those of the
/// stage they come from did before.
fn assumed_from(run: &Run<'_>, z: usize, p: usize) -> Option<usize> {
    let frame = &run.scenario.frame;
    match &frame.stages[p].intake {
        Intake::Pools { .. } => run.forecast.assumed_from[z * frame.stages.len() + p],
        Intake::Stages(from) => {
            from.iter().filter_map(|&q| Some(assumed_from(run, z, q)? + frame.stages[q].grades.len())).min()
        }
    }
}

fn band(run: &Run<'_>, t: usize, zones: &[usize], p: usize) -> DemandBand {
    let demand = |b: &seatcast_core::balance::Balance| b.sum(Figure::Demand, t, zones, p);
    let mut draws: Vec<i64> = run.balances.draws.iter().map(demand).collect();
    if draws.is_empty() {
        draws.push(demand(&run.balances.central));
    }
    draws.sort_unstable();
    let at = |level| quantile(&draws, level).unsigned_abs();
    DemandBand { p10: at(0.10), median: at(0.50), p90: at(0.90) }
}

fn marks(run: &Run<'_>, lang: Lang) -> Vec<Mark> {
    let h = run.scenario.horizon;
    let looks = [(h.secure, "保障", "secure"), (h.plan, "规划", "plan"), (h.outlook, "研判", "outlook")];
    looks
        .into_iter()
        .filter(|(lead, ..)| run.scenario.base_year + lead <= run.scenario.until)
        .map(|(lead, zh, en)| Mark {
            year: run.scenario.base_year + lead,
            label: format!("t+{lead} {}", lang.pick(zh, en)),
        })
        .collect()
}

/// A key as part of a file name.
fn slug(id: &str) -> String {
    id.chars().map(|c| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '-' }).collect()
}
