//! Snapshots of the fold, so that any instant is a short way from one, and what lies between them.
//!
//! A node is 40 bytes in a snapshot and an event 16 in what lies between (10,000 nodes and 1,000,000
//! events: 390 snapshots of 400 kB and 16 MB, together 172 bytes an event), so an instant costs a copy
//! of 400 kB and the folding of 1,300 events on average, which takes most of the time.

use crate::deed::Deed;
use crate::journal::Event;
use crate::run_state::{NodeView, fold};

/// Snapshots, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keyframes {
    frames: Vec<Keyframe>,
    /// Of all events.
    deeds: Vec<Deed>,
}

#[derive(Clone, Debug)]
struct Keyframe {
    /// How many events are folded in.
    events: usize,
    nodes: Vec<NodeView>,
}

impl Keyframes {
    /// Events between two snapshots: of more nodes, whose snapshots are larger, a few more.
    fn interval(nodes: usize) -> usize {
        (nodes / 4).max(2_560)
    }

    /// Makes what `events` call for; `events` are all from the first on.
    #[inline(never)]
    pub(crate) fn extend(&mut self, events: &[Event], nodes: usize) {
        let known = self.deeds.len();
        self.deeds.extend(events[known..].iter().map(Deed::of));
        loop {
            let last = self.frames.last().map_or(0, |frame| frame.events);
            let next = last + Self::interval(nodes);
            if next > events.len() {
                return;
            }
            let nodes = self.nodes(events, next);
            self.frames.push(Keyframe {
                events: next,
                nodes,
            });
        }
    }

    /// Forgets what an event inserted at `index` makes wrong.
    pub(crate) fn drop_after(&mut self, index: usize) {
        let kept = self.frames.partition_point(|frame| frame.events <= index);
        self.frames.truncate(kept);
        self.deeds.truncate(index);
    }

    /// Numbers of those of the first `upto` events that tell of a result, the latest first.
    pub(crate) fn results(&self, upto: usize) -> impl Iterator<Item = usize> {
        let deeds = self.deeds[..upto].iter().enumerate().rev();
        deeds.filter_map(|(number, deed)| deed.has_result().then_some(number))
    }

    /// The nodes after the first `upto` events, as far as events tell of them.
    pub(crate) fn nodes(&self, events: &[Event], upto: usize) -> Vec<NodeView> {
        let count = self.frames.partition_point(|frame| frame.events <= upto);
        let frame = count.checked_sub(1).map(|index| &self.frames[index]);
        let done = frame.map_or(0, |frame| frame.events);
        let mut nodes = frame.map(|frame| frame.nodes.clone()).unwrap_or_default();
        fold(&mut nodes, done, &self.deeds[done..upto], events);
        nodes
    }
}
