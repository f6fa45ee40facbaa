//! Play, pause, step, speed, and the way back to live.

use crate::state::RunStore;
use crate::state::playback::Step;
use crate::state::reactive::Memo;
use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::{flag, on, words};
use crate::view::parts::time::{clock, short_span};
use leptos::prelude::*;
use model::playhead::{PlaybackCommand, Playhead, SPEEDS};

/// The row above the ruler.
#[component]
pub fn Controls(store: RunStore) -> impl IntoView {
    let playing = Memo::new(move |_| store.playhead().is_playing());
    let following = Memo::new(move |_| store.playhead() == Playhead::Following);
    let growing = Memo::new(move |_| store.extent().growing);
    let time = move || {
        let extent = store.extent();
        format!(
            "{} / {}",
            clock(store.t()),
            clock((extent.end - extent.start).0)
        )
    };
    let behind = move || {
        let extent = store.extent();
        (!following.get() && growing.get()).then(|| {
            format!(
                "Behind live by {}",
                short_span((extent.end - store.at()).0.max(0))
            )
        })
    };
    view! {
        <div class="timeline__controls" role="group" aria-label="Playback">
            <button class="button button--icon" aria-label="Previous event" title="Previous event (,)" on:click=on(move |_| store.step_event(Step::Previous))>
                <IconView icon=Icon::Previous />
            </button>
            <button
                class="button button--icon"
                aria-label=words(move || if playing.get() { "Pause" } else { "Play" })
                title="Play or pause (space)"
                on:click=on(move |_| store.playback(PlaybackCommand::TogglePlay))
            >
                <IconView icon=Signal::derive(move || if playing.get() { Icon::Pause } else { Icon::Play }) />
            </button>
            <button class="button button--icon" aria-label="Next event" title="Next event (.)" on:click=on(move |_| store.step_event(Step::Next))>
                <IconView icon=Icon::Next />
            </button>
            <Speed store />
            <span class="timeline__clock mono numbers">{time}</span>
            <span class="timeline__behind numbers">{behind}</span>
            <button
                class="button"
                class:button--primary=flag(move || !following.get() && growing.get())
                title="Go to the end and stay with it (L)"
                disabled=flag(move || following.get())
                on:click=on(move |_| store.playback(PlaybackCommand::Follow))
            >
                "Go live"
            </button>
        </div>
    }
}

#[component]
fn Speed(store: RunStore) -> impl IntoView {
    let change = move |event: leptos::ev::Event| {
        if let Ok(speed) = event_target_value(&event).parse() {
            store.playback(PlaybackCommand::SetSpeed(speed));
        }
    };
    let option = move |speed: f64| {
        view! { <option value=speed.to_string() selected=flag(move || store.speed() == speed)>{format!("{speed}×")}</option> }
    };
    view! {
        <select class="select" aria-label="Speed" on:change=on(change)>
            {SPEEDS.into_iter().map(option).collect_view()}
        </select>
    }
}
