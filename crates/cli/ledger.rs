//! `seatcast ledger`: entries in, standings and the bulletin out.

use anyhow::Context;
use seatcast::{
    Lang, OutError, Settings,
    report::{self as results, Quarter},
    scenario::{
        self, Invalid, Problem,
        ledger::{AppendError, Draft, LedgerFile},
        problem::{Fault, LedgerFault},
    },
    supply::{EntryFault, Project},
    time::Day,
};
use serde_json::json;

use crate::{
    End,
    args::{Format, LangArg, Shared},
    ledger_args::{AddOptions, BulletinOptions, CheckOptions, LedgerCommand, ShowOptions},
    limit_args::LimitArgs,
    memory,
    messages::{report, say_out, without_result},
    print,
    progress::with_bar,
    streams::print_as,
};

pub(crate) fn ledger(command: &LedgerCommand) -> anyhow::Result<End> {
    match command {
        LedgerCommand::Add(options) => add(options),
        LedgerCommand::Show(options) => show(options),
        LedgerCommand::Check(options) => check(options),
        LedgerCommand::Bulletin(options) => bulletin(options),
    }
}

fn add(options: &AddOptions) -> anyhow::Result<End> {
    let rows = match scenario::project_rows(&options.path, &limited(options.limits)) {
        Ok(rows) => rows,
        Err(invalid) => return wrong(&invalid, options.shared),
    };
    if options.author.trim().is_empty() {
        return wrong(&Invalid { problems: vec![of_ledger(LedgerFault::NoAuthor)] }, options.shared);
    }
    let today = today()?;
    let draft = Draft {
        date: options.date.unwrap_or(today),
        project: options.project.clone(),
        milestone: options.milestone.map(Into::into),
        progress: options.progress,
        spent: options.spent,
        note: options.note.clone(),
        author: options.author.clone(),
        corrects: options.corrects,
    };
    let file = match LedgerFile::in_folder(&options.path) {
        Ok(file) => file,
        Err(invalid) => return wrong(&invalid, options.shared),
    };
    let appended = file.append(&draft, |ledger| {
        let (errors, warnings): (Vec<EntryFault>, Vec<EntryFault>) =
            ledger.faults_of_last(&rows).into_iter().partition(|fault| !fault.is_warning());
        if errors.is_empty() { Ok(()) } else { Err([errors, warnings].concat()) }
    });
    let ledger = match appended {
        Ok(ledger) => ledger,
        Err(AppendError::Refused(faults)) => {
            let problems = told(&faults, &draft, &rows, None);
            report(&problems, options.shared)?;
            return Ok(End::InputWrong);
        }
        Err(AppendError::Busy) => {
            report(&[of_ledger(LedgerFault::Busy)], options.shared)?;
            return Ok(End::InputWrong);
        }
        Err(AppendError::Uncertain) => {
            report(&[of_ledger(LedgerFault::Uncertain)], options.shared)?;
            return Ok(End::InputWrong);
        }
        Err(AppendError::System(source)) => return unusable(&file, source, options.shared),
        Err(error) => return Err(error.into()),
    };
    let number = ledger.entries().len() as u64;
    let mut warnings = told(&ledger.faults_of_last(&rows), &draft, &rows, Some(number));
    if draft.date > today {
        warnings.push(of_ledger(LedgerFault::InTheFuture(draft.date, today)));
    }
    match options.shared.format {
        Format::Text => {
            report(&warnings, options.shared)?;
            let what =
                draft.milestone.map_or(String::new(), |m| format!(" {}", m.word(options.shared.lang.into())));
            print(&match Lang::from(options.shared.lang) {
                Lang::Zh => format!("已追加第 {number} 条：{} {}{what}\n", draft.date, draft.project),
                Lang::En => format!("entry {number} added: {} {}{what}\n", draft.date, draft.project),
            })?;
        }
        Format::Json => {
            let entry = json!({ "program": "seatcast", "entry": number, "date": draft.date.to_string(), "project": draft.project });
            print_as(Format::Json, &format!("{entry:#}\n"))?;
        }
    }
    Ok(End::Done)
}

/// Faults of an entry as problems; `number` once it is in the ledger.
fn told(faults: &[EntryFault], draft: &Draft, rows: &[Project], number: Option<u64>) -> Vec<Problem> {
    let fault = |fault: &EntryFault| match fault {
        EntryFault::UnknownProject => {
            let near = scenario::problem::nearest(&draft.project, rows.iter().map(|p| p.id.as_str()));
            LedgerFault::UnknownProject(draft.project.clone(), near)
        }
        other => match number {
            Some(number) => LedgerFault::Entry(draft.project.clone(), number, other.clone()),
            None => LedgerFault::Refused(draft.project.clone(), other.clone()),
        },
    };
    faults.iter().map(|of| of_ledger(fault(of))).collect()
}

fn of_ledger(fault: LedgerFault) -> Problem {
    Problem::of_file(scenario::ledger::FILE, Fault::Ledger(fault))
}

/// Says that the system does not let the ledger be read or written.
fn unusable(file: &LedgerFile, source: std::io::Error, shared: Shared) -> anyhow::Result<End> {
    let error = OutError::Unwritable { path: file.path().to_owned(), source };
    say_out(&error, scenario::ledger::FILE, shared, true)?;
    Ok(End::InputWrong)
}

fn show(options: &ShowOptions) -> anyhow::Result<End> {
    let loaded = match seatcast::load_as(&options.path, &limited(options.limits)) {
        Ok(loaded) => loaded,
        Err(invalid) => return wrong_in(&invalid, options.lang),
    };
    let lang = options.lang.into();
    if let Some(project) = &options.project {
        let wanted = (project != "ALL").then_some(project.as_str());
        print(&results::entries_text(&loaded.scenario, wanted, lang))?;
        return Ok(End::Done);
    }
    let seen = options.as_of.unwrap_or_else(|| after_last(&loaded.scenario));
    print(&results::ledger_text(&loaded.scenario.seen_at(seen), seen, lang))?;
    Ok(End::Done)
}

/// The first day by which the last entry is known: that of the month after it, or of the round if there is none.
fn after_last(scenario: &seatcast::Scenario) -> seatcast::time::YearMonth {
    let last = scenario.ledger.last_day();
    last.map_or(scenario.round(), |day| day.year_month().plus(1))
}

fn check(options: &CheckOptions) -> anyhow::Result<End> {
    let (problems, valid) = match seatcast::load_as(&options.path, &limited(options.limits)) {
        Ok(loaded) => (loaded.problems, true),
        Err(invalid) => (invalid.problems, false),
    };
    // the ledger and the rows it is held against; everything else is for `validate`, unless nothing can be read
    let of_ledger =
        |p: &&Problem| matches!(p.fault, Fault::Ledger(_)) || p.code() == "W150" || p.code() == "W152";
    let own: Vec<Problem> = problems.iter().filter(of_ledger).cloned().collect();
    let failed = own.iter().any(|p| p.severity() == scenario::Severity::Error);
    if !valid && !failed {
        return wrong(&Invalid { problems }, options.shared);
    }
    report(&own, options.shared)?;
    if failed {
        return Ok(End::InputWrong);
    }
    if options.shared.format == Format::Text {
        let file = match LedgerFile::in_folder(&options.path) {
            Ok(file) => file,
            Err(invalid) => return wrong(&invalid, options.shared),
        };
        let bytes = match file.bytes() {
            Ok(bytes) => bytes.unwrap_or_default(),
            Err(source) => return unusable(&file, source, options.shared),
        };
        let count = scenario::ledger::Contents::parse(&bytes).ledger().entries().len();
        print(&match Lang::from(options.shared.lang) {
            Lang::Zh => format!("台账可用：{count} 条\n"),
            Lang::En => {
                format!("the ledger can be used: {count} {}\n", if count == 1 { "entry" } else { "entries" })
            }
        })?;
    }
    Ok(End::Done)
}

fn bulletin(options: &BulletinOptions) -> anyhow::Result<End> {
    let loaded = match seatcast::load_as(&options.path, &limited(options.limits)) {
        Ok(loaded) => loaded,
        Err(invalid) => return wrong_in(&invalid, options.lang),
    };
    let scenario = &loaded.scenario;
    let last = scenario.ledger.last_day();
    let quarter = options
        .quarter
        .unwrap_or_else(|| Quarter::of(last.unwrap_or_else(|| Day::first_of(scenario.round()))));
    let settings = Settings {
        seed: options.futures.seed,
        draws: options.futures.draws,
        threads: options.futures.threads,
        programme: options.programme.clone(),
    };
    let shared = Shared { lang: options.lang, format: Format::Text };
    if !memory::fits(seatcast::memory_of_bulletin(scenario, &settings), options.memory.memory, shared)? {
        return Ok(End::InputWrong);
    }
    // the forecasts of three rounds
    let steps = 3 * u64::from(settings.draws);
    let made = with_bar(steps, |progress| seatcast::quarter_news(scenario, &settings, quarter, progress));
    let news = match made {
        Ok(news) => news,
        Err(error) => return without_result(error, "the bulletin could not start", shared),
    };
    print(&results::bulletin_text(&news.bulletin, &news.scenario, quarter, options.lang.into()))?;
    Ok(End::Done)
}

/// A reading of the scenario itself within these limits.
fn limited(limits: LimitArgs) -> seatcast::Reading {
    seatcast::Reading { limits: limits.0, ..seatcast::Reading::default() }
}

fn wrong(invalid: &Invalid, shared: Shared) -> anyhow::Result<End> {
    report(&invalid.problems, shared)?;
    Ok(End::InputWrong)
}

fn wrong_in(invalid: &Invalid, lang: LangArg) -> anyhow::Result<End> {
    wrong(invalid, Shared { lang, format: Format::Text })
}

/// The day it is here. Only an entry may default to it; no result does.
fn today() -> anyhow::Result<Day> {
    let date = jiff::Zoned::now().date();
    Day::new(i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs())
        .context("the clock of this machine shows no day of the calendar: give --date")
}
