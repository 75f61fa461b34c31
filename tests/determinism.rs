//! Same inputs and seed, same bytes, for any number of threads.

use seatcast::{Lang, Session, Settings, load, report::Options};

const DRAWS: u32 = 60;

fn files(scenario: &str, threads: usize, seed: u64) -> Vec<(String, Vec<u8>)> {
    let loaded = load(crate::common::shipped(scenario)).unwrap();
    let settings = Settings { seed, draws: DRAWS, threads, ..Settings::default() };
    let session = Session::new(&loaded.scenario, settings).unwrap().loaded_from(&loaded, Lang::Zh);
    session.files(Options { lang: Lang::Zh, bom: true, charts: true }).unwrap()
}

#[test]
fn one_two_and_five_threads_write_the_same_bytes() {
    for scenario in ["futian-2019", "teaching"] {
        let one = files(scenario, 1, 1);
        assert!(one.iter().any(|(name, bytes)| name == "balance.csv" && bytes.len() > 100_000));
        for threads in [2, 5] {
            for ((name, a), (_, b)) in one.iter().zip(&files(scenario, threads, 1)) {
                assert!(a == b, "{scenario}: {name} differs with {threads} threads");
            }
        }
    }
}

#[test]
fn another_seed_gives_other_draws_and_the_same_central_path() {
    let (one, two) = (files("teaching", 2, 1), files("teaching", 2, 2));
    let table = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        let (_, bytes) = files.iter().find(|(name, _)| name == "pupils.csv").unwrap();
        String::from_utf8(bytes.clone()).unwrap().lines().map(str::to_owned).collect()
    };
    let (one, two) = (table(&one), table(&two));
    assert_ne!(one, two);
    let central = |lines: &[String]| -> Vec<String> {
        lines.iter().filter(|l| l.contains(".central,")).cloned().collect()
    };
    assert!(!central(&one).is_empty());
    assert_eq!(central(&one), central(&two));
}
