//! A client without a page: performs what conversation and connection ask for, over real sockets, as
//! `src/client` does in a browser. Its clock is told; timers and ticks fire as it passes.

mod loading;
mod streaming;

use crate::chance::Chance;
use loading::Held;
use model::{Journal, Millis, Problem};
use reqwest::Client;
use source::connection::{Action, Connection, Generation, Input, Policy, State, TimerId};
use source::conversation::{Conversation, Extent};
use source::dialect::{Batch, Dialect};
use std::collections::{BTreeMap, VecDeque};
use streaming::Stream;

/// How often asides are looked for.
const TICK: i64 = 1_000;
/// When late records are looked for, after the end.
const LATE: [i64; 4] = [1_000, 3_000, 8_000, 20_000];

/// What is done to the follower.
#[derive(Clone, Debug, Default)]
pub struct Trouble {
    /// Streams are cut after so many bytes at most, drawn anew for each.
    pub cut: Option<usize>,
    /// One of so many deltas is answered late: what the stream says meanwhile comes first.
    pub late_answers: Option<usize>,
    /// The server does not know `/records`, as a real Studio.
    pub without_records: bool,
}

pub struct Follower {
    http: Client,
    /// Where the addresses of the conversation lead.
    pub host: String,
    pub conversation: Conversation,
    connection: Connection,
    pub journal: Journal,
    /// The clock of everybody.
    pub now: i64,
    pub trouble: Trouble,
    chance: Chance,
    todo: VecDeque<Action>,
    timers: BTreeMap<TimerId, (i64, Generation)>,
    tick: i64,
    late: Vec<i64>,
    stream: Option<Stream>,
    held: Option<Held>,
    history: History,
    missing: u64,
    /// What could not be read, in words.
    pub problems: Vec<String>,
    /// Records that the server had lost, as of the last time that all were fetched.
    pub lost: u64,
    pub counts: Counts,
}

/// What happened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub streams: usize,
    pub cuts: usize,
    pub deltas: usize,
    pub fulls: usize,
    /// Requests beside the stream.
    pub asides: usize,
    /// Requests after the end.
    pub late: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum History {
    Known,
    Changed,
    Refetching,
}

impl Follower {
    /// Opens the run. Addresses of the conversation are relative to the page, which is at `host`.
    pub async fn open(
        host: &str,
        dialect: Dialect,
        run: &str,
        now: i64,
        policy: Policy,
        trouble: Trouble,
    ) -> Self {
        let mut conversation = Conversation::new(dialect, "api/v1", run);
        conversation.allow_streams(policy.streaming);
        let mut cadence = conversation.cadence();
        if cadence.is_empty() {
            cadence.push(2_000);
        }
        let chance = Chance(policy.seed);
        let policy = Policy {
            poll_ms: cadence,
            ..policy
        };
        let mut follower = Self {
            http: Client::builder().no_proxy().build().unwrap(),
            host: host.to_owned(),
            conversation,
            connection: Connection::new(policy),
            journal: Journal::default(),
            now,
            trouble,
            chance,
            todo: VecDeque::new(),
            timers: BTreeMap::new(),
            tick: now + TICK,
            late: Vec::new(),
            stream: None,
            held: None,
            history: History::Known,
            missing: 0,
            problems: Vec::new(),
            lost: 0,
            counts: Counts::default(),
        };
        follower.tell(Input::Open);
        follower.perform().await;
        follower
    }

    pub fn state(&self) -> State {
        self.connection.state(self.now)
    }

    /// Lets time pass: what is due on the way happens.
    pub async fn pass(&mut self, until: i64) {
        loop {
            let timer = self
                .timers
                .iter()
                .map(|(id, (at, _))| (*at, Some(*id)))
                .min();
            let tick = (self.tick, None);
            let late = self.late.iter().min().map(|at| (*at, None));
            let Some((at, timer)) = [timer, Some(tick), late].into_iter().flatten().min() else {
                break;
            };
            if at > until {
                break;
            }
            self.now = self.now.max(at);
            match timer {
                Some(timer) => {
                    if let Some((_, generation)) = self.timers.remove(&timer) {
                        self.tell(Input::TimerFired { timer, generation });
                    }
                }
                None if at == self.tick => {
                    self.tick += TICK;
                    let requests = self.conversation.asides();
                    self.counts.asides += requests.len();
                    self.beside(requests).await;
                }
                None => {
                    self.late.retain(|due| *due != at);
                    let requests = self.conversation.begin(Extent::Delta);
                    self.counts.late += requests.len();
                    self.beside(requests).await;
                }
            }
            self.perform().await;
        }
        self.now = self.now.max(until);
    }

    /// Listens until the stream has said `mark`, or is no more; then answers that came late are
    /// handed in.
    pub async fn hear(&mut self, mark: Option<&str>) {
        while let (Some(mark), Some(stream)) = (mark, &self.stream) {
            if holds(&stream.text, mark.as_bytes()) {
                break;
            }
            self.chunk().await;
            self.perform().await;
        }
        if let Some(Held {
            generation,
            extent,
            answers,
        }) = self.held.take()
        {
            self.finish(generation, extent, answers).await;
            self.perform().await;
        }
    }

    /// All has been recorded: listens until the stream ends, if there is one, and then for as long as
    /// anything may still come.
    pub async fn hear_the_end(&mut self) {
        self.trouble.late_answers = None;
        self.hear_out().await;
        self.pass(self.now + 180_000).await;
    }

    /// Listens until the stream ends, if there is one.
    pub async fn hear_out(&mut self) {
        self.hear(None).await;
        while self.stream.is_some() {
            self.chunk().await;
            self.perform().await;
        }
    }

    fn tell(&mut self, input: Input) {
        self.todo.extend(self.connection.step(input, self.now));
    }

    async fn perform(&mut self) {
        while let Some(action) = self.todo.pop_front() {
            match action {
                Action::OpenStream { generation } => self.open_stream(generation).await,
                Action::CloseStream { .. } => self.stream = None,
                Action::FetchFull { generation } => self.fetch(generation, Extent::Full).await,
                Action::FetchDelta { generation } => self.fetch(generation, Extent::Delta).await,
                Action::AbortFetch { generation } => {
                    self.held.take_if(|held| held.generation == generation);
                }
                Action::SetTimer {
                    timer,
                    generation,
                    at,
                } => {
                    self.timers.insert(timer, (at, generation));
                }
                Action::ClearTimer { timer } => {
                    self.timers.remove(&timer);
                }
            }
        }
        // The sign cannot lie.
        assert!(self.state() != State::Live || self.stream.is_some());
    }

    fn take(&mut self, batch: Batch) {
        let said = |it: &Problem| format!("{}: {}", it.place, it.what);
        self.problems.extend(batch.problems.iter().map(said));
        self.journal.note_problems(Millis(self.now), batch.problems);
        let appended = self.journal.append(batch.items);
        assert_eq!(appended.dropped, 0);
        if batch.restarted && self.history == History::Known {
            self.history = History::Changed;
            self.tell(Input::GapFound);
        } else if self.conversation.may_lose() && self.journal.missing().total() > self.missing {
            self.missing = self.journal.missing().total();
            self.tell(Input::GapFound);
        }
        if batch.reopened {
            self.tell(Input::RunReopened);
        }
        if batch.ended {
            self.tell(Input::RunEnded);
        }
    }

    fn full_came(&mut self) {
        if self.conversation.may_lose() {
            self.journal.count_events();
        }
        self.missing = self.journal.missing().total();
        if self.history == History::Refetching {
            self.history = History::Known;
            self.lost = self.journal.end_refetch();
        }
    }
}

/// Whether `text` holds `part`.
fn holds(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|it| it == part)
}
