//! Which lines are shown, and what a row says.

use crate::state::reactive::Memo;
use crate::state::{RunStore, Selection};
use crate::view::logs::ansi::{self, Span};
use crate::view::parts::time::clock;
use leptos::prelude::*;
use model::channel::log::LogLine;
use model::log_filter::{LogFilter, LogMatches};
use model::playhead::PlaybackCommand;
use model::{Millis, NodeIx};

/// A line longer than this is cut on the page; the whole of it is in the run's file.
const SHOWN_CHARACTERS: usize = 2_000;

/// The least and the most digits that a name is as wide as; as in logs.css.
const NODE_COLUMNS: (usize, usize) = (12, 20);

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

    /// What the row in place `row` says.
    pub fn line(&self, row: usize) -> Option<Line> {
        let number = self.matches.with_value(|matches| matches.number(row))?;
        self.store.journal_untracked(|journal| {
            let line = journal.logs().line(number)?;
            let node = line.node.and_then(|node| journal.graph().node(node));
            let start = journal.start().unwrap_or_default();
            Some(Line::of(&line, start, node.map(|node| &*node.label)))
        })
    }

    /// Goes to where a line was written.
    pub fn go_to(&self, at: Millis) {
        self.store.playback(PlaybackCommand::JumpTo(at));
    }
}

/// What a row says.
#[derive(Debug, Default, PartialEq)]
pub struct Line {
    /// When it was written.
    pub at: Millis,
    /// That, as it is shown.
    pub time: String,
    /// Whose it is.
    pub node: String,
    /// How severe.
    pub level: &'static str,
    /// Which stream it was written to.
    pub stream: &'static str,
    /// The text, in its styles.
    pub spans: Vec<Span>,
}

impl Line {
    /// How wide it is, in digits, without the gaps; what is wider than its letters are many stands out.
    pub fn columns(&self) -> usize {
        let wide = |text: &str| text.chars().count();
        let text: usize = self.spans.iter().map(|span| wide(&span.text)).sum();
        self.time.len() + wide(&self.node).clamp(NODE_COLUMNS.0, NODE_COLUMNS.1) + text
    }

    fn of(line: &LogLine<'_>, start: Millis, node: Option<&str>) -> Self {
        let text: String = line.message.chars().take(SHOWN_CHARACTERS).collect();
        let mut spans = ansi::spans(&text);
        if let cut @ 1.. = line.message.len() - text.len() {
            spans.push(Span {
                class: "muted".to_owned(),
                text: format!(" … {cut} more bytes"),
            });
        }
        Self {
            at: line.at,
            time: clock((line.at - start).0),
            node: node.unwrap_or_default().to_owned(),
            level: line.level.as_str(),
            stream: line.stream.as_str(),
            spans,
        }
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
