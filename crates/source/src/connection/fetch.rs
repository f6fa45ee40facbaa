//! The fetching half of the connection: the whole run, and what is new.

use super::message::{Action, Failure, Generation, TimerId};
use super::policy::{BACKFILL_MS, LATE_FETCH_ATTEMPTS, OFFLINE_RETRY_MS, SLOWEST_POLL_MS};
use super::state::{Reason, Tried};
use super::{Connection, Link, Network, Run};

/// At most one fetch of each kind.
#[derive(Debug, Clone, Default)]
pub(super) struct Fetches {
    full: Option<Generation>,
    delta: Option<Generation>,
    /// Something was learned while a delta was under way: its answer is too old, fetch another.
    delta_again: bool,
    /// The first full fetch has come.
    pub loaded: bool,
    /// Deltas that came since the run was opened.
    polls: u32,
    /// Deltas failed in a row.
    pub failures: u32,
    /// A hole waits for a full fetch.
    pub gap_open: bool,
    /// When a hole was last tried to fill.
    pub backfilled_at: Option<i64>,
}

impl Fetches {
    pub fn is(&self, generation: Generation) -> bool {
        self.full == Some(generation) || self.delta == Some(generation)
    }

    pub fn is_loading(&self) -> bool {
        self.full.is_some()
    }

    pub fn start_over(&mut self) {
        *self = Self::default();
    }
}

impl Connection {
    /// Fetches the whole run; a full fetch under way is dropped, for it may be older than the wish.
    pub(super) fn start_full(&mut self) {
        if let Some(generation) = self.fetches.full.take() {
            self.actions.push(Action::AbortFetch { generation });
        }
        let generation = self.next_generation();
        self.fetches.full = Some(generation);
        self.actions.push(Action::FetchFull { generation });
        self.set_timer(TimerId::FullDeadline, self.policy.fetch_timeout_ms);
    }

    /// Fetches a delta that begins no earlier than now.
    pub(super) fn start_delta(&mut self) {
        if self.fetches.delta.is_some() {
            self.fetches.delta_again = true;
        } else {
            self.poll_now();
        }
    }

    /// Fetches a delta, or lets the one under way do.
    pub(super) fn poll_now(&mut self) {
        if self.fetches.delta.is_some() || !self.fetches.loaded {
            return;
        }
        self.clear_timer(TimerId::Poll);
        let generation = self.next_generation();
        self.fetches.delta = Some(generation);
        self.actions.push(Action::FetchDelta { generation });
        self.set_timer(TimerId::DeltaDeadline, self.policy.fetch_timeout_ms);
    }

    /// If no delta is due yet, the next one is one interval from now, or `at_least_ms`.
    pub(super) fn poll_later(&mut self, at_least_ms: i64) {
        let is_due = self.fetches.delta.is_some() || self.timers.get(TimerId::Poll).is_some();
        if !is_due && self.fetches.loaded {
            let wait_ms = self.policy.poll_ms_at(self.fetches.polls);
            self.set_timer(TimerId::Poll, wait_ms.max(at_least_ms));
        }
    }

    /// There is no stream: if no delta is due yet (it was live), one is fetched at once.
    pub(super) fn keep_polling(&mut self) {
        if self.timers.get(TimerId::Poll).is_none() {
            self.poll_now();
        }
    }

    pub(super) fn fetch_done(&mut self, generation: Generation) {
        if self.fetches.full == Some(generation) {
            self.heard_at = Some(self.now);
            self.full_done();
        } else if self.fetches.delta == Some(generation) {
            self.heard_at = Some(self.now);
            self.delta_done();
        }
    }

    pub(super) fn fetch_failed(&mut self, generation: Generation, failure: Failure) {
        let is_full = self.fetches.full == Some(generation);
        if !is_full && self.fetches.delta != Some(generation) {
            return;
        }
        if let Some(reason) = failure.status.and_then(Reason::from_status) {
            self.forget_fetch(generation);
            self.refuse(reason);
        } else if is_full {
            self.full_failed(failure);
        } else {
            self.delta_failed(failure);
        }
    }

    pub(super) fn fetch_progress(&mut self, generation: Generation) {
        let timer = match generation {
            _ if self.fetches.full == Some(generation) => TimerId::FullDeadline,
            _ if self.fetches.delta == Some(generation) => TimerId::DeltaDeadline,
            _ => return,
        };
        self.heard_at = Some(self.now);
        // Moving the deadline for every chunk would be all timers and no work.
        let timeout = self.policy.fetch_timeout_ms;
        if self
            .timers
            .get(timer)
            .is_none_or(|set| set.at - self.now < timeout - 1_000)
        {
            self.set_timer(timer, timeout);
        }
    }

    pub(super) fn fetch_timed_out(&mut self, timer: TimerId) {
        let slot = match timer {
            TimerId::FullDeadline => self.fetches.full,
            _ => self.fetches.delta,
        };
        let Some(generation) = slot else { return };
        self.actions.push(Action::AbortFetch { generation });
        let seconds = self.policy.fetch_timeout_ms / 1_000;
        let message = format!("no answer within {seconds} s");
        self.fetch_failed(
            generation,
            Failure {
                status: None,
                retry_after_ms: None,
                message,
            },
        );
    }

    pub(super) fn abort_fetches(&mut self) {
        for generation in [self.fetches.full, self.fetches.delta]
            .into_iter()
            .flatten()
        {
            self.actions.push(Action::AbortFetch { generation });
            self.forget_fetch(generation);
        }
        self.fetches.delta_again = false;
    }

    fn full_done(&mut self) {
        self.fetches.full = None;
        self.fetches.gap_open = false;
        self.fetches.failures = 0;
        self.clear_timer(TimerId::FullDeadline);
        self.clear_timer(TimerId::Backfill);
        self.went_right(Tried::Load);
        if !self.fetches.loaded {
            self.fetches.loaded = true;
            self.load_backoff.reset();
            self.loaded();
        }
    }

    /// The run is here: now its news, by stream if there may be one.
    fn loaded(&mut self) {
        if self.run == Run::Over {
            self.fetch_the_rest();
        } else if self.may_stream() {
            self.connect_now();
        } else {
            self.link = Link::Polling;
            self.poll_later(0);
        }
    }

    fn full_failed(&mut self, failure: Failure) {
        self.fetches.full = None;
        self.clear_timer(TimerId::FullDeadline);
        self.note(Tried::Load, failure.message);
        if !self.fetches.loaded {
            let wait_ms = match self.network {
                Network::Offline => OFFLINE_RETRY_MS,
                Network::Online => {
                    let chance = self.chance();
                    self.load_backoff
                        .next_unlimited(chance, failure.retry_after_ms)
                }
            };
            self.wait(wait_ms);
        } else if self.fetches.gap_open {
            let asked = failure.retry_after_ms.unwrap_or(0);
            self.set_timer(TimerId::Backfill, BACKFILL_MS.max(asked));
        }
    }

    fn delta_done(&mut self) {
        self.fetches.delta = None;
        self.fetches.polls = self.fetches.polls.saturating_add(1);
        self.fetches.failures = 0;
        self.clear_timer(TimerId::DeltaDeadline);
        self.went_right(Tried::Poll);
        if std::mem::take(&mut self.fetches.delta_again) {
            return self.poll_now();
        }
        match self.link {
            Link::Idle | Link::Live | Link::Refused(_) | Link::Ended => {}
            Link::Connecting | Link::Polling if self.run == Run::Over => self.end(),
            Link::Connecting | Link::Waiting | Link::Polling => self.poll_later(0),
        }
    }

    /// The next poll is due anyway, later each time; a live stream polls until its seam is closed.
    fn delta_failed(&mut self, failure: Failure) {
        self.fetches.delta = None;
        self.fetches.delta_again = false;
        self.fetches.failures = self.fetches.failures.saturating_add(1);
        self.clear_timer(TimerId::DeltaDeadline);
        self.note(Tried::Poll, failure.message);
        if self.link == Link::Ended && self.fetches.failures >= LATE_FETCH_ATTEMPTS {
            return;
        }
        let interval = self.policy.poll_ms_at(self.fetches.polls);
        let doubled = interval.saturating_mul(1 << self.fetches.failures.min(16));
        let slowest = SLOWEST_POLL_MS.max(interval);
        let wait_ms = self.jittered(doubled.min(slowest));
        self.poll_later(wait_ms.max(failure.retry_after_ms.unwrap_or(0)));
    }

    fn forget_fetch(&mut self, generation: Generation) {
        if self.fetches.full == Some(generation) {
            self.fetches.full = None;
            self.clear_timer(TimerId::FullDeadline);
        } else if self.fetches.delta == Some(generation) {
            self.fetches.delta = None;
            self.clear_timer(TimerId::DeltaDeadline);
        }
    }
}
