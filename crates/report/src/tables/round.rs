//! A round as it is archived in its scenario's folder, and what changed since it, as tables.

use seatcast_core::{
    Scenario,
    cycle::{FiledRound, Gate, Step, ThisRound, Turn, Turned, since::last_action},
    geography::Area,
    index::{GroupId, ProjectId, StageId},
    supply::Status,
};

use super::{Table, cell::Text, csv::bytes, row::row};
use crate::Options;

row! {
    /// A group and stage on the board in one year, or a project.
    RoundRow<'a> {
        base_year: i32, Year = "基年", "academic year of the last known roll";
        number: u32 = "当年第几次存档", "which of the rounds archived in this year";
        variant: Text<'a> = "情形代码；留空为情景本身", "key of the variant; blank is the scenario itself";
        group: Text<'a> = "大学区代码", "key of the sharing group";
        stage: Text<'a> = "学段代码", "key of the stage";
        project: Option<Text<'a>> = "项目代码；留空为大学区一行", "key of the project; blank in a row of the board";
        year: Option<i32>, Year = "学年；项目为行动针对的学年", "academic year; of a project the one its action is for";
        need: Option<i64>, Places = "需要", "places needed";
        programme: Option<i64>, Places = "口径内学位", "places of the programme";
        missing: Option<i64>, Places = "缺口", "places missing";
        status: Option<Status> = "项目状态", "status of the project";
        step: Option<Step> = "行动", "what is decided";
        gate: Option<Gate> = "开启的环节", "gate that is opened";
        opens: Option<i32>, Year = "预计开办学年", "academic year in which it is expected to open";
    }
}

pub(super) const TABLE: Table =
    Table::of::<RoundRow<'_>>("rounds/*.csv", "存档轮次的一行", "a row of an archived round");

/// The table of a round to be archived: board by group, stage and year, then projects. Files of two years have the same
/// columns; `number` counts the rounds archived in one year.
pub fn filed_round(
    round: ThisRound<'_>,
    own_projects: ProjectId,
    number: u32,
    variant: &str,
    options: Options,
) -> Vec<u8> {
    let scenario = round.scenario;
    let frame = &scenario.frame;
    let row = |group: GroupId, stage: StageId| RoundRow {
        base_year: scenario.base_year,
        number,
        variant: variant.into(),
        group: (&frame.groups[group].id).into(),
        stage: (&frame.stages[stage].id).into(),
        project: None,
        year: None,
        need: None,
        programme: None,
        missing: None,
        status: None,
        step: None,
        gate: None,
        opens: None,
    };
    let mut rows = Vec::new();
    for line in round.lines {
        let Area::Group(group) = line.area else { continue };
        rows.push(RoundRow {
            year: Some(line.year),
            need: Some(line.need),
            programme: Some(line.places.iter().sum()),
            missing: Some(line.missing),
            ..row(group, line.stage)
        });
    }
    for (j, project) in scenario.projects.pairs() {
        let action = last_action(round.actions, j);
        // modules held ready are no projects of the scenario: they count where they are asked for
        if (j >= own_projects && action.is_none()) || matches!(project.status, Status::Open) {
            continue;
        }
        rows.push(RoundRow {
            project: Some((&project.id).into()),
            year: action.map(|a| a.for_year),
            status: Some(project.status),
            step: action.map(|a| a.step),
            gate: action.and_then(|a| a.gate),
            opens: round.openings[j],
            ..row(frame.zones[project.zone].group, project.stage)
        });
    }
    bytes(rows, options)
}

row! {
    /// What became of one decision.
    SinceRow<'a> {
        round: Text<'a> = "存档的轮次", "the archived round";
        group: Text<'a> = "大学区代码", "key of the sharing group";
        stage: Text<'a> = "学段代码", "key of the stage";
        project: Text<'a> = "项目代码", "key of the project";
        turn: Turn = "决策的结果", "what became of the decision";
        step_then: Option<Step> = "当时的行动", "what was decided then";
        step_now: Option<Step> = "现在的行动", "what is decided now";
        status_then: Option<Status> = "当时的状态", "status then";
        status_now: Option<Status> = "现在的状态", "status now";
        opens_then: Option<i32>, Year = "当时预计的开办学年", "academic year in which it was expected to open";
        opens_now: Option<i32>, Year = "现在预计的开办学年", "academic year in which it is expected to open";
        year: i32, Year = "各数字所指的学年", "academic year of the figures";
        need_then: Option<i64>, Places = "当时的需要", "places needed, as seen then";
        need_now: Option<i64>, Places = "现在的需要", "places needed, as seen now";
        programme_then: Option<i64>, Places = "当时口径内的学位", "places of the programme, as seen then";
        programme_now: Option<i64>, Places = "现在口径内的学位", "places of the programme, as seen now";
    }
}

pub(super) const SINCE: Table = Table::of::<SinceRow<'_>>(
    "since.csv",
    "上一轮决策的结果",
    "what became of a decision of the archived round",
);

/// What became of the decisions of the archived round.
pub(super) fn since<'a>(
    scenario: &'a Scenario,
    filed: &'a FiledRound,
    turned: &'a [Turned],
) -> impl Iterator<Item = SinceRow<'a>> {
    let frame = &scenario.frame;
    turned.iter().map(move |t| SinceRow {
        round: (&filed.name).into(),
        group: (&frame.groups[t.group].id).into(),
        stage: (&frame.stages[t.stage].id).into(),
        project: (&t.id).into(),
        turn: t.turn,
        step_then: t.step.0,
        step_now: t.step.1,
        status_then: t.status.0,
        status_now: t.status.1,
        opens_then: t.opens.0,
        opens_now: t.opens.1,
        year: t.year,
        need_then: t.need.0,
        need_now: t.need.1,
        programme_then: t.programme.0,
        programme_now: t.programme.1,
    })
}
