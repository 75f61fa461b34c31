//! Rounds archived in the folder `rounds` of a scenario: `BASE_YEAR-HASH.csv`, one for each set of inputs.

use std::path::Path;

use seatcast_core::{
    Scenario,
    cycle::{FiledLine, FiledProject, FiledRound},
};

use crate::{
    Reading,
    filed::{Known, finished, read_folder},
    problem::{Fault, HistoryFault, Invalid, Place, Problem, Problems},
    table::{Row, Table},
    tables::round,
};

/// The folder inside the scenario.
pub const FOLDER: &str = "rounds";

/// Every round archived with the scenario at `path`, by name, and what is said of them.
///
/// # Errors
/// [`Invalid`] with every problem of every file.
pub fn read_rounds(
    path: &Path,
    scenario: &Scenario,
    reading: &Reading,
) -> Result<(Vec<FiledRound>, Vec<Problem>), Invalid> {
    let mut problems = Problems::new(reading.limits);
    let rounds = read_folder(path, FOLDER, &round::TABLE, &mut problems, |name, table, problems| {
        one(name, table, scenario, problems)
    });
    finished(rounds, problems)
}

/// The last of `rounds` that is of an earlier year and of the same variant: what a letter compares with.
pub fn newest_before<'r>(rounds: &'r [FiledRound], base_year: i32, variant: &str) -> Option<&'r FiledRound> {
    let earlier = rounds.iter().filter(|r| r.base_year < base_year && r.variant == variant);
    earlier.max_by_key(|r| (r.base_year, r.number))
}

/// The number of a round to be archived as `name` beside `rounds`: that of the file it takes the place of, else the next.
pub fn number_of(rounds: &[FiledRound], name: &str, base_year: i32) -> u32 {
    let same = rounds.iter().find(|r| r.name == name).map(|r| r.number);
    let last = rounds.iter().filter(|r| r.base_year == base_year).map(|r| r.number).max();
    same.unwrap_or_else(|| last.unwrap_or(0) + 1)
}

fn one(name: &str, table: &Table, scenario: &Scenario, problems: &mut Problems) -> Option<FiledRound> {
    let first = table.rows.first()?;
    let mut round = FiledRound {
        name: name.to_owned(),
        base_year: first.get(round::BASE_YEAR)?,
        number: first.get(round::NUMBER)?,
        variant: first.get(round::VARIANT).unwrap_or_default().to_owned(),
        lines: Vec::new(),
        projects: Vec::new(),
    };
    let known = Known::of(scenario);
    let mut unknown = 0;
    for row in &table.rows {
        if read(row, &known, &mut round).is_none() {
            unknown += 1;
        }
    }
    if unknown > 0 && !problems.any_error() {
        // groups are split and joined over the years
        problems.push(name, Place::File, Fault::History(HistoryFault::FiledOfOthers(unknown)));
    }
    Some(round)
}

/// Adds a row; `None` if it names what the scenario no longer has.
fn read(row: &Row, known: &Known<'_>, round: &mut FiledRound) -> Option<()> {
    let group = known.groups.index(row.get(round::GROUP)?)?;
    let stage = known.stages.index(row.get(round::STAGE)?)?;
    let year = row.get(round::YEAR);
    if let Some(id) = row.get(round::PROJECT) {
        round.projects.push(FiledProject {
            id: id.to_owned(),
            group,
            stage,
            status: row.get(round::STATUS)?,
            step: row.get(round::STEP),
            gate: row.get(round::GATE),
            year,
            opens: row.get(round::OPENS),
        });
    } else {
        round.lines.push(FiledLine {
            group,
            stage,
            year: year?,
            need: row.get(round::NEED)?,
            programme: row.get(round::PROGRAMME)?,
            missing: row.get(round::MISSING)?,
        });
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(name: &str, base_year: i32, number: u32, variant: &str) -> FiledRound {
        let variant = variant.to_owned();
        FiledRound { name: name.into(), base_year, number, variant, lines: Vec::new(), projects: Vec::new() }
    }

    #[test]
    fn the_corrected_round_of_the_last_year_is_the_newest() {
        let rounds = [
            round("rounds/2024-f.csv", 2024, 1, ""),
            round("rounds/2025-a.csv", 2025, 2, ""),
            round("rounds/2025-b.csv", 2025, 1, ""),
            round("rounds/2025-c.csv", 2025, 3, "low"),
            round("rounds/2026-d.csv", 2026, 1, ""),
        ];
        let newest = |year, variant| newest_before(&rounds, year, variant).map(|r| r.name.as_str());
        assert_eq!(newest(2026, ""), Some("rounds/2025-a.csv"));
        assert_eq!(newest(2026, "low"), Some("rounds/2025-c.csv"));
        assert_eq!((newest(2024, ""), newest(2025, "")), (None, Some("rounds/2024-f.csv")));
        // archived again from the same inputs it keeps its number
        let number = |name| number_of(&rounds, name, 2025);
        assert_eq!((number("rounds/2025-b.csv"), number("rounds/2025-e.csv")), (1, 4));
    }
}
