//! `admission.csv`: who asks, who is placed, diverted or not placed, and where admission ends; `notice.csv`: the early
//! warnings as they are published.
//!
//! Long form with two more keys: `class` (blank = all classes) and `to_group` (where children are diverted).

use seatcast_core::{
    Lang,
    admission::{AdmissionPlan, Admissions, Rank, ZoneClass},
    balance::Warning,
    forecast::Stats,
    geography::Area,
};

use crate::{
    Options, Run,
    long::{Table, area_cells, few, number_cell, stats_of, text_cell},
    words,
};

/// Admission of a run: the plan, its central path and its draws.
#[derive(Debug, Clone, Copy)]
pub struct AdmissionRun<'a> {
    /// Ranked classes and targets.
    pub plan: &'a AdmissionPlan<'a>,
    /// No shock, central opening.
    pub central: &'a Admissions,
    /// Draw by draw.
    pub draws: &'a [Admissions],
}

type Count = fn(ZoneClass) -> u32;

const COUNTS: [(&str, Count); 4] = [
    ("asked", |n| n.asked),
    ("placed", |n| n.placed),
    ("diverted", |n| n.diverted),
    ("not_placed", |n| n.not_placed),
];

/// Keys of one row.
#[derive(Clone, Copy)]
struct Key<'k> {
    area: Area,
    stage: usize,
    t: usize,
    class: &'k str,
    rank: Option<u32>,
    to_group: Option<usize>,
}

struct Writer<'a> {
    run: &'a Run<'a>,
    table: Table,
}

impl Writer<'_> {
    fn value(&mut self, key: Key<'_>, measure: &str, value: f64) {
        let scenario = self.run.scenario;
        let frame = &scenario.frame;
        let [district, group, zone] = area_cells(frame, key.area);
        self.table.row([
            text_cell(&scenario.id),
            district,
            group,
            zone,
            text_cell(&frame.stages[key.stage].id),
            text_cell(&frame.stages[key.stage].grades[0]),
            (scenario.base_year + key.t as i32).to_string(),
            key.t.to_string(),
            text_cell(key.class),
            key.rank.map_or_else(String::new, |r| r.to_string()),
            key.to_group.map_or_else(String::new, |q| text_cell(&frame.groups[q].id)),
            measure.to_owned(),
            number_cell(value),
        ]);
    }

    fn stats(&mut self, key: Key<'_>, measure: &str, stats: &Stats) {
        for (ending, value) in few(stats) {
            self.value(key, &format!("{measure}.{ending}"), value);
        }
    }
}

/// `admission.csv`; `None` without ranked classes.
pub(crate) fn table(run: &Run<'_>, options: Options) -> Option<Vec<u8>> {
    let admission = run.admission.as_ref()?;
    let scenario = run.scenario;
    let frame = &scenario.frame;
    let heading = [
        "scenario", "district", "group", "zone", "stage", "grade", "year", "lead", "class", "rank",
        "to_group", "measure", "value",
    ];
    let mut writer = Writer { run, table: Table::new(options, &heading) };
    for (i, stage) in admission.plan.stages().enumerate() {
        let ranks = admission.plan.ranks(i);
        for area in frame.areas() {
            let zones = frame.zones_in(area);
            for t in 1..=scenario.years_ahead() {
                let all = Key { area, stage, t, class: "", rank: None, to_group: None };
                counts(&mut writer, admission, i, all, &zones, None);
                for (c, rank) in ranks.iter().enumerate() {
                    let (class, rank) = named(run, *rank);
                    let asked = |a: &Admissions| a.sum(i, t, &zones, Some(c)).asked;
                    if asked(admission.central) == 0 && admission.draws.iter().all(|a| asked(a) == 0) {
                        continue;
                    }
                    counts(&mut writer, admission, i, Key { class, rank, ..all }, &zones, Some(c));
                }
                diversions(&mut writer, admission, i, all, &zones);
                if let Area::Group(q) = area {
                    group(&mut writer, admission, i, all, q, &ranks);
                }
            }
        }
    }
    Some(writer.table.finish())
}

/// Key and rank of a class.
fn named<'r>(run: &Run<'r>, rank: Rank) -> (&'r str, Option<u32>) {
    match rank {
        Rank::Ranked(c) => {
            let class = &run.scenario.admission.classes[c];
            (class.id.as_str(), Some(class.rank))
        }
        Rank::None => ("(none)", None),
        Rank::Locked => ("(locked)", None),
    }
}

fn counts(
    writer: &mut Writer<'_>,
    admission: &AdmissionRun<'_>,
    i: usize,
    key: Key<'_>,
    zones: &[usize],
    c: Option<usize>,
) {
    let of = |a: &Admissions| a.sum(i, key.t, zones, c);
    for (measure, count) in COUNTS {
        let stats = stats_of(admission.central, admission.draws, |a| f64::from(count(of(a))));
        writer.stats(key, measure, &stats);
    }
    let draws = || admission.draws.iter().map(of);
    let sum = |count: Count| draws().map(|n| u64::from(count(n))).sum::<u64>() as f64;
    let asked = sum(|n| n.asked);
    if asked > 0.0 {
        // the chance of one child, and of nobody being left out
        writer.value(key, "p_placed", sum(|n| n.placed) / asked);
        writer.value(key, "p_diverted", sum(|n| n.diverted) / asked);
        let whole = draws().filter(|n| n.not_placed == 0).count();
        writer.value(key, "p_all_placed", whole as f64 / admission.draws.len() as f64);
    }
}

/// Where diverted children go.
fn diversions(
    writer: &mut Writer<'_>,
    admission: &AdmissionRun<'_>,
    i: usize,
    key: Key<'_>,
    zones: &[usize],
) {
    for to in admission.plan.targets(zones) {
        let sent = |a: &Admissions| f64::from(a.diverted(i, key.t, zones, to));
        if sent(admission.central) > 0.0 || admission.draws.iter().any(|a| sent(a) > 0.0) {
            let stats = stats_of(admission.central, admission.draws, sent);
            writer.stats(Key { to_group: Some(to), ..key }, "diverted_to", &stats);
        }
    }
}

/// Places and the cut-off of one sharing group.
fn group(
    writer: &mut Writer<'_>,
    admission: &AdmissionRun<'_>,
    i: usize,
    key: Key<'_>,
    q: usize,
    ranks: &[Rank],
) {
    let t = key.t;
    let places = stats_of(admission.central, admission.draws, |a| f64::from(a.capacity(i, t, q)));
    writer.stats(key, "capacity", &places);
    let n = admission.draws.len().max(1) as f64;
    for (c, rank) in ranks.iter().enumerate() {
        let ends = |a: &Admissions| a.cutoff(i, t, q).filter(|cut| cut.class == c);
        let here: Vec<_> = admission.draws.iter().filter_map(ends).collect();
        let central = ends(admission.central);
        if here.is_empty() && central.is_none() {
            continue;
        }
        let (class, number) = named(writer.run, *rank);
        let key = Key { class, rank: number, ..key };
        writer.value(key, "p_cutoff", here.len() as f64 / n);
        let Rank::Ranked(index) = *rank else { continue };
        let Some(points) = writer.run.scenario.admission.classes[index].points else { continue };
        if let Some(cut) = central {
            writer.value(key, "cutoff_points.central", cut.points(points));
        }
        let mut drawn: Vec<f64> = here.iter().map(|cut| cut.points(points)).collect();
        if !drawn.is_empty() {
            let stats = Stats::new(0.0, &mut drawn);
            for (ending, value) in few(&stats).filter(|(ending, _)| ending.starts_with('p')) {
                writer.value(key, &format!("cutoff_points.{ending}"), value);
            }
        }
    }
}

/// `notice.csv`: early warnings of zones for the years in which they are published.
pub(crate) fn notice(run: &Run<'_>, options: Options) -> Vec<u8> {
    let heading = [
        "round", "district", "group", "zone", "stage", "year", "lead", "entrants", "places", "ratio",
        "colour", "text",
    ];
    let mut table = Table::new(options, &heading);
    let scenario = run.scenario;
    let frame = &scenario.frame;
    for warning in run.warnings.iter().filter(|w| matches!(w.area, Area::Zone(_))) {
        let lead = warning.year - scenario.base_year;
        if lead > frame.stages[warning.stage].warned_years() {
            continue;
        }
        let [district, group, zone] = area_cells(frame, warning.area);
        table.row([
            scenario.round().to_string(),
            district,
            group,
            zone,
            text_cell(&frame.stages[warning.stage].id),
            warning.year.to_string(),
            lead.to_string(),
            number_cell(warning.entrants),
            number_cell(warning.places),
            warning.ratio.map_or_else(String::new, number_cell),
            warning.colour.code().to_owned(),
            text_cell(&sentence(run, warning, options.lang)),
        ]);
    }
    table.finish()
}

/// One warning as the public reads it.
fn sentence(run: &Run<'_>, warning: &Warning, lang: Lang) -> String {
    let frame = &run.scenario.frame;
    let name = frame.area_name(warning.area);
    let stage = &frame.stages[warning.stage].name;
    let colour = words::colour(warning.colour, lang);
    let (entrants, places) =
        (words::thousands(warning.entrants as i64), words::thousands(warning.places as i64));
    let share = warning.ratio.map(|r| (r * 100.0).round());
    match (lang, share) {
        (Lang::Zh, Some(share)) => format!(
            "{} 年秋季{}{}：预计新生 {entrants} 人，起始年级学位 {places} 个，占 {share} %，{colour}色预警",
            warning.year, name.zh, stage.zh
        ),
        (Lang::Zh, None) => {
            format!(
                "{} 年秋季{}{}：预计新生 {entrants} 人，没有学位，{colour}色预警",
                warning.year, name.zh, stage.zh
            )
        }
        (Lang::En, Some(share)) => format!(
            "autumn {}, {}, {}: {entrants} children expected for {places} places in the entry grade, {share} %, {colour}",
            warning.year, name.en, stage.en
        ),
        (Lang::En, None) => format!(
            "autumn {}, {}, {}: {entrants} children expected and no place in the entry grade, {colour}",
            warning.year, name.en, stage.en
        ),
    }
}
