//! The English words.

use seatcast_core::{
    Lang,
    bounds::{Bound, YEAR},
};

use super::{figure, json_words, ledger, only, plain, plural, range, supply, years};
use crate::{
    limits::Declared,
    problem::{Expected, Fault, Inert, NotTable, Refusal, Thing, Unlisted},
    visible::{Unlike, number, shown, unlike},
};

/// What is wrong.
#[expect(clippy::too_many_lines, reason = "one arm a fault")]
pub(super) fn message(fault: &Fault) -> String {
    match fault {
        Fault::NoFolder => "there is no such folder".into(),
        Fault::FileMissing => "the file is missing".into(),
        Fault::NoFile => "there is no such file".into(),
        Fault::SchoolsMissing(projects) => format!("the file is missing, yet there is {projects}"),
        Fault::FileIsFolder => "a folder stands where this file should be".into(),
        Fault::Unreadable(why) => format!("cannot be read: {}", refusal_words(why)),
        Fault::PathLeaves(path) => format!("`{path}` leads out of the scenario folder"),
        Fault::Beyond(limit, most) => {
            let Declared { name, words: (_, what), .. } = limit.declared();
            format!("beyond the limit `{name}`: at most {most} {what}")
        }
        Fault::Invisible(key, c, at) => {
            let (key, c) = (shown(key), number(*c));
            format!("`{key}` is a key with an invisible character, {c}, at place {at}")
        }
        Fault::NotListed(Unlisted { errors, warnings, notes }) => {
            format!("{errors} more errors, {warnings} more warnings and {notes} more notes are not listed")
        }
        Fault::NotText(at, None) => format!("byte {at} is neither UTF-8 nor GB18030"),
        Fault::NotText(at, Some(encoding)) => format!("byte {at} is not {encoding}"),
        Fault::JsonSyntax(why) => format!("not JSON: {}", json_words(why, Lang::En)),
        Fault::UnknownKey(key, _) => format!("unknown key `{key}`"),
        Fault::MissingKey(key) => format!("the key `{key}` is missing"),
        Fault::DuplicateKey(key) => format!("`{key}` is given twice"),
        Fault::WrongType(value, expected) => format!("`{value}` is not {}", expected_words(*expected)),
        Fault::NotFinite(value) => format!("`{value}` is not a finite number"),
        Fault::OutOfRange(value, bound) => match only(bound) {
            Some(only) => format!("{value} is not {only}"),
            None => format!("{value} is outside {}{}", range(bound), unit(bound)),
        },
        Fault::UnknownCode(value, ..) => format!("`{value}` is none of the codes of this column"),
        Fault::ReservedName(name) => format!("`{name}` stands for every zone and cannot be the name of one"),
        Fault::RowWidth(found, expected) => {
            format!("{found} {}, the heading has {expected}", plural(*found, "cell"))
        }
        Fault::CsvSyntax(NotTable::OpenQuote) => {
            "a quoted cell is never closed: the rest of the file would be its text".into()
        }
        Fault::CsvSyntax(NotTable::Separator(mark)) => {
            format!("the cells are separated by `{mark}`, not by `,`")
        }
        Fault::UnknownColumn(name, _) if name.is_empty() => "the heading of this column is blank".into(),
        Fault::UnknownColumn(name, _) => format!("unknown column `{name}`"),
        Fault::MissingColumn(name) => format!("the column `{name}` is missing"),
        Fault::DuplicateColumn(name, column) if name == column => {
            format!("the column `{name}` is given twice")
        }
        Fault::DuplicateColumn(name, column) => {
            format!("`{name}` is the column `{column}`, which is given already")
        }
        Fault::Blank => "the cell is blank".into(),
        Fault::DuplicateRow(key, 0) => format!("the same key as another row that a patch adds: {key}"),
        Fault::DuplicateRow(key, row) => format!("the same key as row {row}: {key}"),
        Fault::NoRows => "there is nothing in it".into(),
        Fault::UnknownReference(thing, value, _) => format!("there is no {} `{value}`", thing_word(*thing)),
        Fault::NoBaseRoll(zone, grade, year) => {
            format!("no roll for zone {zone}, grade {grade} in the base year {year}")
        }
        Fault::YearGap(what, gap) => {
            let (word, gap) = (plural(gap.len(), "year"), years(gap, Lang::En));
            format!("{what}: nothing is known for the entry {word} {gap}")
        }
        Fault::DateOrder(date, other, earlier) => format!("{date} comes before {other} {earlier}"),
        Fault::LeadOrder(lead) => format!("the lead {lead} is not min <= mode <= max with all three given"),
        Fault::StatusNeeds(status, column) => format!("a project of status `{status}` needs `{column}`"),
        Fault::RateNeeds(rate, column) => format!("the rate `{rate}` needs `{column}` here"),
        Fault::RateHasNot(rate, column) => format!("the rate `{rate}` has no `{column}`"),
        Fault::RateNotThere(rate, _, value) => format!("the rate `{rate}` cannot be given for `{value}`"),
        Fault::NoPool(zone, stage) => format!("no children who can enter {stage} in zone {zone}"),
        Fault::PoolStartsLate(zone, first, needed) => {
            format!("the entry pool of zone {zone} is known from {first} on, {needed} is needed")
        }
        Fault::GroupInTwoDistricts(group, a, b) => {
            format!("the group `{group}` lies in two districts, `{a}` and `{b}`")
        }
        Fault::OneIntake => "a stage has exactly one of `entry_age` and `from`".into(),
        Fault::FeedsBackwards(stage) => format!("`{stage}` is no earlier stage"),
        Fault::HorizonOrder(outlook, plan, secure) => {
            format!("outlook {outlook}, plan {plan}, secure {secure} are not in order")
        }
        Fault::AgeFits(by, true) => format!("children counted by `{by}` need an age"),
        Fault::AgeFits(by, false) => format!("children counted by `{by}` have no age"),
        Fault::PlacesOrClasses => "neither `places` nor `classes_per_grade` is given".into(),
        Fault::ClassesPerGrade(found, grades) => {
            format!("{found} numbers of classes for {grades} {}", plural(*grades, "grade"))
        }
        Fault::YearOutside(year, first, last) => format!("{year} is outside {first} .. {last}"),
        Fault::DecidedLater(status, month, round) => {
            format!("{month} is after the round of {round}, yet the status `{status}` says it is decided")
        }
        Fault::Supply(fault) => supply::message(fault, Lang::En),
        Fault::Ledger(fault) => ledger::message(fault, Lang::En),
        Fault::Figure(fault) => figure::message(fault, Lang::En),
        Fault::History(fault) => fault.message(Lang::En),
        Fault::KeyPath(key) => format!("`{key}` leads to no key of scenario.json"),
        Fault::ShortenedCode(code) => format!("`{code}` is a code that a spreadsheet has shortened"),
        Fault::FlowSum(stages, zone, sum) => {
            format!("the shares of zone {zone}, {stages}, add to {sum}, not to 1")
        }
        Fault::FlowNotThere(from, to) => format!("stage `{from}` does not feed stage `{to}`"),
        Fault::Circle(id) => format!("project {id} excludes or requires itself, directly or through others"),
        Fault::OpensBeforeRound(month, round) => {
            format!("{month} is not after the round of {round}, yet nothing is decided of the project")
        }
        Fault::PatchForm => "a patch has exactly one of `key`, `set`, `multiply`, `add`, `remove`".into(),
        Fault::NoMatch(table) => format!("no row of {table} matches"),
        Fault::TableNotThere(table) => format!("the scenario has no table `{table}`"),
        Fault::ExtendsItself(variant) => format!("the variant `{variant}` extends itself"),
        Fault::NothingToDecide(id, status) => {
            format!("project {id} is `{status}`: nothing is left to decide")
        }
        Fault::NotARound(month, _) => format!("{month} is no round in which the project may be decided"),
        Fault::Rivals(schedule, a, b) => {
            format!(
                "{} decides both {a} and {b}, of which at most one is built",
                schedule_words(schedule.as_ref())
            )
        }
        Fault::Prerequisite(schedule, id, needs) => {
            format!("{} decides {id} before {needs}, which it requires", schedule_words(schedule.as_ref()))
        }
        Fault::OverBudget(schedule, None) => {
            format!("{} commits more than the whole budget", schedule_words(schedule.as_ref()))
        }
        Fault::OverBudget(schedule, Some(year)) => {
            format!(
                "{} commits more in {year} than the budget of that year",
                schedule_words(schedule.as_ref())
            )
        }
        Fault::Rule(words) => words.clone(),
        Fault::ProgressionDefault(grade) => {
            format!("no progression ratio into grade {grade} for some zone and year")
        }
        Fault::TransitionDefault(from, to) => {
            format!("no transition rate from {from} to {to} for some zone and year")
        }
        Fault::EntryDefault(source) => {
            format!("no entry ratio for the source {source} in some zone and year")
        }
        Fault::EmptyCohort(zone, grade) => format!("zone {zone}, grade {grade}: no pupils in the base year"),
        Fault::RollGap(gap) => format!("the history of rolls has no {}", years(gap, Lang::En)),
        Fault::BirthsAssumed(zones, stage, year) => {
            let word = if zones.len() == 1 { "zone" } else { "zones" };
            let stage = stage.as_ref().map_or(String::new(), |s| format!("{s}, "));
            format!("{stage}{word} {}: no children are known for entry in {year} or later", zones.join(", "))
        }
        Fault::Overrun(project) => {
            format!("project {project} should have been finished long before this round")
        }
        Fault::NoPlaces(zone, stage) => format!("zone {zone} has no place in {stage}"),
        Fault::YieldMissing(kind, grades) => {
            let word = plural(grades.len(), "grade");
            format!("housing type {kind} has no yield for {word} {}", grades.join(", "))
        }
        Fault::LaterKnowledge(1, round) => format!("1 row was known only after the round of {round}"),
        Fault::LaterKnowledge(count, round) => {
            format!("{count} rows were known only after the round of {round}")
        }
        Fault::OpensLater(project) => format!("project {project} is open, yet opens after this round"),
        Fault::FileNotRead(..) => "no table of the scenario reads this file".into(),
        Fault::EncodingFound(encoding) => format!("read as {encoding}"),
        Fault::NoEffect(inert) => format!("it has no effect: {}", inert_words(inert)),
        Fault::Overridden(file) => format!("it has no effect: {file} gives the same key another value"),
        Fault::DefaultTaken(value) => format!("not given, taken: {value}"),
        Fault::DemandAlone => "there are neither schools nor projects: demand alone is forecast".into(),
        Fault::DefaultsTaken => "not given, the defaults of docs/file-formats.md are taken".into(),
    }
}

/// How to fix it.
#[expect(clippy::too_many_lines, reason = "one arm a fault")]
pub(super) fn help(fault: &Fault) -> String {
    match fault {
        Fault::NoFolder => "name the folder that holds scenario.json".into(),
        Fault::FileMissing => {
            "add it to the folder; a table may have another file name under `tables` in scenario.json".into()
        }
        Fault::SchoolsMissing(_) => {
            "add it, with 0 places if there are none yet; without both tables demand alone is forecast".into()
        }
        Fault::NoFile => "check the path; it counts from the folder you are in".into(),
        Fault::FileIsFolder => "move the folder away and put the file there".into(),
        Fault::Unreadable(Refusal::ThroughFile | Refusal::BadName) => {
            "correct the file name under `tables` in scenario.json".into()
        }
        Fault::Unreadable(_) => "put a plain file there that you may read".into(),
        Fault::PathLeaves(_) => {
            "name a file inside the folder: no `..`, no leading `/`, no link to another place".into()
        }
        Fault::Beyond(limit, most) => {
            let Declared { name, most: highest, .. } = limit.declared();
            if most < highest {
                format!("leave out what is not needed, or raise the limit: --limit {name}=N, up to {highest}")
            } else {
                "leave out what is not needed; the limit cannot be raised".into()
            }
        }
        Fault::Invisible(..) => "type the key again, without what a copy or an input method put into it".into(),
        Fault::NotListed(_) => "correct those that are listed first, or list more with --limit faults=N".into(),
        Fault::NotText(_, None) => "save the file as UTF-8 (Excel: CSV UTF-8)".into(),
        Fault::NotText(_, Some(_)) => "state the right `--encoding`, or save the file as UTF-8".into(),
        Fault::JsonSyntax(words) if words.starts_with("EOF") => {
            "complete it: something is cut off, or a bracket is not closed".into()
        }
        Fault::JsonSyntax(_) => "look at the character there; NaN, comments and trailing commas are not JSON".into(),
        Fault::UnknownKey(_, Some(near)) | Fault::UnknownColumn(_, Some(near)) => format!("did you mean `{near}`?"),
        Fault::UnknownColumn(name, None) if name.is_empty() => "name the column, or delete it".into(),
        Fault::UnknownKey(_, None) => "remove it; docs/file-formats.md lists the keys".into(),
        Fault::MissingKey(_) => "add it; docs/file-formats.md says what it holds".into(),
        Fault::DuplicateKey(_) => "keep one".into(),
        Fault::WrongType(_, expected) => format!("write {}", how_to_write(*expected)),
        Fault::NotFinite(_) => "write a plain number such as 1234.5".into(),
        Fault::OutOfRange(_, bound) => match only(bound) {
            Some(only) => format!("write {only}"),
            None => format!("write a value from {} to {}", plain(bound.min), plain(bound.max)),
        },
        Fault::UnknownCode(_, codes, Some(near)) => format!("did you mean `{near}`? allowed: {}", codes.join(", ")),
        Fault::UnknownCode(_, codes, None) => format!("allowed: {}", codes.join(", ")),
        Fault::ReservedName(_) => "give the zone another name".into(),
        Fault::RowWidth(..) => "give every row as many cells as the heading; quote a text that holds a comma".into(),
        Fault::CsvSyntax(NotTable::OpenQuote) => {
            "close the quote, or write a quote that belongs to the text twice".into()
        }
        Fault::CsvSyntax(NotTable::Separator(_)) => "save it as comma-separated CSV".into(),
        Fault::UnknownColumn(_, None) => "remove it; docs/file-formats.md lists the columns".into(),
        Fault::MissingColumn(_) => "add the column to the heading".into(),
        Fault::DuplicateColumn(..) => "keep one of the columns".into(),
        Fault::Blank => "fill it; 0 means zero, blank means missing".into(),
        Fault::DuplicateRow(..) => "keep one of the rows".into(),
        Fault::NoRows => "fill it, or leave it out if it is optional".into(),
        Fault::UnknownReference(_, name, Some(near)) => match unlike(name, near) {
            None => format!("did you mean `{near}`?"),
            Some(Unlike::Invisible(c)) => {
                format!("did you mean `{near}`? it differs in an invisible character, {}", number(c))
            }
            Some(Unlike::Form) => format!("did you mean `{near}`? it differs in full-width or other forms"),
            Some(Unlike::Case) => format!("did you mean `{near}`? it differs in capitals"),
        },
        Fault::UnknownReference(thing, ..) => format!("add the {} or correct the name", thing_word(*thing)),
        Fault::NoBaseRoll(..) => "add the row; 0 if there are no pupils".into(),
        Fault::YearGap(..) => "add the missing counts, or remove the earlier ones".into(),
        Fault::DateOrder(..) => "correct one of the two months".into(),
        Fault::LeadOrder(_) => "give all three in rising order, or leave all three blank for the default".into(),
        Fault::StatusNeeds(_, "opens") => "fill `opens`".into(),
        Fault::StatusNeeds(_, "site_decided") => {
            "fill `site_decided`, or write yes under `site_in_hand`, or fill `opens` if a month of opening is published"
                .into()
        }
        Fault::StatusNeeds(_, column) => {
            format!("fill `{column}`, or `opens` if a month of opening is published")
        }
        Fault::RateNeeds(_, column) => format!("fill `{column}`"),
        Fault::RateHasNot(_, column) => format!("clear `{column}`"),
        Fault::RateNotThere(_, "grade", _) => "write a grade above the first of its stage".into(),
        Fault::RateNotThere(_, "source", _) => "write a stage that `from` of this stage names".into(),
        Fault::RateNotThere(rate, ..) if rate == "transition" => "write a stage with `from`".into(),
        Fault::RateNotThere(..) => "write a stage with `entry_age`".into(),
        Fault::NoPool(..) => "add counts of children for the zone".into(),
        Fault::PoolStartsLate(..) => "add the counts of the children who enter earlier".into(),
        Fault::GroupInTwoDistricts(..) => "give each district its own group".into(),
        Fault::OneIntake => {
            "give `entry_age` to a stage entered from outside school, `from` to every other".into()
        }
        Fault::FeedsBackwards(_) => "name a stage that stands earlier in the list".into(),
        Fault::HorizonOrder(..) => "choose outlook >= plan >= secure, for instance 6, 3, 1".into(),
        Fault::AgeFits(_, true) => "fill `age` (kindergarten: 1 = enters next autumn)".into(),
        Fault::AgeFits(_, false) => "clear `age`".into(),
        Fault::PlacesOrClasses => "fill `places`, or `classes_per_grade`".into(),
        Fault::ClassesPerGrade(..) => "give one number, or one for each grade separated by `;`".into(),
        Fault::YearOutside(_, _, last) if f64::from(*last) >= YEAR.max => "correct the year".into(),
        Fault::YearOutside(..) => "correct the year; if it is right, correct `base_year` in scenario.json".into(),
        Fault::DecidedLater(..) => "correct the month, or write the status of the day of the round".into(),
        Fault::Supply(fault) => supply::help(fault, Lang::En),
        Fault::Ledger(fault) => ledger::help(fault, Lang::En),
        Fault::Figure(fault) => figure::help(fault, Lang::En).into(),
        Fault::History(fault) => fault.help(Lang::En),
        Fault::KeyPath(_) => "write a key of scenario.json, `a.b` inside an object, `a[0]` inside a list".into(),
        Fault::ShortenedCode(_) => {
            "type the code again in a column formatted as text; the lost digits cannot be brought back".into()
        }
        Fault::FlowSum(..) => "make the shares of the zone add to 1".into(),
        Fault::FlowNotThere(..) => "name two stages of which the second has the first in `from`".into(),
        Fault::Circle(_) => "take one of the references out".into(),
        Fault::OpensBeforeRound(..) => "correct the month, or write the status `open`".into(),
        Fault::PatchForm => "split it into several patches; `where` goes with `set` and `multiply` alone".into(),
        Fault::NoMatch(_) => "correct the columns or texts of the condition".into(),
        Fault::TableNotThere(_) => "add the table, or take the patch out".into(),
        Fault::ExtendsItself(_) => "let it extend another variant, or none".into(),
        Fault::NothingToDecide(..) => "take the row out".into(),
        Fault::NotARound(_, rounds) if rounds.is_empty() => {
            "write never: it would open too late, its site is taken, or what it requires was given up".into()
        }
        Fault::NotARound(_, rounds) => format!("write never, or one of {}", rounds.join(", ")),
        Fault::Rivals(..) => "write never for one of them".into(),
        Fault::Prerequisite(..) => "decide it later, or its prerequisite earlier".into(),
        Fault::OverBudget(..) => "write never for some of its projects, or raise the budget".into(),
        Fault::Rule(_) => "correct the value".into(),
        Fault::ProgressionDefault(_) | Fault::TransitionDefault(..) | Fault::EntryDefault(_) => {
            "1 is taken; add the rate if you know better".into()
        }
        Fault::EmptyCohort(..) => "it stays empty until the next entrants arrive; no ratio is formed from it".into(),
        Fault::RollGap(_) => "it may stay so; the years are left out when ratios are learnt".into(),
        Fault::BirthsAssumed(..) => "the last known cohort is held and the results are labelled `births assumed`".into(),
        Fault::Overrun(_) => "it is taken as open by the next September; fill `opens` if you know the month".into(),
        Fault::NoPlaces(..) => "every pupil there lacks a place unless its group has some; add the school if there is one".into(),
        Fault::YieldMissing(..) => "0 pupils are taken for them".into(),
        Fault::LaterKnowledge(..) => "they are used, and the results say so".into(),
        Fault::OpensLater(_) => "it counts from the first September on or after that month".into(),
        Fault::FileNotRead(Some(near), true) => {
            format!("`tables` in scenario.json names another file for {near}: correct it, or take this file out")
        }
        Fault::FileNotRead(Some(near), false) => format!("call it {near} if it is that table, else ignore this"),
        Fault::FileNotRead(None, _) => "name it under `tables` in scenario.json if a table should read it".into(),
        Fault::EncodingFound(_) => "if characters look wrong, save as UTF-8 or state `--encoding`".into(),
        Fault::NoEffect(_) => "take it out, or take out what overrides it".into(),
        Fault::Overridden(_) => "keep the key in one of the two files".into(),
        Fault::DefaultTaken(_) => "state it if another value holds".into(),
        Fault::DemandAlone => "add schools.csv if places are to be set against it".into(),
        Fault::DefaultsTaken => "state those that differ".into(),
    }
}

fn expected_words(expected: Expected) -> &'static str {
    match expected {
        Expected::Text => "a text",
        Expected::Whole => "a whole number",
        Expected::Number => "a number",
        Expected::Month => "a month",
        Expected::Day => "a day",
        Expected::YesNo => "yes or no",
        Expected::Object => "an object",
        Expected::List => "a list",
        Expected::Name => "a name in both languages",
        Expected::Triple => "a list of three numbers",
        Expected::Id => "a key of letters, digits, - and _",
        Expected::Decision => "a month or never",
        Expected::Cell => "a text or a number",
    }
}

fn how_to_write(expected: Expected) -> &'static str {
    match expected {
        Expected::Text => "a text in double quotes",
        Expected::Whole => "digits only, without units or a decimal point",
        Expected::Number => "a plain number such as 1234.5, without units or %",
        Expected::Month => "YYYY-MM, for instance 2020-09",
        Expected::Day => "YYYY-MM-DD, for instance 2020-09-01",
        Expected::YesNo => "yes or no",
        Expected::Object => "an object, { \"key\": value }",
        Expected::List => "a list, [ ... ]",
        Expected::Name => "{ \"zh\": \"...\", \"en\": \"...\" }",
        Expected::Triple => "[min, mode, max]",
        Expected::Id => "letters, digits, - and _ only",
        Expected::Decision => "YYYY-MM, for instance 2020-10, or never",
        Expected::Cell => "a text in double quotes, a number, or null for a blank cell",
    }
}

fn schedule_words(schedule: Option<&String>) -> String {
    schedule.map_or_else(|| "the schedule".to_owned(), |key| format!("schedule {key}"))
}

fn inert_words(inert: &Inert) -> String {
    match inert {
        Inert::RateRows(rows) => {
            // a row that a patch adds stands in no table and has no number
            let numbers: Vec<String> = rows.iter().filter(|r| **r > 0).map(usize::to_string).collect();
            if numbers.is_empty() {
                return "rows that a patch adds say more and hold wherever it would".to_owned();
            }
            format!(
                "{} {} say more and hold wherever it would",
                plural(numbers.len(), "row"),
                numbers.join(", ")
            )
        }
        Inert::RateYear(first, last) => format!("rates are used for {first} .. {last}"),
        Inert::RateNowhere => "no pupil or child is projected with it".into(),
        Inert::OpensStated(columns) => format!("`opens` is given, so {} are not used", columns.join(", ")),
        Inert::NoEstate(kind) => format!("housing.csv has no estate of type {kind}"),
    }
}

fn refusal_words(why: &Refusal) -> &str {
    match why {
        Refusal::NotPermitted => "the system does not permit it",
        Refusal::ThroughFile => "a part of its path is a file, not a folder",
        Refusal::BadName => "there can be no file of this name",
        Refusal::NotPlain => "it is not a plain file",
        Refusal::System(words) => words,
    }
}

/// A calendar year or month says itself what it is.
fn unit(bound: &Bound) -> String {
    if matches!(bound.unit, "" | "year" | "month") { String::new() } else { format!(" {}", bound.unit) }
}

fn thing_word(thing: Thing) -> &'static str {
    match thing {
        Thing::Zone => "zone",
        Thing::Stage => "stage",
        Thing::Grade => "grade",
        Thing::HousingType => "housing type",
        Thing::District => "district",
        Thing::Group => "group",
        Thing::Source => "source",
        Thing::Class => "admission class",
        Thing::Kind => "kind of project",
        Thing::School => "school",
        Thing::Project => "project",
        Thing::Estate => "estate",
        Thing::Building => "school or project",
        Thing::Variant => "variant",
        Thing::Table => "table",
    }
}
