//! The handle on one node of a run: its lifecycle, output, files, values and agent.

use crate::Error;
use crate::io::{NodeIoRow, to_json};
use crate::mime::mime_of;
use crate::run::{Shared, Writer};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contract::reel::Record;
use contract::studio::{
    AgentPart, Artifact, Destination, HumanInput, HumanInputStatus, InputType, LogLevel, Packet,
    PacketType, Stream, TerminalChunk, TraceError, TraceEvent, TraceLevel, TraceMetadata,
    TraceType,
};
use contract::time::format_millis;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::Uuid;

/// Files above this many bytes are recorded by name and size only: a reel holds content in base64.
pub const ARTIFACT_CONTENT_LIMIT: usize = 16 << 20;

/// Records one node. Cheap to clone; clones share the attempt they are in.
#[derive(Clone)]
pub struct Node {
    shared: Arc<Shared>,
    name: Arc<str>,
    attempt: Arc<AtomicU32>,
}

/// Why an attempt failed.
#[derive(Clone, Debug, Default)]
pub struct Failure {
    /// For people: what happened, and what to do.
    pub message: String,
    /// Its kind, as `TimeoutError`.
    pub kind: Option<String>,
    /// Exit code or word.
    pub code: Option<String>,
    /// Anything more.
    pub details: Option<Value>,
}

impl Node {
    pub(crate) fn new(shared: Arc<Shared>, name: String) -> Self {
        Self {
            shared,
            name: name.into(),
            attempt: Arc::new(AtomicU32::new(1)),
        }
    }

    /// The node's ref.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// An attempt begins; they count from 1. Everything after belongs to it.
    pub fn started(&self, attempt: u32) {
        self.attempt.store(attempt, Ordering::Relaxed);
        self.trace(TraceType::Started, TraceLevel::Info, |_| {});
    }

    /// As [`Node::started`], with what set it going: the nodes it waited for, a person, a timer.
    pub fn started_by(&self, attempt: u32, trigger: &str) {
        self.attempt.store(attempt, Ordering::Relaxed);
        self.trace(TraceType::Started, TraceLevel::Info, |event| {
            if let Some(metadata) = &mut event.metadata {
                metadata.triggered_by = Some(trigger.to_owned());
            }
        });
    }

    /// How far the node is: a message, and where known how many of how many.
    pub fn progress(&self, message: impl Into<String>, current: Option<u64>, total: Option<u64>) {
        let mut data = serde_json::Map::new();
        for (key, value) in [("current", current), ("total", total)] {
            if let Some(value) = value {
                data.insert(key.into(), value.into());
            }
        }
        let data = (!data.is_empty()).then_some(Value::Object(data));
        self.progress_data(message, TraceLevel::Info, data.as_ref());
    }

    /// As [`Node::progress`], with any data and level.
    pub fn progress_data(
        &self,
        message: impl Into<String>,
        level: TraceLevel,
        data: Option<&Value>,
    ) {
        let message = message.into();
        let data = self.keep(data.map(to_json).transpose());
        self.trace(TraceType::Progress, level, |event| {
            event.message = (!message.is_empty()).then_some(message);
            event.data = data.flatten();
        });
    }

    /// The attempt ended well; `output` is a summary of what came out. Returns the event's id, which
    /// packets are named by.
    pub fn completed(&self, output: Option<&Value>) -> String {
        let output = self.keep(output.map(to_json).transpose());
        self.trace(TraceType::Completed, TraceLevel::Info, |event| {
            event.output_summary = output.flatten();
        })
    }

    /// The attempt failed. `retry` describes the attempt to come, where one will: `{maxAttempts, …}`.
    pub fn failed(&self, failure: &Failure, retry: Option<&Value>) {
        let details = self.keep(failure.details.as_ref().map(to_json).transpose());
        let policy = self.keep(retry.map(to_json).transpose());
        let level = match retry {
            Some(_) => TraceLevel::Warn,
            None => TraceLevel::Error,
        };
        self.trace(TraceType::Failed, level, |event| {
            event.message = Some(failure.message.clone());
            event.error = Some(TraceError {
                message: failure.message.clone(),
                kind: failure.kind.clone(),
                code: failure.code.clone(),
                details: details.flatten(),
                ..TraceError::default()
            });
            if let Some(metadata) = &mut event.metadata {
                metadata.retry_policy = policy.flatten();
            }
        });
    }

    /// The node will not run.
    pub fn skipped(&self, reason: impl Into<String>) {
        let reason = reason.into();
        self.trace(TraceType::Skipped, TraceLevel::Info, |event| {
            event.message = Some(reason);
        });
    }

    /// The node waits for a person: records the question and the event. Returns the question's id.
    pub fn awaiting_input(
        &self,
        input: InputType,
        title: &str,
        description: Option<&str>,
    ) -> String {
        let request = self.question(input.clone(), title, description);
        let data = json!({"requestId": request, "inputType": input.as_str(), "title": title});
        let data = self.keep(to_json(&data));
        self.trace(TraceType::AwaitingInput, TraceLevel::Info, |event| {
            event.message = Some(title.to_owned());
            event.data = data;
        });
        request
    }

    /// A line the node printed or logged.
    pub fn log(&self, level: LogLevel, stream: Stream, message: impl Into<String>) {
        self.shared.log(&self.name, level, stream, message.into());
    }

    /// Bytes the node's process wrote, to a terminal of `size` (columns, rows) where there is one. A
    /// character may be split over calls.
    pub fn terminal(&self, stream: Stream, bytes: &[u8], size: Option<(u16, u16)>) {
        if bytes.is_empty() {
            return;
        }
        let payload = STANDARD.encode(bytes);
        self.shared.write(|writer, _| {
            let (chunk_index, at, delta_ms) =
                writer
                    .sequences
                    .terminal(&self.name, stream.clone(), writer.now());
            Ok(Record::Terminal(TerminalChunk {
                node_ref: self.name.to_string(),
                stream,
                chunk_index,
                payload,
                recorded_at: format_millis(at),
                delta_ms,
                origin: None,
                runner_kind: None,
                cols: size.map(|(cols, _)| cols),
                rows: size.map(|(_, rows)| rows),
            }))
        });
    }

    /// A file the node made. Content above 16 MiB is left out (name and size stay). Returns its id.
    pub fn emit_artifact(&self, name: &str, content: &[u8], mime: Option<&str>) -> String {
        let text = (content.len() <= ARTIFACT_CONTENT_LIMIT).then(|| STANDARD.encode(content));
        self.artifact(name, content.len() as u64, text, mime)
    }

    /// As [`Node::emit_artifact`], from a file. An error says that the file cannot be read; it is the
    /// caller's to handle.
    pub fn emit_artifact_file(&self, name: &str, path: &std::path::Path) -> Result<String, Error> {
        let unreadable = |error: std::io::Error| Error::Io {
            doing: format!("cannot read the artifact {}", path.display()),
            reason: error.to_string(),
        };
        let size = std::fs::metadata(path).map_err(unreadable)?.len();
        if size > ARTIFACT_CONTENT_LIMIT as u64 {
            return Ok(self.artifact(name, size, None, None));
        }
        Ok(self.emit_artifact(name, &std::fs::read(path).map_err(unreadable)?, None))
    }

    /// One chunk of an agent's UI message stream: an object with a `type`. Invalid ones are refused here,
    /// so that they do not cost a whole batch on the server.
    pub fn agent(&self, agent_run: &str, chunk: &Value) -> Result<(), Error> {
        if chunk.get("type").and_then(Value::as_str).is_none() {
            return Err(Error::Invalid {
                reason: "an agent's chunk must be an object with a `type`".into(),
            });
        }
        let chunk = to_json(chunk)?;
        self.shared.write(|writer, _| {
            Ok(Record::Agent(AgentPart {
                agent_run_id: Some(agent_run.to_owned()),
                node_ref: Some(self.name.to_string()),
                sequence: writer.sequences.agent(agent_run),
                timestamp: format_millis(writer.instant()),
                chunk,
            }))
        });
        Ok(())
    }

    /// What went in and what came out.
    pub fn io(&self, row: &NodeIoRow) {
        self.shared
            .write(|_, _| Ok(Record::Io(row.row(&self.name)?)));
    }

    /// A value handed to another node after the event `event` (see [`Node::completed`]).
    pub fn packet(&self, event: &str, target: &str, key: &str, payload: &Value) {
        let json = self.keep(to_json(payload));
        self.shared.write(|writer, shared| {
            let (kind, size) = match payload {
                Value::String(text) => (PacketType::Text, text.len()),
                value => (PacketType::Json, value.to_string().len()),
            };
            Ok(Record::Packet(Packet {
                id: format!("{}:{event}:{target}:{key}", shared.run_id),
                run_id: None,
                source_node: self.name.to_string(),
                target_node: target.to_owned(),
                input_key: key.to_owned(),
                payload: json,
                timestamp: writer.instant(),
                visual_time: 0.0,
                size: i64::try_from(size).unwrap_or(i64::MAX),
                kind: Some(kind),
            }))
        });
    }

    fn artifact(
        &self,
        name: &str,
        size: u64,
        content: Option<String>,
        mime: Option<&str>,
    ) -> String {
        let mut id = String::new();
        self.shared.write(|writer, shared| {
            let number = writer.sequences.artifact();
            id = own_id(&[&shared.run_id, &self.name, &number.to_string(), name]);
            Ok(Record::Artifact(Artifact {
                id: id.clone(),
                run_id: None,
                workflow_id: None,
                workflow_version_id: None,
                component_id: None,
                component_ref: self.name.to_string(),
                file_id: Some(id.clone()),
                name: name.to_owned(),
                mime_type: Some(mime.unwrap_or_else(|| mime_of(name)).to_owned()),
                size: i64::try_from(size).unwrap_or(i64::MAX),
                destinations: vec![Destination::Run],
                metadata: None,
                organization_id: None,
                created_at: format_millis(writer.instant()),
                content,
            }))
        });
        id
    }

    fn question(&self, input: InputType, title: &str, description: Option<&str>) -> String {
        let mut id = String::new();
        self.shared.write(|writer, shared| {
            let attempt = self.attempt.load(Ordering::Relaxed).to_string();
            id = own_id(&[&shared.run_id, &self.name, &attempt, title]);
            let now = format_millis(writer.instant());
            Ok(Record::HumanInput(HumanInput {
                id: id.clone(),
                run_id: None,
                workflow_id: None,
                node_ref: self.name.to_string(),
                status: HumanInputStatus::Pending,
                input_type: Some(input),
                input_schema: None,
                title: title.to_owned(),
                description: description.map(str::to_owned),
                context: None,
                resolve_token: None,
                timeout_at: None,
                response_data: None,
                responded_at: None,
                responded_by: None,
                organization_id: None,
                created_at: Some(now.clone()),
                updated_at: Some(now),
            }))
        });
        id
    }

    /// Writes one lifecycle event; returns its id.
    fn trace(
        &self,
        kind: TraceType,
        level: TraceLevel,
        fill: impl FnOnce(&mut TraceEvent),
    ) -> String {
        let mut id = String::new();
        self.shared.write(|writer, shared| {
            let mut event = self.event(writer, shared, kind, level);
            id.clone_from(&event.id);
            fill(&mut event);
            Ok(Record::Trace(event))
        });
        id
    }

    fn event(
        &self,
        writer: &mut Writer,
        shared: &Shared,
        kind: TraceType,
        level: TraceLevel,
    ) -> TraceEvent {
        let attempt = self.attempt.load(Ordering::Relaxed);
        let activity = format!("{}-{attempt}", self.name);
        TraceEvent {
            id: writer.sequences.trace_id().to_string(),
            run_id: None,
            node_id: self.name.to_string(),
            kind,
            level: Some(level),
            timestamp: format_millis(writer.instant()),
            message: None,
            error: None,
            output_summary: None,
            data: None,
            metadata: Some(TraceMetadata {
                attempt: Some(attempt),
                correlation_id: Some(format!("{}:{}:{activity}", shared.run_id, self.name)),
                activity_id: Some(activity),
                ..TraceMetadata::default()
            }),
        }
    }

    /// Keeps an error as the run's problem.
    fn keep<T>(&self, value: Result<T, Error>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(error) => {
                self.shared.lock().keep(error);
                None
            }
        }
    }
}

/// A UUID that the same parts always give: no randomness, so that a recording can be repeated.
fn own_id(parts: &[&str]) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, parts.join("\u{1f}").as_bytes()).to_string()
}
