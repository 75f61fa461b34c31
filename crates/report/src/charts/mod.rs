//! The figures of the charts: of a run from rows of its tables, of a sweep, a closed loop and a comparison from their
//! documents, of a back-test from its scores.

mod backtest;
mod compare;
mod cycle;
mod gap;
mod heat;
mod ledger;
mod programme;
pub(crate) mod rows;
mod sweep;
mod tide;
mod waterfall;

use seatcast_core::Lang;
use seatcast_plot::{
    Caption, CompareFigure, FrontFigure, GapFigure, HeatFigure, LedgerFigure, PlotError, PolicyFigure,
    ProgrammeFigure, TideFigure, WaterfallFigure, compare_svg, front_svg, gap_svg, heat_svg, ledger_svg, png,
    policies_svg, programme_svg, tide_svg, waterfall_svg,
};

use rows::ChartRows;

use crate::{
    File, Run,
    documents::{
        ScenarioLine, Text, compare::CompareDocument, cycle::CycleDocument, run::Document,
        sweep::SweepDocument,
    },
    names::Taken,
};

pub use backtest::charts as backtest_charts;

/// Scale of the PNG beside each SVG.
pub(crate) const PNG_SCALE: f32 = 2.0;

/// Declares what can be drawn: the data of a figure, and what draws it.
macro_rules! drawings {
    ($($(#[$doc:meta])* $name:ident($data:ty), $draw:path;)+) => {
        /// The data of one chart.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum Figure {
            $($(#[$doc])* $name($data),)+
        }

        impl Figure {
            /// The chart as a self-contained SVG document.
            ///
            /// # Errors
            /// [`PlotError`] if it cannot be drawn.
            pub fn svg(&self) -> Result<String, PlotError> {
                match self {
                    $(Figure::$name(figure) => $draw(figure),)+
                }
            }
        }
    };
}
drawings! {
    /// Places against demand of an area and stage.
    Gap(GapFigure), gap_svg;
    /// Utilisation by zone and year.
    Heat(HeatFigure), heat_svg;
    /// Dates of the projects.
    Programme(ProgrammeFigure), programme_svg;
    /// A shortage from its reference to its year.
    Waterfall(WaterfallFigure), waterfall_svg;
    /// Demand, places and what is idle, to t+15.
    Tide(TideFigure), tide_svg;
    /// Milestones and openings by the ledger.
    Ledger(LedgerFigure), ledger_svg;
    /// Money against shortage over the schedules of a sweep.
    Front(FrontFigure), front_svg;
    /// Shortage of several runs.
    Compare(CompareFigure), compare_svg;
    /// Policies on the plane of money and shortage.
    Policies(PolicyFigure), policies_svg;
}

/// Declares which charts there are, with the code of each.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)+) => {
        /// Which charts there are. The code of a kind is the beginning of its file names.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum ChartKind {
            $($(#[$doc])* $name,)+
        }

        impl ChartKind {
            /// Every kind: the first seven of a run, then of a sweep, of a comparison, of a closed loop.
            pub const ALL: [ChartKind; { [$($code),+].len() }] = [$(ChartKind::$name),+];

            /// Code on the command line and beginning of file names.
            pub fn code(self) -> &'static str {
                match self {
                    $(ChartKind::$name => $code,)+
                }
            }
        }
    };
}
kinds! {
    /// Places against demand of a district and stage.
    Gap = "gap";
    /// The same of each zone, and of each sharing group of several zones.
    Zone = "zone";
    /// Utilisation by zone and year.
    Heat = "heat";
    /// Dates of the projects of a district.
    Programme = "programme";
    /// The largest shortage of a district and stage, explained.
    Waterfall = "waterfall";
    /// Demand, places and what is idle in a district, to t+15.
    Tide = "tide";
    /// Milestones and openings by the ledger of a district.
    Ledger = "ledger";
    /// Money against shortage over the schedules of a sweep.
    Front = "front";
    /// Shortage of the runs of a comparison.
    Compare = "compare";
    /// Policies of a closed loop on the plane of money and shortage.
    Policies = "policies";
    /// Share of the futures in which a child is without a place, by year and policy.
    Chances = "chances";
    /// Share of the futures in which a sharing group is short, by year, under the policy in question.
    ChanceMap = "chance-map";
    /// Pupils and places along one future.
    Future = "future";
    /// What the policy in question decided along it.
    Decisions = "decisions";
}

/// Makes the charts of one kind from the rows of a run.
type OfRun = fn(&ChartRows<'_>, Lang) -> Vec<Chart>;

/// The charts of a run without places, and those that need them.
const OF_DEMAND: [OfRun; 2] = [gap::districts, gap::zones];
const OF_PLACES: [OfRun; 5] =
    [heat::charts, programme::charts, waterfall::charts, tide::charts, ledger::charts];

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

/// The charts of a run.
pub fn run_charts(run: &Run<'_>, lang: Lang) -> Vec<Chart> {
    charts(&ChartRows::of(run, lang), lang)
}

/// The charts of the run that these rows are of.
pub(crate) fn charts(results: &ChartRows<'_>, lang: Lang) -> Vec<Chart> {
    let known = results.document.scenario.has_places;
    let kinds = OF_DEMAND.iter().chain(OF_PLACES.iter().filter(|_| known));
    let charts: Vec<Chart> = kinds.flat_map(|of| of(results, lang)).collect();
    named_apart(charts)
}

/// The charts of a sweep, drawn from its document.
pub(crate) fn sweep_charts(document: &SweepDocument, lang: Lang) -> Vec<Chart> {
    named_apart(sweep::charts(document, lang))
}

/// The charts of a closed loop, drawn from its document.
pub fn cycle_charts(document: &CycleDocument, lang: Lang) -> Vec<Chart> {
    named_apart(cycle::charts(document, lang))
}

/// The charts of a comparison, drawn from its document.
pub(crate) fn compare_charts(document: &CompareDocument, lang: Lang) -> Vec<Chart> {
    named_apart(compare::charts(document, lang))
}

/// The charts, each with a file name of its own: two keys may become the same.
fn named_apart(mut charts: Vec<Chart>) -> Vec<Chart> {
    let mut taken = Taken::default();
    for chart in &mut charts {
        chart.name = taken.name(&chart.name);
    }
    charts
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
