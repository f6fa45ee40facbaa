//! The connection machine: drawn scripts, one a rule, and properties over random ones.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by failing"
)]

mod drawn;
mod properties;
mod sim;
mod table;
mod words;
