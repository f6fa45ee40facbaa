//! The frames of `GET /operations/:id/stream` (contract C): data alone, which says itself what it is.

use super::OperationState;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// What a frame is. Its document promises `log` and the end; the rest is ours.
    FrameType {
        /// [`LogFrame`].
        Log = "log" | "logs",
        /// Ours: [`StatusFrame`].
        Status = "status",
        /// Ours: [`GapFrame`].
        Gap = "gap",
        /// The last frame: [`CompleteFrame`].
        Complete = "complete" | "completed" | "done",
        /// Ours: [`ErrorFrame`].
        Error = "error",
        /// Ours: a sign of life that a script can see, every 15 s; nothing else is in it.
        Heartbeat = "hb" | "heartbeat" | "keepalive",
    }
}

/// Of any frame what tells it from others.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct FrameHead {
    /// What the frame is.
    #[serde(rename = "type")]
    pub kind: FrameType,
}

/// One line of the log.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (C)"
)]
pub struct LogFrame {
    #[serde(rename = "type")]
    pub kind: FrameType,
    /// The line's text.
    #[serde(default)]
    pub content: String,
    /// Ours: the node that wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// Ours: when, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// Ours: the recorded line's id; with `timestamp` it tells a repeated line.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::wire::optional_id"
    )]
    pub id: Option<String>,
}

/// How the operation stands: first, and when it changes.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(missing_docs, reason = "named as in OperationStatus")]
pub struct StatusFrame {
    #[serde(rename = "type")]
    pub kind: FrameType,
    pub status: OperationState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
}

/// What the reader has does not join what follows.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct GapFrame {
    /// [`FrameType::Gap`].
    #[serde(rename = "type")]
    pub kind: FrameType,
    /// `restarted`: the reader's token is of another history, everything comes again.
    #[serde(default)]
    pub reason: String,
    /// How many lines are missing, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<i64>,
}

/// The operation has ended and all of its log is sent.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (C)"
)]
pub struct CompleteFrame {
    #[serde(rename = "type")]
    pub kind: FrameType,
    pub status: OperationState,
}

/// The server could not read its store; the stream ends, come back.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(missing_docs, reason = "as named")]
pub struct ErrorFrame {
    #[serde(rename = "type")]
    pub kind: FrameType,
    #[serde(default)]
    pub message: String,
}
