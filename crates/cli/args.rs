//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use seatcast::{Lang, supply::Programme};

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
