//! `accuracy.csv`, `ledger.csv`: filed forecasts against the rolls that have come.

use seatcast_core::backtest::ledger::{Hit, LedgerLine, lines};

use super::{
    Table,
    cell::{Number, Text},
    keys::list,
    row::row,
};
use crate::{
    File, Options,
    documents::accuracy::{Accuracy, target},
    stats::keys_of,
};

pub(super) const TABLES: [&Table; 2] = [&ACCURACY, &LEDGER];

list! {
    /// Targets inside the bands.
    Inside: Number, ["inside_50", "inside_80", "inside_95"],
    "落在该区间内的目标", "targets inside the band"
}

row! {
    /// Errors of an area, stage and lead.
    AccuracyRow<'a> {
        district: Text<'a> = "区域代码", "key of the district";
        zone: Option<Text<'a>> = "学区代码；留空为区域", "key of the zone; blank is the district";
        stage: Text<'a> = "学段代码", "key of the stage";
        target: Text<'a> = "`by_grade` 分年级或 `total` 学段合计", "`by_grade` or `total`";
        lead: i32, Years = "预测期", "years ahead";
        n: usize, Count = "目标个数", "targets";
        mape: Number, Percent = "平均绝对百分比误差", "mean absolute percentage error";
        wape: Number, Percent = "绝对误差之和与实际之和的比", "sum of absolute errors over the sum of what came";
        bias: Number, Percent = "平均误差", "mean error";
        inside: Inside, Percent;
    }
}

const ACCURACY: Table = Table::of::<AccuracyRow<'_>>(
    "accuracy.csv",
    "存档预测的误差",
    "errors of the filed forecasts of an area, stage and lead",
);

row! {
    /// One filed figure whose roll has come.
    LedgerRow<'a> {
        forecast: Text<'a> = "存档的预测", "the filed forecast";
        base_year: i32, Year = "其基年", "its base year";
        year: i32, Year = "学年", "academic year";
        lead: i32, Years = "预测期", "years ahead";
        district: Text<'a> = "区域代码", "key of the district";
        zone: Option<Text<'a>> = "学区代码；留空为区域", "key of the zone; blank is the district";
        stage: Text<'a> = "学段代码", "key of the stage";
        grade: Option<Text<'a>> = "年级；留空为学段", "key of the grade; blank is the stage";
        pupils: Number, Pupils = "预测人数", "pupils forecast";
        without_overrides: Option<Number>, Pupils = "不计人工调整的预测", "the same without what planners entered";
        actual: Number, Pupils = "实际人数", "what came";
        error: Number, SignedPupils = "预测减实际", "forecast less what came";
    }
}

const LEDGER: Table =
    Table::of::<LedgerRow<'_>>("ledger.csv", "一个已可核对的存档数字", "a filed figure whose roll has come");

/// The tables of an accuracy ledger.
pub(crate) fn of_accuracy(ledger: &Accuracy<'_>, options: Options) -> Vec<File> {
    vec![
        ACCURACY.file(lines(ledger.hits).iter().map(|line| accuracy(ledger, line)), options),
        LEDGER.file(ledger.hits.iter().map(|hit| entry(ledger, hit)), options),
    ]
}

fn accuracy<'a>(ledger: &Accuracy<'a>, line: &LedgerLine) -> AccuracyRow<'a> {
    let frame = &ledger.scenario.frame;
    let [district, _, zone] = keys_of(frame, line.area);
    AccuracyRow {
        district: district.unwrap_or_default().into(),
        zone: zone.map(Text::from),
        stage: (&frame.stages[line.stage].id).into(),
        target: target(line).into(),
        lead: line.lead,
        n: line.count,
        mape: Number(line.mape),
        wape: Number(line.wape),
        bias: Number(line.bias),
        inside: Inside(line.inside.map(Number).to_vec()),
    }
}

fn entry<'a>(ledger: &Accuracy<'a>, hit: &Hit) -> LedgerRow<'a> {
    let frame = &ledger.scenario.frame;
    let [district, _, zone] = keys_of(frame, hit.row.area);
    LedgerRow {
        forecast: (&ledger.filed[hit.filed].name).into(),
        base_year: hit.base_year,
        year: hit.row.year,
        lead: hit.lead(),
        district: district.unwrap_or_default().into(),
        zone: zone.map(Text::from),
        stage: (&frame.stages[hit.row.stage].id).into(),
        grade: hit.row.grade.map(|g| frame.grade_id(g).into()),
        pupils: Number(hit.row.pupils),
        without_overrides: hit.row.plain.map(Number),
        actual: Number(hit.actual),
        error: Number(hit.row.pupils - hit.actual),
    }
}
