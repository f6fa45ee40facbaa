//! Where the recorder gets the time from; tests and synthetic runs pass their own.

use std::time::{SystemTime, UNIX_EPOCH};

/// Says what time it is, in milliseconds since 1970-01-01T00:00:00Z.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> i64;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> i64 {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            // A clock before 1970 is a clock that was never set.
            Err(_) => 0,
        }
    }
}

impl<F: Fn() -> i64 + Send + Sync> Clock for F {
    fn now(&self) -> i64 {
        self()
    }
}
