//! The commands around `run` and `sweep`: a newcomer's way from `init` to a comparison, charts from results alone, and
//! what the program says of itself.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use crate::common::{root, rows, seatcast, text, typed};

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_newcomer_goes_from_init_to_a_compared_pair_of_programmes() {
    for (template, lang) in [("teaching", "en"), ("teaching", "zh"), ("blank", "en"), ("blank", "zh")] {
        let folder = tempfile::tempdir().unwrap();
        let at = format!("{}/mine", folder.path().display());
        typed(&format!("seatcast init {at} --template {template} --lang {lang}"));
        let ready = typed(&format!("seatcast validate {at} --lang {lang}"));
        let word = if lang == "zh" { "可以运行" } else { "ready to run" };
        assert!(text(&ready.stdout).starts_with(word), "{}", text(&ready.stdout));
        let heading = fs::read_to_string(folder.path().join("mine/zones.csv")).unwrap();
        assert!(heading.starts_with(if lang == "zh" { "\u{feff}学区" } else { "\u{feff}zone" }), "{heading}");
        typed(&format!(
            "seatcast run {at} -o {at}-results --programme none --programme all --draws 30 --no-charts --lang {lang}"
        ));
        let comparison = rows(&folder.path().join("mine-results/comparison.csv"));
        let shortage = |programme: &str| -> f64 {
            let of = comparison.iter().find(|r| {
                r["programme"] == programme && r["measure"] == "mean_shortage" && r["year"].is_empty()
            });
            of.unwrap()["value"].parse().unwrap()
        };
        assert!(shortage("all") < shortage("none"), "{template}");
        assert_eq!(names(folder.path()), ["mine", "mine-results"], "nothing else is left");
    }
}

#[test]
fn charts_drawn_from_the_folder_are_those_of_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    typed(&format!("seatcast run scenarios/teaching -o {here}/run --draws 20 --lang zh"));
    typed(&format!("seatcast plot {here}/run -o {here}/charts --lang zh"));
    let drawn: Vec<String> =
        names(&folder.path().join("charts")).into_iter().filter(|n| n != "plot.json").collect();
    let of_run = names(&folder.path().join("run/charts"));
    // plot draws every chart in both formats; a run draws those of single zones as SVG alone
    assert!(of_run.len() > 30 && of_run.iter().all(|n| drawn.contains(n)), "{drawn:?}");
    assert!(drawn.iter().filter(|n| !of_run.contains(n)).all(|n| n.starts_with("zone-")));
    for name in of_run {
        let read = |of: &str| fs::read(folder.path().join(of).join(&name)).unwrap();
        assert!(read("run/charts") == read("charts"), "{name}");
    }
    typed(&format!("seatcast plot {here}/run -o {here}/one --chart heat"));
    assert!(names(&folder.path().join("one")).iter().all(|n| n.starts_with("heat-") || n == "plot.json"));
}

#[test]
fn a_sweep_and_a_comparison_are_drawn_from_their_folders_too() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    typed(&format!("seatcast sweep scenarios/teaching -o {here}/sweep --draws 20 --schedules 50"));
    typed(&format!("seatcast plot {here}/sweep -o {here}/front"));
    assert_eq!(names(&folder.path().join("front")), ["front.png", "front.svg", "plot.json"]);
    let svg = |of: &str| fs::read_to_string(folder.path().join(of)).unwrap();
    assert_eq!(svg("front/front.svg"), svg("sweep/charts/front.svg"));
    let programmes = "--programme none --programme all";
    typed(&format!("seatcast run scenarios/teaching -o {here}/both --draws 20 {programmes}"));
    typed(&format!("seatcast plot {here}/both -o {here}/compare --chart compare"));
    let name = "compare-east-primary.svg";
    assert_eq!(svg(&format!("compare/{name}")), svg(&format!("both/charts/{name}")));
}

#[test]
fn no_charts_draws_none() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    typed(&format!("seatcast run scenarios/teaching -o {here}/run --draws 5 --no-charts"));
    typed(&format!("seatcast sweep scenarios/teaching -o {here}/sweep --draws 5 --schedules 9 --no-charts"));
    for of in ["run", "sweep"] {
        assert!(!names(&folder.path().join(of)).contains(&"charts".to_owned()), "{of}");
    }
}

#[test]
fn the_committed_schemas_are_the_present_ones() {
    let folder = root().join("docs/schema");
    let mut expected = Vec::new();
    let tables = seatcast::scenario::schema::table_names();
    for name in ["scenario", "variant"].into_iter().chain(tables) {
        let printed = typed(&format!("seatcast schema --table {name}"));
        let file = format!("{name}.schema.json");
        crate::common::check_file(&folder.join(&file), text(&printed.stdout));
        expected.push(file);
    }
    expected.sort();
    assert_eq!(names(&folder), expected, "no schema is left over");
    assert_eq!(typed("seatcast schema").stdout, typed("seatcast schema --table scenario").stdout);
}

#[test]
fn every_shipped_scenario_keeps_its_schema() {
    let schema: serde_json::Value = serde_json::from_slice(&typed("seatcast schema").stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for name in crate::common::all_shipped() {
        let text = fs::read_to_string(crate::common::shipped(&name).join("scenario.json")).unwrap();
        let document = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> = validator.iter_errors(&document).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
    let wrong = serde_json::json!({ "format": 1, "stagse": [] });
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn a_code_is_explained_in_both_languages() {
    let english = typed("seatcast explain e040");
    assert!(text(&english.stdout).starts_with("E040 "), "{}", text(&english.stdout));
    let chinese = typed("seatcast explain E040 --lang zh");
    assert!(text(&chinese.stdout).contains("处理"), "{}", text(&chinese.stdout));
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let commands = ["run", "validate", "sweep", "plot", "init", "schema", "explain", "completions", "man"];
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = typed(&format!("seatcast completions {shell}"));
        for command in commands {
            assert!(text(&script.stdout).contains(command), "{shell}: {command}");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    typed(&format!("seatcast man -o {}/man1", folder.path().display()));
    let pages = names(&folder.path().join("man1"));
    for command in commands {
        assert!(pages.contains(&format!("seatcast-{command}.1")), "{pages:?}");
    }
    let page = fs::read_to_string(folder.path().join("man1/seatcast-sweep.1")).unwrap();
    assert!(page.contains("\\-\\-budget"), "{page}");
}

#[test]
fn help_and_usage_errors_speak_chinese_when_asked() {
    let help = typed("seatcast sweep --help --lang zh");
    assert!(text(&help.stdout).contains("在多种模拟情形下试算多个建设方案"), "{}", text(&help.stdout));
    let ran = seatcast(&["sweep", "scenarios/teaching", "--lang", "zh"]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(text(&ran.stderr).starts_with("错误："), "{}", text(&ran.stderr));
    assert!(text(&ran.stderr).contains("--out"));
}

/// Starts a long job, interrupts it as Ctrl-C does, and says how it ended.
#[cfg(unix)]
fn interrupted(line: &str, after: Duration) -> (Option<i32>, String) {
    let child = Command::new(env!("CARGO_BIN_EXE_seatcast"))
        .args(line.split_whitespace().skip(1))
        .current_dir(root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success(), "the job was still running");
    let ended = child.wait_with_output().unwrap();
    (ended.status.code(), text(&ended.stderr).to_owned())
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_ends_with_130_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    let line = format!("seatcast run scenarios/futian-2019 -o {here}/out --draws 100000 --threads 1");
    let (code, said) = interrupted(&line, Duration::from_millis(800));
    assert_eq!(code, Some(130), "{said}");
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn an_interrupted_sweep_writes_whole_what_it_has_finished() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    let line = format!(
        "seatcast sweep scenarios/teaching -o {here}/out --schedules 1000000000 --strategy uniform --draws 20 --threads 1"
    );
    let (code, said) = interrupted(&line, Duration::from_millis(1500));
    assert_eq!(code, Some(130), "{said}");
    assert_eq!(names(folder.path()), ["out"]);
    let document: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.path().join("out/sweep.json")).unwrap()).unwrap();
    assert_eq!(document["stopped"], true);
    let scored = document["scored"].as_u64().unwrap();
    assert!(scored > 0 && scored < 1_000_000_000, "{scored}");
    assert_eq!(rows(&folder.path().join("out/schedules.csv")).len(), 100);
}

#[test]
fn the_page_of_the_file_formats_is_the_present_one() {
    let page = seatcast::scenario::formats::page();
    crate::common::check_file(&root().join("docs/file-formats.md"), &page);
}

#[test]
fn a_scenario_without_places_is_a_forecast_of_demand() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    let ran = typed(&format!("seatcast run scenarios/china -o {here}/out --draws 30 --lang zh"));
    assert!(text(&ran.stdout).contains("只预测在校生需求"), "{}", text(&ran.stdout));
    assert_eq!(
        names(&folder.path().join("out")),
        ["balance.csv", "charts", "pupils.csv", "ratios.csv", "run.json"]
    );
    let run = fs::read_to_string(folder.path().join("out/run.json")).unwrap();
    let run: serde_json::Value = serde_json::from_str(&run).unwrap();
    assert_eq!(run["summary"][0]["places"], serde_json::Value::Null, "not a shortage of everybody");
    assert!(run["summary"][0]["demand"].as_i64().unwrap() > 50_000_000);
    let codes = run["notes"].as_array().unwrap().iter().map(|n| n["code"].as_str().unwrap());
    assert!(codes.into_iter().any(|code| code == "N202"));
    let measures: std::collections::BTreeSet<String> = rows(&folder.path().join("out/balance.csv"))
        .iter()
        .map(|row| row["measure"].split('.').next().unwrap().to_owned())
        .collect();
    assert_eq!(measures.into_iter().collect::<Vec<_>>(), ["demand"]);
    // its charts are drawn from the folder too, and variants are compared by their demand
    typed(&format!("seatcast plot {here}/out -o {here}/charts --lang zh"));
    let variants = "--variant base --variant first-published --no-charts";
    let ran = typed(&format!("seatcast run scenarios/china -o {here}/both --draws 30 {variants}"));
    assert!(text(&ran.stdout).contains("peak year"), "{}", text(&ran.stdout));
}

/// What planners entered is said on whatever is made of it: printed, in the document, under every chart.
#[test]
fn every_output_says_that_overrides_are_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    fs::write(folder.path().join("plan.csv"), "project,decide\nc4,2024-10\n").unwrap();
    let programmes = format!("--programme committed --programme {here}/plan.csv");
    for (command, extra, document) in [
        ("run", "", "run.json"),
        ("run", programmes.as_str(), "compare.json"),
        ("sweep", "--schedules 20", "sweep.json"),
        ("cycle", "--futures 2", "cycle.json"),
    ] {
        for (lang, said) in [("en", "4 overrides by planners"), ("zh", "4 项人工调整")] {
            let line = format!(
                "seatcast {command} scenarios/learning -o {here}/out --lang {lang} --draws 20 {extra}"
            );
            let printed = String::from_utf8(typed(&line).stdout).unwrap();
            assert!(printed.contains(said), "{line}\n{printed}");
            let written = fs::read_to_string(folder.path().join("out").join(document)).unwrap();
            assert!(written.contains(said), "{document}");
            if command == "cycle" {
                let letter = fs::read_to_string(folder.path().join("out/letter.md")).unwrap();
                assert!(letter.contains(said), "{letter}");
                // what is learnt is learnt anew in every round of a loop; its letter tells of this year's alone
                let anew = |text: &str| text.contains("anew in every round") || text.contains("每轮重新学习");
                assert!(anew(&printed) && anew(&written) && !anew(&letter), "{printed}");
            }
            let charts: Vec<_> = fs::read_dir(folder.path().join("out/charts")).unwrap().collect();
            assert!(!charts.is_empty());
            for chart in charts.into_iter().map(|e| e.unwrap().path()) {
                if chart.extension().is_some_and(|e| e == "svg") {
                    let text = seatcast::plot::font::svg_text(&fs::read_to_string(&chart).unwrap());
                    let joined = text.split_whitespace().collect::<String>();
                    assert!(joined.contains(&said.replace(' ', "")), "{}: {text}", chart.display());
                }
            }
        }
    }
}
