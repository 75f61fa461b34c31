//! The command `seatcast`. The only place with exit codes, progress and anyhow.
//!
//! Exit codes: 0 done, 2 the input is wrong (nothing is written), 1 our fault or standard output is full, 130 stopped by
//! Ctrl-C, 143 by SIGTERM, 129 by SIGHUP.

// both may be gone or full: `streams` knows what then
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod accuracy;
mod args;
mod backtest;
mod chinese;
mod choices;
mod cycle;
mod explain;
mod init;
mod ledger;
mod ledger_args;
mod limit_args;
mod memory;
mod messages;
mod output;
mod plot;
mod progress;
mod run;
mod streams;
mod sweep;
mod validate;
mod verify;

use std::{panic, process::ExitCode};

use clap::FromArgMatches;
use seatcast::{Lang, core::isa::Isa};

use streams::{OutputLost, print, tell};

/// What a command ends with.
pub(crate) enum End {
    /// Done.
    Done,
    /// The input is wrong; it has been said what.
    InputWrong,
    /// A result broke a law that every result keeps; it has been said which.
    OurFault,
    /// Stopped by Ctrl-C.
    Stopped,
}

fn main() -> ExitCode {
    let words: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let chinese = chinese::is_asked(&words);
    let command = chinese::command(chinese);
    // wrong arguments end with 2 and a message
    let arguments =
        match command.try_get_matches_from(words).and_then(|m| args::Arguments::from_arg_matches(&m)) {
            Ok(arguments) => arguments,
            Err(error) => return chinese::usage_error(&error, chinese),
        };
    let lang = if chinese { Lang::Zh } else { Lang::En };
    // a panic is our fault: one plain line, no backtrace in a planner's face
    panic::set_hook(Box::new(|info| {
        tell(&format!("seatcast: internal error, please report it: {info}\n"));
    }));
    if let Err(unknown) = instruction_set() {
        tell(&unknown.text(lang));
        return ExitCode::from(2);
    }
    progress::listen();
    let work = || panic::catch_unwind(|| command_of(arguments));
    match progress::answering(lang, work) {
        Some(Ok(Ok(End::Done))) => ExitCode::SUCCESS,
        Some(Ok(Ok(End::InputWrong))) => ExitCode::from(2),
        Some(Ok(Ok(End::OurFault))) => ExitCode::FAILURE,
        Some(Ok(Ok(End::Stopped))) => ExitCode::from(progress::stopped_code()),
        Some(Ok(Err(error))) => match error.downcast::<OutputLost>() {
            Ok(lost) => {
                tell(&lost.text(lang));
                ExitCode::from(lost.code())
            }
            Err(error) => {
                tell(&format!("seatcast: {error:#}\n"));
                ExitCode::FAILURE
            }
        },
        Some(Err(_)) | None => ExitCode::FAILURE,
    }
}

fn command_of(arguments: args::Arguments) -> anyhow::Result<End> {
    match arguments.command {
        args::Command::Run(options) => run::run(&options),
        args::Command::Backtest(options) => backtest::backtest(&options),
        args::Command::Accuracy(options) => accuracy::accuracy(&options),
        args::Command::Validate(options) => validate::validate(&options),
        args::Command::Verify(options) => verify::verify(&options),
        args::Command::Ledger(command) => ledger::ledger(&command),
        args::Command::Sweep(options) => sweep::sweep(&options),
        args::Command::Cycle(options) => cycle::cycle(&options),
        args::Command::Plot(options) => plot::plot(&options),
        args::Command::Init(options) => init::init(&options),
        args::Command::Schema(options) => explain::schema(&options),
        args::Command::Explain(options) => explain::explain(&options),
        args::Command::Completions(options) => explain::completions(&options),
        args::Command::Man(options) => explain::man(&options),
    }
}

/// Name of the variable that says which instruction set is used. No result depends on it.
const SIMD: &str = "SEATCAST_SIMD";

/// An instruction set that this machine has not, or nobody knows.
struct NoSuchSet(String);

impl NoSuchSet {
    fn text(&self, lang: Lang) -> String {
        let known: Vec<&str> = Isa::available().into_iter().map(Isa::code).collect();
        match lang {
            Lang::Zh => format!(
                "错误 E173 {SIMD}：本机没有指令集 `{}`\n  处理：可用：{}；不设则用最快的\n",
                self.0,
                known.join("、")
            ),
            Lang::En => format!(
                "error E173 {SIMD}: this machine has no instruction set `{}`\n  fix: use {}; the fastest is used if it is not set\n",
                self.0,
                known.join(", ")
            ),
        }
    }
}

/// Uses the instruction set that the environment names, if it names one.
fn instruction_set() -> Result<(), NoSuchSet> {
    let Some(wanted) = std::env::var_os(SIMD).filter(|wanted| !wanted.is_empty()) else { return Ok(()) };
    let wanted = wanted.to_string_lossy().into_owned();
    match Isa::available().into_iter().find(|isa| isa.code() == wanted) {
        Some(isa) => {
            isa.tell();
            Ok(())
        }
        None => Err(NoSuchSet(wanted)),
    }
}
