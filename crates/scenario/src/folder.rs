//! The scenario folder: files are read whole, within limits, and never from outside it.

use std::{
    fs,
    io::ErrorKind,
    path::{Component, Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::problem::{Fault, Place, Problems};

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
        let relative = Path::new(name);
        let climbs = relative.components().any(|c| !matches!(c, Component::Normal(_)));
        if climbs || name.is_empty() {
            return fail(Fault::PathLeaves(name.to_owned()));
        }
        let path = match fs::canonicalize(self.root.join(relative)) {
            Ok(path) => path,
            Err(e) if e.kind() == ErrorKind::NotFound => {
                return if required { fail(Fault::FileMissing) } else { None };
            }
            Err(e) => return fail(Fault::Unreadable(reason(&e))),
        };
        if !path.starts_with(&self.root) {
            return fail(Fault::PathLeaves(name.to_owned()));
        }
        let bytes = match fs::metadata(&path) {
            Ok(meta) if meta.is_dir() => return fail(Fault::FileIsFolder),
            Ok(meta) if !meta.is_file() => return fail(Fault::Unreadable("not a plain file".to_owned())),
            Ok(meta) if meta.len() > MAX_BYTES => return fail(Fault::TooLarge(meta.len(), MAX_BYTES)),
            Ok(_) => match fs::read(&path) {
                Ok(bytes) => bytes,
                Err(e) => return fail(Fault::Unreadable(reason(&e))),
            },
            Err(e) => return fail(Fault::Unreadable(reason(&e))),
        };
        self.read.push(InputFile {
            name: name.to_owned(),
            sha256: hex(&Sha256::digest(&bytes)),
            bytes: bytes.len() as u64,
        });
        match String::from_utf8(bytes) {
            Ok(text) => Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
            Err(e) => {
                let at = e.utf8_error().valid_up_to();
                let line = e.as_bytes()[..at].split(|b| *b == b'\n').count();
                problems.push(name, Place::Line(line, 1), Fault::NotUtf8(at));
                None
            }
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, b| text + &format!("{b:02x}"))
}

fn reason(e: &std::io::Error) -> String {
    match e.kind() {
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => e.to_string(),
    }
}
