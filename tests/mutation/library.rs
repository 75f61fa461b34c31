//! A case handed to the library, as the commands hand it.

use std::path::Path;

use seatcast::{
    AccuracySession, BacktestInput, BacktestSession, Cycling, CyclingPlan, Lang, Loaded, Progress, Reading,
    RunError, Session, Settings, Sweeping, load_as, load_year_before,
    report::{self, Quarter, folder_charts},
    scenario::{
        self, BareOptions, Encoding, Invalid, read_bare, read_budget, read_policy, read_rounds,
        read_schedule, read_schedules, rounds::newest_before,
    },
    supply::{Menu, Programme},
    sweep::Strategy,
    time::YearMonth,
};

use super::{
    Case, Chance, Ends, Target, check,
    corpus::{PLAIN, few_futures, plan, settings},
};

type Tried = Result<Ends, String>;

pub(super) fn run(case: &Case<'_>) -> Tried {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    case.lay(folder.path());
    let mut chance = Chance::of("library", case.seed);
    let chance = &mut chance;
    match case.target {
        Target::Scenario => of_scenario(folder.path(), case.base == "small", chance),
        Target::Given => given(folder.path(), case.corpus.beside(), chance),
        Target::Bare => bare(folder.path(), chance),
        Target::Results => results(folder.path(), chance),
    }
}

const GOOD: Ends = Ends { good: 1, refused: 0 };
const REFUSED: Ends = Ends { good: 0, refused: 1 };

fn refused(invalid: &Invalid) -> Tried {
    check::refused(&invalid.problems)?;
    Ok(REFUSED)
}

fn both(one: Ends, other: Ends) -> Ends {
    Ends { good: one.good + other.good, refused: one.refused + other.refused }
}

/// What an engine made; `None` if its figures are beyond what can be counted, which it says.
fn made<T>(made: Result<T, RunError>) -> Result<Option<T>, String> {
    match made {
        Ok(made) => Ok(Some(made)),
        Err(
            error @ (RunError::Threads { .. } | RunError::NoVariant | RunError::Vintages | RunError::Stopped),
        ) => Err(words(error)),
        Err(error) => check::said("the engine", &words(error)).map(|()| None),
    }
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// A scenario as it is or a variant of it, now or as it was known then; in every other case nothing but the folder.
fn reading(folder: &Path, chance: &mut Chance) -> Reading {
    let mut reading = Reading::default();
    let variants = scenario::variants(folder);
    if !variants.is_empty() && chance.one_in(3) {
        reading.variant = Some(chance.of_these(&variants).clone());
    }
    if chance.one_in(10) {
        reading.encoding = Some(*chance.of_these(&Encoding::ALL));
    }
    if chance.one_in(8) {
        reading.as_of = Some(YearMonth { year: 2015 + chance.below(12) as i32, month: 10 });
    }
    reading
}

/// What is read is run as well, of a large scenario only some of the times: most faults are met by the reader.
fn of_scenario(folder: &Path, small: bool, chance: &mut Chance) -> Tried {
    let reading = reading(folder, chance);
    let loaded = match load_as(folder, &reading) {
        Ok(loaded) => loaded,
        Err(invalid) => return refused(&invalid),
    };
    check::problems(&loaded.problems)?;
    if !small && !chance.one_in(5) {
        return Ok(GOOD);
    }
    let mut ends = run_of(folder, &reading, &loaded, chance)?;
    if !loaded.scenario.ledger.entries().is_empty() {
        ledger(&loaded)?;
        ends.good += 1;
    }
    if folder.join("forecasts").is_dir() {
        ends = both(ends, accuracy(folder, &loaded)?);
    }
    if chance.one_in(4)
        && let Some(input) = BacktestInput::from_scenario(folder, &reading, &loaded)
    {
        ends = both(ends, backtest(input)?);
    }
    if !Menu::new(&loaded.scenario).choices.is_empty() {
        if chance.one_in(4) {
            sweep(&loaded, chance)?;
            ends.good += 1;
        }
        if chance.one_in(8) || folder.join("rounds").is_dir() && chance.one_in(2) {
            ends = both(ends, cycle(folder, &loaded, &few_futures())?);
        }
    }
    Ok(ends)
}

fn run_of(folder: &Path, reading: &Reading, loaded: &Loaded, chance: &mut Chance) -> Tried {
    let programme = chance.of_these(&Programme::NAMED).clone();
    let lang = *chance.of_these(&[Lang::Zh, Lang::En]);
    let settings = Settings { programme, ..settings(2) };
    let Some(session) = made(Session::new(&loaded.scenario, settings))? else { return Ok(REFUSED) };
    let mut session = session.loaded_from(loaded, lang);
    match load_year_before(folder, reading, loaded) {
        Ok(Some(before)) => session = session.changed_from(&before),
        Ok(None) => {}
        Err(invalid) => check::refused(&invalid.problems)?,
    }
    check::files(&session.files(report::Options { lang, ..PLAIN }).map_err(words)?)?;
    check::files(&[session.filed(loaded, PLAIN)])?;
    check::said("the board", &session.board_text(lang, Some("out")))?;
    check::json("the summary", &session.summary_json(lang, &[]))?;
    if chance.one_in(8) {
        let charts = session.charts(lang);
        if !charts.is_empty() {
            check::chart(&chance.of_these(&charts).figure.svg().map_err(words)?)?;
        }
    }
    Ok(GOOD)
}

fn ledger(loaded: &Loaded) -> Result<(), String> {
    let scenario = &loaded.scenario;
    let last = scenario.ledger.entries().iter().map(|e| e.date).max();
    let Some(last) = last else { return Ok(()) };
    let news = made(seatcast::quarter_news(scenario, &settings(2), Quarter::of(last), &Progress::default()))?;
    let Some(news) = news else { return Ok(()) };
    for lang in [Lang::Zh, Lang::En] {
        check::said("the ledger", &report::ledger_text(scenario, last.year_month(), lang))?;
        check::said("the entries", &report::entries_text(scenario, None, lang))?;
        let bulletin = report::bulletin_text(&news.bulletin, &news.scenario, Quarter::of(last), lang);
        check::said("the bulletin", &bulletin)?;
    }
    Ok(())
}

fn accuracy(folder: &Path, loaded: &Loaded) -> Tried {
    match AccuracySession::new(folder, &Reading::default(), loaded) {
        Ok(session) => {
            check::problems(session.problems())?;
            check::files(&session.files(PLAIN))?;
            check::said("the accuracy", &session.text(Lang::Zh, None))?;
            check::json("the accuracy", &session.summary_json(Lang::En, &[]))?;
            Ok(GOOD)
        }
        Err(invalid) => refused(&invalid),
    }
}

fn backtest(input: BacktestInput) -> Tried {
    check::problems(&input.problems)?;
    let plan = input.plan(&[1, 2], 4, 20, 1);
    let truth = &input.data.truth;
    // as the command asks: without a single origin there is nothing to score
    if !truth.rolls.years().any(|t| t < truth.origin() && plan.is_origin(&input.data.at(t), t)) {
        return Ok(REFUSED);
    }
    let session = made(BacktestSession::new(input, plan, 30.0, 1, &Progress::default()))?;
    let Some(session) = session else { return Ok(REFUSED) };
    check::files(&session.files(PLAIN).map_err(words)?)?;
    check::said("the back-test", &session.text(Lang::Zh, Some("out")))?;
    check::json("the back-test", &session.summary_json(Lang::En, &[]))?;
    Ok(GOOD)
}

fn sweep(loaded: &Loaded, chance: &mut Chance) -> Result<(), String> {
    let mut plan = plan(20);
    plan.rule.worst_year = chance.one_in(2);
    plan.rule.pool = chance.one_in(3).then(|| vec![1 + chance.below(500) as u32]);
    plan.improve = chance.one_in(3);
    let variants = [("base", &loaded.scenario)];
    match made(Sweeping::new(&variants, plan, settings(2), &Progress::default()))? {
        Some(sweeping) => check::files(&sweeping.loaded_from(loaded, Lang::Zh).files(PLAIN).map_err(words)?),
        None => Ok(()),
    }
}

fn cycle(folder: &Path, loaded: &Loaded, plan: &CyclingPlan) -> Tried {
    let rounds = match read_rounds(folder, &loaded.scenario, &Reading::default()) {
        Ok((rounds, said)) => {
            check::problems(&said)?;
            rounds
        }
        Err(invalid) => return refused(&invalid),
    };
    let cycling = made(Cycling::new(&loaded.scenario, plan, &Progress::default()))?;
    let Some(cycling) = cycling else { return Ok(REFUSED) };
    let mut cycling = cycling.loaded_from(loaded, Lang::En);
    if let Some(filed) = newest_before(&rounds, loaded.scenario.base_year, "") {
        cycling = cycling.since(filed);
    }
    check::files(&cycling.files(PLAIN).map_err(words)?)?;
    check::said("the closed loop", &cycling.text(Lang::Zh, Some("out")))?;
    check::files(&[cycling.filed(loaded, &rounds, PLAIN)])?;
    Ok(GOOD)
}

fn given(folder: &Path, loaded: &Loaded, chance: &mut Chance) -> Tried {
    let at = |name: &str| folder.join(name);
    let (scenario, reading) = (&loaded.scenario, Reading::default());
    let mut ends = Ends::default();
    let budget = read_budget(&at("budget.csv"), &reading);
    let amounts = budget.as_ref().map(|given| given.value.clone()).unwrap_or_default();
    // what is wrong is said, what is right can be run
    macro_rules! kept {
        ($read:expr) => {
            match $read {
                Ok(given) => {
                    check::problems(&given.problems)?;
                    ends.good += 1;
                    Some(given.value)
                }
                Err(invalid) => {
                    ends = both(ends, refused(&invalid)?);
                    None
                }
            }
        };
    }
    let budget = kept!(budget);
    let schedule = kept!(read_schedule(&at("schedule.csv"), scenario, &reading));
    let schedules = kept!(read_schedules(&at("schedules.csv"), scenario, &amounts, &reading));
    let policy = kept!(read_policy(&at("policy.csv"), scenario, &reading));
    match chance.below(12) {
        0 => {
            if let Some(schedule) = schedule {
                let settings = Settings { programme: Programme::Schedule(schedule), ..settings(2) };
                let session = Session::new(scenario, settings).map_err(words)?;
                check::files(&session.files(PLAIN).map_err(words)?)?;
            }
        }
        1 => {
            let strategy =
                schedules.map(|list| Strategy::List(list.into_iter().map(|(_, picks)| picks).collect()));
            let mut plan = plan(20);
            plan.budget = budget.unwrap_or_default();
            plan.strategy = strategy.unwrap_or(Strategy::Budget);
            let variants = [("base", scenario)];
            let sweeping =
                Sweeping::new(&variants, plan, settings(2), &Progress::default()).map_err(words)?;
            check::files(&sweeping.files(PLAIN).map_err(words)?)?;
        }
        2 if policy.is_some() => {
            let ended = cycle(folder, loaded, &CyclingPlan { own: policy, ..few_futures() })?;
            ends = both(ends, ended);
        }
        _ => {}
    }
    Ok(ends)
}

fn bare(folder: &Path, chance: &mut Chance) -> Tried {
    let births = folder.join("births.csv");
    let options = BareOptions {
        rolls: folder.join("rolls.csv"),
        births: Some(births).filter(|_| !chance.one_in(3)),
        entry_grade: chance.one_in(4).then(|| chance.below(4) as i32),
        entry_lag: 6,
        mask_years: if chance.one_in(4) { vec![2012, 2015] } else { Vec::new() },
        stages: if chance.one_in(4) { vec![("lower".to_owned(), 1, 2)] } else { Vec::new() },
        as_of: chance.one_in(4).then_some(YearMonth { year: 2016, month: 10 }),
        decision_month: 10,
        encoding: None,
        limits: scenario::Limits::default(),
    };
    match read_bare(&options) {
        Ok(bare) => backtest(BacktestInput::from_bare("bare", bare)),
        Err(invalid) => refused(&invalid),
    }
}

fn results(folder: &Path, chance: &mut Chance) -> Tried {
    let lang = *chance.of_these(&[Lang::Zh, Lang::En]);
    match folder_charts(folder, lang) {
        Ok(charts) => {
            for _ in 0..charts.len().min(4) {
                // figures that do not fit together are refused when they are drawn
                let Ok(drawn) = chance.of_these(&charts).figure.svg() else { return Ok(REFUSED) };
                check::chart(&drawn)?;
            }
            Ok(GOOD)
        }
        Err(error) => {
            for lang in [Lang::Zh, Lang::En] {
                check::said("what the reader of results says", &error.message(lang))?;
            }
            Ok(REFUSED)
        }
    }
}
