//! What is at hand right now, so that `idle()` knows when nothing is.

use leptos::prelude::*;

/// Counts work: a fetch on its way, a batch being taken in, a terminal being fetched.
#[derive(Clone, Copy)]
pub struct Work(StoredValue<usize>);

/// A piece of work; it ends when dropped.
#[must_use = "work that is not held has ended"]
pub struct AtWork(Work);

impl Work {
    /// Nothing to do.
    pub fn new() -> Self {
        Self(StoredValue::new(0))
    }

    /// Begins a piece of work.
    pub fn begin(self) -> AtWork {
        self.0.try_update_value(|count| *count += 1);
        AtWork(self)
    }

    /// Whether nothing is at hand.
    pub fn is_done(self) -> bool {
        self.0.try_get_value().unwrap_or(0) == 0
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        // The page may be gone already, and the count with it.
        self.0
            .0
            .try_update_value(|count| *count = count.saturating_sub(1));
    }
}
