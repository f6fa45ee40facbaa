//! A world for the machine: a clock, timers that fire when due, at most one stream, at most one
//! fetch of a kind. It fails the test as soon as the machine breaks a rule of that world.

use std::collections::BTreeMap;

use source::connection::{
    Action, Answer, Badge, Closed, Connection, Failure, Generation, Input, Policy, Rejection,
    TimerId,
};

/// What the world does with fetches of deltas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Deltas {
    /// Left to the script.
    Manual,
    /// Answered well at once.
    Ok,
    /// Answered with this status at once.
    Status(u16),
}

pub struct Sim {
    pub connection: Connection,
    pub now: i64,
    pub streaming: bool,
    pub deltas: Deltas,
    pub timers: BTreeMap<TimerId, (i64, Generation)>,
    pub stream: Option<Generation>,
    pub full: Option<Generation>,
    pub delta: Option<Generation>,
    /// When the stream was heard last, by the world's own account.
    pub heard: i64,
    /// Every generation ever handed out for a request, and the stale ones among them.
    pub stale: Vec<Generation>,
}

impl Sim {
    pub fn new(policy: Policy) -> Self {
        Self {
            streaming: policy.streaming,
            connection: Connection::new(policy),
            now: 0,
            deltas: Deltas::Manual,
            timers: BTreeMap::new(),
            stream: None,
            full: None,
            delta: None,
            heard: 0,
            stale: Vec::new(),
        }
    }

    /// One input now; the words of what the machine did about it, timers left out.
    pub fn input(&mut self, input: Input) -> Vec<&'static str> {
        self.observe(&input);
        let actions = self.connection.step(input, self.now);
        let mut words: Vec<_> = actions
            .into_iter()
            .filter_map(|act| self.perform(act))
            .collect();
        self.check_rules();
        match (self.delta, self.deltas) {
            (Some(generation), Deltas::Ok) => {
                words.extend(self.input(Input::FetchDone { generation }));
            }
            (Some(generation), Deltas::Status(status)) => {
                let failure = failure(Some(status), None);
                words.extend(self.input(Input::FetchFailed {
                    generation,
                    failure,
                }));
            }
            _ => {}
        }
        words
    }

    /// The timer that is due next, and when.
    pub fn next_timer(&self) -> Option<(TimerId, i64)> {
        self.timers
            .iter()
            .map(|(id, (at, _))| (*id, *at))
            .min_by_key(|(_, at)| *at)
    }

    /// Fires a timer, at its time or later.
    pub fn fire(&mut self, timer: TimerId) -> Vec<&'static str> {
        let (at, generation) = self.timers.remove(&timer).unwrap();
        self.now = self.now.max(at);
        self.input(Input::TimerFired { timer, generation })
    }

    pub fn badge(&self) -> Badge {
        self.connection.badge(self.now)
    }

    /// Keeps the world's own account of what is under way.
    fn observe(&mut self, input: &Input) {
        match input {
            Input::FetchDone { generation } | Input::FetchFailed { generation, .. } => {
                for slot in [&mut self.full, &mut self.delta] {
                    if *slot == Some(*generation) {
                        *slot = None;
                        self.stale.push(*generation);
                    }
                }
            }
            Input::StreamClosed { generation, .. } | Input::StreamRejected { generation, .. }
                if self.stream == Some(*generation) =>
            {
                self.stream = None;
                self.stale.push(*generation);
            }
            Input::StreamOpened { generation } | Input::StreamItem { generation }
                if self.stream == Some(*generation) =>
            {
                self.heard = self.now;
            }
            _ => {}
        }
    }

    fn perform(&mut self, action: Action) -> Option<&'static str> {
        match action {
            Action::OpenStream { generation } => {
                assert!(self.streaming, "a stream although streaming is off");
                assert_eq!(self.stream, None, "two streams");
                self.stream = Some(generation);
                Some("open")
            }
            Action::CloseStream { generation } => {
                assert_eq!(
                    self.stream.take(),
                    Some(generation),
                    "closed another stream"
                );
                self.stale.push(generation);
                Some("close")
            }
            Action::FetchFull { generation } => {
                assert_eq!(self.full, None, "two full fetches");
                self.full = Some(generation);
                Some("full")
            }
            Action::FetchDelta { generation } => {
                assert_eq!(self.delta, None, "two fetches of deltas");
                self.delta = Some(generation);
                Some("delta")
            }
            Action::AbortFetch { generation } => {
                let slot = if self.full == Some(generation) {
                    &mut self.full
                } else {
                    &mut self.delta
                };
                assert_eq!(
                    slot.take(),
                    Some(generation),
                    "aborted what was not under way"
                );
                self.stale.push(generation);
                Some("abort")
            }
            Action::SetTimer {
                timer,
                generation,
                at,
            } => {
                assert!(
                    at > self.now,
                    "{timer:?} set for now or the past: a busy loop"
                );
                self.timers.insert(timer, (at, generation));
                None
            }
            Action::ClearTimer { timer } => {
                self.timers.remove(&timer);
                None
            }
        }
    }

    /// What must hold after every step.
    fn check_rules(&self) {
        let mut known: Vec<TimerId> = self.connection.timers().map(|(id, _)| id).collect();
        known.sort_unstable();
        let ours: Vec<TimerId> = self.timers.keys().copied().collect();
        assert_eq!(known, ours, "a timer leaked, or one was lost");

        let has = |timer| self.timers.contains_key(&timer);
        assert_eq!(
            has(TimerId::FullDeadline),
            self.full.is_some(),
            "full fetch and its deadline"
        );
        assert_eq!(
            has(TimerId::DeltaDeadline),
            self.delta.is_some(),
            "delta and its deadline"
        );
        let watched = has(TimerId::Connect) || has(TimerId::Watchdog);
        assert_eq!(
            watched,
            self.stream.is_some(),
            "a stream is watched, and nothing else"
        );
        for timer in [TimerId::Settle, TimerId::Finish] {
            assert!(
                !has(timer) || self.stream.is_some(),
                "{timer:?} without a stream"
            );
        }
        assert!(
            !(has(TimerId::Retry) && self.stream.is_some()),
            "waiting with a stream"
        );
        for generation in [self.stream, self.full, self.delta].into_iter().flatten() {
            assert!(
                self.connection.accepts(generation),
                "{generation} is under way and unwanted"
            );
        }
        assert!(
            !self
                .stale
                .iter()
                .any(|stale| self.connection.accepts(*stale))
        );

        match self.badge() {
            Badge::Live => {
                assert!(self.stream.is_some(), "LIVE without a stream");
                assert!(
                    self.now - self.heard <= 40_000,
                    "LIVE after {} ms of silence",
                    self.now - self.heard
                );
            }
            Badge::Refused => {
                assert!(self.timers.is_empty() && self.stream.is_none() && self.full.is_none());
            }
            Badge::Ended => assert_eq!(self.stream, None, "a stream after the end"),
            Badge::Polling | Badge::Paused | Badge::Reconnecting => {}
        }
    }
}

pub fn failure(status: Option<u16>, retry_after_ms: Option<i64>) -> Failure {
    let message = status.map_or("unreachable".to_owned(), |status| {
        format!("answered {status}")
    });
    Failure {
        status,
        retry_after_ms,
        message,
    }
}

pub fn rejection(answer: Answer, retry_after_ms: Option<i64>) -> Rejection {
    Rejection {
        answer,
        retry_after_ms,
    }
}

pub fn broken() -> Closed {
    Closed::Error("reset by peer".to_owned())
}
