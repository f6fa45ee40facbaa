//! Records as the Studio dialect shows them: what its readers require is there, in its words.

use crate::json::{self, Object};
use crate::store::{Question, StoredRecord};
use contract::time;
use serde_json::{Value, json};

/// A trace event (A.5).
pub(crate) fn event(run: &str, record: &StoredRecord) -> String {
    finish(run, record, |event| json::default(event, "level", "info"))
}

/// A log line (A.10).
pub(crate) fn log_line(run: &str, record: &StoredRecord) -> String {
    finish(run, record, |line| {
        json::default(line, "level", "info");
        json::default(line, "nodeId", "unknown");
    })
}

/// A terminal chunk (A.8).
pub(crate) fn chunk(record: &StoredRecord) -> String {
    let mut chunk = json::object(&record.body);
    json::default(&mut chunk, "deltaMs", 0);
    Value::Object(chunk).to_string()
}

/// A packet (A.7). `span` is the instants of the first and last packet shown with it, milliseconds.
pub(crate) fn packet(run: &str, record: &StoredRecord, span: Option<(i64, i64)>) -> String {
    finish(run, record, |packet| {
        let payload = packet.get("payload").unwrap_or(&Value::Null);
        let (kind, size) = match payload {
            Value::String(text) => ("text", text.len()),
            other => ("json", other.to_string().len()),
        };
        json::default(packet, "type", kind);
        json::default(packet, "size", size);
        json::default(packet, "inputKey", "");
        if let (Some((first, last)), Some(at)) =
            (span, packet.get("timestamp").and_then(Value::as_i64))
        {
            let share = (at - first) as f64 / (last - first).max(1) as f64;
            packet.insert("visualTime".into(), share.into());
        }
        json::default(packet, "visualTime", 0);
    })
}

/// An agent part as `AgentParts` lists it (A.14).
pub(crate) fn part(record: &StoredRecord) -> (i64, Value) {
    let part = json::object(&record.body);
    let sequence = part.get("sequence").and_then(Value::as_i64).unwrap_or(0);
    let field = |name: &str| part.get(name).cloned().unwrap_or(Value::Null);
    let shown = json!({
        "sequence": sequence,
        "timestamp": field("timestamp"),
        "chunk": field("chunk"),
    });
    (sequence, shown)
}

/// An artifact (A.13).
pub(crate) fn artifact(run: &str, workflow: &str, record: &StoredRecord) -> Object {
    let mut artifact = json::object(&record.body);
    artifact.insert("runId".into(), run.into());
    json::default(&mut artifact, "workflowId", workflow);
    json::default(&mut artifact, "workflowVersionId", Value::Null);
    json::default(&mut artifact, "componentRef", "");
    let id = artifact.get("id").cloned().unwrap_or(Value::Null);
    json::default(&mut artifact, "fileId", id);
    json::default(&mut artifact, "mimeType", "application/octet-stream");
    json::default(&mut artifact, "size", 0);
    if artifact
        .get("destinations")
        .and_then(Value::as_array)
        .is_none_or(Vec::is_empty)
    {
        artifact.insert("destinations".into(), json!(["run"]));
    }
    artifact
}

/// A question (A.11).
pub(crate) fn question(question: &Question) -> Object {
    let mut input = json::object(&question.body);
    input.insert("runId".into(), question.run.as_str().into());
    json::default(&mut input, "workflowId", question.workflow.as_str());
    json::default(&mut input, "inputType", "approval");
    json::default(&mut input, "inputSchema", json!({}));
    json::default(&mut input, "context", json!({}));
    json::default(&mut input, "resolveToken", "");
    let created = input.get("createdAt").cloned().unwrap_or(Value::Null);
    json::default(&mut input, "updatedAt", created);
    for name in [
        "description",
        "timeoutAt",
        "responseData",
        "respondedAt",
        "respondedBy",
        "organizationId",
    ] {
        json::default(&mut input, name, Value::Null);
    }
    input
}

/// How much of a node's inputs or outputs is shown at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Large values as a preview.
    Preview,
    /// All.
    Full,
}

/// A node's inputs and outputs (A.12) from all its rows, in their places: a later one overrides an
/// earlier one field by field, but a new attempt starts over.
pub(crate) fn node_io<'a>(
    rows: impl IntoIterator<Item = &'a StoredRecord>,
    detail: Detail,
) -> Object {
    let mut io = Object::new();
    for row in rows {
        let row = json::object(&row.body);
        if json::text(&row, "status") == Some("running") {
            io.clear();
        }
        io.extend(row);
    }
    json::default(&mut io, "componentId", "");
    json::default(&mut io, "status", "running");
    for side in ["inputs", "outputs"] {
        let value = io.entry(side).or_insert(Value::Null);
        let text = value.to_string();
        let large = text.len() > SPILL;
        if large && detail == Detail::Preview {
            *value = preview(&text).into();
        }
        json::default(&mut io, &format!("{side}Size"), text.len());
        json::default(&mut io, &format!("{side}Spilled"), large);
        if large {
            io.insert(
                format!("{side}Truncated"),
                (detail == Detail::Preview).into(),
            );
        }
        json::default(&mut io, &format!("{side}Truncated"), false);
    }
    let instant = |name| json::text(&io, name).and_then(time::parse_millis);
    if let (Some(start), Some(end)) = (instant("startedAt"), instant("completedAt")) {
        json::default(&mut io, "durationMs", (end - start).max(0));
    }
    for name in ["startedAt", "completedAt", "durationMs", "errorMessage"] {
        json::default(&mut io, name, Value::Null);
    }
    io
}

/// Bytes from which on a value is shown as a preview.
const SPILL: usize = 100_000;
/// Characters of a preview.
const PREVIEW: usize = 1_000;

/// The beginning of a text, and that it is one.
pub(crate) fn preview(text: &str) -> String {
    let cut: String = text.chars().take(PREVIEW).collect();
    format!("{cut}\n... (truncated)")
}

fn finish(run: &str, record: &StoredRecord, fill: impl FnOnce(&mut Object)) -> String {
    let mut object = json::object(&record.body);
    object.insert("runId".into(), run.into());
    fill(&mut object);
    Value::Object(object).to_string()
}
