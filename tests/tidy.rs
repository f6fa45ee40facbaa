//! Keeps the tree tidy: who may import whom, a few words that must not occur, and the contract's lock.
//!
//! Each rule is a function from drawn or real files to a list of complaints, and has a test of its own
//! that it bites. Folders that are not there yet are fine.

#[path = "tidy/contract_lock.rs"]
mod contract_lock;
#[path = "tidy/import_table.rs"]
mod import_table;
#[path = "tidy/imports.rs"]
mod imports;
#[path = "tidy/rules.rs"]
mod rules;
#[path = "tidy/rust.rs"]
mod rust;

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the tree.
#[derive(Clone, Debug)]
pub struct File {
    /// From the root, with `/`.
    pub path: String,
    /// All of it.
    pub text: String,
}

#[test]
fn imports_point_one_way() {
    let mut files = rust_files();
    files.extend(tree("crates", "Cargo.toml"));
    assert_tidy(imports::check(&files));
}

#[test]
fn every_rust_file_opens_with_a_sentence() {
    assert_tidy(rules::opening_sentence(&rust_files()));
}

#[test]
fn no_test_is_ignored() {
    assert_tidy(rules::ignored_tests(&rust_files()));
}

#[test]
fn nothing_is_unwrapped_outside_tests() {
    assert_tidy(rules::unwraps(&rust_files()));
}

#[test]
fn the_app_injects_leaks_and_calls_out_nowhere() {
    assert_tidy(rules::app_words(&rust_files()));
}

#[test]
fn the_contract_moves_with_its_document() {
    let document = root().join("docs/api.md");
    let document = fs::read_to_string(&document).unwrap_or_default();
    let sources = tree("crates/contract/src", ".rs");
    assert_tidy(contract_lock::check(&sources, contract::VERSION, &document));
}

#[test]
fn the_walk_finds_this_file() {
    assert!(rust_files().iter().any(|file| file.path == "tests/tidy.rs"));
}

fn assert_tidy(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

fn rust_files() -> Vec<File> {
    ["src", "crates", "tests", "benches"]
        .iter()
        .flat_map(|folder| tree(folder, ".rs"))
        .collect()
}

/// The files below `folder` whose path ends with `end`, sorted by path.
fn tree(folder: &str, end: &str) -> Vec<File> {
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                if !matches!(name.as_str(), "target" | "node_modules") && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if name.ends_with(end) {
                files.push(File {
                    path: from_root(&path),
                    text: read(&path),
                });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn from_root(path: &Path) -> String {
    let path = path.strip_prefix(root()).unwrap_or(path);
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// The root of the project, from the crate that claims this test.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
