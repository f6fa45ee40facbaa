//! Looks through what comes as whole texts: names, events, values, questions, files, notes.

use super::hits::{Hit, Hits};
use super::query::Matcher;
use crate::graph::NodeIx;
use crate::item::Detail;
use crate::journal::Journal;
use crate::text::JsonText;
use crate::time::Millis;

/// Which of them; a hit's place is the number in the journal's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// What nodes are called; their place is the node's number, their instant before everything.
    Names,
    /// Messages and errors of events.
    Events,
    /// Inputs and outputs of nodes.
    Values,
    /// Values that went along edges.
    Packets,
    /// Names of files.
    Artifacts,
    /// Questions to people, and their answers.
    Questions,
    /// People's marks.
    Notes,
}

impl List {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Names,
        Self::Events,
        Self::Values,
        Self::Packets,
        Self::Artifacts,
        Self::Questions,
        Self::Notes,
    ];

    /// How many things it has.
    pub(super) fn len(self, journal: &Journal) -> usize {
        match self {
            Self::Names => journal.graph().nodes().len(),
            Self::Events => journal.events().len(),
            Self::Values => journal.ios_upto(Millis::MAX).len(),
            Self::Packets => journal.packets_upto(Millis::MAX).len(),
            Self::Artifacts => journal.artifacts_upto(Millis::MAX).len(),
            Self::Questions => journal.human_inputs_upto(Millis::MAX).len(),
            Self::Notes => journal.notes().len(),
        }
    }

    fn item(self, journal: &Journal, index: usize) -> Option<Item<'_>> {
        let find = |node: &str| journal.graph().find(node);
        Some(match self {
            Self::Names => {
                let node = journal.graph().nodes().get(index)?;
                let reference = (*node.reference != *node.label).then_some(&*node.reference);
                Item {
                    at: Millis::MIN,
                    node: Some(NodeIx(index as u32)),
                    mark: journal.graph_revision() as usize,
                    texts: [Some(&*node.label), reference]
                        .into_iter()
                        .flatten()
                        .collect(),
                }
            }
            Self::Events => {
                let event = journal.events().get(index)?;
                let detail = event.detail.as_deref();
                Item::new(
                    event.stamp.at,
                    event.node,
                    &event.id,
                    detail.map(of_event).unwrap_or_default(),
                )
            }
            Self::Values => {
                let io = journal.ios_upto(Millis::MAX).get(index)?;
                let texts: Vec<&str> = [&io.inputs, &io.outputs]
                    .into_iter()
                    .flatten()
                    .map(JsonText::as_str)
                    .collect();
                let mark = texts.first().copied().unwrap_or(&io.node);
                Item::new(io.at, find(&io.node), mark, texts)
            }
            Self::Packets => {
                let packet = journal.packets_upto(Millis::MAX).get(index)?;
                let texts = packet.payload.iter().map(JsonText::as_str).collect();
                Item::new(packet.at, find(&packet.source), &packet.id, texts)
            }
            Self::Artifacts => {
                let artifact = journal.artifacts_upto(Millis::MAX).get(index)?;
                Item::new(
                    artifact.at,
                    find(&artifact.node),
                    &artifact.id,
                    vec![&artifact.name],
                )
            }
            Self::Questions => {
                let asked = journal.human_inputs_upto(Millis::MAX).get(index)?;
                let said = asked.description.as_deref();
                let answer = asked.response.as_ref().map(JsonText::as_str);
                let texts = [Some(&*asked.title), said, answer]
                    .into_iter()
                    .flatten()
                    .collect();
                Item::new(asked.at, find(&asked.node), &asked.status, texts)
            }
            Self::Notes => {
                let note = journal.notes().get(index)?;
                let node = note.node.as_deref().and_then(find);
                Item::new(note.at, node, &note.id, vec![&note.text])
            }
        })
    }
}

/// One of them.
struct Item<'a> {
    at: Millis,
    node: Option<NodeIx>,
    /// Tells it from others: where one of its texts is in memory, as that never changes.
    mark: usize,
    texts: Vec<&'a str>,
}

impl<'a> Item<'a> {
    fn new(at: Millis, node: Option<NodeIx>, mark: &str, texts: Vec<&'a str>) -> Self {
        Self {
            at,
            node,
            mark: mark.as_ptr() as usize,
            texts,
        }
    }
}

fn of_event(detail: &Detail) -> Vec<&str> {
    let mut texts: Vec<&str> = detail.message.as_deref().into_iter().collect();
    texts.extend(
        detail
            .output
            .iter()
            .chain(&detail.data)
            .map(JsonText::as_str),
    );
    if let Some(error) = &detail.error {
        texts.push(&error.message);
        texts.extend(
            [&error.kind, &error.code, &error.stack]
                .into_iter()
                .flatten()
                .map(|text| &**text),
        );
        texts.extend(error.details.iter().map(JsonText::as_str));
        for (field, wrong) in &error.fields {
            texts.push(field);
            texts.extend(wrong.iter().map(|text| &**text));
        }
    }
    texts
}

/// How far a list was looked through.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    read: usize,
    /// What the last one was told by: with another one there, some came between.
    last: (Millis, usize),
    pub hits: Hits,
}

impl Listed {
    /// Reads on until `budget` is used up; whether the end was reached.
    pub fn step(
        &mut self,
        list: List,
        journal: &Journal,
        matcher: &mut Matcher,
        budget: &mut usize,
    ) -> bool {
        let last = self
            .read
            .checked_sub(1)
            .and_then(|last| list.item(journal, last));
        if self.read > 0 && last.is_none_or(|last| (last.at, last.mark) != self.last) {
            *self = Self::default();
        }
        while let Some(item) = list.item(journal, self.read) {
            if *budget == 0 {
                return false;
            }
            let work = matcher.work();
            let texts = item.texts.iter().map(|text| text.as_bytes());
            let count: usize = texts.map(|text| matcher.count(text)).sum();
            if count > 0 {
                self.hits.push(Hit {
                    at: item.at,
                    place: self.read as u64,
                    offset: 0,
                    node: item.node,
                    count: count as u32,
                });
            }
            let bytes: usize = item.texts.iter().map(|text| text.len()).sum();
            *budget = budget.saturating_sub(8 + bytes + (matcher.work() - work) as usize);
            self.last = (item.at, item.mark);
            self.read += 1;
        }
        true
    }

    /// How many were read.
    pub fn read(&self) -> usize {
        self.read
    }
}
