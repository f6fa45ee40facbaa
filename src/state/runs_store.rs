//! The list of runs.

use leptos::prelude::*;
use model::run::RunSummary;

/// How many runs the list holds at most: the newest.
pub const LISTED: usize = 200;

/// How the list stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Listing {
    /// The first answer is on its way.
    Loading,
    /// Here it is, newest first.
    Loaded,
    /// It could not be had, for a person; the runs are those of the last good answer.
    Failed(String),
}

/// What the list page reads.
#[derive(Clone, Copy)]
pub struct RunsStore {
    /// Newest first.
    pub runs: RwSignal<Vec<RunSummary>>,
    /// How the list stands.
    pub listing: RwSignal<Listing>,
}

impl RunsStore {
    /// Nothing known yet.
    pub fn new() -> Self {
        Self {
            runs: RwSignal::new(Vec::new()),
            listing: RwSignal::new(Listing::Loading),
        }
    }
}
