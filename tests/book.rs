//! The book says what the program does: every page is listed, every link holds, every command shown is run in the order
//! of its page and prints what the page shows, every picture is the one the program draws.
//!
//! A page is a story typed into a terminal:
//! - ```` ```console ```` holds commands behind `$ ` and what they print. `...` alone on a line stands for lines left out;
//!   what stands before it must be the beginning of the output and what follows the end. A command that prints something
//!   shows some of it: `...` alone is refused. `console,exit=2` expects that exit code.
//! - ```` ```csv,file=NAME ```` writes the file NAME (any language may stand before the comma).
//! - ```` ```python ```` is run by `python3`; ```` ```text,output ```` after it is what it prints.
//!
//! Each page starts in a folder of its own that holds the shipped scenarios.

use std::{
    collections::BTreeSet,
    fs,
    io::Read,
    path::{Component, Path, PathBuf},
    process::Command,
};

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::common::{blessing, check_file, root, typed};

/// Every page of the book, as a path below `docs/`.
fn pages() -> Vec<PathBuf> {
    fn below(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(&path, found);
            } else if path.extension().is_some_and(|e| e == "md") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    below(&root().join("docs"), &mut found);
    found.retain(|p| !p.ends_with("SUMMARY.md"));
    found.sort();
    assert!(found.len() > 15, "{found:?}");
    found
}

/// The text of a page with what it includes.
fn text_of(page: &Path) -> String {
    let text = fs::read_to_string(page).unwrap();
    let Some(rest) = text.strip_prefix("{{#include ") else { return text };
    let name = rest.trim_end().trim_end_matches("}}");
    fs::read_to_string(page.parent().unwrap().join(name)).unwrap()
}

/// Where a page leads to and which anchors it has.
struct Links {
    to: Vec<String>,
    anchors: BTreeSet<String>,
}

fn links(text: &str) -> Links {
    let (mut to, mut anchors) = (Vec::new(), BTreeSet::new());
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                to.push(dest_url.into_string());
            }
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&words);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let words = heading.take().unwrap();
                let id: String = words
                    .trim()
                    .chars()
                    .filter_map(|c| match c {
                        c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c.to_ascii_lowercase()),
                        c if c.is_whitespace() => Some('-'),
                        _ => None,
                    })
                    .collect();
                let free = (0..).map(|n| if n == 0 { id.clone() } else { format!("{id}-{n}") });
                anchors.insert(free.into_iter().find(|i| !anchors.contains(i)).unwrap());
            }
            _ => {}
        }
    }
    Links { to, anchors }
}

/// `path` without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => assert!(plain.pop()),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

#[test]
fn the_summary_lists_every_page_once() {
    let summary = fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap();
    let mut listed: Vec<PathBuf> = links(&summary).to.iter().map(|to| root().join("docs").join(to)).collect();
    listed.sort();
    assert_eq!(listed, pages());
}

#[test]
fn every_link_leads_somewhere() {
    let mut texts: Vec<PathBuf> = pages();
    texts.extend(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|f| root().join(f)));
    texts.extend(crate::common::all_shipped().iter().map(|s| crate::common::shipped(s).join("README.md")));
    let (mut broken, mut seen) = (Vec::new(), 0);
    for page in &texts {
        let text = text_of(page);
        let own = links(&text);
        for to in &own.to {
            if to.contains("://") || to.starts_with("mailto:") {
                continue;
            }
            seen += 1;
            let (file, anchor) = to.split_once('#').unwrap_or((to, ""));
            let target =
                if file.is_empty() { page.clone() } else { plain(&page.parent().unwrap().join(file)) };
            let inside = !page.starts_with(root().join("docs")) || target.starts_with(root().join("docs"));
            let there =
                target.exists() && (anchor.is_empty() || links(&text_of(&target)).anchors.contains(anchor));
            if !there || !inside {
                broken.push(format!("{}: {to}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(seen > 60, "{seen} links");
}

#[test]
fn pages_begin_with_one_title() {
    for page in pages() {
        let text = text_of(&page);
        let titles = Parser::new(&text)
            .filter(|e| matches!(e, Event::Start(Tag::Heading { level: HeadingLevel::H1, .. })))
            .count();
        assert_eq!(titles, 1, "{}", page.display());
    }
}

/// A fenced block: its info string, its content, and where the content stands in the page.
struct Block {
    info: String,
    content: String,
    at: std::ops::Range<usize>,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                inside = true;
                blocks.push(Block {
                    info: info.into_string(),
                    content: String::new(),
                    at: range.end..range.end,
                });
            }
            Event::Text(words) if inside => {
                let block = blocks.last_mut().unwrap();
                block.content.push_str(&words);
                block.at = block.at.start.min(range.start)..range.end;
            }
            Event::End(TagEnd::CodeBlock) => inside = false,
            _ => {}
        }
    }
    blocks
}

/// Runs a command as a terminal shows it: what is said and what is printed, in the order in which it comes.
fn at_terminal(folder: &Path, line: &str, exit: i32) -> String {
    let mut words = line.split_whitespace();
    assert_eq!(words.next(), Some("seatcast"), "only seatcast is run: {line}");
    let (mut read, write) = std::io::pipe().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_seatcast"));
    command.args(words).current_dir(folder).stdout(write.try_clone().unwrap()).stderr(write);
    let mut child = command.spawn().unwrap();
    drop(command);
    let mut printed = String::new();
    read.read_to_string(&mut printed).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(exit), "{line}\n{printed}");
    printed.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// What of `printed` a page shows that left lines out where `shown` does.
fn as_shown(shown: &[&str], printed: &str) -> Vec<String> {
    let printed: Vec<&str> = printed.lines().collect();
    let gaps = shown.iter().filter(|l| **l == "...").count();
    if gaps == 0 {
        return printed.iter().map(|l| (*l).to_owned()).collect();
    }
    let first = shown.iter().position(|l| *l == "...").unwrap();
    let last = shown.iter().rposition(|l| *l == "...").unwrap();
    let head = printed.iter().take(first);
    let middle: &[&str] = if gaps == 2 { &shown[first + 1..last] } else { &[] };
    // a passage in the middle is found by its first line
    let from = middle.first().and_then(|l| printed.iter().position(|p| p == l)).unwrap_or(0);
    let middle = printed.iter().skip(from).take(middle.len());
    let tail = printed.iter().skip(printed.len().saturating_sub(shown.len() - 1 - last));
    let dots = &"...";
    let parts = head.chain([dots]).chain(middle).chain((gaps == 2).then_some(dots)).chain(tail);
    parts.map(|l| (*l).to_owned()).collect()
}

/// The content of a console block with what its commands print now.
fn played(folder: &Path, block: &Block) -> String {
    let exit = block.info.split_once("exit=").map_or(0, |(_, code)| code.parse().unwrap());
    let mut out = String::new();
    let mut lines = block.content.lines().peekable();
    while let Some(line) = lines.next() {
        let command = line.strip_prefix("$ ").unwrap_or_else(|| panic!("not a command: {line}"));
        let mut shown = Vec::new();
        while let Some(more) = lines.next_if(|l| !l.starts_with("$ ")) {
            shown.push(more);
        }
        let printed = at_terminal(folder, command, exit);
        let compared = shown.iter().any(|l| *l != "...");
        assert!(compared || printed.is_empty(), "the page shows nothing of what this prints: {command}");
        out.push_str(line);
        out.push('\n');
        for line in as_shown(&shown, &printed) {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What a Python script prints in `folder`.
fn script(folder: &Path, text: &str) -> String {
    let ran = Command::new("python3").arg("-c").arg(text).current_dir(folder).output();
    let ran = ran.expect("the scripts of the book need python3");
    assert!(ran.status.success(), "{text}\n{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

/// Plays a page from its first block to its last; the number of commands and scripts run.
fn play(page: &Path) -> usize {
    let text = fs::read_to_string(page).unwrap();
    let all = blocks(&text);
    let runs = |b: &Block| b.info.starts_with("console") || b.info == "python";
    if !all.iter().any(runs) {
        return 0;
    }
    let folder = tempfile::tempdir().unwrap();
    copied(&root().join("scenarios"), &folder.path().join("scenarios"));
    let (mut now, mut from, mut commands) = (String::new(), 0, 0);
    let mut printed = String::new();
    for block in &all {
        if block.info == "python" {
            commands += 1;
            printed = script(folder.path(), &block.content);
        }
        if block.info == "text,output" {
            now.push_str(&text[from..block.at.start]);
            now.push_str(&printed);
            from = block.at.end;
        }
        if let Some((_, name)) = block.info.split_once("file=") {
            fs::write(folder.path().join(name), &block.content).unwrap();
        }
        if block.info.starts_with("console") {
            commands += block.content.lines().filter(|l| l.starts_with("$ ")).count();
            now.push_str(&text[from..block.at.start]);
            now.push_str(&played(folder.path(), block));
            from = block.at.end;
        }
    }
    now.push_str(&text[from..]);
    check_file(page, &now);
    commands
}

#[test]
fn every_command_shown_prints_what_the_page_shows() {
    let of_page: Vec<usize> = pages().iter().map(|page| play(page)).collect();
    assert!(of_page.iter().sum::<usize>() > 30, "{of_page:?}");
}

/// Rust is run as a test of the facade, which includes the page; shell commands and manifests of other projects are not
/// for this place. What is none of these would be a snippet that nothing runs.
#[test]
fn every_snippet_is_of_a_kind_that_is_run_or_cannot_be() {
    let mut kinds: BTreeSet<String> = BTreeSet::new();
    for page in pages().iter().filter(|page| !page.starts_with(root().join("docs/diagnostics"))) {
        for block in blocks(&fs::read_to_string(page).unwrap()) {
            let run = block.info.starts_with("console") || block.info.contains(",file=");
            let embedding = page.ends_with("how-to/embedding.md") && ["rust", "toml"].contains(&&*block.info);
            let other = ["python", "text", "text,output", "sh", "json"].contains(&&*block.info);
            assert!(run || embedding || other, "{}: {}", page.display(), block.info);
            kinds.insert(block.info);
        }
    }
    assert!(kinds.contains("python") && kinds.contains("rust"), "{kinds:?}");
}

#[test]
fn the_pictures_are_those_the_program_draws() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    fs::write(folder.path().join("plan-a.csv"), "project,decide\nc15,2025-10\n").unwrap();
    fs::write(folder.path().join("plan-b.csv"), "project,decide\nc19,2025-10\n").unwrap();
    let plans = format!("--programme committed --programme {here}/plan-a.csv --programme {here}/plan-b.csv");
    for lang in ["en", "zh"] {
        typed(&format!("seatcast run scenarios/futian-2019 -o {here}/run-{lang} --lang {lang}"));
        typed(&format!("seatcast run scenarios/teaching -o {here}/compare-{lang} --lang {lang} {plans}"));
    }
    typed(&format!("seatcast sweep scenarios/futian-2019 -o {here}/sweep-en --schedules 2000"));
    let mut expected = BTreeSet::new();
    for (folder_of, chart, langs) in [
        ("run", "gap-futian-primary", "en zh"),
        ("run", "heat-primary", "en zh"),
        ("run", "programme-futian", "en zh"),
        ("compare", "compare-east-junior", "en zh"),
        ("compare", "base--committed/waterfall-east-junior", "en"),
        ("compare", "base--committed/tide-east", "en"),
        ("compare", "base--committed/ledger-west", "en"),
        ("sweep", "front", "en"),
    ] {
        let (part, chart) = chart.rsplit_once('/').unwrap_or(("", chart));
        for lang in langs.split(' ') {
            let drawn = format!("{folder_of}-{lang}/{part}/charts/{chart}.svg");
            let svg = fs::read_to_string(folder.path().join(drawn)).unwrap();
            let name = format!("{chart}.{lang}.svg");
            check_file(&root().join("docs/images").join(&name), &svg);
            expected.insert(name);
        }
    }
    for name in &expected {
        let shown = pages().iter().any(|page| text_of(page).contains(&format!("images/{name}")));
        assert!(shown, "no page shows {name}");
    }
    let found: BTreeSet<String> = fs::read_dir(root().join("docs/images"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(blessing() || found == expected, "{found:?}");
}

/// Text of every file with this ending below a folder.
fn sources(folder: &Path, ending: &str) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.push_str(&sources(&path, ending));
        } else if path.extension().is_some_and(|e| e == ending) {
            all.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    all
}

/// A recipe that names a file or a test which has moved would send its reader astray.
#[test]
fn the_guide_for_developers_names_files_and_tests_that_are_there() {
    let guide = fs::read_to_string(root().join("docs/development/guide.md")).unwrap();
    let code = sources(&root().join("tests"), "rs") + &sources(&root().join("crates"), "rs");
    let (mut files, mut tests, mut missing) = (0, 0, Vec::new());
    for event in Parser::new(&guide) {
        let Event::Code(words) = event else { continue };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_./-".contains(c);
        if !words.chars().all(plain) {
            continue; // a command, or a name to be filled in
        }
        if words.contains('/') {
            files += 1;
            let there =
                [root().join("crates"), root().to_path_buf()].iter().any(|from| from.join(&*words).exists());
            missing.extend((!there).then(|| words.to_string()));
        } else if words.len() > 25 {
            tests += 1;
            missing.extend((!code.contains(&format!("fn {words}"))).then(|| words.to_string()));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(files > 30 && tests > 4, "{files} files, {tests} tests");
}

/// Every table of the golden results stands on the page of the results, with its columns or as one of the long form.
#[test]
fn the_page_of_the_results_lists_every_table_with_its_columns() {
    let page = fs::read_to_string(root().join("docs/results.md")).unwrap();
    let mut seen = BTreeSet::new();
    for scenario in fs::read_dir(root().join("tests/golden")).unwrap() {
        for file in fs::read_dir(scenario.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|e| e != "csv") {
                continue;
            }
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(&path).unwrap();
            let columns = text.lines().next().unwrap().trim_start_matches('\u{feff}').replace(',', ", ");
            let listed = if columns.ends_with("measure, value") {
                // its measures are compared in the tests of the command line
                page.lines().any(|line| line == format!("## `{name}`"))
            } else {
                let of = |line: &&str| line.starts_with(&format!("| `{name}` |"));
                page.lines().filter(of).any(|line| line.contains(&format!("`{columns}`")))
            };
            assert!(listed, "docs/results.md does not describe {name}: {columns}");
            seen.insert(name);
        }
    }
    assert!(seen.len() > 15, "{seen:?}");
}
