//! The graph a run is drawn with (contract A.2).

use crate::Json;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};

/// Nodes and the edges between them.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.2)"
)]
pub struct Graph {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(default)]
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default)]
    pub nodes: Vec<GraphNode>,
    #[serde(default)]
    pub edges: Vec<GraphEdge>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viewport: Option<Json>,
}

/// A step: `id` is the ref that traces name it by, `kind` (on the wire `type`) its component.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.2)"
)]
pub struct GraphNode {
    #[serde(deserialize_with = "crate::wire::id")]
    pub id: String,
    #[serde(rename = "type", default)]
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    #[serde(default)]
    pub data: NodeData,
}

/// Canvas units, y downwards.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[expect(missing_docs, reason = "a point")]
pub struct Position {
    pub x: f64,
    pub y: f64,
}

/// What a node shows and how it is set up.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.2)"
)]
pub struct NodeData {
    #[serde(default)]
    pub label: String,
    #[serde(default)]
    pub config: NodeConfig,
}

/// The parts of a node's set-up that a viewer needs; `params` as they came.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.2)"
)]
pub struct NodeConfig {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join_strategy: Option<JoinStrategy>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_concurrency: Option<i64>,
}

wire_enum! {
    /// When a node with several parents may start.
    JoinStrategy {
        /// All parents succeeded.
        All = "all",
        /// One parent succeeded.
        Any = "any",
        /// The first parent that succeeds; the others no longer count.
        First = "first",
    }
}

/// A dependency. Without handles it orders only; with handles it carries data.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.2)"
)]
pub struct GraphEdge {
    #[serde(default, deserialize_with = "crate::wire::id")]
    pub id: String,
    #[serde(deserialize_with = "crate::wire::id")]
    pub source: String,
    #[serde(deserialize_with = "crate::wire::id")]
    pub target: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_handle: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_handle: Option<String>,
}

/// `GET /workflows/:workflowId/versions/:versionId`: the graph that a past run is drawn with.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.1, 5)"
)]
pub struct WorkflowVersion {
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub workflow_id: String,
    #[serde(default)]
    pub version: Option<i64>,
    pub graph: Graph,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
}
