//! The states a node and a run can be in.

use std::fmt;

/// State of a node at an instant; `as_str` is what `data-state` carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum NodeState {
    /// The run has not started.
    #[default]
    Idle,
    /// Its parents allow it to start.
    Queued,
    /// An attempt is going on.
    Running,
    /// It ended well.
    Success,
    /// Its latest attempt failed.
    Failed,
    /// Its parents are not done.
    Waiting,
    /// Its parents can no longer allow it to start.
    Blocked,
    /// It will not run.
    Skipped,
    /// The run ended before it did.
    Canceled,
    /// A person has to answer.
    AwaitingInput,
}

impl NodeState {
    /// All states, in the order in which they are counted and shown.
    pub const ALL: [Self; 10] = [
        Self::Idle,
        Self::Queued,
        Self::Running,
        Self::Success,
        Self::Failed,
        Self::Waiting,
        Self::Blocked,
        Self::Skipped,
        Self::Canceled,
        Self::AwaitingInput,
    ];

    /// The word for attributes and links.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Waiting => "waiting",
            Self::Blocked => "blocked",
            Self::Skipped => "skipped",
            Self::Canceled => "canceled",
            Self::AwaitingInput => "awaiting_input",
        }
    }

    /// The words for a person.
    pub fn label(self) -> &'static str {
        match self {
            Self::Idle => "Idle",
            Self::Queued => "Queued",
            Self::Running => "Running",
            Self::Success => "Success",
            Self::Failed => "Failed",
            Self::Waiting => "Waiting",
            Self::Blocked => "Blocked",
            Self::Skipped => "Skipped",
            Self::Canceled => "Canceled",
            Self::AwaitingInput => "Awaiting input",
        }
    }

    /// Whether time goes on within it.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Running | Self::AwaitingInput)
    }

    /// Whether an attempt stands or ended so; the others tell of a node between attempts.
    pub fn is_of_an_attempt(self) -> bool {
        matches!(
            self,
            Self::Running | Self::AwaitingInput | Self::Success | Self::Failed | Self::Skipped
        )
    }
}

impl fmt::Display for NodeState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// State of a run as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RunStatus {
    /// Accepted, not started.
    Queued,
    /// Going on.
    Running,
    /// Ended well.
    Completed,
    /// Ended with a failure.
    Failed,
    /// Ended on request.
    Cancelled,
    /// Ended by force.
    Terminated,
    /// Ended by its time limit.
    TimedOut,
    /// Waits for a person.
    AwaitingInput,
    /// Its engine has forgotten it.
    Stale,
    /// Went on as another run.
    ContinuedAsNew,
    /// Halted.
    Paused,
    /// A word we do not know, as it came.
    Other(String),
}

impl RunStatus {
    /// The canonical word, upper case.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Queued => "QUEUED",
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
            Self::Terminated => "TERMINATED",
            Self::TimedOut => "TIMED_OUT",
            Self::AwaitingInput => "AWAITING_INPUT",
            Self::Stale => "STALE",
            Self::ContinuedAsNew => "CONTINUED_AS_NEW",
            Self::Paused => "PAUSED",
            Self::Other(word) => word,
        }
    }

    /// The words for a person.
    pub fn label(&self) -> &str {
        match self {
            Self::Queued => "Queued",
            Self::Running => "Running",
            Self::Completed => "Completed",
            Self::Failed => "Failed",
            Self::Cancelled => "Cancelled",
            Self::Terminated => "Terminated",
            Self::TimedOut => "Timed out",
            Self::AwaitingInput => "Awaiting input",
            Self::Stale => "Stale",
            Self::ContinuedAsNew => "Continued as new",
            Self::Paused => "Paused",
            Self::Other(word) => word,
        }
    }

    /// Whether nothing more will happen.
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

    /// The colour family it is shown in: the state of a node that would look the same.
    pub fn looks_like(&self) -> NodeState {
        match self {
            Self::Queued => NodeState::Queued,
            Self::Running => NodeState::Running,
            Self::Completed | Self::ContinuedAsNew => NodeState::Success,
            Self::Failed | Self::TimedOut => NodeState::Failed,
            Self::Cancelled | Self::Terminated => NodeState::Canceled,
            Self::AwaitingInput => NodeState::AwaitingInput,
            Self::Paused => NodeState::Waiting,
            Self::Stale | Self::Other(_) => NodeState::Idle,
        }
    }
}

impl fmt::Display for RunStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
