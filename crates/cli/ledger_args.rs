//! The command line of `seatcast ledger`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use seatcast::{
    bounds,
    report::Quarter,
    supply::{Milestone, Programme},
    time::{Day, YearMonth},
};

use crate::{
    args::{Futures, LangArg, Memory, Shared, month, named_programme},
    limit_args::LimitArgs,
};

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Append an entry; nothing is ever rewritten
    Add(AddOptions),
    /// Show the status and P(open) of every project, or the entries of one
    Show(ShowOptions),
    /// Check the ledger against the projects
    Check(CheckOptions),
    /// Write the bulletin of a quarter
    Bulletin(BulletinOptions),
}

#[derive(Debug, Args)]
pub(crate) struct AddOptions {
    /// Scenario folder
    pub(crate) path: PathBuf,
    /// Project the entry is about
    #[arg(long)]
    pub(crate) project: String,
    /// Author of the entry
    #[arg(long)]
    pub(crate) author: String,
    /// Date of the entry, YYYY-MM-DD; today if not given
    #[arg(long, value_parser = day)]
    pub(crate) date: Option<Day>,
    /// Milestone reached on that day
    #[arg(long, value_enum)]
    pub(crate) milestone: Option<MilestoneArg>,
    /// Building work done by that day, percent
    #[arg(long, value_parser = percent)]
    pub(crate) progress: Option<f64>,
    /// Money spent by that day
    #[arg(long, value_parser = money)]
    pub(crate) spent: Option<f64>,
    /// Free text
    #[arg(long, default_value = "")]
    pub(crate) note: String,
    /// Number of the entry that this one corrects
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) corrects: Option<u64>,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct ShowOptions {
    /// Scenario folder
    pub(crate) path: PathBuf,
    /// List the entries of this project, or of ALL
    #[arg(long)]
    pub(crate) project: Option<String>,
    /// As known on the first day of this month, YYYY-MM; after the last entry if not given
    #[arg(long, value_parser = month)]
    pub(crate) as_of: Option<YearMonth>,
    /// Language of texts
    #[arg(long, value_enum, default_value_t = LangArg::En)]
    pub(crate) lang: LangArg,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CheckOptions {
    /// Scenario folder
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct BulletinOptions {
    /// Scenario folder
    pub(crate) path: PathBuf,
    /// The quarter, such as 2026Q1; that of the last entry if not given
    #[arg(long, value_parser = quarter)]
    pub(crate) quarter: Option<Quarter>,
    /// Supply: none (schools alone), committed, or all (all candidates too)
    #[arg(long, value_name = "none|committed|all", default_value = "committed", value_parser = programme)]
    pub(crate) programme: Programme,
    #[command(flatten)]
    pub(crate) futures: Futures,
    #[command(flatten)]
    pub(crate) memory: Memory,
    /// Language of texts
    #[arg(long, value_enum, default_value_t = LangArg::En)]
    pub(crate) lang: LangArg,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

/// A milestone on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum MilestoneArg {
    /// On the plan, site gate open (立项)
    Planned,
    /// Land acquired (取得用地)
    Land,
    /// Approved, build gate open (批准建设)
    Approved,
    /// Building started (开工)
    Started,
    /// Shell finished (封顶)
    ToppedOut,
    /// Finished and taken over (验收)
    Accepted,
    /// In use (开办)
    Open,
    /// Cancelled (取消)
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

fn programme(text: &str) -> Result<Programme, String> {
    named_programme(text).ok_or_else(|| "none, committed or all".to_owned())
}

fn day(text: &str) -> Result<Day, String> {
    let (first, last) = (bounds::YEAR.min as i32, bounds::YEAR.max as i32);
    match Day::parse(text) {
        Some(day) if (first..=last).contains(&day.year_month().year) => Ok(day),
        Some(_) => Err(format!("a day of the years {first} to {last}")),
        None => Err("a day of the calendar, YYYY-MM-DD".to_owned()),
    }
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
