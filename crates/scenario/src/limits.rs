//! How much is read. What is more is refused before it costs anything: an input of any kind takes work and memory in
//! proportion to what is allowed here, and no more.
//!
//! One table, [`TABLE`]: docs/limits.md is written from it, and `--limit NAME=N` and `--safe` of the command change it.

use std::fmt::Write as _;

use seatcast_core::Lang;

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// Bytes of one file, packed or not.
    FileBytes,
    /// Bytes of all files that are read together.
    FolderBytes,
    /// Rows of all tables that are read together.
    Rows,
    /// Cells of these rows.
    Cells,
    /// Columns of a table.
    Columns,
    /// Keys and list items of a JSON file.
    Keys,
    /// Lists and objects inside each other in a JSON file.
    Depth,
    /// Characters of a key.
    KeyLength,
    /// Characters of any other text.
    TextLength,
    /// Faults that are kept to be listed.
    Faults,
    /// Zones.
    Zones,
    /// Stages.
    Stages,
    /// Grades of all stages.
    Grades,
    /// Figures of the past: zones, or schools, x years x grades.
    Figures,
    /// Schools.
    Schools,
    /// Projects.
    Projects,
    /// Variants that extend each other.
    Chain,
    /// Cells that the patches of a variant compare or change: the rows of the table x the columns that are named.
    Patched,
    /// Files in a folder of variants, forecasts or rounds.
    Files,
    /// Entries of the ledger.
    Entries,
}

/// A limit as it is declared.
#[derive(Debug, Clone, Copy)]
pub struct Declared {
    /// What is limited.
    pub limit: Limit,
    /// Name on the command line.
    pub name: &'static str,
    /// Code of the fault.
    pub code: &'static str,
    /// Where nothing is said.
    pub value: u64,
    /// With `--safe`: for files from strangers.
    pub safe: u64,
    /// Highest value that may be given.
    pub most: u64,
    /// What is counted, Chinese and English.
    pub words: (&'static str, &'static str),
}

const MIB: u64 = 1024 * 1024;

const fn limit(
    limit: Limit,
    name: &'static str,
    code: &'static str,
    [value, safe, most]: [u64; 3],
    words: (&'static str, &'static str),
) -> Declared {
    Declared { limit, name, code, value, safe, most, words }
}

/// Every limit. A nation of 2,900 districts and 3,000 zones with 30 years of rolls in 15 grades (1.35 million rows) is
/// within them.
pub const TABLE: [Declared; 20] = [
    limit(
        Limit::FileBytes,
        "file-bytes",
        "E006",
        [64 * MIB, 4 * MIB, 1024 * MIB],
        ("一个文件的字节数（解压后）", "bytes of a file, unpacked"),
    ),
    limit(
        Limit::FolderBytes,
        "folder-bytes",
        "E150",
        [128 * MIB, 16 * MIB, 4095 * MIB],
        ("所读全部文件的字节数", "bytes of all files read together"),
    ),
    limit(
        Limit::Rows,
        "rows",
        "E151",
        [1_500_000, 100_000, 100_000_000],
        ("所读全部表格的行数", "rows of all tables read together"),
    ),
    limit(
        Limit::Cells,
        "cells",
        "E152",
        [16_000_000, 1_000_000, 1_000_000_000],
        ("所读全部表格的单元格数", "cells of all tables read together"),
    ),
    limit(Limit::Columns, "columns", "E153", [1_000, 100, 100_000], ("一张表的列数", "columns of a table")),
    limit(
        Limit::Keys,
        "keys",
        "E154",
        [500_000, 20_000, 10_000_000],
        ("一个 JSON 文件的键与列表项数", "keys and list items of a JSON file"),
    ),
    limit(
        Limit::Depth,
        "depth",
        "E155",
        [64, 16, 127],
        ("JSON 列表与对象的嵌套层数", "lists and objects inside each other in JSON"),
    ),
    limit(
        Limit::KeyLength,
        "key-length",
        "E156",
        [1_000, 100, 100_000],
        ("一个键的字数", "characters of a key"),
    ),
    limit(
        Limit::TextLength,
        "text-length",
        "E157",
        [10_000, 1_000, 1_000_000],
        ("其他一段文字的字数", "characters of any other text"),
    ),
    limit(
        Limit::Faults,
        "faults",
        "W160",
        [1_000, 100, 100_000],
        ("列出的问题数，其余只计数", "faults listed; further ones are counted"),
    ),
    limit(Limit::Zones, "zones", "E158", [10_000, 500, 100_000], ("学区数", "zones")),
    limit(Limit::Stages, "stages", "E159", [100, 20, 10_000], ("学段数", "stages")),
    limit(Limit::Grades, "grades", "E160", [1_000, 50, 10_000], ("全部学段的年级数", "grades of all stages")),
    limit(
        Limit::Figures,
        "figures",
        "E161",
        [8_000_000, 500_000, 1_000_000_000],
        (
            "历年数据量：学区（或学校）× 学年 × 年级",
            "figures of the past: zones, or schools, x years x grades",
        ),
    ),
    limit(Limit::Schools, "schools", "E162", [100_000, 2_000, 1_000_000], ("学校数", "schools")),
    limit(Limit::Projects, "projects", "E163", [20_000, 500, 1_000_000], ("项目数", "projects")),
    limit(
        Limit::Chain,
        "chain",
        "E164",
        [100, 10, 10_000],
        ("逐个继承的变体数", "variants that extend each other"),
    ),
    limit(
        Limit::Patched,
        "patched",
        "E168",
        [50_000_000, 5_000_000, 100_000_000_000],
        (
            "变体逐行比对或修改的单元格数：表的行数 × 所写列数，各项修改合计",
            "cells compared or changed by the patches of a variant: rows of the table x columns named, over all patches",
        ),
    ),
    limit(
        Limit::Files,
        "files",
        "E165",
        [2_000, 100, 1_000_000],
        (
            "variants、forecasts 或 rounds 文件夹中的文件数",
            "files in a folder of variants, forecasts or rounds",
        ),
    ),
    limit(
        Limit::Entries,
        "entries",
        "E166",
        [20_000, 2_000, 10_000_000],
        ("台账条数", "entries of the ledger"),
    ),
];

impl Limit {
    /// As it is declared.
    pub fn declared(self) -> &'static Declared {
        &TABLE[self as usize]
    }
}

/// The limits of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits([u64; TABLE.len()]);

impl Default for Limits {
    fn default() -> Self {
        Self(TABLE.map(|declared| declared.value))
    }
}

impl Limits {
    /// Those for files from strangers.
    pub fn safe() -> Self {
        Self(TABLE.map(|declared| declared.safe))
    }

    /// The value of `limit`.
    pub fn of(&self, limit: Limit) -> u64 {
        self.0[limit as usize]
    }

    /// The value of `limit` as a count.
    pub(crate) fn count(&self, limit: Limit) -> usize {
        usize::try_from(self.of(limit)).unwrap_or(usize::MAX)
    }

    /// The same, but for one limit.
    #[must_use]
    pub fn with(mut self, limit: Limit, value: u64) -> Self {
        self.0[limit as usize] = value;
        self
    }
}

/// A limit and its value as they are given on the command line, `NAME=N`.
///
/// # Errors
/// What is allowed instead.
pub fn parse(text: &str) -> Result<(Limit, u64), String> {
    let (name, value) = text.split_once('=').ok_or("NAME=N, for instance rows=5000000")?;
    let Some(declared) = TABLE.iter().find(|d| d.name == name) else {
        return Err(format!("the limits are {}", TABLE.map(|d| d.name).join(", ")));
    };
    match value.parse::<u64>() {
        Ok(value) if (1..=declared.most).contains(&value) => Ok((declared.limit, value)),
        _ => Err(format!("{name} is a whole number from 1 to {}", declared.most)),
    }
}

/// Ranges of arguments that bound the work of a command: command, argument, least, most.
pub const ARGUMENTS: [(&str, &str, u64, u64); 10] = [
    ("run", "--draws", 1, 100_000),
    ("backtest", "--draws", 20, 100_000),
    ("sweep", "--draws", 1, 100_000),
    ("sweep", "--schedules", 1, 1_000_000_000),
    ("sweep", "--top", 1, 1_000_000),
    ("sweep", "--memory", 1, 1_000_000_000),
    ("cycle", "--futures", 2, 100_000),
    ("cycle", "--years", 2, 20),
    ("cycle", "--draws", 20, 10_000),
    ("ledger bulletin", "--draws", 1, 100_000),
];

/// docs/limits.md: what is read at most, in both languages, and the ranges of the arguments.
pub fn page() -> String {
    let mut out = format!("{INTRODUCTION}{}{ARGUMENTS_BEFORE}", table(Lang::En));
    for (command, argument, least, most) in ARGUMENTS {
        // writing to a String cannot fail
        let _ = writeln!(out, "| `seatcast {command}` | `{argument}` | {least} | {most} |");
    }
    out.push_str(IN_CHINESE);
    out.push_str(&table(Lang::Zh));
    out
}

const INTRODUCTION: &str = "\
# Limits

<!-- written from crates/scenario/src/limits.rs; SEATCAST_BLESS=1 cargo test limits writes it anew -->

A file may come from anywhere, and may be broken. What is read is limited, so that input of any kind costs no more memory \
and time than is stated: input that is refused takes at most 512 MiB and a few seconds within the limits below. What is \
more is an error that names the file, the limit and how to raise it; nothing is cut off in silence.

- `--limit NAME=N` raises or lowers a limit, and may be given several times, on every command that reads a scenario: \
`seatcast validate s --limit rows=5000000 --limit zones=20000`.
- `--safe` lowers all of them, for files from strangers; `--limit` goes over it.
- Of more faults than `faults` the first errors are listed, then the first warnings, by file and place; the rest is \
counted.
- Names are compared to suggest another only up to 100 characters, and only so many in a reading.

";

const ARGUMENTS_BEFORE: &str = "
Arguments have ranges of their own; what lies outside is refused before anything is read.

| command | argument | least | most |
|---|---|--:|--:|
";

const IN_CHINESE: &str = "
## 上限

文件可能来自任何地方，也可能已经损坏。读取的内容有上限：在下列范围内，被拒绝的输入最多占用 512 MiB 内存、用时数秒。\
超出的部分按错误报告，写明文件、上限和提高的办法，不会悄悄截断。`--limit NAME=N` 可提高或降低某一项，可多次使用；\
`--safe` 降低全部上限，用于来历不明的文件。

";

/// The table of the limits.
fn table(lang: Lang) -> String {
    let mut out = lang
        .pick(
            "| 名称 | 限制什么 | 默认 | --safe | 最高 | 代码 |\n|---|---|--:|--:|--:|---|\n",
            "| name | what is limited | default | with --safe | at most | code |\n|---|---|--:|--:|--:|---|\n",
        )
        .to_owned();
    for Declared { name, code, value, safe, most, words: (zh, en), .. } in &TABLE {
        let what = lang.pick(zh, en);
        // writing to a String cannot fail
        let _ = writeln!(out, "| `{name}` | {what} | {value} | {safe} | {most} | {code} |");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_stands_at_its_place_and_in_order() {
        for (i, declared) in TABLE.iter().enumerate() {
            assert_eq!(declared.limit as usize, i, "{}", declared.name);
            assert!(declared.safe <= declared.value && declared.value <= declared.most, "{}", declared.name);
            assert_eq!(
                TABLE.iter().filter(|d| d.name == declared.name || d.code == declared.code).count(),
                1
            );
        }
    }

    #[test]
    fn a_nation_is_within_the_limits() {
        let limits = Limits::default();
        assert!(limits.of(Limit::Rows) > 3_000 * 30 * 15 && limits.of(Limit::Figures) > 3_000 * 30 * 15);
        assert!(limits.of(Limit::Cells) > 8 * 3_000 * 30 * 15 && limits.of(Limit::Zones) > 3_000);
    }

    #[test]
    fn a_limit_is_given_by_name_within_its_range() {
        assert_eq!(parse("rows=5000000"), Ok((Limit::Rows, 5_000_000)));
        for wrong in ["rows", "rows=", "rows=0", "rows=-1", "lines=5", "depth=128", "Rows=5"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        let limits = Limits::safe().with(Limit::Rows, 7);
        assert_eq!((limits.of(Limit::Rows), limits.of(Limit::Depth)), (7, 16));
    }
}
