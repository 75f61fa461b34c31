//! `warnings.csv`: early warnings (学位预警) by area, stage and coming year; `notice.csv`: those of zones as they are
//! published.

use seatcast_core::{Lang, balance::Warning, geography::Area, time::YearMonth};

use super::{
    Table,
    cell::{Number, Text},
    keys::Place,
    row::row,
};
use crate::{Run, phrases};

row! {
    /// One early warning.
    WarningRow<'a> {
        place: Place<'a>;
        stage: Text<'a> = "学段代码", "key of the stage";
        year: i32, Year = "学年", "academic year";
        ratio: Option<Number>, Ratio = "新生与起始年级学位之比", "entrants per place of the entry grade";
        colour: Text<'a> = "预警颜色", "green, yellow or red";
    }
}

pub(super) const TABLE: Table = Table::of::<WarningRow<'_>>(
    "warnings.csv",
    "一条学位预警",
    "an early warning of an area, stage and year",
);

pub(super) fn rows<'a>(run: &'a Run<'_>) -> impl Iterator<Item = WarningRow<'a>> {
    let frame = &run.scenario.frame;
    run.warnings.iter().map(move |warning| WarningRow {
        place: Place::of(frame, warning.area),
        stage: (&frame.stages[warning.stage].id).into(),
        year: warning.year,
        ratio: warning.ratio.map(Number),
        colour: warning.colour.code().into(),
    })
}

row! {
    /// One early warning as the public reads it.
    NoticeRow<'a> {
        round: YearMonth = "决策轮次的月份", "month of the round";
        place: Place<'a>;
        stage: Text<'a> = "学段代码", "key of the stage";
        year: i32, Year = "学年", "academic year";
        lead: i32, Years = "距基年的年数", "the year less the base year";
        entrants: Number, Children = "新生中位数", "median entrants";
        places: Number, Places = "起始年级学位", "places of the entry grade";
        ratio: Option<Number>, Ratio = "新生与起始年级学位之比", "entrants per place of the entry grade";
        colour: Text<'a> = "预警颜色", "green, yellow or red";
        text: Text<'a> = "预警文字", "the warning in a sentence";
    }
}

pub(super) const NOTICE: Table = Table::of::<NoticeRow<'_>>(
    "notice.csv",
    "一条对外发布的学位预警",
    "an early warning of a zone as it is published",
);

pub(super) fn notice<'a>(run: &'a Run<'_>, lang: Lang) -> impl Iterator<Item = NoticeRow<'a>> {
    let scenario = run.scenario;
    let frame = &scenario.frame;
    let published = move |warning: &&Warning| {
        let lead = warning.year - scenario.base_year;
        matches!(warning.area, Area::Zone(_)) && lead <= frame.stages[warning.stage].warned_years()
    };
    run.warnings.iter().filter(published).map(move |warning| NoticeRow {
        round: scenario.round(),
        place: Place::of(frame, warning.area),
        stage: (&frame.stages[warning.stage].id).into(),
        year: warning.year,
        lead: warning.year - scenario.base_year,
        entrants: Number(warning.entrants),
        places: Number(warning.places),
        ratio: warning.ratio.map(Number),
        colour: warning.colour.code().into(),
        text: phrases::warning(&scenario.frame, warning, lang).into(),
    })
}
