//! The scenario folder: files are read whole, within limits, and never from outside it.

use std::{
    fs,
    io::{ErrorKind, Read},
    path::{Component, Path, PathBuf},
};

use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};

use crate::{
    encoding::{Encoding, NoText, decode},
    ledger::{self, LedgerFile},
    limits::{Limit, Limits},
    problem::{Fault, HistoryFault, Invalid, LedgerFault, Place, Problem, Problems, Refusal},
};

/// A file that was read: what a reader needs to reproduce the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Name inside the folder.
    pub name: String,
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// An open scenario folder.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    encoding: Option<Encoding>,
    /// Files read so far.
    pub(crate) read: Vec<InputFile>,
}

impl Folder {
    /// Opens `path`, whose texts are in the stated encoding if there is one; pushes [`Fault::NoFolder`] if it is none.
    pub(crate) fn open(path: &Path, encoding: Option<Encoding>, problems: &mut Problems) -> Option<Self> {
        let shown = path.display().to_string();
        match fs::canonicalize(path) {
            Ok(root) if root.is_dir() => Some(Self { root, encoding, read: Vec::new() }),
            _ => {
                problems.push(&shown, Place::File, Fault::NoFolder);
                None
            }
        }
    }

    /// Reads a text file. A missing one is a problem only if `required`.
    pub(crate) fn text(&mut self, name: &str, required: bool, problems: &mut Problems) -> Option<String> {
        let path = self.inside(name, required, problems)?;
        let file = text(&path, name, self.encoding, problems)?;
        self.read.push(file.input);
        Some(file.text)
    }

    /// Reads the ledger, if there is one, waiting for a writer to finish its line. Its lines are judged one by one, so
    /// it is bytes and not a text.
    pub(crate) fn ledger(&mut self, problems: &mut Problems) -> Option<Vec<u8>> {
        let name = ledger::FILE;
        let path = self.inside(name, false, problems)?;
        let read = plain_file(&path, problems.limits()).and_then(|()| {
            LedgerFile::at(path).bytes().map_err(|e| match e.kind() {
                ErrorKind::WouldBlock => Fault::Ledger(LedgerFault::Busy),
                _ => Fault::Unreadable(refusal(&e)),
            })
        });
        match read {
            Ok(bytes) => {
                let bytes = bytes.unwrap_or_default();
                if !problems.take(Limit::FolderBytes, bytes.len() as u64, name) {
                    return None;
                }
                self.read.push(input(name, &bytes));
                Some(bytes)
            }
            Err(fault) => {
                problems.push(name, Place::File, fault);
                None
            }
        }
    }

    /// The path of a file of this folder, links followed, if it is there and not outside.
    fn inside(&self, name: &str, required: bool, problems: &mut Problems) -> Option<PathBuf> {
        let mut fail = |fault| {
            problems.push(name, Place::File, fault);
            None
        };
        if leaves(name) {
            return fail(Fault::PathLeaves(name.to_owned()));
        }
        let stated = self.root.join(name);
        let path = match fs::canonicalize(&stated) {
            Ok(path) => path,
            Err(e) if e.kind() == ErrorKind::NotFound => {
                // a link to nothing was put there on purpose: not the same as no file
                return if required || stated.is_symlink() { fail(Fault::FileMissing) } else { None };
            }
            Err(e) => return fail(Fault::Unreadable(refusal(&e))),
        };
        if !path.starts_with(&self.root) {
            return fail(Fault::PathLeaves(name.to_owned()));
        }
        Some(path)
    }

    /// Names of the plain files in a folder inside this one, sorted, at most `most`; none if it is not there.
    pub(crate) fn names_in(&self, folder: &str, most: usize) -> Vec<String> {
        let entries = fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten();
        let files = entries.filter(|e| e.path().is_file());
        let mut names: Vec<String> =
            files.filter_map(|e| e.file_name().into_string().ok()).take(most).collect();
        names.sort();
        names
    }

    /// The same; `None` and a fault if there are more of them than are read.
    pub(crate) fn limited_names_in(&self, folder: &str, problems: &mut Problems) -> Option<Vec<String>> {
        let most = problems.limits().count(Limit::Files);
        let names = self.names_in(folder, most.saturating_add(1));
        problems.within(Limit::Files, names.len() as u64, folder, Place::File).then_some(names)
    }
}

/// The path at which the file `name` of the scenario at `folder` may be written: links resolved, inside the folder, and a
/// plain file if it is there. The folders on the way may be missing.
///
/// # Errors
/// [`Invalid`] if a link or the name leads out of the folder, or something else than a plain file stands there.
pub fn writable(folder: &Path, name: &str) -> Result<PathBuf, Invalid> {
    let fail = |file: &str, fault| Err(Invalid { problems: vec![Problem::of_file(file, fault)] });
    let root = match fs::canonicalize(folder) {
        Ok(root) if root.is_dir() => root,
        _ => return fail(&folder.display().to_string(), Fault::NoFolder),
    };
    if leaves(name) {
        return fail(name, Fault::PathLeaves(name.to_owned()));
    }
    let mut path = root.clone();
    let parts: Vec<Component<'_>> = Path::new(name).components().collect();
    for (i, part) in parts.iter().enumerate() {
        let stated = path.join(part);
        let Ok(meta) = fs::symlink_metadata(&stated) else {
            path = stated; // what is not there is made inside
            continue;
        };
        path = match fs::canonicalize(&stated) {
            Ok(path) if path.starts_with(&root) => path,
            // out of the folder, or a link to nothing, which could lead anywhere
            Ok(_) => return fail(name, Fault::PathLeaves(name.to_owned())),
            Err(_) if meta.is_symlink() => return fail(name, Fault::PathLeaves(name.to_owned())),
            Err(e) => return fail(name, Fault::Unreadable(refusal(&e))),
        };
        let last = i + 1 == parts.len();
        match fs::metadata(&path) {
            Ok(meta) if meta.is_dir() && last => return fail(name, Fault::FileIsFolder),
            Ok(meta) if !meta.is_dir() && !last => {
                return fail(name, Fault::Unreadable(Refusal::ThroughFile));
            }
            Ok(meta) if !meta.is_file() && last => return fail(name, Fault::Unreadable(Refusal::NotPlain)),
            Ok(_) => {}
            Err(e) => return fail(name, Fault::Unreadable(refusal(&e))),
        }
    }
    Ok(path)
}

/// A text file and what a reader needs to reproduce it.
pub(crate) struct TextFile {
    pub(crate) text: String,
    pub(crate) input: InputFile,
}

/// Reads the text file at `path`, called `name` in messages.
pub(crate) fn text(
    path: &Path,
    name: &str,
    encoding: Option<Encoding>,
    problems: &mut Problems,
) -> Option<TextFile> {
    let limits = *problems.limits();
    let read = plain_file(path, &limits)
        .and_then(|()| fs::read(path).map_err(|e| Fault::Unreadable(refusal(&e))))
        .map(|bytes| (input(name, &bytes), bytes))
        .and_then(|(input, bytes)| Ok((input, unpacked(bytes, limits.of(Limit::FileBytes))?)));
    let (input, bytes) = match read {
        Ok(read) => read,
        Err(fault) => {
            problems.push(name, Place::File, fault);
            return None;
        }
    };
    if !problems.take(Limit::FolderBytes, bytes.len() as u64, name) {
        return None;
    }
    match decode(bytes, encoding) {
        Ok(decoded) => {
            if encoding.is_none() && decoded.encoding != Encoding::Utf8 {
                problems.push(name, Place::File, Fault::EncodingFound(decoded.encoding));
            }
            Some(TextFile { text: decoded.text, input })
        }
        Err(NoText { before, byte, encoding }) => {
            let (lines, last) = before.split('\n').fold((0, ""), |(n, _), line| (n + 1, line));
            let fault = Fault::NotText(byte, encoding);
            problems.push(name, Place::Line(lines, last.chars().count() + 1), fault);
            None
        }
    }
}

/// Whether there is a plain file of a size that is read.
fn plain_file(path: &Path, limits: &Limits) -> Result<(), Fault> {
    let most = limits.of(Limit::FileBytes);
    match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => Err(Fault::FileIsFolder),
        Ok(meta) if !meta.is_file() => Err(Fault::Unreadable(Refusal::NotPlain)),
        Ok(meta) if meta.len() > most => Err(Fault::Beyond(Limit::FileBytes, most)),
        Ok(_) => Ok(()),
        Err(e) => Err(match refusal(&e) {
            // a file of the scenario has been found by now: this one was named on the command line
            Refusal::ThroughFile | Refusal::BadName => Fault::NoFile,
            _ if e.kind() == ErrorKind::NotFound => Fault::NoFile,
            other => Fault::Unreadable(other),
        }),
    }
}

fn input(name: &str, bytes: &[u8]) -> InputFile {
    InputFile { name: name.to_owned(), sha256: hex(&Sha256::digest(bytes)), bytes: bytes.len() as u64 }
}

/// The bytes of a gzip file unpacked, within the limit; any other bytes as they are.
fn unpacked(bytes: Vec<u8>, most: u64) -> Result<Vec<u8>, Fault> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut plain = Vec::new();
    match GzDecoder::new(bytes.as_slice()).take(most + 1).read_to_end(&mut plain) {
        Ok(read) if read as u64 > most => Err(Fault::Beyond(Limit::FileBytes, most)),
        Ok(_) => Ok(plain),
        Err(_) => Err(Fault::History(HistoryFault::NotGzip)),
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, b| text + &format!("{b:02x}"))
}

/// Whether `name` points out of the folder before any link is followed.
pub(crate) fn leaves(name: &str) -> bool {
    let inside = |c| matches!(c, Component::Normal(_) | Component::CurDir);
    name.is_empty() || !Path::new(name).components().all(inside)
}

fn refusal(e: &std::io::Error) -> Refusal {
    match e.kind() {
        ErrorKind::PermissionDenied => Refusal::NotPermitted,
        ErrorKind::NotADirectory => Refusal::ThroughFile,
        ErrorKind::InvalidFilename | ErrorKind::InvalidInput => Refusal::BadName,
        _ => Refusal::System(e.to_string()),
    }
}
