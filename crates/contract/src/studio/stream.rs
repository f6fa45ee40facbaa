//! The frames of `GET …/stream` (contract A.6), ours included.

use super::RunStatus;
use crate::Json;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// The name of a frame: what its data is.
    Frame {
        /// First frame: [`Ready`].
        Ready = "ready",
        /// [`super::TraceEnvelope`].
        Trace = "trace",
        /// [`super::PacketList`].
        Dataflow = "dataflow",
        /// [`super::TerminalPage`].
        Terminal = "terminal",
        /// [`LogFrame`].
        Logs = "logs",
        /// [`super::Status`].
        Status = "status",
        /// The run ended and the stream with it: [`Complete`].
        Complete = "complete",
        /// The server could not read something: [`StreamError`]; the stream goes on.
        Error = "error",
        /// Ours: agent parts, `{"parts":[AgentPart…]}`.
        Agent = "agent",
        /// Ours: node I/O, `{"nodes":[NodeIo…]}`.
        NodeIo = "node-io",
        /// Ours: artifacts, `{"artifacts":[Artifact…]}`.
        Artifacts = "artifacts",
        /// Ours: questions, `{"inputs":[HumanInput…]}`.
        HumanInputs = "human-inputs",
        /// Ours: notes and records of unknown kinds, `{"records":[…]}` as in a reel.
        Records = "records",
        /// Ours: the graph changed, a [`super::Graph`].
        Graph = "graph",
        /// Ours: a sign of life that a script can see, every 15 s.
        Heartbeat = "hb",
    }
}

wire_enum! {
    /// How the server hears of news.
    StreamMode {
        /// It is told.
        Realtime = "realtime",
        /// It asks its store.
        Polling = "polling",
    }
}

/// The first frame.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.6)"
)]
pub struct Ready {
    pub mode: StreamMode,
    pub run_id: String,
    /// Milliseconds, for `polling`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<i64>,
}

/// A `logs` frame.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct LogFrame {
    /// Raw, so that one unreadable line does not cost the others.
    pub logs: Vec<Json>,
    /// ISO time of the last line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// The last frame.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.6)"
)]
pub struct Complete {
    #[serde(default)]
    pub run_id: String,
    pub status: RunStatus,
}

/// Something the server could not read.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.6)"
)]
pub struct StreamError {
    #[serde(default)]
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Json>,
}
