//! The stream's half of the connection: opening, listening, losing, getting back.

use super::message::{Action, Answer, Closed, Generation, Rejection, TimerId};
use super::policy::{LATE_MS, OFFLINE_RETRY_MS, Policy, WAKE_GRACE_MS};
use super::state::{Reason, Tried};
use super::{Connection, Link, Network, Run};
use crate::backoff::Backoff;

/// The one stream and what is known about getting it.
#[derive(Debug, Clone)]
pub(super) struct Stream {
    open: Option<Open>,
    /// When the open stream said something last, its headers included.
    pub heard_at: Option<i64>,
    backoff: Backoff,
    /// Probes since the stream was good.
    probes: u32,
    /// The server's own wish for the wait before the next attempt.
    asked_wait: Option<i64>,
    /// The page slept, and the stream has not been heard since: it had its grace.
    had_grace: bool,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    generation: Generation,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Asked for.
    Requested,
    /// Answered as an event stream, and nothing on it yet.
    Answered,
    Flowing,
}

impl Stream {
    pub fn new(policy: &Policy) -> Self {
        Self {
            open: None,
            heard_at: None,
            backoff: Backoff::new(policy.delays_ms.clone(), policy.jitter),
            probes: 0,
            asked_wait: None,
            had_grace: false,
        }
    }

    pub fn is(&self, generation: Generation) -> bool {
        self.open.is_some_and(|open| open.generation == generation)
    }

    pub fn attempt(&self) -> u32 {
        self.backoff.attempt()
    }

    /// The stream lasted: what is lost from now on is a new loss.
    pub fn settled(&mut self) {
        self.backoff.reset();
        self.probes = 0;
        self.asked_wait = None;
    }

    pub fn start_over(&mut self) {
        self.settled();
        self.heard_at = None;
    }
}

impl Connection {
    pub(super) fn may_stream(&self) -> bool {
        self.policy.streaming && self.run == Run::Going
    }

    pub(super) fn open_stream(&mut self) {
        if self.stream.open.is_some() || !self.may_stream() {
            return;
        }
        let generation = self.next_generation();
        self.stream.open = Some(Open {
            generation,
            phase: Phase::Requested,
        });
        self.actions.push(Action::OpenStream { generation });
        self.set_timer(TimerId::Connect, self.policy.connect_timeout_ms);
    }

    pub(super) fn close_stream(&mut self) {
        if let Some(open) = self.stream.open {
            self.actions.push(Action::CloseStream {
                generation: open.generation,
            });
            self.forget_stream();
        }
    }

    pub(super) fn stream_opened(&mut self) {
        if let Some(open) = &mut self.stream.open
            && open.phase == Phase::Requested
        {
            open.phase = Phase::Answered;
            self.heard_stream();
            self.clear_timer(TimerId::Connect);
            self.set_timer(TimerId::Watchdog, self.policy.longest_silence_ms());
        }
    }

    /// Runs for every chunk: in a flowing stream it only takes down the time.
    pub(super) fn stream_item(&mut self) {
        self.stream_opened();
        self.heard_stream();
        if let Some(open) = &mut self.stream.open
            && open.phase != Phase::Flowing
        {
            open.phase = Phase::Flowing;
            self.go_live();
        }
    }

    pub(super) fn stream_retry(&mut self, millis: u64) {
        let longest = self.policy.delays_ms.iter().copied().max().unwrap_or(0);
        self.stream.asked_wait = i64::try_from(millis).ok().map(|wait| wait.min(longest));
    }

    /// The server said all: there is nothing to wait for. One delta all the same takes what was
    /// late (logs are often stored after the status), and does not hold up the end.
    pub(super) fn stream_complete(&mut self) {
        self.run = Run::Over;
        self.end();
        self.start_delta();
    }

    pub(super) fn stream_closed(&mut self, reason: Closed) {
        self.forget_stream();
        self.stream_lost(
            match reason {
                Closed::Eof => "the server ended it".to_owned(),
                Closed::Error(message) => message,
            },
            None,
        );
    }

    pub(super) fn stream_rejected(&mut self, rejection: Rejection) {
        self.forget_stream();
        let (message, has_stream) = match &rejection.answer {
            Answer::Status(status) => {
                if let Some(reason) = Reason::from_stream_status(*status) {
                    return self.refuse(reason);
                }
                (
                    format!("the server answered {status}"),
                    may_have_stream(*status),
                )
            }
            Answer::ContentType(found) => (
                format!("the server answered “{found}” instead of an event stream"),
                false,
            ),
            Answer::NoRoom => (
                "other tabs use all the streams that this browser allows".to_owned(),
                false,
            ),
        };
        if has_stream || self.run == Run::Over {
            self.stream_lost(message, rejection.retry_after_ms);
        } else {
            self.note(Tried::Stream, message);
            self.poll_instead(rejection.retry_after_ms);
        }
    }

    pub(super) fn stream_unanswered(&mut self) {
        self.close_stream();
        let seconds = self.policy.connect_timeout_ms / 1_000;
        self.stream_lost(format!("no answer within {seconds} s"), None);
    }

    /// The watchdog went off, set for `due`. A frame that came since only moves it on.
    pub(super) fn check_silence(&mut self, due: i64) {
        let limit = self.policy.longest_silence_ms();
        let silence = self.now - self.stream.heard_at.unwrap_or(self.now);
        if silence < limit {
            self.set_timer(TimerId::Watchdog, limit - silence);
        } else if self.now - due > LATE_MS && !self.stream.had_grace {
            // The page slept; what the server said meanwhile may still be in the pipe.
            self.stream.had_grace = true;
            self.set_timer(TimerId::Watchdog, WAKE_GRACE_MS);
        } else {
            self.close_stream();
            self.stream_lost(format!("silent for {} s", silence / 1_000), None);
        }
    }

    /// While polling: asks for the stream again.
    pub(super) fn probe_now(&mut self) {
        if self.link == Link::Polling && self.may_stream() && self.stream.open.is_none() {
            self.clear_timer(TimerId::Probe);
            self.open_stream();
        }
    }

    fn go_live(&mut self) {
        for timer in [TimerId::Retry, TimerId::Probe, TimerId::Poll] {
            self.clear_timer(timer);
        }
        self.link = Link::Live;
        self.network = Network::Online; // whatever the browser says
        self.fetches.failures = 0;
        self.went_right(Tried::Stream);
        self.set_timer(TimerId::Settle, self.policy.settle_ms);
        // Not every dialect can resume: what happened between the last fetch and the stream's
        // first frame comes with one delta more.
        self.start_delta();
    }

    /// The stream is gone. In a row of attempts the next one is due, in polling the next probe.
    fn stream_lost(&mut self, message: String, retry_after_ms: Option<i64>) {
        self.note(Tried::Stream, message);
        match self.link {
            _ if self.run == Run::Over => self.fetch_the_rest(),
            Link::Polling => self.probe_later(retry_after_ms),
            _ if self.network == Network::Offline => {
                self.wait(OFFLINE_RETRY_MS);
                self.poll_later(0);
            }
            _ => {
                let (chance, asked) = (self.chance(), self.stream.asked_wait.max(retry_after_ms));
                match self.stream.backoff.next(chance, asked) {
                    Some(wait_ms) => {
                        self.wait(wait_ms);
                        self.keep_polling();
                    }
                    None => self.poll_instead(retry_after_ms),
                }
            }
        }
    }

    /// There is no stream to be had: deltas at intervals, and a probe now and then.
    fn poll_instead(&mut self, retry_after_ms: Option<i64>) {
        self.link = Link::Polling;
        self.keep_polling();
        self.probe_later(retry_after_ms);
    }

    fn probe_later(&mut self, retry_after_ms: Option<i64>) {
        let doubled = self
            .policy
            .probe_ms
            .saturating_mul(1 << self.stream.probes.min(16));
        self.stream.probes += 1;
        let wait = self.jittered(doubled.min(self.policy.longest_probe_ms));
        self.set_timer(TimerId::Probe, wait.max(retry_after_ms.unwrap_or(0)));
    }

    fn heard_stream(&mut self) {
        self.stream.heard_at = Some(self.now);
        self.stream.had_grace = false;
        self.heard_at = Some(self.now);
    }

    /// The stream is no more, by whoever's doing.
    fn forget_stream(&mut self) {
        self.stream.open = None;
        self.stream.heard_at = None;
        self.stream.had_grace = false;
        for timer in [
            TimerId::Connect,
            TimerId::Watchdog,
            TimerId::Settle,
            TimerId::Finish,
        ] {
            self.clear_timer(timer);
        }
    }
}

/// Whether a server that answers so is likely to have the stream later. 404 and its like say that
/// the address is unknown to it; 204 that it has nothing to stream.
fn may_have_stream(status: u16) -> bool {
    !matches!(status, 200..=299 | 404 | 405 | 406 | 410 | 501)
}
