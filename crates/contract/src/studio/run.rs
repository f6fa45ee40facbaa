//! A run, its list and its status (contract A.3, A.4).

use crate::Json;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// The state of a run as a whole. The nine of Studio and the two Temporal adds.
    RunStatus {
        /// Accepted, not yet started.
        Queued = "QUEUED" | "PENDING",
        /// Going on.
        Running = "RUNNING",
        /// Ended well.
        Completed = "COMPLETED",
        /// Ended with a failure.
        Failed = "FAILED",
        /// Ended by a person's request.
        Cancelled = "CANCELLED" | "CANCELED",
        /// Ended by force.
        Terminated = "TERMINATED",
        /// Ended by its time limit.
        TimedOut = "TIMED_OUT" | "TIMEDOUT",
        /// Going on, with a person's answer outstanding.
        AwaitingInput = "AWAITING_INPUT",
        /// The engine no longer knows it and nothing ever started; never ends by itself.
        Stale = "STALE",
        /// Temporal: went on as another run.
        ContinuedAsNew = "CONTINUED_AS_NEW",
        /// Temporal: halted for now.
        Paused = "PAUSED",
    }
}

impl RunStatus {
    /// Whether nothing more will happen in the run.
    pub fn is_terminal(&self) -> bool {
        matches!(
            self,
            Self::Completed
                | Self::Failed
                | Self::Cancelled
                | Self::Terminated
                | Self::TimedOut
                | Self::ContinuedAsNew
        )
    }
}

wire_enum! {
    /// What set a run going.
    TriggerType {
        /// A person.
        Manual = "manual",
        /// A timetable.
        Schedule = "schedule",
        /// A program.
        Api = "api",
        /// A call from outside.
        Webhook = "webhook",
    }
}

/// One run as listed and in detail. Times are ISO 8601, `duration` milliseconds.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.3)"
)]
pub struct Run {
    #[serde(deserialize_with = "crate::wire::id")]
    pub id: String,
    #[serde(default)]
    pub workflow_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<String>,
    #[serde(default)]
    pub workflow_version_id: Option<String>,
    #[serde(default)]
    pub workflow_version: Option<i64>,
    pub status: RunStatus,
    #[serde(default)]
    pub start_time: String,
    #[serde(default)]
    pub end_time: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temporal_run_id: Option<String>,
    #[serde(default)]
    pub workflow_name: String,
    #[serde(default)]
    pub event_count: i64,
    #[serde(default)]
    pub node_count: i64,
    #[serde(default)]
    pub duration: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger_type: Option<TriggerType>,
    #[serde(default)]
    pub trigger_source: Option<String>,
    #[serde(default)]
    pub trigger_label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_preview: Option<Json>,
    #[serde(default)]
    pub parent_run_id: Option<String>,
    #[serde(default)]
    pub parent_node_ref: Option<String>,
}

/// `GET /workflows/runs`.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct RunList {
    /// Newest first.
    pub runs: Vec<Run>,
}

/// `GET /workflows/runs/:id/status`, the `status` frame, and the reel's `status` record, which
/// needs only `status` and `updatedAt`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.4)"
)]
pub struct Status {
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::wire::optional_id"
    )]
    pub run_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow_id: Option<String>,
    pub status: RunStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_queue: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history_length: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// Actions done and to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "named by the contract (A.4)")]
pub struct Progress {
    #[serde(default)]
    pub completed_actions: i64,
    /// More than 0 on the wire.
    #[serde(default)]
    pub total_actions: i64,
}

/// Why a run ended badly.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "named by the contract (A.4)")]
pub struct Failure {
    #[serde(default)]
    pub reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temporal_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Json>,
}
