//! Log lines (contract A.10).

use crate::Json;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// Severity of a line. Studio sends four; `trace` is the telemetry document's.
    LogLevel {
        /// Finest.
        Trace = "trace",
        /// For those who debug.
        Debug = "debug",
        /// As expected.
        Info = "info",
        /// Recoverable.
        Warn = "warn" | "warning",
        /// Failed.
        Error = "error" | "err" | "fatal" | "critical",
    }
}

/// One line a node printed or logged.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.10)"
)]
pub struct LogLine {
    #[serde(deserialize_with = "crate::wire::id")]
    pub id: String,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::wire::optional_id"
    )]
    pub run_id: Option<String>,
    #[serde(default)]
    pub node_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<LogLevel>,
    /// `stdout`, `stderr` or `console`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<String>,
    #[serde(default)]
    pub message: String,
    pub timestamp: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<i64>,
}

/// `GET …/logs`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.1, 13)"
)]
pub struct LogPage {
    pub run_id: String,
    /// Raw, so that one unreadable line does not cost the others.
    pub logs: Vec<Json>,
    #[serde(default)]
    pub total_count: i64,
    #[serde(default)]
    pub has_more: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}
