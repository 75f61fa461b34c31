//! A sweep in words: what was tried, what is best, which projects stand in good plans.

use seatcast_core::Lang;

use super::{grid, head, note, results_in};
use crate::{
    documents::sweep::{KernelLine, ProjectStanding, ProjectWorth, SweepRun},
    phrases::thousands,
};

/// The sweep in words: what was tried, what is best, which projects stand in good plans.
pub fn sweep_text(run: &SweepRun<'_>, lang: Lang, files: Option<&str>) -> String {
    let document = &run.document;
    let scenario = &document.scenario;
    let mut out = head(scenario.name.in_lang(lang), scenario.notice.in_lang(lang));
    let (scored, draws, strategy) = (document.scored, document.draws, &document.strategy);
    out.push_str(&match lang {
        Lang::Zh => format!("试算 {scored} 个方案（{strategy}）× {draws} 次抽样，种子 {}\n", document.seed),
        Lang::En if scored == 1 => {
            format!("1 schedule ({strategy}) x {draws} draws, seed {}\n", document.seed)
        }
        Lang::En => format!("{scored} schedules ({strategy}) x {draws} draws, seed {}\n", document.seed),
    });
    out.push_str(&kernel_words(&document.kernel, run.isa, lang));
    if document.variants.len() > 1 {
        let names = document.variants.join(", ");
        out.push_str(&match lang {
            Lang::Zh => format!("按最大后悔值排序，情形：{names}\n"),
            Lang::En => format!("ranked by the largest regret over {names}\n"),
        });
    }
    out.push_str(&best_table(run, lang));
    if let Some(improved) = &document.improved {
        let (from, steps) = (&improved.from, improved.steps);
        out.push_str(&match lang {
            Lang::Zh => format!("improved：由方案 {from} 经 {steps} 步改进而得\n"),
            Lang::En => format!("improved: from schedule {from}, in {steps} steps\n"),
        });
    }
    out.push_str(&standing_table(run, lang));
    out.push_str(&worth_table(run, lang));
    if document.stopped {
        out.push_str(
            lang.pick(
                "\n中途停止：结果只含已完成的方案\n",
                "\nStopped: the results hold what was finished\n",
            ),
        );
    }
    out.push('\n');
    out.push_str(&note(document.uncertainty.in_lang(lang), lang));
    out.push_str(&results_in(files, lang));
    out
}

fn best_table(run: &SweepRun<'_>, lang: Lang) -> String {
    let heading = match lang {
        Lang::Zh => [
            "名次",
            "方案",
            "平均缺口",
            "最差 5% 缺口",
            "最差大学区·年",
            "全部落实概率",
            "闲置",
            "费用（百万）",
        ],
        Lang::En => [
            "rank",
            "schedule",
            "mean shortage",
            "worst 5 %",
            "worst group-year",
            "p all secured",
            "idle",
            "cost (million)",
        ],
    };
    let mut table = grid(heading.map(str::to_owned));
    for (i, row) in run.top.iter().take(5).enumerate() {
        let m = &row.measures[0];
        table.add_row(vec![
            (i + 1).to_string(),
            row.key.clone(),
            thousands(m.mean_shortage.round() as i64),
            thousands(m.cvar95_shortage.round() as i64),
            thousands(m.worst_group_year.round() as i64),
            format!("{:.3}", m.p_all_secured),
            thousands(m.idle_seat_years.round() as i64),
            thousands((m.cost / 1e6).round() as i64),
        ]);
    }
    format!("\n{table}\n")
}

fn standing_table(run: &SweepRun<'_>, lang: Lang) -> String {
    let heading = match lang {
        Lang::Zh => ["项目", "占优方案", "前沿方案", "全部方案", "最常见的决策月份"],
        Lang::En => ["project", "in the best", "on the front", "in all", "decided most often in"],
    };
    let mut table = grid(heading.map(str::to_owned));
    let mut standings: Vec<&ProjectStanding> = run.document.projects.iter().collect();
    standings.sort_by(|a, b| b.in_top.total_cmp(&a.in_top).then_with(|| a.project.cmp(&b.project)));
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    for s in standings.iter().take(15) {
        // the earliest of equally frequent months
        let most =
            s.top_rounds.iter().rev().max_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, share)| *share > 0.0);
        table.add_row(vec![
            s.project.clone(),
            percent(s.in_top),
            percent(s.in_front),
            percent(s.in_all),
            most.map_or_else(String::new, |(month, share)| format!("{month} ({})", percent(*share))),
        ]);
    }
    let title = match lang {
        Lang::Zh => "\n好方案中的项目（全部见 sweep.json）\n",
        Lang::En => "\nProjects in good plans (all in sweep.json)\n",
    };
    format!("{title}{table}\n")
}

/// What the projects of the best plan are worth, most first.
fn worth_table(run: &SweepRun<'_>, lang: Lang) -> String {
    let mut built: Vec<&ProjectWorth> = run.document.worth.iter().filter(|w| w.decide.is_some()).collect();
    if built.is_empty() {
        return String::new();
    }
    let heading = match lang {
        Lang::Zh => ["项目", "决策月份", "减少平均缺口", "减少最差 5% 缺口", "推迟一轮增加", "费用（百万）"],
        Lang::En => [
            "project",
            "decided in",
            "takes off mean",
            "takes off worst 5 %",
            "a round later adds",
            "cost (million)",
        ],
    };
    built.sort_by(|a, b| {
        b.cvar95_shortage.total_cmp(&a.cvar95_shortage).then_with(|| a.project.cmp(&b.project))
    });
    let mut table = grid(heading.map(str::to_owned));
    let whole = |x: f64| thousands(x.round() as i64);
    for worth in built.iter().take(15) {
        table.add_row(vec![
            worth.project.clone(),
            worth.decide.clone().unwrap_or_default(),
            whole(worth.mean_shortage),
            whole(worth.cvar95_shortage),
            worth.one_round_later.map(whole).unwrap_or_default(),
            whole(worth.cost / 1e6),
        ]);
    }
    let title = match lang {
        Lang::Zh => "\n最佳方案中各项目的作用（全部见 worth.csv）\n",
        Lang::En => "\nWhat each project is worth in the best plan (all in worth.csv)\n",
    };
    format!("{title}{table}\n")
}

/// How schedules were scored, in one line.
fn kernel_words(kernel: &KernelLine, isa: &str, lang: Lang) -> String {
    let width = &kernel.width;
    let why = match kernel.reason.as_deref() {
        None => {
            return match lang {
                Lang::Zh => format!("计算方式：快速（按片区累加），{isa}，{width}\n"),
                Lang::En => format!("kernel: fast (rows of cells are added up), {isa}, {width}\n"),
            };
        }
        Some("pool") => lang.pick(
            "机动学位可在各学区调用，缺口不能按学区累加",
            "places of a pool may stand in any group, so shortage does not add up",
        ),
        Some("worst-year") => lang
            .pick("按最差年份计，缺口不能按年份累加", "the worst year counts, so shortage does not add up"),
        Some(_) => lang.pick("按要求", "as asked"),
    };
    match lang {
        Lang::Zh => format!("计算方式：逐项，{isa}，{width}；原因：{why}\n"),
        Lang::En => format!("kernel: general, {isa}, {width}: {why}\n"),
    }
}
