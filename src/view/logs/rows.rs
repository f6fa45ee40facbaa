//! Which lines are shown, and what a row looks like.

use crate::state::reactive::Memo;
use crate::state::time::local_time;
use crate::state::{RunStore, Selection};
use crate::view::logs::ansi;
use crate::view::parts::live::on;
use crate::view::parts::time::clock;
use leptos::prelude::*;
use model::channel::log::LogLine;
use model::log_filter::{LogFilter, LogMatches};
use model::playhead::PlaybackCommand;
use model::{Journal, Millis, NodeIx};

/// Height of a row, in pixels.
pub const ROW: f64 = 20.0;
/// A line longer than this is cut on the page; the whole of it is in the run's file.
const SHOWN_CHARACTERS: usize = 2_000;

/// The lines shown: of those up to the playhead, those that the person's filters let through.
#[derive(Clone, Copy)]
pub struct Rows {
    store: RunStore,
    matches: StoredValue<LogMatches>,
    shown: Memo<Shown>,
}

/// What the rows depend on: while it stays, so do they.
#[derive(Clone, Copy, PartialEq)]
struct Shown {
    count: usize,
    /// Counts the filters there have been, and the lines that came between others.
    generation: (u32, u32),
}

impl Rows {
    /// The lines shown at the playhead, at any time.
    pub fn new(store: RunStore, selection: Selection, upto: Memo<usize>) -> Self {
        let matches = StoredValue::new(LogMatches::default());
        let filters = StoredValue::new(0_u32);
        let filter = Memo::new(move |_| filter(&store, &selection));
        let shown = Memo::new(move |_| {
            let upto = upto.get();
            let filter = filter.get();
            let count = store.journal(|journal| {
                matches.try_update_value(|matches| {
                    if *matches.filter() != filter {
                        *matches = LogMatches::new(filter);
                        filters.update_value(|filters| *filters = filters.wrapping_add(1));
                    }
                    matches.extend(journal.logs());
                    (matches.upto(upto), journal.logs().rewrites())
                })
            });
            let (count, rewrites) = count.unwrap_or_default();
            Shown {
                count,
                generation: (filters.get_value(), rewrites),
            }
        });
        Self {
            store,
            matches,
            shown,
        }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.shown.get().count
    }

    /// How many, once.
    pub fn len_untracked(&self) -> usize {
        self.shown.get_untracked().count
    }

    /// The row in place `row`.
    pub fn line(&self, row: usize) -> Option<impl IntoView + use<>> {
        let store = self.store;
        let number = self.matches.with_value(|matches| matches.number(row))?;
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

/// What the person asked for. A step that the run does not have prints nothing.
fn filter(store: &RunStore, selection: &Selection) -> LogFilter {
    const NOBODY: NodeIx = NodeIx(u32::MAX);
    let node = selection.node.get().map(|reference| {
        store.journal(|journal| journal.graph().find(&reference).unwrap_or(NOBODY))
    });
    LogFilter {
        level: selection.level.get(),
        node,
        text: selection.query.get().to_lowercase(),
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
                on:click=on(move |_| store.playback(PlaybackCommand::JumpTo(at)))
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
