//! Wakes those who wait for a run's records. It carries no data: who wakes reads the store.

use crate::run_id::RunId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// One watch a run that somebody waits for.
#[derive(Clone, Default)]
pub(crate) struct Hub {
    watches: Arc<Mutex<HashMap<RunId, watch::Sender<i64>>>>,
}

impl Hub {
    /// Subscribes before reading the store, so that nothing is missed in between. The value is the
    /// last arrival announced, of use only because it changes.
    pub(crate) fn subscribe(&self, run: &RunId) -> watch::Receiver<i64> {
        let mut watches = self.lock();
        if watches.len() >= SWEEP_FROM {
            watches.retain(|_, sender| sender.receiver_count() > 0);
        }
        watches
            .entry(run.clone())
            .or_insert_with(|| watch::Sender::new(0))
            .subscribe()
    }

    /// Says that `run` has records up to `arrival`; forgets the run when nobody waits any more.
    pub(crate) fn announce(&self, run: &RunId, arrival: i64) {
        let mut watches = self.lock();
        if let Some(sender) = watches.get(run)
            && sender.send(arrival).is_err()
        {
            watches.remove(run);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RunId, watch::Sender<i64>>> {
        self.watches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// From how many watches on those that nobody holds any more are swept.
const SWEEP_FROM: usize = 1_024;
