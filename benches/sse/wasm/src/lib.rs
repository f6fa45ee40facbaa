//! The app's way of a stream for a page that has nothing else: fetched, parsed, decoded, stored.
//!
//! `src/dom/fetch.rs` is taken in as it is; the loop is that of `read_stream` in
//! `src/client/run_client.rs`, without the connection machine and the panels.

use model::Journal;
use source::dialect::studio;
use source::dialect::{Batch, ResumeToken};
use source::sse;
use wasm_bindgen::prelude::wasm_bindgen;

#[expect(
    dead_code,
    reason = "the app needs all of it, the bench one way through it"
)]
#[path = "../../../../src/dom/fetch.rs"]
mod fetch;

/// What a stream came to; the journal stays until the page frees this, as in the app.
#[wasm_bindgen]
pub struct Watched {
    journal: Journal,
    problems: usize,
    resume: Option<ResumeToken>,
}

#[wasm_bindgen]
impl Watched {
    /// Lifecycle events held.
    pub fn events(&self) -> usize {
        self.journal.events().len()
    }

    /// What could not be read: 0, or the figures are worth nothing.
    pub fn problems(&self) -> usize {
        self.problems
    }

    /// Where one would go on from.
    pub fn resume(&self) -> String {
        self.resume
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default()
    }
}

/// Reads the stream at `address` to its end. The error says what broke.
#[wasm_bindgen]
pub async fn watch(address: String) -> Result<Watched, String> {
    let abort = fetch::Abort::new().ok_or("no AbortController")?;
    let ask = fetch::Ask {
        address: &address,
        headers: &[("Accept", "text/event-stream")],
    };
    let mut opened = fetch::open(ask, &abort.signal()).await?;
    let mut watched = Watched {
        journal: Journal::default(),
        problems: 0,
        resume: None,
    };
    let mut parser = sse::Parser::default();
    let mut frames = studio::Frames::default();
    let mut room = 0;
    while let Some(chunk) = opened.next().await {
        let mut batch = Batch::default();
        batch.items.reserve(room);
        parser.feed(&chunk?, |item| match item {
            sse::Item::Frame(frame) => {
                if !frame.id.is_empty() {
                    ResumeToken::renew(&mut watched.resume, frame.id);
                }
                frames.read(frame.event, frame.data, &mut batch);
            }
            sse::Item::Oversized { .. } => watched.problems += 1,
            sse::Item::Retry(_) | sse::Item::Comment(_) => {}
        });
        watched.problems += batch.problems.len();
        room = batch.items.len();
        watched.journal.append(batch.items);
    }
    Ok(watched)
}
