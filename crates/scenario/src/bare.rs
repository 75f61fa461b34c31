//! Bare tables: rolls and births as a statistical office publishes them, without a scenario around them.
//!
//! | table | columns |
//! |---|---|
//! | rolls | `year,area[,school],grade,pupils[,known_from]`; grades are whole numbers |
//! | births | `year,area,births[,known_from]`; one area serves all areas of the rolls |
//!
//! A child of the births labelled y enters the entry grade in y + lag. Grades below the entry grade are left out. A figure
//! given twice with different `known_from` was revised: each origin sees the one it knew. Without `known_from` a roll of
//! year y is known from September y, births labelled y from September y.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::PathBuf,
};

use seatcast_core::{
    backtest::Dataset,
    bounds,
    forecast::history::{History, Panel, Schools, Source},
    index::{self, ChainGrade, Ids, Lead, PastYear, UnitId},
    time::{ROLL_MONTH, YearMonth},
};

use crate::{
    encoding::Encoding,
    folder::{self, InputFile},
    limits::{Limit, Limits},
    problem::{Fault, HistoryFault, Invalid, Place, Problem, Problems},
    raw::RawTable,
    table::{Row, Table},
    tables::{TableSpec, bare_births, bare_rolls, shared},
};

/// What to read, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BareOptions {
    /// The table of rolls.
    pub rolls: PathBuf,
    /// The table of births.
    pub births: Option<PathBuf>,
    /// The grade children enter; `None`: the lowest of the rolls.
    pub entry_grade: Option<i32>,
    /// Years from the label of births to entry.
    pub entry_lag: usize,
    /// Years whose rolls are not believed.
    pub mask_years: Vec<i32>,
    /// Stages: name, first and last grade. Empty: all grades are one stage, `all`.
    pub stages: Vec<(String, i32, i32)>,
    /// Only what was known in this month.
    pub as_of: Option<YearMonth>,
    /// Month of the round in which an origin forecasts.
    pub decision_month: u8,
    /// Encoding of both tables; found if not given.
    pub encoding: Option<Encoding>,
    /// How much is read.
    pub limits: Limits,
}

/// Bare tables as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Bare {
    /// Rolls and births, today's and as each origin knew them.
    pub data: Dataset,
    /// Names of the grades, entry grade first.
    pub grades: Vec<String>,
    /// Stages with their grades.
    pub stages: Vec<(String, Ids<ChainGrade>)>,
    /// Area and school of each school, by index.
    pub schools: Vec<(String, String)>,
    /// Warnings and notes, sorted.
    pub problems: Vec<Problem>,
    /// Every file read, with its hash.
    pub inputs: Vec<InputFile>,
}

/// A figure with the month from which it was known.
#[derive(Debug, Clone, Copy)]
struct Figure {
    known_from: YearMonth,
    value: f64,
}

/// Every figure of a cell, in order of the month from which it was known.
type Figures<K> = BTreeMap<K, Vec<Figure>>;

/// Area, school (empty without), year, grade.
type RollKey = (usize, usize, i32, i32);

/// Reads bare tables.
///
/// # Errors
/// [`Invalid`] with every problem of every file.
pub fn read_bare(options: &BareOptions) -> Result<Bare, Invalid> {
    let mut problems = Problems::new(options.limits);
    let bare = read(options, &mut problems);
    let any_error = problems.any_error();
    let problems = problems.into_sorted();
    match bare {
        Some(mut bare) if !any_error => {
            bare.problems = problems;
            Ok(bare)
        }
        _ => Err(Invalid { problems }),
    }
}

fn read(options: &BareOptions, problems: &mut Problems) -> Option<Bare> {
    let mut inputs = Vec::new();
    let mut table = |path: &PathBuf, spec: &'static TableSpec| {
        let name = path.display().to_string();
        let file = folder::text(path, &name, options.encoding, problems)?;
        inputs.push(file.input);
        let raw = RawTable::parse(&name, &file.text, spec, problems)?;
        Some(Table::read(raw, problems))
    };
    let rolls = table(&options.rolls, &bare_rolls::TABLE);
    let births = options.births.as_ref().map(|path| table(path, &bare_births::TABLE));
    let rolls = rolls?;
    let mut reader = Reader { options, file: rolls.file.clone(), problems };
    let rolls = reader.rolls(&rolls)?;
    let births = match births {
        Some(table) => Some(reader.births(&table?, &rolls)?),
        None => None,
    };
    if reader.problems.any_error() {
        return None;
    }
    let stages = reader.stages(&rolls)?;
    reader.warn(&rolls);
    let truth = rolls.history(births.as_ref(), options, options.as_of);
    let known = rolls.known(births.as_ref(), options, &truth);
    let schools: Vec<(String, String)> = rolls.schools.clone();
    Some(Bare {
        data: Dataset {
            truth,
            known,
            areas: rolls.areas.clone(),
            schools: schools.iter().map(|(area, school)| format!("{area}/{school}")).collect(),
        },
        grades: (rolls.grades.start..rolls.grades.end).map(|g| g.to_string()).collect(),
        stages,
        schools,
        problems: Vec::new(),
        inputs,
    })
}

/// Rolls by key.
struct Rolls {
    figures: Figures<RollKey>,
    areas: Vec<String>,
    schools: Vec<(String, String)>,
    years: Range<i32>,
    /// From the entry grade on.
    grades: Range<i32>,
}

/// Births by area and label.
struct Births {
    figures: Figures<(usize, i32)>,
    /// One series serves all areas.
    shared: bool,
}

struct Reader<'a> {
    options: &'a BareOptions,
    file: String,
    problems: &'a mut Problems,
}

impl Reader<'_> {
    fn fault(&mut self, fault: Fault) {
        self.problems.push(&self.file.clone(), Place::File, fault);
    }

    /// The rows known at `--as-of`; an error naming the first month that would leave any, if there is none.
    fn known<'t>(
        &mut self,
        table: &'t Table,
        implied: &dyn Fn(&Row) -> YearMonth,
    ) -> Vec<(&'t Row, YearMonth)> {
        let all: Vec<(&Row, YearMonth)> = table
            .rows
            .iter()
            .map(|row| (row, row.get(shared::KNOWN_FROM).unwrap_or_else(|| implied(row))))
            .collect();
        let Some(as_of) = self.options.as_of else { return all };
        let known: Vec<_> = all.iter().copied().filter(|(_, from)| *from <= as_of).collect();
        if known.is_empty()
            && let Some(first) = all.iter().map(|(_, from)| *from).min()
        {
            self.problems.push(
                &table.file,
                Place::File,
                Fault::History(HistoryFault::NothingKnown(as_of.to_string(), first.to_string())),
            );
        }
        known
    }

    fn rolls(&mut self, table: &Table) -> Option<Rolls> {
        let with_schools = table.rows.iter().any(|row| row.get(bare_rolls::SCHOOL).is_some());
        let mut areas: BTreeSet<&str> = BTreeSet::new();
        let mut schools: BTreeSet<(&str, &str)> = BTreeSet::new();
        for row in &table.rows {
            if let Some(area) = row.get(bare_rolls::AREA) {
                areas.insert(area);
                schools.extend(row.get(bare_rolls::SCHOOL).map(|s| (area, s)));
            }
        }
        let areas: Vec<String> = areas.into_iter().map(str::to_owned).collect();
        let schools: Vec<(String, String)> =
            schools.into_iter().map(|(a, s)| (a.to_owned(), s.to_owned())).collect();
        let mut figures: Figures<RollKey> = BTreeMap::new();
        let mut below = 0;
        for (row, known_from) in self.known(table, &|row| september(row.get(bare_rolls::YEAR))) {
            let cells = (
                row.get(bare_rolls::YEAR),
                row.get(bare_rolls::AREA),
                row.get(bare_rolls::GRADE),
                row.get(bare_rolls::PUPILS),
            );
            let (Some(year), Some(area), Some(grade), Some(pupils)) = cells else { continue };
            if with_schools && row.get(bare_rolls::SCHOOL).is_none() {
                if !row.is_faulty(&bare_rolls::SCHOOL) {
                    row.fault(&table.file, &bare_rolls::SCHOOL, Fault::Blank, self.problems);
                }
                continue;
            }
            if self.options.entry_grade.is_some_and(|entry| grade < entry) {
                below += 1;
                continue;
            }
            let area_index = areas.binary_search_by(|a| a.as_str().cmp(area)).unwrap_or_default();
            let school = row.get(bare_rolls::SCHOOL).map_or(0, |school| {
                schools
                    .binary_search_by(|(a, s)| (a.as_str(), s.as_str()).cmp(&(area, school)))
                    .unwrap_or_default()
            });
            let key = (area_index, school, year, grade);
            figures.entry(key).or_default().push(Figure { known_from, value: pupils });
        }
        if below > 0 {
            let entry = self.options.entry_grade.unwrap_or_default();
            self.fault(Fault::History(HistoryFault::BelowEntry(below, entry)));
        }
        let years = span(figures.keys().map(|k| k.2));
        let grades = span(figures.keys().map(|k| k.3));
        let units = schools.len().max(areas.len()) as u64;
        let found = units.saturating_mul(years.len() as u64).saturating_mul(grades.len() as u64);
        if !self.problems.within(Limit::Figures, found, &table.file, Place::File) {
            return None;
        }
        let entry = self.options.entry_grade.unwrap_or(grades.start);
        if !figures.keys().any(|k| k.3 == entry) {
            if !self.problems.any_error() {
                self.fault(Fault::History(HistoryFault::NoEntryGrade(entry)));
            }
            return None;
        }
        for list in figures.values_mut() {
            list.sort_by_key(|f| f.known_from);
        }
        Some(Rolls { figures, areas, schools, years, grades: entry..grades.end })
    }

    fn births(&mut self, table: &Table, rolls: &Rolls) -> Option<Births> {
        let names: BTreeSet<&str> = table.rows.iter().filter_map(|row| row.get(bare_births::AREA)).collect();
        let of_area: BTreeMap<&str, usize> =
            rolls.areas.iter().enumerate().map(|(i, area)| (area.as_str(), i)).collect();
        let known: BTreeSet<&str> = names.iter().copied().filter(|n| of_area.contains_key(n)).collect();
        let shared = names.len() == 1 && (known.is_empty() || rolls.areas.len() > 1);
        if !shared && known.is_empty() {
            let fault = HistoryFault::BirthsElsewhere(names.iter().map(|n| (*n).to_owned()).collect());
            let fault = Fault::History(fault);
            self.problems.push(&table.file, Place::File, fault);
            return None;
        }
        if !shared {
            let without: Vec<String> =
                rolls.areas.iter().filter(|a| !known.contains(a.as_str())).cloned().collect();
            if !without.is_empty() {
                self.problems.push(
                    &table.file,
                    Place::File,
                    Fault::History(HistoryFault::AreasWithoutBirths(without)),
                );
            }
        }
        let mut figures: Figures<(usize, i32)> = BTreeMap::new();
        for (row, known_from) in self.known(table, &|row| september(row.get(bare_births::YEAR))) {
            let cells =
                (row.get(bare_births::YEAR), row.get(bare_births::AREA), row.get(bare_births::BIRTHS));
            let (Some(year), Some(area), Some(births)) = cells else { continue };
            let index = if shared { Some(0) } else { of_area.get(area).copied() };
            if let Some(index) = index {
                figures.entry((index, year)).or_default().push(Figure { known_from, value: births });
            }
        }
        for list in figures.values_mut() {
            list.sort_by_key(|f| f.known_from);
        }
        let lag = self.options.entry_lag as i32;
        let labels = span(figures.keys().map(|k| k.1));
        let entering = labels.start + lag..labels.end + lag;
        if entering.start >= rolls.years.end - 1 || entering.end <= rolls.years.start + 1 {
            let fault = Fault::History(HistoryFault::BirthsWrongYears(
                labels.start,
                labels.end - 1,
                rolls.years.start,
                rolls.years.end - 1,
            ));
            self.problems.push(&table.file, Place::File, fault);
        }
        Some(Births { figures, shared })
    }

    fn stages(&mut self, rolls: &Rolls) -> Option<Vec<(String, Ids<ChainGrade>)>> {
        let Range { start, end } = rolls.grades;
        if self.options.stages.is_empty() {
            return Some(vec![("all".to_owned(), Ids::first((end - start) as usize))]);
        }
        let mut out = Vec::new();
        for (name, first, last) in &self.options.stages {
            if *first < start || *last >= end {
                self.fault(Fault::History(HistoryFault::StageOutside(
                    name.clone(),
                    *first,
                    *last,
                    start,
                    end - 1,
                )));
                continue;
            }
            out.push((name.clone(), Ids::of((first - start) as usize..(last - start) as usize + 1)));
        }
        (out.len() == self.options.stages.len()).then_some(out)
    }

    /// What a reader of the results must know of the rolls.
    fn warn(&mut self, rolls: &Rolls) {
        let years: BTreeSet<i32> = rolls.figures.keys().map(|k| k.2).collect();
        let gap: Vec<i32> = rolls.years.clone().filter(|y| !years.contains(y)).collect();
        if !gap.is_empty() {
            self.fault(Fault::RollGap(gap));
        }
        let grades: BTreeSet<i32> = rolls.figures.keys().map(|k| k.3).collect();
        let missing: Vec<String> =
            rolls.grades.clone().filter(|g| !grades.contains(g)).map(|g| g.to_string()).collect();
        if !missing.is_empty() {
            self.fault(Fault::History(HistoryFault::GradesMissing(missing)));
        }
        let (first, last) = (rolls.years.start, rolls.years.end - 1);
        let of = |year: i32| -> BTreeSet<usize> {
            rolls.figures.keys().filter(|k| k.2 == year).map(|k| k.0).collect()
        };
        let (at_first, at_last) = (of(first), of(last));
        let names = |without: &BTreeSet<usize>| -> Vec<String> {
            (0..rolls.areas.len()).filter(|i| !without.contains(i)).map(|i| rolls.areas[i].clone()).collect()
        };
        let (appear, vanish) = (names(&at_first), names(&at_last));
        if !appear.is_empty() && first < last {
            self.fault(Fault::History(HistoryFault::AreasAppear(appear, first)));
        }
        if !vanish.is_empty() && first < last {
            self.fault(Fault::History(HistoryFault::AreasVanish(vanish, last)));
        }
        if years.len() < 2 {
            self.fault(Fault::History(HistoryFault::OneYear));
        }
        let unknown: Vec<i32> =
            self.options.mask_years.iter().copied().filter(|y| !years.contains(y)).collect();
        if !unknown.is_empty() {
            self.fault(Fault::History(HistoryFault::MaskedUnknown(unknown)));
        }
    }
}

fn september(year: Option<i32>) -> YearMonth {
    YearMonth { year: year.unwrap_or(bounds::YEAR.min as i32), month: ROLL_MONTH }
}

fn span(values: impl Iterator<Item = i32>) -> Range<i32> {
    let (mut low, mut high) = (i32::MAX, i32::MIN);
    for value in values {
        low = low.min(value);
        high = high.max(value);
    }
    if low > high { 0..0 } else { low..high + 1 }
}

/// The last figure known in `as_of`.
fn latest(figures: &[Figure], as_of: Option<YearMonth>) -> Option<f64> {
    figures.iter().rev().find(|f| as_of.is_none_or(|month| f.known_from <= month)).map(|f| f.value)
}

impl Rolls {
    /// Everything known in `as_of`.
    fn history(&self, births: Option<&Births>, options: &BareOptions, as_of: Option<YearMonth>) -> History {
        let years = self.years.len();
        let grades = self.grades.len();
        let with_schools = !self.schools.is_empty();
        let count = if with_schools { self.schools.len() } else { self.areas.len() };
        let mut units = Panel::unknown(count, years, grades);
        for (&(area, school, year, grade), figures) in &self.figures {
            if options.mask_years.contains(&year) {
                continue;
            }
            if let Some(pupils) = latest(figures, as_of) {
                let unit = if with_schools { school } else { area };
                units.set(
                    UnitId::new(unit),
                    PastYear::new((year - self.years.start) as usize),
                    ChainGrade::new((grade - self.grades.start) as usize),
                    pupils,
                );
            }
        }
        let (rolls, schools) = if with_schools {
            let area_of: index::Table<UnitId, UnitId> = self
                .schools
                .iter()
                .map(|(area, _)| UnitId::new(self.areas.binary_search(area).unwrap_or_default()))
                .collect();
            (units.sum_into(&area_of, self.areas.len()), Some(Schools { rolls: units, area_of }))
        } else {
            (units, None)
        };
        let mut history = History::new(self.years.start, rolls);
        history.schools = schools;
        history.sources.extend(births.map(|b| self.source(b, options, as_of)));
        history
    }

    fn source(&self, births: &Births, options: &BareOptions, as_of: Option<YearMonth>) -> Source {
        let lag = options.entry_lag;
        let mut source =
            Source::unknown("births", births.shared, true, lag, self.areas.len(), self.years.len());
        for (&(area, label), figures) in &births.figures {
            let entry = label + lag as i32 - self.years.start;
            if let (Ok(entry), Some(children)) = (usize::try_from(entry), latest(figures, as_of)) {
                source.set(UnitId::new(area), PastYear::new(entry), Lead::NEXT, children);
            }
        }
        source
    }

    /// The histories of those origins that knew other figures than today's.
    fn known(
        &self,
        births: Option<&Births>,
        options: &BareOptions,
        truth: &History,
    ) -> index::Table<PastYear, Option<History>> {
        let rolls = self.figures.iter().map(|(k, f)| (k.2, f));
        let of_births = births.iter().flat_map(|b| b.figures.iter().map(|(k, f)| (k.1, f)));
        let plain = |(year, figures): (i32, &Vec<Figure>)| {
            figures.len() == 1 && figures[0].known_from <= YearMonth { year, month: ROLL_MONTH }
        };
        if rolls.chain(of_births).all(plain) {
            return index::Table::default();
        }
        Ids::first(self.years.len())
            .map(|t: PastYear| {
                let round =
                    YearMonth { year: self.years.start + t.index() as i32, month: options.decision_month };
                let known = options.as_of.map_or(round, |as_of| as_of.min(round));
                let history = self.history(births, options, Some(known)).cut(t);
                (!history.says_what(&truth.cut(t))).then_some(history)
            })
            .collect()
    }
}
