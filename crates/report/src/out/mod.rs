//! The results folder: refused if it is not ours, written beside and put in place whole, never half.
//!
//! A folder is ours if it holds a manifest of this program and nothing that the manifest does not list. Ours is replaced
//! whole: the new one is written into a hidden folder beside it first, and only then do the two change places, together
//! with what is filed in the scenario ([`OutFolder::write`]). Results that a person has changed since are kept beside.
//!
//! | file | what it does |
//! |---|---|
//! | `seal` | the manifest: which files there are, with their SHA-256 |
//! | `staging` | hidden folders, locked while their process lives |
//! | `journal` | several renames as one; what is done after a process was killed |
//! | `error` | why not, in words |

mod error;
mod journal;
mod seal;
mod staging;

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
    thread,
};

pub use error::{OutError, reason};
pub use journal::{Recovered, Which};
pub use seal::{Differences, plot_manifest};
pub(crate) use seal::{MANIFEST, read_plain};
pub use staging::clear_unfinished;

use crate::{File, names::windows_forbids};
use journal::{FILED, Prepared, Step, commit, recover, sync_file, sync_folder};
use seal::{Ours, check_ours, manifest_of, sealed, sum};
use staging::Staging;

/// Name of the new folder within the hidden one.
const NEW: &str = "new";
/// How many folders above a target are searched for what was left.
const ABOVE: usize = 8;
/// Threads that bring files to the disk: the disk is waited for, not computed with.
const SYNCERS: usize = 8;

/// A results folder that may be written.
#[derive(Debug)]
pub struct OutFolder {
    target: PathBuf,
    /// As it is shown to a person: as it was named, if that is where it is.
    shown: PathBuf,
    staging: Staging,
    recovered: Recovered,
}

/// A file that is filed in the scenario together with the results: where, with links resolved, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToFile {
    /// The path, with links resolved; folders on the way may be missing.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Where the results are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The folder.
    pub folder: PathBuf,
    /// Its files, sorted.
    pub files: Vec<String>,
    /// Where the earlier results are, if somebody had changed them, and the files that were changed.
    pub kept: Option<(PathBuf, Vec<String>)>,
}

impl OutFolder {
    /// Checks that `target` may be written, without touching it, and finishes what runs that are gone have left beside it.
    /// `scenario` is the folder that is read: its own folders are not for results.
    ///
    /// # Errors
    /// [`OutError`], before anything is written.
    pub fn open(target: &Path, scenario: Option<&Path>) -> Result<Self, OutError> {
        let (place, shown) = placed(target)?;
        // as it was typed: Windows drops dots and blanks at the end of a name when it makes the path absolute
        let made = target.ancestors().take_while(|folder| fs::symlink_metadata(folder).is_err());
        let forbidden = |folder: &Path| windows_forbids(folder.file_name()?.to_str()?);
        if let Some(why) = made.filter_map(forbidden).last() {
            return Err(OutError::BadName { path: shown, why });
        }
        if scenario.is_some_and(|folder| is_kept_by(folder, &place)) {
            return Err(OutError::InsideScenario(shown));
        }
        nearest_folder(&place)?;
        let recovered = recover_above(&place);
        let parent = nearest_folder(&place)?; // what was finished may have made folders that were missing
        // a link is refused like a foreign folder: what it points at is not ours to replace
        match fs::symlink_metadata(&place) {
            Ok(meta) if meta.is_dir() => check_ours(&place).map_err(|e| named(e, &shown))?,
            Ok(_) => return Err(OutError::NotOurs(shown)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(OutError::unwritable(&shown, e)),
        }
        let staging = Staging::new(parent).map_err(|e| OutError::unwritable(&shown, e))?;
        Ok(Self { target: place, shown, staging, recovered })
    }

    /// Where the results will be, as it is shown to a person.
    pub fn shown(&self) -> &Path {
        &self.shown
    }

    /// What was found of runs that are gone.
    pub fn recovered(&self) -> &Recovered {
        &self.recovered
    }

    /// Writes `files`, and `filed` into the scenario, and puts all of it in place, or none.
    ///
    /// # Errors
    /// [`OutError::Unwritable`]: what was there before is still there. [`OutError::Stuck`]: the new and the old are kept.
    pub fn write(self, files: &[File], filed: Vec<ToFile>) -> Result<Written, OutError> {
        let Self { target, shown, mut staging, .. } = self;
        let failed = |source| OutError::Unwritable { path: shown.clone(), source };
        // the hidden folder lies beside what is put in place, although folders on the way may have come meanwhile
        let (parent, top) = existing_parent(&target);
        if staging.path().parent() != Some(parent) {
            staging = Staging::new(parent).map_err(failed)?;
        }
        let hidden = staging.path().to_owned();
        let (mark, manifest) = match manifest_of(files) {
            Some(at) => (files[at].0.clone(), Some((at, sealed(files, at)))),
            None => (files.first().map_or_else(String::new, |(name, _)| name.clone()), None),
        };
        let bytes_of = |at: usize| match &manifest {
            Some((of, sealed)) if *of == at => sealed.as_slice(),
            _ => files[at].1.as_slice(),
        };
        // folders that are missing on the way are made beside too, so that a name the system refuses leaves nothing
        let below = target.strip_prefix(top).unwrap_or(Path::new(""));
        let replaces = top == target && top.exists();
        write_all(
            &hidden.join(NEW).join(below),
            (0..files.len()).map(|at| (files[at].0.as_str(), bytes_of(at))),
        )
        .map_err(failed)?;
        let mut changed = Vec::new();
        let mut keep = None;
        if replaces {
            check_ours(&target).map_err(|e| named(e, &shown))?; // it may have changed while we computed
            if let Some(ours) = Ours::open(&target) {
                let differences = ours.differences(&target);
                if !differences.is_whole() || differences.unknown {
                    keep =
                        Some(free_name(&target).ok_or_else(|| failed(io::ErrorKind::AlreadyExists.into()))?);
                    changed = [differences.changed, differences.missing].concat();
                }
            }
        }
        let at = files.iter().position(|(name, _)| *name == mark);
        let step = Step {
            target: name_of(top).ok_or_else(|| failed(io::ErrorKind::InvalidInput.into()))?,
            new: NEW.to_owned(),
            mark: below.join(&mark).to_string_lossy().replace('\\', "/"),
            sum: at.map_or_else(String::new, |at| sum(bytes_of(at))),
            replaces,
            keep: keep.clone(),
        };
        let mut prepared = vec![Prepared { staging, steps: vec![step] }];
        for file in filed {
            prepared.push(prepare_file(&file)?);
        }
        commit(prepared).map_err(|e| named(e, &shown))?;
        let mut names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
        names.sort();
        let kept = keep.map(|name| (shown.with_file_name(name), changed));
        Ok(Written { folder: shown, files: names, kept })
    }
}

/// Checks that a file may be filed at `path` in the scenario at `scenario`, before anything is computed, and finishes what
/// runs that are gone have left on the way.
///
/// # Errors
/// [`OutError::Unwritable`] if the folder beside which it is prepared takes nothing.
pub fn check_filing(scenario: &Path, path: &Path) -> Result<Recovered, OutError> {
    let failed = |e| OutError::unwritable(path, e);
    let root = fs::canonicalize(scenario).map_err(failed)?;
    let mut recovered = Recovered::default();
    for folder in path.ancestors().skip(1).take_while(|folder| folder.starts_with(&root)) {
        recovered.add(recover(folder));
    }
    Staging::new(existing_parent(path).0).map(drop).map_err(failed)?;
    Ok(recovered)
}

/// What `folder` holds, after whatever was left beside it was finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The folder, as it is shown to a person.
    pub folder: PathBuf,
    /// Which result it is; `None` if it is not whole.
    pub which: Option<Which>,
    /// What differs from what was written.
    pub differences: Differences,
    /// What was found of runs that are gone.
    pub recovered: Recovered,
}

/// Finishes what runs that are gone have left beside `folder`, and compares its files with what was written.
///
/// # Errors
/// [`OutError::NotOurs`] if it holds no results, [`OutError`] if it cannot be read.
pub fn verify(folder: &Path) -> Result<Verified, OutError> {
    let (place, shown) = placed(folder)?;
    let recovered = recover_above(&place);
    let ours = Ours::open(&place).ok_or_else(|| OutError::NotOurs(shown.clone()))?;
    let differences = ours.differences(&place);
    let finished = recovered.finished.iter().find(|(path, _)| *path == place).map(|(_, which)| *which);
    // a run that was ended before its decision left the earlier result as it was
    let which = finished.unwrap_or(if recovered.cleared.is_empty() { Which::New } else { Which::Old });
    Ok(Verified { folder: shown, which: differences.is_whole().then_some(which), differences, recovered })
}

/// The hidden folder from which one file is filed.
fn prepare_file(file: &ToFile) -> Result<Prepared, OutError> {
    let failed = |source| OutError::Unwritable { path: file.path.clone(), source };
    let (parent, top) = existing_parent(&file.path);
    let staging = Staging::new(parent).map_err(failed)?;
    let hidden = staging.path();
    let replaces = top == file.path && top.exists();
    let below = file.path.strip_prefix(top).unwrap_or(Path::new(""));
    if below.as_os_str().is_empty() {
        write_one(&hidden.join(NEW), &file.bytes).map_err(failed)?;
    } else {
        let name = below.to_string_lossy();
        write_all(&hidden.join(NEW), std::iter::once((&*name, file.bytes.as_slice()))).map_err(failed)?;
    }
    if replaces {
        fs::copy(&file.path, hidden.join(format!("old-{NEW}"))).map_err(failed)?;
    }
    sync_folder(hidden).map_err(failed)?;
    let step = Step {
        target: name_of(top).ok_or_else(|| failed(io::ErrorKind::InvalidInput.into()))?,
        new: NEW.to_owned(),
        mark: below.to_string_lossy().replace('\\', "/"),
        sum: sum(&file.bytes),
        replaces,
        keep: None,
    };
    Ok(Prepared { staging, steps: vec![step] })
}

/// Finishes or takes away what runs that are gone have left beside `place`, or beside a folder above it that they made.
fn recover_above(place: &Path) -> Recovered {
    let mut recovered = Recovered::default();
    for folder in place.ancestors().skip(1).take(ABOVE) {
        recovered.add(recover(folder));
    }
    recovered
}

/// The nearest folder above `place`.
fn nearest_folder(place: &Path) -> Result<&Path, OutError> {
    let mut parent = place.parent();
    while let Some(folder) = parent {
        match fs::metadata(folder) {
            Ok(meta) if meta.is_dir() => return Ok(folder),
            Ok(_) => return Err(OutError::UnderFile(folder.to_owned())),
            Err(_) => parent = folder.parent(),
        }
    }
    Ok(Path::new("/"))
}

/// The nearest folder above `path` that exists, and what is directly in it on the way to `path`.
fn existing_parent(path: &Path) -> (&Path, &Path) {
    let mut top = path;
    while let Some(parent) = top.parent() {
        if parent.is_dir() {
            return (parent, top);
        }
        top = parent;
    }
    (Path::new("/"), top)
}

/// Writes files below `folder`, each brought to the disk, and the folders too.
fn write_all<'f>(folder: &Path, files: impl Iterator<Item = (&'f str, &'f [u8])>) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut folders = vec![folder.to_owned()];
    let mut paths = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent().filter(|parent| !folders.iter().any(|f| f == parent)) {
            fs::create_dir_all(parent)?;
            folders.push(parent.to_owned());
        }
        fs::write(&path, bytes)?;
        paths.push(path);
    }
    let share = paths.len().div_ceil(SYNCERS).max(1);
    thread::scope(|scope| {
        let sync = |part: &[PathBuf]| part.iter().try_for_each(|path| sync_file(path));
        let parts: Vec<_> = paths.chunks(share).map(|part| scope.spawn(move || sync(part))).collect();
        let ended = |part: thread::ScopedJoinHandle<'_, io::Result<()>>| {
            part.join().unwrap_or_else(|_| Err(io::Error::other("a thread ended early")))
        };
        parts.into_iter().map(ended).collect::<io::Result<Vec<()>>>()
    })?;
    folders.iter().rev().try_for_each(|folder| sync_folder(folder))
}

fn write_one(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(path, bytes)?;
    sync_file(path)
}

/// Where a named folder is, and how it is shown: `..` climbs from what is there, and what is not there has no links.
fn placed(named: &Path) -> Result<(PathBuf, PathBuf), OutError> {
    let failed = |source| OutError::unwritable(named, source);
    if named.as_os_str().is_empty() {
        return Err(failed(io::ErrorKind::InvalidInput.into()));
    }
    let absolute = std::path::absolute(named).map_err(failed)?;
    let mut place = PathBuf::new();
    let mut climbed = false;
    for part in absolute.components() {
        match part {
            Component::ParentDir => {
                climbed = true;
                // a link is climbed from where it points, as the system does it
                place = fs::canonicalize(&place).unwrap_or(place);
                place.pop();
            }
            other => place.push(other),
        }
    }
    if place.file_name().is_none_or(|name| name.to_str().is_none()) {
        return Err(failed(io::ErrorKind::InvalidInput.into()));
    }
    let shown = if climbed { place.clone() } else { named.to_owned() };
    Ok((place, shown))
}

/// Whether `place` is one of the folders in which the scenario at `folder` keeps its own files, or in one.
fn is_kept_by(folder: &Path, place: &Path) -> bool {
    const OWN: [&str; 3] = [FILED[0], FILED[1], "variants"];
    let Ok(folder) = fs::canonicalize(folder) else { return false };
    let above = place.ancestors().find(|above| above.exists());
    let Some(resolved) = above.and_then(|above| fs::canonicalize(above).ok()) else { return false };
    let rest = above.and_then(|above| place.strip_prefix(above).ok()).unwrap_or(Path::new(""));
    let place = resolved.join(rest);
    let inside = place.strip_prefix(&folder).ok().and_then(|inside| inside.components().next());
    // file systems that do not tell cases apart are common
    inside.is_some_and(|first| OWN.iter().any(|own| first.as_os_str().eq_ignore_ascii_case(own)))
}

/// The first of NAME.1, NAME.2 ... that is not there.
fn free_name(target: &Path) -> Option<String> {
    let name = name_of(target)?;
    (1..=9999)
        .map(|n| format!("{name}.{n}"))
        .find(|name| fs::symlink_metadata(target.with_file_name(name)).is_err())
}

fn name_of(path: &Path) -> Option<String> {
    path.file_name().and_then(|name| name.to_str()).map(str::to_owned)
}

/// An error about a folder by the name that the person gave it.
fn named(error: OutError, shown: &Path) -> OutError {
    let shown = shown.to_owned();
    match error {
        OutError::NotOurs(_) => OutError::NotOurs(shown),
        OutError::Foreign { file, .. } => OutError::Foreign { folder: shown, file },
        OutError::HeldOpen { file, .. } => OutError::HeldOpen { folder: shown, file },
        other => other,
    }
}
