//! What else the page's signs tell: how old what is shown is, whom it is from, what was lost.

use crate::state::link::Backend;
use crate::state::run_store::RunStore;
use leptos::prelude::*;
use model::RunStatus;
use model::playhead::Playhead;
use source::connection::Trouble;

/// Records that the page holds and the server no longer has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expired {
    /// How many, in all.
    pub count: u64,
    /// When that was noticed last, by the browser's clock in milliseconds.
    pub noticed_at: i64,
}

impl RunStore {
    /// How old what is shown is, in milliseconds, while that has to be said; as of the last tick.
    pub fn stale_for(&self) -> Option<i64> {
        let now = self.local_now();
        let stale = self.link.with(|link| link.stale_for(now));
        stale.filter(|_| self.is_loaded())
    }

    /// The run's own status as of now, wherever the playhead is.
    pub fn latest_status(&self) -> RunStatus {
        match self.playhead() {
            Playhead::Following => self.state().status.clone(),
            _ => self.latest.get(),
        }
    }

    /// Whom the page asks; nobody before the configuration has come.
    pub fn backend(&self) -> Option<Backend> {
        self.backend.get()
    }

    /// For whoever knows the configuration.
    pub fn set_backend(&self, backend: Backend) {
        self.backend.set(Some(backend));
    }

    /// What went wrong last, gone right since or not.
    pub fn last_trouble(&self) -> Option<Trouble> {
        self.last_trouble.get()
    }

    /// What the server is known to have lost.
    pub fn expired(&self) -> Expired {
        self.expired.get()
    }

    /// For the client: so many records that the page holds did not come again with everything. Those
    /// that were missed before are missed again, and are among them.
    pub fn note_expired(&self, count: u64) {
        if count > 0 {
            let noticed_at = crate::dom::clock::now_millis();
            self.expired.update(|expired| {
                expired.count = count;
                expired.noticed_at = noticed_at;
            });
        }
    }

    /// How many records wait behind a pause.
    pub fn waiting(&self) -> usize {
        self.arrivals.track();
        let records = self.journal_untracked(model::Journal::records);
        self.frozen()
            .map_or(0, |frozen| records.saturating_sub(frozen.records))
    }
}
