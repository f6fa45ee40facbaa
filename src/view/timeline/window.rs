//! The band below the density strip: the window that is in view, drawn by its middle or an edge, or moved by keys.

use super::input::Input;
use super::shape;
use crate::dom::canvas;
use crate::state::reactive::Memo;
use crate::view::parts::live::{on, words};
use crate::view::parts::time::clock;
use layout::timeline::{Bounds, Camera, Grip, Overview};
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;

/// An edge is as wide as this to both sides, for a mouse and for a finger.
const TOLERANCE: f64 = 6.0;
const TOUCH_TOLERANCE: f64 = 20.0;
/// A key moves by such a share of what is in view.
const STEP: f64 = 0.1;

/// The band.
#[component]
pub fn WindowBand(input: Input) -> impl IntoView {
    let element = NodeRef::<html::Div>::new();
    // What is held: the grip, the camera then, and where.
    let held: StoredValue<Option<(Grip, Camera, f64)>> = StoredValue::new(None);
    let (store, view) = (input.store, input.selection.timeline);
    let shown = Memo::new(move |_| {
        let bounds = shape::bounds(&store.extent());
        let (from, to) = shape::to_layout(view.camera.get(), bounds.start).view(&bounds);
        let start = bounds.start as f64;
        let length = (bounds.end as f64 - start).max(1.0);
        ((from - start) / length, (to - start) / length)
    });
    let style = move || {
        let (from, to) = shown.get();
        format!(
            "left:{:.4}%;right:{:.4}%",
            from * 100.0,
            (1.0 - to).max(0.0) * 100.0
        )
    };
    let strip = move |bounds: Bounds| Overview {
        bounds,
        width: element
            .get_untracked()
            .map_or(1.0, |band| f64::from(band.client_width()).max(1.0)),
    };
    let press = move |event: PointerEvent| {
        canvas::capture_pointer(&event);
        let px = f64::from(event.offset_x());
        let tolerance = if event.pointer_type() == "touch" {
            TOUCH_TOLERANCE
        } else {
            TOLERANCE
        };
        input.look(|camera, bounds| {
            let strip = strip(*bounds);
            let grip = strip.grip(camera, px, tolerance);
            let camera = match grip {
                Grip::Outside => strip.recentre(camera, px),
                _ => camera,
            };
            // What was set down anew is held by its middle.
            let grip = if grip == Grip::Outside {
                Grip::Middle
            } else {
                grip
            };
            held.set_value(Some((grip, camera, px)));
            camera
        });
    };
    let drag = move |event: PointerEvent| {
        if let Some((grip, camera, from)) = held.get_value() {
            let dx = f64::from(event.offset_x()) - from;
            input.look(|_, bounds| strip(*bounds).drag(camera, grip, dx));
        }
    };
    let release = move |_: PointerEvent| held.set_value(None);
    let handles = [
        (Grip::Left, "View from"),
        (Grip::Middle, "View"),
        (Grip::Right, "View to"),
    ];
    let handle =
        move |(grip, name): (Grip, &'static str)| view! { <Handle input grip name /> }.into_any();
    view! {
        <div
            class="timeline__band"
            node_ref=element
            on:pointerdown=on(press)
            on:pointermove=on(drag)
            on:pointerup=on(release)
            on:pointercancel=on(release)
        >
            <div class="timeline__window" style=words(style)>
                {handles.into_iter().map(handle).collect_view()}
            </div>
        </div>
    }
}

/// One thing of the window that keys move; the band hears the pointer.
#[component]
fn Handle(input: Input, grip: Grip, name: &'static str) -> impl IntoView {
    let (store, view) = (input.store, input.selection.timeline);
    let length = Memo::new(move |_| store.extent().length().0);
    let ends = Memo::new(move |_| {
        let bounds = shape::bounds(&store.extent());
        let (from, to) = shape::to_layout(view.camera.get(), bounds.start).view(&bounds);
        (
            (from - bounds.start as f64) as i64,
            ((to - bounds.start as f64) as i64).min(length.get()),
        )
    });
    let now = move || match (grip, ends.get()) {
        (Grip::Right, (_, to)) => to,
        (_, (from, _)) => from,
    };
    let text = move || match (grip, ends.get()) {
        (Grip::Middle, (from, to)) => format!("{} to {}", clock(from), clock(to)),
        _ => clock(now()),
    };
    let key = move |event: KeyboardEvent| {
        let share = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => -STEP,
            "ArrowRight" | "ArrowUp" => STEP,
            "PageDown" => -5.0 * STEP,
            "PageUp" => 5.0 * STEP,
            "Home" => -1e9,
            "End" => 1e9,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        // Shares are of what is in view: no strip is needed to move by them.
        input.look(|camera, bounds| {
            Overview {
                bounds: *bounds,
                width: 1_000.0,
            }
            .nudge(camera, grip, share)
        });
    };
    let class = match grip {
        Grip::Left => "timeline__handle timeline__handle--from",
        Grip::Right => "timeline__handle timeline__handle--to",
        Grip::Middle | Grip::Outside => "timeline__handle",
    };
    view! {
        <span
            class=class
            role="slider"
            tabindex="0"
            aria-label=name
            aria-valuemin="0"
            aria-valuemax=words(move || length.get())
            aria-valuenow=words(now)
            aria-valuetext=words(text)
            on:keydown=on(key)
        ></span>
    }
}
