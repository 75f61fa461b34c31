//! What the forecast rests on: the ratios used, the years behind them, overrides, what changed since last year, schools.
//!
//! | table | one row is |
//! |---|---|
//! | `ratios.csv` | the ratio into a zone, grade and year: value, where it comes from, what was learnt beside it |
//! | `evidence.csv` | a year behind a learnt ratio: what was observed, with which weight |
//! | `changes.csv` | the forecast of an area, stage or grade and year against last year's, by cause |
//! | `overrides.csv` | what a planner entered |
//! | `school_pupils.csv` | pupils of a school |

use seatcast_core::{
    demand::{Change, DemandPart, RateKind},
    forecast::{
        Chain, LEVELS, Learnt,
        learn::{EntryEvidence, Evidence},
        ratios_used,
    },
    scenario::Scenario,
};

use crate::{
    Options, Run,
    long::{Table, area_cells, number_cell, text_cell},
};

/// A ratio as a cell, to six decimals.
fn ratio_cell(ratio: f64) -> String {
    let text = format!("{ratio:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn optional(ratio: Option<f64>) -> String {
    ratio.map_or_else(String::new, ratio_cell)
}

/// `ratios.csv`.
pub(crate) fn ratios(scenario: &Scenario, options: Options) -> Vec<u8> {
    let heading = [
        "district", "group", "zone", "stage", "grade", "year", "ratio", "value", "from", "learnt", "common",
        "own", "arrivals",
    ];
    let mut table = Table::new(options, &heading);
    let frame = &scenario.frame;
    for used in ratios_used(scenario) {
        let [district, group, zone] = area_cells(frame, seatcast_core::geography::Area::Zone(used.zone));
        table.row([
            district,
            group,
            zone,
            text_cell(&frame.stages[frame.stage_of(used.grade).0].id),
            text_cell(frame.grade_id(used.grade)),
            (scenario.base_year + used.t as i32).to_string(),
            used.kind.to_owned(),
            ratio_cell(used.value),
            used.origin.code().to_owned(),
            optional(used.learnt),
            optional(used.parts.map(|(common, _)| common)),
            optional(used.parts.map(|(_, own)| own)),
            number_cell(used.arrivals),
        ]);
    }
    table.finish()
}

/// `evidence.csv`; `None` where nothing was learnt.
pub(crate) fn evidence(scenario: &Scenario, options: Options) -> Option<Vec<u8>> {
    let learnt = scenario.learnt()?;
    let heading = ["zone", "stage", "grade", "ratio", "source", "read_before", "year", "observed", "weight"];
    let mut rows = EvidenceRows { scenario, table: Table::new(options, &heading) };
    for chain in learnt.chains() {
        rows.chain(learnt, chain);
    }
    Some(rows.table.finish())
}

struct EvidenceRows<'a> {
    scenario: &'a Scenario,
    table: Table,
}

impl EvidenceRows<'_> {
    fn chain(&mut self, learnt: &Learnt, chain: &Chain) {
        let (history, calibration) = (chain.history(), chain.calibration());
        for (position, g) in chain.grades().iter().enumerate().filter_map(|(k, g)| Some((k, (*g)?))) {
            if position == 0 {
                continue;
            }
            self.rows(history.first_year, None, g, "common", None, &calibration.common_evidence(position));
            for z in 0..calibration.areas() {
                let own = calibration.own_evidence(z, position);
                self.rows(history.first_year, Some(z), g, "own", None, &own);
            }
        }
        let Some(Some(entry)) = chain.grades().first() else { return };
        let mut said: Vec<(Option<usize>, Option<usize>)> = Vec::new();
        for z in 0..calibration.areas() {
            let width = self.scenario.frame.grade_count();
            if learnt.entrants(z * width + entry, 1).is_none() {
                continue;
            }
            for of in calibration.entry_evidence(history, z) {
                let source = of.source.map(|k| history.sources[k].id.as_str());
                // what the zones share is said once for each way a source was read
                if !said.contains(&(of.source, of.read_at)) {
                    said.push((of.source, of.read_at));
                    let named = Some((source, &of));
                    self.rows(history.first_year, None, *entry, "entry_common", named, &of.common);
                }
                self.rows(history.first_year, Some(z), *entry, "entry_own", Some((source, &of)), &of.own);
            }
        }
    }

    fn rows(
        &mut self,
        first_year: i32,
        zone: Option<usize>,
        g: usize,
        kind: &str,
        source: Option<(Option<&str>, &EntryEvidence)>,
        years: &[Evidence],
    ) {
        let frame = &self.scenario.frame;
        for of in years {
            self.table.row([
                zone.map_or_else(String::new, |z| text_cell(&frame.zones[z].id)),
                text_cell(&frame.stages[frame.stage_of(g).0].id),
                text_cell(frame.grade_id(g)),
                kind.to_owned(),
                source.and_then(|(id, _)| id).map_or_else(String::new, text_cell),
                source.and_then(|(_, of)| of.read_at).map_or_else(String::new, |lead| lead.to_string()),
                (first_year + of.t as i32).to_string(),
                ratio_cell(of.ratio),
                ratio_cell(of.weight),
            ]);
        }
    }
}

/// `changes.csv`; `None` where there is no forecast of last year.
pub(crate) fn changes(run: &Run<'_>, options: Options) -> Option<Vec<u8>> {
    if run.changes.is_empty() {
        return None;
    }
    let mut heading = vec!["district", "group", "zone", "stage", "grade", "year", "last_forecast"];
    heading.extend(DemandPart::ALL.map(DemandPart::code));
    heading.push("this_forecast");
    let mut table = Table::new(options, &heading);
    let frame = &run.scenario.frame;
    for row in run.changes {
        let mut cells: Vec<String> = area_cells(frame, row.area).into();
        cells.push(text_cell(&frame.stages[row.stage].id));
        cells.push(row.grade.map_or_else(String::new, |g| text_cell(frame.grade_id(g))));
        cells.push(row.year.to_string());
        cells.push(row.before.to_string());
        cells.extend(row.parts.map(|part| part.to_string()));
        cells.push(row.after.to_string());
        table.row(cells);
    }
    Some(table.finish())
}

/// `overrides.csv`; `None` where nobody entered one.
pub(crate) fn overrides(scenario: &Scenario, options: Options) -> Option<Vec<u8>> {
    if scenario.overrides.is_empty() {
        return None;
    }
    let heading = [
        "override", "change", "zone", "stage", "grade", "source", "class", "rate", "value", "from", "until",
        "author", "date", "reason",
    ];
    let mut table = Table::new(options, &heading);
    let frame = &scenario.frame;
    for o in &scenario.overrides {
        let mut stage = None;
        let mut grade = String::new();
        let (mut source, mut class) = (String::new(), String::new());
        let (change, rate, value) = match &o.change {
            Change::Rate { kind, value } => {
                let rate = match kind {
                    RateKind::Progression { grade: g } => {
                        frame.grade_id(*g).clone_into(&mut grade);
                        "progression"
                    }
                    RateKind::Entry { stage: p, source: s, class: c } => {
                        stage = Some(*p);
                        (source, class) = (s.clone().unwrap_or_default(), c.clone().unwrap_or_default());
                        "entry"
                    }
                    RateKind::Transition { from, to } => {
                        stage = Some(*to);
                        frame.stages[*from].id.clone_into(&mut source);
                        "transition"
                    }
                    RateKind::PublicShare { stage: p, class: c } => {
                        stage = Some(*p);
                        class = c.clone().unwrap_or_default();
                        "public_share"
                    }
                };
                ("rate", rate, *value)
            }
            Change::Factor { grade: g, value } => {
                frame.grade_id(*g).clone_into(&mut grade);
                ("factor", "", *value)
            }
            Change::Pupils { grades, pupils } => {
                match grades.as_slice() {
                    [g] => frame.grade_id(*g).clone_into(&mut grade),
                    grades => stage = grades.first().map(|g| frame.stage_of(*g).0),
                }
                ("pupils", "", *pupils)
            }
        };
        table.row([
            text_cell(&o.id),
            change.to_owned(),
            o.zone.map_or_else(|| "ALL".to_owned(), |z| text_cell(&frame.zones[z].id)),
            stage.map_or_else(String::new, |p| text_cell(&frame.stages[p].id)),
            text_cell(&grade),
            text_cell(&source),
            text_cell(&class),
            rate.to_owned(),
            ratio_cell(value),
            o.from.to_string(),
            o.until.map_or_else(String::new, |y| y.to_string()),
            text_cell(&o.author),
            o.date.clone(),
            text_cell(&o.reason),
        ]);
    }
    Some(table.finish())
}

/// `school_pupils.csv`; `None` where no rolls of schools are known.
pub(crate) fn schools(run: &Run<'_>, options: Options) -> Option<Vec<u8>> {
    let past = run.scenario.past.as_ref().filter(|_| !run.schools.is_empty())?;
    let mut heading = vec!["school", "zone", "stage", "grade", "year", "lead", "central", "mean"];
    heading.extend(LEVELS.iter().map(|(_, suffix)| *suffix));
    let mut table = Table::new(options, &heading);
    let frame = &run.scenario.frame;
    for line in run.schools {
        let mut cells = vec![
            text_cell(&past.school_ids[line.school]),
            text_cell(&frame.zones[line.zone].id),
            text_cell(&frame.stages[line.stage].id),
            line.grade.map_or_else(String::new, |g| text_cell(frame.grade_id(g))),
            (run.scenario.base_year + line.t as i32).to_string(),
            line.t.to_string(),
            number_cell(line.stats.central),
            number_cell(line.stats.mean),
        ];
        cells.extend(line.stats.quantiles.map(number_cell));
        table.row(cells);
    }
    Some(table.finish())
}
