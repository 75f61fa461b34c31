//! Files that are hostile or clumsy: what they cost, and what of them reaches a terminal or a file name.

#![expect(clippy::unwrap_used, reason = "in a test a value that is not there is a failure")]

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use flate2::{Compression, write::GzEncoder};
use seatcast::scenario::limits;
use tempfile::TempDir;

use crate::common::{check_file, root, text};

/// The smallest scenario without a fault, in a folder of its own.
fn base() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("scenario");
    fs::create_dir(&scenario).unwrap();
    for entry in fs::read_dir(root().join("tests/invalid/base")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), scenario.join(entry.file_name())).unwrap();
    }
    (folder, scenario)
}

fn seatcast(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_seatcast")).args(arguments).current_dir(folder).output().unwrap()
}

/// Replaces a text of a file, which must be there.
fn edit(path: &Path, from: &str, to: &str) {
    let before = fs::read_to_string(path).unwrap();
    assert!(before.contains(from), "{from} is not in {}", path.display());
    fs::write(path, before.replace(from, to)).unwrap();
}

/// `head` and then `row` so often that the whole has this many bytes, packed.
fn packed(head: &str, row: &str, bytes: usize) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(head.as_bytes()).unwrap();
    out.write_all(row.repeat((bytes - head.len()) / row.len()).as_bytes()).unwrap();
    out.finish().unwrap()
}

const MIB: usize = 1024 * 1024;
const HEAD: &str = "year,zone,grade,pupils\n";

/// Puts a file that asks for far more than it holds into a scenario.
type Bomb = Box<dyn Fn(&Path)>;

fn rolls(bytes: Vec<u8>) -> Bomb {
    Box::new(move |scenario| fs::write(scenario.join("rolls.csv"), &bytes).unwrap())
}

fn document(change: impl Fn(&mut serde_json::Map<String, serde_json::Value>) + 'static) -> Bomb {
    Box::new(move |scenario| {
        let path = scenario.join("scenario.json");
        let mut document: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        change(document.as_object_mut().unwrap());
        fs::write(&path, document.to_string()).unwrap();
    })
}

fn bombs() -> Vec<(&'static str, Bomb)> {
    let wide = "year,zone,grade,pupils,mark,note,known_from\n";
    let many_zones = (0..1_500_000).fold(String::new(), |rows, i| rows + &format!("2025,z{i:07},1,1\n"));
    let chain: Bomb = Box::new(|scenario| {
        fs::create_dir(scenario.join("variants")).unwrap();
        for i in 0..1_500 {
            let text = format!(
                r#"{{"format": 1, "name": {{"zh": "v", "en": "v"}}, "extends": "v{}", "patches": []}}"#,
                i + 1
            );
            fs::write(scenario.join(format!("variants/v{i}.json")), text).unwrap();
        }
    });
    vec![
        ("blank cells, packed", rolls(packed(wide, "1,,,,,,\n", 60 * MIB))),
        ("rows of one cell, packed", rolls(packed(HEAD, "1\n", 60 * MIB))),
        ("three faults a row", rolls(format!("{HEAD}{}", "1,,,\n".repeat(MIB)).into_bytes())),
        ("empty lines", rolls(packed(HEAD, "\n", 60 * MIB))),
        ("rows of separators", rolls(packed(HEAD, ",,,\n", 60 * MIB))),
        ("one row of separators", rolls(packed(HEAD, ",", 60 * MIB))),
        ("a heading of separators", rolls(packed(",", ",", 20 * MIB))),
        ("a heading of one name", rolls(format!("{},year\n1,2\n", "h".repeat(5 * MIB)).into_bytes())),
        ("a row again and again", rolls(packed(HEAD, "2025,north,1,100\n", 30 * MIB))),
        ("unknown zones", rolls(format!("{HEAD}{many_zones}").into_bytes())),
        ("a quote that never ends", rolls(packed("year,zone,grade,pupils\n2025,\"", "x", 60 * MIB))),
        ("unknown keys", document(|d| d.extend((0..50_000).map(|i| (format!("k{i}"), 1.into()))))),
        (
            "names of unknown districts",
            document(|d| {
                let name = serde_json::json!({ "zh": "a", "en": "b" });
                let names = (0..50_000).map(|i| (format!("d{i}"), name.clone()));
                d["display"]["districts"] = serde_json::Value::Object(names.collect());
            }),
        ),
        ("a long key", document(|d| _ = d.insert("k".repeat(20 * MIB), 1.into()))),
        ("a long list", document(|d| d["stages"] = vec![serde_json::json!([]); 5_000_000].into())),
        ("a chain of variants", chain),
    ]
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_refused_takes_no_more_memory_than_is_stated() {
    // 512 MiB, and the program itself with its libraries and the stack of a thread
    let most = format!("--as={}", (512 + 96) * MIB);
    for (name, bomb) in bombs() {
        let (folder, scenario) = base();
        bomb(&scenario);
        let mut arguments = vec!["validate", "scenario"];
        if scenario.join("variants").exists() {
            arguments.extend(["--variant", "v0"]);
        }
        let ran = Command::new("prlimit") // of util-linux
            .args([&most, env!("CARGO_BIN_EXE_seatcast")])
            .args(&arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let told = text(&ran.stderr);
        assert_eq!(ran.status.code(), Some(2), "{name}: {}", told.lines().last().unwrap_or_default());
        assert!(told.len() < 2 * MIB && told.contains("error E"), "{name}");
    }
}

#[test]
fn errors_are_listed_before_warnings_and_all_are_counted() {
    let (folder, scenario) = base();
    let validate = |limit: &str| {
        let ran = seatcast(folder.path(), &["validate", "scenario", "--limit", limit]);
        text(&ran.stderr).to_owned()
    };
    // a fault in the first file, another in the last
    edit(&scenario.join("children.csv"), "north,register", "nowhere,register");
    edit(&scenario.join("zones.csv"), "city,,南区", ",,南区");
    let all = validate("faults=1000");
    let errors: Vec<&str> = all.lines().filter(|line| line.starts_with("error ")).collect();
    assert!(errors.len() > 2, "{all}");
    let few = validate("faults=2");
    let listed: Vec<&str> = few.lines().filter(|line| line.starts_with("error ")).collect();
    assert_eq!(listed, errors[..2]);
    assert_eq!(few.lines().last(), all.lines().last(), "the same counts");
    assert!(few.contains(&format!("{} more are not listed\n", errors.len() - 2)), "{few}");
}

#[test]
fn limits_for_strangers_are_lower_and_one_may_be_raised() {
    let (folder, scenario) = base();
    edit(&scenario.join("zones.csv"), "North", &"North ".repeat(300));
    let code = |more: &[&str]| {
        let arguments = [&["validate", "scenario"], more].concat();
        let ran = seatcast(folder.path(), &arguments);
        (ran.status.code(), text(&ran.stderr).contains("error E157 zones.csv, row 2, column name_en"))
    };
    assert_eq!(code(&[]), (Some(0), false));
    assert_eq!(code(&["--safe"]), (Some(2), true));
    assert_eq!(code(&["--safe", "--limit", "text-length=5000"]), (Some(0), false));
    assert_eq!(code(&["--limit", "text-length=500"]), (Some(2), true));
    for wrong in ["text=5", "rows", "depth=128"] {
        let ran = seatcast(folder.path(), &["run", "scenario", "-o", "out", "--limit", wrong]);
        assert_eq!(ran.status.code(), Some(2), "{wrong}");
        assert!(text(&ran.stderr).contains("--limit"), "{wrong}");
    }
}

#[test]
fn the_page_of_the_limits_is_the_present_one() {
    check_file(&root().join("docs/limits.md"), &limits::page());
}

#[test]
fn arguments_have_the_ranges_of_the_page() {
    let folder = tempfile::tempdir().unwrap();
    for (command, argument, least, most) in limits::ARGUMENTS {
        let told = |value: u64| {
            let value = value.to_string();
            let mut arguments: Vec<&str> = command.split(' ').collect();
            arguments.extend(["nowhere", argument, &value]);
            if command != "ledger bulletin" {
                arguments.extend(["-o", "out"]);
            }
            let ran = seatcast(folder.path(), &arguments);
            assert_eq!(ran.status.code(), Some(2), "{command} {argument} {value}");
            text(&ran.stderr).to_owned()
        };
        for within in [least, most] {
            assert!(told(within).contains("E001"), "{command} {argument} {within}");
        }
        for outside in [least - 1, most + 1] {
            assert!(told(outside).contains(argument), "{command} {argument} {outside}");
        }
    }
}

/// Whether a text could steer a terminal.
fn steers(text: &str) -> bool {
    text.chars()
        .any(|c| (c.is_control() && !matches!(c, '\n' | '\t')) || ('\u{202a}'..='\u{202e}').contains(&c))
}

#[test]
fn no_name_steers_a_terminal() {
    let (folder, scenario) = base();
    let odd = "North\u{1b}]0;mine\u{7}\u{9b}2J\u{202e}";
    edit(&scenario.join("zones.csv"), "North", odd);
    edit(&scenario.join("scenario.json"), "Smallest example", r"Small\u001b[2J\u0007\u202e");
    edit(&scenario.join("scenario.json"), r#""id": "primary","#, r#""id": "primary", "od\u001bd": 1,"#);
    let refused = seatcast(folder.path(), &["validate", "scenario"]);
    let told = text(&refused.stderr);
    assert!(told.contains("od<U+001B>d") && !steers(told), "{told}");
    edit(&scenario.join("scenario.json"), r#""od\u001bd": 1,"#, "");
    let run = |more: &[&str]| {
        let common = ["run", "scenario", "-o", "out", "--draws", "5", "--no-charts"];
        let ran = seatcast(folder.path(), &[&common, more].concat());
        assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
        assert!(!steers(text(&ran.stderr)) && !steers(text(&ran.stdout)), "{}", text(&ran.stdout));
        text(&ran.stdout).to_owned()
    };
    assert!(run(&[]).contains("Small<U+001B>[2J<U+0007><U+202E>"));
    let json: serde_json::Value = serde_json::from_str(&run(&["--format", "json"])).unwrap();
    assert!(json.to_string().contains("\\u001b[2J\\u0007\u{202e}"), "{json}");
    for command in ["show", "bulletin", "check"] {
        let ran = seatcast(folder.path(), &["ledger", command, "scenario"]);
        assert!(!steers(text(&ran.stdout)) && !steers(text(&ran.stderr)), "{command}");
    }
}

#[test]
fn long_keys_and_keys_that_differ_in_capitals_have_charts_of_their_own() {
    let (folder, scenario) = base();
    let long = "行政区".repeat(60);
    for (zones, district) in
        [("city,,北区", format!("{long}一,,北区")), ("city,,南区", format!("{long}二,,南区"))]
    {
        edit(&scenario.join("zones.csv"), zones, &district);
    }
    edit(&scenario.join("scenario.json"), r#""city": {"zh": "市区", "en": "City"}"#, "");
    let charts = || -> Vec<String> {
        let ran = seatcast(folder.path(), &["run", "scenario", "-o", "out", "--draws", "5"]);
        assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
        let names = fs::read_dir(folder.path().join("out/charts")).unwrap();
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let names = charts();
    let of_districts = names.iter().filter(|name| name.starts_with("gap-行政区")).count();
    assert_eq!(of_districts % 4, 0, "two districts, two stages: {names:?}");
    assert!(of_districts >= 4 && names.iter().all(|name| name.len() <= 255), "{names:?}");
    edit(&scenario.join("zones.csv"), &format!("{long}一"), "Old-Town");
    edit(&scenario.join("zones.csv"), &format!("{long}二"), "old-town");
    let names = charts();
    let folded: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(folded.len(), names.len(), "{names:?}");
    assert!(names.iter().any(|name| name.starts_with("gap-old-town-primary-2")), "{names:?}");
}
