//! A progress bar on a terminal, silence in a pipe; Ctrl-C asks the work to end.

use std::{
    io::{IsTerminal, stderr},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use seatcast::Progress;

/// Set by Ctrl-C.
static STOP: AtomicBool = AtomicBool::new(false);

/// Installs the handler of Ctrl-C: the first asks the work to end, the second ends the program.
pub(crate) fn stop_on_ctrl_c() {
    // where there is no such signal, the default stays
    let _ = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
}

/// Whether Ctrl-C was pressed.
pub(crate) fn is_stopped() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// Runs `work` while a bar on standard error follows what it finishes.
pub(crate) fn with_bar<T: Send>(total: u64, work: impl FnOnce(&Progress) -> T + Send) -> T {
    let progress = Progress::default();
    let bar = if stderr().is_terminal() { ProgressBar::new(total) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len}") {
        bar.set_style(style);
    }
    thread::scope(|scope| {
        let worker = scope.spawn(|| work(&progress));
        while !worker.is_finished() {
            if is_stopped() {
                progress.stop();
            }
            bar.set_position(progress.done());
            thread::sleep(Duration::from_millis(20));
        }
        bar.finish_and_clear();
        match worker.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
