//! The one fold: what the run looked like at an instant, from the journal and the instant alone.

use crate::attempts::{begins, next, repeats};
use crate::graph::{Graph, Join, NodeIx, Origin};
use crate::item::Fraction;
use crate::journal::{Event, Journal};
use crate::run::Failure;
use crate::standing::Standing;
use crate::state::{NodeState, RunStatus};
use crate::time::{Millis, Span};

/// No event.
const NONE: u32 = u32::MAX;

/// A node at an instant. Numbers of events are those of the journal it was made from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NodeView {
    /// Its state.
    pub state: NodeState,
    /// Whether it is there at all: nodes that only records name appear with their first event.
    pub present: bool,
    /// Which attempt this is, from 1; 0 before the first.
    pub attempt: u32,
    /// When the first attempt began.
    pub first_started: Option<Millis>,
    /// When this attempt began.
    pub started: Option<Millis>,
    /// When this attempt ended.
    pub ended: Option<Millis>,
    /// How far this attempt is.
    pub progress: Option<Fraction>,
    last: u32,
    message: u32,
    error: u32,
}

impl Default for NodeView {
    fn default() -> Self {
        Self {
            state: NodeState::Idle,
            present: false,
            attempt: 0,
            first_started: None,
            started: None,
            ended: None,
            progress: None,
            last: NONE,
            message: NONE,
            error: NONE,
        }
    }
}

impl NodeView {
    /// The latest event that decided its state.
    pub fn last_event<'a>(&self, journal: &'a Journal) -> Option<&'a Event> {
        journal.events().get(self.last as usize)
    }

    /// The latest message of this attempt.
    pub fn message<'a>(&self, journal: &'a Journal) -> Option<&'a str> {
        journal
            .events()
            .get(self.message as usize)?
            .detail
            .as_ref()?
            .message
            .as_deref()
    }

    /// The event of the latest failure, of whichever attempt.
    pub fn failure<'a>(&self, journal: &'a Journal) -> Option<&'a Event> {
        journal.events().get(self.error as usize)
    }

    /// How long this attempt has gone on at `at`, or went on in all.
    pub fn duration(&self, at: Millis) -> Option<Span> {
        Some(self.ended.unwrap_or(at) - self.started?)
    }
}

/// Whether the run has begun or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not begun.
    Before,
    /// Going on.
    Within,
    /// Ended.
    After,
}

/// The whole run at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct RunState {
    /// The instant.
    pub at: Millis,
    /// Begun, ended?
    pub phase: Phase,
    /// The run's own status. A running one that waits for a person is awaiting input.
    pub status: RunStatus,
    /// Every node, by number.
    pub nodes: Vec<NodeView>,
    /// How many present nodes are in each state, in the order of [`NodeState::ALL`].
    pub counts: [u32; NodeState::ALL.len()],
    /// Why the run ended badly.
    pub failure: Option<Failure>,
    /// Actions done and to do, where the source counts them.
    pub stated_progress: Option<(i64, i64)>,
    /// When the run had ended.
    pub ended: Option<Millis>,
}

impl RunState {
    /// The run at `at`, by the nearest snapshot before it.
    pub fn at(journal: &Journal, at: Millis) -> Self {
        let events = journal.events_upto(at);
        let (done, nodes) = journal.keyframes().before(events.len());
        Self::from(journal, at, done, nodes.to_vec())
    }

    /// The run at `at`, folded from the first event: what [`Self::at`] must equal.
    pub fn at_from_the_start(journal: &Journal, at: Millis) -> Self {
        Self::from(journal, at, 0, Vec::new())
    }

    fn from(journal: &Journal, at: Millis, done: usize, mut nodes: Vec<NodeView>) -> Self {
        let events = journal.events_upto(at);
        fold(&mut nodes, done, &events[done..]);
        nodes.resize(journal.graph().nodes().len(), NodeView::default());
        let standing = Standing::at(journal.statuses(), at);
        let started = journal.start().is_some_and(|start| at >= start);
        let mut status = match &standing {
            Some(standing) => standing.update.status.clone(),
            None if started => RunStatus::Running,
            None => RunStatus::Queued,
        };
        let reopened = standing.as_ref().is_some_and(Standing::is_reopened);
        let phase = match (&status, started) {
            (status, _) if status.is_terminal() => Phase::After,
            (_, false) => Phase::Before,
            // What is queued again has begun long ago.
            (RunStatus::Queued, _) if !reopened => Phase::Before,
            _ => Phase::Within,
        };
        derive(journal.graph(), &mut nodes, phase, &status);
        let mut counts = [0; NodeState::ALL.len()];
        for node in nodes.iter().filter(|node| node.present) {
            counts[node.state as usize] += 1;
        }
        // No record says this of the run: engines derive it whenever they are asked.
        let asking = counts[NodeState::AwaitingInput as usize] > 0 || journal.is_asking(at);
        match (&status, &standing) {
            (RunStatus::Running, _) if asking => status = RunStatus::AwaitingInput,
            (RunStatus::AwaitingInput, Some(standing))
                if !asking && has_answered(journal, standing.update.stamp.at, at) =>
            {
                status = RunStatus::Running;
            }
            _ => {}
        }
        Self {
            at,
            phase,
            status,
            counts,
            nodes,
            failure: standing.as_ref().and_then(Standing::failure).cloned(),
            stated_progress: standing.as_ref().and_then(|it| it.update.progress),
            ended: standing.and_then(|it| it.ended),
        }
    }

    /// A node by number.
    pub fn node(&self, node: NodeIx) -> Option<&NodeView> {
        self.nodes.get(node.index())
    }

    /// How many present nodes are in a state.
    pub fn count(&self, state: NodeState) -> u32 {
        self.counts[state as usize]
    }

    /// Nodes that are done for good (success, failed, skipped, canceled), and all that are present.
    pub fn progress(&self) -> (u32, u32) {
        let done = [
            NodeState::Success,
            NodeState::Failed,
            NodeState::Skipped,
            NodeState::Canceled,
        ];
        (
            done.iter().map(|state| self.count(*state)).sum(),
            self.counts.iter().sum(),
        )
    }
}

/// Folds events (whose numbers begin at `first`) into nodes, which grow as needed.
pub(crate) fn fold(nodes: &mut Vec<NodeView>, first: usize, events: &[Event]) {
    for (offset, event) in events.iter().enumerate() {
        let Some(node) = event.node else { continue };
        if node.index() >= nodes.len() {
            nodes.resize(node.index() + 1, NodeView::default());
        }
        apply(&mut nodes[node.index()], (first + offset) as u32, event);
    }
}

fn apply(node: &mut NodeView, number: u32, event: &Event) {
    let Some(state) = event.kind.state() else {
        return;
    };
    let at = event.stamp.at;
    let begins = begins(event, node.attempt, node.state);
    let repeats = !begins && node.last != NONE && repeats(event, node.state);
    if begins {
        *node = NodeView {
            attempt: next(event, node.attempt),
            first_started: node.first_started,
            error: node.error,
            ..NodeView::default()
        };
    } else if state.is_of_an_attempt() {
        node.attempt = node.attempt.max(event.attempt).max(1);
    }
    node.present = true;
    let detail = event.detail.as_deref();
    if detail.is_some_and(|detail| detail.message.is_some()) {
        node.message = number;
    }
    if let Some(progress) = detail.and_then(|detail| detail.progress) {
        node.progress = Some(progress);
    }
    if repeats {
        return;
    }
    node.last = number;
    match state {
        NodeState::Running | NodeState::AwaitingInput => {
            node.ended = None;
            node.started = node.started.or(Some(at));
            node.first_started = node.first_started.or(Some(at));
        }
        NodeState::Success | NodeState::Skipped => node.ended = Some(at),
        NodeState::Failed => {
            node.ended = Some(at);
            node.error = number;
        }
        // Stated of a node whose attempt went on: it is over.
        _ if node.state.is_active() => node.ended = Some(at),
        _ => {}
    }
    node.state = state;
}

/// Whether what a run was said to wait for at `since` is known to have been given by `at`, where
/// nothing is asked any more. That a run waits is derived from its questions, also by who says it:
/// so it holds only as long as nothing shows that a wait went on then, or began, and is over.
fn has_answered(journal: &Journal, since: Millis, at: Millis) -> bool {
    let inputs = journal.human_inputs_upto(at).iter().rev();
    let mut later = inputs.take_while(|input| input.at > since);
    let (before, events) = (journal.events_upto(since), journal.events_upto(at));
    let awaits = |event: &Event| event.kind.state() == Some(NodeState::AwaitingInput);
    later.any(|input| !input.is_pending()) || events[before.len()..].iter().any(awaits) || {
        let (done, nodes) = journal.keyframes().before(before.len());
        let mut nodes = nodes.to_vec();
        fold(&mut nodes, done, &before[done..]);
        nodes
            .iter()
            .any(|node| node.state == NodeState::AwaitingInput)
    }
}

/// States that no event states: from the parents while the run goes on, from its end afterwards.
fn derive(graph: &Graph, nodes: &mut [NodeView], phase: Phase, status: &RunStatus) {
    for &ix in graph.topological() {
        let seen = nodes[ix.index()].last != NONE;
        let named = graph
            .node(ix)
            .is_some_and(|node| node.origin == Origin::Graph);
        let state = match (phase, seen) {
            (Phase::After, true) if nodes[ix.index()].state.is_active() => NodeState::Canceled,
            (_, true) => nodes[ix.index()].state,
            (Phase::Before, false) => NodeState::Idle,
            (Phase::After, false) if *status == RunStatus::Completed => NodeState::Skipped,
            (Phase::After, false) => NodeState::Canceled,
            (Phase::Within, false) => allowed(graph, nodes, ix),
        };
        let node = &mut nodes[ix.index()];
        node.state = state;
        node.present = seen || named;
    }
}

fn allowed(graph: &Graph, nodes: &[NodeView], node: NodeIx) -> NodeState {
    let parents = graph.parents(node);
    let count = |state: fn(NodeState) -> bool| {
        parents
            .iter()
            .filter(|parent| state(nodes[parent.index()].state))
            .count()
    };
    let done = count(|state| state == NodeState::Success);
    let lost = count(|state| {
        matches!(
            state,
            NodeState::Failed | NodeState::Skipped | NodeState::Blocked | NodeState::Canceled
        )
    });
    let join = graph.node(node).map(|node| node.join).unwrap_or_default();
    match join {
        _ if parents.is_empty() => NodeState::Queued,
        Join::All if lost > 0 => NodeState::Blocked,
        Join::All if done == parents.len() => NodeState::Queued,
        Join::Any if done > 0 => NodeState::Queued,
        Join::Any if lost == parents.len() => NodeState::Blocked,
        Join::All | Join::Any => NodeState::Waiting,
    }
}
