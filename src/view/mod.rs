//! What a person sees: a folder a panel, meeting only through `state`.

pub mod agent;
pub mod connection;
pub mod favicon;
pub mod graph;
pub mod header;
pub mod inspector;
pub mod keys;
pub mod logs;
pub mod pages;
pub mod palette;
pub mod parts;
pub mod run_switch;
pub mod runs;
pub mod steps;
pub mod terminal;
pub mod timeline;
