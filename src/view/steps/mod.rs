//! The steps as a tree: the canvas's twin, with the same selection, for keyboard and screen reader.

mod cells;
mod row;

use crate::dom::canvas::{Resized, token};
use crate::state::reactive::{Memo, effect};
use crate::state::{RunStore, Selection};
use crate::view::parts::live::{live, on};
use crate::view::parts::text::visible;
use cells::Cells;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use row::{Row, Step, item_id};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

/// So many rows are all in the document, where a browser's own search finds them; of more only those
/// in view are.
const ALL_UPTO: usize = 500;

/// Rows kept above and below those in view.
const OVERSCAN: usize = 2;

/// What of the tree is in view, in pixels.
#[derive(Clone, Copy, PartialEq)]
struct Sight {
    top: f64,
    height: f64,
    /// Of a row.
    row: f64,
}

/// The tree.
#[component]
pub fn StepsTree(store: RunStore, selection: Selection) -> impl IntoView {
    let cells = Cells::new(store);
    // Which rows there are changes with the graph, and with nodes that only records name.
    let shape = Memo::new(move |_| {
        let present: u32 = store.state().counts.iter().sum();
        (store.journal(|journal| journal.graph_revision()), present)
    });
    let rows = Memo::new(move |_| {
        shape.get();
        Arc::new(rows(&store))
    });
    let tree = NodeRef::<html::Ul>::new();
    let sight = RwSignal::new(Sight {
        top: 0.0,
        height: 600.0,
        row: 32.0,
    });
    let look = move || look(tree, sight);
    let held = StoredValue::new_local(None);
    effect(move || {
        if let Some(tree) = tree.get() {
            held.set_value(Some(Resized::watch(&tree, look)));
        }
    });
    let window = Memo::new(move |_| window(sight.get(), rows.with(|rows| rows.len())));
    let move_focus = move |event: KeyboardEvent| {
        let rows = rows.get_untracked();
        let current = selection.node.get_untracked();
        let index = current.and_then(|node| rows.iter().position(|row| row.reference == node));
        let Some(target) = target(&event.key(), index, rows.len()) else {
            return;
        };
        event.prevent_default();
        selection.node.set(Some(rows[target].reference.clone()));
        if let Some(tree) = tree.get_untracked() {
            tree.set_scroll_top(brought_into(sight.get_untracked(), target) as i32);
            look();
        }
    };
    let active = move || {
        let selected = selection.node.get()?;
        let window = window.get();
        rows.with(|rows| {
            let mut shown = rows.get(window)?.iter();
            let row = shown.find(|row| row.reference == selected)?;
            Some(item_id(row.node))
        })
    };
    let shown = move || {
        let (rows, window) = (rows.get(), window.get());
        let count = rows.len();
        // Where all are in the document, it tells by itself which of how many a row is.
        let place = |place| (count > ALL_UPTO).then_some((place + 1, count));
        let shown: Vec<_> = window
            .filter_map(|index| Some((place(index), rows.get(index)?.clone())))
            .collect();
        let nodes: HashSet<_> = shown.iter().map(|(_, row)| row.node).collect();
        cells.keep(|node| nodes.contains(&node));
        shown
    };
    let before = move || format!("{}px", window.get().start as f64 * sight.get().row);
    let behind = move || {
        let rows = rows.with(|rows| rows.len());
        format!(
            "{}px",
            rows.saturating_sub(window.get().end) as f64 * sight.get().row
        )
    };
    view! {
        <h2 class="steps__title">
            "Steps" <span class="numbers">{live(move || rows.with(|rows| rows.len()))}</span>
        </h2>
        <ul
            class="steps__tree"
            role="tree"
            aria-label="Steps"
            tabindex="0"
            aria-activedescendant=active
            on:keydown=on(move_focus)
            on:scroll=on(move |_| look())
            node_ref=tree
        >
            <li role="none" style:height=before></li>
            <For each=shown key=|(place, row)| (row.node, row.label.clone(), *place) let((place, row))>
                <Step store selection cell=cells.of(row.node) row place />
            </For>
            <li role="none" style:height=behind></li>
        </ul>
    }
}

/// Sees what is in view now.
fn look(tree: NodeRef<html::Ul>, sight: RwSignal<Sight>) {
    let Some(tree) = tree.get_untracked() else {
        return;
    };
    let stated = token("--step-row");
    let now = Sight {
        top: f64::from(tree.scroll_top()),
        height: f64::from(tree.client_height()),
        row: stated.trim_end_matches("px").parse().unwrap_or(32.0),
    };
    if sight.get_untracked() != now {
        sight.set(now);
    }
}

/// The rows that are in the document.
fn window(sight: Sight, rows: usize) -> Range<usize> {
    if rows <= ALL_UPTO {
        return 0..rows;
    }
    // Casts saturate: a page that tells nonsense gets the first or the last rows.
    let first = (sight.top / sight.row) as usize;
    let last = ((sight.top + sight.height) / sight.row).ceil() as usize;
    first.saturating_sub(OVERSCAN).min(rows)..last.saturating_add(OVERSCAN).min(rows)
}

/// How far to scroll, at the least, so that a row is in view.
fn brought_into(sight: Sight, row: usize) -> f64 {
    let top = row as f64 * sight.row;
    let (least, most) = (top + sight.row - sight.height, top);
    sight.top.max(least).min(most)
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
        let row = |node: &model::NodeIx| {
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

#[cfg(test)]
mod tests {
    use super::*;

    const SIGHT: Sight = Sight {
        top: 3_200.0,
        height: 320.0,
        row: 32.0,
    };

    #[test]
    fn few_rows_are_all_there_and_of_many_those_in_view() {
        for (sight, rows, shown) in [
            (SIGHT, 500, 0..500),
            (SIGHT, 10_000, 98..112),
            (SIGHT, 501, 98..112),
            (Sight { top: 0.0, ..SIGHT }, 10_000, 0..12),
            (
                Sight {
                    top: 1e300,
                    ..SIGHT
                },
                10_000,
                10_000..10_000,
            ),
        ] {
            assert_eq!(window(sight, rows), shown, "{rows}");
        }
    }

    #[test]
    fn a_row_out_of_view_is_brought_in_by_the_shortest_way() {
        for (row, top) in [
            (100, 3_200.0),
            (109, 3_200.0),
            (110, 3_232.0),
            (99, 3_168.0),
            (0, 0.0),
        ] {
            assert_eq!(brought_into(SIGHT, row), top, "{row}");
        }
    }
}
