//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use seatcast::{
    Lang, bounds,
    report::Quarter,
    supply::{Milestone, Programme},
    time::{Day, YearMonth},
};

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
    /// Check a scenario and list everything that is wrong with it. 检查情景，一次列出全部问题
    Validate(ValidateOptions),
    /// The ledger of projects (台账): dated entries, P(open), the quarterly bulletin. 项目台账与季度通报
    #[command(subcommand)]
    Ledger(LedgerCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Append an entry; nothing is ever rewritten. 追加一条记录（只增不改）
    Add(AddOptions),
    /// Show every project's standing and P(open), or the entries of one. 查看各项目现状与开办概率
    Show(ShowOptions),
    /// Check the ledger against the projects. 检查台账
    Check(CheckOptions),
    /// Write the bulletin of a quarter. 生成季度通报
    Bulletin(BulletinOptions),
}

#[derive(Debug, Args)]
pub(crate) struct AddOptions {
    /// Scenario folder. 情景文件夹
    pub(crate) path: PathBuf,
    /// Project the entry is about. 项目
    #[arg(long)]
    pub(crate) project: String,
    /// Who writes it. 记录人
    #[arg(long)]
    pub(crate) author: String,
    /// The day it speaks of, YYYY-MM-DD; today if not given. 日期，缺省为今天
    #[arg(long, value_parser = day)]
    pub(crate) date: Option<Day>,
    /// Milestone reached on that day. 节点
    #[arg(long, value_enum)]
    pub(crate) milestone: Option<MilestoneArg>,
    /// Building work done by that day, percent. 工程进度（%）
    #[arg(long, value_parser = percent)]
    pub(crate) progress: Option<f64>,
    /// Money spent by that day. 累计支出
    #[arg(long, value_parser = money)]
    pub(crate) spent: Option<f64>,
    /// Free text. 说明
    #[arg(long, default_value = "")]
    pub(crate) note: String,
    /// Number of the entry whose place this one takes. 更正第几条
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) corrects: Option<u64>,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct ShowOptions {
    /// Scenario folder. 情景文件夹
    pub(crate) path: PathBuf,
    /// List the entries of this project, or of ALL. 列出某项目（或 ALL）的各条记录
    #[arg(long)]
    pub(crate) project: Option<String>,
    /// As known on the first day of this month, YYYY-MM; after the last entry if not given. 截至月份
    #[arg(long, value_parser = month)]
    pub(crate) as_of: Option<YearMonth>,
    /// Language of texts. 语言
    #[arg(long, value_enum, default_value_t = LangArg::En)]
    pub(crate) lang: LangArg,
}

#[derive(Debug, Args)]
pub(crate) struct CheckOptions {
    /// Scenario folder. 情景文件夹
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct BulletinOptions {
    /// Scenario folder. 情景文件夹
    pub(crate) path: PathBuf,
    /// The quarter, such as 2026Q1; that of the last entry if not given. 季度，缺省为最后一条所在季度
    #[arg(long, value_parser = quarter)]
    pub(crate) quarter: Option<Quarter>,
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
    /// Language of texts. 语言
    #[arg(long, value_enum, default_value_t = LangArg::En)]
    pub(crate) lang: LangArg,
}

/// A milestone on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum MilestoneArg {
    /// On the plan, site gate open (立项)
    Planned,
    /// The land is there (取得用地)
    Land,
    /// Approved, build gate open (批准建设)
    Approved,
    /// Work on the site (开工)
    Started,
    /// The shell stands (封顶)
    ToppedOut,
    /// Finished and taken over (验收)
    Accepted,
    /// In use (开办)
    Open,
    /// Given up (取消)
    Cancelled,
}

impl From<MilestoneArg> for Milestone {
    fn from(arg: MilestoneArg) -> Self {
        match arg {
            MilestoneArg::Planned => Milestone::Planned,
            MilestoneArg::Land => Milestone::Land,
            MilestoneArg::Approved => Milestone::Approved,
            MilestoneArg::Started => Milestone::Started,
            MilestoneArg::ToppedOut => Milestone::ToppedOut,
            MilestoneArg::Accepted => Milestone::Accepted,
            MilestoneArg::Open => Milestone::Open,
            MilestoneArg::Cancelled => Milestone::Cancelled,
        }
    }
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

fn threads(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(n) if n <= 1024 => Ok(n),
        _ => Err("a whole number from 0 to 1024".to_owned()),
    }
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "a day of the calendar, YYYY-MM-DD".to_owned())
}

fn month(text: &str) -> Result<YearMonth, String> {
    YearMonth::parse(text).ok_or_else(|| "a month, YYYY-MM".to_owned())
}

fn quarter(text: &str) -> Result<Quarter, String> {
    Quarter::parse(text).ok_or_else(|| "a quarter such as 2026Q1".to_owned())
}

fn percent(text: &str) -> Result<f64, String> {
    number(text, bounds::PERCENT).ok_or_else(|| "a number from 0 to 100, without %".to_owned())
}

fn money(text: &str) -> Result<f64, String> {
    number(text, bounds::MONEY).ok_or_else(|| "a plain number from 0 on, without separators".to_owned())
}

fn number(text: &str, bound: bounds::Bound) -> Option<f64> {
    text.parse().ok().filter(|n| bound.contains(*n))
}
