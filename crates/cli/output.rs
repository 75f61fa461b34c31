//! Where results go: opened before anything is computed, put in place at the end, and what is said of it.

use std::path::{Path, PathBuf};

use seatcast::{
    Lang, OutError, OutFolder,
    report::{self, File, Recovered, ToFile, Which, Written},
    scenario::{self, Invalid},
};

use crate::{
    args::Shared,
    messages::{refuse, say_warning},
    progress::WaitedFor,
};

/// Files that a command files in its scenario besides its results.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filing<'a> {
    /// The flag that asks for it.
    pub(crate) flag: &'static str,
    /// The folder of the scenario.
    pub(crate) folder: &'a str,
}

/// A results folder, and the scenario's folder in which something is filed, that may be written.
pub(crate) struct Output {
    out: OutFolder,
    /// The scenario and the flag, if something is filed.
    filing: Option<(PathBuf, &'static str)>,
    shared: Shared,
}

/// Why nothing can be written: by flag what the system refuses, and what is wrong with the scenario's own folders.
#[derive(Debug, Default)]
pub(crate) struct Refusal {
    pub(crate) out: Vec<(&'static str, OutError)>,
    pub(crate) invalid: Vec<Invalid>,
}

impl Output {
    /// Opens the results folder of a command that reads `scenario`, and says what was left by runs that are gone.
    pub(crate) fn open(
        out: &Path,
        scenario: Option<&Path>,
        filing: Option<Filing<'_>>,
        shared: Shared,
    ) -> Result<Self, Refusal> {
        let mut refusal = Refusal::default();
        let opened = OutFolder::open(out, scenario).map_err(|error| refusal.out.push(("--out", error))).ok();
        if let (Some(scenario), Some(Filing { flag, folder })) = (scenario, filing) {
            match scenario::writable(scenario, &format!("{folder}/new.csv")) {
                Ok(path) => match report::check_filing(scenario, &path) {
                    Ok(recovered) => say_recovered(&recovered, shared),
                    Err(error) => refusal.out.push((flag, error)),
                },
                // a file in the place of the folder: to be said as such, not as a file that cannot be read
                Err(_) if scenario.join(folder).is_file() => {
                    refusal.out.push((flag, OutError::UnderFile(scenario.join(folder))));
                }
                Err(invalid) => refusal.invalid.push(invalid),
            }
        }
        match opened {
            Some(out) if refusal.out.is_empty() && refusal.invalid.is_empty() => {
                say_recovered(out.recovered(), shared);
                let filing = scenario.zip(filing).map(|(scenario, f)| (scenario.to_owned(), f.flag));
                Ok(Self { out, filing, shared })
            }
            _ => Err(refusal),
        }
    }

    /// Where the results will be, for people.
    pub(crate) fn shown(&self) -> String {
        self.out.shown().display().to_string()
    }

    /// Puts `files` in place, and `filed` in the scenario: all of it, or nothing. `None` if that failed; it has been said why.
    pub(crate) fn write(self, files: &[File], filed: Vec<File>) -> anyhow::Result<Option<Written>> {
        let _waited_for = WaitedFor::new();
        let Self { out, filing, shared } = self;
        let mut to_file = Vec::new();
        let mut refusal = Refusal::default();
        if let Some((scenario, _)) = &filing {
            for (name, bytes) in filed {
                match scenario::writable(scenario, &name) {
                    Ok(path) => to_file.push(ToFile { path, bytes }),
                    Err(invalid) => refusal.invalid.push(invalid),
                }
            }
        }
        let paths: Vec<PathBuf> = to_file.iter().map(|file| file.path.clone()).collect();
        if refusal.invalid.is_empty() {
            match out.write(files, to_file) {
                Ok(written) => {
                    say_kept(&written, shared);
                    return Ok(Some(written));
                }
                Err(error) => {
                    let of_filed = error.path().is_some_and(|path| paths.iter().any(|p| p.starts_with(path)));
                    let flag = filing.filter(|_| of_filed).map_or("--out", |(_, flag)| flag);
                    refusal.out.push((flag, error));
                }
            }
        }
        refuse(&[], Some(&refusal), shared)?;
        Ok(None)
    }
}

/// Says what became of results that a person had changed.
fn say_kept(written: &Written, shared: Shared) {
    let Some((kept, changed)) = &written.kept else { return };
    let folder = written.folder.display();
    let names = changed.iter().take(3).map(String::as_str).collect::<Vec<_>>();
    let lang = Lang::from(shared.lang);
    let message = match (changed.len(), lang) {
        (0, Lang::Zh) => format!("{folder} 由旧版本写成，无从得知是否改过：原结果保留在 {}", kept.display()),
        (0, Lang::En) => format!(
            "{folder} was written by an earlier version, which does not show whether it was edited: it is kept as {}",
            kept.display()
        ),
        (n, Lang::Zh) => format!(
            "{folder} 中有 {n} 个文件在写出之后被改过（{}）：原结果保留在 {}",
            names.join("、"),
            kept.display()
        ),
        (n, Lang::En) => format!(
            "{n} {} in {folder} had been edited ({}): the earlier results are kept as {}",
            if n == 1 { "file" } else { "files" },
            names.join(", "),
            kept.display()
        ),
    };
    let help = lang.pick("不再需要时可以删除", "delete them when you no longer need them");
    say_warning("W181", "--out", &message, help, shared);
}

/// Says what was found of runs that are gone.
pub(crate) fn say_recovered(recovered: &Recovered, shared: Shared) {
    let lang = Lang::from(shared.lang);
    if !recovered.cleared.is_empty() {
        let count = recovered.cleared.len();
        let message = match lang {
            Lang::Zh => format!("清除了中断的运行留下的 {count} 个隐藏文件夹"),
            Lang::En if count == 1 => {
                "a hidden folder that an interrupted run had left was removed".to_owned()
            }
            Lang::En => format!("{count} hidden folders that interrupted runs had left were removed"),
        };
        say_warning("W182", "--out", &message, "", shared);
    }
    for (path, which) in &recovered.finished {
        let path = path.display();
        let message = match (which, lang) {
            (Which::New, Lang::Zh) => format!("{path}：上次运行在写出时中断，现已补全，是新结果"),
            (Which::New, Lang::En) => {
                format!("{path}: a run was interrupted while it put its results in place; that is done now")
            }
            (Which::Old, Lang::Zh) => format!("{path}：上次运行在写出时中断，已恢复为原结果"),
            (Which::Old, Lang::En) => {
                format!(
                    "{path}: a run was interrupted while it put its results in place; the earlier ones are back"
                )
            }
        };
        say_warning("W183", "--out", &message, "", shared);
    }
    for path in &recovered.stuck {
        let path = path.display();
        let message = match lang {
            Lang::Zh => format!("{path} 中有中断的运行留下的结果，目前无法放到位"),
            Lang::En => format!("{path} holds results of an interrupted run that cannot be put in place now"),
        };
        let help = lang.pick("检查权限和磁盘，再运行一次", "check permissions and the disk, then run again");
        say_warning("W184", "--out", &message, help, shared);
    }
}
