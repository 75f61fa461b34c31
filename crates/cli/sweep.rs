//! `seatcast sweep`: many build schedules against many futures.

use anyhow::Context;
use seatcast::{
    Lang, Scenario, Settings, Sweeping,
    report::Options,
    scenario::{Invalid, Listed, read_budget, read_schedules},
    supply::{Budget, Menu, Programme},
    sweep::{Plan, Sampler, Strategy, Wish, problem::Rule},
};

use crate::{
    End,
    args::{Format, StrategyArg, SweepOptions},
    choices::{load_variants, reading, said},
    memory,
    messages::{refuse, say, warn, without_result},
    output::Output,
    progress::{WaitedFor, with_bar},
    run::missing_glyphs,
    streams::print_results,
};

pub(crate) fn sweep(options: &SweepOptions) -> anyhow::Result<End> {
    let lang = Lang::from(options.shared.lang);
    let loaded = load_variants(&options.path, &options.variant, options.reading);
    let out = Output::open(&options.out, Some(&options.path), None, options.shared);
    let budget = match &options.budget {
        Some(path) => read_budget(path, &reading(None, options.reading)).map(Some),
        None => Ok(None),
    };
    let amounts = budget.as_ref().ok().and_then(Option::as_ref).map(|b| b.value.clone()).unwrap_or_default();
    let list = match (&options.list, &loaded) {
        (Some(path), Ok(loaded)) => {
            let scenario = &loaded[0].1.scenario;
            read_schedules(path, scenario, &amounts, &reading(None, options.reading)).map(Some)
        }
        _ => Ok(None),
    };
    let (loaded, budget, list, out) = match (loaded, budget, list, out) {
        (Ok(loaded), Ok(budget), Ok(list), Ok(out)) => (loaded, budget, list, out),
        (loaded, budget, list, out) => {
            let mut invalid: Vec<Invalid> = loaded.err().unwrap_or_default();
            invalid.extend(budget.err());
            invalid.extend(list.err());
            refuse(&invalid, out.err().as_ref(), options.shared)?;
            return Ok(End::InputWrong);
        }
    };
    let mut said = said(&loaded);
    said.extend(budget.iter().flat_map(|b| b.problems.clone()));
    said.extend(list.iter().flat_map(|l| l.problems.clone()));
    warn(&said, options.shared);
    let scenario = &loaded[0].1.scenario;
    let listed = list.as_ref().map(|l| &l.value);
    let plan = plan(options, scenario, listed, amounts);
    if Menu::new(scenario).choices.is_empty() {
        let (message, help) = (
            lang.pick("没有尚待决定的项目", "no project is left to decide"),
            lang.pick("在 projects.csv 中加入备选项目", "add candidates to projects.csv"),
        );
        say("E136", "projects.csv", message, help, options.shared, true)?;
        return Ok(End::InputWrong);
    }
    if plan.strategy == Strategy::Enumerate && exceeds(&plan, scenario) {
        let message = match lang {
            Lang::Zh => format!("符合规则的方案多于 {} 个", plan.schedules),
            Lang::En => format!("more than {} schedules keep the rules", plan.schedules),
        };
        let help = lang.pick(
            "提高 --schedules，或用 --strategy budget 抽样",
            "raise --schedules, or sample with --strategy budget",
        );
        say("E137", "--strategy enumerate", &message, help, options.shared, true)?;
        return Ok(End::InputWrong);
    }
    let settings = Settings {
        seed: options.futures.seed,
        draws: options.futures.draws,
        threads: options.futures.threads,
        programme: Programme::default(),
    };
    let variants: Vec<(&str, &Scenario)> = loaded.iter().map(|(n, l)| (n.as_str(), &l.scenario)).collect();
    let scenarios: Vec<&Scenario> = variants.iter().map(|(_, s)| *s).collect();
    let needed = Sweeping::memory(&scenarios, &plan, &settings);
    if !memory::fits(needed, options.memory.memory, options.shared)? {
        return Ok(End::InputWrong);
    }
    let passes = if variants.len() > 1 { 2 } else { 1 };
    let total = variants.len() as u64 * u64::from(options.futures.draws) + passes * plan.schedules;
    // what is finished when it is stopped is written
    let waited_for = WaitedFor::new();
    let swept = with_bar(total, |progress| Sweeping::new(&variants, plan, settings, progress));
    let mut sweeping = match swept {
        Ok(sweeping) => sweeping,
        Err(error) => return without_result(error, "the sweep could not start", options.shared),
    };
    for (_, variant) in &loaded {
        sweeping = sweeping.loaded_from(variant, lang);
    }
    if let Some(budget) = &budget {
        sweeping = sweeping.reading(budget, lang);
    }
    if let Some(list) = &list {
        sweeping = sweeping.reading(list, lang);
        sweeping = sweeping.with_keys(list.value.iter().map(|(key, _)| key.clone()).collect());
    }
    let written_as = Options { lang, bom: !options.tables.no_bom, charts: !options.no_charts };
    let files = sweeping.files(written_as).context("the chart could not be drawn")?;
    missing_glyphs(&files, lang);
    let shown = out.shown();
    let Some(written) = out.write(&files, Vec::new())? else { return Ok(End::InputWrong) };
    let text = match options.shared.format {
        Format::Text => sweeping.text(lang, Some(&shown)),
        Format::Json => sweeping.json(&written.files),
    };
    drop(waited_for);
    print_results(options.shared.format, &text, &written.folder)?;
    // what was finished is written whole; the exit code says that it is not all
    Ok(if sweeping.sweep().stopped { End::Stopped } else { End::Done })
}

fn plan(options: &SweepOptions, scenario: &Scenario, listed: Option<&Listed>, budget: Budget) -> Plan {
    let strategy = match (listed, options.strategy) {
        (Some(listed), _) => Strategy::List(listed.iter().map(|(_, picks)| picks.clone()).collect()),
        (None, Some(StrategyArg::Enumerate)) => Strategy::Enumerate,
        (None, Some(StrategyArg::Uniform)) => Strategy::Uniform,
        (None, Some(StrategyArg::Budget)) => Strategy::Budget,
        (None, None) => Sweeping::strategy_for(scenario, options.schedules),
    };
    let schedules = listed.map_or(options.schedules, |l| l.len() as u64);
    Plan {
        strategy,
        schedules,
        budget,
        keep: options.top as usize,
        wish: Wish::default(),
        rule: Rule { pool: options.pool.map(|n| vec![n]), worst_year: options.worst_year },
        improve: options.improve,
    }
}

/// Whether more schedules keep the rules than may be tried.
fn exceeds(plan: &Plan, scenario: &Scenario) -> bool {
    let menu = Menu::new(scenario);
    let few = menu.combinations().is_some_and(|n| n <= u128::from(plan.schedules));
    let all = Sampler::new(&menu, &plan.budget, &plan.strategy, 0, plan.schedules + 1);
    !few && all.count() as u64 > plan.schedules
}
