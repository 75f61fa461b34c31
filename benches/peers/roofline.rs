//! What the kernels reach of the machine's limits, measured by loops that do nothing else, in the same run.

#![expect(clippy::inline_always, reason = "compiled for an instruction set only where it is inlined")]

use std::hint::black_box;

use seatcast::{
    core::isa::{Isa, Work},
    sweep::{Kernel, Method, Wish},
};

use super::{curves, threads, timed};

/// 64 draws of a figure of 16 bits, as the kernels hold them.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Row([u16; 64]);

/// Reads rows one after the other and adds them up, `passes` times: bytes a second are the limit of the fast kernel.
struct Read<'r> {
    rows: &'r [Row],
    passes: usize,
}

impl Work for Read<'_> {
    type Output = [Row; 4];

    #[inline(always)]
    fn run(self) -> [Row; 4] {
        let mut sums = [Row([0; 64]); 4];
        for _ in 0..self.passes {
            for rows in black_box(self.rows).chunks_exact(4) {
                for (sum, row) in sums.iter_mut().zip(rows) {
                    for lane in 0..64 {
                        sum.0[lane] = sum.0[lane].wrapping_add(row.0[lane]);
                    }
                }
            }
        }
        sums
    }
}

/// Takes the larger of rows and four figures and adds it up: operations a second are the limit of the brute kernel.
struct Largest<'r> {
    rows: &'r [Row],
    passes: usize,
}

impl Work for Largest<'_> {
    type Output = [Row; 4];

    #[inline(always)]
    fn run(self) -> [Row; 4] {
        let mut sums = [Row([0; 64]); 4];
        for pass in 0..self.passes {
            let figures = black_box([pass as u16, 9, 99, 999]);
            for row in black_box(self.rows) {
                for (sum, figure) in sums.iter_mut().zip(figures) {
                    for lane in 0..64 {
                        sum.0[lane] = sum.0[lane].wrapping_add(row.0[lane].max(figure));
                    }
                }
            }
        }
        sums
    }
}

/// Seconds of a loop on every core at once, the median of some rounds.
fn on_all_cores(rounds: usize, work: impl Fn() + Sync) -> f64 {
    let threads = threads();
    timed(rounds, || {
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(&work);
            }
        });
    })
    .1[0]
}

/// Gigabytes a second read from a buffer of so many bytes a core.
fn bandwidth(rounds: usize, bytes: usize) -> f64 {
    let passes = (1 << 29) / bytes;
    let seconds = on_all_cores(rounds, || {
        let rows: Vec<Row> = (0..bytes / size_of::<Row>()).map(|n| Row([n as u16; 64])).collect();
        black_box(Isa::best().run(Read { rows: &rows, passes }));
    });
    (passes * bytes * threads()) as f64 / seconds / 1e9
}

/// Thousand millions of operations on a draw a second: one larger-of and one sum are two.
fn operations(rounds: usize) -> f64 {
    const ROWS: usize = 128;
    let passes = 40_000;
    let seconds = on_all_cores(rounds, || {
        let rows = [Row([500; 64]); ROWS];
        black_box(Isa::best().run(Largest { rows: &rows, passes }));
    });
    (passes * ROWS * 64 * 4 * 2 * threads()) as f64 / seconds / 1e9
}

/// Prints the table.
pub(crate) fn roofline(rounds: usize) {
    let size = curves::BASE;
    let (problem, schedules) = curves::workload(size);
    let sweep = |method| {
        let wish = Wish { method: Some(method), ..Wish::default() };
        let kernel = Kernel::new(&problem, wish);
        timed(rounds, || kernel.tails(&schedules)).1[0]
    };
    let (first, second) = (bandwidth(rounds, 16 << 10), bandwidth(rounds, 256 << 10));
    let opened: usize = schedules.iter().map(|picks| picks.iter().flatten().count()).sum();
    let blocks = size.draws.div_ceil(64);
    let read = (opened * blocks * size_of::<Row>()) as f64 / sweep(Method::Fast) / 1e9;
    let done = operations(rounds);
    let slots = 2 * size.zones * curves::YEARS;
    let brute = (slots * size.draws * size.schedules * 2) as f64 / sweep(Method::General) / 1e9;
    println!(
        "{} cores, {}; {} zones, {} years, {} projects, {} draws, {} schedules; medians of {rounds} rounds. A kernel's time is \
         that from schedules to scores: lists, rows and the selection of the worst draws are inside.\n",
        threads(),
        Isa::best().code(),
        size.zones,
        curves::YEARS,
        size.projects,
        size.draws,
        size.schedules
    );
    println!("| limit, measured | of the machine | kernel | reaches | fraction |\n|---|---|---|---|---|");
    println!(
        "| rows read from the second-level cache (256 KB a core) | {second:.0} GB/s | fast | {read:.0} GB/s | {:.0} % |",
        100.0 * read / second
    );
    println!(
        "| rows read from the first-level cache (16 KB a core) | {first:.0} GB/s | fast | {read:.0} GB/s | {:.0} % |",
        100.0 * read / first
    );
    println!(
        "| larger-of and sum of 16 bits, from the first-level cache | {done:.0} G/s | brute | {brute:.0} G/s | {:.0} % |",
        100.0 * brute / done
    );
}
