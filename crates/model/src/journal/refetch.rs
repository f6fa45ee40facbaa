//! What a refetch of the whole run did not bring again: records that are held here and that the
//! server no longer has.
//!
//! Records brought are remembered by a hash of their identity, about 18 bytes each, and only while
//! a refetch goes on. Counting duplicates would not do: one that is sent twice, as happens where a
//! refetch and the stream overlap, would make up for one that is lost.

use super::Journal;
use crate::item::{Item, RecordId};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A refetch that goes on.
#[derive(Clone, Debug)]
pub(super) struct Refetch {
    /// Records held when it began.
    held: usize,
    /// Of these, how many came again.
    again: usize,
    /// Records that came since it began, those that were new included.
    brought: HashSet<RecordId>,
}

impl Refetch {
    /// A record came, which was held or is now.
    pub(super) fn bring(&mut self, record: RecordId, fresh: bool) {
        // What was new when it came first since the beginning was not held at the beginning.
        let first = self.brought.insert(record);
        self.again += usize::from(first && !fresh);
    }
}

impl Journal {
    /// From now on notes what comes again: the server is about to send the whole run. One that
    /// went on already is given up.
    pub fn begin_refetch(&mut self) {
        self.refetch = Some(Refetch {
            held: self.records,
            again: 0,
            brought: HashSet::new(),
        });
    }

    /// Everything has been sent. Returns how many of the records held at the beginning did not
    /// come again: they have expired there and are kept here. 0 where no refetch was begun.
    pub fn end_refetch(&mut self) -> u64 {
        let refetch = self.refetch.take();
        refetch.map_or(0, |refetch| {
            refetch.held.saturating_sub(refetch.again) as u64
        })
    }
}

/// What makes a record one, as the channel it belongs to judges; none where the item is no record.
pub(super) fn identity(item: &Item) -> Option<RecordId> {
    let mut hasher = DefaultHasher::new();
    std::mem::discriminant(item).hash(&mut hasher);
    match item {
        Item::Run(_) | Item::Graph(_) => return None,
        Item::Status(_, id) | Item::Io(_, id) | Item::HumanInput(_, id) => return *id,
        Item::Event(it) => (it.stamp, &it.id, it.kind.label(), &it.node).hash(&mut hasher),
        Item::Log(it) => (it.stamp, &it.id).hash(&mut hasher),
        Item::Terminal(it) => (&it.node, it.stamp, it.stream).hash(&mut hasher),
        Item::Agent(it) => (&it.agent_run, it.sequence).hash(&mut hasher),
        Item::Packet(it) => (it.at, &it.id).hash(&mut hasher),
        Item::Artifact(it) => (it.at, &it.id).hash(&mut hasher),
        Item::Note(it) => (it.at, &it.id).hash(&mut hasher),
        Item::Unknown { raw, .. } => raw.hash(&mut hasher),
    }
    Some(RecordId(hasher.finish()))
}
