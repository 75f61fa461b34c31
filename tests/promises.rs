//! What SECURITY.md promises of the code itself: no network, no unsafe code of ours, no other program started, and licences
//! that anybody may use.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

use crate::common::root;

/// Crates that speak to a network, or that everything that does is built on.
const NETWORK: [&str; 40] = [
    "actix-web",
    "async-io",
    "async-net",
    "async-std",
    "attohttpc",
    "axum",
    "curl",
    "curl-sys",
    "git2",
    "h2",
    "hickory-resolver",
    "hyper",
    "hyper-util",
    "isahc",
    "libgit2-sys",
    "libssh2-sys",
    "mio",
    "minreq",
    "native-tls",
    "openssl",
    "openssl-sys",
    "polling",
    "quinn",
    "reqwest",
    "rustls",
    "smol",
    "socket2",
    "ssh2",
    "surf",
    "tiny_http",
    "tokio",
    "tonic",
    "tower",
    "tungstenite",
    "ureq",
    "warp",
    "webpki-roots",
    "websocket",
    "zbus",
    "zmq",
];

/// Licences of which one must be enough for every crate of the command.
const LICENCES: [&str; 7] =
    ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "Zlib", "Unicode-3.0", "Unlicense"];

fn metadata() -> Metadata {
    MetadataCommand::new().manifest_path(root().join("Cargo.toml")).exec().unwrap()
}

/// What the command is built from, on every platform: its dependencies and theirs, those of tests left out.
fn behind_the_command(metadata: &Metadata) -> BTreeSet<&PackageId> {
    let resolve = metadata.resolve.as_ref().unwrap();
    let nodes: BTreeMap<&PackageId, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let mut left: Vec<&PackageId> =
        metadata.packages.iter().filter(|p| p.name.as_str() == "seatcast").map(|p| &p.id).collect();
    let mut found = BTreeSet::new();
    while let Some(id) = left.pop() {
        if found.insert(id) {
            let used = |dep: &&cargo_metadata::NodeDep| {
                dep.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development)
            };
            left.extend(nodes[id].deps.iter().filter(used).map(|dep| &dep.pkg));
        }
    }
    found
}

#[test]
fn the_command_is_built_from_nothing_that_speaks_to_a_network() {
    let metadata = metadata();
    let found = behind_the_command(&metadata);
    assert!(found.len() > 100, "the tree was read: {}", found.len());
    for id in found {
        let name = metadata[id].name.as_str();
        assert!(!NETWORK.contains(&name), "the command is built from {name}");
    }
}

#[test]
fn every_crate_of_the_command_may_be_used_by_anybody() {
    let metadata = metadata();
    for id in behind_the_command(&metadata) {
        let package = &metadata[id];
        let stated =
            package.license.as_deref().unwrap_or_default().replace(['(', ')'], " ").replace('/', " OR ");
        // every part joined by AND must be met by one of those joined by OR
        let met = |part: &str| part.split(" OR ").any(|licence| LICENCES.contains(&licence.trim()));
        assert!(stated.split(" AND ").all(met), "{}: {stated}", package.name);
    }
}

/// Rust files below a folder.
fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    out
}

#[test]
fn no_crate_of_ours_has_unsafe_code_opens_a_connection_or_starts_a_program() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unsafe_code = \"forbid\""), "the compiler refuses unsafe code");
    for package in metadata().workspace_packages() {
        let own = fs::read_to_string(&package.manifest_path).unwrap();
        assert!(
            own.contains("[lints]\nworkspace = true"),
            "{} keeps the lints of the workspace",
            package.name
        );
    }
    let files = sources(&root().join("crates"));
    assert!(files.len() > 100, "the sources were read: {}", files.len());
    for (file, text) in files {
        for word in
            ["unsafe {", "unsafe fn", "unsafe impl", "std::net", "process::Command", "TcpStream", "UdpSocket"]
        {
            assert!(!text.contains(word), "{file} has {word}");
        }
    }
}
