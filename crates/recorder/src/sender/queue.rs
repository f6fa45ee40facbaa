//! Lines on their way: waiting in memory, then in a file, and the batch being sent.

use super::Limits;
use super::backoff::Backoff;
use super::spill::Spill;
use crate::Error;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Shared by those who record and the one thread that sends.
pub(super) struct Queue {
    limits: Limits,
    state: Mutex<State>,
    /// Woken when there is something to do or something was done.
    changed: Condvar,
}

struct State {
    /// The oldest lines.
    memory: VecDeque<String>,
    memory_bytes: usize,
    /// The lines after those in `memory`.
    spill: Option<Spill>,
    /// Lines of the batch that is being sent; they stay in its own hands until they arrived.
    sending: Vec<String>,
    /// When the oldest waiting line came.
    since: Option<Instant>,
    /// Somebody waits for everything to arrive: send at once.
    flushing: usize,
    life: Life,
    /// The last failure, while it is not made good.
    failure: Option<String>,
    rejected: usize,
    first_rejected: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum Life {
    /// Lines come.
    Open,
    /// No more will come; those here still go out.
    Closed,
    /// The server will not take any.
    Refused { status: u16, message: String },
    /// Nothing more is sent.
    GivenUp,
}

impl Queue {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            state: Mutex::new(State {
                memory: VecDeque::new(),
                memory_bytes: 0,
                spill: None,
                sending: Vec::new(),
                since: None,
                flushing: 0,
                life: Life::Open,
                failure: None,
                rejected: 0,
                first_rejected: None,
            }),
            changed: Condvar::new(),
        }
    }

    /// The pauses to make after failures.
    pub(super) fn backoff(&self) -> Backoff {
        Backoff::new(self.limits.first_pause, self.limits.longest_pause)
    }

    /// Appends a line. Never waits for the network.
    pub(super) fn put(&self, line: String) {
        let mut state = self.lock();
        let first = state.waiting() == 0;
        state.append(line, self.limits.memory);
        if first {
            state.since = Some(Instant::now());
        }
        if first || state.is_full(self.limits) {
            self.changed.notify_all();
        }
    }

    /// Waits for the next batch; `None` when there will be no more.
    pub(super) fn next_batch(&self) -> Option<Vec<String>> {
        let mut state = self.lock();
        loop {
            match state.life {
                Life::Refused { .. } | Life::GivenUp => return None,
                Life::Closed if state.waiting() == 0 => return None,
                Life::Open | Life::Closed => {}
            }
            let age = state.since.map_or(Duration::ZERO, |since| since.elapsed());
            let due = state.flushing > 0 || state.life == Life::Closed || age >= self.limits.age;
            if state.waiting() > 0 && (due || state.is_full(self.limits)) {
                let batch = state.take(self.limits);
                state.sending.clone_from(&batch);
                return Some(batch);
            }
            state = match state.since {
                Some(_) => self.wait(state, self.limits.age.saturating_sub(age)),
                None => self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// The first `count` lines of the batch have arrived.
    pub(super) fn arrived(&self, count: usize) {
        let mut state = self.lock();
        let count = count.min(state.sending.len());
        state.sending.drain(..count);
        state.failure = None;
        self.changed.notify_all();
    }

    /// The server found fault with the next line of the batch: it is set aside and told.
    pub(super) fn rejected(&self, message: String) {
        let mut state = self.lock();
        state.rejected += 1;
        state.first_rejected.get_or_insert(message);
        drop(state);
        self.arrived(1);
    }

    /// No line of this run will be taken.
    pub(super) fn refused(&self, status: u16, message: String) {
        let mut state = self.lock();
        if state.life != Life::GivenUp {
            state.life = Life::Refused { status, message };
        }
        self.changed.notify_all();
    }

    /// Waits after a failure; `false` when there is no sense in trying again.
    pub(super) fn pause(&self, reason: String, pause: Duration) -> bool {
        let until = Instant::now() + pause;
        let mut state = self.lock();
        state.failure = Some(reason);
        self.changed.notify_all();
        while state.life != Life::GivenUp {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            state = self.wait(state, left);
        }
        false
    }

    pub(super) fn pending(&self) -> usize {
        self.lock().pending()
    }

    pub(super) fn problem(&self) -> Option<Error> {
        let state = self.lock();
        state.problem().or_else(|| {
            state.failure.clone().map(|reason| Error::Unsent {
                records: state.pending(),
                reason,
            })
        })
    }

    pub(super) fn flush(&self, within: Duration) -> Result<(), Error> {
        let until = Instant::now() + within;
        let mut state = self.lock();
        state.flushing += 1;
        self.changed.notify_all();
        while state.pending() > 0 && matches!(state.life, Life::Open | Life::Closed) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state = self.wait(state, left);
        }
        state.flushing -= 1;
        if let Some(problem) = state.problem() {
            return Err(problem);
        }
        match state.pending() {
            0 => Ok(()),
            records => Err(Error::Unsent {
                records,
                reason: match &state.failure {
                    Some(reason) => reason.clone(),
                    None => "the server is too slow".into(),
                },
            }),
        }
    }

    pub(super) fn give_up(&self) -> Vec<String> {
        let mut state = self.lock();
        state.life = Life::GivenUp;
        let mut lines = std::mem::take(&mut state.sending);
        lines.extend(state.memory.drain(..));
        if let Some(mut spill) = state.spill.take() {
            match spill.take(|_| false) {
                Ok(rest) => lines.extend(rest),
                Err(error) => {
                    state.failure = Some(format!("the buffer file is unreadable: {error}"))
                }
            }
        }
        state.memory_bytes = 0;
        self.changed.notify_all();
        lines
    }

    /// No more lines will come.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        if state.life == Life::Open {
            state.life = Life::Closed;
        }
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>, time: Duration) -> MutexGuard<'a, State> {
        self.changed
            .wait_timeout(state, time)
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }
}

impl State {
    fn append(&mut self, line: String, memory: usize) {
        let spilling = self.spill.as_ref().is_some_and(|spill| spill.lines() > 0);
        if spilling || self.memory_bytes + line.len() > memory {
            match self.push_spill(&line) {
                Ok(()) => return,
                // A full disk must not cost records: more memory than wished, and the problem is told.
                Err(error) => {
                    self.failure = Some(format!("cannot buffer in a temporary file: {error}"));
                    self.recall_spill();
                }
            }
        }
        self.memory_bytes += line.len();
        self.memory.push_back(line);
    }

    fn push_spill(&mut self, line: &str) -> std::io::Result<()> {
        match &mut self.spill {
            Some(spill) => spill.push(line),
            none => none.insert(Spill::new()?).push(line),
        }
    }

    /// Brings what was spilled back into memory, so that order holds.
    fn recall_spill(&mut self) {
        let Some(mut spill) = self.spill.take() else {
            return;
        };
        match spill.take(|_| false) {
            Ok(lines) => {
                self.memory_bytes += lines.iter().map(String::len).sum::<usize>();
                self.memory.extend(lines);
            }
            Err(error) => self.lost(spill.lines(), &error),
        }
    }

    fn take(&mut self, limits: Limits) -> Vec<String> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while batch.len() < limits.records && bytes < limits.bytes {
            let Some(line) = self.memory.pop_front() else {
                break;
            };
            bytes += line.len();
            self.memory_bytes -= line.len();
            batch.push(line);
        }
        if batch.is_empty()
            && let Some(spill) = &mut self.spill
        {
            let mut count = 0;
            let taken = spill.take(|line| {
                count += 1;
                bytes += line.len();
                count >= limits.records || bytes >= limits.bytes
            });
            match taken {
                Ok(lines) => batch = lines,
                Err(error) => {
                    let lines = spill.lines();
                    self.spill = None;
                    self.lost(lines, &error);
                }
            }
        }
        self.since = (self.waiting() > 0).then(Instant::now);
        batch
    }

    fn lost(&mut self, lines: usize, error: &std::io::Error) {
        self.rejected += lines;
        self.first_rejected
            .get_or_insert_with(|| format!("the buffer file is unreadable: {error}"));
    }

    fn waiting(&self) -> usize {
        self.memory.len() + self.spill.as_ref().map_or(0, Spill::lines)
    }

    fn pending(&self) -> usize {
        self.waiting() + self.sending.len()
    }

    fn is_full(&self, limits: Limits) -> bool {
        self.waiting() >= limits.records || self.memory_bytes >= limits.bytes
    }

    /// What will not be made good.
    fn problem(&self) -> Option<Error> {
        if let Life::Refused { status, message } = &self.life {
            return Some(Error::Refused {
                status: *status,
                message: message.clone(),
            });
        }
        self.first_rejected.clone().map(|message| Error::Rejected {
            records: self.rejected,
            message,
        })
    }
}
