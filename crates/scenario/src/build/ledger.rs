//! The ledger of the folder: its lines, and its entries against the projects.

use seatcast_core::{
    supply::{EntryFault, Ledger, ProjectTable},
    time::Day,
};

use super::{Context, kinds::rows_of};
use crate::{
    ledger::{BadLine, Contents, FILE},
    limits::Limit,
    problem::{Fault, LedgerFault, Place, Problems, SupplyFault, Thing},
    table::Table,
    tables::projects,
};

/// Reads the bytes of a ledger and says what is wrong with it. `rows` are the projects before the ledger.
pub(super) fn ledger(
    context: &Context<'_>,
    bytes: &[u8],
    rows: &ProjectTable,
    table: Option<&Table>,
    problems: &mut Problems,
) -> Ledger {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
    if !problems.within(Limit::Entries, lines as u64, FILE, Place::File) {
        return Ledger::default();
    }
    let contents = Contents::parse(bytes);
    // the line of every entry, by its number from 1
    let line_of: Vec<usize> =
        contents.lines.iter().filter(|(_, read)| read.is_ok()).map(|(line, _)| *line).collect();
    let line_of =
        |number: u64| number.checked_sub(1).and_then(|i| line_of.get(i as usize)).copied().unwrap_or(0);
    let first_bad = contents.lines.iter().find(|(_, read)| read.is_err()).map(|(line, _)| *line);
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
        let line = line_of(number);
        if first_bad.is_none_or(|bad| bad >= line) {
            push(line, None, LedgerFault::Gap(number));
        }
    }
    let ledger = contents.ledger();
    for (number, fault) in ledger.faults(rows) {
        let entry = ledger.entries().get((number as usize).saturating_sub(1));
        let project = entry.map(|e| e.project.clone()).unwrap_or_default();
        let column = column_of(&fault);
        let fault = match fault {
            EntryFault::UnknownProject => {
                let ids = rows.iter().map(|p| p.id.as_str());
                let near = problems.nearest_of(Thing::Project, &project, ids);
                LedgerFault::UnknownProject(project, near)
            }
            fault => LedgerFault::Entry(project, number, fault),
        };
        let place = Place::Row(line_of(number), column.map(str::to_owned));
        problems.push(FILE, place, Fault::Ledger(fault));
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
fn overridden(
    ledger: &Ledger,
    rows: &ProjectTable,
    round: Day,
    table: Option<&Table>,
    problems: &mut Problems,
) {
    let Some(table) = table else { return };
    let of_rows = rows_of(table);
    for (row, known) in rows.iter().zip(ledger.apply(rows, round)) {
        if row.opens.is_some() && known.opens != row.opens {
            let at = of_rows.get(row.id.as_str()).map(|&i| &table.rows[i]);
            let (file, place) = at.map_or_else(
                || (table.file.clone(), Place::File),
                |r| r.place(&table.file, &projects::OPENS),
            );
            problems.push(
                &file,
                place,
                Fault::Supply(SupplyFault::NoEffect(projects::OPENS.name, "ledger.jsonl")),
            );
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
