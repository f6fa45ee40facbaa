//! An operation as it is polled, its files and its errors (contract C).

use crate::Json;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// Where an operation stands.
    OperationState {
        /// Accepted.
        Starting = "starting" | "queued" | "pending",
        /// Going on.
        Processing = "processing" | "running",
        /// Ended well.
        Succeeded = "succeeded" | "success" | "completed",
        /// Ended badly.
        Failed = "failed" | "error",
        /// Stopped.
        Canceled = "canceled" | "cancelled",
    }
}

impl OperationState {
    /// Whether nothing more will happen.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Canceled)
    }
}

wire_enum! {
    /// How an agent's work went.
    ResultStatus {
        /// It goes on.
        Processing = "processing",
        /// Well.
        Ok = "ok",
        /// Badly.
        Error = "error",
    }
}

wire_enum! {
    /// Why a request failed. The contract names the field and not its words: these are ours.
    ErrorCode {
        /// It is not there.
        NotFound = "NOT_FOUND" | "NOT_FOUND_ERROR",
        /// What was asked cannot be understood.
        Validation = "VALIDATION_ERROR" | "BAD_REQUEST",
        /// The caller has not said who they are.
        Authentication = "AUTHENTICATION_ERROR" | "UNAUTHORIZED",
        /// They may not.
        Authorization = "AUTHORIZATION_ERROR" | "FORBIDDEN",
        /// Ours: it is too late.
        Conflict = "CONFLICT",
        /// Too much to do at the moment.
        RateLimit = "RATE_LIMIT_EXCEEDED" | "UNAVAILABLE",
        /// The server failed.
        Internal = "INTERNAL_SERVER_ERROR" | "INTERNAL_ERROR",
    }
}

/// `GET /operations/:id`. Times are ISO 8601.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (C)"
)]
pub struct OperationStatus {
    /// `OperationStatus`.
    #[serde(default)]
    pub kind: String,
    #[serde(deserialize_with = "crate::wire::id")]
    pub id: String,
    pub status: OperationState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// An [`AgentResult`] where an agent worked; of other providers whatever they say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Json>,
    /// Ours: the resume token that the answer stands for; `?after=` of the stream takes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Ours: what people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What an agent has to show, during its work and after it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (C)"
)]
pub struct AgentResult {
    pub status: ResultStatus,
    #[serde(default)]
    pub summary: String,
    #[serde(default)]
    pub result: Option<Json>,
    #[serde(default)]
    pub artifacts: Vec<ArtifactInfo>,
    /// The last lines, [`super::LOG_TAIL_LINES`] at most.
    #[serde(default)]
    pub logs: Vec<String>,
    /// All lines that are held, the truncation marker included.
    #[serde(default)]
    pub log_count: i64,
    #[serde(default)]
    pub truncated: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdout: Option<String>,
    /// Seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub execution_time: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_code: Option<i64>,
}

/// A file. `size` is bytes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (C)"
)]
pub struct ArtifactInfo {
    pub path: String,
    #[serde(default)]
    pub size: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
}

/// `POST /artifacts/:operation_id/list`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (C)"
)]
pub struct ArtifactList {
    /// `ArtifactList`.
    #[serde(default)]
    pub kind: String,
    #[serde(default, deserialize_with = "crate::wire::id")]
    pub operation_id: String,
    #[serde(default)]
    pub artifacts: Vec<ArtifactInfo>,
}

/// What `POST /artifacts/download` is asked with; the list is asked with the same, less the path.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (C)"
)]
pub struct ArtifactDownload {
    #[serde(deserialize_with = "crate::wire::id")]
    pub operation_id: String,
    pub artifact_path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

/// Ours: `GET /operations`.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct OperationList {
    /// `OperationList`.
    #[serde(default)]
    pub kind: String,
    /// [`OperationStatus`]es without `result`, newest first; raw, so that one unreadable operation
    /// does not cost the others.
    pub operations: Vec<Json>,
    /// How many there are in all.
    #[serde(default)]
    pub total: i64,
}

/// The body of an error: the detail stands within a `detail`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (C)"
)]
pub struct ErrorBody {
    pub detail: ErrorDetail,
}

/// What went wrong with a request.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (C)"
)]
pub struct ErrorDetail {
    /// `Error`.
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub detail: String,
    pub error_code: ErrorCode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_again_without_nulls() {
        let text = r#"{"kind":"OperationStatus","id":"gemini_1","status":"succeeded","started_at":"2026-01-01T00:00:00.000Z","result":{"status":"ok","summary":"s","result":{},"artifacts":[{"path":"out/a.md","size":3,"content_type":"text/markdown"}],"logs":["a"],"log_count":1,"truncated":false,"execution_time":1.5,"return_code":0}}"#;
        let status: OperationStatus = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&status).unwrap(), text);
        let result: AgentResult = serde_json::from_str(status.result.unwrap().get()).unwrap();
        assert_eq!(result.status, ResultStatus::Ok);
        let sparse = r#"{"id":7,"status":"dreaming","finished_at":null}"#;
        let status: OperationStatus = serde_json::from_str(sparse).unwrap();
        assert_eq!(status.status, OperationState::Other("dreaming".into()));
        assert_eq!(
            serde_json::to_string(&status).unwrap(),
            r#"{"kind":"","id":"7","status":"dreaming"}"#
        );
    }
}
