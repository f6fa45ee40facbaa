//! The Playbook dialect (contract B): a run with its steps as one view, and what changes as events.

mod agent;
mod event;
mod payload;
mod view;

pub use agent::{
    AgentConstraints, AgentPersonality, CollaborationContext, CollaborationMessage,
    CollaborationStyle, EpisodicTrace, EscalationLevel, MessageType, PersonalityConfiguration,
    RiskTolerance,
};
pub use event::{Connected, EventType, PlaybookEvent};
pub use payload::{
    LogEntry, LogLevel, RunCompleted, RunFailed, RunUpdated, StepCompleted, StepFailed,
    StepLogAppended, StepUpdated,
};
pub use view::{
    Envelope, ErrorBody, ErrorCode, ExecutionState, PlaybookRunList, PlaybookRunStatus,
    PlaybookRunSummary, PlaybookRunView, PlaybookStepRunStatus, StepProgress, StepRunView,
    StepType, WorkerInfo,
};
