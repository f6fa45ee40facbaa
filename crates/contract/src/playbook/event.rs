//! The frames of `GET /playbook-runs/:id/stream` (contract B.4): only what has changed.

use crate::Json;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// The name of a frame, which its data repeats as `type`.
    EventType {
        /// First frame: [`Connected`], without the envelope.
        Connected = "connected",
        /// [`super::RunUpdated`].
        RunUpdated = "run.updated",
        /// [`super::RunCompleted`]; nothing follows.
        RunCompleted = "run.completed",
        /// [`super::RunFailed`]; nothing follows.
        RunFailed = "run.failed",
        /// [`super::StepUpdated`].
        StepUpdated = "step.updated",
        /// [`super::StepCompleted`].
        StepCompleted = "step.completed",
        /// [`super::StepFailed`].
        StepFailed = "step.failed",
        /// [`super::StepLogAppended`].
        StepLogAppended = "step.log.appended",
        /// Ours: a step as a whole, [`super::StepRunView`], where events do not carry what is new.
        StepView = "step.view",
        /// Ours: a sign of life that a script can see, every 15 s; `{}`.
        Heartbeat = "hb" | "heartbeat",
        /// Ours: the server could not read its store, `{message}`; the stream ends, come back.
        Error = "error",
    }
}

/// The data of every frame but the first and ours.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.4)"
)]
pub struct PlaybookEvent {
    #[serde(rename = "type")]
    pub kind: EventType,
    #[serde(default, deserialize_with = "crate::wire::id")]
    pub run_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_key: Option<String>,
    #[serde(default)]
    pub timestamp: String,
    /// Read by `kind`.
    #[serde(default)]
    pub payload: Option<Json>,
}

/// The first frame.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.4)"
)]
pub struct Connected {
    #[serde(default)]
    pub message: String,
    /// Ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    /// Ours: `start`, `resumed`, or `restarted` when the reader's token was of another history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<String>,
}
