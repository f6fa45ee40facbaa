//! What of an event decides states, in 16 bytes, so that folding thousands of events costs little.

use crate::graph::NodeIx;
use crate::item::{Detail, EventKind};
use crate::journal::Event;
use crate::state::NodeState;
use crate::time::Millis;

/// How an event puts its node in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// It happened.
    Happened,
    /// An attempt began.
    Began,
    /// The source states that it is so.
    Stated,
}

/// An event as the fold needs it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deed {
    /// When.
    pub(crate) at: Millis,
    node: u32,
    attempt: u16,
    state: NodeState,
    /// [`How`], and the bits below.
    flags: u8,
}

/// What changes no state, or is of no node.
const NOBODY: u32 = u32::MAX;
/// The attempt is too high for two bytes.
const LOOK_UP: u16 = u16::MAX;

const HOW: u8 = 0b11;
const MESSAGE: u8 = 1 << 2;
const PROGRESS: u8 = 1 << 3;
const RESULT: u8 = 1 << 4;

impl How {
    /// How an event of this kind does it.
    pub(crate) fn of(kind: &EventKind) -> Self {
        match kind {
            EventKind::Started => Self::Began,
            EventKind::Stated(_) => Self::Stated,
            _ => Self::Happened,
        }
    }
}

impl Deed {
    /// Of an event.
    pub(crate) fn of(event: &Event) -> Self {
        let detail = event.detail.as_deref();
        let flag = |bit: u8, there: fn(&Detail) -> bool| match detail.is_some_and(there) {
            true => bit,
            false => 0,
        };
        let result = flag(RESULT, |it| it.output.is_some() || it.child_run.is_some());
        let (Some(node), Some(state)) = (event.node, event.kind.state()) else {
            return Self {
                at: event.stamp.at,
                node: NOBODY,
                attempt: 0,
                state: NodeState::Idle,
                flags: result,
            };
        };
        let message = flag(MESSAGE, |it| it.message.is_some());
        let progress = flag(PROGRESS, |it| it.progress.is_some());
        Self {
            at: event.stamp.at,
            node: node.0,
            attempt: u16::try_from(event.attempt).unwrap_or(LOOK_UP),
            state,
            flags: How::of(&event.kind) as u8 | message | progress | result,
        }
    }

    /// Whose state it decides.
    pub(crate) fn node(&self) -> Option<NodeIx> {
        (self.node != NOBODY).then_some(NodeIx(self.node))
    }

    /// Which state.
    pub(crate) fn state(&self) -> NodeState {
        self.state
    }

    /// How.
    pub(crate) fn how(&self) -> How {
        match self.flags & HOW {
            0 => How::Happened,
            1 => How::Began,
            _ => How::Stated,
        }
    }

    /// The attempt that the event names, or 0; `event` is asked where the number is absurdly high.
    pub(crate) fn attempt<'a>(&self, event: impl FnOnce() -> Option<&'a Event>) -> u32 {
        match self.attempt {
            LOOK_UP => event().map_or(u32::from(LOOK_UP), |event| event.attempt),
            attempt => u32::from(attempt),
        }
    }

    /// Whether the event says something.
    pub(crate) fn has_message(&self) -> bool {
        self.flags & MESSAGE != 0
    }

    /// Whether it says how far its node is.
    pub(crate) fn has_progress(&self) -> bool {
        self.flags & PROGRESS != 0
    }

    /// Whether the event tells what came out, or which run was started; of whichever node.
    pub(crate) fn has_result(&self) -> bool {
        self.flags & RESULT != 0
    }
}

/// Whether a node whose latest attempt is number `latest` (0: none yet) and which `stands` so begins
/// another by an event that puts it in `state` and names `attempt`. A statement begins one where it
/// cannot be about the latest.
pub(crate) fn begins(
    how: How,
    state: NodeState,
    attempt: u32,
    latest: u32,
    stands: NodeState,
) -> bool {
    match how {
        How::Began => true,
        How::Happened => false,
        How::Stated if !state.is_of_an_attempt() => false,
        How::Stated => {
            attempt > latest
                || match stands {
                    NodeState::Idle
                    | NodeState::Queued
                    | NodeState::Waiting
                    | NodeState::Blocked => true,
                    stands => state == NodeState::Running && !stands.is_active(),
                }
        }
    }
}

/// The number of an attempt that begins after `latest` by an event that names `attempt`.
pub(crate) fn next(attempt: u32, latest: u32) -> u32 {
    match attempt {
        0 => latest.saturating_add(1),
        given => given,
    }
}
