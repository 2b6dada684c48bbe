//! Every property holds for every file of its fuzz corpus, and targets, properties, corpora and documents go together.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects by panicking")]

use std::{collections::BTreeSet, fs, panic::catch_unwind, path::PathBuf};

fn fuzz() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz"))
}

fn read(path: &str) -> String {
    fs::read_to_string(fuzz().join(path)).unwrap_or_else(|error| panic!("fuzz/{path}: {error}"))
}

/// The fuzz workspace's binaries, from its manifest.
fn targets() -> BTreeSet<String> {
    let manifest = read("Cargo.toml");
    let binaries = manifest.split("[[bin]]").skip(1);
    let name = |binary: &str| binary.split('"').nth(1).unwrap().to_owned();
    binaries.map(name).collect()
}

#[test]
fn every_property_holds_for_every_file_of_its_corpus() {
    for (name, property) in properties::ALL {
        let folder = fuzz().join("corpus").join(name);
        let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
        let paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        assert!(!paths.is_empty(), "{folder:?} is empty");
        let violates = |path: &&PathBuf| {
            let input = fs::read(path).unwrap();
            catch_unwind(|| property(&input)).is_err()
        };
        let violating: Vec<_> = paths.iter().filter(violates).collect();
        assert!(violating.is_empty(), "{violating:?}");
    }
}

#[test]
fn every_target_calls_the_property_of_its_name_and_every_property_has_one() {
    let properties: BTreeSet<_> =
        properties::ALL.iter().map(|(name, _)| name.to_string()).collect();
    assert_eq!(targets(), properties);
    assert_eq!(properties.len(), properties::ALL.len());
    for name in properties {
        let target = read(&format!("fuzz_targets/{name}.rs"));
        let call = format!("fuzz_target!(|data: &[u8]| properties::{name}(data));");
        assert!(target.contains(&call), "{target}");
        let folders: Vec<_> = fs::read_dir(fuzz().join("corpus")).unwrap().collect();
        assert_eq!(folders.len(), properties::ALL.len());
        let line = format!("| `{name}` |");
        assert!(read("README.md").contains(&line), "fuzz/README.md lacks {line}");
        let function = format!("`{name}`");
        let readme = include_str!("../README.md");
        assert!(readme.contains(&function), "README.md lacks {function}");
    }
}
