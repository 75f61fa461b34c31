//! The command `seatcast`. The only place with exit codes, progress and anyhow.
//!
//! Exit codes: 0 done, 2 the input is wrong (nothing is written), 1 our fault, 130 stopped by Ctrl-C.

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
mod messages;
mod output;
mod plot;
mod progress;
mod run;
mod sweep;
mod validate;
mod verify;

use std::{io::Write, panic, process::ExitCode};

use clap::FromArgMatches;

/// What a command ends with.
pub(crate) enum End {
    /// Done.
    Done,
    /// The input is wrong; it has been said what.
    InputWrong,
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
    progress::stop_on_ctrl_c();
    // a panic is our fault: one plain line, no backtrace in a planner's face
    panic::set_hook(Box::new(|info| {
        eprintln!("seatcast: internal error, please report it: {info}");
    }));
    let ended = panic::catch_unwind(|| match arguments.command {
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
    });
    match ended {
        Ok(Ok(End::Done)) => ExitCode::SUCCESS,
        Ok(Ok(End::InputWrong)) => ExitCode::from(2),
        Ok(Ok(End::Stopped)) => ExitCode::from(130),
        Ok(Err(error)) => {
            eprintln!("seatcast: {error:#}");
            ExitCode::FAILURE
        }
        Err(_) => ExitCode::FAILURE,
    }
}

/// Prints to standard output; a reader that has gone away is no fault.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}
