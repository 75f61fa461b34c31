//! Results of the rule in closed loop: `policies.csv`, `futures.csv`, `chances.csv`, `worths.csv`, `levels.csv`,
//! `decisions.csv`, `since.csv`, `letter.md`, `cycle.json`.

use seatcast_core::{
    Lang, Scenario,
    cycle::{Action, FiledRound, Policy, Turned},
};
use serde::{Deserialize, Serialize};

use crate::{
    File, Input, Note, Options,
    charts::{self, Chart},
    document::{ScenarioLine, Text, pretty},
    long::{Table, number_cell, text_cell},
    round::since_table,
    text::{grid, note, results_in},
    words::{self, thousands},
};

/// The file that marks the folder of a closed loop.
pub(crate) const MANIFEST: &str = "cycle.json";

/// A figure over many futures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Its name.
    pub measure: String,
    /// Over which futures: `all`, `calm` (nothing broke), `broken`.
    pub futures: String,
    /// How many.
    pub count: u32,
    /// Mean.
    pub mean: f64,
    /// Standard error of the mean.
    pub error: f64,
    /// Mean of the worst 5 % of the futures.
    pub cvar95: f64,
    /// Quantiles.
    pub p10: f64,
    /// Quantiles.
    pub p90: f64,
}

/// One policy and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PolicyLine {
    /// Its name.
    pub policy: String,
    /// Years looked, planned, secured.
    pub horizon: (i32, i32, i32),
    /// Levels of plan and secure.
    pub levels: (f64, f64),
    /// Figures.
    pub figures: Vec<Figure>,
    /// Share of the futures in which any child is without a place, by year from the first.
    pub p_any_short: Vec<f64>,
    /// The same by sharing group and stage, group-major, year by year; empty for perfect foresight.
    pub p_short: Vec<Vec<f64>>,
}

impl PolicyLine {
    /// A figure over all futures.
    pub fn figure(&self, measure: &str) -> Option<&Figure> {
        self.figures.iter().find(|f| f.measure == measure && f.futures == "all")
    }
}

/// What one thing is worth: the policy that has it less the one that lacks it, on the same futures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorthLine {
    /// What.
    pub worth: String,
    /// The policy that has it.
    pub with: String,
    /// The policy that lacks it.
    pub without: String,
    /// Differences: `with` less `without`.
    pub figures: Vec<Figure>,
}

/// One pair of levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelLine {
    /// Plan level.
    pub plan: f64,
    /// Secure level.
    pub secure: f64,
    /// Figures.
    pub figures: Vec<Figure>,
}

/// One future, stage by stage: pupils, and places under each policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExampleLine {
    /// District.
    pub district: String,
    /// Stage.
    pub stage: String,
    /// Places asked for, by year from the base year.
    pub demand: Vec<i64>,
    /// Places by policy.
    pub places: Vec<(String, Vec<i64>)>,
}

/// When the rule decided a project in the example.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExampleProject {
    /// Key of the stage.
    pub stage: String,
    /// Name of the project.
    pub name: Text,
    /// Months (12 x year + month - 1) in which its site gate was opened and its build gate; opening.
    pub site: Option<i32>,
    /// Build gate.
    pub build: i32,
    /// First September in use.
    pub opens: i32,
    /// First September with all places usable.
    pub full: i32,
}

/// `cycle.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CycleDocument {
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
    /// Keys and names of the districts.
    pub districts: Vec<(String, Text)>,
    /// Names of the sharing groups.
    pub groups: Vec<Text>,
    /// Keys and names of the stages.
    pub stages: Vec<(String, Text)>,
    /// Futures.
    pub futures: u32,
    /// Years.
    pub years: u32,
    /// Draws of every forecast.
    pub draws: u32,
    /// Seed.
    pub seed: u64,
    /// Modules held ready in the policy that holds them.
    pub held: u32,
    /// What a child short and an idle place cost a year, a site and hurrying as shares of the capital.
    pub prices: [f64; 4],
    /// How often each break happens, and how much larger the shocks are than the forecaster's.
    pub breaks: Vec<(String, f64)>,
    /// Share of the futures in which perfect foresight was found exactly.
    pub exact: f64,
    /// Where the sizes of the shocks come from.
    pub uncertainty: Text,
    /// Files read.
    pub inputs: Vec<Input>,
    /// Policies, the one in question first, perfect foresight last.
    pub policies: Vec<PolicyLine>,
    /// What things are worth.
    pub worths: Vec<WorthLine>,
    /// The grid over both levels.
    pub levels: Vec<LevelLine>,
    /// The first future.
    pub example: Vec<ExampleLine>,
    /// What the policy in question decided in it.
    pub projects: Vec<ExampleProject>,
    /// Fallbacks and defaults taken.
    pub notes: Vec<Note>,
    /// Files of the folder.
    pub files: Vec<String>,
}

/// One future under one policy.
#[derive(Debug, Clone, PartialEq)]
pub struct FutureRow {
    /// Number.
    pub future: u64,
    /// What broke, and when (years after the base year; 0 = not in one year).
    pub breaks: Vec<(String, usize)>,
    /// Policy.
    pub policy: String,
    /// Measures.
    pub measures: Vec<(&'static str, f64)>,
}

/// A finished closed loop, ready to be written.
#[derive(Debug, Clone)]
pub struct CycleRun<'a> {
    /// The scenario, modules held ready among its projects.
    pub scenario: &'a Scenario,
    /// Futures.
    pub rows: Vec<FutureRow>,
    /// Decisions of the first future, by policy.
    pub decisions: Vec<(&'a Policy, &'a [Action])>,
    /// The year's letter.
    pub letter: String,
    /// The round archived last, and what became of its decisions.
    pub since: Option<(&'a FiledRound, &'a [Turned])>,
    /// Everything else.
    pub document: CycleDocument,
}

/// Every file of a closed loop.
///
/// # Errors
/// [`seatcast_plot::PlotError`] if a chart cannot be drawn.
pub fn cycle_files(run: &CycleRun<'_>, options: Options) -> Result<Vec<File>, seatcast_plot::PlotError> {
    let mut files = vec![
        ("policies.csv".to_owned(), policies(run, options)),
        ("chances.csv".to_owned(), chances(run, options)),
        ("worths.csv".to_owned(), worths(run, options)),
        ("levels.csv".to_owned(), levels(run, options)),
        ("futures.csv".to_owned(), futures(run, options)),
        ("decisions.csv".to_owned(), decisions(run, options)),
        ("letter.md".to_owned(), run.letter.clone().into_bytes()),
    ];
    if let Some((filed, turned)) = run.since {
        files.push(("since.csv".to_owned(), since_table(run.scenario, filed, turned, options)));
    }
    if options.charts {
        let charts = charts::cycle_charts(&run.document, options.lang);
        files.extend(charts::chart_files(&charts, "charts/", |_| true)?);
    }
    files.sort();
    let names = files.iter().map(|(name, _)| name.clone()).collect();
    let document = CycleDocument { files: names, ..run.document.clone() };
    files.push((MANIFEST.to_owned(), pretty(&document).into_bytes()));
    Ok(files)
}

/// The charts of a closed loop, drawn from its document.
pub fn cycle_charts(document: &CycleDocument, lang: Lang) -> Vec<Chart> {
    charts::cycle_charts(document, lang)
}

impl CycleDocument {
    /// Where the sizes of the shocks come from, for a document.
    pub fn uncertainty_of(scenario: &Scenario) -> Text {
        Text::both(|lang| words::loop_basis_line(scenario, lang))
    }

    /// The document as text, with the names of the files written.
    pub fn json(self, files: &[String]) -> String {
        pretty(&Self { files: files.to_vec(), ..self })
    }
}

const FIGURE: [&str; 8] = ["measure", "futures", "count", "mean", "standard_error", "cvar95", "p10", "p90"];

fn figure_cells(figure: &Figure) -> Vec<String> {
    let mut cells = vec![figure.measure.clone(), figure.futures.clone(), figure.count.to_string()];
    cells.extend([figure.mean, figure.error, figure.cvar95, figure.p10, figure.p90].map(number_cell));
    cells
}

fn policies(run: &CycleRun<'_>, options: Options) -> Vec<u8> {
    let heading: Vec<&str> = ["policy", "outlook", "plan", "secure", "plan_level", "secure_level"]
        .into_iter()
        .chain(FIGURE)
        .collect();
    let mut table = Table::new(options, &heading);
    for line in &run.document.policies {
        for figure in &line.figures {
            let (outlook, plan, secure) = line.horizon;
            let mut cells = vec![text_cell(&line.policy)];
            // perfect foresight has neither horizon nor level
            let of = |n: i32| if n == 0 { String::new() } else { n.to_string() };
            let level = |x: f64| if x > 0.0 { number_cell(x) } else { String::new() };
            cells.extend([of(outlook), of(plan), of(secure), level(line.levels.0), level(line.levels.1)]);
            cells.extend(figure_cells(figure));
            table.row(cells);
        }
    }
    table.finish()
}

fn chances(run: &CycleRun<'_>, options: Options) -> Vec<u8> {
    let frame = &run.scenario.frame;
    let mut table = Table::new(options, &["policy", "group", "stage", "year", "p_short"]);
    let base = run.scenario.base_year;
    for line in &run.document.policies {
        for (t, p) in line.p_any_short.iter().enumerate() {
            let year = (base + 1 + t as i32).to_string();
            table.row([text_cell(&line.policy), String::new(), String::new(), year, number_cell(*p)]);
        }
        for (cell, row) in line.p_short.iter().enumerate() {
            let (group, stage) = (cell / frame.stages.len(), cell % frame.stages.len());
            for (t, p) in row.iter().enumerate() {
                table.row([
                    text_cell(&line.policy),
                    text_cell(&frame.groups[group].id),
                    text_cell(&frame.stages[stage].id),
                    (base + 1 + t as i32).to_string(),
                    number_cell(*p),
                ]);
            }
        }
    }
    table.finish()
}

fn worths(run: &CycleRun<'_>, options: Options) -> Vec<u8> {
    let heading: Vec<&str> = ["worth", "with", "without"].into_iter().chain(FIGURE).collect();
    let mut table = Table::new(options, &heading);
    for line in &run.document.worths {
        for figure in &line.figures {
            let mut cells = vec![line.worth.clone(), text_cell(&line.with), text_cell(&line.without)];
            cells.extend(figure_cells(figure));
            table.row(cells);
        }
    }
    table.finish()
}

fn levels(run: &CycleRun<'_>, options: Options) -> Vec<u8> {
    let heading: Vec<&str> = ["plan_level", "secure_level"].into_iter().chain(FIGURE).collect();
    let mut table = Table::new(options, &heading);
    for line in &run.document.levels {
        for figure in &line.figures {
            let mut cells = vec![number_cell(line.plan), number_cell(line.secure)];
            cells.extend(figure_cells(figure));
            table.row(cells);
        }
    }
    table.finish()
}

fn futures(run: &CycleRun<'_>, options: Options) -> Vec<u8> {
    let names: Vec<&str> =
        run.rows.first().map_or_else(Vec::new, |r| r.measures.iter().map(|m| m.0).collect());
    let heading: Vec<&str> = ["future", "breaks", "policy"].into_iter().chain(names).collect();
    let mut table = Table::new(options, &heading);
    for row in &run.rows {
        let of = |(code, year): &(String, usize)| {
            if *year == 0 {
                code.clone()
            } else {
                format!("{code} {}", run.scenario.base_year + *year as i32)
            }
        };
        let breaks: Vec<String> = row.breaks.iter().map(of).collect();
        let mut cells = vec![row.future.to_string(), breaks.join("; "), text_cell(&row.policy)];
        cells.extend(row.measures.iter().map(|(_, value)| number_cell(*value)));
        table.row(cells);
    }
    table.finish()
}

fn decisions(run: &CycleRun<'_>, options: Options) -> Vec<u8> {
    let frame = &run.scenario.frame;
    let heading = [
        "policy", "future", "round", "group", "stage", "project", "step", "gate", "for_year", "p_open",
        "need", "supply", "missing", "adds", "p_met", "reason",
    ];
    let mut table = Table::new(options, &heading);
    for (policy, actions) in &run.decisions {
        for action in *actions {
            let project = action.project.map_or("", |j| run.scenario.projects[j].id.as_str());
            table.row([
                text_cell(&policy.name),
                "0".to_owned(),
                action.round.to_string(),
                text_cell(&frame.groups[action.group].id),
                text_cell(&frame.stages[action.stage].id),
                text_cell(project),
                action.step.code().to_owned(),
                action.gate.map_or("", seatcast_core::cycle::Gate::code).to_owned(),
                action.for_year.to_string(),
                action.p_open.map_or_else(String::new, |p| format!("{p:.3}")),
                action.need.to_string(),
                action.supply.to_string(),
                action.missing.to_string(),
                action.adds.to_string(),
                action.p_met.map_or_else(String::new, |p| format!("{p:.3}")),
                text_cell(&words::reason_of(
                    action,
                    action.round.year,
                    policy.levels,
                    policy.horizon,
                    options.lang,
                )),
            ]);
        }
    }
    table.finish()
}

/// The closed loop in words: the policies side by side, and what things are worth.
pub fn cycle_text(run: &CycleRun<'_>, lang: Lang, files: Option<&str>) -> String {
    let document = &run.document;
    let mut out = format!("{}\n", document.scenario.name.in_lang(lang));
    let notice = document.scenario.notice.in_lang(lang);
    if !notice.is_empty() {
        out.push_str(&format!("! {notice}\n"));
    }
    let (futures, years, draws, seed) = (document.futures, document.years, document.draws, document.seed);
    out.push_str(&match lang {
        Lang::Zh => format!("{futures} 种未来 × {years} 年，每轮预测 {draws} 次抽样，种子 {seed}\n"),
        Lang::En => format!("{futures} futures x {years} years, {draws} draws a forecast, seed {seed}\n"),
    });
    out.push_str(&policy_table(document, lang));
    out.push_str(&worth_table(document, lang));
    out.push('\n');
    out.push_str(&note(document.uncertainty.in_lang(lang), lang));
    out.push_str(&results_in(files, lang));
    out
}

fn policy_table(document: &CycleDocument, lang: Lang) -> String {
    let heading = match lang {
        Lang::Zh => [
            "规则",
            "缺口（人·年）",
            "最差 5%",
            "有人无学位的年份",
            "闲置（个·年）",
            "投入（百万）",
            "后悔值（百万）",
        ],
        Lang::En => [
            "policy",
            "short (seat-years)",
            "worst 5 %",
            "years with a child short",
            "idle (seat-years)",
            "committed (million)",
            "regret (million)",
        ],
    };
    let mut table = grid(heading.iter().map(|h| (*h).to_owned()).collect());
    let whole = |x: f64| thousands(x.round() as i64);
    for line in &document.policies {
        let mean = |measure: &str, scale: f64| {
            line.figure(measure).map_or_else(String::new, |f| {
                format!("{} ± {}", whole(f.mean / scale), whole(1.96 * f.error / scale))
            })
        };
        table.add_row(vec![
            words::policy(&line.policy, lang),
            mean("shortage", 1.0),
            line.figure("shortage").map_or_else(String::new, |f| whole(f.cvar95)),
            line.figure("years_short").map_or_else(String::new, |f| format!("{:.1}", f.mean)),
            mean("idle", 1.0),
            mean("committed", 1e6),
            mean("regret", 1e6),
        ]);
    }
    format!("\n{table}\n")
}

fn worth_table(document: &CycleDocument, lang: Lang) -> String {
    let heading = match lang {
        Lang::Zh => ["值多少（同一批未来之差，± 95%）", "缺口（人·年）", "投入（百万）", "总评分（百万）"],
        Lang::En => [
            "worth (difference on the same futures, ± 95 %)",
            "short (seat-years)",
            "committed (million)",
            "score (million)",
        ],
    };
    let mut table = grid(heading.iter().map(|h| (*h).to_owned()).collect());
    let whole = |x: f64| thousands(x.round() as i64);
    for line in &document.worths {
        let mean = |measure: &str, scale: f64| {
            let found = line.figures.iter().find(|f| f.measure == measure && f.futures == "all");
            found.map_or_else(String::new, |f| {
                format!("{} ± {}", whole(f.mean / scale), whole(1.96 * f.error / scale))
            })
        };
        table.add_row(vec![
            words::worth(&line.worth, lang).to_owned(),
            mean("shortage", 1.0),
            mean("committed", 1e6),
            mean("score", 1e6),
        ]);
    }
    format!("\n{table}\n")
}
