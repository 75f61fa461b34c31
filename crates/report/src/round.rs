//! A round as it is archived in its scenario's folder, and what changed since it, as tables.

use seatcast_core::{
    Scenario,
    cycle::{FiledRound, Gate, ThisRound, Turned, since::last_action},
    geography::Area,
    supply::Status,
};

use crate::{
    Options,
    long::{Table, text_cell},
};

/// The table of a round to be archived: board by group, stage and year, then projects. Files of two years have the same
/// columns; `number` counts the rounds archived in one year.
pub fn filed_round(
    round: ThisRound<'_>,
    own_projects: usize,
    number: u32,
    variant: &str,
    options: Options,
) -> Vec<u8> {
    let heading = [
        "base_year",
        "number",
        "variant",
        "group",
        "stage",
        "project",
        "year",
        "need",
        "programme",
        "missing",
        "status",
        "step",
        "gate",
        "opens",
    ];
    let mut table = Table::new(options, &heading);
    let scenario = round.scenario;
    let frame = &scenario.frame;
    let first = |group: usize, stage: usize| {
        [
            scenario.base_year.to_string(),
            number.to_string(),
            text_cell(variant),
            text_cell(&frame.groups[group].id),
            text_cell(&frame.stages[stage].id),
        ]
    };
    for line in round.lines {
        let Area::Group(group) = line.area else { continue };
        let mut row = first(group, line.stage).to_vec();
        row.extend([String::new(), line.year.to_string(), line.need.to_string()]);
        row.extend([line.places.iter().sum::<i64>().to_string(), line.missing.to_string()]);
        row.extend([const { String::new() }; 4]);
        table.row(row);
    }
    for (j, project) in scenario.projects.iter().enumerate() {
        let action = last_action(round.actions, j);
        // modules held ready are no projects of the scenario: they count where they are asked for
        if (j >= own_projects && action.is_none()) || matches!(project.status, Status::Open) {
            continue;
        }
        let mut row = first(frame.zones[project.zone].group, project.stage).to_vec();
        row.extend([text_cell(&project.id), action.map_or_else(String::new, |a| a.for_year.to_string())]);
        row.extend([const { String::new() }; 3]);
        row.extend([
            project.status.code().to_owned(),
            action.map_or("", |a| a.step.code()).to_owned(),
            action.and_then(|a| a.gate).map_or("", Gate::code).to_owned(),
            round.openings[j].map_or_else(String::new, |y| y.to_string()),
        ]);
        table.row(row);
    }
    table.finish()
}

/// `since.csv`: what became of the decisions of the archived round.
pub(crate) fn since_table(
    scenario: &Scenario,
    filed: &FiledRound,
    turned: &[Turned],
    options: Options,
) -> Vec<u8> {
    let heading = [
        "round",
        "group",
        "stage",
        "project",
        "turn",
        "step_then",
        "step_now",
        "status_then",
        "status_now",
        "opens_then",
        "opens_now",
        "year",
        "need_then",
        "need_now",
        "programme_then",
        "programme_now",
    ];
    let mut table = Table::new(options, &heading);
    let frame = &scenario.frame;
    for t in turned {
        let mut row = vec![
            text_cell(&filed.name),
            text_cell(&frame.groups[t.group].id),
            text_cell(&frame.stages[t.stage].id),
            text_cell(&t.id),
            t.turn.code().to_owned(),
        ];
        let mut pair = |of: [Option<String>; 2]| row.extend(of.map(Option::unwrap_or_default));
        pair([t.step.0, t.step.1].map(|s| s.map(|s| s.code().to_owned())));
        pair([t.status.0, t.status.1].map(|s| s.map(|s| s.code().to_owned())));
        pair([t.opens.0, t.opens.1].map(|y| y.map(|y| y.to_string())));
        row.push(t.year.to_string());
        let mut pair =
            |of: [Option<i64>; 2]| row.extend(of.map(|n| n.map_or_else(String::new, |n| n.to_string())));
        pair([t.need.0, t.need.1]);
        pair([t.programme.0, t.programme.1]);
        table.row(row);
    }
    table.finish()
}
