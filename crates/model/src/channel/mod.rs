//! The orthogonal tracks of a run beside its events: each sorted by time, each cut by a prefix.

pub mod agent;
pub mod log;
pub mod sorted;
pub mod terminal;
