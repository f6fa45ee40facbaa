//! `GET …/stream`: a run as server-sent events, from wherever the reader left off, in any dialect.
//!
//! The stream pulls: it reads the store by arrival, a batch at a time, and reads the next one when
//! the last is sent. So a slow reader costs one batch, and what was sent up to which arrival is
//! never in doubt. The hub only wakes it.

mod frames;
mod operations;
mod packed;
mod pieces;
mod playbook;
mod playbook_frames;
mod resume;
mod studio;
mod voice;

pub(crate) use packed::MOST as MOST_PACKED;
use resume::Position;
pub(crate) use voice::Voice;

use crate::ask::Ask;
use crate::error::ApiError;
use crate::run_id::RunId;
use crate::security::Access;
use crate::state::AppState;
use crate::store::{Limit, StoreError};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::Stream;
use packed::Packing;
use pieces::Pieces;
use std::io;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::Instant;
use voice::{At, Standing};

/// Answers a request for a run's stream. Everything that can be refused is refused before the first
/// byte.
pub(crate) async fn answer(
    state: AppState,
    access: Access,
    ask: &Ask,
    headers: &HeaderMap,
    voice: Voice,
) -> Result<Response, ApiError> {
    let run = ask.run()?;
    let view = state.stores.runs.run(&run).await?;
    let position = Position::read(&state, &run, &view, ask, headers).await?;
    let place = state.streams.clone().try_acquire_owned().map_err(|_| {
        ApiError::overloaded("as many streams are open as the server can hold: poll, and try again")
    })?;
    let packing = Packing::asked(&state, headers, view.last - position.arrival);
    let coding = packing.word();
    let events = RunStream::new(state, run, access, position, voice, place);
    let mut response = Body::from_stream(pieces(events, packing)).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-cache, no-transform"),
        (header::VARY, "Accept-Encoding"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Ok(response)
}

/// The body, piece by piece.
fn pieces(events: RunStream, packing: Packing) -> impl Stream<Item = io::Result<Bytes>> {
    futures_util::stream::unfold(Some((events, packing)), async |going| {
        let (mut events, mut packing) = going?;
        match events.next().await {
            Some(piece) => {
                let packed = packing.pack(piece);
                let goes_on = packed.is_ok();
                Some((packed, goes_on.then_some((events, packing))))
            }
            None => Some((packing.finish()?, None)),
        }
    })
}

/// What is read and held at once.
const BATCH: Limit = Limit {
    records: 1_000,
    bytes: 1 << 20,
};

/// A stream to one reader. It ends when the run has ended and all of it is sent, when the server
/// stops, or when the reader's session does.
struct RunStream {
    state: AppState,
    run: RunId,
    access: Access,
    position: Position,
    phase: Phase,
    voice: Voice,
    /// Of the present batch, not yet taken.
    ready: Pieces,
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
    fn new(
        state: AppState,
        run: RunId,
        access: Access,
        position: Position,
        voice: Voice,
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
            voice,
            ready: Pieces::default(),
            _place: place,
        }
    }

    /// The next piece to send; `None` at the end.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(piece) = self.ready.pop() {
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
                let (voice, at, out) = self.speak();
                voice.failed(at, &error, out);
                self.phase = Phase::Ended;
            }
        }
    }

    /// First bytes at once: some proxies hold an answer until they come.
    async fn open(&mut self) -> Result<(), StoreError> {
        self.ready.push(": ok\n\n");
        let (voice, at, out) = self.speak();
        voice.open(at, out).await?;
        self.phase = Phase::Reading;
        Ok(())
    }

    async fn read(&mut self) -> Result<(), StoreError> {
        // Before the store is read, so that what comes in between wakes us.
        self.news.borrow_and_update();
        let records = &self.state.stores.records;
        let batch = records
            .after(&self.run, self.position.arrival, BATCH)
            .await?;
        if let Some(reached) = batch.last().map(|record| record.arrival) {
            let (voice, at, out) = self.speak();
            voice.records(at, &batch, reached, out).await?;
            self.position.arrival = reached;
        }
        let run = self.state.stores.runs.run(&self.run).await?;
        if run.epoch != self.position.epoch {
            // The run was lost and came anew under us: the reader has to start over.
            self.close();
        } else if run.last == self.position.arrival {
            let (voice, at, out) = self.speak();
            self.phase = match voice.caught_up(at, &run, out).await? {
                Standing::Behind => Phase::Reading,
                Standing::CaughtUp => Phase::Waiting,
                Standing::Over => Phase::Ended,
            };
        }
        Ok(())
    }

    fn speak(&mut self) -> (&mut Voice, At<'_>, &mut Pieces) {
        let at = At {
            state: &self.state,
            run: &self.run,
            position: &self.position,
        };
        (&mut self.voice, at, &mut self.ready)
    }

    async fn wait(&mut self) {
        let ending = self.state.ending().clone();
        let silent = tokio::select! {
            // The sender lives as long as somebody subscribes; should it go, reading finds out.
            _ = self.news.changed() => false,
            () = ending.cancelled() => return self.close(),
            () = tokio::time::sleep_until(self.silent_until) => true,
        };
        if !silent {
            self.phase = Phase::Reading;
        } else if self.access.still_holds(&self.state) {
            self.ready.push(": keepalive\n\n");
            let (voice, at, out) = self.speak();
            voice.heartbeat(at, out);
        } else {
            self.phase = Phase::Ended;
        }
    }

    /// Ends a stream that has more to tell: the reader is to come back, not all at once.
    fn close(&mut self) {
        let delay = RETRY + jitter(RETRY * 3);
        let retry = format!("retry: {}\n\n", delay.as_millis());
        self.ready.push(&retry);
        self.phase = Phase::Ended;
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
