//! What a person is told about the connection: one enum, one word for each of its values.

use std::fmt;

/// The state of the connection as of an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "a variant's line says what its fields are")]
pub enum State {
    /// No run is being watched.
    Idle,
    /// An attempt is under way: 0 is the first, n the n-th after a loss.
    Connecting { attempt: u32 },
    /// The stream is open and was heard lately.
    Live,
    /// Waiting for the n-th attempt, which begins at `until` (milliseconds).
    Waiting { attempt: u32, until: i64 },
    /// Deltas are fetched at intervals.
    Polling,
    /// The view stands still at the person's wish; recording goes on `beneath`.
    Paused { beneath: Badge },
    /// The server will not show us this run.
    Refused { reason: Reason },
    /// The run is over and all of it is here.
    Ended,
}

impl State {
    /// The one word for it.
    pub fn badge(&self) -> Badge {
        match self {
            Self::Idle | Self::Connecting { .. } | Self::Waiting { .. } => Badge::Reconnecting,
            Self::Live => Badge::Live,
            Self::Polling => Badge::Polling,
            Self::Paused { .. } => Badge::Paused,
            Self::Refused { .. } => Badge::Refused,
            Self::Ended => Badge::Ended,
        }
    }
}

/// The badge's words, as `Display` writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Badge {
    /// LIVE
    Live,
    /// Polling
    Polling,
    /// Paused
    Paused,
    /// Reconnecting, also while first connecting
    Reconnecting,
    /// Ended
    Ended,
    /// Refused
    Refused,
}

impl Badge {
    /// The word in lower case, for attributes and automation.
    pub fn key(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Polling => "polling",
            Self::Paused => "paused",
            Self::Reconnecting => "reconnecting",
            Self::Ended => "ended",
            Self::Refused => "refused",
        }
    }
}

impl fmt::Display for Badge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Live => "LIVE",
            Self::Polling => "Polling",
            Self::Paused => "Paused",
            Self::Reconnecting => "Reconnecting",
            Self::Ended => "Ended",
            Self::Refused => "Refused",
        })
    }
}

/// Why the server will not show the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// 401
    SignInNeeded,
    /// 403
    Forbidden,
    /// 404 of the run itself
    RunNotFound,
}

impl Reason {
    /// The reason a status of the run's own resource gives, if it is final.
    pub fn from_status(status: u16) -> Option<Self> {
        match status {
            404 => Some(Self::RunNotFound),
            _ => Self::from_stream_status(status),
        }
    }

    /// The same for the stream, which may be missing where the run is not.
    pub fn from_stream_status(status: u16) -> Option<Self> {
        match status {
            401 => Some(Self::SignInNeeded),
            403 => Some(Self::Forbidden),
            _ => None,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SignInNeeded => {
                "The server asks you to sign in (401). Sign in, then retry the connection."
            }
            Self::Forbidden => {
                "You may not see this run (403). Ask its owner for access, then retry the connection."
            }
            Self::RunNotFound => {
                "The server knows no such run (404). Check the address, or retry the connection."
            }
        })
    }
}

/// What went wrong last and has not gone right since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What was tried.
    pub tried: Tried,
    /// For people: what happened.
    pub message: String,
    /// When, in milliseconds.
    pub at: i64,
}

/// What the connection tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tried {
    /// To fetch the whole run.
    Load,
    /// To fetch what is new.
    Poll,
    /// To hold the stream.
    Stream,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tried = match self.tried {
            Tried::Load => "Loading the run failed",
            Tried::Poll => "Asking for news failed",
            Tried::Stream => "The stream failed",
        };
        write!(f, "{tried}: {}", self.message)
    }
}
