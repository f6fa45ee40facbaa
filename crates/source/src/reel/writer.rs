//! Lines of a reel from wire types, each without its line feed.

use crate::dialect::lenient::one_line;
use contract::reel::{Header, Kind, REEL_VERSION, Record};
use contract::studio::{Graph, Run};

/// The first line. The error is serde's, where a value cannot be JSON.
pub fn header_line(run: Run, graph: Option<Graph>) -> Result<String, serde_json::Error> {
    let header = Header {
        reel: REEL_VERSION,
        run,
        graph,
    };
    serde_json::to_string(&header).map(|line| one_line(&line))
}

/// Any other line. The error is serde's, where a value cannot be JSON.
pub fn record_line(record: &Record) -> Result<String, serde_json::Error> {
    let (kind, object) = match record {
        Record::Status(it) => (Kind::Status, serde_json::to_string(it)?),
        Record::Trace(it) => (Kind::Trace, serde_json::to_string(it)?),
        Record::Packet(it) => (Kind::Packet, serde_json::to_string(it)?),
        Record::Io(it) => (Kind::Io, serde_json::to_string(it)?),
        Record::Terminal(it) => (Kind::Terminal, serde_json::to_string(it)?),
        Record::Log(it) => (Kind::Log, serde_json::to_string(it)?),
        Record::Agent(it) => (Kind::Agent, serde_json::to_string(it)?),
        Record::Artifact(it) => (Kind::Artifact, serde_json::to_string(it)?),
        Record::HumanInput(it) => (Kind::HumanInput, serde_json::to_string(it)?),
        Record::Note(it) => (Kind::Note, serde_json::to_string(it)?),
        Record::Graph(it) => (Kind::Graph, serde_json::to_string(it)?),
        // It is the whole record, its kind included.
        Record::Unknown { raw, .. } => return Ok(one_line(raw)),
    };
    let members = object.strip_prefix('{').unwrap_or(&object);
    let comma = if members == "}" { "" } else { "," };
    Ok(one_line(&format!("{{\"kind\":\"{kind}\"{comma}{members}")))
}
