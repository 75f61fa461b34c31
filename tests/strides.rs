//! Where a position in memory is computed from two or three indices: in the grid and in the kernels of a sweep, nowhere
//! else. A pattern counts the lines that do it.

use std::{fs, path::Path};

use regex::Regex;

/// The grid, the kernels that are written for one layout, and the estimate of memory, which counts and does not index.
const ALLOWED: [&str; 4] =
    ["core/src/grid.rs", "runner/src/sweep/", "runner/src/margin.rs", "runner/src/memory.rs"];

/// Numbers of things that an index may be multiplied by, or split by.
const COUNT: &str = r"(?:\w+\.)*(?:zones|groups|stages|districts|grades|schools|projects|years|leads|draws|units|areas|cells|slots|buildings|width|stride)(?:\.len\(\)|\(\))?";

/// An index, or a sum in brackets.
const INDEX: &str = r"(?:[\w.]+(?:\(\))?|\([\w. +\-]+\))";

/// Arithmetic on measured quantities, which only looks like it.
const FLOAT: &str = r" as f64|f64::|_f64|sqrt";

fn strides() -> [Regex; 2] {
    // i * zones + z, i * zones..., vec![0; years * zones], (h + 1) * grades), zones * years; and at / zones, at % zones
    let stride = format!(
        r"{INDEX} \* {COUNT}(?: [+*] |\.\.|[\])]? ?(?:;|$)|[\]),])|{COUNT} \* {INDEX}(?: \+ |\.\.|\)?;)|\b(?:at|cell|slot|i|k|index|series|column) [/%] {COUNT}\b"
    );
    [stride, FLOAT.to_owned()].map(|pattern| Regex::new(&pattern).unwrap())
}

fn found_in(folder: &Path, patterns: &[Regex; 2], found: &mut Vec<String>) {
    let [stride, float] = patterns;
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found_in(&path, patterns, found);
            continue;
        }
        let name = path.to_string_lossy().replace('\\', "/");
        if path.extension().is_none_or(|ending| ending != "rs")
            || ALLOWED.iter().any(|allowed| name.contains(allowed))
        {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        // what tests do by hand checks what the code does by grid
        for (n, line) in text.lines().enumerate().take_while(|(_, line)| !line.contains("#[cfg(test)]")) {
            let code = line.split("//").next().unwrap_or_default().trim();
            if stride.is_match(code) && !float.is_match(code) {
                found.push(format!("{name}:{}: {code}", n + 1));
            }
        }
    }
}

#[test]
fn positions_are_computed_in_the_grid_and_the_kernels_alone() {
    let mut found = Vec::new();
    found_in(&crate::common::root().join("crates"), &strides(), &mut found);
    found.sort();
    assert!(found.is_empty(), "these lines belong into a grid:\n{}", found.join("\n"));
}

#[test]
fn the_pattern_sees_what_it_is_for() {
    let [stride, float] = strides();
    for line in [
        "let at = (t * zones + z) * grades + g;",
        "let slot = q * self.stages.len() + p;",
        "let row = &cells[z * width..(z + 1) * width];",
        "held: vec![0; years * zones],",
        "let (z, g) = (cell / grades, cell % grades);",
        "Some((lead * self.areas() + area) * self.entry_years + entry)",
    ] {
        assert!(stride.is_match(line) && !float.is_match(line), "{line}");
    }
    for line in ["let sum = a * b + c;", "row[(z, g)] * share", "let mean = sum / draws.len() as f64;"] {
        assert!(!stride.is_match(line) || float.is_match(line), "{line}");
    }
}
