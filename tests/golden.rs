//! Golden results of every shipped scenario.
//!
//! Whole files where they are small; of the three large tables the rows of the districts, and the SHA-256 of all of it.
//! `SEATCAST_BLESS=1 cargo test golden` writes them anew: read the difference before committing it.

use seatcast::{Lang, Reading, Session, Settings, load, load_year_before, report::Options};
use sha2::{Digest, Sha256};

/// Tables written whole into the golden folder; not every scenario has them all.
const WHOLE: [&str; 12] = [
    "actions.csv",
    "bands.csv",
    "explained.csv",
    "lifecycle.csv",
    "money.csv",
    "needed.csv",
    "notice.csv",
    "overrides.csv",
    "projects.csv",
    "reuse.csv",
    "timeline.csv",
    "warnings.csv",
];
/// Tables of which the district rows and the hash are kept.
const LONG: [&str; 6] = ["admission.csv", "balance.csv", "board.csv", "places.csv", "pupils.csv", "tide.csv"];
/// Tables of which the rows of the first two years and the hash are kept.
const EARLY: [&str; 5] = ["changes.csv", "classes.csv", "evidence.csv", "ratios.csv", "school_pupils.csv"];

#[test]
fn every_shipped_scenario_gives_its_golden_results() {
    for name in crate::common::all_shipped() {
        let path = crate::common::shipped(&name);
        let loaded = load(&path).unwrap();
        let mut session =
            Session::new(&loaded.scenario, Settings::default()).unwrap().loaded_from(&loaded, Lang::En);
        let before = load_year_before(&path, &Reading::default(), &loaded).ok().flatten();
        if let Some(before) = &before {
            session = session.changed_from(before);
        }
        let files = session.files(Options { lang: Lang::En, bom: false, charts: false }).unwrap();
        let golden = crate::common::root().join("tests/golden").join(&name);
        for (file, bytes) in &files {
            let text = String::from_utf8(bytes.clone()).unwrap();
            // the version is the release's matter and changes without the results
            let version = format!("\"version\": \"{}\"", seatcast::VERSION);
            let kept = match file.as_str() {
                "run.json" => text.replace(&version, "\"version\": \"-\""),
                file if WHOLE.contains(&file) => text,
                file if LONG.contains(&file) => district_rows(&text),
                file if EARLY.contains(&file) => early_rows(&text),
                _ => panic!("{file} is nowhere compared"),
            };
            crate::common::check_file(&golden.join(file), &kept);
        }
        // a forecast of demand alone has pupils.csv, balance.csv, ratios.csv and run.json; a ledger adds timeline.csv,
        // stated classes classes.csv, ranked classes admission.csv, a past of its own evidence.csv, and so on
        let scenario = &loaded.scenario;
        let optional = [
            ("timeline.csv", !scenario.ledger.is_empty()),
            ("admission.csv", !scenario.admission.classes.is_empty()),
            ("classes.csv", files.iter().any(|(file, _)| file == "classes.csv")),
            ("evidence.csv", scenario.learnt().is_some()),
            ("bands.csv", scenario.learnt().is_some_and(seatcast::forecast::Learnt::has_sizes)),
            ("changes.csv", before.is_some()),
            ("overrides.csv", !scenario.overrides.is_empty()),
            ("school_pupils.csv", !session.schools().is_empty()),
        ];
        let without = optional.iter().filter(|(_, there)| !there).count();
        let all = 1 + WHOLE.len() + LONG.len() + EARLY.len();
        let expected = if scenario.has_places() { all - without } else { 4 };
        assert_eq!(files.len(), expected, "{name}");
        crate::common::check_file(&golden.join("board.en.txt"), &session.board_text(Lang::En, None));
        crate::common::check_file(&golden.join("board.zh.txt"), &session.board_text(Lang::Zh, None));
    }
}

/// The rows whose group, zone and grade or building are blank (the grade of admission is always the entry grade), central
/// and median; and the hash of the whole table.
fn district_rows(table: &str) -> String {
    let columns = columns(table);
    let at = |name: &str| columns.iter().position(|c| *c == name);
    let finer = if at("class").is_some() { "to_group" } else { "grade" };
    let blank: Vec<usize> = ["group", "zone", "building", finer].into_iter().filter_map(at).collect();
    let measure = at("measure").unwrap();
    kept(table, |cells| {
        let district = blank.iter().all(|&i| cells[i].is_empty());
        let of = cells[measure];
        district && (!of.contains('.') || [".central", ".p50"].iter().any(|s| of.ends_with(s)))
    })
}

/// The rows of the first two years that the table has; and the hash of the whole table.
fn early_rows(table: &str) -> String {
    let year = columns(table).iter().position(|c| *c == "year").unwrap();
    let first = table.lines().skip(1).filter_map(|line| line.split(',').nth(year)?.parse::<i32>().ok()).min();
    kept(table, |cells| cells[year].parse::<i32>().ok().is_some_and(|y| y <= first.unwrap() + 1))
}

fn columns(table: &str) -> Vec<&str> {
    table.lines().next().unwrap().split(',').collect()
}

fn kept(table: &str, keep: impl Fn(&[&str]) -> bool) -> String {
    let mut out = String::new();
    for (i, line) in table.lines().enumerate() {
        if i == 0 || keep(&line.split(',').collect::<Vec<_>>()) {
            out.push_str(line);
            out.push('\n');
        }
    }
    let digest = Sha256::digest(table.as_bytes());
    let hash = digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    out + "sha256 of the whole table," + &hash + "\n"
}
