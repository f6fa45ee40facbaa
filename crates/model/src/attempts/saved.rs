//! Going back: what an index of attempts was like some events ago.
//!
//! Late events come mostly a little late, so states close to the end lie close together and those
//! further back further apart: from a state kept it is about as far to any event as from that
//! event to the end. A state is what can still change: the latest attempt of every node.

use super::Attempt;
use super::index::{Attempts, Latest};
use crate::graph::NodeIx;

/// The least number of events between two states.
const INTERVAL: usize = 4_096;

/// An index as it was.
#[derive(Clone, Debug)]
pub(super) struct Saved {
    /// How many events were folded in.
    events: usize,
    /// How many attempts there were.
    attempts: usize,
    latest: Vec<Latest>,
    /// The latest attempts themselves, of the nodes that had one.
    changing: Vec<Attempt>,
}

impl Attempts {
    /// After how many events the next state is kept. A state is as large as four events a node.
    pub(super) fn next_save(&self) -> usize {
        let last = self.saved.last().map_or(0, |saved| saved.events);
        (last + INTERVAL.max(4 * self.latest.len())).max(self.read)
    }

    /// Keeps this state, and gives up some of the older ones.
    pub(super) fn save(&mut self) {
        let attempt = |latest: &Latest| Some(self.attempts[latest.index()?]);
        self.saved.push(Saved {
            events: self.read,
            attempts: self.attempts.len(),
            changing: self.latest.iter().filter_map(attempt).collect(),
            latest: self.latest.clone(),
        });
        let events = |saved: &[Saved], index: usize| saved[index].events;
        let mut index = self.saved.len().saturating_sub(2);
        while index > 0 {
            let gap = events(&self.saved, index + 1) - events(&self.saved, index - 1);
            if gap <= self.read - events(&self.saved, index + 1) {
                self.saved.remove(index);
            }
            index -= 1;
        }
    }

    /// Back to the latest state of at most `events` events that is kept.
    pub(super) fn rewind(&mut self, events: usize) {
        let kept = self.saved.partition_point(|saved| saved.events <= events);
        self.saved.truncate(kept);
        let (read, attempts) = self
            .saved
            .last()
            .map_or((0, 0), |saved| (saved.events, saved.attempts));
        self.attempts.truncate(attempts);
        self.previous.truncate(attempts);
        self.latest.clear();
        if let Some(saved) = self.saved.last() {
            self.latest.extend_from_slice(&saved.latest);
            let indices = saved.latest.iter().filter_map(|latest| latest.index());
            for (index, attempt) in indices.zip(&saved.changing) {
                self.attempts[index] = *attempt;
            }
        }
        let failures = self.failures.partition_point(|it| (*it as usize) < read);
        self.failures.truncate(failures);
        let retries = self.retries.partition_point(|it| (*it as usize) < attempts);
        self.retries.truncate(retries);
        self.read = read;
    }

    /// An index of one node only, of the latest state of at most `events` events that is kept.
    pub(super) fn of_one_at(&self, node: NodeIx, events: usize) -> Self {
        let mut own = Self::default();
        own.latest.resize(node.index() + 1, Latest::default());
        let kept = self.saved.iter().rfind(|saved| saved.events <= events);
        let Some(saved) = kept else { return own };
        own.read = saved.events;
        let Some(latest) = saved.latest.get(node.index()).copied() else {
            return own;
        };
        own.latest[node.index()].stands = latest.stands;
        let Some(last) = latest.index() else {
            return own;
        };
        own.attempts = self
            .back_from(Some(last as u32))
            .map(|index| self.attempts[index as usize])
            .collect();
        own.attempts.reverse();
        let as_it_was = saved.changing.iter().find(|attempt| attempt.node == node);
        if let (Some(held), Some(as_it_was)) = (own.attempts.last_mut(), as_it_was) {
            *held = *as_it_was;
        }
        own.latest[node.index()].index = own.attempts.len() as u32 - 1;
        own.previous.resize(own.attempts.len(), u32::MAX);
        own
    }
}
