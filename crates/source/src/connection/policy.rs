//! The numbers a connection lives by; the defaults are those of the documents.

use crate::backoff::{DEFAULT_DELAYS, DEFAULT_JITTER, LONGEST_WAIT_MS};

/// No heartbeat, however slow, lets a silent stream pass for alive longer than this: 40 s.
pub const LONGEST_SILENCE_MS: i64 = 40_000;

/// Between two fetches of deltas, where nothing else is said: 2 s.
pub const DEFAULT_POLL_MS: i64 = 2_000;

/// What a connection may do and how long it waits. All times in milliseconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// `ENABLE_EXECUTION_STREAMING`: when false, no stream is ever opened.
    pub streaming: bool,
    /// Before the n-th fetch of deltas; the last one holds from then on. Empty: two seconds.
    pub poll_ms: Vec<i64>,
    /// Before the n-th attempt to get the stream back; then polling takes over.
    pub delays_ms: Vec<i64>,
    /// The share by which any wait may be lengthened (0.2 = up to 20 % longer).
    pub jitter: f64,
    /// Where the jitter's numbers start, so that two pages differ and a test does not.
    pub seed: u64,
    /// How often the server sends something on an idle stream.
    pub heartbeat_ms: i64,
    /// Polling asks for the stream again after this long, then doubles it …
    pub probe_ms: i64,
    /// … up to this.
    pub longest_probe_ms: i64,
    /// A stream must answer within this.
    pub connect_timeout_ms: i64,
    /// A fetch that makes no progress for this long has failed.
    pub fetch_timeout_ms: i64,
    /// A stream that lasted this long is good: the attempts are counted from zero again.
    pub settle_ms: i64,
    /// After the run's end the stream may still say this long what it has.
    pub finish_ms: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            streaming: true,
            poll_ms: vec![DEFAULT_POLL_MS],
            delays_ms: DEFAULT_DELAYS.to_vec(),
            jitter: DEFAULT_JITTER,
            seed: 0,
            heartbeat_ms: 15_000,
            probe_ms: 15_000,
            longest_probe_ms: 60_000,
            connect_timeout_ms: 10_000,
            fetch_timeout_ms: 20_000,
            settle_ms: 15_000,
            finish_ms: 10_000,
        }
    }
}

impl Policy {
    /// The same with every number where it makes sense: configuration comes from a file.
    pub(super) fn sane(self) -> Self {
        let wait = |millis: i64| millis.clamp(SHORTEST_WAIT_MS, LONGEST_WAIT_MS);
        Self {
            streaming: self.streaming,
            poll_ms: match self.poll_ms.is_empty() {
                true => vec![DEFAULT_POLL_MS],
                false => self.poll_ms.into_iter().map(wait).collect(),
            },
            delays_ms: self.delays_ms.into_iter().map(wait).collect(),
            jitter: if self.jitter.is_nan() {
                0.0
            } else {
                self.jitter.clamp(0.0, 1.0)
            },
            seed: self.seed,
            heartbeat_ms: wait(self.heartbeat_ms),
            probe_ms: wait(self.probe_ms),
            longest_probe_ms: wait(self.longest_probe_ms),
            connect_timeout_ms: wait(self.connect_timeout_ms),
            fetch_timeout_ms: wait(self.fetch_timeout_ms),
            settle_ms: wait(self.settle_ms),
            finish_ms: wait(self.finish_ms),
        }
    }

    /// The delays before attempts at the first load, which is never given up.
    pub(super) fn load_delays_ms(&self) -> Vec<i64> {
        if self.delays_ms.is_empty() {
            vec![self.poll_ms_at(u32::MAX)]
        } else {
            self.delays_ms.clone()
        }
    }

    /// Before the fetch of deltas that follows `polls` others.
    pub(super) fn poll_ms_at(&self, polls: u32) -> i64 {
        let waits = &self.poll_ms;
        let index = usize::try_from(polls).unwrap_or(usize::MAX);
        let wait = waits.get(index).or(waits.last());
        wait.copied().unwrap_or(DEFAULT_POLL_MS)
    }

    /// The silence after which a stream counts as dead: two and a half heartbeats, 40 s at most.
    pub fn longest_silence_ms(&self) -> i64 {
        (self.heartbeat_ms.saturating_mul(5) / 2).min(LONGEST_SILENCE_MS)
    }
}

/// No configuration, however odd, makes the machine ask more often than this.
pub(super) const SHORTEST_WAIT_MS: i64 = 250;
/// While the browser says it is offline: how often to try all the same, for it may be wrong (a
/// server on this very machine needs no network).
pub(super) const OFFLINE_RETRY_MS: i64 = 15_000;
/// Failing polls slow down to this.
pub(super) const SLOWEST_POLL_MS: i64 = 16_000;
/// Gaps are filled by full fetches at least this far apart, so that a gap the server cannot fill
/// does not become a loop.
pub(super) const BACKFILL_MS: i64 = 10_000;
/// A watchdog that fires this late shows that the page slept, not that the server was silent.
pub(super) const LATE_MS: i64 = 2_000;
/// What a stream gets after a sleep to show that it is still there.
pub(super) const WAKE_GRACE_MS: i64 = 3_000;
/// How often the last delta after the end is tried before the page is told that it failed.
pub(super) const LATE_FETCH_ATTEMPTS: u32 = 5;
