//! The journal: every fact of one run, each once, each where it belongs.

use crate::channel::agent::AgentChannel;
use crate::channel::log::{Level, LogChannel, NewLine};
use crate::channel::sorted::{Inserted, Placed, Sorted};
use crate::channel::terminal::{Chunk, TerminalChannel};
use crate::graph::{Graph, GraphSpec, NodeIx};
use crate::item::{
    Artifact, Detail, EventItem, EventKind, HumanInput, Item, NodeIo, Note, Packet, Provenance,
    RecordId,
};
use crate::keyframes::Keyframes;
use crate::problem::{Problem, Problems};
use crate::run::{RunInfo, StatusUpdate};
use crate::text::{JsonText, Text};
use crate::time::{Millis, Span, Stamp};
use std::cmp::Ordering;
use std::collections::HashSet;

/// A lifecycle fact, node by number.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When, and its place among the others.
    pub stamp: Stamp,
    /// Whose; none where it is the run's.
    pub node: Option<NodeIx>,
    /// What.
    pub kind: EventKind,
    /// Severity.
    pub level: Level,
    /// Which attempt, from 1; 0 where the source does not say.
    pub attempt: u32,
    /// Said or made.
    pub provenance: Provenance,
    /// The source's id.
    pub id: Text,
    /// The rest, where there is any.
    pub detail: Option<Box<Detail>>,
}

impl Placed for Event {
    /// Equal means (id, instant, kind, node) are: sources repeat ids after a restart.
    fn place(&self, other: &Self) -> Ordering {
        self.stamp
            .cmp(&other.stamp)
            .then_with(|| self.id.cmp(&other.id))
            .then_with(|| self.kind.label().cmp(other.kind.label()))
            .then_with(|| self.node.cmp(&other.node))
    }
}

macro_rules! placed_by_id {
    ($($kind:ty),+) => {
        $(impl Placed for $kind {
            fn place(&self, other: &Self) -> Ordering {
                self.at.cmp(&other.at).then_with(|| self.id.cmp(&other.id))
            }
        })+
    };
}
placed_by_id!(Packet, Artifact, Note);

impl Placed for HumanInput {
    fn place(&self, other: &Self) -> Ordering {
        (self.at, &self.id, &self.status).cmp(&(other.at, &other.id, &other.status))
    }
}

impl Placed for NodeIo {
    fn place(&self, other: &Self) -> Ordering {
        let content = |io: &Self| {
            let text = |json: &Option<JsonText>| json.as_ref().map(|json| json.0.clone());
            (text(&io.inputs), text(&io.outputs))
        };
        (self.at, &self.node, content(self)).cmp(&(other.at, &other.node, content(other)))
    }
}

impl Placed for StatusUpdate {
    /// At one instant the end of the run comes last.
    fn place(&self, other: &Self) -> Ordering {
        let place = |update: &Self| (update.stamp, update.status.is_terminal());
        let content = |update: &Self| {
            let failure = update
                .failure
                .as_ref()
                .map(|failure| failure.reason.clone());
            (
                update.status.as_str().to_owned(),
                update.progress,
                update.started,
                failure,
            )
        };
        place(self)
            .cmp(&place(other))
            .then_with(|| content(self).cmp(&content(other)))
    }
}

/// What an append did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// Facts that were new.
    pub fresh: usize,
    /// Facts that were held already.
    pub duplicates: usize,
    /// Fresh facts that belong before others that were held.
    pub late: usize,
    /// Facts for which there was no room.
    pub dropped: usize,
}

/// Everything known of one run.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    info: RunInfo,
    graph: Graph,
    graph_spec: Option<GraphSpec>,
    graph_revision: u64,
    statuses: Sorted<StatusUpdate>,
    events: Sorted<Event>,
    keyframes: Keyframes,
    logs: LogChannel,
    terminals: TerminalChannel,
    agents: AgentChannel,
    packets: Sorted<Packet>,
    ios: Sorted<NodeIo>,
    artifacts: Sorted<Artifact>,
    human_inputs: Sorted<HumanInput>,
    notes: Sorted<Note>,
    unknown: Vec<(Text, JsonText)>,
    problems: Problems,
    records: usize,
    /// Records that make no item, or several, of their own.
    counted: HashSet<RecordId>,
}

impl Journal {
    /// Records of unknown kinds that are kept; more are counted as dropped, and said.
    pub const MAX_UNKNOWN: usize = 100_000;

    /// Takes what a source brought, in any order, any number of times.
    pub fn append(&mut self, items: impl IntoIterator<Item = Item>) -> Appended {
        let mut appended = Appended::default();
        for item in items {
            let counted = self.count(&item);
            let inserted = self.take(item);
            let fresh = matches!(inserted, Inserted::Appended | Inserted::Late(_));
            self.records += usize::from(counted.unwrap_or(fresh));
            match inserted {
                Inserted::Appended => appended.fresh += 1,
                Inserted::Late(_) => {
                    appended.fresh += 1;
                    appended.late += 1;
                }
                Inserted::Duplicate => appended.duplicates += 1,
                Inserted::Dropped => appended.dropped += 1,
            }
        }
        self.keyframes
            .extend(self.events.as_slice(), self.graph.nodes().len());
        appended
    }

    /// Notes what could not be read.
    pub fn note_problems(&mut self, problems: impl IntoIterator<Item = Problem>) {
        for problem in problems {
            self.problems.push(problem);
        }
    }

    /// The run apart from its records.
    pub fn info(&self) -> &RunInfo {
        &self.info
    }

    /// The graph as known now.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Grows whenever nodes or edges change, so that a layout knows it is stale.
    pub fn graph_revision(&self) -> u64 {
        self.graph_revision
    }

    /// All lifecycle events, in order.
    pub fn events(&self) -> &[Event] {
        self.events.as_slice()
    }

    /// The lifecycle events at or before `at`.
    pub fn events_upto(&self, at: Millis) -> &[Event] {
        self.events.prefix(|event| event.stamp.at <= at)
    }

    /// All status updates, in order.
    pub fn statuses(&self) -> &[StatusUpdate] {
        self.statuses.as_slice()
    }

    /// The log channel.
    pub fn logs(&self) -> &LogChannel {
        &self.logs
    }

    /// The terminal channel.
    pub fn terminals(&self) -> &TerminalChannel {
        &self.terminals
    }

    /// The agent channel.
    pub fn agents(&self) -> &AgentChannel {
        &self.agents
    }

    /// Values that had gone along edges by `at`.
    pub fn packets_upto(&self, at: Millis) -> &[Packet] {
        self.packets.prefix(|packet| packet.at <= at)
    }

    /// Inputs and outputs as known at `at`, all nodes, oldest first.
    pub fn ios_upto(&self, at: Millis) -> &[NodeIo] {
        self.ios.prefix(|io| io.at <= at)
    }

    /// Files that had appeared by `at`.
    pub fn artifacts_upto(&self, at: Millis) -> &[Artifact] {
        self.artifacts.prefix(|artifact| artifact.at <= at)
    }

    /// Questions as they stood up to `at`; the last of an id is how it stands.
    pub fn human_inputs_upto(&self, at: Millis) -> &[HumanInput] {
        self.human_inputs.prefix(|input| input.at <= at)
    }

    /// People's marks.
    pub fn notes(&self) -> &[Note] {
        self.notes.as_slice()
    }

    /// Records of kinds that nobody here knows.
    pub fn unknown(&self) -> &[(Text, JsonText)] {
        &self.unknown
    }

    /// What could not be read.
    pub fn problems(&self) -> &Problems {
        &self.problems
    }

    /// How many records are held: what was recorded, however it came here.
    pub fn records(&self) -> usize {
        self.records
    }

    /// Snapshots to fold on from.
    pub(crate) fn keyframes(&self) -> &Keyframes {
        &self.keyframes
    }

    /// Instant zero: when the run started, else its first fact.
    pub fn start(&self) -> Option<Millis> {
        let stated = self.info.started.or_else(|| {
            self.statuses
                .as_slice()
                .iter()
                .find_map(|update| update.started)
        });
        stated.or_else(|| self.first_fact())
    }

    /// When the run ended, where it has.
    pub fn ended(&self) -> Option<Millis> {
        crate::run_state::status_at(self.statuses(), Millis::MAX).and_then(|(_, ended)| ended)
    }

    /// The last instant of which anything is known.
    pub fn end(&self) -> Option<Millis> {
        let ends = [
            self.start(),
            self.statuses
                .as_slice()
                .last()
                .map(|update| update.stamp.at),
            self.events().last().map(|event| event.stamp.at),
            self.logs.end(),
            self.terminals.end(),
            self.agents.end(),
            self.packets.as_slice().last().map(|packet| packet.at),
            self.artifacts.as_slice().last().map(|artifact| artifact.at),
            self.human_inputs.as_slice().last().map(|input| input.at),
            self.ios.as_slice().last().map(|io| io.at),
        ];
        ends.into_iter().flatten().max()
    }

    /// From [`Self::start`] to [`Self::end`].
    pub fn length(&self) -> Span {
        match (self.start(), self.end()) {
            (Some(start), Some(end)) if end > start => end - start,
            _ => Span(0),
        }
    }

    fn first_fact(&self) -> Option<Millis> {
        let firsts = [
            self.events().first().map(|event| event.stamp.at),
            self.logs.line(0).map(|line| line.at),
            self.statuses
                .as_slice()
                .first()
                .map(|update| update.stamp.at),
        ];
        firsts.into_iter().flatten().min()
    }

    /// Whether an item is a record that was not held; none where its insertion tells.
    fn count(&mut self, item: &Item) -> Option<bool> {
        match item {
            Item::Run(_) | Item::Graph(_) => Some(false),
            Item::Status(_, id) | Item::Io(_, id) | Item::HumanInput(_, id) => {
                Some(id.is_some_and(|id| self.counted.insert(id)))
            }
            _ => None,
        }
    }

    fn take(&mut self, item: Item) -> Inserted {
        match item {
            Item::Run(info) => self.take_info(*info),
            Item::Graph(spec) => self.take_graph(*spec),
            Item::Status(update, _) => self.statuses.insert(*update),
            Item::Event(event) => self.take_event(*event),
            Item::Log(line) => {
                let node = self.node(&line.node);
                self.logs.insert(NewLine {
                    stamp: line.stamp,
                    node,
                    level: line.level,
                    stream: line.stream,
                    id: &line.id,
                    message: &line.message,
                })
            }
            Item::Terminal(chunk) => {
                let Some(node) = self.node(&chunk.node) else {
                    return Inserted::Dropped;
                };
                self.terminals.insert(
                    node,
                    Chunk {
                        stamp: chunk.stamp,
                        stream: chunk.stream,
                        bytes: chunk.bytes.into_boxed_slice(),
                        size: chunk.size,
                    },
                )
            }
            Item::Agent(part) => {
                let Some(node) = self.node(&part.node) else {
                    return Inserted::Dropped;
                };
                let part = *part;
                match self
                    .agents
                    .insert(&part.agent_run, node, part.sequence, part.at, part.chunk)
                {
                    true => Inserted::Appended,
                    false => Inserted::Duplicate,
                }
            }
            Item::Packet(packet) => self.packets.insert(*packet),
            Item::Io(io, _) => self.ios.insert(*io),
            Item::Artifact(artifact) => self.artifacts.insert(*artifact),
            Item::HumanInput(input, _) => self.human_inputs.insert(*input),
            Item::Note(note) => self.notes.insert(*note),
            Item::Unknown { kind, raw } => {
                if !self
                    .counted
                    .insert(RecordId::of(&["unknown", raw.as_str()]))
                {
                    return Inserted::Duplicate;
                }
                if self.unknown.len() >= Self::MAX_UNKNOWN {
                    return Inserted::Dropped;
                }
                self.unknown.push((kind, raw));
                Inserted::Appended
            }
        }
    }

    fn take_info(&mut self, info: RunInfo) -> Inserted {
        if self.info == info {
            return Inserted::Duplicate;
        }
        self.info = info;
        Inserted::Appended
    }

    fn take_graph(&mut self, spec: GraphSpec) -> Inserted {
        if self.graph_spec.as_ref() == Some(&spec) {
            return Inserted::Duplicate;
        }
        self.graph.apply(&spec);
        self.graph_spec = Some(spec);
        self.graph_revision += 1;
        Inserted::Appended
    }

    fn take_event(&mut self, event: EventItem) -> Inserted {
        let node = match event.node.is_empty() {
            true => None,
            false => self.node(&event.node),
        };
        let inserted = self.events.insert(Event {
            stamp: event.stamp,
            node,
            kind: event.kind,
            level: event.level,
            attempt: event.attempt,
            provenance: event.provenance,
            id: event.id,
            detail: event.detail,
        });
        if let Inserted::Late(index) = inserted {
            self.keyframes.drop_after(index);
        }
        inserted
    }

    fn node(&mut self, reference: &str) -> Option<NodeIx> {
        if reference.is_empty() {
            return None;
        }
        let (node, made) = self.graph.intern(reference);
        if made {
            self.graph_revision += 1;
        }
        Some(node)
    }
}
