//! The results folder: refused if it is not ours, written beside and renamed, never half.
//!
//! A folder is ours if it holds a `run.json` of this program and nothing that this file does not list. Ours is replaced
//! whole: the new one is written into a hidden folder beside it first, and only then do the two change places.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use seatcast_core::Lang;
use tempfile::TempDir;

use crate::File;

/// The file that marks the folder of a run and lists what is in it.
pub(crate) const MANIFEST: &str = "run.json";

/// The files that mark folders of this program: of a run, a sweep, a closed loop, a comparison, charts.
const MANIFESTS: [&str; 5] =
    [MANIFEST, crate::sweep::MANIFEST, crate::cycle::MANIFEST, crate::compare::MANIFEST, PLOT_MANIFEST];

/// The file that marks a folder of charts.
const PLOT_MANIFEST: &str = "plot.json";

/// The mark of a folder of charts.
pub fn plot_manifest(files: &[File]) -> File {
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let document =
        serde_json::json!({ "program": "seatcast", "format": 1, "kind": "charts", "files": names });
    (PLOT_MANIFEST.to_owned(), format!("{document:#}\n").into_bytes())
}

/// Why a results folder cannot be written. Found before anything is computed, wherever it can be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutError {
    /// It exists and was not written by seatcast.
    #[error("{0} exists and was not written by seatcast")]
    NotOurs(PathBuf),
    /// It was written by seatcast, but holds files that were not.
    #[error("{0} holds {1}, which seatcast did not write")]
    Foreign(PathBuf, String),
    /// A file stands where a folder on the way should be.
    #[error("{0} is a file, so nothing can be written under it")]
    UnderFile(PathBuf),
    /// The system refuses.
    #[error("{path} cannot be written: {source}")]
    Unwritable {
        /// The folder.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
}

impl OutError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            OutError::NotOurs(_) => "E071",
            OutError::Foreign(..) => "E072",
            OutError::UnderFile(_) => "E073",
            OutError::Unwritable { .. } => "E074",
        }
    }

    /// What is wrong.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (OutError::Unwritable { path, source }, Lang::En) => {
                format!("{} cannot be written: {}", path.display(), reason(source, lang))
            }
            (_, Lang::En) => self.to_string(),
            (OutError::NotOurs(path), _) => format!("{} 已存在，且不是 seatcast 写的", path.display()),
            (OutError::Foreign(path, name), _) => {
                format!("{} 中有 {name}，不是 seatcast 写的", path.display())
            }
            (OutError::UnderFile(path), _) => format!("{} 是文件，不能在它下面写", path.display()),
            (OutError::Unwritable { path, source }, _) => {
                format!("{} 无法写入：{}", path.display(), reason(source, lang))
            }
        }
    }

    /// How to fix it.
    pub fn help(&self, lang: Lang) -> &'static str {
        match self {
            OutError::NotOurs(_) => {
                lang.pick("换一个不存在的文件夹名", "name a folder that does not exist yet")
            }
            OutError::Foreign(..) => {
                lang.pick("先把这个文件移走，以免丢失", "move that file away first, so that it is not lost")
            }
            OutError::UnderFile(_) => lang.pick("换一个路径", "choose another path"),
            OutError::Unwritable { .. } => lang.pick(
                "换一个路径，或检查权限和磁盘空间",
                "choose another path, or check permissions and disk space",
            ),
        }
    }
}

/// The common refusals of a system in plain words, every other in its own.
pub(crate) fn reason(source: &io::Error, lang: Lang) -> String {
    let (zh, en) = match source.kind() {
        io::ErrorKind::PermissionDenied => ("系统不允许", "the system does not permit it"),
        io::ErrorKind::NotFound => ("没有这样的文件或文件夹", "there is no such file or folder"),
        io::ErrorKind::InvalidFilename => {
            ("名称太长或含有不允许的字符", "the name is too long or has a character it may not have")
        }
        io::ErrorKind::InvalidInput => ("不能有这样的名称", "there can be no folder of this name"),
        io::ErrorKind::StorageFull => ("磁盘已满", "the disk is full"),
        io::ErrorKind::ReadOnlyFilesystem => ("文件系统是只读的", "the file system is read-only"),
        _ => return source.to_string(),
    };
    lang.pick(zh, en).to_owned()
}

/// A results folder that may be written.
#[derive(Debug)]
pub struct OutFolder {
    target: PathBuf,
    /// The nearest folder that exists, and a hidden one in it, on the same file system.
    beside: TempDir,
}

/// Where the results are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The folder.
    pub folder: PathBuf,
    /// Its files, sorted.
    pub files: Vec<String>,
}

impl OutFolder {
    /// Checks that `target` may be written, without touching it.
    ///
    /// # Errors
    /// [`OutError`], before anything is written.
    pub fn open(target: &Path) -> Result<Self, OutError> {
        let unwritable = |source| OutError::Unwritable { path: target.to_owned(), source };
        if target.as_os_str().is_empty() {
            return Err(unwritable(io::Error::new(io::ErrorKind::InvalidInput, "no name is given")));
        }
        let absolute = std::path::absolute(target).map_err(unwritable)?;
        let mut parent = absolute.parent();
        while let Some(folder) = parent {
            match fs::metadata(folder) {
                Ok(meta) if meta.is_dir() => break,
                Ok(_) => return Err(OutError::UnderFile(folder.to_owned())),
                Err(_) => parent = folder.parent(),
            }
        }
        // a link is refused like a foreign folder: what it points at is not ours to replace
        match fs::symlink_metadata(&absolute) {
            Ok(meta) if meta.is_dir() => check_ours(target)?,
            Ok(_) => return Err(OutError::NotOurs(target.to_owned())),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(unwritable(e)),
        }
        let parent = parent.unwrap_or(Path::new("/"));
        // tempfile adds the name of the hidden folder to the system's words, which says nothing to a planner
        let beside = tempfile::Builder::new()
            .prefix(".seatcast-")
            .tempdir_in(parent)
            .map_err(|e| unwritable(e.kind().into()))?;
        Ok(Self { target: absolute, beside })
    }

    /// Writes `files` and puts the folder in place.
    ///
    /// # Errors
    /// [`OutError::Unwritable`]; what was there before is then still there.
    pub fn write(self, files: &[File]) -> Result<Written, OutError> {
        let unwritable = |source| OutError::Unwritable { path: self.target.clone(), source };
        let old = self.beside.path().join("old");
        let mut new = self.beside.path().join("new");
        // folders that are missing on the way are made beside too, so that a name the system refuses leaves nothing
        let missing: Vec<&Path> = self.target.ancestors().take_while(|folder| !folder.exists()).collect();
        new.extend(missing.iter().rev().filter_map(|folder| folder.file_name()));
        fs::create_dir_all(&new).map_err(unwritable)?;
        for (name, bytes) in files {
            let path = new.join(name);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(unwritable)?;
            }
            fs::write(&path, bytes).map_err(unwritable)?;
        }
        if missing.is_empty() {
            check_ours(&self.target)?; // it may have changed while we computed
            fs::rename(&self.target, &old).map_err(unwritable)?;
        }
        let top = missing.last().unwrap_or(&self.target.as_path()).to_path_buf();
        let whole = new.ancestors().nth(missing.len().saturating_sub(1)).unwrap_or(&new);
        if let Err(e) = fs::rename(whole, top) {
            if missing.is_empty() {
                fs::rename(&old, &self.target).map_err(unwritable)?;
            }
            return Err(unwritable(e));
        }
        let mut names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
        names.sort();
        Ok(Written { folder: self.target.clone(), files: names })
    }
}

/// Writes one file below `folder`, whole or not at all; the folders on the way are made.
///
/// # Errors
/// [`OutError::Unwritable`].
pub fn file_into(folder: &Path, (name, bytes): &File) -> Result<PathBuf, OutError> {
    let path = folder.join(name);
    let unwritable = |source| OutError::Unwritable { path: path.clone(), source };
    let parent = path.parent().unwrap_or(folder);
    fs::create_dir_all(parent).map_err(unwritable)?;
    let beside = tempfile::Builder::new()
        .prefix(".seatcast-")
        .tempdir_in(parent)
        .map_err(|e| unwritable(e.kind().into()))?;
    let new = beside.path().join("new");
    fs::write(&new, bytes).map_err(unwritable)?;
    fs::rename(&new, &path).map_err(unwritable)?;
    Ok(path)
}

fn check_ours(target: &Path) -> Result<(), OutError> {
    let not_ours = || OutError::NotOurs(target.to_owned());
    let mark = MANIFESTS.into_iter().find(|name| target.join(name).is_file()).ok_or_else(not_ours)?;
    let text = fs::read_to_string(target.join(mark)).map_err(|_| not_ours())?;
    let manifest: serde_json::Value = serde_json::from_str(&text).map_err(|_| not_ours())?;
    if manifest.get("program").and_then(|p| p.as_str()) != Some("seatcast") {
        return Err(not_ours());
    }
    let listed: Vec<&str> = manifest
        .get("files")
        .and_then(|f| f.as_array())
        .map_or_else(Vec::new, |f| f.iter().filter_map(|n| n.as_str()).collect());
    let mut found = Vec::new();
    list(target, "", &mut found).map_err(|_| not_ours())?;
    match found.into_iter().find(|name| name != mark && !listed.contains(&name.as_str())) {
        Some(name) => Err(OutError::Foreign(target.to_owned(), name)),
        None => Ok(()),
    }
}

/// Files below `folder`, with `/` between names, sorted.
fn list(folder: &Path, prefix: &str, found: &mut Vec<String>) -> io::Result<()> {
    let mut entries: Vec<fs::DirEntry> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{name}/"), found)?;
        } else {
            found.push(name);
        }
    }
    Ok(())
}
