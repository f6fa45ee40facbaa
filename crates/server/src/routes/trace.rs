//! Lifecycle events and packets.

use super::json_text;
use crate::ask::Ask;
use crate::error::ApiError;
use crate::json as js;
use crate::render;
use crate::run_id::RunId;
use crate::run_view::RunView;
use crate::state::AppState;
use crate::store::{KindQuery, Limit, StoredRecord};
use crate::token::ResumeToken;
use axum::extract::State;
use axum::response::Response;

/// Bytes from which on an answer ends, with a cursor to go on from.
const ANSWER: usize = 32 << 20;

/// `GET …/trace` and `…/events`: what arrived behind `cursor`, in its places.
pub(super) async fn list(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let page = Page::read(&state, &ask, "trace", KindQuery::default()).await?;
    let run = page.run.as_str();
    let events: Vec<String> = page
        .records
        .iter()
        .map(|record| render::event(run, record))
        .collect();
    Ok(page.answer("events", &events))
}

/// `GET …/dataflows`: all packets; `visualTime` is relative to the first and last of them.
pub(super) async fn dataflows(
    State(state): State<AppState>,
    ask: Ask,
) -> Result<Response, ApiError> {
    let page = Page::read(&state, &ask, "packet", KindQuery::default()).await?;
    let run = page.run.as_str();
    let instant = |record: &StoredRecord| record.at / 1_000_000;
    let span = page
        .records
        .first()
        .map(instant)
        .zip(page.records.last().map(instant));
    let packets: Vec<String> = page
        .records
        .iter()
        .map(|record| render::packet(run, record, span))
        .collect();
    Ok(page.answer("packets", &packets))
}

/// Records of one kind behind a cursor.
pub(super) struct Page {
    pub(super) run: RunId,
    pub(super) records: Vec<StoredRecord>,
    cursor: String,
    more: bool,
}

impl Page {
    /// Reads the page that `cursor` and `limit` ask for. A cursor that is none of this run's
    /// history starts over.
    pub(super) async fn read(
        state: &AppState,
        ask: &Ask,
        kind: &'static str,
        query: KindQuery,
    ) -> Result<Self, ApiError> {
        let run = ask.run()?;
        let records = ask.number("limit", 1_000_000, 1..=1_000_000)?;
        let limit = Limit {
            records,
            bytes: ANSWER,
        };
        let view = state.stores.runs.run(&run).await?;
        let after = asked_arrival(ask, "cursor", &view);
        let query = KindQuery {
            kind,
            after,
            limit: Some(limit),
            ..query
        };
        let records = state.stores.records.of_kind(&run, query).await?;
        let bytes: usize = records.iter().map(|record| record.body.len()).sum();
        let more = records.len() >= limit.records || bytes >= limit.bytes;
        let last = records
            .iter()
            .map(|record| record.arrival)
            .max()
            .unwrap_or(after);
        let cursor = ResumeToken {
            epoch: view.epoch,
            arrival: last,
        };
        Ok(Self {
            run,
            records,
            cursor: cursor.to_string(),
            more,
        })
    }

    /// `{"runId","<name>":[…],"cursor","hasMore"}`.
    pub(super) fn answer(&self, name: &str, items: &[String]) -> Response {
        let run = js::quote(self.run.as_str());
        let items = js::list(items.iter().map(String::as_str));
        let (cursor, more) = (js::quote(&self.cursor), self.more);
        json_text(format!(
            "{{\"runId\":{run},\"{name}\":{items},\"cursor\":{cursor},\"hasMore\":{more}}}"
        ))
    }
}

/// The arrival a token in the query stands for; 0 without one and for one of another history.
pub(super) fn asked_arrival(ask: &Ask, name: &str, run: &RunView) -> i64 {
    let token = ask.text(name).and_then(ResumeToken::parse);
    token
        .and_then(|token| token.arrival_in(&run.epoch, run.last))
        .unwrap_or(0)
}
