//! Lifecycle events. The trace document's log, artifact and status events leave for the channels
//! they belong to.

use super::super::decoder::{Decoder, count, json, sequence_of, text};
use super::super::lenient::Members;
use super::super::progress;
use super::output::stream_of;
use super::usual;
use contract::studio::{RunStatus, TraceError, TraceEvent, TraceLevel, TraceMetadata, TraceType};
use model::channel::log::{Level, LogStream};
use model::item::{
    Artifact, Detail, ErrorInfo, EventItem, EventKind, HttpPhase, LogItem, Provenance, RecordId,
};
use model::run::{Failure, StatusKind, StatusUpdate};
use model::{Item, JsonText, Stamp, Text};

impl Decoder {
    /// `GET …/trace`, `GET …/events` and the `trace` frame.
    pub(super) fn trace_list(&mut self, raw: &str) {
        if usual::read_list(raw, &mut self.data, &mut self.batch).is_none() {
            self.trace_events(raw);
        }
    }

    /// A list that is not a usual one, event by event.
    pub(super) fn trace_events(&mut self, raw: &str) {
        if let Some((events, rest)) = self.list(raw, "events") {
            self.batch.items.reserve(events.len());
            self.each("event", &events, Self::trace);
            self.resume(rest.text("cursor"));
            self.batch.has_more = rest.get("hasMore") == Some("true");
        }
    }

    pub(super) fn trace(&mut self, raw: &str) {
        match usual::read_one(raw, &mut self.data) {
            Some(item) => self.push(item),
            None => self.trace_with_care(raw),
        }
    }

    /// An event in which something may be missing, unknown or not of its type.
    pub(super) fn trace_with_care(&mut self, raw: &str) {
        let Some(event) = self.read::<TraceEvent>(raw) else {
            return;
        };
        let Some(stamp) = self.stamp("timestamp", &event.timestamp, raw) else {
            return;
        };
        let stamp = Stamp {
            sequence: sequence_of(&event.id),
            ..stamp
        };
        match &event.kind {
            TraceType::Log => self.log_of(event, stamp, raw),
            TraceType::Artifact => self.artifact_of(event, stamp),
            TraceType::WorkflowStatus => self.status_of(event, stamp, raw),
            _ => self.event(event, stamp, raw),
        }
    }

    fn event(&mut self, event: TraceEvent, stamp: Stamp, raw: &str) {
        let kind = match &event.kind {
            TraceType::Started => EventKind::Started,
            TraceType::Progress => EventKind::Progress,
            TraceType::Completed => EventKind::Completed,
            TraceType::Failed => EventKind::Failed,
            TraceType::AwaitingInput => EventKind::AwaitingInput,
            TraceType::Skipped => EventKind::Skipped,
            TraceType::HttpRequestSent => EventKind::Http(HttpPhase::Sent),
            TraceType::HttpResponseReceived => EventKind::Http(HttpPhase::Received),
            TraceType::HttpRequestError => EventKind::Http(HttpPhase::Error),
            TraceType::Log | TraceType::Artifact | TraceType::WorkflowStatus => {
                EventKind::Other(self.name(event.kind.as_str()))
            }
            TraceType::Other(word) => {
                self.problem(format!("event type `{word}` is not known here"), raw);
                EventKind::Other(self.name(word))
            }
        };
        let node = self.node_of(&event);
        let level = self.event_level(event.level.as_ref(), &kind, raw);
        let metadata = event.metadata.unwrap_or_default();
        let told = Told {
            message: event.message.as_deref(),
            error: event.error.map(|error| Box::new(error_info(error))),
            output: json(event.output_summary),
            data: json(event.data),
            child_run: metadata.child_run_id.as_deref(),
            correlation: metadata.correlation_id.as_deref(),
        };
        let item = EventItem {
            id: event.id.into(),
            node,
            stamp,
            level,
            attempt: metadata.attempt.unwrap_or(0),
            provenance: Provenance::Observed,
            detail: detail(&kind, told),
            kind,
        };
        self.push(Item::Event(item));
    }

    fn node_of(&mut self, event: &TraceEvent) -> Text {
        self.name(node_of(&event.node_id, event.metadata.as_ref()))
    }

    fn event_level(&mut self, level: Option<&TraceLevel>, kind: &EventKind, raw: &str) -> Level {
        match level {
            Some(TraceLevel::Info) => Level::Info,
            Some(TraceLevel::Warn) => Level::Warn,
            Some(TraceLevel::Error) => Level::Error,
            Some(TraceLevel::Debug) => Level::Debug,
            Some(TraceLevel::Other(word)) if word.eq_ignore_ascii_case("trace") => Level::Trace,
            Some(TraceLevel::Other(word)) => {
                self.problem(format!("level `{word}` is not known here"), raw);
                usual_level(kind)
            }
            None => usual_level(kind),
        }
    }

    /// `NODE_LOG`: a line in the event track.
    fn log_of(&mut self, event: TraceEvent, stamp: Stamp, raw: &str) {
        let node = self.node_of(&event);
        let level = self.event_level(event.level.as_ref(), &EventKind::Progress, raw);
        let data = members(event.data.as_ref().map(|data| data.get()));
        let stream = match data.text("stream") {
            Some(word) => stream_of(&word).unwrap_or(LogStream::Console),
            None => LogStream::Console,
        };
        let message = event
            .message
            .or_else(|| data.text("message"))
            .or_else(|| data.text("line"));
        self.push(Item::Log(LogItem {
            id: event.id.as_str().into(),
            node,
            stamp,
            level,
            stream,
            message: message.unwrap_or_default().into(),
        }));
    }

    /// `NODE_ARTIFACT`: a file, described by its data; the message names it where the data does not.
    fn artifact_of(&mut self, event: TraceEvent, stamp: Stamp) {
        let node = self.node_of(&event);
        let data = members(event.data.as_ref().map(|data| data.get()));
        let first = |names: &[&str]| names.iter().find_map(|name| data.text(name));
        let size = first(&["size", "bytes"]).and_then(|size| size.parse().ok());
        let name = first(&["name", "fileName", "path"]).or(event.message);
        let item = Artifact {
            id: text(first(&["artifactId", "id"])).unwrap_or_else(|| event.id.as_str().into()),
            node,
            name: text(name).unwrap_or_else(|| event.id.as_str().into()),
            mime: text(first(&["mimeType", "contentType"])),
            size: count(size.unwrap_or(0)),
            at: stamp.at,
        };
        self.push(Item::Artifact(Box::new(item)));
    }

    /// `WORKFLOW_STATUS`: the run's status under `data.status`, else as the message. Without a word
    /// that is known it stays an event.
    fn status_of(&mut self, event: TraceEvent, stamp: Stamp, raw: &str) {
        let stated = members(event.data.as_ref().map(|data| data.get())).text("status");
        let word = stated
            .as_deref()
            .or(event.message.as_deref())
            .map(|word| RunStatus::from_word(word.trim()));
        match word {
            Some(RunStatus::Other(_)) | None => {
                self.problem("no status that is known here", raw);
                self.event(event, stamp, raw);
            }
            Some(status) => {
                let failure = event.error.map(|error| Failure {
                    reason: error.message.into(),
                    code: text(error.code),
                    details: json(error.details),
                });
                let stamp = Stamp {
                    sequence: 0,
                    ..stamp
                };
                let record = RecordId::of(&["trace", &event.id, &event.timestamp]);
                let update = StatusUpdate {
                    stamp,
                    kind: StatusKind::Plain,
                    status: super::run::status(&status),
                    started: None,
                    progress: None,
                    failure,
                };
                self.push_status(&status, update, Some(record), raw);
            }
        }
    }
}

/// The run's own notes name no node, or the orchestration itself.
pub(super) fn node_of<'a>(node: &'a str, metadata: Option<&TraceMetadata>) -> &'a str {
    let orchestration =
        metadata.is_some_and(|it| it.activity_id.as_deref() == Some("workflow-orchestration"));
    match node {
        "workflow" if orchestration => "",
        node => node,
    }
}

pub(super) fn usual_level(kind: &EventKind) -> Level {
    match kind {
        EventKind::Failed | EventKind::Http(HttpPhase::Error) => Level::Error,
        _ => Level::Info,
    }
}

/// What an event says beyond its kind.
pub(super) struct Told<'a> {
    pub(super) message: Option<&'a str>,
    pub(super) error: Option<Box<ErrorInfo>>,
    pub(super) output: Option<JsonText>,
    pub(super) data: Option<JsonText>,
    pub(super) child_run: Option<&'a str>,
    /// Of the metadata.
    pub(super) correlation: Option<&'a str>,
}

#[inline(never)]
fn exchange_of(data: Option<&str>) -> Option<String> {
    members(data).text("correlationId")
}

pub(super) fn detail(kind: &EventKind, told: Told<'_>) -> Option<Box<Detail>> {
    let data = told.data.as_ref().map(JsonText::as_str);
    let progress = match kind {
        EventKind::Progress => data
            .and_then(progress::from_data)
            .or_else(|| progress::from_message(told.message?)),
        _ => None,
    };
    // A request and its answer are paired by the id within the data; that of the metadata is the
    // same for all requests of a node.
    let exchange = match kind {
        EventKind::Http(_) => exchange_of(data),
        _ => None,
    };
    let text = |text: &str| (!text.is_empty()).then(|| Text::from(text));
    let message = told.message.and_then(text);
    let child_run = told.child_run.and_then(text);
    let correlation = exchange.as_deref().or(told.correlation).and_then(text);
    let says_something = message.is_some()
        || told.error.is_some()
        || progress.is_some()
        || told.output.is_some()
        || told.data.is_some()
        || child_run.is_some()
        || correlation.is_some();
    says_something.then(|| {
        Box::new(Detail {
            message,
            error: told.error,
            progress,
            output: told.output,
            data: told.data,
            child_run,
            correlation,
        })
    })
}

pub(super) fn error_info(error: TraceError) -> ErrorInfo {
    let fields = error.field_errors.unwrap_or_default();
    ErrorInfo {
        message: error.message.into(),
        kind: text(error.kind),
        code: text(error.code),
        stack: text(error.stack),
        details: json(error.details),
        fields: fields
            .into_iter()
            .map(|(field, problems)| {
                let problems = problems.into_iter().map(Text::from).collect();
                (field.into(), problems)
            })
            .collect(),
    }
}

/// The members of data, which is opaque: anything but an object has none.
fn members(data: Option<&str>) -> Members<'_> {
    data.and_then(|data| Members::read(data).ok())
        .unwrap_or_default()
}
