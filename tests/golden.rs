//! Golden results of every shipped scenario.
//!
//! Whole files where they are small; of the three large tables the rows of the districts, and the SHA-256 of all of it.
//! `SEATCAST_BLESS=1 cargo test golden` writes them anew: read the difference before committing it.

use seatcast::{Lang, Session, Settings, load, report::Options};
use sha2::{Digest, Sha256};

/// Tables written whole into the golden folder.
const WHOLE: [&str; 4] = ["actions.csv", "projects.csv", "warnings.csv", "run.json"];
/// Tables of which the district rows and the hash are kept.
const LONG: [&str; 4] = ["balance.csv", "board.csv", "places.csv", "pupils.csv"];

#[test]
fn every_shipped_scenario_gives_its_golden_results() {
    for name in crate::common::all_shipped() {
        let loaded = load(crate::common::shipped(&name)).unwrap();
        let session =
            Session::new(&loaded.scenario, Settings::default()).unwrap().loaded_from(&loaded, Lang::En);
        let files = session.files(Options { lang: Lang::En, bom: false, charts: false }).unwrap();
        let golden = crate::common::root().join("tests/golden").join(&name);
        let mut compared = 0;
        for (file, bytes) in &files {
            let text = String::from_utf8(bytes.clone()).unwrap();
            if WHOLE.contains(&file.as_str()) {
                // the version is the release's matter and changes without the results
                let version = format!("\"version\": \"{}\"", seatcast::VERSION);
                crate::common::check_file(&golden.join(file), &text.replace(&version, "\"version\": \"-\""));
            } else if LONG.contains(&file.as_str()) {
                crate::common::check_file(&golden.join(file), &district_rows(&text));
            } else {
                continue;
            }
            compared += 1;
        }
        // a forecast of demand alone has pupils.csv, balance.csv and run.json
        assert_eq!(
            compared,
            if loaded.scenario.has_places() { WHOLE.len() + LONG.len() } else { 3 },
            "{name}"
        );
        crate::common::check_file(&golden.join("board.en.txt"), &session.board_text(Lang::En, None));
        crate::common::check_file(&golden.join("board.zh.txt"), &session.board_text(Lang::Zh, None));
    }
}

/// The rows whose group, zone and grade are blank, central and median; and the hash of the whole table.
fn district_rows(table: &str) -> String {
    let mut out = String::new();
    for (i, line) in table.lines().enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        let district = cells[2].is_empty() && cells[3].is_empty() && cells[5].is_empty();
        let kept = !cells[8].contains('.') || [".central", ".p50"].iter().any(|s| cells[8].ends_with(s));
        if i == 0 || (district && kept) {
            out.push_str(line);
            out.push('\n');
        }
    }
    let digest = Sha256::digest(table.as_bytes());
    let hash = digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    out + "sha256 of the whole table," + &hash + "\n"
}
