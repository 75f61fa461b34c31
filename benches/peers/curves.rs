//! How cost grows with zones, projects, draws and schedules: each alone, from a base point, as ratios to it.

use seatcast::{
    forecast::Forecaster,
    supply::Pick,
    sweep::{Isa, Kernel, Method, Problem, Wish},
};

use super::{Project, city, problem, project, threads, timed};

/// The size of a workload.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) zones: usize,
    pub(crate) projects: usize,
    pub(crate) draws: usize,
    pub(crate) schedules: usize,
}

/// The base point: that of the workload `ref`, with fewer schedules so that the brute kernel does not take long.
pub(crate) const BASE: Size = Size { zones: 40, projects: 60, draws: 1000, schedules: 4000 };
/// Years of every workload.
pub(crate) const YEARS: usize = 15;
/// Factors on one size at a time.
const FACTORS: [f64; 5] = [0.25, 0.5, 1.0, 2.0, 4.0];

/// Numbers that are the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

/// A workload of a size: three projects a slot, schedules in which most open.
pub(crate) fn workload(size: Size) -> (Problem, Vec<Vec<Pick>>) {
    let mut numbers = Numbers(631);
    let slots = 2 * size.zones;
    let demand: Vec<u32> =
        (0..slots * YEARS * size.draws).map(|_| (600 + numbers.below(800)) as u32).collect();
    let projects: Vec<Project> = (0..size.projects)
        .map(|p| Project {
            slot: p / 3 % slots,
            seats: 45 * (4 + numbers.below(20)) as i32,
            late: vec![0; size.draws],
        })
        .collect();
    let problem = problem([slots, YEARS, size.draws], &demand, &vec![900; slots * YEARS], &projects);
    let schedules = (0..size.schedules)
        .map(|_| (0..size.projects).map(|_| Some(numbers.below(YEARS + 4)).filter(|&v| v < YEARS)).collect())
        .collect();
    (problem, schedules)
}

/// Seconds of the fast kernel, of the brute one and of the projection.
fn seconds(size: Size, rounds: usize) -> [f64; 3] {
    let (problem, schedules) = workload(size);
    let sweep = |method| {
        let wish = Wish { method: Some(method), ..Wish::default() };
        timed(rounds, || Kernel::new(&problem, wish).tails(&schedules)).1[0]
    };
    let scenario = city::city(size.zones, YEARS);
    let forecaster = Forecaster::new(&scenario);
    let draw = || project(&forecaster, [size.zones, YEARS, size.draws], (Isa::best(), threads()), 1);
    [sweep(Method::Fast), sweep(Method::General), timed(rounds, draw).1[0]]
}

/// Prints the table.
pub(crate) fn curves(rounds: usize) {
    type Grow = fn(Size, f64) -> Size;
    let axes: [(&str, usize, Grow); 4] = [
        ("zones", BASE.zones, |s, f| Size { zones: (s.zones as f64 * f) as usize, ..s }),
        ("projects", BASE.projects, |s, f| Size { projects: (s.projects as f64 * f) as usize, ..s }),
        ("draws", BASE.draws, |s, f| Size { draws: (s.draws as f64 * f) as usize, ..s }),
        ("schedules", BASE.schedules, |s, f| Size { schedules: (s.schedules as f64 * f) as usize, ..s }),
    ];
    println!(
        "Base point: {} zones, {YEARS} years, {} projects, {} draws, {} schedules. Time over that of the base point, \
         medians of {rounds} rounds.\n",
        BASE.zones, BASE.projects, BASE.draws, BASE.schedules
    );
    println!("| growing | kernel | x1/4 | x1/2 | x1 | x2 | x4 |\n|---|---|---|---|---|---|---|");
    for (name, from, grow) in axes {
        let of: Vec<[f64; 3]> = FACTORS.iter().map(|&f| seconds(grow(BASE, f), rounds)).collect();
        for (which, kernel) in ["fast", "brute", "projection"].into_iter().enumerate() {
            if kernel == "projection" && matches!(name, "projects" | "schedules") {
                continue;
            }
            let ratios: Vec<String> =
                of.iter().map(|seconds| format!("{:.2}", seconds[which] / of[2][which])).collect();
            println!("| {name} ({from}) | {kernel} | {} |", ratios.join(" | "));
        }
    }
}
