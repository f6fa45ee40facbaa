//! What a journal tells of a run, and what of that each dialect carries.

use crate::script::OPERATION;
use model::channel::terminal::TerminalStream;
use model::{Journal, Millis, NodeState, RunState};
use std::collections::BTreeMap;

pub type States = BTreeMap<String, NodeState>;
pub type Lines = BTreeMap<String, Vec<String>>;

/// The state of each node that is there at `at`.
pub fn states(journal: &Journal, at: i64) -> States {
    let state = RunState::at(journal, Millis(at));
    let nodes = journal.graph().nodes().iter().zip(&state.nodes);
    nodes
        .filter(|(_, node)| node.present)
        .map(|(node, view)| (node.reference.to_string(), view.state))
        .collect()
}

/// How the run stands at its end.
pub fn status(journal: &Journal) -> String {
    RunState::at(journal, Millis::MAX).status.to_string()
}

/// Who wrote what, in order.
pub fn lines(journal: &Journal) -> Vec<(String, String)> {
    let nodes = journal.graph().nodes();
    let logs = journal.logs();
    logs.lines(0..logs.len())
        .map(|line| {
            let node = line
                .node
                .map(|node| nodes[node.index()].reference.to_string());
            (node.unwrap_or_default(), line.message.to_owned())
        })
        .collect()
}

/// The text of each node's log.
pub fn logs(journal: &Journal) -> Lines {
    let mut logs = Lines::new();
    for (node, text) in lines(journal) {
        logs.entry(node).or_default().push(text);
    }
    logs
}

/// The bytes of each terminal, chunk by chunk.
pub fn terminals(journal: &Journal) -> BTreeMap<String, Vec<(TerminalStream, Vec<u8>)>> {
    let channel = journal.terminals();
    let of = |node| {
        let name = journal.graph().node(node).unwrap().reference.to_string();
        let chunks = channel.of(node).unwrap().chunks().iter();
        (
            name,
            chunks.map(|it| (it.stream, it.bytes.to_vec())).collect(),
        )
    };
    channel.nodes().map(of).collect()
}

/// How much each agent said.
pub fn agents(journal: &Journal) -> BTreeMap<String, usize> {
    let runs = journal.agents().runs();
    runs.map(|run| (run.id.to_string(), run.upto(Millis::MAX)))
        .collect()
}

/// The states of a run as Playbook carries them while it goes on: no event says that a step may start
/// or cannot any more, and the dialect knows no join but of all; who waits for a person runs.
pub fn in_playbook(states: States) -> States {
    let word = |state| match state {
        NodeState::Queued | NodeState::Waiting | NodeState::Blocked => NodeState::Idle,
        NodeState::AwaitingInput => NodeState::Running,
        state => state,
    };
    states
        .into_iter()
        .map(|(node, state)| (node, word(state)))
        .collect()
}

/// The states of a run that has ended as Operations carries them: its own, on the node that it is. Of
/// those who wrote lines it says nothing but that they began: they have ended well with a run that
/// has, else were stopped by its end.
pub fn in_operation(status: &str, writers: impl Iterator<Item = String>) -> States {
    let (own, others) = match status {
        "COMPLETED" => (NodeState::Success, NodeState::Success),
        "FAILED" => (NodeState::Failed, NodeState::Canceled),
        _ => (NodeState::Canceled, NodeState::Canceled),
    };
    let others = writers.map(|name| (name, others));
    others.chain([(OPERATION.to_owned(), own)]).collect()
}
