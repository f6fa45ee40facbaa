//! What the palette finds: commands, moments and steps, and instants as they are typed.

use crate::state::commands::{Act, COMMANDS, Keyboard, is_possible};
use crate::state::{RunStore, Selection};
use crate::view::parts::badge::icon_of;
use crate::view::parts::icon::Icon;
use crate::view::parts::picker::PickerRow;
use crate::view::parts::text::visible;
use crate::view::parts::time::clock;
use leptos::prelude::untrack;
use model::fuzzy::Names;
use model::playhead::typed_instant;
use model::{Journal, Millis, NodeIx};

/// Rows that are shown at most.
const SHOWN: usize = 50;
/// Moments of one kind that are found; of more, the first.
const MOMENTS: usize = 1_000;
/// Characters of a note that are shown.
const NOTE: usize = 80;

/// What a row stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// Something to do.
    Do(Act),
    /// A step to select.
    Node(NodeIx),
    /// An instant to go to, and the node it is about.
    Moment(Millis, Option<NodeIx>, Moment),
}

/// What happened at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// An attempt failed.
    Failure,
    /// A person wrote a note.
    Note,
    /// The person typed it.
    Typed,
}

/// Everything there was to find when the palette was opened.
pub struct Entries {
    names: Names,
    /// By number of name.
    entries: Vec<Entry>,
    shown: Vec<String>,
    keyboard: Keyboard,
}

/// What is shown for what was typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// What each row stands for.
    pub entries: Vec<Entry>,
    /// The rows.
    pub rows: Vec<PickerRow>,
    /// How many match, of how many.
    pub matching: (usize, usize),
}

impl Entries {
    /// All that can be found now.
    pub fn collect(store: &RunStore, selection: &Selection, keyboard: Keyboard) -> Self {
        let mut all = Self {
            names: Names::default(),
            entries: Vec::new(),
            shown: Vec::new(),
            keyboard,
        };
        for command in &COMMANDS {
            if is_possible(command.act, store, selection) {
                all.push(Entry::Do(command.act), command.name.to_owned(), "");
            }
        }
        let end = untrack(|| store.extent()).end;
        store.journal_untracked(|journal| {
            all.collect_moments(journal, end);
            for ix in journal.graph().topological() {
                if let Some(node) = journal.graph().node(*ix) {
                    all.push(
                        Entry::Node(*ix),
                        visible(&node.label).into_owned(),
                        &node.reference,
                    );
                }
            }
        });
        all
    }

    /// What is shown for `query`.
    pub fn find(&self, query: &str, store: &RunStore) -> Shown {
        let found = self.names.find(query, SHOWN);
        let extent = untrack(|| store.extent());
        let typed = typed_instant(query, untrack(|| store.at()), &extent);
        let typed = typed.map(|at| Entry::Moment(at, None, Moment::Typed));
        let state = untrack(|| store.state());
        let view = |node: NodeIx| state.node(node).map(|view| view.state);
        let row = |entry: &Entry, name: String| match entry {
            Entry::Do(act) => {
                let command = crate::state::commands::command(*act);
                let keys: Vec<_> = command
                    .keys
                    .iter()
                    .map(|key| key.label(self.keyboard))
                    .collect();
                PickerRow {
                    name,
                    kind: keys.join(" or "),
                    ..PickerRow::default()
                }
            }
            Entry::Node(node) => PickerRow {
                name,
                note: view(*node).map_or("", |state| state.label()).to_owned(),
                kind: "Step".into(),
                icon: view(*node).map(icon_of),
                state: view(*node).map(|state| state.as_str()),
            },
            Entry::Moment(at, _, moment) => PickerRow {
                name,
                note: clock((*at - extent.start).0),
                kind: match moment {
                    Moment::Failure => "Failure",
                    Moment::Note => "Note",
                    Moment::Typed => "Moment",
                }
                .into(),
                icon: Some(match moment {
                    Moment::Failure => Icon::Cross,
                    Moment::Note => Icon::Person,
                    Moment::Typed => Icon::Clock,
                }),
                state: (*moment == Moment::Failure).then_some("failed"),
            },
        };
        let mut shown = Shown {
            matching: (found.matching, self.names.len()),
            ..Shown::default()
        };
        if let Some(entry) = typed {
            shown
                .rows
                .push(row(&entry, format!("Go to {}", query.trim())));
            shown.entries.push(entry);
            shown.matching.0 += 1;
        }
        for number in found.best {
            let entry = &self.entries[number];
            shown.rows.push(row(entry, self.shown[number].clone()));
            shown.entries.push(entry.clone());
        }
        shown
    }

    fn collect_moments(&mut self, journal: &Journal, end: Millis) {
        let failures = journal.attempts().failures().iter();
        let failures = failures.filter_map(|number| journal.events().get(*number as usize));
        // What is behind a pause is not shown yet.
        let failures = failures.filter(|event| event.stamp.at <= end);
        for event in failures.take(MOMENTS) {
            let node = event.node.and_then(|node| journal.graph().node(node));
            let label = node.map_or("The run".into(), |node| visible(&node.label));
            let name = format!("{label} failed");
            let entry = Entry::Moment(event.stamp.at, event.node, Moment::Failure);
            self.push(entry, name, "failure error");
        }
        let notes = journal.notes().iter().filter(|note| note.at <= end);
        for note in notes.take(MOMENTS) {
            let text: String = visible(&note.text).chars().take(NOTE).collect();
            let node = note
                .node
                .as_deref()
                .and_then(|node| journal.graph().find(node));
            self.push(
                Entry::Moment(note.at, node, Moment::Note),
                text,
                "note mark",
            );
        }
    }

    /// `more`: other words by which it is found.
    fn push(&mut self, entry: Entry, shown: String, more: &str) {
        match more == shown {
            true => self.names.push(&shown),
            false => self.names.push(&format!("{shown} {more}")),
        }
        self.entries.push(entry);
        self.shown.push(shown);
    }
}
