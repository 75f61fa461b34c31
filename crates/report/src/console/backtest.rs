//! A back-test as a table of text.

use seatcast_core::{
    Lang,
    backtest::score::{Cell, Method},
};

use super::{grid, head, results_in};
use crate::{BacktestRun, phrases::backtest as phrases};

/// Code of the note on widened upper quantiles.
const WIDENED: &str = "N217";

/// The table on the terminal: MAPE by method and lead, coverage of the 80 % band.
pub fn backtest_text(run: &BacktestRun<'_>, lang: Lang, files: Option<&str>) -> String {
    let lines = run.accuracy();
    let mut out = head(&phrases::source(run, lang), "");
    // warnings of the reader, and what the back-test itself had to say
    for note in run.notes.iter().filter(|n| n.code.starts_with('W') || n.code == WIDENED) {
        out.push_str(&format!("! {} {}\n", note.code, note.message));
    }
    let mut heading = vec![
        lang.pick("层级", "level").to_owned(),
        lang.pick("目标", "target").to_owned(),
        lang.pick("方法", "method").to_owned(),
    ];
    heading.extend(run.plan.leads.iter().map(|lead| lead.index()).map(|lead| match lang {
        Lang::Zh => format!("{lead} 年：MAPE %（n）"),
        Lang::En => format!("lead {lead}: MAPE % (n)"),
    }));
    let mut table = grid(heading);
    for (level, kind) in BacktestRun::subjects(&lines) {
        let mut methods: Vec<Method> =
            lines.iter().filter(|l| (l.cell.level, l.cell.kind) == (level, kind)).map(|l| l.method).collect();
        methods.sort_unstable();
        methods.dedup();
        for method in methods {
            let mut cells = vec![
                phrases::level(level, lang).to_owned(),
                phrases::kind(run, kind, lang),
                phrases::method(method, lang).to_owned(),
            ];
            cells.extend(run.plan.leads.iter().map(|&lead| {
                lines.iter().find(|l| l.cell == Cell { level, kind, lead } && l.method == method).map_or_else(
                    || "-".to_owned(),
                    |l| match l.score.bands {
                        Some(b) => format!(
                            "{:.2} ({}; {} {:.0})",
                            l.score.mape,
                            l.score.count,
                            lang.pick("80% 区间覆盖", "80 % band holds"),
                            b.coverage[1]
                        ),
                        None => format!("{:.2}", l.score.mape),
                    },
                )
            }));
            table.add_row(cells);
        }
    }
    if lines.is_empty() {
        out.push_str(lang.pick(
            "没有可评分的目标：起点之后没有在校生数，或历史不足以让对照规则给出预测\n",
            "nothing could be scored: no roll comes after an origin, or no reference rule has years enough\n",
        ));
    } else {
        out.push_str(&format!("{table}\n"));
    }
    out.push_str(&results_in(files, lang));
    out
}
