//! How a journal takes an item in: references become numbers, and each fact goes where it belongs.

use super::{Event, Journal};
use crate::channel::log::NewLine;
use crate::channel::sorted::Inserted;
use crate::channel::terminal::Chunk;
use crate::graph::{GraphSpec, NodeIx};
use crate::item::{EventItem, Item, RecordId};
use crate::run::RunInfo;
use crate::text::Text;

impl Journal {
    /// Whether an item is a record that was not held; none where its insertion tells.
    pub(super) fn count(&mut self, item: &Item) -> Option<bool> {
        match item {
            Item::Run(_) | Item::Graph(_) => Some(false),
            Item::Status(_, id) | Item::Io(_, id) | Item::HumanInput(_, id) => {
                Some(id.is_some_and(|id| self.counted.insert(id)))
            }
            _ => None,
        }
    }

    pub(super) fn take(&mut self, item: Item) -> Inserted {
        match item {
            Item::Run(info) => self.take_info(*info),
            Item::Graph(spec) => self.take_graph(*spec),
            Item::Status(update, _) => self.statuses.insert(*update),
            Item::Event(event) => self.take_event(event),
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
                self.missing
                    .terminal(node, chunk.stream, chunk.stamp.sequence);
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
                self.missing.agent(&part.agent_run, part.sequence);
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
                let record = RecordId::of(&["unknown", raw.as_str()]);
                if self.counted.contains(&record) {
                    return Inserted::Duplicate;
                }
                if self.unknown.len() >= Self::MAX_UNKNOWN {
                    return Inserted::Dropped;
                }
                self.counted.insert(record);
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

    pub(super) fn take_event(&mut self, event: EventItem) -> Inserted {
        let node = match event.node.is_empty() {
            true => None,
            false => self.node(&event.node),
        };
        self.missing.event(event.stamp.sequence);
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
            self.attempts.drop_after(index);
        }
        inserted
    }

    fn node(&mut self, reference: &Text) -> Option<NodeIx> {
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
