//! Timers that stop when dropped.

use gloo_timers::callback::{Interval, Timeout};

/// Calls back once.
#[must_use = "a timer that is dropped never fires"]
pub struct Timer(#[allow(dead_code, reason = "held for its drop")] Timeout);

impl Timer {
    /// In so many milliseconds; browsers clamp what is over 24 days.
    pub fn after(millis: i64, callback: impl FnOnce() + 'static) -> Self {
        Self(Timeout::new(
            millis.clamp(0, i64::from(i32::MAX)) as u32,
            callback,
        ))
    }
}

/// Calls back again and again.
#[must_use = "a ticker that is dropped never fires"]
pub struct Ticker(#[allow(dead_code, reason = "held for its drop")] Interval);

impl Ticker {
    /// Every so many milliseconds.
    pub fn every(millis: u32, callback: impl FnMut() + 'static) -> Self {
        Self(Interval::new(millis, callback))
    }
}

/// Lets the page draw and answer before going on; in a tab that nobody sees, too.
pub async fn breathe() {
    gloo_timers::future::TimeoutFuture::new(0).await;
}
