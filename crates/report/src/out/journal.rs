//! Files and folders put in place together: all of them, or none.
//!
//! Everything is written into hidden folders first, one beside each target, and synced. Then each hidden folder gets a
//! journal that says what stands where; the journal of the first, the leader, is the decision. From then on the new files
//! win: whoever finds the journals finishes the work. Before it the old ones do: whoever finds a hidden folder without a
//! decision takes it away.
//!
//! ```text
//! written and synced -> journals -> decision -> renames, synced -> journals removed -> hidden folders removed
//! ```
//!
//! A rename that fails is answered by undoing those before it. If that fails too, everything stays where it is and is named.
//!
//! A journal names nothing but neighbours of its hidden folder, so one that a stranger has made reaches no other folder;
//! and it replaces only what this program wrote.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    error::OutError,
    seal::{Ours, read_plain, sum},
    staging::{PREFIX, Staging, Stale, hidden_in},
};

const JOURNAL: &str = "journal.json";
/// Largest journal that is read, bytes.
const MAX_JOURNAL: u64 = 1 << 20;
/// Folders of a scenario whose files are filed by this program.
pub(super) const FILED: [&str; 2] = ["forecasts", "rounds"];

/// One file or folder that is put in place.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Step {
    /// Its name beside the hidden folder.
    pub(super) target: String,
    /// The name of the new one in the hidden folder, and, once they have been exchanged, of the old one.
    pub(super) new: String,
    /// The file in it by which it is known, and its SHA-256; of a file the file itself, with no name.
    pub(super) mark: String,
    pub(super) sum: String,
    /// Whether something is there that is replaced.
    pub(super) replaces: bool,
    /// Where the old one goes, beside the hidden folder, if it is kept.
    pub(super) keep: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Journal {
    program: String,
    steps: Vec<Step>,
    /// The hidden folder that holds the decision; of the leader itself nothing.
    leader: Option<PathBuf>,
    /// Of the leader: the other hidden folders.
    followers: Vec<PathBuf>,
}

/// A hidden folder with what is put in place from it.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) staging: Staging,
    pub(super) steps: Vec<Step>,
}

/// Puts everything in place. The first is the leader.
///
/// # Errors
/// [`OutError::Unwritable`]: everything is as it was. [`OutError::Stuck`]: the earlier state could not be restored.
pub(super) fn commit(mut prepared: Vec<Prepared>) -> Result<(), OutError> {
    let places: Vec<PathBuf> = prepared.iter().map(|p| p.staging.path().to_owned()).collect();
    let shown = |p: usize, step: &Step| places[p].with_file_name(&step.target);
    let Some((leader, followers)) = places.split_first() else { return Ok(()) };
    for (p, one) in prepared.iter().enumerate().rev() {
        let journal = Journal {
            program: "seatcast".to_owned(),
            steps: one.steps.clone(),
            leader: (p > 0).then(|| leader.clone()),
            followers: if p > 0 { Vec::new() } else { followers.to_vec() },
        };
        one.staging.needed();
        if let Err(source) = journal.write(&places[p]) {
            // the decision may stand on the disk: it is withdrawn before its files go
            let path = shown(0, &prepared[0].steps[0]);
            return Err(if withdraw(&places).is_ok() {
                OutError::Unwritable { path, source }
            } else {
                stuck(prepared, path, source)
            });
        }
    }
    let mut done: Vec<(usize, usize)> = Vec::new();
    let steps = prepared.iter().enumerate().flat_map(|(p, one)| (0..one.steps.len()).map(move |s| (p, s)));
    for (p, s) in steps.collect::<Vec<_>>() {
        let step = &prepared[p].steps[s];
        let placed = step.place(&places[p]);
        done.push((p, s)); // what was half done is undone too
        if let Err(source) = placed {
            let path = shown(p, step);
            let undone = done.iter().rev().try_for_each(|&(p, s)| prepared[p].steps[s].undo(&places[p]));
            let withdrawn = undone.and_then(|()| withdraw(&places));
            return Err(if withdrawn.is_ok() {
                OutError::Unwritable { path, source }
            } else {
                stuck(prepared, path, source)
            });
        }
    }
    // whatever fails from here on, the new files are in place: the next run takes away what is left
    let _ = withdraw(&places);
    while let Some(follower) = prepared.pop() {
        drop(follower);
    }
    Ok(())
}

/// Leaves every hidden folder where it is: the decision stands, and whoever comes next acts on it.
fn stuck(prepared: Vec<Prepared>, path: PathBuf, source: io::Error) -> OutError {
    let mut kept = prepared.into_iter().map(|one| one.staging.keep());
    OutError::Stuck { path, kept: kept.next().unwrap_or_default(), source }
}

/// Takes the decision back: hidden folders hold nothing that anybody needs any more.
fn withdraw(places: &[PathBuf]) -> io::Result<()> {
    for place in places {
        match fs::remove_file(place.join(JOURNAL)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    Ok(())
}

impl Journal {
    fn write(&self, folder: &Path) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(self)?;
        let draft = folder.join("journal.new");
        fs::write(&draft, text)?;
        sync_file(&draft)?;
        fs::rename(&draft, folder.join(JOURNAL))?;
        sync_folder(folder)
    }

    /// Reads the journal of a hidden folder; `Ok(None)` if it has none.
    fn read(folder: &Path) -> io::Result<Option<Self>> {
        match read_plain(&folder.join(JOURNAL), MAX_JOURNAL) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(Into::into),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        }
    }
}

impl Step {
    /// Puts the new one in place; what was there goes where it is to be kept, or stays in the hidden folder.
    fn place(&self, hidden: &Path) -> io::Result<()> {
        let (new, target) = (hidden.join(&self.new), hidden.with_file_name(&self.target));
        let old = hidden.join(self.old());
        let there = fs::symlink_metadata(&target).is_ok();
        if there && !self.replaces && !self.may_replace(&target) {
            return Err(io::ErrorKind::AlreadyExists.into()); // it has come while we computed
        }
        if !there {
            fs::rename(&new, &target)?;
        } else if self.is_file() {
            fs::rename(&new, &target)?; // a copy of the old one lies in the hidden folder
        } else if exchange(&new, &target)? {
            fs::rename(&new, &old)?;
        } else {
            fs::rename(&target, &old)?;
            fs::rename(&new, &target)?;
        }
        if let Some(keep) = &self.keep
            && fs::symlink_metadata(&old).is_ok()
        {
            fs::rename(&old, hidden.with_file_name(keep))?;
        }
        sync_folder(hidden.parent().unwrap_or(hidden))
    }

    /// Restores what was there before [`Self::place`], however far that came.
    fn undo(&self, hidden: &Path) -> io::Result<()> {
        let (new, target) = (hidden.join(&self.new), hidden.with_file_name(&self.target));
        let old = hidden.join(self.old());
        if let Some(keep) = &self.keep
            && fs::symlink_metadata(&old).is_err()
            && self.is_new(&target)
            && fs::symlink_metadata(hidden.with_file_name(keep)).is_ok()
        {
            fs::rename(hidden.with_file_name(keep), &old)?;
        }
        if !self.is_new(&target) {
            // not yet placed, or moved away only
            return match fs::symlink_metadata(&target) {
                Err(_) if self.replaces => fs::rename(&old, &target),
                _ => Ok(()),
            };
        }
        // exchanged, and perhaps not yet moved on
        let Some(there) = [&old, &new].into_iter().find(|path| fs::symlink_metadata(path).is_ok()) else {
            return fs::rename(&target, &new); // there was nothing before
        };
        if self.is_file() {
            return fs::rename(there, &target);
        }
        if exchange(there, &target)? {
            return Ok(());
        }
        let aside = hidden.join(format!("{}-undone", self.new));
        fs::rename(&target, &aside)?;
        fs::rename(there, &target)
    }

    fn old(&self) -> String {
        format!("old-{}", self.new)
    }

    fn is_file(&self) -> bool {
        self.mark.is_empty()
    }

    /// Whether what stands at `path` is the new one, to the last byte: an edited folder has the manifest of its original.
    fn is_new(&self, path: &Path) -> bool {
        let marked = |path: &Path| {
            let plain = fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file());
            plain && fs::read(path).is_ok_and(|bytes| sum(&bytes) == self.sum)
        };
        if self.is_file() {
            return marked(path);
        }
        fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir())
            && marked(&path.join(&self.mark))
            && Ours::open(path).is_none_or(|ours| ours.differences(path).is_whole())
    }

    /// Finishes what a process that is gone has begun.
    fn finish(&self, hidden: &Path) -> io::Result<Which> {
        let (new, target) = (hidden.join(&self.new), hidden.with_file_name(&self.target));
        let old = hidden.join(self.old());
        let there = fs::symlink_metadata(&target).is_ok();
        if !self.is_new(&target) && self.is_new(&new) && (!there || self.may_replace(&target)) {
            self.place(hidden)?;
        } else if !there {
            // the new one is lost: the old one is better than none
            let held = if fs::symlink_metadata(&old).is_ok() { &old } else { &new };
            fs::rename(held, &target)?;
            return Ok(Which::Old);
        }
        if !self.is_new(&target) {
            return Ok(Which::Old);
        }
        let held = [&old, &new].into_iter().find(|path| fs::symlink_metadata(path).is_ok());
        if let (Some(keep), Some(held)) = (&self.keep, held) {
            let keep = hidden.with_file_name(keep);
            if fs::symlink_metadata(&keep).is_err() {
                fs::rename(held, keep)?;
            }
        }
        Ok(Which::New)
    }

    /// Whether what stands at `target` was written by this program.
    fn may_replace(&self, target: &Path) -> bool {
        if self.is_file() {
            let parent = target.parent().and_then(Path::file_name).and_then(|n| n.to_str());
            return parent.is_some_and(|name| FILED.contains(&name))
                && target.extension().is_some_and(|e| e == "csv")
                && fs::symlink_metadata(target).is_ok_and(|meta| meta.is_file());
        }
        super::seal::check_ours(target).is_ok() || Ours::open(target).is_some()
    }

    /// Whether every name is that of a neighbour or of something in the hidden folder.
    fn is_sound(&self) -> bool {
        let one = |name: &str| {
            let mut parts = Path::new(name).components();
            matches!(parts.next(), Some(Component::Normal(_))) && parts.next().is_none()
        };
        one(&self.target)
            && one(&self.new)
            && self.keep.as_deref().is_none_or(one)
            && (self.mark.is_empty()
                || Path::new(&self.mark).components().all(|c| matches!(c, Component::Normal(_))))
            && !self.target.starts_with(PREFIX)
    }
}

/// Which of two results stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The one from before.
    Old,
    /// The one that was being put in place.
    New,
}

/// What was found of processes that are gone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovered {
    /// Hidden folders taken away.
    pub cleared: Vec<PathBuf>,
    /// What was put in place, or back.
    pub finished: Vec<(PathBuf, Which)>,
    /// Hidden folders that are left, since the disk refuses.
    pub stuck: Vec<PathBuf>,
}

/// Finishes, or takes away, everything that processes which are gone have left in `parent`.
pub(super) fn recover(parent: &Path) -> Recovered {
    let mut recovered = Recovered::default();
    for path in hidden_in(parent) {
        let Some((stale, journal)) = recovered.take_up(&path) else { continue };
        match journal.leader.clone().filter(|leader| is_hidden(leader)) {
            None => recovered.finish(stale, &journal),
            // decided only if the leader says so; once it is gone, nothing was decided, or all is long done
            Some(leader) if leader.join(JOURNAL).is_file() => {
                drop(stale);
                match recovered.take_up(&leader) {
                    Some((stale, journal)) if journal.leader.is_none() => recovered.finish(stale, &journal),
                    _ => {}
                }
            }
            Some(_) => recovered.clear(stale),
        }
    }
    recovered
}

impl Recovered {
    /// Adds what was found elsewhere.
    pub(super) fn add(&mut self, other: Self) {
        self.cleared.extend(other.cleared);
        self.finished.extend(other.finished);
        self.stuck.extend(other.stuck);
    }

    /// A hidden folder whose process is gone, with its journal; one without a journal is taken away.
    fn take_up(&mut self, path: &Path) -> Option<(Stale, Journal)> {
        let stale = Stale::take_up(path.to_owned())?;
        match Journal::read(path) {
            Ok(Some(journal)) if journal.steps.iter().all(Step::is_sound) => Some((stale, journal)),
            Ok(None) => {
                self.clear(stale);
                None
            }
            _ => {
                self.stuck.push(path.to_owned());
                None
            }
        }
    }

    fn clear(&mut self, stale: Stale) {
        let path = stale.path.clone();
        if stale.remove() {
            self.cleared.push(path);
        }
    }

    /// Finishes the steps of a leader and of its followers.
    fn finish(&mut self, leader: Stale, journal: &Journal) {
        let mut done = self.steps(&leader.path, journal);
        let mut followers = Vec::new();
        for path in journal.followers.iter().filter(|path| is_hidden(path)) {
            if let Some((follower, journal)) = self.take_up(path) {
                done &= self.steps(path, &journal);
                followers.push(follower);
            }
        }
        if !done {
            return self.stuck.push(leader.path);
        }
        for stale in std::iter::once(leader).chain(followers) {
            let _ = fs::remove_file(stale.path.join(JOURNAL));
            stale.remove();
        }
    }

    fn steps(&mut self, hidden: &Path, journal: &Journal) -> bool {
        let mut done = true;
        for step in &journal.steps {
            match step.finish(hidden) {
                Ok(which) => self.finished.push((hidden.with_file_name(&step.target), which)),
                Err(_) => done = false,
            }
        }
        done
    }
}

/// Whether a path is that of a hidden folder.
fn is_hidden(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(PREFIX))
}

/// Lets two names change their places in one step; `false` if the system cannot.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    use nix::{
        errno::Errno,
        fcntl::{AT_FDCWD, RenameFlags, renameat2},
    };
    match renameat2(AT_FDCWD, one, AT_FDCWD, other, RenameFlags::RENAME_EXCHANGE) {
        Ok(()) => Ok(true),
        // file systems and kernels that know no exchange
        Err(Errno::EINVAL | Errno::ENOSYS | Errno::EOPNOTSUPP) => Ok(false),
        Err(e) => Err(e.into()),
    }
}

/// Elsewhere two renames do it.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Brings the bytes of a file to the disk. A file system that has no such thing is used without.
pub(super) fn sync_file(path: &Path) -> io::Result<()> {
    tolerant(fs::OpenOptions::new().write(true).open(path).and_then(|file| file.sync_all()))
}

/// Brings the names of a folder to the disk, where systems know of it.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { tolerant(fs::File::open(path).and_then(|folder| folder.sync_all())) } else { Ok(()) }
}

fn tolerant(synced: io::Result<()>) -> io::Result<()> {
    match synced {
        Err(e) if matches!(e.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput) => Ok(()),
        other => other,
    }
}
