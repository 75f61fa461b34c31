//! The ledger's file: append-only, one line an entry, each with its own checksum.
//!
//! ```text
//! {"date":"2026-03-31","project":"p02","milestone":"topped_out",...,"author":"Li","after":"<sum before>","sum":"<sum>"}
//! ```
//!
//! `sum` is the first 16 digits of the SHA-256 of everything before it, so a line that was not written to its end is
//! recognised and left out; `after` is the sum of the entry before, so an entry taken away shows. A line is one write
//! under an exclusive lock, flushed to the disk before the command says it is done:
//!
//! - a crash in the middle of a write leaves a torn line at the end; the next writer begins a new one;
//! - two writers wait for each other; a reader waits for a writer;
//! - a wrong entry is corrected by a new one that names its sum; nothing is ever rewritten.
//!
//! What entries mean is `seatcast_core::supply::ledger`. Not done here: deciding what date it is.

mod line;

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use seatcast_core::{
    supply::{Entry, Ledger, Milestone},
    time::Day,
};

pub use line::Line;

use crate::{folder::writable, problem::Invalid};

/// Name of the ledger in the scenario folder.
pub const FILE: &str = "ledger.jsonl";

/// How often a lock is tried while waiting for it.
const STEP: Duration = Duration::from_millis(5);
/// How long a lock is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// What somebody wants to enter.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The day it speaks of.
    pub date: Day,
    /// Key of the project.
    pub project: String,
    /// Milestone reached.
    pub milestone: Option<Milestone>,
    /// Building work done, percent.
    pub progress: Option<f64>,
    /// Money spent so far.
    pub spent: Option<f64>,
    /// Free text.
    pub note: String,
    /// Who writes.
    pub author: String,
    /// Number of the entry whose place it takes.
    pub corrects: Option<u64>,
}

/// The lines of a ledger as they were found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contents {
    /// Every line that holds something, in order: its number in the file, and the entry or what is wrong with it.
    pub lines: Vec<(usize, Result<Line, BadLine>)>,
    /// Numbers, among the entries, of those before which one is missing.
    pub after_a_gap: Vec<u64>,
}

/// Why a line is no entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadLine {
    /// It ends before its checksum, or its checksum is not its own: it was torn, or changed.
    Torn,
    /// The checksum is right, but this key cannot be read: written by a later version.
    Unreadable(String),
}

impl Contents {
    /// Reads the bytes of a ledger.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut contents = Self::default();
        let mut last: Option<String> = None;
        let mut number = 0;
        for (i, raw) in bytes.split(|b| *b == b'\n').enumerate() {
            if raw.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let line = line::read(raw);
            if let Ok(line) = &line {
                number += 1;
                if line.after != last.clone().unwrap_or_default() {
                    contents.after_a_gap.push(number);
                }
                last = Some(line.sum.clone());
            }
            contents.lines.push((i + 1, line));
        }
        contents
    }

    /// Its entries, with the numbers by which a person names them: 1, 2, 3 ... A correction of an entry that is not there
    /// names number 0.
    pub fn ledger(&self) -> Ledger {
        let good: Vec<&Line> = self.lines.iter().filter_map(|(_, line)| line.as_ref().ok()).collect();
        let mut numbers: BTreeMap<&str, u64> = BTreeMap::new();
        for (line, number) in good.iter().zip(1..) {
            numbers.entry(&line.sum).or_insert(number);
        }
        let number_of = |sum: &str| numbers.get(sum).copied().unwrap_or(0);
        let entries = good.iter().enumerate().map(|(i, line)| Entry {
            number: i as u64 + 1,
            date: line.date,
            project: line.project.clone(),
            milestone: line.milestone,
            progress: line.progress.map(|percent| percent / 100.0),
            spent: line.spent,
            note: line.note.clone(),
            author: line.author.clone(),
            corrects: line.corrects.as_deref().map(number_of),
        });
        Ledger::new(entries.collect())
    }

    /// The line in the file of entry `number`.
    pub fn line_of(&self, number: u64) -> Option<usize> {
        let good = self.lines.iter().filter(|(_, line)| line.is_ok());
        good.map(|(line, _)| *line).nth(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    fn sum_of(&self, number: u64) -> Option<String> {
        let mut good = self.lines.iter().filter_map(|(_, line)| line.as_ref().ok());
        good.nth(usize::try_from(number).ok()?.checked_sub(1)?).map(|line| line.sum.clone())
    }

    fn last_sum(&self) -> String {
        let good = self.lines.iter().rev().find_map(|(_, line)| line.as_ref().ok());
        good.map_or_else(String::new, |line| line.sum.clone())
    }
}

/// Why nothing was appended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError<R> {
    /// The entry was refused by the caller's check.
    #[error("the entry was refused")]
    Refused(R),
    /// Another writer held the file for too long.
    #[error("another writer holds the ledger")]
    Busy,
    /// The disk failed, and then refused to take the line back: it may be there or not, whole or torn.
    #[error("the disk failed in the middle of the entry")]
    Uncertain,
    /// The system refuses.
    #[error(transparent)]
    System(#[from] io::Error),
}

/// The ledger of a scenario folder.
#[derive(Debug, Clone)]
pub struct LedgerFile {
    path: PathBuf,
    patience: Duration,
}

impl LedgerFile {
    /// The ledger in `folder`, whether it is there yet or not.
    ///
    /// # Errors
    /// [`Invalid`] if a link leads out of the folder, or it is no plain file.
    pub fn in_folder(folder: &Path) -> Result<Self, Invalid> {
        writable(folder, FILE).map(Self::at)
    }

    /// The ledger at `path`.
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { path, patience: PATIENCE }
    }

    /// The same, waiting for a lock no longer than `patience`.
    #[must_use]
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its bytes; `None` if there is no ledger yet. Waits for a writer to finish its line.
    ///
    /// # Errors
    /// Whatever the system says, or [`io::ErrorKind::WouldBlock`] if a writer holds the file for too long.
    pub fn bytes(&self) -> io::Result<Option<Vec<u8>>> {
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e),
        };
        if !lock(&file, self.patience, File::try_lock_shared)? {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Appends one entry and gives the ledger with it as the last. `check` sees that ledger while nobody else can write,
    /// and may refuse.
    ///
    /// When this returns `Ok` the entry is on the disk.
    ///
    /// # Errors
    /// [`AppendError`]; nothing was appended then, unless the disk refused to take the line back too: then the reader
    /// recognises it as torn.
    pub fn append<R>(
        &self,
        draft: &Draft,
        check: impl FnOnce(&Ledger) -> Result<(), R>,
    ) -> Result<Ledger, AppendError<R>> {
        let mut file = loop {
            let file = OpenOptions::new().read(true).append(true).create(true).open(&self.path)?;
            if !lock(&file, self.patience, File::try_lock)? {
                return Err(AppendError::Busy);
            }
            // the writer before us may have taken its new file away again
            if is_at(&file, &self.path) {
                break file;
            }
        };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let appended = self.append_to(&mut file, &bytes, draft, check);
        if appended.is_err() && bytes.is_empty() && cfg!(unix) {
            let _ = fs::remove_file(&self.path); // there was no entry before, and there is none now
        }
        appended
    }

    /// Appends to the open and locked `file`, which holds `bytes`.
    fn append_to<R>(
        &self,
        file: &mut File,
        bytes: &[u8],
        draft: &Draft,
        check: impl FnOnce(&Ledger) -> Result<(), R>,
    ) -> Result<Ledger, AppendError<R>> {
        let contents = Contents::parse(bytes);
        let line = Line::new(draft, contents.last_sum(), draft.corrects.and_then(|n| contents.sum_of(n)));
        let text = line::write(&line, bytes.last().is_some_and(|b| *b != b'\n'));
        let after = Contents::parse(&[bytes, text.as_bytes()].concat()).ledger();
        check(&after).map_err(AppendError::Refused)?;
        // one write: what a crash leaves is a part of this line, and nothing of another
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        // the name of a new file is on the disk only when its folder is
        let written = written.and_then(|()| if bytes.is_empty() { self.sync_folder() } else { Ok(()) });
        if let Err(error) = written {
            // nobody has been told of it yet
            return Err(match file.set_len(bytes.len() as u64) {
                Ok(()) => error.into(),
                Err(_) => AppendError::Uncertain,
            });
        }
        Ok(after)
    }

    fn sync_folder(&self) -> io::Result<()> {
        match self.path.parent() {
            Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
            _ => Ok(()),
        }
    }
}

/// Whether `file` is still what stands at `path`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let key = |meta: fs::Metadata| (meta.dev(), meta.ino());
    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(there)) => key(open) == key(there),
        _ => false,
    }
}

/// Elsewhere nobody takes an open file away.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

/// Takes a lock that ends with the file; `false` if somebody else held it for too long. A file system without locks is
/// used without.
fn lock(
    file: &File,
    patience: Duration,
    take: impl Fn(&File) -> Result<(), TryLockError>,
) -> io::Result<bool> {
    let mut waited = Duration::ZERO;
    loop {
        match take(file) {
            Ok(()) => return Ok(true),
            Err(TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => return Ok(true),
            Err(TryLockError::Error(e)) => return Err(e),
            Err(TryLockError::WouldBlock) if waited >= patience => return Ok(false),
            Err(TryLockError::WouldBlock) => {
                thread::sleep(STEP);
                waited += STEP;
            }
        }
    }
}
