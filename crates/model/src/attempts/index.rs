//! All attempts of a run, kept as events are appended: what is new costs, not what is held.

use super::Attempt;
use super::saved::Saved;
use crate::deed::{How, begins, next};
use crate::graph::NodeIx;
use crate::journal::{Event, Journal};
use crate::state::NodeState;
use crate::time::Millis;

/// No attempt.
const NONE: u32 = u32::MAX;

/// The attempts of the first so many events of a journal.
///
/// ```text
/// events    a STARTED   b STARTED   a FAILED   a STARTED   b COMPLETED
/// attempts  0: a ───────────────────┘          2: a ──────────── …
///                       1: b ──────────────────────────────────┘
/// previous of 2: 0      failures: event 2      retries: attempt 2
/// ```
#[derive(Clone, Debug, Default)]
pub struct Attempts {
    /// How many events are folded in.
    pub(super) read: usize,
    /// By when they began.
    pub(super) attempts: Vec<Attempt>,
    /// Of each, the attempt of the same node before it.
    pub(super) previous: Vec<u32>,
    /// By node.
    pub(super) latest: Vec<Latest>,
    /// Numbers of the events by which an attempt failed.
    pub(super) failures: Vec<u32>,
    /// Those that are not the first of their node.
    pub(super) retries: Vec<u32>,
    /// States to go back to, oldest first.
    pub(super) saved: Vec<Saved>,
    /// How often a late event changed what was folded in.
    rewrites: u64,
}

/// What is known of a node so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Latest {
    /// Its latest attempt, or none.
    pub(super) index: u32,
    /// Its state.
    pub(super) stands: NodeState,
}

impl Default for Latest {
    fn default() -> Self {
        Self {
            index: NONE,
            stands: NodeState::Idle,
        }
    }
}

impl Latest {
    pub(super) fn index(self) -> Option<usize> {
        (self.index != NONE).then_some(self.index as usize)
    }
}

impl Attempts {
    /// All of them, by when they began.
    pub fn as_slice(&self) -> &[Attempt] {
        &self.attempts
    }

    /// The indices of a node's attempts, oldest first.
    pub fn of(&self, node: NodeIx) -> Vec<u32> {
        let mut indices: Vec<u32> = self.back_from(self.latest_of(node)).collect();
        indices.reverse();
        indices
    }

    /// The index of a node's latest attempt.
    pub fn latest_of(&self, node: NodeIx) -> Option<u32> {
        let latest = self.latest.get(node.index())?;
        latest.index().map(|_| latest.index)
    }

    /// The index of the attempt of the same node before attempt `index`.
    pub fn before(&self, index: u32) -> Option<u32> {
        let before = self.previous.get(index as usize).copied();
        before.filter(|before| *before != NONE)
    }

    /// Numbers of the events by which an attempt failed, in order.
    pub fn failures(&self) -> &[u32] {
        &self.failures
    }

    /// Indices of the attempts that are not the first of their node, in order.
    pub fn retries(&self) -> &[u32] {
        &self.retries
    }

    /// How many nodes may have attempts: those numbered below.
    pub fn nodes(&self) -> usize {
        self.latest.len()
    }

    /// How many events are folded in.
    pub fn events(&self) -> usize {
        self.read
    }

    /// How often a late event changed what had been folded in: who keeps something that was made
    /// from this makes it anew when the number has changed.
    pub fn rewrites(&self) -> u64 {
        self.rewrites
    }

    /// Folds in the events behind those that are; `events` are all events from the first on.
    #[inline(never)]
    pub fn extend(&mut self, events: &[Event]) {
        while self.read < events.len() {
            let next = self.next_save().min(events.len());
            for event in &events[self.read..next] {
                self.take(event);
            }
            if next == self.next_save() {
                self.save();
            }
        }
    }

    /// Forgets what an event inserted at `index` makes wrong; [`Self::extend`] makes it anew.
    pub(crate) fn drop_after(&mut self, index: usize) {
        if index < self.read {
            self.rewind(index);
            self.rewrites += 1;
        }
    }

    /// The attempts as known at `at`, by what was recorded up to then. Whoever moves along keeps
    /// the value: forward it costs what lies between, back about as much again.
    ///
    /// ```text
    /// let mut known = Attempts::default();
    /// known.go_to(&journal, at);
    /// ```
    pub fn go_to(&mut self, journal: &Journal, at: Millis) {
        let all = journal.attempts();
        let events = journal.events_upto(at);
        if self.rewrites != all.rewrites || events.len().abs_diff(self.read) > all.read / 2 {
            *self = all.clone();
        }
        if events.len() < self.read {
            self.rewind(events.len());
        }
        self.extend(events);
    }

    /// The attempts of one node as known at `at`, oldest first.
    pub fn known(journal: &Journal, node: NodeIx, at: Millis) -> Vec<Attempt> {
        let all = journal.attempts();
        let events = journal.events_upto(at);
        let mut own = all.of_one_at(node, events.len());
        for (number, event) in events.iter().enumerate().skip(own.read) {
            own.read = number;
            if event.node == Some(node) {
                own.take(event);
            }
        }
        own.attempts
    }

    /// Folds in one event.
    pub(super) fn take(&mut self, event: &Event) {
        let number = self.read as u32;
        self.read += 1;
        let (Some(node), Some(state)) = (event.node, event.kind.state()) else {
            return;
        };
        if node.index() >= self.latest.len() {
            self.latest.resize(node.index() + 1, Latest::default());
        }
        let latest = self.latest[node.index()];
        let (index, stands) = (latest.index(), latest.stands);
        self.latest[node.index()].stands = state;
        if !state.is_of_an_attempt() {
            if let Some(index) = index.filter(|_| stands.is_active()) {
                self.attempts[index].decide(NodeState::Canceled, number, event);
            }
            return;
        }
        let so_far = index.map_or(0, |index| self.attempts[index].number);
        let how = How::of(&event.kind);
        let goes_on = index.filter(|_| !begins(how, state, event.attempt, so_far, stands));
        if state == NodeState::Failed && (goes_on.is_none() || stands != state) {
            self.failures.push(number);
        }
        match goes_on {
            // To state again what is so moves no end.
            Some(index) if how == How::Stated && state == stands => {
                self.attempts[index].raise(event)
            }
            Some(index) => {
                self.attempts[index].decide(state, number, event);
                self.attempts[index].raise(event);
            }
            None => self.begin(node, next(event.attempt, so_far), state, number, event),
        }
    }

    fn begin(&mut self, node: NodeIx, of: u32, state: NodeState, number: u32, event: &Event) {
        let index = self.attempts.len() as u32;
        let mut attempt = Attempt {
            node,
            number: of,
            from: event.stamp.at,
            to: None,
            outcome: state,
            event: number,
        };
        attempt.decide(state, number, event);
        let latest = &mut self.latest[node.index()];
        if latest.index != NONE {
            self.retries.push(index);
        }
        self.previous.push(latest.index);
        latest.index = index;
        self.attempts.push(attempt);
    }

    /// An attempt and those of its node before it, latest first.
    pub(super) fn back_from(&self, index: Option<u32>) -> impl Iterator<Item = u32> {
        std::iter::successors(index, |index| self.before(*index))
    }

    pub(super) fn into_attempts(self) -> Vec<Attempt> {
        self.attempts
    }
}
