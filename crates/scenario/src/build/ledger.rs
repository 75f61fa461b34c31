//! The ledger of the folder: its lines, and its entries against the projects.

use seatcast_core::{
    supply::{EntryFault, Ledger, Project},
    time::Day,
};

use super::Context;
use crate::{
    ledger::{BadLine, Contents, FILE},
    problem::{Fault, LedgerFault, Place, Problems, SupplyFault, nearest},
    table::Table,
};

/// Reads the bytes of a ledger and says what is wrong with it. `rows` are the projects before the ledger.
pub(super) fn ledger(
    context: &Context<'_>,
    bytes: &[u8],
    rows: &[Project],
    table: Option<&Table>,
    problems: &mut Problems,
) -> Ledger {
    let contents = Contents::parse(bytes);
    let mut push = |line: usize, column: Option<&str>, fault: LedgerFault| {
        problems.push(FILE, Place::Row(line, column.map(str::to_owned)), Fault::Ledger(fault));
    };
    for (line, read) in &contents.lines {
        match read {
            Ok(_) => {}
            Err(BadLine::Torn) => push(*line, None, LedgerFault::Torn),
            Err(BadLine::Unreadable(key)) => push(*line, Some(key), LedgerFault::Unreadable(key.clone())),
        }
    }
    for &number in &contents.after_a_gap {
        // a torn line before it is said already
        let line = contents.line_of(number).unwrap_or(0);
        let torn = contents.lines.iter().any(|(l, read)| read.is_err() && *l < line);
        if !torn {
            push(line, None, LedgerFault::Gap(number));
        }
    }
    let ledger = contents.ledger();
    for (number, fault) in ledger.faults(rows) {
        let line = contents.line_of(number).unwrap_or(0);
        let entry = ledger.entries().iter().find(|e| e.number == number);
        let project = entry.map(|e| e.project.clone()).unwrap_or_default();
        let column = column_of(&fault);
        let fault = match fault {
            EntryFault::UnknownProject => {
                let near = nearest(&project, rows.iter().map(|p| p.id.as_str()));
                LedgerFault::UnknownProject(project, near)
            }
            fault => LedgerFault::Entry(project, number, fault),
        };
        push(line, column, fault);
    }
    let round = Day::first_of(context.round);
    let later = ledger.standing_entries().filter(|e| e.date > round).count();
    if later > 0 {
        let fault = LedgerFault::AfterTheRound(later, context.round.to_string());
        problems.push(FILE, Place::File, Fault::Ledger(fault));
    }
    overridden(&ledger, rows, round, table, problems);
    ledger
}

/// Published months of opening that the ledger overrides.
fn overridden(ledger: &Ledger, rows: &[Project], round: Day, table: Option<&Table>, problems: &mut Problems) {
    let Some(table) = table else { return };
    for (row, known) in rows.iter().zip(ledger.apply(rows, round)) {
        if row.opens.is_some() && known.opens != row.opens {
            let at = table.rows.iter().find(|r| r.text("id") == Some(row.id.as_str()));
            let (file, place) =
                at.map_or_else(|| (table.file.clone(), Place::File), |r| r.place(&table.file, "opens"));
            problems.push(&file, place, Fault::Supply(SupplyFault::NoEffect("opens", "ledger.jsonl")));
        }
    }
}

fn column_of(fault: &EntryFault) -> Option<&'static str> {
    match fault {
        EntryFault::UnknownProject => Some("project"),
        EntryFault::BeforePredecessor(..) | EntryFault::BeforeRow(..) | EntryFault::NoGate(_) => {
            Some("milestone")
        }
        EntryFault::OutOfOrder(..) | EntryFault::AfterTheEnd(..) => Some("date"),
        EntryFault::CorrectsNothing(_) | EntryFault::CorrectedTwice(..) => Some("corrects"),
        EntryFault::ProgressFalls(..) => Some("progress"),
        EntryFault::SpentFalls(..) => Some("spent"),
        _ => None,
    }
}
