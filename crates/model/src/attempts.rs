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
    // The latest attempt of each node, by number of the node.
    let mut latest: Vec<Option<usize>> = Vec::new();
    for (number, event) in (0..).zip(events) {
        let (Some(node), Some(outcome)) = (event.node, outcome(&event.kind)) else {
            continue;
        };
        if node.index() >= latest.len() {
            latest.resize(node.index() + 1, None);
        }
        let before = latest[node.index()];
        let open = before.filter(|_| event.kind != EventKind::Started);
        let index = match open {
            Some(index) => index,
            None => {
                let next = before.map_or(1, |before| attempts[before].number + 1);
                latest[node.index()] = Some(attempts.len());
                attempts.push(Attempt {
                    node,
                    number: if event.attempt > 0 {
                        event.attempt
                    } else {
                        next
                    },
                    from: event.stamp.at,
                    to: None,
                    outcome,
                    event: number,
                });
                attempts.len() - 1
            }
        };
        let attempt = &mut attempts[index];
        attempt.outcome = outcome;
        attempt.event = number;
        attempt.to = (!outcome.is_active()).then_some(event.stamp.at);
    }
    attempts
}

fn outcome(kind: &EventKind) -> Option<NodeState> {
    match kind {
        EventKind::Started | EventKind::Progress => Some(NodeState::Running),
        EventKind::AwaitingInput => Some(NodeState::AwaitingInput),
        EventKind::Completed => Some(NodeState::Success),
        EventKind::Failed => Some(NodeState::Failed),
        EventKind::Skipped => Some(NodeState::Skipped),
        EventKind::Http(_) | EventKind::Other(_) => None,
    }
}
