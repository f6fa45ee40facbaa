//! The timers in force: one a name, each with its own generation.

use super::message::{Generation, TimerId};

/// A timer in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timer {
    pub at: i64,
    pub generation: Generation,
}

/// One slot a name.
#[derive(Debug, Clone, Default)]
pub(super) struct Timers([Option<Timer>; TimerId::ALL.len()]);

impl Timers {
    pub fn get(&self, id: TimerId) -> Option<Timer> {
        self.0[id as usize]
    }

    pub fn set(&mut self, id: TimerId, timer: Timer) {
        self.0[id as usize] = Some(timer);
    }

    pub fn take(&mut self, id: TimerId) -> Option<Timer> {
        self.0[id as usize].take()
    }

    /// The clock was moved by so many milliseconds; the waits were not.
    pub fn shift(&mut self, by_ms: i64) {
        for timer in self.0.iter_mut().flatten() {
            timer.at = timer.at.saturating_add(by_ms);
        }
    }
}
