//! Play, pause, step, speed, what is skipped and repeated, and the way back to live.

use crate::state::commands::{Act, perform, tip};
use crate::state::reactive::Memo;
use crate::state::{Desk, RunStore, Selection};
use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::{flag, live, on, showing, words};
use crate::view::parts::time::{clock, short_span};
use leptos::prelude::*;
use model::playhead::{PlaybackCommand, Playhead, SPEEDS, fit_speed, speed_text};

/// What the buttons act on.
#[derive(Clone, Copy)]
struct With {
    store: RunStore,
    selection: Selection,
    desk: Desk,
}

impl With {
    fn perform(self, act: Act) {
        perform(act, &self.store, &self.selection, &self.desk);
    }

    /// A button with an icon alone.
    fn button(self, act: Act, icon: Icon, label: &'static str) -> impl IntoView {
        view! {
            <button class="button button--icon" aria-label=label title=tip(act, self.desk.keyboard) on:click=on(move |_| self.perform(act))>
                <IconView icon />
            </button>
        }
    }

    /// A button that stays pressed.
    fn toggle(
        self,
        act: Act,
        icon: Icon,
        label: &'static str,
        pressed: RwSignal<bool>,
    ) -> impl IntoView {
        view! {
            <button
                class="button timeline__toggle"
                aria-pressed=words(move || pressed.get())
                title=tip(act, self.desk.keyboard)
                on:click=on(move |_| self.perform(act))
            >
                <IconView icon />
                {label}
            </button>
        }
    }
}

/// The row above the ruler.
#[component]
pub fn Controls(store: RunStore, selection: Selection, desk: Desk) -> impl IntoView {
    let with = With {
        store,
        selection,
        desk,
    };
    let playing = Memo::new(move |_| store.playhead().is_playing());
    let time = move || {
        let length = store.extent().length().0;
        format!("{} / {}", clock(store.t()), clock(length))
    };
    view! {
        <div class="timeline__controls" role="group" aria-label="Playback">
            {with.button(Act::PreviousEvent, Icon::Previous, "Previous event")}
            <button
                class="button button--icon"
                aria-label=words(move || if playing.get() { "Pause" } else { "Play" })
                title=tip(Act::TogglePlay, desk.keyboard)
                on:click=on(move |_| with.perform(Act::TogglePlay))
            >
                <IconView icon=Signal::derive(move || if playing.get() { Icon::Pause } else { Icon::Play }) />
            </button>
            {with.button(Act::NextEvent, Icon::Next, "Next event")}
            <Speed store />
            <span class="timeline__clock mono numbers">{live(time)}</span>
            {with.toggle(Act::ToggleSkips, Icon::Skip, "Skip quiet", store.deck.skips)}
            {with.toggle(Act::ToggleLoop, Icon::Repeat, "Loop", store.deck.loops)}
            {with.button(Act::CopyLink, Icon::Link, "Copy link to this moment")}
            <Live with />
        </div>
        <Quiet with />
    }
}

/// How far behind, and the way there.
#[component]
fn Live(with: With) -> impl IntoView {
    let store = with.store;
    let following = Memo::new(move |_| store.playhead() == Playhead::Following);
    let growing = Memo::new(move |_| store.extent().growing);
    let behind = move || {
        let behind = store.extent().end - store.at();
        (!following.get() && growing.get())
            .then(|| format!("Behind live by {}", short_span(behind.0.max(0))))
    };
    view! {
        <span class="timeline__behind numbers">{live(behind)}</span>
        <button
            class="button"
            class:button--primary=flag(move || !following.get() && growing.get())
            title=tip(Act::Follow, with.desk.keyboard)
            disabled=flag(move || following.get())
            on:click=on(move |_| with.perform(Act::Follow))
        >
            "Go live"
        </button>
    }
}

/// A speed that is none of those offered is the one that fits, or was when it was chosen.
#[component]
fn Speed(store: RunStore) -> impl IntoView {
    const FIT: &str = "fit";
    let fits = Memo::new(move |_| !SPEEDS.contains(&store.speed()));
    let fit = move || {
        let speed = match fits.get() {
            true => store.speed(),
            false => fit_speed(&store.extent()),
        };
        format!("{} · run in 30 s", speed_text(speed))
    };
    let change = move |event: leptos::ev::Event| {
        let chosen = event_target_value(&event);
        let speed = match chosen.as_str() {
            FIT => Some(fit_speed(&untrack(|| store.extent()))),
            speed => speed.parse().ok(),
        };
        if let Some(speed) = speed {
            store.playback(PlaybackCommand::SetSpeed(speed));
        }
    };
    let option = move |speed: f64| {
        view! { <option value=speed.to_string() selected=flag(move || store.speed() == speed)>{speed_text(speed)}</option> }
    };
    view! {
        <select class="select timeline__speed" aria-label="Speed" on:change=on(change)>
            {SPEEDS.into_iter().map(option).collect_view()}
            <option value=FIT selected=flag(move || fits.get())>{live(fit)}</option>
        </select>
    }
}

/// That nothing happens for a while, with the way out; or that something was skipped.
#[component]
fn Quiet(with: With) -> impl IntoView {
    let store = with.store;
    let ahead = Memo::new(move |_| store.quiet_ahead());
    let from_start = move |at: model::Millis| clock((at - store.extent().start).0);
    let text = Memo::new(move |_| match (ahead.get(), store.deck.skipped.get()) {
        (Some(quiet), _) if !store.deck.skips.get() => {
            let span = short_span(quiet.length().0);
            Some(format!(
                "Nothing happens for {span}, until {}",
                from_start(quiet.to)
            ))
        }
        (_, Some(skipped)) => {
            let (from, to) = (from_start(skipped.from), from_start(skipped.to));
            let span = short_span(skipped.length().0);
            Some(format!(
                "Skipped {span} in which nothing happened: {from} to {to}"
            ))
        }
        _ => None,
    });
    let offered = move || ahead.with(Option::is_some) && !store.deck.skips.get();
    view! {
        <div class="timeline__quiet numbers" role="status" aria-label="Quiet stretch">
            {live(move || text.get().map(|text| view! { <span>{text}</span> }))}
            {showing(offered, move || view! {
                <button class="button button--primary" title=tip(Act::SkipQuiet, with.desk.keyboard) on:click=on(move |_| with.perform(Act::SkipQuiet))>
                    "Skip"
                </button>
            })}
        </div>
    }
}
