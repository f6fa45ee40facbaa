//! Watches one run: performs the connection machine's actions and hands the store what comes.

use crate::client::config::Config;
use crate::client::loading::{self, Loaded};
use crate::dom::clock::{chance, now_millis};
use crate::dom::fetch::{self, Abort, Ask, Head};
use crate::dom::listen::Listener;
use crate::dom::page::{self, PageEvent};
use crate::dom::timer::{Ticker, Timer};
use crate::state::run_store::Services;
use crate::state::{ConnectionCommand, LinkStatus, RunStore};
use leptos::task::spawn_local;
use source::connection::{
    Action, Answer, Closed, Connection, Generation, Input, Policy, Rejection, TimerId,
};
use source::dialect::studio::{self, path::StreamFrom};
use source::dialect::{Batch, ResumeToken};
use source::sse;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};

/// A run being watched; dropping it stops everything.
pub struct RunClient {
    inner: Rc<Inner>,
}

pub(super) struct Inner {
    pub(super) store: RunStore,
    pub(super) config: Config,
    pub(super) run_id: String,
    connection: RefCell<Connection>,
    /// Where to go on from, as the newest batch said.
    pub(super) resume: RefCell<Option<ResumeToken>>,
    timers: RefCell<HashMap<TimerId, Timer>>,
    aborts: RefCell<HashMap<Generation, Abort>>,
    /// The stream that is wanted, and what ends its request when it no longer is; a reader that
    /// finds another here stops.
    stream: RefCell<Option<(Generation, Abort)>>,
    /// Looks for records that come after the run's end.
    late: RefCell<Vec<Timer>>,
    ticker: RefCell<Option<Ticker>>,
    listeners: RefCell<Vec<Listener>>,
}

impl RunClient {
    /// Begins to watch.
    pub fn open(store: RunStore, config: Config) -> Self {
        let policy = Policy {
            streaming: config.streaming,
            poll_ms: config.poll_millis,
            delays_ms: config.retry_delays_millis.clone(),
            seed: (chance() * f64::from(u32::MAX)) as u64,
            ..Policy::default()
        };
        let inner = Rc::new(Inner {
            run_id: store.id(),
            store,
            config,
            connection: RefCell::new(Connection::new(policy)),
            resume: RefCell::default(),
            timers: RefCell::default(),
            aborts: RefCell::default(),
            stream: RefCell::default(),
            late: RefCell::default(),
            ticker: RefCell::default(),
            listeners: RefCell::default(),
        });
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
    }

    /// Whether an answer is still wanted.
    pub(super) fn wants(&self, generation: Generation) -> bool {
        self.connection.borrow().accepts(generation)
    }

    /// Hands a batch to the store and tells the machine what it means for the connection.
    pub(super) fn take(self: &Rc<Self>, mut batch: Batch) {
        if batch.restarted {
            batch.problems.push(model::Problem {
                place: "stream".into(),
                what: "the server no longer knew where we were and sent everything again; what it has lost meanwhile is missing".into(),
                excerpt: "".into(),
            });
        }
        if let Some(resume) = batch.resume {
            *self.resume.borrow_mut() = Some(resume);
        }
        self.store.take(batch.items, batch.problems);
        if batch.ended {
            self.tell(Input::RunEnded);
        }
    }

    fn perform(self: &Rc<Self>, action: Action) {
        match action {
            Action::OpenStream { generation } => self.open_stream(generation),
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
        let request = loading::Request::new(self.clone(), generation, abort.signal());
        self.aborts.borrow_mut().insert(generation, abort);
        spawn_local(async move {
            let loaded = match extent {
                Extent::Full => request.full().await,
                Extent::Delta => request.delta().await,
            };
            inner.aborts.borrow_mut().remove(&generation);
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

    fn open_stream(self: &Rc<Self>, generation: Generation) {
        let Some(abort) = Abort::new() else { return };
        let signal = abort.signal();
        *self.stream.borrow_mut() = Some((generation, abort));
        let inner = Rc::downgrade(self);
        let resume = self.resume.borrow().clone();
        let address = studio::path::stream(&self.config.api, &self.run_id, &StreamFrom::default());
        spawn_local(async move {
            let mut headers = vec![("Accept", "text/event-stream")];
            if let Some(resume) = &resume {
                headers.push(("Last-Event-ID", resume.as_str()));
            }
            let ask = Ask {
                address: &address,
                headers: &headers,
            };
            let opened = fetch::open(ask, &signal).await;
            match opened {
                Err(error) => tell(
                    &inner,
                    Input::StreamClosed {
                        generation,
                        reason: Closed::Error(error),
                    },
                ),
                Ok(opened) => match rejection(&opened.head) {
                    Some(rejection) => tell(
                        &inner,
                        Input::StreamRejected {
                            generation,
                            rejection,
                        },
                    ),
                    None => read_stream(&inner, generation, opened).await,
                },
            }
        });
    }

    /// A runner that was cancelled still says its last words: looks for them a few times, at growing
    /// distance, whatever the connection thinks is over.
    fn expect_late_records(self: &Rc<Self>) {
        const AFTER_MILLIS: [i64; 4] = [1_000, 3_000, 8_000, 20_000];
        let look = |after| {
            let inner = Rc::downgrade(self);
            Timer::after(after, move || {
                if let Some(inner) = inner.upgrade() {
                    spawn_local(async move { loading::late(&inner).await });
                }
            })
        };
        *self.late.borrow_mut() = AFTER_MILLIS.into_iter().map(look).collect();
    }

    fn show(&self) {
        let now = now_millis();
        let connection = self.connection.borrow();
        self.store.set_link(LinkStatus {
            state: connection.state(now),
            retry_at: connection.retry_at(now),
            heard_at: connection.heard_at(),
            trouble: connection.trouble().map(ToString::to_string),
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
        let (api, run_id) = (self.config.api.clone(), self.run_id.clone());
        self.store.provide(Some(Services {
            command: Box::new(command),
            artifact_address: Box::new(move |id| {
                studio::path::artifact_download(&api, &run_id, id)
            }),
        }));
    }

    fn cancel_run(self: &Rc<Self>) {
        let inner = self.clone();
        spawn_local(async move {
            let address = studio::path::cancel(&inner.config.api, &inner.run_id);
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
                let problem = model::Problem {
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

#[derive(Clone, Copy)]
enum Extent {
    Full,
    Delta,
}

fn tell(inner: &Weak<Inner>, input: Input) {
    if let Some(inner) = inner.upgrade() {
        inner.tell(input);
    }
}

fn rejection(head: &Head) -> Option<Rejection> {
    let is_stream = head
        .content_type
        .split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/event-stream"));
    let answer = match head.status {
        200 if is_stream => return None,
        200 => Answer::ContentType(head.content_type.clone()),
        status => Answer::Status(status),
    };
    Some(Rejection {
        answer,
        retry_after_ms: head.retry_after_millis,
    })
}

/// Reads until the body ends or another stream is wanted. One batch, and one revision, a chunk.
async fn read_stream(inner: &Weak<Inner>, generation: Generation, mut opened: fetch::Opened) {
    tell(inner, Input::StreamOpened { generation });
    let mut parser = sse::Parser::default();
    let reason = loop {
        let chunk = opened.next().await;
        let Some(inner) = inner.upgrade() else { return };
        let wanted = inner.stream.borrow().as_ref().map(|(known, _)| *known);
        if wanted != Some(generation) {
            return;
        }
        let chunk = match chunk {
            None => break Closed::Eof,
            Some(Err(error)) => break Closed::Error(error),
            Some(Ok(chunk)) => chunk,
        };
        let work = inner.store.work().begin();
        let mut batch = Batch::default();
        let mut heard = false;
        let mut complete = false;
        let mut oversized = false;
        let mut retry = None;
        parser.feed(&chunk, |item| {
            heard = true;
            match item {
                sse::Item::Frame(frame) => {
                    complete |= frame.event == "complete";
                    let mut decoded = studio::decode_frame(frame.event, frame.data);
                    if !frame.id.is_empty() {
                        decoded.resume = Some(ResumeToken(frame.id.to_owned()));
                    }
                    batch.extend(decoded);
                }
                sse::Item::Retry(millis) => retry = Some(millis),
                sse::Item::Comment(_) => {}
                // What a frame could not carry, a fetch can.
                sse::Item::Oversized { .. } => oversized = true,
            }
        });
        inner.take(batch);
        if let Some(millis) = retry {
            inner.tell(Input::StreamRetry { generation, millis });
        }
        if heard {
            inner.tell(Input::StreamItem { generation });
        }
        if oversized {
            inner.tell(Input::GapFound);
        }
        if complete {
            inner.tell(Input::StreamComplete { generation });
            inner.expect_late_records();
        }
        drop(work);
    };
    tell(inner, Input::StreamClosed { generation, reason });
}
