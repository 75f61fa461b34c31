//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use seatcast::{Lang, supply::Programme, time::YearMonth};

/// Forecasts school places (学位): pupils, places, gaps, and what 6-3-1 says must be decided this year.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a scenario: print the board, write tables and charts. 运行情景，输出看板、表格和图
    Run(RunOptions),
    /// Score the forecast on the past: rolling origins, from a scenario or from bare tables. 用历史检验预测
    Backtest(BacktestOptions),
    /// Check a scenario and list everything that is wrong with it. 检查情景，一次列出全部问题
    Validate(ValidateOptions),
}

#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    /// Scenario folder. 情景文件夹
    pub(crate) path: PathBuf,
    /// Folder for the results; refused if it exists and was not written by seatcast. 结果文件夹
    #[arg(short, long)]
    pub(crate) out: PathBuf,
    /// Supply: schools alone, with the projects decided, or with all candidates too. 学位口径
    #[arg(long, value_enum, default_value_t = ProgrammeArg::Committed)]
    pub(crate) programme: ProgrammeArg,
    /// Seed of every random number. 随机种子
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Number of draws. 抽样次数
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) draws: u32,
    /// Threads; 0 = one for each core. 线程数
    #[arg(long, default_value_t = 0, value_parser = threads)]
    pub(crate) threads: usize,
    /// Write CSV without a UTF-8 byte-order mark. CSV 不带 BOM
    #[arg(long)]
    pub(crate) no_bom: bool,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct BacktestOptions {
    /// Table of rolls: year,area[,school],grade,pupils; plain or gzip. 在校生表
    #[arg(long)]
    pub(crate) rolls: PathBuf,
    /// Table of births: year,area,births; one area serves all. 出生数表
    #[arg(long)]
    pub(crate) births: Option<PathBuf>,
    /// Grade that children enter; the lowest of the rolls unless given. 起始年级
    #[arg(long, allow_negative_numbers = true)]
    pub(crate) entry_grade: Option<i32>,
    /// Years from the label of births to entry. 出生标记年到入学的年数
    #[arg(long, default_value_t = 6, value_parser = small::<1, 20>)]
    pub(crate) entry_lag: usize,
    /// Years whose rolls are not believed, such as 2020. 不采信的年份
    #[arg(long, value_parser = years)]
    pub(crate) mask_years: Option<Years>,
    /// Stages whose totals are scored, such as primary=1-6,junior=7-9; all grades together unless given. 学段
    #[arg(long, value_parser = stages)]
    pub(crate) stages: Option<Stages>,
    /// Years ahead that are scored. 预测期
    #[arg(long, default_value = "1,3,6", value_parser = leads)]
    pub(crate) leads: Leads,
    /// Years of rolls that an origin needs, itself included. 起点至少需要的年数
    #[arg(long, default_value_t = 4, value_parser = small::<1, 100>)]
    pub(crate) min_history: usize,
    /// Pupils from which a target counts in the accuracy table. 计入准确度表的最小人数
    #[arg(long, default_value_t = 30)]
    pub(crate) min_pupils: u32,
    /// Only what was known in this month, YYYY-MM. 只用该月已知的数据
    #[arg(long, value_parser = month)]
    pub(crate) as_of: Option<YearMonth>,
    /// Month of the round in which an origin forecasts. 每轮决策的月份
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=12))]
    pub(crate) decision_month: u8,
    /// Folder for the results; refused if it exists and was not written by seatcast. 结果文件夹
    #[arg(short, long)]
    pub(crate) out: PathBuf,
    /// Seed of every random number. 随机种子
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Number of draws. 抽样次数
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u32).range(20..=100_000))]
    pub(crate) draws: u32,
    /// Threads; 0 = one for each core. 线程数
    #[arg(long, default_value_t = 0, value_parser = threads)]
    pub(crate) threads: usize,
    /// Write CSV without a UTF-8 byte-order mark. CSV 不带 BOM
    #[arg(long)]
    pub(crate) no_bom: bool,
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
    /// Scenario folder. 情景文件夹
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct Shared {
    /// Language of texts. 语言
    #[arg(long, value_enum, default_value_t = LangArg::En)]
    pub(crate) lang: LangArg,
    /// What is printed: text for people, or one JSON document. 输出格式
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
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

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ProgrammeArg {
    /// Schools alone
    None,
    /// With every project of status site or later
    Committed,
    /// With all candidates at their earliest too
    All,
}

impl From<ProgrammeArg> for Programme {
    fn from(arg: ProgrammeArg) -> Self {
        match arg {
            ProgrammeArg::None => Programme::None,
            ProgrammeArg::Committed => Programme::Committed,
            ProgrammeArg::All => Programme::All,
        }
    }
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

fn month(text: &str) -> Result<YearMonth, String> {
    YearMonth::parse(text).ok_or_else(|| "a month as YYYY-MM".to_owned())
}

fn threads(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(n) if n <= 1024 => Ok(n),
        _ => Err("a whole number from 0 to 1024".to_owned()),
    }
}
