//! What several modules need: paths, the command, tables read back.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use seatcast::{core::grid::Cells, geography::Frame};

/// Rows of cells, year by year, in the shape of a frame.
pub(crate) fn in_shape<T>(frame: &Frame, rows: impl IntoIterator<Item = Vec<T>>) -> Vec<Cells<T>> {
    rows.into_iter().map(|row| Cells::from_vec(frame.cells(), row)).collect()
}

/// Root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Folder of a shipped scenario.
pub(crate) fn shipped(name: &str) -> PathBuf {
    root().join("scenarios").join(name)
}

/// Every shipped scenario, sorted.
pub(crate) fn all_shipped() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(root().join("scenarios"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(!names.is_empty());
    names
}

/// Runs the command `seatcast` with `arguments` in the root of the repository.
pub(crate) fn seatcast(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_seatcast")).args(arguments).current_dir(root()).output().unwrap()
}

/// Runs a command line as it is typed, without quotes, and expects it to end well.
pub(crate) fn typed(line: &str) -> Output {
    let ran = seatcast(&line.split_whitespace().skip(1).collect::<Vec<_>>());
    assert_eq!(ran.status.code(), Some(0), "{line}\n{}", text(&ran.stderr));
    ran
}

/// Whether expected files are to be written anew instead of compared.
pub(crate) fn blessing() -> bool {
    is_on("SEATCAST_BLESS")
}

/// Whether a switch of the developer is 1.
#[expect(clippy::disallowed_methods, reason = "a switch of the developer, it touches no result")]
pub(crate) fn is_on(switch: &str) -> bool {
    std::env::var(switch).is_ok_and(|v| v == "1")
}

/// Compares `found` with the file at `path`, or writes it while blessing.
pub(crate) fn check_file(path: &Path, found: &str) {
    if blessing() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, found).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(path)
        .unwrap_or_else(|_| panic!("{} is missing: SEATCAST_BLESS=1 cargo test writes it", path.display()));
    if expected == found {
        return;
    }
    let first = expected.lines().zip(found.lines()).position(|(a, b)| a != b);
    let at = first.unwrap_or_else(|| expected.lines().count().min(found.lines().count()));
    panic!(
        "{} differs from line {}:\n  expected {}\n  found    {}\nSEATCAST_BLESS=1 cargo test writes it anew",
        path.display(),
        at + 1,
        expected.lines().nth(at).unwrap_or("(end)"),
        found.lines().nth(at).unwrap_or("(end)"),
    );
}

/// The rows of a table by column, a byte-order mark left out.
pub(crate) fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let heading = reader.headers().unwrap().clone();
    reader
        .records()
        .map(|record| {
            heading.iter().zip(&record.unwrap()).map(|(h, c)| (h.to_owned(), c.to_owned())).collect()
        })
        .collect()
}

/// What was printed.
pub(crate) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
