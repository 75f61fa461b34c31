//! What can be wrong with a scenario folder: a fault, its place, and its stable code.
//!
//! Codes are never reused. Errors (E) stop a run, warnings (W) name a fallback, notes (N) name a default that was taken.
//! Texts live in [`crate::message`].

mod figure;
mod ledger;
mod supply;

use std::fmt;

use seatcast_core::bounds::Bound;

pub use figure::{FarAbove, FigureFault, RatioKind, Several};
pub use ledger::LedgerFault;
pub use supply::SupplyFault;

use crate::{encoding::Encoding, limits::Limit};
pub use crate::{history_fault::HistoryFault, problems::Problems};

/// How grave a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The scenario cannot be run.
    Error,
    /// It can, with a stated fallback.
    Warning,
    /// A default was taken.
    Note,
}

impl Severity {
    /// Code in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// Where in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The file as a whole.
    File,
    /// A line and column of a text that does not parse.
    Line(usize, usize),
    /// A key path of a JSON file, `stages[1].grades`.
    Key(String),
    /// A row of a table as a spreadsheet counts it (the heading is row 1), and perhaps a column.
    Row(usize, Option<String>),
}

/// What is wrong. The data a message needs, never the message.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// The scenario path is no folder.
    NoFolder,
    /// A file that must be there is not.
    FileMissing,
    /// There are projects, yet no schools: the file of the projects.
    SchoolsMissing(String),
    /// A file named on the command line is not there.
    NoFile,
    /// A folder stands where a file must.
    FileIsFolder,
    /// The operating system refuses to read it.
    Unreadable(Refusal),
    /// A path that is absolute, climbs, or is a link out of the folder.
    PathLeaves(String),
    /// More than a limit allows: what, the limit.
    Beyond(Limit, u64),
    /// A character in a key that cannot be seen: the key, the character, its place from 1.
    Invisible(String, char, usize),
    /// A byte that no encoding fits, counted from 1; the encoding that was stated.
    NotText(usize, Option<Encoding>),
    /// JSON that does not parse; the parser's own words.
    JsonSyntax(String),
    /// A key nobody asked for, and the nearest known one.
    UnknownKey(String, Option<String>),
    /// A key that must be there.
    MissingKey(String),
    /// A key given twice.
    DuplicateKey(String),
    /// A value of another type: value, what is expected.
    WrongType(String, Expected),
    /// Not a finite number.
    NotFinite(String),
    /// Outside its range.
    OutOfRange(String, Bound),
    /// None of the allowed codes; the nearest.
    UnknownCode(String, Vec<String>, Option<String>),
    /// A name that the format keeps for itself.
    ReservedName(String),
    /// A table without a heading, or a row of another width: found, expected.
    RowWidth(usize, usize),
    /// A text that is no comma-separated table.
    CsvSyntax(NotTable),
    /// A column nobody asked for, and the nearest known one.
    UnknownColumn(String, Option<String>),
    /// A column that must be there.
    MissingColumn(String),
    /// A column given twice: its heading, its name.
    DuplicateColumn(String, &'static str),
    /// A cell that must not be blank.
    Blank,
    /// The same key as an earlier row: key, that row.
    DuplicateRow(String, usize),
    /// A table without a row.
    NoRows,
    /// A reference to nothing: what, value, nearest.
    UnknownReference(Thing, String, Option<String>),
    /// No roll of the base year for a zone and grade.
    NoBaseRoll(String, String, i32),
    /// Years missing between known ones: of what, which years.
    YearGap(String, Vec<i32>),
    /// A date before the one it must follow: this, other key, other date.
    DateOrder(String, &'static str, String),
    /// A lead whose min, mode and max are not in order, or not all given.
    LeadOrder(String),
    /// A project whose status needs a date that is not there.
    StatusNeeds(&'static str, &'static str),
    /// A rate that lacks what its kind needs: rate, column.
    RateNeeds(String, &'static str),
    /// A rate that says something its kind has no use for: rate, column.
    RateHasNot(String, &'static str),
    /// A grade or stage that a rate cannot be given for: rate, column, value.
    RateNotThere(String, &'static str, String),
    /// No children for a zone and stage that is entered from pools: zone, stage.
    NoPool(String, String),
    /// The pool of a zone is known only from a later year on: zone, first year known, first year needed.
    PoolStartsLate(String, i32, i32),
    /// A group whose zones lie in two districts: group, districts.
    GroupInTwoDistricts(String, String, String),
    /// A stage with both `entry_age` and `from`, or neither.
    OneIntake,
    /// A stage fed by itself or a later one: value.
    FeedsBackwards(String),
    /// outlook >= plan >= secure does not hold.
    HorizonOrder(i64, i64, i64),
    /// An age that does not belong to what was counted: `by`, whether one is needed.
    AgeFits(String, bool),
    /// Neither places nor classes.
    PlacesOrClasses,
    /// A list of classes of another length: found, grades.
    ClassesPerGrade(usize, usize),
    /// A roll after the base year, or a month of an absurd year: year, first, last.
    YearOutside(i64, i32, i32),
    /// A decision that is said to be taken, but only after the round: status, month, round.
    DecidedLater(&'static str, String, String),
    /// A fault of schools, projects and their kinds.
    Supply(SupplyFault),
    /// A fault of the ledger.
    Ledger(LedgerFault),
    /// A figure that is absurd, or leads to one.
    Figure(FigureFault),
    /// What is wrong with a history of rolls and births.
    History(HistoryFault),
    /// A key path through something that is no object or list.
    KeyPath(String),
    /// A code that a spreadsheet has shortened: digits are lost.
    ShortenedCode(String),
    /// Shares of a flow that do not add to 1: stages, zone, their sum.
    FlowSum(String, String, String),
    /// A flow between stages of which one does not feed the other: from, to.
    FlowNotThere(String, String),
    /// A project that excludes or requires itself, directly or through others.
    Circle(String),
    /// An undecided project that opens before the round: month, round.
    OpensBeforeRound(String, String),
    /// A patch that is none of the forms, or several at once.
    PatchForm,
    /// A patch that matches no row of a table.
    NoMatch(String),
    /// A patch of a table that the scenario has not got.
    TableNotThere(String),
    /// A variant that extends itself.
    ExtendsItself(String),
    /// A schedule that decides a project with nothing left to decide: project, its status.
    NothingToDecide(String, &'static str),
    /// A month that is no round of the project: month, its rounds.
    NotARound(String, Vec<String>),
    /// A schedule that decides two rivals: schedule (`None` = the only one), project, rival.
    Rivals(Option<String>, String, String),
    /// A schedule that decides a project before what it requires: schedule, project, prerequisite.
    Prerequisite(Option<String>, String, String),
    /// A schedule that costs more than there is: schedule, year (`None` = in all).
    OverBudget(Option<String>, Option<i32>),
    /// A rule of the engine, in its own words. The net below the reader, which checks every rule itself.
    Rule(String),

    /// Warning: no progression ratio for a grade: grade; 1 was taken.
    ProgressionDefault(String),
    /// Warning: no transition rate: from, to; 1 was taken.
    TransitionDefault(String, String),
    /// Warning: no entry ratio: source; 1 was taken.
    EntryDefault(String),
    /// Warning: an empty cohort: zone, grade.
    EmptyCohort(String, String),
    /// Warning: years missing in the history of rolls.
    RollGap(Vec<i32>),
    /// Warning: entry pools held at the last known cohort: zones, stage where more than one has pools, from year.
    BirthsAssumed(Vec<String>, Option<String>, i32),
    /// Warning: a gate that has outlasted every lead: project.
    Overrun(String),
    /// Warning: no place at all in a zone and stage: zone, stage.
    NoPlaces(String, String),
    /// Warning: a housing type without a yield for a grade: type, grades.
    YieldMissing(String, Vec<String>),
    /// Warning: rows known only after the round: count, round.
    LaterKnowledge(usize, String),
    /// Warning: an open project whose month lies after the round: project.
    OpensLater(String),
    /// Warning: a CSV file that no table reads; the nearest name of a table, and whether that is the file's own name.
    FileNotRead(Option<String>, bool),
    /// Warning: the encoding that was found.
    EncodingFound(Encoding),
    /// Warning: an input without effect, because another overrides it.
    NoEffect(Inert),
    /// Warning: a key that another file overrides.
    Overridden(String),
    /// What is found beyond the faults that are kept, counted.
    NotListed(Unlisted),
    /// Note: a key that was not given: what was taken.
    DefaultTaken(String),
    /// Note: a whole section that was not given.
    DefaultsTaken,
    /// Note: no schools and no projects.
    DemandAlone,
}

/// Why an input has no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inert {
    /// A rate that these rows, which say more, override wherever it would hold.
    RateRows(Vec<usize>),
    /// A rate of a year that is not projected.
    RateYear(i32, i32),
    /// A rate for which nothing is projected with.
    RateNowhere,
    /// Leads or dates of a project whose month of opening is stated: columns.
    OpensStated(Vec<String>),
    /// Yields of a type of which there is no estate.
    NoEstate(String),
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The system does not permit it.
    NotPermitted,
    /// A part of its path is a file, not a folder.
    ThroughFile,
    /// The system has no files of such a name.
    BadName,
    /// It is a device, a pipe or the like.
    NotPlain,
    /// Anything else, in the system's own words.
    System(String),
}

/// Why a text is no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTable {
    /// A quoted cell that never ends: the rest of the file would be its text.
    OpenQuote,
    /// The cells are separated by this character.
    Separator(char),
}

/// What a value should have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Expected {
    Text,
    Whole,
    Number,
    Month,
    Day,
    YesNo,
    Object,
    List,
    Name,
    Triple,
    Id,
    Decision,
    Cell,
}

/// The name in `known` nearest to `name`, if near enough to be a slip.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    crate::suggest::Suggestions::default().nearest(name, known)
}

/// Problems that are counted and not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unlisted {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

/// What a reference points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Thing {
    Zone,
    Stage,
    Grade,
    HousingType,
    District,
    Group,
    Source,
    Class,
    Kind,
    School,
    Project,
    Estate,
    Building,
    Variant,
    Table,
}

/// One problem.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// File name inside the folder.
    pub file: String,
    /// Where in it.
    pub place: Place,
    /// What is wrong.
    pub fault: Fault,
}

impl Problem {
    /// A problem of a whole file.
    pub fn of_file(file: impl Into<String>, fault: Fault) -> Self {
        Self { file: file.into(), place: Place::File, fault }
    }

    /// Stable code.
    pub fn code(&self) -> &'static str {
        self.fault.code()
    }

    /// Severity, the first letter of the code.
    pub fn severity(&self) -> Severity {
        self.fault.severity()
    }

    /// How many problems it stands for that are not in the list, if it is the line that counts them.
    pub fn unlisted(&self) -> Option<Unlisted> {
        match self.fault {
            Fault::NotListed(unlisted) => Some(unlisted),
            _ => None,
        }
    }
}

impl Fault {
    /// Severity, the first letter of the code.
    pub fn severity(&self) -> Severity {
        match self.code().as_bytes()[0] {
            b'W' => Severity::Warning,
            b'N' => Severity::Note,
            _ => Severity::Error,
        }
    }

    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Fault::NoFolder => "E001",
            Fault::FileMissing => "E002",
            Fault::FileIsFolder => "E003",
            Fault::Unreadable(_) => "E004",
            Fault::PathLeaves(_) => "E005",
            Fault::Beyond(limit, _) => limit.declared().code,
            Fault::Invisible(..) => "E167",
            Fault::NotText(..) => "E007",
            Fault::JsonSyntax(_) => "E010",
            Fault::UnknownKey(..) => "E011",
            Fault::MissingKey(_) => "E012",
            Fault::DuplicateKey(_) => "E013",
            Fault::WrongType(..) => "E020",
            Fault::NotFinite(_) => "E021",
            Fault::OutOfRange(..) => "E022",
            Fault::UnknownCode(..) => "E023",
            Fault::ReservedName(_) => "E024",
            Fault::RowWidth(..) => "E030",
            Fault::CsvSyntax(_) => "E031",
            Fault::UnknownColumn(..) => "E032",
            Fault::MissingColumn(_) => "E033",
            Fault::DuplicateColumn(..) => "E034",
            Fault::Blank => "E035",
            Fault::DuplicateRow(..) => "E036",
            Fault::NoRows => "E037",
            Fault::UnknownReference(..) => "E040",
            Fault::NoBaseRoll(..) => "E041",
            Fault::YearGap(..) => "E042",
            Fault::DateOrder(..) => "E043",
            Fault::LeadOrder(_) => "E044",
            Fault::StatusNeeds(..) => "E045",
            Fault::RateNeeds(..) => "E046",
            Fault::RateHasNot(..) => "E047",
            Fault::RateNotThere(..) => "E048",
            Fault::NoPool(..) => "E049",
            Fault::PoolStartsLate(..) => "E050",
            Fault::GroupInTwoDistricts(..) => "E051",
            Fault::OneIntake => "E052",
            Fault::FeedsBackwards(_) => "E053",
            Fault::HorizonOrder(..) => "E054",
            Fault::AgeFits(..) => "E055",
            Fault::PlacesOrClasses => "E056",
            Fault::ClassesPerGrade(..) => "E057",
            Fault::YearOutside(..) => "E058",
            Fault::History(fault) => fault.code(),
            Fault::Rule(_) => "E059",
            Fault::DecidedLater(..) => "E060",
            Fault::Supply(fault) => fault.code(),
            Fault::Ledger(fault) => fault.code(),
            Fault::Figure(fault) => fault.code(),
            Fault::KeyPath(_) => "E061",
            Fault::ShortenedCode(_) => "E062",
            Fault::FlowSum(..) => "E063",
            Fault::FlowNotThere(..) => "E064",
            Fault::Circle(_) => "E065",
            Fault::OpensBeforeRound(..) => "E066",
            Fault::PatchForm => "E067",
            Fault::NoMatch(_) => "E068",
            Fault::TableNotThere(_) => "E069",
            Fault::ExtendsItself(_) => "E070",
            Fault::NothingToDecide(..) => "E130",
            Fault::NotARound(..) => "E132",
            Fault::Rivals(..) => "E133",
            Fault::Prerequisite(..) => "E134",
            Fault::OverBudget(..) => "E135",
            Fault::NoFile => "E140",
            Fault::SchoolsMissing(_) => "E141",
            Fault::ProgressionDefault(_) => "W101",
            Fault::TransitionDefault(..) => "W102",
            Fault::EntryDefault(_) => "W103",
            Fault::EmptyCohort(..) => "W104",
            Fault::RollGap(_) => "W105",
            Fault::BirthsAssumed(..) => "W106",
            Fault::Overrun(_) => "W107",
            Fault::NoPlaces(..) => "W108",
            Fault::YieldMissing(..) => "W109",
            Fault::LaterKnowledge(..) => "W110",
            Fault::OpensLater(_) => "W111",
            Fault::FileNotRead(..) => "W112",
            Fault::NoEffect(_) | Fault::Overridden(_) => "W113",
            Fault::EncodingFound(_) => "W114",
            Fault::NotListed(_) => "W160",
            Fault::DefaultTaken(_) | Fault::DefaultsTaken => "N201",
            Fault::DemandAlone => "N202",
        }
    }
}

/// A folder that cannot be run: every problem, sorted.
#[derive(Debug, Clone, PartialEq)]
pub struct Invalid {
    /// Errors, and the warnings and notes found on the way.
    pub problems: Vec<Problem>,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = crate::message::text(&self.problems, seatcast_core::Lang::En, 1000);
        f.write_str(text.trim_end())
    }
}

impl std::error::Error for Invalid {}
