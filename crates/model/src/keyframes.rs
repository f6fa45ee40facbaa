//! Snapshots of the fold, so that any instant is a short way from one.
//!
//! One every [`Keyframes::interval`] events: at least 4,096, and at least four times the number of
//! nodes, so that all snapshots together stay smaller than the events (10,000 nodes and 1,000,000
//! events: 25 snapshots, about 13 MB).

use crate::journal::Event;
use crate::run_state::{NodeView, fold};

/// Snapshots, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keyframes {
    frames: Vec<Keyframe>,
}

#[derive(Clone, Debug)]
struct Keyframe {
    /// How many events are folded in.
    events: usize,
    nodes: Vec<NodeView>,
}

impl Keyframes {
    fn interval(nodes: usize) -> usize {
        (4 * nodes).max(4_096)
    }

    /// Makes the snapshots that `events` call for.
    pub(crate) fn extend(&mut self, events: &[Event], nodes: usize) {
        loop {
            let (done, known) = self
                .frames
                .last()
                .map_or((0, &[][..]), |frame| (frame.events, &frame.nodes[..]));
            let next = done + Self::interval(nodes);
            if next > events.len() {
                return;
            }
            let mut nodes = known.to_vec();
            fold(&mut nodes, done, &events[done..next]);
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
    }

    /// The last snapshot of at most `events` events: how many it holds, and its nodes.
    pub(crate) fn before(&self, events: usize) -> (usize, &[NodeView]) {
        let count = self.frames.partition_point(|frame| frame.events <= events);
        match count.checked_sub(1).map(|index| &self.frames[index]) {
            Some(frame) => (frame.events, &frame.nodes),
            None => (0, &[]),
        }
    }
}
