//! Hidden folders beside a target: made, locked, taken away, and taken away for those that could not.
//!
//! A hidden folder `.seatcast-XXXXXX` holds a file `lock`, locked for as long as its process lives. Whoever finds one
//! that is not locked knows that its process is gone.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use tempfile::TempDir;

/// How the name of a hidden folder begins.
pub(super) const PREFIX: &str = ".seatcast-";
/// The file that is locked while the process lives.
pub(super) const LOCK: &str = "lock";

/// Hidden folders of this process that hold nothing anybody needs: what a signal that ends the program takes away.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Takes away the hidden folders of this process whose files were not about to be put in place. For the handler of a
/// signal, which ends the program right after.
pub fn clear_unfinished() {
    for path in std::mem::take(&mut *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)) {
        let _ = remove(&path); // the next run takes away what could not go
    }
}

/// A hidden folder of this process; it goes when it is dropped.
#[derive(Debug)]
pub(super) struct Staging {
    folder: Option<TempDir>,
    lock: Option<File>,
}

impl Staging {
    /// Makes one in `parent`.
    pub(super) fn new(parent: &Path) -> io::Result<Self> {
        // another run may take away a folder that has no lock yet: then it is made again
        for _ in 0..100 {
            // tempfile adds the name of the hidden folder to the system's words, which says nothing to a planner
            let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent).map_err(|e| plain(&e))?;
            UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.path().to_owned());
            let made = Self { lock: File::create_new(folder.path().join(LOCK)).ok(), folder: Some(folder) };
            match &made.lock {
                // a file system without locks is used without: nobody takes its folders away
                Some(lock) if !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) => return Ok(made),
                _ => {}
            }
        }
        Err(io::ErrorKind::ResourceBusy.into())
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.as_ref().map_or(Path::new(""), TempDir::path)
    }

    /// What is in it is needed from now on: no signal takes it away.
    pub(super) fn needed(&self) {
        UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).remove(self.path());
    }

    /// Leaves it where it is, and gives its path.
    pub(super) fn keep(mut self) -> PathBuf {
        self.needed();
        self.folder.take().map(TempDir::keep).unwrap_or_default()
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        self.lock = None; // Windows removes no file that is open
        let Some(folder) = self.folder.take() else { return };
        UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).remove(folder.path());
        // what cannot be taken away now is taken away by the next run
        let _ = remove(&folder.keep());
    }
}

/// A hidden folder that a process which is gone has left.
#[derive(Debug)]
pub(super) struct Stale {
    pub(super) path: PathBuf,
    /// Held, so that no other process takes it up too.
    lock: Option<File>,
}

impl Stale {
    /// Takes it up, unless its process still lives or its files could not be judged.
    pub(super) fn take_up(path: PathBuf) -> Option<Self> {
        let lock = path.join(LOCK);
        match fs::symlink_metadata(&lock) {
            Ok(meta) if meta.is_file() => {
                let lock = OpenOptions::new().read(true).write(true).open(&lock).ok()?;
                lock.try_lock().is_ok().then_some(Self { path, lock: Some(lock) })
            }
            // one that is just being made is empty, and is made again
            Err(e) if e.kind() == io::ErrorKind::NotFound => Some(Self { path, lock: None }),
            _ => None,
        }
    }

    /// Takes it away; whether it is gone.
    pub(super) fn remove(self) -> bool {
        let locked = self.lock.is_some();
        drop(self.lock);
        if locked { remove(&self.path).is_ok() } else { fs::remove_dir(&self.path).is_ok() }
    }
}

/// Removes a hidden folder, its lock last: what is left after a failure can still be told from what is in use.
fn remove(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else if entry.file_name() != LOCK {
            fs::remove_file(entry.path())?;
        }
    }
    match fs::remove_file(folder.join(LOCK)) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    fs::remove_dir(folder)
}

/// The hidden folders in `parent`, sorted.
pub(super) fn hidden_in(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let ours = |name: &OsStr| name.to_str().is_some_and(|name| name.starts_with(PREFIX));
    let mut found: Vec<PathBuf> = entries
        .filter(|e| ours(&e.file_name()) && e.file_type().is_ok_and(|t| t.is_dir()))
        .map(|e| e.path())
        .collect();
    found.sort();
    found
}

/// A refusal without the path that a library adds to it.
fn plain(e: &io::Error) -> io::Error {
    e.raw_os_error().map_or_else(|| e.kind().into(), io::Error::from_raw_os_error)
}
