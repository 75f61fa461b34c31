//! Why results cannot be written, in words.

use std::{
    io,
    path::{Path, PathBuf},
};

use seatcast_core::Lang;

use crate::names::Forbidden;

/// Why a results folder cannot be written. Found before anything is computed, wherever it can be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutError {
    /// It exists and was not written by seatcast.
    #[error("{0} exists and was not written by seatcast")]
    NotOurs(PathBuf),
    /// It was written by seatcast, but holds files that were not.
    #[error("{folder} holds {file}, which seatcast did not write")]
    Foreign {
        /// The folder.
        folder: PathBuf,
        /// The first such file in it.
        file: String,
    },
    /// A file stands where a folder on the way should be.
    #[error("{0} is a file, so nothing can be written under it")]
    UnderFile(PathBuf),
    /// It has a name that Windows does not take, so nobody there could open it.
    #[error("{path}: {}", .why.words(Lang::En))]
    BadName {
        /// The folder.
        path: PathBuf,
        /// What is wrong with a name on its way.
        why: Forbidden,
    },
    /// Another program holds a file of it open.
    #[error("{file} in {folder} is open in another program")]
    HeldOpen {
        /// The folder.
        folder: PathBuf,
        /// The file that is held.
        file: String,
    },
    /// It is a folder that the scenario keeps for itself.
    #[error("{0} is a folder in which the scenario keeps its own files")]
    InsideScenario(PathBuf),
    /// The system refuses.
    #[error("{path} cannot be written: {source}")]
    Unwritable {
        /// The folder.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// The results could not be put in place, and the earlier state could not be restored: both are kept.
    #[error(
        "{path} could not be replaced, and what was there could not be put back: {source}; both are kept in {kept}"
    )]
    Stuck {
        /// What was to be replaced.
        path: PathBuf,
        /// The hidden folder that holds the new files and those that were there before.
        kept: PathBuf,
        /// The system's words.
        source: io::Error,
    },
}

impl OutError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            OutError::NotOurs(_) => "E071",
            OutError::Foreign { .. } => "E072",
            OutError::UnderFile(_) => "E073",
            OutError::Unwritable { .. } => "E074",
            OutError::HeldOpen { .. } => "E180",
            OutError::InsideScenario(_) => "E181",
            OutError::BadName { .. } => "E182",
            OutError::Stuck { .. } => "E183",
        }
    }

    /// What is wrong.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (OutError::Unwritable { path, source }, Lang::En) => {
                format!("{} cannot be written: {}", path.display(), reason(source, lang))
            }
            (OutError::Stuck { path, kept, source }, Lang::En) => format!(
                "{} could not be replaced ({}), and what was there could not be put back; the earlier and the new files are both kept in {}",
                path.display(),
                reason(source, lang),
                kept.display()
            ),
            (_, Lang::En) => self.to_string(),
            (OutError::NotOurs(path), Lang::Zh) => {
                format!("{} 已存在，且不是 seatcast 写的", path.display())
            }
            (OutError::Foreign { folder, file }, Lang::Zh) => {
                format!("{} 中有 {file}，不是 seatcast 写的", folder.display())
            }
            (OutError::UnderFile(path), Lang::Zh) => format!("{} 是文件，不能在它下面写", path.display()),
            (OutError::BadName { path, why }, Lang::Zh) => {
                format!("{}：{}", path.display(), why.words(Lang::Zh))
            }
            (OutError::HeldOpen { folder, file }, Lang::Zh) => {
                format!("{} 中的 {file} 正被另一个程序打开", folder.display())
            }
            (OutError::InsideScenario(path), Lang::Zh) => {
                format!("{} 是情景存放自己文件的文件夹", path.display())
            }
            (OutError::Unwritable { path, source }, Lang::Zh) => {
                format!("{} 无法写入：{}", path.display(), reason(source, lang))
            }
            (OutError::Stuck { path, kept, source }, Lang::Zh) => format!(
                "{} 无法替换（{}），原有文件也未能放回；新旧两份都保留在 {}",
                path.display(),
                reason(source, lang),
                kept.display()
            ),
        }
    }

    /// How to fix it.
    pub fn help(&self, lang: Lang) -> &'static str {
        match self {
            OutError::NotOurs(_) => {
                lang.pick("换一个不存在的文件夹名", "name a folder that does not exist yet")
            }
            OutError::Foreign { .. } => {
                lang.pick("先把这个文件移走，以免丢失", "move that file away first, so that it is not lost")
            }
            OutError::UnderFile(_) => lang.pick("换一个路径", "choose another path"),
            OutError::HeldOpen { .. } => lang.pick(
                "在 Excel 或 WPS 中关闭这个文件，再运行一次；或换一个文件夹",
                "close the file in Excel or LibreOffice and run again, or name another folder",
            ),
            OutError::BadName { .. } => lang.pick(
                "换一个在 Windows 上也能用的名称",
                "choose a name that can be used on Windows too",
            ),
            OutError::InsideScenario(_) => {
                lang.pick("换一个情景之外的文件夹", "name a folder outside the scenario")
            }
            OutError::Unwritable { .. } => lang.pick(
                "换一个路径，或检查权限和磁盘空间",
                "choose another path, or check permissions and disk space",
            ),
            OutError::Stuck { .. } => lang.pick(
                "磁盘恢复后运行 seatcast verify，它会把结果放到位；在此之前不要删除那个隐藏文件夹",
                "when the disk works again run seatcast verify, which puts the results in place; keep the hidden folder until then",
            ),
        }
    }

    /// What could not be written, if it is the system that refuses.
    pub fn path(&self) -> Option<&Path> {
        match self {
            OutError::Unwritable { path, .. } | OutError::Stuck { path, .. } => Some(path),
            _ => None,
        }
    }

    /// [`OutError::Unwritable`] of `path`.
    pub(super) fn unwritable(path: &Path, source: io::Error) -> Self {
        OutError::Unwritable { path: path.to_owned(), source }
    }
}

/// The common refusals of a system in plain words, every other in its own.
pub fn reason(source: &io::Error, lang: Lang) -> String {
    /// `ERROR_SHARING_VIOLATION`, `ERROR_LOCK_VIOLATION` and `ERROR_INVALID_HANDLE` of Windows.
    const SHARING: [i32; 2] = [32, 33];
    const INVALID_HANDLE: i32 = 6;
    let windows = |codes: &[i32]| cfg!(windows) && source.raw_os_error().is_some_and(|c| codes.contains(&c));
    let (zh, en) = match source.kind() {
        _ if windows(&SHARING) => ("文件正被另一个程序打开", "a file is open in another program"),
        _ if windows(&[INVALID_HANDLE]) => ("系统保留了这个名称", "the system keeps this name for itself"),
        io::ErrorKind::PermissionDenied => ("系统不允许", "the system does not permit it"),
        io::ErrorKind::NotFound => ("没有这样的文件或文件夹", "there is no such file or folder"),
        io::ErrorKind::InvalidFilename => {
            ("名称太长或含有不允许的字符", "the name is too long or has a character it may not have")
        }
        io::ErrorKind::InvalidInput => ("不能有这样的名称", "there can be no folder of this name"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ("磁盘已满", "the disk is full"),
        io::ErrorKind::WriteZero => ("磁盘没有写完", "the disk did not take all of it"),
        io::ErrorKind::FileTooLarge => ("文件太大", "the file is too large"),
        io::ErrorKind::Unsupported => ("不是普通文件", "it is not a plain file"),
        io::ErrorKind::ReadOnlyFilesystem => ("文件系统是只读的", "the file system is read-only"),
        io::ErrorKind::ResourceBusy => ("正被另一个程序使用", "another program is using it"),
        io::ErrorKind::CrossesDevices => ("跨越了磁盘", "it lies on another disk"),
        io::ErrorKind::NotADirectory => ("路径中有一段是文件", "a part of the path is a file"),
        io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists => {
            ("另一次运行刚刚写了它", "another run has just written it")
        }
        _ if source.raw_os_error() == Some(5) && cfg!(unix) => {
            ("读写磁盘出错", "the disk reports an input or output error")
        }
        _ => return source.to_string(),
    };
    lang.pick(zh, en).to_owned()
}
