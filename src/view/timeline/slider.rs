//! The playhead as a native slider over the density strip, in milliseconds from the run's start.

use crate::state::RunStore;
use crate::state::reactive::Memo;
use crate::view::parts::live::{on, value, words};
use crate::view::parts::time::clock;
use leptos::ev::{Event, KeyboardEvent};
use leptos::prelude::*;
use model::Span;
use model::playhead::PlaybackCommand;

/// The slider; what is seen of it is drawn on the canvas.
#[component]
pub fn Slider(store: RunStore) -> impl IntoView {
    let length = Memo::new(move |_| store.extent().length().0);
    let t = Memo::new(move |_| store.t().clamp(0, length.get()));
    let input = move |event: Event| {
        let start = untrack(|| store.extent().start);
        if let Ok(t) = event_target_value(&event).parse::<f64>() {
            store.playback(PlaybackCommand::SeekClamped(start + Span(t.round() as i64)));
        }
    };
    let text = move || format!("{} of {}", clock(t.get()), clock(length.get()));
    view! {
        <input
            class="timeline__slider"
            type="range"
            aria-label="Playhead"
            min="0"
            max=words(move || length.get())
            step="1"
            prop:value=value(move || { length.get(); t.get().to_string() })
            aria-valuemin="0"
            aria-valuemax=words(move || length.get())
            aria-valuenow=words(move || t.get())
            aria-valuetext=words(text)
            on:input=on(input)
            on:keydown=on(move |event| step(&store, &event, length.get_untracked()))
        />
        <span class="timeline__ring" aria-hidden="true"></span>
    }
}

/// A millisecond a key press is no way to move: arrows go by a hundredth of the run, pages by a tenth.
fn step(store: &RunStore, event: &KeyboardEvent, length: i64) {
    let (small, large) = ((length / 100).max(1), (length / 10).max(1));
    let command = match event.key().as_str() {
        "ArrowLeft" | "ArrowDown" => PlaybackCommand::StepBy(Span(-small)),
        "ArrowRight" | "ArrowUp" => PlaybackCommand::StepBy(Span(small)),
        "PageDown" => PlaybackCommand::StepBy(Span(-large)),
        "PageUp" => PlaybackCommand::StepBy(Span(large)),
        "Home" => PlaybackCommand::JumpToStart,
        "End" => PlaybackCommand::JumpToEnd,
        _ => return,
    };
    event.prevent_default();
    store.playback(command);
}
