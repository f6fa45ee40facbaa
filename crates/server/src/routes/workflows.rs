//! Workflows as far as their runs tell of them.

use super::json_text;
use crate::ask::Ask;
use crate::error::ApiError;
use crate::json::{self as js, Object};
use crate::run_id::RunId;
use crate::state::AppState;
use crate::store::{Drawn, GraphOf, RunQuery, StoreError};
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

/// `GET /workflows/:id`: as its newest run has it.
pub(super) async fn one(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let id = ask.part("id");
    let query = RunQuery {
        workflow: Some(id.to_owned()),
        ..RunQuery::default()
    };
    let (run, graph) = newest(&state, query)
        .await?
        .ok_or_else(|| ApiError::not_found(format!("Workflow {id} not found")))?;
    let workflow = json!({
        "id": id,
        "name": run["workflowName"],
        "currentVersionId": run["workflowVersionId"],
        "currentVersion": run["workflowVersion"],
        "createdAt": run["startTime"],
        "updatedAt": run["startTime"],
    });
    Ok(with_graph(&workflow, &graph))
}

/// `GET /workflows/:id/versions/:versionId`: the graph of the newest run of that version.
pub(super) async fn version(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let (id, version) = (ask.part("id"), ask.part("versionId"));
    let query = RunQuery {
        workflow: Some(id.to_owned()),
        version: Some(version.to_owned()),
        ..RunQuery::default()
    };
    let (run, graph) = newest(&state, query).await?.ok_or_else(|| {
        ApiError::not_found(format!("Version {version} of workflow {id} not found"))
    })?;
    let shown = json!({
        "id": version,
        "workflowId": id,
        "version": run["workflowVersion"],
        "createdAt": run["startTime"],
    });
    Ok(with_graph(&shown, &graph))
}

/// The newest run that matches, if possible one with a graph; and its graph.
async fn newest(state: &AppState, query: RunQuery) -> Result<Option<(Object, String)>, StoreError> {
    let mut page = Vec::new();
    for drawn in [Some(Drawn), None] {
        let query = RunQuery {
            drawn,
            limit: 1,
            ..query.clone()
        };
        page = state.stores.runs.list(query).await?.runs;
        if !page.is_empty() {
            break;
        }
    }
    let Some(run) = page.pop() else {
        return Ok(None);
    };
    let id = RunId::parse(run.id()).map_err(|error| StoreError::Failed(error.into()))?;
    let graph = state.stores.runs.graph(&id, GraphOf::Now).await?;
    let empty = || "{\"edges\":[],\"nodes\":[]}".to_owned();
    Ok(Some((run.api_run(), graph.unwrap_or_else(empty))))
}

/// Adds the graph, with what a strict reader asks of one.
fn with_graph(object: &Value, graph: &str) -> Response {
    let mut graph = js::object(graph);
    js::default(&mut graph, "name", "");
    js::default(&mut graph, "viewport", json!({"x": 0, "y": 0, "zoom": 1}));
    let mut object = object.clone();
    object["graph"] = graph.into();
    json_text(object.to_string())
}
