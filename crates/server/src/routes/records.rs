//! Everything in the order it arrived: the stream, and the same by polling.

use super::json_text;
use super::trace::asked_arrival;
use crate::ask::Ask;
use crate::error::ApiError;
use crate::json as js;
use crate::security::Access;
use crate::state::AppState;
use crate::store::{GraphOf, Limit};
use crate::stream::{self, Voice};
use crate::token::ResumeToken;
use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

/// `GET …/stream`.
pub(super) async fn stream(
    State(state): State<AppState>,
    Extension(access): Extension<Access>,
    ask: Ask,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    stream::answer(state, access, &ask, &headers, Voice::studio()).await
}

/// `GET …/records?after=&limit=`, ours: what arrived behind a token, of every kind. From the start
/// it brings the run and its graph along.
pub(super) async fn list(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let run = ask.run()?;
    let view = state.stores.runs.run(&run).await?;
    let after = asked_arrival(&ask, "after", &view);
    let resume = match (ask.text("after"), after) {
        (None, _) => "start",
        // What the caller has is of another history, unless it has nothing.
        (Some(given), 0) if !given.ends_with("-0") => "restarted",
        (Some(_), _) => "resumed",
    };
    let limit = Limit {
        records: ask.number("limit", 5_000, 1..=20_000)?,
        bytes: PAGE,
    };
    let records = state.stores.records.after(&run, after, limit).await?;
    let reached = records.last().map_or(after, |record| record.arrival);
    let cursor = ResumeToken {
        epoch: view.epoch.clone(),
        arrival: reached,
    };
    let lines: Vec<String> = records
        .iter()
        .map(|record| js::prepend("kind", record.kind.as_str(), &record.body))
        .collect();
    let head = match after {
        0 => {
            let graph = state.stores.runs.graph(&run, GraphOf::Header).await?;
            let header = serde_json::Value::Object(view.api_run());
            format!(
                ",\"run\":{header},\"graph\":{}",
                graph.as_deref().unwrap_or("null")
            )
        }
        _ => String::new(),
    };
    Ok(json_text(format!(
        "{{\"runId\":{},\"epoch\":\"{}\",\"cursor\":\"{cursor}\",\"resume\":\"{resume}\",\"hasMore\":{}{head},\"records\":{}}}",
        js::quote(run.as_str()),
        view.epoch,
        reached < view.last,
        js::list(lines.iter().map(String::as_str)),
    )))
}

/// Bytes from which on a page ends.
const PAGE: usize = 8 << 20;
