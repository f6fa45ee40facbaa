//! `GET …/stream`: a run as server-sent events, from wherever the reader left off.
//!
//! The stream pulls: it reads the store by arrival, a batch at a time, and reads the next one when
//! the last is sent. So a slow reader costs one batch, and what was sent up to which arrival is
//! never in doubt. The hub only wakes it.

mod frames;
mod resume;

pub(crate) use resume::Position;

use crate::run_id::RunId;
use crate::run_view::RunView;
use crate::security::Access;
use crate::state::AppState;
use crate::store::{GraphOf, Limit, StoreError};
use bytes::Bytes;
use contract::studio::{Frame, RunStatus};
use frames::{Frames, frame};
use serde_json::json;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::Instant;

/// What is read and held at once.
const BATCH: Limit = Limit {
    records: 1_000,
    bytes: 1 << 20,
};

/// A stream to one reader. It ends when the run has ended and all of it is sent, when the server
/// stops, or when the reader's session does.
pub(crate) struct RunStream {
    state: AppState,
    run: RunId,
    access: Access,
    position: Position,
    phase: Phase,
    /// Of the present batch, not yet taken.
    ready: VecDeque<Bytes>,
    /// The last status sent, without what changes all the time.
    said: String,
    news: watch::Receiver<i64>,
    silent_until: Instant,
    _place: OwnedSemaphorePermit,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Opening,
    Reading,
    Waiting,
    Ended,
}

impl RunStream {
    /// Prepares a stream of a run that is known to exist.
    pub(crate) fn new(
        state: AppState,
        run: RunId,
        access: Access,
        position: Position,
        place: OwnedSemaphorePermit,
    ) -> Self {
        Self {
            news: state.hub.subscribe(&run),
            silent_until: Instant::now() + state.config.heartbeat,
            state,
            run,
            access,
            position,
            phase: Phase::Opening,
            ready: VecDeque::new(),
            said: String::new(),
            _place: place,
        }
    }

    /// The next piece to send; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                self.silent_until = Instant::now() + self.state.config.heartbeat;
                return Some(piece);
            }
            if self.phase == Phase::Ended {
                return None;
            }
            if self.state.ending().is_cancelled() {
                self.close();
                continue;
            }
            let step = match self.phase {
                Phase::Opening => self.open().await,
                Phase::Reading => self.read().await,
                Phase::Waiting => {
                    self.wait().await;
                    Ok(())
                }
                Phase::Ended => Ok(()),
            };
            if let Err(error) = step {
                // The reader comes back with its last id, so nothing is lost.
                tracing::error!(run = %self.run, %error, "a stream breaks off");
                let data = json!({"message": "trace_fetch_failed", "detail": error.to_string()});
                self.push(Frame::Error, &data.to_string());
                self.phase = Phase::Ended;
            }
        }
    }

    /// First bytes at once: some proxies hold an answer until they come.
    async fn open(&mut self) -> Result<(), StoreError> {
        self.ready.push_back(Bytes::from_static(b": ok\n\n"));
        let data = json!({
            "mode": "realtime",
            "runId": self.run.as_str(),
            "resume": self.position.origin.as_str(),
        });
        self.push(Frame::Ready, &data.to_string());
        if self.position.arrival == 0
            && let Some(graph) = self
                .state
                .stores
                .runs
                .graph(&self.run, GraphOf::Header)
                .await?
        {
            self.push(Frame::Graph, &graph);
        }
        self.phase = Phase::Reading;
        Ok(())
    }

    async fn read(&mut self) -> Result<(), StoreError> {
        // Before the store is read, so that what comes in between wakes us.
        self.news.borrow_and_update();
        let position = self.position.arrival;
        let records = &self.state.stores.records;
        let batch = records.after(&self.run, position, BATCH).await?;
        if let Some(last) = batch.last() {
            let reached = last.arrival;
            let frames = Frames::of(self.run.as_str(), &self.position, &batch);
            self.ready
                .extend(frames.finish(&self.position.token(reached)));
            self.position.arrival = reached;
        }
        let run = self.state.stores.runs.run(&self.run).await?;
        if run.epoch != self.position.epoch {
            // The run was lost and came anew under us: the reader has to start over.
            self.close();
        } else if run.last == self.position.arrival {
            self.caught_up(&run);
        }
        Ok(())
    }

    /// Everything is sent: says how the run stands, and whether it is over.
    fn caught_up(&mut self, run: &RunView) {
        let mut status = run.api_status();
        let whole = serde_json::Value::Object(status.clone()).to_string();
        // Both change with every event: no news of their own.
        status.remove("updatedAt");
        status.remove("historyLength");
        let said = serde_json::Value::Object(status).to_string();
        if said != self.said {
            self.push(Frame::Status, &whole);
            self.said = said;
        }
        let status: RunStatus = run.status();
        if status.is_terminal() {
            let data = json!({"runId": self.run.as_str(), "status": status.as_str()});
            self.push(Frame::Complete, &data.to_string());
            self.phase = Phase::Ended;
        } else {
            self.phase = Phase::Waiting;
        }
    }

    async fn wait(&mut self) {
        let ending = self.state.ending().clone();
        tokio::select! {
            // The sender lives as long as somebody subscribes; should it go, reading finds out.
            _ = self.news.changed() => self.phase = Phase::Reading,
            () = ending.cancelled() => self.close(),
            () = tokio::time::sleep_until(self.silent_until) => {
                if self.access.still_holds(&self.state) {
                    self.ready.push_back(Bytes::from_static(b": keepalive\n\n"));
                    self.push(Frame::Heartbeat, "{}");
                } else {
                    self.phase = Phase::Ended;
                }
            }
        }
    }

    /// Ends a stream that has more to tell: the reader is to come back, not all at once.
    fn close(&mut self) {
        let delay = RETRY + jitter(RETRY * 3);
        let retry = format!("retry: {}\n\n", delay.as_millis());
        self.ready.push_back(retry.into());
        self.phase = Phase::Ended;
    }

    fn push(&mut self, name: Frame, data: &str) {
        let token = self.position.token(self.position.arrival);
        self.ready.push_back(frame(name, &token, data));
    }
}

/// The least time a reader is asked to stay away when the server stops.
const RETRY: Duration = Duration::from_millis(1_000);

fn jitter(most: Duration) -> Duration {
    let mut random = [0_u8; 2];
    // Without randomness all come back at once: worse, but no failure.
    let share = getrandom::fill(&mut random).map_or(0, |()| u16::from_be_bytes(random));
    most.mul_f64(f64::from(share) / f64::from(u16::MAX))
}
