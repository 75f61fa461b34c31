//! A progress bar on a terminal, silence in a pipe; and what a signal that ends the program does.
//!
//! A command works in a thread of its own while the first one listens. Asked to end, by Ctrl-C, SIGTERM or SIGHUP, work
//! that counts its draws ends by itself; whatever has not ended after [`GRACE`] is left: nothing it has made by then is
//! in place, and hidden folders are taken away. Results that are being put in place are waited for. The second signal
//! ends the program at once.

use std::{
    io::{IsTerminal, stderr},
    sync::{
        atomic::{AtomicU8, AtomicUsize, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use seatcast::{Lang, Progress};

use crate::streams::tell;

/// Exit code of the signal that asked for the end; 0: none did.
static STOPPED: AtomicU8 = AtomicU8::new(0);

/// How many pieces of work are under way that are waited for.
static WAITED_FOR: AtomicUsize = AtomicUsize::new(0);

/// How often it is looked whether the work is done or the program is to end.
const TICK: Duration = Duration::from_millis(20);

/// Ticks in which work may end by itself.
const GRACE: u32 = 12;

/// Listens for the signals that end a program.
#[cfg(unix)]
pub(crate) fn listen() {
    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGTERM},
        iterator::Signals,
    };
    // `nohup` lets a program outlive its terminal: a signal that is ignored on purpose stays so
    let hangup = (!is_ignored(SIGHUP)).then_some(SIGHUP);
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM].into_iter().chain(hangup)) else { return };
    let _ = thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            stop(128 + signal as u8);
        }
    });
}

/// Whether the program was started with `signal` ignored; told by Linux alone.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

/// Listens for what ends a program: Ctrl-C, Ctrl-Break, and a window that is closed.
#[cfg(not(unix))]
pub(crate) fn listen() {
    // where there is no such signal, the default stays
    let _ = ctrlc::set_handler(|| stop(130));
}

/// Asks the work to end; asked twice, ends the program.
fn stop(code: u8) {
    if STOPPED.swap(code, Ordering::Relaxed) != 0 {
        end(code);
    }
}

/// Ends the program without waiting for its work.
fn end(code: u8) -> ! {
    seatcast::report::clear_unfinished();
    std::process::exit(i32::from(code));
}

/// Whether the program was asked to end.
pub(crate) fn is_stopped() -> bool {
    STOPPED.load(Ordering::Relaxed) != 0
}

/// Exit code of a program that was asked to end.
pub(crate) fn stopped_code() -> u8 {
    match STOPPED.load(Ordering::Relaxed) {
        0 => 130,
        code => code,
    }
}

/// Work that is waited for as long as this lives: it ends soon by itself, and what it leaves must be whole.
pub(crate) struct WaitedFor(());

impl WaitedFor {
    pub(crate) fn new() -> Self {
        WAITED_FOR.fetch_add(1, Ordering::Relaxed);
        Self(())
    }
}

impl Drop for WaitedFor {
    fn drop(&mut self) {
        WAITED_FOR.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Does `work` in a thread of its own and waits for it, or until the program is asked to end. `None` if the thread could
/// not be started or died.
pub(crate) fn answering<T: Send + 'static>(
    lang: Lang,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    let worker = thread::Builder::new().name("command".to_owned()).stack_size(STACK);
    let started = worker.spawn(move || {
        let _ = sender.send(work());
    });
    started.ok()?;
    let (mut since, mut told) = (0, false);
    loop {
        match receiver.recv_timeout(TICK) {
            Ok(done) => return Some(done),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) if !is_stopped() => {}
            Err(RecvTimeoutError::Timeout) => {
                since += 1;
                if since < GRACE {
                    continue;
                }
                if WAITED_FOR.load(Ordering::Relaxed) == 0 {
                    end(stopped_code());
                }
                if !told {
                    told = true;
                    tell(lang.pick(
                        "正在停止：写出已完成的部分；再按一次 Ctrl-C 立即结束\n",
                        "stopping: what is finished is being written; Ctrl-C again ends at once\n",
                    ));
                }
            }
        }
    }
}

/// Bytes of the stack of a command: as much as the first thread of a program has.
const STACK: usize = 8 << 20;

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
            thread::sleep(TICK);
        }
        bar.finish_and_clear();
        match worker.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
