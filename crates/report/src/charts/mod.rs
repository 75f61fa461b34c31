//! The charts of a run, drawn from its written results alone.

mod cycle;
mod gap;
mod heat;
mod ledger;
mod programme;
mod sweep;
mod tide;
mod waterfall;

use seatcast_core::Lang;
use seatcast_plot::{
    Caption, CompareFigure, FrontFigure, GapFigure, HeatFigure, LedgerFigure, PlotError, PolicyFigure,
    ProgrammeFigure, TideFigure, WaterfallFigure, compare_svg, front_svg, gap_svg, heat_svg, ledger_svg, png,
    policies_svg, programme_svg, tide_svg, waterfall_svg,
};

use crate::{
    File,
    compare::CompareDocument,
    cycle::CycleDocument,
    document::{Document, ScenarioLine, Text},
    names::Taken,
    results::Results,
    sweep::SweepDocument,
};

/// Scale of the PNG beside each SVG.
const PNG_SCALE: f32 = 2.0;

/// The data of one chart.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Figure {
    /// Places against demand of an area and stage.
    Gap(GapFigure),
    /// Utilisation by zone and year.
    Heat(HeatFigure),
    /// Dates of the projects.
    Programme(ProgrammeFigure),
    /// A shortage from its reference to its year.
    Waterfall(WaterfallFigure),
    /// Demand, places and what is idle, to t+15.
    Tide(TideFigure),
    /// Milestones and openings by the ledger.
    Ledger(LedgerFigure),
    /// Money against shortage over the schedules of a sweep.
    Front(FrontFigure),
    /// Shortage of several runs.
    Compare(CompareFigure),
    /// Policies on the plane of money and shortage.
    Policies(PolicyFigure),
}

/// Which charts there are. The code of a kind is the beginning of its file names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChartKind {
    /// Places against demand of a district and stage.
    Gap,
    /// The same of each zone, and of each sharing group of several zones.
    Zone,
    /// Utilisation by zone and year.
    Heat,
    /// Dates of the projects of a district.
    Programme,
    /// The largest shortage of a district and stage, explained.
    Waterfall,
    /// Demand, places and what is idle in a district, to t+15.
    Tide,
    /// Milestones and openings by the ledger of a district.
    Ledger,
    /// Money against shortage over the schedules of a sweep.
    Front,
    /// Shortage of the runs of a comparison.
    Compare,
    /// Policies of a closed loop on the plane of money and shortage.
    Policies,
    /// Share of the futures in which a child is without a place, by year and policy.
    Chances,
    /// Share of the futures in which a sharing group is short, by year, under the policy in question.
    ChanceMap,
    /// Pupils and places along one future.
    Future,
    /// What the policy in question decided along it.
    Decisions,
}

impl ChartKind {
    /// Every kind: the first seven of a run, then of a sweep, of a comparison, of a closed loop.
    pub const ALL: [ChartKind; 14] = [
        ChartKind::Gap,
        ChartKind::Zone,
        ChartKind::Heat,
        ChartKind::Programme,
        ChartKind::Waterfall,
        ChartKind::Tide,
        ChartKind::Ledger,
        ChartKind::Front,
        ChartKind::Compare,
        ChartKind::Policies,
        ChartKind::Chances,
        ChartKind::ChanceMap,
        ChartKind::Future,
        ChartKind::Decisions,
    ];

    /// Code on the command line and beginning of file names.
    pub fn code(self) -> &'static str {
        match self {
            ChartKind::Gap => "gap",
            ChartKind::Zone => "zone",
            ChartKind::Heat => "heat",
            ChartKind::Programme => "programme",
            ChartKind::Waterfall => "waterfall",
            ChartKind::Tide => "tide",
            ChartKind::Ledger => "ledger",
            ChartKind::Front => "front",
            ChartKind::Compare => "compare",
            ChartKind::Policies => "policies",
            ChartKind::Chances => "chances",
            ChartKind::ChanceMap => "chance-map",
            ChartKind::Future => "future",
            ChartKind::Decisions => "decisions",
        }
    }
}

/// A chart with the name of its file.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Its kind.
    pub kind: ChartKind,
    /// Name of its file, without ending.
    pub name: String,
    /// Its data.
    pub figure: Figure,
}

impl Figure {
    /// The chart as a self-contained SVG document.
    ///
    /// # Errors
    /// [`PlotError`] if it cannot be drawn.
    pub fn svg(&self) -> Result<String, PlotError> {
        match self {
            Figure::Gap(figure) => gap_svg(figure),
            Figure::Heat(figure) => heat_svg(figure),
            Figure::Programme(figure) => programme_svg(figure),
            Figure::Waterfall(figure) => waterfall_svg(figure),
            Figure::Tide(figure) => tide_svg(figure),
            Figure::Ledger(figure) => ledger_svg(figure),
            Figure::Front(figure) => front_svg(figure),
            Figure::Compare(figure) => compare_svg(figure),
            Figure::Policies(figure) => policies_svg(figure),
        }
    }
}

/// The charts of a run.
pub fn charts(results: &Results, lang: Lang) -> Vec<Chart> {
    let mut charts = gap::districts(results, lang);
    charts.extend(gap::zones(results, lang));
    if results.document.scenario.has_places {
        charts.extend(heat::charts(results, lang));
        charts.extend(programme::charts(results, lang));
        charts.extend(waterfall::charts(results, lang));
        charts.extend(tide::charts(results, lang));
        charts.extend(ledger::charts(results, lang));
    }
    named_apart(charts)
}

/// The charts, each with a file name of its own: two keys may become the same.
fn named_apart(mut charts: Vec<Chart>) -> Vec<Chart> {
    let mut taken = Taken::default();
    for chart in &mut charts {
        chart.name = taken.name(&chart.name);
    }
    charts
}

/// The charts of a sweep.
pub(crate) fn sweep_charts(document: &SweepDocument, lang: Lang) -> Vec<Chart> {
    named_apart(sweep::front(document, lang))
}

/// The charts of a closed loop.
pub(crate) fn cycle_charts(document: &CycleDocument, lang: Lang) -> Vec<Chart> {
    named_apart(cycle::charts(document, lang))
}

/// The charts of a comparison.
pub(crate) fn compare_charts(document: &CompareDocument, lang: Lang) -> Vec<Chart> {
    named_apart(sweep::compare(document, lang))
}

/// Charts as files below `folder`: SVG, and PNG where `with_png` says so.
///
/// # Errors
/// [`PlotError`] if a chart cannot be drawn.
pub fn chart_files(
    charts: &[Chart],
    folder: &str,
    with_png: impl Fn(ChartKind) -> bool,
) -> Result<Vec<File>, PlotError> {
    let mut files = Vec::new();
    for chart in charts {
        let svg = chart.figure.svg()?;
        if with_png(chart.kind) {
            files.push((format!("{folder}{}.png", chart.name), png(&svg, PNG_SCALE)?));
        }
        files.push((format!("{folder}{}.svg", chart.name), svg.into_bytes()));
    }
    Ok(files)
}

fn caption(document: &Document, title: String, lang: Lang) -> Caption {
    let (draws, seed) = (document.settings.draws, document.settings.seed);
    made(&document.scenario, &document.uncertainty, title, &drawn(draws, seed, lang), lang)
}

/// How a run was made.
fn drawn(draws: u32, seed: u64, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{draws} 次抽样，种子 {seed}"),
        Lang::En => format!("{draws} draws, seed {seed}"),
    }
}

/// Title and notice, and the line under a chart: source, how it was made, and what the bands rest on.
fn made(scenario: &ScenarioLine, rests_on: &Text, title: String, how: &str, lang: Lang) -> Caption {
    let stated = scenario.source.in_lang(lang);
    let stated =
        if stated.is_empty() { String::new() } else { format!("{stated}{}", lang.pick("。", ". ")) };
    let (comma, semicolon) = (lang.pick("，", ", "), lang.pick("；", "; "));
    let source = format!("{stated}seatcast{comma}{how}{semicolon}{}", rests_on.in_lang(lang));
    Caption { title, notice: scenario.notice.in_lang(lang).to_owned(), source, lang }
}

/// A name, with the area it lies in before it where there are several.
fn within(outer: &Text, inner: &Text, several: bool, lang: Lang) -> String {
    if several {
        format!("{} · {}", outer.in_lang(lang), inner.in_lang(lang))
    } else {
        inner.in_lang(lang).to_owned()
    }
}
