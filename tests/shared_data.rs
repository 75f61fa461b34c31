//! Tests on real data outside the repository, in the folder named by `SEATCAST_DATA`.
//!
//! Built only with the feature `shared-data`; with it and without the folder they fail.

#![expect(clippy::expect_used, reason = "helpers of tests are not seen as tests by the lint")]

#[path = "limits.rs"]
mod limits;
#[path = "replay.rs"]
mod replay;
#[path = "validation.rs"]
mod validation;

use std::{collections::BTreeMap, path::PathBuf};

use seatcast::{
    demand::{ChildCount, Counted, pool::Cohorts},
    index::ZoneId,
};

#[expect(
    clippy::disallowed_methods,
    reason = "the folder is no input of a result, it is where the test data are"
)]
pub(crate) fn data(file: &str) -> PathBuf {
    let folder =
        PathBuf::from(std::env::var("SEATCAST_DATA").expect("SEATCAST_DATA names the folder of the data"));
    assert!(folder.is_absolute(), "SEATCAST_DATA is an absolute path");
    folder.join(file)
}

/// Whether expected files are to be written anew instead of compared.
#[expect(clippy::disallowed_methods, reason = "a switch of the developer, it touches no result")]
pub(crate) fn blessing() -> bool {
    std::env::var("SEATCAST_BLESS").is_ok_and(|v| v == "1")
}

/// A column of a table of years; blank cells are left out.
fn column(file: &str, name: &str) -> BTreeMap<i32, f64> {
    let mut reader = csv::Reader::from_path(data(file)).expect("the table is there");
    let at =
        reader.headers().expect("a heading").iter().position(|h| h == name).expect("the column is there");
    reader
        .records()
        .map(|row| row.expect("a row"))
        .filter(|row| !row[at].is_empty())
        .map(|row| (row[0].parse().expect("a year"), row[at].parse().expect("a number")))
        .collect()
}

/// One third of the births of t-7 and two thirds of those of t-6, in 10,000.
fn entrants(births: &BTreeMap<i32, f64>) -> Cohorts {
    let counts: Vec<ChildCount> = births
        .iter()
        .map(|(&year, &children)| ChildCount {
            year,
            zone: ZoneId::default(),
            class: String::new(),
            source: "births".into(),
            counted: Counted::Births,
            children,
        })
        .collect();
    Cohorts::new(counts.iter(), 6, 8)
}

#[test]
fn national_entrants_follow_the_revised_births() {
    let published = column("facts/china_births.csv", "births_10k_as_first_published");
    let mut revised = published.clone();
    revised.extend(column("facts/china_births.csv", "births_10k_after_2020_census_revision"));
    let actual = column("facts/china_national_10k.csv", "primary_entrants");
    let cohorts = entrants(&revised);
    let years = 2019..=2024;
    let errors: Vec<f64> =
        years.map(|y| cohorts.known(y).expect("births are known") / actual[&y] - 1.0).collect();
    assert!(errors.iter().all(|e| e.abs() < 0.065), "{errors:?}");
    let mean = errors.iter().map(|e| e.abs()).sum::<f64>() / errors.len() as f64;
    assert!(mean < 0.035, "{mean}");
    // as first published, the births of a forecast made in 2018 were too few by an eighth
    let first = entrants(&published).known(2019).expect("births are known") / actual[&2019] - 1.0;
    assert!((-0.13..-0.11).contains(&first), "{first}");
}
