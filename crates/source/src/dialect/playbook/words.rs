//! The dialect's words folded into ours: states, statuses, and errors that are text or an object.

use super::super::decoder::text;
use super::super::lenient::{Members, one_line};
use contract::playbook::{ExecutionState, LogLevel, PlaybookRunStatus, PlaybookStepRunStatus};
use model::channel::log::Level;
use model::item::ErrorInfo;
use model::run::Failure;
use model::{JsonText, NodeState, RunStatus};

/// Characters of an error that has no words of its own.
const LONGEST: usize = 500;

/// How a step stands; none where no word is known. The state wins, because cancelling changes it
/// and leaves the status; but only the status can say that a step was skipped.
pub(super) fn node_state(
    state: &ExecutionState,
    status: Option<&PlaybookStepRunStatus>,
) -> Option<NodeState> {
    let settled = matches!(state, ExecutionState::Running | ExecutionState::Failed);
    if status == Some(&PlaybookStepRunStatus::Skipped) && !settled {
        return Some(NodeState::Skipped);
    }
    match state {
        ExecutionState::Queued => Some(NodeState::Queued),
        ExecutionState::Running => Some(NodeState::Running),
        ExecutionState::Success => Some(NodeState::Success),
        ExecutionState::Failed => Some(NodeState::Failed),
        ExecutionState::Waiting => Some(NodeState::Waiting),
        ExecutionState::Blocked => Some(NodeState::Blocked),
        ExecutionState::Canceled => Some(NodeState::Canceled),
        ExecutionState::Other(_) => status.and_then(node_status),
    }
}

/// As [`node_state`], where there is only a status.
pub(super) fn node_status(status: &PlaybookStepRunStatus) -> Option<NodeState> {
    match status {
        PlaybookStepRunStatus::Pending => Some(NodeState::Queued),
        PlaybookStepRunStatus::Running => Some(NodeState::Running),
        PlaybookStepRunStatus::Succeeded => Some(NodeState::Success),
        PlaybookStepRunStatus::Failed => Some(NodeState::Failed),
        PlaybookStepRunStatus::Skipped => Some(NodeState::Skipped),
        PlaybookStepRunStatus::Other(_) => None,
    }
}

/// How a run stands. A run that waits or is blocked has begun or not, which its status tells.
pub(super) fn run_state(state: &ExecutionState, status: Option<&PlaybookRunStatus>) -> RunStatus {
    match state {
        ExecutionState::Queued => RunStatus::Queued,
        ExecutionState::Running => RunStatus::Running,
        ExecutionState::Success => RunStatus::Completed,
        ExecutionState::Failed => RunStatus::Failed,
        ExecutionState::Canceled => RunStatus::Cancelled,
        ExecutionState::Waiting => status.map_or(RunStatus::Queued, run_status),
        ExecutionState::Blocked => status.map_or(RunStatus::Running, run_status),
        ExecutionState::Other(word) => match status.map(run_status) {
            None | Some(RunStatus::Other(_)) => RunStatus::Other(word.clone()),
            Some(status) => status,
        },
    }
}

/// As [`run_state`], where there is only a status.
pub(super) fn run_status(status: &PlaybookRunStatus) -> RunStatus {
    match status {
        PlaybookRunStatus::Pending => RunStatus::Queued,
        PlaybookRunStatus::Running => RunStatus::Running,
        PlaybookRunStatus::Succeeded => RunStatus::Completed,
        PlaybookRunStatus::Failed => RunStatus::Failed,
        PlaybookRunStatus::Cancelled => RunStatus::Cancelled,
        PlaybookRunStatus::Other(word) => RunStatus::Other(word.clone()),
    }
}

/// Severity; none where the word is not known.
pub(super) fn level(word: &LogLevel) -> Option<Level> {
    match word {
        LogLevel::Info => Some(Level::Info),
        LogLevel::Warn => Some(Level::Warn),
        LogLevel::Error => Some(Level::Error),
        LogLevel::Debug => Some(Level::Debug),
        LogLevel::Other(word) if word.eq_ignore_ascii_case("trace") => Some(Level::Trace),
        LogLevel::Other(_) => None,
    }
}

/// An error, which is text, or an object of whatever shape.
pub(super) fn error_info(raw: &str) -> ErrorInfo {
    if let Ok(message) = serde_json::from_str::<String>(raw) {
        return ErrorInfo {
            message: message.into(),
            ..ErrorInfo::default()
        };
    }
    let members = Members::read(raw).unwrap_or_default();
    let first = |names: &[&str]| text(names.iter().find_map(|name| members.text(name)));
    ErrorInfo {
        message: first(&["message", "error", "reason", "detail"])
            .unwrap_or_else(|| shortened(&one_line(raw)).into()),
        kind: first(&["name", "type"]),
        code: first(&["code"]),
        stack: first(&["stack"]),
        details: Some(JsonText(one_line(raw).into())),
        fields: Vec::new(),
    }
}

/// The same of a run.
pub(super) fn failure(raw: &str) -> Failure {
    let error = error_info(raw);
    Failure {
        reason: error.message,
        code: error.code,
        details: error.details,
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
