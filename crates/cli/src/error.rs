//! What can go wrong, in words for people, and the exit code of each.

use crate::pipeline::Problem;
use std::fmt;
use std::path::PathBuf;

/// Why a command could not do its work.
#[derive(Debug)]
pub enum CliError {
    /// The pipeline is not sound; nothing of it ran.
    Pipeline(PathBuf, Vec<Problem>),
    /// Recording failed.
    Recorder(recorder::Error),
    /// The run went on, but not all of it arrived.
    Unsent {
        /// Why.
        error: recorder::Error,
        /// Where the rest is.
        file: PathBuf,
        /// Whose it is.
        run_id: String,
    },
    /// The server cannot be reached.
    Unreachable {
        /// The address tried.
        server: String,
        /// What the system said.
        reason: String,
    },
    /// The server answered with an error.
    Server {
        /// What was asked of it.
        doing: String,
        /// The HTTP status.
        status: u16,
        /// Its own words.
        message: String,
    },
    /// The server could not start or go on.
    Serve(server::Error),
    /// A file or the system.
    Io {
        /// What was being done.
        what: String,
        /// What the system said.
        reason: String,
    },
    /// What was asked for cannot be.
    Usage(String),
}

impl CliError {
    /// 2: the input is at fault; 3: the server; 1: anything else.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Pipeline(..) | Self::Usage(_) => 2,
            Self::Recorder(_) | Self::Unsent { .. } | Self::Unreachable { .. } => 3,
            Self::Server { .. } | Self::Serve(_) | Self::Io { .. } => 1,
        }
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pipeline(file, problems) => {
                for (at, problem) in problems.iter().enumerate() {
                    let line = if at == 0 { "" } else { "\nerror: " };
                    write!(f, "{line}{}: {problem}", file.display())?;
                }
                Ok(())
            }
            Self::Recorder(error) => write!(f, "{error}"),
            Self::Unsent {
                error,
                file,
                run_id,
            } => write!(
                f,
                "{error}. What is missing is kept in {file}: send it with `runreel import {file} --run {run_id}` once the server is back",
                file = file.display()
            ),
            Self::Unreachable { server, reason } => write!(
                f,
                "cannot reach the server at {server}: {reason}. Is it running? Start one with `runreel serve`, or name another with --server"
            ),
            Self::Server {
                doing,
                status: status @ (401 | 403),
                message,
            } => write!(
                f,
                "{doing}: the server refuses it ({status}): {message}. Set RUNREEL_TOKEN to the token it was started with"
            ),
            Self::Server {
                doing,
                status,
                message,
            } => {
                write!(f, "{doing}: the server answered {status}: {message}")
            }
            Self::Serve(error) => write!(f, "{error}"),
            Self::Io { what, reason } => write!(f, "{what}: {reason}"),
            Self::Usage(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for CliError {}

impl From<recorder::Error> for CliError {
    fn from(error: recorder::Error) -> Self {
        Self::Recorder(error)
    }
}
