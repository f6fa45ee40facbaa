//! Reads the body of a reel: line by line through the contract, up to the first line it refuses.

use crate::error::ApiError;
use crate::json::{self, Object};
use crate::store::{Effect, NewHeader, NewRecord};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, general_purpose};
use contract::reel::{self, Kind};
use contract::studio::{RunStatus, TraceType};
use flate2::read::MultiGzDecoder;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::io::Read;

/// What a body holds.
#[derive(Debug, Default)]
pub(crate) struct Reel {
    /// Its first line, if that is a header.
    pub(crate) header: Option<NewHeader>,
    /// The records before the first line that cannot be read.
    pub(crate) records: Vec<NewRecord>,
    /// That line.
    pub(crate) refused: Option<Refused>,
}

/// A line that is not what it should be.
#[derive(Debug)]
pub(crate) struct Refused {
    /// Counts from 1, blank lines included.
    pub(crate) line: usize,
    /// The path of the field, where it is one field's fault.
    pub(crate) field: Option<String>,
    /// What is wrong, for a person.
    pub(crate) problem: String,
}

impl Refused {
    /// The answer, with what became of the lines before.
    pub(crate) fn into_error(self, accepted: u64, duplicates: u64) -> ApiError {
        let message = match &self.field {
            Some(field) => format!("line {}, field `{field}`: {}", self.line, self.problem),
            None => format!("line {}: {}", self.line, self.problem),
        };
        let error = ApiError::bad_request(message)
            .with("line", self.line)
            .with("accepted", accepted)
            .with("duplicates", duplicates);
        match self.field {
            Some(field) => error.with("field", field),
            None => error,
        }
    }
}

/// How a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    /// Not.
    Plain,
    /// gzip.
    Gzip,
}

/// Unpacks a body; more than `limit` bytes are too many.
pub(crate) fn unpack(body: &[u8], packing: Packing, limit: usize) -> Result<Vec<u8>, ApiError> {
    // A reel file may be packed without the sender saying so.
    if packing == Packing::Plain && !body.starts_with(&[0x1f, 0x8b]) {
        return Ok(body.to_vec());
    }
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(body)
        .take(limit as u64 + 1)
        .read_to_end(&mut unpacked)
        .map_err(|error| ApiError::bad_request(format!("the body is not whole gzip: {error}")))?;
    if unpacked.len() > limit {
        return Err(too_large(limit));
    }
    Ok(unpacked)
}

/// The answer to a body that is too large.
pub(crate) fn too_large(limit: usize) -> ApiError {
    ApiError::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!(
            "the body has more than {limit} bytes: send the reel in parts; nothing of this one was kept"
        ),
    )
}

/// Reads the lines of an unpacked body meant for `run`.
pub(crate) fn read(body: &[u8], run: &str) -> Reel {
    let mut reel = Reel::default();
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let mut first = true;
    for (index, line) in body.split(|byte| *byte == b'\n').enumerate() {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        if let Err((field, problem)) = read_line(line, run, first, &mut reel) {
            let line = index + 1;
            reel.refused = Some(Refused {
                line,
                field,
                problem,
            });
            break;
        }
        first = false;
    }
    reel
}

type Wrong = (Option<String>, String);

fn read_line(line: &[u8], run: &str, first: bool, reel: &mut Reel) -> Result<(), Wrong> {
    let object: Object = serde_json::from_slice(line).map_err(|error| (None, not_json(&error)))?;
    if object.contains_key("reel") && !object.contains_key("kind") {
        if !first {
            let problem = "a header can only be the first line".to_owned();
            return Err((Some("reel".into()), problem));
        }
        reel.header = Some(header(object, run)?);
    } else {
        reel.records
            .push(record(object).map_err(|error| (Some(error.field), error.problem))?);
    }
    Ok(())
}

fn not_json(error: &serde_json::Error) -> String {
    if error.is_data() {
        return "a line is a JSON object".into();
    }
    let text = error.to_string();
    // serde counts lines within the line.
    let what = text.split(" at line ").next().unwrap_or(&text);
    format!("not JSON: {what} at column {}", error.column())
}

fn header(mut object: Object, run: &str) -> Result<NewHeader, Wrong> {
    reel::canonical_header(&mut object).map_err(|error| (Some(error.field), error.problem))?;
    let Some(Value::Object(header)) = object.remove("run") else {
        return Err((Some("run".into()), "expected an object".into()));
    };
    let id = json::text(&header, "id").unwrap_or_default();
    if id != run {
        let problem = format!(
            "the address says {}, the header {}",
            json::quote(run),
            json::quote(id)
        );
        return Err((Some("run.id".into()), problem));
    }
    let graph = object.remove("graph");
    let nodes = graph.as_ref().map_or(0, node_count);
    Ok(NewHeader {
        run: header,
        graph: graph.filter(|_| nodes > 0).map(|graph| graph.to_string()),
        nodes,
    })
}

fn node_count(graph: &Value) -> i64 {
    graph["nodes"]
        .as_array()
        .map_or(0, |nodes| nodes.len() as i64)
}

/// Brings a record into its canonical form and takes out what a store needs to know of it.
pub(crate) fn record(mut object: Object) -> Result<NewRecord, reel::FieldError> {
    let kind = reel::canonical_record(&mut object)?;
    let content = match (&kind, object.remove("content")) {
        (Kind::Artifact, Some(Value::String(text))) => Some(decode(&text)?),
        (_, Some(other)) => {
            object.insert("content".into(), other);
            None
        }
        (_, None) => None,
    };
    let identity = hash(&reel::identity(&kind, &object));
    let place = reel::place(&kind, &object);
    let effect = effect(&kind, &object);
    let owned = |name: &str| json::text(&object, name).map(str::to_owned);
    let (node, level, track) = match kind {
        Kind::Log => (
            owned("nodeId").or_else(|| Some("unknown".into())),
            owned("level").or_else(|| Some("info".into())),
            owned("stream"),
        ),
        Kind::Terminal => (owned("nodeRef"), None, owned("stream")),
        Kind::Agent => (owned("nodeRef"), None, owned("agentRunId")),
        _ => (
            ["nodeId", "nodeRef", "componentRef"]
                .into_iter()
                .find_map(owned),
            owned("level"),
            None,
        ),
    };
    object.remove("kind");
    Ok(NewRecord {
        kind,
        identity,
        place,
        node,
        level,
        track,
        body: Value::Object(object).to_string(),
        content,
        effect,
    })
}

fn effect(kind: &Kind, object: &Object) -> Effect {
    let text = |name: &str| json::text(object, name).unwrap_or_default().to_owned();
    match kind {
        Kind::Status => Effect::Status {
            status: RunStatus::from_word(&text("status")),
            body: without_kind(object),
        },
        Kind::Trace => match TraceType::from_word(&text("type")) {
            TraceType::WorkflowStatus => stated(object),
            TraceType::Log | TraceType::Artifact => Effect::None,
            _ if text("nodeId") == crate::RUN_NODE => Effect::None,
            TraceType::Completed => Effect::NodeCompleted(text("nodeId")),
            _ => Effect::NodeSeen(text("nodeId")),
        },
        Kind::Graph => Effect::Graph(
            object["nodes"]
                .as_array()
                .map_or(0, |nodes| nodes.len() as i64),
        ),
        Kind::Terminal => Effect::Terminal {
            node: text("nodeRef"),
            stream: text("stream"),
        },
        Kind::Agent => Effect::Agent {
            agent_run: text("agentRunId"),
            node: text("nodeRef"),
        },
        Kind::HumanInput => Effect::Question {
            id: text("id"),
            status: text("status"),
            input_type: text("inputType"),
        },
        Kind::Artifact => Effect::Artifact(text("id")),
        _ => Effect::None,
    }
}

/// The trace document's way to tell the run's state: an event whose data, or whose message, names it.
fn stated(event: &Object) -> Effect {
    let data = event.get("data").or(event.get("outputSummary"));
    let word = data.and_then(|data| data["status"].as_str());
    let Some(word) = word.or(json::text(event, "message")) else {
        return Effect::None;
    };
    let status = RunStatus::from_word(word);
    if matches!(status, RunStatus::Other(_)) {
        return Effect::None;
    }
    let at = json::text(event, "timestamp").unwrap_or_default();
    let body = serde_json::json!({"status": status.as_str(), "updatedAt": at});
    Effect::Status {
        status,
        body: body.to_string(),
    }
}

fn without_kind(object: &Object) -> String {
    let mut object = object.clone();
    object.remove("kind");
    Value::Object(object).to_string()
}

/// The first half of SHA-256: no two records share it by accident, nor by intent.
fn hash(identity: &str) -> [u8; 16] {
    let digest: [u8; 32] = Sha256::digest(identity).into();
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    half
}

fn decode(text: &str) -> Result<Vec<u8>, reel::FieldError> {
    LENIENT.decode(text).map_err(|error| reel::FieldError {
        field: "content".into(),
        problem: format!("expected text in base64: {error}"),
    })
}

/// Base64 as people write it: the last bits and the padding may be careless.
pub(crate) const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Base64 as we write it.
pub(crate) fn encode(bytes: &[u8]) -> String {
    general_purpose::STANDARD.encode(bytes)
}
