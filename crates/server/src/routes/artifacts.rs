//! Files a run made.

use super::{attach, json};
use crate::ask::Ask;
use crate::error::ApiError;
use crate::json::{self as js, Object};
use crate::render;
use crate::run_id::RunId;
use crate::state::AppState;
use crate::store::{KindQuery, StoreError};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// `GET …/artifacts`.
pub(super) async fn list(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let run = ask.run()?;
    let artifacts: Vec<Value> = all(&state, &run)
        .await?
        .into_iter()
        .map(Value::from)
        .collect();
    Ok(json(
        &json!({"runId": run.as_str(), "artifacts": artifacts}),
    ))
}

/// `GET …/artifacts/:artifactId/download`: to be saved, never shown.
pub(super) async fn download(
    State(state): State<AppState>,
    ask: Ask,
) -> Result<Response, ApiError> {
    content(&state, &ask.run()?, ask.part("artifactId")).await
}

/// What was recorded of an artifact.
pub(super) async fn content(state: &AppState, run: &RunId, id: &str) -> Result<Response, ApiError> {
    let artifacts = all(state, run).await?;
    let artifact = artifacts
        .iter()
        .find(|artifact| js::text(artifact, "id") == Some(id));
    let artifact = artifact
        .ok_or_else(|| ApiError::not_found(format!("Workflow run {run} has no artifact {id}")))?;
    let content = state.stores.files.content(run, id).await?.ok_or_else(|| {
        ApiError::not_found(format!("The content of artifact {id} was not recorded"))
    })?;
    let stated = js::text(artifact, "mimeType").unwrap_or_default();
    let mut response = ([(header::CONTENT_TYPE, safe_type(stated))], content).into_response();
    attach(
        response.headers_mut(),
        js::text(artifact, "name").unwrap_or("artifact"),
    );
    Ok(response)
}

async fn all(state: &AppState, run: &RunId) -> Result<Vec<Object>, StoreError> {
    let view = state.stores.runs.run(run).await?;
    let workflow = js::text(&view.header, "workflowId").unwrap_or_default();
    let query = KindQuery {
        kind: "artifact",
        ..KindQuery::default()
    };
    let records = state.stores.records.of_kind(run, query).await?;
    Ok(records
        .iter()
        .map(|record| render::artifact(run.as_str(), workflow, record))
        .collect())
}

/// Types no browser runs; all others are bytes.
pub(crate) fn safe_type(stated: &str) -> &'static str {
    match stated.split(';').next().unwrap_or_default().trim() {
        "application/json" => "application/json",
        "application/gzip" => "application/gzip",
        "application/pdf" => "application/pdf",
        "application/zip" => "application/zip",
        "image/gif" => "image/gif",
        "image/jpeg" => "image/jpeg",
        "image/png" => "image/png",
        "image/webp" => "image/webp",
        "text/csv" => "text/csv; charset=utf-8",
        "text/markdown" => "text/markdown; charset=utf-8",
        "text/plain" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
