//! Standard output and standard error. One that is gone or full never ends the program: the codes a command ends with are
//! what scripts go by.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use seatcast::{Lang, scenario::visible};

use crate::args::Format;

/// Standard output took no more of what was printed.
#[derive(Debug)]
pub(crate) struct OutputLost {
    source: io::Error,
    /// Where the results are, if they were written.
    results: Option<PathBuf>,
    /// Whether it was faults of the input that could not be printed.
    faults: bool,
}

impl std::fmt::Display for OutputLost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for OutputLost {}

impl OutputLost {
    /// The same of faults: the command ends as if they had been read.
    pub(crate) fn of_faults(self) -> Self {
        Self { faults: true, ..self }
    }

    /// The exit code.
    pub(crate) fn code(&self) -> u8 {
        if self.faults { 2 } else { 1 }
    }

    /// What is said of it.
    pub(crate) fn text(&self, lang: Lang) -> String {
        let reason = match self.source.kind() {
            io::ErrorKind::StorageFull => lang.pick("磁盘已满", "the disk is full").to_owned(),
            _ => self.source.to_string(),
        };
        let results = self.results.as_ref().map(|folder| folder.display().to_string());
        match (lang, results) {
            (Lang::Zh, Some(folder)) => {
                format!(
                    "错误 E172 标准输出：{reason}\n  处理：结果完整，在 {folder}；腾出空间或改换输出位置后再运行\n"
                )
            }
            (Lang::Zh, None) => {
                format!("错误 E172 标准输出：{reason}\n  处理：腾出空间或改换输出位置后再运行\n")
            }
            (Lang::En, Some(folder)) => format!(
                "error E172 standard output: {reason}\n  fix: the results are complete, in {folder}; make room, or send the output elsewhere\n"
            ),
            (Lang::En, None) => {
                format!(
                    "error E172 standard output: {reason}\n  fix: make room, or send the output elsewhere\n"
                )
            }
        }
    }
}

/// Prints a text for people to standard output. What names and cells hold can neither steer the terminal nor hide in it.
pub(crate) fn print(text: &str) -> Result<(), OutputLost> {
    written(&visible::shown(text))
}

/// Prints a text for people, or a JSON document.
pub(crate) fn print_as(format: Format, text: &str) -> Result<(), OutputLost> {
    match format {
        Format::Text => print(text),
        Format::Json => written(&visible::shown_json(text)),
    }
}

/// A reader that has gone away is no fault.
fn written(text: &str) -> Result<(), OutputLost> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            Err(OutputLost { source: e, results: None, faults: false })
        }
        _ => Ok(()),
    }
}

/// Prints what a command says of the results it has written to `folder`.
pub(crate) fn print_results(format: Format, text: &str, folder: &Path) -> Result<(), OutputLost> {
    print_as(format, text).map_err(|lost| OutputLost { results: Some(folder.to_owned()), ..lost })
}

/// Says something on standard error; nobody can be told that nobody listens.
pub(crate) fn tell(text: &str) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(visible::shown(text).as_bytes()).and_then(|()| out.flush());
}
