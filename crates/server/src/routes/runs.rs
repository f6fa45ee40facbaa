//! Runs: the list, and what there is to know of one without its records.

use super::{json, json_text};
use crate::ask::Ask;
use crate::error::ApiError;
use crate::json::{self as js, Object};
use crate::render::{self, Detail};
use crate::state::AppState;
use crate::store::{GraphOf, KindQuery, RunQuery, StoredRecord};
use axum::extract::State;
use axum::response::Response;
use contract::studio::{RunStatus, TraceType};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// `GET /workflows/runs`: newest first.
pub(super) async fn list(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let words = ask.text("q").unwrap_or_default().to_lowercase();
    let query = RunQuery {
        status: asked_status(&ask)?,
        workflow: ask.owned("workflowId"),
        words: words
            .split_whitespace()
            .take(8)
            .map(str::to_owned)
            .collect(),
        limit: ask.number("limit", 50, 1..=200)?,
        offset: ask.number("offset", 0, 0..=usize::MAX >> 1)?,
        ..RunQuery::default()
    };
    let page = state.stores.runs.list(query).await?;
    let runs: Vec<Value> = page.runs.iter().map(|run| run.api_run().into()).collect();
    Ok(json(&json!({"runs": runs, "total": page.total})))
}

fn asked_status(ask: &Ask) -> Result<Option<String>, ApiError> {
    let Some(word) = ask.text("status") else {
        return Ok(None);
    };
    match RunStatus::from_word(word) {
        RunStatus::Other(_) => Err(ApiError::bad_request(format!(
            "query `status`: expected one of {}, got {word:?}",
            RunStatus::WORDS.join(", ")
        ))),
        status => Ok(Some(status.to_string())),
    }
}

/// `GET …/:runId`.
pub(super) async fn one(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let run = state.stores.runs.run(&ask.run()?).await?;
    Ok(json(&run.api_run().into()))
}

/// `GET …/children`.
pub(super) async fn children(
    State(state): State<AppState>,
    ask: Ask,
) -> Result<Response, ApiError> {
    let run = ask.run()?;
    state.stores.runs.run(&run).await?;
    let query = RunQuery {
        parent: Some(run.to_string()),
        limit: 1_000,
        ..RunQuery::default()
    };
    let page = state.stores.runs.list(query).await?;
    let child = |run: &Object| {
        let field = |name: &str| run.get(name).cloned().unwrap_or(Value::Null);
        let mut child = json!({
            "runId": field("id"),
            "workflowId": field("workflowId"),
            "workflowName": field("workflowName"),
            "parentNodeRef": field("parentNodeRef"),
            "status": field("status"),
            "startedAt": field("startTime"),
        });
        if let Some(end) = js::text(run, "endTime") {
            child["completedAt"] = end.into();
        }
        child
    };
    let runs: Vec<Value> = page.runs.iter().map(|run| child(&run.api_run())).collect();
    Ok(json(&json!({"runs": runs})))
}

/// `GET …/config`: what the run was started with.
pub(super) async fn config(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let run = state.stores.runs.run(&ask.run()?).await?.api_run();
    Ok(json(&json!({
        "runId": run["id"],
        "workflowId": run["workflowId"],
        "workflowVersionId": run["workflowVersionId"],
        "workflowVersion": run["workflowVersion"],
        "inputs": run["inputPreview"].get("runtimeInputs").cloned().unwrap_or(json!({})),
    })))
}

/// `GET …/graph`, ours: the graph this very run is drawn with, null where there is none.
pub(super) async fn graph(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let run = ask.run()?;
    let graph = state.stores.runs.graph(&run, GraphOf::Now).await?;
    let graph = graph.as_deref().unwrap_or("null");
    Ok(json_text(format!(
        "{{\"runId\":{},\"graph\":{graph}}}",
        js::quote(run.as_str())
    )))
}

/// `GET …/status`.
pub(super) async fn status(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let run = state.stores.runs.run(&ask.run()?).await?;
    Ok(json(&run.api_status().into()))
}

/// `GET …/result`: for each node its outputs, or what its completion summed up; and its agent run.
pub(super) async fn result(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let run = ask.run()?;
    let of = async |kind| {
        let query = KindQuery {
            kind,
            ..KindQuery::default()
        };
        state.stores.records.of_kind(&run, query).await
    };
    let mut outputs: BTreeMap<String, Value> = BTreeMap::new();
    for event in of("trace").await? {
        let event = js::object(&event.body);
        let kind = js::text(&event, "type").map(TraceType::from_word);
        if let (Some(TraceType::Completed), Some(node), Some(summary)) =
            (kind, js::text(&event, "nodeId"), event.get("outputSummary"))
        {
            outputs.insert(node.to_owned(), summary.clone());
        }
    }
    for (node, rows) in by_node(of("io").await?) {
        let mut io = render::node_io(&rows, Detail::Full);
        if let Some(value) = io.remove("outputs").filter(|value| !value.is_null()) {
            outputs.insert(node, value);
        }
    }
    for part in of("agent").await? {
        let part = js::object(&part.body);
        if let (Some(node), Some(agent)) = (js::text(&part, "nodeRef"), part.get("agentRunId")) {
            let output = outputs
                .entry(node.to_owned())
                .or_insert_with(|| Map::new().into());
            if let Value::Object(output) = output {
                output.insert("agentRunId".into(), agent.clone());
            }
        }
    }
    Ok(json(
        &json!({"runId": run.as_str(), "result": {"outputs": outputs}}),
    ))
}

/// The rows of each node, in their places.
pub(super) fn by_node(rows: Vec<StoredRecord>) -> BTreeMap<String, Vec<StoredRecord>> {
    let mut nodes: BTreeMap<String, Vec<StoredRecord>> = BTreeMap::new();
    for row in rows {
        let node = js::text(&js::object(&row.body), "nodeRef")
            .unwrap_or_default()
            .to_owned();
        nodes.entry(node).or_default().push(row);
    }
    nodes
}
