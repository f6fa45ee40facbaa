//! Buttons of the timeline: more or less time in view, the critical path, all groups closed or open.

use super::input::Input;
use crate::state::reactive::Memo;
use crate::state::timeline_view::Camera;
use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::{flag, on, words};
use leptos::prelude::*;

/// A press shows half as much, or twice.
const ZOOM: f64 = 2.0;

/// The buttons at the right end of the controls.
#[component]
pub fn Tools(input: Input) -> impl IntoView {
    let view = input.selection.timeline;
    let whole = Memo::new(move |_| view.camera.get() == Camera::Whole);
    view! {
        <div class="timeline__tools" role="group" aria-label="Timeline view">
            <button
                class="button timeline__path"
                aria-pressed=words(move || view.path_shown.get())
                title="Mark what bounds the end of the run (C)"
                on:click=on(move |_| view.path_shown.update(|shown| *shown = !*shown))
            >
                "Critical path"
            </button>
            <button class="button button--icon" aria-label="Show more time" title="Show more time (S)" disabled=flag(move || whole.get()) on:click=on(move |_| input.zoom(0.5, 1.0 / ZOOM))>
                <IconView icon=Icon::Minus />
            </button>
            <button class="button button--icon" aria-label="Show less time" title="Show less time (W)" on:click=on(move |_| input.zoom(0.5, ZOOM))>
                <IconView icon=Icon::Plus />
            </button>
            <button class="button button--icon" aria-label="Show whole run" title="Show the whole run (0)" disabled=flag(move || whole.get()) on:click=on(move |_| view.camera.set(Camera::Whole))>
                <IconView icon=Icon::Fit />
            </button>
        </div>
    }
}
