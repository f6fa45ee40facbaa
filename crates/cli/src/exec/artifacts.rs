//! Finds the files a step declares as its own.

use std::path::{Path, PathBuf};

/// A file to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its path from where the step ran.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// Where the runner keeps its own files in the work folder.
pub const OWN_FOLDER: &str = ".runreel";

/// Files kept of one step.
pub const ARTIFACT_LIMIT: usize = 1000;

/// The files that match, sorted, each once; and the patterns that match nothing.
pub fn find(patterns: &[String], folder: &Path) -> (Vec<Found>, Vec<String>) {
    let mut found: Vec<Found> = Vec::new();
    let mut missing = Vec::new();
    for pattern in patterns {
        let base = glob::Pattern::escape(&folder.to_string_lossy());
        let absolute = match pattern.starts_with('/') {
            true => pattern.clone(),
            false => format!("{base}/{pattern}"),
        };
        // Patterns were checked when the pipeline was read; a folder that cannot be read holds nothing.
        let paths = glob::glob(&absolute).into_iter().flatten().flatten();
        let before = found.len();
        let ours = |path: &PathBuf| path.starts_with(folder.join(OWN_FOLDER));
        let files = paths.filter(|path| path.is_file() && !ours(path));
        found.extend(files.map(|path| {
            Found {
                name: path
                    .strip_prefix(folder)
                    .unwrap_or(&path)
                    .to_string_lossy()
                    .into_owned(),
                path,
            }
        }));
        if found.len() == before {
            missing.push(pattern.clone());
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found.dedup();
    (found, missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_globs_once_and_in_order() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.csv", "a.csv", "x [1].txt"] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        std::fs::create_dir_all(folder.path().join("sub")).unwrap();
        std::fs::write(folder.path().join("sub/c.csv"), "").unwrap();
        let patterns =
            ["b.csv", "*.csv", "**/*.csv", "sub", "x ?1?.txt", "gone/*"].map(str::to_owned);
        let (found, missing) = find(&patterns, folder.path());
        let names: Vec<_> = found.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(names, ["a.csv", "b.csv", "sub/c.csv", "x [1].txt"]);
        assert_eq!(missing, ["sub", "gone/*"]);
    }
}
