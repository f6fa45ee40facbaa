//! How the run as a whole stands at an instant, as its status updates say.

use crate::run::{Failure, StatusKind, StatusUpdate};
use crate::time::Millis;

/// How the run stands.
pub(crate) struct Standing<'a> {
    /// The update that holds.
    pub(crate) update: &'a StatusUpdate,
    /// When the run had ended, where it has.
    pub(crate) ended: Option<Millis>,
    /// What was said from the last reopening on, or from the first update.
    said: &'a [StatusUpdate],
}

impl<'a> Standing<'a> {
    /// At `at`; none before the first of `statuses`, which are in order.
    ///
    /// A run that has ended stays ended, and as it ended first: an update that was under way
    /// meanwhile cannot revive it, and what was cancelled does not complete afterwards. Only an
    /// update that says so reopens it, and ends before that hold until then.
    pub(crate) fn at(statuses: &'a [StatusUpdate], at: Millis) -> Option<Self> {
        let known = &statuses[..statuses.partition_point(|update| update.stamp.at <= at)];
        let reopened = known.iter().rposition(reopens).unwrap_or(0);
        let said = &known[reopened..];
        let end = said.iter().find(|update| update.status.is_terminal());
        Some(Self {
            update: end.or(said.last())?,
            ended: end.map(|end| end.stamp.at),
            said,
        })
    }

    /// Why the run stands as it does. An end may be said several times (by a record, by the list),
    /// once with its reason.
    pub(crate) fn failure(&self) -> Option<&'a Failure> {
        let same = self.said.iter().rev();
        let mut same = same.filter(|known| known.status == self.update.status);
        same.find_map(|known| known.failure.as_ref())
    }

    /// Whether it had ended before and goes on from there.
    pub(crate) fn is_reopened(&self) -> bool {
        self.said.first().is_some_and(reopens)
    }
}

fn reopens(update: &StatusUpdate) -> bool {
    update.kind == StatusKind::Reopens
}
