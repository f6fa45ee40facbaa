//! Which connections there are, which fault each is under, and what has been counted.

use crate::fault::{Connections, Fault, Rule};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Paths told apart; requests to more of them are counted together as `…`.
const MOST_PATHS: usize = 10_000;

/// Everything counted, as `{"stats":true}` answers it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Connections open now, those included that have not asked for anything yet.
    pub open: usize,
    /// Connections opened in all.
    pub opened: u64,
    /// Bytes that came from clients, and bytes that went to them.
    pub up: u64,
    /// See `up`.
    pub down: u64,
    /// By path, without query.
    pub paths: BTreeMap<String, PathStats>,
}

/// What concerns one path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PathStats {
    /// Requests seen in all.
    pub requests: u64,
    /// Of these, still open.
    pub open: usize,
    /// Milliseconds since a client was last given anything of it; none: never.
    pub quiet_ms: Option<u64>,
}

/// See above.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    inner: Mutex<Inner>,
    tasks: Mutex<JoinSet<()>>,
}

#[derive(Debug, Default)]
struct Inner {
    rules: Vec<Rule>,
    requests: HashMap<u64, Open>,
    stats: Stats,
    /// When a client was given something last, by path.
    given: HashMap<String, Instant>,
}

#[derive(Debug)]
struct Open {
    path: String,
    fault: watch::Sender<Option<Fault>>,
}

impl Registry {
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = lock(&self.tasks);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    pub fn abort_all(&self) {
        lock(&self.tasks).abort_all();
    }

    /// Puts `rules` in force and tells the open requests, all before it answers how many are struck.
    pub fn set(&self, rules: Vec<Rule>) -> usize {
        let mut inner = lock(&self.inner);
        let mut struck = 0;
        for Open { path, fault } in inner.requests.values() {
            let next = in_force(&rules, path, Connections::New);
            struck += usize::from(next.is_some());
            fault.send_if_modified(|now| {
                let lost = now.is_some_and(Fault::is_final);
                // A link that is half-open may still be broken off; nothing else changes it.
                let stays = lost && next != Some(Fault::Reset { after: 0 });
                let changes = !stays && *now != next;
                if changes {
                    *now = next;
                }
                changes
            });
        }
        inner.rules = rules;
        struck
    }

    pub fn stats(&self) -> Stats {
        let inner = lock(&self.inner);
        let mut stats = inner.stats.clone();
        for (path, counted) in &mut stats.paths {
            let quiet = inner.given.get(path).map(|at| at.elapsed().as_millis());
            counted.quiet_ms = quiet.map(|ms| u64::try_from(ms).unwrap_or(u64::MAX));
        }
        stats
    }

    /// Counts a connection for as long as it lasts.
    pub fn connection(self: &Arc<Self>) -> Connection {
        let mut inner = lock(&self.inner);
        inner.stats.open += 1;
        inner.stats.opened += 1;
        Connection {
            id: inner.stats.opened,
            registry: self.clone(),
        }
    }
}

/// The first rule that concerns a path and not only `other_than`.
fn in_force(rules: &[Rule], path: &str, other_than: Connections) -> Option<Fault> {
    rules
        .iter()
        .find(|rule| rule.concerns(path, other_than) && rule.fault != Fault::Refuse)
        .map(|rule| rule.fault)
}

/// A connection, counted until it is dropped.
#[derive(Debug)]
pub(crate) struct Connection {
    id: u64,
    registry: Arc<Registry>,
}

impl Connection {
    /// Its request has come: from now on it is under whatever fault is in force.
    pub fn asks_for(&self, path: &str) -> watch::Receiver<Option<Fault>> {
        let mut inner = lock(&self.registry.inner);
        let (fault, receiver) = watch::channel(in_force(&inner.rules, path, Connections::Existing));
        let paths = &mut inner.stats.paths;
        let path = match paths.len() < MOST_PATHS || paths.contains_key(path) {
            true => path.to_owned(),
            false => "…".to_owned(),
        };
        let counted = paths.entry(path.clone()).or_default();
        counted.requests += 1;
        counted.open += 1;
        inner.requests.insert(self.id, Open { path, fault });
        receiver
    }

    pub fn count_up(&self, bytes: usize) {
        lock(&self.registry.inner).stats.up += bytes as u64;
    }

    pub fn count_down(&self, bytes: usize) {
        let mut inner = lock(&self.registry.inner);
        inner.stats.down += bytes as u64;
        if let Some(path) = inner.requests.get(&self.id).map(|open| open.path.clone()) {
            inner.given.insert(path, Instant::now());
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut inner = lock(&self.registry.inner);
        inner.stats.open -= 1;
        if let Some(request) = inner.requests.remove(&self.id)
            && let Some(counted) = inner.stats.paths.get_mut(&request.path)
        {
            counted.open -= 1;
        }
    }
}

/// What is counted stays counted, whoever panicked over it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
