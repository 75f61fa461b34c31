//! A closed loop in words: the policies side by side, and what things are worth.

use seatcast_core::Lang;

use super::{grid, head, note, results_in};
use crate::{
    documents::cycle::{CycleDocument, CycleRun},
    phrases::{self, thousands},
};

/// The closed loop in words: the policies side by side, and what things are worth.
pub fn cycle_text(run: &CycleRun<'_>, lang: Lang, files: Option<&str>) -> String {
    let document = &run.document;
    let scenario = &document.scenario;
    let mut out = head(scenario.name.in_lang(lang), scenario.notice.in_lang(lang));
    let (futures, years, draws, seed) = (document.futures, document.years, document.draws, document.seed);
    out.push_str(&match lang {
        Lang::Zh => format!("{futures} 种未来 × {years} 年，每轮预测 {draws} 次抽样，种子 {seed}\n"),
        Lang::En => format!("{futures} futures x {years} years, {draws} draws a forecast, seed {seed}\n"),
    });
    out.push_str(&policy_table(document, lang));
    out.push_str(&worth_table(document, lang));
    out.push('\n');
    out.push_str(&note(document.uncertainty.in_lang(lang), lang));
    out.push_str(&results_in(files, lang));
    out
}

fn policy_table(document: &CycleDocument, lang: Lang) -> String {
    let heading = match lang {
        Lang::Zh => [
            "规则",
            "缺口（人·年）",
            "最差 5%",
            "有人无学位的年份",
            "闲置（个·年）",
            "投入（百万）",
            "后悔值（百万）",
        ],
        Lang::En => [
            "policy",
            "short (seat-years)",
            "worst 5 %",
            "years with a child short",
            "idle (seat-years)",
            "committed (million)",
            "regret (million)",
        ],
    };
    let mut table = grid(heading.map(str::to_owned));
    let whole = |x: f64| thousands(x.round() as i64);
    for line in &document.policies {
        let mean = |measure: &str, scale: f64| {
            line.figure(measure).map_or_else(String::new, |f| {
                format!("{} ± {}", whole(f.mean / scale), whole(1.96 * f.error / scale))
            })
        };
        table.add_row(vec![
            phrases::policy(&line.policy, lang),
            mean("shortage", 1.0),
            line.figure("shortage").map_or_else(String::new, |f| whole(f.cvar95)),
            line.figure("years_short").map_or_else(String::new, |f| format!("{:.1}", f.mean)),
            mean("idle", 1.0),
            mean("committed", 1e6),
            mean("regret", 1e6),
        ]);
    }
    format!("\n{table}\n")
}

fn worth_table(document: &CycleDocument, lang: Lang) -> String {
    let heading = match lang {
        Lang::Zh => ["值多少（同一批未来之差，± 95%）", "缺口（人·年）", "投入（百万）", "总评分（百万）"],
        Lang::En => [
            "worth (difference on the same futures, ± 95 %)",
            "short (seat-years)",
            "committed (million)",
            "score (million)",
        ],
    };
    let mut table = grid(heading.map(str::to_owned));
    let whole = |x: f64| thousands(x.round() as i64);
    for line in &document.worths {
        let mean = |measure: &str, scale: f64| {
            let found = line.figures.iter().find(|f| f.measure == measure && f.futures == "all");
            found.map_or_else(String::new, |f| {
                format!("{} ± {}", whole(f.mean / scale), whole(1.96 * f.error / scale))
            })
        };
        table.add_row(vec![
            phrases::worth(&line.worth, lang).to_owned(),
            mean("shortage", 1.0),
            mean("committed", 1e6),
            mean("score", 1e6),
        ]);
    }
    format!("\n{table}\n")
}
