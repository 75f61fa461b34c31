//! Golden results of every shipped scenario.
//!
//! Whole files where they are small; of the three large tables the rows of the districts, and the SHA-256 of all of it.
//! `SEATCAST_BLESS=1 cargo test golden` writes them anew: read the difference before committing it.

use seatcast::{Lang, Session, Settings, load, report::Options};
use sha2::{Digest, Sha256};

/// Tables written whole into the golden folder.
const WHOLE: [&str; 7] =
    ["actions.csv", "lifecycle.csv", "money.csv", "notice.csv", "projects.csv", "run.json", "warnings.csv"];
/// Tables of which the district rows and the hash are kept; the last is written only where a scenario ranks its classes.
const LONG: [&str; 5] = ["balance.csv", "board.csv", "places.csv", "pupils.csv", "admission.csv"];

#[test]
fn every_shipped_scenario_gives_its_golden_results() {
    for name in crate::common::all_shipped() {
        let loaded = load(crate::common::shipped(&name)).unwrap();
        let session =
            Session::new(&loaded.scenario, Settings::default()).unwrap().loaded_from(&loaded, Lang::En);
        let files = session.files(Options { lang: Lang::En, bom: false, charts: false }).unwrap();
        let golden = crate::common::root().join("tests/golden").join(&name);
        let text = |wanted: &str| {
            let (_, bytes) = files.iter().find(|(name, _)| name == wanted).unwrap();
            String::from_utf8(bytes.clone()).unwrap()
        };
        for file in WHOLE {
            // the version is the release's matter and changes without the results
            let found =
                text(file).replace(&format!("\"version\": \"{}\"", seatcast::VERSION), "\"version\": \"-\"");
            crate::common::check_file(&golden.join(file), &found);
        }
        for file in LONG.into_iter().filter(|file| files.iter().any(|(name, _)| name == file)) {
            crate::common::check_file(&golden.join(file), &district_rows(&text(file)));
        }
        crate::common::check_file(&golden.join("board.en.txt"), &session.board_text(Lang::En, None));
        crate::common::check_file(&golden.join("board.zh.txt"), &session.board_text(Lang::Zh, None));
    }
}

/// The rows whose group, zone and grade are blank (of admission the grade is the entry grade), central and median; and the
/// hash of the whole table.
fn district_rows(table: &str) -> String {
    let mut out = String::new();
    let heading: Vec<&str> = table.lines().next().unwrap_or_default().split(',').collect();
    let at = |name: &str| heading.iter().position(|h| *h == name);
    for (i, line) in table.lines().enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        let blank = |name: &str| at(name).is_none_or(|at| cells[at].is_empty());
        let district = blank("group") && blank("zone") && (blank("grade") || at("class").is_some());
        let measure = at("measure").map_or("", |at| cells[at]);
        let kept = !measure.contains('.') || [".central", ".p50"].iter().any(|s| measure.ends_with(s));
        if i == 0 || (district && kept) {
            out.push_str(line);
            out.push('\n');
        }
    }
    let digest = Sha256::digest(table.as_bytes());
    let hash = digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    out + "sha256 of the whole table," + &hash + "\n"
}
