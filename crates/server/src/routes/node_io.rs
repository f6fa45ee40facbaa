//! What went into nodes and what came out.

use super::json;
use super::runs::by_node;
use crate::ask::Ask;
use crate::error::ApiError;
use crate::render::{Detail, node_io};
use crate::state::AppState;
use crate::store::KindQuery;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

/// `GET …/node-io`: large values as previews.
pub(super) async fn list(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let run = ask.run()?;
    let query = KindQuery {
        kind: "io",
        ..KindQuery::default()
    };
    let rows = state.stores.records.of_kind(&run, query).await?;
    let nodes: Vec<Value> = by_node(rows)
        .values()
        .map(|rows| node_io(rows, Detail::Preview).into())
        .collect();
    Ok(json(&json!({"runId": run.as_str(), "nodes": nodes})))
}

/// `GET …/node-io/:nodeRef?full=1`.
pub(super) async fn one(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let run = ask.run()?;
    let node = ask.part("nodeRef");
    let detail = match ask.text("full") {
        Some("true" | "1") => Detail::Full,
        _ => Detail::Preview,
    };
    let query = KindQuery {
        kind: "io",
        node: Some(node.to_owned()),
        ..KindQuery::default()
    };
    let rows = state.stores.records.of_kind(&run, query).await?;
    if rows.is_empty() {
        return Err(ApiError::not_found(format!(
            "Node {node} of workflow run {run} has no I/O"
        )));
    }
    Ok(json(&node_io(&rows, detail).into()))
}
