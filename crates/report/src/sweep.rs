//! Results of a sweep: `schedules.csv`, `front.csv`, `best.csv`, `sweep.json`.

use seatcast_core::{
    Lang, Scenario,
    supply::{Menu, Pick},
};
use serde::{Deserialize, Serialize};

use crate::{
    File, Input, Note, Options,
    charts::{self, Chart},
    document::{ScenarioLine, Text, pretty},
    long::{Table, number_cell, text_cell},
    run_json::scenario_line,
    text::{note, results_in},
    words,
};

/// The file that marks the folder of a sweep.
pub(crate) const MANIFEST: &str = "sweep.json";

/// What a schedule does in one variant.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    /// Mean shortage, seat-years over all groups and coming years.
    pub mean_shortage: f64,
    /// Mean shortage of the worst 5 % of the draws, seat-years.
    pub cvar95_shortage: f64,
    /// Mean shortage of the worst sharing group, stage and year, pupils.
    pub worst_group_year: f64,
    /// Share of the draws in which nobody lacks a place in the year that is secured.
    pub p_all_secured: f64,
    /// Mean idle places, seat-years.
    pub idle_seat_years: f64,
    /// Money to build what is decided and to run it over the years of the run.
    pub cost: f64,
}

/// A measure by its name.
type Named = (&'static str, fn(&Measures) -> f64);

const MEASURES: [Named; 6] = [
    ("mean_shortage", |m| m.mean_shortage),
    ("cvar95_shortage", |m| m.cvar95_shortage),
    ("worst_group_year", |m| m.worst_group_year),
    ("p_all_secured", |m| m.p_all_secured),
    ("idle_seat_years", |m| m.idle_seat_years),
    ("cost", |m| m.cost),
];

/// A schedule with what it does.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduleRow {
    /// Key of the schedule.
    pub key: String,
    /// Its picks, by choice of the menu.
    pub picks: Vec<Pick>,
    /// What it does, by variant.
    pub measures: Vec<Measures>,
    /// Largest regret over the variants, seat-years in the worst draws; nothing with one variant.
    pub regret: Option<f64>,
}

/// How often a project stands in schedules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectStanding {
    /// Key of the project.
    pub project: String,
    /// Name.
    pub name: Text,
    /// Share of all schedules tried that build it.
    pub in_all: f64,
    /// Share of the best schedules that build it.
    pub in_top: f64,
    /// Share of the schedules on the front that build it.
    pub in_front: f64,
    /// Among the best schedules that build it: share by month of decision.
    pub top_rounds: Vec<(String, f64)>,
}

/// What a project is worth in the best plan: shortage with it against without it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectWorth {
    /// Key of the project.
    pub project: String,
    /// Month of decision in the plan; nothing = never.
    pub decide: Option<String>,
    /// Month of decision that "with it" means: that of the plan, or the one in which it would take off most.
    pub with: Option<String>,
    /// Mean shortage that it takes off, seat-years.
    pub mean_shortage: f64,
    /// Shortage of the worst 5 % that it takes off, seat-years.
    pub cvar95_shortage: f64,
    /// Shortage of the worst 5 % that one round later would add, seat-years.
    pub one_round_later: Option<f64>,
    /// Money it costs.
    pub cost: f64,
}

/// From which schedule the best was improved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImprovedLine {
    /// Key of the schedule it started from.
    pub from: String,
    /// Changes of one or two projects taken.
    pub steps: u64,
}

/// A point of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SweepPoint {
    /// Money.
    pub cost: f64,
    /// Shortage of the worst draws, seat-years.
    pub cvar95_shortage: f64,
}

/// How schedules were scored: the result does not depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KernelLine {
    /// `fast` or `general`.
    pub method: String,
    /// Why it is not the fast one: `asked`, `pool`, `worst-year`.
    pub reason: Option<String>,
    /// Width of figures: `u16`, `u32` or `u64`.
    pub width: String,
}

impl KernelLine {
    /// In words, one line.
    fn words(&self, isa: &str, lang: Lang) -> String {
        let width = &self.width;
        let why = match self.reason.as_deref() {
            None => {
                return match lang {
                    Lang::Zh => format!("计算方式：快速（按片区累加），{isa}，{width}\n"),
                    Lang::En => format!("kernel: fast (rows of cells are added up), {isa}, {width}\n"),
                };
            }
            Some("pool") => lang.pick(
                "机动学位可在各学区调用，缺口不能按学区累加",
                "places of a pool may stand in any group, so shortage does not add up",
            ),
            Some("worst-year") => lang.pick(
                "按最差年份计，缺口不能按年份累加",
                "the worst year counts, so shortage does not add up",
            ),
            Some(_) => lang.pick("按要求", "as asked"),
        };
        match lang {
            Lang::Zh => format!("计算方式：逐项，{isa}，{width}；原因：{why}\n"),
            Lang::En => format!("kernel: general, {isa}, {width}: {why}\n"),
        }
    }
}

/// `sweep.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepDocument {
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
    /// Variants the schedules are judged over, the first for front and rank.
    pub variants: Vec<String>,
    /// How schedules were made.
    pub strategy: String,
    /// Schedules scored.
    pub scored: u64,
    /// Whether it was stopped before its last schedule.
    pub stopped: bool,
    /// How schedules were scored.
    pub kernel: KernelLine,
    /// Draws.
    pub draws: u32,
    /// Seed.
    pub seed: u64,
    /// Budget in all.
    pub budget_total: Option<u64>,
    /// Budget by year.
    pub budget_by_year: Vec<(i32, u64)>,
    /// Files read.
    pub inputs: Vec<Input>,
    /// Where the sizes of the shocks come from.
    pub uncertainty: Text,
    /// How often each project stands in good plans.
    pub projects: Vec<ProjectStanding>,
    /// What each project is worth in the best plan.
    pub worth: Vec<ProjectWorth>,
    /// Where the best was improved from, if it was.
    pub improved: Option<ImprovedLine>,
    /// The front, cheapest first.
    pub front: Vec<SweepPoint>,
    /// Schedules tried, thinned evenly.
    pub cloud: Vec<SweepPoint>,
    /// The best schedule.
    pub best: Option<SweepPoint>,
    /// Fallbacks and defaults taken.
    pub notes: Vec<Note>,
    /// Files of the folder.
    pub files: Vec<String>,
}

/// A finished sweep, ready to be written.
#[derive(Debug, Clone)]
pub struct SweepRun<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// What could be chosen.
    pub menu: &'a Menu,
    /// The best schedules, best first.
    pub top: Vec<ScheduleRow>,
    /// The front, cheapest first.
    pub front: Vec<ScheduleRow>,
    /// Vector instructions of this machine: said, not written, for results do not depend on the machine.
    pub isa: &'static str,
    /// Everything else.
    pub document: SweepDocument,
}

impl SweepDocument {
    /// The line of a scenario for a document.
    pub fn scenario_line(scenario: &Scenario) -> ScenarioLine {
        scenario_line(scenario, "")
    }

    /// The document as text, with the names of the files written.
    pub fn json(self, files: &[String]) -> String {
        pretty(&Self { files: files.to_vec(), ..self })
    }

    /// Where the sizes of the shocks come from, for a document.
    pub fn uncertainty_of(scenario: &Scenario) -> Text {
        Text::both(|lang| words::basis_line(scenario, lang))
    }
}

/// Every file of a sweep.
///
/// # Errors
/// [`seatcast_plot::PlotError`] if the chart cannot be drawn.
pub fn sweep_files(run: &SweepRun<'_>, options: Options) -> Result<Vec<File>, seatcast_plot::PlotError> {
    let mut files = vec![
        ("schedules.csv".to_owned(), schedules(run, &run.top, true, options)),
        ("front.csv".to_owned(), schedules(run, &run.front, false, options)),
    ];
    if let Some(best) = run.top.first() {
        files.push(("best.csv".to_owned(), schedule(run, best, options)));
        files.push(("worth.csv".to_owned(), worth(run, options)));
    }
    if options.charts {
        let charts = charts::sweep_charts(&run.document, options.lang);
        files.extend(charts::chart_files(&charts, "charts/", |_| true)?);
    }
    files.sort();
    let names = files.iter().map(|(name, _)| name.clone()).collect();
    let document = SweepDocument { files: names, ..run.document.clone() };
    files.push((MANIFEST.to_owned(), pretty(&document).into_bytes()));
    Ok(files)
}

/// The charts of a sweep, drawn from its document.
pub fn sweep_charts(document: &SweepDocument, lang: Lang) -> Vec<Chart> {
    charts::sweep_charts(document, lang)
}

/// `schedules.csv` and `front.csv`: a row a schedule, its measures, then a column a project with the month of decision.
fn schedules(run: &SweepRun<'_>, rows: &[ScheduleRow], ranked: bool, options: Options) -> Vec<u8> {
    let variants = &run.document.variants;
    let mut heading: Vec<String> = if ranked { vec!["rank".to_owned()] } else { Vec::new() };
    heading.push("schedule".to_owned());
    for variant in variants {
        let suffix = if variants.len() > 1 { format!(".{variant}") } else { String::new() };
        heading.extend(MEASURES.iter().map(|(name, _)| format!("{name}{suffix}")));
    }
    if variants.len() > 1 {
        heading.push("regret".to_owned());
    }
    heading.extend(run.menu.choices.iter().map(|c| text_cell(&c.id)));
    let mut table = Table::new(options, &heading.iter().map(String::as_str).collect::<Vec<_>>());
    for (i, row) in rows.iter().enumerate() {
        let mut cells: Vec<String> = if ranked { vec![(i + 1).to_string()] } else { Vec::new() };
        cells.push(text_cell(&row.key));
        for measures in &row.measures {
            cells.extend(MEASURES.iter().map(|(_, of)| number_cell(of(measures))));
        }
        cells.extend(row.regret.map(number_cell));
        cells.extend(decisions(run, row).map(|(_, month)| month.unwrap_or_default()));
        table.row(cells);
    }
    table.finish()
}

/// `best.csv`: the best schedule as a file that `run --programme` takes.
fn schedule(run: &SweepRun<'_>, row: &ScheduleRow, options: Options) -> Vec<u8> {
    let mut table = Table::new(options, &["project", "decide"]);
    for (id, month) in decisions(run, row) {
        table.row([text_cell(id), month.unwrap_or_else(|| "never".to_owned())]);
    }
    table.finish()
}

/// `worth.csv`: a row a project.
fn worth(run: &SweepRun<'_>, options: Options) -> Vec<u8> {
    let heading =
        ["project", "decide", "with", "mean_shortage", "cvar95_shortage", "one_round_later", "cost"];
    let mut table = Table::new(options, &heading);
    for worth in &run.document.worth {
        table.row([
            text_cell(&worth.project),
            worth.decide.clone().unwrap_or_default(),
            worth.with.clone().unwrap_or_default(),
            number_cell(worth.mean_shortage),
            number_cell(worth.cvar95_shortage),
            worth.one_round_later.map(number_cell).unwrap_or_default(),
            number_cell(worth.cost),
        ]);
    }
    table.finish()
}

fn decisions<'r>(
    run: &'r SweepRun<'_>,
    row: &'r ScheduleRow,
) -> impl Iterator<Item = (&'r str, Option<String>)> {
    let picked = run.menu.choices.iter().zip(&row.picks);
    picked.map(|(choice, pick)| (choice.id.as_str(), pick.map(|r| choice.rounds[r].to_string())))
}

/// The sweep in words: what was tried, what is best, which projects stand in good plans.
pub fn sweep_text(run: &SweepRun<'_>, lang: Lang, files: Option<&str>) -> String {
    let document = &run.document;
    let mut out = format!("{}\n", document.scenario.name.in_lang(lang));
    let notice = document.scenario.notice.in_lang(lang);
    if !notice.is_empty() {
        out.push_str(&format!("! {notice}\n"));
    }
    let (scored, draws, strategy) = (document.scored, document.draws, &document.strategy);
    out.push_str(&match lang {
        Lang::Zh => format!("试算 {scored} 个方案（{strategy}）× {draws} 次抽样，种子 {}\n", document.seed),
        Lang::En if scored == 1 => {
            format!("1 schedule ({strategy}) x {draws} draws, seed {}\n", document.seed)
        }
        Lang::En => format!("{scored} schedules ({strategy}) x {draws} draws, seed {}\n", document.seed),
    });
    out.push_str(&document.kernel.words(run.isa, lang));
    if document.variants.len() > 1 {
        let names = document.variants.join(", ");
        out.push_str(&match lang {
            Lang::Zh => format!("按最大后悔值排序，情形：{names}\n"),
            Lang::En => format!("ranked by the largest regret over {names}\n"),
        });
    }
    out.push_str(&best_table(run, lang));
    if let Some(improved) = &document.improved {
        let (from, steps) = (&improved.from, improved.steps);
        out.push_str(&match lang {
            Lang::Zh => format!("improved：由方案 {from} 经 {steps} 步改进而得\n"),
            Lang::En => format!("improved: from schedule {from}, in {steps} steps\n"),
        });
    }
    out.push_str(&standing_table(run, lang));
    out.push_str(&worth_table(run, lang));
    if document.stopped {
        out.push_str(
            lang.pick(
                "\n中途停止：结果只含已完成的方案\n",
                "\nStopped: the results hold what was finished\n",
            ),
        );
    }
    out.push('\n');
    out.push_str(&note(document.uncertainty.in_lang(lang), lang));
    out.push_str(&results_in(files, lang));
    out
}

fn best_table(run: &SweepRun<'_>, lang: Lang) -> String {
    let heading = match lang {
        Lang::Zh => [
            "名次",
            "方案",
            "平均缺口",
            "最差 5% 缺口",
            "最差大学区·年",
            "全部落实概率",
            "闲置",
            "费用（百万）",
        ],
        Lang::En => [
            "rank",
            "schedule",
            "mean shortage",
            "worst 5 %",
            "worst group-year",
            "p all secured",
            "idle",
            "cost (million)",
        ],
    };
    let mut table = crate::text::grid(heading.iter().map(|h| (*h).to_owned()).collect());
    for (i, row) in run.top.iter().take(5).enumerate() {
        let m = &row.measures[0];
        table.add_row(vec![
            (i + 1).to_string(),
            row.key.clone(),
            crate::words::thousands(m.mean_shortage.round() as i64),
            crate::words::thousands(m.cvar95_shortage.round() as i64),
            crate::words::thousands(m.worst_group_year.round() as i64),
            format!("{:.3}", m.p_all_secured),
            crate::words::thousands(m.idle_seat_years.round() as i64),
            crate::words::thousands((m.cost / 1e6).round() as i64),
        ]);
    }
    format!("\n{table}\n")
}

fn standing_table(run: &SweepRun<'_>, lang: Lang) -> String {
    let heading = match lang {
        Lang::Zh => ["项目", "占优方案", "前沿方案", "全部方案", "最常见的决策月份"],
        Lang::En => ["project", "in the best", "on the front", "in all", "decided most often in"],
    };
    let mut table = crate::text::grid(heading.iter().map(|h| (*h).to_owned()).collect());
    let mut standings: Vec<&ProjectStanding> = run.document.projects.iter().collect();
    standings.sort_by(|a, b| b.in_top.total_cmp(&a.in_top).then_with(|| a.project.cmp(&b.project)));
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    for s in standings.iter().take(15) {
        // the earliest of equally frequent months
        let most =
            s.top_rounds.iter().rev().max_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, share)| *share > 0.0);
        table.add_row(vec![
            s.project.clone(),
            percent(s.in_top),
            percent(s.in_front),
            percent(s.in_all),
            most.map_or_else(String::new, |(month, share)| format!("{month} ({})", percent(*share))),
        ]);
    }
    let title = match lang {
        Lang::Zh => "\n好方案中的项目（全部见 sweep.json）\n",
        Lang::En => "\nProjects in good plans (all in sweep.json)\n",
    };
    format!("{title}{table}\n")
}

/// What the projects of the best plan are worth, most first.
fn worth_table(run: &SweepRun<'_>, lang: Lang) -> String {
    let mut built: Vec<&ProjectWorth> = run.document.worth.iter().filter(|w| w.decide.is_some()).collect();
    if built.is_empty() {
        return String::new();
    }
    let heading = match lang {
        Lang::Zh => ["项目", "决策月份", "减少平均缺口", "减少最差 5% 缺口", "推迟一轮增加", "费用（百万）"],
        Lang::En => [
            "project",
            "decided in",
            "takes off mean",
            "takes off worst 5 %",
            "a round later adds",
            "cost (million)",
        ],
    };
    built.sort_by(|a, b| {
        b.cvar95_shortage.total_cmp(&a.cvar95_shortage).then_with(|| a.project.cmp(&b.project))
    });
    let mut table = crate::text::grid(heading.iter().map(|h| (*h).to_owned()).collect());
    let whole = |x: f64| crate::words::thousands(x.round() as i64);
    for worth in built.iter().take(15) {
        table.add_row(vec![
            worth.project.clone(),
            worth.decide.clone().unwrap_or_default(),
            whole(worth.mean_shortage),
            whole(worth.cvar95_shortage),
            worth.one_round_later.map(whole).unwrap_or_default(),
            whole(worth.cost / 1e6),
        ]);
    }
    let title = match lang {
        Lang::Zh => "\n最佳方案中各项目的作用（全部见 worth.csv）\n",
        Lang::En => "\nWhat each project is worth in the best plan (all in worth.csv)\n",
    };
    format!("{title}{table}\n")
}
