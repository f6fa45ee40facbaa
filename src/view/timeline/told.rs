//! What the timeline says below its controls: the marked stretch in numbers, and what bounds the run's end.

use super::input::Input;
use super::words;
use crate::state::reactive::effect;
use crate::view::parts::live::{live, on, showing};
use crate::view::parts::time::{clock, short_span};
use leptos::prelude::*;
use model::critical_path::CriticalPath;
use model::summary::Summary;
use model::{Millis, NodeIx};

/// So many steps that wait are told of; more are counted.
const TOLD: usize = 3;

/// The lines that are due.
#[component]
pub fn Told(input: Input) -> impl IntoView {
    let view = input.selection.timeline;
    let words = || RwSignal::new(String::new());
    let (range, path, waits) = (words(), words(), words());
    // As effects, because the marks are kept where no memo may look.
    effect(move || range.set(range_words(input).unwrap_or_default()));
    effect(move || path.set(path_words(input).unwrap_or_default()));
    effect(move || waits.set(waiting_words(input).unwrap_or_default()));
    view! {
        {showing(
            move || view.range.get().is_some(),
            move || view! {
                <div class="timeline__told" role="group" aria-label="Marked range">
                    <p class="numbers">{live(move || range.get())}</p>
                    <button class="button" title="Show the range alone (V)" on:click=on(move |_| input.frame_range())>"Show range"</button>
                    <button class="button" title="Unmark the range (Escape)" on:click=on(move |_| view.range.set(None))>"Clear range"</button>
                </div>
            },
        )}
        {showing(
            move || view.path_shown.get(),
            move || view! {
                <div class="timeline__told" role="group" aria-label="Critical path of the run">
                    <p class="numbers">
                        {live(move || path.get())}
                        {live(move || Some(waits.get()).filter(|waits| !waits.is_empty()).map(|waits| view! { <br /> {waits} }))}
                    </p>
                </div>
            },
        )}
    }
}

fn range_words(input: Input) -> Option<String> {
    let (from, to) = input.selection.timeline.range.get()?;
    let stretch = input
        .selection
        .timeline
        .stretch(input.store.extent().start)?;
    let numbers = input.store.journal(|journal| {
        let numbers =
            |stage: &super::stage::Stage| Summary::of(journal, stage.data.marks.all(), stretch);
        Some(words::summary(journal, &input.look_at(numbers)?))
    })?;
    let length = short_span(to - from);
    Some(format!(
        "{length}, {} to {}: {}",
        clock(from),
        clock(to),
        numbers.join(" · ")
    ))
}

fn path_words(input: Input) -> Option<String> {
    let shown = input.selection.timeline.path_shown.get();
    shown.then(|| {
        input.store.journal(|journal| {
            let path = CriticalPath::at(journal, journal.attempts(), Millis::MAX);
            words::path(journal, &path)
        })
    })
}

/// Why steps wait at the playhead: the selected one, else those that have waited for something first.
fn waiting_words(input: Input) -> Option<String> {
    if !input.selection.timeline.path_shown.get() {
        return None;
    }
    let (selected, state) = (input.selection.node.get(), input.store.state());
    input.store.journal(|journal| {
        let selected = selected.and_then(|reference| journal.graph().find(&reference));
        let mut all: Vec<NodeIx> = journal.graph().topological().to_vec();
        all.sort_by_key(|node| Some(*node) != selected);
        let waits = |node: &&NodeIx| {
            state
                .node(**node)
                .is_some_and(|view| view.present && words::is_waiting(view.state))
        };
        let count = all.iter().filter(waits).count();
        let told = all.iter().filter(waits).take(TOLD).filter_map(|node| {
            let why = words::why_it_waits(journal, &state, *node)?;
            Some(format!("{}: {why}", words::name(journal, *node)))
        });
        let told: Vec<String> = told.collect();
        let waiting = if count == 1 {
            "1 step waits".to_owned()
        } else {
            format!("{count} steps wait")
        };
        (!told.is_empty()).then(|| format!("At the playhead {waiting}. {}", told.join(". ")))
    })
}
