//! Values on edges, inputs and outputs of nodes, files, questions and notes.

use super::super::decoder::{Decoder, count, json, text};
use contract::studio::{self, HumanInputStatus};
use model::item::{Artifact, HumanInput, NodeIo, Note, Packet, RecordId};
use model::{Item, Millis};

/// Milliseconds whose nanoseconds fit 64 bits: the same years as for dates in text (1678 to 2262).
const INSTANTS: std::ops::RangeInclusive<i64> = -9_223_372_036_854..=9_223_372_036_854;

impl Decoder {
    /// `GET …/dataflows` and the `dataflow` frame.
    pub(super) fn packet_list(&mut self, raw: &str) {
        if let Some((packets, _)) = self.list(raw, "packets") {
            self.each("packet", &packets, Self::packet);
        }
    }

    pub(super) fn packet(&mut self, raw: &str) {
        let Some(packet) = self.read::<studio::Packet>(raw) else {
            return;
        };
        if !INSTANTS.contains(&packet.timestamp) {
            return self.problem("`timestamp` is not between 1678 and 2262", raw);
        }
        let item = Packet {
            id: packet.id.into(),
            source: self.name(&packet.source_node),
            target: self.name(&packet.target_node),
            input: self.name(&packet.input_key),
            at: Millis(packet.timestamp),
            payload: json(packet.payload),
            size: count(packet.size),
        };
        self.push(Item::Packet(Box::new(item)));
    }

    /// `GET …/node-io`, `GET …/node-io/:nodeRef` and the `node-io` frame.
    pub(super) fn io_list(&mut self, raw: &str) {
        if is_one(raw, "nodes", "nodeRef") {
            self.io(raw);
        } else if let Some((rows, _)) = self.list(raw, "nodes") {
            self.each("row", &rows, Self::io);
        }
    }

    /// Inputs are known from the start of a node, outputs from its end: a row that has both is two
    /// facts, so that rewinding shows the inputs first.
    pub(super) fn io(&mut self, raw: &str) {
        let Some(row) = self.read::<studio::NodeIo>(raw) else {
            return;
        };
        let started = self.optional_instant("startedAt", row.started_at.as_deref(), raw);
        let completed = self.optional_instant("completedAt", row.completed_at.as_deref(), raw);
        let Some(known) = completed.or(started) else {
            // A node that never ran has nothing to show.
            if row.inputs.is_some() || row.outputs.is_some() {
                self.problem(
                    "neither `startedAt` nor `completedAt`: it has no place",
                    raw,
                );
            }
            return;
        };
        let node = self.name(&row.node_ref);
        let (begun, ended) = (row.started_at.as_deref(), row.completed_at.as_deref());
        let record = Some(RecordId::of(&[
            "io",
            &node,
            begun.unwrap_or_default(),
            ended.unwrap_or_default(),
        ]));
        let inputs = json(row.inputs);
        if let Some(started) = started.filter(|started| *started < known && inputs.is_some()) {
            self.push(Item::Io(
                Box::new(NodeIo {
                    node: node.clone(),
                    at: started,
                    inputs: inputs.clone(),
                    outputs: None,
                    truncated: row.inputs_truncated,
                }),
                record,
            ));
        }
        self.push(Item::Io(
            Box::new(NodeIo {
                node,
                at: known,
                inputs,
                outputs: json(row.outputs),
                truncated: row.inputs_truncated || row.outputs_truncated,
            }),
            record,
        ));
    }

    /// `GET …/artifacts` and the `artifacts` frame.
    pub(super) fn artifact_list(&mut self, raw: &str) {
        if let Some((artifacts, _)) = self.list(raw, "artifacts") {
            self.each("artifact", &artifacts, Self::artifact);
        }
    }

    pub(super) fn artifact(&mut self, raw: &str) {
        let Some(artifact) = self.read::<studio::Artifact>(raw) else {
            return;
        };
        let Some(stamp) = self.stamp("createdAt", &artifact.created_at, raw) else {
            return;
        };
        let item = Artifact {
            id: artifact.id.into(),
            node: self.name(&artifact.component_ref),
            name: artifact.name.into(),
            mime: text(artifact.mime_type),
            size: count(artifact.size),
            at: stamp.at,
        };
        self.push(Item::Artifact(Box::new(item)));
    }

    /// `GET /human-inputs`, one of them, and the `human-inputs` frame; of `run` alone where given.
    pub(super) fn human_input_list(&mut self, raw: &str, run: Option<&str>) {
        if is_one(raw, "inputs", "status") {
            self.human_input_of(raw, run);
        } else if let Some((inputs, _)) = self.list(raw, "inputs") {
            self.each("input", &inputs, |decoder, raw| {
                decoder.human_input_of(raw, run);
            });
        }
    }

    pub(super) fn human_input(&mut self, raw: &str) {
        self.human_input_of(raw, None);
    }

    /// A question that is no longer pending was so from when it was put: two facts.
    fn human_input_of(&mut self, raw: &str, run: Option<&str>) {
        let Some(input) = self.read::<studio::HumanInput>(raw) else {
            return;
        };
        if run.is_some() && input.run_id.is_some() && input.run_id.as_deref() != run {
            return;
        }
        let created = self.optional_instant("createdAt", input.created_at.as_deref(), raw);
        let pending = input.status == HumanInputStatus::Pending;
        let stands = match pending {
            true => created,
            false => self
                .optional_instant("respondedAt", input.responded_at.as_deref(), raw)
                .or_else(|| self.optional_instant("updatedAt", input.updated_at.as_deref(), raw))
                .or(created),
        };
        let Some(stands) = stands else {
            return self.problem("a question without an instant: no `createdAt`", raw);
        };
        if let HumanInputStatus::Other(word) = &input.status {
            self.problem(format!("status `{word}` is not known here"), raw);
        }
        let record = Some(RecordId::of(&[
            "human_input",
            &input.id,
            input.status.as_str(),
            input.updated_at.as_deref().unwrap_or_default(),
        ]));
        let item = HumanInput {
            id: input.id.into(),
            node: self.name(&input.node_ref),
            at: stands,
            status: self.name(input.status.as_str()),
            title: input.title.into(),
            description: text(input.description),
            response: json(input.response_data),
        };
        if let Some(created) = created.filter(|created| !pending && *created < stands) {
            let asked = HumanInput {
                at: created,
                status: self.name(HumanInputStatus::Pending.as_str()),
                response: None,
                ..item.clone()
            };
            self.push(Item::HumanInput(Box::new(asked), record));
        }
        self.push(Item::HumanInput(Box::new(item), record));
    }

    /// A person's mark.
    pub(super) fn note(&mut self, raw: &str) {
        let Some(note) = self.read::<contract::reel::Note>(raw) else {
            return;
        };
        if let Some(stamp) = self.stamp("timestamp", &note.timestamp, raw) {
            let item = Note {
                id: note.id.into(),
                text: note.text.into(),
                at: stamp.at,
                node: text(note.node_id),
            };
            self.push(Item::Note(Box::new(item)));
        }
    }
}

/// Whether an answer is one row itself instead of a list of them.
fn is_one(raw: &str, list: &str, field: &str) -> bool {
    super::super::lenient::Members::read(raw)
        .is_ok_and(|members| members.get(list).is_none() && members.get(field).is_some())
}
