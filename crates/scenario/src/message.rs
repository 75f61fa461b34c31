//! The words of every problem, in Chinese and English: what is wrong, and how to fix it.
//!
//! One `match` a language, so that a missing text does not compile. Messages are fragments that follow the place; values
//! are shown as given; nothing is shown in Rust's own notation.

mod en;
mod figure;
mod ledger;
mod supply;
mod zh;

use seatcast_core::{Lang, bounds::Bound};
use serde::Serialize;

use crate::{
    problem::{Fault, Place, Problem, Severity, Unlisted},
    visible,
};

/// One problem as scripts read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Stable code.
    pub code: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// File name inside the folder.
    pub file: String,
    /// Row as a spreadsheet counts, or line of a text.
    pub row: Option<usize>,
    /// Column heading.
    pub column: Option<String>,
    /// Key path.
    pub key: Option<String>,
    /// What is wrong.
    pub message: String,
    /// How to fix it.
    pub help: String,
}

impl Diagnostic {
    /// A problem in `lang`.
    pub fn new(problem: &Problem, lang: Lang) -> Self {
        let (row, column, key) = match &problem.place {
            Place::File => (None, None, None),
            Place::Line(line, _) => (Some(*line), None, None),
            Place::Key(key) => (None, None, Some(key.clone())),
            Place::Row(row, column) => (Some(*row), column.clone(), None),
        };
        Self {
            code: problem.code(),
            severity: problem.severity().code(),
            file: problem.file.clone(),
            row,
            column,
            key,
            message: message(&problem.fault, lang),
            help: help(&problem.fault, lang),
        }
    }
}

/// Errors, warnings and problems of both kinds that are not listed, in a list of which some were only counted.
pub fn counted(problems: &[Problem]) -> Unlisted {
    let count =
        |severity| problems.iter().filter(|p| p.unlisted().is_none() && p.severity() == severity).count();
    let listed = Unlisted {
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        notes: count(Severity::Note),
    };
    problems.iter().filter_map(Problem::unlisted).fold(listed, |sum, more| Unlisted {
        errors: sum.errors + more.errors,
        warnings: sum.warnings + more.warnings,
        notes: sum.notes + more.notes,
    })
}

/// Errors and warnings as a person reads them, at most `limit` of them, and a line that counts them.
pub fn text(problems: &[Problem], lang: Lang, limit: usize) -> String {
    let mut out = String::new();
    let listed = || problems.iter().filter(|p| p.unlisted().is_none()).take(limit);
    for problem in listed() {
        let severity = match (problem.severity(), lang) {
            (Severity::Error, Lang::Zh) => "错误",
            (Severity::Error, Lang::En) => "error",
            (Severity::Warning, Lang::Zh) => "警告",
            (Severity::Warning, Lang::En) => "warning",
            (Severity::Note, Lang::Zh) => "说明",
            (Severity::Note, Lang::En) => "note",
        };
        let code = problem.code();
        let place = place(problem, lang);
        let (message, help) = (message(&problem.fault, lang), help(&problem.fault, lang));
        let [place, message, help] = [&place, &message, &help].map(|text| visible::in_line(text));
        let (colon, fix) = lang.pick("：|  处理：", ": |  fix: ").split_once('|').unwrap_or_default();
        out.push_str(&format!("{severity} {code} {place}{colon}{message}\n{fix}{help}\n"));
    }
    let Unlisted { errors, warnings, .. } = counted(problems);
    let told = listed().filter(|p| p.severity() != Severity::Note).count();
    if errors + warnings > told {
        let more = errors + warnings - told;
        out.push_str(&match lang {
            Lang::Zh => format!("还有 {more} 条未列出\n"),
            Lang::En => format!("{more} more are not listed\n"),
        });
    }
    if errors + warnings > 0 {
        out.push_str(&match lang {
            Lang::Zh => format!("{errors} 个错误，{warnings} 个警告\n"),
            Lang::En => {
                format!("{errors} {}, {warnings} {}\n", plural(errors, "error"), plural(warnings, "warning"))
            }
        });
    }
    out
}

fn plural(n: usize, word: &str) -> String {
    if n == 1 { word.to_owned() } else { format!("{word}s") }
}

fn place(problem: &Problem, lang: Lang) -> String {
    let file = &problem.file;
    match (&problem.place, lang) {
        (Place::File, _) => file.clone(),
        (Place::Line(line, column), Lang::Zh) => format!("{file} 第 {line} 行第 {column} 列"),
        (Place::Line(line, column), Lang::En) => format!("{file}, line {line}, column {column}"),
        (Place::Key(key), Lang::Zh) => format!("{file} 键 {key}"),
        (Place::Key(key), Lang::En) => format!("{file}, key {key}"),
        (Place::Row(row, None), Lang::Zh) => format!("{file} 第 {row} 行"),
        (Place::Row(row, None), Lang::En) => format!("{file}, row {row}"),
        (Place::Row(row, Some(column)), Lang::Zh) => format!("{file} 第 {row} 行 {column} 列"),
        (Place::Row(row, Some(column)), Lang::En) => format!("{file}, row {row}, column {column}"),
    }
}

/// What is wrong.
pub fn message(fault: &Fault, lang: Lang) -> String {
    match lang {
        Lang::Zh => zh::message(fault),
        Lang::En => en::message(fault),
    }
}

/// How to fix it.
pub fn help(fault: &Fault, lang: Lang) -> String {
    match lang {
        Lang::Zh => zh::help(fault),
        Lang::En => en::help(fault),
    }
}

/// Years in rising order, a run of them as its first and last.
fn years(years: &[i32], lang: Lang) -> String {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for &year in years {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == year => *last = year,
            _ => runs.push((year, year)),
        }
    }
    let shown: Vec<String> = runs
        .into_iter()
        .map(|(first, last)| match last - first {
            0 => first.to_string(),
            _ => format!("{first} {} {last}", lang.pick("至", "to")),
        })
        .collect();
    shown.join(lang.pick("、", ", "))
}

fn range(bound: &Bound) -> String {
    format!("{} .. {}", plain(bound.min), plain(bound.max))
}

/// The one value of a range of one.
fn only(bound: &Bound) -> Option<String> {
    (bound.max - bound.min).abs().lt(&f64::EPSILON).then(|| plain(bound.min))
}

fn plain(number: f64) -> String {
    if number.fract() == 0.0 { format!("{number:.0}") } else { number.to_string() }
}

/// The JSON parser's words as a planner reads them: its own, English, Chinese.
const JSON_WORDS: [(&str, &str, &str); 17] = [
    ("EOF while parsing a list", "the file ends inside a list", "文件在列表中间就结束了"),
    ("EOF while parsing an object", "the file ends inside an object", "文件在对象中间就结束了"),
    ("EOF while parsing a string", "the file ends inside a text", "文件在文字中间就结束了"),
    ("EOF while parsing a value", "the file ends where a value should be", "文件在应有值的地方就结束了"),
    ("expected `:`", "a `:` should be here", "此处应是 `:`"),
    ("expected `,` or `]`", "a `,` or `]` should be here", "此处应是 `,` 或 `]`"),
    ("expected `,` or `}`", "a `,` or `}` should be here", "此处应是 `,` 或 `}`"),
    ("expected `\"`", "a `\"` should be here", "此处应是 `\"`"),
    ("expected ident", "this is no value", "此处不是值"),
    ("expected value", "a value should be here", "此处应是值"),
    ("invalid escape", "`\\` stands before a character it cannot escape", "`\\` 后面的字符不能这样写"),
    ("invalid number", "this is no number", "此处不是数"),
    (
        "control character (\\u0000-\\u001F) found while parsing a string",
        "a line break or control character stands inside a text",
        "文字里有换行或控制字符",
    ),
    ("key must be a string", "a key must stand in double quotes", "键要写在双引号里"),
    ("trailing comma", "a comma stands before the end of a list or object", "列表或对象末尾多了逗号"),
    ("trailing characters", "something follows the end of the document", "文档结束之后还有内容"),
    ("recursion limit exceeded", "lists and objects are nested too deeply", "列表和对象嵌套太深"),
];

fn json_words(words: &str, lang: Lang) -> &str {
    JSON_WORDS.iter().find(|(own, ..)| *own == words).map_or(words, |&(_, en, zh)| lang.pick(zh, en))
}
