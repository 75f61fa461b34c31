//! The scenario folder: files are read whole, within limits, and never from outside it.

use std::{
    fs,
    io::{ErrorKind, Read},
    path::{Component, Path, PathBuf},
};

use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};

use crate::problem::{Fault, HistoryFault, Place, Problems, Refusal};

/// Largest file that is read, bytes. A table of 3,000 zones and 30 years is below 20 MB.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

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
    /// Files read so far.
    pub(crate) read: Vec<InputFile>,
}

impl Folder {
    /// Opens `path`; pushes [`Fault::NoFolder`] if it is none.
    pub(crate) fn open(path: &Path, problems: &mut Problems) -> Option<Self> {
        let shown = path.display().to_string();
        match fs::canonicalize(path) {
            Ok(root) if root.is_dir() => Some(Self { root, read: Vec::new() }),
            _ => {
                problems.push(&shown, Place::File, Fault::NoFolder);
                None
            }
        }
    }

    /// Reads a text file. A missing one is a problem only if `required`.
    pub(crate) fn text(&mut self, name: &str, required: bool, problems: &mut Problems) -> Option<String> {
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
        let (text, read) = read_text(name, &path, problems)?;
        self.read.push(read);
        text
    }
}

/// The text of a plain or gzipped file, and what a reader needs to reproduce the run; `None` (outer) if it cannot be
/// read, (inner) if it is not UTF-8. `name` is what messages call it.
pub(crate) fn read_text(
    name: &str,
    path: &Path,
    problems: &mut Problems,
) -> Option<(Option<String>, InputFile)> {
    let mut fail = |fault| {
        problems.push(name, Place::File, fault);
        None
    };
    let bytes = match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => return fail(Fault::FileIsFolder),
        Ok(meta) if !meta.is_file() => return fail(Fault::Unreadable(Refusal::NotPlain)),
        Ok(meta) if meta.len() > MAX_BYTES => return fail(Fault::TooLarge(meta.len(), MAX_BYTES)),
        Ok(_) => match fs::read(path) {
            Ok(bytes) => bytes,
            Err(e) => return fail(Fault::Unreadable(refusal(&e))),
        },
        Err(e) if e.kind() == ErrorKind::NotFound => return fail(Fault::FileMissing),
        Err(e) => return fail(Fault::Unreadable(refusal(&e))),
    };
    let read =
        InputFile { name: name.to_owned(), sha256: hex(&Sha256::digest(&bytes)), bytes: bytes.len() as u64 };
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        match GzDecoder::new(bytes.as_slice()).take(MAX_BYTES + 1).read_to_end(&mut plain) {
            Ok(_) if plain.len() as u64 > MAX_BYTES => {
                return fail(Fault::TooLarge(plain.len() as u64, MAX_BYTES));
            }
            Ok(_) => plain,
            Err(_) => return fail(Fault::History(HistoryFault::NotGzip)),
        }
    } else {
        bytes
    };
    let text = match String::from_utf8(bytes) {
        Ok(text) => Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(e) => {
            let at = e.utf8_error().valid_up_to();
            let valid = String::from_utf8_lossy(&e.as_bytes()[..at]);
            let (lines, last) = valid.split('\n').fold((0, ""), |(n, _), line| (n + 1, line));
            problems.push(name, Place::Line(lines, last.chars().count() + 1), Fault::NotUtf8(at + 1));
            None
        }
    };
    Some((text, read))
}

fn hex(bytes: &[u8]) -> String {
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
