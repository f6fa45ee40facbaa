//! The one fold: what the run looked like at an instant, from the journal and the instant alone.

use crate::deed::{Deed, How, begins, next};
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
///
/// 40 bytes: a state of 10,000 nodes is made by copying them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NodeView {
    /// Of this attempt; [`Millis::MIN`] for none.
    started: Millis,
    ended: Millis,
    /// Which attempt this is, from 1; 0 before the first.
    pub attempt: u32,
    last: u32,
    message: u32,
    error: u32,
    progress: u32,
    /// Its state.
    pub state: NodeState,
    /// Whether it is there at all: nodes that only records name appear with their first event.
    pub present: bool,
}

impl Default for NodeView {
    fn default() -> Self {
        Self {
            started: Millis::MIN,
            ended: Millis::MIN,
            attempt: 0,
            last: NONE,
            message: NONE,
            error: NONE,
            progress: NONE,
            state: NodeState::Idle,
            present: false,
        }
    }
}

impl NodeView {
    /// When this attempt began.
    pub fn started(&self) -> Option<Millis> {
        (self.started != Millis::MIN).then_some(self.started)
    }

    /// When this attempt ended.
    pub fn ended(&self) -> Option<Millis> {
        (self.ended != Millis::MIN).then_some(self.ended)
    }

    /// How far this attempt is.
    pub fn progress(&self, journal: &Journal) -> Option<Fraction> {
        let event = journal.events().get(self.progress as usize)?;
        event.detail.as_ref()?.progress
    }

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
        Some(self.ended().unwrap_or(at) - self.started()?)
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
        let upto = journal.events_upto(at).len();
        Self::from(
            journal,
            at,
            journal.keyframes().nodes(journal.events(), upto),
        )
    }

    /// The run at `at`, folded from the first event: what [`Self::at`] must equal.
    pub fn at_from_the_start(journal: &Journal, at: Millis) -> Self {
        let events = journal.events_upto(at);
        let deeds: Vec<_> = events.iter().map(Deed::of).collect();
        let mut nodes = Vec::new();
        fold(&mut nodes, 0, &deeds, events);
        Self::from(journal, at, nodes)
    }

    fn from(journal: &Journal, at: Millis, mut nodes: Vec<NodeView>) -> Self {
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
        let counts = derive(journal.graph(), &mut nodes, phase, &status);
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

/// Folds what events did (whose numbers begin at `first`) into nodes, which grow as needed; `events`
/// are all of them.
pub(crate) fn fold(nodes: &mut Vec<NodeView>, first: usize, deeds: &[Deed], events: &[Event]) {
    for (number, deed) in (first..).zip(deeds) {
        let Some(node) = deed.node() else { continue };
        if node.index() >= nodes.len() {
            nodes.resize(node.index() + 1, NodeView::default());
        }
        let attempt = deed.attempt(|| events.get(number));
        apply(&mut nodes[node.index()], number as u32, deed, attempt);
    }
}

#[inline]
fn apply(node: &mut NodeView, number: u32, deed: &Deed, attempt: u32) {
    let (at, state, how) = (deed.at, deed.state(), deed.how());
    let begins = begins(how, state, attempt, node.attempt, node.state);
    let repeats = !begins && node.last != NONE && how == How::Stated && state == node.state;
    if begins {
        *node = NodeView {
            attempt: next(attempt, node.attempt),
            error: node.error,
            ..NodeView::default()
        };
    } else if state.is_of_an_attempt() {
        node.attempt = node.attempt.max(attempt).max(1);
    }
    node.present = true;
    if deed.has_message() {
        node.message = number;
    }
    if deed.has_progress() {
        node.progress = number;
    }
    if repeats {
        return;
    }
    node.last = number;
    match state {
        NodeState::Running | NodeState::AwaitingInput => {
            node.ended = Millis::MIN;
            if node.started == Millis::MIN {
                node.started = at;
            }
        }
        NodeState::Success | NodeState::Skipped => node.ended = at,
        NodeState::Failed => {
            node.ended = at;
            node.error = number;
        }
        // Stated of a node whose attempt went on: it is over.
        _ if node.state.is_active() => node.ended = at,
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
        let nodes = journal.keyframes().nodes(journal.events(), before.len());
        nodes
            .iter()
            .any(|node| node.state == NodeState::AwaitingInput)
    }
}

/// States that no event states: from the parents while the run goes on, from its end afterwards.
/// Returns how many present nodes are in each state.
fn derive(
    graph: &Graph,
    nodes: &mut [NodeView],
    phase: Phase,
    status: &RunStatus,
) -> [u32; NodeState::ALL.len()] {
    let mut counts = [0; NodeState::ALL.len()];
    let mut seen = 0;
    for node in nodes.iter_mut().filter(|node| node.last != NONE) {
        if phase == Phase::After && node.state.is_active() {
            node.state = NodeState::Canceled;
        }
        counts[node.state as usize] += 1;
        seen += 1;
    }
    // Of a long run nearly all are, and the graph need not be walked.
    if seen == nodes.len() {
        return counts;
    }
    for &ix in graph.topological() {
        if nodes[ix.index()].last != NONE {
            continue;
        }
        let state = match phase {
            Phase::Before => NodeState::Idle,
            Phase::After if *status == RunStatus::Completed => NodeState::Skipped,
            Phase::After => NodeState::Canceled,
            Phase::Within => allowed(graph, nodes, ix),
        };
        let named = graph
            .node(ix)
            .is_some_and(|node| node.origin == Origin::Graph);
        let node = &mut nodes[ix.index()];
        node.state = state;
        node.present = named;
        counts[state as usize] += u32::from(named);
    }
    counts
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
