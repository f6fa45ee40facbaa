//! The steps as a tree: the canvas's twin, with the same selection, for keyboard and screen reader.

use crate::state::reactive::{Memo, effect};
use crate::state::{RunStore, Selection};
use crate::view::parts::badge::icon_of;
use crate::view::parts::icon::IconView;
use crate::view::parts::live::{live, on, words};
use crate::view::parts::text::visible;
use crate::view::parts::time::short_span;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use model::NodeIx;
use model::run_state::NodeView;

/// A signal a row, written only where a node has changed: of 10,000 rows a seek touches a few.
#[derive(Clone, Copy)]
struct Cells {
    store: RunStore,
    // Reference-counted, as they outlive the row that asked for them first.
    cells: StoredValue<Vec<ArcRwSignal<NodeView>>>,
}

impl Cells {
    fn new(store: RunStore) -> Self {
        let all = Self {
            store,
            cells: StoredValue::new(Vec::new()),
        };
        effect(move || {
            let state = store.state();
            all.cells.with_value(|cells| {
                for (cell, view) in cells.iter().zip(&state.nodes) {
                    if cell.with_untracked(|known| known != view) {
                        cell.set(*view);
                    }
                }
            });
        });
        all
    }

    /// The signal of a node.
    fn of(self, node: NodeIx) -> ArcRwSignal<NodeView> {
        let state = untrack(|| self.store.state());
        let cell = self.cells.try_update_value(|cells| {
            let wanted = state.nodes.len().max(node.index() + 1);
            for index in cells.len()..wanted {
                let view = state.nodes.get(index).copied().unwrap_or_default();
                cells.push(ArcRwSignal::new(view));
            }
            cells[node.index()].clone()
        });
        cell.unwrap_or_else(|| ArcRwSignal::new(NodeView::default()))
    }
}

/// One row: what it is, as far as it does not change with time.
#[derive(Clone, PartialEq)]
struct Row {
    node: NodeIx,
    reference: String,
    label: String,
}

/// The tree.
#[component]
pub fn StepsTree(store: RunStore, selection: Selection) -> impl IntoView {
    let cells = Cells::new(store);
    // Which rows there are changes with the graph, and with nodes that only records name.
    let shape = Memo::new(move |_| {
        let present = store
            .state()
            .nodes
            .iter()
            .filter(|view| view.present)
            .count();
        (store.journal(|journal| journal.graph_revision()), present)
    });
    let rows = Memo::new(move |_| {
        shape.get();
        rows(&store)
    });
    let tree = NodeRef::<html::Ul>::new();
    let move_focus = move |event: KeyboardEvent| {
        let rows = rows.get_untracked();
        let current = selection.node.get_untracked();
        let index = current.and_then(|node| rows.iter().position(|row| row.reference == node));
        let Some(target) = target(&event.key(), index, rows.len()) else {
            return;
        };
        event.prevent_default();
        selection.node.set(Some(rows[target].reference.clone()));
        let item = tree
            .get_untracked()
            .and_then(|tree| tree.children().item(target as u32));
        if let Some(item) = item {
            item.scroll_into_view_with_bool(false);
        }
    };
    let active = move || {
        let selected = selection.node.get()?;
        rows.with(|rows| {
            let row = rows.iter().find(|row| row.reference == selected)?;
            Some(item_id(row.node))
        })
    };
    view! {
        <h2 class="steps__title">
            "Steps" <span class="numbers">{live(move || rows.with(Vec::len))}</span>
        </h2>
        <ul
            class="steps__tree"
            role="tree"
            aria-label="Steps"
            tabindex="0"
            aria-activedescendant=active
            on:keydown=on(move_focus)
            node_ref=tree
        >
            <For each=move || rows.get() key=|row| (row.node, row.label.clone()) let:row>
                <Step store selection cell=cells.of(row.node) row />
            </For>
        </ul>
    }
}

#[component]
fn Step(
    store: RunStore,
    selection: Selection,
    cell: ArcRwSignal<NodeView>,
    row: Row,
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

/// Attempt, how far, how long.
fn note(store: &RunStore, view: &NodeView) -> String {
    let attempt = if view.attempt > 1 {
        format!("×{} ", view.attempt)
    } else {
        String::new()
    };
    let fraction = view
        .progress
        .filter(|_| view.state.is_active())
        .and_then(|progress| {
            progress
                .total
                .map(|total| format!("{}/{} ", progress.done, total))
        });
    let span = match (view.started, view.ended) {
        (Some(started), Some(ended)) => short_span((ended - started).0),
        (Some(started), None) if view.state.is_active() => {
            short_span((store.at() - started).0.max(0))
        }
        _ => String::new(),
    };
    format!("{attempt}{}{span}", fraction.unwrap_or_default())
}

/// Parents before children, in the graph's order.
fn rows(store: &RunStore) -> Vec<Row> {
    let state = untrack(|| store.state());
    store.journal_untracked(|journal| {
        let graph = journal.graph();
        let present = graph
            .topological()
            .iter()
            .filter(|node| state.node(**node).is_some_and(|view| view.present));
        let row = |node: &NodeIx| {
            let known = graph.node(*node)?;
            Some(Row {
                node: *node,
                reference: known.reference.to_string(),
                label: visible(&known.label).into_owned(),
            })
        };
        present.filter_map(row).collect()
    })
}

fn target(key: &str, index: Option<usize>, rows: usize) -> Option<usize> {
    let last = rows.checked_sub(1)?;
    match key {
        "ArrowDown" => Some(index.map_or(0, |index| (index + 1).min(last))),
        "ArrowUp" => Some(index.map_or(last, |index| index.saturating_sub(1))),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

/// By number: a reference may hold spaces, which an id must not.
fn item_id(node: NodeIx) -> String {
    format!("step-{}", node.0)
}
