//! What a person is told about the connection, and what they can ask of it.

use source::connection::{Badge, Reason, State, Tried, Trouble};

/// Between two states data is a moment old without being stale: a stream that is about to open says nothing yet.
const OPENING_MILLIS: i64 = 3_000;

/// The connection as shown. Instants are milliseconds of the browser's clock.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkStatus {
    /// The whole truth.
    pub state: State,
    /// When the next attempt begins.
    pub retry_at: Option<i64>,
    /// Of how many attempts the one made or waited for is one, where there is an end to them.
    pub attempts: Option<usize>,
    /// When the server was heard last.
    pub heard_at: Option<i64>,
    /// What went wrong last and has not gone right since.
    pub trouble: Option<Trouble>,
}

impl LinkStatus {
    /// Before anything was tried.
    pub fn idle() -> Self {
        Self {
            state: State::Idle,
            retry_at: None,
            attempts: None,
            heard_at: None,
            trouble: None,
        }
    }

    /// The one word for it.
    pub fn badge(&self) -> Badge {
        self.state.badge()
    }

    /// Whether nothing was tried yet but what is under way, and nothing has gone wrong.
    pub fn is_opening(&self) -> bool {
        matches!(self.state, State::Idle | State::Connecting { attempt: 0 })
            && self.trouble.is_none()
    }

    /// The badge of what goes on, beneath a pause.
    pub fn beneath(&self) -> Badge {
        match &self.state {
            State::Paused { beneath } => *beneath,
            state => state.badge(),
        }
    }

    /// Whether what is shown is as of now: news is heard as it happens, or at every poll.
    pub fn is_fresh(&self) -> bool {
        match self.beneath() {
            Badge::Live => true,
            Badge::Polling => self.tried() != Some(Tried::Poll),
            Badge::Paused | Badge::Reconnecting | Badge::Ended | Badge::Refused => false,
        }
    }

    /// How old what is shown is at `now`, in milliseconds, where that has to be said: nothing that
    /// is fresh, nothing that is over, and nothing before the first answer is stale.
    pub fn stale_for(&self, now: i64) -> Option<i64> {
        if self.is_fresh() || matches!(self.beneath(), Badge::Ended) {
            return None;
        }
        let age = (now - self.heard_at?).max(0);
        match self.state {
            State::Idle => None,
            State::Connecting { attempt: 0 } | State::Paused { .. } if age < OPENING_MILLIS => None,
            _ => Some(age),
        }
    }

    /// What the last thing that went wrong was an attempt at.
    pub fn tried(&self) -> Option<Tried> {
        self.trouble.as_ref().map(|trouble| trouble.tried)
    }

    /// Why the server will not show the run.
    pub fn refusal(&self) -> Option<Reason> {
        match &self.state {
            State::Refused { reason } => Some(*reason),
            _ => None,
        }
    }
}

/// Whom the page asks, and how: said by the configuration, the same for as long as the page is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backend {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The word for what is spoken there.
    pub dialect: &'static str,
    /// How often a stream that was lost is tried again before the page polls; 0 where there is to be none.
    pub attempts: usize,
}

/// What a person can ask of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionCommand {
    /// Fetch everything now.
    Refresh,
    /// Try again now.
    Retry,
    /// Keep recording, show no more.
    PauseUpdates,
    /// Show again.
    ResumeUpdates,
    /// End the run.
    CancelRun,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_stale_when_it_is_neither_fresh_nor_over() {
        let link = |state, tried: Option<Tried>| LinkStatus {
            state,
            retry_at: None,
            attempts: None,
            heard_at: Some(10_000),
            trouble: tried.map(|tried| Trouble {
                tried,
                message: "cut".into(),
                at: 0,
            }),
        };
        let paused = |beneath| State::Paused { beneath };
        let waiting = State::Waiting {
            attempt: 1,
            until: 0,
        };
        let refused = State::Refused {
            reason: Reason::Forbidden,
        };
        for (state, tried, stale) in [
            (State::Live, None, None),
            (State::Polling, None, None),
            // The stream is gone, the polls are not.
            (State::Polling, Some(Tried::Stream), None),
            (State::Polling, Some(Tried::Poll), Some(5_000)),
            (waiting, None, Some(5_000)),
            (State::Connecting { attempt: 2 }, None, Some(5_000)),
            (State::Connecting { attempt: 0 }, None, Some(5_000)),
            (refused, None, Some(5_000)),
            (State::Ended, None, None),
            (State::Idle, None, None),
            (paused(Badge::Live), None, None),
            (paused(Badge::Ended), None, None),
            (paused(Badge::Reconnecting), None, Some(5_000)),
        ] {
            let told = link(state.clone(), tried).stale_for(15_000);
            assert_eq!(told, stale, "{state:?} {tried:?}");
        }
        let opening = link(State::Connecting { attempt: 0 }, None);
        assert_eq!(opening.stale_for(11_000), None);
        assert_eq!(LinkStatus::idle().stale_for(11_000), None);
    }
}
