//! Lifecycle events (contract A.5) and the names the trace document gives them.

use crate::Json;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

wire_enum! {
    /// What happened to a node.
    TraceType {
        /// An attempt began.
        Started = "STARTED" | "NODE_STARTED",
        /// It reports how far it is.
        Progress = "PROGRESS" | "NODE_PROGRESS",
        /// It ended well.
        Completed = "COMPLETED" | "NODE_COMPLETED",
        /// An attempt failed; another may follow.
        Failed = "FAILED" | "NODE_FAILED",
        /// It waits for a person.
        AwaitingInput = "AWAITING_INPUT" | "NODE_AWAITING_INPUT",
        /// It will not run.
        Skipped = "SKIPPED" | "NODE_SKIPPED",
        /// A request left it.
        HttpRequestSent = "HTTP_REQUEST_SENT" | "NODE_HTTP_REQUEST_SENT",
        /// The answer came.
        HttpResponseReceived = "HTTP_RESPONSE_RECEIVED" | "NODE_HTTP_RESPONSE_RECEIVED",
        /// No answer came.
        HttpRequestError = "HTTP_REQUEST_ERROR" | "NODE_HTTP_REQUEST_ERROR",
        /// Trace document: a log line in the event track.
        Log = "NODE_LOG" | "LOG",
        /// Trace document: an artifact was made.
        Artifact = "NODE_ARTIFACT" | "ARTIFACT",
        /// Trace document: the run's own status.
        WorkflowStatus = "WORKFLOW_STATUS",
    }
}

wire_enum! {
    /// Severity of an event.
    TraceLevel {
        /// As expected.
        Info = "info",
        /// Recoverable.
        Warn = "warn" | "warning",
        /// Failed.
        Error = "error",
        /// For those who debug.
        Debug = "debug",
    }
}

/// One lifecycle event. `id` is the decimal sequence within the run, where the source has one.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.5)"
)]
pub struct TraceEvent {
    #[serde(deserialize_with = "crate::wire::id")]
    pub id: String,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::wire::optional_id"
    )]
    pub run_id: Option<String>,
    #[serde(default)]
    pub node_id: String,
    #[serde(rename = "type")]
    pub kind: TraceType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<TraceLevel>,
    pub timestamp: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<TraceError>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_summary: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<TraceMetadata>,
}

/// What went wrong in an attempt.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.5)"
)]
pub struct TraceError {
    #[serde(default)]
    pub message: String,
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stack: Option<String>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::wire::optional_id"
    )]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_errors: Option<BTreeMap<String, Vec<String>>>,
}

/// Where an event belongs. `attempt` counts from 1.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.5)"
)]
pub struct TraceMetadata {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join_strategy: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub triggered_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_policy: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child_run_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_run_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_node_ref: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth: Option<i64>,
}

/// `GET …/trace`, `GET …/events` and the `trace` frame (which lacks `runId`).
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.5)"
)]
pub struct TraceEnvelope {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    /// Raw, so that one unreadable event does not cost the others.
    pub events: Vec<Json>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::wire::optional_id"
    )]
    pub cursor: Option<String>,
}
