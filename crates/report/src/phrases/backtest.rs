//! Words of a back-test: what was tested, levels, targets and methods.

use seatcast_core::{
    Lang,
    backtest::{
        reference::Rule,
        score::{Kind, Level, Method},
    },
};

use crate::BacktestRun;

/// What was tested, and how.
pub(crate) fn source(run: &BacktestRun<'_>, lang: Lang) -> String {
    let (first, last) = match (run.origins.first(), run.origins.last()) {
        (Some(&a), Some(&b)) => (run.year(a), run.year(b)),
        _ => return run.name.to_owned(),
    };
    match lang {
        Lang::Zh => format!(
            "{}；滚动起点 {first}–{last}，{} 次抽样，种子 {}",
            run.name, run.plan.draws, run.plan.seed
        ),
        Lang::En => format!(
            "{}; rolling origins {first}-{last}, {} draws, seed {}",
            run.name, run.plan.draws, run.plan.seed
        ),
    }
}

/// A kind of targets in words.
pub(crate) fn kind(run: &BacktestRun<'_>, kind: Kind, lang: Lang) -> String {
    match kind {
        Kind::Stage(p) => run.stage(p).to_owned(),
        Kind::Grade => lang.pick("分年级", "by grade").to_owned(),
        Kind::Entry => lang.pick("起始年级", "entry grade").to_owned(),
    }
}

/// A level in words.
pub(crate) fn level(level: Level, lang: Lang) -> &'static str {
    match level {
        Level::All => lang.pick("全部区域合计", "all areas together"),
        Level::Area => lang.pick("区域", "areas"),
        Level::School => lang.pick("学校", "schools"),
    }
}

/// A method in words.
pub(crate) fn method(method: Method, lang: Lang) -> &'static str {
    match method {
        Method::Seatcast => "seatcast",
        Method::Hindsight => lang.pick("seatcast（按今日数据）", "seatcast, today's figures"),
        Method::Rule(Rule::LastValue) => lang.pick("上年值", "last value"),
        Method::Rule(Rule::Progression) => lang.pick("三年升级率", "grade progression"),
        Method::Rule(Rule::ProgressionBirths) => lang.pick("三年升级率加出生", "progression and births"),
        Method::Rule(Rule::LastShare) => lang.pick("上年份额 × 区域", "last share of the area"),
    }
}
