//! `seatcast cycle`: the rule in closed loop.

use anyhow::Context;
use seatcast::{
    Cycling, CyclingPlan, Lang,
    report::Options,
    scenario::{
        Invalid, read_policy, read_rounds,
        rounds::{FOLDER, newest_before},
    },
    supply::Menu,
};

use crate::{
    End,
    args::{CycleOptions, Format},
    choices::{load_variants, reading},
    memory,
    messages::{refuse, say, warn, without_result},
    output::{Filing, Output},
    progress::{is_stopped, with_bar},
    run::{missing_glyphs, year_before},
    streams::print_results,
};

pub(crate) fn cycle(options: &CycleOptions) -> anyhow::Result<End> {
    let lang = Lang::from(options.shared.lang);
    let names: Vec<String> = options.variant.iter().cloned().collect();
    let loaded = load_variants(&options.path, &names, options.reading);
    let filing = options.file_round.then_some(Filing { flag: "--file-round", folder: FOLDER });
    let out = Output::open(&options.out, Some(&options.path), filing, options.shared);
    let policy = match (&options.policy, &loaded) {
        (Some(path), Ok(loaded)) => {
            read_policy(path, &loaded[0].1.scenario, &reading(None, options.reading)).map(Some)
        }
        _ => Ok(None),
    };
    let rounds = match &loaded {
        Ok(loaded) => read_rounds(&options.path, &loaded[0].1.scenario, &reading(None, options.reading)),
        Err(_) => Ok((Vec::new(), Vec::new())),
    };
    let ((variant, mut loaded), policy, (rounds, said), out) = match (loaded, policy, rounds, out) {
        (Ok(mut loaded), Ok(policy), Ok(rounds), Ok(out)) => (loaded.swap_remove(0), policy, rounds, out),
        (loaded, policy, rounds, out) => {
            let mut invalid: Vec<Invalid> = loaded.err().unwrap_or_default();
            invalid.extend(policy.err());
            invalid.extend(rounds.err());
            refuse(&invalid, out.err().as_ref(), options.shared)?;
            return Ok(End::InputWrong);
        }
    };
    loaded.problems.extend(said);
    warn(&loaded.problems, options.shared);
    let before = year_before(&options.path, &variant, options.reading, &mut loaded);
    if Menu::new(&loaded.scenario).choices.is_empty() {
        let (message, help) = (
            lang.pick("没有尚待决定的项目", "no project is left to decide"),
            lang.pick("在 projects.csv 中加入备选项目", "add candidates to projects.csv"),
        );
        say("E136", "projects.csv", message, help, options.shared, true)?;
        return Ok(End::InputWrong);
    }
    let plan = CyclingPlan {
        futures: options.futures,
        years: options.years,
        draws: options.draws,
        seed: options.seed,
        threads: options.threads,
        own: policy.as_ref().map(|p| p.value.clone()),
        held: options.held,
        grid: !options.no_grid,
        ..CyclingPlan::default()
    };
    let total = u64::from(options.futures);
    let scenario = &loaded.scenario;
    if !memory::fits(Cycling::memory(scenario, &plan), options.memory.memory, options.shared)? {
        return Ok(End::InputWrong);
    }
    let mut cycling = match with_bar(total, |progress| Cycling::new(scenario, &plan, progress)) {
        Ok(cycling) => cycling,
        Err(error) => return without_result(error, "the closed loop could not start", options.shared),
    };
    cycling = cycling.loaded_from(&loaded, lang);
    if let Some(before) = &before {
        cycling = cycling.changed_from(before);
    }
    let of_variant = loaded.variant.as_ref().map_or("", |(variant, _)| variant);
    if let Some(filed) = newest_before(&rounds, scenario.base_year, of_variant) {
        cycling = cycling.since(filed);
    }
    if let Some(policy) = &policy {
        cycling = cycling.reading(policy, lang);
    }
    let written_as = Options { lang, bom: !options.tables.no_bom, charts: !options.no_charts };
    let files = cycling.files(written_as).context("a chart could not be drawn")?;
    missing_glyphs(&files, lang);
    let filed = options
        .file_round
        .then(|| cycling.filed(&loaded, &rounds, Options { charts: false, ..written_as }))
        .into_iter()
        .collect();
    if is_stopped() {
        return Ok(End::Stopped);
    }
    let shown = out.shown();
    let Some(written) = out.write(&files, filed)? else { return Ok(End::InputWrong) };
    let text = match options.shared.format {
        Format::Text => cycling.text(lang, Some(&shown)),
        Format::Json => cycling.json(&written.files),
    };
    print_results(options.shared.format, &text, &written.folder)?;
    Ok(End::Done)
}
