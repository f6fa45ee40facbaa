//! Which lines are shown, and what a row looks like.

use crate::state::time::local_time;
use crate::state::{RunStore, Selection};
use crate::view::logs::ansi;
use crate::view::parts::live::on;
use crate::view::parts::time::clock;
use leptos::prelude::*;
use model::channel::log::{Level, LogLine};
use model::playhead::PlaybackCommand;
use model::{Journal, Millis};

/// Height of a row, in pixels.
pub const ROW: f64 = 20.0;
/// A line longer than this is cut on the page; the whole of it is in the run's file.
const SHOWN_CHARACTERS: usize = 2_000;

/// The lines shown, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Rows {
    /// The first so many of all lines.
    All(usize),
    /// These, by number.
    Some(Vec<u32>),
}

impl Rows {
    /// The lines of the first `upto` that the person's filters let through.
    pub fn new(store: &RunStore, selection: &Selection, upto: usize) -> Self {
        let (query, level, node) = (
            selection.query.get().to_lowercase(),
            selection.level.get(),
            selection.node.get(),
        );
        if query.is_empty() && level == Level::Trace && node.is_none() {
            return Self::All(upto);
        }
        store.journal(|journal| {
            let node = match &node {
                Some(reference) => match journal.graph().find(reference) {
                    Some(node) => Some(node),
                    None => return Self::Some(Vec::new()),
                },
                None => None,
            };
            let fits = |line: &LogLine<'_>| {
                line.level >= level
                    && (node.is_none() || line.node == node)
                    && (query.is_empty() || contains(line.message, &query))
            };
            let lines = journal.logs().lines(0..upto).filter(fits);
            Self::Some(lines.map(|line| line.number as u32).collect())
        })
    }

    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Self::All(count) => *count,
            Self::Some(numbers) => numbers.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row in place `row`.
    pub fn line(&self, store: &RunStore, row: usize) -> Option<impl IntoView + use<>> {
        let number = match self {
            Self::All(_) => row,
            Self::Some(numbers) => *numbers.get(row)? as usize,
        };
        let store = *store;
        let start = store.journal_untracked(Journal::start).unwrap_or_default();
        store.journal_untracked(|journal| {
            let line = journal.logs().line(number)?;
            let node = line
                .node
                .and_then(|node| journal.graph().node(node))
                .map(|node| node.label.to_string());
            Some(row_view(store, row, start, &line, node))
        })
    }
}

fn row_view(
    store: RunStore,
    row: usize,
    start: Millis,
    line: &LogLine<'_>,
    node: Option<String>,
) -> impl IntoView + use<> {
    let at = line.at;
    let text: String = line.message.chars().take(SHOWN_CHARACTERS).collect();
    let cut = line.message.len() - text.len();
    let spans = ansi::spans(&text)
        .into_iter()
        .map(|span| match span.class.is_empty() {
            true => span.text.into_any(),
            false => view! { <span class=span.class>{span.text}</span> }.into_any(),
        });
    view! {
        <div
            class="logs__line"
            data-level=line.level.as_str()
            data-stream=line.stream.as_str()
            style:top=format!("{}px", row as f64 * ROW)
        >
            <span
                class="logs__time numbers"
                title=format!("{}: go to this instant", local_time(at.0))
                on:click=on(move |_| store.playback(PlaybackCommand::SeekClamped(at)))
            >
                {clock((at - start).0)}
            </span>
            <span class="logs__node">{node}</span>
            <span class="logs__text">
                {spans.collect_view()}
                {(cut > 0).then(|| view! { <span class="muted">{format!(" … {cut} more bytes")}</span> })}
            </span>
        </div>
    }
}

/// Whether `text` contains `query`, which is in lower case, whatever the case of `text`.
fn contains(text: &str, query: &str) -> bool {
    if query.is_ascii() {
        let (text, query) = (text.as_bytes(), query.as_bytes());
        text.windows(query.len())
            .any(|window| window.eq_ignore_ascii_case(query))
    } else {
        text.to_lowercase().contains(query)
    }
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn search_ignores_case() {
        for (text, query, found) in [
            ("Scan FAILED", "failed", true),
            ("Scan", "scanner", false),
            ("", "a", false),
            ("ÄRGER im Lager", "ärger", true),
        ] {
            assert_eq!(contains(text, query), found, "{text:?} {query:?}");
        }
    }
}
