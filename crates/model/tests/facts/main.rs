//! What is derived from a journal beside its states: drawn runs in, drawn facts out, and what holds
//! for every run.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a drawing that cannot be read fails its test"
)]

mod attempts;
#[path = "../drawn/mod.rs"]
mod drawn;
mod runs;
