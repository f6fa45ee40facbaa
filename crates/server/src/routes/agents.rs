//! What agents said: stored parts, and the same as a stream of UI message chunks.

use super::json;
use crate::ask::Ask;
use crate::error::ApiError;
use crate::render;
use crate::run_id::RunId;
use crate::security::Access;
use crate::state::AppState;
use crate::store::{KindQuery, StoreError};
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use contract::agent::ChunkType;
use futures_util::stream;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::convert::Infallible;
use tokio::sync::{OwnedSemaphorePermit, watch};

/// `GET /agents/:agentRunId/parts?cursor=`: parts with a greater sequence.
pub(super) async fn parts(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let id = ask.part("agentRunId");
    let after = ask.number("cursor", 0, 0..=usize::MAX >> 1)? as i64;
    let (run, node) = find(&state, id).await?;
    let (parts, _) = read(&state, &run, id, after, 0).await?;
    let cursor = parts.last().map_or(after, |(sequence, _)| *sequence);
    let parts: Vec<Value> = parts.into_iter().map(|(_, part)| part).collect();
    Ok(json(&json!({
        "agentRunId": id,
        "workflowRunId": run.as_str(),
        "nodeRef": node,
        "cursor": cursor,
        "parts": parts,
    })))
}

/// `POST /agents/:agentRunId/chat {cursor?}`: the chunks as they come, until the message is whole
/// or the run has ended.
pub(super) async fn chat(
    State(state): State<AppState>,
    Extension(access): Extension<Access>,
    ask: Ask,
    body: Body,
) -> Result<Response, ApiError> {
    let body = super::small_body(body).await?;
    let after = match body.get("cursor").filter(|cursor| !cursor.is_null()) {
        None => 0,
        Some(cursor) => cursor
            .as_i64()
            .filter(|cursor| *cursor >= 0)
            .ok_or_else(|| {
                ApiError::bad_request("field `cursor`: expected a whole number from 0")
            })?,
    };
    let id = ask.part("agentRunId").to_owned();
    let (run, _) = find(&state, &id).await?;
    let place = state.streams.clone().try_acquire_owned().map_err(|_| {
        ApiError::overloaded("as many streams are open as the server can hold: try again")
    })?;
    let chat = Chat {
        news: state.hub.subscribe(&run),
        state,
        run,
        id,
        after,
        arrival: 0,
        access,
        ready: VecDeque::from([Bytes::from_static(b": stream-open\n\n")]),
        phase: Phase::Reading,
        _place: place,
    };
    let pieces = stream::unfold(chat, async |mut chat| {
        let piece = chat.next().await?;
        Some((Ok::<_, Infallible>(piece), chat))
    });
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/event-stream"),
        (header::CACHE_CONTROL.as_str(), "no-cache, no-transform"),
        ("x-vercel-ai-ui-message-stream", "v1"),
        ("x-accel-buffering", "no"),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

struct Chat {
    state: AppState,
    run: RunId,
    id: String,
    /// The last sequence sent.
    after: i64,
    /// Parts that arrived up to here are read.
    arrival: i64,
    access: Access,
    ready: VecDeque<Bytes>,
    phase: Phase,
    news: watch::Receiver<i64>,
    _place: OwnedSemaphorePermit,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Reading,
    Waiting,
    Ended,
}

impl Chat {
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Some(piece);
            }
            match self.phase {
                Phase::Ended => return None,
                Phase::Waiting => self.wait().await,
                Phase::Reading => {
                    if let Err(error) = self.read().await {
                        tracing::error!(run = %self.run, %error, "an agent's stream breaks off");
                        let chunk = json!({"type": "error", "errorText": error.to_string()});
                        self.end(Some(chunk));
                    }
                }
            }
        }
    }

    async fn read(&mut self) -> Result<(), StoreError> {
        self.news.borrow_and_update();
        // Before the parts, so that none is missed when the run ends in between.
        let ended = self
            .state
            .stores
            .runs
            .run(&self.run)
            .await?
            .stated()
            .is_terminal();
        self.phase = Phase::Waiting;
        let (parts, arrival) =
            read(&self.state, &self.run, &self.id, self.after, self.arrival).await?;
        self.arrival = arrival;
        for (sequence, part) in parts {
            self.after = sequence;
            let chunk = &part["chunk"];
            self.ready.push_back(format!("data: {chunk}\n\n").into());
            let kind = ChunkType::from_word(chunk["type"].as_str().unwrap_or_default());
            if matches!(kind, ChunkType::Finish | ChunkType::Abort) {
                self.end(None);
                return Ok(());
            }
        }
        if ended {
            self.end(None);
        }
        Ok(())
    }

    async fn wait(&mut self) {
        let ending = self.state.ending().clone();
        tokio::select! {
            _ = self.news.changed() => self.phase = Phase::Reading,
            () = ending.cancelled() => self.phase = Phase::Ended,
            () = tokio::time::sleep(self.state.config.heartbeat) => {
                match self.access.still_holds(&self.state) {
                    true => self.ready.push_back(Bytes::from_static(b": keep-alive\n\n")),
                    false => self.phase = Phase::Ended,
                }
            }
        }
    }

    fn end(&mut self, chunk: Option<Value>) {
        let chunk = chunk.map(|chunk| format!("data: {chunk}\n\n").into());
        self.ready.extend(chunk);
        self.ready
            .push_back(Bytes::from_static(b"data: [DONE]\n\n"));
        self.phase = Phase::Ended;
    }
}

async fn find(state: &AppState, id: &str) -> Result<(RunId, String), ApiError> {
    let found = state.stores.index.agent_run(id).await?;
    found.ok_or_else(|| ApiError::not_found(format!("Agent run {id} not found")))
}

/// Parts behind a sequence among those that arrived later than `arrival`, in their order; and the
/// last arrival read.
async fn read(
    state: &AppState,
    run: &RunId,
    id: &str,
    after: i64,
    arrival: i64,
) -> Result<(Vec<(i64, Value)>, i64), StoreError> {
    let query = KindQuery {
        kind: "agent",
        after: arrival,
        track: Some(id.to_owned()),
        ..KindQuery::default()
    };
    let records = state.stores.records.of_kind(run, query).await?;
    let last = records.iter().map(|record| record.arrival).max();
    let mut parts: Vec<_> = records.iter().map(render::part).collect();
    parts.retain(|(sequence, _)| *sequence > after);
    parts.sort_by_key(|(sequence, _)| *sequence);
    Ok((parts, last.unwrap_or(arrival)))
}
