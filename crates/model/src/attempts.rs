//! The attempts of every node as stretches of time: what the timeline draws and the inspector lists.

mod index;
mod saved;

pub use index::Attempts;

use crate::graph::NodeIx;
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

/// All attempts that `events` tell of, by when they began: what [`Attempts`] must equal.
///
/// ```text
/// 1 a STARTED  2 a FAILED  3 a STARTED  9 a COMPLETED   →   a: 1──2 failed, 3──────9 success
/// ```
pub fn attempts(events: &[Event]) -> Vec<Attempt> {
    let mut index = Attempts::default();
    for event in events {
        index.take(event);
    }
    index.into_attempts()
}

impl Attempt {
    /// How it looks from `at`: none where it began later, open and going on where it ended later.
    /// Told from the attempt alone: a wait for a person that was over before its end does not show,
    /// nor an end that was taken back. [`Attempts::known`] tells these too.
    ///
    /// ```text
    /// 3──────9 failed   from 2: –   from 3: 3── running   from 9: 3──────9 failed
    /// ```
    pub fn seen_from(&self, at: Millis) -> Option<Self> {
        match self.to {
            _ if self.from > at => None,
            Some(to) if to > at => Some(Self {
                to: None,
                outcome: NodeState::Running,
                ..*self
            }),
            _ => Some(*self),
        }
    }

    fn decide(&mut self, outcome: NodeState, number: u32, event: &Event) {
        self.outcome = outcome;
        self.event = number;
        self.to = (!outcome.is_active()).then_some(event.stamp.at);
    }

    fn raise(&mut self, event: &Event) {
        self.number = self.number.max(event.attempt);
    }
}
