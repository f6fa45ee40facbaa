//! A run followed live over real sockets, by the very code that the app follows it with: in every
//! dialect, by stream and by polls, cut and resumed, while it is being recorded.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod chance;
#[path = "../../crates/server/tests/common/mod.rs"]
mod common;
mod dialects;
mod follower;
mod history;
mod long_log;
mod requests;
mod script;
mod seen;
