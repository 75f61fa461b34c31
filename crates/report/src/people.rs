//! Tables that are read row by row: actions, projects, early warnings.

use seatcast_core::{geography::Area, money::capital, supply::Timeline, time::YearMonth};

use crate::{
    Options, Run,
    long::{PROJECT_COLUMNS, Table, area_cells, number_cell, project_cells, text_cell},
    words,
};

/// `actions.csv`: what this round must decide, with the figures each decision rests on.
pub(crate) fn actions(run: &Run<'_>, options: Options) -> Vec<u8> {
    let heading = [
        "round",
        "district",
        "group",
        "stage",
        "project",
        "action",
        "gate",
        "for_year",
        "last_safe_date",
        "p_open",
        "need",
        "supply",
        "missing",
        "reason",
    ];
    let mut table = Table::new(options, &heading);
    let frame = &run.scenario.frame;
    for action in run.actions {
        let [district, group, _] = area_cells(frame, Area::Group(action.group));
        table.row([
            action.round.to_string(),
            district,
            group,
            text_cell(&frame.stages[action.stage].id),
            action.project.map_or_else(String::new, |j| text_cell(&run.scenario.projects[j].id)),
            action.step.code().to_owned(),
            action.gate.map_or("", seatcast_core::cycle::Gate::code).to_owned(),
            action.for_year.to_string(),
            action.last_safe.map_or_else(String::new, seatcast_core::cycle::LastSafe::code),
            action.p_open.map_or_else(String::new, |p| format!("{p:.3}")),
            action.need.to_string(),
            action.supply.to_string(),
            action.missing.to_string(),
            words::reason(run.scenario, action, options.lang),
        ]);
    }
    table.finish()
}

/// `projects.csv`: every project with its standing and its last safe decision date.
pub(crate) fn projects(run: &Run<'_>, options: Options) -> Vec<u8> {
    let own = [
        "footing",
        "places",
        "decided",
        "site_from",
        "site_to",
        "build_from",
        "build_to",
        "opens",
        "full_from",
        "used_until",
        "opens_central",
        "p_open_next",
        "needed_in",
        "last_safe_date",
        "cost",
    ];
    let mut table = Table::new(options, &[&PROJECT_COLUMNS[..], &own].concat());
    let scenario = run.scenario;
    for (j, project) in scenario.projects.iter().enumerate() {
        let opening = run.supply.opening(j);
        let (needed, date) = run.last_safe[j];
        let timeline = run.supply.timeline(j);
        let month = |of: &dyn Fn(&Timeline) -> Option<YearMonth>| {
            timeline.as_ref().and_then(of).map_or_else(String::new, |m| m.to_string())
        };
        let year = |of: &dyn Fn(&Timeline) -> Option<i32>| {
            timeline.as_ref().and_then(of).map_or_else(String::new, |y| y.to_string())
        };
        let cells = [
            run.board.footing(j).map_or("", seatcast_core::cycle::Footing::code).to_owned(),
            project.places.to_string(),
            run.supply.decided(j).map_or_else(String::new, |m| m.to_string()),
            month(&|t| t.site.map(|(from, _)| from)),
            month(&|t| t.site.map(|(_, to)| to)),
            month(&|t| Some(t.build.0)),
            month(&|t| Some(t.build.1)),
            year(&|t| Some(t.opens)),
            year(&|t| Some(t.full)),
            year(&|t| t.last),
            opening.central.map_or_else(String::new, |y| y.to_string()),
            format!("{:.3}", opening.by_year(scenario.base_year + scenario.horizon.secure)),
            needed.map_or_else(String::new, |y| y.to_string()),
            date.code(),
            number_cell(capital(scenario, j)),
        ];
        table.row(project_cells(&scenario.frame, project, options.lang).into_iter().chain(cells));
    }
    table.finish()
}

/// `warnings.csv`: 学位预警 by area, stage and coming year.
pub(crate) fn warnings(run: &Run<'_>, options: Options) -> Vec<u8> {
    let heading = ["district", "group", "zone", "stage", "year", "ratio", "colour"];
    let mut table = Table::new(options, &heading);
    let frame = &run.scenario.frame;
    for warning in run.warnings {
        let [district, group, zone] = area_cells(frame, warning.area);
        table.row([
            district,
            group,
            zone,
            text_cell(&frame.stages[warning.stage].id),
            warning.year.to_string(),
            warning.ratio.map_or_else(String::new, number_cell),
            warning.colour.code().to_owned(),
        ]);
    }
    table.finish()
}
