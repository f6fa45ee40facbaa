//! What the rows on the page show, each a signal written only where its node has changed.

use crate::state::RunStore;
use crate::state::reactive::effect;
use leptos::prelude::*;
use model::NodeIx;
use model::run_state::NodeView;
use std::collections::HashMap;

/// Of 10,000 nodes a seek changes most, but only those with a row are looked at.
#[derive(Clone, Copy)]
pub struct Cells {
    store: RunStore,
    // Reference-counted, as they outlive the row that asked for them first.
    cells: StoredValue<HashMap<NodeIx, ArcRwSignal<NodeView>>>,
}

impl Cells {
    /// None yet; they follow the store's state from now on.
    pub fn new(store: RunStore) -> Self {
        let all = Self {
            store,
            cells: StoredValue::new(HashMap::new()),
        };
        effect(move || {
            let state = store.state();
            all.cells.with_value(|cells| {
                for (node, cell) in cells {
                    let view = state.node(*node).copied().unwrap_or_default();
                    if cell.with_untracked(|known| *known != view) {
                        cell.set(view);
                    }
                }
            });
        });
        all
    }

    /// The signal of a node.
    pub fn of(self, node: NodeIx) -> ArcRwSignal<NodeView> {
        let view = untrack(|| self.store.state().node(node).copied().unwrap_or_default());
        let cell = self.cells.try_update_value(|cells| {
            let cell = cells.entry(node).or_insert_with(|| ArcRwSignal::new(view));
            cell.clone()
        });
        cell.unwrap_or_else(|| ArcRwSignal::new(view))
    }

    /// Forgets those of nodes that have no row any more.
    pub fn keep(self, has_row: impl Fn(NodeIx) -> bool) {
        self.cells
            .update_value(|cells| cells.retain(|node, _| has_row(*node)));
    }
}
