//! The lines of a reel as typed values.

use crate::studio::{
    AgentPart, Artifact, Graph, HumanInput, LogLine, NodeIo, Packet, Run, Status, TerminalChunk,
    TraceEvent,
};
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};

/// The first line: which run this is and the graph it is drawn with.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Header {
    /// Version of the format.
    pub reel: u64,
    /// The run as far as it was known when the header was written; `status` records go on from there.
    pub run: Run,
    /// Absent where only events tell which nodes there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graph: Option<Graph>,
}

wire_enum! {
    /// What a record is.
    Kind {
        /// The run's own state.
        Status = "status",
        /// A lifecycle event.
        Trace = "trace",
        /// A value on an edge.
        Packet = "packet",
        /// A node's inputs and outputs.
        Io = "io",
        /// Terminal bytes.
        Terminal = "terminal",
        /// A log line.
        Log = "log",
        /// A part of an agent's stream.
        Agent = "agent",
        /// A file.
        Artifact = "artifact",
        /// A question to a person.
        HumanInput = "human_input",
        /// A person's mark.
        Note = "note",
        /// The graph changed while the run went on.
        Graph = "graph",
    }
}

/// A record as a typed value.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "one for each Kind")]
pub enum Record {
    Status(Status),
    Trace(TraceEvent),
    Packet(Packet),
    Io(NodeIo),
    Terminal(TerminalChunk),
    Log(LogLine),
    Agent(AgentPart),
    Artifact(Artifact),
    HumanInput(HumanInput),
    Note(Note),
    Graph(Graph),
    /// A kind this version does not know: kept and passed on.
    Unknown {
        kind: String,
        raw: String,
    },
}

/// A person's mark on an instant of a run.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// Its own.
    #[serde(deserialize_with = "crate::wire::id")]
    pub id: String,
    /// What the person wrote.
    pub text: String,
    /// The instant it marks.
    pub timestamp: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    /// The node it marks.
    pub node_id: Option<String>,
}

/// One line of a reel.
#[derive(Clone, Debug)]
pub enum Line {
    /// The first line, and any later line that opens with `reel`.
    Header(Header),
    /// Any other line.
    Record(Record),
}

impl Line {
    /// Reads one line of JSON; the error says what is wrong in serde's words, with line and column.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Probe {
            #[serde(default)]
            kind: Option<Kind>,
            #[serde(default)]
            reel: Option<u64>,
        }
        let probe: Probe = serde_json::from_str(text)?;
        if probe.reel.is_some() && probe.kind.is_none() {
            return serde_json::from_str(text).map(Self::Header);
        }
        let kind = probe.kind.unwrap_or(Kind::Other(String::new()));
        Record::read(&kind, text).map(Self::Record)
    }
}

impl Record {
    /// Reads a record whose kind is known from elsewhere (a frame's name, a column).
    pub fn read(kind: &Kind, text: &str) -> Result<Self, serde_json::Error> {
        Ok(match kind {
            Kind::Status => Self::Status(serde_json::from_str(text)?),
            Kind::Trace => Self::Trace(serde_json::from_str(text)?),
            Kind::Packet => Self::Packet(serde_json::from_str(text)?),
            Kind::Io => Self::Io(serde_json::from_str(text)?),
            Kind::Terminal => Self::Terminal(serde_json::from_str(text)?),
            Kind::Log => Self::Log(serde_json::from_str(text)?),
            Kind::Agent => Self::Agent(serde_json::from_str(text)?),
            Kind::Artifact => Self::Artifact(serde_json::from_str(text)?),
            Kind::HumanInput => Self::HumanInput(serde_json::from_str(text)?),
            Kind::Note => Self::Note(serde_json::from_str(text)?),
            Kind::Graph => Self::Graph(serde_json::from_str(text)?),
            Kind::Other(kind) => Self::Unknown {
                kind: kind.clone(),
                raw: text.to_owned(),
            },
        })
    }
}
