//! A row of the document. It stays while what it says changes: what makes rows expensive is making them, and drawing one
//! anew in Leptos takes all of its attributes away first.

use crate::state::time::local_time;
use crate::view::logs::ansi::Span;
use crate::view::logs::rows::{Line, Rows};
use crate::view::parts::live::{live, on};
use leptos::html;
use leptos::prelude::*;

/// Where a row's words go. A handle: copying it copies nothing.
#[derive(Clone, Copy)]
pub struct Slot {
    row: NodeRef<html::Div>,
    time: NodeRef<html::Span>,
    node: NodeRef<html::Span>,
    text: NodeRef<html::Span>,
    /// A text of several styles.
    styled: RwSignal<Vec<Span>>,
    says: StoredValue<Line>,
}

impl Slot {
    /// One that is to be put into the document.
    pub fn new() -> Self {
        Self {
            row: NodeRef::new(),
            time: NodeRef::new(),
            node: NodeRef::new(),
            text: NodeRef::new(),
            styled: RwSignal::new(Vec::new()),
            says: StoredValue::new(Line::default()),
        }
    }

    /// Has it say a line, or nothing. What it says already is not touched; without a document nothing happens.
    pub fn say(&self, line: Option<Line>) {
        let line = line.unwrap_or_default();
        if self.says.with_value(|said| *said == line) {
            return;
        }
        let refs = (self.row.get_untracked(), self.time.get_untracked());
        let (Some(row), Some(time)) = refs else {
            return;
        };
        let refs = (self.node.get_untracked(), self.text.get_untracked());
        let (Some(node), Some(text)) = refs else {
            return;
        };
        self.says.update_value(|said| {
            // Each line has a time.
            let hidden = line.time.is_empty();
            if said.time.is_empty() != hidden {
                row.set_hidden(hidden);
            }
            // Fails for no name of an attribute.
            if said.level != line.level {
                row.set_attribute("data-level", line.level).ok();
            }
            if said.stream != line.stream {
                row.set_attribute("data-stream", line.stream).ok();
            }
            if said.time != line.time {
                time.set_text_content(Some(&line.time));
            }
            if said.node != line.node {
                node.set_text_content(Some(&line.node));
            }
            if said.spans != line.spans {
                let (plain, styled) = match &line.spans[..] {
                    [only] if only.class.is_empty() => (&*only.text, &[][..]),
                    several => ("", several),
                };
                text.set_text_content(Some(plain));
                if self.styled.with_untracked(|known| known != styled) {
                    self.styled.set(styled.to_vec());
                }
            }
            *said = line;
        });
    }
}

/// The row itself.
#[component]
pub fn Row(place: Slot, rows: Rows) -> impl IntoView {
    let written = move || place.says.with_value(|line| line.at);
    let go = move |_| rows.go_to(written());
    // Told when somebody asks: it takes longer to write than all of the row.
    let tell = move |_| {
        if let Some(time) = place.time.get_untracked() {
            time.set_title(&format!("{}: go to this instant", local_time(written().0)));
        }
    };
    let styled = move || {
        let span = |span: Span| view! { <span class=span.class>{span.text}</span> }.into_any();
        place.styled.get().into_iter().map(span).collect_view()
    };
    view! {
        <div class="logs__line" hidden=true node_ref=place.row>
            <span class="logs__time numbers" on:click=on(go) on:pointerenter=on(tell) node_ref=place.time></span>
            <span class="logs__node" node_ref=place.node></span>
            <span class="logs__text"><span node_ref=place.text></span>{live(styled)}</span>
        </div>
    }
}
