//! What the connection is told (`Input`) and what it asks for (`Action`).

use std::fmt;

/// The number of one request or timer. An answer with a number that is no longer current is stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub(super) u64);

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "a variant's line says what its fields are")]
pub enum Input {
    /// Start watching the run, from nothing.
    Open,
    /// Stop watching: the page goes to another run or file.
    Close,

    /// A fetch has been answered, decoded and taken in. Say [`Input::RunEnded`] and
    /// [`Input::GapFound`] before it.
    FetchDone { generation: Generation },
    /// A fetch failed. A failure of one part that the run can do without (logs that are not
    /// configured) is a problem to show, not this.
    FetchFailed {
        generation: Generation,
        failure: Failure,
    },
    /// Bytes of a long answer are arriving: it is slow, not stuck.
    FetchProgress { generation: Generation },

    /// The stream answered with 200 and `text/event-stream`.
    StreamOpened { generation: Generation },
    /// Bytes came that held at least one frame or comment: once a chunk is enough.
    StreamItem { generation: Generation },
    /// The server named a reconnection time, in milliseconds.
    StreamRetry { generation: Generation, millis: u64 },
    /// The server's own last word: the run is over and all of it has been sent.
    StreamComplete { generation: Generation },
    /// The body ended, or the connection broke, before or after it had been opened.
    StreamClosed {
        generation: Generation,
        reason: Closed,
    },
    /// The stream's request was answered with anything but an event stream.
    StreamRejected {
        generation: Generation,
        rejection: Rejection,
    },

    /// What was received says that the run has reached a terminal status. May be repeated.
    RunEnded,
    /// What was received says that an ended run goes on after all (a retry of the run).
    RunReopened,
    /// What was received has a hole that only a full fetch can fill.
    GapFound,

    /// A timer went off.
    TimerFired {
        timer: TimerId,
        generation: Generation,
    },

    /// The button "Pause updates": the view stands still, recording goes on.
    PauseUpdates,
    /// The button "Resume updates".
    ResumeUpdates,
    /// The button "Refresh": fetch everything now.
    Refresh,
    /// The button "Retry connection".
    RetryConnection,

    /// The browser found a network.
    Online,
    /// The browser lost its network.
    Offline,
    /// The page can be seen again.
    Visible,
    /// The page is hidden. Recording goes on.
    Hidden,
    /// The page came back from the browser's cache or from sleep.
    PageShow,
}

/// How a fetch failed. A 404 says that the run itself is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The status answered; `None` when no answer came.
    pub status: Option<u16>,
    /// `Retry-After`, in milliseconds from now.
    pub retry_after_ms: Option<i64>,
    /// For people: what happened and where.
    pub message: String,
}

/// How a stream ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed {
    /// The body ended in order.
    Eof,
    /// The connection broke, or could not be made. For people: what happened.
    Error(String),
}

/// How a stream's request was turned down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// What was answered instead of an event stream.
    pub answer: Answer,
    /// `Retry-After`, in milliseconds from now.
    pub retry_after_ms: Option<i64>,
}

/// What was answered instead of an event stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A status other than 200.
    Status(u16),
    /// 200, but of this content type.
    ContentType(String),
    /// None was asked for: other tabs use all the streams that this browser allows.
    NoRoom,
}

/// Something for the client to do, at once and in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "a variant's line says what its fields are")]
pub enum Action {
    /// Open the run's stream, from the newest resume tokens held.
    OpenStream { generation: Generation },
    /// Drop the stream; nothing more of it is wanted.
    CloseStream { generation: Generation },
    /// Fetch the whole run, as if nothing were held.
    FetchFull { generation: Generation },
    /// Fetch what came after the newest resume tokens held.
    FetchDelta { generation: Generation },
    /// Drop this fetch; its answer is not wanted.
    AbortFetch { generation: Generation },
    /// Report [`Input::TimerFired`] at `at` (milliseconds). Replaces the timer of the same name.
    SetTimer {
        timer: TimerId,
        generation: Generation,
        at: i64,
    },
    /// Drop the timer of this name.
    ClearTimer { timer: TimerId },
}

/// The timers, by what they are for. There is never more than one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimerId {
    /// The end of a wait: attempt again.
    Retry,
    /// The next fetch of deltas.
    Poll,
    /// While polling: ask for the stream again.
    Probe,
    /// The stream should have answered by now.
    Connect,
    /// The stream should have said something by now.
    Watchdog,
    /// The stream has lasted: it is good.
    Settle,
    /// The run is over: the stream has had its time to say the rest.
    Finish,
    /// The full fetch should have come by now.
    FullDeadline,
    /// The delta should have come by now.
    DeltaDeadline,
    /// A gap may be filled again.
    Backfill,
}

impl TimerId {
    /// Every timer there is.
    pub const ALL: [Self; 10] = [
        Self::Retry,
        Self::Poll,
        Self::Probe,
        Self::Connect,
        Self::Watchdog,
        Self::Settle,
        Self::Finish,
        Self::FullDeadline,
        Self::DeltaDeadline,
        Self::Backfill,
    ];
}
