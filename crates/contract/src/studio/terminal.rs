//! Terminal output and its archives (contract A.8, A.9).

use crate::Json;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// Which descriptor wrote a chunk.
    Stream {
        /// Standard output.
        Stdout = "stdout",
        /// Standard error.
        Stderr = "stderr",
        /// A pseudo-terminal: both, with colours and cursor movements.
        Pty = "pty",
        /// A program's own console.
        Console = "console",
    }
}

/// Bytes a node's process wrote.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.8)"
)]
pub struct TerminalChunk {
    #[serde(default)]
    pub node_ref: String,
    pub stream: Stream,
    /// Counts from 1 for each (node, stream) and emitter; a retry starts over.
    pub chunk_index: i64,
    /// Base64 of the bytes as written; a character may be split over chunks.
    pub payload: String,
    pub recorded_at: String,
    #[serde(default)]
    pub delta_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner_kind: Option<String>,
    /// Ours: the size of the terminal from this chunk on, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cols: Option<u16>,
    /// As `cols`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u16>,
}

/// `GET …/terminal` and the `terminal` frame.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.1, 14)"
)]
pub struct TerminalPage {
    #[serde(default)]
    pub run_id: String,
    /// Opaque.
    #[serde(default)]
    pub cursor: String,
    /// Raw, so that one unreadable chunk does not cost the others.
    pub chunks: Vec<Json>,
}

/// An archived terminal, downloadable as asciicast v2.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.9)"
)]
pub struct Recording {
    pub id: i64,
    pub run_id: String,
    pub node_ref: String,
    pub stream: Stream,
    pub file_id: String,
    pub chunk_count: i64,
    pub duration_ms: i64,
    pub created_at: String,
}

/// `GET …/terminal/archive`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.1, 16)"
)]
pub struct RecordingList {
    pub run_id: String,
    pub records: Vec<Recording>,
}
