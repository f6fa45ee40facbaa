//! The reel's fields as tables: what each kind of record holds, in the contract's words.

use super::Kind;
use crate::studio::{
    Destination, HumanInputStatus, InputType, IoStatus, JoinStrategy, LogLevel, RunStatus, Stream,
    TraceLevel, TraceType, TriggerType,
};

/// One field of an object.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) need: Need,
    pub(super) shape: Shape,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Need {
    Required,
    Optional,
}

#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// Text, or a whole number that becomes text.
    Id,
    Text,
    /// An instant, which becomes UTC `Z`.
    Instant,
    Integer {
        min: i64,
    },
    Number,
    Bool,
    /// Text in base64.
    Base64,
    /// A word, brought into its canonical spelling; unknown words pass.
    Word(fn(&str) -> String),
    Object(&'static [Field]),
    List(&'static Shape),
    Any,
}

const fn need(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        need: Need::Required,
        shape,
    }
}

const fn may(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        need: Need::Optional,
        shape,
    }
}

const COUNT: Shape = Shape::Integer { min: 0 };
const ANY_OBJECT: Shape = Shape::Object(&[]);

pub(super) const HEADER: &[Field] = &[
    need("reel", Shape::Integer { min: 1 }),
    need("run", Shape::Object(RUN)),
    may("graph", Shape::Object(GRAPH)),
];

const RUN: &[Field] = &[
    need("id", Shape::Id),
    need("workflowId", Shape::Id),
    need("workflowName", Shape::Text),
    need(
        "status",
        Shape::Word(|word| RunStatus::from_word(word).to_string()),
    ),
    need("startTime", Shape::Instant),
    may("endTime", Shape::Instant),
    may("organizationId", Shape::Text),
    may("workflowVersionId", Shape::Id),
    may("workflowVersion", Shape::Integer { min: 0 }),
    may("temporalRunId", Shape::Text),
    may("eventCount", COUNT),
    may("nodeCount", COUNT),
    may("duration", COUNT),
    may(
        "triggerType",
        Shape::Word(|word| TriggerType::from_word(word).to_string()),
    ),
    may("triggerSource", Shape::Text),
    may("triggerLabel", Shape::Text),
    may("inputPreview", ANY_OBJECT),
    may("parentRunId", Shape::Id),
    may("parentNodeRef", Shape::Id),
];

const GRAPH: &[Field] = &[
    may("id", Shape::Id),
    may("name", Shape::Text),
    may("description", Shape::Text),
    need("nodes", Shape::List(&Shape::Object(GRAPH_NODE))),
    need("edges", Shape::List(&Shape::Object(GRAPH_EDGE))),
    may("viewport", ANY_OBJECT),
    may("timestamp", Shape::Instant),
];

const GRAPH_NODE: &[Field] = &[
    need("id", Shape::Id),
    may("type", Shape::Text),
    may(
        "position",
        Shape::Object(&[need("x", Shape::Number), need("y", Shape::Number)]),
    ),
    may(
        "data",
        Shape::Object(&[
            may("label", Shape::Text),
            may(
                "config",
                Shape::Object(&[
                    may(
                        "joinStrategy",
                        Shape::Word(|word| JoinStrategy::from_word(word).to_string()),
                    ),
                    may("groupId", Shape::Text),
                    may("streamId", Shape::Text),
                    may("maxConcurrency", COUNT),
                ]),
            ),
        ]),
    ),
];

const GRAPH_EDGE: &[Field] = &[
    may("id", Shape::Id),
    need("source", Shape::Id),
    need("target", Shape::Id),
    may("sourceHandle", Shape::Text),
    may("targetHandle", Shape::Text),
];

/// The fields of a record of a kind.
pub(super) fn fields(kind: &Kind) -> &'static [Field] {
    match kind {
        Kind::Status => STATUS,
        Kind::Trace => TRACE,
        Kind::Packet => PACKET,
        Kind::Io => IO,
        Kind::Terminal => TERMINAL,
        Kind::Log => LOG,
        Kind::Agent => AGENT,
        Kind::Artifact => ARTIFACT,
        Kind::HumanInput => HUMAN_INPUT,
        Kind::Note => NOTE,
        Kind::Graph => GRAPH,
        Kind::Other(_) => &[],
    }
}

const STATUS: &[Field] = &[
    need(
        "status",
        Shape::Word(|word| RunStatus::from_word(word).to_string()),
    ),
    may("workflowId", Shape::Id),
    may("startedAt", Shape::Instant),
    need("updatedAt", Shape::Instant),
    may("completedAt", Shape::Instant),
    may("taskQueue", Shape::Text),
    may("historyLength", COUNT),
    may(
        "progress",
        Shape::Object(&[
            need("completedActions", COUNT),
            need("totalActions", Shape::Integer { min: 1 }),
        ]),
    ),
    may(
        "failure",
        Shape::Object(&[
            need("reason", Shape::Text),
            may("temporalCode", Shape::Text),
            may("details", ANY_OBJECT),
        ]),
    ),
];

const TRACE: &[Field] = &[
    need("id", Shape::Id),
    need("nodeId", Shape::Id),
    need(
        "type",
        Shape::Word(|word| TraceType::from_word(word).to_string()),
    ),
    may(
        "level",
        Shape::Word(|word| TraceLevel::from_word(word).to_string()),
    ),
    need("timestamp", Shape::Instant),
    may("message", Shape::Text),
    may(
        "error",
        Shape::Object(&[
            need("message", Shape::Text),
            may("type", Shape::Text),
            may("stack", Shape::Text),
            may("code", Shape::Id),
            may("details", ANY_OBJECT),
            may("fieldErrors", ANY_OBJECT),
        ]),
    ),
    may("outputSummary", ANY_OBJECT),
    may("data", ANY_OBJECT),
    may(
        "metadata",
        Shape::Object(&[
            may("activityId", Shape::Text),
            may("attempt", COUNT),
            may("correlationId", Shape::Text),
            may("streamId", Shape::Text),
            may("joinStrategy", Shape::Text),
            may("triggeredBy", Shape::Text),
            may("failure", Shape::Object(TRACE_FAILURE)),
            may("retryPolicy", ANY_OBJECT),
            may("childRunId", Shape::Id),
            may("parentRunId", Shape::Id),
            may("parentNodeRef", Shape::Id),
            may("depth", COUNT),
        ]),
    ),
];

const TRACE_FAILURE: &[Field] = &[
    may("at", Shape::Any),
    may(
        "reason",
        Shape::Object(&[
            may("message", Shape::Any),
            may("name", Shape::Any),
            may("type", Shape::Any),
            may("details", Shape::Any),
        ]),
    ),
];

const PACKET: &[Field] = &[
    need("id", Shape::Id),
    need("sourceNode", Shape::Id),
    need("targetNode", Shape::Id),
    may("inputKey", Shape::Text),
    may("payload", Shape::Any),
    need("timestamp", Shape::Integer { min: i64::MIN }),
    may("visualTime", Shape::Number),
    may("size", COUNT),
    may("type", Shape::Text),
];

const IO: &[Field] = &[
    need("nodeRef", Shape::Id),
    may("componentId", Shape::Text),
    may(
        "status",
        Shape::Word(|word| IoStatus::from_word(word).to_string()),
    ),
    may("startedAt", Shape::Instant),
    may("completedAt", Shape::Instant),
    may("durationMs", COUNT),
    may("inputs", Shape::Any),
    may("outputs", Shape::Any),
    may("inputsSize", COUNT),
    may("outputsSize", COUNT),
    may("inputsSpilled", Shape::Bool),
    may("outputsSpilled", Shape::Bool),
    may("inputsTruncated", Shape::Bool),
    may("outputsTruncated", Shape::Bool),
    may("errorMessage", Shape::Text),
];

const TERMINAL: &[Field] = &[
    need("nodeRef", Shape::Id),
    need(
        "stream",
        Shape::Word(|word| Stream::from_word(word).to_string()),
    ),
    need("chunkIndex", Shape::Integer { min: 1 }),
    need("payload", Shape::Base64),
    need("recordedAt", Shape::Instant),
    may("deltaMs", COUNT),
    may("origin", Shape::Text),
    may("runnerKind", Shape::Text),
    may("cols", Shape::Integer { min: 1 }),
    may("rows", Shape::Integer { min: 1 }),
];

const LOG: &[Field] = &[
    need("id", Shape::Id),
    may("nodeId", Shape::Id),
    may(
        "level",
        Shape::Word(|word| LogLevel::from_word(word).to_string()),
    ),
    may(
        "stream",
        Shape::Word(|word| Stream::from_word(word).to_string()),
    ),
    need("message", Shape::Text),
    need("timestamp", Shape::Instant),
    may("sequence", Shape::Integer { min: i64::MIN }),
];

const AGENT: &[Field] = &[
    need("agentRunId", Shape::Id),
    need("nodeRef", Shape::Id),
    need("sequence", COUNT),
    need("timestamp", Shape::Instant),
    need("chunk", Shape::Object(&[need("type", Shape::Text)])),
];

const ARTIFACT: &[Field] = &[
    need("id", Shape::Id),
    may("workflowId", Shape::Id),
    may("workflowVersionId", Shape::Id),
    may("componentId", Shape::Text),
    may("componentRef", Shape::Id),
    may("fileId", Shape::Id),
    need("name", Shape::Text),
    may("mimeType", Shape::Text),
    may("size", COUNT),
    may(
        "destinations",
        Shape::List(&Shape::Word(|word| {
            Destination::from_word(word).to_string()
        })),
    ),
    may("metadata", ANY_OBJECT),
    may("organizationId", Shape::Text),
    need("createdAt", Shape::Instant),
    may("content", Shape::Base64),
];

const HUMAN_INPUT: &[Field] = &[
    need("id", Shape::Id),
    may("workflowId", Shape::Id),
    need("nodeRef", Shape::Id),
    need(
        "status",
        Shape::Word(|word| HumanInputStatus::from_word(word).to_string()),
    ),
    may(
        "inputType",
        Shape::Word(|word| InputType::from_word(word).to_string()),
    ),
    may("inputSchema", Shape::Any),
    need("title", Shape::Text),
    may("description", Shape::Text),
    may("context", Shape::Any),
    may("resolveToken", Shape::Text),
    may("timeoutAt", Shape::Instant),
    may("responseData", Shape::Any),
    may("respondedAt", Shape::Instant),
    may("respondedBy", Shape::Text),
    may("organizationId", Shape::Text),
    need("createdAt", Shape::Instant),
    may("updatedAt", Shape::Instant),
];

const NOTE: &[Field] = &[
    need("id", Shape::Id),
    need("text", Shape::Text),
    need("timestamp", Shape::Instant),
    may("nodeId", Shape::Id),
];

impl Shape {
    /// What a person is told that the field should be.
    pub(super) fn wanted(self) -> String {
        match self {
            Self::Id => "an id (text or a whole number)".into(),
            Self::Text => "text".into(),
            Self::Instant => "a date and time with a zone, as 2026-01-01T00:00:00.000Z".into(),
            Self::Integer { min: i64::MIN } => "a whole number".into(),
            Self::Integer { min } => format!("a whole number from {min}"),
            Self::Number => "a number".into(),
            Self::Bool => "true or false".into(),
            Self::Base64 => "text in base64".into(),
            Self::Word(_) => "a word".into(),
            Self::Object(_) => "an object".into(),
            Self::List(_) => "a list".into(),
            Self::Any => "a value".into(),
        }
    }
}
