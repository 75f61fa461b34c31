//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use seatcast::{Lang, report::ChartKind, scenario::Encoding, supply::Programme, time::YearMonth};

use crate::{ledger_args::LedgerCommand, limit_args::LimitArgs};

/// Forecasts school places (学位): pupils, places, gaps, and what 6-3-1 says must be decided this year.
#[derive(Debug, Parser)]
#[command(name = "seatcast", version, about, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a scenario: print the board, write tables and charts
    Run(RunOptions),
    /// Score the forecast on the past, from rolling origins
    Backtest(BacktestOptions),
    /// Score filed forecasts against the rolls that have come since
    Accuracy(AccuracyOptions),
    /// Check a scenario and list everything that is wrong with it
    Validate(ValidateOptions),
    /// The ledger of projects: dated entries, P(open), the quarterly bulletin
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Try many build schedules against many futures
    Sweep(SweepOptions),
    /// Try the 6-3-1 rule and others year by year in many futures
    Cycle(CycleOptions),
    /// Draw charts from the results of a run, a sweep or a closed loop
    Plot(PlotOptions),
    /// Start a scenario folder
    Init(InitOptions),
    /// Print the JSON Schema of scenario.json, or the Table Schema of a table
    Schema(SchemaOptions),
    /// Say whether a results folder is whole, and finish what an interrupted run has left
    Verify(VerifyOptions),
    /// Explain a code of a diagnostic
    Explain(ExplainOptions),
    /// Print the completions of a shell
    Completions(CompletionsOptions),
    /// Write the manual pages into a folder
    Man(ManOptions),
}

#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    /// Scenario folder
    pub(crate) path: PathBuf,
    /// Folder for the results; refused if it exists and was not written by seatcast
    #[arg(short, long)]
    pub(crate) out: PathBuf,
    /// Supply: none (schools alone), committed, all (all candidates too), or a file of a schedule; several are compared
    #[arg(long, value_name = "none|committed|all|FILE", default_value = "committed")]
    pub(crate) programme: Vec<String>,
    /// Variant of the scenario; base is the scenario itself; several are compared
    #[arg(long, value_name = "NAME")]
    pub(crate) variant: Vec<String>,
    #[command(flatten)]
    pub(crate) futures: Futures,
    /// Draw no charts
    #[arg(long)]
    pub(crate) no_charts: bool,
    /// File the forecast in the scenario's folder forecasts, for seatcast accuracy
    #[arg(long)]
    pub(crate) file_forecast: bool,
    #[command(flatten)]
    pub(crate) memory: Memory,
    #[command(flatten)]
    pub(crate) tables: Tables,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct AccuracyOptions {
    /// Scenario folder
    pub(crate) path: PathBuf,
    /// Folder for the results; refused if it exists and was not written by seatcast
    #[arg(short, long)]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) tables: Tables,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct BacktestOptions {
    /// Scenario folder; or give tables with --rolls
    #[arg(required_unless_present = "rolls", conflicts_with_all = ["rolls", "births", "entry_grade", "mask_years", "stages"])]
    pub(crate) path: Option<PathBuf>,
    /// Table of rolls: year,area[,school],grade,pupils; plain or gzip
    #[arg(long)]
    pub(crate) rolls: Option<PathBuf>,
    /// Table of births: year,area,births; a single area stands for all
    #[arg(long)]
    pub(crate) births: Option<PathBuf>,
    /// Entry grade; the lowest of the rolls if not given
    #[arg(long, allow_negative_numbers = true)]
    pub(crate) entry_grade: Option<i32>,
    /// Years from the label of births to entry
    #[arg(long, default_value_t = 6, value_parser = small::<1, 20>)]
    pub(crate) entry_lag: usize,
    /// Years whose rolls are ignored, such as 2020
    #[arg(long, value_parser = years)]
    pub(crate) mask_years: Option<Years>,
    /// Stages to score, such as primary=1-6,junior=7-9; all grades together if not given
    #[arg(long, value_parser = stages)]
    pub(crate) stages: Option<Stages>,
    /// Leads to score, in years
    #[arg(long, default_value = "1,3,6", value_parser = leads)]
    pub(crate) leads: Leads,
    /// Fewest years of rolls at an origin, its own included
    #[arg(long, default_value_t = 4, value_parser = small::<1, 100>)]
    pub(crate) min_history: usize,
    /// Smallest target in the accuracy table, in pupils
    #[arg(long, default_value_t = 30)]
    pub(crate) min_pupils: u32,
    /// Month in which each origin forecasts
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=12))]
    pub(crate) decision_month: u8,
    /// Folder for the results; refused if it exists and was not written by seatcast
    #[arg(short, long)]
    pub(crate) out: PathBuf,
    /// Seed of every random number
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Number of draws
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u32).range(20..=100_000))]
    pub(crate) draws: u32,
    /// Threads; 0 = one for each core; never more than four a core, nor than there is work
    #[arg(long, default_value_t = 0, value_parser = threads)]
    pub(crate) threads: usize,
    /// Draw no charts
    #[arg(long)]
    pub(crate) no_charts: bool,
    #[command(flatten)]
    pub(crate) memory: Memory,
    #[command(flatten)]
    pub(crate) tables: Tables,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

/// Years ahead, rising.
#[derive(Debug, Clone)]
pub(crate) struct Leads(pub(crate) Vec<usize>);

/// Academic years.
#[derive(Debug, Clone)]
pub(crate) struct Years(pub(crate) Vec<i32>);

/// Stages: name, first and last grade.
#[derive(Debug, Clone)]
pub(crate) struct Stages(pub(crate) Vec<(String, i32, i32)>);

#[derive(Debug, Args)]
pub(crate) struct ValidateOptions {
    /// Scenario folder
    pub(crate) path: PathBuf,
    /// Variant of the scenario
    #[arg(long, value_name = "NAME")]
    pub(crate) variant: Option<String>,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyOptions {
    /// Results folder
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct SweepOptions {
    /// Scenario folder
    pub(crate) path: PathBuf,
    /// Folder for the results; refused if it exists and was not written by seatcast
    #[arg(short, long)]
    pub(crate) out: PathBuf,
    /// Schedules to try; with enumerate the largest number allowed
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub(crate) schedules: u64,
    /// How schedules are made; if not given, small menus are enumerated
    #[arg(long, value_enum)]
    pub(crate) strategy: Option<StrategyArg>,
    /// Try these schedules: a file with the columns schedule, project, decide
    #[arg(long, value_name = "FILE", conflicts_with = "strategy")]
    pub(crate) list: Option<PathBuf>,
    /// Money that may be committed: a file with the columns year, amount; a blank year is the total
    #[arg(long, value_name = "FILE")]
    pub(crate) budget: Option<PathBuf>,
    /// Improve the best schedule by changing one or two projects at a time, until nothing is better
    #[arg(long)]
    pub(crate) improve: bool,
    /// Temporary places that stand wherever a group is short, each year; the rest is the shortage
    #[arg(long, value_name = "PLACES", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub(crate) pool: Option<u32>,
    /// Judge a draw by its worst year instead of the sum of its years
    #[arg(long)]
    pub(crate) worst_year: bool,
    #[command(flatten)]
    pub(crate) memory: Memory,
    /// Number of best schedules to write
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) top: u32,
    /// Variant of the scenario; base is the scenario itself; several are judged together
    #[arg(long, value_name = "NAME")]
    pub(crate) variant: Vec<String>,
    #[command(flatten)]
    pub(crate) futures: Futures,
    /// Draw no charts
    #[arg(long)]
    pub(crate) no_charts: bool,
    #[command(flatten)]
    pub(crate) tables: Tables,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct CycleOptions {
    /// Scenario folder
    pub(crate) path: PathBuf,
    /// Folder for the results; refused if it exists and was not written by seatcast
    #[arg(short, long)]
    pub(crate) out: PathBuf,
    /// Futures to simulate
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub(crate) futures: u32,
    /// Years to simulate
    #[arg(long, default_value_t = 15, value_parser = small::<2, 20>)]
    pub(crate) years: usize,
    /// Draws of the forecast in each round
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(20..=10_000))]
    pub(crate) draws: u32,
    /// CSV file with your own policy (key,value), listed first
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Standby prefab schools in the policy that has them
    #[arg(long, default_value_t = 2, value_parser = small::<1, 5>)]
    pub(crate) held: usize,
    /// Archive this year's round in the scenario's folder rounds, for next year's letter
    #[arg(long)]
    pub(crate) file_round: bool,
    /// Skip the grid of the two levels
    #[arg(long)]
    pub(crate) no_grid: bool,
    /// Variant of the scenario
    #[arg(long, value_name = "NAME")]
    pub(crate) variant: Option<String>,
    /// Seed of every random number
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Threads; 0 = one for each core; never more than four a core, nor than there is work
    #[arg(long, default_value_t = 0, value_parser = threads)]
    pub(crate) threads: usize,
    /// Draw no charts
    #[arg(long)]
    pub(crate) no_charts: bool,
    #[command(flatten)]
    pub(crate) memory: Memory,
    #[command(flatten)]
    pub(crate) tables: Tables,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct PlotOptions {
    /// Results folder of a run, a comparison, a sweep or a closed loop
    pub(crate) run_dir: PathBuf,
    /// Folder for the charts; refused if it exists and was not written by seatcast
    #[arg(short, long)]
    pub(crate) out: PathBuf,
    /// Kind of chart; all if not given
    #[arg(long, value_parser = chart_kind)]
    pub(crate) chart: Option<ChartKind>,
    /// Language of texts
    #[arg(long, value_enum, default_value_t = LangArg::En)]
    pub(crate) lang: LangArg,
}

#[derive(Debug, Args)]
pub(crate) struct InitOptions {
    /// New folder; it must not exist
    pub(crate) dir: PathBuf,
    /// Template to start from
    #[arg(long, value_enum, default_value_t = TemplateArg::Teaching)]
    pub(crate) template: TemplateArg,
    /// Language of texts
    #[arg(long, value_enum, default_value_t = LangArg::En)]
    pub(crate) lang: LangArg,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaOptions {
    /// Table; scenario.json if not given
    #[arg(long, value_name = "NAME")]
    pub(crate) table: Option<String>,
    /// Language of texts
    #[arg(long, value_enum, default_value_t = LangArg::En)]
    pub(crate) lang: LangArg,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainOptions {
    /// Code such as E040
    pub(crate) code: String,
    /// Language of texts
    #[arg(long, value_enum, default_value_t = LangArg::En)]
    pub(crate) lang: LangArg,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsOptions {
    /// Shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManOptions {
    /// Folder for the pages
    #[arg(short, long)]
    pub(crate) out: PathBuf,
}

/// The futures that are drawn.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Futures {
    /// Seed of every random number
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Number of draws
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) draws: u32,
    /// Threads; 0 = one for each core; never more than four a core, nor than there is work
    #[arg(long, default_value_t = 0, value_parser = threads)]
    pub(crate) threads: usize,
}

/// What may be taken of the machine.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Memory {
    /// Memory it may take, MiB: refused at once if it would be more, or more than there is
    #[arg(long, value_name = "MIB", default_value_t = 8192, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub(crate) memory: u64,
}

/// How tables are written.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Tables {
    /// Write CSV without a UTF-8 byte-order mark
    #[arg(long)]
    pub(crate) no_bom: bool,
}

/// How the scenario is read.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Reading {
    /// Encoding of the scenario's files: utf-8, gb18030, utf-16le, utf-16be; detected for each file if not given
    #[arg(long, value_parser = encoding)]
    pub(crate) encoding: Option<Encoding>,
    /// Read only what was known in this month, YYYY-MM; the last roll known then is the base
    #[arg(long, value_parser = month)]
    pub(crate) as_of: Option<YearMonth>,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Shared {
    /// Language of texts
    #[arg(long, value_enum, default_value_t = LangArg::En)]
    pub(crate) lang: LangArg,
    /// Output on the screen: text, or one JSON document
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LangArg {
    /// 简体中文
    Zh,
    /// English
    En,
}

impl From<LangArg> for Lang {
    fn from(arg: LangArg) -> Self {
        match arg {
            LangArg::Zh => Lang::Zh,
            LangArg::En => Lang::En,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StrategyArg {
    /// Every schedule that keeps the rules
    Enumerate,
    /// Each project takes one of the rounds its rules allow, or never
    Uniform,
    /// Projects are taken until a share of the budget is spent
    Budget,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TemplateArg {
    /// An invented pair of districts that uses every table
    Teaching,
    /// One zone, tables with one row each
    Blank,
}

/// A programme that needs no schedule.
pub(crate) fn named_programme(text: &str) -> Option<Programme> {
    Programme::NAMED.into_iter().find(|p| p.code() == text)
}

/// A whole number from `LOW` to `HIGH`.
fn small<const LOW: usize, const HIGH: usize>(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(n) if (LOW..=HIGH).contains(&n) => Ok(n),
        _ => Err(format!("a whole number from {LOW} to {HIGH}")),
    }
}

fn leads(text: &str) -> Result<Leads, String> {
    let mut leads: Vec<usize> =
        text.split(',').map(|part| small::<1, 20>(part.trim())).collect::<Result<_, _>>()?;
    leads.sort_unstable();
    leads.dedup();
    Ok(Leads(leads))
}

fn years(text: &str) -> Result<Years, String> {
    let year = |part: &str| match part.trim().parse::<i32>() {
        Ok(year) if (1950..=2200).contains(&year) => Ok(year),
        _ => Err(format!("`{part}` is no year from 1950 to 2200")),
    };
    text.split(',').map(year).collect::<Result<_, _>>().map(Years)
}

fn stages(text: &str) -> Result<Stages, String> {
    let stage = |part: &str| {
        let wrong = || format!("`{part}` is not name=first-last, such as primary=1-6");
        let (name, grades) = part.trim().split_once('=').ok_or_else(wrong)?;
        let (first, last) = grades.split_once('-').unwrap_or((grades, grades));
        let grade = |text: &str| text.trim().parse::<i32>().map_err(|_| wrong());
        let (first, last) = (grade(first)?, grade(last)?);
        if name.trim().is_empty() || first > last {
            return Err(wrong());
        }
        Ok((name.trim().to_owned(), first, last))
    };
    let stages: Vec<(String, i32, i32)> = text.split(',').map(stage).collect::<Result<_, _>>()?;
    for (i, (name, ..)) in stages.iter().enumerate() {
        if stages[..i].iter().any(|(other, ..)| other == name) {
            return Err(format!("`{name}` is given twice"));
        }
        if ["grade", "entry"].contains(&name.as_str()) || name.parse::<i32>().is_ok() {
            return Err(format!("`{name}` cannot be the name of a stage"));
        }
    }
    Ok(Stages(stages))
}

pub(crate) fn month(text: &str) -> Result<YearMonth, String> {
    YearMonth::parse(text).ok_or_else(|| "a month as YYYY-MM".to_owned())
}

fn threads(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(n) if n <= 1024 => Ok(n),
        _ => Err("a whole number from 0 to 1024".to_owned()),
    }
}

fn encoding(text: &str) -> Result<Encoding, String> {
    let lower = text.to_lowercase();
    let found = Encoding::ALL.into_iter().find(|e| e.code() == lower);
    // what people call them
    let found = found.or(match lower.as_str() {
        "gbk" | "gb2312" | "ansi" => Some(Encoding::Gb18030),
        "utf8" => Some(Encoding::Utf8),
        "utf-16" | "utf16" => Some(Encoding::Utf16Le),
        _ => None,
    });
    found.ok_or_else(|| "utf-8, gb18030, utf-16le or utf-16be".to_owned())
}

fn chart_kind(text: &str) -> Result<ChartKind, String> {
    ChartKind::ALL
        .into_iter()
        .find(|kind| kind.code() == text)
        .ok_or_else(|| ChartKind::ALL.map(ChartKind::code).join(", "))
}
