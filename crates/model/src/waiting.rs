//! Why a node waits at an instant: for its parents, for good because of one of them, for whoever
//! starts it, for a person, or for another attempt.
//!
//! ```text
//! a failed ─► b blocked ─► c blocked     c: because of a, which failed
//! a success ─► b queued                  b: queued since a ended, nothing has started it
//! a running ─► b waiting                 b: for a, which is running
//! ```

use crate::graph::{Join, NodeIx};
use crate::item::{EventKind, HumanInput};
use crate::journal::Journal;
use crate::run_state::{NodeView, Phase, RunState};
use crate::state::NodeState;
use crate::time::Millis;
use std::collections::HashSet;

/// Why a node does not go on.
#[derive(Clone, Debug, PartialEq)]
pub enum Waiting<'a> {
    /// It does not wait: it goes on, or is done.
    No,
    /// The run has not begun.
    ForTheRun,
    /// These parents are not done; with a join of one, each of them would do.
    ForParents(Vec<(NodeIx, NodeState)>),
    /// It can no longer start.
    Blocked {
        /// The node it comes from, nearest first, and how that stands; none where the source says
        /// that the node is blocked and no parent tells why.
        by: Option<(NodeIx, NodeState)>,
    },
    /// Nothing keeps it, and nothing has started it.
    Queued {
        /// Since its parents are done, or since it was said to be queued.
        since: Option<Millis>,
    },
    /// A person has to answer: the node awaits it, or runs while a question of its own stands.
    AwaitingInput {
        /// Since when.
        since: Option<Millis>,
        /// The latest question of the node that nobody has answered.
        question: Option<&'a HumanInput>,
    },
    /// An attempt failed and the run goes on.
    AfterFailure {
        /// The attempt, from 1.
        attempt: u32,
        /// When it failed.
        failed: Option<Millis>,
        /// Whether another attempt is known to follow.
        retry: Retry,
    },
}

/// Whether a failed node is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The source put the node back in line.
    Queued,
    /// Nobody says; another attempt may follow while the run goes on.
    Unknown,
}

/// Why `node` waits in `state`, which is one of `journal`.
pub fn waiting<'a>(journal: &'a Journal, state: &RunState, node: NodeIx) -> Waiting<'a> {
    let Some(view) = state.node(node) else {
        return Waiting::No;
    };
    if state.phase == Phase::After {
        return Waiting::No;
    }
    match view.state {
        NodeState::Running => match question(journal, state.at, node) {
            Some(asked) => Waiting::AwaitingInput {
                since: Some(asked.at),
                question: Some(asked),
            },
            None => Waiting::No,
        },
        NodeState::Success | NodeState::Skipped | NodeState::Canceled => Waiting::No,
        NodeState::Idle => Waiting::ForTheRun,
        NodeState::AwaitingInput => Waiting::AwaitingInput {
            since: last(journal, view),
            question: question(journal, state.at, node),
        },
        NodeState::Failed => Waiting::AfterFailure {
            attempt: view.attempt,
            failed: view.ended(),
            retry: Retry::Unknown,
        },
        NodeState::Queued if view.attempt > 0 && failed_last(journal, view) => {
            Waiting::AfterFailure {
                attempt: view.attempt,
                failed: failure(journal, view),
                retry: Retry::Queued,
            }
        }
        NodeState::Queued => Waiting::Queued {
            since: last(journal, view).or_else(|| allowed_since(journal, state, node)),
        },
        NodeState::Blocked => Waiting::Blocked {
            by: cause(journal, state, node),
        },
        NodeState::Waiting => Waiting::ForParents(not_done(journal, state, node)),
    }
}

/// When the event that decided the state happened; none where the state is derived.
fn last(journal: &Journal, view: &NodeView) -> Option<Millis> {
    view.last_event(journal).map(|event| event.stamp.at)
}

fn failure(journal: &Journal, view: &NodeView) -> Option<Millis> {
    view.failure(journal).map(|event| event.stamp.at)
}

/// Whether a node that was put back in line had failed, and nothing else came of it since.
fn failed_last(journal: &Journal, view: &NodeView) -> bool {
    let stated = matches!(
        view.last_event(journal).map(|event| &event.kind),
        Some(EventKind::Stated(_))
    );
    stated && view.ended().is_some() && failure(journal, view) == view.ended()
}

/// The latest question of a node that stands unanswered.
fn question(journal: &Journal, at: Millis, node: NodeIx) -> Option<&HumanInput> {
    let reference = &journal.graph().node(node)?.reference;
    // From the last on: the first word met about a question is the latest.
    let mut told = HashSet::new();
    let mut latest = journal.human_inputs_upto(at).iter().rev();
    latest.find(|input| told.insert(&*input.id) && input.node == *reference && input.is_pending())
}

/// Since when the parents allow a node to start: the end of the last one, or of the first where one
/// will do; without parents, since the run started.
fn allowed_since(journal: &Journal, state: &RunState, node: NodeIx) -> Option<Millis> {
    let graph = journal.graph();
    let parents = graph.parents(node);
    if parents.is_empty() {
        return journal.start();
    }
    let done = parents.iter().filter_map(|parent| state.node(*parent));
    let done = done.filter(|parent| parent.state == NodeState::Success);
    let ends = done.filter_map(|parent| parent.ended());
    match graph.node(node).map(|node| node.join).unwrap_or_default() {
        Join::All => ends.max(),
        Join::Any => ends.min(),
    }
}

fn not_done(journal: &Journal, state: &RunState, node: NodeIx) -> Vec<(NodeIx, NodeState)> {
    let parents = journal.graph().parents(node).iter();
    let states = parents.filter_map(|parent| Some((*parent, state.node(*parent)?.state)));
    states
        .filter(|(_, state)| !is_lost(*state) && *state != NodeState::Success)
        .collect()
}

/// The nearest node above that is lost by itself and not by its parents: what failed before what was
/// skipped or canceled; of several as near the one that was lost first.
fn cause(journal: &Journal, state: &RunState, node: NodeIx) -> Option<(NodeIx, NodeState)> {
    let graph = journal.graph();
    let mut seen = vec![false; graph.nodes().len()];
    let mut level = vec![node];
    // Not by their numbers, which depend on the order of delivery.
    let place = |node: NodeIx, view: &NodeView| {
        let name = graph.node(node).map(|node| &node.reference);
        (view.state != NodeState::Failed, last(journal, view), name)
    };
    let mut found = None;
    while !level.is_empty() {
        let mut above = Vec::new();
        let mut lost = Vec::new();
        for parent in level.iter().flat_map(|node| graph.parents(*node)) {
            let Some(view) = state.node(*parent) else {
                continue;
            };
            if std::mem::replace(&mut seen[parent.index()], true) {
                continue;
            }
            match view.state {
                NodeState::Blocked => above.push(*parent),
                state if is_lost(state) => lost.push((*parent, view)),
                _ => {}
            }
        }
        let nearest = lost
            .into_iter()
            .min_by_key(|(node, view)| place(*node, view));
        let nearest = nearest.map(|(node, view)| (node, view.state));
        match nearest {
            Some((_, NodeState::Failed)) => return nearest,
            _ => found = found.or(nearest),
        }
        level = above;
    }
    found
}

fn is_lost(state: NodeState) -> bool {
    matches!(
        state,
        NodeState::Failed | NodeState::Skipped | NodeState::Blocked | NodeState::Canceled
    )
}
