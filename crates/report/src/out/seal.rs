//! What a results folder says of itself: the manifest lists its files, and the SHA-256 of each.
//!
//! `sha256` is the last key of the manifest. It is added when the folder is written, since only then every file is there.

use std::{fs, io, io::Read, path::Path};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::error::OutError;
use crate::File;

/// The file that marks the folder of a run and lists what is in it.
pub(crate) const MANIFEST: &str = "run.json";

/// The file that marks a folder of charts.
const PLOT_MANIFEST: &str = "plot.json";

/// The files that mark folders of this program: of a run, a sweep, a closed loop, a comparison, charts.
const MANIFESTS: [&str; 5] =
    [MANIFEST, crate::sweep::MANIFEST, crate::cycle::MANIFEST, crate::compare::MANIFEST, PLOT_MANIFEST];

/// The key of the sums.
const SUMS: &str = "sha256";

/// Largest manifest that is read, bytes.
const MAX_MANIFEST: u64 = 64 * 1024 * 1024;

/// The mark of a folder of charts.
pub fn plot_manifest(files: &[File]) -> File {
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let document =
        serde_json::json!({ "program": "seatcast", "format": 1, "kind": "charts", "files": names });
    (PLOT_MANIFEST.to_owned(), format!("{document:#}\n").into_bytes())
}

/// The place of the manifest among `files`, if there is one.
pub(super) fn manifest_of(files: &[File]) -> Option<usize> {
    files.iter().position(|(name, _)| MANIFESTS.contains(&name.as_str()))
}

/// The manifest at `at` with the sums of all other `files` as its last key; its other bytes stay as they are.
pub(super) fn sealed(files: &[File], at: usize) -> Vec<u8> {
    let sums: Map<String, Value> = files
        .iter()
        .enumerate()
        .filter(|(i, _)| *i != at)
        .map(|(_, (name, bytes))| (name.clone(), Value::from(sum(bytes))))
        .collect();
    let manifest = String::from_utf8_lossy(&files[at].1);
    let sums = format!("{:#}", Value::Object(sums)).replace('\n', "\n  ");
    match manifest.trim_end().strip_suffix('}').map(str::trim_end) {
        Some(start) if start.len() > 1 => format!("{start},\n  \"{SUMS}\": {sums}\n}}\n").into_bytes(),
        _ => files[at].1.clone(),
    }
}

/// SHA-256 as 64 hexadecimal digits.
pub(super) fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |text, b| text + &format!("{b:02x}"))
}

/// A folder that this program wrote.
#[derive(Debug)]
pub(super) struct Ours {
    /// Name of its manifest.
    pub(super) manifest: &'static str,
    /// The files it lists, and their sums if it has them.
    listed: Vec<(String, Option<String>)>,
    /// The files that are there, sorted, those of the system left out.
    found: Vec<String>,
}

/// How the files of a folder differ from what its manifest says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Differences {
    /// Listed, and not there.
    pub missing: Vec<String>,
    /// There, with other bytes than were written.
    pub changed: Vec<String>,
    /// There, and not listed.
    pub foreign: Vec<String>,
    /// The manifest has no sums: an earlier version wrote it.
    pub unknown: bool,
}

impl Differences {
    /// Whether every listed file is there as it was written.
    pub fn is_whole(&self) -> bool {
        self.missing.is_empty() && self.changed.is_empty()
    }
}

impl Ours {
    /// Reads the manifest of `folder`; `None` if this program did not write it.
    pub(super) fn open(folder: &Path) -> Option<Self> {
        let manifest = MANIFESTS.into_iter().find(|name| folder.join(name).is_file())?;
        let bytes = read_plain(&folder.join(manifest), MAX_MANIFEST).ok()?;
        let document: Value = serde_json::from_slice(&bytes).ok()?;
        if document.get("program").and_then(Value::as_str) != Some("seatcast") {
            return None;
        }
        let names = document.get("files").and_then(Value::as_array);
        let sum_of = |name: &str| document.get(SUMS)?.get(name)?.as_str().map(str::to_owned);
        let listed = names
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .filter(|name| *name != manifest)
            .map(|name| (name.to_owned(), sum_of(name)))
            .collect();
        let mut found = Vec::new();
        list(folder, "", &mut found).ok()?;
        Some(Self { manifest, listed, found })
    }

    /// The first file that is there and not listed.
    pub(super) fn foreign(&self) -> Option<&String> {
        let listed = |name: &String| self.listed.iter().any(|(of, _)| of == name);
        self.found.iter().find(|name| *name != self.manifest && !listed(name))
    }

    /// The first file that another program shows that it holds open, by a lock file of its own beside it.
    pub(super) fn held(&self) -> Option<String> {
        self.found.iter().find_map(|name| held_by_lock(name))
    }

    /// Compares every file with its sum.
    pub(super) fn differences(&self, folder: &Path) -> Differences {
        let mut differences = Differences::default();
        for (name, sum_then) in &self.listed {
            if self.found.binary_search(name).is_err() {
                differences.missing.push(name.clone());
                continue;
            }
            match sum_then {
                None => differences.unknown = true,
                Some(then) => match fs::read(folder.join(name)) {
                    Ok(bytes) if sum(&bytes) == *then => {}
                    _ => differences.changed.push(name.clone()),
                },
            }
        }
        let listed: std::collections::BTreeSet<&String> = self.listed.iter().map(|(name, _)| name).collect();
        differences.foreign =
            self.found.iter().filter(|n| *n != self.manifest && !listed.contains(n)).cloned().collect();
        differences
    }
}

/// Refuses what may not be replaced: a folder that is not ours, holds what is not ours, or is held open. An empty folder,
/// or one with nothing but what the system put there, may be.
pub(super) fn check_ours(folder: &Path) -> Result<(), OutError> {
    let not_ours = || OutError::NotOurs(folder.to_owned());
    let mut found = Vec::new();
    list(folder, "", &mut found).map_err(|_| not_ours())?;
    if found.is_empty() {
        return Ok(());
    }
    let ours = Ours::open(folder).ok_or_else(not_ours)?;
    if let Some(file) = ours.held().or_else(|| held_by_share(folder, &ours)) {
        return Err(OutError::HeldOpen { folder: folder.to_owned(), file });
    }
    match ours.foreign() {
        Some(file) => Err(OutError::Foreign { folder: folder.to_owned(), file: file.clone() }),
        None => Ok(()),
    }
}

/// The file whose lock file this is. `LibreOffice` writes `.~lock.NAME#`; Excel and WPS write `~$NAME`.
fn held_by_lock(name: &str) -> Option<String> {
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(f, n)| (f, n));
    let held = file
        .strip_prefix(".~lock.")
        .and_then(|rest| rest.strip_suffix('#'))
        .or_else(|| file.strip_prefix("~$"))
        .or_else(|| file.strip_prefix(".~"))?;
    Some(if folder.is_empty() { held.to_owned() } else { format!("{folder}/{held}") })
}

/// The first file that the system does not give us alone: on Windows an open file keeps its folder in place.
#[cfg(windows)]
fn held_by_share(folder: &Path, ours: &Ours) -> Option<String> {
    use std::os::windows::fs::OpenOptionsExt;
    const SHARING_VIOLATION: i32 = 32;
    let held = |name: &&String| {
        let alone = fs::OpenOptions::new().read(true).share_mode(0).open(folder.join(name));
        alone.is_err_and(|e| e.raw_os_error() == Some(SHARING_VIOLATION))
    };
    ours.found.iter().find(held).cloned()
}

/// Elsewhere an open file stands in nobody's way.
#[cfg(not(windows))]
fn held_by_share(_: &Path, _: &Ours) -> Option<String> {
    None
}

/// What systems put into folders that people look at: it is nobody's work, and goes with the folder.
fn of_the_system(name: &str) -> bool {
    const NAMES: [&str; 4] = [".DS_Store", "Thumbs.db", "desktop.ini", ".directory"];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)) || name.starts_with("._")
}

/// Files below `folder`, with `/` between names, sorted; those of the system left out.
fn list(folder: &Path, prefix: &str, found: &mut Vec<String>) -> io::Result<()> {
    let mut entries: Vec<fs::DirEntry> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let own = entry.file_name();
        let own = own.to_string_lossy();
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{prefix}{own}/"), found)?;
        } else if !of_the_system(&own) {
            found.push(format!("{prefix}{own}"));
        }
    }
    found.sort();
    Ok(())
}

/// The bytes of a plain file of at most `most` bytes.
pub(crate) fn read_plain(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let meta = fs::metadata(path)?;
    if !meta.is_file() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    if meta.len() > most {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_adds_one_key_and_leaves_the_rest_as_it_is() {
        let manifest = "{\n  \"program\": \"seatcast\",\n  \"share\": 0.30000000000000004,\n  \"files\": [\n    \"a.csv\"\n  ]\n}\n";
        let files: Vec<File> =
            vec![("a.csv".into(), b"x".to_vec()), ("run.json".into(), manifest.as_bytes().to_vec())];
        let sealed = String::from_utf8(sealed(&files, 1)).unwrap();
        assert!(sealed.starts_with(manifest.trim_end().trim_end_matches('}').trim_end()));
        let mut document: Map<String, Value> = serde_json::from_str(&sealed).unwrap();
        let sums = document.remove(SUMS).unwrap();
        assert_eq!(
            sums,
            serde_json::json!({ "a.csv": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" })
        );
        assert_eq!(Value::Object(document), serde_json::from_str::<Value>(manifest).unwrap());
    }

    #[test]
    fn lock_files_of_office_programs_name_the_file_they_hold() {
        assert_eq!(held_by_lock(".~lock.balance.csv#").as_deref(), Some("balance.csv"));
        assert_eq!(held_by_lock("charts/~$a.xlsx").as_deref(), Some("charts/a.xlsx"));
        assert_eq!(held_by_lock("balance.csv"), None);
    }
}
