//! What persons, the browser and the run itself do to the connection.

use super::message::{Action, TimerId};
use super::policy::{BACKFILL_MS, OFFLINE_RETRY_MS};
use super::state::{Reason, Tried};
use super::{Connection, Link, Network, Run, Updates};

impl Connection {
    pub(super) fn open(&mut self) {
        self.close();
        self.link = Link::Connecting;
        self.start_full();
    }

    pub(super) fn close(&mut self) {
        self.fall_silent();
        self.link = Link::Idle;
        self.updates = Updates::Flowing;
        self.run = Run::Going;
        self.stream.start_over();
        self.fetches.start_over();
        self.load_backoff.reset();
        self.trouble = None;
        self.heard_at = None;
    }

    pub(super) fn refresh(&mut self) {
        match self.link {
            Link::Idle => {}
            Link::Refused(_) => self.open(),
            _ => self.load_now(),
        }
    }

    /// The whole run, now. The first load is an attempt, a later one changes no state.
    pub(super) fn load_now(&mut self) {
        if !self.fetches.loaded {
            self.clear_timer(TimerId::Retry);
            self.link = Link::Connecting;
        }
        self.start_full();
    }

    pub(super) fn retry_connection(&mut self) {
        match self.link {
            Link::Idle => {}
            Link::Refused(_) => self.open(),
            Link::Ended => self.load_now(),
            _ if !self.fetches.loaded => self.load_now(),
            _ => {
                self.close_stream();
                self.connect_now();
                self.poll_now();
            }
        }
    }

    /// Begins the attempt that is due, whatever it is.
    pub(super) fn connect_now(&mut self) {
        self.clear_timer(TimerId::Retry);
        self.clear_timer(TimerId::Probe);
        if !self.fetches.loaded {
            self.link = Link::Connecting;
            if !self.fetches.is_loading() {
                self.start_full();
            }
            return;
        }
        if self.may_stream() {
            self.link = Link::Connecting;
            self.open_stream();
            self.poll_later(0);
        } else {
            self.link = Link::Polling;
            self.poll_now();
        }
        if self.fetches.gap_open {
            self.gap_found();
        }
    }

    /// Sits out the wait before the next attempt.
    pub(super) fn wait(&mut self, wait_ms: i64) {
        self.link = Link::Waiting;
        self.set_timer(TimerId::Retry, wait_ms);
    }

    pub(super) fn refuse(&mut self, reason: Reason) {
        self.fall_silent();
        self.link = Link::Refused(reason);
    }

    pub(super) fn run_ended(&mut self) {
        if !self.is_watching() || self.run == Run::Over {
            return;
        }
        self.run = Run::Over;
        if self.link == Link::Live {
            // The server knows best when all has been said; the timer is for one that does not.
            self.set_timer(TimerId::Finish, self.policy.finish_ms);
        } else if self.fetches.loaded {
            self.fetch_the_rest();
        }
    }

    pub(super) fn run_reopened(&mut self) {
        if self.run == Run::Going {
            return;
        }
        self.run = Run::Going;
        self.clear_timer(TimerId::Finish);
        if self.link == Link::Ended || self.is_watching() && self.link != Link::Live {
            self.connect_now();
        }
    }

    /// The run is over and no stream will tell the rest: one more delta, begun now, will.
    pub(super) fn fetch_the_rest(&mut self) {
        self.close_stream();
        for timer in [TimerId::Retry, TimerId::Probe, TimerId::Finish] {
            self.clear_timer(timer);
        }
        if self.link != Link::Connecting {
            self.link = Link::Polling;
        }
        self.start_delta();
    }

    /// The run is over and all of it is here.
    pub(super) fn end(&mut self) {
        self.close_stream();
        for timer in [
            TimerId::Retry,
            TimerId::Poll,
            TimerId::Probe,
            TimerId::Finish,
        ] {
            self.clear_timer(timer);
        }
        self.link = Link::Ended;
    }

    pub(super) fn gap_found(&mut self) {
        if !self.fetches.loaded || matches!(self.link, Link::Idle | Link::Refused(_)) {
            return;
        }
        self.fetches.gap_open = true;
        if self.fetches.is_loading() || self.timers.get(TimerId::Backfill).is_some() {
            return;
        }
        let allowed = self
            .fetches
            .backfilled_at
            .map_or(self.now, |at| at + BACKFILL_MS);
        if allowed > self.now {
            self.set_timer(TimerId::Backfill, allowed - self.now);
        } else {
            self.fetches.backfilled_at = Some(self.now);
            self.start_full();
        }
    }

    pub(super) fn offline(&mut self) {
        self.network = Network::Offline;
        if self.is_watching() {
            self.fall_silent();
            let tried = if self.fetches.loaded {
                Tried::Stream
            } else {
                Tried::Load
            };
            self.note(tried, "this computer is offline".to_owned());
            self.wait(OFFLINE_RETRY_MS);
        }
    }

    pub(super) fn online(&mut self) {
        self.network = Network::Online;
        match self.link {
            Link::Waiting => {
                self.connect_now();
                self.poll_now();
            }
            Link::Polling => {
                self.poll_now();
                self.probe_now();
            }
            _ => self.wake(),
        }
    }

    /// After a sleep: does what became due meanwhile, and nothing else. A stream that is still
    /// good must not be cut just because the page was away.
    pub(super) fn wake(&mut self) {
        for timer in TimerId::ALL {
            if self.timers.get(timer).is_some_and(|set| set.at <= self.now) {
                self.actions.push(Action::ClearTimer { timer });
                self.timer_fired(timer);
            }
        }
    }
}
