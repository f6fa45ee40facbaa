//! What a person is told about the connection, and what they can ask of it.

use source::connection::{Badge, Reason, State};

/// The connection as shown. Instants are milliseconds of the browser's clock.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkStatus {
    /// The whole truth.
    pub state: State,
    /// When the next attempt begins.
    pub retry_at: Option<i64>,
    /// When the server was heard last.
    pub heard_at: Option<i64>,
    /// What went wrong last and has not gone right since, for a person.
    pub trouble: Option<String>,
}

impl LinkStatus {
    /// Before anything was tried.
    pub fn idle() -> Self {
        Self {
            state: State::Idle,
            retry_at: None,
            heard_at: None,
            trouble: None,
        }
    }

    /// The one word for it.
    pub fn badge(&self) -> Badge {
        self.state.badge()
    }

    /// The badge of what goes on, beneath a pause.
    pub fn beneath(&self) -> Badge {
        match &self.state {
            State::Paused { beneath } => *beneath,
            state => state.badge(),
        }
    }

    /// Whether what is shown is as of now.
    pub fn is_fresh(&self) -> bool {
        matches!(self.beneath(), Badge::Live | Badge::Polling)
    }

    /// Why the server will not show the run.
    pub fn refusal(&self) -> Option<Reason> {
        match &self.state {
            State::Refused { reason } => Some(*reason),
            _ => None,
        }
    }
}

/// What a person can ask of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionCommand {
    /// Fetch everything now.
    Refresh,
    /// Try again now.
    Retry,
    /// Keep recording, show no more.
    PauseUpdates,
    /// Show again.
    ResumeUpdates,
    /// End the run.
    CancelRun,
}
