//! One step of the tree: its state, its name, how far it is.

use crate::state::{RunStore, Selection};
use crate::view::parts::badge::icon_of;
use crate::view::parts::icon::IconView;
use crate::view::parts::live::{live, on, words};
use crate::view::parts::time::short_span;
use leptos::prelude::*;
use model::NodeIx;
use model::run_state::NodeView;

/// What a row is, as far as it does not change with time.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which node.
    pub node: NodeIx,
    /// What records call it.
    pub reference: String,
    /// What people call it.
    pub label: String,
}

/// A row; `place` is its number from 1 and how many there are, where the document does not hold all.
#[component]
pub fn Step(
    store: RunStore,
    selection: Selection,
    cell: ArcRwSignal<NodeView>,
    row: Row,
    place: Option<(usize, usize)>,
) -> impl IntoView {
    let cell = RwSignal::from(cell);
    let state = move || cell.with(|view| view.state);
    let reference = StoredValue::new(row.reference.clone());
    let selected = move || {
        selection
            .node
            .with(|node| reference.with_value(|reference| node.as_deref() == Some(reference)))
    };
    view! {
        <li
            class="steps__item"
            role="treeitem"
            id=item_id(row.node)
            aria-selected=words(move || selected().to_string())
            aria-posinset=place.map(|(number, _)| number.to_string())
            aria-setsize=place.map(|(_, count)| count.to_string())
            data-node=row.reference.clone()
            data-state=words(move || state().as_str())
            title=row.reference.clone()
            on:click=on(move |_| reference.with_value(|reference| selection.toggle_node(reference)))
        >
            <span class="steps__mark"><IconView icon=Signal::derive(move || icon_of(state())) /></span>
            <span class="steps__label">{row.label}</span>
            <span class="visually-hidden">{live(move || format!(", {}, ", state().label()))}</span>
            <span class="steps__note numbers">{live(move || note(&store, &cell.get()))}</span>
        </li>
    }
}

/// By number: a reference may hold spaces, which an id must not.
pub fn item_id(node: NodeIx) -> String {
    format!("step-{}", node.0)
}

/// Attempt, how far, how long.
fn note(store: &RunStore, view: &NodeView) -> String {
    let attempt = if view.attempt > 1 {
        format!("×{} ", view.attempt)
    } else {
        String::new()
    };
    let active = view.state.is_active();
    let progress = active.then(|| store.journal_untracked(|journal| view.progress(journal)));
    let fraction = progress.flatten().and_then(|progress| {
        progress
            .total
            .map(|total| format!("{}/{} ", progress.done, total))
    });
    let span = match (view.started(), view.ended()) {
        (Some(started), Some(ended)) => short_span((ended - started).0),
        (Some(started), None) if view.state.is_active() => {
            short_span((store.at() - started).0.max(0))
        }
        _ => String::new(),
    };
    format!("{attempt}{}{span}", fraction.unwrap_or_default())
}
