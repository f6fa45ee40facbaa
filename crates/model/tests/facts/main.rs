//! What is derived from a journal beside its states: drawn runs in, drawn facts out, and what holds
//! for every run.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a drawing that cannot be read fails its test"
)]

mod attempts;
mod clocks;
mod critical_path;
#[path = "../drawn/mod.rs"]
mod drawn;
mod extremes;
mod groups;
mod marks;
mod quiet;
#[path = "../drawn/rich.rs"]
mod rich;
mod runs;
mod summary;
mod waiting;
