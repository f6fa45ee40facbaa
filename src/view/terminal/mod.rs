//! The terminal of a node as it looked at the playhead, drawn by xterm.js.

use crate::dom::canvas::{self, token};
use crate::dom::xterm::{Screen, Theme};
use crate::state::reactive::{Memo, effect};
use crate::state::work::{AtWork, Work};
use crate::state::{RunStore, Selection};
use crate::view::parts::empty::Empty;
use crate::view::parts::live::{either, live};
use crate::view::parts::missing::missing_note;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::channel::terminal::{Chunk, TerminalStream};
use model::missing::Track;
use model::{Journal, NodeIx};
use std::cell::RefCell;
use std::rc::Rc;

/// A recorder that names no size recorded this one, as `contracts` A.8 has it.
const DEFAULT_SIZE: (u16, u16) = (120, 40);

/// What the screen shows, so that going forward writes only what is new.
#[derive(Clone, Copy, PartialEq)]
struct Shown {
    node: NodeIx,
    chunks: usize,
    rewrites: u32,
}

/// What is queued in xterm.js and not on the screen yet: work at hand until it is drawn or the
/// panel is left.
#[derive(Clone)]
struct Writing {
    work: Work,
    queued: Rc<RefCell<Vec<AtWork>>>,
}

impl Writing {
    /// Begins one write; what it returns ends it.
    fn begin(&self) -> impl FnOnce() + 'static {
        self.queued.borrow_mut().push(self.work.begin());
        // Weak: a terminal that is gone calls nobody back, and must not keep its work for ever.
        let queued = Rc::downgrade(&self.queued);
        move || {
            let ended = queued
                .upgrade()
                .and_then(|queued| queued.borrow_mut().pop());
            drop(ended);
        }
    }
}

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

#[component]
fn ScreenView(store: RunStore, node: Memo<Option<NodeIx>>) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let screen: Rc<RefCell<Option<Screen>>> = Rc::default();
    let opened = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let shown = StoredValue::new(None::<Shown>);
    let held = StoredValue::new_local(None);
    let writing = Writing {
        work: store.work(),
        queued: Rc::default(),
    };
    let opening = screen.clone();
    effect(move || {
        let Some(place) = place.get() else { return };
        let work = store.work().begin();
        let (screen, themed) = (opening.clone(), opening.clone());
        held.set_value(canvas::on_theme_change(move || {
            if let Some(screen) = themed.borrow().as_ref() {
                screen.set_theme(&theme());
            }
        }));
        spawn_local(async move {
            match Screen::open(place.into(), &theme()).await {
                Ok(opened_screen) => {
                    *screen.borrow_mut() = Some(opened_screen);
                    // The panel may have been left while xterm.js was on its way.
                    opened.try_set(true);
                }
                Err(why) => {
                    error.try_set(Some(why));
                }
            }
            drop(work);
        });
    });
    effect(move || {
        let (Some(node), true, at) = (node.get(), opened.get(), store.at()) else {
            return;
        };
        if let Some(screen) = screen.borrow().as_ref() {
            store.journal(|journal| draw(screen, journal, node, at, shown, &writing));
        }
    });
    view! {
        {live(move || error.get().map(|why| view! { <Empty title="The terminal cannot be shown" hint=why /> }))}
        <div class="terminal__screen" node_ref=place></div>
    }
}

/// Forward: the new chunks. Back, another node, or a changed past: from an empty screen.
fn draw(
    screen: &Screen,
    journal: &Journal,
    node: NodeIx,
    at: model::Millis,
    shown: StoredValue<Option<Shown>>,
    writing: &Writing,
) {
    let Some(terminal) = journal.terminals().of(node) else {
        return;
    };
    let chunks = terminal.upto(at);
    let next = Shown {
        node,
        chunks: chunks.len(),
        rewrites: terminal.rewrites(),
    };
    let before = shown.get_value();
    if before == Some(next) {
        return;
    }
    let held = before.filter(|shown| {
        shown.node == node && shown.rewrites == next.rewrites && shown.chunks <= next.chunks
    });
    if held.is_none() {
        screen.reset();
        screen.set_convert_eol(
            !terminal
                .chunks()
                .iter()
                .any(|chunk| chunk.stream == TerminalStream::Pty),
        );
        let first = terminal
            .chunks()
            .iter()
            .find_map(|chunk| chunk.size)
            .unwrap_or(DEFAULT_SIZE);
        screen.resize(first.0, first.1);
    }
    write(
        screen,
        &chunks[held.map_or(0, |shown| shown.chunks)..],
        writing,
    );
    shown.set_value(Some(next));
}

/// One write for all, but for changes of size in between; the work ends when it is on the screen.
fn write(screen: &Screen, chunks: &[Chunk], writing: &Writing) {
    let mut bytes = Vec::new();
    for chunk in chunks {
        if let Some((columns, rows)) = chunk.size {
            screen.write(std::mem::take(&mut bytes), || {});
            screen.resize(columns, rows);
        }
        bytes.extend_from_slice(&chunk.bytes);
    }
    screen.write(bytes, writing.begin());
}

/// The selected node's terminal; with none selected, the one that printed last.
fn chosen(store: &RunStore, selection: &Selection) -> Option<NodeIx> {
    let (selected, at) = (selection.node.get(), store.at());
    store.journal(|journal| {
        let terminals = journal.terminals();
        match selected {
            Some(reference) => {
                let node = journal.graph().find(&reference)?;
                terminals.of(node).map(|_| node)
            }
            None => {
                let last = |node: &NodeIx| {
                    terminals
                        .of(*node)?
                        .upto(at)
                        .last()
                        .map(|chunk| chunk.stamp)
                };
                terminals
                    .nodes()
                    .filter(|node| last(node).is_some())
                    .max_by_key(last)
            }
        }
    })
}

fn size_note(store: &RunStore, node: NodeIx) -> String {
    let at = store.at();
    store.journal(|journal| {
        let chunks = journal
            .terminals()
            .of(node)
            .map(|terminal| terminal.upto(at))
            .unwrap_or_default();
        let bytes: usize = chunks.iter().map(|chunk| chunk.bytes.len()).sum();
        match bytes {
            0..1_000 => format!("{bytes} bytes"),
            1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
            _ => format!("{:.1} MB", bytes as f64 / 1e6),
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

fn theme() -> Theme {
    let colours = [
        ("black", "--term-black"),
        ("red", "--term-red"),
        ("green", "--term-green"),
        ("yellow", "--term-yellow"),
        ("blue", "--term-blue"),
        ("magenta", "--term-magenta"),
        ("cyan", "--term-cyan"),
        ("white", "--term-white"),
        ("brightBlack", "--term-bright-black"),
        ("brightRed", "--term-red"),
        ("brightGreen", "--term-green"),
        ("brightYellow", "--term-yellow"),
        ("brightBlue", "--term-blue"),
        ("brightMagenta", "--term-magenta"),
        ("brightCyan", "--term-cyan"),
        ("brightWhite", "--term-white"),
    ];
    Theme {
        foreground: token("--term-ink"),
        background: token("--term-ground"),
        selection: token("--term-selection"),
        ansi: colours
            .into_iter()
            .map(|(name, colour)| (name, token(colour)))
            .collect(),
    }
}
