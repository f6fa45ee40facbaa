//! The `runreel` command.

fn main() {}
