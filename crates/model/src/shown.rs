//! What the panels show at an instant, each a function of the journal and the instant alone: what a
//! viewer would see who had stopped there (`tests/shown.rs` holds all of them to it).
//!
//! ```text
//! journal ──┬─ RunState::at(t) ─┬─ node(…)           the inspector
//!           │                   └─ first_failure(…)  the banner
//!           ├─ terminal(…), last_printed(t)          the terminal
//!           ├─ transcripts(…, t)                     the agent panel
//!           └─ questions(t), flows(…, t)             what people are asked, what edges carry
//! ```

use crate::attempts::{Attempt, Attempts};
use crate::channel::agent::{AgentRun, Part};
use crate::channel::terminal::Chunk;
use crate::graph::NodeIx;
use crate::item::{Artifact, Detail, ErrorInfo, HumanInput, NodeIo, Packet};
use crate::journal::{Event, Journal};
use crate::run_state::RunState;
use crate::state::NodeState;
use crate::text::{JsonText, Text};
use crate::time::Millis;
use std::collections::HashMap;

/// What is known of a node at an instant, beside its state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeFacts {
    /// Its attempts as known then, oldest first.
    pub attempts: Vec<Attempt>,
    /// What went wrong last, in whichever attempt.
    pub error: Option<ErrorInfo>,
    /// What went in.
    pub inputs: Option<Shown>,
    /// What came out; until that is known, the excerpt on its last event.
    pub outputs: Option<Shown>,
    /// The files it had made.
    pub artifacts: Vec<Artifact>,
    /// The run it started.
    pub child_run: Option<Text>,
    /// Its questions as they stood, each once.
    pub questions: Vec<HumanInput>,
    /// What had come to it, by where from.
    pub incoming: Vec<Flow>,
    /// What had gone from it, by where to.
    pub outgoing: Vec<Flow>,
}

/// A value, or the beginning of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// As the source sent it.
    pub json: JsonText,
    /// Whether the source sent a preview only.
    pub truncated: bool,
}

/// What had gone along the edges between two nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Reference of the node at the other end: nothing else may have named it yet.
    pub other: Text,
    /// How many values.
    pub count: usize,
    /// Their bytes.
    pub bytes: u64,
    /// The last of them.
    pub last: Option<Packet>,
}

/// What an agent's run had come to.
#[derive(Clone, Debug)]
pub struct Transcript<'a> {
    /// The agent's run.
    pub run: &'a AgentRun,
    /// What it had said and done.
    pub parts: Vec<Part>,
}

/// What is known of `node` at `at`, when the run stands as `state` says: a state holds on until the
/// next event, and its own instant may be earlier.
pub fn node(journal: &Journal, state: &RunState, node: NodeIx, at: Millis) -> NodeFacts {
    let Some(known) = journal.graph().node(node) else {
        return NodeFacts::default();
    };
    let reference = &known.reference;
    let events = journal.events_upto(at);
    let results = journal.keyframes().results(events.len());
    let results = results.filter_map(|number| events.get(number));
    let own = results.filter(|event| event.node == Some(node));
    let details = own.filter_map(|event| event.detail.as_deref());
    let (excerpt, child_run) = latest(details);
    let ios = journal.ios_upto(at).iter().rev();
    let ios: Vec<&NodeIo> = ios.filter(|io| io.node == *reference).collect();
    let shown = |of: fn(&NodeIo) -> Option<&JsonText>| {
        let mut known = ios.iter().filter_map(|io| Some((of(io)?, io.truncated)));
        let (json, truncated) = known.next()?;
        Some(Shown {
            json: json.clone(),
            truncated,
        })
    };
    let failure = state.node(node).and_then(|view| view.failure(journal));
    let artifacts = journal.artifacts_upto(at).iter();
    NodeFacts {
        attempts: Attempts::known(journal, node, at),
        error: failure.and_then(|event| event.detail.as_ref()?.error.as_deref().cloned()),
        inputs: shown(|io| io.inputs.as_ref()),
        outputs: shown(|io| io.outputs.as_ref()).or_else(|| {
            Some(Shown {
                json: excerpt?,
                truncated: false,
            })
        }),
        artifacts: artifacts
            .filter(|artifact| artifact.node == *reference)
            .cloned()
            .collect(),
        child_run,
        questions: questions(journal, at)
            .into_iter()
            .filter(|question| question.node == *reference)
            .cloned()
            .collect(),
        incoming: flows(journal, node, at, Way::In),
        outgoing: flows(journal, node, at, Way::Out),
    }
}

/// The latest excerpt of an output, and the run started last, in one walk back.
fn latest<'a>(details: impl Iterator<Item = &'a Detail>) -> (Option<JsonText>, Option<Text>) {
    let (mut excerpt, mut child_run) = (None, None);
    for detail in details {
        excerpt = excerpt.or_else(|| detail.output.clone());
        child_run = child_run.or_else(|| detail.child_run.clone());
        if excerpt.is_some() && child_run.is_some() {
            break;
        }
    }
    (excerpt, child_run)
}

/// Every question put by `at` as it then stood, by when it was put.
pub fn questions(journal: &Journal, at: Millis) -> Vec<&HumanInput> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut found: Vec<&HumanInput> = Vec::new();
    for input in journal.human_inputs_upto(at) {
        let place = *places.entry(&*input.id).or_insert(found.len());
        match found.get_mut(place) {
            Some(known) => *known = input,
            None => found.push(input),
        }
    }
    found
}

/// Which way values go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the node.
    In,
    /// From it.
    Out,
}

/// What had gone to or from a node by `at`: of each neighbour, and of others that sent or got
/// something; neighbours first.
pub fn flows(journal: &Journal, node: NodeIx, at: Millis, way: Way) -> Vec<Flow> {
    let graph = journal.graph();
    let Some(known) = graph.node(node) else {
        return Vec::new();
    };
    let neighbours = match way {
        Way::In => graph.parents(node),
        Way::Out => graph.children(node),
    };
    let flow = |other: &Text| Flow {
        other: other.clone(),
        count: 0,
        bytes: 0,
        last: None,
    };
    let neighbours = neighbours.iter().filter_map(|node| graph.node(*node));
    let mut flows: Vec<Flow> = neighbours.map(|node| flow(&node.reference)).collect();
    let named = flows.iter().map(|flow| flow.other.clone());
    let mut places: HashMap<Text, usize> = named.zip(0..).collect();
    for packet in journal.packets_upto(at) {
        let (own, other) = match way {
            Way::In => (&packet.target, &packet.source),
            Way::Out => (&packet.source, &packet.target),
        };
        if *own != known.reference {
            continue;
        }
        let place = *places.entry(other.clone()).or_insert_with(|| {
            flows.push(flow(other));
            flows.len() - 1
        });
        let flow = &mut flows[place];
        flow.count += 1;
        flow.bytes = flow.bytes.saturating_add(packet.size);
        flow.last = Some(packet.clone());
    }
    flows
}

/// What a node's process had written by `at`; nothing where it wrote nothing.
pub fn terminal(journal: &Journal, node: NodeIx, at: Millis) -> &[Chunk] {
    let terminal = journal.terminals().of(node);
    terminal.map_or(&[], |terminal| terminal.upto(at))
}

/// The node that had printed last by `at`: whose terminal is shown when nobody chose.
pub fn last_printed(journal: &Journal, at: Millis) -> Option<NodeIx> {
    let last = |node: NodeIx| Some((terminal(journal, node, at).last()?.stamp, node));
    // Of two at one instant the one that is named first, however nodes are numbered.
    let name = |node: NodeIx| journal.graph().node(node).map(|node| &node.reference);
    let printed = journal.terminals().nodes().filter_map(last);
    let latest = printed.max_by(|(one, of_one), (other, of_other)| {
        let by_name = || name(*of_other).cmp(&name(*of_one));
        one.cmp(other).then_with(by_name)
    });
    latest.map(|(_, node)| node)
}

/// What agents had said and done by `at`: those of `chosen` where that has any, else all; those that
/// had said nothing are left out.
pub fn transcripts(journal: &Journal, chosen: Option<NodeIx>, at: Millis) -> Vec<Transcript<'_>> {
    let agents = journal.agents();
    let spoken = |run: &&AgentRun| run.upto(at) > 0;
    // A node without an agent hides none: there is nothing of its own to show.
    let chosen = chosen.filter(|node| agents.of(*node).any(|run| spoken(&run)));
    let runs = agents.runs().filter(spoken);
    let runs = runs.filter(|run| chosen.is_none_or(|node| run.node == node));
    let transcript = |run| Transcript {
        run,
        parts: AgentRun::transcript(run, at),
    };
    runs.map(transcript).collect()
}

/// The first failure of a node that stands failed in `state`: where to look when a run failed.
pub fn first_failure<'a>(journal: &'a Journal, state: &RunState) -> Option<&'a Event> {
    let events = journal.events();
    let failures = journal.attempts().failures().iter();
    let failures = failures.filter_map(|event| events.get(*event as usize));
    let known = failures.take_while(|event| event.stamp.at <= state.at);
    let stands = |event: &&Event| {
        let view = event.node.and_then(|node| state.node(node));
        view.is_some_and(|view| view.state == NodeState::Failed)
    };
    let mut standing = known.filter(stands);
    standing.next()
}
