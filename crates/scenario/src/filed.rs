//! Forecasts filed in the folder `forecasts` of a scenario: `BASE_YEAR-HASH.csv`, one for each set of inputs.

use std::path::Path;

use seatcast_core::{
    Scenario,
    backtest::ledger::{Filed, FiledRow},
    geography::Area,
    index::{DistrictId, GradeId, GroupId, StageId, ZoneId},
};
use sha2::{Digest, Sha256};

use crate::{
    Reading,
    folder::{Folder, InputFile, hex},
    ids::Ids,
    problem::{Fault, HistoryFault, Invalid, Place, Problem, Problems},
    raw::RawTable,
    table::{Row, Table},
    tables::{TableSpec, filed},
};

/// The folder inside the scenario.
pub const FOLDER: &str = "forecasts";

/// Hexadecimal digits of the hash in a name.
const DIGITS: usize = 12;

/// Name, inside the scenario folder, of what is filed in `folder` of a forecast or round made from these inputs in this way.
pub fn name(folder: &str, base_year: i32, inputs: &[InputFile], settings: &str) -> String {
    let mut hash = Sha256::new();
    for input in inputs {
        hash.update(input.name.as_bytes());
        hash.update([0]);
        hash.update(input.sha256.as_bytes());
        hash.update([0]);
    }
    hash.update(settings.as_bytes());
    format!("{folder}/{base_year}-{}.csv", &hex(&hash.finalize())[..DIGITS])
}

/// Every forecast filed with the scenario at `path`, by name, and what is said of them.
///
/// # Errors
/// [`Invalid`] with every problem of every file; a folder without any is one.
pub fn read_filed(
    path: &Path,
    scenario: &Scenario,
    reading: &Reading,
) -> Result<(Vec<Filed>, Vec<Problem>), Invalid> {
    let mut problems = Problems::new(reading.limits);
    let filed = read_folder(path, FOLDER, &filed::TABLE, &mut problems, |name, table, problems| {
        one(name, table, scenario, problems)
    });
    if filed.is_empty() && !problems.any_error() {
        problems.push(FOLDER, Place::File, Fault::History(HistoryFault::NothingFiled));
    }
    finished(filed, problems)
}

/// What `one` makes of every table in `folder` of the scenario at `path`, by name.
pub(crate) fn read_folder<T>(
    path: &Path,
    folder: &str,
    spec: &'static TableSpec,
    problems: &mut Problems,
    one: impl Fn(&str, &Table, &mut Problems) -> Option<T>,
) -> Vec<T> {
    let mut read = Vec::new();
    let Some(mut opened) = Folder::open(path, None, problems) else { return read };
    let Some(names) = opened.limited_names_in(folder, problems) else { return read };
    for name in names.into_iter().filter(|name| name.to_lowercase().ends_with(".csv")) {
        let name = format!("{folder}/{name}");
        let text = opened.text(&name, true, problems);
        let raw = text.and_then(|text| RawTable::parse(&name, &text, spec, problems));
        read.extend(raw.and_then(|raw| one(&name, &Table::read(raw, problems), problems)));
    }
    read
}

/// What was read and what is said of it, or everything that is wrong.
pub(crate) fn finished<T>(read: T, problems: Problems) -> Result<(T, Vec<Problem>), Invalid> {
    let failed = problems.any_error();
    let problems = problems.into_sorted();
    if failed { Err(Invalid { problems }) } else { Ok((read, problems)) }
}

fn one(name: &str, table: &Table, scenario: &Scenario, problems: &mut Problems) -> Option<Filed> {
    let base_year = table.rows.iter().find_map(|row| row.get(filed::BASE_YEAR))?;
    let known = Known::of(scenario);
    let mut unknown = 0;
    let mut rows = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        match read(row, &known) {
            Some(read) => rows.push(read),
            None => unknown += 1,
        }
    }
    if unknown > 0 && !problems.any_error() {
        // zones are split and joined over the years: what is gone cannot be scored
        problems.push(name, Place::File, Fault::History(HistoryFault::FiledOfOthers(unknown)));
    }
    Some(Filed { name: name.to_owned(), base_year, rows })
}

/// What rows name, by key.
pub(crate) struct Known<'a> {
    districts: Ids<'a, DistrictId>,
    pub(crate) groups: Ids<'a, GroupId>,
    zones: Ids<'a, ZoneId>,
    pub(crate) stages: Ids<'a, StageId>,
    grades: Ids<'a, GradeId>,
}

impl<'a> Known<'a> {
    pub(crate) fn of(scenario: &'a Scenario) -> Self {
        let frame = &scenario.frame;
        Self {
            districts: Ids::of(frame.districts.iter().map(|d| d.id.as_str())),
            groups: Ids::of(frame.groups.iter().map(|g| g.id.as_str())),
            zones: Ids::of(frame.zones.iter().map(|z| z.id.as_str())),
            stages: Ids::of(frame.stages.iter().map(|s| s.id.as_str())),
            grades: Ids::of(frame.stages.iter().flat_map(|s| s.grades.iter().map(String::as_str))),
        }
    }
}

fn read(row: &Row, known: &Known<'_>) -> Option<FiledRow> {
    let district = known.districts.index(row.get(filed::DISTRICT)?)?;
    let area = match row.get(filed::ZONE) {
        Some(zone) => Area::Zone(known.zones.index(zone)?),
        None => Area::District(district),
    };
    let stage = known.stages.index(row.get(filed::STAGE)?)?;
    let grade = match row.get(filed::GRADE) {
        Some(grade) => Some(known.grades.index(grade)?),
        None => None,
    };
    Some(FiledRow {
        area,
        stage,
        grade,
        year: row.get(filed::YEAR)?,
        pupils: row.get(filed::PUPILS)?,
        plain: row.get(filed::WITHOUT_OVERRIDES),
        quantiles: [
            row.get(filed::P2_5)?,
            row.get(filed::P10)?,
            row.get(filed::P25)?,
            row.get(filed::P50)?,
            row.get(filed::P75)?,
            row.get(filed::P90)?,
            row.get(filed::P97_5)?,
        ],
    })
}
