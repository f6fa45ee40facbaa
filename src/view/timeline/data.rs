//! What the rows are painted from: each node's attempts, waits and marks, indexed by time, kept as the journal grows.

use super::marks::MarkLanes;
use layout::timeline::{Interval, Lane};
use model::attempts::Attempt;
use model::graph::Origin;
use model::{Journal, NodeIx, NodeState};
use std::collections::BTreeSet;

/// States from the least to the most important where several share a pixel.
const BY_RANK: [NodeState; 10] = [
    NodeState::Idle,
    NodeState::Queued,
    NodeState::Waiting,
    NodeState::Blocked,
    NodeState::Skipped,
    NodeState::Success,
    NodeState::Canceled,
    NodeState::Running,
    NodeState::AwaitingInput,
    NodeState::Failed,
];

/// How much a state matters: an index of [`BY_RANK`].
pub fn rank(state: NodeState) -> u8 {
    BY_RANK
        .iter()
        .position(|known| *known == state)
        .unwrap_or(0) as u8
}

/// The state of a rank; what had not ended when the run did is canceled.
pub fn state_of(rank: u8, growing: bool) -> NodeState {
    match BY_RANK.get(usize::from(rank)).copied().unwrap_or_default() {
        state if state.is_active() && !growing => NodeState::Canceled,
        state => state,
    }
}

/// Everything by node. Brought up to date it costs what is new.
#[derive(Default)]
pub struct Data {
    /// A lane a node: its attempts, whose `id` is the attempt's index in the journal.
    attempts: Vec<Lane>,
    /// A lane a node: while it waited for a person.
    waits: Vec<Lane>,
    /// The number of each attempt among those of its node, from 0.
    ordinals: Vec<u32>,
    /// How many nodes have attempts that no graph names.
    unnamed: usize,
    /// How many attempts and events were read, of a journal rewritten so often.
    read: (usize, usize, u64),
    /// Marks, by node.
    pub marks: MarkLanes,
}

impl Data {
    /// Reads what is new.
    pub fn update(&mut self, journal: &Journal) {
        let attempts = journal.attempts();
        let (_, _, rewrites) = self.read;
        if rewrites != attempts.rewrites() || attempts.events() < self.read.1 {
            *self = Self {
                marks: std::mem::take(&mut self.marks),
                ..Self::default()
            };
        }
        let (known, events, _) = self.read;
        let all = attempts.as_slice();
        for (index, attempt) in (0..).zip(all).skip(known) {
            self.begin(index, attempt, attempts.before(index));
            self.unnamed += usize::from(is_first_of_unnamed(journal, attempt));
        }
        let mut touched = BTreeSet::new();
        for event in journal.events().iter().skip(events) {
            let Some(node) = event.node else { continue };
            touched.insert(node);
            if let Some(state) = event.kind.state() {
                self.wait(node, event.stamp.at.0, state);
            }
        }
        for node in touched {
            self.go_on(node, known, journal);
        }
        self.read = (all.len(), journal.events().len(), attempts.rewrites());
        self.marks.update(journal);
    }

    /// A node's attempts.
    pub fn attempts(&self, node: NodeIx) -> &Lane {
        self.attempts.get(node.index()).unwrap_or(&NOTHING)
    }

    /// Grows when a node that no graph names begins, and so gets a row.
    pub fn unnamed(&self) -> usize {
        self.unnamed
    }

    /// The number of an attempt as its source counts it, from 1.
    pub fn number(&self, journal: &Journal, id: u32) -> String {
        let attempt = journal.attempts().as_slice().get(id as usize);
        attempt.map_or_else(String::new, |attempt| attempt.number.to_string())
    }

    /// While a node waited for a person.
    pub fn waits(&self, node: NodeIx) -> &Lane {
        self.waits.get(node.index()).unwrap_or(&NOTHING)
    }

    fn begin(&mut self, index: u32, attempt: &Attempt, before: Option<u32>) {
        let ordinal = before.map_or(0, |before| self.ordinals[before as usize] + 1);
        self.ordinals.push(ordinal);
        at(&mut self.attempts, attempt.node).put(Interval {
            from: attempt.from.0,
            to: attempt.to.map(|to| to.0),
            rank: rank(attempt.outcome),
            id: index,
        });
    }

    /// Of the attempts of a node that were known the last has gone on or ended; those that are new were read as they are.
    fn go_on(&mut self, node: NodeIx, known: usize, journal: &Journal) {
        let attempts = journal.attempts();
        let mut index = attempts.latest_of(node);
        while let Some(new) = index.filter(|index| *index as usize >= known) {
            index = attempts.before(new);
        }
        let Some(index) = index.map(|index| index as usize) else {
            return;
        };
        if let (Some(attempt), Some(ordinal)) =
            (attempts.as_slice().get(index), self.ordinals.get(index))
        {
            let to = attempt.to.map(|to| to.0);
            at(&mut self.attempts, node).amend(*ordinal as usize, to, rank(attempt.outcome));
        }
    }

    fn wait(&mut self, node: NodeIx, time: i64, state: NodeState) {
        let asks = state == NodeState::AwaitingInput;
        if !asks && self.waits(node).intervals().is_empty() {
            return;
        }
        let lane = at(&mut self.waits, node);
        let open = lane
            .intervals()
            .last()
            .is_some_and(|last| last.to.is_none());
        match (open, asks) {
            (false, true) => lane.put(Interval {
                from: time,
                to: None,
                rank: rank(state),
                id: 0,
            }),
            (true, false) => lane.amend(
                lane.intervals().len() - 1,
                Some(time),
                rank(NodeState::AwaitingInput),
            ),
            _ => {}
        }
    }
}

fn is_first_of_unnamed(journal: &Journal, attempt: &Attempt) -> bool {
    let node = journal.graph().node(attempt.node);
    attempt.number <= 1 && node.is_some_and(|node| node.origin == Origin::Records)
}

static NOTHING: Lane = Lane::EMPTY;

/// The lane of a node, made when it is the first to be asked for.
pub fn at(lanes: &mut Vec<Lane>, node: NodeIx) -> &mut Lane {
    if lanes.len() <= node.index() {
        lanes.resize_with(node.index() + 1, Lane::default);
    }
    &mut lanes[node.index()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::item::{EventItem, EventKind, Item, Provenance};
    use model::{Millis, Stamp};

    fn event(number: u64, node: &str, at: i64, kind: EventKind) -> Item {
        Item::Event(EventItem {
            id: number.to_string().as_str().into(),
            node: node.into(),
            stamp: Stamp {
                sequence: number,
                ..Stamp::at(Millis(at))
            },
            kind,
            level: Default::default(),
            attempt: 0,
            detail: None,
            provenance: Provenance::default(),
        })
    }

    /// What is in all lanes, as text.
    fn told(data: &Data) -> Vec<String> {
        let lanes = data.attempts.iter().chain(&data.waits);
        lanes
            .map(|lane| format!("{:?}", lane.intervals()))
            .collect()
    }

    #[test]
    fn what_comes_in_pieces_is_what_comes_at_once() {
        use EventKind::{AwaitingInput, Completed, Failed, Started};
        let story = [
            ("a", 10, Started),
            ("b", 11, Started),
            ("a", 20, Failed),
            ("a", 30, Started),
            ("b", 31, AwaitingInput),
            ("a", 40, Failed),
            ("a", 50, Started),
            ("b", 60, Completed),
            ("a", 70, Completed),
            ("c", 70, Completed),
            ("c", 80, Started),
            ("a", 90, Failed),
        ];
        let items = || {
            let numbered = (1..).zip(story.clone());
            numbered.map(|(number, (node, at, kind))| event(number, node, at, kind))
        };
        let mut whole = Journal::default();
        whole.append(items());
        let mut at_once = Data::default();
        at_once.update(&whole);
        for piece in 1..story.len() {
            let (mut journal, mut data) = (Journal::default(), Data::default());
            let mut items = items().peekable();
            while items.peek().is_some() {
                journal.append(items.by_ref().take(piece));
                data.update(&journal);
            }
            assert_eq!(told(&data), told(&at_once), "in pieces of {piece}");
        }
        // What comes late begins anew.
        let (mut journal, mut data) = (Journal::default(), Data::default());
        journal.append(items().skip(2));
        data.update(&journal);
        journal.append(items().take(2));
        data.update(&journal);
        assert_eq!(told(&data), told(&at_once));
    }
}
