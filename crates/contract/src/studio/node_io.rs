//! What went into a node and what came out (contract A.12).

use crate::Json;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// How far a node's I/O row is.
    IoStatus {
        /// Inputs are known.
        Running = "running",
        /// Outputs are known.
        Completed = "completed",
        /// It failed.
        Failed = "failed",
        /// It did not run.
        Skipped = "skipped",
    }
}

/// One row for each run and node; a retry overwrites it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.12)"
)]
pub struct NodeIo {
    pub node_ref: String,
    #[serde(default)]
    pub component_id: Option<String>,
    #[serde(default)]
    pub status: Option<IoStatus>,
    #[serde(default)]
    pub started_at: Option<String>,
    #[serde(default)]
    pub completed_at: Option<String>,
    #[serde(default)]
    pub duration_ms: Option<i64>,
    /// A value, or its preview as text where `inputs_truncated`.
    #[serde(default)]
    pub inputs: Option<Json>,
    #[serde(default)]
    pub outputs: Option<Json>,
    /// Bytes.
    #[serde(default)]
    pub inputs_size: i64,
    #[serde(default)]
    pub outputs_size: i64,
    #[serde(default)]
    pub inputs_spilled: bool,
    #[serde(default)]
    pub outputs_spilled: bool,
    #[serde(default)]
    pub inputs_truncated: bool,
    #[serde(default)]
    pub outputs_truncated: bool,
    #[serde(default)]
    pub error_message: Option<String>,
}

/// `GET …/node-io`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.1, 18)"
)]
pub struct NodeIoList {
    pub run_id: String,
    /// Raw, so that one unreadable row does not cost the others.
    pub nodes: Vec<Json>,
}
