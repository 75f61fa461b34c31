//! Filed forecasts in words: what was forecast, what came, and where the forecasts lean.

use seatcast_core::{
    Lang,
    backtest::ledger::{bias_runs, lines},
    geography::Area,
};

use super::{head, headed, results_in, right};
use crate::documents::accuracy::{Accuracy, target};

/// Runs of errors that are printed.
const SHOWN_RUNS: usize = 12;

/// The table on the terminal, and where the forecasts lean.
pub fn accuracy_text(ledger: &Accuracy<'_>, lang: Lang, files: Option<&str>) -> String {
    let frame = &ledger.scenario.frame;
    let mut out = head(ledger.scenario.name.in_lang(lang), "");
    for note in ledger.notes.iter().filter(|n| n.code.starts_with('W')) {
        out.push_str(&format!("! {} {}\n", note.code, note.message));
    }
    let mut base_years: Vec<i32> = ledger.hits.iter().map(|h| h.base_year).collect();
    base_years.sort_unstable();
    base_years.dedup();
    if base_years.is_empty() {
        out.push_str(lang.pick(
            "存档的预测还没有一年可以核对：在校生数尚未更新\n",
            "no filed forecast can be checked yet: no roll of its years has come in\n",
        ));
        return out;
    }
    let shown: Vec<String> = base_years.iter().map(ToString::to_string).collect();
    out.push_str(&match lang {
        Lang::Zh => format!("{} 份存档，可核对的基年：{}\n\n", ledger.filed.len(), shown.join("、")),
        Lang::En => {
            let filed = ledger.filed.len();
            let word = if filed == 1 { "forecast" } else { "forecasts" };
            format!("{filed} filed {word}; base years that can be checked: {}\n\n", shown.join(", "))
        }
    });
    let heading = [
        ("区域", "area"),
        ("学段", "stage"),
        ("目标", "target"),
        ("提前", "lead"),
        ("n", "n"),
        ("MAPE %", "MAPE %"),
        ("偏差 %", "bias %"),
        ("80% 区间内", "in 80 % band"),
    ];
    let mut table = headed(&heading, lang);
    for line in lines(ledger.hits).into_iter().filter(|line| matches!(line.area, Area::District(_))) {
        table.add_row(vec![
            frame.area_name(line.area).in_lang(lang).to_owned(),
            frame.stages[line.stage].name.in_lang(lang).to_owned(),
            lang.pick(if line.by_grade { "分年级" } else { "合计" }, target(&line)).to_owned(),
            line.lead.to_string(),
            line.count.to_string(),
            format!("{:.1}", line.mape),
            format!("{:+.1}", line.bias),
            format!("{:.0} %", line.inside[1]),
        ]);
    }
    right(&mut table, 3..heading.len());
    out.push_str(&format!("{table}\n"));
    out.push_str(lang.pick(
        "各学区见 accuracy.csv（-o）或 --format json\n",
        "zones: in accuracy.csv (-o) and in --format json\n",
    ));
    let runs = bias_runs(ledger.hits);
    for run in runs.iter().take(SHOWN_RUNS) {
        out.push_str(&format!("! {}\n", ledger.bias_words(run, lang)));
    }
    if let Some(more) = runs.len().checked_sub(SHOWN_RUNS).filter(|more| *more > 0) {
        out.push_str(&match lang {
            Lang::Zh => format!("! 另有 {more} 条，见 --format json 的 bias_warnings\n"),
            Lang::En => format!("! {more} more, under bias_warnings of --format json\n"),
        });
    }
    out.push_str(&results_in(files, lang));
    out
}
