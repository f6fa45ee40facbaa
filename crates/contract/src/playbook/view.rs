//! A playbook run and its steps as REST shows them (contract B.1, B.2).

use crate::Json;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// Where a run or a step stands.
    ExecutionState {
        /// It may start and has not.
        Queued = "queued" | "pending" | "idle",
        /// Going on.
        Running = "running",
        /// Ended well.
        Success = "success" | "succeeded" | "completed",
        /// Ended badly.
        Failed = "failed",
        /// Others have to end first.
        Waiting = "waiting_for_dependencies" | "waiting",
        /// It can no longer start.
        Blocked = "blocked",
        /// It was stopped, or never came to run.
        Canceled = "canceled" | "cancelled",
    }
}

wire_enum! {
    /// The status of a run. Events of the original spell it in three ways: all are read, one is
    /// written.
    PlaybookRunStatus {
        /// Not yet started.
        Pending = "PENDING" | "QUEUED",
        /// Going on.
        Running = "RUNNING",
        /// Ended well.
        Succeeded = "SUCCEEDED" | "SUCCESS" | "COMPLETED",
        /// Ended badly.
        Failed = "FAILED",
        /// Stopped.
        Cancelled = "CANCELLED" | "CANCELED",
    }
}

wire_enum! {
    /// The status of a step; spelled as [`PlaybookRunStatus`].
    PlaybookStepRunStatus {
        /// Not yet started.
        Pending = "PENDING" | "QUEUED",
        /// Going on.
        Running = "RUNNING",
        /// Ended well.
        Succeeded = "SUCCEEDED" | "SUCCESS" | "COMPLETED",
        /// Ended badly.
        Failed = "FAILED",
        /// It will not run.
        Skipped = "SKIPPED",
    }
}

wire_enum! {
    /// What a step does.
    StepType {
        /// Lets an agent work.
        Agent = "AGENT",
        /// Handles data.
        Data = "DATA",
        /// Decides.
        Branch = "BRANCH",
        /// Calls out.
        Api = "API",
    }
}

wire_enum! {
    /// Why a request failed. The last four are ours.
    ErrorCode {
        /// The caller belongs to no organisation that may see it.
        NoOrgAccess = "NO_ORG_ACCESS",
        /// It is not there.
        NotFound = "NOT_FOUND",
        /// The server failed.
        InternalError = "INTERNAL_ERROR",
        /// The caller has not said who they are.
        Unauthorized = "UNAUTHORIZED",
        /// What was asked cannot be understood.
        BadRequest = "BAD_REQUEST",
        /// It is too late.
        Conflict = "CONFLICT",
        /// Too much to do at the moment.
        Unavailable = "UNAVAILABLE",
    }
}

/// Every answer: `{success:true,data}` or `{success:false,error}`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.1)"
)]
pub struct Envelope {
    #[serde(default)]
    pub success: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorBody>,
}

/// What went wrong with a request.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.1)"
)]
pub struct ErrorBody {
    pub code: ErrorCode,
    #[serde(default)]
    pub message: String,
}

/// `GET /playbook-runs/:id`. Times are ISO 8601. What has no `skip` is null where it is unknown.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.2)"
)]
pub struct PlaybookRunView {
    #[serde(deserialize_with = "crate::wire::id")]
    pub id: String,
    #[serde(default, deserialize_with = "crate::wire::id")]
    pub playbook_id: String,
    #[serde(default)]
    pub playbook_name: String,
    #[serde(default)]
    pub playbook_version: i64,
    #[serde(default, deserialize_with = "crate::wire::id")]
    pub org_id: String,
    pub state: ExecutionState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PlaybookRunStatus>,
    #[serde(default)]
    pub triggered_by: Option<String>,
    #[serde(default)]
    pub input: Option<Json>,
    #[serde(default)]
    pub output: Option<Json>,
    /// Text or an object.
    #[serde(default)]
    pub error: Option<Json>,
    #[serde(default)]
    pub webhook_url: Option<String>,
    #[serde(default)]
    pub worker_info: Option<WorkerInfo>,
    #[serde(default)]
    pub started_at: Option<String>,
    #[serde(default)]
    pub completed_at: Option<String>,
    #[serde(default)]
    pub created_at: String,
    #[serde(default)]
    pub updated_at: String,
    /// [`StepRunView`]s; raw, so that one unreadable step does not cost the others.
    #[serde(default)]
    pub steps: Vec<Json>,
    #[serde(default)]
    pub progress: StepProgress,
    /// Ours: the resume token that the view stands for; `?after=` of the stream takes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// How many steps are where. `pending` is queued and waiting; blocked and canceled are in none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.2)"
)]
pub struct StepProgress {
    #[serde(default)]
    pub total: i64,
    #[serde(default)]
    pub completed: i64,
    #[serde(default)]
    pub failed: i64,
    #[serde(default)]
    pub running: i64,
    #[serde(default)]
    pub pending: i64,
}

/// A step: `GET /playbook-runs/:id/steps/:stepKey`, and each of a run's.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.2)"
)]
pub struct StepRunView {
    #[serde(default, deserialize_with = "crate::wire::id")]
    pub id: String,
    pub key: String,
    #[serde(default)]
    pub name: String,
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<StepType>,
    pub state: ExecutionState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PlaybookStepRunStatus>,
    /// Counts from 0.
    #[serde(default)]
    pub attempt: i64,
    #[serde(default)]
    pub max_attempts: i64,
    #[serde(default)]
    pub input: Option<Json>,
    #[serde(default)]
    pub output: Option<Json>,
    /// Text or an object.
    #[serde(default)]
    pub error: Option<Json>,
    /// Messages only.
    #[serde(default)]
    pub logs: Vec<String>,
    #[serde(default)]
    pub worker_info: Option<WorkerInfo>,
    /// A [`super::CollaborationContext`], as documented; the contract says `unknown`.
    #[serde(default)]
    pub collaboration_context: Option<Json>,
    /// Each is a [`super::EpisodicTrace`]; raw, as people only look at it.
    #[serde(default)]
    pub episodic_traces: Vec<Json>,
    /// An [`super::AgentPersonality`]; raw, as people only look at it.
    #[serde(default)]
    pub personality: Option<Json>,
    #[serde(default)]
    pub started_at: Option<String>,
    #[serde(default)]
    pub completed_at: Option<String>,
    #[serde(default)]
    pub created_at: String,
    /// Ours: keys of the steps that have to end before this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dependencies: Option<Vec<String>>,
    /// Ours: how many log lines the step has in all, where `logs` holds only its last ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_count: Option<i64>,
}

/// Who does the work.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.2)"
)]
pub struct WorkerInfo {
    #[serde(default, deserialize_with = "crate::wire::id")]
    pub worker_id: String,
    #[serde(default)]
    pub started_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
}

/// Ours: `GET /playbook-runs`.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct PlaybookRunList {
    /// [`PlaybookRunSummary`]s, newest first; raw, so that one unreadable run does not cost the
    /// others.
    pub runs: Vec<Json>,
    /// How many there are in all.
    #[serde(default)]
    pub total: i64,
}

/// Ours: a run as listed; named as in [`PlaybookRunView`].
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "named as in PlaybookRunView")]
pub struct PlaybookRunSummary {
    #[serde(deserialize_with = "crate::wire::id")]
    pub id: String,
    #[serde(default, deserialize_with = "crate::wire::id")]
    pub playbook_id: String,
    #[serde(default)]
    pub playbook_name: String,
    #[serde(default)]
    pub playbook_version: i64,
    pub state: ExecutionState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PlaybookRunStatus>,
    #[serde(default)]
    pub triggered_by: Option<String>,
    #[serde(default)]
    pub started_at: Option<String>,
    #[serde(default)]
    pub completed_at: Option<String>,
    #[serde(default)]
    pub created_at: String,
}
