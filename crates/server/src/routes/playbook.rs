//! Runs as Playbook shows them.

use crate::ask::Ask;
use crate::error::ApiError;
use crate::json::Object;
use crate::projection::{member, playbook, raw};
use crate::render::{self, Detail};
use crate::run_id::RunId;
use crate::security::Access;
use crate::state::AppState;
use crate::store::{KindQuery, RunQuery, StoreError};
use crate::stream::{self, Voice};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use contract::playbook::{PlaybookRunList, PlaybookRunStatus, StepRunView};

/// The routes, below `/api/v1`.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/playbook-runs", get(list))
        .route("/playbook-runs/{runId}", get(one))
        .route("/playbook-runs/{runId}/steps/{stepKey}", get(step))
        .route("/playbook-runs/{runId}/stream", get(follow))
        .route("/playbooks/runs/{runId}/cancel", post(stop))
}

/// `GET /playbook-runs`, ours: newest first.
async fn list(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let page = state.stores.runs.list(page_of(&ask)?).await?;
    let runs = page.runs.iter();
    let list = PlaybookRunList {
        runs: runs
            .filter_map(|run| raw(&playbook::summary(run)))
            .collect(),
        total: page.total,
    };
    Ok(super::json_text(playbook::answer(raw(&list))))
}

/// Which page of all runs is asked for.
pub(super) fn page_of(ask: &Ask) -> Result<RunQuery, ApiError> {
    Ok(RunQuery {
        limit: ask.number("limit", 50, 1..=200)?,
        offset: ask.number("offset", 0, 0..=usize::MAX >> 1)?,
        ..RunQuery::default()
    })
}

/// `GET /playbook-runs/:id`: the run with all its steps.
async fn one(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let mut current = state.projections.of(&state.stores, &ask.run()?).await?;
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    Ok((kind, current.playbook_answer()).into_response())
}

/// `GET /playbook-runs/:id/steps/:stepKey`: one step, its values whole.
async fn step(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let run = ask.run()?;
    let key = ask.part("stepKey");
    let (mut view, previews) = {
        let current = state.projections.of(&state.stores, &run).await?;
        let step = current
            .step(key)
            .ok_or_else(|| ApiError::not_found(format!("Playbook run {run} has no step {key}")))?;
        (current.step_view(step), current.has_previews(step))
    };
    if previews {
        whole(&state, &run, &mut view).await?;
    }
    Ok(super::json_text(playbook::answer(raw(&view))))
}

/// Puts in values that were too large to be held.
async fn whole(state: &AppState, run: &RunId, view: &mut StepRunView) -> Result<(), StoreError> {
    let query = KindQuery {
        kind: "io",
        node: Some(view.key.clone()),
        ..KindQuery::default()
    };
    let rows = state.stores.records.of_kind(run, query).await?;
    let io: Object = render::node_io(&rows, Detail::Full);
    view.input = member(&io, "inputs").or(view.input.take());
    // The last attempt's alone.
    if view.output.is_some() {
        view.output = member(&io, "outputs").or(view.output.take());
    }
    Ok(())
}

/// `POST /playbooks/runs/:id/cancel`: as Studio's.
async fn stop(state: State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let run = ask.run()?;
    super::cancel::cancel(state, ask).await?;
    let told = serde_json::json!({"runId": run.as_str(), "status": PlaybookRunStatus::Cancelled});
    Ok(super::json_text(playbook::answer(raw(&told))))
}

/// `GET /playbook-runs/:id/stream`.
async fn follow(
    State(state): State<AppState>,
    Extension(access): Extension<Access>,
    ask: Ask,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    stream::answer(state, access, &ask, &headers, Voice::playbook()).await
}
