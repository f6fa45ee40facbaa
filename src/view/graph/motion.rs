//! What moves: pulses of running nodes, the flow on edges, one shake of a node that fails.

use crate::dom::canvas::{self, prefers_reduced_motion};
use crate::state::RunStore;
use model::playhead::Playhead;
use model::run_state::Phase;
use model::{NodeIx, NodeState, RunState};
use std::collections::HashMap;
use std::f64::consts::TAU;

/// How long a node shakes or glows after it changed, in milliseconds.
const CHANGE_MILLIS: f64 = 500.0;
/// One pulse, in milliseconds.
const PULSE_MILLIS: f64 = 1_600.0;

/// Whether what is shown is "right now": not at a playhead at rest, not while history loads, not on
/// stale data. Only then a pulse or a shake is true.
pub fn is_live(store: &RunStore) -> bool {
    store.playhead() == Playhead::Following && store.link().is_fresh() && store.frozen().is_none()
}

/// The clock of everything that moves on the canvas.
#[derive(Default)]
pub struct Motion {
    /// Milliseconds of motion so far.
    clock: f64,
    known: Vec<NodeState>,
    /// Nodes that have just failed or succeeded, and when.
    changed: HashMap<NodeIx, f64>,
    /// Whether time goes on in the picture.
    running: bool,
    reduced: bool,
}

impl Motion {
    /// Notes what changed since the last frame.
    pub fn update(&mut self, store: &RunStore, state: &RunState, elapsed: f64) {
        self.clock += elapsed.min(100.0);
        let moves = is_live(store) || store.playhead().is_playing();
        if moves {
            self.reduced = prefers_reduced_motion();
        }
        let now = self.clock;
        for (index, view) in state.nodes.iter().enumerate() {
            let before = self.known.get(index).copied();
            let news = before.is_some_and(|before| before != view.state);
            if moves && news && matches!(view.state, NodeState::Failed | NodeState::Success) {
                self.changed.insert(NodeIx(index as u32), now);
            }
        }
        self.known.clear();
        self.known.extend(state.nodes.iter().map(|view| view.state));
        self.changed.retain(|_, since| now - *since < CHANGE_MILLIS);
        self.running = moves
            && state.phase == Phase::Within
            && state.nodes.iter().any(|view| view.state.is_active());
    }

    /// Whether another frame is wanted.
    pub fn is_moving(&self) -> bool {
        !self.reduced && (self.running || !self.changed.is_empty())
    }

    /// 0 to 1 and on again: how far the pulse is.
    pub fn pulse(&self) -> Option<f64> {
        (self.running && !self.reduced).then_some(self.clock % PULSE_MILLIS / PULSE_MILLIS)
    }

    /// How far the dashes of a flowing edge have come, in pixels.
    pub fn flow(&self) -> f64 {
        if self.reduced || !self.running {
            0.0
        } else {
            -(self.clock * 0.04) % 24.0
        }
    }

    /// How far to the side a node that has just failed is shaken.
    pub fn shake(&self, node: NodeIx) -> f64 {
        let Some(left) = self.left(node) else {
            return 0.0;
        };
        canvas::sin(left * 3.0 * TAU) * 5.0 * left
    }

    /// 1 to 0: how strongly a node that has just changed glows.
    pub fn glow(&self, node: NodeIx) -> f64 {
        self.left(node).unwrap_or(0.0)
    }

    fn left(&self, node: NodeIx) -> Option<f64> {
        let since = self.changed.get(&node).filter(|_| !self.reduced)?;
        Some((1.0 - (self.clock - since) / CHANGE_MILLIS).clamp(0.0, 1.0))
    }
}
