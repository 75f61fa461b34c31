//! What can be wrong with the ledger: its lines, and what its entries say.

use seatcast_core::{supply::EntryFault, time::Day};

/// A fault of the ledger: the data its message needs.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum LedgerFault {
    /// An entry of a project that is not there: project, nearest.
    UnknownProject(String, Option<String>),
    /// Something wrong with what an entry says: project, number of the entry, what.
    Entry(String, u64, EntryFault),
    /// An entry that was not added: project, what is wrong with it.
    Refused(String, EntryFault),
    /// A line with its own checksum that this version cannot read: key.
    Unreadable(String),
    /// Another program holds the ledger for too long.
    Busy,
    /// The disk failed, and the line could not be taken back.
    Uncertain,
    /// An entry without an author.
    NoAuthor,

    /// Warning: a line that was torn or changed; the rest is kept.
    Torn,
    /// Warning: an entry before this one is missing: number of this one.
    Gap(u64),
    /// Warning: an entry of a day that has not come yet: that day, today.
    InTheFuture(Day, Day),
    /// Note: entries after the round, which it does not know: count, round.
    AfterTheRound(usize, String),
}

impl LedgerFault {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            LedgerFault::UnknownProject(..) => "E120",
            LedgerFault::Entry(_, _, fault) | LedgerFault::Refused(_, fault) => match fault {
                EntryFault::BeforePredecessor(..) => "E121",
                EntryFault::BeforeRow(..) => "E122",
                EntryFault::AfterTheEnd(..) => "E123",
                EntryFault::CorrectsNothing(_) => "E124",
                EntryFault::CorrectedTwice(..) => "E125",
                EntryFault::SaysNothing => "E126",
                EntryFault::NoGate(_) => "E127",
                EntryFault::OutOfOrder(..) => "W153",
                EntryFault::ProgressFalls(..) => "W154",
                EntryFault::SpentFalls(..) => "W155",
                // an unknown project has its own fault, with the nearest name
                _ => "E120",
            },
            LedgerFault::Unreadable(_) => "E128",
            LedgerFault::Busy => "E129",
            LedgerFault::Uncertain => "E185",
            LedgerFault::NoAuthor => "E186",
            LedgerFault::InTheFuture(..) => "W180",
            LedgerFault::Torn => "W156",
            LedgerFault::Gap(_) => "W157",
            LedgerFault::AfterTheRound(..) => "N221",
        }
    }
}
