//! Where a stream starts: `Last-Event-ID`, `?after=`, or Studio's three cursors.

use crate::ask::Ask;
use crate::error::ApiError;
use crate::run_id::RunId;
use crate::run_view::RunView;
use crate::state::AppState;
use crate::store::StoredRecord;
use crate::token::ResumeToken;
use axum::http::HeaderMap;
use contract::reel::Kind;
use contract::time;

/// How far a reader is.
#[derive(Clone, Debug)]
pub(crate) struct Position {
    /// Of the run's present history.
    pub(crate) epoch: String,
    /// Everything up to it is sent.
    pub(crate) arrival: i64,
    /// How this stream began.
    pub(crate) origin: Origin,
    /// Frames carry Studio's cursors. Who comes with an id alone goes on by ids, and each cursor would
    /// cost some bytes to say the same.
    pub(crate) cursors: bool,
    /// Trace events and packets up to this arrival are the reader's already.
    trace: i64,
    /// Terminal chunks likewise.
    terminal: i64,
    /// Log lines up to this arrival, or before this instant (nanoseconds), likewise.
    logs: LogsFrom,
}

/// How a stream began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// From the first record, as asked.
    Start,
    /// Behind what the reader has.
    Resumed,
    /// From the first record, because what the reader has is of another history.
    Restarted,
}

impl Origin {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Resumed => "resumed",
            Self::Restarted => "restarted",
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum LogsFrom {
    Arrival(i64),
    Instant(i64),
}

impl Position {
    /// Reads where to start from a request for `run`.
    pub(crate) async fn read(
        state: &AppState,
        run: &RunId,
        view: &RunView,
        ask: &Ask,
        headers: &HeaderMap,
    ) -> Result<Self, ApiError> {
        let mut position = Self {
            epoch: view.epoch.clone(),
            arrival: 0,
            origin: Origin::Start,
            cursors: true,
            trace: 0,
            terminal: 0,
            logs: LogsFrom::Arrival(0),
        };
        let last_id = headers
            .get("last-event-id")
            .and_then(|value| value.to_str().ok());
        let given = last_id.filter(|id| !id.is_empty()).or(ask.text("after"));
        if let Some(given) = given {
            let held = known(given, view);
            let studio = ["cursor", "terminalCursor", "logCursor"];
            position.cursors = studio.iter().any(|name| ask.text(name).is_some());
            position.arrival = held.unwrap_or(0);
            position.origin = held.map_or(Origin::Restarted, |_| Origin::Resumed);
            return Ok(position);
        }
        if let Some(cursor) = ask.text("cursor") {
            position.trace = match known(cursor, view) {
                Some(arrival) => arrival,
                None => studio_sequence(state, run, cursor).await?,
            };
        }
        if let Some(cursor) = ask.text("terminalCursor") {
            position.terminal = known(cursor, view).unwrap_or(0);
        }
        if let Some(cursor) = ask.text("logCursor") {
            position.logs = match (known(cursor, view), time::parse_nanos(cursor)) {
                (Some(arrival), _) => LogsFrom::Arrival(arrival),
                // The instant itself comes again: other lines of it may be missing.
                (None, Some(instant)) => LogsFrom::Instant(instant),
                (None, None) => LogsFrom::Arrival(0),
            };
        }
        Ok(position)
    }

    /// Whether the reader has a record already.
    pub(super) fn has(&self, record: &StoredRecord) -> bool {
        match record.kind {
            Kind::Trace | Kind::Packet => record.arrival <= self.trace,
            Kind::Terminal => record.arrival <= self.terminal,
            Kind::Log => match self.logs {
                LogsFrom::Arrival(arrival) => record.arrival <= arrival,
                LogsFrom::Instant(instant) => record.at < instant,
            },
            _ => false,
        }
    }

    /// The token of an arrival.
    pub(super) fn token(&self, arrival: i64) -> ResumeToken {
        ResumeToken {
            epoch: self.epoch.clone(),
            arrival,
        }
    }
}

fn known(given: &str, view: &RunView) -> Option<i64> {
    ResumeToken::parse(given)?.arrival_in(&view.epoch, view.last)
}

/// Studio's own cursor is an event's decimal id; what is none starts from the beginning.
async fn studio_sequence(state: &AppState, run: &RunId, cursor: &str) -> Result<i64, ApiError> {
    if cursor.is_empty() || !cursor.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(0);
    }
    let arrival = state.stores.records.arrival_of_event(run, cursor).await?;
    Ok(arrival.unwrap_or(0))
}
