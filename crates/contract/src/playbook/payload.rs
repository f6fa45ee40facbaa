//! What each event of a playbook run says (contract B.4), documented and coded spellings alike.

use super::{ExecutionState, PlaybookRunStatus, PlaybookStepRunStatus};
use crate::Json;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// Severity of a log line.
    LogLevel {
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

/// `run.updated`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.4)"
)]
pub struct RunUpdated {
    pub status: PlaybookRunStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_step_key: Option<String>,
    /// Ours is a [`super::StepProgress`]; others may send a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Json>,
    /// Ours: the finer word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ExecutionState>,
}

/// `run.completed`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.4)"
)]
pub struct RunCompleted {
    pub status: PlaybookRunStatus,
    #[serde(default)]
    pub completed_at: String,
    #[serde(default)]
    pub total_steps: i64,
    #[serde(default)]
    pub successful_steps: i64,
}

/// `run.failed`; ours with status CANCELLED when the run was stopped, as the dialect has no other
/// word for that end.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.4)"
)]
pub struct RunFailed {
    pub status: PlaybookRunStatus,
    /// Text or an object.
    #[serde(default)]
    pub error: Option<Json>,
    #[serde(default)]
    pub failed_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_step_key: Option<String>,
}

/// `step.updated`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.4)"
)]
pub struct StepUpdated {
    pub status: PlaybookStepRunStatus,
    /// Counts from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// Ours: the finer word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ExecutionState>,
    /// Ours: as in [`super::StepRunView`], when the graph has changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dependencies: Option<Vec<String>>,
    /// Ours: what people call the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// `step.completed`. `duration` is milliseconds.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.4)"
)]
pub struct StepCompleted {
    pub status: PlaybookStepRunStatus,
    #[serde(default)]
    pub completed_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// Ours: counts from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<i64>,
}

/// `step.failed`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.4)"
)]
pub struct StepFailed {
    pub status: PlaybookStepRunStatus,
    /// Text or an object.
    #[serde(default)]
    pub error: Option<Json>,
    #[serde(default)]
    pub failed_at: String,
    /// Counts from 0 in ours; the original always sends 1.
    #[serde(default)]
    pub attempt: i64,
    #[serde(default)]
    pub will_retry: bool,
}

/// `step.log.appended`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.4)"
)]
pub struct StepLogAppended {
    pub log_entry: LogEntry,
}

/// One log line.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.4)"
)]
pub struct LogEntry {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<LogLevel>,
    #[serde(default)]
    pub message: String,
    #[serde(default)]
    pub timestamp: String,
    /// Ours: `{id, stream?, sequence?}` of the recorded line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Json>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::{EventType, PlaybookEvent};

    #[test]
    fn documented_and_coded_spellings_are_one() {
        for word in ["SUCCESS", "SUCCEEDED", "COMPLETED", "success", "Succeeded"] {
            let step = PlaybookStepRunStatus::from_word(word);
            assert_eq!(step, PlaybookStepRunStatus::Succeeded, "{word}");
            let run = PlaybookRunStatus::from_word(word);
            assert_eq!(run, PlaybookRunStatus::Succeeded, "{word}");
            assert_eq!(
                ExecutionState::from_word(word),
                ExecutionState::Success,
                "{word}"
            );
        }
        for word in ["INFO", "info"] {
            assert_eq!(LogLevel::from_word(word), LogLevel::Info);
        }
        let text = r#"{"type":"step.failed","runId":"r","stepKey":"a","timestamp":"t","payload":{"status":"FAILED","error":"no","failedAt":"t","attempt":1,"willRetry":false}}"#;
        let event: PlaybookEvent = serde_json::from_str(text).unwrap();
        assert_eq!(event.kind, EventType::StepFailed);
        assert_eq!(serde_json::to_string(&event).unwrap(), text);
        let failed: StepFailed = serde_json::from_str(event.payload.unwrap().get()).unwrap();
        assert_eq!(failed.error.unwrap().get(), r#""no""#);
    }
}
