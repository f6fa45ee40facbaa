//! The palette: every command, step and moment by a few letters.

mod entries;

use crate::state::commands::perform;
use crate::state::desk::Overlay;
use crate::state::reactive::Memo;
use crate::state::{Desk, RunStore, Selection};
use crate::view::parts::picker::{Picker, picker};
use entries::{Entries, Entry};
use leptos::prelude::*;
use model::NodeIx;
use model::playhead::PlaybackCommand;

/// The dialog, while it is open.
#[component]
pub fn Palette(store: RunStore, selection: Selection, desk: Desk) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let all = StoredValue::new(Entries::collect(&store, &selection, desk.keyboard));
    let shown =
        Memo::new(move |_| query.with(|query| all.with_value(|all| all.find(query, &store))));
    let status = Memo::new(move |_| {
        shown.with(|shown| match (shown.rows.len(), shown.matching) {
            (0, _) => "Nothing matches. Try a step's name, a command, 12:30 or +90s.".to_owned(),
            (rows, (matching, all)) if rows < matching => {
                format!("The best {rows} of {matching} that match, of {all}")
            }
            (_, (matching, all)) => format!("{matching} of {all}"),
        })
    });
    let select = move |node: NodeIx| {
        let reference = store
            .journal_untracked(|journal| Some(journal.graph().node(node)?.reference.to_string()));
        selection.node.set(reference);
    };
    let take = move |row: usize| {
        let entry = shown.with_untracked(|shown| shown.entries.get(row).cloned());
        desk.overlay.set(Overlay::None);
        match entry {
            Some(Entry::Do(act)) => perform(act, &store, &selection, &desk),
            Some(Entry::Node(node)) => select(node),
            Some(Entry::Moment(at, node, _)) => {
                if let Some(node) = node {
                    select(node);
                }
                store.playback(PlaybackCommand::JumpTo(at));
            }
            None => {}
        }
    };
    picker(Picker {
        label: "Find steps, moments and commands",
        hint: "A step, a command, 12:30 or +90s",
        query,
        rows: Memo::new(move |_| shown.with(|shown| shown.rows.clone())),
        status,
        take: Box::new(take),
        closed: Box::new(move || {
            if desk.overlay.get_untracked() == Overlay::Palette {
                desk.overlay.set(Overlay::None);
            }
        }),
    })
}
