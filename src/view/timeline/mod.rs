//! The timeline: what was recorded when, over the whole run and in a window of it, a lane for every node.

mod controls;
mod data;
mod facts;
mod hover;
mod input;
mod keys;
mod marks;
mod paint;
mod palette;
mod shape;
mod slider;
mod stage;
mod told;
mod tools;
mod tree;
mod window;
mod words;

use crate::dom::canvas::{self, Canvas, Resized};
use crate::dom::frame::{self, Turn, Wants};
use crate::state::reactive::effect;
use crate::state::{Desk, RunStore, Selection};
use crate::view::parts::live::{live, on, words};
use controls::Controls;
use hover::HoverCard;
use input::Input;
use leptos::ev::{KeyboardEvent, PointerEvent, WheelEvent};
use leptos::html;
use leptos::prelude::*;
use slider::Slider;
use stage::Stage;
use told::Told;
use tools::Tools;
use window::WindowBand;

/// For whoever cannot see the canvas, and for whoever forgot the keys.
const KEYS: &str = "Arrows walk the rows, Enter selects, left and right close and open. W and S zoom, A and D move in \
    time, 0 shows the whole run, V what is marked, C marks the critical path. The Steps tree holds the same steps.";

/// The panel.
#[component]
pub fn TimelinePanel(store: RunStore, selection: Selection, desk: Desk) -> impl IntoView {
    let (still, element) = (NodeRef::<html::Canvas>::new(), NodeRef::new());
    let input = Input {
        stage: StoredValue::new_local(None),
        store,
        selection,
        card: RwSignal::new(None),
        said: RwSignal::new(String::new()),
    };
    mount(input, still, element);
    let described = move || {
        let (done, all) = store.state().progress();
        format!("{all} steps, {done} done. {KEYS}")
    };
    view! {
        <div class="timeline">
            <div class="timeline__bar">
                <Controls store selection desk />
                <Tools input />
            </div>
            <Told input />
            <div class="timeline__track" on:keydown=on(move |event: KeyboardEvent| input.key(&event))>
                <canvas class="timeline__canvas" aria-hidden="true" node_ref=still></canvas>
                <canvas
                    class="timeline__canvas"
                    role="application"
                    aria-label="Timeline"
                    aria-description=words(described)
                    tabindex="0"
                    node_ref=element
                    on:pointerdown=on(move |event: PointerEvent| input.press(&event))
                    on:pointermove=on(move |event: PointerEvent| input.moved(&event))
                    on:pointerup=on(move |event: PointerEvent| input.release(&event))
                    on:pointercancel=on(move |event: PointerEvent| input.cancel(&event))
                    on:pointerleave=on(move |_: PointerEvent| input.leave())
                    on:wheel=on(move |event: WheelEvent| input.wheel(&event))
                    on:keydown=on(move |event: KeyboardEvent| input.row_key(&event))
                    on:blur=on(move |_| input.with(|stage| stage.cursor = None))
                ></canvas>
                <div class="timeline__overview">
                    <Slider store />
                    <WindowBand input />
                </div>
                <HoverCard card=input.card />
                <p class="timeline__said" role="status" aria-label="Timeline row">{live(move || input.said.get())}</p>
            </div>
        </div>
    }
}

/// Ties the canvas to the frame loop once it is on the page, and lets go of everything with it.
fn mount(input: Input, still: NodeRef<html::Canvas>, element: NodeRef<html::Canvas>) {
    let held = StoredValue::new_local(None);
    effect(move || {
        let (Some(still), Some(element)) = (still.get(), element.get()) else {
            return;
        };
        let canvases = (Canvas::new(still), Canvas::new(element.clone()));
        let (Some(still), Some(moving)) = canvases else {
            return;
        };
        input.stage.set_value(Some(Stage::new(still, moving)));
        let subscription = frame::subscribe(Turn::Paint, move |_| {
            input.stage.try_update_value(|stage| {
                if let Some(stage) = stage {
                    untrack(|| stage.paint(input.store, input.selection));
                }
            });
            Wants::Rest
        });
        let resized = Resized::watch(&element, move || input.paint_soon());
        let theme = canvas::on_theme_change(move || input.with(Stage::recolour));
        held.set_value(Some((subscription, resized, theme)));
    });
    effect(move || {
        element.track();
        let view = input.selection.timeline;
        view.collapsed.track();
        view.opened.track();
        input
            .store
            .journal(|journal| input.with(|stage| stage.update(journal, view)));
    });
    effect(move || {
        let (store, view) = (input.store, input.selection.timeline);
        view.camera.track();
        view.range.track();
        view.path_shown.track();
        input.selection.node.track();
        store.extent();
        store.at();
        store.state();
        input.paint_soon();
    });
}
