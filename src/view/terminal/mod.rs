//! The terminal of a node as it looked at the playhead, drawn by xterm.js.

mod player;
mod reader;
mod screen;
mod theme;

use crate::state::reactive::Memo;
use crate::state::{RunStore, Selection};
use crate::view::parts::empty::Empty;
use crate::view::parts::live::{either, live};
use crate::view::parts::missing::missing_note;
use leptos::prelude::*;
use model::missing::Track;
use model::{NodeIx, shown};
use screen::ScreenView;

/// The panel.
#[component]
pub fn TerminalPanel(store: RunStore, selection: Selection) -> impl IntoView {
    let node = Memo::new(move |_| chosen(&store, &selection));
    let name = move || {
        let label = node.get().and_then(|node| {
            store.journal(|journal| Some(journal.graph().node(node)?.label.to_string()))
        });
        label.unwrap_or_default()
    };
    view! {
        <section class="terminal" role="region" aria-label="Terminal">
            <div class="terminal__bar">
                <strong>{live(name)}</strong>
                <span class="muted numbers">{live(move || node.get().map(|node| size_note(&store, node)))}</span>
                <span class="terminal__missing numbers">{live(move || node.get().and_then(|node| missing(&store, node)))}</span>
            </div>
            {either(
                move || node.get().is_some(),
                move || view! { <ScreenView store node /> },
                || view! {
                    <Empty
                        title="No terminal output yet"
                        hint="The terminal of a step appears here as soon as it prints; select a step to see its own."
                    />
                },
            )}
        </section>
    }
}

/// The selected node's terminal; with none selected, the one that printed last.
fn chosen(store: &RunStore, selection: &Selection) -> Option<NodeIx> {
    let (selected, at) = (selection.node.get(), store.at());
    store.journal(|journal| match selected {
        Some(reference) => {
            let node = journal.graph().find(&reference)?;
            journal.terminals().of(node).map(|_| node)
        }
        None => shown::last_printed(journal, at),
    })
}

fn size_note(store: &RunStore, node: NodeIx) -> String {
    let at = store.at();
    store.journal(|journal| {
        let terminal = journal.terminals().of(node);
        let bytes = terminal.map(|terminal| terminal.bytes_before(terminal.place_at(at)));
        match bytes.unwrap_or_default() {
            bytes @ 0..1_000 => format!("{bytes} bytes"),
            bytes @ 1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
            bytes => format!("{:.1} MB", bytes as f64 / 1e6),
        }
    })
}

/// What of the node's terminal never came, or is gone.
fn missing(store: &RunStore, node: NodeIx) -> Option<String> {
    let notes: Vec<_> = store.journal(|journal| {
        let tracks = journal.missing().incomplete();
        let own =
            tracks.filter(|(track, _)| matches!(track, Track::Terminal(of, _) if *of == node));
        own.filter_map(|(_, numbers)| missing_note(numbers, ("chunk", "chunks")))
            .collect()
    });
    (!notes.is_empty()).then(|| notes.join("; "))
}
