//! The attempts of every node as stretches of time: what the timeline draws and the inspector lists.

use crate::graph::NodeIx;
use crate::item::EventKind;
use crate::journal::Event;
use crate::state::NodeState;
use crate::time::Millis;

/// One attempt of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Whose.
    pub node: NodeIx,
    /// From 1.
    pub number: u32,
    /// When it began.
    pub from: Millis,
    /// When it ended, where it has.
    pub to: Option<Millis>,
    /// How it stands, or ended.
    pub outcome: NodeState,
    /// Number of the event that decided that, in the events given.
    pub event: u32,
}

/// All attempts that `events` tell of, by when they began.
///
/// ```text
/// 1 a STARTED  2 a FAILED  3 a STARTED  9 a COMPLETED   →   a: 1──2 failed, 3──────9 success
/// ```
pub fn attempts(events: &[Event]) -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = Vec::new();
    let mut latest: Vec<Latest> = Vec::new();
    for (number, event) in (0..).zip(events) {
        let (Some(node), Some(state)) = (event.node, event.kind.state()) else {
            continue;
        };
        if node.index() >= latest.len() {
            latest.resize(node.index() + 1, Latest::default());
        }
        let Latest { index, stands } = latest[node.index()];
        latest[node.index()].stands = state;
        if !state.is_of_an_attempt() {
            if let Some(index) = index.filter(|_| stands.is_active()) {
                attempts[index].decide(NodeState::Canceled, number, event);
            }
            continue;
        }
        let so_far = index.map_or(0, |index| attempts[index].number);
        match index.filter(|_| !begins(event, so_far, stands)) {
            Some(index) if repeats(event, stands) => attempts[index].raise(event),
            Some(index) => {
                attempts[index].decide(state, number, event);
                attempts[index].raise(event);
            }
            None => {
                latest[node.index()].index = Some(attempts.len());
                let mut attempt = Attempt {
                    node,
                    number: next(event, so_far),
                    from: event.stamp.at,
                    to: None,
                    outcome: state,
                    event: number,
                };
                attempt.decide(state, number, event);
                attempts.push(attempt);
            }
        }
    }
    attempts
}

/// What is known of a node so far.
#[derive(Clone, Copy, Default)]
struct Latest {
    /// Its latest attempt.
    index: Option<usize>,
    /// Its state.
    stands: NodeState,
}

impl Attempt {
    fn decide(&mut self, outcome: NodeState, number: u32, event: &Event) {
        self.outcome = outcome;
        self.event = number;
        self.to = (!outcome.is_active()).then_some(event.stamp.at);
    }

    fn raise(&mut self, event: &Event) {
        self.number = self.number.max(event.attempt);
    }
}

/// Whether `event` begins an attempt of a node whose latest is number `latest` (0: none yet) and
/// which `stands` so. A statement begins one where it cannot be about the latest.
pub(crate) fn begins(event: &Event, latest: u32, stands: NodeState) -> bool {
    match event.kind {
        EventKind::Started => true,
        EventKind::Stated(state) if state.is_of_an_attempt() => {
            event.attempt > latest
                || match stands {
                    NodeState::Idle
                    | NodeState::Queued
                    | NodeState::Waiting
                    | NodeState::Blocked => true,
                    stands => state == NodeState::Running && !stands.is_active(),
                }
        }
        _ => false,
    }
}

/// Whether `event` only states what is so already: that moves no end.
pub(crate) fn repeats(event: &Event, stands: NodeState) -> bool {
    event.kind == EventKind::Stated(stands)
}

/// The number of an attempt that `event` begins after `latest`.
pub(crate) fn next(event: &Event, latest: u32) -> u32 {
    match event.attempt {
        0 => latest.saturating_add(1),
        given => given,
    }
}
