//! A lifecycle fact, and where each kind of fact stands among its like: one total order a kind, in
//! which equal means the same fact.

use crate::channel::log::Level;
use crate::channel::sorted::Placed;
use crate::graph::NodeIx;
use crate::item::{Artifact, Detail, EventKind, HumanInput, NodeIo, Note, Packet, Provenance};
use crate::run::StatusUpdate;
use crate::text::{JsonText, Text};
use crate::time::Stamp;
use std::cmp::Ordering;

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
    #[inline]
    fn place(&self, other: &Self) -> Ordering {
        match self.stamp.cmp(&other.stamp) {
            Ordering::Equal => self.place_within(other),
            order => order,
        }
    }
}

impl Event {
    /// Among those of the same stamp, which are few.
    #[inline(never)]
    fn place_within(&self, other: &Self) -> Ordering {
        self.id
            .cmp(&other.id)
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
    /// At one instant the answer comes after the question.
    fn place(&self, other: &Self) -> Ordering {
        let place = |input: &Self| (input.at, !input.is_pending());
        place(self)
            .cmp(&place(other))
            .then_with(|| (&self.id, &self.status).cmp(&(&other.id, &other.status)))
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
    /// At one instant the end of the run comes last, and what reopens it first.
    fn place(&self, other: &Self) -> Ordering {
        let place = |update: &Self| (update.stamp, update.kind, update.status.is_terminal());
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
