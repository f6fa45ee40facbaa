//! What a source brings in: one typed item for each record, references still as text.

use crate::channel::agent::AgentChunk;
use crate::channel::log::{Level, LogStream};
use crate::channel::terminal::TerminalStream;
use crate::graph::GraphSpec;
use crate::run::{RunInfo, StatusUpdate};
use crate::state::NodeState;
use crate::text::{JsonText, Text};
use crate::time::{Millis, Stamp};

/// One fact.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is documented as a type")]
pub enum Item {
    Run(Box<RunInfo>),
    Graph(Box<GraphSpec>),
    Status(Box<StatusUpdate>, Option<RecordId>),
    Event(EventItem),
    Log(LogItem),
    Terminal(TerminalItem),
    Agent(Box<AgentItem>),
    Packet(Box<Packet>),
    Io(Box<NodeIo>, Option<RecordId>),
    Artifact(Box<Artifact>),
    HumanInput(Box<HumanInput>, Option<RecordId>),
    Note(Box<Note>),
    /// A kind nobody here knows: counted and kept.
    Unknown {
        kind: Text,
        raw: JsonText,
    },
}

/// Which record an item comes from, where one record makes several items or an item may come from
/// no record at all (a status that a server derived): what is counted is records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecordId(pub u64);

impl RecordId {
    /// The id of the record that these parts tell from all others of its kind (FNV-1a, 64 bits).
    pub fn of(parts: &[&str]) -> Self {
        let bytes = parts.iter().flat_map(|part| part.bytes().chain([0x1f]));
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash)
    }
}

/// What happened to a node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// An attempt began.
    Started,
    /// It says how far it is.
    Progress,
    /// It ended well.
    Completed,
    /// An attempt failed.
    Failed,
    /// It waits for a person.
    AwaitingInput,
    /// It will not run.
    Skipped,
    /// The source states how the node stands, not what happened: it stands so until a later event
    /// decides otherwise. To state again what is so changes nothing.
    Stated(NodeState),
    /// A request left, an answer came, or none did.
    Http(HttpPhase),
    /// A word we do not know; changes no state.
    Other(Text),
}

/// The three HTTP events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HttpPhase {
    /// Sent.
    Sent,
    /// Answered.
    Received,
    /// Failed.
    Error,
}

impl EventKind {
    /// The state it puts its node in; none where it changes none.
    pub fn state(&self) -> Option<NodeState> {
        match self {
            Self::Started | Self::Progress => Some(NodeState::Running),
            Self::Completed => Some(NodeState::Success),
            Self::Failed => Some(NodeState::Failed),
            Self::AwaitingInput => Some(NodeState::AwaitingInput),
            Self::Skipped => Some(NodeState::Skipped),
            Self::Stated(state) => Some(*state),
            Self::Http(_) | Self::Other(_) => None,
        }
    }

    /// The word for a person.
    pub fn label(&self) -> &str {
        match self {
            Self::Started => "Started",
            Self::Progress => "Progress",
            Self::Completed => "Completed",
            Self::Failed => "Failed",
            Self::AwaitingInput => "Awaiting input",
            Self::Skipped => "Skipped",
            Self::Stated(state) => stated(*state),
            Self::Http(HttpPhase::Sent) => "Request sent",
            Self::Http(HttpPhase::Received) => "Response received",
            Self::Http(HttpPhase::Error) => "Request failed",
            Self::Other(word) => word,
        }
    }
}

fn stated(state: NodeState) -> &'static str {
    match state {
        NodeState::Idle => "Stated: idle",
        NodeState::Queued => "Stated: queued",
        NodeState::Running => "Stated: running",
        NodeState::Success => "Stated: success",
        NodeState::Failed => "Stated: failed",
        NodeState::Waiting => "Stated: waiting",
        NodeState::Blocked => "Stated: blocked",
        NodeState::Skipped => "Stated: skipped",
        NodeState::Canceled => "Stated: canceled",
        NodeState::AwaitingInput => "Stated: awaiting input",
    }
}

/// Whether a source said it or we made it from two snapshots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Provenance {
    /// Said.
    #[default]
    Observed,
    /// Made.
    Inferred,
}

/// A lifecycle fact, node still by reference.
#[derive(Clone, Debug, PartialEq)]
pub struct EventItem {
    /// The source's id.
    pub id: Text,
    /// The node's reference.
    pub node: Text,
    /// When.
    pub stamp: Stamp,
    /// What.
    pub kind: EventKind,
    /// Severity.
    pub level: Level,
    /// Which attempt, from 1; 0 where the source does not say.
    pub attempt: u32,
    /// The rest, where there is any.
    pub detail: Option<Box<Detail>>,
    /// Said or made.
    pub provenance: Provenance,
}

/// What an event carries beyond its kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detail {
    /// For a person.
    pub message: Option<Text>,
    /// What went wrong.
    pub error: Option<Box<ErrorInfo>>,
    /// Done and to do, where a progress event says so.
    pub progress: Option<Fraction>,
    /// A sanitised excerpt of the output.
    pub output: Option<JsonText>,
    /// Whatever else the source attached.
    pub data: Option<JsonText>,
    /// The run this node started.
    pub child_run: Option<Text>,
    /// Ids that tie it to the engine's own records.
    pub correlation: Option<Text>,
}

/// `done` of `total`, in the node's own units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fraction {
    /// Done so far.
    pub done: f64,
    /// All there is to do, where known.
    pub total: Option<f64>,
}

impl Fraction {
    /// 0 to 1, where the total is known and more than 0.
    pub fn ratio(self) -> Option<f64> {
        let total = self.total.filter(|total| *total > 0.0)?;
        Some((self.done / total).clamp(0.0, 1.0))
    }
}

/// An error as a person needs it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ErrorInfo {
    /// What happened.
    pub message: Text,
    /// The source's class of error.
    pub kind: Option<Text>,
    /// Its code.
    pub code: Option<Text>,
    /// Where in the code.
    pub stack: Option<Text>,
    /// Anything else.
    pub details: Option<JsonText>,
    /// Field by field, for input that was refused.
    pub fields: Vec<(Text, Vec<Text>)>,
}

/// A log line.
#[derive(Clone, Debug, PartialEq)]
pub struct LogItem {
    /// The source's id.
    pub id: Text,
    /// The node's reference; empty where the line is the run's.
    pub node: Text,
    /// When.
    pub stamp: Stamp,
    /// Severity.
    pub level: Level,
    /// Who wrote it.
    pub stream: LogStream,
    /// The line, ANSI sequences included.
    pub message: Text,
}

/// Bytes of a terminal.
#[derive(Clone, Debug, PartialEq)]
pub struct TerminalItem {
    /// The node's reference.
    pub node: Text,
    /// Which descriptor.
    pub stream: TerminalStream,
    /// When; its sequence is the chunk's index.
    pub stamp: Stamp,
    /// The bytes as written.
    pub bytes: Vec<u8>,
    /// Columns and rows from here on, where the source says so.
    pub size: Option<(u16, u16)>,
}

/// A part of an agent's stream.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentItem {
    /// Which of the agent's runs.
    pub agent_run: Text,
    /// The node's reference.
    pub node: Text,
    /// From 1.
    pub sequence: u64,
    /// When.
    pub at: Millis,
    /// What it says.
    pub chunk: AgentChunk,
}

/// A value that went along an edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Packet {
    /// The source's id.
    pub id: Text,
    /// Reference of the node it left.
    pub source: Text,
    /// Reference of the node it entered.
    pub target: Text,
    /// The input it entered by.
    pub input: Text,
    /// When.
    pub at: Millis,
    /// The value.
    pub payload: Option<JsonText>,
    /// Bytes.
    pub size: u64,
}

/// Inputs and outputs of a node, as known from an instant on.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeIo {
    /// The node's reference.
    pub node: Text,
    /// From when on it is known.
    pub at: Millis,
    /// What went in.
    pub inputs: Option<JsonText>,
    /// What came out.
    pub outputs: Option<JsonText>,
    /// Whether `inputs` or `outputs` is a preview only.
    pub truncated: bool,
}

/// A file a node made.
#[derive(Clone, Debug, PartialEq)]
pub struct Artifact {
    /// The source's id, by which it is downloaded.
    pub id: Text,
    /// The node's reference.
    pub node: Text,
    /// Its name.
    pub name: Text,
    /// Its type, where the source says so.
    pub mime: Option<Text>,
    /// Bytes.
    pub size: u64,
    /// When it appeared.
    pub at: Millis,
}

/// A question to a person.
#[derive(Clone, Debug, PartialEq)]
pub struct HumanInput {
    /// The source's id.
    pub id: Text,
    /// The node's reference.
    pub node: Text,
    /// From when on this is how it stands.
    pub at: Millis,
    /// In the source's word: pending, resolved, expired, cancelled.
    pub status: Text,
    /// What is asked.
    pub title: Text,
    /// In more words.
    pub description: Option<Text>,
    /// The answer.
    pub response: Option<JsonText>,
}

impl HumanInput {
    /// Whether nobody has answered yet.
    pub fn is_pending(&self) -> bool {
        &*self.status == "pending"
    }
}

/// A person's mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Its id.
    pub id: Text,
    /// What the person wrote.
    pub text: Text,
    /// The instant it marks.
    pub at: Millis,
    /// The node it marks.
    pub node: Option<Text>,
}
