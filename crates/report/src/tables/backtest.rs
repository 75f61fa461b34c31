//! `forecasts.csv`, `accuracy.csv`, `reliability.csv`: a back-test, every forecast with what came.

use seatcast_core::backtest::score::{Line, Reliability, class_code};

use super::{
    Table,
    cell::{Number, Text},
    csv::Csv,
    keys::{Quantiles, list},
    row::{Many, row},
};
use crate::{BacktestRun, File, Options};

pub(super) const TABLES: [&Table; 3] = [&FORECASTS, &ACCURACY, &RELIABILITY];

row! {
    /// One forecast and what came.
    ForecastRow<'a> {
        origin: i32, Year = "起点学年", "academic year of the origin";
        year: i32, Year = "学年", "academic year";
        lead: usize, Years = "预测期", "years ahead";
        area: Text<'a> = "区域代码", "key of the area";
        school: Option<Text<'a>> = "学校代码；留空为区域", "key of the school; blank is the area";
        grade: Text<'a> = "年级或学段", "key of the grade or the stage";
        actual: Option<Number>, Pupils = "实际人数", "what came";
        mean: Number, Pupils = "预测均值", "the forecast, mean over the draws";
        quantiles: Quantiles, Pupils;
        errors: Many<Option<Number>>, SignedPupils = "`method_error`、`revision_error`：数字有修订时才有", "`method_error` and `revision_error`: the error with today's figures, and what their revision adds; only where figures were revised";
    }
}

const FORECASTS: Table =
    Table::of::<ForecastRow<'_>>("forecasts.csv", "一次预测与实际", "a forecast with what came");

row! {
    /// Errors of a method at one lead.
    AccuracyRow<'a> {
        level: Text<'a> = "层级", "`all`, `area` or `school`";
        stage: Text<'a> = "学段，或 `grade`、`entry`", "key of the stage, or `grade`, `entry`";
        lead: usize, Years = "预测期", "years ahead";
        method: Text<'a> = "方法", "method";
        n: usize, Count = "目标个数", "targets";
        mape: Number, Percent = "平均绝对百分比误差", "mean absolute percentage error";
        wape: Number, Percent = "绝对误差之和与实际之和的比", "sum of absolute errors over the sum of what came";
        bias: Number, Percent = "平均误差", "mean error";
        coverage: Coverage, Percent;
        width: Width, Percent;
        pinball: Option<Number>, Percent = "分位数损失", "pinball loss of the quantiles";
    }
}

list! {
    /// Targets inside the bands.
    Coverage: Option<Number>, ["coverage_50", "coverage_80", "coverage_95"],
    "落在该区间内的目标", "targets inside the band"
}
list! {
    /// Width of the bands.
    Width: Option<Number>, ["width_50", "width_80", "width_95"],
    "区间宽度", "width of the band, mean"
}

const ACCURACY: Table = Table::of::<AccuracyRow<'_>>(
    "accuracy.csv",
    "一个方法在一个预测期的误差",
    "errors of a method at a lead",
);

list! {
    /// Targets above the quantiles at which places are secured.
    Above: Number, ["above_q80", "above_q90", "above_q95", "above_q98"],
    "超过该分位数的目标", "targets above that quantile"
}

row! {
    /// How often targets were above the quantiles.
    ReliabilityRow<'a> {
        level: Text<'a> = "层级", "`all`, `area` or `school`";
        stage: Text<'a> = "学段，或 `grade`、`entry`", "key of the stage, or `grade`, `entry`";
        lead: usize, Years = "预测期", "years ahead";
        size: Option<Text<'a>> = "规模；留空为全部", "class of size; blank is all of them";
        n: usize, Count = "目标个数", "targets";
        above: Above, Percent;
    }
}

const RELIABILITY: Table = Table::of::<ReliabilityRow<'_>>(
    "reliability.csv",
    "超过落实所用分位数的目标所占份额",
    "share of targets above the quantiles at which places are secured",
);

/// The tables of a back-test.
pub(crate) fn of_backtest(
    run: &BacktestRun<'_>,
    lines: &[Line],
    shares: &[Reliability],
    options: Options,
) -> Vec<File> {
    // numbers and Latin names are read right without a mark
    let plain = Options { bom: false, ..options };
    let marked = |file: File| match file {
        (name, bytes) if options.bom && !bytes.is_ascii() => (name, ["\u{feff}".as_bytes(), &bytes].concat()),
        file => file,
    };
    vec![
        marked(forecasts(run, plain)),
        marked(ACCURACY.file(lines.iter().map(|line| accuracy(run, line)), plain)),
        marked(RELIABILITY.file(shares.iter().map(|share| reliability(run, share)), plain)),
    ]
}

/// One row per area (or school) and grade, and per stage.
fn forecasts(run: &BacktestRun<'_>, options: Options) -> File {
    let revised = run.rows.iter().any(|row| row.hindsight.is_some());
    let errors =
        if revised { vec!["method_error".to_owned(), "revision_error".to_owned()] } else { Vec::new() };
    let mut csv = Csv::wide(&FORECASTS.columns(), &[errors], options);
    for row in run.rows {
        let Some(area) = row.area else { continue };
        let method = row.hindsight.zip(row.actual).map(|(forecast, actual)| Number(forecast - actual));
        let revision = row.hindsight.map(|hindsight| Number(row.forecast - hindsight));
        csv.row(&ForecastRow {
            origin: run.year(row.origin),
            year: run.year(row.origin.after(row.lead)),
            lead: row.lead.index(),
            area: (&run.areas[area.index()]).into(),
            school: row.school.map(|s| (&run.schools[s.index()]).into()),
            grade: run.target(row.target).into(),
            actual: row.actual.map(Number),
            mean: Number(row.forecast),
            quantiles: Quantiles(row.quantiles.map(Number).to_vec()),
            errors: Many(if revised { vec![method, revision] } else { Vec::new() }),
        });
    }
    FORECASTS.holding(csv.finish())
}

fn accuracy<'r>(run: &'r BacktestRun<'_>, line: &'r Line) -> AccuracyRow<'r> {
    let (cell, score) = (line.cell, line.score);
    let bands = |of: fn(&seatcast_core::backtest::score::Bands) -> [f64; 3]| {
        score.bands.as_ref().map_or_else(|| vec![None; 3], |b| of(b).map(|x| Some(Number(x))).to_vec())
    };
    AccuracyRow {
        level: cell.level.code().into(),
        stage: run.kind(cell.kind).into(),
        lead: cell.lead.index(),
        method: line.method.code().into(),
        n: score.count,
        mape: Number(score.mape),
        wape: Number(score.wape),
        bias: Number(score.bias),
        coverage: Coverage(bands(|b| b.coverage)),
        width: Width(bands(|b| b.width)),
        pinball: score.bands.map(|b| Number(b.pinball)),
    }
}

fn reliability<'r>(run: &'r BacktestRun<'_>, share: &'r Reliability) -> ReliabilityRow<'r> {
    ReliabilityRow {
        level: share.cell.level.code().into(),
        stage: run.kind(share.cell.kind).into(),
        lead: share.cell.lead.index(),
        size: share.class.map(|class| class_code(class).into()),
        n: share.count,
        above: Above(share.above.map(Number).to_vec()),
    }
}
