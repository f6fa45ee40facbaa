//! Runs as Operations shows them.

use super::playbook::page_of;
use super::{artifacts, cancel};
use crate::ask::Ask;
use crate::error::ApiError;
use crate::json::{self as js, Object};
use crate::projection::{operations, raw, text};
use crate::run_id::RunId;
use crate::security::Access;
use crate::state::AppState;
use crate::store::KindQuery;
use crate::stream::{self, Voice};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use contract::operations::{ArtifactList, OperationList};

/// The routes, below `/api/v1`.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/operations", get(list))
        .route("/operations/{runId}", get(one))
        .route("/operations/{runId}/stream", get(follow))
        .route("/operations/{runId}/cancel", post(stop))
        .route("/artifacts/{runId}/list", get(files).post(files))
        .route("/artifacts/download", post(download))
}

/// `GET /operations`, ours: newest first.
async fn list(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let page = state.stores.runs.list(page_of(&ask)?).await?;
    let runs = page.runs.iter();
    let list = OperationList {
        kind: "OperationList".to_owned(),
        operations: runs
            .filter_map(|run| raw(&operations::summary(run)))
            .collect(),
        total: page.total,
    };
    Ok(super::json_text(text(&list)))
}

/// `GET /operations/:id`.
async fn one(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let mut current = state.projections.of(&state.stores, &ask.run()?).await?;
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    Ok((kind, current.operation_answer()).into_response())
}

/// `POST /operations/:id/cancel`: as Studio's, without a body.
async fn stop(state: State<AppState>, ask: Ask) -> Result<StatusCode, ApiError> {
    cancel::cancel(state, ask).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /operations/:id/stream`.
async fn follow(
    State(state): State<AppState>,
    Extension(access): Extension<Access>,
    ask: Ask,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    stream::answer(state, access, &ask, &headers, Voice::operations()).await
}

/// `POST /artifacts/:operation_id/list`, and GET of it. Who may see the run may see its files: a
/// signature in the body is not looked at.
async fn files(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let run = ask.run()?;
    let current = state.projections.of(&state.stores, &run).await?;
    let list = ArtifactList {
        kind: "ArtifactList".to_owned(),
        operation_id: run.to_string(),
        artifacts: current.artifacts(),
    };
    Ok(super::json_text(text(&list)))
}

/// `POST /artifacts/download {operation_id, artifact_path, signature?}`: to be saved, never shown.
async fn download(State(state): State<AppState>, body: Body) -> Result<Response, ApiError> {
    let body: Object = super::small_body(body).await?;
    let asked = |name: &str| {
        js::text(&body, name)
            .ok_or_else(|| ApiError::bad_request(format!("field `{name}`: expected text")))
    };
    let run = RunId::parse(asked("operation_id")?).map_err(ApiError::bad_request)?;
    let path = asked("artifact_path")?;
    let query = KindQuery {
        kind: "artifact",
        ..KindQuery::default()
    };
    let records = state.stores.records.of_kind(&run, query).await?;
    let id = operations::artifact_id(&records, path)
        .ok_or_else(|| ApiError::not_found(format!("Operation {run} has no artifact {path}")))?;
    artifacts::content(&state, &run, &id).await
}
