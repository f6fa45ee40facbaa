//! What can go wrong while recording, in words for people.

use std::fmt;

/// Why records did not arrive, or not yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The server cannot be reached, or keeps failing.
    Unreachable {
        /// The address tried.
        server: String,
        /// What the last try said.
        reason: String,
    },
    /// The server will not take this run's records at all (401, 403, 404 and the like).
    Refused {
        /// The HTTP status.
        status: u16,
        /// The server's words.
        message: String,
    },
    /// The server found fault with single records; all others arrived.
    Rejected {
        /// How many.
        records: usize,
        /// The server's words on the first of them.
        message: String,
    },
    /// Time ran out with records still to be sent.
    Unsent {
        /// How many.
        records: usize,
        /// What the last try said.
        reason: String,
    },
    /// The reel could not be written to where it should go, or a file could not be read.
    Io {
        /// What was being done.
        doing: String,
        /// What the system said.
        reason: String,
    },
    /// A record that cannot be put into words: not JSON, or a chunk without a type.
    Invalid {
        /// What is wrong, and where.
        reason: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable { server, reason } => write!(
                f,
                "cannot reach the server at {server}: {reason}. Is it running? Start one with `runreel serve`, or name another with --server"
            ),
            Self::Refused {
                status: status @ (401 | 403),
                message,
            } => write!(
                f,
                "the server refuses the records ({status}): {message}. Set RUNREEL_TOKEN to the token it was started with"
            ),
            Self::Refused { status, message } => {
                write!(f, "the server refuses the records ({status}): {message}")
            }
            Self::Rejected { records, message } => write!(
                f,
                "the server rejected {records} of the records, the first because: {message}"
            ),
            Self::Unsent { records, reason } => {
                write!(f, "{records} records could not be sent in time: {reason}")
            }
            Self::Io { doing, reason } => write!(f, "{doing}: {reason}"),
            Self::Invalid { reason } => write!(f, "this cannot be recorded: {reason}"),
        }
    }
}

impl std::error::Error for Error {}
