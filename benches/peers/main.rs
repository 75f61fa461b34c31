//! The engine's kernels on the workload of the peers.
//!
//! ```text
//! cargo bench --bench peers -- --workload DIR [--schedules N] [--rounds N] [--isa NAME] [--threads N]
//!                                    [--kernel NAME]...
//!                                             a JSON line a kernel
//! cargo bench --bench peers -- --smoke        the tiny workload of this folder; fails if a checksum is wrong
//! cargo bench --bench peers -- --curves       how cost grows, as a table
//! cargo bench --bench peers -- --roofline     what the fast kernel reaches of the machine's limits, as a table
//! ```
//!
//! `benches/peers/run.sh PRESET` makes a workload, runs the peers and this in turn, and prints the ratios.

#![expect(clippy::disallowed_types, reason = "a bench measures time")]

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, Mutex},
    time::Instant,
};

use seatcast::{
    forecast::{BLOCK, Forecaster},
    supply::Pick,
    sweep::{
        Change, Isa, Kernel, Method, Neighbourhood, Problem, Tail, Width, Wish,
        problem::{Member, Part, Rule, Slot},
        score::tail_of,
    },
};

#[path = "../city.rs"]
mod city;
mod curves;
mod npy;
mod roofline;

/// A workload of the peers as the engine takes it.
struct Workload {
    problem: Problem,
    /// The same with projects that open late in some draws.
    delayed: Problem,
    schedules: Vec<Vec<Pick>>,
    costs: Vec<f64>,
}

/// A project of a workload.
#[derive(Clone)]
struct Project {
    slot: usize,
    seats: i32,
    /// Years late in each draw.
    late: Vec<usize>,
}

/// A problem of so many slots, years and draws: demand by slot, year and draw, places by slot and year.
fn problem(
    [slots, years, draws]: [usize; 3],
    demand: &[u32],
    places: &[i32],
    projects: &[Project],
) -> Problem {
    let member = |(choice, project): (usize, &Project)| Member {
        choice,
        change: (0..=years)
            .map(|v| (0..years).map(|t| if t < v { 0 } else { project.seats }).collect())
            .collect(),
        openings: Arc::new(
            (0..years)
                .map(|v| project.late.iter().map(|late| (v + late).min(years) as u8).collect())
                .collect(),
        ),
    };
    let slot = |c: usize| {
        let here = || projects.iter().enumerate().filter(move |(_, project)| project.slot == c);
        let fixed = places[c * years..(c + 1) * years].iter();
        Slot {
            demand: demand[c * years * draws..(c + 1) * years * draws].to_vec(),
            parts: vec![Part {
                fixed: fixed.flat_map(|&n| std::iter::repeat_n(n, draws)).collect(),
                members: here().map(member).collect(),
            }],
            choices: here().map(|(p, _)| (p, years as u64)).collect(),
        }
    };
    Problem {
        years,
        draws,
        secure: 0,
        slots: (0..slots).map(slot).collect(),
        rule: Rule::default(),
        fixed_cost: 0,
        costs: vec![vec![0; years]; projects.len()],
    }
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
        let of_project = |p: usize| Project {
            slot: group.values[p] as usize,
            seats: seats.values[p] as i32,
            late: (0..draws).map(|d| delay.values[p * draws + d] as usize).collect(),
        };
        let projects: Vec<Project> = (0..projects).map(of_project).collect();
        let on_time = projects.iter().map(|p| Project { late: vec![0; draws], ..p.clone() }).collect();
        let [problem, delayed] = [on_time, projects].map(|projects: Vec<Project>| {
            let demand = demand.values.iter().map(|&n| n as u32).collect::<Vec<_>>();
            let places = base.values.iter().map(|&n| n as i32).collect::<Vec<_>>();
            problem([groups, years, draws], &demand, &places, &projects)
        });
        Ok(Self { problem, delayed, schedules, costs })
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
#[derive(Clone, Copy)]
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

/// The answer of a kernel, and the seconds that it took, median first, then least and most. From the arrays of the workload
/// to the scores; for neighbours from the kernel that a search has anyway.
fn run(work: &Workload, kernel: &Named, rounds: usize) -> (Vec<Tail>, [f64; 3]) {
    let problem = if kernel.late { &work.delayed } else { &work.problem };
    let wish = Wish { method: Some(kernel.method), isa: Some(kernel.isa), width: kernel.width };
    let Some(near) = kernel.near else {
        return timed(rounds, || Kernel::new(problem, wish).tails(&work.schedules));
    };
    let kernel = Kernel::new(problem, wish);
    let (plan, neighbours) = (&work.schedules[work.schedules.len() - 1], work.neighbours());
    match near {
        Near::ByDifference => timed(rounds, || Neighbourhood::new(&kernel, plan).tails(&neighbours)),
        Near::InFull => {
            let around = Neighbourhood::new(&kernel, plan);
            let changed: Vec<Vec<Pick>> = neighbours.iter().map(|n| around.changed(n)).collect();
            timed(rounds, || kernel.tails(&changed))
        }
    }
}

/// What comes out, and how long it took in the rounds after a first one: median, least, most.
fn timed<T>(rounds: usize, mut work: impl FnMut() -> T) -> (T, [f64; 3]) {
    let out = work();
    let mut seconds: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(work());
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    (out, [seconds[rounds / 2], seconds[0], seconds[rounds - 1]])
}

fn line(work: &Workload, kernel: &Named, rounds: usize) -> Sums {
    let (tails, [median, least, most]) = run(work, kernel, rounds);
    let sums = Sums::of(work, &tails);
    let (count, draws) = (work.schedules.len(), work.problem.draws);
    let rate = |s: f64| (count * draws) as f64 / s / 1e6;
    let problem = if kernel.late { &work.delayed } else { &work.problem };
    let way = seatcast::sweep::Way::of(
        problem,
        Wish { method: Some(kernel.method), isa: Some(kernel.isa), width: kernel.width },
    );
    println!(
        "{{\"peer\": \"{}\", \"S\": {count}, \"D\": {draws}, \"sec\": {median:.6}, \"min\": {least:.6}, \"max\": {most:.6}, \
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
    if words.iter().any(|w| w == "--curves") {
        curves::curves(number("--rounds", 5)?.max(1));
        return Ok(());
    }
    if words.iter().any(|w| w == "--roofline") {
        roofline::roofline(number("--rounds", 9)?.max(1));
        return Ok(());
    }
    let folder = PathBuf::from(value("--workload").ok_or("--workload DIR, --smoke, --curves or --roofline")?);
    let work = Workload::read(&folder, number("--schedules", usize::MAX)?)?;
    let rounds = number("--rounds", 5)?.max(1);
    let isa = match value("--isa") {
        Some(code) => {
            Some(Isa::available().into_iter().find(|isa| isa.code() == code).ok_or(format!("--isa {code}"))?)
        }
        None => None,
    };
    let asked: Vec<&String> = words
        .iter()
        .zip(words.iter().skip(1))
        .filter(|(key, _)| *key == "--kernel")
        .map(|(_, name)| name)
        .collect();
    if asked.is_empty() || asked.iter().any(|name| *name == "engine_project") {
        let threads = number("--threads", threads())?.max(1);
        project_line(&work, isa.unwrap_or_else(Isa::best), threads, rounds);
    }
    for kernel in kernels().iter().filter(|k| asked.is_empty() || asked.iter().any(|name| *name == k.name)) {
        line(&work, &Named { isa: isa.unwrap_or(kernel.isa), ..*kernel }, rounds);
    }
    Ok(())
}

/// The projection with its random numbers, of a city as large as the workload.
fn project_line(work: &Workload, isa: Isa, threads: usize, rounds: usize) {
    let (zones, years, draws) = (work.problem.slots.len() / 2, work.problem.years, work.problem.draws);
    let scenario = city::city(zones, years);
    let forecaster = Forecaster::new(&scenario);
    let mut seed = 0;
    let (demand, [median, least, most]) = timed(rounds, || {
        seed += 1;
        project(&forecaster, [zones, years, draws], (isa, threads), seed)
    });
    let slots = zones * 9 * years * draws;
    println!(
        "{{\"peer\": \"engine_project\", \"slots\": {slots}, \"sec\": {median:.6}, \"min\": {least:.6}, \"max\": {most:.6}, \
         \"Mcells_s\": {:.1}, \"mean\": {:.4}, \"isa\": \"{}\"}}",
        slots as f64 / median / 1e6,
        demand.iter().map(|&n| f64::from(n)).sum::<f64>() / demand.len() as f64,
        isa.code(),
    );
}

/// Threads of this machine.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Whole pupils by block of draws, draw, year, zone and stage, as the peer makes them: drawn and projected with the engine's
/// own forecaster, on all cores.
fn project(
    forecaster: &Forecaster<'_>,
    [zones, years, draws]: [usize; 3],
    (isa, threads): (Isa, usize),
    seed: u64,
) -> Vec<u32> {
    let mut demand = vec![0; draws * years * zones * 2];
    let blocks = Mutex::new(demand.chunks_mut(BLOCK * years * zones * 2).enumerate());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let next = || blocks.lock().ok().and_then(|mut blocks| blocks.next());
                while let Some((block, out)) = next() {
                    let first = block * BLOCK;
                    let paths = forecaster.draws_by(isa, seed, first as u64, BLOCK.min(draws - first));
                    for (path, out) in paths.iter().zip(out.chunks_mut(years * zones * 2)) {
                        for (t, out) in path.offsets().skip(1).zip(out.chunks_mut(zones * 2)) {
                            for (grades, out) in path.year(t).chunks_exact(9).zip(out.chunks_exact_mut(2)) {
                                out[0] = grades[..6].iter().sum();
                                out[1] = grades[6..].iter().sum();
                            }
                        }
                    }
                }
            });
        }
    });
    demand
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
    // the projection: the same pupils by every instruction set
    let scenario = city::city(5, 6);
    let forecaster = Forecaster::new(&scenario);
    let of = |isa| project(&forecaster, [5, 6, 60], (isa, 2), 1);
    let right = of(Isa::portable());
    if right.contains(&0) || Isa::available().into_iter().any(|isa| of(isa) != right) {
        return Err("engine_project: instruction sets differ".to_owned());
    }
    Ok(())
}
