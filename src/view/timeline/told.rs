//! What the timeline says below its controls: the marked stretch in numbers, and what bounds the run's end.

use super::input::Input;
use super::words;
use crate::state::reactive::effect;
use crate::view::parts::live::{live, on, showing};
use crate::view::parts::time::{clock, short_span};
use leptos::prelude::*;
use model::Millis;
use model::critical_path::CriticalPath;
use model::summary::Summary;

/// The lines that are due.
#[component]
pub fn Told(input: Input) -> impl IntoView {
    let view = input.selection.timeline;
    let (range, path) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    // As effects, because the marks are kept where no memo may look.
    effect(move || range.set(range_words(input).unwrap_or_default()));
    effect(move || path.set(path_words(input).unwrap_or_default()));
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
                    <p class="numbers">{live(move || path.get())}</p>
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
