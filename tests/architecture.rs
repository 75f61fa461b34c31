//! Who may know whom, only downwards; and what an embedder never has to build.

use std::collections::BTreeSet;

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
