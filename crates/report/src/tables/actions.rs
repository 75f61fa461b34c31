//! `actions.csv`: what this round must decide, with the figures each decision rests on.

use seatcast_core::{
    Lang,
    cycle::{Gate, LastSafe, Step},
    time::YearMonth,
};

use super::{
    Table,
    cell::{Text, Thousandths},
    row::row,
};
use crate::{Run, phrases};

row! {
    /// One action of the round.
    ActionRow<'a> {
        round: YearMonth = "决策轮次的月份", "month of the round";
        district: Text<'a> = "区域代码", "key of the district";
        group: Text<'a> = "大学区代码", "key of the sharing group";
        stage: Text<'a> = "学段代码", "key of the stage";
        project: Option<Text<'a>> = "项目代码；没有项目来得及时留空", "key of the project; blank where none is in time";
        action: Step = "行动", "what is done";
        gate: Option<Gate> = "开启的环节", "gate that is opened";
        for_year: i32, Year = "针对的学年", "academic year that it is for";
        last_safe_date: Option<LastSafe> = "最迟决策日期", "last month in which it can be decided in time";
        p_open: Option<Thousandths>, Share = "届时开办概率", "probability that it is open by then";
        need: i64, Places = "需要", "places needed";
        supply: i64, Places = "已有", "places that count";
        missing: i64, Places = "缺口", "places missing";
        reason: Text<'a> = "理由", "why, in a sentence";
    }
}

pub(super) const TABLE: Table =
    Table::of::<ActionRow<'_>>("actions.csv", "本轮须作的一项决策", "what this round must decide");

pub(super) fn rows<'a>(run: &'a Run<'_>, lang: Lang) -> impl Iterator<Item = ActionRow<'a>> {
    let scenario = run.scenario;
    let frame = &scenario.frame;
    run.actions.iter().map(move |action| ActionRow {
        round: action.round,
        district: (&frame.districts[frame.groups[action.group].district].id).into(),
        group: (&frame.groups[action.group].id).into(),
        stage: (&frame.stages[action.stage].id).into(),
        project: action.project.map(|j| (&scenario.projects[j].id).into()),
        action: action.step,
        gate: action.gate,
        for_year: action.for_year,
        last_safe_date: action.last_safe,
        p_open: action.p_open.map(Thousandths),
        need: action.need,
        supply: action.supply,
        missing: action.missing,
        reason: phrases::reason(scenario, action, lang).into(),
    })
}
