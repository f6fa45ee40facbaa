//! The Studio dialect (`docs/api.md`): what ShipSec Studio sends and what our own server speaks.

mod artifact;
mod graph;
mod human_input;
mod logs;
mod node_io;
mod packet;
mod parts;
mod run;
mod stream;
mod terminal;
mod trace;

pub use artifact::{Artifact, ArtifactList, Destination};
pub use graph::{
    Graph, GraphEdge, GraphNode, JoinStrategy, NodeConfig, NodeData, Position, WorkflowVersion,
};
pub use human_input::{HumanInput, HumanInputStatus, InputType, Resolve};
pub use logs::{LogLevel, LogLine, LogPage};
pub use node_io::{IoStatus, NodeIo, NodeIoList};
pub use packet::{Packet, PacketList, PacketType};
pub use parts::{AgentPart, AgentParts};
pub use run::{Failure, Progress, Run, RunList, RunStatus, Status, TriggerType};
pub use stream::{Complete, Frame, LogFrame, Ready, StreamError, StreamMode};
pub use terminal::{Recording, RecordingList, Stream, TerminalChunk, TerminalPage};
pub use trace::{TraceEnvelope, TraceError, TraceEvent, TraceLevel, TraceMetadata, TraceType};
