//! Our states in the words of the other dialects. `docs/api.md` has this as a table.

use contract::operations::OperationState;
use contract::playbook::{ExecutionState, PlaybookRunStatus, PlaybookStepRunStatus};
use contract::studio::RunStatus;
use model::NodeState;

/// A node's state. The dialect has seven: what was skipped is canceled there (its status says
/// SKIPPED), and who waits for a person goes on.
pub(crate) fn execution_state(state: NodeState) -> ExecutionState {
    match state {
        NodeState::Idle | NodeState::Queued => ExecutionState::Queued,
        NodeState::Running | NodeState::AwaitingInput => ExecutionState::Running,
        NodeState::Success => ExecutionState::Success,
        NodeState::Failed => ExecutionState::Failed,
        NodeState::Waiting => ExecutionState::Waiting,
        NodeState::Blocked => ExecutionState::Blocked,
        NodeState::Skipped | NodeState::Canceled => ExecutionState::Canceled,
    }
}

/// A node's status. The dialect has no word for a step that was stopped: as in the original, its
/// status stays what it was.
pub(crate) fn step_status(state: NodeState, attempt: u32) -> PlaybookStepRunStatus {
    match state {
        NodeState::Idle | NodeState::Queued | NodeState::Waiting | NodeState::Blocked => {
            PlaybookStepRunStatus::Pending
        }
        NodeState::Running | NodeState::AwaitingInput => PlaybookStepRunStatus::Running,
        NodeState::Success => PlaybookStepRunStatus::Succeeded,
        NodeState::Failed => PlaybookStepRunStatus::Failed,
        NodeState::Skipped => PlaybookStepRunStatus::Skipped,
        NodeState::Canceled if attempt > 0 => PlaybookStepRunStatus::Running,
        NodeState::Canceled => PlaybookStepRunStatus::Pending,
    }
}

/// A run's state.
pub(crate) fn run_state(status: &RunStatus) -> ExecutionState {
    match run_status(status) {
        PlaybookRunStatus::Pending => ExecutionState::Queued,
        PlaybookRunStatus::Succeeded => ExecutionState::Success,
        PlaybookRunStatus::Failed => ExecutionState::Failed,
        PlaybookRunStatus::Cancelled => ExecutionState::Canceled,
        PlaybookRunStatus::Running | PlaybookRunStatus::Other(_) => ExecutionState::Running,
    }
}

/// A run's status. What is no end goes on.
pub(crate) fn run_status(status: &RunStatus) -> PlaybookRunStatus {
    match status {
        RunStatus::Queued => PlaybookRunStatus::Pending,
        RunStatus::Completed | RunStatus::ContinuedAsNew => PlaybookRunStatus::Succeeded,
        RunStatus::Failed | RunStatus::TimedOut => PlaybookRunStatus::Failed,
        RunStatus::Cancelled | RunStatus::Terminated => PlaybookRunStatus::Cancelled,
        RunStatus::Running
        | RunStatus::AwaitingInput
        | RunStatus::Stale
        | RunStatus::Paused
        | RunStatus::Other(_) => PlaybookRunStatus::Running,
    }
}

/// A run's state as an operation.
pub(crate) fn operation_state(status: &RunStatus) -> OperationState {
    match run_status(status) {
        PlaybookRunStatus::Pending => OperationState::Starting,
        PlaybookRunStatus::Succeeded => OperationState::Succeeded,
        PlaybookRunStatus::Failed => OperationState::Failed,
        PlaybookRunStatus::Cancelled => OperationState::Canceled,
        PlaybookRunStatus::Running | PlaybookRunStatus::Other(_) => OperationState::Processing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_an_end_in_every_dialect() {
        for word in RunStatus::WORDS {
            let status = RunStatus::from_word(word);
            let ended = status.is_terminal();
            assert_eq!(operation_state(&status).is_terminal(), ended, "{word}");
            let goes_on = matches!(
                run_state(&status),
                ExecutionState::Queued | ExecutionState::Running
            );
            assert_eq!(goes_on, !ended, "{word}");
        }
        for state in NodeState::ALL {
            assert!(!matches!(execution_state(state), ExecutionState::Other(_)));
            let skipped = step_status(state, 1) == PlaybookStepRunStatus::Skipped;
            assert_eq!(skipped, state == NodeState::Skipped);
        }
    }
}
