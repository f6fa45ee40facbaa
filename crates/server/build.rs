//! Has the server rebuilt when the built app changes, also when it appears for the first time.

use std::{fs, path::Path};

fn main() {
    let dist = Path::new("../../dist");
    // A folder that is not there cannot be watched: Cargo would rebuild the server every time.
    if let Err(error) = fs::create_dir_all(dist) {
        println!("cargo::warning=cannot create {}: {error}", dist.display());
    }
    println!("cargo::rerun-if-changed=../../dist");
    println!("cargo::rerun-if-changed=build.rs");
}
