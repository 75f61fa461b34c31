//! A comparison as a table of text.

use comfy_table::Table;
use seatcast_core::Lang;

use super::{head, headed, note, results_in};
use crate::{documents::compare::CompareDocument, phrases::thousands};

/// The comparison as a table of text.
pub fn compare_text(document: &CompareDocument, lang: Lang, files: Option<&str>) -> String {
    let scenario = &document.scenario;
    let mut out = head(scenario.name.in_lang(lang), scenario.notice.in_lang(lang));
    let table = if scenario.has_places { outcomes(document, lang) } else { peaks_of_demand(document, lang) };
    out.push_str(&format!("\n{table}\n"));
    out.push_str(&note(document.uncertainty.in_lang(lang), lang));
    out.push_str(&results_in(files, lang));
    out
}

fn outcomes(document: &CompareDocument, lang: Lang) -> Table {
    let heading = [
        ("情形", "variant"),
        ("项目口径", "programme"),
        ("平均缺口（学位·年）", "mean shortage (seat-years)"),
        ("最差 5%", "worst 5 %"),
        ("全部落实概率", "p all secured"),
        ("闲置", "idle"),
        ("费用（百万）", "cost (million)"),
        ("后悔值", "regret"),
    ];
    let mut table = headed(&heading, lang);
    for run in &document.runs {
        let Some(outcome) = &run.outcome else { continue };
        let whole = |n: f64| thousands(n.round() as i64);
        table.add_row(vec![
            run.variant.clone(),
            run.programme.clone(),
            whole(outcome.mean_shortage),
            whole(outcome.cvar95_shortage),
            format!("{:.3}", outcome.p_all_secured),
            whole(outcome.idle_seat_years),
            whole(outcome.cost / 1e6),
            whole(outcome.regret),
        ]);
    }
    table
}

/// Where places are not known: the year and size of the largest median demand.
fn peaks_of_demand(document: &CompareDocument, lang: Lang) -> Table {
    let frame = &document.frame;
    let heading = [
        ("情形", "variant"),
        ("区域", "district"),
        ("学段", "stage"),
        ("高峰年", "peak year"),
        ("需求", "demand"),
    ];
    let mut table = headed(&heading, lang);
    for run in &document.runs {
        for district in &frame.districts {
            for stage in &frame.stages {
                let of = run.years.iter().filter(|y| y.district == district.id && y.stage == stage.id);
                let Some(peak) = of.max_by_key(|y| (y.demand, std::cmp::Reverse(y.year))) else {
                    continue;
                };
                table.add_row(vec![
                    run.variant.clone(),
                    district.name.in_lang(lang).to_owned(),
                    stage.name.in_lang(lang).to_owned(),
                    peak.year.to_string(),
                    thousands(peak.demand),
                ]);
            }
        }
    }
    table
}
