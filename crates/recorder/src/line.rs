//! Records as lines of a reel.

use crate::Error;
use contract::reel::{Header, Record};
use serde_json::Value;

/// A header as one line, without the line feed; optional fields that hold nothing are absent.
pub(crate) fn header_line(header: &Header) -> Result<String, Error> {
    let mut value = serde_json::to_value(header).map_err(invalid)?;
    drop_nulls(value.get_mut("run"));
    Ok(value.to_string())
}

/// A record as one line, without the line feed.
pub(crate) fn record_line(record: &Record) -> Result<String, Error> {
    match record {
        Record::Status(it) => tagged("status", serde_json::to_string(it)),
        Record::Trace(it) => tagged("trace", serde_json::to_string(it)),
        Record::Packet(it) => tagged("packet", serde_json::to_string(it)),
        Record::Io(it) => {
            let mut value = serde_json::to_value(it).map_err(invalid)?;
            drop_nulls(Some(&mut value));
            tagged("io", Ok(value.to_string()))
        }
        Record::Terminal(it) => tagged("terminal", serde_json::to_string(it)),
        Record::Log(it) if it.node_id.is_empty() => {
            // A line about the run as a whole names no node; an empty id would be refused.
            let mut value = serde_json::to_value(it).map_err(invalid)?;
            if let Value::Object(map) = &mut value {
                map.remove("nodeId");
            }
            tagged("log", Ok(value.to_string()))
        }
        Record::Log(it) => tagged("log", serde_json::to_string(it)),
        Record::Agent(it) => tagged("agent", serde_json::to_string(it)),
        Record::Artifact(it) => tagged("artifact", serde_json::to_string(it)),
        Record::HumanInput(it) => {
            let mut value = serde_json::to_value(it).map_err(invalid)?;
            drop_nulls(Some(&mut value));
            tagged("human_input", Ok(value.to_string()))
        }
        Record::Note(it) => tagged("note", serde_json::to_string(it)),
        Record::Graph(it) => tagged("graph", serde_json::to_string(it)),
        Record::Unknown { raw, .. } => Ok(raw.clone()),
    }
}

/// Puts `kind` in front of an object that is not empty. Text, not a map: raw JSON inside stays as it is,
/// and a million records need no second tree.
fn tagged(kind: &str, object: Result<String, serde_json::Error>) -> Result<String, Error> {
    let object = object.map_err(invalid)?;
    let fields = object.strip_prefix('{').unwrap_or(&object);
    Ok(format!("{{\"kind\":\"{kind}\",{fields}"))
}

fn drop_nulls(value: Option<&mut Value>) {
    if let Some(Value::Object(map)) = value {
        map.retain(|_, value| !value.is_null());
    }
}

fn invalid(error: serde_json::Error) -> Error {
    Error::Invalid {
        reason: error.to_string(),
    }
}
