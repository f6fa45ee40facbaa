//! Where a step goes: the next event, of all, of a node or of failures only; the next stretch.

use super::Stretch;
use crate::graph::NodeIx;
use crate::journal::{Event, Journal};
use crate::missing::Track;
use crate::state::NodeState;
use crate::time::Millis;

/// Which way to step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Toward {
    /// To what comes after the instant shown.
    Next,
    /// To what came before it.
    Previous,
}

/// Among which events to step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Among {
    /// All of them.
    All,
    /// A node's.
    Node(NodeIx),
    /// Those that put a node in state failed.
    Failures,
}

impl Among {
    fn includes(self, event: &Event) -> bool {
        match self {
            Self::All => true,
            Self::Node(node) => event.node == Some(node),
            Self::Failures => event.kind.state() == Some(NodeState::Failed),
        }
    }
}

/// The nearest event of `events` (in order) that is not of the instant `at` itself: all events of one
/// instant are one step, so that no step stays where it is.
pub fn event_from(events: &[Event], at: Millis, among: Among, toward: Toward) -> Option<&Event> {
    match toward {
        Toward::Next => {
            let next = events.partition_point(|event| event.stamp.at <= at);
            events[next..].iter().find(|event| among.includes(event))
        }
        Toward::Previous => {
            let before = events.partition_point(|event| event.stamp.at < at);
            let mut before = events[..before].iter();
            before.rfind(|event| among.includes(event))
        }
    }
}

/// The nearest of `stretches` (in order) that begins elsewhere than at `at`.
pub fn stretch_from(stretches: &[Stretch], at: Millis, toward: Toward) -> Option<Stretch> {
    match toward {
        Toward::Next => stretches
            .get(stretches.partition_point(|stretch| stretch.from <= at))
            .copied(),
        Toward::Previous => {
            let before = stretches.partition_point(|stretch| stretch.from < at);
            Some(stretches[before.checked_sub(1)?])
        }
    }
}

/// Where events are missing by their source's own numbers: from the one before to the one behind, in
/// order. Nothing where the source does not number them without holes.
pub fn missing_events(journal: &Journal) -> Vec<Stretch> {
    let incomplete = journal.missing().incomplete();
    let mut tracks = incomplete.filter(|(track, _)| *track == Track::Events);
    let Some((_, numbers)) = tracks.next() else {
        return Vec::new();
    };
    let missing: Vec<_> = numbers.ranges().collect();
    let is_missing = |number: u64| {
        let Ok(number) = u32::try_from(number) else {
            return false;
        };
        let index = missing.partition_point(|range| *range.end() < number);
        missing
            .get(index)
            .is_some_and(|range| range.contains(&number))
    };
    let pairs = journal.events().windows(2);
    let holes = pairs.filter(|pair| is_missing(pair[0].stamp.sequence.saturating_add(1)));
    holes
        .map(|pair| Stretch {
            from: pair[0].stamp.at,
            to: pair[1].stamp.at,
        })
        .collect()
}
