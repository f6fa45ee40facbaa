//! Conversations with backends: tables of what is asked and what becomes of the answers.

#![allow(
    clippy::unwrap_used,
    reason = "a drawing that cannot be read fails its test"
)]

mod operations;
mod playbook;
mod studio;
