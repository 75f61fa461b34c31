//! How much of a file is read: `--limit NAME=N`, as often as wanted, and `--safe`.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use seatcast::scenario::limits::{self, Limit, Limits};

/// The limits of a reading.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LimitArgs(pub(crate) Limits);

impl Args for LimitArgs {
    fn augment_args(command: Command) -> Command {
        let limit = Arg::new("limit")
            .long("limit")
            .value_name("NAME=N")
            .action(ArgAction::Append)
            .value_parser(limits::parse)
            .help("Raise or lower a limit of what is read, such as rows=5000000; docs/limits.md lists them");
        let safe = Arg::new("safe")
            .long("safe")
            .action(ArgAction::SetTrue)
            .help("Lower every limit, for files from strangers");
        command.arg(limit).arg(safe)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for LimitArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let start = if matches.get_flag("safe") { Limits::safe() } else { Limits::default() };
        let given = matches.get_many::<(Limit, u64)>("limit").into_iter().flatten();
        Ok(Self(given.fold(start, |limits, &(limit, value)| limits.with(limit, value))))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
