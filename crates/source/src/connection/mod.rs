//! The connection: the machine that keeps bytes coming, and says truthfully whether they do.
//!
//! ```text
//!  Idle ─open→ Connecting ─first frame→ Live ─eof/error/silence→ Waiting ─timer→ Connecting
//!               │ 401/403, or 404 of the run itself → Refused      │ attempts used up
//!               └ no stream there → Polling ◄──────────────────────┘
//!                                     └ probe succeeds → Live
//!  run over, and the stream's last word or one more delta is here → Ended
//! ```
//!
//! It performs nothing: `step(input, now)` answers with the actions to perform. Until the stream
//! flows, deltas are fetched all the same, so data never stops because a stream did. The state is
//! computed from the machine *and* the time, so that a frozen timer cannot keep a badge alive.

mod fetch;
mod message;
mod policy;
mod state;
mod stream;
mod timers;
mod transitions;

pub use message::{Action, Answer, Closed, Failure, Generation, Input, Rejection, TimerId};
pub use policy::{DEFAULT_POLL_MS, LONGEST_SILENCE_MS, Policy};
pub use state::{Badge, Reason, State, Tried, Trouble};

use crate::backoff::{Backoff, LONGEST_WAIT_MS, stretched};
use fetch::Fetches;
use stream::Stream;
use timers::{Timer, Timers};

/// One run's connection to its server.
///
/// Times are milliseconds of any one clock that counts sleep too, such as the wall clock. If it is
/// set back, silence is counted anew from there.
#[derive(Debug, Clone)]
pub struct Connection {
    policy: Policy,
    link: Link,
    updates: Updates,
    network: Network,
    run: Run,
    stream: Stream,
    fetches: Fetches,
    timers: Timers,
    /// Counts the attempts at the first full fetch.
    load_backoff: Backoff,
    trouble: Option<Trouble>,
    /// When the server was heard last, over whatever channel.
    heard_at: Option<i64>,
    generations: u64,
    chances: u64,
    now: i64,
    actions: Vec<Action>,
}

/// The truth beneath a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Idle,
    /// The run is being loaded, or its stream opened.
    Connecting,
    Live,
    /// Until the `Retry` timer.
    Waiting,
    /// Deltas at intervals; with streaming, a stream may be probed meanwhile.
    Polling,
    Refused(Reason),
    Ended,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Updates {
    Flowing,
    Paused,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Network {
    Online,
    Offline,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    Going,
    Over,
}

impl Connection {
    /// A connection at rest.
    pub fn new(policy: Policy) -> Self {
        let policy = policy.sane();
        Self {
            link: Link::Idle,
            updates: Updates::Flowing,
            network: Network::Online,
            run: Run::Going,
            stream: Stream::new(&policy),
            fetches: Fetches::default(),
            timers: Timers::default(),
            load_backoff: Backoff::new(policy.load_delays_ms(), policy.jitter),
            trouble: None,
            heard_at: None,
            generations: 0,
            chances: policy.seed,
            now: i64::MIN,
            actions: Vec::new(),
            policy,
        }
    }

    /// Takes one input at `now` (milliseconds) and answers what to do about it.
    pub fn step(&mut self, input: Input, now: i64) -> Vec<Action> {
        self.set_now(now);
        self.take(input);
        std::mem::take(&mut self.actions)
    }

    /// The state as of `now`.
    pub fn state(&self, now: i64) -> State {
        match (self.link, self.updates) {
            (Link::Idle, _) => State::Idle,
            (Link::Refused(reason), _) => State::Refused { reason },
            (_, Updates::Paused) => State::Paused {
                beneath: self.beneath(now).badge(),
            },
            (_, Updates::Flowing) => self.beneath(now),
        }
    }

    /// The word to show as of `now`.
    pub fn badge(&self, now: i64) -> Badge {
        self.state(now).badge()
    }

    /// When the next attempt begins, while the badge counts down to one.
    pub fn retry_at(&self, now: i64) -> Option<i64> {
        match self.beneath(now) {
            State::Waiting { until, .. } => Some(until),
            _ => None,
        }
    }

    /// Of how many attempts the one made or waited for is one, where there is an end to them: a
    /// stream is given up for polling; loads and polls are tried for ever.
    pub fn attempts(&self) -> Option<usize> {
        let awaited = matches!(self.link, Link::Connecting | Link::Live | Link::Waiting);
        (awaited && self.fetches.loaded).then_some(self.policy.delays_ms.len())
    }

    /// When the server was heard last: "data as of". `None` before the first answer.
    pub fn heard_at(&self) -> Option<i64> {
        self.heard_at
    }

    /// What went wrong last and has not gone right since.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// Whether an answer of this generation is still wanted; if not, drop it unread.
    pub fn accepts(&self, generation: Generation) -> bool {
        self.stream.is(generation) || self.fetches.is(generation)
    }

    /// The timers in force and when they are due.
    pub fn timers(&self) -> impl Iterator<Item = (TimerId, i64)> + '_ {
        TimerId::ALL
            .into_iter()
            .filter_map(|id| Some((id, self.timers.get(id)?.at)))
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Open => self.open(),
            Input::Close => self.close(),
            Input::FetchDone { generation } => self.fetch_done(generation),
            Input::FetchFailed {
                generation,
                failure,
            } => self.fetch_failed(generation, failure),
            Input::FetchProgress { generation } => self.fetch_progress(generation),
            Input::StreamOpened { generation } if self.stream.is(generation) => {
                self.stream_opened();
            }
            Input::StreamItem { generation } if self.stream.is(generation) => self.stream_item(),
            Input::StreamRetry { generation, millis } if self.stream.is(generation) => {
                self.stream_retry(millis);
            }
            Input::StreamComplete { generation } if self.stream.is(generation) => {
                self.stream_complete();
            }
            Input::StreamClosed { generation, reason } if self.stream.is(generation) => {
                self.stream_closed(reason);
            }
            Input::StreamRejected {
                generation,
                rejection,
            } if self.stream.is(generation) => {
                self.stream_rejected(rejection);
            }
            Input::StreamOpened { .. }
            | Input::StreamItem { .. }
            | Input::StreamRetry { .. }
            | Input::StreamComplete { .. }
            | Input::StreamClosed { .. }
            | Input::StreamRejected { .. } => {} // of a stream given up before
            Input::RunEnded => self.run_ended(),
            Input::RunReopened => self.run_reopened(),
            Input::GapFound => self.gap_found(),
            Input::TimerFired { timer, generation } => {
                if self
                    .timers
                    .get(timer)
                    .is_some_and(|set| set.generation == generation)
                {
                    self.timer_fired(timer);
                }
            }
            Input::PauseUpdates if self.is_watching() => self.updates = Updates::Paused,
            Input::PauseUpdates => {} // there are none
            Input::ResumeUpdates => self.updates = Updates::Flowing,
            Input::Refresh => self.refresh(),
            Input::RetryConnection => self.retry_connection(),
            Input::Online => self.online(),
            Input::Offline => self.offline(),
            Input::Visible | Input::PageShow => {
                self.wake();
                // Who looks at the page gets a stream before who does not.
                self.probe_now();
            }
            Input::Hidden => {} // recording goes on: the tab is hidden, not gone
        }
    }

    fn timer_fired(&mut self, timer: TimerId) {
        let Some(Timer { at, .. }) = self.timers.take(timer) else {
            return;
        };
        match timer {
            TimerId::Retry => self.connect_now(),
            TimerId::Poll => self.poll_now(),
            TimerId::Probe => self.probe_now(),
            TimerId::Connect => self.stream_unanswered(),
            TimerId::Watchdog => self.check_silence(at),
            TimerId::Settle => self.stream.settled(),
            TimerId::Finish => self.fetch_the_rest(),
            TimerId::FullDeadline | TimerId::DeltaDeadline => self.fetch_timed_out(timer),
            TimerId::Backfill => self.gap_found(),
        }
    }

    /// What is going on, pause or not.
    fn beneath(&self, now: i64) -> State {
        let silent = self.policy.longest_silence_ms();
        let stale = |heard: Option<i64>| heard.is_none_or(|at| now.saturating_sub(at) > silent);
        match self.link {
            Link::Idle => State::Idle,
            Link::Connecting => State::Connecting {
                attempt: self.attempt(),
            },
            Link::Live if stale(self.stream.heard_at) => State::Connecting {
                attempt: self.attempt(),
            },
            Link::Live => State::Live,
            Link::Waiting => State::Waiting {
                attempt: self.attempt(),
                until: self
                    .timers
                    .get(TimerId::Retry)
                    .map_or(now, |timer| timer.at),
            },
            Link::Polling if self.fetches.failures > 1 || stale(self.heard_at) => State::Waiting {
                attempt: self.fetches.failures,
                until: self.timers.get(TimerId::Poll).map_or(now, |timer| timer.at),
            },
            Link::Polling => State::Polling,
            Link::Refused(reason) => State::Refused { reason },
            Link::Ended => State::Ended,
        }
    }

    fn attempt(&self) -> u32 {
        if self.fetches.loaded {
            self.stream.attempt()
        } else {
            self.load_backoff.attempt()
        }
    }

    /// Whether records are expected to come.
    fn is_watching(&self) -> bool {
        matches!(
            self.link,
            Link::Connecting | Link::Live | Link::Waiting | Link::Polling
        )
    }

    /// Gives up every request and timer.
    fn fall_silent(&mut self) {
        self.close_stream();
        self.abort_fetches();
        for timer in TimerId::ALL {
            self.clear_timer(timer);
        }
    }

    fn note(&mut self, tried: Tried, message: String) {
        self.trouble = Some(Trouble {
            tried,
            message,
            at: self.now,
        });
    }

    fn went_right(&mut self, tried: Tried) {
        if self
            .trouble
            .as_ref()
            .is_some_and(|trouble| trouble.tried == tried)
        {
            self.trouble = None;
        }
    }

    fn set_timer(&mut self, timer: TimerId, wait_ms: i64) {
        let wait_ms = wait_ms.clamp(1, LONGEST_WAIT_MS);
        let (at, generation) = (self.now.saturating_add(wait_ms), self.next_generation());
        self.timers.set(timer, Timer { at, generation });
        self.actions.push(Action::SetTimer {
            timer,
            generation,
            at,
        });
    }

    fn clear_timer(&mut self, timer: TimerId) {
        if self.timers.take(timer).is_some() {
            self.actions.push(Action::ClearTimer { timer });
        }
    }

    fn next_generation(&mut self) -> Generation {
        self.generations += 1;
        Generation(self.generations)
    }

    /// A clock set back must not make old news look fresh, or a wait long, for as long.
    fn set_now(&mut self, now: i64) {
        if now < self.now {
            self.timers.shift(now - self.now);
        }
        self.now = now;
        let Self {
            heard_at,
            stream,
            fetches,
            ..
        } = self;
        for past in [heard_at, &mut stream.heard_at, &mut fetches.backfilled_at] {
            *past = past.map(|at| at.min(now));
        }
    }

    /// `wait_ms` lengthened by chance.
    fn jittered(&mut self, wait_ms: i64) -> i64 {
        let chance = self.chance();
        stretched(wait_ms, self.policy.jitter, chance)
    }

    /// The next number in 0..1 of the seed's series (SplitMix64).
    fn chance(&mut self) -> f64 {
        self.chances = self.chances.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.chances;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}
