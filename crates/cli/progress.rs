//! A progress bar on a terminal, silence in a pipe.

use std::{
    io::{IsTerminal, stderr},
    thread,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use seatcast::Progress;

/// Runs `work` while a bar on standard error follows the draws it finishes.
pub(crate) fn with_bar<T: Send>(total: u64, work: impl FnOnce(&Progress) -> T + Send) -> T {
    let progress = Progress::default();
    if !stderr().is_terminal() {
        return work(&progress);
    }
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len}") {
        bar.set_style(style);
    }
    thread::scope(|scope| {
        let worker = scope.spawn(|| work(&progress));
        while !worker.is_finished() {
            bar.set_position(progress.done());
            thread::sleep(Duration::from_millis(50));
        }
        bar.finish_and_clear();
        match worker.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
