//! The three ways of saying what a run does. The loop is the same for all.

use super::Position;
use super::operations::Operations;
use super::pieces::Pieces;
use super::playbook::Playbook;
use super::studio::Studio;
use crate::run_id::RunId;
use crate::run_view::RunView;
use crate::state::AppState;
use crate::store::{StoreError, StoredRecord};
use crate::token::ResumeToken;

/// In whose words a stream speaks, and what it has said.
pub(crate) enum Voice {
    /// Everything.
    Studio(Studio),
    /// What steps do, and their logs.
    Playbook(Playbook),
    /// One log.
    Operations(Operations),
}

/// What a stream is about, and how far it is.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) state: &'a AppState,
    pub(super) run: &'a RunId,
    pub(super) position: &'a Position,
}

impl At<'_> {
    /// Everything up to here is sent.
    pub(super) fn token(self) -> ResumeToken {
        self.position.token(self.position.arrival)
    }
}

/// How a stream that has sent everything goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// There is more to read by now.
    Behind,
    /// Nothing is new.
    CaughtUp,
    /// The run is over.
    Over,
}

impl Voice {
    /// Studio's.
    pub(crate) fn studio() -> Self {
        Self::Studio(Studio::default())
    }

    /// Playbook's.
    pub(crate) fn playbook() -> Self {
        Self::Playbook(Playbook::default())
    }

    /// Operations'.
    pub(crate) fn operations() -> Self {
        Self::Operations(Operations::default())
    }

    /// The first frames.
    pub(super) async fn open(&mut self, at: At<'_>, out: &mut Pieces) -> Result<(), StoreError> {
        match self {
            Self::Studio(studio) => studio.open(at, out).await,
            Self::Playbook(playbook) => playbook.open(at, out).await,
            Self::Operations(operations) => operations.open(at, out).await,
        }
    }

    /// A batch of records, the last of which has the arrival `reached`.
    pub(super) async fn records(
        &mut self,
        at: At<'_>,
        batch: &[StoredRecord],
        reached: i64,
        out: &mut Pieces,
    ) -> Result<(), StoreError> {
        match self {
            Self::Studio(studio) => studio.records(at, batch, reached, out),
            Self::Playbook(playbook) => playbook.records(at, batch, out).await?,
            Self::Operations(operations) => operations.records(at, batch, out),
        }
        Ok(())
    }

    /// Everything up to now is sent: how the run stands, and whether it is over.
    pub(super) async fn caught_up(
        &mut self,
        at: At<'_>,
        run: &RunView,
        out: &mut Pieces,
    ) -> Result<Standing, StoreError> {
        match self {
            Self::Studio(studio) => Ok(studio.caught_up(at, run, out)),
            Self::Playbook(playbook) => playbook.caught_up(at, out).await,
            Self::Operations(operations) => Ok(operations.caught_up(at, run, out)),
        }
    }

    /// A sign of life that a script can see.
    pub(super) fn heartbeat(&self, at: At<'_>, out: &mut Pieces) {
        match self {
            Self::Studio(_) | Self::Playbook(_) => out.event("hb", &at.token(), "{}"),
            Self::Operations(_) => out.event("", &at.token(), "{\"type\":\"hb\"}"),
        }
    }

    /// The store could not be read.
    pub(super) fn failed(&self, at: At<'_>, error: &StoreError, out: &mut Pieces) {
        let why = error.to_string();
        let studio = serde_json::json!({"message": "trace_fetch_failed", "detail": why});
        let playbook = serde_json::json!({"message": why});
        let operations = serde_json::json!({"type": "error", "message": why});
        match self {
            Self::Studio(_) => out.event("error", &at.token(), &studio.to_string()),
            Self::Playbook(_) => out.event("error", &at.token(), &playbook.to_string()),
            Self::Operations(_) => out.event("", &at.token(), &operations.to_string()),
        }
    }
}
