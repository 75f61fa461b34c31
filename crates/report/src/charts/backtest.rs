//! The charts of a back-test: error by lead, reliability of the quantiles.

use seatcast_core::{
    Lang,
    backtest::{
        SECURE_LEVELS,
        score::{Cell, Line, Method, Reliability},
    },
    index::Lead,
};
use seatcast_plot::LineFigure;

use crate::{BacktestRun, phrases::backtest as phrases};

/// The data of every chart, with the name of its file.
pub fn charts(
    run: &BacktestRun<'_>,
    lines: &[Line],
    shares: &[Reliability],
    lang: Lang,
) -> Vec<(String, LineFigure)> {
    let mut out = Vec::new();
    let figure = |title: String, unit: &str, step_name: &str, steps: Vec<String>, series| LineFigure {
        title,
        unit: unit.to_owned(),
        step_name: step_name.to_owned(),
        steps,
        series,
        notice: String::new(),
        source: phrases::source(run, lang),
        lang,
    };
    for (level, kind) in BacktestRun::subjects(lines) {
        let subject = format!("{} · {}", phrases::level(level, lang), phrases::kind(run, kind, lang));
        let name = format!("{}-{}", level.code(), run.kind(kind));
        let leads: &[Lead] = &run.plan.leads;
        let methods: Vec<Method> = {
            let mut methods: Vec<Method> = lines
                .iter()
                .filter(|l| (l.cell.level, l.cell.kind) == (level, kind))
                .map(|l| l.method)
                .collect();
            methods.sort_unstable();
            methods.dedup();
            methods
        };
        let mape = |method: Method, lead: Lead| {
            lines
                .iter()
                .find(|l| l.cell == Cell { level, kind, lead } && l.method == method)
                .map(|l| l.score.mape)
        };
        out.push((
            format!("error-{name}"),
            figure(
                match lang {
                    Lang::Zh => format!("各预测期误差：{subject}"),
                    Lang::En => format!("Error by lead: {subject}"),
                },
                lang.pick("平均绝对百分比误差 MAPE（%）", "Mean absolute percentage error (MAPE), %"),
                lang.pick("预测期（年）", "Lead, years"),
                leads.iter().map(|lead| lead.index().to_string()).collect(),
                methods
                    .iter()
                    .map(|&m| {
                        (
                            phrases::method(m, lang).to_owned(),
                            leads.iter().map(|&lead| mape(m, lead)).collect(),
                        )
                    })
                    .collect(),
            ),
        ));
        let above =
            |lead: Lead| shares.iter().find(|s| s.cell == Cell { level, kind, lead } && s.class.is_none());
        let mut series: Vec<(String, Vec<Option<f64>>)> = vec![(
            lang.pick("应有份额", "as it should be").to_owned(),
            SECURE_LEVELS.iter().map(|l| Some(100.0 * (1.0 - l))).collect(),
        )];
        series.extend(leads.iter().filter_map(|&lead| {
            let words = match lang {
                Lang::Zh => format!("提前 {} 年", lead.index()),
                Lang::En => format!("lead {}", lead.index()),
            };
            above(lead).map(|s| (words, s.above.map(Some).to_vec()))
        }));
        out.push((
            format!("reliability-{name}"),
            figure(
                match lang {
                    Lang::Zh => format!("可靠性：{subject}"),
                    Lang::En => format!("Reliability: {subject}"),
                },
                lang.pick("实际超过预测分位数的份额（%）", "Share of targets above the quantile, %"),
                lang.pick("预测分位数", "Quantile of the forecast"),
                SECURE_LEVELS.iter().map(|l| format!("q{:.0}", l * 100.0)).collect(),
                series,
            ),
        ));
    }
    out
}
