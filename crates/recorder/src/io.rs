//! What went into a node and what came out, as one row (contract A.12).

use crate::Error;
use contract::Json;
use contract::studio::{IoStatus, NodeIo};
use contract::time::format_millis;
use serde_json::Value;

/// One row; a later one for the same node replaces it.
#[derive(Clone, Debug, Default)]
pub struct NodeIoRow {
    /// Where the row's instants start, milliseconds since the epoch.
    pub started_at: i64,
    /// `None` while the node runs.
    pub completed_at: Option<i64>,
    /// The kind of step it is.
    pub component: Option<String>,
    /// What it was given.
    pub inputs: Option<Value>,
    /// What it gave.
    pub outputs: Option<Value>,
    /// Why it failed; `None` is success once `completed_at` is known.
    pub error: Option<String>,
}

impl NodeIoRow {
    pub(crate) fn row(&self, node: &str) -> Result<NodeIo, Error> {
        let status = match (self.completed_at, &self.error) {
            (None, _) => IoStatus::Running,
            (Some(_), None) => IoStatus::Completed,
            (Some(_), Some(_)) => IoStatus::Failed,
        };
        let (inputs, inputs_size) = raw(self.inputs.as_ref())?;
        let (outputs, outputs_size) = raw(self.outputs.as_ref())?;
        Ok(NodeIo {
            node_ref: node.to_owned(),
            component_id: self.component.clone(),
            status: Some(status),
            started_at: Some(format_millis(self.started_at)),
            completed_at: self.completed_at.map(format_millis),
            duration_ms: self.completed_at.map(|end| (end - self.started_at).max(0)),
            inputs,
            outputs,
            inputs_size,
            outputs_size,
            inputs_spilled: false,
            outputs_spilled: false,
            inputs_truncated: false,
            outputs_truncated: false,
            error_message: self.error.clone(),
        })
    }
}

/// A value as raw JSON, with its size in bytes.
fn raw(value: Option<&Value>) -> Result<(Option<Json>, i64), Error> {
    let Some(value) = value else {
        return Ok((None, 0));
    };
    let json = to_json(value)?;
    let size = i64::try_from(json.get().len()).unwrap_or(i64::MAX);
    Ok((Some(json), size))
}

/// A value as raw JSON.
pub(crate) fn to_json(value: &Value) -> Result<Json, Error> {
    serde_json::value::to_raw_value(value).map_err(|error| Error::Invalid {
        reason: error.to_string(),
    })
}
