//! What has been told already, where a real Studio tells it again and again: the whole trace at every
//! poll, a status each second, the same complaint each time.

use crate::dialect::Batch;
use model::item::EventItem;
use model::run::StatusUpdate;
use model::{Item, RunStatus};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Complaints that are remembered; further ones are told each time.
const COMPLAINTS: usize = 4_096;

#[derive(Debug, Default)]
pub(super) struct Known {
    events: HashSet<u64>,
    status: Option<StatusUpdate>,
    said: HashSet<u64>,
}

impl Known {
    /// Whether the event is told for the first time. Sequences start over when a worker does, so an
    /// id alone tells nothing.
    pub(super) fn is_fresh(&mut self, event: &EventItem) -> bool {
        self.events.insert(identity(event))
    }

    /// Leaves out a status that says nothing new. `updatedAt` is "now" in every answer, so that a
    /// run would gather one a second.
    pub(super) fn fresh_status(&mut self, batch: &mut Batch) {
        batch.items.retain(|item| match item {
            Item::Status(update, _) => self.is_news(update),
            _ => true,
        });
    }

    fn is_news(&mut self, update: &StatusUpdate) -> bool {
        let same = self.status.as_ref().is_some_and(|known| {
            known.status == update.status
                && known.started == update.started
                && known.progress == update.progress
                // The reason of a failure is forgotten when the end is cached.
                && (known.failure == update.failure || update.failure.is_none())
        });
        if !same {
            self.status = Some(update.clone());
        }
        !same
    }

    /// How the run stands, as said last.
    pub(super) fn status(&self) -> Option<&RunStatus> {
        Some(&self.status.as_ref()?.status)
    }

    /// Leaves out the complaints about answers that were made before: what cannot be read in one
    /// poll cannot be read in the next.
    pub(super) fn fresh_problems(&mut self, batch: &mut Batch) {
        batch
            .problems
            .retain(|problem| self.is_first(&(&problem.what, &problem.excerpt)));
    }

    /// Whether this has not been said yet.
    pub(super) fn is_first(&mut self, complaint: &impl Hash) -> bool {
        let digest = digest(complaint);
        !self.said.contains(&digest) && (self.said.len() >= COMPLAINTS || self.said.insert(digest))
    }
}

fn identity(event: &EventItem) -> u64 {
    let at = (event.stamp.at, event.stamp.nanos);
    digest(&(&event.id, at, event.kind.label(), &event.node))
}

/// The same for the same value, and practically for no other.
pub(super) fn digest(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_are_said_once_and_beyond_the_bound_each_time() {
        let mut known = Known::default();
        for complaint in 0..COMPLAINTS {
            assert!(known.is_first(&complaint));
            assert!(!known.is_first(&complaint));
        }
        assert!(known.is_first(&COMPLAINTS));
        assert!(known.is_first(&COMPLAINTS));
        assert!(!known.is_first(&0_usize));
    }
}
