//! The house rules that a grep or the manifest can check (ARCHITECTURE.md, "Invariants").

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use siteward_tests::root;

fn sources(folder: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found.sort();
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

/// Code without comments and without `#[cfg(test)]` modules at a file's end.
fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn files_with(folders: &[&str], needles: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for path in folders.iter().flat_map(|folder| sources(folder)) {
        let code = code_of(&path);
        for needle in needles {
            if code.contains(needle) {
                found.push(format!("{}: {needle}", path.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    found
}

const NOTHING: Vec<String> = Vec::new();

#[test]
fn domain_and_qr_do_no_io_and_never_read_the_clock() {
    let needles = [
        "Utc::now",
        "SystemTime",
        "Instant::now",
        "std::fs",
        "TcpStream",
        "UdpSocket",
        "ToSocketAddrs",
        "std::env",
        "std::thread",
    ];
    assert_eq!(files_with(&["domain/src", "qr/src"], &needles), NOTHING);
}

#[test]
fn only_store_knows_diesel_and_only_api_knows_actix() {
    let others = ["domain/src", "qr/src", "devices/src", "worker/src", "api/src", "link/src", "simulator/src"];
    assert_eq!(files_with(&others, &["diesel::", "use diesel"]), NOTHING);
    let others = ["domain/src", "qr/src", "devices/src", "worker/src", "store/src", "link/src", "simulator/src"];
    assert_eq!(files_with(&others, &["actix_web"]), NOTHING);
}

#[test]
fn crates_depend_only_on_what_the_map_allows() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("siteward-domain", &[][..]),
        ("siteward-qr", &["domain"]),
        ("siteward-devices", &["domain"]),
        ("siteward-store", &["domain"]),
        ("siteward-simulator", &["domain"]),
        ("siteward-link", &["domain", "devices"]),
        ("siteward-worker", &["domain", "qr", "store", "devices"]),
        ("siteward-api", &["domain", "qr", "store", "devices", "worker"]),
    ]);
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline", "--locked"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut checked = 0;
    for package in metadata["packages"].as_array().unwrap() {
        let Some(allowed) = allowed.get(package["name"].as_str().unwrap()) else { continue };
        checked += 1;
        for dependency in package["dependencies"].as_array().unwrap() {
            let name = dependency["name"].as_str().unwrap();
            let Some(ours) = name.strip_prefix("siteward-") else { continue };
            let only_tests = dependency["kind"] == "dev";
            assert!(only_tests || allowed.contains(&ours), "{} may not depend on {name}", package["name"]);
        }
    }
    assert_eq!(checked, allowed.len());
}

#[test]
fn simulator_and_devices_do_not_know_each_other() {
    for (folder, other) in [("simulator", "siteward-devices"), ("devices", "siteward-simulator")] {
        let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        assert!(!manifest.contains(other), "{folder} must not know {other}, not even in its tests");
    }
}

#[test]
fn no_file_is_longer_than_a_sitting() {
    let folders = ["domain", "qr", "devices", "store", "worker", "api", "link", "simulator", "tests"];
    let long: Vec<String> = folders
        .iter()
        .flat_map(|folder| sources(folder))
        .filter(|path| !path.ends_with("schema.rs"))
        .filter_map(|path| {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            (lines > 600).then(|| format!("{}: {lines} lines", path.strip_prefix(root()).unwrap().display()))
        })
        .collect();
    assert_eq!(long, NOTHING);
}

#[test]
fn modules_have_no_mod_files_and_no_rooms_for_odds_and_ends() {
    let folders = ["domain", "qr", "devices", "store", "worker", "api", "link", "simulator", "tests"];
    let banned = ["mod.rs", "utils.rs", "util.rs", "helpers.rs", "common.rs", "misc.rs"];
    let found: Vec<String> = folders
        .iter()
        .flat_map(|folder| sources(folder))
        .filter(|path| banned.iter().any(|name| path.ends_with(name)))
        .map(|path| path.display().to_string())
        .collect();
    assert_eq!(found, NOTHING);
}

#[test]
fn every_module_says_why_it_exists() {
    let folders =
        ["domain/src", "qr/src", "devices/src", "store/src", "worker/src", "api/src", "link/src", "simulator/src"];
    let silent: Vec<String> = folders
        .iter()
        .flat_map(|folder| sources(folder))
        .filter(|path| !path.ends_with("schema.rs") && !path.ends_with("tests.rs"))
        .filter(|path| !fs::read_to_string(path).unwrap().starts_with("//!"))
        .map(|path| path.strip_prefix(root()).unwrap().display().to_string())
        .collect();
    assert_eq!(silent, NOTHING);
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |database: &str| {
        let mut names: Vec<String> = fs::read_dir(root().join("migrations").join(database))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
}
