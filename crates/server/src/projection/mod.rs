//! Runs as other dialects show them: derived from the stored records, held so that a poll costs
//! only what is new.
//!
//! A projection is nothing of its own: forget it, and it is derived again from the store.

mod current;
mod decode;
mod held;
mod logs;
pub(crate) mod operations;
pub(crate) mod playbook;
mod refusals;
#[cfg(test)]
mod tests;
mod values;
mod words;

pub(crate) use current::{Current, Step, field, instant, member, raw, text};
pub(crate) use decode::{Decode, retry_policy};
pub(crate) use refusals::shape;
pub(crate) use words::{execution_state, operation_state, run_state, run_status, step_status};

use crate::run_id::RunId;
use crate::store::{StoreError, Stores};
use held::Held;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is held of runs, bounded by [`RUNS`] and [`BYTES`].
#[derive(Clone, Default)]
pub(crate) struct Projections {
    cache: Arc<Mutex<Cache>>,
}

/// Runs that are held at most; the one asked for longest ago goes first.
const RUNS: usize = 64;
/// Bytes, roughly, that all of them take at most. One run alone may take more.
const BYTES: usize = 256 << 20;

#[derive(Default)]
struct Cache {
    slots: HashMap<RunId, Slot>,
    asked: u64,
}

struct Slot {
    held: Arc<tokio::sync::Mutex<Held>>,
    asked: u64,
    bytes: usize,
}

impl Projections {
    /// The run as its records tell it up to now. Who asks for the same run waits, and then reads
    /// only what came meanwhile.
    pub(crate) async fn of(&self, stores: &Stores, run: &RunId) -> Result<Current, StoreError> {
        let known = self.lock().slot(run);
        let held = match known {
            Some(held) => held,
            None => {
                // Ids that name nothing take no place.
                stores.runs.run(run).await?;
                self.lock().make(run)
            }
        };
        let mut held = held.lock_owned().await;
        let view = held.catch_up(stores, run).await?;
        self.lock().weigh(run, held.bytes());
        Ok(Current::new(view, held))
    }

    fn lock(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cache {
    fn slot(&mut self, run: &RunId) -> Option<Arc<tokio::sync::Mutex<Held>>> {
        self.asked += 1;
        let slot = self.slots.get_mut(run)?;
        slot.asked = self.asked;
        Some(slot.held.clone())
    }

    fn make(&mut self, run: &RunId) -> Arc<tokio::sync::Mutex<Held>> {
        let asked = self.asked;
        let slot = self.slots.entry(run.clone()).or_insert_with(|| Slot {
            held: Arc::default(),
            asked,
            bytes: 0,
        });
        slot.held.clone()
    }

    /// Notes what a run takes, and makes room.
    fn weigh(&mut self, run: &RunId, bytes: usize) {
        if let Some(slot) = self.slots.get_mut(run) {
            slot.bytes = bytes;
        }
        while self.slots.len() > 1
            && (self.slots.len() > RUNS
                || self.slots.values().map(|it| it.bytes).sum::<usize>() > BYTES)
        {
            let others = self.slots.iter().filter(|(id, _)| *id != run);
            let oldest = others.min_by_key(|(_, slot)| slot.asked);
            let Some(oldest) = oldest.map(|(id, _)| id.clone()) else {
                return;
            };
            self.slots.remove(&oldest);
        }
    }
}
