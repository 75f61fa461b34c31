//! The benchmark policy `margin` on the workload of the peers, and the product's own rule on a scenario.
//!
//! ```text
//! cargo bench --bench policy -- --workload DIR [--policies N] [--rounds N] [--threads N]     a JSON line
//! cargo bench --bench policy -- --smoke        the tiny workload; fails if a result is not the peer's to two decimals
//! ```
//!
//! `benches/policy/run.sh PRESET` makes a workload, runs the peer and this in turn, and prints the ratios.

#![expect(clippy::disallowed_types, reason = "a bench measures time")]

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use seatcast::{
    margin::{Cohorts, MarginGround, MarginScore, Projects},
    sweep::Isa,
};

#[path = "../peers/npy.rs"]
mod npy;

/// Margins of the peer: 0.90, 0.95, ...
fn margins(count: usize) -> Vec<f32> {
    (0..count).map(|i| (0.9 + 0.05 * i as f64) as f32).collect()
}

/// A workload as the engine takes it.
struct Workload {
    shape: [usize; 4],
    rolls: Vec<f32>,
    births: Vec<f32>,
    entry: Vec<f32>,
    progression: Vec<f32>,
    demand: Vec<f32>,
    base: Vec<f32>,
    projects: Vec<Projects>,
}

impl Workload {
    /// Reads a workload; the rolls that its peer observed are in `observed`.
    fn read(folder: &Path, observed: &Path) -> Result<Self, String> {
        let of = |name| npy::read(folder, name);
        let plain = |array: npy::Array| array.values.iter().map(|x| *x as f32).collect::<Vec<f32>>();
        let rolls = npy::read(observed, "pupils")?;
        let shape: [usize; 4] =
            rolls.shape.clone().try_into().map_err(|_| "pupils is not [T,Z,9,D]".to_owned())?;
        let (group, places, cost) = (of("pgroup")?, of("pseats")?, of("pcost")?);
        let mut projects = vec![Projects::default(); 2 * shape[1]];
        for (p, group) in group.values.iter().enumerate() {
            projects[*group as usize].places.push(places.values[p] as f32);
            projects[*group as usize].cost.push(cost.values[p] as f32);
        }
        Ok(Self {
            shape,
            rolls: plain(rolls),
            births: plain(of("births")?),
            entry: plain(of("entry")?),
            progression: plain(of("prog")?),
            demand: plain(of("demand")?),
            base: plain(of("base")?),
            projects,
        })
    }

    fn ground(&self, isa: Isa, threads: usize) -> Result<MarginGround, String> {
        let cohorts = Cohorts {
            shape: self.shape,
            rolls: &self.rolls,
            births: &self.births,
            entry: &self.entry,
            progression: &self.progression,
            stages: &[0..6, 6..9],
        };
        MarginGround::new(&cohorts, &self.demand, &self.base, &self.projects, isa, threads)
            .map_err(|e| e.to_string())
    }
}

/// To two decimals, as the peer prints them.
fn rounded(scores: &[MarginScore]) -> Vec<[f64; 3]> {
    let two = |x: f64| (x * 100.0).round_ties_even() / 100.0;
    // the peer takes the mean of the cost in 32 bits
    scores.iter().map(|s| [two(s.short), two(s.prefab), two(f64::from(s.cost as f32))]).collect()
}

fn smoke() -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
    let tiny = root.join("policy/tiny");
    let workload = Workload::read(&root.join("peers/tiny"), &tiny)?;
    let text = std::fs::read_to_string(tiny.join("expected.json")).map_err(|e| e.to_string())?;
    let expected: Vec<[f64; 3]> = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    for isa in Isa::available() {
        for threads in [1, 2] {
            let ground = workload.ground(isa, threads)?;
            let scores = ground.play(&margins(expected.len())).map_err(|e| e.to_string())?;
            let found = rounded(&scores);
            if found != expected {
                return Err(format!(
                    "{}, {threads} threads: {found:?}, the peer has {expected:?}",
                    isa.code()
                ));
            }
            // one policy alone comes to the same as among others
            let alone = ground.play(&margins(expected.len())[2..3]).map_err(|e| e.to_string())?;
            if alone[0] != scores[2] {
                return Err(format!("{}: {:?} alone, {:?} among others", isa.code(), alone[0], scores[2]));
            }
        }
    }
    println!("margin: {} policies are the peer's to two decimals", expected.len());
    Ok(())
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn measured(folder: &Path, policies: usize, rounds: usize, threads: usize) -> Result<(), String> {
    let workload = Workload::read(folder, folder)?;
    let margins = margins(policies);
    let (mut looking, mut playing, mut result) = (Vec::new(), Vec::new(), (0, Vec::new()));
    for _ in 0..rounds {
        let start = Instant::now();
        let ground = workload.ground(Isa::best(), threads)?;
        looking.push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        let scores = ground.play(&margins).map_err(|e| e.to_string())?;
        playing.push(start.elapsed().as_secs_f64() / policies as f64);
        result = (ground.decisions(), rounded(&scores));
    }
    let (look, play) = (median(looking), median(playing));
    let line = serde_json::json!({
        "engine": "margin", "isa": Isa::best().code(), "threads": threads, "forecast_s": look, "sec_per_policy": play,
        "decisions": result.0, "Mdecisions_s": result.0 as f64 / play / 1e6, "results": result.1,
    });
    println!("{line}");
    Ok(())
}

fn main() -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let value = |key: &str| given.iter().position(|a| a == key).and_then(|i| given.get(i + 1));
    let number = |key: &str, default: usize| value(key).and_then(|v| v.parse().ok()).unwrap_or(default);
    let done = if given.iter().any(|a| a == "--smoke") {
        smoke()
    } else if let Some(folder) = value("--workload") {
        measured(
            &PathBuf::from(folder),
            number("--policies", 5),
            number("--rounds", 5),
            number("--threads", 0),
        )
    } else {
        // `cargo test --benches` and `cargo bench` without a workload have nothing to measure
        println!("policy: give --smoke or --workload DIR");
        Ok(())
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            eprintln!("{wrong}");
            ExitCode::FAILURE
        }
    }
}
