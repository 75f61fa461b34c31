//! The command `seatcast`. The only place with exit codes, progress and anyhow.
//!
//! Exit codes: 0 done, 2 the input is wrong (nothing is written), 1 our fault.

mod args;
mod backtest;
mod progress;
mod run;
mod validate;

use std::{io::Write, panic, process::ExitCode};

use clap::Parser;

/// What a command ends with.
pub(crate) enum End {
    /// Done.
    Done,
    /// The input is wrong; it has been said what.
    InputWrong,
}

fn main() -> ExitCode {
    let arguments = args::Arguments::parse(); // clap itself ends with 2 and a message if they are wrong
    // a panic is our fault: one plain line, no backtrace in a planner's face
    panic::set_hook(Box::new(|info| {
        eprintln!("seatcast: internal error, please report it: {info}");
    }));
    let ended = panic::catch_unwind(|| match arguments.command {
        args::Command::Run(options) => run::run(&options),
        args::Command::Backtest(options) => backtest::backtest(&options),
        args::Command::Validate(options) => validate::validate(&options),
    });
    match ended {
        Ok(Ok(End::Done)) => ExitCode::SUCCESS,
        Ok(Ok(End::InputWrong)) => ExitCode::from(2),
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
