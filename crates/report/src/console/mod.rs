//! Results in words: what a command prints, and the letters and bulletins it writes.

mod accuracy;
mod backtest;
mod board;
mod bulletin;
mod compare;
mod cycle;
mod ledger;
pub mod letter;
mod sweep;

use comfy_table::{CellAlignment, Table, presets};
use seatcast_core::Lang;

pub use accuracy::accuracy_text;
pub use backtest::backtest_text;
pub use board::board_text;
pub use bulletin::{Quarter, bulletin_text};
pub use compare::compare_text;
pub use cycle::cycle_text;
pub use ledger::{entries_text, ledger_text};
pub use sweep::sweep_text;

/// A heading in both languages.
type Heading = (&'static str, &'static str);

/// A table of text under these headings.
fn grid(headings: impl IntoIterator<Item = String>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header(headings.into_iter().collect::<Vec<_>>());
    table
}

/// Headings in the language of the reader.
fn headed(headings: &[Heading], lang: Lang) -> Table {
    grid(headings.iter().map(|(zh, en)| lang.pick(zh, en).to_owned()))
}

/// Sets columns of figures to the right.
fn right(table: &mut Table, columns: impl IntoIterator<Item = usize>) {
    for column in columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// Title and notice of what is printed.
fn head(title: &str, notice: &str) -> String {
    if notice.is_empty() { format!("{title}\n") } else { format!("{title}\n! {notice}\n") }
}

/// What results rest on, below what is printed of them.
pub(crate) fn note(basis: &str, lang: Lang) -> String {
    format!("{}{basis}\n", lang.pick("注：", "Note: "))
}

/// Where the results are, if they were written.
pub(crate) fn results_in(files: Option<&str>, lang: Lang) -> String {
    files.map_or_else(String::new, |files| format!("{}{files}\n", lang.pick("结果文件夹：", "Results in ")))
}
