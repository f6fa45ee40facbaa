//! The wish to end a run early: from the keyboard, or from the server.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How urgent it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Nobody wants it.
    #[default]
    None,
    /// Processes are asked to end, and have a moment to do so.
    Soon,
    /// Processes are killed.
    Now,
}

/// Who wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Ctrl-C, or SIGTERM.
    Signal,
    /// The server, asked by a person who watches.
    Server,
}

type Listener = Box<dyn Fn(Urgency) + Send>;

/// Shared by all who may wish it and all who must hear.
#[derive(Clone, Default)]
pub struct Cancel {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    urgency: Urgency,
    source: Option<Source>,
    listeners: Vec<Listener>,
}

impl Cancel {
    /// Asks once more: the first time soon, from the second time on now. The server asks once.
    pub fn ask(&self, source: Source) {
        let mut state = self.lock();
        state.urgency = match (state.urgency, source) {
            (Urgency::None, _) => Urgency::Soon,
            (urgency, Source::Server) => urgency,
            (_, Source::Signal) => Urgency::Now,
        };
        state.source.get_or_insert(source);
        for listener in &state.listeners {
            listener(state.urgency);
        }
    }

    /// How urgent it is now.
    pub fn urgency(&self) -> Urgency {
        self.lock().urgency
    }

    /// Who asked first.
    pub fn source(&self) -> Option<Source> {
        self.lock().source
    }

    /// Calls `listener` at every change from now on, and at once where it was asked already. It must only
    /// pass the word on.
    pub fn listen(&self, listener: impl Fn(Urgency) + Send + 'static) {
        let mut state = self.lock();
        if state.urgency != Urgency::None {
            listener(state.urgency);
        }
        state.listeners.push(Box::new(listener));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
