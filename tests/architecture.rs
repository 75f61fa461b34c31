//! Who may know whom, only downwards; and what an embedder never has to build.

use std::{collections::BTreeSet, fs, path::Path};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// A crate of the workspace and the crates of the workspace it may use.
const MAY_KNOW: [(&str, &[&str]); 6] = [
    ("seatcast-core", &[]),
    ("seatcast-plot", &["seatcast-core"]),
    ("seatcast-report", &["seatcast-core", "seatcast-plot"]),
    ("seatcast-runner", &["seatcast-core"]),
    ("seatcast-scenario", &["seatcast-core"]),
    (
        "seatcast",
        &["seatcast-core", "seatcast-plot", "seatcast-report", "seatcast-runner", "seatcast-scenario"],
    ),
];

/// What the engine must not reach: files formats, threads, terminals.
const NOT_IN_CORE: [&str; 8] =
    ["anyhow", "clap", "csv", "indicatif", "plotters", "rayon", "serde", "serde_json"];

fn metadata() -> Metadata {
    MetadataCommand::new().manifest_path(crate::common::root().join("Cargo.toml")).exec().unwrap()
}

fn used(package: &Package) -> impl Iterator<Item = &cargo_metadata::Dependency> {
    package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal)
}

#[test]
fn crates_know_only_those_below_them() {
    let metadata = metadata();
    let members = metadata.workspace_packages();
    let names: BTreeSet<&str> = members.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, MAY_KNOW.iter().map(|(name, _)| *name).collect(), "a crate is not in the table");
    for package in &members {
        let (_, allowed) = MAY_KNOW.iter().find(|(name, _)| *name == package.name.as_str()).unwrap();
        for dependency in used(package).filter(|d| names.contains(d.name.as_str())) {
            assert!(
                allowed.contains(&dependency.name.as_str()),
                "{} knows {}",
                package.name,
                dependency.name
            );
        }
    }
}

#[test]
fn the_engine_reaches_no_files_threads_or_terminals() {
    let metadata = metadata();
    let core =
        metadata.workspace_packages().into_iter().find(|p| p.name.as_str() == "seatcast-core").unwrap();
    let direct: Vec<&str> = used(core).map(|d| d.name.as_str()).collect();
    assert!(direct.len() > 3, "the list of dependencies was read: {direct:?}");
    for name in NOT_IN_CORE {
        assert!(!direct.contains(&name), "seatcast-core depends on {name}");
    }
}

#[test]
fn clap_and_anyhow_are_reached_only_through_the_feature_cli() {
    let metadata = metadata();
    let mut found = 0;
    for package in metadata.workspace_packages() {
        for dependency in used(package).filter(|d| matches!(d.name.as_str(), "clap" | "anyhow" | "indicatif"))
        {
            assert_eq!(package.name.as_str(), "seatcast", "{} is for the command alone", dependency.name);
            assert!(dependency.optional, "{} is not optional", dependency.name);
            let feature = format!("dep:{}", dependency.name);
            for (name, enables) in &package.features {
                assert_eq!(enables.contains(&feature), name == "cli", "feature {name} and {feature}");
            }
            found += 1;
        }
    }
    assert_eq!(found, 3);
}

/// The modules of `report`, each of which may use those before it: what was found, what it is called, what is written of it.
const REPORT: [&str; 11] = [
    "run",
    "stats",
    "names",
    "phrases",
    "documents",
    "tables",
    "charts",
    "console",
    "out",
    "written",
    "files",
];

/// What the root of `report` lends to its modules, and where it comes from.
const LENT: [(&str, &str); 13] = [
    ("AdmissionRun", "run"),
    ("BacktestRun", "run"),
    ("File", "run"),
    ("Input", "run"),
    ("Note", "run"),
    ("Options", "run"),
    ("Provenance", "run"),
    ("Run", "run"),
    ("compare", "documents"),
    ("cycle", "documents"),
    ("sweep", "documents"),
    ("Chart", "charts"),
    ("Figure", "charts"),
];

/// First parts of the paths that a text takes from the root of its crate.
fn from_the_root(text: &str) -> BTreeSet<String> {
    let word =
        |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let mut names = BTreeSet::new();
    for (at, _) in text.match_indices("crate::").filter(|(at, _)| !text[..*at].ends_with('$')) {
        let rest = &text[at + "crate::".len()..];
        if !rest.starts_with('{') {
            names.insert(word(rest));
            continue;
        }
        let (mut depth, mut begins) = (0, false);
        for (i, c) in rest.char_indices() {
            match c {
                '{' => (depth, begins) = (depth + 1, depth == 0),
                '}' => depth -= 1,
                ',' => begins = depth == 1,
                c if c.is_whitespace() => {}
                _ => {
                    if begins {
                        names.insert(word(&rest[i..]));
                    }
                    begins = false;
                }
            }
            if depth == 0 {
                break;
            }
        }
    }
    names
}

fn files_below(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files_below(&path, found) } else { found.push(path) }
    }
}

#[test]
fn the_modules_of_report_look_one_way() {
    let source = crate::common::root().join("crates/report/src");
    let mut files = Vec::new();
    files_below(&source, &mut files);
    let mut uses = 0;
    for file in files {
        let own = file.strip_prefix(&source).unwrap().with_extension("");
        let own = own.iter().next().unwrap().to_str().unwrap().to_owned();
        let Some(place) = REPORT.iter().position(|m| *m == own) else {
            assert_eq!(own, "lib", "{own} stands in no list");
            continue;
        };
        for name in from_the_root(&fs::read_to_string(&file).unwrap()) {
            let module = LENT.iter().find(|(lent, _)| *lent == name).map_or(name.as_str(), |(_, of)| of);
            let of = REPORT.iter().position(|m| *m == module);
            let of = of.unwrap_or_else(|| panic!("{} takes {name} from nowhere", file.display()));
            assert!(of <= place, "{} of {own} uses {module}, which comes after it", file.display());
            uses += 1;
        }
    }
    assert!(uses > 80, "the imports were read: {uses}");
}
