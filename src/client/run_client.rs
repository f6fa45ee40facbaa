//! Watches one run: performs the connection machine's actions and hands the store what comes.

use crate::client::config::Config;
use crate::client::loading::{self, Loaded};
use crate::client::streaming;
use crate::dom::clock::{chance, now_millis};
use crate::dom::fetch::{self, Abort, Ask};
use crate::dom::listen::Listener;
use crate::dom::page::{self, PageEvent};
use crate::dom::timer::{Ticker, Timer};
use crate::state::run_store::Services;
use crate::state::{ConnectionCommand, LinkStatus, RunStore};
use leptos::task::spawn_local;
use model::{Journal, Problem};
use source::connection::{Action, Badge, Connection, Generation, Input, Policy, TimerId};
use source::conversation::{Conversation, Extent};
use source::dialect::Batch;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

/// A run being watched; dropping it stops everything.
pub struct RunClient {
    inner: Rc<Inner>,
}

pub(super) struct Inner {
    pub(super) store: RunStore,
    pub(super) conversation: RefCell<Conversation>,
    connection: RefCell<Connection>,
    badge: Cell<Badge>,
    history: Cell<History>,
    /// Entries known to be missing that a full fetch was asked for already, or did not bring.
    missing: Cell<u64>,
    timers: RefCell<HashMap<TimerId, Timer>>,
    aborts: RefCell<HashMap<Generation, Abort>>,
    /// The stream that is wanted, and what ends its request when it no longer is; a reader that
    /// finds another here stops.
    pub(super) stream: RefCell<Option<(Generation, Abort)>>,
    /// Looks for records that come after the run's end.
    late: RefCell<Vec<Timer>>,
    ticker: RefCell<Option<Ticker>>,
    listeners: RefCell<Vec<Listener>>,
}

/// Whether the server's history of the run is the one we hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum History {
    Known,
    /// The server began anew; a full fetch is due.
    Changed,
    /// It is on its way.
    Refetching,
}

impl RunClient {
    /// Begins to watch.
    pub fn open(store: RunStore, config: Config) -> Self {
        let mut conversation = Conversation::new(config.dialect, &config.api, &store.id());
        conversation.allow_streams(config.streaming);
        let mut cadence = conversation.cadence();
        if cadence.is_empty() {
            cadence.push(config.poll_millis);
        }
        let policy = Policy {
            streaming: config.streaming,
            poll_ms: cadence,
            delays_ms: config.retry_delays_millis,
            seed: (chance() * f64::from(u32::MAX)) as u64,
            ..Policy::default()
        };
        let inner = Rc::new(Inner {
            store,
            conversation: RefCell::new(conversation),
            connection: RefCell::new(Connection::new(policy)),
            badge: Cell::new(Badge::Reconnecting),
            history: Cell::new(History::Known),
            missing: Cell::new(0),
            timers: RefCell::default(),
            aborts: RefCell::default(),
            stream: RefCell::default(),
            late: RefCell::default(),
            ticker: RefCell::default(),
            listeners: RefCell::default(),
        });
        inner.store.take(Vec::new(), config.problems);
        inner.listen();
        inner.provide();
        inner.tell(Input::Open);
        Self { inner }
    }
}

impl Drop for RunClient {
    fn drop(&mut self) {
        self.inner.store.provide(None);
        self.inner.tell(Input::Close);
        self.inner.stream.take();
        self.inner.ticker.take();
        self.inner.late.take();
        self.inner.listeners.take();
        self.inner.timers.take();
        self.inner.aborts.take();
    }
}

impl Inner {
    /// Tells the machine what happened and does what it asks.
    pub(super) fn tell(self: &Rc<Self>, input: Input) {
        let actions = self.connection.borrow_mut().step(input, now_millis());
        self.show();
        for action in actions {
            self.perform(action);
        }
        let badge = self.connection.borrow().badge(now_millis());
        if badge != self.badge.replace(badge) && badge == Badge::Ended {
            self.expect_late_records();
        }
    }

    /// Whether an answer is still wanted.
    pub(super) fn wants(&self, generation: Generation) -> bool {
        self.connection.borrow().accepts(generation)
    }

    /// Hands a batch to the store and tells the machine what it means for the connection.
    pub(super) fn take(self: &Rc<Self>, mut batch: Batch) {
        // Stream and poll both notice; while everything comes again, the second adds nothing.
        let restarted = batch.restarted && self.history.get() == History::Known;
        if restarted {
            batch.problems.push(another_history());
        }
        self.store.take(batch.items, batch.problems);
        if restarted {
            self.history.set(History::Changed);
            self.tell(Input::GapFound);
        } else if self.conversation.borrow().may_lose() {
            let missing = self.store.missing();
            if missing > self.missing.get() {
                self.missing.set(missing);
                self.tell(Input::GapFound);
            }
        }
        if batch.reopened {
            self.tell(Input::RunReopened);
        }
        if batch.ended {
            self.tell(Input::RunEnded);
        }
    }

    /// A full fetch begins: where the server has another history, what it does not bring is lost.
    fn full_begins(&self) {
        if self.history.get() != History::Known {
            self.store.begin_refetch();
            self.history.set(History::Refetching);
        }
    }

    /// A full fetch has come. What is missing now, the source does not have.
    fn full_came(&self) {
        if self.conversation.borrow().may_lose() {
            self.store.count_events();
        }
        self.missing.set(self.store.missing());
        if self.history.get() == History::Refetching {
            self.history.set(History::Known);
            let lost = self.store.end_refetch();
            if lost > 0 {
                self.store.note_expired(lost);
            }
        }
    }

    fn perform(self: &Rc<Self>, action: Action) {
        match action {
            Action::OpenStream { generation } => streaming::open(self, generation),
            Action::CloseStream { .. } => {
                self.stream.take();
            }
            Action::FetchFull { generation } => self.fetch(generation, Extent::Full),
            Action::FetchDelta { generation } => self.fetch(generation, Extent::Delta),
            Action::AbortFetch { generation } => {
                self.aborts.borrow_mut().remove(&generation);
            }
            Action::SetTimer {
                timer,
                generation,
                at,
            } => {
                let inner = Rc::downgrade(self);
                let fire = move || tell(&inner, Input::TimerFired { timer, generation });
                let timer_guard = Timer::after(at - now_millis(), fire);
                self.timers.borrow_mut().insert(timer, timer_guard);
            }
            Action::ClearTimer { timer } => {
                self.timers.borrow_mut().remove(&timer);
            }
        }
    }

    fn fetch(self: &Rc<Self>, generation: Generation, extent: Extent) {
        let Some(abort) = Abort::new() else { return };
        let work = self.store.work().begin();
        let inner = self.clone();
        let signal = abort.signal();
        self.aborts.borrow_mut().insert(generation, abort);
        if extent == Extent::Full {
            self.full_begins();
        }
        spawn_local(async move {
            let loaded = loading::fetch(&inner, generation, extent, &signal).await;
            inner.aborts.borrow_mut().remove(&generation);
            if extent == Extent::Full && matches!(loaded, Loaded::All) {
                inner.full_came();
            }
            match loaded {
                Loaded::All => inner.tell(Input::FetchDone { generation }),
                Loaded::Failed(failure) => inner.tell(Input::FetchFailed {
                    generation,
                    failure,
                }),
                Loaded::Unwanted => {}
            }
            drop(work);
        });
    }

    /// A runner that was cancelled still says its last words: looks for them a few times, at growing
    /// distance, whatever the connection thinks is over. Of a run long over nothing more is expected.
    fn expect_late_records(self: &Rc<Self>) {
        const AFTER_MILLIS: [i64; 4] = [1_000, 3_000, 8_000, 20_000];
        const LONG_MILLIS: i64 = 60_000;
        let now = now_millis() + self.store.clock_offset();
        let ended = self.store.journal_untracked(Journal::ended);
        if ended.is_some_and(|ended| now - ended.0 > LONG_MILLIS) {
            return;
        }
        let look = |after| {
            let inner = Rc::downgrade(self);
            Timer::after(after, move || {
                if let Some(inner) = inner.upgrade() {
                    let requests = inner.conversation.borrow_mut().begin(Extent::Delta);
                    spawn_local(async move { loading::beside(&inner, requests).await });
                }
            })
        };
        *self.late.borrow_mut() = AFTER_MILLIS.into_iter().map(look).collect();
    }

    /// What the stream only hinted at.
    fn fetch_asides(self: &Rc<Self>) {
        let requests = self.conversation.borrow_mut().asides();
        if !requests.is_empty() {
            let inner = self.clone();
            spawn_local(async move { loading::beside(&inner, requests).await });
        }
    }

    fn show(&self) {
        let now = now_millis();
        let connection = self.connection.borrow();
        self.store.set_link(LinkStatus {
            state: connection.state(now),
            retry_at: connection.retry_at(now),
            attempts: connection.attempts(),
            heard_at: connection.heard_at(),
            trouble: connection.trouble().cloned(),
        });
    }

    fn listen(self: &Rc<Self>) {
        let inner = Rc::downgrade(self);
        *self.listeners.borrow_mut() = page::listen(move |event| {
            let input = match event {
                PageEvent::Visible => Input::Visible,
                PageEvent::Hidden => Input::Hidden,
                PageEvent::Shown => Input::PageShow,
                PageEvent::Online => Input::Online,
                PageEvent::Offline => Input::Offline,
            };
            tell(&inner, input);
        });
        let inner = Rc::downgrade(self);
        *self.ticker.borrow_mut() = Some(Ticker::every(1_000, move || {
            if let Some(inner) = inner.upgrade() {
                inner.show();
                inner.store.tick();
                inner.fetch_asides();
            }
        }));
    }

    fn provide(self: &Rc<Self>) {
        let inner = Rc::downgrade(self);
        let command = move |command| {
            let Some(inner) = inner.upgrade() else { return };
            match command {
                ConnectionCommand::Refresh => inner.tell(Input::Refresh),
                ConnectionCommand::Retry => inner.tell(Input::RetryConnection),
                ConnectionCommand::PauseUpdates => inner.tell(Input::PauseUpdates),
                ConnectionCommand::ResumeUpdates => inner.tell(Input::ResumeUpdates),
                ConnectionCommand::CancelRun => inner.cancel_run(),
            }
        };
        let inner = Rc::downgrade(self);
        let artifact_address = move |id: &str| inner.upgrade()?.conversation.borrow().artifact(id);
        self.store.provide(Some(Services {
            command: Box::new(command),
            artifact_address: Box::new(artifact_address),
        }));
    }

    fn cancel_run(self: &Rc<Self>) {
        let inner = self.clone();
        let Some(address) = self.conversation.borrow().cancel() else {
            return;
        };
        spawn_local(async move {
            let headers = [("Content-Type", "application/json")];
            let answer = fetch::post(Ask {
                address: &address,
                headers: &headers,
            })
            .await;
            let why = match answer {
                Ok(answer) if (200..300).contains(&answer.head.status) => None,
                Ok(answer) => Some(format!("the server answered {}", answer.head.status)),
                Err(error) => Some(error),
            };
            if let Some(why) = why {
                let problem = Problem {
                    place: "cancel".into(),
                    what: format!("the run could not be cancelled: {why}").into(),
                    excerpt: "".into(),
                };
                inner.store.take(Vec::new(), vec![problem]);
            }
            inner.tell(Input::Refresh);
        });
    }
}

fn another_history() -> Problem {
    Problem {
        place: "stream".into(),
        what: "the server no longer knew where we were and sent everything again".into(),
        excerpt: "".into(),
    }
}

pub(super) fn tell(inner: &Weak<Inner>, input: Input) {
    if let Some(inner) = inner.upgrade() {
        inner.tell(input);
    }
}
