//! Terminal chunks.

use super::trace::Page;
use crate::ask::Ask;
use crate::error::ApiError;
use crate::render;
use crate::state::AppState;
use crate::store::KindQuery;
use axum::extract::State;
use axum::response::Response;

/// `GET …/terminal`: what arrived behind `cursor`, in its places.
pub(super) async fn list(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let query = KindQuery {
        node: ask.owned("nodeRef"),
        track: ask.word("stream", &["stdout", "stderr", "pty", "console"])?,
        from: ask.instant("startTime")?,
        to: ask.instant("endTime")?,
        ..KindQuery::default()
    };
    let page = Page::read(&state, &ask, "terminal", query).await?;
    let chunks: Vec<String> = page.records.iter().map(render::chunk).collect();
    Ok(page.answer("chunks", &chunks))
}
