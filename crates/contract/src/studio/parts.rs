//! Stored parts of an agent's stream (contract A.14).

use crate::Json;
use serde::{Deserialize, Serialize};

/// One stored part: an AI SDK UI message chunk (see [`crate::agent`]) with its place in the stream.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.14)"
)]
pub struct AgentPart {
    /// Of the reel record only: in `AgentParts` the envelope names them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_run_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node_ref: Option<String>,
    /// Counts from 1.
    pub sequence: i64,
    pub timestamp: String,
    pub chunk: Json,
}

/// `GET /agents/:agentRunId/parts`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.14)"
)]
pub struct AgentParts {
    pub agent_run_id: String,
    #[serde(default)]
    pub workflow_run_id: String,
    #[serde(default)]
    pub node_ref: String,
    #[serde(default)]
    pub cursor: i64,
    /// Raw, so that one unreadable part does not cost the others.
    pub parts: Vec<Json>,
}
