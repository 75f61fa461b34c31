//! The year's letter: what the futures may break is stated by the scenario, and next year's letter tells what became of the
//! decisions of this one.

use std::{collections::BTreeSet, fs, path::Path};

use crate::common::{rows, shipped, typed};

fn copied(name: &str, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(shipped(name)).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// Futures of the teaching scenario with every break as often as `share`: the breaks of each.
fn broken(share: f64, only: Option<&str>) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("s");
    copied("teaching", &scenario);
    let keys = ["births_turn", "entry_step", "policy", "estate_late", "broken_year", "slow_builders"];
    let mut settings = fs::read_to_string(scenario.join("settings.csv")).unwrap();
    for key in keys {
        let share = if only.is_none_or(|only| only == key) { share } else { 0.0 };
        settings.push_str(&format!("breaks.{key},{share},,,\n"));
    }
    fs::write(scenario.join("settings.csv"), settings).unwrap();
    let here = folder.path().display();
    typed(&format!(
        "seatcast cycle {here}/s -o {here}/o --futures 3 --years 12 --draws 20 --no-grid --no-charts"
    ));
    let said = fs::read_to_string(folder.path().join("o/cycle.json")).unwrap();
    let document: serde_json::Value = serde_json::from_str(&said).unwrap();
    let stated = document["breaks"].as_array().unwrap();
    let births = stated.iter().find(|b| b[0] == "births_turn").unwrap()[1].as_f64().unwrap();
    assert!((births - if only.is_none_or(|o| o == "births_turn") { share } else { 0.0 }).abs() < 1e-12);
    let futures = rows(&folder.path().join("o/futures.csv"));
    let first = futures[0]["policy"].clone();
    futures.iter().filter(|row| row["policy"] == first).map(|row| row["breaks"].clone()).collect()
}

#[test]
fn what_breaks_and_how_often_is_stated_by_the_scenario() {
    assert_eq!(broken(0.0, None), ["", "", ""]);
    for future in broken(1.0, None) {
        let found: BTreeSet<&str> =
            future.split("; ").map(|of| of.split(' ').next().unwrap_or_default()).collect();
        let all =
            ["births_turn", "broken_year", "entry_step", "estate_late", "policy", "slow_builders"].into();
        assert_eq!(found, all);
    }
    // one kind alone
    for future in broken(1.0, Some("policy")) {
        assert!(future.starts_with("policy ") && !future.contains(';'), "{future}");
    }
}

/// The round of 2023 of the scenario `learning` is archived; then a year goes by.
#[test]
fn next_years_letter_tells_what_became_of_the_decisions() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("s");
    copied("learning", &scenario);
    let here = folder.path().display();
    let cycle = |out: &str, more: &str| {
        let line =
            format!("seatcast cycle {here}/s -o {here}/{out} --futures 4 --years 4 --draws 20 --no-grid");
        typed(&format!("{line} --no-charts {more}"));
        fs::read_to_string(folder.path().join(out).join("letter.md")).unwrap()
    };
    let archived = || -> Vec<String> {
        let entries = fs::read_dir(scenario.join("rounds")).unwrap();
        let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    fs::write(scenario.join("settings.csv"), "key,value\nbase_year,2023\n").unwrap();
    let first = cycle("first", "--as-of 2023-10 --file-round --lang en");
    assert!(first.contains("No earlier round is archived"), "{first}");
    assert!(!folder.path().join("first/since.csv").exists());
    // archived again from the same inputs it takes the place of itself; corrected inputs come after it
    cycle("again", "--as-of 2023-10 --file-round --lang en");
    assert_eq!(archived().len(), 1);
    cycle("corrected", "--as-of 2023-11 --file-round --lang en");
    assert_eq!(archived().len(), 2);
    let numbers: BTreeSet<(String, String)> = archived()
        .iter()
        .map(|name| {
            let rows = rows(&scenario.join("rounds").join(name));
            (rows[0]["base_year"].clone(), rows[0]["number"].clone())
        })
        .collect();
    assert_eq!(numbers, [("2023".into(), "1".into()), ("2023".into(), "2".into())].into());

    // a year later: the school is being built, an expansion was decided outside the rule, a candidate is gone
    fs::remove_file(scenario.join("settings.csv")).unwrap();
    let projects = fs::read_to_string(scenario.join("projects.csv")).unwrap();
    let kept: Vec<&str> = projects.lines().filter(|line| !line.starts_with("c5,")).collect();
    fs::write(scenario.join("projects.csv"), kept.join("\n")).unwrap();
    let letter = cycle("second", "--file-round --lang en");
    for wanted in [
        // why the forecast changed, cause by cause: 895 + 4 + 3 - 5 - 12 + 119 = 1,004
        "| Garden | Primary | 895 | 1,004 | +4 | +3 | -5 | -12 | 0 | +119 | 0 |",
        "Compared with the round of 2023",
        "**New**",
        "- Garden Third Primary (Garden, Primary): decided outside the rule; status site then, started now",
        "- Market interim building (Market, Junior secondary): then: nothing, now: secure",
        "**Dropped**",
        "- Garden Second Junior (Garden, Junior secondary): then: outlook, now: nothing; places needed in 2029 439",
        // what could go wrong, how often, and the sign of it
        "| an estate is late | 25 % |",
    ] {
        assert!(letter.contains(wanted), "{wanted} is not in\n{letter}");
    }
    assert_eq!(archived().len(), 3);
    let since = rows(&folder.path().join("second/since.csv"));
    let turned: Vec<(&str, &str)> =
        since.iter().map(|row| (row["project"].as_str(), row["turn"].as_str())).collect();
    assert_eq!(turned, [("p1", "new"), ("p2", "new"), ("c4", "new"), ("c3", "dropped")]);
    // the round of this year is no round of an earlier one, and the letter is in the language asked for
    let zh = cycle("zh", "--lang zh");
    assert!(
        zh.contains("对照 2023 年存档") && zh.contains("**取消**") && zh.contains("花园第二初中"),
        "{zh}"
    );
    assert!(!zh.contains("Garden") && !letter.contains("花园"));
}
