//! The engine's kernels on the workload of the peers.
//!
//! ```text
//! cargo bench --bench peers -- --workload DIR [--schedules N] [--rounds N] [--kernel NAME]...   a JSON line a kernel
//! cargo bench --bench peers -- --smoke        the tiny workload of this folder; fails if a checksum is wrong
//! ```
//!
//! `benches/peers/run.sh PRESET` makes a workload, runs the peers and this in turn, and prints the ratios.

#![expect(clippy::disallowed_types, reason = "a bench measures time")]

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use seatcast::{
    forecast::{BLOCK, Forecaster},
    supply::Pick,
    sweep::{
        Change, Isa, Kernel, Method, Neighbourhood, Problem, Tail, Width, Wish,
        problem::{Cell, Member, Part, Rule},
        score::tail_of,
    },
};

#[path = "../city.rs"]
mod city;
mod npy;

/// A workload of the peers as the engine takes it.
struct Workload {
    problem: Problem,
    /// The same with projects that open late in some draws.
    delayed: Problem,
    schedules: Vec<Vec<Pick>>,
    costs: Vec<f64>,
}

impl Workload {
    fn read(folder: &std::path::Path, most: usize) -> Result<Self, String> {
        let of = |name| npy::read(folder, name);
        let (demand, base, open, delay) = (of("demand")?, of("base")?, of("open")?, of("delay")?);
        let (group, seats, cost) = (of("pgroup")?, of("pseats")?, of("pcost")?);
        let [groups, years, draws] = demand.shape[..] else { return Err("demand is not [G,T,D]".to_owned()) };
        let projects = group.values.len();
        // the pick of a schedule is its year of opening
        let schedules: Vec<Vec<Pick>> = open
            .values
            .chunks(projects)
            .take(most)
            .map(|row| row.iter().map(|&v| Some(v as usize).filter(|&v| v < years)).collect())
            .collect();
        let costs = schedules
            .iter()
            .map(|picks| picks.iter().zip(&cost.values).filter_map(|(pick, cost)| pick.map(|_| cost)).sum())
            .collect();
        let problem = |late: bool| Problem {
            years,
            draws,
            secure: 0,
            cells: (0..groups)
                .map(|g| {
                    let here = |p: &usize| group.values[*p] as usize == g;
                    let members = (0..projects).filter(here).map(|p| Member {
                        choice: p,
                        change: (0..=years)
                            .map(|v| {
                                (0..years).map(|t| if t < v { 0 } else { seats.values[p] as i32 }).collect()
                            })
                            .collect(),
                        openings: Arc::new(
                            (0..years)
                                .map(|v| {
                                    let of_draw = |d: usize| {
                                        if late { delay.values[p * draws + d] as usize } else { 0 }
                                    };
                                    (0..draws).map(|d| (v + of_draw(d)).min(years) as u8).collect()
                                })
                                .collect(),
                        ),
                    });
                    let figures = &demand.values[g * years * draws..(g + 1) * years * draws];
                    let places = &base.values[g * years..(g + 1) * years];
                    Cell {
                        demand: figures.iter().map(|&n| n as u32).collect(),
                        parts: vec![Part {
                            fixed: places
                                .iter()
                                .flat_map(|&n| std::iter::repeat_n(n as i32, draws))
                                .collect(),
                            members: members.collect(),
                        }],
                        choices: (0..projects).filter(here).map(|p| (p, years as u64)).collect(),
                    }
                })
                .collect(),
            rule: Rule::default(),
            fixed_cost: 0,
            costs: vec![vec![0; years]; projects],
        };
        Ok(Self { problem: problem(false), delayed: problem(true), schedules, costs })
    }

    /// As many neighbours as schedules: one or two projects of the plan in another year or never.
    fn neighbours(&self) -> Vec<Vec<Change>> {
        let projects = self.problem.costs.len();
        let change = |n: usize, by: usize| Change {
            choice: n * by % projects,
            pick: Some(n / projects * by % (self.problem.years + 1)).filter(|&v| v < self.problem.years),
        };
        (0..self.schedules.len())
            .map(|n| match (change(n, 1), change(n + 1, 7)) {
                (one, other) if n % 2 == 0 || one.choice == other.choice => vec![one],
                (one, other) => vec![one, other],
            })
            .collect()
    }
}

/// A kernel by its name.
struct Named {
    name: &'static str,
    late: bool,
    /// Neighbours of the first schedule that builds, instead of the schedules.
    near: Option<Near>,
    method: Method,
    isa: Isa,
    width: Option<Width>,
}

/// How neighbours are scored.
#[derive(Clone, Copy, PartialEq)]
enum Near {
    ByDifference,
    InFull,
}

fn kernels() -> Vec<Named> {
    let best = Isa::best();
    let of = |name, late, method| Named { name, late, near: None, method, isa: best, width: None };
    let mut kernels = vec![
        of("engine_brute", false, Method::General),
        of("engine_fast", false, Method::Fast),
        of("engine_delay_brute", true, Method::General),
        of("engine_delay_fast", true, Method::Fast),
        Named { near: Some(Near::ByDifference), ..of("engine_neighbours", false, Method::General) },
        Named { near: Some(Near::InFull), ..of("engine_neighbours_full", false, Method::General) },
        Named { near: Some(Near::InFull), ..of("engine_neighbours_fast", false, Method::Fast) },
        Named { width: Some(Width::U32), ..of("engine_fast_u32", false, Method::Fast) },
        Named { width: Some(Width::U64), ..of("engine_fast_u64", false, Method::Fast) },
    ];
    for isa in Isa::available() {
        let (brute, fast) = match isa.code() {
            "portable" => ("engine_brute_portable", "engine_fast_portable"),
            "avx2" => ("engine_brute_avx2", "engine_fast_avx2"),
            _ => continue,
        };
        kernels.push(Named { isa, ..of(brute, false, Method::General) });
        kernels.push(Named { isa, ..of(fast, false, Method::Fast) });
    }
    kernels
}

/// What the peers print: sums over schedules, the schedule of the least mean and cost, the length of the front.
#[derive(PartialEq)]
struct Sums {
    mean: f64,
    cvar: f64,
    best: usize,
    pareto: usize,
}

impl Sums {
    fn of(work: &Workload, tails: &[Tail]) -> Self {
        let draws = work.problem.draws;
        let mean: Vec<f64> = tails.iter().map(|t| t.shortage as f64 / draws as f64).collect();
        let objective = |s: usize| mean[s] + work.costs[s];
        let best = (0..tails.len()).min_by(|&a, &b| objective(a).total_cmp(&objective(b))).unwrap_or(0);
        let mut order: Vec<usize> = (0..tails.len()).collect();
        order.sort_by(|&a, &b| work.costs[a].total_cmp(&work.costs[b]).then(mean[a].total_cmp(&mean[b])));
        let (mut least, mut pareto) = (f64::INFINITY, 0);
        for s in order {
            if mean[s] < least {
                (least, pareto) = (mean[s], pareto + 1);
            }
        }
        Self {
            mean: tails.iter().map(|t| t.shortage as f64).sum::<f64>() / draws as f64,
            cvar: tails.iter().map(|t| t.tail as f64).sum::<f64>() / tail_of(draws) as f64,
            best,
            pareto,
        }
    }
}

fn run(work: &Workload, kernel: &Named) -> Vec<Tail> {
    let problem = if kernel.late { &work.delayed } else { &work.problem };
    let wish = Wish { method: Some(kernel.method), isa: Some(kernel.isa), width: kernel.width };
    let kernel_of = Kernel::new(problem, wish);
    let Some(near) = kernel.near else { return kernel_of.tails(&work.schedules) };
    let around = Neighbourhood::new(&kernel_of, &work.schedules[work.schedules.len() - 1]);
    let neighbours = work.neighbours();
    match near {
        Near::ByDifference => around.tails(&neighbours),
        Near::InFull => {
            let changed: Vec<Vec<Pick>> = neighbours.iter().map(|n| around.changed(n)).collect();
            kernel_of.tails(&changed)
        }
    }
}

fn line(work: &Workload, kernel: &Named, rounds: usize) -> Sums {
    let sums = Sums::of(work, &run(work, kernel));
    let mut seconds: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(run(work, kernel));
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    let (median, least, most) = (seconds[rounds / 2], seconds[0], seconds[rounds - 1]);
    let (count, draws) = (work.schedules.len(), work.problem.draws);
    let rate = |s: f64| (count * draws) as f64 / s / 1e6;
    let problem = if kernel.late { &work.delayed } else { &work.problem };
    let way = seatcast::sweep::Way::of(
        problem,
        Wish { method: Some(kernel.method), isa: Some(kernel.isa), width: kernel.width },
    );
    println!(
        "{{\"peer\": \"{}\", \"S\": {count}, \"D\": {draws}, \"sec\": {median:.5}, \"min\": {least:.5}, \"max\": {most:.5}, \
         \"Mevals_s\": {:.3}, \"best_Mevals_s\": {:.3}, \"sum_mean\": {:.4}, \"sum_cvar\": {:.4}, \"best\": {}, \
         \"pareto\": {}, \"isa\": \"{}\", \"width\": \"{}\"}}",
        kernel.name,
        rate(median),
        rate(least),
        sums.mean,
        sums.cvar,
        sums.best,
        sums.pareto,
        way.isa.code(),
        way.width.code(),
    );
    sums
}

fn main() -> ExitCode {
    match bench() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn bench() -> Result<(), String> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let value = |key: &str| words.iter().position(|w| w == key).and_then(|at| words.get(at + 1));
    let number = |key: &str, other: usize| {
        value(key).map_or(Ok(other), |n| n.parse().map_err(|_| format!("{key} {n}")))
    };
    if words.iter().any(|w| w == "--smoke" || w == "--test") {
        return smoke();
    }
    let folder = PathBuf::from(value("--workload").ok_or("--workload DIR, or --smoke")?);
    let work = Workload::read(&folder, number("--schedules", usize::MAX)?)?;
    let rounds = number("--rounds", 5)?.max(1);
    let asked: Vec<&String> = words
        .iter()
        .zip(words.iter().skip(1))
        .filter(|(key, _)| *key == "--kernel")
        .map(|(_, name)| name)
        .collect();
    if asked.iter().any(|name| *name == "engine_project") {
        project(&work, rounds)?;
    }
    for kernel in kernels().iter().filter(|k| asked.is_empty() || asked.iter().any(|name| *name == k.name)) {
        line(&work, kernel, rounds);
    }
    Ok(())
}

/// The projection with its random numbers: a city of as many zones, 9 grades, 15 years, as many draws as the workload.
fn project(work: &Workload, rounds: usize) -> Result<(), String> {
    let zones = work.problem.cells.len() / 2;
    let scenario = city::city(zones);
    let forecaster = Forecaster::new(&scenario);
    let threads = std::thread::available_parallelism().map_err(|e| e.to_string())?.get();
    let draws = work.problem.draws as u64;
    let mut seconds = Vec::new();
    for round in 0..=rounds as u64 {
        let start = Instant::now();
        let next = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    loop {
                        let first = next.fetch_add(BLOCK as u64, Ordering::Relaxed);
                        if first >= draws {
                            break;
                        }
                        let count = (draws - first).min(BLOCK as u64) as usize;
                        std::hint::black_box(forecaster.draws(round, first, count));
                    }
                });
            }
        });
        seconds.push(start.elapsed().as_secs_f64());
    }
    // the first is a warm-up
    seconds.remove(0);
    seconds.sort_by(f64::total_cmp);
    let cells = zones * 9 * scenario.years_ahead() * work.problem.draws;
    let median = seconds[rounds / 2];
    println!(
        "{{\"peer\": \"engine_project\", \"cells\": {cells}, \"sec\": {median:.5}, \"Mcells_s\": {:.1}}}",
        cells as f64 / median / 1e6
    );
    Ok(())
}

/// Every kernel on the committed workload: the checksums are those of the peers.
fn smoke() -> Result<(), String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/peers/tiny");
    let work = Workload::read(&folder, usize::MAX)?;
    let mut delayed: Option<Sums> = None;
    let mut near: Option<Sums> = None;
    for kernel in kernels() {
        let sums = line(&work, &kernel, 1);
        let close = |a: f64, b: f64| (a - b).abs() < 6e-5;
        let right = if kernel.late || kernel.near.is_some() {
            let others = if kernel.late { &mut delayed } else { &mut near };
            let same = others.as_ref().is_none_or(|other| *other == sums);
            *others = Some(sums);
            same
        } else {
            close(sums.mean, 126_831.483_3)
                && close(sums.cvar, 359_633.333_3)
                && (sums.best, sums.pareto) == (180, 13)
        };
        if !right {
            return Err(format!("{}: the checksum is wrong", kernel.name));
        }
    }
    Ok(())
}
